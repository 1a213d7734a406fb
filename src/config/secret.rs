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
