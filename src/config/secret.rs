//! The community's secret: 32 bytes, kept outside the database.

use std::io::Write;
use std::path::Path;

use super::Config;

/// Reads the key file, or makes it where that is allowed.
///
/// # Errors
/// A sentence for the person who runs the server: missing, unreadable, or not 32 bytes in hex.
pub fn secret_key(config: &Config) -> Result<[u8; 32], String> {
    let path = &config.secret_key_file;
    match std::fs::read_to_string(path) {
        Ok(text) => parse(text.trim())
            .ok_or_else(|| format!("{}: not 64 hexadecimal digits", path.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && config.secret_key_made => make(path),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (slot, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *slot = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

fn make(path: &Path) -> Result<[u8; 32], String> {
    let context = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(context)?;
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the secret of the community is made once, from the system's randomness"
    )]
    let key: [u8; 32] = rand::random();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            let text: String = key.iter().map(|b| format!("{b:02x}")).collect();
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(context)?;
            Ok(key)
        }
        // Another process was quicker; its key is the community's.
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path).map_err(context)?;
            parse(text.trim())
                .ok_or_else(|| format!("{}: not 64 hexadecimal digits", path.display()))
        }
        Err(e) => Err(context(e)),
    }
}
