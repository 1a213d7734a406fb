//! The picture that goes along with the words: frozen with them by its name, uploaded to the channel right before they are
//! said. An upload that nothing was said with is thrown away by the channel, so whatever happens to it, nothing was said.

use serde_json::{Value, json};

use super::tools::Tools;
use crate::bridge::adapter::{Job, Observed, Outcome};
use crate::bridge::message::{Message, Picture};
use crate::content::uploads;
use crate::kit::Stop;

/// Where a frozen payload keeps it; the channel never sees this name.
const FIELD: &str = "picture";

/// Puts a message's picture into what is frozen.
pub(super) fn freeze(content: &mut Value, message: &Message) {
    if let Some(picture) = &message.picture {
        content[FIELD] = json!(picture);
    }
}

/// Takes it out again, before the rest is sent.
pub(super) fn take(content: &mut Value) -> Option<Picture> {
    let frozen = content.as_object_mut()?.remove(FIELD)?;
    serde_json::from_value(frozen).ok()
}

/// Whatever came of an upload, no words left with it: what may have arrived is tried again.
pub(super) fn nothing_was_said(observed: Observed) -> Observed {
    let outcome = match observed.outcome {
        Outcome::Unknown(None) | Outcome::SentBlind | Outcome::Sent(_) | Outcome::Duplicate => {
            Outcome::NotSent
        }
        Outcome::Unknown(Some(until)) => Outcome::Throttled(Some(until)),
        other => other,
    };
    Observed {
        outcome,
        status: observed.status,
        note: format!("the picture: {}", observed.note),
    }
}

impl Tools {
    /// The bytes of a picture, of the largest of its sizes that the channel takes.
    ///
    /// # Errors
    /// Rejected where it is not there any more or too large in every size; not sent where the store cannot be read.
    pub(super) async fn bytes_of(
        &self,
        picture: &Picture,
        most: usize,
    ) -> Result<Vec<u8>, Observed> {
        let smaller = uploads::sizes(&picture.name).map_or_else(Vec::new, |sizes| sizes.smaller);
        let smaller = smaller.into_iter().rev().map(|(_, name)| name);
        for name in std::iter::once(picture.name.clone()).chain(smaller) {
            match self.pictures.get(&name).await {
                Ok(bytes) if bytes.len() <= most => return Ok(bytes),
                Ok(_) => {}
                Err(Stop::Refused(_)) => {
                    let note = "the picture is not there any more";
                    return Err(Observed::new(Outcome::Rejected, None, note));
                }
                Err(stop) => {
                    tracing::warn!(%stop, picture = picture.upload.0, "a picture could not be read");
                    let note = "the picture could not be read";
                    return Err(Observed::new(Outcome::NotSent, None, note));
                }
            }
        }
        let note = "the picture is too large for this channel";
        Err(Observed::new(Outcome::Rejected, None, note))
    }
}

/// A form with one file and some text (RFC 7578): its content type and its bytes. The mark between the parts is made of
/// the delivery's key, which stands in no picture and in no description.
pub(super) fn form(job: &Job, picture: &Picture, bytes: &[u8]) -> (String, Vec<u8>) {
    let mark: String = job
        .key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(48)
        .collect();
    let mark = format!("loggia-{mark}");
    let mut body = format!(
        "--{mark}\r\ncontent-disposition: form-data; name=\"description\"\r\n\r\n{}\r\n\
         --{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"picture\"\r\ncontent-type: {}\r\n\r\n",
        picture.alt, picture.media_type
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={mark}"), body)
}
