//! One request, as a handler sees it: parts of the address, fields of the form, and the ways to answer.
//!
//! Long because what a handler may ask of a request, and how it answers, is one vocabulary.

use std::rc::Rc;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::answer::{Answer, See, Shown};
use super::cookies;
use super::dispatch;
use super::form;
use super::routes::{Entry, Kind};
use super::viewer::Viewer;
use crate::app::App;
use crate::db::Tx;
use crate::db::idempotency::Once;
use crate::kit::ids::MemberId;
use crate::kit::{At, Problems, Refusal, Result, Stop, hex};
use crate::policy::Actor;

/// How the client says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// It does not.
    None,
    /// A session cookie.
    Session(String),
    /// A Bearer token.
    Bearer(String),
}

/// One request. Cheap to clone; it stays on its worker.
#[derive(Clone)]
pub struct Call {
    inner: Rc<Inner>,
}

struct Inner {
    app: Arc<App>,
    req: HttpRequest,
    entry: &'static Entry,
    body: Bytes,
    credentials: Credentials,
    request_id: String,
}

/// How often, and after how long each time, a second click asks whether the first one is done.
const PATIENCE: usize = 20;
const A_WHILE: Duration = Duration::from_millis(100);

impl Call {
    pub(super) fn new(
        app: Arc<App>,
        req: HttpRequest,
        entry: &'static Entry,
        body: Bytes,
        request_id: String,
    ) -> Self {
        let credentials = credentials(&app, &req, entry.kind);
        Self {
            inner: Rc::new(Inner {
                app,
                req,
                entry,
                body,
                credentials,
                request_id,
            }),
        }
    }

