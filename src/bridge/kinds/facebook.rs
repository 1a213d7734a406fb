//! A page on Facebook, by the Graph API. Nothing there knows a repeated request, so what is unclear is looked up among the
//! page's own posts. A picture is uploaded as a photo that nobody sees and attached to the post, in the place of the link's card.
//! Source: developers.facebook.com, "Pages API: Posts", "Page Feed", "Page Photos", "Manually Build a Login Flow", "Long-Lived Access
//! Tokens", "Handling Errors", "Rate Limits".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::grant::{Keys, NoToken, Renewal, asking, form};
use super::graph::{PAGE, compared, find, health, id, is_missing, read, remote, taken_back};
use super::interface::{Interface, day};
use super::pictures::{Carriage, FormFile};
use super::tools::{Tools, bare, body, looked_for};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Granted, Grants, Health, Invitation, Job, Known, Look,
    Observed, Outcome, Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::state::{Class, Operation};
use crate::kit::http::{Method, Request, Response};
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

/// The kind.
pub(super) static FACEBOOK: Facebook = Facebook;

/// The kind `facebook`.
pub(super) struct Facebook;

const WORD: &str = "facebook";
const BASE: &str = "https://graph.facebook.com";
/// Where people sign in.
const HOME: &str = "https://www.facebook.com";
/// The version of the interface that is spoken unless the settings name a later one.
const VERSION: &str = "v24.0";
/// What a page's posts need to be written and looked up.
const SCOPES: &str = "pages_show_list,pages_manage_posts,pages_read_engagement";
/// The most characters of a post.
const LIMIT: usize = 63_206;
/// The most bytes of a photo.
const PHOTO: usize = 4_000_000;

fn version(config: &Value) -> &str {
    config["version"].as_str().unwrap_or(VERSION)
}

/// When a version ends, as the list of versions says it; for one that is not on it, nothing is said.
/// Source: <https://developers.facebook.com/docs/graph-api/changelog/versions/> (as of July 2026).
fn works_until(version: &str) -> Option<At> {
    match version {
        "v21.0" => day(2027, 1, 21),
        "v22.0" => day(2027, 5, 20),
        "v23.0" => day(2027, 10, 8),
        "v24.0" => day(2028, 2, 18),
        "v25.0" => day(2028, 7, 29),
        _ => None,
    }
}

fn page(config: &Value) -> &str {
    config["page"].as_str().unwrap_or_default()
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-facebook = Facebook page
highlights-place-facebook = Facebook
compose-frame-facebook = a post of the page
bridge-about-facebook = A page on Facebook.
bridge-needs-facebook = You need an application of your own at Meta with the permissions pages_show_list, pages_manage_posts and pages_read_engagement, and somebody with the task to create content on the page (CREATE_CONTENT; full or partial access to Content). While that person has a role in the application, no review is needed. Connect first; then that person signs in.
bridge-facebook-page = Number of the page
bridge-facebook-page-hint = Digits; under About, Page transparency.
bridge-facebook-app = App ID
bridge-facebook-app-hint = Of your application. Needed for signing in.
bridge-facebook-app_secret = App secret
bridge-facebook-app_secret-hint = Of your application. Needed for signing in.
bridge-facebook-version = Version
bridge-facebook-version-hint = Such as v24.0. Facebook takes each version down two years and some months after it came out; enter a newer one before that.
bridge-facebook-access = Page access token
bridge-facebook-access-hint = Only if nobody signs in: a long-lived token of the page itself.
";

impl Kind for Facebook {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: true,
            usual_limit: None,
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn count_length(&self, text: &str) -> usize {
        text.chars().count()
    }

    fn interface(&self, config: &Value) -> Option<Interface> {
        let version = version(config);
        Some(Interface {
            ends_at: works_until(version),
            version: version.to_owned(),
        })
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Granted
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("page", Sort::Text),
            Field::optional("app", Sort::Text),
            Field::optional("app_secret", Sort::Secret),
            Field::optional("access", Sort::Secret),
            Field::optional("version", Sort::Text),
        ];
        FIELDS
    }

    fn place_fields(&self) -> &'static [&'static str] {
        &["page"]
    }

    fn check_config(&self, config: &Value) -> std::result::Result<Value, Problems> {
        let kept = Value::Object(super::field::read(self.fields(), config)?);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let mut problems = Problems::default();
        if !digits(page(&kept)) {
            problems.add("page", "no-number", &[]);
        }
        let number = version(&kept).strip_prefix('v');
        if !number
            .and_then(|number| number.strip_suffix(".0"))
            .is_some_and(digits)
        {
            problems.add("version", "no-number", &[]);
        }
        if problems.0.is_empty() {
            Ok(kept)
        } else {
            Err(problems)
        }
    }

    fn destination(&self, config: &Value) -> String {
        let name = config["facts"]["account"].as_str();
        name.map_or_else(|| format!("facebook.com/{}", page(config)), str::to_owned)
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let mut post = match letter.operation {
            // The card of the link is made when the post is made and cannot be changed.
            Operation::Correct => json!({ "message": message.text }),
            // A post shows a photo or a card.
            _ if message.picture.is_some() => json!({ "message": message.text }),
            _ => json!({ "message": message.text, "link": letter.link }),
        };
        pictures::freeze(&mut post, message);
        Ok(serde_json::to_string(&post)?)
    }
}

