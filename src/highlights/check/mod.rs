//! The rules for a text that is to leave the house: those of house style, which judge words (`guidelines::check`), and
//! here those that only this room can judge: consent, embargo, what is on its way already. The report is frozen
//! beside the text.

use std::sync::Arc;

use super::pictures::Chosen;
use super::places::Place;
use super::scope::{Attribution, Covered};
use crate::content::excerpt::normalise;
use crate::content::uploads::ALT_CHARS;
use crate::guidelines::{self, Earlier, HouseStyle, Length, Text};
use crate::kit::At;

pub use crate::guidelines::{Finding, LINK_MARK, Level, Report, strangers};

/// One person whose words may be said, or who is named, with what that person agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The consented words; `None` for somebody who is only named.
    pub excerpt: Option<String>,
    /// The handle.
    pub handle: String,
    /// The display name as it is today.
    pub display: String,
    /// How the person is named.
    pub attribution: Attribution,
    /// The name that was agreed to; `None` for a member without a name.
    pub named: Option<String>,
    /// May parts be left out?
    pub trimming: bool,
    /// Works for the house, as its roles say.
    pub affiliated: bool,
}

impl Voice {
    /// The same person as the rules of house style see one.
    pub(super) fn ruled(&self) -> guidelines::Voice {
        let first = Attribution::FirstName
            .named(&self.display)
            .unwrap_or_default();
        let unsaid = match self.attribution {
            Attribution::Name => vec![],
            Attribution::FirstName => vec![self.display.clone(), self.handle.clone()],
            Attribution::Member => vec![self.display.clone(), first, self.handle.clone()],
        };
        guidelines::Voice {
            excerpt: self.excerpt.clone(),
            named: self.named.clone(),
            unsaid,
            trimming: self.trimming,
            affiliated: self.affiliated,
        }
    }
}

/// Everything that the rules need to know besides the text.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Who may be quoted and named, and how.
    pub voices: Vec<Voice>,
    /// What all consents together allow.
    pub covered: Covered,
    /// Where it is to be said.
    pub place: Place,
    /// The link with its code, or one of the same length while there is none yet.
    pub link: String,
    /// Not before this moment.
    pub embargo_until: Option<At>,
    /// When it is to be said.
    pub planned_at: At,
    /// Another announcement of the same highlight at the same channel has not finished.
    pub unfinished_before: bool,
    /// It was said at this channel before.
    pub said_before: bool,
    /// Names of members who were not asked and may not be named.
    pub unasked: Vec<String>,
    /// Names and titles that not everybody may see.
    pub restricted: Vec<String>,
    /// What was said before: the words, how many days ago, and whether it was this highlight.
    pub earlier: Vec<(String, i64, bool)>,
    /// The language it is said in (BCP 47); empty where that is not judged.
    pub lang: String,
    /// The picture that goes with it.
    pub picture: Option<Chosen>,
    /// House style as it is in force.
    pub style: Arc<HouseStyle>,
}

/// A channel's own way to measure a text.
pub struct Measure<'m> {
    /// The length of a text as the channel counts it.
    pub count: &'m dyn Fn(&str) -> usize,
    /// The most it takes.
    pub limit: Option<usize>,
}

/// The text with its link: where the mark stands, or at the end; where the link travels beside the words, only at a mark.
#[must_use]
pub fn compose(text: &str, link: &str, place: Place) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.contains(LINK_MARK) {
        text.replacen(LINK_MARK, link, 1)
    } else if place.link_beside() {
        text.to_owned()
    } else {
        format!("{text}\n{link}")
    }
}

