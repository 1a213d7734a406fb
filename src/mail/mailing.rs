//! A mailing: letters to many who asked for them. They carry the headers of a list, go out under an address of their
//! own, and are signed (DKIM, RFC 6376), so that a mailbox can tell them from forged ones.

use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
    DkimSigningKey,
};
use lettre::message::header::HeaderName;
use lettre::message::{Mailbox, Message};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::OsRng;
use rsa::{RsaPrivateKey, RsaPublicKey};

use super::clean;
use super::compose::clean_header;
use super::office::Sender;
use crate::kit::{Fault, Result, Stop};

/// The bits of a signing key: what mailboxes verify today, in a record that fits DNS.
const BITS: usize = 2048;

/// The headers that are signed: what people read, and what a mailbox acts upon (RFC 8058 asks for the list headers).
///
/// Not the content's type: lettre keeps it with the parts of the body, so that it would be named as signed and left out of
/// what is signed, and nobody could verify the letter.
const SIGNED: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// What makes a letter one of a mailing.
#[derive(Debug, Clone, Default)]
pub struct Mailing {
    /// The sender's name; the community's where empty.
    pub name: String,
    /// The sender's address, where it is not the house's.
    pub from: Option<String>,
    /// What `List-Id` says between its angle brackets.
    pub list_id: String,
    /// Where the server sends letters back to (the envelope's sender); the sender's address where nothing is said.
    pub returns: Option<String>,
    /// Who signs, if anybody does.
    pub signature: Option<Signature>,
}

/// A key in force.
#[derive(Clone)]
pub struct Signature {
    /// Under which name the public half stands in DNS.
    pub selector: String,
    /// PKCS #1 in PEM.
    pub private_key: String,
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", self.selector)
    }
}

/// A fresh key to sign with.
pub struct KeyPair {
    /// PKCS #1 in PEM; to be sealed.
    pub private_key: String,
    /// The public half as it stands in DNS (base64).
    pub public_key: String,
}

/// Makes a key. Takes some tenths of a second of pure work.
///
/// # Errors
/// A fault where the system gives no randomness.
pub fn new_key_pair() -> Result<KeyPair> {
    use base64::Engine;
    let failed =
        |what: &'static str| move |e: &dyn std::fmt::Display| Stop::fault(format!("{what}: {e}"));
    let key = RsaPrivateKey::new(&mut OsRng, BITS).map_err(|e| failed("making a key")(&e))?;
    let pem = key
        .to_pkcs1_pem(LineEnding::LF)
        .map_err(|e| failed("writing a key")(&e))?;
    let public = RsaPublicKey::from(&key)
        .to_public_key_der()
        .map_err(|e| failed("writing a key")(&e))?;
    Ok(KeyPair {
        private_key: pem.to_string(),
        public_key: base64::engine::general_purpose::STANDARD.encode(public.as_bytes()),
    })
}

/// Is this one address that letters can be written to or from?
#[must_use]
pub fn writes_to(address: &str) -> bool {
    address.parse::<lettre::Address>().is_ok()
}

impl Mailing {
    /// The sender as readers see it.
    pub(super) fn mailbox(&self, house: &Sender, site: &str) -> Result<Mailbox> {
        let none = || Stop::fault("the sender of a mailing is no address");
        let address = match &self.from {
            Some(from) => from.parse().map_err(|_| none())?,
            None => house.from.parse::<Mailbox>().map_err(|_| none())?.email,
        };
        let name = if self.name.trim().is_empty() {
            site.to_owned()
        } else {
            clean::plain(&self.name)
        };
        Ok(Mailbox::new(Some(name), address))
    }

    /// `List-Id` as it stands in the header.
    pub(super) fn list_id(&self) -> String {
        format!("<{}>", clean_header(&self.list_id))
    }

    /// Signs a letter that is whole.
    pub(super) fn sign(&self, message: &mut Message, from: &Mailbox) -> Result<()> {
        let Some(signature) = &self.signature else {
            return Ok(());
        };
        let key = DkimSigningKey::new(&signature.private_key, DkimSigningAlgorithm::Rsa)
            .map_err(|e| Stop::Fault(Fault::from_error("reading a signing key", e)))?;
        let relaxed = DkimCanonicalization {
            header: DkimCanonicalizationType::Relaxed,
            body: DkimCanonicalizationType::Relaxed,
        };
        let headers = SIGNED
            .iter()
            .map(|name| HeaderName::new_from_ascii_str(name))
            .collect();
        let domain = from.email.domain().to_owned();
        message.sign(&DkimConfig::new(
            signature.selector.clone(),
            domain,
            key,
            headers,
            relaxed,
        ));
        Ok(())
    }
}
