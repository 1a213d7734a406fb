//! The commands (DESIGN §8). They work while the server runs; its caches notice within a second.

mod bounce;
mod demo;
mod keep;
mod member;
mod rotate_key;
mod serve;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::config::{self, Config};
use crate::kit::clock::SystemClock;

/// A community forum with a one-way bridge for approved highlights.
#[derive(Parser)]
#[command(name = "loggia", version, about)]
struct Line {
    /// Read this file instead of `loggia.toml` in the working folder.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the forum.
    Serve,
    /// Start the forum on a throw-away database, filled with a museum's community.
    Demo,
    /// Bring the database to the present shape.
    Migrate,
    /// Show the effective configuration, secrets masked.
    Check,
    /// Make members, give roles, reset passwords.
    #[command(subcommand)]
    Member(member::Member),
    /// Copy database and keys into a folder; the server may run.
    Backup {
        /// The folder; made where it is not there.
        folder: PathBuf,
    },
    /// Bring a backup back where no database is yet.
    Restore {
        /// The folder that `backup` filled.
        folder: PathBuf,
    },
    /// Fill the search index again from the posts; the server may run.
    Reindex,
    /// Read a report on a letter that came back (RFC 3464) from standard input; a mail server's alias points here.
    Bounce,
    /// Make a new key and seal again what older ones sealed. Stop the server first, and start it again afterwards.
    RotateKey,
    /// Look at the database (or at a backup) and at the log's chain.
    Verify {
        /// The folder that `backup` filled; without it, the database in use.
        folder: Option<PathBuf>,
    },
}

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    let line = Line::parse();
    match act(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("loggia: {why}");
            ExitCode::FAILURE
        }
    }
}

fn act(line: Line) -> Result<(), String> {
    let config = config::load(line.config.as_deref())?;
    match line.command {
        Command::Check => {
            print!("{}", config.shown());
            Ok(())
        }
        Command::Serve => {
            log_to_stderr(&config);
            serve::run(config)
        }
        Command::Demo => demo::run(config, log_to_stderr),
        Command::Member(what) => member::run(&open(config)?, what),
        Command::Reindex => reindex(&open(config)?),
        Command::RotateKey => rotate_key::run(config),
        Command::Bounce => bounce::run(&open(config)?),
        Command::Backup { folder } => keep::backup(&config, &folder),
        Command::Restore { folder } => keep::restore(&config, &folder),
        Command::Verify { folder } => keep::verify(config, folder.as_deref()),
        Command::Migrate => {
            let steps =
                crate::db::migrate::run(&config.database).map_err(|fault| fault.to_string())?;
            match steps.len() {
                0 => println!("The database has the present shape already."),
                _ => println!("Steps taken: {}", steps.join(", ")),
            }
            Ok(())
        }
    }
}

/// Fills the search index again, piece by piece, so that whoever writes meanwhile does not wait.
fn reindex(app: &Arc<App>) -> Result<(), String> {
    app.db
        .write_blocking(crate::search::begin_again)
        .map_err(|stop| stop.to_string())?;
    let mut all = 0;
    loop {
        let some = app
            .db
            .write_blocking(crate::forum::index_some)
            .map_err(|stop| stop.to_string())?;
        if some == 0 {
            println!("{all} posts are in the index.");
            return Ok(());
        }
        all += some;
    }
}

/// Opens the house for a command.
fn open(config: Config) -> Result<Arc<App>, String> {
    App::open(config, Arc::new(SystemClock))
}

/// Log lines go to standard error; `RUST_LOG` chooses which, `info` by default.
fn log_to_stderr(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let mut lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Colours are for a person's eyes; a journal or a file gets plain lines.
    if !std::io::stderr().is_terminal() {
        lines = lines.with_ansi(false);
    }
    // A second subscriber is refused; that happens only where a test has set one.
    let set = if config.log_json {
        lines.json().try_init()
    } else {
        lines.try_init()
    };
    drop(set);
}
