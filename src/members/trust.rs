//! Counters, and the trust that grows with them.

use diesel::prelude::*;

use crate::db::schema::{members, standings};
use crate::db::{Lock, Tx};
use crate::kit::clock::DAY;
use crate::kit::ids::MemberId;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};
use crate::policy::Trust;

/// Who has been here for a day and said three things is no newcomer any more.
const MEMBER: (i64, i64) = (DAY, 3);
/// Fourteen days and ten posts, none hidden: may nominate.
const ESTABLISHED: (i64, i64) = (14 * DAY, 10);

/// The trust that time, posts and hidden posts earn.
fn earned(here_for: i64, posts: i64, hidden: i64) -> Trust {
    let reached = |(time, count): (i64, i64)| here_for >= time && posts >= count;
    // A thread that was split while hidden gives back more than it took.
    if reached(ESTABLISHED) && hidden <= 0 {
        Trust::Established
    } else if reached(MEMBER) {
        Trust::Member
    } else {
        Trust::New
    }
}

/// Adds to a member's counters (negative: takes away) and lets trust grow. A positive count of posts is a post written now.
///
/// # Errors
/// Not found where there is no such member.
pub fn counted(tx: &mut Tx<'_>, member: MemberId, threads: i64, posts: i64) -> Result<()> {
    let now = tx.now();
    let (joined, count, hidden): (At, i64, i64) =
        diesel::update(members::table.filter(members::id.eq(member)))
            .set((
                members::thread_count.eq(members::thread_count + threads),
                members::post_count.eq(members::post_count + posts),
            ))
            .returning((
                members::joined_at,
                members::post_count,
                members::hidden_count,
            ))
            .get_result(tx.conn)
            .optional()?
            .or_not_found()?;
    if posts > 0 {
        diesel::update(members::table.filter(members::id.eq(member)))
            .set(members::last_post_at.eq(now))
            .execute(tx.conn)?;
        grow(tx, member, earned(now.since(joined), count, hidden))?;
    }
    Ok(())
}

/// Notes that posts of a member were hidden by moderators (negative: brought back). While any is hidden, trust does not reach
/// *established*, and one who was falls back to *member*.
///
/// # Errors
/// Not found where there is no such member.
pub fn hidden(tx: &mut Tx<'_>, member: MemberId, posts: i64) -> Result<()> {
    let now = tx.now();
    tx.lock(Lock::Member(member))?;
    let (joined, count, hidden): (At, i64, i64) =
        diesel::update(members::table.filter(members::id.eq(member)))
            .set(members::hidden_count.eq(members::hidden_count + posts))
            .returning((
                members::joined_at,
                members::post_count,
                members::hidden_count,
            ))
            .get_result(tx.conn)
            .optional()?
            .or_not_found()?;
    if posts > 0 {
        diesel::update(
            standings::table
                .filter(standings::member_id.eq(member))
                .filter(standings::trust_locked.eq(false))
                .filter(standings::trust.eq(Trust::Established)),
        )
        .set((
            standings::trust.eq(Trust::Member),
            standings::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
        Ok(())
    } else {
        grow(tx, member, earned(now.since(joined), count, hidden))
    }
}

/// Trust only grows here; what was given by hand stays.
fn grow(tx: &mut Tx<'_>, member: MemberId, to: Trust) -> Result<()> {
    let below: &[Trust] = match to {
        Trust::New => return Ok(()),
        Trust::Member => &[Trust::New],
        Trust::Established => &[Trust::New, Trust::Member],
    };
    let now = tx.now();
    diesel::update(
        standings::table
            .filter(standings::member_id.eq(member))
            .filter(standings::trust_locked.eq(false))
            .filter(standings::trust.eq_any(below.to_vec())),
    )
    .set((standings::trust.eq(to), standings::updated_at.eq(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// Holds trust where it is put, or lets it move by itself again where `trust` is none.
///
/// # Errors
/// Not found where there is no such member.
pub fn lock_trust(tx: &mut Tx<'_>, member: MemberId, trust: Option<Trust>) -> Result<()> {
    let now = tx.now();
    tx.lock(Lock::Member(member))?;
    let of = standings::table.filter(standings::member_id.eq(member));
    let changed = match trust {
        Some(trust) => diesel::update(of)
            .set((
                standings::trust.eq(trust),
                standings::trust_locked.eq(true),
                standings::updated_at.eq(now),
            ))
            .execute(tx.conn)?,
        None => diesel::update(of)
            .set((
                standings::trust_locked.eq(false),
                standings::updated_at.eq(now),
            ))
            .execute(tx.conn)?,
    };
    (changed == 1).then_some(()).or_not_found()
}

/// The trust a member has, and whether moderators hold it there.
///
/// # Errors
/// Not found where there is no such member.
pub fn trust_of(tx: &mut Tx<'_>, member: MemberId) -> Result<(Trust, bool)> {
    standings::table
        .filter(standings::member_id.eq(member))
        .select((standings::trust, standings::trust_locked))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// The link code by which a member came, at the first post: answered once, then forgotten.
///
/// # Errors
/// A fault where the database fails.
pub fn first_post_code(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<String>> {
    let code: Option<Option<String>> = members::table
        .filter(members::id.eq(member))
        .select(members::joined_via)
        .first(tx.conn)
        .optional()?;
    let code = code.flatten();
    if code.is_some() {
        diesel::update(members::table.filter(members::id.eq(member)))
            .set(members::joined_via.eq(None::<String>))
            .execute(tx.conn)?;
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_earned_by_time_and_words_together() {
        assert_eq!(earned(DAY, 2, 0), Trust::New);
        assert_eq!(earned(DAY - 1, 99, 0), Trust::New);
        assert_eq!(earned(DAY, 3, 0), Trust::Member);
        assert_eq!(earned(14 * DAY, 9, 0), Trust::Member);
        assert_eq!(earned(14 * DAY, 10, 0), Trust::Established);
        assert_eq!(earned(14 * DAY, 10, 1), Trust::Member);
    }
}
