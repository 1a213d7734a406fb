//! Does everything still stand that a highlight stands on? Asked at approval, when a text is scheduled, at the last
//! moment before it leaves, and when somebody takes it by hand.

use super::ground::{Ground, Words};
use super::highlight::Highlight;
use super::scope::Covered;
use crate::db::Tx;
use crate::kit::Result;

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
    Ground::of(tx, std::slice::from_ref(highlight))?.fallen(highlight)
}

/// Refuses where something does not stand any more.
///
/// # Errors
/// Refused with what is missing; a fault where the database fails.
pub(super) fn stands(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    Ground::of(tx, std::slice::from_ref(highlight))?.stands(highlight)
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
    Ok(Words::of(tx, &[highlight.id])?.covered(highlight.id))
}
