//! The counter of the mail server: a letter is handed over step by step, so that it is known afterwards whether it can
//! have arrived, and whose fault it is when it has not.

use std::net::ToSocketAddrs;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::kit::Fault;

/// How long connecting and each answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a letter of a mailing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server took it.
    Taken,
    /// It did not come to the recipient at all: the server is away, or wants nothing of us. Not a byte arrived.
    Closed(String),
    /// The server will take it later.
    Later(Reply),
    /// The server will never take it.
    Refused(Reply),
    /// Everything was said, and no answer came: it may have arrived.
    Unknown(String),
}

/// The server's answer about one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three digits.
    pub code: u16,
    /// What it said; may hold the recipient's address.
    pub said: String,
}

impl Reply {
    /// Is it the mailbox that is wrong, for good? A server that dislikes us (`5.7.x`), a full box or a letter that is
    /// too large say nothing of the kind.
    #[must_use]
    pub fn is_dead_mailbox(&self) -> bool {
        match enhanced(&self.said) {
            Some((class, subject, detail)) => is_dead_mailbox(class, subject, detail),
            None => matches!(self.code, 550 | 551 | 553),
        }
    }
}

/// Does this status (RFC 3463) say that nobody reads mail there and nobody will?
#[must_use]
pub const fn is_dead_mailbox(class: u16, subject: u16, detail: u16) -> bool {
    // 5.1.x: no such address; 5.2.1: switched off. 5.1.7 and 5.1.8 are about the sender, 5.1.0 about either.
    class == 5
        && match subject {
            1 => !matches!(detail, 7 | 8),
            2 => detail == 1,
            _ => false,
        }
}

/// The first status of the form `5.1.1` that stands at the beginning of a line.
#[must_use]
pub fn enhanced(said: &str) -> Option<(u16, u16, u16)> {
    said.split_whitespace().find_map(|word| {
        let mut parts = word.split('.').map(str::parse::<u16>);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(class @ (2 | 4 | 5))), Some(Ok(subject)), Some(Ok(detail)), None) => {
                Some((class, subject, detail))
            }
            _ => None,
        }
    })
}

/// How the words are kept from others on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    Never,
    IfOffered,
    Always,
    FromTheFirstByte,
}

/// Where the server is and how it is spoken to.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl Server {
    /// Reads an address that [`transport`](super::smtp::transport) has checked and completed.
    pub(super) fn of(url: &Url, hello: &str) -> Result<Self, Fault> {
        let bad = |what: &str| Fault::new(format!("LOGGIA_SMTP_URL: {what}"));
        let chosen = url.query_pairs().find(|(key, _)| key == "tls");
        let (tls, usual) = match (url.scheme(), chosen.as_ref().map(|(_, v)| v.as_ref())) {
            ("smtps", _) => (Tls::FromTheFirstByte, 465),
            (_, Some("required")) => (Tls::Always, 587),
            (_, Some("opportunistic")) => (Tls::IfOffered, 587),
            _ => (Tls::Never, 25),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(std::borrow::Cow::into_owned)
                .map_err(|_| bad("the name or password is not text"))
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(
                decoded(url.username())?,
                decoded(password)?,
            )),
            None => None,
        };
        let own = url.path().trim_matches('/');
        Ok(Self {
            host: url
                .host_str()
                .ok_or_else(|| bad("names no host"))?
                .to_owned(),
            port: url.port().unwrap_or(usual),
            tls,
            credentials,
            hello: ClientId::Domain(if own.is_empty() { hello } else { own }.to_owned()),
        })
    }

    /// Opens a line: connected, secured and signed in.
    pub(super) fn open(&self) -> Result<SmtpConnection, String> {
        let known = |what: &str, error: &Error| format!("{what}: {}", told(error));
        let parameters = || {
            TlsParameters::new(self.host.trim_matches(['[', ']']).to_owned())
                .map_err(|e| known("TLS", &e))
        };
        let wrapper = match self.tls {
            Tls::FromTheFirstByte => Some(parameters()?),
            _ => None,
        };
        let at = (self.host.trim_matches(['[', ']']), self.port);
        let mut addresses = at
            .to_socket_addrs()
            .map_err(|e| format!("no address: {e}"))?;
        let at = addresses.next().ok_or_else(|| "no address".to_owned())?;
        let mut line =
            SmtpConnection::connect(at, Some(PATIENCE), &self.hello, wrapper.as_ref(), None)
                .map_err(|e| known("connecting", &e))?;
        if self.tls == Tls::Always || (self.tls == Tls::IfOffered && line.can_starttls()) {
            line.starttls(&parameters()?, &self.hello)
                .map_err(|e| known("STARTTLS", &e))?;
        }
        if let Some(credentials) = &self.credentials {
            line.auth(DEFAULT_MECHANISMS, credentials)
                .map_err(|e| known("signing in", &e))?;
        }
        Ok(line)
    }
}

