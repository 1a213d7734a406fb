//! `/announcements`: for everybody, what was said where, newest first.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, longest, pager};
use crate::bridge::{self, Entry, TakenBack};
use crate::kit::At;
use crate::kit::cursor::Cursor;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Entries on a page.
const ON_A_PAGE: i64 = 20;

#[derive(Debug, Clone, Default, Serialize)]
struct Card {
    code: String,
    title: String,
    lines: Vec<String>,
    lang: String,
    /// Whoever is quoted, as they wished to be named.
    voices: Vec<String>,
    published_at: i64,
    corrected: bool,
    updated_at: i64,
}

impl Card {
    fn of(entry: &Entry) -> Self {
        Self {
            code: entry.code.clone(),
            title: entry.title.clone(),
            lines: entry
                .text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(str::to_owned)
                .collect(),
            lang: entry.lang.clone(),
            voices: named(entry),
            published_at: entry.published_at.0,
            corrected: entry.updated_at > entry.published_at,
            updated_at: entry.updated_at.0,
        }
    }
}

/// Everybody once, in the order of the quotes.
fn named(entry: &Entry) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for quote in &entry.quotes {
        if !quote.attribution.is_empty() && !names.contains(&quote.attribution) {
            names.push(quote.attribution.clone());
        }
    }
    names
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncementsPage {
    cards: Vec<Card>,
    /// What was taken back lately: that it was said, not what.
    taken_back: Vec<TakenBack>,
    pager: Option<Pager>,
}

impl Page for AnnouncementsPage {
    const TEMPLATE: &'static str = "bridge/announcements";

    fn head(&self) -> Head {
        Head::new("bridge-announcements-title")
            .nav("announcements")
            .canonical("/announcements")
            .feed("Atom", "/announcements.atom", "application/atom+xml")
            .feed("RSS", "/announcements.rss", "application/rss+xml")
            .feed("JSON Feed", "/announcements.json", "application/feed+json")
    }

    fn samples() -> Vec<Self> {
        let usual = Card {
            code: "k7mwq2xp".to_owned(),
            title: "A kingfisher in the courtyard".to_owned(),
            lines: vec![
                "Three pairs this spring.".to_owned(),
                "Come and see.".to_owned(),
            ],
            lang: "en".to_owned(),
            voices: vec!["Ines Marlow".to_owned()],
            published_at: 1_700_000_000_000_000,
            corrected: false,
            updated_at: 1_700_000_000_000_000,
        };
        let worst = Card {
            title: longest(),
            lines: vec![longest(); 30],
            lang: "he".to_owned(),
            voices: vec![longest(); 5],
            corrected: true,
            ..usual.clone()
        };
        vec![
            Self::default(),
            Self {
                cards: vec![usual],
                ..Self::default()
            },
            Self {
                cards: vec![worst; 20],
                taken_back: vec![
                    TakenBack {
                        code: "sz3wcxm8".to_owned(),
                        published_at: At(1_700_000_000_000_000),
                        withdrawn_at: At(1_700_600_000_000_000),
                    };
                    20
                ],
                pager: pager(Some("/announcements?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    after: String,
}

/// Shows the page.
pub async fn show(call: Call) -> Answer {
    let wanted: Wanted = call.query()?;
    let before = Cursor::decode(&wanted.after)
        .and_then(|cursor| cursor.as_two())
        .map(|(at, id)| (At(at), id));
    call.page(move |tx, _viewer| {
        let taken_back = if before.is_none() {
            bridge::taken_back(tx, ON_A_PAGE)?
        } else {
            Vec::new()
        };
        let mut entries = bridge::entries(tx, before, ON_A_PAGE + 1)?;
        let more = entries.len() > usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
        entries.truncate(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX));
        let next = entries
            .last()
            .filter(|_| more)
            .map(|last| Cursor::two(last.published_at.0, last.id).encode())
            .map(|after| format!("/announcements?after={after}"));
        Ok(Shown::from(AnnouncementsPage {
            cards: entries.iter().map(Card::of).collect(),
            taken_back,
            pager: pager(next),
        }))
    })
    .await
}
