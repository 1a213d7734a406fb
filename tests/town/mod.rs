//! A small town of people: a whole community on a free port, spoken to over real HTTP with forms as rendered.
//!
//! Every story runs on a temporary SQLite file and on a database of the throw-away PostgreSQL cluster.

#![allow(
    dead_code,
    unused_imports,
    reason = "the town offers what stories may want; no single one wants all of it"
)]

mod api;
mod browser;
mod person;
pub mod talk;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use loggia::app::App;
use loggia::config::Config;
use loggia::db::{DatabaseUrl, Tx};
use loggia::kit::clock::{Clock, ShiftedClock};
use loggia::kit::{Result, Stop};

pub use api::{Api, Reply};
pub use browser::{Browser, Form, Page, client};
pub use person::{PASSWORD, Person};

/// Declares a story and runs it on both databases.
#[macro_export]
macro_rules! story {
    ($(#[$meta:meta])* async fn $name:ident($town:ident) $body:block) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its file")]
            use super::*;

            async fn story($town: $crate::town::Town) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story($crate::town::Town::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(town) = $crate::town::Town::on_postgres().await {
                    story(town).await;
                }
            }
        }
    };
}

/// One running node of the community.
pub struct Node {
    /// Its inside, for setting a scene and for looking behind it.
    pub app: Arc<App>,
    /// Where it listens.
    pub addr: SocketAddr,
    handle: actix_web::dev::ServerHandle,
}

/// A community with people.
pub struct Town {
    /// The first node.
    pub node: Node,
    /// The clock that stories wind forward.
    pub clock: Arc<ShiftedClock>,
    _folder: tempfile::TempDir,
    config: Config,
}

static NUMBER: AtomicU64 = AtomicU64::new(1);

impl Town {
    /// A town on a temporary SQLite file.
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = DatabaseUrl::Sqlite(folder.path().join("town.db"));
        Self::open(folder, database, None)
    }

    /// A town on a temporary SQLite file whose letters go to this mail server.
    pub async fn with_mail(smtp_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = DatabaseUrl::Sqlite(folder.path().join("town.db"));
        Self::open(folder, database, Some(smtp_url.to_owned()))
    }

    /// A town on a temporary SQLite file that waits for no disk, for tests of many thousand steps. Nobody is served.
    pub async fn of_many_steps() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = DatabaseUrl::Sqlite(folder.path().join("town.db"));
        Self::open_with(folder, database, None, true)
    }

    /// A town on a fresh database of the throw-away cluster; `None` where PostgreSQL was skipped on purpose.
    pub async fn on_postgres() -> Option<Self> {
        let url = tokio::task::spawn_blocking(|| {
            crate::support::postgres::cluster().map(|c| c.fresh_database())
        })
        .await
        .expect("the cluster starts")?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self::open(folder, DatabaseUrl::Postgres(url), None))
    }

    /// As [`Town::on_postgres`], with letters that go to this mail server.
    pub async fn on_postgres_with_mail(smtp_url: &str) -> Option<Self> {
        let url = tokio::task::spawn_blocking(|| {
            crate::support::postgres::cluster().map(|c| c.fresh_database())
        })
        .await
        .expect("the cluster starts")?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let smtp_url = Some(smtp_url.to_owned());
        Some(Self::open(folder, DatabaseUrl::Postgres(url), smtp_url))
    }

    fn open(folder: tempfile::TempDir, database: DatabaseUrl, smtp_url: Option<String>) -> Self {
        Self::open_with(folder, database, smtp_url, false)
    }

    fn open_with(
        folder: tempfile::TempDir,
        database: DatabaseUrl,
        smtp_url: Option<String>,
        hurried: bool,
    ) -> Self {
        loggia::kit::password::make_cheap_for_stories();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let bind = listener.local_addr().expect("an address");
        let config = Config {
            database,
            data_dir: folder.path().to_path_buf(),
            bind,
            base_url: format!("http://{bind}"),
            secret_key_file: folder.path().join("secret.key"),
            secret_key_made: true,
            smtp_url,
            mail_from: "loggia@example.org".to_owned(),
            outbound_allow: "127.0.0.1".to_owned(),
            outbound_proxy: None,
            channel_bases: String::new(),
            trusted_proxies: Vec::new(),
            bucket: None,
            db_threads: 2,
            workers: 1,
            metrics_bind: None,
            log_json: false,
            dev_files: None::<PathBuf>,
        };
        let clock = Arc::new(ShiftedClock::default());
        let node = start(config.clone(), clock.clone(), listener, hurried);
        Self {
            node,
            clock,
            _folder: folder,
            config,
        }
    }

    /// Another node of the same community on the same database, under the same public address.
    pub fn another_node(&self) -> Node {
        self.another_node_by(self.clock.clone())
    }

    /// The same with another clock on its wall.
    pub fn another_node_by(&self, clock: Arc<dyn Clock>) -> Node {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let config = Config {
            bind: listener.local_addr().expect("an address"),
            ..self.config.clone()
        };
        start(config, clock, listener, false)
    }

    /// The address people use.
    pub fn base_url(&self) -> &str {
        &self.config.base_url
    }

    /// The database everything is kept in.
    pub fn database(&self) -> &DatabaseUrl {
        &self.config.database
    }

    /// A number that no other caller of this process gets.
    pub fn number() -> u64 {
        NUMBER.fetch_add(1, Ordering::Relaxed)
    }

    /// Sets a scene or looks behind it, in one transaction.
    pub async fn inside<T: Send + 'static>(
        &self,
        verb: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        match self.node.app.db.write(verb).await {
            Ok(value) => value,
            Err(stop) => panic!("inside the town: {stop}"),
        }
    }

    /// As [`Town::inside`], where a stop is what the story is about.
    pub async fn try_inside<T: Send + 'static>(
        &self,
        verb: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Stop> {
        self.node.app.db.write(verb).await
    }

    /// Does everything that is due.
    pub async fn work(&self) {
        loggia::jobs::run_due(&self.node.app)
            .await
            .expect("jobs run");
        let carried = self.node.app.bridge.serve_due().await;
        carried.expect("the bridge carries");
    }

    /// Somebody without an account.
    pub fn guest(&self) -> Browser {
        Browser::new(self.node.addr, self.base_url())
    }

    /// A program with a token (or without).
    pub fn api(&self, token: Option<&str>) -> Api {
        Api::new(self.node.addr, self.base_url(), token)
    }
}

fn start(config: Config, clock: Arc<dyn Clock>, listener: TcpListener, hurried: bool) -> Node {
    let addr = listener.local_addr().expect("an address");
    let opened = if hurried {
        App::open_demo(config, clock)
    } else {
        App::open(config, clock)
    };
    let app = opened.unwrap_or_else(|why| panic!("the node does not open: {why}"));
    let (sender, receiver) = std::sync::mpsc::channel();
    let served = app.clone();
    std::thread::Builder::new()
        .name("node".to_owned())
        .spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = loggia::web::server::server(served, listener).expect("a server");
                sender.send(server.handle()).expect("the starter waits");
                server.await.expect("the server runs");
            });
        })
        .expect("a thread");
    let handle = receiver.recv().expect("the server starts");
    Node { app, addr, handle }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The thread ends with its server; nobody waits for the last byte.
        let stop = self.handle.stop(false);
        std::thread::spawn(move || futures_util::FutureExt::now_or_never(stop));
    }
}
