//! The voices of a highlight as they may be said: the words, and the name that was agreed to.

use super::consent::Consent;
use super::ground::Words;
use super::highlight::Highlight;
use super::quote::Quote;
use super::scope::Attribution;
use crate::content::excerpt;
use crate::db::Tx;
use crate::kit::Result;

/// One voice as it may be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voiced {
    /// The words, exactly.
    pub words: String,
    /// The name that was agreed to; `None` for a member without a name.
    pub named: Option<String>,
    /// How it is named.
    pub attribution: Attribution,
    /// May parts be left out?
    pub trimming: bool,
}

/// The voices of a highlight whose consent is live, in the order of the quotes.
pub(super) fn voiced(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<Vec<Voiced>> {
    Ok(Words::of(tx, &[highlight.id])?.voices(highlight.id))
}

/// Those of these quotes whose consent is live.
pub(super) fn voices(quotes: &[Quote], consents: &[Consent]) -> Vec<Voiced> {
    let voice = |quote: &Quote| {
        let consent = consents.iter().find(|c| Some(c.member) == quote.author)?;
        let scope = consent.live()?;
        Some(Voiced {
            words: excerpt::normalise(quote.excerpt.as_deref()?),
            named: consent.named.clone(),
            attribution: scope.attribution,
            trimming: scope.trimming,
        })
    };
    quotes.iter().filter_map(voice).collect()
}
