//! Writing a draft: one at most per document, shared by its editors.

use diesel::prelude::*;
use serde_json::json;

use super::version::{State, Version, base_of, fingerprint};
use super::words::Words;
use crate::audit::{self, subject};
use crate::db::schema::document_versions as versions;
use crate::db::{Tx, violated};
use crate::kit::stop::{Document, OrRefuse, Refusal};
use crate::kit::{Result, Stop};
use crate::policy::{Action, Actor};

/// Saves the draft. `base` is the fingerprint of the text the editor began with (empty where there was none).
///
/// # Errors
/// Refused to people who do not keep this document, and as stale where somebody else saved meanwhile.
pub fn save_draft(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Document,
    words: &Words,
    base: &str,
) -> Result<Version> {
    let before = base_of(tx, kind)?;
    actor.may(&Action::EditDocument(kind))?;
    let saved = put(tx, actor, kind, words, before, base)?;
    audit::record(
        tx,
        actor,
        "guidelines.drafted",
        subject("guidelines", saved.id.0),
        json!({ "kind": kind.as_str(), "number": saved.number }),
        None,
    )?;
    Ok(saved)
}

/// Writes the words into the draft that stands or into a new one, if the editor began with what stands now.
pub(super) fn put(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Document,
    words: &Words,
    before: Option<Version>,
    base: &str,
) -> Result<Version> {
    let stands = before.as_ref().map(Version::fingerprint);
    if stands.as_deref().unwrap_or_default() != base {
        return Err(Refusal::Stale.into());
    }
    let rules = words.rules_or(before.as_ref().map_or("", |version| &version.rules));
    let hash = words.hash(&rules);
    match before {
        Some(draft) if draft.state == State::Draft => {
            // The hash in the condition decides between two editors who save at once.
            let mine = versions::table
                .filter(versions::id.eq(draft.id))
                .filter(versions::state.eq(State::Draft))
                .filter(versions::text_hash.eq(draft.text_hash));
            diesel::update(mine)
                .set((
                    versions::body_source.eq(&words.source),
                    versions::body_html.eq(&words.html),
                    versions::text_hash.eq(hash),
                    versions::rules.eq(rules),
                    versions::created_by.eq(actor.id()),
                ))
                .returning(versions::all_columns)
                .get_result(tx.conn)
                .optional()?
                .ok_or(Stop::Refused(Refusal::Stale))
        }
        other => {
            let number = other.map_or(1, |v| v.number + 1);
            insert(tx, actor, (kind, number), words, rules)
        }
    }
}

fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, number): (Document, i64),
    words: &Words,
    rules: String,
) -> Result<Version> {
    let now = tx.now();
    diesel::insert_into(versions::table)
        .values((
            versions::kind.eq(kind),
            versions::number.eq(number),
            versions::major.eq(0_i64),
            versions::minor.eq(0_i64),
            versions::state.eq(State::Draft),
            versions::body_source.eq(&words.source),
            versions::body_html.eq(&words.html),
            versions::text_hash.eq(words.hash(&rules)),
            versions::rules.eq(rules),
            versions::change_note.eq(""),
            versions::created_by.eq(actor.id()),
            versions::created_at.eq(now),
        ))
        .returning(versions::all_columns)
        .get_result(tx.conn)
        .map_err(|error| match violated(&error) {
            Some(_) => Refusal::Stale.into(),
            None => Stop::from(error),
        })
}

/// Throws the draft away. `base` is the fingerprint of what the editor saw.
///
/// # Errors
/// Refused to people who do not keep this document, not found without a draft, stale where it changed meanwhile.
pub fn drop_draft(tx: &mut Tx<'_>, actor: &Actor, kind: Document, base: &str) -> Result<()> {
    actor.may(&Action::EditDocument(kind))?;
    let draft = super::draft(tx, kind)?.or_not_found()?;
    if fingerprint(&draft.text_hash) != base {
        return Err(Refusal::Stale.into());
    }
    diesel::delete(
        versions::table
            .filter(versions::id.eq(draft.id))
            .filter(versions::state.eq(State::Draft)),
    )
    .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "guidelines.draft_dropped",
        subject("guidelines", draft.id.0),
        json!({ "kind": kind.as_str(), "number": draft.number }),
        None,
    )
}
