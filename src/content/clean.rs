//! The allow-list: the last word about what HTML may say. Whatever is not named here does not exist.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::code::Mark;
use super::markdown::own_media;
use super::print::{CALLOUTS, SIZES};

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

/// Keeps what the allow-list names and drops the rest. Cleaning twice is the same as cleaning once.
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

fn cleaner() -> Builder<'static> {
    let tags = [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "a",
        "img",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "sup",
        "section",
        "div",
        "details",
        "summary",
        "span",
    ];
    let attributes = HashMap::from([
        (
            "a",
            HashSet::from(["href", "title", "id", "class", "aria-label"]),
        ),
        (
            "img",
            HashSet::from(["src", "alt", "title", "width", "height", "srcset", "sizes"]),
        ),
        ("code", HashSet::from(["class"])),
        ("p", HashSet::from(["class"])),
        ("div", HashSet::from(["class"])),
        ("details", HashSet::from(["class", "open"])),
        ("span", HashSet::from(["class", "tabindex"])),
        ("ol", HashSet::from(["start"])),
        ("li", HashSet::from(["id", "class"])),
        ("sup", HashSet::from(["class"])),
        ("section", HashSet::from(["class"])),
        ("th", HashSet::from(["align"])),
        ("td", HashSet::from(["align"])),
    ]);
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "noscript",
        ]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener ugc"))
        .strip_comments(true)
        .set_tag_attribute_value("img", "loading", "lazy")
        .attribute_filter(keep_attribute);
    builder
}

/// The values that an allowed attribute may have.
fn keep_attribute<'u>(element: &str, attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let good = match (element, attribute) {
        ("a", "href") => return keep_link(value),
        ("img", "src") => own_media(value, "").is_some(),
        ("img", "width" | "height") => is_number(value),
        ("img", "srcset") => value.split(", ").all(is_choice),
        ("img", "sizes") => value == SIZES,
        ("a" | "li", "id") => return footnote_id(value),
        ("code", "class") => is_language(value),
        ("p", "class") => value == "callout-title",
        ("div" | "details", "class") => is_callout(value),
        ("details", "open") => value.is_empty(),
        ("span", "class") => value == "spoiler" || Mark::is_class(value),
        ("span", "tabindex") => value == "0",
        ("a", "class") => value == "footnote-backref",
        ("a", "aria-label") => value.starts_with("Back to reference ") && value.len() < 60,
        ("li", "class") => value == "task-list-item",
        ("sup", "class") => value == "footnote-ref",
        ("section", "class") => value == "footnotes",
        ("ol", "start") => value.len() <= 9 && value.chars().all(|c| c.is_ascii_digit()),
        ("th" | "td", "align") => matches!(value, "left" | "right" | "center"),
        _ => true,
    };
    good.then_some(Cow::Borrowed(value))
}

/// `callout callout-note` and its kin.
fn is_callout(value: &str) -> bool {
    value
        .strip_prefix("callout callout-")
        .is_some_and(|word| CALLOUTS.contains(&word))
}

fn is_number(value: &str) -> bool {
    (1..=5).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// One of our own pictures and its width: `/media/12/x-480.jpg 480w`.
fn is_choice(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(path, width)| {
        own_media(path, "").is_some() && width.strip_suffix('w').is_some_and(is_number)
    })
}

/// Links inside a text lead to its footnotes only; every other address is ammonia's to judge.
fn keep_link(value: &str) -> Option<Cow<'_, str>> {
    match value.strip_prefix('#') {
        Some(id) => footnote_id(id).map(|id| Cow::Owned(format!("#{id}"))),
        None => Some(Cow::Borrowed(value)),
    }
}

/// `fn-…` as it is; comrak's `fnref-…` becomes `fn-ref-…`, so that one prefix covers all ids in user content.
fn footnote_id(value: &str) -> Option<Cow<'_, str>> {
    let plain = |rest: &str| {
        !rest.is_empty()
            && rest.len() <= 80
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if let Some(rest) = value.strip_prefix("fnref-") {
        return plain(rest).then(|| Cow::Owned(format!("fn-ref-{rest}")));
    }
    value
        .strip_prefix("fn-")
        .filter(|rest| plain(rest))
        .map(|_| Cow::Borrowed(value))
}

fn is_language(value: &str) -> bool {
    value.strip_prefix("language-").is_some_and(|name| {
        !name.is_empty()
            && name.len() <= 30
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'))
    })
}
