//! A publisher asks the community managers for voices on something; they accept, decline or propose something else, and
//! cite the charter. Publishers do not ask in threads: a place where one is asked for material is no longer a place.

mod answer;
mod ask;
mod charter;
mod close;
mod listing;
mod remind;
mod tell;
mod view;

pub use answer::{VoiceAnswer, answer_request};
pub use ask::{VoiceWish, ask_for_voices};
pub use charter::{Charter, charter_sentences};
pub use close::close_request;
pub use listing::{RequestLine, requests};
pub use remind::remind_of_requests;
pub use view::{Offer, RequestAnswer, RequestView, request};

pub(super) use listing::due_between;
pub(super) use remind::erase;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::voice_requests;
use crate::kit::ids::{CategoryId, MemberId, VoiceRequestId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

/// The word by which notices and the log call a request.
pub(super) const SUBJECT: &str = "voice_request";

crate::text_enum! {
    /// Where a request stands.
    pub enum RequestState {
        /// Nobody has answered.
        Open = "open",
        /// A community manager looks for voices.
        Accepted = "accepted",
        /// A community manager proposed something else.
        Proposed = "proposed",
        /// The community managers said no.
        Declined = "declined",
        /// The publisher has what was asked for.
        Done = "done",
        /// The publisher does not need it any more.
        Withdrawn = "withdrawn",
    }
}

impl RequestState {
    /// The states in which something is still to be done.
    pub const WAITING: &'static [Self] = &[Self::Open, Self::Accepted, Self::Proposed];

    /// Is something still to be done?
    #[must_use]
    pub fn waits(self) -> bool {
        Self::WAITING.contains(&self)
    }
}

/// A request as it stands in its row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    /// Which one.
    pub id: VoiceRequestId,
    /// What is asked for, in a line.
    pub title: String,
    /// What it is for.
    pub wish: String,
    /// How many voices.
    pub voices: i64,
    /// Where they would be looked for, if the publisher knows.
    pub category: Option<CategoryId>,
    /// Where it stands.
    pub state: RequestState,
    /// By when.
    pub due_at: At,
    /// The zone in which that was chosen.
    pub zone: String,
    /// The wall time that was chosen.
    pub wall_time: String,
    /// Who asked; `None` once erased.
    pub asked_by: Option<MemberId>,
    /// Who accepted.
    pub taken_by: Option<MemberId>,
    /// Counts its changes.
    pub revision: i64,
    /// When somebody was reminded.
    pub reminded_at: Option<At>,
    /// When it was asked.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

/// A request that must be there.
fn find(tx: &mut Tx<'_>, id: VoiceRequestId) -> Result<Row> {
    let found: Option<Row> = voice_requests::table.find(id).first(tx.conn).optional()?;
    found.or_not_found()
}

/// Writes another state down and counts the change; the caller has looked at the revision.
fn set_state(
    tx: &mut Tx<'_>,
    row: &Row,
    state: RequestState,
    taken: Option<MemberId>,
) -> Result<bool> {
    let now = tx.now();
    let same = voice_requests::table
        .filter(voice_requests::id.eq(row.id))
        .filter(voice_requests::revision.eq(row.revision));
    let changed = diesel::update(same)
        .set((
            voice_requests::state.eq(state),
            voice_requests::taken_by.eq(taken),
            voice_requests::revision.eq(row.revision + 1),
            voice_requests::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    Ok(changed == 1)
}
