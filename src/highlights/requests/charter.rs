//! The charter, sentence by sentence, so that an answer can cite one. Reads only.

use crate::content;
use crate::db::Tx;
use crate::guidelines;
use crate::kit::ids::VersionId;
use crate::kit::stop::Document;
use crate::kit::{Result, Stop};

/// Shorter than this is a heading, no sentence.
const SHORTEST: usize = 12;

/// The charter's sentences, and the version they stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    /// The version.
    pub version: VersionId,
    /// What people call it, such as `2.1`.
    pub label: String,
    /// Its sentences in their order; the first is number 1.
    pub sentences: Vec<String>,
}

/// The sentences of the charter in force; `None` where none is.
///
/// # Errors
/// A fault where the database fails.
pub fn charter_sentences(tx: &mut Tx<'_>) -> Result<Option<Charter>> {
    let Some(version) = guidelines::current(tx, Document::Charter)? else {
        return Ok(None);
    };
    let text = content::plain_text(&version.body_html);
    let sentences = content::sentences(&text)
        .into_iter()
        .filter_map(|range| text.get(range))
        .map(content::excerpt::normalise)
        .filter(|sentence| {
            sentence.chars().count() >= SHORTEST && sentence.ends_with(['.', '!', '?', '”', '"'])
        })
        .collect();
    Ok(Some(Charter {
        version: version.id,
        label: version.label(),
        sentences,
    }))
}

/// The cited sentence and its version; nothing where none was cited.
///
/// # Errors
/// Invalid where the charter has no such sentence.
pub(super) fn cited(tx: &mut Tx<'_>, number: Option<usize>) -> Result<Option<(VersionId, String)>> {
    let Some(number) = number.filter(|number| *number > 0) else {
        return Ok(None);
    };
    let charter = charter_sentences(tx)?;
    let found = charter.and_then(|charter| {
        let sentence = charter.sentences.get(number - 1)?.clone();
        Some((charter.version, sentence))
    });
    match found {
        Some(found) => Ok(Some(found)),
        None => Err(Stop::invalid("sentence", "request-sentence")),
    }
}
