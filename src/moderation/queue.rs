//! Reads only: the one queue, and how much of it waits.

use diesel::prelude::*;

use super::hold::HeldBy;
use super::item::{Item, ItemState, Kind, Row, columns};
use super::listing::in_rows;
use crate::db::schema::review_items as items;
use crate::db::{Conn, Tx};
use crate::forum;
use crate::kit::Result;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, MemberId, ReviewItemId};
use crate::policy::{Action, Actor, Sight};

/// The figure beside the desk's name goes no higher.
const MOST_COUNTED: i64 = 100;

type Backend = <Conn as Connection>::Backend;

/// Which items are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// By where they stand.
    pub stand: Stand,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Those that the asking moderator has taken.
    pub mine: bool,
    /// About one category.
    pub category: Option<CategoryId>,
    /// Those that this moderator has taken.
    pub assignee: Option<MemberId>,
    /// A part of what is held.
    pub held: Option<HeldBy>,
}

/// Where wanted items stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stand {
    /// Undecided: by priority, then those that waited longest.
    #[default]
    Waiting,
    /// Decided, latest first; those whose twelve seconds run among them.
    Decided,
    /// All of one state.
    In(ItemState),
}

impl Stand {
    const fn waits(self) -> bool {
        match self {
            Self::Waiting => true,
            Self::Decided => false,
            Self::In(state) => state.waits(),
        }
    }
}

impl From<Stand> for Wanted {
    fn from(stand: Stand) -> Self {
        Self {
            stand,
            ..Self::default()
        }
    }
}

/// An item as it stands in the queue.
pub type QueueLine = Item;

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The items.
    pub items: Vec<QueueLine>,
    /// Where the list goes on.
    pub next: Option<Cursor>,
}

type Query<'q> = items::BoxedQuery<'q, Backend>;

/// A moderator who sees so many places or fewer, but not all, is answered place by place.
const MOST_PLACES: usize = 40;

/// Where entries of a page come from. Each part is read in the index's own order and no further than the page goes, however
/// much waits elsewhere; the parts are then merged.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// One place (entries without a place are one, too), or all that the moderator sees.
    place: Option<Option<i64>>,
    /// One reason for which words are held.
    held: Option<&'static str>,
}

fn parts(sight: &Sight, wanted: Wanted) -> Vec<Part> {
    let all = Part {
        place: None,
        held: None,
    };
    let by_place = |place| Part { place, ..all };
    if let Some(category) = wanted.category {
        let seen = sight.moderated.contains(&category);
        return seen
            .then(|| by_place(Some(Some(category.0))))
            .into_iter()
            .collect();
    }
    if !sight.moderates_all && sight.moderated.len() <= MOST_PLACES {
        let places = in_rows(&sight.moderated);
        return std::iter::once(None)
            .chain(places)
            .map(|place| by_place(Some(place)))
            .collect();
    }
    match wanted.held {
        Some(held) => held
            .words()
            .iter()
            .map(|word| Part {
                held: Some(*word),
                ..all
            })
            .collect(),
        None => vec![all],
    }
}

/// Only about places that the moderator may see, and what is theirs to decide.
fn visible<'q>(actor: &Actor, sight: &Sight, wanted: Wanted, part: Part) -> Query<'q> {
    let mut query = items::table
        .filter(items::waits.eq(wanted.stand.waits()))
        .into_boxed::<Backend>();
    query = match part.place {
        Some(Some(category)) => query.filter(items::category_id.eq(Some(category))),
        Some(None) => query.filter(items::category_id.is_null()),
        None => query.filter(
            items::category_id
                .is_null()
                .or(items::category_id.eq_any(in_rows(&sight.moderated))),
        ),
    };
    // Whoever reviews without being a moderator does not approve either.
    if !actor.can(&Action::SeeApprovals) {
        query = query.filter(items::kind.ne(Kind::Highlight));
    }
    if let Stand::In(state) = wanted.stand {
        query = query.filter(items::state.eq(state));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(items::kind.eq(kind));
    }
    if wanted.mine {
        query = query.filter(items::assignee_id.eq(actor.id()));
    }
    if let Some(assignee) = wanted.assignee {
        query = query.filter(items::assignee_id.eq(Some(assignee)));
    }
    if wanted.held.is_some() {
        query = query.filter(items::kind.eq(Kind::Held));
    }
    match (part.held, wanted.held) {
        (Some(word), _) => query.filter(items::held_for.eq(Some(word))),
        (None, Some(held)) => {
            let words: Vec<Option<&str>> = held.words().iter().map(|word| Some(*word)).collect();
            query.filter(items::held_for.eq_any(words))
        }
        (None, None) => query,
    }
}

