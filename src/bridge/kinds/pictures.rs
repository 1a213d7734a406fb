//! The picture that goes along with the words: frozen with them by its name, uploaded to the channel right before they are
//! said. An upload that nothing was said with is thrown away by the channel, so whatever happens to it, nothing was said.

use serde::Serialize;
use serde_json::{Value, json};
use url::{Host, Url};

use super::tools::Tools;
use crate::bridge::adapter::{Job, Observed, Outcome};
use crate::bridge::message::{Message, Picture};
use crate::content::uploads;
use crate::kit::Stop;
use crate::kit::http::{Request, is_public};

/// Where a frozen payload keeps it; the channel never sees this name.
const FIELD: &str = "picture";

/// Whether a picture goes along with the words at a channel, for whoever writes them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carriage {
    /// It goes along, and so does what it shows.
    Along,
    /// It goes along, where there is no place for what it shows.
    Bare,
    /// Whoever posts it by hand adds it.
    ByHand,
    /// Not by the way this channel is connected; by another it would.
    NotThisWay,
    /// The channel fetches pictures, and this server has no address that it could reach.
    NoAddress,
    /// The channel takes none.
    #[default]
    Never,
}

impl Carriage {
    /// Where a picture is fetched by the channel: only from an address that it can reach.
    pub(super) fn fetched(link: &str) -> Self {
        if is_reachable(link) {
            Self::Along
        } else {
            Self::NoAddress
        }
    }

    /// Its word in sentences and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Along => "along",
            Self::Bare => "bare",
            Self::ByHand => "by-hand",
            Self::NotThisWay => "not-this-way",
            Self::NoAddress => "no-address",
            Self::Never => "never",
        }
    }

    /// Is it seen there together with the words?
    #[must_use]
    pub const fn shows(self) -> bool {
        matches!(self, Self::Along | Self::Bare | Self::ByHand)
    }
}

/// Can anybody on the internet ask for what stands under this address?
fn is_reachable(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else {
        return false;
    };
    let private = [".localhost", ".local", ".internal", ".home.arpa", ".test"];
    url.scheme() == "https"
        && match url.host() {
            Some(Host::Domain(name)) => {
                name.contains('.') && !private.iter().any(|ending| name.ends_with(ending))
            }
            Some(Host::Ipv4(ip)) => is_public(ip.into()),
            Some(Host::Ipv6(ip)) => is_public(ip.into()),
            None => false,
        }
}

/// Where the picture of a message can be fetched from outside, if it can.
pub(super) fn public_address(message: &Message) -> Option<(String, &Picture)> {
    let picture = message.picture.as_ref()?;
    let url = Url::parse(&message.link).ok()?.join(&picture.path()).ok()?;
    is_reachable(&message.link).then(|| (url.to_string(), picture))
}

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

/// A picture's file in a form.
pub(super) struct FormFile<'f> {
    /// The name of the field.
    pub(super) field: &'f str,
    /// The picture.
    pub(super) picture: &'f Picture,
    /// Its bytes.
    pub(super) bytes: &'f [u8],
}

/// A form with some text and one file at its end (RFC 7578): its content type and its bytes. The mark between the parts is
/// made of the delivery's key, which stands in no picture and in no text.
pub(super) fn form(job: &Job, texts: &[(&str, &str)], file: &FormFile<'_>) -> (String, Vec<u8>) {
    let mark: String = job
        .key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(48)
        .collect();
    let mark = format!("loggia-{mark}");
    let mut body = String::new();
    for (name, text) in texts {
        body += &format!(
            "--{mark}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
        );
    }
    body += &format!(
        "--{mark}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
        file.field,
        file_name(file.picture),
        file.picture.media_type
    );
    let mut body = body.into_bytes();
    body.extend_from_slice(file.bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={mark}"), body)
}

/// What a picture's file is called outside: nothing of its own name, but the ending that says what it is.
pub(super) fn file_name(picture: &Picture) -> &'static str {
    match picture.media_type.as_str() {
        "image/png" => "picture.png",
        _ => "picture.jpg",
    }
}

/// A request with such a form in it.
pub(super) fn with_form(
    request: Option<Request>,
    (kind, body): (String, Vec<u8>),
) -> Option<Request> {
    let request = request?.header("content-type", &kind)?;
    Some(Request { body, ..request })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_anybody_can_reach_has_a_public_address() {
        for good in ["https://commons.example/h/A", "https://93.184.216.34/h/A"] {
            assert!(is_reachable(good), "{good}");
        }
        for bad in [
            "http://commons.example/h/A",
            "https://localhost/h/A",
            "https://box.local/h/A",
            "https://192.168.1.4/h/A",
            "https://[::1]/h/A",
            "commons.example",
        ] {
            assert!(!is_reachable(bad), "{bad}");
        }
    }
}
