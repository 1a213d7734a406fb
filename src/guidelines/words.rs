//! A document's text, checked and rendered before the transaction.

use sha2::{Digest, Sha256};

use crate::content::{RenderOptions, SourceProblem, check_source, render_document};
use crate::kit::Problems;

/// The longest document, in bytes of Markdown.
const MOST_BYTES: usize = 100_000;

/// A document's text, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub(super) source: String,
    pub(super) html: String,
    pub(super) hash: Vec<u8>,
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
        };
        Ok(Self {
            html: render_document(source, &options).html,
            hash: Sha256::digest(source.as_bytes()).to_vec(),
            source: source.to_owned(),
        })
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