    /// Everything that is the same for all requests.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.inner.app
    }

    pub(super) fn req(&self) -> &HttpRequest {
        &self.inner.req
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.inner.credentials
    }

    pub(super) fn request_id(&self) -> &str {
        &self.inner.request_id
    }

    /// The row of the route table that this request came by.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.inner.entry
    }

    /// The moment, for handlers that need one before the transaction.
    #[must_use]
    pub fn now(&self) -> At {
        self.inner.app.clock.now()
    }

    /// The path that was asked for, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.inner.req.path()
    }

    /// Path and query, as they came.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        self.inner
            .req
            .uri()
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string)
    }

    /// The limits' name for the client's address.
    #[must_use]
    pub fn client(&self) -> String {
        super::client::bucket(super::client::address(
            &self.inner.req,
            &self.inner.app.config.trusted_proxies,
        ))
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner
            .req
            .headers()
            .get(name)
            .and_then(|h| h.to_str().ok())
    }

    /// The session token, for signing out.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        match &self.inner.credentials {
            Credentials::Session(token) => Some(token),
            Credentials::None | Credentials::Bearer(_) => None,
        }
    }

    /// The member that this browser has signed in as before, whether or not it is signed in now.
    #[must_use]
    pub fn known_member(&self) -> Option<MemberId> {
        let secure = self.inner.app.config.is_secure_context();
        let cookie = cookies::read(&self.inner.req, cookies::KNOWN, secure)?;
        super::guard::known_member(&self.inner.app, &cookie)
    }

    /// A named part of the path.
    ///
    /// # Errors
    /// Not found where it is not what it should be: such a thing cannot exist.
    pub fn segment<T: FromStr>(&self, name: &str) -> Result<T> {
        let text = self.inner.req.match_info().get(name).unwrap_or_default();
        let text = percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .map_err(|_| Refusal::NotFound)?;
        text.parse().map_err(|_| Refusal::NotFound.into())
    }

    /// The query's fields; every field of `T` should have a default.
    ///
    /// # Errors
    /// Unreadable where a field cannot be what it should be.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        serde_html_form::from_str(self.inner.req.query_string())
            .map_err(|_| Refusal::Unreadable("query").into())
    }

    /// The form's fields; every field of `T` should have a default.
    ///
    /// # Errors
    /// Unreadable where the encoding is broken.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T> {
        form::read(&self.inner.body)
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.inner.body.clone()
    }

    /// The JSON body.
    ///
    /// # Errors
    /// Unreadable where it is no JSON; invalid where it is not the shape that this address takes.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.inner.body).map_err(|error| {
            if error.is_data() {
                let mut problems = Problems::default();
                problems.add("", "json-shape", &[("detail", error.to_string())]);
                problems.into()
            } else {
                Refusal::Unreadable("json").into()
            }
        })
    }

    /// The JSON body, where leaving it out says the same as an empty object.
    ///
    /// # Errors
    /// As [`Call::json`].
    pub fn json_if_any<T: DeserializeOwned + Default>(&self) -> Result<T> {
        if self.inner.body.is_empty() {
            return Ok(T::default());
        }
        self.json()
    }

    /// Runs costly pure work (Markdown, hashing, pictures) away from the thread that serves others.
    ///
    /// # Errors
    /// Busy when too much of it waits; a fault when it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        self.inner.app.compute(work).await
    }

    /// Who asks, for the few handlers that talk to the world outside between two transactions.
    ///
    /// # Errors
    /// [`Refusal::BadToken`] for a token that is not ours; a fault where the database fails.
    pub async fn actor(&self) -> Result<Actor> {
        let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
        let who = move |tx: &mut Tx<'_>| Ok(known(tx, &credentials, &app)?.actor);
        self.inner.app.db.read(who).await
    }

    /// Shows what a question finds.
    ///
    /// # Errors
    /// What the question answers.
    pub async fn page<F>(&self, mut question: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>, &Viewer) -> Result<Shown> + Send + 'static,
    {
        let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
        let (viewer, shown) = self
            .inner
            .app
            .db
            .read(move |tx| {
                let viewer = Viewer::recognise(tx, &credentials, &app)?;
                let shown = question(tx, &viewer)?;
                Ok((viewer, shown))
            })
            .await?;
        self.note_reading(&viewer).await;
        dispatch::show(self, &viewer, shown)
    }

    /// Who only reads keeps the session too: its use is noted once an hour, and a page never fails for it.
    async fn note_reading(&self, viewer: &Viewer) {
        let Some(session) = viewer.session.filter(|_| viewer.touch) else {
            return;
        };
        let noted = self
            .inner
            .app
            .db
            .write(move |tx| crate::members::touch(tx, session));
        if let Err(stop) = noted.await {
            tracing::debug!(%stop, "the use of a session was not noted");
        }
    }

    /// Does what a form asks for, once however often the button was pressed. Where the input is not right, `again`
    /// makes the form's page with everything that was typed (422).
    ///
    /// # Errors
    /// What the verb answers, but for invalid input.
    pub async fn submit<V, A>(&self, verb: V, mut again: A) -> Answer
    where
        V: FnMut(&mut Tx<'_>, &Viewer) -> Result<See> + Send + 'static,
        A: FnMut(&mut Tx<'_>, &Viewer, &Problems) -> Result<Shown> + Send + 'static,
    {
        match self.done(verb).await {
            Err(Stop::Invalid(problems)) => {
                let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
                let (viewer, shown) = self
                    .inner
                    .app
                    .db
                    .read(move |tx| {
                        let viewer = Viewer::recognise(tx, &credentials, &app)?;
                        let shown = again(tx, &viewer, &problems)?;
                        Ok((viewer, shown))
                    })
                    .await?;
                let shown = match shown {
                    Shown::Page(mut page) => {
                        page.head = page.head.status(422).no_index().form();
                        Shown::Page(page)
                    }
                    other => other,
                };
                dispatch::show(self, &viewer, shown)
            }
            other => dispatch::see(self, other?),
        }
    }

    /// Does what a button asks for; there is no input to give back.
    ///
    /// # Errors
    /// What the verb answers.
    pub async fn act<V>(&self, verb: V) -> Answer
    where
        V: FnMut(&mut Tx<'_>, &Viewer) -> Result<See> + Send + 'static,
    {
        let see = self.done(verb).await?;
        dispatch::see(self, see)
    }

    /// A second click that comes while the first is at work waits for it, and finds what it did.
    async fn done<V>(&self, verb: V) -> Result<See>
    where
        V: FnMut(&mut Tx<'_>, &Viewer) -> Result<See> + Send + 'static,
    {
        let verb = Arc::new(Mutex::new(verb));
        for _ in 0..PATIENCE {
            match self.done_once(&verb).await {
                Err(Stop::Refused(Refusal::KeyRunning)) => tokio::time::sleep(A_WHILE).await,
                done => return done,
            }
        }
        self.done_once(&verb).await
    }

    async fn done_once<V>(&self, verb: &Arc<Mutex<V>>) -> Result<See>
    where
        V: FnMut(&mut Tx<'_>, &Viewer) -> Result<See> + Send + 'static,
    {
        let verb = verb.clone();
        let once = self.form_once();
        let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
        self.inner
            .app
            .db
            .write(move |tx| {
                if let Some(once) = &once
                    && let Some(kept) = once.seek(tx)?
                {
                    return Ok(serde_json::from_str(&kept)?);
                }
                let viewer = Viewer::recognise(tx, &credentials, &app)?;
                viewer.note_use(tx)?;
                let mut verb = verb.lock().unwrap_or_else(PoisonError::into_inner);
                let see = verb(tx, &viewer)?;
                if let Some(once) = &once
                    && see.session.is_none()
                {
                    once.keep(tx, &serde_json::to_string(&see)?)?;
                }
                Ok(see)
            })
            .await
    }

    /// A double click sends the same bytes with the same number; a form that was changed in between is another one.
    pub(super) fn form_once(&self) -> Option<Once> {
        let number =
            form::field(&self.inner.body, "once").filter(|n| !n.is_empty() && n.len() <= 64)?;
        let body_hash: [u8; 32] = Sha256::digest(&self.inner.body).into();
        let changed = hex(body_hash.iter().take(8));
        let owner = match &self.inner.credentials {
            Credentials::Session(token) => {
                let hash = Sha256::digest(token.as_bytes());
                format!("session:{}", hex(hash.iter().take(16)))
            }
            Credentials::None | Credentials::Bearer(_) => "form".to_owned(),
        };
        Some(Once {
            owner,
            route: self.route(),
            key: format!("{number}-{changed}"),
            body_hash,
        })
    }

    fn route(&self) -> String {
        format!("{} {}", self.inner.req.method(), self.inner.req.path())
    }

    /// Answers a question of the API with JSON.
    ///
    /// # Errors
    /// What the question answers.
    pub async fn api_read<T, F>(&self, mut question: F) -> Answer
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>, &Viewer) -> Result<T> + Send + 'static,
    {
        let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
        let answer = self
            .inner
            .app
            .db
            .read(move |tx| {
                let viewer = known(tx, &credentials, &app)?;
                Ok(serde_json::to_string(&question(tx, &viewer)?)?)
            })
            .await?;
        Ok(dispatch::json(200, answer))
    }

    /// Does what a request of the API asks for and answers with JSON and this status. With an `Idempotency-Key` it is
    /// done once and answered the same for 24 hours.
    ///
    /// # Errors
    /// What the verb answers; [`Refusal::KeyReused`] and [`Refusal::KeyRunning`] for keys.
    pub async fn api_write<T, F>(&self, status: u16, verb: F) -> Answer
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>, &Viewer) -> Result<T> + Send + 'static,
    {
        self.api_do(status, true, verb).await
    }

    /// As [`Call::api_write`], for answers that hold a secret: they are never stored.
    ///
    /// # Errors
    /// As [`Call::api_write`].
    pub async fn api_secret<T, F>(&self, status: u16, verb: F) -> Answer
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>, &Viewer) -> Result<T> + Send + 'static,
    {
        self.api_do(status, false, verb).await
    }

    async fn api_do<T, F>(&self, status: u16, keep: bool, mut verb: F) -> Answer
    where
        T: Serialize,
        F: FnMut(&mut Tx<'_>, &Viewer) -> Result<T> + Send + 'static,
    {
        let key = match self.header("idempotency-key") {
            Some(key) if key.is_empty() || key.len() > 255 => {
                return Err(Stop::invalid("Idempotency-Key", "bad-key"));
            }
            key => key.filter(|_| keep).map(str::to_owned),
        };
        let (route, body_hash) = (
            self.route(),
            <[u8; 32]>::from(Sha256::digest(&self.inner.body)),
        );
        let (app, credentials) = (self.inner.app.clone(), self.inner.credentials.clone());
        let answer = self
            .inner
            .app
            .db
            .write(move |tx| {
                let viewer = known(tx, &credentials, &app)?;
                let owner = viewer
                    .actor
                    .id()
                    .map_or_else(|| "guest".to_owned(), |id| format!("member:{id}"));
                let once = key.clone().map(|key| Once {
                    owner,
                    route: route.clone(),
                    key,
                    body_hash,
                });
                if let Some(once) = &once
                    && let Some(kept) = once.seek(tx)?
                {
                    return Ok(kept);
                }
                let answer = serde_json::to_string(&verb(tx, &viewer)?)?;
                if let Some(once) = &once {
                    once.keep(tx, &answer)?;
                }
                Ok(answer)
            })
            .await?;
        if status == 204 {
            return Ok(dispatch::empty(204));
        }
        Ok(dispatch::json(status, answer))
    }
}

/// The viewer of an API request: a token that is not ours is an error there, not a guest.
fn known(tx: &mut Tx<'_>, credentials: &Credentials, app: &App) -> Result<Viewer> {
    let viewer = Viewer::recognise(tx, credentials, app)?;
    if matches!(credentials, Credentials::Bearer(_)) && matches!(viewer.actor, Actor::Guest) {
        return Err(Refusal::BadToken.into());
    }
    Ok(viewer)
}

fn credentials(app: &App, req: &HttpRequest, kind: Kind) -> Credentials {
    if kind == Kind::Api {
        let bearer = req
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|h| h.to_str().ok());
        return match bearer.and_then(|text| text.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Credentials::Bearer(token.trim().to_owned())
            }
            Some(_) => Credentials::Bearer(String::new()),
            None => Credentials::None,
        };
    }
    match cookies::read(req, cookies::SESSION, app.config.is_secure_context()) {
        Some(token) => Credentials::Session(token),
        None => Credentials::None,
    }
}

/// Does the method change nothing?
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
