//! The API's description of itself: OpenAPI 3.1 at `/api/v1/openapi.json`, made from the handlers' own words.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{announcements, bridge, forum, guidelines, highlights, members, moderation};
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
        announcements::withdrawal,
        announcements::correction,
        highlights::nominate,
        highlights::revise,
        highlights::show,
        highlights::list,
        highlights::consent,
        highlights::approval,
        highlights::pull,
        moderation::report,
        moderation::queue,
        moderation::item,
        moderation::decide,
        members::session,
        members::me,
        members::member,
        members::notices,
        guidelines::current,
        guidelines::versions,
        guidelines::publish,
        guidelines::acknowledge,
        bridge::channels,
        bridge::create,
        bridge::verification,
        bridge::deliveries,
        bridge::resolution,
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
        forum::delete_post,
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
