//! The community's keys, kept outside the database.

use std::io::Write;
use std::path::Path;

use super::Config;
use crate::kit::seal::Keyring;

/// Reads the key file, or makes it where that is allowed. `kit::seal` describes its form: the first line is the key in
/// use, further lines are older ones that still open what they sealed.
///
/// # Errors
/// A sentence for the person who runs the server: missing, unreadable, or not a key file.
pub fn keys(config: &Config) -> Result<Keyring, String> {
    let path = &config.secret_key_file;
    match std::fs::read(path) {
        Ok(bytes) => parse(path, &bytes),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && config.secret_key_made => make(path),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Keyring, String> {
    Keyring::from_bytes(bytes).map_err(|e| format!("{}: {e}", path.display()))
}

fn make(path: &Path) -> Result<Keyring, String> {
    let context = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(context)?;
    }
    let text = Keyring::new_file();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(context)?;
            parse(path, text.as_bytes())
        }
        // Another process was quicker; its key is the community's.
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            parse(path, &std::fs::read(path).map_err(context)?)
        }
        Err(e) => Err(context(e)),
    }
}

/// Writes a new key on top of the key file, in the place of the old file in one step: whoever reads it finds the one or the
/// other, whole. Every key that stood there stays, since rows that are not sealed again yet need it.
///
/// # Errors
/// A sentence for the person who runs the server.
pub fn rotate(config: &Config) -> Result<Keyring, String> {
    let path = &config.secret_key_file;
    let context = |e: std::io::Error| format!("{}: {e}", path.display());
    let text = keys(config)?
        .rotated_file()
        .ok_or_else(|| format!("{}: all 256 key ids are taken", path.display()))?;
    let fresh = path.with_extension("new");
    // One that a rotation left behind which was interrupted here was never in use.
    match std::fs::remove_file(&fresh) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(context(e)),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh).map_err(context)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(context)?;
    std::fs::rename(&fresh, path).map_err(context)?;
    // The new name has to survive a loss of power as well.
    if let Some(folder) = path.parent().filter(|folder| folder.is_dir()) {
        std::fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(context)?;
    }
    parse(path, text.as_bytes())
}
