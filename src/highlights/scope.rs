//! What a person agrees to: how they are named, whether their words may be shortened, where they may be said, and
//! whether staff may take them by hand. Nothing here is ever chosen for them.

use serde::{Deserialize, Serialize};

use super::places::{Place, Places};
use crate::kit::{Problems, Result};

crate::text_enum! {
    /// How somebody who is quoted is named.
    pub enum Attribution {
        /// The display name.
        Name = "name",
        /// The first word of the display name.
        FirstName = "first_name",
        /// "a member", without a name.
        Member = "member",
    }
}

impl Attribution {
    /// The name as it may stand outside; `None` for a member without a name.
    #[must_use]
    pub fn named(self, display: &str) -> Option<String> {
        match self {
            Self::Name => Some(display.trim().to_owned()),
            Self::FirstName => display.split_whitespace().next().map(str::to_owned),
            Self::Member => None,
        }
    }
}

/// The scope of a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// How the person is named.
    pub attribution: Attribution,
    /// May parts be left out (marked with `[…]`)?
    pub trimming: bool,
    /// May staff take the words out by hand, by export or by feed?
    pub by_hand: bool,
    /// The kinds of channels ticked.
    pub places: Places,
    /// May the pictures that stand in the post go along? Left out where not, so that what was agreed to before there
    /// were pictures keeps its hash.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pictures: bool,
}

/// A yes as it comes from a form or the API: words, not yet checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeWords {
    /// `name`, `first_name` or `member`; empty where nothing was chosen.
    pub attribution: String,
    /// May parts be left out?
    pub trimming: bool,
    /// May staff take it by hand?
    pub by_hand: bool,
    /// Kinds of channels.
    pub places: Vec<String>,
    /// May the pictures go along?
    pub pictures: bool,
}

impl ScopeWords {
    /// The scope, if every word in it is one of ours and it allows something at all.
    ///
    /// # Errors
    /// Problems with `attribution` and `channels`.
    pub fn scope(&self) -> Result<Scope> {
        let mut problems = Problems::default();
        let attribution = Attribution::parse(&self.attribution);
        if attribution.is_none() {
            problems.add("attribution", "consent-attribution", &[]);
        }
        let places = Places::parse(self.places.iter().map(String::as_str));
        match &places {
            None => problems.add("channels", "consent-channel-unknown", &[]),
            Some(places) if places.0.is_empty() && !self.by_hand => {
                problems.add("channels", "consent-nowhere", &[]);
            }
            Some(_) => {}
        }
        match (attribution, places) {
            (Some(attribution), Some(places)) if problems.0.is_empty() => Ok(Scope {
                attribution,
                trimming: self.trimming,
                by_hand: self.by_hand,
                places,
                pictures: self.pictures,
            }),
            _ => Err(problems.into()),
        }
    }
}

/// What all consents together allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Places that everybody ticked; `None` where nobody had to be asked, which leaves all places open.
    pub places: Option<Places>,
    /// May it be taken by hand?
    pub by_hand: bool,
}

impl Covered {
    /// The narrowest common ground of all scopes.
    #[must_use]
    pub fn by(scopes: &[Scope]) -> Self {
        let by_hand = scopes.iter().all(|scope| scope.by_hand);
        let places = scopes
            .iter()
            .map(|scope| scope.places.clone())
            .reduce(|all, one| all.both(&one));
        Self { places, by_hand }
    }

    /// May it be said there?
    #[must_use]
    pub fn has(&self, place: Place) -> bool {
        self.places.as_ref().is_none_or(|places| places.has(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(by_hand: bool, places: &[&str]) -> Scope {
        Scope {
            attribution: Attribution::Member,
            trimming: false,
            by_hand,
            places: Places::parse(places.iter().copied()).unwrap(),
            pictures: false,
        }
    }

    #[test]
    fn the_narrowest_yes_counts() {
        let x = Place::parse("x").unwrap();
        let covered = Covered::by(&[scope(true, &["page", "x"]), scope(false, &["page"])]);
        assert!(covered.has(Place::PAGE) && !covered.has(x) && !covered.by_hand);
        let free = Covered::by(&[]);
        assert!(free.has(x) && free.by_hand);
    }

    #[test]
    fn nothing_chosen_is_no_yes() {
        assert!(ScopeWords::default().scope().is_err());
        let nowhere = ScopeWords {
            attribution: "name".into(),
            ..ScopeWords::default()
        };
        assert!(nowhere.scope().is_err());
        let by_hand = ScopeWords {
            by_hand: true,
            ..nowhere
        };
        assert!(by_hand.scope().is_ok());
    }

    #[test]
    fn a_first_name_is_the_first_word() {
        assert_eq!(
            Attribution::FirstName.named(" Ines  Marlow"),
            Some("Ines".into())
        );
        assert_eq!(Attribution::Member.named("Ines"), None);
        assert_eq!(Attribution::FirstName.named("  "), None);
    }
}
