//! Forms that carry files (RFC 7578), read from a body that has been received whole and within its limit.

use crate::kit::{Refusal, Result};

/// Most parts of a form.
const MOST_PARTS: usize = 20;
/// Most bytes of a part's headers.
const MOST_HEAD: usize = 2_048;

/// One field of such a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'b> {
    /// The field's name.
    pub name: String,
    /// Its bytes; a file's name and type are not looked at, since anybody can write anything there.
    pub bytes: &'b [u8],
}

/// The boundary that a content type names, where it is one of such forms.
#[must_use]
pub fn boundary(content_type: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = rest.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"').to_owned())
    })?;
    let good = (1..=70).contains(&value.len()) && value.bytes().all(|b| (b' '..=b'~').contains(&b));
    good.then_some(value)
}

/// The fields of the form.
///
/// # Errors
/// Unreadable where it is not one.
pub fn parts<'b>(boundary: &str, body: &'b [u8]) -> Result<Vec<Part<'b>>> {
    read(boundary, body).ok_or_else(|| Refusal::Unreadable("form").into())
}

/// A field's text, without asking for the rest of the form to be right.
#[must_use]
pub fn text(boundary: &str, body: &[u8], name: &str) -> Option<String> {
    let found = read(boundary, body)?;
    let part = found.into_iter().find(|part| part.name == name)?;
    String::from_utf8(part.bytes.to_vec()).ok()
}

fn read<'b>(boundary: &str, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut found = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(found);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        if found.len() == MOST_PARTS {
            return None;
        }
        let window = rest.get(..rest.len().min(MOST_HEAD))?;
        let head_end = find(window, b"\r\n\r\n")?;
        let name = field_name(rest.get(..head_end)?)?;
        rest = rest.get(head_end + 4..)?;
        let end = find(rest, between.as_bytes())?;
        found.push(Part {
            name,
            bytes: rest.get(..end)?,
        });
        rest = rest.get(end + between.len()..)?;
    }
}

/// The name in `Content-Disposition: form-data; name="file"; filename="x.png"`.
fn field_name(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let line = head.split("\r\n").find(|line| {
        line.split_once(':')
            .is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
    })?;
    line.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("name")
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = hay.get(from..)?.iter().position(|b| *b == first) {
        let at = from + at;
        if hay.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(fields: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, bytes) in fields {
            body.extend_from_slice(format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xyz--\r\n");
        body
    }

    #[test]
    fn the_boundary_is_read() {
        let of = |text| boundary(text);
        assert_eq!(
            of("multipart/form-data; boundary=abc").as_deref(),
            Some("abc")
        );
        assert_eq!(
            of("Multipart/Form-Data; charset=x; boundary=\"a b\"").as_deref(),
            Some("a b")
        );
        for bad in [
            "multipart/form-data",
            "text/plain; boundary=a",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\u{1}",
        ] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_broken_form_is_none() {
        for body in [
            &b""[..],
            b"--xyz",
            b"--xyz\r\n",
            b"--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--",
            b"--other\r\n",
            b"--xyz\r\n\r\n",
        ] {
            assert!(parts("xyz", body).is_err(), "{body:?}");
        }
        let many: Vec<(&str, &[u8])> = vec![("a", b"b"); MOST_PARTS + 1];
        assert!(parts("xyz", &form(&many)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_file_arrives(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let body = form(&[("csrf", b"t"), ("file", &bytes)]);
            prop_assume!(!bytes.windows(7).any(|w| w == b"\r\n--xyz"));
            let found = parts("xyz", &body).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(found[1].bytes, &bytes[..]);
            prop_assert_eq!(text("xyz", &body, "csrf"), Some("t".to_owned()));
        }

        #[test]
        fn nothing_bursts(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parts("xyz", &body);
        }
    }
}
