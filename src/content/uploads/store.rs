//! The small door to where files are kept: a folder, or a bucket of S3-compatible storage.

use std::path::Path as FsPath;
use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use crate::config::Bucket;
use crate::kit::{At, Fault, Refusal, Result, Stop};

/// The name of the file that is written at start.
const CHECKED: &str = "loggia-check";

/// Where files are kept.
#[derive(Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
}

fn fault(error: object_store::Error) -> Stop {
    let fault = Fault::from_error("the store of pictures", error);
    match fault.no_room() {
        true => Refusal::NoRoom.into(),
        false => Stop::Fault(fault),
    }
}

/// Files are spread over folders by the first letters of their random names.
fn place(name: &str) -> Path {
    let folder: String = name.chars().take(2).collect();
    Path::from_iter([folder.as_str(), name])
}

impl Store {
    /// A folder, made if it is not there.
    ///
    /// # Errors
    /// A sentence for the person who runs the server.
    pub fn folder(folder: &FsPath) -> std::result::Result<Self, String> {
        let says = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(|e| says(&e))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| says(&e))?;
        Ok(Self {
            inner: Arc::new(store),
        })
    }

    /// A bucket; [`Store::check`] asks whether it is there.
    ///
    /// # Errors
    /// A sentence for the person who runs the server.
    pub fn bucket(bucket: &Bucket, proxy: Option<&str>) -> std::result::Result<Self, String> {
        super::s3::open(bucket, proxy).map(|inner| Self { inner })
    }

    /// Writes, reads and drops a small file, so that a wrong setting shows at start and not with the first picture.
    ///
    /// # Errors
    /// A sentence for the person who runs the server.
    pub async fn check(&self) -> std::result::Result<(), String> {
        let here = Path::from(CHECKED);
        let written = PutPayload::from_static(b"written at start to see whether that is possible");
        let says = |doing: &str, error: object_store::Error| {
            use object_store::Error;
            let why = match error {
                Error::NotFound { .. } => "there is no such place".to_owned(),
                Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                    "the key is not known there, or may not do that".to_owned()
                }
                // Below that stands the server's whole answer.
                other => other
                    .to_string()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            format!("pictures cannot be {doing}: {why}")
        };
        let put = self.inner.put(&here, written).await;
        put.map_err(|e| says("written", e))?;
        let got = self.inner.head(&here).await;
        got.map_err(|e| says("read", e))?;
        let gone = self.inner.delete(&here).await;
        gone.map_err(|e| says("dropped", e))
    }

    /// Keeps a file under a name that is never used again.
    ///
    /// # Errors
    /// A fault where it cannot be written.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let payload = PutPayload::from(bytes);
        self.inner
            .put(&place(name), payload)
            .await
            .map(drop)
            .map_err(fault)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// Not found where there is none; a fault where it cannot be read.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        let found = match self.inner.get(&place(name)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Err(Refusal::NotFound.into()),
            Err(error) => return Err(fault(error)),
        };
        Ok(found.bytes().await.map_err(fault)?.to_vec())
    }

    /// Is there a file of this name?
    ///
    /// # Errors
    /// A fault where the store cannot be asked.
    pub async fn has(&self, name: &str) -> Result<bool> {
        match self.inner.head(&place(name)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(fault(error)),
        }
    }

    /// The names of all files that were written before this moment.
    ///
    /// # Errors
    /// A fault where the store cannot be read.
    pub async fn names(&self, before: At) -> Result<Vec<String>> {
        let mut files = self.inner.list(None);
        let mut names = Vec::new();
        while let Some(file) = files.try_next().await.map_err(fault)? {
            if file.last_modified.timestamp_micros() < before.0 {
                names.extend(file.location.filename().map(str::to_owned));
            }
        }
        Ok(names)
    }

    /// Drops a file; one that is gone already is gone.
    ///
    /// # Errors
    /// A fault where it cannot be dropped.
    pub async fn drop_file(&self, name: &str) -> Result<()> {
        match self.inner.delete(&place(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }
}
