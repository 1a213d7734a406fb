//! What a member has agreed to, as far as it decides; the documents themselves stand in a higher room.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{required_acknowledgements as required, standings};
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::kit::stop::Document;

/// Notes that a member has acknowledged a document's major version. The charter gates nothing and is not noted here.
///
/// # Errors
/// A fault where the database fails.
pub fn acknowledged(
    tx: &mut Tx<'_>,
    member: MemberId,
    document: Document,
    major: i64,
) -> Result<()> {
    let now = tx.now();
    let of = standings::table.filter(standings::member_id.eq(member));
    match document {
        Document::Charter => 0,
        Document::Community => diesel::update(of.filter(standings::community_ack.lt(major)))
            .set((
                standings::community_ack.eq(major),
                standings::updated_at.eq(now),
            ))
            .execute(tx.conn)?,
        Document::Messaging => diesel::update(of.filter(standings::messaging_ack.lt(major)))
            .set((
                standings::messaging_ack.eq(major),
                standings::updated_at.eq(now),
            ))
            .execute(tx.conn)?,
    };
    Ok(())
}

/// From now on everybody is asked for this major version of a document.
///
/// # Errors
/// A fault where the database fails.
pub fn require_acknowledgement(tx: &mut Tx<'_>, document: Document, major: i64) -> Result<()> {
    let of = required::table.filter(required::id.eq(1_i64));
    match document {
        Document::Charter => 0,
        Document::Community => diesel::update(of)
            .set(required::community_major.eq(major))
            .execute(tx.conn)?,
        Document::Messaging => diesel::update(of)
            .set(required::messaging_major.eq(major))
            .execute(tx.conn)?,
    };
    Ok(())
}
