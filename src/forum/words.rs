//! What somebody says, rendered: made before the transaction is opened, because rendering is the costly part.

use sha2::{Digest, Sha256};

use super::limits::BODY_BYTES;
use crate::content::uploads::{Named, named_in};
use crate::content::{self, RenderOptions, Rendered, SourceProblem};
use crate::kit::Problems;

/// Most pictures in one post.
const MOST_PICTURES: usize = 20;

/// The words of a post: their source, safe HTML and plain text, checked and rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub(super) source: String,
    pub(super) rendered: Rendered,
    pub(super) links: usize,
    pub(super) media: Vec<Named>,
}

impl Words {
    /// Checks and renders what was typed. `base_url` is the community's own address without a trailing slash.
    ///
    /// # Errors
    /// Problems with the field `body`.
    pub fn parse(typed: &str, base_url: &str) -> Result<Self, Problems> {
        Self::parse_knowing(typed, base_url, &[])
    }

    /// The names that are called in what was typed, to be looked up before it is rendered; none where it is not fit.
    #[must_use]
    pub fn called(typed: &str) -> Vec<String> {
        let fit = typed.contains('@') && content::check_source(typed, BODY_BYTES).is_ok();
        if fit {
            content::mentions(typed)
        } else {
            Vec::new()
        }
    }

    /// As [`Words::parse`], where `@name` becomes a link for those of these names that are called.
    ///
    /// # Errors
    /// Problems with the field `body`.
    pub fn parse_knowing(typed: &str, base_url: &str, known: &[String]) -> Result<Self, Problems> {
        // Carriage returns are what a form adds; twice the size is more than they can add.
        if typed.len() > BODY_BYTES * 2 {
            return Err(problem(SourceProblem::TooLong {
                bytes: typed.len(),
                max: BODY_BYTES,
            }));
        }
        let source = typed.replace("\r\n", "\n").replace('\r', "\n");
        let source = source.trim_end().trim_start_matches('\n');
        content::check_source(source, BODY_BYTES).map_err(problem)?;
        if source.trim().is_empty() {
            return Err(Problems::one("body", "body-missing"));
        }
        let rendered = render(source, base_url, known);
        if rendered.html.trim().is_empty() {
            return Err(Problems::one("body", "body-missing"));
        }
        let links = outward_links(&rendered.html, base_url);
        let media = named_in(&rendered.html);
        if media.iter().any(|picture| !picture.described) {
            return Err(Problems::one("body", "body-alt-missing"));
        }
        if media.len() > MOST_PICTURES {
            let mut problems = Problems::default();
            problems.add(
                "body",
                "body-too-many-pictures",
                &[("most", MOST_PICTURES.to_string())],
            );
            return Err(problems);
        }
        Ok(Self {
            source: source.to_owned(),
            rendered,
            links,
            media,
        })
    }

    /// What was typed, with `\n` at the ends of lines.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Safe HTML.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.rendered.html
    }

    /// Plain text without what is veiled as a spoiler, for places where nobody chose to see it.
    #[must_use]
    pub fn open_text(&self) -> String {
        content::open_words(&self.rendered.html)
    }

    /// Plain text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.rendered.text
    }
}

/// Renders a source the way posts are. Footnotes are told apart on a page by a mark made of the words themselves,
/// since a post has no number yet while it is being written.
pub(super) fn render(source: &str, base_url: &str, known: &[String]) -> Rendered {
    let hash: [u8; 32] = Sha256::digest(source.as_bytes()).into();
    let mark = crate::kit::hex(hash.iter().take(5));
    let options = RenderOptions {
        post_prefix: format!("w{mark}"),
        base_url: base_url.to_owned(),
        known: known.to_vec(),
    };
    content::render(source, &options)
}

fn problem(found: SourceProblem) -> Problems {
    let mut problems = Problems::default();
    match found {
        SourceProblem::TooLong { max, .. } => {
            problems.add("body", "body-too-long", &[("max", max.to_string())]);
        }
        SourceProblem::Nul => problems.add("body", "body-nul", &[]),
        SourceProblem::TooDeep { line } => {
            problems.add("body", "body-too-deep", &[("line", line.to_string())]);
        }
    }
    problems
}

/// How many links lead to other sites.
fn outward_links(html: &str, base_url: &str) -> usize {
    let own = format!("{base_url}/");
    html.match_indices("href=\"")
        .filter_map(|(at, found)| html.get(at + found.len()..))
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
        .filter(|rest| !rest.starts_with(&own))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://forum.example.org";

    fn key(typed: &str) -> Option<String> {
        Words::parse(typed, BASE)
            .err()
            .and_then(|p| p.0.first().map(|p| p.key.clone()))
    }

    #[test]
    fn line_ends_of_forms_are_folded() {
        let words = Words::parse("\r\nOne\r\ntwo\r\n\r\n", BASE).map(|w| w.source);
        assert_eq!(words, Ok("One\ntwo".to_owned()));
    }

    #[test]
    fn nothing_is_not_said() {
        for typed in ["", " \n ", "\r\n"] {
            assert_eq!(key(typed).as_deref(), Some("body-missing"), "{typed:?}");
        }
        assert_eq!(key("a\0b").as_deref(), Some("body-nul"));
    }

    #[test]
    fn the_limit_counts_bytes_without_carriage_returns() {
        assert_eq!(key(&"x\r\n".repeat(BODY_BYTES / 2)), None);
        assert_eq!(
            key(&"x".repeat(BODY_BYTES + 1)).as_deref(),
            Some("body-too-long")
        );
        assert_eq!(
            key(&"x".repeat(BODY_BYTES * 4)).as_deref(),
            Some("body-too-long")
        );
    }

    #[test]
    fn links_to_other_sites_are_counted() {
        let links = |text: &str| Words::parse(text, BASE).map(|w| w.links);
        assert_eq!(links("https://a.example and [b](http://b.example)"), Ok(2));
        assert_eq!(
            links("https://forum.example.org/t/x/1 and [own](/t/x/1)"),
            Ok(0)
        );
        assert_eq!(links("https://forum.example.org.evil.example/"), Ok(1));
    }
}
