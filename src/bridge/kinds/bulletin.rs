//! The e-mail bulletin: what stands in its letters. Carrying them is the work of `bridge::bulletin`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::{Field, Sort};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::message::Quote;
use crate::kit::Result;
use crate::kit::names::parse_email;
use crate::kit::stop::Problems;

/// The kind.
pub(super) static BULLETIN: Bulletin = Bulletin;

/// The kind `bulletin`.
pub(super) struct Bulletin;

/// The most characters of a letter: nobody reads more in a mail.
const LIMIT: usize = 5000;
/// Letters in a minute where nothing else is said; what most mail servers take from a stranger.
const PER_MINUTE: i64 = 60;
/// The most letters in a minute.
const FASTEST: i64 = 6000;

/// What is the same in every letter of an announcement: the frozen bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::bridge) struct Words {
    pub title: String,
    pub text: String,
    /// Voices that the text does not hold itself.
    pub quotes: Vec<Quote>,
    pub link: String,
    pub lang: String,
    pub site: String,
}

/// How many letters a minute this bulletin sends.
pub(in crate::bridge) fn per_minute(config: &Value) -> i64 {
    config["per_minute"].as_i64().unwrap_or(PER_MINUTE)
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-bulletin = E-mail bulletin
highlights-place-bulletin = The e-mail bulletin
compose-frame-bulletin = a letter to subscribers
bridge-about-bulletin = Letters to people who asked for them and confirmed their address.
bridge-needs-bulletin = You need the mail server of this community (LOGGIA_SMTP_URL), and for many readers a domain whose DNS you can edit: the letters are signed, and the page of the bulletin shows the record to publish. Each letter carries a link out that works with one click. What has left cannot be called back; what has not is stopped.
bridge-bulletin-from = Sender’s address
bridge-bulletin-from-hint = Where it stays empty, letters come from the address of all other letters.
bridge-bulletin-bounces = Address for what comes back
bridge-bulletin-bounces-hint = Each letter gets its own variant (name+number@…), and the mail server hands what comes back to “loggia bounce”. Where it stays empty, it goes to the sender.
bridge-bulletin-per_minute = Letters per minute
bridge-bulletin-per_minute-hint = 60 where it stays empty. Ask whoever runs the mail server how many it likes.
";

impl Kind for Bulletin {
    fn word(&self) -> &'static str {
        "bulletin"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Letters,
            is_public: true,
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
        SecretRule::None
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::optional("from", Sort::Text),
            Field::optional("bounces", Sort::Text),
            Field::optional("per_minute", Sort::Number),
        ];
        FIELDS
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let kept = super::field::read(self.fields(), config)?;
        let mut problems = Problems::default();
        for name in ["from", "bounces"] {
            let given = kept.get(name).and_then(Value::as_str);
            if given.is_some_and(|text| parse_email(text).is_err()) {
                problems.add(name, "email-syntax", &[]);
            }
        }
        let pace = kept.get("per_minute").and_then(Value::as_i64);
        if pace.is_some_and(|pace| !(1..=FASTEST).contains(&pace)) {
            problems.add(
                "per_minute",
                "out-of-range",
                &[("least", "1".to_owned()), ("most", FASTEST.to_string())],
            );
        }
        if problems.0.is_empty() {
            Ok(Value::Object(kept))
        } else {
            Err(problems)
        }
    }

    fn destination(&self, config: &Value) -> String {
        config["from"].as_str().unwrap_or("/bulletin").to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let quotes = message
            .quotes
            .iter()
            .filter(|quote| !message.text.contains(&quote.text));
        let words = Words {
            title: message.title.clone(),
            text: message.text.clone(),
            quotes: quotes.cloned().collect(),
            link: letter.link.to_owned(),
            lang: message.lang.clone(),
            site: message.site_name.clone(),
        };
        Ok(serde_json::to_string(&words)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_addresses_and_a_pace() {
        let good = json!({ "from": "news@commons.example", "per_minute": "120" });
        assert_eq!(
            BULLETIN.check_config(&good),
            Ok(json!({ "from": "news@commons.example", "per_minute": 120 }))
        );
        assert_eq!(per_minute(&json!({})), 60);
        let bad = json!({ "from": "nobody", "bounces": "a@b@c", "per_minute": "0" });
        let problems = BULLETIN.check_config(&bad).unwrap_err();
        let named: Vec<&str> = problems.0.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(named, ["from", "bounces", "per_minute"]);
    }
}
