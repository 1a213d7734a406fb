//! Undoing from the log: each entry that can be undone knows the verb that does it, which asks the law by itself and
//! leaves an entry of its own.

use serde_json::Value;

use crate::audit::{self, Entry, Wanted};
use crate::content::uploads;
use crate::db::Tx;
use crate::forum::{self, HeadingBefore};
use crate::kit::ids::{AuditId, CategoryId, MediaId, PostId, SanctionId, ThreadId};
use crate::kit::{Refusal, Result, Stop};
use crate::moderation::{self, Because, ContentChoice, Taken};
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, See};

/// The kinds of entries that can be undone.
const UNDOABLE: &[&str] = &[
    "post.hidden",
    "post.unhidden",
    "post.deleted",
    "post.restored",
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
    "thread.edited",
    "upload.removed",
    "upload.restored",
    "member.sanctioned",
];

/// Kinds that say how one and the same side of a thing stands: only the latest of them can be undone, for undoing an older
/// one would reverse what somebody else did since.
const TOGETHER: &[&[&str]] = &[
    &[
        "post.hidden",
        "post.unhidden",
        "post.deleted",
        "post.restored",
    ],
    &[
        "thread.hidden",
        "thread.unhidden",
        "thread.deleted",
        "thread.restored",
    ],
    &["thread.locked", "thread.unlocked"],
    &["thread.pinned", "thread.unpinned"],
    &["thread.archived", "thread.unarchived"],
    &["thread.unlisted", "thread.listed"],
    &["thread.slowed"],
    &["thread.moved"],
    &["upload.removed", "upload.restored"],
];

/// Was something done or decided about the same thing since?
fn overtaken(tx: &mut Tx<'_>, entry: &Entry) -> Result<bool> {
    let kind = entry.kind.as_str();
    let together = TOGETHER.iter().find(|kinds| kinds.contains(&kind));
    let (Some(id), Some(kinds)) = (entry.subject_id, together) else {
        return Ok(false);
    };
    let wanted = Wanted {
        subject: Some((entry.subject_kind.clone(), id)),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        ..Wanted::default()
    };
    let latest = audit::list(tx, &wanted, 1)?;
    if latest.first().is_some_and(|latest| latest.id != entry.id) {
        return Ok(true);
    }
    // A decision about what was hidden already leaves no entry of this kind.
    let about = match kind {
        "post.hidden" | "post.deleted" => Taken::Post(PostId(id)),
        "thread.hidden" | "thread.deleted" => Taken::Thread(ThreadId(id)),
        _ => return Ok(false),
    };
    moderation::decided_since(tx, about, entry.at)
}

/// Can an entry of this kind be undone?
#[must_use]
pub fn undoable(kind: &str) -> bool {
    UNDOABLE.contains(&kind)
}

/// Undoes what an entry of the log says.
pub async fn undo(call: Call) -> Answer {
    let id: AuditId = call.segment("id")?;
    call.act(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let entry = audit::find(tx, id)?;
        if overtaken(tx, &entry)? {
            return Ok(See::to("/desk/log").flash("moderation-log-overtaken"));
        }
        match reverse(tx, &viewer.actor, &entry) {
            // Nobody said why before: the page that asks for it is where it is said.
            Err(Stop::Invalid(_)) => match ask_why(tx, &entry)? {
                Some(page) => Ok(See::to(page).flash("moderation-say-why")),
                None => Err(Refusal::NotFound.into()),
            },
            done => done.map(|()| See::to("/desk/log").flash("moderation-log-undone")),
        }
    })
    .await
}

/// The same where there is no page to ask on: what would need a reason is refused.
pub(in crate::web) fn at_once(tx: &mut Tx<'_>, actor: &Actor, id: AuditId) -> Result<()> {
    actor.may(&Action::Review)?;
    let entry = audit::find(tx, id)?;
    if overtaken(tx, &entry)? {
        return Err(Refusal::Stale.into());
    }
    match reverse(tx, actor, &entry) {
        Err(Stop::Invalid(_)) => Err(Refusal::Stale.into()),
        done => done,
    }
}

/// What a thread was called and found by before the entry.
fn heading(details: &Value, entry: &Entry) -> HeadingBefore {
    let retitled = details.get("retitled").and_then(Value::as_bool);
    HeadingBefore {
        revision: details
            .get("revision")
            .and_then(Value::as_i64)
            .unwrap_or_default(),
        title: entry.reason.clone().filter(|_| retitled == Some(true)),
        tags: details
            .get("tags")
            .and_then(Value::as_array)
            .map(|ids| ids.iter().filter_map(Value::as_i64).collect()),
    }
}

