//! A thread's heading as one reader sees it, with what the reader may do there. Reads only.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use serde::Serialize;

use super::facts::{ThreadRow, thread_columns};
use super::follow::Level;
use super::limits::PER_PAGE;
use super::list::{CategoryTag, TagLink, tags_of};
use super::overview;
use super::path::{post_anchor_path, post_path, thread_path};
use super::places::places;
use super::reading::posts_behind;
use crate::db::Tx;
use crate::db::schema::{thread_reads, threads};
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result, Stop};
use crate::members::{self, Card};
use crate::policy::{Action, Actor, PostState, ThreadFacts};

/// A thread as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThreadView {
    /// Which one.
    pub id: ThreadId,
    /// Its title.
    pub title: String,
    /// The decorative part of its address.
    pub slug: String,
    /// Its address.
    pub path: String,
    /// Where it stands.
    pub category: CategoryTag,
    /// The category that one stands in.
    pub parent: Option<CategoryTag>,
    /// What it is found by.
    pub tags: Vec<TagLink>,
    /// Its first words, while they can be seen.
    pub summary: String,
    /// The language spoken in it; empty: the site's.
    pub lang: String,
    /// Who started it.
    pub author: Card,
    /// Where it stands in its life.
    pub state: PostState,
    /// Takes no replies.
    pub locked: bool,
    /// Stands at the top of its category.
    pub pinned: bool,
    /// Is read, and takes nothing new.
    pub archived: bool,
    /// Stands on no list.
    pub unlisted: bool,
    /// Seconds between two posts of one member; 0: none.
    pub slow: i64,
    /// Counts changes of title and tags.
    pub revision: i64,
    /// The reply that is marked as the answer.
    pub answer: Option<AnswerLine>,
    /// Visible posts.
    pub post_count: i64,
    /// The number of the last visible post.
    pub last_number: i64,
    /// The highest number ever given.
    pub counter: i64,
    /// Numbers on the way through it, with their days.
    pub marks: Vec<Mark>,
    /// When it was started.
    pub created_at: At,
    /// When somebody last spoke.
    pub last_at: At,
    /// The last number that the reader read; 0 where it was never opened.
    pub last_read: i64,
    /// Visible posts behind that number, counted up to a hundred; 0 where it was never opened.
    pub unread: i64,
    /// It was read only by *mark all as read*, which can be undone.
    #[serde(skip)]
    pub read_unopened: bool,
    /// How much the reader wants to hear of it; nothing for guests.
    pub level: Option<Level>,
    /// Everyone may read it.
    pub public: bool,
    /// The reader may reply; otherwise `why_not` says why not.
    pub can_reply: bool,
    /// The refusal's key; empty where the reader may reply.
    pub why_not: String,
    /// The reader may change title and tags.
    pub can_edit: bool,
    /// The reader may nominate it as a whole.
    pub can_nominate: bool,
    /// The reader may lock, pin, move, hide and delete it.
    pub can_moderate: bool,
}

/// A number on the way through a thread, with its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The number.
    pub number: i64,
    /// Where it stands.
    pub path: String,
    /// When it was said.
    pub at: At,
}

/// Where the answer of a thread stands, as long as it stands in it.
const ANSWER: &str = "(SELECT p.number FROM posts p WHERE p.id = threads.answer_post_id AND p.thread_id = threads.id)";

/// When the visible post at each quarter of a thread was said; nothing where that number is a gap.
fn quarter(number: i64) -> String {
    format!(
        "(SELECT p.created_at FROM posts p WHERE p.thread_id = threads.id AND p.state = 'visible' \
         AND p.number = threads.last_post_number * {number} / 4)"
    )
}

/// The marks of a thread that is long enough to get lost in.
fn marks(row: &ThreadRow, last: i64, quarters: [Option<At>; 3]) -> Vec<Mark> {
    if last <= PER_PAGE * 2 {
        return Vec::new();
    }
    let at = (1..).zip(quarters);
    at.filter_map(|(nth, at)| {
        let number = last * nth / 4;
        Some(Mark {
            number,
            path: post_anchor_path(&row.slug, row.id, number),
            at: at?,
        })
    })
    .collect()
}

/// Where the answer of a thread stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// Its number.
    pub number: i64,
    /// Its permalink.
    pub path: String,
}

/// What a heading needs beyond what the law needs.
#[derive(Queryable)]
struct Rest {
    summary: String,
    lang: String,
    last_number: i64,
    created_at: At,
}

