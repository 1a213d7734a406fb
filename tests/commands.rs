//! The commands as the real program runs them, on SQLite: keeping, bringing back, looking, and what is done about members.

use std::io::Write;
use std::process::{Output, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};
use loggia::forum::{self, CategoryDraft, NewThread, Tags, Title, Words};
use loggia::members;
use loggia::policy::{Actor, Role};

use crate::support::http::Connection;
use crate::support::server::Site;

const HOUSE: Actor = Actor::System("scene");

/// Runs a command to its end, with these bytes on its standard input.
fn runs(site: &Site, words: &[&str], typed: &str) -> Output {
    let mut child = site
        .command(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(typed.as_bytes()).expect("it listens");
    drop(input);
    child.wait_with_output().expect("it ends")
}

/// What a command says that goes well.
fn says(site: &Site, words: &[&str]) -> String {
    let ended = runs(site, words, "");
    let wrong = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{words:?}: {wrong}");
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

/// What a command says that does not.
fn fails(site: &Site, words: &[&str]) -> String {
    let ended = runs(site, words, "");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(!ended.status.success(), "{words:?}: {said}");
    String::from_utf8_lossy(&ended.stderr).into_owned()
}

fn adds_ada(site: &Site) {
    let words = [
        "member",
        "add",
        "ada",
        "--email",
        "ada@example.org",
        "--password-stdin",
    ];
    let added = runs(site, &words, "a kingfisher over berth four\n");
    let wrong = String::from_utf8_lossy(&added.stderr).into_owned();
    assert!(added.status.success(), "{wrong}");
}

/// A thread of ada's in a place of its own; answers its address.
fn writes(site: &Site) -> String {
    let app = site.open();
    let made = app.db.write_blocking(|tx| {
        let draft = CategoryDraft {
            name: "Field notes".into(),
            ..CategoryDraft::default()
        };
        let category = forum::create_category(tx, &HOUSE, &draft)?;
        let id = members::seek_by_name(tx, "ada")?.expect("ada").id;
        members::acknowledged(tx, id, loggia::kit::stop::Document::Community, 1_000)?;
        let ada = members::actor(tx, id)?;
        let new = NewThread {
            category,
            title: Title::parse("A kingfisher in the courtyard")?,
            words: Words::parse("It sat on the bronze heron.", "http://town.example")?,
            tags: Tags::default(),
        };
        let started = forum::start(tx, &ada, &new)?;
        forum::thread_line(tx, started.thread).map(|line| line.path)
    });
    made.unwrap_or_else(|stop| panic!("{stop}"))
}

fn reads(site: &Site, path: &str) -> (u16, String) {
    let mut line = Connection::open(site.port).expect("it listens");
    let answer = line.send("GET", path, &[], &[]).expect("an answer");
    (answer.status, answer.text())
}

fn file(site: &Site) -> SqliteConnection {
    let mut conn =
        SqliteConnection::establish(&site.database().to_string_lossy()).expect("the file");
    conn.batch_execute("PRAGMA busy_timeout = 10000")
        .expect("a pragma");
    conn
}

fn listing(folder: &str) -> Vec<std::ffi::OsString> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_brings_everything_back() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    let path = writes(&site);
    let kept = tempfile::tempdir().expect("a folder");
    let folder = kept.path().join("backup");
    let folder = folder.to_str().expect("a name");
    {
        // The server may run meanwhile.
        let _server = site.start();
        says(&site, &["backup", folder]);
    }
    assert!(fails(&site, &["backup", folder]).contains("is there already"));
    let kept_file = std::path::Path::new(folder).join("loggia.db");
    let kept_bytes = std::fs::read(&kept_file).expect("the copy");
    let before = listing(folder);
    assert!(says(&site, &["verify", folder]).contains("The log is whole"));
    assert_eq!(listing(folder), before, "looking leaves nothing behind");
    assert!(
        std::fs::read(&kept_file).expect("the copy") == kept_bytes,
        "nor changes anything"
    );

    let other = Site::on_sqlite();
    let said = says(&other, &["restore", folder]);
    assert!(said.contains("The backup is back"), "{said}");
    // Where a database is, none is brought back over it.
    assert!(fails(&other, &["restore", folder]).contains("is there already"));
    let key =
        |site: &Site| std::fs::read(site.database().with_file_name("secret.key")).expect("a key");
    assert_eq!(key(&site), key(&other), "sealed secrets can be opened");
    let server = other.start();
    let (status, page) = reads(&other, &path);
    assert!(
        status == 200 && page.contains("It sat on the bronze heron."),
        "{status}: {page}"
    );
    drop(server);
    assert!(says(&other, &["verify"]).contains("The log is whole"));
    let empty = tempfile::tempdir().expect("a folder");
    let third = Site::on_sqlite();
    fails(&third, &["restore", empty.path().to_str().expect("a name")]);
    assert!(!third.database().exists(), "nothing half is left");
}

#[test]
fn a_changed_entry_of_the_log_is_found() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    writes(&site);
    let said = says(&site, &["verify"]);
    assert!(
        said.contains(": whole") && said.contains("The log is whole"),
        "{said}"
    );
    file(&site)
        .batch_execute("UPDATE audit_entries SET details = '{\"role\":\"admin\"}' WHERE id = (SELECT max(id) FROM audit_entries)")
        .expect("tampering");
    let wrong = fails(&site, &["verify"]);
    assert!(wrong.contains("the log was changed at entry"), "{wrong}");
}

