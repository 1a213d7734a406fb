//! A member's notices, how they come, and leaving a kind of letter with one click.

pub mod leave;
pub mod settings;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::members::profile::Pager;
use super::{Answer, Call, Head, Page, See, dispatch};
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::kit::ids::NoticeId;
use crate::members::Card;
use crate::notifications;

/// A notice as it is shown. The sentence `notice-{kind}` is filled with these words.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeLine {
    id: NoticeId,
    sentence: String,
    actor: Option<Card>,
    actor_name: String,
    title: String,
    name: String,
    note: String,
    /// Why moderators did something, in their words.
    reason: String,
    role: String,
    /// Whatever else the sentence may want.
    words: Value,
    count: i64,
    path: String,
    at: At,
    read: bool,
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct NoticesPage {
    notices: Vec<NoticeLine>,
    unread: i64,
    /// Everything up to this notice is marked by the button.
    newest: Option<NoticeId>,
    pager: Option<Pager>,
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "notifications/notices";

    fn head(&self) -> Head {
        Head::new("notices-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = NoticeLine {
            id: NoticeId(7),
            sentence: "notice-role-self".to_owned(),
            actor: Some(Card::nobody()),
            actor_name: "\u{5e9}\u{5dc}\u{5d5}\u{5dd}".repeat(60),
            title: "x".repeat(255),
            name: String::new(),
            note: String::new(),
            reason: String::new(),
            role: "admin".to_owned(),
            words: json!({ "channel": "x".repeat(255) }),
            count: 1,
            path: "/u/ruth".to_owned(),
            at: At(1_700_000_000_000_000),
            read: false,
        };
        let read = NoticeLine {
            id: NoticeId(6),
            actor: None,
            path: String::new(),
            read: true,
            ..line.clone()
        };
        vec![
            Self {
                notices: Vec::new(),
                unread: 0,
                newest: None,
                pager: None,
            },
            Self {
                notices: vec![read.clone()],
                unread: 0,
                newest: Some(NoticeId(6)),
                pager: None,
            },
            Self {
                notices: vec![line, read],
                unread: 1,
                newest: Some(NoticeId(7)),
                pager: Pager::onward("notices", "/my/notices", Some("abc".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: String,
}

/// The list, newest first.
pub async fn show(call: Call) -> Answer {
    let query: Query = call.query()?;
    let sentences = call.app().ui()?.sentences.clone();
    call.page(move |tx, viewer| {
        let all = notifications::list(tx, &viewer.actor, Cursor::decode(&query.after))?;
        let newest = all.newest;
        let notices = all
            .lines
            .into_iter()
            .map(|line| {
                let word = |name: &str| {
                    line.data
                        .get(name)
                        .and_then(|v| v.as_str())
                        .unwrap_or_default()
                        .to_owned()
                };
                let own = format!("notice-{}", line.kind);
                let path = word("path");
                NoticeLine {
                    // A kind whose room brought no sentence must not hide the others.
                    sentence: if sentences.knows(&own) {
                        own
                    } else {
                        "notice-other".to_owned()
                    },
                    actor_name: line
                        .actor
                        .as_ref()
                        .map(|card| card.display.clone())
                        .unwrap_or_default(),
                    title: word("title"),
                    name: word("name"),
                    note: word("note"),
                    reason: word("reason"),
                    role: word("role"),
                    count: line.count.max(
                        line.data
                            .get("count")
                            .and_then(serde_json::Value::as_i64)
                            .unwrap_or(1),
                    ),
                    path: if dispatch::is_own_path(&path) {
                        path
                    } else {
                        String::new()
                    },
                    id: line.id,
                    words: line.data,
                    actor: line.actor,
                    at: line.at,
                    read: line.read,
                }
            })
            .collect();
        Ok(NoticesPage {
            notices,
            unread: viewer.unread,
            newest,
            pager: Pager::onward(
                "notices",
                "/my/notices",
                all.next.map(|cursor| cursor.encode()),
            ),
        }
        .into())
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReadForm {
    newest: i64,
}

/// Marks everything up to the newest that was shown as read.
pub async fn read_all(call: Call) -> Answer {
    let form: ReadForm = call.form()?;
    call.act(move |tx, viewer| {
        notifications::mark_all_read(tx, &viewer.actor, NoticeId(form.newest))?;
        Ok(See::to("/my/notices"))
    })
    .await
}

/// Marks a notice as read and goes where it leads.
pub async fn open(call: Call) -> Answer {
    let id: NoticeId = call.segment("id")?;
    call.act(move |tx, viewer| {
        let path = notifications::open(tx, &viewer.actor, id)?;
        Ok(See::to(
            path.filter(|path| dispatch::is_own_path(path))
                .unwrap_or_else(|| "/my/notices".to_owned()),
        ))
    })
    .await
}
