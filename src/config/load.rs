//! Reading file and environment, once, at start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Bucket, Config, Written};
use crate::db::DatabaseUrl;

/// Reads `loggia.toml` in the working folder (or `file`) and the `LOGGIA_*` variables.
///
/// # Errors
/// A sentence for the person who runs the server: unknown key, unreadable file, wrong value.
pub fn load(file: Option<&Path>) -> Result<Config, String> {
    let path = file.map_or_else(|| PathBuf::from("loggia.toml"), Path::to_path_buf);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && file.is_none() => String::new(),
        Err(e) => return Err(format!("{}: {e}", path.display())),
    };
    let mut table: toml::Table = text
        .parse()
        .map_err(|e| format!("{}: {e}", path.display()))?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    let variables: BTreeMap<String, String> = std::env::vars()
        .filter(|(k, _)| k.starts_with("LOGGIA_"))
        .collect();
    for (name, value) in variables {
        // Variables of the test and build scripts share the prefix and are not settings of the server.
        if name.starts_with("LOGGIA_TEST_") || name.starts_with("LOGGIA_WRITE_") {
            continue;
        }
        let key = name.trim_start_matches("LOGGIA_").to_lowercase();
        table.insert(key, toml::Value::String(value));
    }
    let written: Written = table
        .try_into()
        .map_err(|e: toml::de::Error| format!("configuration: {}", e.message()))?;
    resolve(written)
}

fn resolve(w: Written) -> Result<Config, String> {
    let insecure = w.insecure_http.as_deref() == Some("1");
    let bucket = Bucket::read(&w, insecure)?;
    let data_dir = PathBuf::from(w.data_dir.unwrap_or_else(|| "data".to_owned()));
    let database = match w.database_url {
        Some(url) => DatabaseUrl::parse(&url)?,
        None => DatabaseUrl::Sqlite(data_dir.join("loggia.db")),
    };
    let bind_text = w.bind.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let bind = bind_text
        .parse()
        .map_err(|_| format!("bind: {bind_text:?} is not an address with a port"))?;
    let metrics_bind = match w.metrics_bind.filter(|s| !s.is_empty()) {
        None => None,
        Some(text) => {
            let parsed = text.parse();
            Some(
                parsed
                    .map_err(|_| format!("metrics_bind: {text:?} is not an address with a port"))?,
            )
        }
    };
    let base_url = w.base_url.unwrap_or_else(|| format!("http://{bind}"));
    let base_url = check_base(&base_url, insecure)?;
    let on_postgres = database.file().is_none();
    let secret_key_file = match w.secret_key_file {
        Some(file) => PathBuf::from(file),
        None if on_postgres => {
            return Err(
                "secret_key_file must be given on PostgreSQL: all nodes share one key".to_owned(),
            );
        }
        None => data_dir.join("secret.key"),
    };
    let host = url::Url::parse(&base_url)
        .ok()
        .and_then(|u| u.host_str().map(str::to_owned))
        .unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    Ok(Config {
        database,
        data_dir,
        bind,
        secret_key_file,
        secret_key_made: !on_postgres,
        smtp_url: w.smtp_url.filter(|s| !s.is_empty()),
        mail_from: w.mail_from.unwrap_or_else(|| format!("loggia@{host}")),
        base_url,
        outbound_allow: w.outbound_allow.unwrap_or_default(),
        outbound_proxy: w.outbound_proxy.filter(|s| !s.is_empty()),
        channel_bases: w.channel_bases.unwrap_or_default(),
        trusted_proxies: split(w.trusted_proxies.as_deref().unwrap_or_default()),
        metrics_bind,
        bucket,
        db_threads: number("db_threads", w.db_threads.as_deref(), 4, 1, 64)?,
        workers: number("workers", w.workers.as_deref(), cores.min(8), 1, 256)?,
        log_json: match w.log_format.as_deref().unwrap_or("text") {
            "text" => false,
            "json" => true,
            other => return Err(format!("log_format: {other:?} is neither text nor json")),
        },
        dev_files: w.dev_files.filter(|s| !s.is_empty()).map(PathBuf::from),
    })
}

fn split(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}

fn number(
    key: &str,
    text: Option<&str>,
    default: usize,
    least: usize,
    most: usize,
) -> Result<usize, String> {
    let Some(text) = text else { return Ok(default) };
    match text.parse() {
        Ok(n) if (least..=most).contains(&n) => Ok(n),
        _ => Err(format!(
            "{key}: {text:?} is not a number from {least} to {most}"
        )),
    }
}

fn check_base(text: &str, insecure: bool) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|e| format!("base_url: {text:?}: {e}"))?;
    if url.path() != "/"
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
    {
        return Err(format!(
            "base_url: {text:?} must be scheme, host and port only (one community, its own host)"
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(text) || insecure => {}
        "http" => {
            return Err(format!(
                "base_url: {text:?} is plain http; put TLS in front, or set insecure_http = \"1\" to accept the danger"
            ));
        }
        other => {
            return Err(format!(
                "base_url: the scheme {other:?} is neither https nor http"
            ));
        }
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Does the address name this machine itself?
pub(super) fn is_loopback(text: &str) -> bool {
    match url::Url::parse(text)
        .ok()
        .and_then(|u| u.host().map(|h| h.to_owned()))
    {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// An address without its password.
pub(super) fn mask_url(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            if url.set_password(Some("***")).is_err() {
                "***".to_owned()
            } else {
                url.to_string()
            }
        }
        Ok(url) => url.to_string(),
        Err(_) => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_outside_this_machine_needs_a_word() {
        assert!(check_base("http://forum.example.org", false).is_err());
        assert!(check_base("http://forum.example.org", true).is_ok());
        assert!(check_base("http://127.0.0.1:8080", false).is_ok());
        assert!(check_base("https://forum.example.org/sub", false).is_err());
        assert_eq!(
            check_base("https://forum.example.org/", false).as_deref(),
            Ok("https://forum.example.org")
        );
    }

    #[test]
    fn unknown_keys_are_refused() {
        let table: toml::Table = "bnid = '127.0.0.1:1'".parse().unwrap_or_default();
        let wrong: Result<Written, _> = table.try_into();
        assert!(wrong.is_err());
    }

    #[test]
    fn postgres_needs_a_key_file_that_all_nodes_share() {
        let written = Written {
            database_url: Some("postgres://x/y".to_owned()),
            ..Written::default()
        };
        assert!(resolve(written).is_err());
    }

    #[test]
    fn passwords_are_not_shown() {
        let written = Written {
            smtp_url: Some("smtp://u:geheim@mail:587".to_owned()),
            media_store: Some("s3://commons".to_owned()),
            s3_access_key: Some("AKIAFORUM".to_owned()),
            s3_secret: Some("streng geheim".to_owned()),
            ..Written::default()
        };
        let shown = resolve(written).map(|c| c.shown()).unwrap_or_default();
        assert!(
            shown.contains("***") && shown.contains("s3://commons") && !shown.contains("geheim"),
            "{shown}"
        );
    }
}
