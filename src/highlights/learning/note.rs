//! A note under an announcement that was sent: what worked, or how it could be better.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::json;

use super::super::announcement::{self, Announcement};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::announcement_notes as notes;
use crate::guidelines;
use crate::kit::ids::{AnnouncementId, MemberId, VersionId};
use crate::kit::stop::{Document, OrRefuse, Refusal};
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::{Action, Actor};

/// The longest note, in characters.
const MOST_WORDS: usize = 1_000;
/// The most notes under one announcement.
const MOST: i64 = 200;

crate::text_enum! {
    /// What a note is about.
    pub enum NoteKind {
        /// This worked, because…
        Worked = "worked",
        /// It could be better, because…
        Better = "better",
    }
}

/// A note as it comes from a form or the API.
#[derive(Debug, Clone, Default)]
pub struct NoteWords {
    /// What it is about; `None` where nothing was chosen.
    pub kind: Option<NoteKind>,
    /// Why.
    pub words: String,
    /// The number of the rule of the messaging guidelines that it rests on, if one fits.
    pub rule: Option<i64>,
    /// May its author be named, should it become an example?
    pub named: bool,
}

/// A note as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Note {
    /// Its id.
    pub id: i64,
    /// Under which announcement.
    pub announcement: AnnouncementId,
    /// Who left it; `None` once erased.
    pub author: Option<MemberId>,
    /// What it is about.
    pub kind: NoteKind,
    /// Why.
    pub words: String,
    /// The version of the messaging guidelines, where a rule fits.
    pub rule_version: Option<VersionId>,
    /// The number of the rule in it.
    pub rule_number: Option<i64>,
    /// Its author may be named on the page of examples.
    pub named: bool,
    /// The announcement's text without anybody's words and names, once it is an example.
    pub said: String,
    /// What could be said rather, once it is an example.
    pub rather: String,
    /// When it became an example.
    pub picked_at: Option<At>,
    /// Who made it one.
    pub picked_by: Option<MemberId>,
    /// When it was left.
    pub created_at: At,
    /// Why, without anybody's words and names, once it is an example.
    pub because: String,
}

/// Publishers, moderators and champions learn together.
///
/// # Errors
/// Refused to everybody else.
pub fn may_learn(actor: &Actor) -> Result<()> {
    if actor.can(&Action::SeeApprovals) {
        return Ok(());
    }
    actor.may(&Action::SuggestText)
}

/// The announcement, if it was sent and has not been taken back: there is something to learn from.
pub(super) fn sent(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Announcement> {
    let one = announcement::find(tx, id)?;
    let out = one.sent_at.is_some() && one.state.is_out() && !one.text.is_empty();
    out.then_some(one).or_not_found()
}

/// Leaves a note.
///
/// # Errors
/// Refused to everybody but publishers, moderators and champions; not found where nothing was sent or it was taken back;
/// invalid without words, or with a rule that there is not.
pub fn leave_note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    wanted: &NoteWords,
) -> Result<i64> {
    let one = sent(tx, id)?;
    may_learn(actor)?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    let mut problems = Problems::default();
    let words = wanted.words.trim();
    if words.is_empty() {
        problems.add("words", "needed", &[]);
    }
    if words.chars().count() > MOST_WORDS {
        problems.add("words", "too-long", &[("most", MOST_WORDS.to_string())]);
    }
    let Some(kind) = wanted.kind else {
        problems.add("kind", "choose", &[]);
        return Err(Stop::Invalid(problems));
    };
    let version = guidelines::current(tx, Document::Messaging)?;
    let rule = wanted
        .rule
        .and_then(|number| version.as_ref().and_then(|v| v.rule(number)));
    if wanted.rule.is_some() && rule.is_none() {
        problems.add("rule", "no-such-messaging-rule", &[]);
    }
    problems.check()?;
    let note: i64 = diesel::insert_into(notes::table)
        .values((
            notes::announcement_id.eq(one.id),
            notes::author_id.eq(Some(me)),
            notes::kind.eq(kind),
            notes::words.eq(words),
            notes::rule_version.eq(rule.as_ref().and_then(|_| version.map(|v| v.id))),
            notes::rule_number.eq(rule.map(|rule| rule.number)),
            notes::named.eq(wanted.named),
            notes::created_at.eq(tx.now()),
        ))
        .returning(notes::id)
        .get_result(tx.conn)?;
    audit::record(
        tx,
        actor,
        "announcement.note_left",
        subject("announcement", id.0),
        json!({ "note": note, "kind": kind.as_str(), "rule": wanted.rule }),
        None,
    )?;
    Ok(note)
}

/// The notes under an announcement, oldest first, with the announcement.
///
/// # Errors
/// As [`leave_note`].
pub fn notes_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
) -> Result<(Announcement, Vec<Note>)> {
    let one = sent(tx, id)?;
    may_learn(actor)?;
    let found = notes::table
        .filter(notes::announcement_id.eq(id))
        .order(notes::id)
        .limit(MOST)
        .load(tx.conn)?;
    Ok((one, found))
}

pub(super) fn find(tx: &mut Tx<'_>, note: i64) -> Result<Note> {
    notes::table
        .filter(notes::id.eq(note))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Takes a note back: one's own, or any for those who keep the messaging guidelines. The announcement it stood under.
///
/// # Errors
/// Refused to everybody else; not found where there is none.
pub fn remove_note(tx: &mut Tx<'_>, actor: &Actor, note: i64) -> Result<AnnouncementId> {
    let found = find(tx, note)?;
    may_learn(actor)?;
    if found.author.is_none() || found.author != actor.id() {
        actor.may(&Action::EditDocument(Document::Messaging))?;
    }
    diesel::delete(notes::table.filter(notes::id.eq(note))).execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "announcement.note_removed",
        subject("announcement", found.announcement.0),
        json!({ "note": note }),
        None,
    )?;
    Ok(found.announcement)
}

/// Announcements on one page.
const PAGE: i64 = 30;

/// A page of what was sent and still stands, newest first, each with the number of its notes.
///
/// # Errors
/// Refused to everybody but publishers, moderators and champions.
pub fn to_learn_from(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<(i64, i64)>,
) -> Result<(Vec<(Announcement, i64)>, Option<(i64, i64)>)> {
    may_learn(actor)?;
    let mut rows = announcement::told(tx, after, PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| (last.planned_at.0, last.id.0));
    let counts: HashMap<AnnouncementId, i64> = notes::table
        .filter(notes::announcement_id.eq_any(rows.iter().map(|row| row.id)))
        .group_by(notes::announcement_id)
        .select((notes::announcement_id, count_star()))
        .load::<(AnnouncementId, i64)>(tx.conn)?
        .into_iter()
        .collect();
    let with_count = |row: Announcement| {
        let count = counts.get(&row.id).copied().unwrap_or(0);
        (row, count)
    };
    Ok((rows.into_iter().map(with_count).collect(), next))
}
