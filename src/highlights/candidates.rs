//! The candidates of the week: threads that deserve a look, weighed by a job, so that choosing takes fifteen minutes.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::json;

use super::fairness;
use super::state::State;
use crate::audit::{self, subject};
use crate::db::schema::{candidates, highlights};
use crate::db::{Tx, jobs};
use crate::each_backend;
use crate::forum::{self, Lively};
use crate::kit::clock::DAY;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{At, Refusal, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// The kind of the job that weighs.
pub const WEIGH: &str = "candidates.weigh";
/// Days that are looked back.
pub const CANDIDATE_DAYS: i64 = 14;
/// Most threads that are weighed.
pub const MOST_WEIGHED: i64 = 300;
/// Candidates on a page.
const PAGE: i64 = 30;
/// Days after which somebody's "not this one" is forgotten, once the thread has gone quiet.
const FORGET_DAYS: i64 = 90;

/// Points for each person who took part.
pub const POINTS_PARTICIPANT: i64 = 2;
/// Points for each time a post of it was saved.
pub const POINTS_SAVED: i64 = 3;
/// Points for an answer.
pub const POINTS_SOLVED: i64 = 5;
/// Points for each person who spoke here for the first time.
pub const POINTS_FIRST_VOICE: i64 = 4;
/// What is left, in percent, for each better one of the same category.
pub const SPREAD_PERCENT: i64 = 80;

/// A thread with its score in hundredths; `place` counts from 0 within its category.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Weighed {
    lively: Lively,
    place: i64,
    score: i64,
}

/// The formula: points for what happened, then less for each better one of the same category, so that all are heard.
fn weigh(found: Vec<Lively>) -> Vec<Weighed> {
    let points = |l: &Lively| {
        POINTS_PARTICIPANT * l.participants
            + POINTS_SAVED * l.saved
            + if l.solved { POINTS_SOLVED } else { 0 }
            + POINTS_FIRST_VOICE * l.first_voices
    };
    let mut found = found;
    found.sort_by_key(|l| (-points(l), l.thread));
    let mut places: HashMap<_, i64> = HashMap::new();
    let mut weighed: Vec<Weighed> = found
        .into_iter()
        .map(|lively| {
            let place = places.entry(lively.category).or_insert(0);
            let mut score = points(&lively) * 100;
            for _ in 0..*place {
                score = score * SPREAD_PERCENT / 100;
            }
            let weighed = Weighed {
                place: *place,
                score,
                lively,
            };
            *place += 1;
            weighed
        })
        .collect();
    weighed.sort_by_key(|w| (-w.score, w.lively.thread));
    weighed
}

/// The round: asks for a weighing, once however many nodes ask.
///
/// # Errors
/// A fault where the database fails.
pub fn ask_for_weighing(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue_at(tx, WEIGH, &json!({}), now, Some(WEIGH)).map(drop)
}

/// What the job reads: outside of any write, because it looks at many rows.
///
/// # Errors
/// A fault where the database fails.
pub fn to_weigh(tx: &mut Tx<'_>) -> Result<Vec<Lively>> {
    let since = tx.now().plus(-CANDIDATE_DAYS * DAY);
    forum::lively(tx, since, MOST_WEIGHED)
}

