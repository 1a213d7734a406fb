//! Copies of a database while it is in use, and a look at whether a copy is whole.
//!
//! SQLite copies itself (`VACUUM INTO`); the copy is synced, checked and only then given its name, so that a folder
//! never holds half a backup under a good name. PostgreSQL has its own tools, `pg_dump` and `pg_restore`, which are run
//! for the same commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::{Conn, Purpose};
use super::url::DatabaseUrl;
use crate::kit::Fault;

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// The file a backup of this database has in its folder.
#[must_use]
pub const fn file_name(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => "loggia.db",
        DatabaseUrl::Postgres(_) => "loggia.pgdump",
    }
}

/// Copies the database into `folder`, which must exist, and answers the copy's path.
///
/// # Errors
/// A fault where the copy is there already, cannot be written, or is not whole.
pub fn copy(url: &DatabaseUrl, folder: &Path) -> Result<PathBuf, Fault> {
    let target = folder.join(file_name(url));
    if target.exists() {
        return Err(Fault::new(format!("{} is there already", target.display())));
    }
    let half = folder.join(format!("{}.half", file_name(url)));
    // What an earlier, interrupted backup left has no value.
    drop(std::fs::remove_file(&half));
    match url {
        DatabaseUrl::Sqlite(_) => {
            let mut conn = Conn::open(url, Purpose::Write)?;
            let name = half.to_string_lossy().replace('\'', "''");
            conn.batch(&format!("VACUUM INTO '{name}'"))
                .map_err(|e| Fault::from_error("copying the database", e))?;
            check(&half)?;
        }
        DatabaseUrl::Postgres(text) => {
            run(Command::new("pg_dump")
                .arg("--format=custom")
                .arg("--file")
                .arg(&half)
                .arg(text))?;
            run(Command::new("pg_restore")
                .arg("--list")
                .arg(&half)
                .stdout(std::process::Stdio::null()))?;
        }
    }
    let synced = std::fs::File::open(&half).and_then(|file| file.sync_all());
    synced.map_err(|e| Fault::from_error("syncing the copy", e))?;
    std::fs::rename(&half, &target).map_err(|e| Fault::from_error("naming the copy", e))?;
    Ok(target)
}

/// Brings a copy back as the database, which must not exist yet (PostgreSQL: must be empty).
///
/// # Errors
/// A fault where there is a database already, or the copy is not whole.
pub fn bring_back(url: &DatabaseUrl, copy: &Path) -> Result<(), Fault> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            if path.exists() {
                return Err(Fault::new(format!(
                    "{} is there already; move it away first",
                    path.display()
                )));
            }
            check(copy)?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|e| Fault::from_error("making the data folder", e))?;
            }
            let half = path.with_extension("half");
            std::fs::copy(copy, &half).map_err(|e| Fault::from_error("copying the backup", e))?;
            let synced = std::fs::File::open(&half).and_then(|file| file.sync_all());
            synced.map_err(|e| Fault::from_error("syncing the database", e))?;
            std::fs::rename(&half, path).map_err(|e| Fault::from_error("naming the database", e))
        }
        DatabaseUrl::Postgres(text) => run(Command::new("pg_restore")
            .args([
                "--exit-on-error",
                "--no-owner",
                "--single-transaction",
                "--dbname",
            ])
            .arg(text)
            .arg(copy)),
    }
}

/// Looks whether PostgreSQL's own tool can read a dump to its end. What it says is read when it is brought back.
///
/// # Errors
/// A fault where it cannot, or where the tool is not installed.
pub fn check_dump(file: &Path) -> Result<(), Fault> {
    if !file.exists() {
        return Err(Fault::new(format!("{} is not there", file.display())));
    }
    run(Command::new("pg_restore").arg("--file=/dev/null").arg(file))
}

/// Looks at every page of a SQLite file.
///
/// # Errors
/// A fault that says what is wrong with it.
pub fn check(file: &Path) -> Result<(), Fault> {
    if !file.exists() {
        return Err(Fault::new(format!("{} is not there", file.display())));
    }
    let mut conn = Conn::open(&DatabaseUrl::Sqlite(file.to_path_buf()), Purpose::Read)?;
    let found: Vec<Word> =
        diesel::sql_query("SELECT integrity_check AS word FROM pragma_integrity_check")
            .load(&mut conn)
            .map_err(|e| Fault::from_error("checking the database", e))?;
    match found.as_slice() {
        [one] if one.word == "ok" => Ok(()),
        faults => {
            let words: Vec<&str> = faults.iter().map(|w| w.word.as_str()).collect();
            Err(Fault::new(format!(
                "{} is damaged: {}",
                file.display(),
                words.join("; ")
            )))
        }
    }
}

fn run(command: &mut Command) -> Result<(), Fault> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|e| {
        Fault::from_error(format!("{name} (PostgreSQL's own tool) cannot be run"), e)
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Fault::new(format!("{name} ended with {status}")))
    }
}
