//! Who has yet to acknowledge a document's version in force. Reads only.

use diesel::prelude::*;

use super::card::{Card, Row, columns};
use crate::db::Tx;
use crate::db::schema::{members, required_acknowledgements as required, standings};
use crate::kit::Result;
use crate::kit::cursor::Cursor;
use crate::kit::ids::MemberId;
use crate::kit::stop::Document;
use crate::policy::Role;

/// Somebody who has yet to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Who.
    pub card: Card,
    /// The major version acknowledged last; 0 where there was none.
    pub major: i64,
}

/// Up to `most` members who are asked for a document's major version and have not acknowledged it, those first who are
/// furthest behind. The messaging guidelines are asked of moderators and publishers, the charter of nobody.
///
/// # Errors
/// A fault where the database fails.
pub fn behind(
    tx: &mut Tx<'_>,
    document: Document,
    after: Option<&Cursor>,
    most: i64,
) -> Result<(Vec<Behind>, Option<Cursor>)> {
    let (major, messaging): (i64, i64) = required::table
        .filter(required::id.eq(1_i64))
        .select((required::community_major, required::messaging_major))
        .first(tx.conn)?;
    let (least, id) = after
        .and_then(Cursor::as_two)
        .map_or((0, MemberId(0)), |(major, id)| (major, MemberId(id)));
    let rows: Vec<(i64, Row)> = match document {
        Document::Charter => Vec::new(),
        Document::Community => members::table
            .inner_join(standings::table)
            .filter(members::erased_at.is_null())
            .filter(standings::community_ack.lt(major))
            .filter(
                standings::community_ack
                    .gt(least)
                    .or(standings::community_ack
                        .eq(least)
                        .and(standings::member_id.gt(id))),
            )
            .order((standings::community_ack, standings::member_id))
            .limit(most + 1)
            .select((standings::community_ack, columns()))
            .load(tx.conn)?,
        Document::Messaging => members::table
            .inner_join(standings::table)
            .filter(members::erased_at.is_null())
            .filter(standings::roles.eq_any(speaking()))
            .filter(standings::messaging_ack.lt(messaging))
            .filter(
                standings::messaging_ack
                    .gt(least)
                    .or(standings::messaging_ack
                        .eq(least)
                        .and(standings::member_id.gt(id))),
            )
            .order((standings::messaging_ack, standings::member_id))
            .limit(most + 1)
            .select((standings::messaging_ack, columns()))
            .load(tx.conn)?,
    };
    let page = usize::try_from(most).unwrap_or(0);
    let more = rows.len() > page;
    let found: Vec<Behind> = rows
        .into_iter()
        .take(page)
        .map(|(major, row)| Behind {
            card: row.card(),
            major,
        })
        .collect();
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| Cursor::two(last.major, last.card.id.0));
    Ok((found, next))
}

/// Every set of roles in which somebody approves, writes or sends.
fn speaking() -> Vec<i64> {
    let all = Role::ALL.iter().fold(0, |bits, role| bits | role.bit());
    let speaks = Role::Moderator.bit() | Role::Publisher.bit() | Role::LeadPublisher.bit();
    (1..=all).filter(|roles| roles & speaks != 0).collect()
}
