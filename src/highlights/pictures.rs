//! The pictures that may go outside with a highlight: those that stood in a quoted post when its author agreed to have
//! them go along, and still stand there. Reads only.

use super::consent;
use super::quote;
use crate::content::uploads::{self, Upload};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::HighlightId;

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
