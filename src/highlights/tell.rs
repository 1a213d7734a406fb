//! Who is told what on the way: the people asked, the nominator, the moderators, the publishers.

use serde_json::{Value, json};

use super::announcement::Announcement;
use super::check::Report;
use super::claims;
use super::consent;
use super::highlight::Highlight;
use super::quote;
use crate::db::Tx;
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Actor, Role};

/// The word by which notices and the log call a highlight.
pub const SUBJECT: &str = "highlight";

/// Who is told what by whom, and whether by mail as well.
struct Told {
    member: MemberId,
    kind: &'static str,
    actor: Option<MemberId>,
    mail: bool,
}

fn notice(tx: &mut Tx<'_>, highlight: &Highlight, told: Told, more: Value) -> Result<()> {
    let mut data =
        json!({ "title": highlight.title, "path": format!("/highlights/{}", highlight.id) });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    let notice = Notice {
        member: told.member,
        kind: told.kind,
        subject_kind: SUBJECT,
        subject_id: highlight.id.0,
        actor: told.actor,
        data,
        mail: told.mail,
    };
    notifications::tell(tx, &notice)
}

fn consent_path(highlight: &Highlight) -> Value {
    json!({ "path": format!("/my/consents/{}", highlight.id) })
}

/// Where the question stands, and the member's own words that it is about.
fn question(tx: &mut Tx<'_>, highlight: &Highlight, member: MemberId) -> Result<Value> {
    let quotes = quote::list(tx, highlight.id)?.into_iter();
    let own = quotes.filter(|quote| quote.author == Some(member));
    let words: Vec<String> = own.filter_map(|quote| quote.excerpt).collect();
    Ok(json!({ "path": format!("/my/consents/{}", highlight.id), "words": words }))
}

/// Somebody is asked, in the forum and by mail.
pub(super) fn asked(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    member: MemberId,
) -> Result<()> {
    let question = question(tx, highlight, member)?;
    notice(
        tx,
        highlight,
        Told {
            member,
            kind: "consent-asked",
            actor: actor.id(),
            mail: true,
        },
        question,
    )
}

/// Somebody is reminded, once.
pub(super) fn reminded(tx: &mut Tx<'_>, highlight: &Highlight, member: MemberId) -> Result<()> {
    let question = question(tx, highlight, member)?;
    notice(
        tx,
        highlight,
        Told {
            member,
            kind: "consent-reminder",
            actor: None,
            mail: true,
        },
        question,
    )
}

/// The words were edited: what was announced waits for the author's choice.
pub(super) fn edited(tx: &mut Tx<'_>, highlight: &Highlight, member: MemberId) -> Result<()> {
    notice(
        tx,
        highlight,
        Told {
            member,
            kind: "highlight-edited",
            actor: None,
            mail: true,
        },
        consent_path(highlight),
    )
}

/// The nominator learns that the words changed under the nomination.
pub(super) fn stale(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    match highlight.nominator {
        Some(member) => notice(
            tx,
            highlight,
            Told {
                member,
                kind: "highlight-stale",
                actor: None,
                mail: false,
            },
            json!({}),
        ),
        None => Ok(()),
    }
}

/// The author of a thread learns that it was nominated as a whole; nothing is asked, since no words are taken.
pub(super) fn thread_author(tx: &mut Tx<'_>, actor: &Actor, highlight: &Highlight) -> Result<()> {
    let Some(thread) = highlight.thread else {
        return Ok(());
    };
    let facts = forum::thread_facts(tx, thread)?;
    let path = json!({ "path": forum::thread_line(tx, thread)?.path });
    match facts.author {
        Some(author) => notice(
            tx,
            highlight,
            Told {
                member: author,
                kind: "thread-nominated",
                actor: actor.id(),
                mail: false,
            },
            path,
        ),
        None => Ok(()),
    }
}

/// The moderators learn that something waits for them.
pub(super) fn waits_for_approval(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
) -> Result<()> {
    let path = json!({ "path": format!("/desk/highlights/{}", highlight.id) });
    for card in members::with_role(tx, Role::Moderator)? {
        notice(
            tx,
            highlight,
            Told {
                member: card.id,
                kind: "highlight-waiting",
                actor: actor.id(),
                mail: false,
            },
            path.clone(),
        )?;
    }
    Ok(())
}

