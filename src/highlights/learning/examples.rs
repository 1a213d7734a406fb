//! The page of examples beside the messaging guidelines. Reads only. Everybody may read it: nobody stands in it who has
//! not said so.

use std::collections::HashMap;

use diesel::prelude::*;

use super::note::{Note, NoteKind};
use crate::db::Tx;
use crate::db::schema::{announcement_notes as notes, announcements};
use crate::guidelines::{self, Numbered};
use crate::highlights::state::AnnouncementState;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, VersionId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::members::{self, Card};

/// Examples on one page.
const PAGE: i64 = 20;

/// One example.
#[derive(Debug, Clone)]
pub struct Example {
    /// The note behind it.
    pub note: i64,
    /// Said like this, or rather like that.
    pub kind: NoteKind,
    /// What was said, without anybody in it.
    pub said: String,
    /// What could be said rather; empty where it worked.
    pub rather: String,
    /// Why.
    pub because: String,
    /// The rule it rests on, as it read then.
    pub rule: Option<Numbered>,
    /// Who noted it, where they agreed to be named.
    pub by: Option<Card>,
}

/// A page of examples, newest first. What was taken back is no example.
///
/// # Errors
/// A fault where the database fails.
pub fn examples(tx: &mut Tx<'_>, after: Option<&Cursor>) -> Result<(Vec<Example>, Option<Cursor>)> {
    let (at, id) = after
        .and_then(Cursor::as_two)
        .unwrap_or((i64::MAX, i64::MAX));
    let mut rows: Vec<Note> = notes::table
        .inner_join(announcements::table)
        .filter(announcements::state.eq(AnnouncementState::Sent))
        .filter(
            notes::picked_at
                .lt(Some(At(at)))
                .or(notes::picked_at.eq(Some(At(at))).and(notes::id.lt(id))),
        )
        .filter(notes::picked_at.is_not_null())
        .order((notes::picked_at.desc(), notes::id.desc()))
        .limit(PAGE + 1)
        .select(notes::all_columns)
        .load(tx.conn)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| Cursor::two(last.picked_at.map_or(0, |at| at.0), last.id));
    let named: Vec<_> = rows
        .iter()
        .filter(|note| note.named)
        .filter_map(|note| note.author)
        .collect();
    let cards = members::cards(tx, &named)?;
    let mut rules = rules_of(tx, &rows)?;
    let found = rows
        .into_iter()
        .map(|note| {
            let rule = rules.remove(&note.id);
            shown(note, rule, &cards)
        })
        .collect();
    Ok((found, next))
}

/// The example that was made of a note.
///
/// # Errors
/// Not found where none was made of it.
pub fn example(tx: &mut Tx<'_>, note: i64) -> Result<Example> {
    let note: Note = notes::table
        .find(note)
        .filter(notes::picked_at.is_not_null())
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let named: Vec<_> = note.author.filter(|_| note.named).into_iter().collect();
    let cards = members::cards(tx, &named)?;
    let rule = rules_of(tx, std::slice::from_ref(&note))?.remove(&note.id);
    Ok(shown(note, rule, &cards))
}

fn shown(note: Note, rule: Option<Numbered>, cards: &HashMap<MemberId, Card>) -> Example {
    let by = note
        .author
        .filter(|_| note.named)
        .and_then(|id| cards.get(&id).cloned())
        .filter(|card| !card.erased);
    Example {
        rule,
        note: note.id,
        kind: note.kind,
        said: note.said,
        rather: note.rather,
        because: note.because,
        by,
    }
}

/// The rules that these notes rest on, by note, each as it read in its version.
///
/// # Errors
/// A fault where the database fails.
pub fn rules_of(tx: &mut Tx<'_>, notes: &[Note]) -> Result<HashMap<i64, Numbered>> {
    let mut ids: Vec<VersionId> = notes.iter().filter_map(|note| note.rule_version).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let versions = guidelines::by_ids(tx, &ids)?;
    let rule = |note: &Note| {
        let version = versions.iter().find(|v| Some(v.id) == note.rule_version)?;
        Some((note.id, version.rule(note.rule_number?)?))
    };
    Ok(notes.iter().filter_map(rule).collect())
}
