//! What the bridge is given: a finished message, and the plan to carry it to a channel.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::state::Operation;
use crate::content::uploads;
use crate::kit::At;
use crate::kit::event::Origin;
use crate::kit::ids::{ChannelId, MediaId};

/// One voice inside a message; its words are never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// What was said.
    pub text: String,
    /// By whom, as its author wants to be called.
    pub attribution: String,
}

/// A picture that goes with a message; its bytes stand in the store of uploads under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Which upload.
    pub upload: MediaId,
    /// The name under which the store keeps it.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// What it shows, for those who do not see it; never empty.
    pub alt: String,
}

impl Picture {
    /// Where this community shows it.
    #[must_use]
    pub fn path(&self) -> String {
        uploads::path(self.upload, &self.name)
    }

    /// As programs are told of it: where it can be fetched, and what it shows.
    #[must_use]
    pub fn as_json(&self) -> Value {
        json!({
            "path": self.path(),
            "alt": self.alt,
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
        })
    }
}

/// A finished message. The bridge changes nothing of it; a channel's kind only puts it into the channel's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it is about, for channels that have headings.
    pub title: String,
    /// The text as it was written for this channel.
    pub text: String,
    /// The absolute address that people follow: `https://site/h/CODE`.
    pub link: String,
    /// The language of the text (BCP 47), empty where unknown.
    pub lang: String,
    /// The voices in it.
    pub quotes: Vec<Quote>,
    /// The path of the source in this community.
    pub source_path: String,
    /// The link code.
    pub code: String,
    /// The community's name.
    pub site_name: String,
    /// Words it may be found by.
    pub tags: Vec<String>,
    /// A picture, for channels that carry one. Left out where there is none, so that older payloads keep their hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A message for a channel at a time.
#[derive(Debug, Clone)]
pub struct Plan<'m> {
    /// Who asks, opaque to the bridge.
    pub origin: Origin,
    /// Where to.
    pub channel: ChannelId,
    /// Announce or correct; withdrawals are opened by [`recall`](super::recall).
    pub operation: Operation,
    /// Counts the versions of what is said, from 1.
    pub revision: i64,
    /// What is said.
    pub message: &'m Message,
    /// When.
    pub planned_at: At,
}

/// A message without words: that there is something, and where in this community.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Who asks, opaque to the bridge.
    pub origin: Origin,
    /// Where to.
    pub channel: ChannelId,
    /// Tells the notices of one origin apart.
    pub number: i64,
    /// The path in this community.
    pub path: String,
}
