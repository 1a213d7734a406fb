//! What every link of a highlight brought: of its announcements, and of what was taken out by hand, card or feed. Reads only.

use diesel::prelude::*;

use super::announcement;
use super::highlight;
use super::pull::How;
use crate::bridge::{self, Clicks};
use crate::db::Tx;
use crate::db::schema::pulls;
use crate::kit::ids::{AnnouncementId, HighlightId, PullId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Most links of each sort that are shown.
const MOST: i64 = 100;

/// By which way somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By an announcement: which, and at which channel.
    Announced(AnnouncementId, String),
    /// By something that was taken out: which, how and for what.
    Taken(PullId, How, String),
}

/// What one link brought.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Whose link.
    pub way: Way,
    /// Its code.
    pub code: String,
    /// Since when it leads here.
    pub at: At,
    /// What came of it, over all days.
    pub clicks: Clicks,
}

/// What each link of a highlight brought, announcements first, then what was taken out, each in the order of time.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins; not found; a fault where the database fails.
pub fn brought(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<Vec<Brought>> {
    actor.may(&Action::SeeOutreach)?;
    highlight::find(tx, id)?;
    let mut all: Vec<(Way, String, At)> = Vec::new();
    for one in announcement::of_highlight(tx, id)? {
        if let Some(at) = one.sent_at {
            all.push((Way::Announced(one.id, one.channel_name), one.code, at));
        }
    }
    let rows: Vec<(PullId, How, String, String, At)> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::code.ne(""))
        .order(pulls::id.desc())
        .limit(MOST)
        .select((
            pulls::id,
            pulls::how,
            pulls::purpose,
            pulls::code,
            pulls::at,
        ))
        .load(tx.conn)?;
    let taken = rows.into_iter().rev();
    all.extend(
        taken.map(|(pull, how, purpose, code, at)| (Way::Taken(pull, how, purpose), code, at)),
    );
    let codes: Vec<String> = all.iter().map(|(_, code, _)| code.clone()).collect();
    let mut sums = bridge::clicks_of(tx, &codes)?;
    Ok(all
        .into_iter()
        .map(|(way, code, at)| Brought {
            way,
            clicks: sums.remove(&code).unwrap_or_default(),
            code,
            at,
        })
        .collect())
}
