//! Splitting posts off into a thread of their own, merging a thread into another one, and sending posts home again. An
//! address that was ever given leads to its post for ever: `post_addresses` remembers all of them.

use diesel::prelude::*;

use super::facts::{ThreadRow, find_thread, thread_columns};
use super::start::SUMMARY_CHARS;
use super::title::Title;
use super::{answer, counters, index, read_marks};
use crate::audit;
use crate::content;
use crate::db::schema::{post_addresses, posts, threads};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{At, Event, Refusal, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor, PostState};

/// Most posts that go to another thread in one step: within the time that a write may take.
const MOST: usize = 500;

/// Splits posts, by their numbers, off into a new thread of the same category. The first post of a thread stays.
///
/// # Errors
/// Not found where the thread is not the actor's to see; a refusal where the actor does not moderate there; a problem
/// with `posts` where none, too many, the first or an unknown one is named.
pub fn split_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    numbers: &[i64],
    title: &Title,
    reason: Option<&str>,
) -> Result<ThreadId> {
    tx.lock(Lock::Thread(thread))?;
    let (row, law) = find_thread(tx, thread)?;
    actor.may(&Action::ModerateThread(&law))?;
    let moving = chosen(tx, thread, numbers)?;

    let (author, begun): (Option<MemberId>, At) = posts::table
        .filter(posts::id.eq_any(&moving))
        .order(posts::number)
        .select((posts::author_id, posts::created_at))
        .first(tx.conn)?;
    let now = tx.now();
    let new: ThreadId = diesel::insert_into(threads::table)
        .values((
            threads::category_id.eq(row.category),
            threads::author_id.eq(author),
            threads::title.eq(title.as_str()),
            threads::slug.eq(title.slug()),
            // It counts nothing until its posts have come, and is as visible as the thread it came from.
            threads::state.eq(PostState::Deleted),
            threads::created_at.eq(begun),
            threads::last_post_at.eq(begun),
            threads::updated_at.eq(now),
        ))
        .returning(threads::id)
        .get_result(tx.conn)?;
    tx.lock(Lock::Thread(new))?;
    rehome(tx, &moving, new, 0)?;
    settle(tx, &row, row.state)?;
    let (fresh, _) = find_thread(tx, new)?;
    settle(tx, &fresh, row.state)?;
    told(tx, &moving, new)?;

    // The mark of the answer went with its post; undoing finds it here.
    let answer = row.answer.filter(|post| moving.contains(post));
    let details = serde_json::json!({ "to": new, "posts": moving.len(), "answer": answer });
    let about = audit::subject("thread", thread.0);
    audit::record(tx, actor, "thread.split", about, details, reason)?;
    Ok(new)
}

