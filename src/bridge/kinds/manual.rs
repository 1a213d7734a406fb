//! Any network without an interface: a person posts it there and notes the address. The same gates, the same record; what
//! no program can do is asked of a person, here and when it is to be taken down.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::field::{Field, Sort};
use super::pictures::Carriage;
use super::tools::Tools;
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Observed, Outcome, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::Result;
use crate::kit::stop::Problems;

/// The kind.
pub(super) static MANUAL: Manual = Manual;

/// The kind `manual`.
pub(super) struct Manual;

/// The most characters where the network's own limit is not given.
const LIMIT: usize = 5000;

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-manual = By hand
highlights-place-manual = By hand
compose-frame-manual = posted by a person
bridge-about-manual = Any network without an interface: you get the finished text to copy, and note where it stands.
bridge-needs-manual = For networks that let no program in. Everything else is the same: consent, approval, the check of the text, the record, and a reminder when something has to be taken down.
bridge-manual-network = Network
bridge-manual-network-hint = Such as Instagram, or the notice board in the hall.
bridge-manual-account = Your account there
bridge-manual-account-hint = Its address, so that whoever posts finds it quickly.
bridge-manual-limit = Longest text
bridge-manual-limit-hint = In characters. Empty: 5,000.
";

impl Kind for Manual {
    fn word(&self) -> &'static str {
        "manual"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: false,
            usual_limit: None,
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, config: &Value) -> Option<usize> {
        let own = config["limit"]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok());
        Some(own.unwrap_or(LIMIT).min(LIMIT))
    }

    fn secret(&self) -> SecretRule {
        SecretRule::None
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::ByHand
    }

    fn lateness_hours(&self) -> i64 {
        // People have weekends.
        24 * 7
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("network", Sort::Text),
            Field::optional("account", Sort::Address),
            Field::optional("limit", Sort::Number),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["network", "account"]
    }

    fn may_move(&self) -> bool {
        true
    }

    fn check_config(&self, config: &Value) -> Result<Value, Problems> {
        let kept = super::field::read(self.fields(), config)?;
        match kept.get("limit").and_then(Value::as_i64) {
            Some(limit) if !(1..=5000).contains(&limit) => {
                let mut problems = Problems::default();
                problems.add(
                    "limit",
                    "out-of-range",
                    &[("least", "1".to_owned()), ("most", LIMIT.to_string())],
                );
                Err(problems)
            }
            _ => Ok(Value::Object(kept)),
        }
    }

    fn destination(&self, config: &Value) -> String {
        config["network"].as_str().unwrap_or_default().to_owned()
    }

    fn account_url(&self, config: &Value) -> Option<String> {
        config["account"].as_str().map(str::to_owned)
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits(
            "text",
            self.count_length(&message.text),
            self.limit(letter.config).unwrap_or(LIMIT),
        )?;
        let kit = json!({
            "title": message.title,
            "text": message.text,
            "link": letter.link,
            "lang": message.lang,
            "quotes": message.quotes,
        });
        Ok(serde_json::to_string(&kit)?)
    }
}

struct ManualAdapter;

pub(super) fn adapter(_tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(ManualAdapter)
}

fn asked() -> Observed {
    Observed::new(Outcome::ByHand, None, "")
}

impl Adapter for ManualAdapter {
    fn contract(&self, _operation: Operation, _config: &Value) -> Contract {
        Contract {
            class: Class::C,
            reads_back: false,
            key_lifetime: 0,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { asked() })
    }

    fn correct<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { asked() })
    }

    fn withdraw<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { asked() })
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("only a person can look".to_owned()) })
    }

    fn verify<'a>(&'a self, _to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async { Health::Good("a person carries it".into()) })
    }
}
