//! The one place where everything is joined: configuration, clock, database, joints, pages, jobs.
//!
//! Long because everything that is the same for all requests is opened, handed out and closed here.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::bridge;
use crate::config::Config;
use crate::content::uploads;
use crate::db::{Db, DbOptions, House, Joints, Tx, migrate};
use crate::forum;
use crate::guidelines;
use crate::highlights;
use crate::kit::http::{AllowList, Outbound};
use crate::kit::{Clock, Fault, Refusal, Result, Stop};
use crate::mail;
use crate::members;
use crate::moderation;
use crate::notifications;
use crate::site::{self, Settings};
use crate::web::cache::Cache;
use crate::web::files::Files;
use crate::web::i18n::Arg;
use crate::web::live::Live;
use crate::web::metrics::{self, Answered};
use crate::web::templates::Ui;

/// Everything that is the same for all requests of this process.
pub struct App {
    /// What the server needs to start.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Says what moment it is.
    pub clock: Arc<dyn Clock>,
    /// The community's secret, from which form guards are derived.
    pub secret: [u8; 32],
    /// Pages for readers without an account.
    pub cache: Cache,
    /// Counts what was answered.
    pub answered: Answered,
    /// Sends letters.
    pub office: Arc<mail::Office>,
    /// The guarded way out by HTTP.
    pub outbound: Outbound,
    /// Carries deliveries to their channels.
    pub bridge: bridge::Engine,
    /// Carries the letters of bulletins.
    pub post: bridge::Post,
    /// Keeps pictures.
    pub media: uploads::Store,
    /// Tells readers of open threads what is new there.
    pub live: Live,
    /// Counts visits by link codes until they are written.
    pub clicks: bridge::Counter,
    files: Files,
    ui: RwLock<Arc<Ui>>,
    seen: Mutex<Seen>,
    costly: Arc<Semaphore>,
    sending: Arc<Semaphore>,
    waiting: Arc<AtomicU64>,
    draining: AtomicBool,
}

/// Small things that every page needs, read again whenever something may have been written.
#[derive(Default)]
struct Seen {
    settings: Option<(u64, Settings)>,
    colours: Option<(u64, String, String)>,
}

/// Pictures that are received at a time: each may take ten megabytes. They are looked at one per core.
const UPLOADS_AT_ONCE: usize = 8;

/// A place among those who wait for costly work, given up when it is dropped: whoever asked may hang up at any moment.
struct Place {
    waiting: Arc<AtomicU64>,
    /// How many places were taken before this one.
    before: u64,
}

impl Place {
    fn take(waiting: &Arc<AtomicU64>) -> Self {
        let before = waiting.fetch_add(1, Ordering::AcqRel);
        Self {
            waiting: waiting.clone(),
            before,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Costly pure work that may wait for a turn; the next one is answered 503.
const COSTLY_QUEUE: u64 = 64;

/// How long a job in hand may take when the process is told to stop.
const LAST_JOB: Duration = Duration::from_secs(20);

/// The joints: which rooms answer for what happens below them. The only list of its kind.
#[must_use]
pub fn joints() -> Joints {
    Joints {
        // Hung in where the outbound client is made.
        may_call: Vec::new(),
        on_event: vec![
            moderation::hold_back,
            members::on_event,
            notifications::on_event,
            uploads::on_event,
            forum::on_event,
            forum::forget_reading,
            bridge::on_event,
            moderation::on_event,
            highlights::on_event,
        ],
        before_send: vec![highlights::before_send],
        lock_origin: vec![highlights::lock_origin],
        lock_behind: vec![highlights::lock_behind],
        may_be_told: vec![
            forum::may_be_told,
            moderation::may_be_told,
            highlights::may_be_told,
        ],
        may_be_told_of: vec![forum::may_be_told_of],
    }
}

impl App {
    /// Migrates the database, opens it, and reads everything that pages are made of.
    ///
    /// # Errors
    /// A sentence for the person who runs the server.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> std::result::Result<Arc<Self>, String> {
        let options = DbOptions {
            threads: config.db_threads,
            ..DbOptions::default()
        };
        Self::open_with(config, clock, options)
    }

    /// As [`App::open`], on a database that is thrown away: nothing waits for the disk.
    ///
    /// # Errors
    /// A sentence for the person who runs the server.
    pub fn open_demo(
        config: Config,
        clock: Arc<dyn Clock>,
    ) -> std::result::Result<Arc<Self>, String> {
        let options = DbOptions {
            threads: config.db_threads,
            durable: false,
            ..DbOptions::default()
        };
        Self::open_with(config, clock, options)
    }

    fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        options: DbOptions,
    ) -> std::result::Result<Arc<Self>, String> {
        let ring = crate::config::keys(&config)?;
        let secret = ring.lasting_subkey("house");
        let steps = migrate::run(&config.database).map_err(|fault| fault.to_string())?;
        if !steps.is_empty() {
            tracing::info!(
                steps = steps.len(),
                "the database was brought to the present shape"
            );
        }
        let outbound = outbound(&config)?;
        let caller = outbound.clone();
        let house = Arc::new(House {
            joints: Joints {
                may_call: vec![Box::new(move |url: &url::Url| {
                    caller.check_url(url, true).is_ok()
                })],
                ..joints()
            },
            clock: clock.clone(),
            base_url: config.base_url.clone(),
            ring,
            secret,
        });
        let db = Db::open(&config.database, house, options).map_err(|fault| fault.to_string())?;
        let bases = bridge::Bases::parse(&config.channel_bases)
            .map_err(|part| format!("channel_bases: {part:?} is not kind=address"))?;
        furnish(&db)?;
        let files = Files {
            folder: config.dev_files.clone(),
        };
        let ui = Ui::of(&files)?;
        let office = office(&config, &ui)?;
        let media = store(&config)?;
        let adapters = bridge::adapters(&db, &outbound, &media, &bases)
            .with("bulletin", bridge::bulletin_adapter(&db, Some(&office)));
        let carrier = bridge::Engine::new(db.clone(), adapters);
        let post = bridge::Post::new(db.clone(), office.clone());
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Arc::new(Self {
            config,
            db,
            clock,
            secret,
            cache: Cache::default(),
            answered: Answered::default(),
            office,
            outbound,
            bridge: carrier,
            post,
            media,
            live: Live::default(),
            clicks: bridge::Counter::default(),
            files,
            ui: RwLock::new(ui),
            seen: Mutex::default(),
            costly: Arc::new(Semaphore::new(cores)),
            sending: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
            waiting: Arc::default(),
            draining: AtomicBool::new(false),
        }))
    }

