//! The office: takes a waiting letter, puts it into words, and hands it to the mail server or the log.

use std::sync::Arc;

use lettre::SmtpTransport;
use lettre::message::Mailbox;
use serde_json::{Map, Value};

use super::compose::{Composed, Templates, compose};
use super::counter::{self, Handed, Line, Reply, Server};
use super::letter::{Waiting, open, still_due};
use super::mailing::Mailing;
use super::smtp::{self, Outcome};
use super::suppression;
use crate::db::{Db, Tx};
use crate::kit::{Fault, Result, Stop};

/// Says the sentence of a key in a language, filled with values; `None` where there is no such sentence.
pub type Say = Box<dyn Fn(&str, &str, &Map<String, Value>) -> Option<String> + Send + Sync>;

/// Who letters come from.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The address of the sender.
    pub from: String,
    /// Scheme and host of the community; no slash at the end.
    pub base_url: String,
    /// The host name after the `@` of message ids.
    pub host: String,
}

/// Everything that is needed to send letters.
pub struct Office {
    sender: Sender,
    transport: Option<SmtpTransport>,
    server: Option<Server>,
    templates: Templates,
}

impl Office {
    /// Opens the office. Without `smtp_url` letters go to the log.
    ///
    /// # Errors
    /// A fault where the mail server's address, the sender or a template cannot be read.
    pub fn open(smtp_url: Option<&str>, sender: Sender, say: Say) -> Result<Self, Fault> {
        sender
            .from
            .parse::<Mailbox>()
            .map_err(|e| Fault::from_error("the sender of letters", e))?;
        let transport = smtp_url.map(smtp::transport).transpose()?;
        let server = match smtp_url {
            Some(url) => Some(Server::of(&smtp::completed(url)?, &sender.host)?),
            None => None,
        };
        Ok(Self {
            sender,
            transport,
            server,
            templates: Templates::read(say)?,
        })
    }

    /// Is there a mail server?
    #[must_use]
    pub const fn has_server(&self) -> bool {
        self.transport.is_some()
    }

    /// Puts a letter into words.
    ///
    /// # Errors
    /// A fault where a template or a sentence is missing or the address is none.
    pub fn compose(&self, letter: &Waiting) -> Result<Composed> {
        compose(&self.templates, &self.sender, letter, None)
    }

    /// The address of the house's own letters.
    #[must_use]
    pub fn address(&self) -> String {
        let own = self.sender.from.parse::<Mailbox>();
        own.map_or_else(|_| String::new(), |own| own.email.to_string())
    }

    /// The host name after the `@` of message ids.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.sender.host
    }

    /// Hands a letter of a mailing over and says how far it came. Blocks while the server thinks.
    pub fn hand(&self, letter: &Waiting, mailing: &Mailing, line: &mut Line) -> Handed {
        let Some(server) = &self.server else {
            return Handed::Closed("there is no mail server".to_owned());
        };
        if !super::mailing::writes_to(&letter.to) {
            return Handed::Refused(Reply {
                code: 501,
                said: "5.1.3 this is no address".to_owned(),
            });
        }
        let written = compose(&self.templates, &self.sender, letter, Some(mailing));
        let composed = match written {
            Ok(composed) => composed,
            Err(stop) => {
                tracing::warn!(mail.kind = %letter.kind, %stop, "a letter could not be written");
                return Handed::Closed("the letter could not be written".to_owned());
            }
        };
        let envelope = composed.message.envelope();
        let returns = match &mailing.returns {
            Some(address) => address.parse().ok(),
            None => envelope.from().cloned(),
        };
        match (returns, envelope.to().first()) {
            (Some(from), Some(to)) => line.hand(server, &from, to, &composed.message.formatted()),
            _ => Handed::Closed("the letter has no sender".to_owned()),
        }
    }

    /// Asks the mail server how it is; nothing is sent. Blocks while it thinks.
    ///
    /// # Errors
    /// What is wrong, in a few words without a secret.
    pub fn ask(&self) -> std::result::Result<(), String> {
        match &self.server {
            Some(server) => counter::ask(server),
            None => Err("there is no mail server".to_owned()),
        }
    }

    fn send(&self, letter: &Composed) -> Outcome {
        match &self.transport {
            Some(transport) => smtp::send(transport, &letter.message),
            None => {
                let link = letter.link.as_deref().unwrap_or("(no link)");
                tracing::info!(mail.to = %letter.to, mail.subject = %letter.subject, mail.link = %link, "no mail server: letter not sent");
                Outcome::Taken
            }
        }
    }
}

/// The handler of the job `mail`: at least once, with the same `Message-ID` each time.
///
/// # Errors
/// A fault where the server cannot take the letter now; the job is tried again.
pub async fn deliver(office: &Arc<Office>, db: &Db, payload: &str) -> Result<()> {
    let payload = payload.to_owned();
    let asked = move |tx: &mut Tx<'_>| {
        let letter = open(&tx.house().ring, &payload)?;
        let due = still_due(tx, &letter)? && !suppression::is_spared(tx, &letter)?;
        Ok((due, letter))
    };
    let (due, letter) = db.read(asked).await?;
    if !due {
        tracing::info!(mail.kind = %letter.kind, "letter dropped: its reader may not see any more what it tells of, or its mailbox is dead");
        return Ok(());
    }
    let composed = office.compose(&letter)?;
    let office = office.clone();
    let outcome = tokio::task::spawn_blocking(move || office.send(&composed)).await;
    match outcome {
        Ok(Outcome::Taken) => Ok(()),
        Ok(Outcome::Refused(why)) => {
            tracing::warn!(mail.kind = %letter.kind, mail.answer = %why, "letter refused for good");
            if suppression::is_dead(&why) {
                let to = letter.to.clone();
                db.write(move |tx| suppression::suppress(tx, &to, &why))
                    .await?;
            }
            Ok(())
        }
        Ok(Outcome::Later(why)) => Err(Stop::fault(format!("mail server: {why}"))),
        Err(broken) => Err(Stop::Fault(Fault::from_error("sending a letter", broken))),
    }
}
