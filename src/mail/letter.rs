//! A letter on its way: what is said to whom, before it is put into words.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::{Tx, jobs};
use crate::kit::ids::{JobId, MemberId};
use crate::kit::seal::{Keyring, Place};
use crate::kit::{At, Fault, Result, Stop};

/// The kind of job that sends a letter.
pub const JOB: &str = "mail";

/// A letter to one address. `kind` names its templates (`templates/mail/{kind}.{txt,html}.hbs`) and its subject
/// (`mail-{kind}-subject`); `data` fills both. Links in `data` are made with [`Tx::link`] only.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    /// One address; read by `kit::names::parse_email` before.
    pub to: String,
    /// The reader's language (BCP 47).
    pub lang: String,
    /// Which letter it is.
    pub kind: &'static str,
    /// What fills subject and templates.
    pub data: Value,
    /// A stable id such as `<post-7@host>`; without one it is made from the job, so that a repeated try is the same letter.
    pub message_id: Option<String>,
    /// The thread it belongs to, such as `<thread-3@host>`.
    pub references: Option<String>,
    /// Where to leave this mailing without signing in, for `List-Unsubscribe`.
    pub unsubscribe: Option<String>,
}

/// A [`Letter`] as it waits in the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// One address.
    pub to: String,
    /// The reader's language (BCP 47).
    pub lang: String,
    /// Which letter it is.
    pub kind: String,
    /// What fills subject and templates.
    pub data: Value,
    /// Its own id.
    pub message_id: Option<String>,
    /// The thread it belongs to.
    pub references: Option<String>,
    /// Where to leave this mailing.
    pub unsubscribe: Option<String>,
    /// When it was written.
    pub at: At,
    /// What it tells of: the letter goes only if the reader may still see that when it is sent.
    #[serde(default)]
    pub about: Option<About>,
}

/// A member and what a letter tells that member of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    /// The reader.
    pub member: MemberId,
    /// Such as `post`.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: i64,
}

/// A [`Letter`] as it is put into the queue.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    letter: &'a Letter,
    at: At,
    about: Option<&'a About>,
}

/// Enqueues a letter, to be sent once this transaction has committed.
///
/// # Errors
/// A fault where the database fails.
pub fn enqueue(tx: &mut Tx<'_>, letter: &Letter) -> Result<()> {
    put(tx, letter, None)
}

/// Enqueues a letter that tells of something: whether its reader may see that is asked again when it is sent.
///
/// # Errors
/// A fault where the database fails.
pub fn enqueue_about(tx: &mut Tx<'_>, letter: &Letter, about: &About) -> Result<()> {
    put(tx, letter, Some(about))
}

/// A letter as it lies in the database. It holds links that sign in or confirm, so whoever reads a backup without the
/// key file must not be able to read it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    sealed: String,
}

fn place() -> Place {
    Place::new("jobs", JOB, "payload")
}

fn put(tx: &mut Tx<'_>, letter: &Letter, about: Option<&About>) -> Result<()> {
    let at = tx.now();
    let written = serde_json::to_vec(&Written { letter, at, about })?;
    let sealed = tx
        .house()
        .ring
        .seal(&place(), &written)
        .map_err(|e| Stop::Fault(Fault::from_error("sealing a letter", e)))?;
    let sealed = BASE64.encode(sealed);
    jobs::enqueue(tx, JOB, &Sealed { sealed })
}

/// Seals waiting letters again that were sealed with an older key: those after this job, at most so many. Answers the last one
/// that was looked at; `None` where there are no more.
///
/// # Errors
/// A fault where the database fails. A letter that does not open stays as it is.
pub fn seal_again(tx: &mut Tx<'_>, after: JobId, most: i64) -> Result<Option<JobId>> {
    jobs::rewrite(tx, JOB, after, most, |tx, payload| {
        let ring = &tx.house().ring;
        let Ok(Sealed { sealed }) = serde_json::from_str(payload) else {
            return Ok(None);
        };
        let Ok(sealed) = BASE64.decode(sealed) else {
            return Ok(None);
        };
        if Keyring::sealed_with(&sealed) == Some(ring.current_id()) {
            return Ok(None);
        }
        let Ok(written) = ring.open(&place(), &sealed) else {
            return Ok(None);
        };
        let sealed = ring
            .seal(&place(), &written)
            .map_err(|e| Stop::Fault(Fault::from_error("sealing a letter", e)))?;
        let sealed = BASE64.encode(sealed);
        Ok(Some(serde_json::to_string(&Sealed { sealed })?))
    })
}

/// Opens a letter that waits; one that was put there before letters were sealed is read as it is.
///
/// # Errors
/// A fault where the key is gone or the row is damaged.
pub fn open(ring: &Keyring, payload: &str) -> Result<Waiting> {
    let Ok(Sealed { sealed }) = serde_json::from_str(payload) else {
        return Ok(serde_json::from_str(payload)?);
    };
    let broken = |e: &dyn std::fmt::Display| Stop::fault(format!("opening a letter: {e}"));
    let sealed = BASE64.decode(sealed).map_err(|e| broken(&e))?;
    let written = ring.open(&place(), &sealed).map_err(|e| broken(&e))?;
    Ok(serde_json::from_slice(&written)?)
}

/// May the reader of this letter still see what it tells of?
///
/// # Errors
/// What a joint answers.
pub(super) fn still_due(tx: &mut Tx<'_>, letter: &Waiting) -> Result<bool> {
    let Some(about) = &letter.about else {
        return Ok(true);
    };
    for joint in &tx.house().joints.may_be_told {
        if !joint(tx, about.member, &about.subject_kind, about.subject_id)? {
            return Ok(false);
        }
    }
    Ok(true)
}
