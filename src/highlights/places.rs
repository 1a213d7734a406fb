//! The kinds of places that a consent can name. A kind that is added later is covered by no consent given before.

use std::collections::BTreeSet;

crate::text_enum! {
    /// A kind of channel, as a consent names it.
    pub enum Place {
        /// The community's own announcements page and its feeds.
        Page = "page",
        /// A signed message to another system of the organisation.
        Webhook = "webhook",
        /// Mastodon and what speaks its language.
        Mastodon = "mastodon",
        /// Bluesky.
        Bluesky = "bluesky",
        /// The e-mail bulletin.
        Bulletin = "bulletin",
        /// A Discord room.
        Discord = "discord",
        /// A Slack room.
        Slack = "slack",
        /// A Telegram channel.
        Telegram = "telegram",
        /// A Teams room.
        Teams = "teams",
        /// A draft on a WordPress site.
        WordPress = "wordpress",
        /// A LinkedIn page.
        LinkedIn = "linkedin",
        /// A Facebook page.
        Facebook = "facebook",
        /// Threads.
        Threads = "threads",
        /// X.
        X = "x",
        /// A person posts it somewhere and notes the address.
        Manual = "manual",
        /// A card on the organisation's own website, shown from here.
        Embed = "embed",
        /// A feed for the organisation's own scheduling tools.
        Feed = "feed",
    }
}

impl Place {
    /// Does the link travel beside the words there (a field of its own), or within them?
    #[must_use]
    pub const fn link_beside(self) -> bool {
        matches!(
            self,
            Self::Page
                | Self::Webhook
                | Self::Bulletin
                | Self::WordPress
                | Self::Embed
                | Self::Feed
        )
    }
}

impl Place {
    /// Are words found by hashtags there?
    #[must_use]
    pub const fn takes_hashtags(self) -> bool {
        matches!(
            self,
            Self::Mastodon
                | Self::Bluesky
                | Self::LinkedIn
                | Self::Facebook
                | Self::Threads
                | Self::X
        )
    }
}

/// A set of places, stored as a JSON list in the order of declaration.
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

    /// The words, in the order of declaration.
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

    #[test]
    fn every_channel_is_a_place_that_a_consent_can_name() {
        for kind in crate::bridge::kinds() {
            assert!(Place::parse(kind.word()).is_some(), "{}", kind.word());
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
