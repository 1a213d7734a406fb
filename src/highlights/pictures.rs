//! The pictures that may go outside with a highlight: those that stood in a quoted post when its author agreed to have
//! them go along, and still stand there; the one that is chosen to go with a text; and those that left in a media kit.

use diesel::prelude::*;

use super::announcement;
use super::consent;
use super::highlight::Highlight;
use super::quote;
use super::recalled;
use super::state::AnnouncementState;
use super::taken;
use super::tell;
use super::unwind;
use crate::content::uploads::{self, Upload};
use crate::db::schema::{announcements, pull_pictures, pulls};
use crate::db::{Lock, Tx};
use crate::each_backend;
use crate::kit::Result;
use crate::kit::ids::{HighlightId, MediaId, MemberId, PullId};
use crate::policy::{Action, Actor};

/// The word for why something is taken back whose picture a moderator took out of sight.
pub const PICTURE_REMOVED: &str = "picture-removed";

/// The pictures that its authors' live consents cover, in the order of the quotes. For the media kit and for channels
/// that carry pictures.
///
/// # Errors
/// A fault where the database fails.
pub fn pictures(tx: &mut Tx<'_>, id: HighlightId) -> Result<Vec<Upload>> {
    let consents = consent::list(tx, id)?;
    let mut all: Vec<Upload> = Vec::new();
    for quote in quote::list(tx, id)? {
        let agreed = consents
            .iter()
            .find(|c| Some(c.member) == quote.author)
            .filter(|c| c.live().is_some_and(|scope| scope.pictures))
            .and_then(|c| c.decided_at);
        let Some(agreed) = agreed else { continue };
        for picture in uploads::media_of(tx, quote.post)? {
            // What came into the post later was not agreed to.
            let then = picture.claimed_at.is_some_and(|at| at <= agreed);
            if then && all.iter().all(|known| known.id != picture.id) {
                all.push(picture);
            }
        }
    }
    Ok(all)
}

/// The pictures that go into the media kit of what was taken in one go, `most` of them, each with its highlight. It is
/// written down which ones leave, so that they can be asked back.
///
/// # Errors
/// Refused by the law; not found where nothing was taken under this number; a fault where the database fails.
pub fn hand_out(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PullId,
    most: usize,
) -> Result<Vec<(HighlightId, Upload)>> {
    actor.may(&Action::Pull)?;
    let mut all = Vec::new();
    for one in taken::batch(tx, actor, id)?.taken {
        for picture in pictures(tx, one.highlight)? {
            if all.len() == most {
                return Ok(all);
            }
            let row = (
                pull_pictures::pull_id.eq(one.pull),
                pull_pictures::upload_id.eq(picture.id.0),
            );
            each_backend!(tx.conn, c => diesel::insert_into(pull_pictures::table)
                .values(row).on_conflict_do_nothing().execute(c))?;
            all.push((one.highlight, picture));
        }
    }
    Ok(all)
}

/// A picture chosen to go with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureWish {
    /// Which one.
    pub id: MediaId,
    /// What it shows, written for this text; `None` for what its author wrote.
    pub alt: Option<String>,
}

/// A chosen picture, held against the consents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The picture as its row says it; `None` where it may not (or no longer) go along.
    pub upload: Option<Upload>,
    /// What it shows.
    pub alt: String,
}

/// Looks a wish up among the pictures that may go along.
pub(super) fn chosen(
    tx: &mut Tx<'_>,
    id: HighlightId,
    wish: Option<&PictureWish>,
) -> Result<Option<Chosen>> {
    let Some(wish) = wish else { return Ok(None) };
    let upload = pictures(tx, id)?.into_iter().find(|p| p.id == wish.id);
    let own = || upload.as_ref().map(|u| u.alt.clone()).unwrap_or_default();
    let alt = wish.alt.clone().unwrap_or_else(own).trim().to_owned();
    Ok(Some(Chosen { upload, alt }))
}

/// Did this picture cease to be one that may go along?
pub(super) fn is_gone(tx: &mut Tx<'_>, id: HighlightId, picture: Option<MediaId>) -> Result<bool> {
    let Some(picture) = picture else {
        return Ok(false);
    };
    Ok(pictures(tx, id)?.iter().all(|p| p.id != picture))
}

/// A post was edited: whoever said something with a picture that was taken out of it is told. What has not left is
/// stopped before it leaves.
pub(super) fn taken_out(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    for one in announcement::of_highlight(tx, highlight.id)? {
        if one.state.is_out() && is_gone(tx, highlight.id, one.picture)? {
            tell::writer(tx, highlight, &one, "announcement-picture-gone")?;
        }
    }
    Ok(())
}

/// Its author took the leave for a picture back: whoever has it in a media kit is told.
pub(super) fn narrowed(tx: &mut Tx<'_>, id: HighlightId) -> Result<()> {
    let may: Vec<i64> = pictures(tx, id)?
        .iter()
        .map(|picture| picture.id.0)
        .collect();
    let mut kits: Vec<PullId> = pull_pictures::table
        .inner_join(pulls::table)
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::recalled_at.is_null())
        .filter(pull_pictures::upload_id.ne_all(may))
        .select(pulls::id)
        .load(tx.conn)?;
    kits.sort_unstable();
    kits.dedup();
    recalled::recall_some(tx, id, "scope-changed", &kits)
}

/// Law 7 for pictures: a moderator took them out of sight, so what was announced with one of them is taken back, text and
/// picture together, for a text without its picture is another text. Announcements without them stay. Whoever has one of
/// them in a media kit is told, as of words that fall.
pub(super) fn removed(tx: &mut Tx<'_>, pictures: &[MediaId], by: Option<MemberId>) -> Result<()> {
    let mut behind: Vec<HighlightId> = Vec::new();
    let mut kits: Vec<(HighlightId, PullId)> = Vec::new();
    for some in pictures.chunks(500) {
        let ids: Vec<i64> = some.iter().map(|id| id.0).collect();
        behind.extend(
            announcements::table
                .filter(announcements::picture_id.eq_any(&ids))
                .select(announcements::highlight_id)
                .load::<HighlightId>(tx.conn)?,
        );
        let left: Vec<(HighlightId, PullId)> = pull_pictures::table
            .inner_join(pulls::table)
            .filter(pull_pictures::upload_id.eq_any(&ids))
            .filter(pulls::recalled_at.is_null())
            .select((pulls::highlight_id, pulls::id))
            .load(tx.conn)?;
        kits.extend(left);
    }
    behind.extend(kits.iter().map(|(highlight, _)| *highlight));
    behind.sort_unstable();
    behind.dedup();
    // All highlights are locked before any delivery is.
    for id in &behind {
        tx.lock(Lock::Highlight(*id))?;
    }
    for id in behind {
        for one in announcement::of_highlight(tx, id)? {
            let carries = one.picture.is_some_and(|it| pictures.contains(&it));
            if carries && (one.state.is_unfinished() || one.state == AnnouncementState::Sent) {
                unwind::recall(tx, &one, PICTURE_REMOVED, by)?;
            }
        }
        let mine = kits.iter().filter(|(highlight, _)| *highlight == id);
        let mine: Vec<PullId> = mine.map(|(_, pull)| *pull).collect();
        recalled::recall_some(tx, id, PICTURE_REMOVED, &mine)?;
    }
    Ok(())
}
