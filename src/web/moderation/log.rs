//! The moderation log: what was done by whom, newest first.
//!
//! Long because the log for staff and the one for everybody say the same things in two ways.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::undo::undoable;
use crate::audit::{self, Entry, Wanted};
use crate::db::Tx;
use crate::forum;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AuditId, MemberId, PostId, ReviewItemId, SanctionId, ThreadId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{self, Kind};
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, Head, Page, Shown};

/// Entries on one page.
const PER_PAGE: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    by: String,
    /// `words`, `people` or `desk`; all where it is empty.
    what: String,
}

/// The kinds that a filter means.
pub(in crate::web) fn kinds(what: &str) -> Vec<String> {
    let kinds: &[&str] = match what {
        "words" => &[
            "post.hidden",
            "post.unhidden",
            "post.deleted",
            "post.restored",
            "post.edited",
            "thread.hidden",
            "thread.unhidden",
            "thread.deleted",
            "thread.restored",
            "thread.locked",
            "thread.unlocked",
            "thread.pinned",
            "thread.unpinned",
            "thread.archived",
            "thread.unarchived",
            "thread.unlisted",
            "thread.listed",
            "thread.slowed",
            "thread.moved",
            "thread.split",
            "thread.merged",
            "thread.posts_home",
            "thread.edited",
            "upload.removed",
            "upload.restored",
        ],
        "people" => &[
            "member.sanctioned",
            "member.sanction_lifted",
            "member.noted",
            "member.profile_reset",
            "member.trust_held",
            "member.trust_freed",
        ],
        "desk" => &[
            "post.reported",
            "review.decided",
            "review.taken",
            "review.put_back",
            "review.assigned",
            "review.undone",
            "review.not_applied",
            "appeal.made",
            "appeal.granted",
            "appeal.refused",
            "reason.changed",
            "watch.added",
            "watch.removed",
            "desk.changed",
        ],
        _ => &[],
    };
    kinds.iter().map(|kind| (*kind).to_owned()).collect()
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
    /// One of several that were decided in one go.
    together: bool,
    details: String,
    reason: String,
    /// Can be undone from here.
    undo: bool,
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
            together: true,
            details: String::new(),
            reason: "Rule 7.".to_owned(),
            undo: true,
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
                undo: false,
                ..line
            },
        ]
    }
}

/// Where what an entry is about stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Post(PostId),
    Thread(ThreadId),
    Item(ReviewItemId),
    /// Wherever the measure was given for something.
    Measure(SanctionId),
    /// It has a place that the entry does not say; nobody is shown it.
    Lost,
    /// It is about nothing that stands anywhere.
    None,
}

impl Place {
    fn of(entry: &Entry) -> Self {
        let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
        let named = |name: &str| details.get(name).and_then(serde_json::Value::as_i64);
        let subject = entry.subject_id;
        let place = match (entry.kind.as_str(), entry.subject_kind.as_str()) {
            ("member.sanctioned" | "member.sanction_lifted", _) => {
                named("sanction").map(|id| Self::Measure(SanctionId(id)))
            }
            // A picture stands where its post does.
            (_, "upload") => named("post").map(|id| Self::Post(PostId(id))),
            (_, "post") => subject.map(|id| Self::Post(PostId(id))),
            (_, "thread") => subject.map(|id| Self::Thread(ThreadId(id))),
            (_, "review_item") => subject.map(|id| Self::Item(ReviewItemId(id))),
            _ => Some(Self::None),
        };
        place.unwrap_or(Self::Lost)
    }
}

/// The places that somebody may know of, asked in bulk: as many questions, however long the page is.
struct Seen {
    posts: HashSet<PostId>,
    threads: HashSet<ThreadId>,
    items: HashMap<ReviewItemId, Kind>,
    sanctions: HashSet<SanctionId>,
}

