//! Bluesky, by an app password at the account's own server (PDS). The record's key is made once and frozen with the bytes,
//! so that writing it again changes nothing; the app keeps showing the first version of a record, so a correction is a new
//! one in the place of the old.
//! Source: atproto.com and docs.bsky.app, `com.atproto.repo.putRecord`, `app.bsky.feed.post`, "Rate limits".

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use super::field::{Field, Sort};
use super::links::{hashtags, links};
use super::pictures::Carriage;
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::kit::stop::Problems;
use crate::kit::token::tid;
use crate::kit::{At, Result, Stop};

/// The kind.
pub(super) static BLUESKY: Bluesky = Bluesky;

/// The kind `bluesky`.
pub(super) struct Bluesky;

/// The kind of record that is a post.
pub(super) const COLLECTION: &str = "app.bsky.feed.post";
/// The most graphemes of a post.
const LIMIT: usize = 300;
/// The most bytes of a post.
const MOST_BYTES: usize = 3000;
/// The most characters of a card's description.
const CARD: usize = 280;

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-bluesky = Bluesky
highlights-place-bluesky = Bluesky
compose-frame-bluesky = a post
bridge-about-bluesky = An account on Bluesky or another server of the AT Protocol.
bridge-needs-bluesky = In the account's settings: Privacy and security, App passwords, Add app password. It needs no access to direct messages. Do not use the account's own password.
bridge-bluesky-handle = Handle
bridge-bluesky-handle-hint = Such as museum.bsky.social, or your own domain.
bridge-bluesky-pds = Server
bridge-bluesky-pds-hint = Only if you run your own; otherwise it is found from the handle.
bridge-bluesky-token = App password
bridge-bluesky-token-hint = Four groups of four letters.
";

impl Kind for Bluesky {
    fn word(&self) -> &'static str {
        "bluesky"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: true,
            usual_limit: Some(300),
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        // On the card, which has no description of its own.
        Carriage::Bare
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("handle", Sort::Text),
            Field::optional("pds", Sort::Address),
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["handle", "pds"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let mut kept = super::field::read(self.fields(), config)?;
        let handle = kept["handle"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches('@')
            .to_ascii_lowercase();
        let is_did = handle.starts_with("did:plc:") || handle.starts_with("did:web:");
        let is_name = handle.contains('.')
            && handle.len() <= 253
            && handle
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if !is_did && !is_name {
            return Err(Problems::one("handle", "no-handle"));
        }
        kept.insert("handle".to_owned(), Value::from(handle));
        Ok(Value::Object(kept))
    }

    fn retimed(&self, payload: &str, key: &str, at: At) -> Result<Option<String>> {
        let mut content: Value = serde_json::from_str(payload)?;
        if !content["record"].is_object() {
            return Ok(None);
        }
        content["record"]["createdAt"] = Value::from(at.rfc3339());
        content["rkey"] = Value::from(record_key(at, key));
        Ok(Some(serde_json::to_string(&content)?))
    }

    fn destination(&self, config: &Value) -> String {
        format!("@{}", config["handle"].as_str().unwrap_or_default())
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", message.text.graphemes(true).count(), LIMIT)?;
        if message.text.len() > MOST_BYTES {
            return Err(Stop::invalid("text", "too-long-for-channel"));
        }
        let mut record = json!({
            "$type": COLLECTION,
            "text": message.text,
            "createdAt": letter.at.rfc3339(),
            "embed": {
                "$type": "app.bsky.embed.external",
                "external": {
                    "uri": letter.link,
                    "title": message.title,
                    "description": description(letter),
                },
            },
        });
        let facets = facets(&message.text);
        if !facets.is_empty() {
            record["facets"] = Value::Array(facets);
        }
        if !message.lang.is_empty() {
            record["langs"] = json!([message.lang]);
        }
        let mut content = json!({ "collection": COLLECTION, "rkey": record_key(letter.at, letter.key), "record": record });
        pictures::freeze(&mut content, message);
        Ok(serde_json::to_string(&content)?)
    }
}

/// Made of the moment of planning and of the delivery's key: the same for every try, and no other's.
fn record_key(at: At, key: &str) -> String {
    let hash = Sha256::digest(key.as_bytes());
    let (high, low) = (
        hash.first().copied().unwrap_or(0),
        hash.get(1).copied().unwrap_or(0),
    );
    tid(at.0, u16::from_be_bytes([high, low]))
}

fn description(letter: &Letter<'_>) -> String {
    let quote = letter.message.and_then(|message| message.quotes.first());
    let text = quote.map(|quote| quote.text.as_str()).unwrap_or_default();
    if text.graphemes(true).count() <= CARD {
        return text.to_owned();
    }
    let cut: String = text.graphemes(true).take(CARD - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What is a link or a hashtag in the text; the server finds neither by itself.
fn facets(text: &str) -> Vec<Value> {
    let facet = |range: &std::ops::Range<usize>, feature: Value| json!({ "index": { "byteStart": range.start, "byteEnd": range.end }, "features": [feature] });
    let mut found: Vec<(usize, Value)> = Vec::new();
    for range in links(text) {
        let uri = text.get(range.clone()).unwrap_or_default();
        found.push((
            range.start,
            facet(
                &range,
                json!({ "$type": "app.bsky.richtext.facet#link", "uri": uri }),
            ),
        ));
    }
    for range in hashtags(text) {
        let tag = text.get(range.start + 1..range.end).unwrap_or_default();
        found.push((
            range.start,
            facet(
                &range,
                json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag }),
            ),
        ));
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, facet)| facet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_keys_are_tids_and_stay_the_same() {
        let at = At(1_800_000_000_000_000);
        let key = record_key(at, "msg_a");
        assert_eq!(key.len(), 13);
        assert_eq!(key, record_key(at, "msg_a"));
        assert_ne!(key, record_key(at, "msg_b"));
        assert!(record_key(at.plus(1), "msg_a") > key, "they sort by time");
    }

    #[test]
    fn facets_name_bytes_and_do_not_overlap() {
        let text = "✨ Bats! #NightGarden https://a.example/h/x.";
        let found = facets(text);
        let spans: Vec<&str> = found
            .iter()
            .map(|facet| {
                let at = |end: &str| {
                    facet["index"][end]
                        .as_u64()
                        .and_then(|n| usize::try_from(n).ok())
                        .expect("an offset")
                };
                &text[at("byteStart")..at("byteEnd")]
            })
            .collect();
        assert_eq!(spans, ["#NightGarden", "https://a.example/h/x"]);
    }
}