/// A heading that waits for its author's card, and what the law says of it.
pub(super) struct Heading {
    pub view: ThreadView,
    pub author: Option<MemberId>,
    pub answer: Option<PostId>,
    pub law: ThreadFacts,
}

/// A thread's heading.
///
/// # Errors
/// Not found where the thread is not the actor's to see.
pub fn thread_view(tx: &mut Tx<'_>, actor: &Actor, id: ThreadId) -> Result<ThreadView> {
    let mut heading = heading(tx, actor, id)?;
    let people: Vec<MemberId> = heading.author.into_iter().collect();
    let mut cards = members::cards(tx, &people)?;
    if let Some(card) = heading.author.and_then(|author| cards.remove(&author)) {
        heading.view.author = card;
    }
    Ok(heading.view)
}

/// Three queries: categories, the thread, its tags.
#[expect(
    clippy::too_many_lines,
    reason = "one row, field by field, read from top to bottom"
)]
pub(super) fn heading(tx: &mut Tx<'_>, actor: &Actor, id: ThreadId) -> Result<Heading> {
    let places = places(tx)?;
    let me = actor.id();
    let mine = thread_reads::thread_id
        .eq(threads::id)
        .and(thread_reads::member_id.eq(me.unwrap_or(MemberId(0))));
    type Around = (Option<At>, Option<At>, Option<At>, Option<i64>, Option<i64>);
    let (row, rest, reading, around): (ThreadRow, Rest, Option<(i64, Level, Option<i64>)>, Around) =
        threads::table
            .left_join(thread_reads::table.on(mine))
            .filter(threads::id.eq(id))
            .select((
                thread_columns(),
                (
                    threads::summary,
                    threads::lang,
                    threads::last_post_number,
                    threads::created_at,
                ),
                (
                    thread_reads::last_read,
                    thread_reads::level,
                    thread_reads::undo_read,
                )
                    .nullable(),
                (
                    sql::<Nullable<BigInt>>(&quarter(1)),
                    sql::<Nullable<BigInt>>(&quarter(2)),
                    sql::<Nullable<BigInt>>(&quarter(3)),
                    sql::<Nullable<BigInt>>(ANSWER),
                    sql::<Nullable<BigInt>>(&posts_behind(me)),
                ),
            ))
            .first(tx.conn)
            .optional()?
            .or_not_found()?;
    let law = row.facts(&places)?;
    actor.may(&Action::SeeThread(&law))?;
    let category = places.find(law.category.id)?;
    let parent = category.parent.and_then(|id| places.seek(id));
    let lang = if rest.lang.is_empty() {
        category.lang.clone()
    } else {
        rest.lang
    };
    let why_not = match actor.may(&Action::Reply(&law)) {
        Err(Stop::Refused(refusal)) => refusal.key(),
        _ => "",
    };
    let tags = tags_of(tx, &[id])?.remove(&id).unwrap_or_default();
    let answer = row.answer;
    let answered = around.3.map(|number| AnswerLine {
        number,
        path: post_path(&row.slug, id, number),
    });
    let quarters = [around.0, around.1, around.2];
    let marks = marks(&row, rest.last_number, quarters);
    let view = ThreadView {
        id,
        path: thread_path(&row.slug, id),
        title: row.title,
        slug: row.slug,
        category: overview::tag(category),
        parent: parent.map(overview::tag),
        tags,
        summary: rest.summary,
        lang,
        author: Card::nobody(),
        state: row.state,
        locked: row.locked,
        pinned: row.pinned,
        archived: row.archived,
        unlisted: row.unlisted,
        slow: row.slow,
        revision: row.revision,
        answer: answered,
        post_count: row.post_count,
        last_number: rest.last_number,
        counter: row.post_counter,
        marks,
        created_at: rest.created_at,
        last_at: row.last_post_at,
        last_read: reading.map_or(0, |(read, ..)| read),
        unread: around.4.unwrap_or(0),
        read_unopened: reading.is_some_and(|(.., undo)| undo.is_some()),
        level: me.map(|_| reading.map_or(Level::Normal, |(_, level, _)| level)),
        public: law.category.is_public() && row.state == PostState::Visible && !row.unlisted,
        can_reply: why_not.is_empty(),
        why_not: why_not.to_owned(),
        can_edit: actor.can(&Action::EditThread(&law)),
        can_nominate: actor.can(&Action::NominateThread(&law)),
        can_moderate: actor.can(&Action::ModerateThread(&law)),
    };
    Ok(Heading {
        view,
        author: row.author,
        answer,
        law,
    })
}
