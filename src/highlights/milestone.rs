//! Milestones: what the community, or one member, reached. They are counted by a round, kept when they are reached,
//! and nominated like anything else; one that names a member needs that member's consent.

use diesel::prelude::*;

use super::highlight;
use super::state::State;
use crate::db::Tx;
use crate::db::schema::milestones;
use crate::each_backend;
use crate::forum;
use crate::kit::clock::SECOND;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId, MilestoneId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Counts that are worth a word.
const COUNTS: &[i64] = &[
    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
    500_000, 1_000_000, 10_000_000,
];
/// Posts of one member that are worth a word.
const OWN_POSTS: &[i64] = &[25, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
/// Up to this count it is looked up which thread it was.
const LOOKED_UP: i64 = 100_000;
/// Seconds in a year, leap years counted in.
const YEAR: i64 = 31_556_952;
/// The last posts whose authors are looked at.
const RECENT: i64 = 500;
/// Milestones on a page.
const PAGE: i64 = 30;

crate::text_enum! {
    /// What was reached.
    pub enum MilestoneKind {
        /// So many threads.
        Threads = "threads",
        /// So many posts.
        Posts = "posts",
        /// So many members.
        Members = "members",
        /// So many years since the first thread.
        Years = "years",
        /// So many posts of one member.
        MemberPosts = "member_posts",
    }
}

/// A milestone as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Which one.
    pub id: MilestoneId,
    /// What was reached.
    pub kind: MilestoneKind,
    /// How many.
    pub number: i64,
    /// Whose it is; `None` where it is everybody's.
    pub member: Option<MemberId>,
    /// The thread that made it.
    pub thread: Option<ThreadId>,
    /// The highlight that carries it, the last one.
    pub highlight: Option<HighlightId>,
    /// When.
    pub reached_at: At,
}

type Row = (
    MilestoneId,
    MilestoneKind,
    i64,
    i64,
    Option<ThreadId>,
    Option<HighlightId>,
    At,
);

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        milestones::id,
        milestones::kind,
        milestones::number,
        milestones::member_id,
        milestones::thread_id,
        milestones::highlight_id,
        milestones::reached_at,
    )
}

fn milestone((id, kind, number, member, thread, highlight, reached_at): Row) -> Milestone {
    Milestone {
        id,
        kind,
        number,
        member: Some(MemberId(member)).filter(|m| m.0 != 0),
        thread,
        highlight,
        reached_at,
    }
}

fn find(tx: &mut Tx<'_>, id: MilestoneId) -> Result<Milestone> {
    let row: Row = milestones::table
        .find(id)
        .select(columns())
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    Ok(milestone(row))
}

/// The round: keeps what was reached since it last looked. Counted anew each time, so that nothing is missed.
///
/// # Errors
/// A fault where the database fails.
pub fn keep_milestones(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let totals = forum::totals(tx)?;
    let mut reached = Vec::new();
    let members = members::total(tx)?;
    for (kind, count) in [
        (MilestoneKind::Threads, totals.threads),
        (MilestoneKind::Posts, totals.posts),
        (MilestoneKind::Members, members),
    ] {
        let passed = COUNTS.iter().filter(|n| **n <= count);
        reached.extend(passed.map(|n| (kind, *n, 0, now)));
    }
    if let Some(since) = totals.since {
        let years = now.since(since) / (YEAR * SECOND);
        reached.extend((1..=years.min(100)).map(|n| {
            let day = since.plus(n * (YEAR * SECOND));
            (MilestoneKind::Years, n, 0, day)
        }));
    }
    let recent: Vec<MemberId> = forum::recent_authors(tx, RECENT)?.into_iter().collect();
    for (member, posts) in members::post_counts(tx, &recent)? {
        let passed = OWN_POSTS.iter().rfind(|n| **n <= posts);
        reached.extend(passed.map(|n| (MilestoneKind::MemberPosts, *n, member.0, now)));
    }
    for (kind, number, member, at) in reached {
        keep(tx, kind, number, member, at)?;
    }
    Ok(())
}

