//! The words as they were when somebody reported them: an edit afterwards does not hide what was said.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::db::Tx;
use crate::forum;
use crate::kit::Result;
use crate::kit::ids::PostId;

/// Kept beside its hash in a column that is emptied when the author's account is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The thread's title.
    pub title: String,
    /// The post's plain text.
    pub text: String,
    /// Which revision that was.
    pub revision: i64,
}

impl Snapshot {
    /// The post's words now.
    pub(super) fn of(tx: &mut Tx<'_>, post: PostId) -> Result<Self> {
        let said = forum::said(tx, post)?;
        Ok(Self {
            title: said.title,
            text: said.text,
            revision: said.revision,
        })
    }

    /// As it is stored, with its SHA-256.
    pub(super) fn stored(&self) -> Result<(String, Vec<u8>)> {
        let text = serde_json::to_string(self)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        Ok((text, hash))
    }
}
