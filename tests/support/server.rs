//! The real program on a database file of its own: started, killed, started again.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use loggia::app::App;
use loggia::config::Config;
use loggia::db::DatabaseUrl;
use loggia::kit::clock::SystemClock;

use super::http::Connection;

/// A community in a folder, with an address that stays the same through all its lives.
pub struct Site {
    folder: tempfile::TempDir,
    pub port: u16,
}

/// One life of the program. Dropped, it is killed.
pub struct Server {
    child: Child,
}

/// The program under test: the one built beside these tests, or another build of it.
pub fn program() -> PathBuf {
    let other = std::env::var_os("LOGGIA_TEST_PROGRAM").map(PathBuf::from);
    other.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_loggia")))
}

impl Site {
    /// An empty folder on SQLite.
    pub fn on_sqlite() -> Site {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let folder = tempfile::tempdir().expect("a temporary folder");
        Site { folder, port }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("loggia.db")
    }

    /// Opens the house in this process, to set a scene or to look behind it.
    pub fn open(&self) -> Arc<App> {
        let bind = format!("127.0.0.1:{}", self.port)
            .parse()
            .expect("an address");
        let config = Config {
            database: DatabaseUrl::Sqlite(self.database()),
            data_dir: self.folder.path().to_path_buf(),
            bind,
            base_url: format!("http://{bind}"),
            secret_key_file: self.folder.path().join("secret.key"),
            secret_key_made: true,
            smtp_url: None,
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
        App::open(config, Arc::new(SystemClock)).unwrap_or_else(|why| panic!("opening: {why}"))
    }

    /// Starts the program and waits until it is ready.
    pub fn start(&self) -> Server {
        self.start_with(&[])
    }

    /// The same with further settings.
    pub fn start_with(&self, settings: &[(&str, &str)]) -> Server {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .expect("a log");
        let child = self
            .command(&["serve"])
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut server = Server { child };
        let until = Instant::now() + Duration::from_secs(60);
        while !self.is_ready() {
            let ended = server.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "the program has ended:\n{}", self.log());
            assert!(
                Instant::now() < until,
                "the program is not ready:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// The program with these words and the settings of this community.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(words)
            .current_dir(self.folder.path())
            .env(
                "LOGGIA_DATABASE_URL",
                format!("sqlite://{}", self.database().display()),
            )
            .env("LOGGIA_DATA_DIR", self.folder.path())
            .env("LOGGIA_BIND", format!("127.0.0.1:{}", self.port))
            .env(
                "LOGGIA_SECRET_KEY_FILE",
                self.folder.path().join("secret.key"),
            )
            .env("LOGGIA_OUTBOUND_ALLOW", "127.0.0.1")
            .env("RUST_LOG", "warn");
        command
    }

    /// What the program has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn is_ready(&self) -> bool {
        let answer =
            Connection::open(self.port).and_then(|mut c| c.send("GET", "/readyz", &[], &[]));
        answer.is_some_and(|answer| answer.status == 200)
    }
}

impl Server {
    /// Its process.
    #[allow(dead_code, reason = "the benches ask, the tests do not")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and the wait until it has happened.
    pub fn kill(&mut self) {
        self.child.kill().expect("a child of ours");
        self.child.wait().expect("a child of ours");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let killed = self.child.kill();
        let ended = self.child.wait();
        debug_assert!(killed.is_ok() && ended.is_ok());
    }
}
