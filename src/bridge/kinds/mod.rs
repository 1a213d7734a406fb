//! The kinds of channels: how a message is put into a channel's form. Pure; carrying is the adapters' work.

mod bluesky;
mod bluesky_adapter;
mod bulletin;
mod discord;
mod facebook;
mod field;
mod grant;
mod graph;
mod interface;
mod linkedin;
mod linkedin_grant;
mod links;
mod manual;
mod mastodon;
mod mastodon_grant;
mod page;
mod page_adapter;
mod pictures;
mod plain;
mod sign;
mod slack;
mod slack_files;
mod slack_message;
mod teams;
mod telegram;
mod threads;
mod tools;
mod webhook;
mod webhook_adapter;
mod wordpress;
mod x;
mod x_adapter;

use std::sync::Arc;

use serde_json::Value;

use super::adapter::{Adapter, Adapters};
use super::message::Message;
use super::state::Operation;
use crate::content::uploads::Store;
use crate::db::Db;
use crate::kit::event::Origin;
use crate::kit::http::Outbound;
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

pub use field::{Field, Sort, secret_of};
pub use interface::Interface;
pub use page::PAGE;
pub use pictures::Carriage;
pub use sign::{new_secret, sign};
pub use tools::{Bases, Tools};
pub use webhook::WEBHOOK;

pub(super) use bulletin::{Words as BulletinWords, per_minute as letters_per_minute};

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
    /// When it is to be said; stands in the bytes, so that they stay the same.
    pub at: At,
    /// The link code.
    pub code: &'l str,
    /// The absolute address of the link code.
    pub link: &'l str,
    /// What is said; `None` for a withdrawal.
    pub message: Option<&'l Message>,
    /// The channel's settings, with what it told us of itself under `facts`.
    pub config: &'l Value,
}

/// One kind of channel.
pub trait Kind: Send + Sync {
    /// Its word in rows, consents and the API.
    fn word(&self) -> &'static str;

    /// What the rooms that do not speak to it have to know.
    fn manner(&self) -> Manner;

    /// What people read of it, in English, as Fluent: its names (`bridge-kind-…`, `highlights-place-…`,
    /// `compose-frame-…`), what it is and needs (`bridge-about-…`, `bridge-needs-…`), and its fields. Other languages say
    /// the same keys in `locales/`.
    fn sentences(&self) -> &'static str;

    /// The most that a text may have, counted by [`Kind::count_length`]; `None` where nothing limits it but the house.
    fn limit(&self, config: &Value) -> Option<usize>;

    /// The version of the vendor's interface that is spoken with these settings; `None` where versions do not end.
    fn interface(&self, config: &Value) -> Option<Interface> {
        let _has_no_end = config;
        None
    }

    /// The most that a text may have beside a picture.
    fn limit_beside_picture(&self, config: &Value) -> Option<usize> {
        self.limit(config)
    }

    /// Does a picture go along there? `link` is an absolute address of this server.
    fn carriage(&self, config: &Value, link: &str) -> Carriage {
        let _takes_none = (config, link);
        Carriage::Never
    }

    /// How long the channel takes this text to be.
    fn count_length(&self, text: &str) -> usize {
        unicode_segmentation::UnicodeSegmentation::graphemes(text, true).count()
    }

    /// Does it need a secret, and is that ours to make up?
    fn secret(&self) -> SecretRule;

    /// What its connect page asks for.
    fn fields(&self) -> &'static [Field] {
        &[]
    }

    /// Checks a secret that was entered and answers what is to be kept.
    ///
    /// # Errors
    /// What is wrong with it, under the field `secret`.
    fn check_secret(&self, secret: &str) -> Result<String, Problems> {
        Ok(secret.to_owned())
    }

    /// What is kept when `given` is entered where `before` was kept: whoever changes one part leaves the others.
    fn merge_secret(&self, before: Option<&str>, given: &str) -> String {
        match self.secret() {
            SecretRule::Granted => grant::Keys::merged(before, given),
            SecretRule::None | SecretRule::Ours | SecretRule::Theirs => given.to_owned(),
        }
    }

    /// Does this secret let us speak, or does somebody have to sign in first?
    fn is_signed_in(&self, secret: &str) -> bool {
        match self.secret() {
            SecretRule::Granted => !grant::Keys::read(secret).access.is_empty(),
            SecretRule::None | SecretRule::Ours | SecretRule::Theirs => !secret.is_empty(),
        }
    }

    /// What saying this text once would cost at the channel, in thousandths of a dollar; `None` where it charges nothing.
    fn price(&self, text: &str, config: &Value) -> Option<i64> {
        let _is_free = (text, config);
        None
    }

    /// What a frozen letter costs at the channel, in thousandths of a dollar; `None` where it charges nothing.
    fn cost(&self, payload: &str) -> Option<i64> {
        let _is_free = payload;
        None
    }

    /// The most that may be spent there in a calendar month, in thousandths of a dollar.
    fn monthly_cap(&self, config: &Value) -> Option<i64> {
        let _is_free = config;
        None
    }

    /// Where people see the account, for somebody who has to look whether something is there.
    fn account_url(&self, config: &Value) -> Option<String> {
        let url = config["facts"]["account_url"].as_str()?;
        url.starts_with("https://").then(|| url.to_owned())
    }

    /// Hours after its time that an announcement may still go out, where the channel says nothing else.
    fn lateness_hours(&self) -> i64 {
        24
    }

    /// Checks what an admin entered and answers what is to be kept.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        field::read(self.fields(), config).map(Value::Object)
    }

    /// The fields that say where it leads: with another value in one of them it is another place.
    fn place_fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// May it lead to another place while something stands at the old one? Only where what is kept of a post says where it
    /// stands, so that nothing is changed or deleted by the same number elsewhere.
    fn may_move(&self) -> bool {
        false
    }

    /// The frozen bytes for another time, where the time stands in them. `None` where it does not.
    ///
    /// # Errors
    /// A fault where the bytes cannot be read.
    fn retimed(&self, payload: &str, key: &str, at: At) -> Result<Option<String>> {
        let _says_no_time = (payload, key, at);
        Ok(None)
    }

    /// Where it leads, in a few words that hold no secret.
    fn destination(&self, config: &Value) -> String;

    /// Puts a letter into the channel's form: the bytes that will leave.
    ///
    /// # Errors
    /// Invalid where it is too long for the channel.
    fn freeze(&self, letter: &Letter<'_>) -> Result<String>;
}

