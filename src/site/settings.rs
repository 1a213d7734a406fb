//! The settings that an admin changes in the browser. What the server needs to start stands in `config`.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::db::schema::settings as table;
use crate::kit::Result;

crate::text_enum! {
    /// Who may make tags that were not there before.
    pub enum TagMakers {
        /// Every member but newcomers.
        Members = "members",
        /// Members who have been here for a while, and those with a role.
        Established = "established",
        /// Moderators and admins.
        Staff = "staff",
    }
}

crate::text_enum! {
    /// Who can make an account.
    pub enum Registration {
        /// Everybody.
        Open = "open",
        /// Whoever was invited.
        Invite = "invite",
    }
}

/// Everything an admin can set. A missing value is the default, so that new settings need no migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The community's name.
    pub name: String,
    /// One line beneath it.
    pub tagline: String,
    /// A few sentences for search engines and feeds.
    pub description: String,
    /// The language of the interface and of posts that do not say otherwise (BCP 47).
    pub lang: String,
    /// The time zone of plans and of readers who have set none (IANA).
    pub zone: String,
    /// Where to write to the people who run it.
    pub contact: String,
    /// Who can make an account.
    pub registration: Registration,
    /// Who may make tags that were not there before.
    pub tag_makers: TagMakers,
    /// Law 3: a second person reads every text before it is scheduled.
    pub second_eyes_on_texts: bool,
    /// Law 3: the moderator who approved may also send.
    pub approver_may_send: bool,
    /// The WebSub hub that is told when the announcements' feeds change; empty where there is none.
    pub hub: String,
    /// The reactions that are offered under posts.
    pub reactions: Vec<String>,
    /// Has somebody been through the first steps?
    pub set_up: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Loggia".to_owned(),
            tagline: String::new(),
            description: String::new(),
            lang: "en".to_owned(),
            zone: "UTC".to_owned(),
            contact: String::new(),
            registration: Registration::Open,
            tag_makers: TagMakers::Members,
            second_eyes_on_texts: false,
            approver_may_send: false,
            hub: String::new(),
            reactions: ["thanks", "like", "insight", "laugh", "celebrate"]
                .map(str::to_owned)
                .to_vec(),
            set_up: false,
        }
    }
}

/// The row all settings stand in.
pub(super) const KEY: &str = "site";

/// The settings in force.
///
/// # Errors
/// A fault where the database fails or the row cannot be read.
pub fn settings(tx: &mut Tx<'_>) -> Result<Settings> {
    let row: Option<String> = table::table
        .find(KEY)
        .select(table::value)
        .first(tx.conn)
        .optional()?;
    match row {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Settings::default()),
    }
}
