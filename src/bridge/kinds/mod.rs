//! The kinds of channels: how a message is put into a channel's form. Pure; carrying is the adapters' work.

mod page;
mod page_adapter;
mod sign;
mod webhook;
mod webhook_adapter;

use serde_json::Value;

use super::adapter::Adapters;
use super::message::Message;
use super::state::Operation;
use crate::db::Db;
use crate::kit::event::Origin;
use crate::kit::http::Outbound;
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

pub use page::PAGE;
pub use sign::{new_secret, sign};
pub use webhook::WEBHOOK;

/// Everything a kind may put into the frozen bytes.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'l> {
    /// What is to be done.
    pub operation: Operation,
    /// Who asked for it.
    pub origin: &'l Origin,
    /// The revision of what is said.
    pub revision: i64,
    /// The same for every try.
    pub key: &'l str,
    /// When it was planned; stands in the bytes, so that they stay the same.
    pub at: At,
    /// The link code.
    pub code: &'l str,
    /// The absolute address of the link code.
    pub link: &'l str,
    /// What is said; `None` for a withdrawal.
    pub message: Option<&'l Message>,
}

/// One kind of channel.
pub trait Kind: Send + Sync {
    /// Its word in rows, consents and the API.
    fn word(&self) -> &'static str;

    /// The most that a text may have, counted by [`Kind::count_length`]; `None` where nothing limits it but the house.
    fn limit(&self, config: &Value) -> Option<usize>;

    /// How long the channel takes this text to be.
    fn count_length(&self, text: &str) -> usize {
        unicode_segmentation::UnicodeSegmentation::graphemes(text, true).count()
    }

    /// Does it need a secret, and is that ours to make up?
    fn secret(&self) -> SecretRule;

    /// Hours after its time that an announcement may still go out, where the channel says nothing else.
    fn lateness_hours(&self) -> i64 {
        24
    }

    /// Checks what an admin entered and answers what is to be kept.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    fn check_config(&self, config: &Value) -> Result<Value, Problems>;

    /// Where it leads, in a few words that hold no secret.
    fn destination(&self, config: &Value) -> String;

    /// Puts a letter into the channel's form: the bytes that will leave.
    ///
    /// # Errors
    /// Invalid where it is too long for the channel.
    fn freeze(&self, letter: &Letter<'_>) -> Result<String>;
}

/// What a kind needs for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretRule {
    /// None.
    None,
    /// We make it and show it once.
    Ours,
    /// It is given to us.
    Theirs,
}

/// Every kind there is.
#[must_use]
pub fn kinds() -> &'static [&'static dyn Kind] {
    static KINDS: [&dyn Kind; 2] = [&PAGE, &WEBHOOK];
    &KINDS
}

/// The kind of this word, if it is one of ours.
#[must_use]
pub fn kind(word: &str) -> Option<&'static dyn Kind> {
    kinds().iter().copied().find(|kind| kind.word() == word)
}

/// The adapters of the kinds that are built in.
#[must_use]
pub fn adapters(db: &Db, outbound: &Outbound) -> Adapters {
    let page = page_adapter::PageAdapter::new(db.clone());
    let webhook = webhook_adapter::WebhookAdapter::new(outbound.clone(), db.house().clone());
    Adapters::none()
        .with(PAGE.word(), std::sync::Arc::new(page))
        .with(WEBHOOK.word(), std::sync::Arc::new(webhook))
}