/// What a kind of channel is like, for rooms that carry words to it without knowing it: they ask, and compare no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// What it is among the others.
    pub role: Role,
    /// Can everybody look at what is said there? Rooms and systems of the house are not named in public.
    pub is_public: bool,
    /// Does the link travel beside the words (a field of its own), or within them?
    pub link_beside: bool,
    /// Are words found by hashtags there?
    pub takes_hashtags: bool,
    /// What usually fits into one post, for texts that are taken by hand; `None` where there is no limit to speak of.
    pub usual_limit: Option<usize>,
}

/// What a kind is among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Somebody connects it, and words are carried there.
    Connected,
    /// It comes with the house.
    BuiltIn,
    /// Letters to people who asked for them.
    Letters,
    /// Programs of the organisation, which hear of approvals as well.
    Systems,
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
    /// An admin signs in there and the vendor gives it; one made there by hand does as well.
    Granted,
}

/// A channel in the table: how messages are put into its form, and what carries them.
struct Entry {
    kind: &'static dyn Kind,
    adapter: fn(&Tools) -> Arc<dyn Adapter>,
}

const fn entry(kind: &'static dyn Kind, adapter: fn(&Tools) -> Arc<dyn Adapter>) -> Entry {
    Entry { kind, adapter }
}

/// Every kind there is, in the order of lists. A new channel is one file and one line here: the file says what other
/// rooms, consents and pages have to know of it ([`Kind::manner`], [`Kind::sentences`]).
static TABLE: &[Entry] = &[
    entry(&PAGE, page_adapter::adapter),
    entry(&WEBHOOK, webhook_adapter::adapter),
    entry(&mastodon::MASTODON, mastodon::adapter),
    entry(&bluesky::BLUESKY, bluesky_adapter::adapter),
    entry(&bulletin::BULLETIN, |tools| {
        super::bulletin::bulletin_adapter(&tools.db, None)
    }),
    entry(&discord::DISCORD, discord::adapter),
    entry(&slack::SLACK, slack::adapter),
    entry(&telegram::TELEGRAM, telegram::adapter),
    entry(&teams::TEAMS, teams::adapter),
    entry(&wordpress::WORDPRESS, wordpress::adapter),
    entry(&linkedin::LINKEDIN, linkedin::adapter),
    entry(&facebook::FACEBOOK, facebook::adapter),
    entry(&threads::THREADS, threads::adapter),
    entry(&x::X, x_adapter::adapter),
    entry(&manual::MANUAL, manual::adapter),
];

/// Every kind there is, in the order of lists.
pub fn kinds() -> impl Iterator<Item = &'static dyn Kind> {
    TABLE.iter().map(|entry| entry.kind)
}

/// The kind of this word, if it is one of ours.
#[must_use]
pub fn kind(word: &str) -> Option<&'static dyn Kind> {
    kinds().find(|kind| kind.word() == word)
}

/// The adapters of the kinds that are built in.
#[must_use]
pub fn adapters(db: &Db, outbound: &Outbound, pictures: &Store, bases: &Bases) -> Adapters {
    let tools = Tools::new(db, outbound, pictures, bases);
    TABLE.iter().fold(Adapters::none(), |adapters, entry| {
        adapters.with(entry.kind.word(), (entry.adapter)(&tools))
    })
}

#[cfg(test)]
mod tests {
    use fluent_bundle::FluentResource;

    use super::*;

    /// The keys of the sentences that a kind brings along.
    fn keys(kind: &dyn Kind) -> Vec<String> {
        let resource = FluentResource::try_new(kind.sentences().to_owned());
        assert!(resource.is_ok(), "{}: {resource:?}", kind.word());
        kind.sentences()
            .lines()
            .filter(|line| !line.starts_with([' ', '#']))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn a_kind_brings_its_sentences_along_and_nobody_elses() {
        for kind in kinds() {
            let word = kind.word();
            let keys = keys(kind);
            let mut needed = vec!["bridge-kind", "highlights-place", "compose-frame"];
            if kind.manner().role != Role::BuiltIn {
                needed.extend(["bridge-about", "bridge-needs"]);
            }
            let mut needed: Vec<String> = needed.iter().map(|k| format!("{k}-{word}")).collect();
            for field in kind.fields() {
                needed.push(format!("bridge-{word}-{}", field.name));
            }
            for key in &needed {
                assert!(keys.contains(key), "{word} does not say {key}");
            }
            let own = format!("bridge-{word}-");
            for key in &keys {
                assert!(
                    needed.contains(key) || key.starts_with(&own),
                    "{word}: {key}"
                );
            }
        }
    }

    #[test]
    fn no_word_is_used_twice_and_one_kind_is_built_in() {
        let mut words: Vec<&str> = kinds().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), TABLE.len());
        let built_in = kinds().filter(|kind| kind.manner().role == Role::BuiltIn);
        assert_eq!(built_in.count(), 1);
    }
}
