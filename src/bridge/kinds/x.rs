//! X. Every post costs money there, so somebody has to agree to it, each letter carries what it costs, and a month has a
//! cap. Texts are weighed as X weighs them.
//! Source: docs.x.com, "Counting characters", "Pricing", "Manage Posts".

use serde_json::{Value, json};

use super::field::{Field, Sort, mills};
use super::grant::Keys;
use super::links::links;
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::state::Operation;
use crate::content::Count;
use crate::kit::Result;
use crate::kit::stop::Problems;

/// The kind.
pub(super) static X: XKind = XKind;

/// The kind `x`.
pub(super) struct XKind;

/// The most that a text may weigh.
const LIMIT: usize = 280;
/// What things cost unless the settings say otherwise, in thousandths of a dollar (price list of 2026).
const WITH_LINK: i64 = 200;
const PLAIN: i64 = 15;
const DELETION: i64 = 10;

fn sum(config: &Value, name: &str, usual: i64) -> i64 {
    config[name].as_str().and_then(mills).unwrap_or(usual)
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-x = X
highlights-place-x = X
compose-frame-x = a post
bridge-about-x = An account on X. Each post costs money there.
bridge-needs-x = X charges for every post, and more for a post with a link. What one costs is shown before it is sent, and beyond the cap of a month nothing goes out. You need an application of your own in X's developer console with OAuth 2.0 and the app permission “Read and write”; it asks for tweet.read, tweet.write, users.read and offline.access. Nothing can be changed on X: a correction deletes the old post and says it anew, which costs again.
bridge-x-agreed = X charges for each post. Is that understood?
bridge-x-agreed-no = No
bridge-x-agreed-yes = Yes, we pay for it
bridge-x-monthly_cap = Most dollars in a month
bridge-x-monthly_cap-hint = A calendar month, UTC. What would cost more waits, and comes too late if it waits too long. Taking back is never held.
bridge-x-price_link = Dollars for a post with a link
bridge-x-price_link-hint = 0.20 if left empty. Look it up in your console: prices change.
bridge-x-price_plain = Dollars for a post without a link
bridge-x-price_plain-hint = 0.015 if left empty.
bridge-x-app = Client ID
bridge-x-app-hint = Of your application, under Keys and tokens, OAuth 2.0.
bridge-x-app_secret = Client secret
bridge-x-app_secret-hint = Of a confidential application. Leave it empty for a public one.
";

impl Kind for XKind {
    fn word(&self) -> &'static str {
        "x"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: true,
            usual_limit: Some(280),
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn count_length(&self, text: &str) -> usize {
        Count::Weighted.of(text)
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Granted
    }

    fn check_secret(&self, secret: &str) -> std::result::Result<String, Problems> {
        // One field on the form: the application's secret. A token by hand would last two hours.
        let keys = match serde_json::from_str(secret) {
            Ok(keys) => keys,
            Err(_) => Keys {
                app_secret: secret.to_owned(),
                ..Keys::default()
            },
        };
        Ok(keys.sealed())
    }

    fn merge_secret(&self, before: Option<&str>, given: &str) -> String {
        let refresh = Keys::read(given).refresh;
        let mut merged = Keys::read(&Keys::merged(before, given));
        if !refresh.is_empty() {
            merged.refresh = refresh;
        }
        merged.sealed()
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("agreed", Sort::Choice(&["no", "yes"])),
            Field::needed("monthly_cap", Sort::Money),
            Field::optional("price_link", Sort::Money),
            Field::optional("price_plain", Sort::Money),
            Field::needed("app", Sort::Text),
            Field::optional("app_secret", Sort::Secret),
        ];
        FIELDS
    }

    fn check_config(&self, config: &Value) -> std::result::Result<Value, Problems> {
        let kept = super::field::read(self.fields(), config)?;
        if kept.get("agreed").and_then(Value::as_str) == Some("yes") {
            Ok(Value::Object(kept))
        } else {
            Err(Problems::one("agreed", "agree-cost"))
        }
    }

    fn price(&self, text: &str, config: &Value) -> Option<i64> {
        Some(if links(text).is_empty() {
            sum(config, "price_plain", PLAIN)
        } else {
            sum(config, "price_link", WITH_LINK)
        })
    }

    fn cost(&self, payload: &str) -> Option<i64> {
        let content: Value = serde_json::from_str(payload).ok()?;
        content["cost"].as_i64()
    }

    fn monthly_cap(&self, config: &Value) -> Option<i64> {
        Some(sum(config, "monthly_cap", 0))
    }

    fn destination(&self, config: &Value) -> String {
        let name = config["facts"]["account"].as_str();
        name.unwrap_or("x.com").to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok(serde_json::to_string(&json!({ "cost": DELETION }))?);
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let price = self.price(&message.text, letter.config).unwrap_or_default();
        // Nothing can be changed there: a correction deletes and says it anew.
        let cost = match letter.operation {
            Operation::Correct => price + DELETION,
            _ => price,
        };
        let content = json!({ "cost": cost, "post": { "text": message.text } });
        Ok(serde_json::to_string(&content)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_has_to_agree_and_a_link_costs_more() {
        let entered = json!({ "agreed": "no", "monthly_cap": "20", "app": "a" });
        let problems = X.check_config(&entered).expect_err("nobody agreed");
        assert_eq!(problems, Problems::one("agreed", "agree-cost"));
        let entered =
            json!({ "agreed": "yes", "monthly_cap": "20", "app": "a", "price_plain": "0.02" });
        let config = X.check_config(&entered).expect("settings");
        assert_eq!(X.monthly_cap(&config), Some(20_000));
        assert_eq!(X.price("Bats at dusk", &config), Some(20));
        assert_eq!(X.price("Bats https://a.example/h/x", &config), Some(200));
    }

    #[test]
    fn the_secret_that_is_entered_is_the_applications() {
        let kept = X.check_secret("abc").expect("a secret");
        assert!(!X.is_signed_in(&kept));
        assert_eq!(Keys::read(&kept).app_secret, "abc");
        let before = r#"{"app_secret":"old","access":"a","refresh":"r","ends_at":5}"#;
        let merged = Keys::read(&X.merge_secret(Some(before), &kept));
        assert_eq!(
            (
                merged.app_secret.as_str(),
                merged.refresh.as_str(),
                merged.ends_at
            ),
            ("abc", "r", Some(5))
        );
    }
}
