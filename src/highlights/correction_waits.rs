//! A correction that waits for its second reader (site setting `second_eyes_on_texts`). What stands outside stays as it
//! is until somebody else has read the new words; a correction written in the meantime takes the place of the first.

use diesel::prelude::*;

use super::correct::Correction;
use crate::db::Tx;
use crate::db::schema::{announcements, waiting_corrections as waiting};
use crate::each_backend;
use crate::kit::ids::{AnnouncementId, HighlightId, MemberId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// A correction that nobody else has read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCorrection {
    /// What is to stand there instead.
    pub correction: Correction,
    /// Who wrote it; somebody else reads it.
    pub written_by: Option<MemberId>,
    /// When.
    pub written_at: At,
}

type Row = (String, String, Option<String>, bool, Option<MemberId>, At);

/// The correction of an announcement that waits, if one does.
///
/// # Errors
/// Refused to whoever does not work outward; a fault where the database fails.
pub fn waiting_correction(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
) -> Result<Option<WaitingCorrection>> {
    actor.may(&Action::SeeOutreach)?;
    seek(tx, id)
}

/// The same, for verbs that have asked the law.
pub(super) fn seek(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<WaitingCorrection>> {
    let row: Option<Row> = waiting::table
        .find(id)
        .select((
            waiting::text,
            waiting::reasons,
            waiting::picture_alt,
            waiting::without_picture,
            waiting::written_by,
            waiting::written_at,
        ))
        .first(tx.conn)
        .optional()?;
    let Some((text, reasons, picture_alt, without_picture, written_by, written_at)) = row else {
        return Ok(None);
    };
    Ok(Some(WaitingCorrection {
        correction: Correction {
            text,
            reasons: serde_json::from_str(&reasons)?,
            picture_alt,
            without_picture,
        },
        written_by,
        written_at,
    }))
}

/// Keeps a correction until somebody else has read it.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AnnouncementId,
    correction: &Correction,
) -> Result<()> {
    let values = (
        waiting::text.eq(correction.text.trim()),
        waiting::reasons.eq(serde_json::to_string(&correction.reasons)?),
        waiting::picture_alt.eq(&correction.picture_alt),
        waiting::without_picture.eq(correction.without_picture),
        waiting::written_by.eq(actor.id()),
        waiting::written_at.eq(tx.now()),
    );
    drop_one(tx, id)?;
    each_backend!(tx.conn, c => diesel::insert_into(waiting::table)
        .values((waiting::announcement_id.eq(id), values))
        .execute(c))?;
    Ok(())
}

/// It was sent, or nobody needs it any more.
pub(super) fn drop_one(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<()> {
    diesel::delete(waiting::table.find(id)).execute(tx.conn)?;
    Ok(())
}

/// Forgets what waits for these highlights: words of theirs stand in it.
pub(super) fn forget(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<()> {
    let of: Vec<AnnouncementId> = announcements::table
        .filter(announcements::highlight_id.eq_any(ids))
        .select(announcements::id)
        .load(tx.conn)?;
    diesel::delete(waiting::table.filter(waiting::announcement_id.eq_any(of))).execute(tx.conn)?;
    Ok(())
}
