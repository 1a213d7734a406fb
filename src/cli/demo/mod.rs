//! `loggia demo`: the forum on a throw-away database, filled with the Harbour Museum's community.
//!
//! The talk stands in `demo/` as text. It is not copied into tables but lived through: members join, start threads and
//! reply at their own times, words are nominated, granted, approved and announced, all by the same verbs as everywhere.

mod door;
mod fill;
mod learning;
mod marks;
mod outreach;
mod pictures;
mod script;

use std::net::TcpListener;
use std::sync::Arc;

use crate::app::{self, App};
use crate::config::Config;
use crate::db::DatabaseUrl;
use crate::kit::Clock;
use crate::kit::clock::{DAY, SteppedClock};

/// Everybody's password in the demo.
pub const PASSWORD: &str = "lanterns on the slipway";

/// The sign-ins that are printed: the handle and what there is to do.
const SIGN_INS: [(&str, &str); 5] = [
    (
        "mia",
        "a member: somebody would like to quote you outside; answer under “Your words outside”",
    ),
    (
        "carl",
        "a champion: nominate something worth telling from any thread",
    ),
    (
        "mo",
        "a moderator: three highlights and three reports wait on the desk",
    ),
    (
        "pia",
        "a publisher: four approved highlights wait in the library",
    ),
    ("ada", "an admin: categories, members, channels, settings"),
];

/// Fills a throw-away database and serves it until told to stop; `log` starts the log.
pub fn run(config: Config, log: impl FnOnce(&Config)) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("loggia-demo-{}", std::process::id()));
    let config = Config {
        database: DatabaseUrl::Sqlite(folder.join("demo.db")),
        data_dir: folder.clone(),
        secret_key_file: folder.join("secret.key"),
        secret_key_made: true,
        // What is thrown away does not stand among somebody's pictures.
        bucket: None,
        ..config
    };
    let bind = config.bind;
    let listener = TcpListener::bind(bind).map_err(|e| format!("{bind}: {e}"))?;
    let clock = Arc::new(SteppedClock::default());
    // The house is furnished before anybody has joined.
    clock.set(clock.now().plus(-430 * DAY));
    let app = App::open_demo(config, clock.clone())?;
    clock.release();
    let runtime = super::serve::runtime()?;
    println!("Filling the Harbour Museum Commons …");
    let told = runtime.block_on(fill::fill(&app, &clock));
    clock.release();
    let told = told.map_err(|stop| format!("the demo could not be filled: {stop}"))?;
    // What the talk has set going is done first, so that the first visitor finds it done.
    runtime
        .block_on(crate::jobs::run_due(&app))
        .map_err(|stop| format!("the demo could not be filled: {stop}"))?;
    println!(
        "{} members, {} threads, {} posts, {} highlights.\n",
        told.members, told.threads, told.posts, told.highlights
    );
    println!("  {}\n", app.config.base_url);
    println!("Sign in with one of these names and the password “{PASSWORD}”:\n");
    for (name, task) in SIGN_INS {
        println!("  {name:<5} {task}");
    }
    println!("\nCtrl-C ends it; nothing is kept.");
    drop(runtime);
    // The log begins here: the letters of a year that was lived in a second would push the lines above out of sight.
    log(&app.config);
    let served = super::serve::system().block_on(app::serve(app, listener));
    // The folder is the system's own temporary one; what cannot be removed now is removed with it.
    drop(std::fs::remove_dir_all(&folder));
    served
}
