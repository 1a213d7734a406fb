//! A long thread at a glance: who talks in it, what many answered or kept, and threads about the same. Reads only.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use serde::Serialize;

use super::path::post_path;
use super::reaction::{self, Tally};
use super::search::alike_threads;
use super::thread_view::{ThreadView, thread_view};
use crate::content;
use crate::db::Tx;
use crate::db::schema::posts;
use crate::kit::Result;
use crate::kit::ids::{MemberId, ThreadId};
use crate::members::{self, Card};
use crate::policy::{Actor, PostState};

/// People that are named.
const PEOPLE: i64 = 12;
/// Posts that are shown.
const POSTS: i64 = 6;
/// Threads about the same.
const RELATED: usize = 6;
/// Characters of a post that are shown.
const WORDS: usize = 320;

/// Somebody who talks in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voice {
    /// Who it is.
    pub person: Card,
    /// Visible posts of theirs in it.
    pub posts: i64,
}

/// A post that many answered without words, or kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its number.
    pub number: i64,
    /// Its permalink.
    pub path: String,
    /// Who wrote it.
    pub author: Card,
    /// Its first words.
    pub words: String,
    /// How it was answered without words.
    pub reactions: Vec<Tally>,
    /// How often it was saved.
    pub saves: i64,
}

/// A thread about the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its title.
    pub title: String,
    /// Its address.
    pub path: String,
}

/// A long thread at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The thread.
    pub thread: ThreadView,
    /// Who talks in it, most posts first.
    pub voices: Vec<Voice>,
    /// What many answered without words or kept, in the order of the thread.
    pub kept: Vec<Kept>,
    /// Threads about the same.
    pub related: Vec<Related>,
}

type Row = (i64, Option<MemberId>, String, String, i64);

/// A thread at a glance.
///
/// # Errors
/// Not found where the thread is not the actor's to see.
pub fn summary(tx: &mut Tx<'_>, actor: &Actor, id: ThreadId) -> Result<Summary> {
    let thread = thread_view(tx, actor, id)?;
    let counted: Vec<(Option<MemberId>, i64)> = posts::table
        .filter(posts::thread_id.eq(id))
        .filter(posts::state.eq(PostState::Visible))
        .filter(posts::author_id.is_not_null())
        .group_by(posts::author_id)
        .order((count_star().desc(), posts::author_id))
        .limit(PEOPLE)
        .select((posts::author_id, count_star()))
        .load(tx.conn)?;
    let mut rows: Vec<Row> = posts::table
        .filter(posts::thread_id.eq(id))
        .filter(posts::state.eq(PostState::Visible))
        // As the index says it, so that it is used: the six are found without looking at the others.
        .filter(sql::<Bool>(
            "(posts.reaction_count > 0 OR posts.bookmark_count > 0)",
        ))
        .order((
            sql::<BigInt>("(posts.reaction_count + posts.bookmark_count)").desc(),
            posts::number,
        ))
        .limit(POSTS)
        .select((
            posts::number,
            posts::author_id,
            posts::body_html,
            posts::reactions,
            posts::bookmark_count,
        ))
        .load(tx.conn)?;
    rows.sort_unstable_by_key(|row| row.0);
    let people: Vec<MemberId> = counted
        .iter()
        .map(|(id, _)| *id)
        .chain(rows.iter().map(|row| row.1))
        .flatten()
        .collect();
    let cards = members::cards_for(tx, actor.id(), &people)?;
    let card = |id: Option<MemberId>| {
        id.and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody)
    };
    let voices = counted.into_iter().map(|(id, posts)| Voice {
        person: card(id),
        posts,
    });
    let kept = rows
        .into_iter()
        .map(|(number, author, html, answers, saves)| Kept {
            number,
            path: post_path(&thread.slug, id, number),
            author: card(author),
            words: content::open_summary(&html, WORDS),
            reactions: reaction::read(&answers, None),
            saves,
        });
    let kept = kept.filter(|kept| !kept.author.ignored).collect();
    let voices = voices.collect();
    let related = alike_threads(tx, actor, &thread.title, &thread.summary, Some(id), RELATED)?;
    let related = related
        .into_iter()
        .map(|(_, title, path)| Related { title, path });
    Ok(Summary {
        voices,
        kept,
        related: related.collect(),
        thread,
    })
}
