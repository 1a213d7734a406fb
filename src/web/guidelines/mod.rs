//! The charter and the two guidelines: reading, acknowledging, what changed, and writing the next version.

pub mod acknowledgements;
pub mod changes;
pub mod document;
pub mod edit;
mod parts;
pub mod print;
pub mod problems;
pub mod publish;
pub mod style;

use crate::kit::stop::Document;

/// Where a document stands.
#[must_use]
pub const fn path(kind: Document) -> &'static str {
    match kind {
        Document::Charter => "/charter",
        Document::Community => "/guidelines/community",
        Document::Messaging => "/guidelines/messaging",
    }
}

/// The guidelines' kind in an address; the charter has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guideline(pub Document);

impl std::str::FromStr for Guideline {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match Document::parse(word) {
            Some(kind @ (Document::Community | Document::Messaging)) => Ok(Self(kind)),
            _ => Err(()),
        }
    }
}

/// Both addresses of every handler: the charter's own and that of the guidelines.
macro_rules! for_each_document {
    ($($(#[$doc:meta])* $name:ident, $charter:ident => $room:path;)*) => {$(
        $(#[$doc])*
        pub async fn $name(call: $crate::web::Call) -> $crate::web::Answer {
            let kind: Guideline = call.segment("kind")?;
            $room(call, kind.0).await
        }

        /// The same for the charter.
        pub async fn $charter(call: $crate::web::Call) -> $crate::web::Answer {
            $room(call, Document::Charter).await
        }
    )*};
}

for_each_document! {
    /// Shows a guideline.
    show, show_charter => document::show;
    /// Takes an acknowledgement.
    acknowledge, acknowledge_charter => document::acknowledge;
    /// Shows what a version changed.
    changed, charter_changed => changes::show;
    /// Lists who acknowledged.
    acknowledged, charter_acknowledged => acknowledgements::show;
    /// Reminds those who have yet to acknowledge.
    remind, remind_charter => acknowledgements::remind;
    /// Gives the list as a file.
    acknowledged_file, charter_acknowledged_file => acknowledgements::export;
    /// Shows the form for the next version.
    write, write_charter => edit::show;
    /// Previews, saves, publishes or throws away.
    written, charter_written => publish::submit;
    /// Takes a version that waits for its day back into the drafts.
    recall, recall_charter => publish::recall;
    /// Shows the text alone, for paper.
    print, print_charter => print::show;
}
