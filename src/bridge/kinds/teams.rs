//! A room in Microsoft Teams, by the address of a workflow. It takes a card and says nothing more: no number, no proof,
//! no way back. Whoever wants something taken down there does it by hand.
//! Source: Microsoft Learn, "Create incoming webhooks with Workflows for Microsoft Teams" and the schema of adaptive cards 1.4.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::pictures::{self, Carriage};
use super::plain::backslashed;
use super::tools::{ONCE_MORE, Tools, json as written, observed, once_more};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Observed, Outcome, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::http::Method;
use crate::kit::stop::Problems;
use crate::kit::{Result, Stop};

/// The kind.
pub(super) static TEAMS: Teams = Teams;

/// The kind `teams`.
pub(super) struct Teams;

const WORD: &str = "teams";
/// The most characters of a text.
const LIMIT: usize = 4000;
/// The most bytes of a card.
const MOST_BYTES: usize = 28_000;
/// Signs that mean something in a text block.
const SIGNS: &str = "\\*_[]()#`~";

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-teams = Microsoft Teams
highlights-place-teams = Teams
compose-frame-teams = a card in a room
bridge-about-teams = A channel in Teams, by a workflow.
bridge-needs-teams = In Teams: Workflows, “Post to a channel when a webhook request is received”, choose team and channel, copy the address. You have to be a member of the team, and your tenant has to allow the app Workflows; nothing else is needed. A workflow takes what it is given and says no more: what was sent cannot be looked up, corrected or taken back by us. We will ask you to do that by hand.
bridge-teams-room = Team and channel
bridge-teams-room-hint = For your own eyes; the workflow knows where it posts.
bridge-teams-once_more = When its gateway is out of order and names a time to come back
bridge-teams-once_more-no = A person looks whether it is there
bridge-teams-once_more-yes = Try once more then (it could stand there twice if the gateway was wrong)
bridge-teams-token = Address of the workflow
bridge-teams-token-hint = It holds a signature and is kept like a password.
";

impl Kind for Teams {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: false,
            link_beside: false,
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
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::optional("room", Sort::Text),
            ONCE_MORE,
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn carriage(&self, _config: &Value, link: &str) -> Carriage {
        Carriage::fetched(link)
    }

    fn check_secret(&self, secret: &str) -> Result<String, Problems> {
        let good = Url::parse(secret).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.host().is_some()
                && url.username().is_empty()
        });
        if good {
            Ok(secret.to_owned())
        } else {
            Err(Problems::one("secret", "no-address"))
        }
    }

    fn destination(&self, config: &Value) -> String {
        config["room"]
            .as_str()
            .unwrap_or("Microsoft Teams")
            .to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let text = backslashed(&message.text, SIGNS);
        let mut block = json!({ "type": "TextBlock", "text": text, "wrap": true });
        if !message.lang.is_empty() {
            block["lang"] = json!(message.lang);
        }
        let mut card = json!({
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.4",
            "body": [
                { "type": "TextBlock", "text": backslashed(&message.title, SIGNS), "weight": "Bolder", "size": "Medium", "wrap": true },
                block,
            ],
            "actions": [{ "type": "Action.OpenUrl", "title": message.site_name, "url": letter.link }],
        });
        if let (Some((address, picture)), Some(blocks)) = (
            pictures::public_address(message),
            card["body"].as_array_mut(),
        ) {
            blocks.push(json!({ "type": "Image", "url": address, "altText": picture.alt }));
        }
        let attachment = json!({
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        });
        let bytes = json!({ "type": "message", "attachments": [attachment] }).to_string();
        if bytes.len() > MOST_BYTES {
            return Err(Stop::invalid("text", "too-long-for-channel"));
        }
        Ok(bytes)
    }
}

struct TeamsAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(TeamsAdapter(tools.clone()))
}

fn by_hand() -> Observed {
    Observed::new(Outcome::ByHand, None, "a workflow takes nothing back")
}

impl Adapter for TeamsAdapter {
    fn contract(&self, _operation: Operation, _config: &Value) -> Contract {
        Contract {
            class: Class::C,
            reads_back: false,
            key_lifetime: 0,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let secret = job
                .to
                .secrets
                .first()
                .map(|s| s.0.clone())
                .unwrap_or_default();
            let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            let request = written(Method::POST, Url::parse(&secret).ok(), &content);
            match self.0.send(job, request).await {
                // Handed over: whether the card is shown, nobody tells.
                Ok(response) if (200..300).contains(&response.status) => {
                    Observed::new(Outcome::SentBlind, Some(response.status), "handed over")
                }
                Ok(response) => once_more(job, observed(&response, self.0.now(), "")),
                Err(observed) => observed,
            }
        })
    }

    fn correct<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { by_hand() })
    }

    fn withdraw<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async { by_hand() })
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("a workflow cannot be asked".to_owned()) })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            // Whatever is sent there may be posted, so nothing is sent: only that the address is one can be told.
            let secret = to.secrets.first().map(|s| s.0.clone()).unwrap_or_default();
            match Url::parse(&secret).map(|url| self.0.outbound.check_url(&url, true)) {
                Ok(Ok(())) => Health::Good("a workflow cannot be asked without posting".into()),
                Ok(Err(barred)) => Health::Bad(barred.to_string()),
                Err(_) => Health::Bad("the channel has no address".to_owned()),
            }
        })
    }
}