#[test]
fn a_broken_file_is_found() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    file(&site)
        .batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("everything in one file");
    let mut bytes = std::fs::read(site.database()).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0x5a);
    std::fs::write(site.database(), bytes).expect("damage");
    fails(&site, &["verify"]);
}

#[test]
fn migrate_takes_every_step_once() {
    let site = Site::on_sqlite();
    let said = says(&site, &["migrate"]);
    assert!(said.starts_with("Steps taken: "), "{said}");
    let again = says(&site, &["migrate"]);
    assert!(again.contains("has the present shape already"), "{again}");
}

#[test]
fn check_shows_what_is_set_and_no_secret() {
    let site = Site::on_sqlite();
    let mut command = site.command(&["check"]);
    command.env("LOGGIA_SMTP_URL", "smtp://post:telltale@mail.example.org");
    let ended = command.output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}");
    assert!(said.contains(&site.port.to_string()), "{said}");
    assert!(
        said.contains("mail.example.org") && !said.contains("telltale"),
        "{said}"
    );
    assert!(!site.database().exists(), "looking makes nothing");
    let mut command = site.command(&["check"]);
    command.env("LOGGIA_DATABASE_URL", "sqlight://loggia.db");
    assert!(
        !command.output().expect("it ends").status.success(),
        "a typo is said"
    );
}

#[test]
fn a_bucket_that_is_not_there_is_said_at_start_and_no_secret_with_it() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    let bucket = |words: &[&str]| {
        let mut command = site.command(words);
        command
            .env("LOGGIA_MEDIA_STORE", "s3://commons/pictures")
            .env("LOGGIA_S3_ENDPOINT", "http://127.0.0.1:1")
            .env("LOGGIA_S3_ACCESS_KEY", "AKIAFORUM")
            .env("LOGGIA_S3_SECRET", "telltale");
        let ended = command.output().expect("it ends");
        let said =
            [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        let said = said.concat();
        assert!(!said.contains("telltale"), "{said}");
        (ended.status.success(), said)
    };
    let (well, said) = bucket(&["check"]);
    assert!(
        well && said.contains("s3://commons/pictures at http://127.0.0.1:1"),
        "{said}"
    );
    let (well, said) = bucket(&["serve"]);
    assert!(!well && said.contains("media_store s3://commons/pictures at http://127.0.0.1:1: pictures cannot be written"), "{said}");
    let kept = tempfile::tempdir().expect("a folder");
    let (well, said) = bucket(&["backup", kept.path().join("b").to_str().expect("a name")]);
    assert!(well && said.contains("Pictures: NOT copied"), "{said}");
    // A folder has its pictures in it.
    assert!(says(&site, &["verify"]).contains("all there"));
}

#[test]
fn the_index_is_filled_again() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    writes(&site);
    file(&site)
        .batch_execute("DELETE FROM search_words; DELETE FROM search_posts")
        .expect("an index that lost something");
    let finds = || {
        let _server = site.start();
        let (status, page) = reads(&site, "/search?q=bronze");
        assert_eq!(status, 200);
        page.contains("A kingfisher in the courtyard")
    };
    assert!(!finds(), "nothing is found without an index");
    let said = says(&site, &["reindex"]);
    assert!(said.contains("1 posts are in the index"), "{said}");
    assert!(finds());
}

#[test]
fn roles_are_given_and_taken() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    let moderates = || {
        let app = site.open();
        let has = app.db.read_blocking(|tx| {
            let id = members::seek_by_name(tx, "ada")?.expect("ada").id;
            Ok(members::actor(tx, id)?.has(Role::Moderator))
        });
        has.unwrap_or_else(|stop| panic!("{stop}"))
    };
    assert!(!moderates());
    says(&site, &["member", "role", "ada", "moderator"]);
    assert!(moderates());
    says(&site, &["member", "role", "ada", "moderator", "--take"]);
    assert!(!moderates());
    let wrong = fails(&site, &["member", "role", "ada", "emperor"]);
    assert!(wrong.contains("\"emperor\" is no role"), "{wrong}");
    fails(&site, &["member", "role", "nobody", "moderator"]);
    assert!(!moderates());
}

#[test]
fn a_printed_link_leads_to_a_new_password() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    let said = says(&site, &["member", "reset", "ada"]);
    let link = said.trim();
    let base = format!("http://127.0.0.1:{}", site.port);
    let path = link.strip_prefix(&base).unwrap_or_else(|| panic!("{said}"));
    fails(&site, &["member", "reset", "nobody"]);
    let _server = site.start();
    let (status, page) = reads(&site, path);
    assert!(
        status == 200 && page.contains("type=\"password\""),
        "{status}"
    );
    let (status, _) = reads(&site, &format!("{path}x"));
    assert_eq!(status, 410, "another link is none");
}

#[test]
fn a_new_key_goes_on_top_and_the_older_ones_stay() {
    let site = Site::on_sqlite();
    adds_ada(&site);
    let path = site.database().with_file_name("secret.key");
    let before = std::fs::read_to_string(&path).expect("a key");
    let said = says(&site, &["rotate-key"]);
    assert!(said.contains("Everything is sealed with it"), "{said}");
    let after = std::fs::read_to_string(&path).expect("keys");
    assert!(after.ends_with(&before) && after.lines().count() == 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(!path.with_extension("new").exists());
    let _server = site.start();
}
