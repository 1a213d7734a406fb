//! A draft on the organisation's own WordPress site; its editors stay in charge of when and whether it appears there. The
//! slug is made of our link code and looked up before anything is created. A picture stands in the site's media library under
//! a slug of the same kind, and leaves it with the words.
//! Source: developer.wordpress.org, REST API handbook, "Posts", "Media", "Application Passwords".
//!
//! Long because all that one vendor's documents ask for stands in one file.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use url::Url;

use super::field::{Field, Sort};
use super::pictures::{Carriage, FormFile};
use super::plain::entities;
use super::tools::{Tools, bare, below, body, health, json as written, observed};
use super::webhook::fits;
use super::{Kind, Letter, Manner, Role, SecretRule, pictures};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::message::Picture;
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
/// The most bytes of a picture: what a site takes unless its host says otherwise.
const PICTURE: usize = 2_000_000;
/// Every state in which a post of ours may stand.
const STATES: &str = "draft,pending,future,publish,private";

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-wordpress = WordPress
highlights-place-wordpress = Our website
compose-frame-wordpress = a draft for the website
bridge-about-wordpress = A draft on your own website, for its editors to publish.
bridge-needs-wordpress = In WordPress: Users, Profile, Application passwords. Make an account of its own with the role Author: it may write, upload pictures, publish and delete what is its own (edit_posts, upload_files, publish_posts, delete_published_posts). A Contributor cannot upload pictures.
bridge-wordpress-site = Website
bridge-wordpress-site-hint = Its address without wp-admin.
bridge-wordpress-user = User name
bridge-wordpress-user-hint = The one you sign in with there.
bridge-wordpress-state = What becomes of an announcement there
bridge-wordpress-state-draft = A draft
bridge-wordpress-state-pending = A draft that waits for review
bridge-wordpress-state-publish = Published at once
bridge-wordpress-token = Application password
bridge-wordpress-token-hint = Six groups of four letters; spaces do not matter.
";

impl Kind for WordPress {
    fn word(&self) -> &'static str {
        "wordpress"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::Connected,
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

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
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

    fn place_fields(&self) -> &'static [&'static str] {
        &["site"]
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
        pictures::freeze(&mut post, message);
        Ok(serde_json::to_string(&post)?)
    }
}

fn slug(code: &str) -> String {
    format!("highlight-{}", code.to_lowercase())
}

/// The slug of the picture in the media library.
fn picture_slug(code: &str) -> String {
    format!("{}-picture", slug(code))
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
        let content = match self.content(job).await {
            Ok(content) => content,
            Err(observed) => return observed,
        };
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

    /// What was frozen, its picture put into the library and named. A correction without a picture takes it off.
    async fn content(&self, job: &Job) -> std::result::Result<Value, Observed> {
        let mut content: Value = serde_json::from_str(&job.payload).unwrap_or_default();
        if let Some(picture) = pictures::take(&mut content) {
            let put = self.put(job, &picture).await;
            content["featured_media"] = json!(put.map_err(pictures::nothing_was_said)?);
        } else if job.operation == Operation::Correct {
            content["featured_media"] = json!(0);
        }
        Ok(content)
    }

    /// The picture in the library, if it is there.
    async fn shelved(&self, job: &Job) -> std::result::Result<Option<i64>, Observed> {
        let mut request = Self::request(&job.to, Method::GET, &["media"], None);
        if let Some(request) = &mut request {
            let mut query = request.url.query_pairs_mut();
            query.append_pair("slug", &picture_slug(&job.code));
            query.append_pair("context", "edit");
        }
        let response = self.0.send(job, request).await?;
        let said = body(&response);
        match (response.status, said.as_array()) {
            (200, Some(all)) => Ok(all.first().and_then(|one| one["id"].as_i64())),
            _ => Err(observed(&response, self.0.now(), &note(&response))),
        }
    }

    /// Puts a picture into the library. Looked for first: whoever tries again leaves no second one behind.
    async fn put(&self, job: &Job, picture: &Picture) -> std::result::Result<i64, Observed> {
        let request = if let Some(id) = self.shelved(job).await? {
            let shows = json!({ "alt_text": picture.alt });
            Self::request(
                &job.to,
                Method::POST,
                &["media", &id.to_string()],
                Some(&shows),
            )
        } else {
            let bytes = self.0.bytes_of(picture, PICTURE).await?;
            let slug = picture_slug(&job.code);
            let texts = [("slug", slug.as_str()), ("alt_text", picture.alt.as_str())];
            let file = FormFile {
                field: "file",
                picture,
                bytes: &bytes,
            };
            let request = Self::request(&job.to, Method::POST, &["media"], None);
            pictures::with_form(request, pictures::form(job, &texts, &file))
        };
        let response = self.0.send(job, request).await?;
        match (response.status, body(&response)["id"].as_i64()) {
            (200 | 201, Some(id)) => Ok(id),
            _ => Err(observed(&response, self.0.now(), &note(&response))),
        }
    }

    /// Takes the picture out of the library: there it would still be shown to whoever knows its address. "Media do not
    /// support trashing": it is deleted for good.
    async fn clear(&self, job: &Job) -> std::result::Result<(), Observed> {
        let Some(id) = self.shelved(job).await? else {
            return Ok(());
        };
        let mut request = Self::request(&job.to, Method::DELETE, &["media", &id.to_string()], None);
        if let Some(request) = &mut request {
            request.url.query_pairs_mut().append_pair("force", "true");
        }
        let response = self.0.send(job, request).await?;
        match response.status {
            200 | 404 | 410 => Ok(()),
            _ => Err(observed(&response, self.0.now(), &note(&response))),
        }
    }

    async fn change(&self, job: &Job) -> std::result::Result<Observed, Observed> {
        let id = Self::id(job)?;
        let content = self.content(job).await?;
        let request = Self::request(&job.to, Method::POST, &["posts", id], Some(&content));
        let response = self.0.send(job, request).await?;
        if response.status != 200 {
            return Ok(observed(&response, self.0.now(), &note(&response)));
        }
        if content["featured_media"] == 0 {
            self.clear(job).await?;
        }
        let remote = job.announced.clone().unwrap_or_default();
        Ok(Observed::new(Outcome::Sent(remote), Some(200), ""))
    }

    async fn take_back(&self, job: &Job) -> std::result::Result<Observed, Observed> {
        let id = Self::id(job)?;
        // Into the bin, where the site's editors find it; "already in the bin" is a 410.
        let request = Self::request(&job.to, Method::DELETE, &["posts", id], None);
        let response = self.0.send(job, request).await?;
        let taken = super::tools::taken_back(&response, self.0.now(), &note(&response));
        if matches!(taken.outcome, Outcome::Sent(_)) {
            self.clear(job).await?;
        }
        Ok(taken)
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
