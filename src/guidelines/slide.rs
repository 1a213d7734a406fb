//! A document on one page for the wall: its headings, and under each the words in bold that carry it.

use serde::Serialize;

use super::numbered::lead;
use super::version::Version;

/// The most headings on a slide.
const MOST_SECTIONS: usize = 4;
/// The most points under a heading.
const MOST_POINTS: usize = 7;

/// What stands on a slide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Slide {
    /// The first sentence before the first heading; empty where there is none.
    pub lead: String,
    /// The headings with their points.
    pub sections: Vec<Section>,
}

/// A heading and what it comes down to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The points: the words in bold at the beginning of a paragraph or an item, else its first sentence.
    pub points: Vec<String>,
}

impl Version {
    /// The document on one slide.
    #[must_use]
    pub fn slide(&self) -> Slide {
        slide(&self.body_source)
    }
}

/// Reads the headings of a Markdown text and what stands in short under each.
fn slide(source: &str) -> Slide {
    let mut slide = Slide::default();
    for paragraph in paragraphs(source) {
        if let Some(title) = paragraph.strip_prefix('#') {
            if slide.sections.len() == MOST_SECTIONS {
                break;
            }
            slide.sections.push(Section {
                title: lead(title.trim_start_matches('#').trim()),
                points: Vec::new(),
            });
            continue;
        }
        let point = lead(unmarked(&paragraph));
        match slide.sections.last_mut() {
            Some(section) if section.points.len() < MOST_POINTS => section.points.push(point),
            Some(_) => {}
            None if slide.lead.is_empty() => slide.lead = point,
            None => {}
        }
    }
    slide
}

/// Headings, paragraphs and items of lists, each on its own.
fn paragraphs(source: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for line in source.lines().map(str::trim) {
        let begins = line.starts_with('#') || unmarked(line).len() < line.len();
        if line.is_empty() {
            open = false;
        } else if let (true, false, Some(last)) = (open, begins, all.last_mut()) {
            last.push(' ');
            last.push_str(line);
        } else {
            all.push(line.to_owned());
            open = !line.starts_with('#');
        }
    }
    all
}

/// An item of a list without its number or bullet.
fn unmarked(line: &str) -> &str {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = ["- ", "+ ", "* "].iter().find_map(|b| line.strip_prefix(b));
    let numbered = (number.len() < line.len())
        .then(|| {
            number
                .strip_prefix(". ")
                .or_else(|| number.strip_prefix(") "))
        })
        .flatten();
    bullet.or(numbered).unwrap_or(line).trim_start()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slide_holds_headings_and_what_they_come_down_to() {
        let source = "A harbour. More.\n\n## What it is\n\n**A place.** You come in,\nand stay.\n\nIt has no door. None.\n\n## Promises\n1. *Members* bring what they know.\n2. Others listen.\n";
        let slide = slide(source);
        assert_eq!(slide.lead, "A harbour");
        let of = |i: usize| {
            (
                slide.sections[i].title.as_str(),
                slide.sections[i].points.clone(),
            )
        };
        assert_eq!(
            of(0),
            (
                "What it is",
                vec!["A place".to_owned(), "It has no door".to_owned()]
            )
        );
        assert_eq!(of(1).1, ["Members bring what they know", "Others listen"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_slide_panic_or_overflow(source in any::<String>()) {
            let slide = slide(&source);
            prop_assert!(slide.sections.len() <= MOST_SECTIONS);
            prop_assert!(slide.sections.iter().all(|s| s.points.len() <= MOST_POINTS));
        }
    }
}