fn keep(tx: &mut Tx<'_>, kind: MilestoneKind, number: i64, member: i64, at: At) -> Result<()> {
    let known: Option<MilestoneId> = milestones::table
        .filter(milestones::kind.eq(kind))
        .filter(milestones::number.eq(number))
        .filter(milestones::member_id.eq(member))
        .select(milestones::id)
        .first(tx.conn)
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    let thread = match kind {
        MilestoneKind::Threads if number <= LOOKED_UP => forum::nth_thread(tx, number)?,
        _ => None,
    };
    let at = thread.map_or(at, |(_, at)| at);
    each_backend!(tx.conn, c => diesel::insert_into(milestones::table)
        .values((
            milestones::kind.eq(kind),
            milestones::number.eq(number),
            milestones::member_id.eq(member),
            milestones::thread_id.eq(thread.map(|(id, _)| id)),
            milestones::reached_at.eq(at),
        ))
        .on_conflict((milestones::kind, milestones::number, milestones::member_id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// The milestone, if this actor may nominate it now.
pub(super) fn nominable(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MilestoneId,
    besides: Option<HighlightId>,
    problems: &mut Problems,
) -> Result<Milestone> {
    let found = find(tx, id)?;
    actor.may(&Action::NominateMilestone)?;
    if let Some(thread) = found.thread {
        actor.may(&Action::NominateThread(&forum::thread_facts(tx, thread)?))?;
    }
    if let Some(member) = found.member
        && members::card(tx, member)?.erased
    {
        return Err(Refusal::NotNominable.into());
    }
    let carried = match found.highlight.filter(|h| Some(*h) != besides) {
        Some(other) => highlight::find(tx, other)?.state,
        None => State::Withdrawn,
    };
    match (carried, found.member) {
        // Whoever said no to their milestone is not asked again by others.
        (State::Declined, Some(member)) if actor.id() != Some(member) => {
            return Err(Refusal::DeclinedBefore.into());
        }
        (state, _) if !state.is_over() => problems.add("title", "milestone-on-its-way", &[]),
        _ => {}
    }
    Ok(found)
}

/// Notes which highlight carries it now.
pub(super) fn carried_by(tx: &mut Tx<'_>, id: MilestoneId, highlight: HighlightId) -> Result<()> {
    diesel::update(milestones::table.find(id))
        .set(milestones::highlight_id.eq(highlight))
        .execute(tx.conn)?;
    Ok(())
}

/// The milestone that a highlight carries.
pub(super) fn of_highlight(tx: &mut Tx<'_>, highlight: HighlightId) -> Result<Option<Milestone>> {
    let row: Option<Row> = milestones::table
        .filter(milestones::highlight_id.eq(highlight))
        .select(columns())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(milestone))
}

/// A milestone as those who nominate see it.
#[derive(Debug, Clone)]
pub struct MilestoneLine {
    /// The milestone.
    pub milestone: Milestone,
    /// Whose it is.
    pub member: Option<Card>,
    /// The thread that made it: title and path, while everybody may read it.
    pub thread: Option<(String, String)>,
    /// Where the highlight stands that carries it.
    pub state: Option<State>,
    /// It can be nominated.
    pub free: bool,
}

/// What was reached, the latest first.
///
/// # Errors
/// Refused to whoever may not nominate; a fault where the database fails.
pub fn milestones(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<MilestoneLine>, Option<Cursor>)> {
    actor.may(&Action::NominateMilestone)?;
    let (at, id) = after
        .and_then(|c| c.as_two())
        .unwrap_or((i64::MAX, i64::MAX));
    let mut rows: Vec<Row> = milestones::table
        .filter(
            milestones::reached_at.lt(At(at)).or(milestones::reached_at
                .eq(At(at))
                .and(milestones::id.lt(MilestoneId(id)))),
        )
        .order((milestones::reached_at.desc(), milestones::id.desc()))
        .limit(PAGE + 1)
        .select(columns())
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |row| Cursor::two(row.6.0, row.0.0));
    let found: Vec<Milestone> = rows.into_iter().map(milestone).collect();
    let threads: Vec<ThreadId> = found.iter().filter_map(|m| m.thread).collect();
    let threads = forum::thread_lines(tx, &threads)?;
    let people: Vec<MemberId> = found.iter().filter_map(|m| m.member).collect();
    let cards = members::cards(tx, &people)?;
    let carriers: Vec<HighlightId> = found.iter().filter_map(|m| m.highlight).collect();
    let states = highlight::states(tx, &carriers)?;
    let lines = found.into_iter().map(|milestone| {
        let member = milestone.member.and_then(|id| cards.get(&id).cloned());
        let line = milestone.thread.and_then(|id| threads.get(&id));
        let state = milestone.highlight.and_then(|id| states.get(&id).copied());
        let open = milestone.thread.is_none() || line.is_some_and(|line| line.open);
        let gone = member.as_ref().is_some_and(|card| card.erased);
        MilestoneLine {
            free: open && !gone && state.is_none_or(State::is_over),
            thread: line
                .filter(|line| line.open)
                .map(|line| (line.title.clone(), line.path.clone())),
            member,
            state,
            milestone,
        }
    });
    Ok((lines.collect(), next))
}

/// One milestone, for its form.
///
/// # Errors
/// Not found where there is none; refused to whoever may not nominate it.
pub fn milestone_line(tx: &mut Tx<'_>, actor: &Actor, id: MilestoneId) -> Result<MilestoneLine> {
    let mut ignored = Problems::default();
    let milestone = nominable(tx, actor, id, None, &mut ignored)?;
    let member = match milestone.member {
        Some(member) => Some(members::card(tx, member)?),
        None => None,
    };
    let thread = match milestone.thread {
        Some(thread) => match forum::thread_line(tx, thread) {
            Ok(line) => Some((line.title, line.path)),
            Err(Stop::Refused(_)) => None,
            Err(stop) => return Err(stop),
        },
        None => None,
    };
    let state = match milestone.highlight {
        Some(highlight) => Some(highlight::find(tx, highlight)?.state),
        None => None,
    };
    Ok(MilestoneLine {
        free: state.is_none_or(State::is_over),
        member,
        thread,
        state,
        milestone,
    })
}
