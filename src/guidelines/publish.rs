//! Publishing a version, and its coming into force.

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::draft::put;
use super::version::{State, Version, base_of, current, upcoming};
use super::words::Words;
use crate::audit::{self, subject};
use crate::db::schema::document_versions as versions;
use crate::db::{Tx, jobs};
use crate::kit::clock::DAY;
use crate::kit::ids::VersionId;
use crate::kit::stop::{Document, OrRefuse, Refusal};
use crate::kit::{At, Event, Problems, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor};

/// The kind of job that brings a version into force on its day.
pub const JOB: &str = "guidelines-in-force";

/// The longest change note, in characters.
const MOST_NOTE: usize = 500;
/// A version can be published so far ahead, in microseconds.
const MOST_AHEAD: i64 = 366 * DAY;

crate::text_enum! {
    /// How much a new version changes.
    pub enum Change {
        /// What people agreed to is another thing now: everybody is asked again.
        Major = "major",
        /// Words are mended, the meaning stands: nobody is asked.
        Minor = "minor",
    }
}

/// What is to be published.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The text.
    pub words: Words,
    /// Major or minor; a first version is always 1.0.
    pub change: Change,
    /// What changed, for the history; needed but for the first version.
    pub note: String,
    /// From when it is in force; `None` and moments past mean at once.
    pub effective_at: Option<At>,
    /// The fingerprint of the text the editor began with; empty where there was none.
    pub base: String,
}

/// Publishes a version. What is published is never changed again.
///
/// # Errors
/// Refused to people who do not keep this document; as stale where somebody else saved or published meanwhile; in the
/// state `upcoming` where a version already waits for its day (see [`recall`]). Invalid without a note or without a change.
pub fn publish(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Document,
    wanted: &Publication,
) -> Result<Version> {
    let before = base_of(tx, kind)?;
    let in_force = current(tx, kind)?;
    actor.may(&Action::EditDocument(kind))?;
    if upcoming(tx, kind)?.is_some() {
        return Err(Refusal::WrongState("upcoming").into());
    }
    let stands = before.as_ref().map_or("", |version| &version.rules);
    let hash = wanted.words.hash(&wanted.words.rules_or(stands));
    check(tx.now(), wanted, &hash, in_force.as_ref())?;
    let (major, minor) = match (&in_force, wanted.change) {
        (None, _) => (1, 0),
        (Some(v), Change::Major) => (v.major + 1, 0),
        (Some(v), Change::Minor) => (v.major, v.minor + 1),
    };
    let written = put(tx, actor, kind, &wanted.words, before, &wanted.base)?;
    let now = tx.now();
    let effective_at = wanted.effective_at.map_or(now, |at| at.max(now));
    let version: Version = diesel::update(versions::table.filter(versions::id.eq(written.id)))
        .set((
            versions::state.eq(State::Published),
            versions::major.eq(major),
            versions::minor.eq(minor),
            versions::change_note.eq(wanted.note.trim()),
            versions::published_at.eq(Some(now)),
            versions::effective_at.eq(Some(effective_at)),
        ))
        .returning(versions::all_columns)
        .get_result(tx.conn)?;
    audit::record(
        tx,
        actor,
        "guidelines.published",
        subject("guidelines", version.id.0),
        json!({ "kind": kind.as_str(), "number": version.number, "version": version.label(), "effective_at": effective_at.0 }),
        None,
    )?;
    if effective_at > now {
        jobs::enqueue_at(
            tx,
            JOB,
            &json!({ "version": version.id }),
            effective_at,
            None,
        )?;
    } else {
        take_force(tx, &version)?;
    }
    Ok(version)
}

fn check(now: At, wanted: &Publication, hash: &[u8], in_force: Option<&Version>) -> Result<()> {
    let mut problems = Problems::default();
    if let Some(version) = in_force {
        if version.text_hash == hash {
            problems.add("body", "unchanged", &[]);
        }
        if wanted.note.trim().is_empty() {
            problems.add("note", "needed", &[]);
        }
    }
    if wanted.note.chars().count() > MOST_NOTE {
        problems.add("note", "too-long", &[("most", MOST_NOTE.to_string())]);
    }
    if wanted
        .effective_at
        .is_some_and(|at| at.since(now) > MOST_AHEAD)
    {
        problems.add("effective_on", "too-far-ahead", &[]);
    }
    problems.check()
}

/// From here on the version counts: a new major one asks everybody again.
fn take_force(tx: &mut Tx<'_>, version: &Version) -> Result<()> {
    if version.minor == 0 {
        members::require_acknowledgement(tx, version.kind, version.major)?;
    }
    tx.tell(&Event::GuidelinesPublished {
        kind: version.kind,
        version: version.id,
        major: version.major,
    })
}

#[derive(Deserialize)]
struct Due {
    version: VersionId,
}

/// The job of the day on which a version comes into force; it bears repetition and a version that was recalled.
///
/// # Errors
/// A fault where the payload cannot be read or the database fails.
pub fn in_force(tx: &mut Tx<'_>, payload: &str) -> Result<()> {
    let due: Due = serde_json::from_str(payload)?;
    let version: Option<Version> = versions::table
        .filter(versions::id.eq(due.version))
        .filter(versions::state.eq(State::Published))
        .first(tx.conn)
        .optional()?;
    match version {
        Some(version) if current(tx, version.kind)?.is_some_and(|now| now.id == version.id) => {
            take_force(tx, &version)
        }
        _ => Ok(()),
    }
}

/// Takes a version that waits for its day back into the drafts. Nobody can have acknowledged it, so nothing is lost.
///
/// # Errors
/// Refused to people who do not keep this document; not found where none waits; stale where another waits or it came into force.
pub fn recall(tx: &mut Tx<'_>, actor: &Actor, kind: Document, id: VersionId) -> Result<Version> {
    let waiting = upcoming(tx, kind)?;
    actor.may(&Action::EditDocument(kind))?;
    if waiting.or_not_found()?.id != id {
        return Err(Refusal::Stale.into());
    }
    let now = tx.now();
    // A draft with a higher number cannot stand beside it in one document, so it is given up for the recalled text.
    diesel::delete(
        versions::table
            .filter(versions::kind.eq(kind))
            .filter(versions::state.eq(State::Draft)),
    )
    .execute(tx.conn)?;
    let still = versions::table
        .filter(versions::id.eq(id))
        .filter(versions::state.eq(State::Published))
        .filter(versions::effective_at.gt(now));
    let draft: Version = diesel::update(still)
        .set((
            versions::state.eq(State::Draft),
            versions::major.eq(0_i64),
            versions::minor.eq(0_i64),
            versions::published_at.eq(None::<At>),
            versions::effective_at.eq(None::<At>),
        ))
        .returning(versions::all_columns)
        .get_result(tx.conn)
        .optional()?
        .ok_or(Stop::Refused(Refusal::Stale))?;
    audit::record(
        tx,
        actor,
        "guidelines.recalled",
        subject("guidelines", id.0),
        json!({ "kind": kind.as_str(), "number": draft.number }),
        None,
    )?;
    Ok(draft)
}
