//! The moderation log: what was done by whom, newest first.

use serde::{Deserialize, Serialize};

use crate::audit::{self, Entry, Wanted};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AuditId, MemberId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Entries on one page.
const PER_PAGE: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    by: String,
}

/// One entry as it is read.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LogLine {
    id: AuditId,
    at: At,
    by: Option<Card>,
    /// The job, where the house acted itself.
    house: bool,
    /// The key of its sentence: the kind with a dash for its dot.
    kind: String,
    /// What it was done to: a kind and a number, or a member.
    about: String,
    about_id: String,
    about_member: Option<Card>,
    about_href: String,
    details: String,
    reason: String,
}

impl LogLine {
    pub(super) fn samples() -> Vec<Self> {
        let line = Self {
            id: AuditId(9),
            at: At(1_790_000_000_000_000),
            by: Some(Card::nobody()),
            house: false,
            kind: "post-hidden".to_owned(),
            about: "post".to_owned(),
            about_id: "88".to_owned(),
            about_member: None,
            about_href: "/p/88".to_owned(),
            details: String::new(),
            reason: "Rule 7.".to_owned(),
        };
        vec![
            line.clone(),
            Self {
                kind: "member-role_given".to_owned(),
                about: "member".to_owned(),
                about_id: "3".to_owned(),
                about_member: Some(Card::nobody()),
                about_href: String::new(),
                ..line.clone()
            },
            Self {
                by: None,
                house: true,
                about: "site".to_owned(),
                about_id: String::new(),
                about_href: String::new(),
                details: "{\"job\":\"first-start\"}".to_owned(),
                reason: "ש".repeat(255),
                ..line
            },
        ]
    }
}

/// Entries with the names of those who acted.
pub(super) fn lines(tx: &mut Tx<'_>, entries: Vec<Entry>) -> Result<Vec<LogLine>> {
    let subject = |entry: &Entry| match entry.subject_kind.as_str() {
        "member" => entry.subject_id.map(MemberId),
        _ => None,
    };
    let people: Vec<MemberId> = entries
        .iter()
        .flat_map(|entry| [entry.actor_id.map(MemberId), subject(entry)])
        .flatten()
        .collect();
    let cards = members::cards(tx, &people)?;
    let mut shown = Vec::with_capacity(entries.len());
    let card = |id: MemberId| cards.get(&id).cloned().unwrap_or_else(Card::nobody);
    for entry in entries {
        let by = entry.actor_id.map(MemberId).map(card);
        let about_member = subject(&entry).map(card);
        let id = entry
            .subject_id
            .map(|id| id.to_string())
            .unwrap_or_default();
        shown.push(LogLine {
            id: entry.id,
            at: entry.at,
            by,
            house: entry.actor_kind == "system",
            about_href: href(&entry.subject_kind, &id),
            about: entry.subject_kind,
            about_id: id,
            about_member,
            details: if entry.details == "{}" || entry.details == "null" {
                String::new()
            } else {
                entry.details
            },
            reason: entry.reason.unwrap_or_default(),
            kind: entry.kind.replace('.', "-"),
        });
    }
    Ok(shown)
}

fn href(kind: &str, id: &str) -> String {
    match kind {
        "post" => format!("/p/{id}"),
        "review_item" => format!("/desk/review/{id}"),
        "thread" => format!("/t/-/{id}"),
        "highlight" => format!("/highlights/{id}"),
        "announcement" => format!("/outreach/announcements/{id}"),
        "channel" => format!("/outreach/channels/{id}"),
        "delivery" => format!("/outreach/deliveries/{id}"),
        _ => String::new(),
    }
}

/// The log.
#[derive(Debug, Clone, Serialize)]
pub struct LogPage {
    lines: Vec<LogLine>,
    by: String,
    next: Option<String>,
}

impl Page for LogPage {
    const TEMPLATE: &'static str = "moderation/log";

    fn head(&self) -> Head {
        Head::new("moderation-log-title").nav("desk").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            lines: Vec::new(),
            by: String::new(),
            next: None,
        };
        let usual = Self {
            lines: LogLine::samples(),
            ..empty.clone()
        };
        let worst = Self {
            by: "w".repeat(40),
            next: Some("/desk/log?after=x".to_owned()),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the log, all of it or one member's part.
pub async fn show(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let actor = match asked.by.trim() {
            "" => None,
            name => Some(members::find_by_name(tx, name)?.id),
        };
        let wanted = Wanted {
            actor,
            subject: None,
            before: Cursor::decode(&asked.after)
                .and_then(|cursor| cursor.as_one())
                .map(AuditId),
        };
        let mut entries = audit::list(tx, &wanted, PER_PAGE + 1)?;
        let page = usize::try_from(PER_PAGE).unwrap_or(0);
        let more = entries.len() > page;
        entries.truncate(page);
        let next = entries.last().filter(|_| more).map(|last| {
            let by = percent_encoding::utf8_percent_encode(
                asked.by.trim(),
                percent_encoding::NON_ALPHANUMERIC,
            );
            format!(
                "/desk/log?by={by}&after={}",
                Cursor::one(last.id.0).encode()
            )
        });
        Ok(Shown::from(LogPage {
            lines: lines(tx, entries)?,
            by: asked.by.trim().to_owned(),
            next,
        }))
    })
    .await
}
