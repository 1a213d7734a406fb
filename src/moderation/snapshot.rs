//! The words as they were when somebody reported them: an edit afterwards does not hide what was said.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::item::Subject;
use crate::db::Tx;
use crate::forum;
use crate::kit::Result;
use crate::members;

/// Kept beside its hash in a column that is emptied when the author's account is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The thread's title, or the member's name.
    pub title: String,
    /// The post's plain text, or what the member says of themselves.
    pub text: String,
    /// Which revision that was; 0 where nobody counts.
    pub revision: i64,
}

impl Snapshot {
    /// The words now; `None` for what has none of its own.
    pub(super) fn of(tx: &mut Tx<'_>, about: Subject) -> Result<Option<Self>> {
        let post = match about {
            Subject::Post(post) => Some(post),
            Subject::Thread(thread) => forum::nth_post(tx, thread, 1)?,
            Subject::Member(member) => {
                let card = members::card(tx, member)?;
                let profile = members::find_profile(tx, &card.name)?;
                return Ok(Some(Self {
                    title: card.display,
                    text: profile.bio_source,
                    revision: 0,
                }));
            }
            Subject::Highlight(_) | Subject::Decision(_) => None,
        };
        let Some(post) = post else {
            return Ok(None);
        };
        let said = forum::said(tx, post)?;
        Ok(Some(Self {
            title: said.title,
            text: said.text,
            revision: said.revision,
        }))
    }

    /// As it is stored, with its SHA-256.
    pub(super) fn stored(&self) -> Result<(String, Vec<u8>)> {
        let text = serde_json::to_string(self)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        Ok((text, hash))
    }
}
