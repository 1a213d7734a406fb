//! A page on LinkedIn, by the Posts API. Nothing there knows a repeated request, so what is unclear is looked up among the
//! page's own posts; a text that is there already is refused with the number of the earlier one. A picture stands in the place
//! of the link's card; the link is in the words.
//! Source: learn.microsoft.com/linkedin, "Posts API", "Images API", "Little Text Format", "Error handling", "Rate limiting".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::grant::{NoToken, asking};
use super::interface::{Interface, year_after};
use super::links::hashtags;
use super::pictures::Carriage;
use super::plain::backslashed;
use super::tools::{
    Tools, bare, bearer, body, health, json as written, looked_for, observed, taken_back,
};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Grants, Health, Job, Known, Look, Observed, Outcome, Remote,
    Seen,
};
use crate::bridge::message::Picture;
use crate::bridge::state::{Class, Operation};
use crate::kit::clock::{DAY, MINUTE};
use crate::kit::http::{Method, Request, Response};
use crate::kit::stop::Problems;
use crate::kit::{At, Result};

/// The kind.
pub(super) static LINKEDIN: LinkedIn = LinkedIn;

/// The kind `linkedin`.
pub(super) struct LinkedIn;

const WORD: &str = "linkedin";
const BASE: &str = "https://api.linkedin.com";
/// The most characters of a post.
const LIMIT: usize = 3000;
/// The month of the interface that is spoken unless the settings name a later one; each is taken down about a year later.
const VERSION: &str = "202605";
/// Signs with a meaning in the text format of posts: unescaped, a post is cut there and called a success.
const SIGNS: &str = "\\|{}@[]()<>#*_~";
/// The most bytes of a picture; LinkedIn counts pixels, and allows more of them than any picture here has.
const PICTURE: usize = 8_000_000;
/// How many of the page's posts are looked through.
const PAGE: usize = 20;

fn version(config: &Value) -> &str {
    config["version"].as_str().unwrap_or(VERSION)
}

fn page_urn(config: &Value) -> String {
    let page = config["page"].as_str().unwrap_or_default();
    format!("urn:li:organization:{page}")
}