struct FacebookAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(FacebookAdapter(tools.clone()))
}

impl FacebookAdapter {
    /// An address of the interface; whoever names another base names the version in it.
    fn url(&self, to: &Destination, path: &[&str]) -> Option<Url> {
        let base = format!("{BASE}/{}", version(&to.config));
        self.0.at(WORD, &base, path)
    }

    /// The frozen fields as a form; the token is a field like the others, as the documents have it.
    fn post(url: Option<Url>, job: &Job, token: &str, more: &[(&str, &str)]) -> Option<Request> {
        let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let kept = content.as_object()?;
        let mut fields: Vec<(&str, &str)> = kept
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect();
        fields.extend_from_slice(more);
        fields.push(("access_token", token));
        form(url, &fields)
    }

    async fn get(
        &self,
        to: &Destination,
        path: &[&str],
        asked: &[(&str, &str)],
    ) -> std::result::Result<Response, NoToken> {
        let url = asking(self.url(to, path), asked);
        let make = |token: &str| bare(Method::GET, asking(url.clone(), &[("access_token", token)]));
        self.0.ask_signed(to, self, &make).await
    }

    /// Uploads a photo that is not published.
    async fn upload(&self, job: &Job, picture: &Picture) -> std::result::Result<String, Observed> {
        let bytes = self.0.bytes_of(picture, PHOTO).await?;
        let file = FormFile {
            field: "source",
            picture,
            bytes: &bytes,
        };
        let url = self.url(&job.to, &[page(&job.to.config), "photos"]);
        let make = |token: &str| {
            let texts = [
                ("published", "false"),
                ("alt_text_custom", picture.alt.as_str()),
                ("access_token", token),
            ];
            let form = pictures::form(job, &texts, &file);
            pictures::with_form(bare(Method::POST, url.clone()), form)
        };
        let response = self.0.send_signed(job, self, &make).await?;
        match (response.status, body(&response)["id"].as_str()) {
            (200, Some(photo)) => Ok(photo.to_owned()),
            _ => Err(read(&response, self.0.now())),
        }
    }

    /// The photo that a post shows.
    async fn photo_of(&self, job: &Job, id: &str) -> std::result::Result<Option<String>, Observed> {
        let asked = [("fields", "attachments{media_type,target{id}}")];
        let said = self.get(&job.to, &[id], &asked).await;
        let said = said.map_err(NoToken::observed)?;
        if is_missing(&said) {
            return Ok(None);
        }
        if said.status != 200 {
            return Err(pictures::nothing_was_said(read(&said, self.0.now())));
        }
        let shown = body(&said)["attachments"]["data"][0].take();
        let photo = shown["target"]["id"].as_str().map(str::to_owned);
        Ok(photo.filter(|_| shown["media_type"] == "photo"))
    }