/// The page on which a reason is given for what an entry had taken back.
fn ask_why(tx: &mut Tx<'_>, entry: &Entry) -> Result<Option<String>> {
    let Some(id) = entry.subject_id else {
        return Ok(None);
    };
    Ok(match entry.kind.as_str() {
        "post.unhidden" => Some(format!("/p/{id}/hide")),
        "post.restored" => Some(format!("/p/{id}/delete")),
        "thread.unhidden" => Some(format!("/threads/{id}/hide")),
        "thread.restored" => Some(format!("/threads/{id}/delete")),
        "upload.restored" => {
            let post = uploads::find(tx, MediaId(id))?.post;
            post.map(|post| format!("/p/{post}/pictures"))
        }
        _ => None,
    })
}

fn reverse(tx: &mut Tx<'_>, actor: &Actor, entry: &Entry) -> Result<()> {
    let subject = entry.subject_id.ok_or(Refusal::NotFound)?;
    let details: Value = serde_json::from_str(&entry.details)?;
    let of = |name: &str| details.get(name).and_then(Value::as_i64);
    let (post, thread) = (PostId(subject), ThreadId(subject));
    let answer = of("answer").map(PostId);
    // What is taken again is taken for the reason that was given before.
    let before = |tx: &mut Tx<'_>, choice, about| match choice {
        ContentChoice::Keep => Ok(Because::default()),
        _ => moderation::said_before(tx, about).map(Option::unwrap_or_default),
    };
    let treat = |tx: &mut Tx<'_>, choice| {
        let why = before(tx, choice, Taken::Post(post))?;
        moderation::treat_post(tx, actor, post, choice, &why)
    };
    let treat_all = |tx: &mut Tx<'_>, choice| {
        let why = before(tx, choice, Taken::Thread(thread))?;
        moderation::treat_thread(tx, actor, thread, choice, &why)
    };
    // What was hidden when it was deleted is hidden again, by whoever hid it and for the reason of then.
    let hidden = details.get("hidden").filter(|before| !before.is_null());
    match entry.kind.as_str() {
        "post.deleted" if hidden.is_some() => {
            let before = hidden.cloned().unwrap_or_default();
            moderation::undelete_hidden_post(tx, actor, post, &serde_json::from_value(before)?)
        }
        "thread.deleted" if hidden.is_some() => {
            moderation::undelete_hidden_thread(tx, actor, thread)
        }
        "post.hidden" | "post.deleted" => treat(tx, ContentChoice::Keep).map(drop),
        "post.unhidden" => treat(tx, ContentChoice::Hide).map(drop),
        "post.restored" => treat(tx, ContentChoice::Delete).map(drop),
        "thread.hidden" | "thread.deleted" => treat_all(tx, ContentChoice::Keep).map(drop),
        "thread.unhidden" => treat_all(tx, ContentChoice::Hide).map(drop),
        "thread.restored" => treat_all(tx, ContentChoice::Delete).map(drop),
        "thread.locked" => forum::unlock_thread(tx, actor, thread),
        "thread.unlocked" => forum::lock_thread(tx, actor, thread, None),
        "thread.pinned" => forum::unpin_thread(tx, actor, thread),
        "thread.unpinned" => forum::pin_thread(tx, actor, thread),
        "thread.archived" => forum::unarchive_thread(tx, actor, thread),
        "thread.unarchived" => forum::archive_thread(tx, actor, thread, None),
        "thread.unlisted" => forum::list_thread(tx, actor, thread),
        "thread.listed" => forum::unlist_thread(tx, actor, thread, None),
        "thread.slowed" => {
            let before = of("before").unwrap_or(0);
            forum::slow_thread(tx, actor, thread, before, None)
        }
        "thread.moved" => {
            let from = of("from").ok_or(Refusal::NotFound)?;
            forum::move_thread(tx, actor, thread, CategoryId(from), None)
        }
        "thread.split" => {
            let away = of("to").ok_or(Refusal::NotFound)?;
            forum::send_posts_home(tx, actor, thread, ThreadId(away), answer)
        }
        "thread.merged" => {
            let away = of("into").ok_or(Refusal::NotFound)?;
            forum::send_posts_home(tx, actor, thread, ThreadId(away), answer)
        }
        "upload.removed" => moderation::bring_picture_back(tx, actor, MediaId(subject)),
        "upload.restored" => {
            let picture = MediaId(subject);
            let of = uploads::find(tx, picture)?.post.ok_or(Refusal::NotFound)?;
            let why = moderation::said_before(tx, Taken::Picture(picture, of))?.unwrap_or_default();
            moderation::remove_picture(tx, actor, picture, &why)
        }
        "thread.edited" => forum::put_heading_back(tx, actor, thread, &heading(&details, entry)),
        "member.sanctioned" => {
            let sanction = of("sanction").ok_or(Refusal::NotFound)?;
            moderation::lift(tx, actor, SanctionId(sanction), "").map(drop)
        }
        _ => Err(Refusal::NotFound.into()),
    }
}