/// The text in the format of posts: signs disarmed, hashtags as the element that stays a link.
fn little(text: &str) -> String {
    let (mut out, mut from) = (String::with_capacity(text.len() + 16), 0);
    for tag in hashtags(text) {
        out += &backslashed(text.get(from..tag.start).unwrap_or_default(), SIGNS);
        let word = text.get(tag.start + 1..tag.end).unwrap_or_default();
        out += &format!("{{hashtag|\\#|{}}}", backslashed(word, SIGNS));
        from = tag.end;
    }
    out + &backslashed(text.get(from..).unwrap_or_default(), SIGNS)
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-linkedin = LinkedIn page
highlights-place-linkedin = LinkedIn
compose-frame-linkedin = a post of the organisation
bridge-about-linkedin = The page of an organisation on LinkedIn.
bridge-needs-linkedin = You need an application of your own at LinkedIn whose access to the Community Management API was approved; it asks for w_organization_social and r_organization_social. And you need somebody who is an administrator or content administrator of the page. Connect first; then that person signs in.
bridge-linkedin-page = Number of the page
bridge-linkedin-page-hint = The digits in the address when you look at the page as its administrator.
bridge-linkedin-app = Client ID
bridge-linkedin-app-hint = Of your application. Needed for signing in.
bridge-linkedin-app_secret = Client secret
bridge-linkedin-app_secret-hint = Of your application. Needed for signing in.
bridge-linkedin-access = Access token
bridge-linkedin-access-hint = Only if nobody signs in: a token from LinkedIn's own token generator. It ends after 60 days.
bridge-linkedin-version = Version
bridge-linkedin-version-hint = Year and month such as 202605. LinkedIn takes each version down after about a year; enter a newer one before that.
";

impl Kind for LinkedIn {
    fn word(&self) -> &'static str {
        WORD
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
            is_public: true,
            link_beside: false,
            takes_hashtags: true,
            usual_limit: Some(3_000),
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
            ends_at: year_after(version),
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
        let kept = super::field::read(self.fields(), config)?;
        let digits = |name: &str| {
            kept.get(name).and_then(Value::as_str).is_none_or(|text| {
                text.bytes().all(|b| b.is_ascii_digit()) && (name != "version" || text.len() == 6)
            })
        };
        let mut problems = Problems::default();
        for name in ["page", "version"] {
            if !digits(name) {
                problems.add(name, "no-number", &[]);
            }
        }
        if problems.0.is_empty() {
            Ok(Value::Object(kept))
        } else {
            Err(problems)
        }
    }

    fn destination(&self, config: &Value) -> String {
        let name = config["facts"]["account"].as_str();
        name.map_or_else(
            || {
                format!(
                    "linkedin.com/company/{}",
                    config["page"].as_str().unwrap_or_default()
                )
            },
            str::to_owned,
        )
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        if letter.operation == Operation::Correct {
            let mut patch = json!({ "patch": { "$set": { "commentary": little(&message.text) } } });
            pictures::freeze(&mut patch, message);
            return Ok(serde_json::to_string(&patch)?);
        }
        // Nothing is fetched from the link: what the card shows has to be said.
        let quote = message.quotes.first().map(|quote| quote.text.as_str());
        let description: String = quote.unwrap_or_default().chars().take(4000).collect();
        let title: String = message.title.chars().take(400).collect();
        let card = json!({ "article": { "source": letter.link, "title": title, "description": description } });
        let mut post = json!({
            "author": page_urn(letter.config),
            "commentary": little(&message.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "content": card,
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": false,
        });
        pictures::freeze(&mut post, message);
        Ok(serde_json::to_string(&post)?)
    }
}

pub(super) struct LinkedInAdapter(pub(super) Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(LinkedInAdapter(tools.clone()))
}

fn note(response: &Response) -> String {
    let said = body(response);
    // What is wrong with the input stands one floor lower.
    let lower = &said["errorDetails"]["inputErrors"][0]["code"];
    let code = said["code"].as_str().or(lower.as_str()).unwrap_or_default();
    let message = said["message"].as_str().unwrap_or_default();
    format!("{code} {message}").trim().to_owned()
}

fn read(response: &Response, now: At) -> Observed {
    let words = note(response);
    let outcome = match response.status {
        // The day's number is used up; it begins anew at midnight UTC.
        429 => Outcome::Throttled(Some(At((now.0.div_euclid(DAY) + 1) * DAY))),
        403 => Outcome::Unauthorised,
        422 if words.contains("DUPLICATE_POST") => Outcome::Duplicate,
        _ => return observed(response, now, &words),
    };
    Observed::new(outcome, Some(response.status), words)
}

fn remote(urn: &str) -> Remote {
    Remote {
        id: Some(urn.to_owned()),
        url: Some(format!("https://www.linkedin.com/feed/update/{urn}")),
    }
}

/// What there is to be said of a post whose number nobody knows.
fn id(job: &Job) -> std::result::Result<String, Observed> {
    let known = job.announced.as_ref().and_then(|remote| remote.id.clone());
    known.ok_or_else(|| Observed::new(Outcome::ByHand, None, "nobody knows its number there"))
}

impl LinkedInAdapter {
    /// An address of the interface; colons in what follows the path are escaped, as its documents ask.
    fn url(&self, path: &str, urn: Option<&str>) -> Option<Url> {
        let mut url = self.0.at(WORD, BASE, &["rest", path])?;
        if let Some(urn) = urn {
            let whole = format!(
                "{}/{}",
                url.path(),
                utf8_percent_encode(urn, NON_ALPHANUMERIC)
            );
            url.set_path(&whole);
        }
        Some(url)
    }

    fn headed(to: &Destination, request: Option<Request>, token: &str) -> Option<Request> {
        bearer(request, token)?
            .header("linkedin-version", version(&to.config))?
            .header("x-restli-protocol-version", "2.0.0")
    }

    async fn get(
        &self,
        to: &Destination,
        url: Option<Url>,
    ) -> std::result::Result<Response, NoToken> {
        let make = |token: &str| Self::headed(to, bare(Method::GET, url.clone()), token);
        self.0.ask_signed(to, self, &make).await
    }

    /// What was frozen; a picture is uploaded and stands where the card would.
    async fn content(&self, job: &Job) -> std::result::Result<Value, Observed> {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if let Some(picture) = pictures::take(&mut content) {
            let upload = self.upload(job, &picture).await;
            let urn = upload.map_err(pictures::nothing_was_said)?;
            content["content"] = json!({ "media": { "id": urn, "altText": picture.alt } });
        }
        Ok(content)
    }

    /// Asks for a place and puts the bytes there. A picture that no post names is shown to nobody.
    async fn upload(&self, job: &Job, picture: &Picture) -> std::result::Result<String, Observed> {
        let bytes = self.0.bytes_of(picture, PICTURE).await?;
        let asked = json!({ "initializeUploadRequest": { "owner": page_urn(&job.to.config) } });
        let url = asking(self.url("images", None), &[("action", "initializeUpload")]);
        let make =
            |token: &str| Self::headed(&job.to, written(Method::POST, url.clone(), &asked), token);
        let place = self.0.send_signed(job, self, &make).await?;
        let said = body(&place);
        let to = said["value"]["uploadUrl"].as_str();
        let to = to.and_then(|to| Url::parse(to).ok());
        let (Some(to), Some(urn)) = (to, said["value"]["image"].as_str()) else {
            return Err(read(&place, self.0.now()));
        };
        let ours = self.is_theirs(&to);
        let make = |token: &str| {
            let request =
                bare(Method::PUT, Some(to.clone()))?.header("content-type", &picture.media_type)?;
            let request = Request {
                body: bytes.clone(),
                ..request
            };
            if ours {
                bearer(Some(request), token)
            } else {
                Some(request)
            }
        };
        let taken = self.0.send_signed(job, self, &make).await?;
        match taken.status {
            200..=299 => Ok(urn.to_owned()),
            _ => Err(read(&taken, self.0.now())),
        }
    }

    /// Is this an address of LinkedIn? The token goes nowhere else.
    fn is_theirs(&self, url: &Url) -> bool {
        let home = self.url("images", None);
        let same = home.is_some_and(|home| home.origin() == url.origin());
        same || url.scheme() == "https"
            && url
                .host_str()
                .is_some_and(|host| host == "linkedin.com" || host.ends_with(".linkedin.com"))
    }

    async fn say(&self, job: &Job) -> Observed {
        let content = match self.content(job).await {
            Ok(content) => content,
            Err(observed) => return observed,
        };
        let url = self.url("posts", None);
        let make = |token: &str| {
            Self::headed(&job.to, written(Method::POST, url.clone(), &content), token)
        };
        let response = match self.0.send_signed(job, self, &make).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        if response.status != 201 {
            return read(&response, self.0.now());
        }
        match response.header("x-restli-id") {
            Some(urn) => Observed::new(Outcome::Sent(remote(urn)), Some(201), ""),
            None => Observed::new(Outcome::SentBlind, Some(201), "no number came back"),
        }
    }

    async fn change(&self, job: &Job) -> Observed {
        let urn = match id(job) {
            Ok(urn) => urn,
            Err(observed) => return observed,
        };
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if pictures::take(&mut content).is_none()
            && let Err(observed) = self.has_no_picture(job, &urn).await
        {
            return observed;
        }
        let url = self.url("posts", Some(&urn));
        let make = |token: &str| {
            Self::headed(&job.to, written(Method::POST, url.clone(), &content), token)?
                .header("x-restli-method", "PARTIAL_UPDATE")
        };
        match self.0.send_signed(job, self, &make).await {
            Ok(response) if response.status == 204 || response.status == 200 => {
                Observed::new(Outcome::Sent(remote(&urn)), Some(response.status), "")
            }
            Ok(response) => read(&response, self.0.now()),
            Err(observed) => observed,
        }
    }

    /// Only the words of a post can be changed: a picture that is to go, a person has to take down with the post.
    async fn has_no_picture(&self, job: &Job, urn: &str) -> std::result::Result<(), Observed> {
        let stands = self.get(&job.to, self.url("posts", Some(urn))).await;
        let stands = stands.map_err(NoToken::observed)?;
        if stands.status != 200 {
            return Err(pictures::nothing_was_said(read(&stands, self.0.now())));
        }
        if body(&stands)["content"]["media"]["id"].is_string() {
            let note =
                "the picture cannot be taken off there: delete the post and post the words anew";
            return Err(Observed::new(Outcome::ByHand, None, note));
        }
        Ok(())
    }

    async fn delete(&self, job: &Job) -> Observed {
        let urn = match id(job) {
            Ok(urn) => urn,
            Err(observed) => return observed,
        };
        let url = self.url("posts", Some(&urn));
        let make = |token: &str| Self::headed(&job.to, bare(Method::DELETE, url.clone()), token);
        match self.0.send_signed(job, self, &make).await {
            Ok(response) if matches!(response.status, 403 | 429) => read(&response, self.0.now()),
            Ok(response) => taken_back(&response, self.0.now(), &note(&response)),
            Err(observed) => observed,
        }
    }

    /// The page's newest posts.
    async fn posts(
        &self,
        to: &Destination,
        count: usize,
    ) -> std::result::Result<Response, NoToken> {
        let (author, count) = (page_urn(&to.config), count.to_string());
        let asked = [
            ("q", "author"),
            ("author", author.as_str()),
            ("count", count.as_str()),
            ("sortBy", "CREATED"),
        ];
        self.get(to, asking(self.url("posts", None), &asked)).await
    }

    async fn find(&self, job: &Job) -> Seen {
        let response = match self.posts(&job.to, PAGE).await {
            Ok(response) if response.status == 200 => response,
            Ok(response) => {
                return Seen::CannotTell(format!("{} {}", response.status, note(&response)));
            }
            Err(none) => return Seen::CannotTell(none.words()),
        };
        let said = body(&response);
        let Some(posts) = said["elements"].as_array() else {
            return Seen::CannotTell("the answer is no list".to_owned());
        };
        let mark = format!("/h/{}", job.code);
        let is_ours = |post: &&Value| {
            let source = &post["content"]["article"]["source"];
            [source, &post["commentary"]]
                .iter()
                .any(|text| text.as_str().is_some_and(|text| text.contains(&mark)))
        };
        if let Some(urn) = posts
            .iter()
            .find(is_ours)
            .and_then(|post| post["id"].as_str())
        {
            return Seen::Present(remote(urn));
        }
        let since = job.first_sent_at.plus(-2 * MINUTE);
        let oldest = posts
            .iter()
            .filter_map(|post| post["createdAt"].as_i64())
            .min();
        let reaches_back =
            posts.len() < PAGE || oldest.is_some_and(|ms| At(ms.saturating_mul(1000)) < since);
        if reaches_back {
            Seen::Absent
        } else {
            Seen::CannotTell("too much was written since".to_owned())
        }
    }
}

impl Adapter for LinkedInAdapter {
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
        Box::pin(self.change(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.delete(job))
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(self.find(job))
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(urn) = id(job) else {
                return Look::CannotTell;
            };
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            let words = ours["commentary"]
                .as_str()
                .or(ours["patch"]["$set"]["commentary"].as_str());
            match self.get(&job.to, self.url("posts", Some(&urn))).await {
                Ok(response) if response.status == 200 => {
                    if body(&response)["commentary"].as_str() == words {
                        Look::There
                    } else {
                        Look::Changed
                    }
                }
                Ok(response) if matches!(response.status, 404 | 410) => Look::Gone,
                _ => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            // Reading the page's posts proves the token, the role and the page.
            let response = match self.posts(to, 1).await {
                Ok(response) => response,
                Err(none) => return none.health(),
            };
            if response.status != 200 {
                return health(&response, &note(&response));
            }
            let page = to.config["page"].as_str().unwrap_or_default();
            let named = match self.get(to, self.url("organizations", Some(page))).await {
                Ok(response) if response.status == 200 => body(&response),
                // Not every application may ask for the name; the page is known without it.
                _ => Value::Null,
            };
            let name = named["localizedName"].as_str();
            let name = name.map_or_else(|| format!("LinkedIn {page}"), str::to_owned);
            Health::Good(Known::account(
                &name,
                &format!("https://www.linkedin.com/company/{page}"),
            ))
        })
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_disarmed_and_hashtags_stay_links() {
        assert_eq!(
            little("(Bats) @ dusk, #NightGarden_1! https://a.example/h/x_y"),
            "\\(Bats\\) \\@ dusk, {hashtag|\\#|NightGarden\\_1}! https://a.example/h/x_y"
        );
        assert_eq!(little("a*b \\ {c}"), "a\\*b \\\\ \\{c\\}");
    }
}