impl Seen {
    /// For everybody where there is no moderator.
    fn of(tx: &mut Tx<'_>, moderator: Option<&Actor>, entries: &[Entry]) -> Result<Self> {
        let (mut posts, mut threads) = (Vec::new(), Vec::new());
        let (mut items, mut sanctions) = (Vec::new(), Vec::new());
        for entry in entries {
            match Place::of(entry) {
                Place::Post(id) => posts.push(id),
                Place::Thread(id) => threads.push(id),
                Place::Item(id) => items.push(id),
                Place::Measure(id) => sanctions.push(id),
                Place::Lost | Place::None => {}
            }
        }
        let Some(actor) = moderator else {
            let everybody = forum::sight(tx, &Actor::Guest)?.categories;
            let (posts, threads) = forum::public_among(tx, &posts, &threads)?;
            return Ok(Self {
                posts,
                threads,
                items: HashMap::new(),
                sanctions: moderation::sanctions_among(tx, &everybody, &sanctions)?,
            });
        };
        let moderated = forum::sight(tx, actor)?.moderated;
        let (posts, threads) = forum::moderated_among(tx, actor, &posts, &threads)?;
        Ok(Self {
            posts,
            threads,
            items: moderation::items_among(tx, actor, &items)?,
            sanctions: moderation::sanctions_among(tx, &moderated, &sanctions)?,
        })
    }

    fn has(&self, place: Place) -> bool {
        match place {
            Place::Post(id) => self.posts.contains(&id),
            Place::Thread(id) => self.threads.contains(&id),
            Place::Item(id) => self.items.contains_key(&id),
            Place::Measure(id) => self.sanctions.contains(&id),
            Place::Lost => false,
            Place::None => true,
        }
    }
}

/// Those of the entries that are about what this moderator may see.
pub(in crate::web) fn visible(
    tx: &mut Tx<'_>,
    actor: &Actor,
    mut entries: Vec<Entry>,
) -> Result<Vec<Entry>> {
    let seen = Seen::of(tx, Some(actor), &entries)?;
    entries.retain(|entry| seen.has(Place::of(entry)));
    Ok(entries)
}

/// Entries with the names of those who acted. What was done in a place that is not this moderator's to see is not among
/// them.
pub(super) fn lines(
    tx: &mut Tx<'_>,
    actor: &Actor,
    mut entries: Vec<Entry>,
) -> Result<Vec<LogLine>> {
    let seen = Seen::of(tx, Some(actor), &entries)?;
    entries.retain(|entry| seen.has(Place::of(entry)));
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
            undo: undoable(&entry.kind),
            id: entry.id,
            at: entry.at,
            by,
            house: entry.actor_kind == "system",
            about_href: href(&entry.subject_kind, &id),
            about: match (entry.subject_kind.as_str(), entry.subject_id) {
                // Not every entry of the queue is a report.
                ("review_item", Some(id)) => match seen.items.get(&ReviewItemId(id)) {
                    Some(kind) => format!("review_item-{}", kind.as_str()),
                    None => entry.subject_kind,
                },
                _ => entry.subject_kind,
            },
            about_id: id,
            about_member,
            together: entry.details.contains("\"together\":"),
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
    what: String,
    /// Nobody goes by the name that was asked for.
    nobody: bool,
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
            what: String::new(),
            nobody: false,
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
        let nobody = Self {
            by: "ש".repeat(40),
            what: "words".to_owned(),
            nobody: true,
            ..empty.clone()
        };
        vec![empty, usual, worst, nobody]
    }
}