    async fn say(&self, job: &Job) -> Observed {
        let url = self.url(&job.to, &[page(&job.to.config), "feed"]);
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let attached = match pictures::take(&mut content) {
            Some(picture) => match self.upload(job, &picture).await {
                Ok(photo) => json!({ "media_fbid": photo }).to_string(),
                Err(observed) => return pictures::nothing_was_said(observed),
            },
            None => String::new(),
        };
        let mut more = vec![("fields", "id,permalink_url")];
        if !attached.is_empty() {
            more.push(("attached_media[0]", attached.as_str()));
        }
        let make = |token: &str| Self::post(url.clone(), job, token, &more);
        match self.0.send_signed(job, self, &make).await {
            Ok(response) if response.status == 200 => {
                let found = remote(&body(&response));
                if found.id.is_some() {
                    Observed::new(Outcome::Sent(found), Some(200), "")
                } else {
                    Observed::new(Outcome::SentBlind, Some(200), "no number came back")
                }
            }
            Ok(response) => read(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    async fn change(&self, job: &Job) -> std::result::Result<Observed, Observed> {
        let id = id(job)?;
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if pictures::take(&mut content).is_none() && self.photo_of(job, id).await?.is_some() {
            let note =
                "the photo cannot be taken off there: delete the post and post the words anew";
            return Err(Observed::new(Outcome::ByHand, None, note));
        }
        let url = self.url(&job.to, &[id]);
        let make = |token: &str| Self::post(url.clone(), job, token, &[]);
        let response = self.0.send_signed(job, self, &make).await?;
        if response.status != 200 {
            return Ok(read(&response, self.0.now()));
        }
        let stands = job.announced.clone().unwrap_or_default();
        Ok(Observed::new(Outcome::Sent(stands), Some(200), ""))
    }

    /// The photo first: whoever begins again finds the post and looks what it shows.
    async fn take_back(&self, job: &Job) -> std::result::Result<Observed, Observed> {
        let id = id(job)?;
        if let Some(photo) = self.photo_of(job, id).await? {
            let gone = self.delete(job, &photo).await?;
            if !matches!(gone.outcome, Outcome::Sent(_)) {
                return Ok(gone);
            }
        }
        self.delete(job, id).await
    }

    async fn delete(&self, job: &Job, id: &str) -> std::result::Result<Observed, Observed> {
        let url = self.url(&job.to, &[id]);
        let make = |token: &str| {
            bare(
                Method::DELETE,
                asking(url.clone(), &[("access_token", token)]),
            )
        };
        let response = self.0.send_signed(job, self, &make).await?;
        if is_missing(&response) && !self.sees_page(&job.to).await {
            return Ok(Observed::new(
                Outcome::ByHand,
                Some(response.status),
                "it is not shown to us, and neither is the page: it may still stand there",
            ));
        }
        Ok(taken_back(&response, self.0.now()))
    }

    /// Is the page itself shown to us? Without that, what is not shown is not known to be gone.
    async fn sees_page(&self, to: &Destination) -> bool {
        let asked = [("fields", "id")];
        let said = self.get(to, &[page(&to.config)], &asked).await;
        said.is_ok_and(|said| said.status == 200)
    }
}

/// A page's token that was fetched with a long-lived one of a person does not end by itself; when Facebook takes it back,
/// somebody has to sign in again.
impl Renewal for FacebookAdapter {
    fn is_stale(&self, _response: &Response) -> bool {
        false
    }

    fn can_renew(&self, _keys: &Keys) -> bool {
        false
    }

    fn renew<'a>(
        &'a self,
        _to: &'a Destination,
        _keys: &'a Keys,
    ) -> BoxFuture<'a, std::result::Result<Keys, NoToken>> {
        Box::pin(async { Err(NoToken::Refused("somebody has to sign in again".to_owned())) })
    }
}

impl Grants for FacebookAdapter {
    fn invite<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
    ) -> BoxFuture<'a, std::result::Result<Invitation, String>> {
        Box::pin(async move {
            let app = to.config["app"].as_str();
            let app = app.filter(|_| !Keys::of(to).app_secret.is_empty());
            let app = app.ok_or("the application's id or secret is missing")?;
            let asked = [
                ("client_id", app),
                ("redirect_uri", back),
                ("response_type", "code"),
                ("scope", SCOPES),
            ];
            let home = format!("{HOME}/{}", version(&to.config));
            let url = self.0.at("facebook-home", &home, &["dialog/oauth"]);
            Ok(Invitation {
                url: asking(url, &asked).ok_or("the address cannot be written")?,
                proves: false,
                keep: None,
            })
        })
    }

    /// Three steps: a person's short token, their long one, the page's own. Only the last is kept.
    fn redeem<'a>(
        &'a self,
        to: &'a Destination,
        back: &'a str,
        code: &'a str,
        _proof: &'a str,
    ) -> BoxFuture<'a, std::result::Result<Granted, String>> {
        Box::pin(async move {
            let keys = Keys::of(to);
            let app = to.config["app"].as_str().unwrap_or_default();
            let house = [
                ("client_id", app),
                ("client_secret", keys.app_secret.as_str()),
            ];
            let fetch = |fields: &[(&str, &str)]| {
                let url = asking(self.url(to, &["oauth/access_token"]), &house);
                bare(Method::GET, asking(url, fields))
            };
            let short = fetch(&[("redirect_uri", back), ("code", code)]);
            let short = self.0.tokens(short).await.map_err(NoToken::words)?;
            let long = fetch(&[
                ("grant_type", "fb_exchange_token"),
                (
                    "fb_exchange_token",
                    short["access_token"].as_str().unwrap_or_default(),
                ),
            ]);
            let long = self.0.tokens(long).await.map_err(NoToken::words)?;
            let token = long["access_token"].as_str().unwrap_or_default();
            let asked = [("fields", "access_token"), ("access_token", token)];
            let url = asking(self.url(to, &[page(&to.config)]), &asked);
            let said = self.0.tokens(bare(Method::GET, url)).await;
            let said = said.map_err(NoToken::words)?;
            let keys = Keys {
                ends_at: None,
                ..keys.with(&said, self.0.now()).ok_or("no token came back")?
            };
            Ok(keys.granted(None))
        })
    }
}

