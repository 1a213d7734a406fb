//! A draft on the organisation's own WordPress site; its editors stay in charge of when and whether it appears there. The
//! slug is made of our link code and looked up before anything is created.
//! Source: developer.wordpress.org, REST API handbook, "Posts", "Application Passwords".

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::plain::entities;
use super::tools::{Tools, bare, below, body, health, json as written, observed};
use super::webhook::fits;
use super::{Kind, Letter, SecretRule};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation};
use crate::kit::Result;
use crate::kit::http::{Method, Request, Response};

/// The kind.
pub(super) static WORDPRESS: WordPress = WordPress;

/// The kind `wordpress`.
pub(super) struct WordPress;

/// The most characters of a text.
const LIMIT: usize = 5000;
/// Every state in which a post of ours may stand.
const STATES: &str = "draft,pending,future,publish,private";

impl Kind for WordPress {
    fn word(&self) -> &'static str {
        "wordpress"
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn secret(&self) -> SecretRule {
        SecretRule::Theirs
    }

    fn fields(&self) -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::needed("site", Sort::Address),
            Field::needed("user", Sort::Text),
            Field::optional("state", Sort::Choice(&["draft", "pending", "publish"])),
            Field::needed("token", Sort::Secret),
        ];
        FIELDS
    }

    fn destination(&self, config: &Value) -> String {
        let url = config["site"]
            .as_str()
            .and_then(|site| Url::parse(site).ok());
        url.and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        fits("text", self.count_length(&message.text), LIMIT)?;
        let mut content: String = message
            .text
            .split("\n\n")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| format!("<p>{}</p>\n", entities(part).replace('\n', "<br>")))
            .collect();
        content += &format!(
            "<p><a href=\"{}\">{}</a></p>\n",
            entities(letter.link).replace('"', "&quot;"),
            entities(&message.site_name)
        );
        let mut post = json!({ "title": entities(&message.title), "content": content });
        if letter.operation == Operation::Announce {
            post["slug"] = json!(slug(letter.code));
            post["status"] = letter.config["state"].clone();
        }
        Ok(serde_json::to_string(&post)?)
    }
}

fn slug(code: &str) -> String {
    format!("highlight-{}", code.to_lowercase())
}

struct WordPressAdapter(Tools);

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(WordPressAdapter(tools.clone()))
}

fn note(response: &Response) -> String {
    let said = body(response);
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}", text("code"), text("message"))
        .trim()
        .to_owned()
}

fn remote(post: &Value) -> Option<Remote> {
    Some(Remote {
        id: Some(post["id"].as_i64()?.to_string()),
        url: post["link"].as_str().map(str::to_owned),
    })
}

impl WordPressAdapter {
    fn request(
        to: &Destination,
        method: Method,
        path: &[&str],
        content: Option<&Value>,
    ) -> Option<Request> {
        let site = Url::parse(to.config["site"].as_str()?).ok()?;
        let mut whole = vec!["wp-json/wp/v2"];
        whole.extend(path);
        let url = below(site, &whole);
        let request = match content {
            Some(content) => written(method, url, content),
            None => bare(method, url),
        };
        let user = to.config["user"].as_str()?;
        let basic = BASE64.encode(format!("{user}:{}", to.secrets.first()?.0));
        request?.header("authorization", &format!("Basic {basic}"))
    }

    fn lookup(job: &Job) -> Option<Request> {
        let mut request = Self::request(&job.to, Method::GET, &["posts"], None)?;
        request
            .url
            .query_pairs_mut()
            .append_pair("slug", &slug(&job.code))
            .append_pair("status", STATES)
            .append_pair("context", "edit");
        Some(request)
    }

    async fn find(&self, job: &Job) -> std::result::Result<Option<Remote>, String> {
        let response = self.0.ask(Self::lookup(job)).await?;
        match response.status {
            200 => Ok(body(&response)
                .as_array()
                .and_then(|posts| posts.first())
                .and_then(remote)),
            status => Err(format!("{status} {}", note(&response))),
        }
    }

