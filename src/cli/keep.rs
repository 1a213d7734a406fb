//! `loggia backup`, `restore` and `verify`.

use std::path::Path;

use crate::app::App;
use crate::audit::{self, Verdict};
use crate::config::Config;
use crate::content::uploads::{self, Store};
use crate::db::backup;
use crate::db::{DatabaseUrl, migrate};

/// Copies database, pictures and key file into a folder; the server may run. Pictures in a bucket stay there.
pub fn backup(config: &Config, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let copy = backup::copy(&config.database, folder).map_err(|fault| fault.to_string())?;
    let key = folder.join("secret.key");
    std::fs::copy(&config.secret_key_file, &key).map_err(|e| format!("{}: {e}", key.display()))?;
    let pictures = match config.bucket {
        Some(_) => None,
        None => Some(copy_folder(&config.media_folder(), &folder.join("media"))?),
    };
    println!("Database: {}", copy.display());
    match pictures {
        Some(pictures) => println!("Pictures: {pictures} files"),
        None => println!(
            "Pictures: NOT copied; they are kept in {}, and that is to be backed up where it stands",
            config.media_place()
        ),
    }
    println!(
        "Keys:     {} (keep this one where the other is not)",
        key.display()
    );
    Ok(())
}

/// Copies what is not there yet; a picture never changes under its name. Answers how many files there are.
fn copy_folder(from: &Path, to: &Path) -> Result<usize, String> {
    if !from.exists() {
        return Ok(0);
    }
    let says = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    std::fs::create_dir_all(to).map_err(|e| says(to, e))?;
    let mut files = 0;
    for entry in std::fs::read_dir(from).map_err(|e| says(from, e))? {
        let entry = entry.map_err(|e| says(from, e))?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            files += copy_folder(&path, &copy)?;
            continue;
        }
        if !copy.exists() {
            std::fs::copy(&path, &copy).map_err(|e| says(&path, e))?;
        }
        files += 1;
    }
    Ok(files)
}

/// Brings a backup back where no database is yet.
pub fn restore(config: &Config, folder: &Path) -> Result<(), String> {
    let copy = folder.join(backup::file_name(&config.database));
    backup::bring_back(&config.database, &copy).map_err(|fault| fault.to_string())?;
    let key = folder.join("secret.key");
    if !config.secret_key_file.exists() && key.exists() {
        std::fs::copy(&key, &config.secret_key_file)
            .map_err(|e| format!("{}: {e}", key.display()))?;
    }
    let kept = folder.join("media");
    match config.bucket {
        Some(_) => println!(
            "Pictures: nothing was brought back; they are looked for in {}",
            config.media_place()
        ),
        None => {
            copy_folder(&kept, &config.media_folder())?;
        }
    }
    if config.bucket.is_some() && kept.exists() {
        println!(
            "The backup holds pictures of its own: copy {} into the bucket",
            kept.display()
        );
    }
    migrate::run(&config.database).map_err(|fault| fault.to_string())?;
    println!("The backup is back. `loggia verify` looks at it, `loggia serve` opens the doors.");
    Ok(())
}

/// Looks at the database (or the backup in a folder), at its pictures and at the log's chain.
pub fn verify(config: Config, folder: Option<&Path>) -> Result<(), String> {
    let Some(folder) = folder else {
        if let Some(file) = config.database.file() {
            backup::check(file).map_err(|fault| fault.to_string())?;
            println!("{}: whole", file.display());
        }
        return look_inside(config, None);
    };
    let dump = folder.join("loggia.pgdump");
    if dump.exists() {
        backup::check_dump(&dump).map_err(|fault| fault.to_string())?;
        println!("{}: can be read to its end", dump.display());
        println!(
            "Its log and its pictures are looked at after `loggia restore`, by `loggia verify`."
        );
        return Ok(());
    }
    // A backup is judged by a copy: opening a database may take it to the present shape, and a backup stays as it is.
    let kept = folder.join("loggia.db");
    let aside = tempfile::tempdir().map_err(|e| format!("a folder for a copy: {e}"))?;
    let copy = aside.path().join("loggia.db");
    std::fs::copy(&kept, &copy).map_err(|e| format!("{}: {e}", kept.display()))?;
    let (key, key_copy) = (folder.join("secret.key"), aside.path().join("secret.key"));
    if key.exists() {
        std::fs::copy(&key, &key_copy).map_err(|e| format!("{}: {e}", key.display()))?;
    }
    backup::check(&copy).map_err(|fault| fault.to_string())?;
    println!("{}: whole", kept.display());
    let config = Config {
        database: DatabaseUrl::Sqlite(copy),
        data_dir: aside.path().to_path_buf(),
        secret_key_file: key_copy,
        secret_key_made: true,
        ..config
    };
    look_inside(config, Some(folder))
}

fn look_inside(config: Config, folder: Option<&Path>) -> Result<(), String> {
    let app = super::open(config)?;
    let pictures = look_at_pictures(&app, folder);
    match app
        .db
        .read_blocking(audit::verify)
        .map_err(|stop| stop.to_string())?
    {
        Verdict::Whole(entries) => println!("The log is whole: {entries} entries."),
        Verdict::Broken(entry) => return Err(format!("the log was changed at entry {}", entry.0)),
    }
    pictures
}

/// Asks the store for the file of each picture: one question each, also where the store is far away.
fn look_at_pictures(app: &App, folder: Option<&Path>) -> Result<(), String> {
    let (store, place) = match (&app.config.bucket, folder) {
        (None, Some(folder)) => {
            let media = folder.join("media");
            (Store::folder(&media)?, media.display().to_string())
        }
        _ => (app.media.clone(), app.config.media_place()),
    };
    let missing = super::serve::runtime()?
        .block_on(uploads::missing(&app.db, &store))
        .map_err(|stop| format!("the pictures in {place}: {stop}"))?;
    if missing.is_empty() {
        println!("Pictures in {place}: all there.");
        return Ok(());
    }
    let some: Vec<String> = missing.iter().take(20).map(ToString::to_string).collect();
    Err(format!(
        "{} pictures are not in {place}, among them: {}",
        missing.len(),
        some.join(", ")
    ))
}
