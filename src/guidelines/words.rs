//! A document's text, checked and rendered before the transaction.

use sha2::{Digest, Sha256};

use super::style::StyleSource;
use super::version::Version;
use crate::content::{RenderOptions, SourceProblem, check_source, render_document};
use crate::kit::{Problems, Result};

/// The longest document, in bytes of Markdown.
const MOST_BYTES: usize = 100_000;

/// A document's text, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub(super) source: String,
    pub(super) html: String,
    /// House style as JSON; `None` leaves what stands.
    pub(super) rules: Option<String>,
}

impl Words {
    /// Checks and renders Markdown; costly, so it is done before a transaction is opened.
    ///
    /// # Errors
    /// The problems of the field `body`: empty, too long, unreadable.
    pub fn parse(source: &str, base_url: &str) -> Result<Self, Problems> {
        // Browsers send CRLF; one kind of line end keeps versions comparable and hashes equal.
        let source = source.replace("\r\n", "\n");
        let source = source.trim_end();
        if source.trim().is_empty() {
            return Err(Problems::one("body", "needed"));
        }
        check_source(source, MOST_BYTES).map_err(|problem| named(&problem))?;
        let options = RenderOptions {
            post_prefix: "d".to_owned(),
            base_url: base_url.to_owned(),
            ..RenderOptions::default()
        };
        Ok(Self {
            html: render_document(source, &options).html,
            source: source.to_owned(),
            rules: None,
        })
    }

    /// The text of a version again, under other rules.
    pub(super) fn again(version: &Version, rules: String) -> Self {
        Self {
            source: version.body_source.clone(),
            html: version.body_html.clone(),
            rules: Some(rules),
        }
    }

    /// The same text with this house style.
    ///
    /// # Errors
    /// The problems of the rules; a fault where they cannot be written as JSON.
    pub fn with_style(mut self, style: &StyleSource) -> Result<Self> {
        style.ready()?;
        self.rules = Some(super::house_style::stored(style)?);
        Ok(self)
    }

    /// The house style that this text comes with, or else the one that stands.
    pub(super) fn rules_or(&self, stands: &str) -> String {
        self.rules.clone().unwrap_or_else(|| stands.to_owned())
    }

    /// SHA-256 of the text and, where there is one, of its house style: what an editor has seen, and what is acknowledged.
    pub(super) fn hash(&self, rules: &str) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(self.source.as_bytes());
        if !rules.is_empty() {
            digest.update([0]);
            digest.update(rules.as_bytes());
        }
        digest.finalize().to_vec()
    }

    /// Safe HTML, for a preview.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }
}

fn named(problem: &SourceProblem) -> Problems {
    let mut problems = Problems::default();
    match problem {
        SourceProblem::TooLong { max, .. } => {
            problems.add("body", "too-long", &[("most", max.to_string())]);
        }
        SourceProblem::Nul => problems.add("body", "nul", &[]),
        SourceProblem::TooDeep { line } => {
            problems.add("body", "too-deep", &[("line", line.to_string())]);
        }
    }
    problems
}