/// A line to the server that is kept open between letters.
#[derive(Default)]
pub struct Line(Option<SmtpConnection>);

impl Line {
    /// Says goodbye.
    pub fn close(&mut self) {
        if let Some(mut line) = self.0.take() {
            // The letters are delivered; a goodbye that is not heard changes nothing.
            drop(line.quit());
        }
    }

    /// Hands one letter over.
    pub(super) fn hand(
        &mut self,
        server: &Server,
        from: &Address,
        to: &Address,
        letter: &[u8],
    ) -> Handed {
        let mut kept = self.0.take().filter(|line| !line.has_broken());
        if !kept.as_mut().is_some_and(SmtpConnection::test_connected) {
            kept = None;
        }
        let mut line = match kept.map_or_else(|| server.open(), Ok) {
            Ok(line) => line,
            Err(why) => return Handed::Closed(why),
        };
        let handed = speak(&mut line, from, to, letter);
        match handed {
            Handed::Taken => self.0 = Some(line),
            // After anything else the conversation begins anew.
            _ => line.abort(),
        }
        handed
    }
}

/// Asks the server how it is: connects, signs in, sends nothing.
pub(super) fn ask(server: &Server) -> Result<(), String> {
    let mut line = server.open()?;
    let asked = line.command(Noop).map_err(|e| told(&e));
    drop(line.quit());
    asked.map(drop)
}

fn speak(line: &mut SmtpConnection, from: &Address, to: &Address, letter: &[u8]) -> Handed {
    let speaks = |line: &SmtpConnection, what| line.server_info().supports_feature(what);
    let mut parameters = Vec::new();
    if !to.to_string().is_ascii() {
        if !speaks(line, Extension::SmtpUtfEight) {
            return Handed::Refused(Reply {
                code: 553,
                said: "5.6.7 the server takes no such address".to_owned(),
            });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.is_ascii() && speaks(line, Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    // What is said to the sender is about us, not about the recipient.
    if let Err(error) = line.command(Mail::new(Some(from.clone()), parameters)) {
        return Handed::Closed(told(&error));
    }
    if let Err(error) = line.command(Rcpt::new(to.clone(), Vec::new())) {
        return before(&error);
    }
    if let Err(error) = line.command(Data) {
        return before(&error);
    }
    match line.message(letter) {
        Ok(_) => Handed::Taken,
        Err(error) => answered(&error).unwrap_or_else(|| Handed::Unknown(told(&error))),
    }
}

/// An error before the letter itself was sent: whatever it is, nothing arrived.
fn before(error: &Error) -> Handed {
    answered(error).unwrap_or_else(|| Handed::Closed(told(error)))
}

/// A no with a number.
fn answered(error: &Error) -> Option<Handed> {
    let code = u16::from(error.status()?);
    let reply = Reply {
        code,
        said: told(error),
    };
    Some(match code {
        // The server goes away; it says nothing of the letter.
        421 => Handed::Closed(reply.said),
        400..=499 => Handed::Later(reply),
        _ => Handed::Refused(reply),
    })
}

/// What the server or the network said, short.
fn told(error: &Error) -> String {
    let words =
        std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(code: u16, said: &str) -> Reply {
        Reply {
            code,
            said: said.to_owned(),
        }
    }

    #[test]
    fn only_what_speaks_of_the_mailbox_condemns_it() {
        assert!(reply(550, "5.1.1 <x@example.org>: no such user").is_dead_mailbox());
        assert!(reply(550, "no such user here").is_dead_mailbox());
        assert!(reply(525, "5.2.1 mailbox disabled").is_dead_mailbox());
        for fine in [
            reply(550, "5.7.1 we do not like you"),
            reply(554, "blocked by a list"),
            reply(552, "5.2.2 mailbox full"),
            reply(552, "5.3.4 too large"),
            reply(553, "5.1.8 sender's domain is unknown"),
        ] {
            assert!(!fine.is_dead_mailbox(), "{fine:?}");
        }
    }

    #[test]
    fn a_status_is_found_among_words() {
        assert_eq!(enhanced("5.1.1 no such user"), Some((5, 1, 1)));
        assert_eq!(enhanced("smtp; 4.2.2 full"), Some((4, 2, 2)));
        assert_eq!(enhanced("from 192.0.2.1 and 5.1"), None);
    }

    #[test]
    fn an_address_of_a_server_is_taken_apart() {
        let of = |text: &str| Server::of(&Url::parse(text).expect("an address"), "commons.example");
        let server = of("smtp://a%40b:p%2Fq@mail.example?tls=required").expect("a server");
        assert_eq!((server.host.as_str(), server.port), ("mail.example", 587));
        assert!(server.tls == Tls::Always && server.credentials.is_some());
        let server = of("smtps://mail.example/outgoing.example").expect("a server");
        assert_eq!((server.port, server.tls), (465, Tls::FromTheFirstByte));
        assert_eq!(
            server.hello,
            ClientId::Domain("outgoing.example".to_owned())
        );
    }
}