    async fn say(&self, job: &Job) -> Observed {
        // Looked up first: a try whose answer was lost may have made it.
        match self.find(job).await {
            Ok(Some(found)) => {
                return Observed::new(Outcome::Sent(found), Some(200), "it was there");
            }
            Ok(None) => {}
            Err(why) if why.starts_with("401") || why.starts_with("403") => {
                return Observed::new(Outcome::Unauthorised, None, why);
            }
            Err(why) => return Observed::new(Outcome::NotSent, None, why),
        }
        let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let request = Self::request(&job.to, Method::POST, &["posts"], Some(&content));
        let response = match self.0.send(job, request).await {
            Ok(response) => response,
            Err(observed) => return observed,
        };
        match (response.status, remote(&body(&response))) {
            (200 | 201, Some(remote)) => {
                Observed::new(Outcome::Sent(remote), Some(response.status), "")
            }
            _ => observed(&response, self.0.now(), &note(&response)),
        }
    }

    fn id(job: &Job) -> std::result::Result<&str, Observed> {
        let known = job
            .announced
            .as_ref()
            .and_then(|remote| remote.id.as_deref());
        known.ok_or_else(|| Observed::new(Outcome::ByHand, None, "nobody knows its number there"))
    }
}

impl Adapter for WordPressAdapter {
    fn contract(&self, operation: Operation, _config: &Value) -> Contract {
        let class = match operation {
            // Looking up and creating are two steps; somebody else can come between them.
            Operation::Announce => Class::B,
            Operation::Correct | Operation::Withdraw => Class::A,
        };
        Contract {
            class,
            reads_back: class == Class::B,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.say(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let id = match Self::id(job) {
                Ok(id) => id,
                Err(observed) => return observed,
            };
            let content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            let request = Self::request(&job.to, Method::POST, &["posts", id], Some(&content));
            match self.0.send(job, request).await {
                Ok(response) if response.status == 200 => {
                    let remote = job.announced.clone().unwrap_or_default();
                    Observed::new(Outcome::Sent(remote), Some(200), "")
                }
                Ok(response) => observed(&response, self.0.now(), &note(&response)),
                Err(observed) => observed,
            }
        })
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            let id = match Self::id(job) {
                Ok(id) => id,
                Err(observed) => return observed,
            };
            // Into the bin, where the site's editors find it; "already in the bin" is a 410.
            let request = Self::request(&job.to, Method::DELETE, &["posts", id], None);
            match self.0.send(job, request).await {
                Ok(response) => super::tools::taken_back(&response, self.0.now(), &note(&response)),
                Err(observed) => observed,
            }
        })
    }

    fn read_back<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async move {
            match self.find(job).await {
                Ok(Some(found)) => Seen::Present(found),
                Ok(None) => Seen::Absent,
                Err(why) => Seen::CannotTell(why),
            }
        })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let Ok(id) = Self::id(job) else {
                return Look::CannotTell;
            };
            let mut request = Self::request(&job.to, Method::GET, &["posts", id], None);
            if let Some(request) = &mut request {
                request.url.query_pairs_mut().append_pair("context", "edit");
            }
            let ours: Value = serde_json::from_str(&job.payload).unwrap_or_default();
            match self.0.ask(request).await {
                Ok(response) if response.status == 200 => {
                    let said = body(&response);
                    match said["status"].as_str() {
                        Some("trash") => Look::Gone,
                        _ if said["content"]["raw"] == ours["content"] => Look::There,
                        _ => Look::Changed,
                    }
                }
                Ok(response) if matches!(response.status, 404 | 410) => Look::Gone,
                _ => Look::CannotTell,
            }
        })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let mut request = Self::request(to, Method::GET, &["users", "me"], None);
            if let Some(request) = &mut request {
                request.url.query_pairs_mut().append_pair("context", "edit");
            }
            let response = match self.0.ask(request).await {
                Ok(response) => response,
                Err(trouble) => return Health::Bad(trouble),
            };
            if response.status != 200 {
                return health(&response, &note(&response));
            }
            let said = body(&response);
            if said["capabilities"]["edit_posts"] == false {
                return Health::Unauthorised("this account may not write posts".to_owned());
            }
            let name = said["name"].as_str().unwrap_or("WordPress");
            let site = to.config["site"].as_str().unwrap_or_default();
            Health::Good(Known::account(name, &format!("{site}/wp-admin/edit.php")))
        })
    }
}
