//! Taking something out of the library. Everything is looked at again as before a sending (law 6), and it is written
//! down who took what, when, how and for what.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::ground::Ground;
use super::highlight::{self, Highlight};
use super::matter::source_path;
use super::places::Place;
use crate::audit::{self, subject};
use crate::bridge;
use crate::content::excerpt;
use crate::db::schema::pulls;
use crate::db::{Lock, Tx};
use crate::kit::event::Origin;
use crate::kit::ids::{HighlightId, PullFeedId, PullId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::{Action, Actor};

/// Longest purpose and recipient, in characters.
const LONGEST: usize = 300;
/// Most highlights taken in one go.
const MOST: usize = 100;
/// The word by which link codes of pulls are known.
pub(super) const ORIGIN: &str = "pull";

crate::text_enum! {
    /// How something is taken out.
    pub enum How {
        /// Texts to copy.
        ByHand = "by_hand",
        /// A media kit.
        Kit = "kit",
        /// A sheet for the notice board.
        Print = "print",
        /// A table of several.
        Export = "export",
        /// A card on the organisation's website.
        Embed = "embed",
        /// A personal feed.
        Feed = "feed",
        /// The change feed of the API.
        Api = "api",
    }
}

/// Does it come and go by itself, without a page of its own?
#[must_use]
pub fn by_machine(how: How) -> bool {
    BY_MACHINE.contains(&how)
}

/// What is not taken by a person: it comes and goes by itself, and using it is no use yet.
pub(super) const BY_MACHINE: [How; 2] = [How::Feed, How::Api];

impl How {
    /// The kind of place that a consent must name; `None` where it must allow taking by hand.
    #[must_use]
    pub const fn place(self) -> Option<Place> {
        match self {
            Self::Embed => Some(Place::EMBED),
            Self::Feed => Some(Place::FEED),
            Self::ByHand | Self::Kit | Self::Print | Self::Export | Self::Api => None,
        }
    }
}

/// What somebody wants to take out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// How.
    pub how: How,
    /// For what; a recall asks what became of it.
    pub purpose: String,
    /// Who gets it, if it is handed on: they have to be told of a recall.
    pub recipient: String,
}

/// How the bridge calls a pull, for its link code.
pub(super) fn origin(id: PullId) -> Origin {
    Origin {
        kind: ORIGIN.to_owned(),
        id: id.0,
    }
}

/// Takes one highlight out, or several in one go. One that does not pass the gate is refused; of several, those that
/// do not pass are left out. Answers the number under which all of it is found again.
///
/// # Errors
/// Refused by the law, or where nothing passes the gate; invalid without a purpose, or with more than a hundred.
pub fn pull(tx: &mut Tx<'_>, actor: &Actor, ids: &[HighlightId], order: &Order) -> Result<PullId> {
    actor.may(&Action::Pull)?;
    let (purpose, recipient) = checked(order)?;
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST {
        return Err(Stop::invalid("ids", "pick-needed"));
    }
    for id in &ids {
        tx.lock(Lock::Highlight(*id))?;
    }
    let mut batch = None;
    let mut refused = None;
    for id in ids {
        let highlight = highlight::find(tx, id)?;
        match gate(tx, &highlight, order.how.place()) {
            Ok(()) => {}
            Err(Stop::Refused(refusal)) => {
                refused = Some(refusal);
                continue;
            }
            Err(other) => return Err(other),
        }
        let words = (purpose.as_str(), recipient.as_str());
        let pull = write(tx, actor, &highlight, order.how, words, batch, None)?;
        batch = batch.or(Some(pull));
        audit::record(
            tx,
            actor,
            "highlight.pulled",
            subject("highlight", id.0),
            json!({ "how": order.how }),
            None,
        )?;
    }
    batch.ok_or_else(|| refused.unwrap_or(Refusal::NotFound).into())
}

fn checked(order: &Order) -> Result<(String, String)> {
    let purpose = excerpt::normalise(&order.purpose);
    let recipient = excerpt::normalise(&order.recipient);
    let mut problems = Problems::default();
    if purpose.is_empty() {
        problems.add("purpose", "purpose-needed", &[]);
    }
    for (field, text) in [("purpose", &purpose), ("recipient", &recipient)] {
        if text.chars().count() > LONGEST {
            problems.add(field, "too-long", &[("most", LONGEST.to_string())]);
        }
    }
    if BY_MACHINE.contains(&order.how) {
        problems.add("how", "unknown-word", &[]);
    }
    problems.check()?;
    Ok((purpose, recipient))
}

/// Law 6 for what is taken; see [`Ground::gate`].
///
/// # Errors
/// Refused with what does not hold; a fault where the database fails.
pub(super) fn gate(tx: &mut Tx<'_>, highlight: &Highlight, place: Option<Place>) -> Result<()> {
    Ground::of(tx, std::slice::from_ref(highlight))?.gate(tx, highlight, place)
}

/// Is it a yes? A refusal is a no, a fault stays one.
pub(super) fn passed(gate: Result<()>) -> Result<bool> {
    match gate {
        Ok(()) => Ok(true),
        Err(Stop::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Writes a pull down, with a link of its own that a recall ends.
pub(super) fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    how: How,
    (purpose, recipient): (&str, &str),
    batch: Option<PullId>,
    feed: Option<PullFeedId>,
) -> Result<PullId> {
    let id: PullId = diesel::insert_into(pulls::table)
        .values((
            pulls::highlight_id.eq(highlight.id),
            pulls::member_id.eq(actor.id()),
            pulls::how.eq(how),
            pulls::purpose.eq(purpose),
            pulls::recipient.eq(recipient),
            pulls::feed_id.eq(feed),
            pulls::at.eq(tx.now()),
        ))
        .returning(pulls::id)
        .get_result(tx.conn)?;
    let code = if how == How::Api {
        String::new()
    } else {
        let path = source_path(tx, highlight)?;
        bridge::new_code(tx, &origin(id), None, &path)?
    };
    diesel::update(pulls::table.find(id))
        .set((pulls::batch.eq(batch.unwrap_or(id)), pulls::code.eq(code)))
        .execute(tx.conn)?;
    Ok(id)
}

/// How often people took these highlights out.
pub(super) fn counts(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<HashMap<HighlightId, i64>> {
    let rows: Vec<(HighlightId, i64)> = pulls::table
        .filter(pulls::highlight_id.eq_any(ids))
        .filter(pulls::how.ne_all(BY_MACHINE))
        .group_by(pulls::highlight_id)
        .select((pulls::highlight_id, diesel::dsl::count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}
