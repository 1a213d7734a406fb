//! What an approval binds: the heading, the words, the names and the scope. Any change of one of them changes the hash,
//! and a changed hash makes the approval void.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::consent::{self, Consent};
use super::highlight::Highlight;
use super::quote::{self, Quote};
use super::scope::Scope;
use crate::db::Tx;
use crate::kit::Result;

#[derive(Serialize)]
struct Bound<'b> {
    kind: &'b str,
    title: &'b str,
    thread: Option<i64>,
    quotes: Vec<(i64, &'b [u8])>,
    consents: Vec<Agreed<'b>>,
}

#[derive(Serialize)]
struct Agreed<'b> {
    member: i64,
    state: &'b str,
    scope: Option<&'b Scope>,
    named: Option<&'b str>,
    words: &'b [u8],
}

/// The content hash of a highlight as it stands in its rows now.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn of(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<Vec<u8>> {
    let quotes = quote::list(tx, highlight.id)?;
    let consents = consent::list(tx, highlight.id)?;
    hash(highlight, &quotes, &consents)
}

/// The same of rows that were read already.
///
/// # Errors
/// A fault where it cannot be written down.
pub(super) fn hash(
    highlight: &Highlight,
    quotes: &[Quote],
    consents: &[Consent],
) -> Result<Vec<u8>> {
    let mut agreed: Vec<Agreed<'_>> = consents
        .iter()
        .map(|c| Agreed {
            member: c.member.0,
            state: c.state.as_str(),
            scope: c.live(),
            named: c.named.as_deref(),
            words: &c.words_hash,
        })
        .collect();
    agreed.sort_by_key(|a| a.member);
    // Revisions and places are left out: words that an edit only moved are the same words.
    let bound = Bound {
        kind: highlight.kind.as_str(),
        title: &highlight.title,
        thread: highlight.thread.map(|t| t.0),
        quotes: quotes
            .iter()
            .map(|q| (q.post.0, q.sha256.as_slice()))
            .collect(),
        consents: agreed,
    };
    Ok(Sha256::digest(serde_json::to_vec(&bound)?).to_vec())
}
