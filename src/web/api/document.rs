//! The API's description of itself: OpenAPI 3.1 at `/api/v1/openapi.json`, made from the handlers' own words.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    announcements, bridge, bridge_acts, bulletin, calendar, candidates, categories, channels,
    compose, consents, desk, desk_set, forum, forum_answers, forum_drafts, forum_marks, guidelines,
    highlights, hub, learning, library, members, moderation, notices, pulls, reading, requests,
    search, style, uploads,
};
use crate::web::answer::{Answer, Bytes, Shown};
use crate::web::call::Call;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Loggia",
        description = "A community forum with a one-way bridge. Bearer tokens only; errors are RFC 9457 problem documents; lists are {items, next}.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        announcements::announce,
        announcements::preview,
        announcements::announcements,
        announcements::announcement,
        announcements::clicks,
        announcements::withdrawal,
        announcements::correction,
        compose::release,
        compose::hand_back,
        compose::schedule,
        compose::texts,
        compose::keep,
        compose::send,
        calendar::show,
        calendar::slots,
        calendar::add_slot,
        calendar::drop_slot,
        requests::list,
        requests::ask,
        requests::show,
        requests::answer,
        requests::close,
        requests::sentences,
        candidates::list,
        candidates::put_aside,
        candidates::bring_back,
        candidates::milestones,
        highlights::nominate,
        highlights::revise,
        highlights::show,
        highlights::list,
        highlights::consent,
        consents::list,
        highlights::approval,
        highlights::approvals,
        hub::show,
        hub::change,
        library::list,
        library::label,
        library::retire,
        library::bring_back,
        library::close_card,
        library::collections,
        library::make_collection,
        library::change_collection,
        library::remove_collection,
        library::collect,
        library::uncollect,
        pulls::pull,
        pulls::pull_one,
        pulls::show,
        pulls::kit,
        pulls::csv,
        pulls::links,
        pulls::recalled,
        pulls::recall_done,
        pulls::feeds,
        pulls::open_feed,
        pulls::close_feed,
        moderation::report,
        moderation::queue,
        moderation::item,
        moderation::decide,
        desk::thread,
        desk::post,
        desk::delete_post,
        desk::remove_picture,
        desk::bring_picture_back,
        desk::decisions,
        desk::appeal,
        desk::answer_appeal,
        desk_set::take,
        desk_set::put_back,
        desk_set::undo,
        desk_set::history,
        desk_set::note,
        desk_set::reasons,
        desk_set::add_reason,
        desk_set::change_reason,
        desk_set::settings,
        desk_set::set,
        members::session,
        members::me,
        members::member,
        members::notices,
        guidelines::current,
        guidelines::versions,
        guidelines::publish,
        guidelines::acknowledge,
        learning::notes,
        learning::leave,
        learning::examples,
        learning::make_example,
        learning::unmake_example,
        learning::remove_note,
        learning::champions,
        learning::name_me,
        learning::suggest,
        learning::suggestions,
        learning::answer,
        learning::acknowledgements,
        learning::remind,
        learning::problems,
        learning::add_problem,
        learning::change_problem,
        learning::remove_problem,
        style::show,
        style::write,
        style::check,
        bridge::channels,
        bridge::create,
        channels::show,
        channels::change,
        channels::rotate,
        channels::remove,
        bridge::authorisation,
        bridge::verification,
        bridge::deliveries,
        bridge::resolution,
        bridge_acts::pause,
        bridge_acts::resume,
        bridge_acts::pause_all,
        bridge_acts::resume_all,
        bridge_acts::differences,
        bridge_acts::delivery,
        bridge_acts::requeue,
        bridge_acts::cancel,
        bridge_acts::look,
        bridge_acts::note,
        bulletin::subscribers,
        bulletin::remove,
        bulletin::keys,
        bulletin::make_key,
        bulletin::put_in_use,
        bulletin::mine,
        bulletin::choose,
        bulletin::letters,
        bulletin::again,
        forum::categories,
        forum::create_category,
        forum::threads,
        forum::start,
        forum::show_thread,
        forum::change_thread,
        forum::posts,
        forum::reply,
        forum::show_post,
        forum::change_post,
        uploads::list,
        uploads::send,
        uploads::drop_one,
        search::search,
        forum_drafts::drafts,
        forum_drafts::save,
        forum_drafts::discard,
        forum_drafts::open,
        forum_drafts::close,
        forum_drafts::restore,
        forum_answers::reactions,
        forum_answers::react,
        forum_answers::unreact,
        forum_answers::poll,
        forum_answers::put_poll,
        forum_answers::remove_poll,
        forum_answers::close_poll,
        forum_answers::vote,
        forum_answers::unvote,
        categories::change,
        categories::tags,
        categories::tag_settings,
        categories::set_tags,
        notices::show,
        notices::choose,
        notices::read_all,
        notices::read,
        reading::read,
        reading::read_all,
        reading::undo_all,
        reading::unread,
        reading::follow_thread,
        reading::follow_category,
        reading::follow_tag,
        forum_marks::bookmarks,
        forum_marks::bookmark,
        forum_marks::unbookmark,
        forum_marks::answer,
        forum_marks::unanswer,
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

/// Tokens come from `POST /api/v1/session` or from a member's settings.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document
            .components
            .get_or_insert_with(Default::default)
            .add_security_scheme("bearer", scheme);
    }
}

/// The description as JSON.
///
/// # Errors
/// A fault where it cannot be written, which a test rules out.
pub fn text() -> crate::kit::Result<String> {
    Ok(serde_json::to_string(&Document::openapi())?)
}

/// Shows it to programs and people alike; it needs no token.
pub async fn show(call: Call) -> Answer {
    let text = text()?;
    call.page(move |_, _| {
        let bytes = Bytes::new("application/json", text.clone().into_bytes());
        Ok(Shown::Bytes(bytes))
    })
    .await
}
