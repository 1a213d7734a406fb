//! Pages for readers without an account, kept until anything is written: law 9 made cheap.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;
use sha2::{Digest, Sha256};

/// The most pages kept.
const MOST: usize = 1024;
/// The most bytes kept, uncompressed and compressed together.
const MOST_BYTES: usize = 48 * 1024 * 1024;

/// A finished answer for everybody.
#[derive(Debug)]
pub struct Kept {
    /// The database's epoch it was made in.
    pub epoch: u64,
    /// HTTP status; only 200 and 404 and 410 are kept.
    pub status: u16,
    /// Media type.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// As it is.
    pub plain: Bytes,
    /// Compressed, where that helps.
    pub gzip: Option<Bytes>,
    /// A strong validator.
    pub etag: String,
}

/// The kept pages. One lock, held for a look-up only.
#[derive(Default)]
pub struct Cache {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    pages: HashMap<String, Arc<Kept>>,
    making: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
    bytes: usize,
}

impl Cache {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The page of this key, if nothing was written since it was made.
    #[must_use]
    pub fn get(&self, key: &str, epoch: u64) -> Option<Arc<Kept>> {
        self.with(|inner| {
            inner
                .pages
                .get(key)
                .filter(|kept| kept.epoch == epoch)
                .cloned()
        })
    }

    /// The turn to make a page: everybody else who wants the same waits for it instead of making it too.
    #[must_use]
    pub fn turn(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.with(|inner| inner.making.entry(key.to_owned()).or_default().clone())
    }

    /// Ends a turn whose page nobody waits for any more: whoever asked for it may have hung up.
    pub fn leave_quietly(&self, key: &str, turn: &Arc<tokio::sync::Mutex<()>>) {
        self.with(|inner| {
            let mine = inner
                .making
                .get(key)
                .is_some_and(|it| Arc::ptr_eq(it, turn));
            // The map's, and the caller's own.
            if mine && Arc::strong_count(turn) <= 2 {
                inner.making.remove(key);
            }
        });
    }

    /// Keeps a page and ends the turn.
    pub fn put(&self, key: &str, kept: Arc<Kept>) {
        let size = |k: &Kept| k.plain.len() + k.gzip.as_ref().map_or(0, Bytes::len);
        self.with(|inner| {
            inner.making.remove(key);
            if inner.pages.len() >= MOST || inner.bytes > MOST_BYTES {
                // What an older epoch left goes first; if that is not enough, everything goes.
                let epoch = kept.epoch;
                inner.pages.retain(|_, k| k.epoch == epoch);
                if inner.pages.len() >= MOST / 2 {
                    inner.pages.clear();
                }
                inner.bytes = inner.pages.values().map(|k| size(k)).sum();
            }
            inner.bytes += size(&kept);
            if let Some(old) = inner.pages.insert(key.to_owned(), kept) {
                inner.bytes = inner.bytes.saturating_sub(size(&old));
            }
        });
    }

    /// Ends a turn that made nothing to keep.
    pub fn leave(&self, key: &str) {
        self.with(|inner| inner.making.remove(key));
    }
}

/// A validator of these bytes.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    format!("\"{}\"", crate::kit::hex(hash.iter().take(12)))
}

/// The bytes compressed, where they become smaller.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Option<Bytes> {
    use std::io::Write;
    if bytes.len() < 512 {
        return None;
    }
    let mut encoder = flate2::write::GzEncoder::new(
        Vec::with_capacity(bytes.len() / 3),
        flate2::Compression::new(6),
    );
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| Bytes::from(packed))
}