    /// Sentences, templates and assets; read from disk at each call where `dev_files` is set.
    ///
    /// # Errors
    /// A fault where a file on disk cannot be understood.
    pub fn ui(&self) -> Result<Arc<Ui>> {
        let kept = self
            .ui
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if kept.changed != self.files.changed() {
            let fresh = Ui::of(&self.files).map_err(|why| Stop::Fault(Fault::new(why)))?;
            *self.ui.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
            return Ok(fresh);
        }
        Ok(kept)
    }

    fn with_seen<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings in force, read once per epoch.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub fn settings(&self, tx: &mut Tx<'_>) -> Result<Settings> {
        let epoch = tx.epoch();
        let kept = self.with_seen(|seen| {
            seen.settings
                .as_ref()
                .filter(|(at, _)| *at == epoch)
                .map(|(_, s)| s.clone())
        });
        if let Some(settings) = kept {
            return Ok(settings);
        }
        let settings = site::settings(tx)?;
        self.with_seen(|seen| seen.settings = Some((epoch, settings.clone())));
        Ok(settings)
    }

    /// The generated stylesheet and its hash.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn colours(&self) -> Result<(String, String)> {
        let epoch = self.db.epoch();
        let kept = self.with_seen(|seen| seen.colours.clone().filter(|(at, _, _)| *at == epoch));
        if let Some((_, hash, css)) = kept {
            return Ok((hash, css));
        }
        let css = self.db.read(forum::colours).await?;
        let hash: String = crate::web::cache::etag(css.as_bytes())
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(12)
            .collect();
        self.with_seen(|seen| seen.colours = Some((epoch, hash.clone(), css.clone())));
        Ok((hash, css))
    }

    /// The address of the generated stylesheet as far as it was made; a page that is a moment behind gets the newest anyway.
    #[must_use]
    pub fn colours_href(&self) -> String {
        let hash = self.with_seen(|seen| seen.colours.as_ref().map(|(_, hash, _)| hash.clone()));
        format!(
            "/colours/{}.css",
            hash.unwrap_or_else(|| "current".to_owned())
        )
    }

    /// Runs costly pure work away from the threads that serve others, as many at a time as there are cores.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when too much of it waits; a fault when it panics.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let place = Place::take(&self.waiting);
        if place.before >= COSTLY_QUEUE {
            return Err(Refusal::Busy { retry_after: 2 }.into());
        }
        let permit = self.costly.clone().acquire_owned().await;
        let permit =
            permit.map_err(|closed| Stop::Fault(Fault::from_error("computing", closed)))?;
        // Whoever asked may hang up; the work goes on, and counts, until it is done.
        tokio::task::spawn_blocking(move || {
            let _held = (permit, place);
            work()
        })
        .await
        .map_err(|e| Stop::Fault(Fault::from_error("computing", e)))
    }

    /// A turn to send a picture; it ends when it is dropped.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when none is free for ten seconds.
    pub async fn upload_turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = self.sending.clone().acquire_owned();
        match tokio::time::timeout(Duration::from_secs(10), turn).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Refusal::Busy { retry_after: 10 }.into()),
        }
    }

    /// A short number that stands for one request in pages, headers and the log.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a reference number is no secret and no test depends on it"
    )]
    pub fn reference(&self) -> String {
        format!("{:016x}", rand::random::<u64>())
    }

    /// From now on `/readyz` says no, so that whatever stands in front sends nobody here any more.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Was the process told to stop?
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}

