//! What a post said before: its revisions, each compared with the one before it. Reads only.

use diesel::prelude::*;
use serde::Serialize;

use super::facts::find_post;
use crate::content::{self, DiffLine};
use crate::db::Tx;
use crate::db::schema::post_revisions;
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Most revisions that are shown, newest first.
const MOST: i64 = 30;

/// One revision of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number; the first is 1.
    pub number: i64,
    /// Who made it.
    pub by: Card,
    /// When.
    pub at: At,
    /// Why, if somebody said so.
    pub note: String,
    /// What changed against the one before; all of it for the first.
    pub lines: Vec<Line>,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Only in the newer one.
    pub added: bool,
    /// Only in the older one.
    pub removed: bool,
    /// Its words.
    pub text: String,
}

type Row = (i64, String, Option<MemberId>, String, At);

/// The revisions of a post, newest first.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal for guests.
pub fn revisions(tx: &mut Tx<'_>, actor: &Actor, post: PostId) -> Result<Vec<Revision>> {
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::SeeRevisions(&law))?;
    let rows: Vec<Row> = post_revisions::table
        .filter(post_revisions::post_id.eq(post))
        .filter(post_revisions::passed.eq(false))
        .order(post_revisions::revision.desc())
        .limit(MOST + 1)
        .select((
            post_revisions::revision,
            post_revisions::body_source,
            post_revisions::edited_by,
            post_revisions::note,
            post_revisions::at,
        ))
        .load(tx.conn)?;
    let people: Vec<MemberId> = rows.iter().filter_map(|row| row.2).collect();
    let cards = members::cards(tx, &people)?;
    let older = rows.iter().skip(1).map(Some).chain([None]);
    let shown = usize::try_from(MOST).unwrap_or(usize::MAX);
    Ok(rows
        .iter()
        .zip(older)
        .take(shown)
        .map(|((number, source, by, note, at), before)| Revision {
            number: *number,
            by: by
                .and_then(|id| cards.get(&id).cloned())
                .unwrap_or_else(Card::nobody),
            at: *at,
            note: note.clone(),
            lines: content::diff_lines(before.map_or("", |b| b.1.as_str()), source)
                .into_iter()
                .map(line)
                .collect(),
        })
        .collect())
}

fn line(line: DiffLine) -> Line {
    let (added, removed, text) = match line {
        DiffLine::Same(text) => (false, false, text),
        DiffLine::Added(text) => (true, false, text),
        DiffLine::Removed(text) => (false, true, text),
    };
    Line {
        added,
        removed,
        text,
    }
}
