//! Styles, scripts and pictures under addresses that hold the hash of their content, to be kept for ever.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use sha2::{Digest, Sha256};

use super::cache;
use super::files::{Files, Folder};

/// One asset, ready to be sent.
#[derive(Debug, Clone)]
pub struct Asset {
    /// As it is.
    pub plain: Bytes,
    /// Compressed, where that helps.
    pub gzip: Option<Bytes>,
    /// Media type.
    pub media_type: &'static str,
}

/// All assets by their hashed names.
pub struct Assets {
    by_hashed: BTreeMap<String, Asset>,
    by_name: BTreeMap<String, String>,
}

impl Assets {
    /// Reads `public/` and gives every file its hashed name. Scripts import each other by plain names, which are
    /// rewritten here to the hashed ones, leaves first.
    #[must_use]
    pub fn read(files: &Files) -> Self {
        let mut this = Self {
            by_hashed: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        let (modules, others): (Vec<String>, Vec<String>) = files
            .names(Folder::Public)
            .into_iter()
            .partition(|n| n.ends_with(".js") || n.ends_with(".css"));
        for name in others {
            if let Some(bytes) = files.read(Folder::Public, &name) {
                this.add(&name, bytes);
            }
        }
        let mut waiting: Vec<(String, String)> = modules
            .into_iter()
            .filter_map(|n| files.text(Folder::Public, &n).map(|t| (n, t)))
            .collect();
        // Each round adds those whose imports are all known; a circle would end the rounds and is added as it is.
        while !waiting.is_empty() {
            let names: Vec<String> = waiting.iter().map(|(n, _)| base(n).to_owned()).collect();
            let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(name, text)| {
                !names
                    .iter()
                    .any(|n| n != base(name) && text.contains(&format!("./{n}")))
            });
            let stuck = now.is_empty();
            for (name, text) in if stuck { later.clone() } else { now } {
                let text = this.rewritten(&text);
                this.add(&name, text.into_bytes());
            }
            waiting = if stuck { Vec::new() } else { later };
        }
        this
    }

    fn rewritten(&self, text: &str) -> String {
        self.by_name
            .iter()
            .fold(text.to_owned(), |text, (name, hashed)| {
                text.replace(
                    &format!("\"./{}\"", base(name)),
                    &format!("\"./{}\"", base(hashed)),
                )
            })
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let hash = Sha256::digest(&bytes);
        let short = crate::kit::hex(hash.iter().take(6));
        let hashed = match name.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}.{short}.{ending}"),
            None => format!("{name}.{short}"),
        };
        let asset = Asset {
            gzip: cache::gzip(&bytes),
            plain: Bytes::from(bytes),
            media_type: media_type(name),
        };
        self.by_hashed.insert(hashed.clone(), asset);
        self.by_name.insert(name.to_owned(), hashed);
    }

    /// The address of an asset, by its plain name; the plain name itself where there is no such file (a test finds those).
    #[must_use]
    pub fn href(&self, name: &str) -> String {
        format!(
            "/assets/{}",
            self.by_name.get(name).map_or(name, String::as_str)
        )
    }

    /// Is there an asset of this plain name?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The asset of a hashed name.
    #[must_use]
    pub fn get(&self, hashed: &str) -> Option<&Asset> {
        self.by_hashed.get(hashed)
    }
}

fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