fn chosen(tx: &mut Tx<'_>, thread: ThreadId, numbers: &[i64]) -> Result<Vec<PostId>> {
    let mut wanted = numbers.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() || wanted.len() > MOST {
        return Err(Stop::invalid("posts", "split-some"));
    }
    let found: Vec<(PostId, i64)> = posts::table
        .filter(posts::thread_id.eq(thread))
        .filter(posts::number.eq_any(&wanted))
        .order(posts::number)
        .select((posts::id, posts::number))
        .load(tx.conn)?;
    let first: Option<i64> = posts::table
        .filter(posts::thread_id.eq(thread))
        .select(diesel::dsl::min(posts::number))
        .first(tx.conn)?;
    if found.len() != wanted.len() {
        return Err(Stop::invalid("posts", "split-unknown"));
    }
    if found.iter().any(|(_, number)| Some(*number) == first) {
        return Err(Stop::invalid("posts", "split-first"));
    }
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// Merges a thread into another one: its posts stand at the end of that, in their order, and every old address leads on.
///
/// # Errors
/// Not found where either is not the actor's to see; a refusal where the actor does not moderate both, they are the same,
/// or one of them cannot be seen; a problem with `into` where there are too many posts for one step.
pub fn merge_threads(
    tx: &mut Tx<'_>,
    actor: &Actor,
    from: ThreadId,
    into: ThreadId,
    reason: Option<&str>,
) -> Result<()> {
    if from == into {
        return Err(Stop::invalid("into", "merge-same"));
    }
    for id in [from.min(into), from.max(into)] {
        tx.lock(Lock::Thread(id))?;
    }
    let (row, law) = find_thread(tx, from)?;
    let (target, other) = find_thread(tx, into)?;
    actor.may(&Action::ModerateThread(&law))?;
    actor.may(&Action::ModerateThread(&other))?;
    if row.state != PostState::Visible || target.state != PostState::Visible {
        return Err(Refusal::WrongState("hidden").into());
    }
    let moving: Vec<PostId> = posts::table
        .filter(posts::thread_id.eq(from))
        .order(posts::number)
        .limit(MOST as i64 + 1)
        .select(posts::id)
        .load(tx.conn)?;
    if moving.len() > MOST {
        return Err(Stop::invalid("into", "merge-too-many"));
    }
    rehome(tx, &moving, into, target.post_counter)?;
    read_marks::carry(tx, from, into)?;
    diesel::update(threads::table.find(from))
        .set(threads::merged_into_id.eq(Some(into)))
        .execute(tx.conn)?;
    settle(tx, &row, PostState::Deleted)?;
    settle(tx, &target, PostState::Visible)?;
    told(tx, &moving, into)?;

    let answer = row.answer;
    let details = serde_json::json!({ "into": into, "posts": moving.len(), "answer": answer });
    let about = audit::subject("thread", from.0);
    audit::record(tx, actor, "thread.merged", about, details, reason)
}

/// Sends the posts that once stood in `home` and stand in `away` now back to their old numbers: undoes a split or a
/// merge. What was written since stays where it is; a thread that is left empty leads on to `home`. `answer` is the post
/// that was marked as the answer before; it is again, if it has come home and no other one is.
///
/// # Errors
/// As [`merge_threads`]; stale where nothing is left to send.
pub fn send_posts_home(
    tx: &mut Tx<'_>,
    actor: &Actor,
    home: ThreadId,
    away: ThreadId,
    answer: Option<PostId>,
) -> Result<()> {
    for id in [home.min(away), home.max(away)] {
        tx.lock(Lock::Thread(id))?;
    }
    let (row, law) = find_thread(tx, home)?;
    let (other, its_law) = find_thread(tx, away)?;
    actor.may(&Action::ModerateThread(&law))?;
    actor.may(&Action::ModerateThread(&its_law))?;
    let known: Vec<(PostId, i64)> = posts::table
        .inner_join(post_addresses::table.on(post_addresses::post_id.eq(posts::id)))
        .filter(posts::thread_id.eq(away))
        .filter(post_addresses::thread_id.eq(home))
        .order(post_addresses::number)
        .limit(MOST as i64 * 2)
        .select((posts::id, post_addresses::number))
        .load(tx.conn)?;
    if known.is_empty() {
        return Err(Refusal::Stale.into());
    }
    let mut moving = Vec::new();
    for (post, number) in known {
        if moving.contains(&post) {
            continue;
        }
        put(tx, post, home, number)?;
        moving.push(post);
    }
    diesel::update(threads::table.find(home))
        .set(threads::merged_into_id.eq(None::<ThreadId>))
        .execute(tx.conn)?;
    let left: Option<PostId> = posts::table
        .filter(posts::thread_id.eq(away))
        .select(posts::id)
        .first(tx.conn)
        .optional()?;
    let was = row.merged;
    let to = if was.is_some() {
        PostState::Visible
    } else {
        row.state
    };
    settle(tx, &row, to)?;
    if left.is_none() {
        diesel::update(threads::table.find(away))
            .set(threads::merged_into_id.eq(Some(home)))
            .execute(tx.conn)?;
        settle(tx, &other, PostState::Deleted)?;
    } else {
        settle(tx, &other, other.state)?;
    }
    if let Some(answer) = answer.filter(|post| moving.contains(post)) {
        answer::again(tx, home, answer)?;
    }
    told(tx, &moving, home)?;
    let details = serde_json::json!({ "from": away, "posts": moving.len() });
    let about = audit::subject("thread", home.0);
    audit::record(tx, actor, "thread.posts_home", about, details, None)
}

/// Where a merged thread went: its address leads on.
///
/// # Errors
/// Not found where the thread that it leads to is not the actor's to see.
pub fn merged_into(tx: &mut Tx<'_>, actor: &Actor, thread: ThreadId) -> Result<Option<ThreadId>> {
    let mut at = thread;
    // A merged thread can be merged on; nobody walks in a circle.
    for _ in 0..8 {
        let next: Option<Option<ThreadId>> = threads::table
            .find(at)
            .select(threads::merged_into_id)
            .first(tx.conn)
            .optional()?;
        match next.flatten() {
            Some(next) => at = next,
            None => break,
        }
    }
    if at == thread {
        return Ok(None);
    }
    let (_, law) = find_thread(tx, at)?;
    actor.may(&Action::SeeThread(&law))?;
    Ok(Some(at))
}

/// Puts posts behind number `after` of a thread, in their order, with an address each.
fn rehome(tx: &mut Tx<'_>, moving: &[PostId], to: ThreadId, after: i64) -> Result<()> {
    for (step, post) in (1_i64..).zip(moving) {
        put(tx, *post, to, after + step)?;
    }
    Ok(())
}

fn put(tx: &mut Tx<'_>, post: PostId, thread: ThreadId, number: i64) -> Result<()> {
    diesel::update(posts::table.find(post))
        .set((posts::thread_id.eq(thread), posts::number.eq(number)))
        .execute(tx.conn)?;
    let address = (
        post_addresses::thread_id.eq(thread),
        post_addresses::number.eq(number),
        post_addresses::post_id.eq(post),
    );
    each_backend!(tx.conn, c => diesel::insert_into(post_addresses::table)
        .values(address)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Counts a thread again after posts came or went, and puts it into a state. `before` is its row as it was counted.
fn settle(tx: &mut Tx<'_>, before: &ThreadRow, to: PostState) -> Result<()> {
    let id = before.id;
    let first: Option<(PostId, PostState, String)> = posts::table
        .filter(posts::thread_id.eq(id))
        .order(posts::number)
        .select((posts::id, posts::state, posts::body_html))
        .first(tx.conn)
        .optional()?;
    let highest: Option<i64> = posts::table
        .filter(posts::thread_id.eq(id))
        .select(diesel::dsl::max(posts::number))
        .first(tx.conn)?;
    let visible: i64 = posts::table
        .filter(posts::thread_id.eq(id))
        .filter(posts::state.eq(PostState::Visible))
        .count()
        .get_result(tx.conn)?;
    let summary = match &first {
        Some((_, PostState::Visible, html)) => content::open_summary(html, SUMMARY_CHARS),
        _ => String::new(),
    };
    diesel::update(threads::table.find(id))
        .set((
            threads::state.eq(to),
            threads::first_post_id.eq(first.as_ref().map(|f| f.0)),
            threads::summary.eq(summary),
            threads::post_counter.eq(before.post_counter.max(highest.unwrap_or(0))),
            threads::post_count.eq(visible),
        ))
        .execute(tx.conn)?;
    let now: ThreadRow = threads::table
        .find(id)
        .select(thread_columns())
        .first(tx.conn)?;
    // Who spoke last, without counting anything: categories are counted below.
    counters::thread_changed(
        tx,
        &ThreadRow {
            category: None,
            ..now.clone()
        },
        0,
    )?;
    let counted = |state: PostState| i64::from(state == PostState::Visible);
    let threads_more = counted(to) - counted(before.state);
    let posts_more = counted(to) * visible - counted(before.state) * before.post_count;
    if let Some(category) = now.category {
        counters::category_changed(tx, category, threads_more, posts_more)?;
    }
    if let Some(author) = now.author.filter(|_| threads_more != 0) {
        members::counted(tx, author, threads_more, 0)?;
    }
    if let Some(answering) = now.answer {
        let here: Option<PostId> = posts::table
            .find(answering)
            .filter(posts::thread_id.eq(id))
            .select(posts::id)
            .first(tx.conn)
            .optional()?;
        if here.is_none() {
            answer::forget(tx, id)?;
        }
    }
    index::thread(tx, id)
}

/// The search index follows, and rooms above hear of it.
fn told(tx: &mut Tx<'_>, moving: &[PostId], thread: ThreadId) -> Result<()> {
    for post in moving {
        index::post(tx, *post)?;
    }
    let (_, law) = find_thread(tx, thread)?;
    tx.tell(&Event::PostsMoved {
        posts: moving.to_vec(),
        thread,
        category: law.category.id,
    })?;
    tx.tell(&Event::ThreadsMoved {
        threads: vec![thread],
        to: law.category.id,
    })
}
