//! The way to the mail server.

use std::time::Duration;

use lettre::{Message, SmtpTransport, Transport};
use url::{Host, Url};

use crate::kit::Fault;

/// How long connecting and each answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a letter.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The server took it.
    Taken,
    /// The server will never take it; its answer.
    Refused(String),
    /// Not now; why.
    Later(String),
}

/// Makes the transport of `smtp://user:password@host:587` (STARTTLS) or `smtps://…` (TLS from the first byte).
///
/// With a password, or to another machine than this one, `smtp://` insists on STARTTLS; `?tls=opportunistic` or
/// `?tls=none` says otherwise.
pub(super) fn transport(address: &str) -> Result<SmtpTransport, Fault> {
    let url = completed(address)?;
    let builder = SmtpTransport::from_url(url.as_str())
        .map_err(|e| Fault::from_error("LOGGIA_SMTP_URL", e))?;
    Ok(builder.timeout(Some(PATIENCE)).build())
}

/// The server's address, checked, and with its `tls` said where it was left open.
pub(super) fn completed(address: &str) -> Result<Url, Fault> {
    let bad = |why: &str| Fault::new(format!("LOGGIA_SMTP_URL: {why}"));
    let mut url = Url::parse(address).map_err(|_| bad("is not an address"))?;
    if !matches!(url.scheme(), "smtp" | "smtps") {
        return Err(bad("begins with smtp:// or smtps://"));
    }
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(bad("names no host")),
    };
    // `smtp` is no scheme that `Url` parses an address for, so `127.0.0.1` may stand there as a name.
    let here = here
        || url
            .host_str()
            .is_some_and(|name| name.starts_with("127.") || name == "[::1]");
    let chosen = url
        .query_pairs()
        .find(|(key, _)| key == "tls")
        .map(|(_, value)| value.into_owned());
    if url.scheme() == "smtp" {
        let tls = match chosen.as_deref() {
            Some("none") => None,
            Some("opportunistic") => Some("opportunistic"),
            Some("required") => Some("required"),
            Some(_) => return Err(bad("tls is required, opportunistic or none")),
            None if here && url.password().is_none() => Some("opportunistic"),
            None => Some("required"),
        };
        url.set_query(None);
        if let Some(tls) = tls {
            url.query_pairs_mut().append_pair("tls", tls);
        }
    }
    Ok(url)
}

/// Hands a letter to the server. Blocks while the server thinks.
pub(super) fn send(transport: &SmtpTransport, message: &Message) -> Outcome {
    match transport.send(message) {
        Ok(_) => Outcome::Taken,
        Err(error) if error.is_permanent() => Outcome::Refused(error.to_string()),
        Err(error) => Outcome::Later(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::transport;

    #[test]
    fn addresses_of_servers_are_checked() {
        for good in [
            "smtp://localhost:2525",
            "smtp://127.0.0.1:2525",
            "smtps://u:p@mail.example",
            "smtp://u:p@mail.example:587",
            "smtp://mail:1025?tls=none",
        ] {
            assert!(transport(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://mail?tls=maybe",
        ] {
            assert!(transport(bad).is_err(), "{bad}");
        }
    }
}
