//! A throw-away PostgreSQL cluster: one per run of the tests, started by whoever asks first, and
//! gone when this process is gone, however it ends.
//!
//! The server hangs on a pipe. A small shell script starts it and then reads from its standard
//! input; the only writing end of that pipe is held by this process. When the process ends (also
//! by a panic or by `kill -9`), the read ends, and the script stops the server and removes its
//! folder.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use loggia::db::{DatabaseUrl, migrate};

const TEMPLATE: &str = "loggia_template";

/// A running PostgreSQL server with a migrated database to copy from.
pub struct Cluster {
    port: u16,
    /// Holds the pipe that keeps the server alive.
    keeper: Child,
    made: AtomicU32,
    creating: Mutex<()>,
}

/// The cluster of this test run.
///
/// `None` only when `LOGGIA_TEST_POSTGRES=skip` asks for it, which is printed; a missing
/// PostgreSQL is a failure that says what to install.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| {
            if std::env::var("LOGGIA_TEST_POSTGRES").is_ok_and(|wish| wish == "skip") {
                eprintln!("skipped on PostgreSQL: LOGGIA_TEST_POSTGRES=skip");
                return None;
            }
            let cluster = Cluster::start();
            cluster.make_template();
            Some(cluster)
        })
        .as_ref()
}

impl Cluster {
    /// A new database with all migrations run: its `postgres://` address.
    pub fn fresh_database(&self) -> String {
        self.create(TEMPLATE)
    }

    /// A new database with nothing in it, for tests of the first start.
    pub fn empty_database(&self) -> String {
        self.create("template0")
    }

    fn create(&self, template: &str) -> String {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        // Copies of one template wait for each other anyway.
        let _one_at_a_time = self.creating.lock().unwrap_or_else(|e| e.into_inner());
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        self.url(&name)
    }

    fn make_template(&self) {
        self.run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
        let url = DatabaseUrl::parse(&self.url(TEMPLATE)).unwrap();
        migrate::run(&url).unwrap_or_else(|fault| panic!("migrating the template: {fault:?}"));
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://loggia@127.0.0.1:{}/{database}", self.port)
    }