/// The standard frame: the words in quotation marks, who said them, where. What the consent page previews, and the
/// text that a publisher begins with.
#[must_use]
pub fn standard_frame(voices: &[Voice], nameless: &str, said_in: &str, title: &str) -> String {
    let mut lines: Vec<String> = voices
        .iter()
        .filter_map(|voice| {
            let words = normalise(voice.excerpt.as_deref()?);
            let name = voice.named.as_deref().unwrap_or(nameless);
            Some(format!("{} {name}", quoted(&words)))
        })
        .collect();
    if lines.is_empty() {
        lines.push(title.to_owned());
    }
    format!("{}\n{said_in}", lines.join("\n"))
}

/// Words in quotation marks that do not stand in the words themselves, so that the span's end is never in doubt.
fn quoted(words: &str) -> String {
    let pair = [("“", "”"), ("«", "»"), ("\"", "\"")]
        .into_iter()
        .find(|(open, close)| !words.contains(open) && !words.contains(close))
        .unwrap_or(("“", "”"));
    format!("{}{words}{}", pair.0, pair.1)
}

/// Holds a text against every rule.
#[must_use]
pub fn check(text: &str, matter: &Matter, measure: &Measure<'_>) -> Report {
    let voices: Vec<guidelines::Voice> = matter.voices.iter().map(Voice::ruled).collect();
    let earlier: Vec<Earlier<'_>> = matter
        .earlier
        .iter()
        .map(|(words, days_ago, same_source)| Earlier {
            words,
            days_ago: *days_ago,
            same_source: *same_source,
        })
        .collect();
    let length = Length {
        is: (measure.count)(&compose(text, &matter.link, matter.place)),
        most: measure.limit,
    };
    let pictures: Vec<guidelines::Picture<'_>> = matter
        .picture
        .iter()
        .map(|picture| guidelines::Picture {
            alt: &picture.alt,
            file_name: picture.upload.as_ref().map_or("", |u| u.name.as_str()),
            most: Some(ALT_CHARS),
        })
        .collect();
    let ruled = Text {
        words: text,
        length: Some(length),
        voices: &voices,
        unasked: &matter.unasked,
        lang: Some(matter.lang.as_str()).filter(|lang| !lang.is_empty()),
        restricted: &matter.restricted,
        earlier: &earlier,
        pictures: &pictures,
        ..Text::default()
    };
    let mut report = guidelines::check(&matter.style, &ruled);
    consents(&mut report, matter);
    if let Some(picture) = &matter.picture {
        beside(&mut report, picture, &ruled, matter);
    }
    if matter.unfinished_before {
        report.add("dup.unfinished", Level::Error, &[]);
    }
    if matter.said_before {
        report.add("dup.again", Level::Warning, &[]);
    }
    report.sort();
    report
}

fn consents(report: &mut Report, matter: &Matter) {
    if !matter.covered.has(matter.place) {
        let place = matter.place.as_str().to_owned();
        report.add("consent.place", Level::Error, &[("place", place)]);
    }
    if matter
        .embargo_until
        .is_some_and(|until| matter.planned_at < until)
    {
        report.add("embargo", Level::Error, &[]);
    }
}

/// What would say too much in a picture's description as it would in the text.
const UNSAYABLE: [&str; 5] = [
    "attribution.more",
    "attribution.unasked",
    "link.home",
    "mention.none",
    "secret.title",
];

/// The picture may go along, and its description says nothing that the text may not say.
fn beside(report: &mut Report, picture: &Chosen, text: &Text<'_>, matter: &Matter) {
    let Some(upload) = &picture.upload else {
        report.add("picture.consent", Level::Error, &[]);
        return;
    };
    let described = Text {
        words: &picture.alt,
        voices: text.voices,
        unasked: text.unasked,
        restricted: text.restricted,
        ..Text::default()
    };
    let found = guidelines::check(&matter.style, &described);
    // What the picture's author wrote may quote a sign in it; what was written here is no place for quotations.
    let quotes = picture.alt != upload.alt && found.has("quote.consent");
    if quotes || UNSAYABLE.iter().any(|rule| found.has(rule)) {
        report.add("picture.words", Level::Error, &[]);
    }
}

#[cfg(test)]
mod tests;
