//! What somebody typed, given back where the page of an error takes the place of the form that held it.

use actix_web::http::Method;
use serde::Serialize;

use super::call::Call;
use super::guard;
use super::routes::Kind;

/// The fields that people write sentences in. Whatever is not among them is never shown: passwords, codes and tokens are
/// fields of forms, too, and some of them have the names that a channel gave them.
const FIELDS: [&str; 26] = [
    "allow",
    "answer",
    "bio",
    "body",
    "description",
    "disclosure",
    "excerpt",
    "links",
    "master",
    "mentions",
    "message",
    "note",
    "patterns",
    "picture_alt",
    "poll_options",
    "poll_question",
    "rather",
    "reason",
    "swap",
    "tags",
    "text",
    "title",
    "why",
    "wish",
    "words",
    "yaml",
];
/// The same for fields of which a form has one for each of several things: `text-12`.
const NUMBERED: [&str; 2] = ["alt-", "text-"];
/// A form that holds nothing longer than this, in characters, is typed anew sooner than it is copied.
const SHORT: usize = 12;
/// Most fields that are given back. How long they are together, the limit of a form says.
const MOST: usize = 20;

/// A field's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Written {
    /// Which one it is, from 1.
    pub number: usize,
    /// As it was typed.
    pub text: String,
    /// It goes over several lines, or is as long as if it did.
    pub long: bool,
}

impl Written {
    pub(super) fn new(number: usize, text: &str) -> Self {
        Self {
            number,
            text: text.to_owned(),
            long: text.contains('\n') || text.chars().count() > 80,
        }
    }
}

/// The sentences in the form that a page sent; nothing where there is none worth copying.
pub(super) fn written(call: &Call) -> Vec<Written> {
    let by_page = call.entry().kind == Kind::Page && call.req().method() == Method::POST;
    let kind = guard::content_type(call.req());
    if by_page && kind.starts_with("application/x-www-form-urlencoded") {
        sentences(&call.body())
    } else {
        Vec::new()
    }
}

fn sentences(body: &[u8]) -> Vec<Written> {
    let found: Vec<Written> = url::form_urlencoded::parse(body)
        .filter(|(name, text)| holds_sentences(name) && !text.trim().is_empty())
        .take(MOST)
        .enumerate()
        .map(|(at, (_, text))| Written::new(at + 1, &text))
        .collect();
    let worth = |one: &Written| one.text.trim().chars().count() > SHORT;
    if found.iter().any(worth) {
        found
    } else {
        Vec::new()
    }
}

fn holds_sentences(name: &str) -> bool {
    let numbered = |start: &&str| {
        name.strip_prefix(start)
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    FIELDS.contains(&name) || NUMBERED.iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use regex::Regex;

    use super::*;

    fn texts(body: &str) -> Vec<String> {
        let found = sentences(body.as_bytes()).into_iter();
        found.map(|one| one.text).collect()
    }

    #[test]
    fn sentences_come_back_and_secrets_do_not() {
        let body = "csrf=a-long-token-of-ours&title=A+ring&body=It+sat+on+the%0D%0Abronze+heron&password=a+kingfisher+over+four&tags=";
        assert_eq!(texts(body), ["A ring", "It sat on the\r\nbronze heron"]);
        assert!(sentences(body.as_bytes())[1].long);
        assert!(
            texts("title=A+ring&reason=no").is_empty(),
            "typed anew at once"
        );
        assert_eq!(texts("text-12=A+sentence+that+is+long").len(), 1);
        assert!(
            texts("text-mode=A+sentence+that+is+long&access_token=abcdefghijklmnop").is_empty()
        );
    }

    fn templates(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                templates(&path, found);
            } else {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// A new text area is given back; or whoever makes it says here why it is not.
    #[test]
    fn every_text_area_of_the_templates_comes_back_and_no_secret_does() {
        let mut found = Vec::new();
        templates(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"),
            &mut found,
        );
        let area =
            Regex::new(r#"(?:<textarea [^>]*|partials/area (?:"" )?)name="([^"]+)""#).unwrap();
        let secret = Regex::new(r#"name="([^"]+)" type="(?:password|hidden|email)""#).unwrap();
        let hidden = Regex::new(r#"type="(?:password|hidden|email)" name="([^"]+)""#).unwrap();
        let mut areas = 0;
        for text in &found {
            for name in area.captures_iter(text).map(|found| found[1].to_owned()) {
                areas += 1;
                let name = name.replace("{{id}}", "12");
                assert!(
                    holds_sentences(&name) || name == "{{name}}",
                    "{name} is lost"
                );
            }
            for pattern in [&secret, &hidden] {
                for name in pattern.captures_iter(text).map(|found| found[1].to_owned()) {
                    assert!(!holds_sentences(&name), "{name} is shown");
                }
            }
        }
        assert!(areas > 30, "{areas}");
    }
}
