//! The built-in announcements page with its feeds: the channel that needs nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::pictures::Carriage;
use super::{Kind, Letter, Manner, Role, SecretRule};
use crate::bridge::message::{Picture, Quote};
use crate::kit::Result;
use crate::kit::stop::Problems;

/// The kind.
pub static PAGE: Page = Page;

/// The kind `page`.
pub struct Page;

/// The most characters of a text on the page.
const LIMIT: usize = 2000;

/// An entry as it stands in the frozen bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub title: String,
    pub text: String,
    pub lang: String,
    pub source_path: String,
    pub said: Vec<Quote>,
    /// Left out where there is none, so that older payloads keep their hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

impl Entry {
    /// Its picture, as the row of the page keeps it.
    pub fn picture_column(&self) -> Result<String> {
        match &self.picture {
            Some(picture) => Ok(serde_json::to_string(picture)?),
            None => Ok(String::new()),
        }
    }
}

/// What people read of it, in English; other languages say it in `locales/`.
const SENTENCES: &str = r"
bridge-kind-page = Announcements page
highlights-place-page = Our announcements page
compose-frame-page = on our own site
";

impl Kind for Page {
    fn word(&self) -> &'static str {
        "page"
    }

    fn manner(&self) -> Manner {
        Manner {
            role: Role::BuiltIn,
            is_public: true,
            link_beside: true,
            takes_hashtags: false,
            usual_limit: None,
        }
    }

    fn sentences(&self) -> &'static str {
        SENTENCES
    }

    fn limit(&self, _config: &Value) -> Option<usize> {
        Some(LIMIT)
    }

    fn secret(&self) -> SecretRule {
        SecretRule::None
    }

    fn carriage(&self, _config: &Value, _link: &str) -> Carriage {
        Carriage::Along
    }

    fn check_config(&self, _config: &Value) -> Result<Value, Problems> {
        Ok(json!({}))
    }

    fn destination(&self, _config: &Value) -> String {
        "/announcements".to_owned()
    }

    fn freeze(&self, letter: &Letter<'_>) -> Result<String> {
        let Some(message) = letter.message else {
            return Ok("{}".to_owned());
        };
        super::webhook::fits("text", self.count_length(&message.text), LIMIT)?;
        let entry = Entry {
            title: message.title.clone(),
            text: message.text.clone(),
            lang: message.lang.clone(),
            source_path: message.source_path.clone(),
            said: message.quotes.clone(),
            picture: message.picture.clone(),
        };
        Ok(serde_json::to_string(&entry)?)
    }
}