/// Up to `most` items of the queue, only about places that the moderator may see.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn queue(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: impl Into<Wanted>,
    after: Option<&Cursor>,
    most: i64,
) -> Result<Lines> {
    actor.may(&Action::Review)?;
    let wanted: Wanted = wanted.into();
    let sight = forum::sight(tx, actor)?;
    let mut lines = Vec::new();
    for part in parts(&sight, wanted) {
        let query = in_order(visible(actor, &sight, wanted, part), wanted, after);
        let rows: Vec<Row> = query.limit(most + 1).select(columns()).load(tx.conn)?;
        for row in rows {
            lines.push(row.item()?);
        }
    }
    if wanted.stand.waits() {
        lines.sort_by_key(|item| (item.priority, item.since, item.id));
    } else {
        lines.sort_by_key(|item| std::cmp::Reverse((item.updated_at, item.id)));
    }
    let page = usize::try_from(most).unwrap_or(0);
    let more = lines.len() > page;
    lines.truncate(page);
    let last = lines.last().filter(|_| more);
    Ok(Lines {
        next: last.map(|item| {
            if wanted.stand.waits() {
                Cursor::three(item.priority, item.since.0, item.id.0)
            } else {
                Cursor::two(item.updated_at.0, item.id.0)
            }
        }),
        items: lines,
    })
}

/// Those after a place in the list, in its order.
fn in_order<'q>(query: Query<'q>, wanted: Wanted, after: Option<&Cursor>) -> Query<'q> {
    let mut query = query;
    if wanted.stand.waits() {
        if let Some((priority, since, id)) = after.and_then(Cursor::as_three) {
            query = query.filter(items::priority.ge(priority)).filter(
                items::priority.gt(priority).or(items::since
                    .gt(since)
                    .or(items::since.eq(since).and(items::id.gt(id)))),
            );
        }
        return query.order((items::priority.asc(), items::since.asc(), items::id.asc()));
    }
    if let Some((at, id)) = after.and_then(Cursor::as_two) {
        query = query.filter(items::updated_at.le(at)).filter(
            items::updated_at
                .lt(at)
                .or(items::updated_at.eq(at).and(items::id.lt(id))),
        );
    }
    query.order((items::updated_at.desc(), items::id.desc()))
}

/// How many items wait, up to 100: the figure beside the desk's name.
///
/// # Errors
/// Refused to everybody but moderators.
pub fn waiting(tx: &mut Tx<'_>, actor: &Actor) -> Result<usize> {
    actor.may(&Action::Review)?;
    let sight = forum::sight(tx, actor)?;
    let any = Part {
        place: None,
        held: None,
    };
    if sight.moderates_all {
        let query = visible(actor, &sight, Wanted::default(), any);
        let ids: Vec<ReviewItemId> = query
            .order((items::priority.asc(), items::since.asc(), items::id.asc()))
            .limit(MOST_COUNTED)
            .select(items::id)
            .load(tx.conn)?;
        return Ok(ids.len());
    }
    // Found by place, so that what waits elsewhere costs nothing; each stops at a hundred.
    let nowhere = Part {
        place: Some(None),
        ..any
    };
    let mut ids: Vec<ReviewItemId> = visible(actor, &sight, Wanted::default(), nowhere)
        .limit(MOST_COUNTED)
        .select(items::id)
        .load(tx.conn)?;
    let here: Vec<ReviewItemId> = items::table
        .filter(items::waits.eq(true))
        .filter(items::category_id.eq_any(in_rows(&sight.moderated)))
        .limit(MOST_COUNTED)
        .select(items::id)
        .load(tx.conn)?;
    ids.extend(here);
    ids.truncate(usize::try_from(MOST_COUNTED).unwrap_or(0));
    Ok(ids.len())
}
