//! Does everything still stand that a highlight stands on? Asked at approval, when a text is scheduled, at the last
//! moment before it leaves, and when somebody takes it by hand.

use super::binding;
use super::consent;
use super::highlight::{Highlight, Kind};
use super::quote;
use super::scope::{Covered, Scope};
use crate::content::excerpt;
use crate::db::Tx;
use crate::forum;
use crate::kit::{Refusal, Result};
use crate::policy::PostState;

/// Why a highlight does not stand any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallen {
    /// Somebody's yes is missing or was taken back.
    Consent,
    /// The source is not there for everybody.
    NotPublic,
    /// The words are not those that were agreed to.
    Words,
}

impl Fallen {
    /// The word for rows and sentences.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent-missing",
            Self::NotPublic => "source-not-public",
            Self::Words => "words-changed",
        }
    }
}

/// What does not stand any more, if anything.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn fallen(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<Option<Fallen>> {
    let quotes = quote::list(tx, highlight.id)?;
    let consents = consent::list(tx, highlight.id)?;
    if consents.iter().any(|c| c.live().is_none()) {
        return Ok(Some(Fallen::Consent));
    }
    for quote in &quotes {
        let asked = quote
            .author
            .is_some_and(|author| consents.iter().any(|c| c.member == author));
        if !asked {
            return Ok(Some(Fallen::Consent));
        }
        if !forum::post_facts(tx, quote.post)?.is_public() {
            return Ok(Some(Fallen::NotPublic));
        }
        let Some(kept) = quote.as_excerpt() else {
            return Ok(Some(Fallen::Words));
        };
        let said = forum::said(tx, quote.post)?;
        let intact = excerpt::hash(&kept.text) == kept.sha256
            && excerpt::still_there(&said.text, &kept).is_some()
            && said.author == quote.author;
        if !intact {
            return Ok(Some(Fallen::Words));
        }
    }
    for consent in &consents {
        if consent::words_hash(&quotes, consent.member, &highlight.title) != consent.words_hash {
            return Ok(Some(Fallen::Words));
        }
    }
    if let (Kind::Thread | Kind::Milestone, Some(thread)) = (highlight.kind, highlight.thread) {
        let facts = forum::thread_facts(tx, thread)?;
        if facts.state != PostState::Visible || !facts.category.is_public() {
            return Ok(Some(Fallen::NotPublic));
        }
    }
    if binding::of(tx, highlight)? != highlight.content_hash {
        return Ok(Some(Fallen::Words));
    }
    Ok(None)
}

/// Refuses where something does not stand any more.
///
/// # Errors
/// Refused with what is missing; a fault where the database fails.
pub(super) fn stands(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    match fallen(tx, highlight)? {
        None => Ok(()),
        Some(Fallen::Consent) => Err(Refusal::NoConsent.into()),
        Some(Fallen::NotPublic) => Err(Refusal::NotPublic.into()),
        Some(Fallen::Words) => Err(Refusal::Stale.into()),
    }
}

/// May it not be said yet?
pub(super) fn embargoed(tx: &Tx<'_>, highlight: &Highlight) -> bool {
    highlight
        .embargo_until
        .is_some_and(|until| until > tx.now())
}

/// Is it past its end?
pub(super) fn expired(tx: &Tx<'_>, highlight: &Highlight) -> bool {
    highlight.expires_at.is_some_and(|end| end <= tx.now())
}

/// What all live consents together allow.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn covered(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<Covered> {
    let consents = consent::list(tx, highlight.id)?;
    let scopes: Vec<Scope> = consents.iter().filter_map(|c| c.live().cloned()).collect();
    let mut covered = Covered::by(&scopes);
    if scopes.len() < consents.len() {
        // Somebody has not said yes: nothing is covered.
        covered.by_hand = false;
        covered.places = Some(super::Places::default());
    }
    Ok(covered)
}
