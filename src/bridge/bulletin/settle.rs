//! Asks nobody because only the post office calls it, with what the mail server answered.
//!
//! What became of a letter, and what that says of its recipient.

use diesel::prelude::*;

use super::claim::Errand;
use super::letter::{Row, seek};
use super::state::{LetterState, SubscriberState};
use super::subscriber;
use crate::db::Tx;
use crate::db::schema::{bulletin_letters as table, bulletin_subscribers};
use crate::kit::clock::{HOUR, SECOND};
use crate::kit::ids::SubscriberId;
use crate::kit::{At, Result};
use crate::mail::{Handed, Reply};

/// How long a letter waits after each time that it was to be taken later.
const PAUSES: [i64; 5] = [5 * 60 * SECOND, 20 * 60 * SECOND, HOUR, 4 * HOUR, 12 * HOUR];
/// So many letters in a row that failed softly condemn a mailbox, too.
const MOST_FAILURES: i64 = 3;

/// How long the post office leaves a mail server alone that wants nothing of us: doubled each time, at most an hour.
pub(super) fn rest(times: u32) -> i64 {
    (30 * SECOND).saturating_mul(1 << times.min(8)).min(HOUR)
}

/// Writes what came of handing a letter over, where the letter is still this try's; a truth that comes late is welcome
/// as long as nobody has decided anything on the strength of not knowing it.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    errand: &Errand,
    handed: &Handed,
    rest_until: At,
) -> Result<bool> {
    let row = seek(tx, errand.id)?.filter(|row| {
        row.fence == errand.fence
            && matches!(row.state, LetterState::Sending | LetterState::Unknown)
    });
    let Some(row) = row else {
        return Ok(false);
    };
    match handed {
        Handed::Taken => {
            close(tx, &row, LetterState::Sent, None, "")?;
            forgive(tx, &row)?;
        }
        Handed::Closed(why) => {
            // Nothing was said of the recipient: the try does not count, nor does it count for the pace.
            diesel::update(table::table.find(row.id))
                .set((
                    table::state.eq(LetterState::Queued),
                    table::tries.eq(row.tries - 1),
                    table::next_at.eq(rest_until),
                    table::begun_at.eq(None::<At>),
                    table::leased_until.eq(None::<At>),
                    table::settled_at.eq(None::<At>),
                    table::note.eq(clean(why)),
                ))
                .execute(tx.conn)?;
        }
        Handed::Later(reply) => later(tx, &row, reply)?,
        Handed::Refused(reply) => {
            close(
                tx,
                &row,
                LetterState::Refused,
                Some(reply.code),
                &reply.said,
            )?;
            if reply.is_dead_mailbox() {
                suppress(tx, row.subscriber, "refused")?;
            }
        }
        Handed::Unknown(why) => close(tx, &row, LetterState::Unknown, None, why)?,
    }
    Ok(true)
}

fn later(tx: &mut Tx<'_>, row: &Row, reply: &Reply) -> Result<()> {
    let times = usize::try_from(row.tries - 1).unwrap_or(0);
    let Some(pause) = PAUSES.get(times) else {
        close(tx, row, LetterState::Failed, Some(reply.code), &reply.said)?;
        return blame(tx, row.subscriber);
    };
    diesel::update(table::table.find(row.id))
        .set((
            table::state.eq(LetterState::Later),
            table::next_at.eq(tx.now().plus(*pause)),
            table::leased_until.eq(None::<At>),
            table::settled_at.eq(None::<At>),
            table::status.eq(i64::from(reply.code)),
            table::note.eq(clean(&reply.said)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The end of a letter.
pub(super) fn close(
    tx: &mut Tx<'_>,
    row: &Row,
    state: LetterState,
    code: Option<u16>,
    said: &str,
) -> Result<()> {
    diesel::update(table::table.find(row.id))
        .set((
            table::state.eq(state),
            table::leased_until.eq(None::<At>),
            table::settled_at.eq(tx.now()),
            table::status.eq(code.map(i64::from)),
            table::note.eq(clean(said)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A letter was taken, and the one before it did not come back: what failed earlier is forgotten. This one may come back
/// yet, so by itself it proves nothing.
fn forgive(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let Some(id) = row.subscriber else {
        return Ok(());
    };
    let before: Option<LetterState> = table::table
        .filter(table::subscriber_id.eq(id))
        .filter(table::id.lt(row.id))
        .order(table::id.desc())
        .select(table::state)
        .first(tx.conn)
        .optional()?;
    if before != Some(LetterState::Sent) {
        return Ok(());
    }
    let blamed = bulletin_subscribers::table
        .filter(bulletin_subscribers::id.eq(id))
        .filter(bulletin_subscribers::failures.gt(0));
    diesel::update(blamed)
        .set(bulletin_subscribers::failures.eq(0))
        .execute(tx.conn)?;
    Ok(())
}

/// A letter failed softly for the last time.
pub(super) fn blame(tx: &mut Tx<'_>, id: Option<SubscriberId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let failures: Option<i64> = diesel::update(bulletin_subscribers::table.find(id))
        .set(bulletin_subscribers::failures.eq(bulletin_subscribers::failures + 1))
        .returning(bulletin_subscribers::failures)
        .get_result(tx.conn)
        .optional()?;
    if failures.is_some_and(|failures| failures >= MOST_FAILURES) {
        suppress(tx, Some(id), "failures")?;
    }
    Ok(())
}

/// Nobody reads mail there: no more letters, and the address is not kept.
pub(super) fn suppress(tx: &mut Tx<'_>, id: Option<SubscriberId>, why: &str) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let live = subscriber::seek(tx, id)?;
    if live.is_some_and(|one| one.state == SubscriberState::Confirmed) {
        subscriber::end(tx, id, SubscriberState::Suppressed, why)?;
    }
    Ok(())
}

/// A mail server's words without addresses: rows outlive their recipients.
fn clean(said: &str) -> String {
    let kept: Vec<&str> = said
        .split_whitespace()
        .filter(|word| !word.contains('@'))
        .collect();
    kept.join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_stays_in_what_the_server_said() {
        assert_eq!(
            clean("5.1.1 <ruth@example.org>: no such user"),
            "5.1.1 no such user"
        );
    }

    #[test]
    fn a_server_that_is_away_is_left_alone_for_longer_each_time() {
        assert_eq!(rest(0), 30 * SECOND);
        assert_eq!(rest(1), 60 * SECOND);
        assert_eq!(rest(60), HOUR);
    }
}
