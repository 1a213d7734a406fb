//! Fields of forms, as browsers send them.

use serde::de::DeserializeOwned;

use crate::kit::{Refusal, Result};

/// Reads a form's fields into a struct. Fields that are missing take the struct's default; unknown ones are passed over
/// (the guard's own are among them); a list takes every field of its name.
///
/// # Errors
/// Unreadable where the encoding is broken or a field cannot be what it should be.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    // What is no text would be read with gaps in it, and kept so.
    if percent_encoding::percent_decode(body)
        .decode_utf8()
        .is_err()
    {
        return Err(Refusal::Unreadable("form").into());
    }
    serde_html_form::from_bytes(body).map_err(|_| Refusal::Unreadable("form").into())
}

/// The one field that the guard and the double-click watch need, without reading the rest.
#[must_use]
pub fn field(body: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(body)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