impl Adapter for FacebookAdapter {
    fn contract(&self, operation: Operation, _config: &Value) -> Contract {
        let class = match operation {
            Operation::Announce => Class::B,
            // The same words again, or gone already: nothing changes.
            Operation::Correct | Operation::Withdraw => Class::A,
        };
        looked_for(class)
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.say(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move { self.change(job).await.unwrap_or_else(|observed| observed) })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            self.take_back(job)
                .await
                .unwrap_or_else(|observed| observed)
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async move {
            let limit = PAGE.to_string();
            let asked = [
                ("fields", "id,message,created_time,permalink_url"),
                ("limit", limit.as_str()),
            ];
            let feed = [page(&job.to.config), "feed"];
            match self.get(&job.to, &feed, &asked).await {
                Ok(response) => find(job, &response, &["message"], "created_time"),
                Err(none) => Seen::CannotTell(none.words()),
            }
        })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(id) = id(job) else {
                return Look::CannotTell;
            };
            match self.get(&job.to, &[id], &[("fields", "message")]).await {
                Ok(response) => match compared(job, &response, "message") {
                    Look::Gone if !self.sees_page(&job.to).await => Look::CannotTell,
                    look => look,
                },
                Err(_) => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let asked = [("fields", "id,name,link")];
            let response = match self.get(to, &[page(&to.config)], &asked).await {
                Ok(response) => response,
                Err(none) => return none.health(),
            };
            if response.status != 200 {
                return health(&response);
            }
            let said = body(&response);
            let name = said["name"].as_str().unwrap_or("Facebook");
            let usual = format!("https://www.facebook.com/{}", page(&to.config));
            let url = said["link"].as_str().unwrap_or(&usual);
            Health::Good(Known::account(name, url))
        })
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }
}
