//! What the server needs to start: `loggia.toml` and `LOGGIA_*`, the variable wins, unknown keys are refused.
//! What an admin changes in the browser stands in `site`.

mod bucket;
mod load;
mod secret;

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

pub use bucket::Bucket;
pub use load::load;
pub use secret::{keys, rotate};

use crate::db::DatabaseUrl;

/// The keys of `loggia.toml`; each has a variable `LOGGIA_{KEY}` that wins over the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    /// Where the database is: `sqlite://path` or `postgres://…`. Default: `loggia.db` in the data folder.
    pub database_url: Option<String>,
    /// The folder for the database, uploads and the secret key. Default: `data`.
    pub data_dir: Option<String>,
    /// Address and port to listen on. Default: `127.0.0.1:8080`.
    pub bind: Option<String>,
    /// The address people use, without a slash at the end. Default: `http://{bind}`.
    pub base_url: Option<String>,
    /// A file with the community's keys. Default: `secret.key` in the data folder, made if absent; must be given on PostgreSQL.
    pub secret_key_file: Option<String>,
    /// `smtp://user:password@host:587`, `smtps://…`. Without it, letters go to the log.
    pub smtp_url: Option<String>,
    /// The sender of letters. Default: `loggia@{host of base_url}`.
    pub mail_from: Option<String>,
    /// Hosts, addresses or ranges, separated by commas, that outgoing requests may reach although private.
    pub outbound_allow: Option<String>,
    /// An http proxy for outgoing requests.
    pub outbound_proxy: Option<String>,
    /// Other addresses for the services of channels, as `kind=https://address`, separated by commas: a Telegram Bot API
    /// server of one's own, the directory of AT Protocol, a gateway.
    pub channel_bases: Option<String>,
    /// `1` allows a plain http base_url that is not loopback.
    pub insecure_http: Option<String>,
    /// Addresses or ranges of reverse proxies whose `X-Forwarded-For` is believed, separated by commas.
    pub trusted_proxies: Option<String>,
    /// Address and port where `/metrics` is told, on its own. Default: nowhere.
    pub metrics_bind: Option<String>,
    /// Where members' pictures are kept: `folder` (in the data folder, the default) or `s3://bucket/prefix`.
    pub media_store: Option<String>,
    /// The server of that bucket. Default: Amazon's for the region.
    pub s3_endpoint: Option<String>,
    /// The region that requests are signed for. Default: `us-east-1`.
    pub s3_region: Option<String>,
    /// The public half of the bucket's key.
    pub s3_access_key: Option<String>,
    /// The secret half; better kept in a file.
    pub s3_secret: Option<String>,
    /// A file with the secret half.
    pub s3_secret_file: Option<String>,
    /// Database threads for reading. Default: 4.
    pub db_threads: Option<String>,
    /// Web worker threads. Default: the number of cores, at most 8.
    pub workers: Option<String>,
    /// Log lines as `text` or `json`. Default: `text`.
    pub log_format: Option<String>,
    /// A folder with `templates/`, `public/` and `locales/` to read at each request, for those who change them.
    pub dev_files: Option<String>,
}

/// The effective configuration.
#[derive(Clone)]
pub struct Config {
    /// Where the database is.
    pub database: DatabaseUrl,
    /// The data folder.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub bind: SocketAddr,
    /// Scheme, host and port people use; no slash at the end.
    pub base_url: String,
    /// The key file.
    pub secret_key_file: PathBuf,
    /// Is the key file made when it is not there? Only beside an embedded database.
    pub secret_key_made: bool,
    /// The mail server, if there is one.
    pub smtp_url: Option<String>,
    /// The sender of letters.
    pub mail_from: String,
    /// What outgoing requests may reach although private.
    pub outbound_allow: String,
    /// The proxy of outgoing requests.
    pub outbound_proxy: Option<String>,
    /// Other addresses for the services of channels.
    pub channel_bases: String,
    /// Proxies in front whose word on the client's address is believed.
    pub trusted_proxies: Vec<String>,
    /// Where figures are told, if anywhere.
    pub metrics_bind: Option<SocketAddr>,
    /// The bucket that pictures are kept in; `None` where it is a folder.
    pub bucket: Option<Bucket>,
    /// Database threads for reading.
    pub db_threads: usize,
    /// Web worker threads.
    pub workers: usize,
    /// Log lines as JSON?
    pub log_json: bool,
    /// Read templates and assets from this folder.
    pub dev_files: Option<PathBuf>,
}

impl Config {
    /// Is the community reached over https, or on this machine? Only then cookies carry the `__Host-` name.
    #[must_use]
    pub fn is_secure_context(&self) -> bool {
        self.base_url.starts_with("https://") || load::is_loopback(&self.base_url)
    }

    /// The folder that pictures are kept in where they are not in a bucket.
    #[must_use]
    pub fn media_folder(&self) -> PathBuf {
        self.data_dir.join("media")
    }

    /// Where pictures are kept, for people's eyes.
    #[must_use]
    pub fn media_place(&self) -> String {
        self.bucket.as_ref().map_or_else(
            || self.media_folder().display().to_string(),
            ToString::to_string,
        )
    }

    /// Host and port as they stand in the `Host` header.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base_url
            .split_once("://")
            .map_or(self.base_url.as_str(), |(_, host)| host)
    }

    /// The configuration for people's eyes, one `key = value` a line, secrets masked.
    #[must_use]
    pub fn shown(&self) -> String {
        let smtp = self.smtp_url.as_deref().map_or_else(
            || "(none: letters go to the log)".to_owned(),
            load::mask_url,
        );
        let lines = [
            ("database_url", self.database.masked()),
            ("data_dir", self.data_dir.display().to_string()),
            ("bind", self.bind.to_string()),
            ("base_url", self.base_url.clone()),
            (
                "secret_key_file",
                self.secret_key_file.display().to_string(),
            ),
            ("smtp_url", smtp),
            ("mail_from", self.mail_from.clone()),
            ("outbound_allow", self.outbound_allow.clone()),
            (
                "outbound_proxy",
                self.outbound_proxy
                    .as_deref()
                    .map(load::mask_url)
                    .unwrap_or_default(),
            ),
            ("channel_bases", self.channel_bases.clone()),
            ("trusted_proxies", self.trusted_proxies.join(", ")),
            ("media_store", self.media_place()),
            ("db_threads", self.db_threads.to_string()),
            (
                "metrics_bind",
                self.metrics_bind
                    .map_or_else(|| "(nowhere)".to_owned(), |bind| bind.to_string()),
            ),
            ("workers", self.workers.to_string()),
            (
                "log_format",
                if self.log_json { "json" } else { "text" }.to_owned(),
            ),
        ];
        lines
            .iter()
            .map(|(key, value)| format!("{key} = {value:?}\n"))
            .collect()
    }
}