/// What the job writes: the ranking takes the place of the one before; who was put aside stays aside.
///
/// # Errors
/// A fault where the database fails.
pub fn keep_candidates(tx: &mut Tx<'_>, found: Vec<Lively>) -> Result<()> {
    let now = tx.now();
    let weighed = weigh(found);
    let kept: Vec<ThreadId> = weighed.iter().map(|w| w.lively.thread).collect();
    let forgotten = candidates::dismissed_at.lt(now.plus(-FORGET_DAYS * DAY));
    diesel::delete(
        candidates::table
            .filter(candidates::thread_id.ne_all(kept))
            .filter(candidates::dismissed_at.is_null().or(forgotten)),
    )
    .execute(tx.conn)?;
    for one in weighed {
        let figures = (
            candidates::category_id.eq(one.lively.category),
            candidates::post_id.eq(one.lively.post),
            candidates::participants.eq(one.lively.participants),
            candidates::saved.eq(one.lively.saved),
            candidates::solved.eq(one.lively.solved),
            candidates::first_voices.eq(one.lively.first_voices),
            candidates::place.eq(one.place),
            candidates::score.eq(one.score),
            candidates::weighed_at.eq(now),
        );
        each_backend!(tx.conn, c => diesel::insert_into(candidates::table)
            .values((candidates::thread_id.eq(one.lively.thread), figures))
            .on_conflict(candidates::thread_id)
            .do_update()
            .set(figures)
            .execute(c))?;
    }
    Ok(())
}

/// A candidate as the page shows it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The thread.
    pub thread: ThreadId,
    /// Its heading and where it stands.
    pub line: forum::ThreadLine,
    /// The post to begin with.
    pub post: PostId,
    /// Its permalink.
    pub post_path: String,
    /// Its first words.
    pub words: String,
    /// Who wrote that post.
    pub author: Card,
    /// How often words of that author were nominated.
    pub author_nominated: i64,
    /// Different people who wrote.
    pub participants: i64,
    /// How often posts were saved.
    pub saved: i64,
    /// One reply is the answer.
    pub solved: bool,
    /// People who spoke here for the first time.
    pub first_voices: i64,
    /// How many of the same category stand before it.
    pub place: i64,
    /// The score, in hundredths.
    pub score: i64,
    /// When it was put aside.
    pub dismissed_at: Option<At>,
}

#[derive(Queryable)]
struct Row {
    thread: ThreadId,
    post: PostId,
    participants: i64,
    saved: i64,
    solved: bool,
    first_voices: i64,
    place: i64,
    score: i64,
    dismissed_at: Option<At>,
}

/// A page of the ranking, or of what was put aside. What was nominated in these weeks is left out; so is what is not
/// open to everybody any more.
///
/// # Errors
/// Refused to whoever does not choose candidates; a fault where the database fails.
pub fn candidates_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    aside: bool,
    after: Option<Cursor>,
) -> Result<(Vec<Candidate>, Option<Cursor>)> {
    actor.may(&Action::SeeCandidates)?;
    let (score, id) = after
        .and_then(|c| c.as_two())
        .unwrap_or((i64::MAX, i64::MIN));
    let since = tx.now().plus(-CANDIDATE_DAYS * 2 * DAY);
    let nominated = highlights::table
        .filter(highlights::thread_id.eq(candidates::thread_id.nullable()))
        .filter(highlights::created_at.ge(since))
        .filter(highlights::state.ne_all([State::Refused, State::Returned]));
    let mut query = candidates::table
        .filter(
            candidates::score.lt(score).or(candidates::score
                .eq(score)
                .and(candidates::thread_id.gt(ThreadId(id)))),
        )
        .filter(not(exists(nominated)))
        .order((candidates::score.desc(), candidates::thread_id))
        .limit(PAGE + 1)
        .select((
            candidates::thread_id,
            candidates::post_id,
            candidates::participants,
            candidates::saved,
            candidates::solved,
            candidates::first_voices,
            candidates::place,
            candidates::score,
            candidates::dismissed_at,
        ))
        .into_boxed();
    query = if aside {
        query.filter(candidates::dismissed_at.is_not_null())
    } else {
        query.filter(candidates::dismissed_at.is_null())
    };
    let mut rows: Vec<Row> = query.load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |row| Cursor::two(row.score, row.thread.0));
    let threads: Vec<ThreadId> = rows.iter().map(|row| row.thread).collect();
    let posts: Vec<PostId> = rows.iter().map(|row| row.post).collect();
    let mut lines = forum::thread_lines(tx, &threads)?;
    let mut heads = forum::post_lines(tx, &posts)?;
    let people: Vec<MemberId> = heads.values().filter_map(|head| head.author).collect();
    let cards = members::cards(tx, &people)?;
    let times = fairness::nominated_times(tx, &people)?;
    let found = rows.into_iter().filter_map(|row| {
        let line = lines.remove(&row.thread).filter(|line| line.open)?;
        let head = heads.remove(&row.post)?;
        let author = head.author.and_then(|id| cards.get(&id).cloned());
        Some(Candidate {
            thread: row.thread,
            line,
            post: row.post,
            post_path: head.path,
            words: head.words,
            author: author.unwrap_or_else(Card::nobody),
            author_nominated: head
                .author
                .and_then(|id| times.get(&id).copied())
                .unwrap_or(0),
            participants: row.participants,
            saved: row.saved,
            solved: row.solved,
            first_voices: row.first_voices,
            place: row.place,
            score: row.score,
            dismissed_at: row.dismissed_at,
        })
    });
    Ok((found.collect(), next))
}

