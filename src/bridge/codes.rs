//! Link codes: `/h/{code}`, one per announcement. It leads people in, and it is how a post out there is recognised.

use diesel::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::db::Tx;
use crate::db::schema::link_codes;
use crate::each_backend;
use crate::kit::event::Origin;
use crate::kit::ids::ChannelId;
use crate::kit::stop::OrRefuse;
use crate::kit::{Result, Stop, token};

/// How often a taken code is drawn again; with 38 bits the second time is rare already.
const DRAWS: usize = 8;

/// Where a code leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To this path of the community.
    Live {
        /// The path; it begins with a slash.
        path: String,
    },
    /// Nowhere any more: what it announced was taken back.
    Gone,
}

/// Makes a code that leads to a path of this community.
///
/// # Errors
/// A fault where the path is none or the database fails.
pub fn new_code(
    tx: &mut Tx<'_>,
    origin: &Origin,
    channel: Option<ChannelId>,
    path: &str,
) -> Result<String> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(Stop::fault("a link code leads to a path of this community"));
    }
    let (_, seed) = token::random_token();
    let mut chance = StdRng::from_seed(seed);
    for _ in 0..DRAWS {
        let code = token::short_code(&mut chance);
        let row = (
            link_codes::code.eq(&code),
            link_codes::origin_kind.eq(&origin.kind),
            link_codes::origin_id.eq(origin.id),
            link_codes::channel_id.eq(channel),
            link_codes::path.eq(path),
            link_codes::created_at.eq(tx.now()),
        );
        let made = each_backend!(tx.conn, c => diesel::insert_into(link_codes::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
        if made == 1 {
            return Ok(code);
        }
    }
    Err(Stop::fault("no free link code was drawn"))
}

/// Where a code leads.
///
/// # Errors
/// Not found where it is none of ours.
pub fn target(tx: &mut Tx<'_>, code: &str) -> Result<Target> {
    let found: Option<(String, Option<i64>)> = link_codes::table
        .find(code)
        .select((link_codes::path, link_codes::withdrawn_at))
        .first(tx.conn)
        .optional()?;
    let (path, withdrawn) = found.or_not_found()?;
    Ok(match withdrawn {
        None => Target::Live { path },
        Some(_) => Target::Gone,
    })
}

/// The code of an origin, if it has one.
///
/// # Errors
/// A fault where the database fails.
pub fn code_of(tx: &mut Tx<'_>, origin: &Origin) -> Result<Option<String>> {
    Ok(link_codes::table
        .filter(link_codes::origin_kind.eq(&origin.kind))
        .filter(link_codes::origin_id.eq(origin.id))
        .order(link_codes::created_at.desc())
        .select(link_codes::code)
        .first(tx.conn)
        .optional()?)
}

/// From now on the origin's codes answer "gone".
pub(super) fn withdraw(tx: &mut Tx<'_>, origin: &Origin) -> Result<()> {
    let live = link_codes::table
        .filter(link_codes::origin_kind.eq(&origin.kind))
        .filter(link_codes::origin_id.eq(origin.id))
        .filter(link_codes::withdrawn_at.is_null());
    diesel::update(live)
        .set(link_codes::withdrawn_at.eq(tx.now()))
        .execute(tx.conn)?;
    Ok(())
}