/// Shows the log, all of it or one member's part.
pub async fn show(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let actor = match asked.by.trim() {
            "" => None,
            name => match members::find_by_name(tx, name) {
                Ok(card) => Some(card.id),
                Err(Stop::Refused(Refusal::NotFound)) => {
                    return Ok(Shown::from(LogPage {
                        lines: Vec::new(),
                        by: name.to_owned(),
                        what: asked.what.clone(),
                        nobody: true,
                        next: None,
                    }));
                }
                Err(stop) => return Err(stop),
            },
        };
        let wanted = Wanted {
            actor,
            subject: None,
            kinds: kinds(&asked.what),
            before: Cursor::decode(&asked.after)
                .and_then(|cursor| cursor.as_one())
                .map(AuditId),
        };
        let mut entries = audit::list(tx, &wanted, PER_PAGE + 1)?;
        let next =
            Cursor::turn(&mut entries, PER_PAGE, |last| Cursor::one(last.id.0)).map(|next| {
                let by = percent_encoding::utf8_percent_encode(
                    asked.by.trim(),
                    percent_encoding::NON_ALPHANUMERIC,
                );
                format!(
                    "/desk/log?by={by}&what={}&after={}",
                    if kinds(&asked.what).is_empty() {
                        ""
                    } else {
                        &asked.what
                    },
                    next.encode()
                )
            });
        Ok(Shown::from(LogPage {
            lines: lines(tx, &viewer.actor, entries)?,
            by: asked.by.trim().to_owned(),
            what: asked.what.clone(),
            nobody: false,
            next,
        }))
    })
    .await
}

/// The log as everybody may read it, where the community wants that: roles instead of names, and nothing of what it was
/// about but its kind.
#[derive(Debug, Clone, Serialize)]
pub struct PublicLogPage {
    lines: Vec<PublicLine>,
    next: Option<String>,
}

/// One entry of the public log.
#[derive(Debug, Clone, Serialize)]
struct PublicLine {
    kind: String,
    about: String,
    at: At,
}

impl Page for PublicLogPage {
    const TEMPLATE: &'static str = "moderation/public-log";

    fn head(&self) -> Head {
        Head::new("moderation-public-log-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = PublicLine {
            kind: "post-hidden".to_owned(),
            about: "post".to_owned(),
            at: At(1_790_000_000_000_000),
        };
        let empty = Self {
            lines: Vec::new(),
            next: None,
        };
        let usual = Self {
            lines: vec![line.clone()],
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![line; 50],
            next: Some("/moderation-log?after=x".to_owned()),
        };
        vec![empty, usual, worst]
    }
}

/// A page of what the public log tells: what was done to words and people, nothing about restricted places, and where
/// the next page begins. A member's own deletion is nobody's measure.
///
/// # Errors
/// Not found where the community keeps its log to itself.
pub(in crate::web) fn told_to_all(
    tx: &mut Tx<'_>,
    after: &str,
) -> Result<(Vec<Entry>, Option<Cursor>)> {
    if !moderation::desk_settings(tx)?.public_log {
        return Err(Refusal::NotFound.into());
    }
    let mut told = kinds("words");
    told.extend(["member.sanctioned", "member.sanction_lifted"].map(str::to_owned));
    told.retain(|kind| kind != "post.edited" && kind != "thread.edited");
    let wanted = Wanted {
        kinds: told,
        before: Cursor::decode(after)
            .and_then(|cursor| cursor.as_one())
            .map(AuditId),
        ..Wanted::default()
    };
    let mut entries = audit::list(tx, &wanted, PER_PAGE + 1)?;
    let next = Cursor::turn(&mut entries, PER_PAGE, |last| Cursor::one(last.id.0));
    let seen = Seen::of(tx, None, &entries)?;
    entries.retain(|entry| seen.has(Place::of(entry)) && !entry.details.contains("\"own\":true"));
    Ok((entries, next))
}

/// The public log.
pub async fn public(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, _| {
        let (entries, next) = told_to_all(tx, &asked.after)?;
        Ok(Shown::from(PublicLogPage {
            lines: entries
                .into_iter()
                .map(|entry| PublicLine {
                    kind: entry.kind.replace('.', "-"),
                    about: entry.subject_kind,
                    at: entry.at,
                })
                .collect(),
            next: next.map(|next| format!("/moderation-log?after={}", next.encode())),
        }))
    })
    .await
}
