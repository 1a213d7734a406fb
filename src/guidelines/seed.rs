//! What a fresh community starts with.

use super::draft::save_draft;
use super::publish::{Change, Publication, publish};
use super::version::base_of;
use super::words::Words;
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::stop::Document;
use crate::policy::Actor;

const CHARTER: &str = include_str!("starting/charter.md");
const COMMUNITY: &str = include_str!("starting/community.md");
const MESSAGING: &str = include_str!("starting/messaging.md");

/// Writes the starting texts where a document has none yet; bears repetition.
///
/// The community guidelines are published as 1.0 at once, so that members can post from the first hour under rules that
/// hold anywhere. Charter and messaging guidelines begin as drafts: what a community is, and how it speaks outside, nobody
/// can know beforehand. Since no messaging guidelines are in force, nobody can acknowledge them, and so nothing can be
/// approved, written or sent until a person has read, changed and published them.
///
/// # Errors
/// A fault where the database fails.
pub fn seed(tx: &mut Tx<'_>) -> Result<()> {
    let house = Actor::System("first-start");
    let base_url = tx.house().base_url.clone();
    for (kind, source) in [
        (Document::Charter, CHARTER),
        (Document::Community, COMMUNITY),
        (Document::Messaging, MESSAGING),
    ] {
        if base_of(tx, kind)?.is_some() {
            continue;
        }
        // Rendered inside the transaction, for once: three short texts, once in the life of a community.
        let words = Words::parse(source, &base_url)?;
        if kind == Document::Community {
            let first = Publication {
                words,
                change: Change::Major,
                note: String::new(),
                effective_at: None,
                base: String::new(),
            };
            publish(tx, &house, kind, &first)?;
        } else {
            save_draft(tx, &house, kind, &words, "")?;
        }
    }
    Ok(())
}
