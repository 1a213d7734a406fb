//! What an admin sets of a category, checked before it stands.

use unicode_segmentation::UnicodeSegmentation;

use super::category::{Grant, Who};
use super::tags::{Tag, Tags};
use crate::kit::ids::CategoryId;
use crate::kit::{Problems, Result};

/// Longest name, in graphemes.
const NAME: usize = 80;
/// Longest description, in characters.
const DESCRIPTION: usize = 600;
/// Most lines of grants.
const GRANTS: usize = 40;

/// Most bytes of the tags that a category allows.
const ALLOWED_TAGS: usize = 4_000;

/// The tags of a list as they are written everywhere.
fn names(typed: &str) -> String {
    let tags = Tags::list(typed);
    let names: Vec<&str> = tags.iter().map(Tag::name).collect();
    names.join(", ")
}

/// What an admin sets of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryDraft {
    /// The category it stands in; `None` at the top.
    pub parent: Option<CategoryId>,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// The language spoken there (BCP 47); empty: the site's.
    pub lang: String,
    /// Its posts may be nominated.
    pub nominable: bool,
    /// Takes no new threads and replies.
    pub closed: bool,
    /// The most tags that a thread in it has, 0 to 5.
    pub tag_limit: i64,
    /// The only tags that its threads have, separated by commas; empty: any.
    pub allowed_tags: String,
    /// Who may do what; empty: everyone sees, members reply and start.
    pub grants: Vec<Grant>,
}

impl Default for CategoryDraft {
    fn default() -> Self {
        Self {
            parent: None,
            name: String::new(),
            description: String::new(),
            colour: "#0b5d5e".to_owned(),
            lang: String::new(),
            nominable: true,
            closed: false,
            tag_limit: 5,
            allowed_tags: String::new(),
            grants: Vec::new(),
        }
    }
}

impl CategoryDraft {
    /// The same with white space tidied.
    ///
    /// # Errors
    /// Problems with `name`, `description`, `colour`, `lang` or `grants`.
    pub(super) fn checked(&self) -> Result<Self> {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let draft = Self {
            name: line(&self.name),
            description: line(&self.description),
            colour: self.colour.trim().to_ascii_lowercase(),
            lang: self.lang.trim().to_owned(),
            allowed_tags: names(&self.allowed_tags),
            ..self.clone()
        };
        let mut problems = Problems::default();
        if !draft.name.chars().any(char::is_alphanumeric) {
            problems.add("name", "needed", &[]);
        }
        if draft.name.graphemes(true).count() > NAME || draft.name.len() > NAME * 16 {
            problems.add("name", "too-long", &[("most", NAME.to_string())]);
        }
        if draft.description.chars().count() > DESCRIPTION {
            problems.add(
                "description",
                "too-long",
                &[("most", DESCRIPTION.to_string())],
            );
        }
        if !is_colour(&draft.colour) {
            problems.add("colour", "no-colour", &[]);
        }
        if !draft.lang.is_empty()
            && draft
                .lang
                .parse::<unic_langid::LanguageIdentifier>()
                .is_err()
        {
            problems.add("lang", "no-language", &[]);
        }
        if !(0..=5).contains(&draft.tag_limit) {
            problems.add("tag_limit", "tag-limit", &[]);
        }
        if draft.allowed_tags.len() > ALLOWED_TAGS {
            problems.add(
                "allowed_tags",
                "too-long",
                &[("most", ALLOWED_TAGS.to_string())],
            );
        }
        if draft.grants.len() > GRANTS {
            problems.add("grants", "too-many-grants", &[("most", GRANTS.to_string())]);
        }
        let nameless = |g: &Grant| (g.who == Who::Group) != g.group.is_some();
        if draft.grants.iter().any(nameless) {
            problems.add("grants", "grant-without-group", &[]);
        }
        problems.check()?;
        Ok(draft)
    }
}

/// `#rrggbb` and nothing else.
pub(super) fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_six_digits() {
        assert!(is_colour("#0b5d5e"));
        for text in ["0b5d5e", "#fff", "#0b5d5g", "red", "#0b5d5e;}"] {
            assert!(!is_colour(text), "{text}");
        }
    }

    #[test]
    fn a_name_is_needed() {
        assert!(CategoryDraft::default().checked().is_err());
        let named = CategoryDraft {
            name: "  Field   notes ".to_owned(),
            ..CategoryDraft::default()
        };
        assert_eq!(
            named.checked().map(|d| d.name).ok().as_deref(),
            Some("Field notes")
        );
    }
}
