//! What the desk says before *Apply*: for each choice the sentence about what will happen and who is told, announcements
//! included. All of them stand in the page; the style sheet shows those of what is chosen, without any script.

use serde::Serialize;

use crate::db::Tx;
use crate::highlights;
use crate::kit::Result;
use crate::moderation::{Item, ReportLine, ReportState, Subject};

/// The figures that the sentences are filled with.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Says {
    /// How many reporters hear of it.
    pub reporters: usize,
    /// Announcements of these words that have not left.
    pub queued: i64,
    /// Announcements of these words that stand outside.
    pub sent: i64,
    /// Announcements with words of this author that have not left.
    pub author_queued: i64,
    /// Announcements with words of this author that stand outside.
    pub author_sent: i64,
}

/// Counts what a decision on this item would reach.
pub(super) fn says(tx: &mut Tx<'_>, item: &Item, reports: &[ReportLine]) -> Result<Says> {
    let of_words = match item.subject {
        Subject::Post(post) => highlights::reach_of_post(tx, post)?,
        Subject::Thread(thread) => highlights::reach_of_thread(tx, thread)?,
        _ => (0, 0),
    };
    let of_author = match item.author {
        Some(author) => highlights::reach_of_author(tx, author)?,
        None => (0, 0),
    };
    Ok(Says {
        reporters: reports
            .iter()
            .filter(|report| report.state == ReportState::Pending)
            .count(),
        queued: of_words.0,
        sent: of_words.1,
        author_queued: of_author.0,
        author_sent: of_author.1,
    })
}