/// The nominator and, where it was approved, everybody quoted learn what the moderator decided.
pub(super) fn decided(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    kind: &'static str,
) -> Result<()> {
    let more = json!({ "note": highlight.note });
    if let Some(nominator) = highlight.nominator {
        notice(
            tx,
            highlight,
            Told {
                member: nominator,
                kind,
                actor: actor.id(),
                mail: true,
            },
            more,
        )?;
    }
    if kind != "highlight-approved" {
        return Ok(());
    }
    for member in consent::members_of(tx, highlight.id)? {
        if Some(member) != highlight.nominator {
            notice(
                tx,
                highlight,
                Told {
                    member,
                    kind,
                    actor: actor.id(),
                    mail: false,
                },
                consent_path(highlight),
            )?;
        }
    }
    Ok(())
}

/// Everybody quoted learns something about an announcement, with its final text where that helps.
pub(super) fn authors(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    one: &Announcement,
    kind: &'static str,
    actor: Option<MemberId>,
) -> Result<()> {
    let more = json!({
        "path": format!("/my/consents/{}", highlight.id),
        "channel": one.channel_name,
        "text": one.text,
        "url": one.remote_url,
    });
    for member in consent::members_of(tx, highlight.id)? {
        notice(
            tx,
            highlight,
            Told {
                member,
                kind,
                actor,
                mail: true,
            },
            more.clone(),
        )?;
    }
    Ok(())
}

/// Everybody quoted learns that it is to be said at another time; not by mail, the text is the same.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    one: &Announcement,
    wall: &str,
) -> Result<()> {
    let more = json!({
        "path": format!("/my/consents/{}", highlight.id),
        "channel": one.channel_name,
        "when": wall.replace('T', " "),
    });
    for member in consent::members_of(tx, highlight.id)? {
        notice(
            tx,
            highlight,
            Told {
                member,
                kind: "announcement-moved",
                actor: None,
                mail: false,
            },
            more.clone(),
        )?;
    }
    Ok(())
}

/// The other publishers learn that a text waits for a second pair of eyes.
pub(super) fn waits_for_eyes(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    one: &Announcement,
) -> Result<()> {
    let more = json!({ "path": format!("/outreach/announcements/{}", one.id), "channel": one.channel_name });
    for card in members::with_role(tx, Role::Publisher)? {
        notice(
            tx,
            highlight,
            Told {
                member: card.id,
                kind: "text-waiting",
                actor: actor.id(),
                mail: false,
            },
            more.clone(),
        )?;
    }
    Ok(())
}

/// The writer learns that a text was handed back, and why.
pub(super) fn handed_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    one: &Announcement,
    note: &str,
) -> Result<()> {
    let path = format!("/outreach/highlights/{}/compose", highlight.id);
    let more = json!({ "path": path, "channel": one.channel_name, "note": note });
    match one.created_by {
        Some(member) => notice(
            tx,
            highlight,
            Told {
                member,
                kind: "text-handed-back",
                actor: actor.id(),
                mail: true,
            },
            more,
        ),
        None => Ok(()),
    }
}

/// Whoever wrote an announcement learns what became of it.
pub(super) fn writer(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    one: &Announcement,
    kind: &'static str,
) -> Result<()> {
    let more = json!({ "path": format!("/outreach/announcements/{}", one.id), "channel": one.channel_name });
    match one.created_by {
        Some(member) => notice(
            tx,
            highlight,
            Told {
                member,
                kind,
                actor: None,
                mail: true,
            },
            more,
        ),
        None => Ok(()),
    }
}

/// Whoever is named as having checked a claim learns it, and can object.
pub(super) fn reviewers(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    one: &Announcement,
    report: &Report,
) -> Result<()> {
    let path = format!("/outreach/announcements/{}", one.id);
    for member in claims::reviewers(report) {
        let told = Told {
            member,
            kind: "announcement-claim-checked",
            actor: actor.id(),
            mail: true,
        };
        let more = json!({ "path": path, "channel": one.channel_name });
        notice(tx, highlight, told, more)?;
    }
    Ok(())
}

/// Whoever took something out learns that it was recalled, and that those who got it have to be told.
pub(super) fn recalled(tx: &mut Tx<'_>, highlight: &Highlight, member: MemberId) -> Result<()> {
    notice(
        tx,
        highlight,
        Told {
            member,
            kind: "pull-recalled",
            actor: None,
            mail: true,
        },
        json!({ "path": "/outreach/recalled" }),
    )
}
