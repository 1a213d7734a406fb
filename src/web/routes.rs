//! The one table of addresses. Every row is marked: page, api, feed, callback or unsubscribe. No row takes content
//! from a network (law 1), and a test reads this table to make sure.
//!
//! Long because it is the one table of addresses.

use std::pin::Pin;

use actix_web::http::Method;

use super::answer::Answer;
use super::call::Call;
use super::headers::Opening;
use super::{
    api, bridge, content, forum, guidelines, highlights, members, moderation, notifications, site,
    system,
};

/// What kind of address it is; an address that is none of these does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For people with browsers: sessions, forms, guards.
    Page,
    /// For programs with Bearer tokens: JSON.
    Api,
    /// For readers of feeds, crawlers and monitors.
    Feed,
    /// Where a sign-in or authorisation elsewhere sends the browser back to.
    Callback,
    /// One-click unsubscribing from mail (RFC 8058).
    Unsubscribe,
}

/// A handler with its future boxed, so that all of them fit one table.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer>>>;

/// One row.
pub struct Entry {
    /// GET rows answer HEAD too.
    pub method: Method,
    /// The pattern, with `{names}`.
    pub path: &'static str,
    /// How it is marked.
    pub kind: Kind,
    /// What it does.
    pub handler: Handler,
    /// May the answer to guests be kept until something is written?
    pub kept: bool,
    /// Takes files: a larger body, as `multipart/form-data`.
    pub upload: bool,
    /// May other sites show it?
    pub opening: Opening,
}

macro_rules! routes {
    ($($kind:ident $method:ident $path:literal => $handler:path $(, $flag:ident)?;)*) => {
        &[$(Entry {
            method: Method::$method,
            path: $path,
            kind: Kind::$kind,
            handler: |call| Box::pin($handler(call)),
            kept: routes!(@kept $kind $method $($flag)?),
            upload: routes!(@upload $($flag)?),
            opening: routes!(@opening $($flag)?),
        }),*]
    };
    (@upload upload) => { true };
    (@upload $($flag:ident)?) => { false };
    (@opening framed) => { Opening::Frame };
    (@opening part) => { Opening::Part };
    (@opening $($flag:ident)?) => { Opening::House };
    (@kept Page GET fresh) => { false };
    (@kept Page GET framed) => { true };
    (@kept Feed GET part) => { false };
    (@kept Page GET) => { true };
    (@kept Feed GET fresh) => { false };
    (@kept Feed GET) => { true };
    (@kept $kind:ident $method:ident $($flag:ident)?) => { false };
}

