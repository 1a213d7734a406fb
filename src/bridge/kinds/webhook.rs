//! Standard Webhooks 1.0: a signed POST to an address that somebody named.

use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::pictures::Carriage;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::state::Operation;
use crate::kit::stop::Problems;
use crate::kit::{At, Result, Stop};

/// The kind.
pub static WEBHOOK: Webhook = Webhook;

/// The kind `webhook`.
pub struct Webhook;

/// The most bytes of a body; the specification asks for less than 20 kB.
const MOST_BYTES: usize = 20_000;
/// The most characters of a text.
const LIMIT: usize = 5000;
/// The most bytes of an address.
const MOST_ADDRESS: usize = 2000;

/// Refuses what is longer than it may be.
pub(super) fn fits(field: &str, length: usize, most: usize) -> Result<()> {
    let mut problems = Problems::default();
    if length > most {
        problems.add(field, "too-long", &[("most", most.to_string())]);
    }
    problems.check()
}

/// The address in a channel's settings.
pub(super) fn address(config: &Value) -> Option<Url> {
    config
        .get("url")
        .and_then(Value::as_str)
        .and_then(|text| Url::parse(text).ok())
}

/// The event's name. What asks with an origin of the kind `approval` announces that something may be pulled.
fn event(letter: &Letter<'_>) -> &'static str {
    match letter.operation {
        Operation::Announce if letter.origin.kind == "approval" => "highlight.approved",
        Operation::Announce => "highlight.published",
        Operation::Correct => "highlight.updated",
        Operation::Withdraw => "highlight.withdrawn",
    }
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-webhook = Webhook
highlights-place-webhook = Other systems of ours
compose-frame-webhook = a signed message, read by programs
bridge-about-webhook = Your own system gets each announcement as a signed message (Standard Webhooks 1.0).
bridge-needs-webhook = You need an address that takes POST over https. You get a secret once; with it any Standard Webhooks library checks that a message is ours.
bridge-webhook-url = Address
bridge-webhook-url-hint = It begins with https://. It may hold a token, so it is kept like a password and not shown again.
";

impl Kind for Webhook {
    fn word(&self) -> &'static str {
        "webhook"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Systems,
            is_public: false,
            link_beside: true,
            takes_hashtags: false,
            usual_limit: None,
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Ours
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[Field::needed("url", Sort::Hidden)];
        FIELDS
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
    }

    fn lateness_hours(&self) -> i64 {
        // The whole table of tries spans 75.5 hours.
        96
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["url"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let text = config
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim();
        if text.is_empty() {
            return Err(Problems::one("url", "needed"));
        }
        let good = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.host().is_some()
                && url.username().is_empty()
                && url.password().is_none()
                && url.as_str().len() <= MOST_ADDRESS
        });
        match good {
            Some(mut url) => {
                url.set_fragment(None);
                Ok(json!({ "url": url.as_str() }))
            }
            None => Err(Problems::one("url", "no-address")),
        }
    }

    fn retimed(&self, payload: &str, _key: &str, at: At) -> Result<Option<String>> {
        let mut content: Value = serde_json::from_str(payload)?;
        content["timestamp"] = Value::from(at.rfc3339());
        Ok(Some(serde_json::to_string(&content)?))
    }

    fn destination(&self, config: &Value) -> String {
        // Path and query may hold a token.
        let host = address(config).and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let mut data = json!({ "id": letter.origin.id, "kind": letter.origin.kind });
        if let Some(map) = data.as_object_mut() {
            if !letter.code.is_empty() {
                map.insert("revision".into(), json!(letter.revision));
                map.insert("code".into(), json!(letter.code));
            }
            if !letter.link.is_empty() {
                map.insert("link".into(), json!(letter.link));
            }
        }
        if let (Some(message), Some(map)) = (letter.message, data.as_object_mut()) {
            fits("text", self.count_length(&message.text), LIMIT)?;
            let quotes: Vec<Value> = message
                .quotes
                .iter()
                .map(|quote| json!({ "text": quote.text, "attribution": quote.attribution }))
                .collect();
            map.insert("title".into(), json!(message.title));
            map.insert("text".into(), json!(message.text));
            map.insert("lang".into(), json!(message.lang));
            map.insert("quotes".into(), json!(quotes));
            map.insert("source_path".into(), json!(message.source_path));
            map.insert("site".into(), json!(message.site_name));
            map.insert("tags".into(), json!(message.tags));
            if let Some(picture) = &message.picture {
                let mut shown = picture.as_json();
                let home = Url::parse(&message.link).ok();
                if let Some(url) = home.and_then(|home| home.join(&picture.path()).ok()) {
                    shown["url"] = json!(url.as_str());
                }
                map.insert("picture".into(), shown);
            }
        }
        let body = json!({ "type": event(letter), "timestamp": letter.at.rfc3339(), "data": data });
        let bytes = serde_json::to_string(&body)?;
        if bytes.len() >= MOST_BYTES {
            return Err(Stop::invalid("text", "too-long-for-channel"));
        }
        Ok(bytes)
    }
}