    fn run(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.url("postgres")).expect("the cluster answers");
        conn.batch_execute(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn start() -> Cluster {
        let binaries = binaries().unwrap_or_else(|| {
            panic!(
                "PostgreSQL is needed for the tests and was not found in PATH or \
                 /usr/lib/postgresql: install it (Debian: apt-get install postgresql), or set \
                 LOGGIA_TEST_POSTGRES=skip to leave its half out"
            )
        });
        let owner = unprivileged();
        let mut log = String::new();
        for _ in 0..5 {
            let folder = folder_for(owner);
            let port = free_port();
            let mut keeper = Command::new("/bin/sh");
            keeper.arg("-c").arg(KEEPER).arg("keeper");
            keeper.arg(&binaries).arg(&folder).arg(port.to_string());
            keeper.current_dir(&folder).stdin(Stdio::piped());
            keeper.stdout(Stdio::null()).stderr(Stdio::null());
            // A Ctrl-C is for the tests; the keeper outlives it by the moment it needs.
            keeper.process_group(0);
            if let Some((user, group)) = owner {
                keeper.uid(user).gid(group);
            }
            let mut keeper = keeper.spawn().expect("a shell runs");
            if answers(port, &mut keeper) {
                return Cluster {
                    port,
                    keeper,
                    made: AtomicU32::new(0),
                    creating: Mutex::new(()),
                };
            }
            log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            drop(keeper.stdin.take());
        }
        panic!("PostgreSQL did not start:\n{log}");
    }

    /// Lets go of the pipe and waits until the server has ended.
    fn stop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("the keeper ends");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts the server, waits for the end of the pipe, stops it, cleans up. Nothing that this
/// cluster holds is worth a sync.
const KEEPER: &str = r#"
binaries=$1 folder=$2 port=$3
# Background jobs read from nowhere unless told otherwise, so the pipe gets a number.
exec 3<&0
cat <&3 >/dev/null &
pipe=$!
exec 3<&- </dev/null
# The pipe also ends when the server has ended by itself: nobody waits for a server that is gone.
(
    "$binaries/initdb" -D "$folder/data" -A trust -U loggia -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$folder/log" 2>&1 &&
    "$binaries/postgres" -D "$folder/data" -k "$folder" -p "$port" \
        -c listen_addresses=127.0.0.1 -c max_connections=400 -c shared_buffers=64MB \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c autovacuum=off -c max_wal_size=4GB >"$folder/log" 2>&1
    : >"$folder/ended"
    kill "$pipe"
) &
serving=$!
wait "$pipe"
tries=0
while ! [ -e "$folder/ended" ] && [ "$tries" -lt 100 ]; do
    server=$(head -n 1 "$folder/data/postmaster.pid")
    [ -n "$server" ] && kill -QUIT "$server"
    tries=$((tries + 1))
    sleep 0.05
done
[ -e "$folder/ended" ] || kill -KILL "$server"
wait "$serving"
rm -rf "$folder"
"#;

fn answers(port: u16, keeper: &mut Child) -> bool {
    let url = format!("postgres://loggia@127.0.0.1:{port}/postgres?connect_timeout=2");
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        if PgConnection::establish(&url).is_ok() {
            return true;
        }
        if keeper.try_wait().expect("a child of ours").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// The newest installed server's folder of programs.
fn binaries() -> Option<PathBuf> {
    let in_path: Option<Vec<PathBuf>> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect());
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            let versions = versions.filter_map(Result::ok);
            versions.map(|version| version.path().join("bin")).collect()
        })
        .unwrap_or_default();
    folders.sort_by_key(|folder| std::cmp::Reverse(version_of(folder)));
    folders.extend(in_path.unwrap_or_default());
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn version_of(folder: &Path) -> u32 {
    let name = folder.parent().and_then(Path::file_name);
    name.and_then(|name| name.to_str()?.parse().ok())
        .unwrap_or(0)
}

/// Who the server runs as when the tests run as root: PostgreSQL refuses root.
fn unprivileged() -> Option<(u32, u32)> {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = |wanted: &str| {
        let row = users
            .lines()
            .find(|row| row.split(':').next() == Some(wanted))?;
        let mut fields = row.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = user("postgres").or_else(|| user("nobody"));
    Some(found.expect("root needs a user `postgres` or `nobody` to run PostgreSQL as"))
}

/// A folder that the server owns, with a name short enough for a socket.
fn folder_for(owner: Option<(u32, u32)>) -> PathBuf {
    let folder = tempfile::Builder::new()
        .prefix("loggia-pg-")
        .tempdir_in("/tmp")
        .expect("a folder in /tmp")
        .keep();
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(&folder, Some(user), Some(group))
            .expect("the folder changes hands");
    }
    folder
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn every_test_gets_a_migrated_database_of_its_own() {
    let Some(cluster) = cluster() else { return };
    let (one, two) = (cluster.fresh_database(), cluster.fresh_database());
    assert_ne!(one, two);
    for url in [&one, &two] {
        let mut conn = PgConnection::establish(url).expect("a connection");
        conn.batch_execute("SELECT id FROM threads; CREATE TABLE mine (id BIGINT)")
            .expect("migrated, and nobody else's");
    }
    let mut empty = PgConnection::establish(&cluster.empty_database()).expect("a connection");
    empty
        .batch_execute("SELECT id FROM threads")
        .expect_err("nothing is in it");
}

#[test]
fn a_cluster_ends_with_the_pipe_that_holds_it() {
    if cluster().is_none() {
        return;
    }
    let mut other = Cluster::start();
    let url = other.url("postgres");
    assert!(PgConnection::establish(&url).is_ok());
    other.stop();
    assert!(
        PgConnection::establish(&url).is_err(),
        "the server has stayed behind"
    );
}