/// Puts a candidate aside for everybody, or brings it back.
///
/// # Errors
/// Refused to whoever does not choose candidates; not found where it is none.
pub fn put_aside(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId, aside: bool) -> Result<()> {
    actor.may(&Action::SeeCandidates)?;
    let now = tx.now();
    let changed = diesel::update(candidates::table.find(thread))
        .set((
            candidates::dismissed_at.eq(Some(now).filter(|_| aside)),
            candidates::dismissed_by.eq(actor.id().filter(|_| aside)),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(Refusal::NotFound.into());
    }
    let what = if aside {
        "candidate.put_aside"
    } else {
        "candidate.brought_back"
    };
    audit::record(
        tx,
        actor,
        what,
        subject("thread", thread.0),
        json!({}),
        None,
    )
}

/// The threads of a page whose authors were never nominated, for a line above the list.
#[must_use]
pub fn never_heard(found: &[Candidate]) -> usize {
    let never: HashSet<MemberId> = found
        .iter()
        .filter(|c| c.author_nominated == 0 && !c.author.erased)
        .map(|c| c.author.id)
        .collect();
    never.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kit::ids::CategoryId;

    fn lively(thread: i64, category: i64, participants: i64) -> Lively {
        Lively {
            thread: ThreadId(thread),
            category: CategoryId(category),
            post: PostId(thread),
            participants,
            saved: 0,
            solved: false,
            first_voices: 0,
        }
    }

    #[test]
    fn each_figure_counts_as_the_page_says() {
        let one = Lively {
            saved: 2,
            solved: true,
            first_voices: 1,
            ..lively(1, 1, 3)
        };
        assert_eq!(weigh(vec![one])[0].score, (2 * 3 + 3 * 2 + 5 + 4) * 100);
    }

    #[test]
    fn the_second_of_a_category_gives_way_to_the_first_of_another() {
        let ranked = weigh(vec![lively(1, 1, 10), lively(2, 1, 9), lively(3, 2, 8)]);
        let order: Vec<i64> = ranked.iter().map(|w| w.lively.thread.0).collect();
        assert_eq!(order, [1, 3, 2]);
        assert_eq!(ranked[2].score, 1_440);
    }

    proptest! {
        /// More of anything never ranks a thread lower among others that stay as they are.
        #[test]
        fn more_is_never_less(others in prop::collection::vec((1..4_i64, 0..30_i64), 0..12), own in 0..30_i64, more in 0..10_i64) {
            let rank = |participants| {
                let mut all: Vec<Lively> = (2..).zip(&others).map(|(id, (category, n))| lively(id, *category, *n)).collect();
                all.push(lively(1, 1, participants));
                weigh(all).iter().position(|w| w.lively.thread.0 == 1)
            };
            prop_assert!(rank(own + more) <= rank(own));
        }
    }
}