/// The office for letters: it speaks the sentences of the pages, and knows the community's address from the configuration only.
fn office(config: &Config, ui: &Ui) -> std::result::Result<Arc<mail::Office>, String> {
    let host = config
        .host()
        .split(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    let sender = mail::Sender {
        from: config.mail_from.clone(),
        base_url: config.base_url.clone(),
        host,
    };
    let sentences = ui.sentences.clone();
    let say: mail::Say = Box::new(move |lang, key, values| {
        let args: Vec<(&str, Arg<'_>)> = values
            .iter()
            .filter_map(|(name, value)| match value {
                serde_json::Value::String(text) => Some((name.as_str(), Arg::Text(text))),
                serde_json::Value::Number(number) => {
                    Some((name.as_str(), Arg::Number(number.as_i64()?)))
                }
                _ => None,
            })
            .collect();
        sentences.seek(lang, key, &args)
    });
    let office = mail::Office::open(config.smtp_url.as_deref(), sender, say);
    office.map(Arc::new).map_err(|fault| fault.to_string())
}

/// Serves on `listener` and runs the jobs, until the process is told to stop (SIGTERM or SIGINT); then it drains.
///
/// # Errors
/// A sentence for the person who runs the server.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> std::result::Result<(), String> {
    let server = crate::web::server::server(app.clone(), listener).map_err(|e| e.to_string())?;
    let handle = server.handle();
    let figures = metrics::open(&app)?;
    let mut jobs = tokio::spawn(crate::jobs::run(app.clone()));
    let (stopper, stop) = bridge::Stopper::new();
    let carrying = tokio::spawn(app.bridge.clone().run(stop.clone()));
    let posting = tokio::spawn(app.post.clone().run(stop));
    let counting = tokio::spawn(count_clicks(app.clone()));
    let stopping = app.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        stopping.drain();
        // Whatever stands in front needs a moment to read /readyz before connections are refused.
        if !stopping.config.bind.ip().is_loopback() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        handle.stop(true).await;
    });
    let ended = server.await.map_err(|e| e.to_string());
    counting.abort();
    metrics::close(figures).await;
    stopper.stop();
    // What is on its way arrives; a request that hangs ends by its own time limit.
    drop(carrying.await);
    drop(posting.await);
    // A job in hand is finished: a letter that is being handed over would come twice.
    if tokio::time::timeout(LAST_JOB, &mut jobs).await.is_err() {
        tracing::warn!("a job was cut short; it comes again when its lease is over");
        jobs.abort();
    }
    if let Err(stop) = app.clicks.flush(&app.db).await {
        tracing::warn!(%stop, "the last clicks were not written");
    }
    ended
}

/// Writes counted clicks every ten seconds.
async fn count_clicks(app: Arc<App>) {
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        if let Err(stop) = app.clicks.flush(&app.db).await {
            tracing::warn!(%stop, "clicks could not be written and wait on");
        }
    }
}

/// Gives a fresh community what it begins with: the announcements page, which can be renamed like any channel, and the
/// three documents. On a thread of its own, because this is called with and without an async runtime around it.
fn furnish(db: &Db) -> std::result::Result<(), String> {
    let made = std::thread::scope(|scope| {
        let work = || {
            db.write_blocking(|tx| bridge::ensure_page(tx, "Announcements"))?;
            db.write_blocking(bridge::check_keys)?;
            match db.write_blocking(guidelines::seed) {
                // Another node furnishes the same fresh community at this moment.
                Err(Stop::Refused(Refusal::Stale)) => Ok(()),
                other => other,
            }
        };
        scope.spawn(work).join()
    });
    match made {
        Ok(Ok(())) => Ok(()),
        Ok(Err(stop)) => Err(stop.to_string()),
        Err(_) => Err("furnishing the house panicked".to_owned()),
    }
}

/// The guarded client, with what the person who runs the server has allowed.
fn store(config: &Config) -> std::result::Result<uploads::Store, String> {
    match &config.bucket {
        Some(bucket) => uploads::Store::bucket(bucket, config.outbound_proxy.as_deref()),
        None => uploads::Store::folder(&config.media_folder()),
    }
}

fn outbound(config: &Config) -> std::result::Result<Outbound, String> {
    let allow = AllowList::parse(&config.outbound_allow).map_err(|e| e.to_string())?;
    let agent = concat!("Loggia/", env!("CARGO_PKG_VERSION"));
    Outbound::new(allow, agent, config.outbound_proxy.as_deref()).map_err(|e| e.to_string())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(interrupt.await);
}
