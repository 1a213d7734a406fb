//! The kinds of places that a consent can name: every kind of channel in the bridge's table, and what is taken from here.
//! A kind that is added later is covered by no consent given before.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::bridge;

/// A kind of place, as a consent names it: the word of a kind of channel, or one of those that are no channel.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place(&'static str);

/// What is no channel: it is taken from here.
const TAKEN: [Place; 2] = [Place::EMBED, Place::FEED];

impl Place {
    /// The community's own announcements page and its feeds.
    pub const PAGE: Self = Self("page");
    /// A person posts it somewhere and notes the address.
    pub const MANUAL: Self = Self("manual");
    /// A card on the organisation's own website, shown from here.
    pub const EMBED: Self = Self("embed");
    /// A feed for the organisation's own scheduling tools.
    pub const FEED: Self = Self("feed");

    /// Every place there is: the kinds of channels in the order of their table, then those that are taken from here.
    pub fn all() -> impl Iterator<Item = Self> {
        bridge::kinds().map(|kind| Self(kind.word())).chain(TAKEN)
    }

    /// The place of this word, if it is one of ours.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::all().find(|place| place.0 == word)
    }

    /// The word that stands for it in rows, JSON and addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    fn manner(self) -> Option<bridge::Manner> {
        bridge::kind(self.0).map(|kind| kind.manner())
    }

    /// Can everybody look at what is said there? What is taken from here stands on pages of the organisation.
    #[must_use]
    pub fn is_public(self) -> bool {
        self.manner().is_none_or(|manner| manner.is_public)
    }

    /// Does the link travel beside the words there (a field of its own), or within them?
    #[must_use]
    pub fn link_beside(self) -> bool {
        self.manner().is_none_or(|manner| manner.link_beside)
    }

    /// Are words found by hashtags there?
    #[must_use]
    pub fn takes_hashtags(self) -> bool {
        self.manner().is_some_and(|manner| manner.takes_hashtags)
    }

    /// What usually fits into one post there, where this house has no channel of that kind to ask.
    #[must_use]
    pub fn usual_limit(self) -> Option<usize> {
        self.manner().and_then(|manner| manner.usual_limit)
    }

    /// Can a person copy a text there? Neither what is taken from here nor what only programs read.
    #[must_use]
    pub fn takes_copied_text(self) -> bool {
        self.manner()
            .is_some_and(|manner| manner.role != bridge::Role::Systems)
    }

    fn rank(self) -> usize {
        Self::all()
            .position(|place| place == self)
            .unwrap_or(usize::MAX)
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str> as Deserialize>::deserialize(deserializer)?;
        Self::parse(&word)
            .ok_or_else(|| serde::de::Error::custom(format!("no place of ours: {word:?}")))
    }
}

/// A set of places, stored as a JSON list in the order of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Places(pub BTreeSet<Place>);

impl Places {
    /// Reads words; `None` where one of them is no place of ours.
    #[must_use]
    pub fn parse<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        words
            .into_iter()
            .map(Place::parse)
            .collect::<Option<_>>()
            .map(Self)
    }

    /// Is the place named?
    #[must_use]
    pub fn has(&self, place: Place) -> bool {
        self.0.contains(&place)
    }

    /// Those named in both.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// The words, in the order of the table.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        self.0.iter().map(|place| place.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_place_is_refused_not_dropped() {
        assert!(Places::parse(["page", "myspace"]).is_none());
        assert_eq!(
            Places::parse(["x", "page", "x"]).map(|p| p.words()),
            Some(vec!["page", "x"])
        );
    }

    /// Consents keep a hash over the list of places, so the order of what there was before is for ever.
    #[test]
    fn places_stand_in_the_order_in_which_consents_hashed_them() {
        let before = [
            "page",
            "webhook",
            "mastodon",
            "bluesky",
            "bulletin",
            "discord",
            "slack",
            "telegram",
            "teams",
            "wordpress",
            "linkedin",
            "facebook",
            "threads",
            "x",
            "manual",
            "embed",
            "feed",
        ];
        let now: Vec<&str> = Place::all().map(Place::as_str).collect();
        let known: Vec<&str> = now.iter().copied().filter(|w| before.contains(w)).collect();
        assert_eq!(known, before);
    }

    #[test]
    fn the_places_that_are_named_here_are_places() {
        for place in [Place::PAGE, Place::MANUAL, Place::EMBED, Place::FEED] {
            assert_eq!(Place::parse(place.as_str()), Some(place));
        }
    }

    #[test]
    fn both_is_what_everybody_agreed_to() {
        let (a, b) = (
            Places::parse(["page", "x"]).unwrap(),
            Places::parse(["x", "slack"]).unwrap(),
        );
        assert_eq!(a.both(&b).words(), ["x"]);
    }
}
