//! The three choices of a decision, which are kept apart, and the decision itself.

use serde::{Deserialize, Serialize};

use super::item::ItemState;
use super::report::ReportState;
use super::sanction::MeasureKind;
use crate::kit::At;

crate::text_enum! {
    /// Was the report right?
    pub enum Finding {
        /// Yes.
        Upheld = "upheld",
        /// No.
        Declined = "declined",
        /// It says nothing that needs an answer.
        Ignored = "ignored",
    }
}

crate::text_enum! {
    /// What happens to the words.
    pub enum ContentChoice {
        /// They stand; hidden ones are shown again.
        Keep = "keep",
        /// Moderators and the author see them.
        Hide = "hide",
        /// Hidden, and the author is asked to change them; then the item comes back to the desk.
        Return = "return",
        /// Gone.
        Delete = "delete",
    }
}

crate::text_enum! {
    /// What happens to the author.
    pub enum AuthorChoice {
        /// Nothing.
        None = "none",
        /// A word from the moderators, without any mark.
        Note = "note",
        /// A warning, kept on record.
        Warning = "warning",
        /// May read, may not write.
        Silence = "silence",
        /// May not sign in.
        Suspension = "suspension",
    }
}

impl AuthorChoice {
    /// The measure that it is, if it is one.
    pub(super) const fn measure(self) -> Option<MeasureKind> {
        match self {
            Self::None | Self::Note => None,
            Self::Warning => Some(MeasureKind::Warning),
            Self::Silence => Some(MeasureKind::Silence),
            Self::Suspension => Some(MeasureKind::Suspension),
        }
    }
}

impl Finding {
    pub(super) const fn state(self) -> ItemState {
        match self {
            Self::Upheld => ItemState::Upheld,
            Self::Declined => ItemState::Declined,
            Self::Ignored => ItemState::Ignored,
        }
    }

    pub(super) const fn report_state(self) -> ReportState {
        match self {
            Self::Upheld => ReportState::Upheld,
            Self::Declined => ReportState::Declined,
            Self::Ignored => ReportState::Ignored,
        }
    }
}

/// What a moderator decided, on which version of the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The version the moderator saw.
    pub version: i64,
    /// Was the report right?
    pub finding: Finding,
    /// What happens to the words.
    pub content: ContentChoice,
    /// What happens to the author.
    pub author: AuthorChoice,
    /// Until when a silence or suspension lasts; `None`: without end. Meaningless for the others.
    pub until: Option<At>,
    /// Why; the author reads it.
    pub reason: String,
    /// The number of the rule it rests on, in the community guidelines in force.
    pub rule: Option<i64>,
}