/// Every address of the house. `fresh` marks pages that are made anew for each guest (forms, redirects that count),
/// `framed` the one page that other sites may frame, `part` what it is made of.
pub static TABLE: &[Entry] = routes! {
    // The house itself.
    Api GET "/api/v1/openapi.json" => api::document::show;
    Feed GET "/healthz" => system::health, fresh;
    Feed GET "/readyz" => system::ready, fresh;
    Feed GET "/assets/{name:.*}" => system::asset, fresh;
    Feed GET "/colours/{hash}.css" => system::colours, fresh;
    Feed GET "/manifest.webmanifest" => system::manifest, fresh;
    Feed GET "/sw.js" => system::worker, fresh;
    Page GET "/offline" => system::offline;
    Page GET "/appearance" => system::appearance, fresh;
    Page POST "/appearance" => system::change_appearance;

    // People.
    Page GET "/sign-in" => members::enter::show, fresh;
    Page POST "/sign-in" => members::enter::sign_in;
    Page POST "/sign-out" => members::enter::sign_out;
    Page GET "/sign-up" => members::join::show, fresh;
    Page POST "/sign-up" => members::join::sign_up;
    Page GET "/invite/{token}" => members::join::show_invitation, fresh;
    Page GET "/setup/{token}" => members::join::show_set_up, fresh;
    Page POST "/setup/{token}" => members::join::set_up;
    Page GET "/confirm/{token}" => members::letters::show_confirm, fresh;
    Page POST "/confirm/{token}" => members::letters::confirm;
    Page GET "/forgot" => members::letters::show_forgot, fresh;
    Page POST "/forgot" => members::letters::forgot;
    Page GET "/reset/{token}" => members::letters::show_reset, fresh;
    Page POST "/reset/{token}" => members::letters::reset;
    Feed GET "/u/{name}/avatar.svg" => members::avatar::show;
    Page GET "/u/{name}" => members::profile::show;
    Page POST "/u/{name}/ignore" => members::details::ignore;
    Page GET "/members" => members::people::list, fresh;
    Page GET "/my/details" => members::details::show, fresh;
    Page POST "/my/details" => members::details::tell;
    Page GET "/admin/badges" => members::badges::list, fresh;
    Page POST "/admin/badges" => members::badges::make;
    Page POST "/admin/badges/{id}/remove" => members::badges::remove;
    Page POST "/admin/badges/{id}/give" => members::badges::give;
    Page GET "/my/settings" => members::settings::show, fresh;
    Page POST "/my/settings/profile" => members::settings::profile;
    Page POST "/my/settings/preferences" => members::settings::prefer;
    Page POST "/my/settings/name" => members::settings::rename;
    Page POST "/my/settings/password" => members::access::password;
    Page POST "/my/settings/email" => members::access::email;
    Page POST "/my/settings/resend" => members::access::resend;
    Page POST "/my/settings/tokens" => members::access::create_token;
    Page POST "/my/settings/tokens/{id}/revoke" => members::access::revoke_token;
    Page POST "/my/settings/sessions/end-others" => members::access::end_other_sessions;
    Page POST "/my/settings/sessions/{id}/end" => members::access::end_session;
    Page GET "/my/notices" => notifications::show, fresh;
    Page POST "/my/notices/read" => notifications::read_all;
    Page POST "/my/notices/{id}" => notifications::open;
    Page GET "/admin/members" => members::admin::directory, fresh;
    Page GET "/admin/members/{id}" => members::admin::member, fresh;
    Page POST "/admin/members/{id}/role" => members::admin::role;
    Page POST "/admin/members/{id}/group" => members::admin::group;
    Page POST "/admin/members/{id}/resend" => members::admin::resend;
    Page GET "/admin/groups" => members::groups::list, fresh;
    Page POST "/admin/groups" => members::groups::create;
    Page GET "/admin/groups/{id}" => members::groups::show, fresh;
    Page POST "/admin/groups/{id}" => members::groups::change;
    Page POST "/admin/groups/{id}/members" => members::groups::add;
    Page POST "/admin/groups/{id}/members/{member}/remove" => members::groups::remove;
    Page GET "/admin/invitations" => members::invitations::list, fresh;
    Page POST "/admin/invitations" => members::invitations::invite;
    Page POST "/admin/invitations/{id}/revoke" => members::invitations::revoke;
    Api POST "/api/v1/session" => api::members::session;
    Api GET "/api/v1/me" => api::members::me;
    Api GET "/api/v1/members/{name}" => api::members::member;
    Api GET "/api/v1/notifications" => api::members::notices;

    // The charter and the two guidelines.
    Page GET "/charter" => guidelines::show_charter;
    Page POST "/charter/acknowledgement" => guidelines::acknowledge_charter;
    Page GET "/charter/acknowledgements" => guidelines::charter_acknowledged;
    Page GET "/charter/acknowledgements.csv" => guidelines::charter_acknowledged_file, fresh;
    Page POST "/charter/remind" => guidelines::remind_charter;
    Page GET "/charter/changes/{number}" => guidelines::charter_changed;
    Page GET "/charter/print" => guidelines::print_charter;
    Page GET "/charter/slide" => guidelines::print::slide;
    Page GET "/charter/edit" => guidelines::write_charter;
    Page POST "/charter/edit" => guidelines::charter_written;
    Page POST "/charter/recall" => guidelines::recall_charter;
    Page GET "/guidelines/{kind}" => guidelines::show;
    Page POST "/guidelines/{kind}/acknowledgement" => guidelines::acknowledge;
    Page GET "/guidelines/{kind}/acknowledgements" => guidelines::acknowledged;
    Page GET "/guidelines/{kind}/acknowledgements.csv" => guidelines::acknowledged_file, fresh;
    Page POST "/guidelines/{kind}/remind" => guidelines::remind;
    Page GET "/guidelines/{kind}/changes/{number}" => guidelines::changed;
    Page GET "/guidelines/{kind}/print" => guidelines::print;
    Page GET "/guidelines/{kind}/edit" => guidelines::write;
    Page POST "/guidelines/{kind}/edit" => guidelines::written;
    Page POST "/guidelines/{kind}/recall" => guidelines::recall;

    Page GET "/champions" => highlights::champions::show;
    Page POST "/champions/name" => highlights::champions::name_me;
    Page GET "/champions/texts" => highlights::champions::texts::list, fresh;
    Page GET "/champions/texts/{id}" => highlights::champions::texts::form, fresh;
    Page POST "/champions/texts/{id}" => highlights::champions::texts::suggest;
    Page GET "/outreach/suggestions" => highlights::champions::suggestions::list, fresh;
    Page POST "/outreach/suggestions/{id}" => highlights::champions::suggestions::answer;
    Page GET "/outreach/learning" => highlights::learning::list, fresh;
    Page GET "/outreach/announcements/{id}/notes" => highlights::learning::notes, fresh;
    Page POST "/outreach/announcements/{id}/notes" => highlights::learning::leave;
    Page POST "/outreach/announcements/{id}/notes/{note}" => highlights::learning::act;
    Page GET "/guidelines/messaging/examples" => highlights::learning::examples;
    Page GET "/guidelines/messaging/problems" => guidelines::problems::show, fresh;
    Page POST "/guidelines/messaging/problems" => guidelines::problems::add;
    Page POST "/guidelines/messaging/problems/{id}" => guidelines::problems::change;
    Page GET "/guidelines/messaging/style" => guidelines::style::show, fresh;
    Page POST "/guidelines/messaging/style/try" => guidelines::style::try_it;
    Page GET "/guidelines/messaging/style.yaml" => guidelines::style::export, fresh;
    Page GET "/guidelines/messaging/style/edit" => guidelines::style::edit::show, fresh;
    Page POST "/guidelines/messaging/style/import" => guidelines::style::edit::import;
    Page POST "/guidelines/messaging/style/built-in" => guidelines::style::edit::built_in;
    Page POST "/guidelines/messaging/style/lists" => guidelines::style::edit::lists;
    Page GET "/guidelines/messaging/style/rule" => guidelines::style::rule::show, fresh;
    Page POST "/guidelines/messaging/style/rule" => guidelines::style::rule::submit;

    Api GET "/api/v1/champions" => api::learning::champions;
    Api POST "/api/v1/champions/name" => api::learning::name_me;
    Api POST "/api/v1/highlights/{id}/suggestions" => api::learning::suggest;
    Api GET "/api/v1/suggestions" => api::learning::suggestions;
    Api POST "/api/v1/suggestions/{id}/answer" => api::learning::answer;
    Api GET "/api/v1/announcements/{id}/notes" => api::learning::notes;
    Api POST "/api/v1/announcements/{id}/notes" => api::learning::leave;
    Api DELETE "/api/v1/notes/{id}" => api::learning::remove_note;
    Api POST "/api/v1/notes/{id}/example" => api::learning::make_example;
    Api DELETE "/api/v1/notes/{id}/example" => api::learning::unmake_example;
    Api GET "/api/v1/guidelines/messaging/examples" => api::learning::examples;
    Api GET "/api/v1/guidelines/messaging/problems" => api::learning::problems;
    Api POST "/api/v1/guidelines/messaging/problems" => api::learning::add_problem;
    Api PATCH "/api/v1/guidelines/messaging/problems/{id}" => api::learning::change_problem;
    Api DELETE "/api/v1/guidelines/messaging/problems/{id}" => api::learning::remove_problem;
    Api GET "/api/v1/guidelines/messaging/style" => api::style::show;
    Api PATCH "/api/v1/guidelines/messaging/style" => api::style::write;
    Api POST "/api/v1/guidelines/messaging/style/check" => api::style::check;
    Api GET "/api/v1/guidelines/{kind}" => api::guidelines::current;
    Api GET "/api/v1/guidelines/{kind}/versions" => api::guidelines::versions;
    Api POST "/api/v1/guidelines/{kind}/versions" => api::guidelines::publish;
    Api GET "/api/v1/guidelines/{kind}/acknowledgements" => api::learning::acknowledgements;
    Api POST "/api/v1/guidelines/{kind}/reminders" => api::learning::remind;
    Api POST "/api/v1/guidelines/{kind}/acknowledgements" => api::guidelines::acknowledge;

    // The community's own pages, and setting it up.
    Page GET "/pages/{slug}" => site::page::show;
    Page GET "/pages/{slug}/edit" => site::page::write;
    Page POST "/pages/{slug}/edit" => site::page::written;
    Page GET "/admin" => site::admin::show;
    Page GET "/admin/first-steps" => site::first_steps::show;
    Page POST "/admin/first-steps" => site::first_steps::put_away;
    Page GET "/admin/site" => site::settings::show;
    Page POST "/admin/site" => site::settings::change;
    Page POST "/admin/site/mail-test" => site::mail_test::send;
    Page POST "/admin/site/mail-arrived" => site::mail_test::arrived;
    // The forum: lists, categories, threads.
    Page GET "/" => forum::list::latest;
    Page GET "/latest" => forum::list::latest;
    Page GET "/new" => forum::list::new;
    Page GET "/tag/{name}" => forum::list::tag;
    Page GET "/search" => forum::search::show, fresh;
    Page GET "/categories" => forum::category::overview;
    Feed GET "/latest.{ending}" => forum::feed::latest;
    Feed GET "/c/{slug}/{id:[0-9]+}.{ending}" => forum::feed::category;
    Feed GET "/t/{slug}/{id:[0-9]+}.{ending}" => forum::feed::thread;
    Page GET "/c/{slug}/{id}" => forum::category::show;
    Page GET "/t/{slug}/{id}" => forum::thread::show;
    Page POST "/t/{slug}/{id}/reply" => forum::thread::reply;
    Page GET "/t/{slug}/{id}/print" => forum::print::show;
    Page GET "/t/{slug}/{id}/{number}" => forum::thread::permalink;
    Feed GET "/sitemap.xml" => forum::sitemap::index;
    Feed GET "/sitemap/{file}.xml" => forum::sitemap::file;
    Feed GET "/robots.txt" => forum::sitemap::robots;
    // The forum: writing, editing, moderating.
    Page GET "/new-thread" => forum::write::form, fresh;
    Page POST "/new-thread" => forum::write::start;
    Page GET "/p/{id}" => forum::thread::by_id, fresh;
    Page GET "/p/{id}/revisions" => forum::history::show;
    Page GET "/p/{id}/edit" => forum::edit::post_form, fresh;
    Page POST "/p/{id}/edit" => forum::edit::edit_post;
    Page GET "/p/{id}/delete" => forum::act::ask_post, fresh;
    Page POST "/p/{id}/delete" => forum::act::do_post;
    Page GET "/p/{id}/restore" => forum::act::ask_post, fresh;
    Page POST "/p/{id}/restore" => forum::act::do_post;
    Page GET "/p/{id}/hide" => forum::act::ask_post, fresh;
    Page POST "/p/{id}/hide" => forum::act::do_post;
    Page GET "/p/{id}/unhide" => forum::act::ask_post, fresh;
    Page POST "/p/{id}/unhide" => forum::act::do_post;
    Page GET "/my/drafts" => forum::drafts::list, fresh;
    Page GET "/my/drafts/{key}" => forum::drafts::show, fresh;
    Page POST "/my/drafts/{id}/discard" => forum::drafts::discard;
    Page POST "/my/drafts/{key}" => forum::drafts::save;
    Page POST "/preview" => forum::drafts::preview;
    Page GET "/complete" => forum::drafts::complete, fresh;
    Page POST "/p/{id}/wiki" => forum::marks::wiki;
    Page POST "/p/{id}/official" => forum::marks::official;
    Page POST "/p/{id}/remind" => forum::marks::remind;
    Page GET "/p/{id}/reactions" => forum::reactions::list, fresh;
    Page POST "/p/{id}/react" => forum::reactions::react;
    Page GET "/p/{id}/poll" => forum::polls::show, fresh;
    Page POST "/p/{id}/poll" => forum::polls::put;
    Page POST "/p/{id}/poll/close" => forum::polls::close;
    Page POST "/p/{id}/poll/remove" => forum::polls::remove;
    Page POST "/p/{id}/vote" => forum::polls::vote;
    Page POST "/p/{id}/bookmark" => forum::marks::bookmark;
    Page POST "/p/{id}/unbookmark" => forum::marks::unbookmark;
    Page POST "/p/{id}/answer" => forum::marks::answer;
    Page POST "/p/{id}/unanswer" => forum::marks::unanswer;
    Page GET "/my/uploads" => content::uploads::list, fresh;
    Page POST "/my/uploads" => content::uploads::send, upload;
    Page POST "/my/uploads/{id}/drop" => content::uploads::drop_one;
    Feed GET "/link-pictures/{name}" => content::media::on_card, fresh;
    Page GET "/media/{id}/{name}" => content::media::show, fresh;
    Page GET "/my/bookmarks" => forum::marks::bookmarks, fresh;
    Page GET "/threads/{id}/edit" => forum::edit::thread_form, fresh;
    Page POST "/threads/{id}/edit" => forum::edit::edit_thread;
    Page GET "/threads/{id}/report" => moderation::report::show, fresh;
    Page POST "/threads/{id}/report" => moderation::report::send;
    Page GET "/threads/{id}/{act}" => forum::act::ask_thread, fresh;
    Page POST "/threads/{id}/{act}" => forum::act::do_thread;
    Page GET "/admin/categories" => forum::admin::list, fresh;
    Page GET "/admin/categories/new" => forum::admin::new, fresh;
    Page POST "/admin/categories/new" => forum::admin::create;
    Page GET "/admin/categories/{id}" => forum::admin::form, fresh;
    Page POST "/admin/categories/{id}" => forum::admin::change;
    Page POST "/admin/categories/{id}/{way}" => forum::admin::order;
    Api GET "/api/v1/categories" => api::forum::categories;
    Api POST "/api/v1/categories" => api::forum::create_category;
    Api GET "/api/v1/search" => api::search::search;
    Api GET "/api/v1/threads" => api::forum::threads;
    Api POST "/api/v1/threads" => api::forum::start;
    Api GET "/api/v1/threads/{id}" => api::forum::show_thread;
    Api PATCH "/api/v1/threads/{id}" => api::forum::change_thread;
    Api GET "/api/v1/threads/{id}/posts" => api::forum::posts;
    Api POST "/api/v1/threads/{id}/posts" => api::forum::reply;
    Api GET "/api/v1/posts/{id}" => api::forum::show_post;
    Api PATCH "/api/v1/posts/{id}" => api::forum::change_post;
    Api DELETE "/api/v1/posts/{id}" => api::forum::delete_post;

    Api GET "/api/v1/uploads" => api::uploads::list;
    Api POST "/api/v1/uploads" => api::uploads::send, upload;
    Api DELETE "/api/v1/uploads/{id}" => api::uploads::drop_one;
    Api GET "/api/v1/bookmarks" => api::forum_marks::bookmarks;
    Api GET "/api/v1/drafts" => api::forum_drafts::drafts;
    Api POST "/api/v1/drafts" => api::forum_drafts::save;
    Api DELETE "/api/v1/drafts/{id}" => api::forum_drafts::discard;
    Api POST "/api/v1/posts/{id}/wiki" => api::forum_drafts::open;
    Api DELETE "/api/v1/posts/{id}/wiki" => api::forum_drafts::close;
    Api POST "/api/v1/posts/{id}/restoration" => api::forum_drafts::restore;
    Api GET "/api/v1/posts/{id}/reactions" => api::forum_answers::reactions;
    Api POST "/api/v1/posts/{id}/reactions" => api::forum_answers::react;
    Api DELETE "/api/v1/posts/{id}/reactions" => api::forum_answers::unreact;
    Api GET "/api/v1/posts/{id}/poll" => api::forum_answers::poll;
    Api POST "/api/v1/posts/{id}/poll" => api::forum_answers::put_poll;
    Api DELETE "/api/v1/posts/{id}/poll" => api::forum_answers::remove_poll;
    Api POST "/api/v1/posts/{id}/poll/closing" => api::forum_answers::close_poll;
    Api POST "/api/v1/posts/{id}/vote" => api::forum_answers::vote;
    Api DELETE "/api/v1/posts/{id}/vote" => api::forum_answers::unvote;
    Api POST "/api/v1/posts/{id}/bookmark" => api::forum_marks::bookmark;
    Api DELETE "/api/v1/posts/{id}/bookmark" => api::forum_marks::unbookmark;
    Api POST "/api/v1/posts/{id}/answer" => api::forum_marks::answer;
    Api DELETE "/api/v1/posts/{id}/answer" => api::forum_marks::unanswer;

    // Reports and the desk.
    Page GET "/p/{id}/report" => moderation::report::show, fresh;
    Page POST "/p/{id}/report" => moderation::report::send;
    Page GET "/desk" => moderation::desk::show;
    Page GET "/desk/review" => moderation::review::queue;
    Page POST "/desk/review/several" => moderation::review_act::several;
    Page POST "/desk/review/undo" => moderation::review_act::undo;
    Page GET "/desk/review/{id}" => moderation::review::show;
    Page POST "/desk/review/{id}" => moderation::review_act::act;
    Page GET "/desk/rules" => moderation::rules::show, fresh;
    Page POST "/desk/rules" => moderation::rules::change;
    Page POST "/desk/rules/try" => moderation::rules::try_text;
    Page POST "/desk/log/{id}/undo" => moderation::undo::undo;
    Page GET "/moderation-log" => moderation::log::public, fresh;
    Page GET "/members/{id}/report" => moderation::report::show, fresh;
    Page POST "/members/{id}/report" => moderation::report::send;
    Page GET "/report/confirm/{token}" => moderation::report::show_confirm, fresh;
    Page POST "/report/confirm/{token}" => moderation::report::confirm;
    Page GET "/my/decisions" => moderation::decisions::list, fresh;
    Page POST "/my/decisions/{id}/appeal" => moderation::decisions::appeal;
    Page GET "/appeal/{id}/{proof}" => moderation::decisions::by_letter, fresh;
    Page POST "/appeal/{id}/{proof}" => moderation::decisions::appeal_by_letter;
    Page POST "/desk/members/{name}/staff" => moderation::member::staff;
    Page GET "/desk/log" => moderation::log::show;
    Page GET "/desk/members/{name}" => moderation::member::show;
    Page POST "/desk/members/{name}/sanctions" => moderation::member::measure;
    Page POST "/desk/members/{name}/lift" => moderation::member::lift;
    // The door: nominating, consent, approval, library, announcements.
    Page GET "/p/{id}/nominate" => highlights::nominate::form, fresh;
    Page POST "/p/{id}/nominate" => highlights::nominate::nominate;
    Page GET "/nominate/threads/{id}" => highlights::nominate_whole::thread_form, fresh;
    Page POST "/nominate/threads/{id}" => highlights::nominate_whole::thread;
    Page GET "/nominate/milestones" => highlights::nominate_whole::milestones, fresh;
    Page GET "/nominate/milestones/{id}" => highlights::nominate_whole::milestone_form, fresh;
    Page POST "/nominate/milestones/{id}" => highlights::nominate_whole::milestone;
    Page GET "/desk/candidates" => highlights::candidates::list, fresh;
    Page POST "/desk/candidates/{id}/aside" => highlights::candidates::put_aside;
    Page POST "/desk/candidates/{id}/back" => highlights::candidates::bring_back;
    Page GET "/highlights/{id}" => highlights::show::show, fresh;
    Page GET "/highlights/{id}/revise" => highlights::revise::form, fresh;
    Page POST "/highlights/{id}/revise" => highlights::revise::revise;
    Page GET "/my/consents" => highlights::consents::list, fresh;
    Page GET "/my/consents/{id}" => highlights::consents::show, fresh;
    Page POST "/my/consents/{id}" => highlights::consents::decide;
    Page POST "/my/consents/{id}/announcements/{announcement}/withdrawal" => highlights::consents::take_down;
    Page GET "/desk/highlights" => highlights::desk::list, fresh;
    Page POST "/desk/highlights" => highlights::desk::decide_several;
    Page GET "/desk/highlights/{id}" => highlights::desk_item::show, fresh;
    Page POST "/desk/highlights/{id}" => highlights::desk_item::decide;
    Page GET "/outreach" => highlights::library::door, fresh;
    Page GET "/outreach/library" => highlights::library::list, fresh;
    Page POST "/outreach/library/export" => highlights::library::export;
    Page POST "/outreach/library/letter" => highlights::letter::choose;
    Page GET "/outreach/library/{id}" => highlights::shelf_item::show, fresh;
    Page POST "/outreach/library/{id}/label" => highlights::shelf_item::label;
    Page POST "/outreach/library/{id}/pulls" => highlights::shelf_item::pull;
    Page POST "/outreach/library/{id}/retirement" => highlights::shelf_item::retire;
    Page POST "/outreach/library/{id}/return" => highlights::shelf_item::bring_back;
    Page POST "/outreach/library/{id}/card-closing" => highlights::shelf_item::close_card;
    Page POST "/outreach/library/{id}/collections" => highlights::shelf_item::collect;
    Page POST "/outreach/library/{id}/collections/{collection}/removal" => highlights::shelf_item::uncollect;
    Page GET "/outreach/collections" => highlights::collections::list, fresh;
    Page POST "/outreach/collections" => highlights::collections::make;
    Page POST "/outreach/collections/{id}" => highlights::collections::change;
    Page POST "/outreach/collections/{id}/removal" => highlights::collections::remove;
    Page GET "/outreach/pulls/{id}" => highlights::pulls::show, fresh;
    Page GET "/outreach/pulls/{id}/sheet" => highlights::pulls::sheet, fresh;
    Page GET "/outreach/pulls/{id}/kit.zip" => highlights::pulls::kit, fresh;
    Page GET "/outreach/pulls/{id}/table.csv" => highlights::pulls::csv, fresh;
    Page GET "/outreach/pulls/{id}/table.json" => highlights::pulls::json, fresh;
    Page GET "/outreach/recalled" => highlights::pulls::recalled, fresh;
    Page POST "/outreach/recalled/{id}/done" => highlights::pulls::recall_done;
    Page GET "/outreach/feeds" => highlights::pull_feeds::list, fresh;
    Page POST "/outreach/feeds" => highlights::pull_feeds::open;
    Page POST "/outreach/feeds/{id}/closing" => highlights::pull_feeds::close;
    Feed GET "/outreach/feed/{token}.{ending}" => highlights::pull_feeds::read, fresh;
    Page GET "/embed/highlight/{id}" => highlights::embed::show, framed;
    Feed GET "/embed/card.css" => highlights::embed::style, part;
    Feed GET "/oembed" => highlights::embed::oembed, fresh;
    Unsubscribe GET "/unsubscribe/{token}" => bridge::leave::ask;
    Unsubscribe POST "/unsubscribe/{token}" => bridge::leave::leave;
    Page GET "/outreach/library/{id}/announce" => highlights::compose::moved, fresh;
    Page GET "/outreach/highlights/{id}/compose" => highlights::compose::form, fresh;
    Page POST "/outreach/highlights/{id}/compose" => highlights::compose::compose;
    Page GET "/outreach/calendar" => highlights::calendar::show, fresh;
    Page GET "/outreach/calendar/slots" => highlights::slots::list, fresh;
    Page POST "/outreach/calendar/slots" => highlights::slots::add;
    Page POST "/outreach/calendar/slots/{id}/removal" => highlights::slots::remove;
    Page GET "/outreach/requests" => highlights::requests::list, fresh;
    Page POST "/outreach/requests" => highlights::requests::ask;
    Page GET "/outreach/requests/{id}" => highlights::request::show, fresh;
    Page POST "/outreach/requests/{id}/answers" => highlights::request::answer;
    Page POST "/outreach/requests/{id}/closing" => highlights::request::close;
    Page GET "/outreach/announcements" => highlights::announcements::list, fresh;
    Page GET "/outreach/announcements/{id}" => highlights::announcements::show, fresh;
    Page POST "/outreach/announcements/{id}/withdrawal" => highlights::announcements::withdraw;
    Page POST "/outreach/announcements/{id}/correction" => highlights::announcements::correct;
    Page POST "/outreach/announcements/{id}/release" => highlights::announcements::release;
    Page POST "/outreach/announcements/{id}/return" => highlights::announcements::hand_back;
    Page POST "/outreach/announcements/{id}/schedule" => highlights::announcements::schedule;
    Api GET "/api/v1/candidates" => api::candidates::list;
    Api POST "/api/v1/candidates/{id}/dismissal" => api::candidates::put_aside;
    Api DELETE "/api/v1/candidates/{id}/dismissal" => api::candidates::bring_back;
    Api GET "/api/v1/milestones" => api::candidates::milestones;
    Api POST "/api/v1/highlights" => api::highlights::nominate;
    Api GET "/api/v1/highlights" => api::highlights::list;
    Api GET "/api/v1/highlights/{id}" => api::highlights::show;
    Api POST "/api/v1/highlights/{id}/revision" => api::highlights::revise;
    Api POST "/api/v1/highlights/{id}/consent" => api::highlights::consent;
    Api GET "/api/v1/consents" => api::consents::list;
    Api POST "/api/v1/approvals" => api::highlights::approvals;
    Api POST "/api/v1/highlights/{id}/approval" => api::highlights::approval;
    Api PATCH "/api/v1/highlights/{id}" => api::library::label;
    Api POST "/api/v1/highlights/{id}/pulls" => api::pulls::pull_one;
    Api POST "/api/v1/highlights/{id}/retirement" => api::library::retire;
    Api DELETE "/api/v1/highlights/{id}/retirement" => api::library::bring_back;
    Api DELETE "/api/v1/highlights/{id}/card" => api::library::close_card;
    Api GET "/api/v1/library" => api::library::list;
    Api GET "/api/v1/collections" => api::library::collections;
    Api POST "/api/v1/collections" => api::library::make_collection;
    Api PATCH "/api/v1/collections/{id}" => api::library::change_collection;
    Api DELETE "/api/v1/collections/{id}" => api::library::remove_collection;
    Api POST "/api/v1/collections/{id}/highlights" => api::library::collect;
    Api DELETE "/api/v1/collections/{id}/highlights/{highlight}" => api::library::uncollect;
    Api POST "/api/v1/pulls" => api::pulls::pull;
    Api GET "/api/v1/pulls/recalled" => api::pulls::recalled;
    Api GET "/api/v1/pulls/{id}" => api::pulls::show;
    Api GET "/api/v1/pulls/{id}/kit.zip" => api::pulls::kit;
    Api GET "/api/v1/pulls/{id}/table.csv" => api::pulls::csv;
    Api POST "/api/v1/pulls/{id}/recall-done" => api::pulls::recall_done;
    Api GET "/api/v1/pull-feeds" => api::pulls::feeds;
    Api POST "/api/v1/pull-feeds" => api::pulls::open_feed;
    Api DELETE "/api/v1/pull-feeds/{id}" => api::pulls::close_feed;
    Api POST "/api/v1/highlights/{id}/announcements" => api::announcements::announce;
    Api POST "/api/v1/announcements/preview" => api::announcements::preview;
    Api GET "/api/v1/announcements" => api::announcements::announcements;
    Api GET "/api/v1/announcements/{id}" => api::announcements::announcement;
    Api GET "/api/v1/announcements/{id}/clicks" => api::announcements::clicks;
    Api POST "/api/v1/announcements/{id}/withdrawal" => api::announcements::withdrawal;
    Api POST "/api/v1/announcements/{id}/correction" => api::announcements::correction;
    Api POST "/api/v1/announcements/{id}/release" => api::compose::release;
    Api POST "/api/v1/announcements/{id}/return" => api::compose::hand_back;
    Api POST "/api/v1/announcements/{id}/schedule" => api::compose::schedule;
    Api GET "/api/v1/highlights/{id}/texts" => api::compose::texts;
    Api POST "/api/v1/highlights/{id}/texts" => api::compose::keep;
    Api POST "/api/v1/highlights/{id}/texts/{channel}/announcement" => api::compose::send;
    Api GET "/api/v1/calendar" => api::calendar::show;
    Api GET "/api/v1/channels/{id}/slots" => api::calendar::slots;
    Api POST "/api/v1/channels/{id}/slots" => api::calendar::add_slot;
    Api DELETE "/api/v1/slots/{id}" => api::calendar::drop_slot;
    Api GET "/api/v1/requests" => api::requests::list;
    Api POST "/api/v1/requests" => api::requests::ask;
    Api GET "/api/v1/requests/{id}" => api::requests::show;
    Api POST "/api/v1/requests/{id}/answers" => api::requests::answer;
    Api POST "/api/v1/requests/{id}/closing" => api::requests::close;
    Api GET "/api/v1/guidelines/charter/sentences" => api::requests::sentences;
    Api POST "/api/v1/posts/{id}/reports" => api::moderation::report;
    Api GET "/api/v1/review-items" => api::moderation::queue;
    Api GET "/api/v1/review-items/{id}" => api::moderation::item;
    Api POST "/api/v1/review-items/{id}/decision" => api::moderation::decide;
    Api POST "/api/v1/review-items/{id}/appeal" => api::desk::answer_appeal;
    Api POST "/api/v1/threads/{id}/acts/{act}" => api::desk::thread;
    Api POST "/api/v1/posts/{id}/acts/{act}" => api::desk::post;
    Api POST "/api/v1/uploads/{id}/removal" => api::desk::remove_picture;
    Api DELETE "/api/v1/uploads/{id}/removal" => api::desk::bring_picture_back;
    Api GET "/api/v1/decisions" => api::desk::decisions;
    Api POST "/api/v1/decisions/{id}/appeal" => api::desk::appeal;
    // The bridge.
    Page GET "/announcements" => bridge::announcements::show;
    Feed GET "/announcements.atom" => bridge::feeds::atom;
    Feed GET "/announcements.rss" => bridge::feeds::rss;
    Feed GET "/announcements.json" => bridge::feeds::json;
    Page GET "/h/{code}" => bridge::link::follow, fresh;
    Page GET "/outreach/channels" => bridge::channels::list, fresh;
    Page GET "/outreach/channels/{id}" => bridge::channels::show, fresh;
    Page POST "/outreach/channels/{id}/pause" => bridge::channels::pause;
    Page POST "/outreach/channels/{id}/resume" => bridge::channels::resume;
    Page POST "/outreach/pause" => bridge::channels::pause_all;
    Page POST "/outreach/resume" => bridge::channels::resume_all;
    Page GET "/outreach/deliveries" => bridge::deliveries::list, fresh;
    Page GET "/outreach/deliveries/{id}" => bridge::deliveries::show, fresh;
    Page POST "/outreach/deliveries/{id}/resolution" => bridge::deliveries::resolve;
    Page POST "/outreach/deliveries/{id}/requeue" => bridge::deliveries::requeue;
    Page POST "/outreach/deliveries/{id}/cancellation" => bridge::deliveries::cancel;
    Page POST "/outreach/deliveries/{id}/look" => bridge::deliveries::look;
    Page POST "/outreach/deliveries/{id}/note" => bridge::deliveries::note;
    Page GET "/bulletin" => bridge::subscribe::show, fresh;
    Page POST "/bulletin" => bridge::subscribe::ask;
    Page GET "/bulletin/confirm/{token}" => bridge::subscribe::show_confirm, fresh;
    Page POST "/bulletin/confirm/{token}" => bridge::subscribe::confirm;
    Page POST "/my/settings/bulletin" => bridge::subscribe::choose;
    Page GET "/outreach/bulletins/{id}" => bridge::letters::show, fresh;
    Page POST "/outreach/bulletins/{id}/letters/{letter}/again" => bridge::letters::again;
    Page GET "/admin/channels/{id}/subscribers" => bridge::subscribers::list, fresh;
    Page GET "/admin/channels/{id}/subscribers.csv" => bridge::subscribers::export, fresh;
    Page POST "/admin/channels/{id}/subscribers/{subscriber}/removal" => bridge::subscribers::remove;
    Page GET "/admin/channels/{id}/keys" => bridge::signing::list, fresh;
    Page POST "/admin/channels/{id}/keys" => bridge::signing::make;
    Page POST "/admin/channels/{id}/keys/{key}/use" => bridge::signing::put_in_use;
    Page GET "/admin/channels" => bridge::admin::list, fresh;
    Page GET "/admin/channels/new/{kind}" => bridge::connect::show, fresh;
    Page POST "/admin/channels/new/{kind}" => bridge::admin::create;
    Callback GET "/admin/channels/callback" => bridge::grant::back;
    Page GET "/admin/channels/{id}" => bridge::admin::show, fresh;
    Page POST "/admin/channels/{id}" => bridge::admin::change;
    Page POST "/admin/channels/{id}/verification" => bridge::admin::verify;
    Page POST "/admin/channels/{id}/authorisation" => bridge::grant::begin;
    Page POST "/admin/channels/{id}/secret" => bridge::admin::rotate;
    Page POST "/admin/channels/{id}/removal" => bridge::admin::remove;
    Api GET "/api/v1/hub" => api::hub::show;
    Api PATCH "/api/v1/hub" => api::hub::change;
    Api GET "/api/v1/channels" => api::bridge::channels;
    Api POST "/api/v1/channels" => api::bridge::create;
    Api GET "/api/v1/channels/{id}" => api::channels::show;
    Api PATCH "/api/v1/channels/{id}" => api::channels::change;
    Api DELETE "/api/v1/channels/{id}" => api::channels::remove;
    Api POST "/api/v1/channels/{id}/secret" => api::channels::rotate;
    Api POST "/api/v1/channels/{id}/authorisation" => api::bridge::authorisation;
    Api POST "/api/v1/channels/{id}/verification" => api::bridge::verification;
    Api POST "/api/v1/channels/{id}/pause" => api::bridge_acts::pause;
    Api POST "/api/v1/channels/{id}/resume" => api::bridge_acts::resume;
    Api POST "/api/v1/outreach/pause" => api::bridge_acts::pause_all;
    Api POST "/api/v1/outreach/resume" => api::bridge_acts::resume_all;
    Api GET "/api/v1/channels/{id}/subscribers" => api::bulletin::subscribers;
    Api DELETE "/api/v1/channels/{id}/subscribers/{subscriber}" => api::bulletin::remove;
    Api GET "/api/v1/channels/{id}/keys" => api::bulletin::keys;
    Api POST "/api/v1/channels/{id}/keys" => api::bulletin::make_key;
    Api POST "/api/v1/channels/{id}/keys/{key}/use" => api::bulletin::put_in_use;
    Api GET "/api/v1/bulletins" => api::bulletin::mine;
    Api POST "/api/v1/bulletins/{id}/subscription" => api::bulletin::choose;
    Api GET "/api/v1/deliveries/{id}/letters" => api::bulletin::letters;
    Api POST "/api/v1/letters/{id}/again" => api::bulletin::again;
    Api GET "/api/v1/deliveries" => api::bridge::deliveries;
    Api GET "/api/v1/deliveries/differences" => api::bridge_acts::differences;
    Api GET "/api/v1/deliveries/{id}" => api::bridge_acts::delivery;
    Api POST "/api/v1/deliveries/{id}/requeue" => api::bridge_acts::requeue;
    Api POST "/api/v1/deliveries/{id}/cancellation" => api::bridge_acts::cancel;
    Api POST "/api/v1/deliveries/{id}/look" => api::bridge_acts::look;
    Api POST "/api/v1/deliveries/{id}/note" => api::bridge_acts::note;
    Api POST "/api/v1/deliveries/{id}/resolution" => api::bridge::resolution;
};
