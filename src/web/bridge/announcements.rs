//! `/announcements`: for everybody, everything that was said and where, newest first, and what was taken back: that it
//! was, not what it was.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, longest, pager};
use crate::bridge::{self, Entry};
use crate::content::uploads;
use crate::highlights::{self, Outside, Place};
use crate::kit::cursor::Cursor;
use crate::web::{Answer, Call, Head, Page, Shown};

#[derive(Debug, Clone, Default, Serialize)]
struct Also {
    kind: String,
    name: String,
    url: String,
}

/// The picture beside the words, in a size for a page.
#[derive(Debug, Clone, Default, Serialize)]
struct Shot {
    path: String,
    alt: String,
    width: i64,
    height: i64,
}

impl Shot {
    fn of(picture: &bridge::Picture) -> Self {
        let smaller =
            uploads::sizes(&picture.name).and_then(|sizes| sizes.smaller.into_iter().last());
        let name = smaller.map_or_else(|| picture.name.clone(), |(_, name)| name);
        Self {
            path: uploads::path(picture.upload, &name),
            alt: picture.alt.clone(),
            width: picture.width,
            height: picture.height,
        }
    }
}

/// The words of an entry of this community's own page.
#[derive(Debug, Clone, Default, Serialize)]
struct Said {
    code: String,
    title: String,
    lines: Vec<String>,
    lang: String,
    /// Whoever is quoted, as they wished to be named.
    voices: Vec<String>,
    picture: Option<Shot>,
}

impl Said {
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
            picture: entry.picture.as_ref().map(Shot::of),
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

#[derive(Debug, Clone, Default, Serialize)]
struct Card {
    id: i64,
    kind: String,
    channel: String,
    at: i64,
    withdrawn_at: Option<i64>,
    leaving: bool,
    corrections: i64,
    url: String,
    said: Option<Said>,
    also: Vec<Also>,
}

impl Said {
    /// A sample: as much as there can be.
    fn at_length() -> Self {
        Self {
            title: longest(),
            lines: vec![longest(); 30],
            lang: "he".to_owned(),
            voices: vec![longest(); 5],
            code: "k7mwq2xp".to_owned(),
            picture: Some(Shot {
                path: "/media/7/a-900x600.jpg".to_owned(),
                alt: longest(),
                width: 900,
                height: 600,
            }),
        }
    }
}

impl Card {
    fn of(one: Outside) -> Self {
        Self {
            id: one.id.0,
            kind: one.kind,
            channel: one.channel,
            at: one.at.0,
            withdrawn_at: one.withdrawn_at.map(|at| at.0),
            leaving: one.leaving,
            corrections: one.corrections,
            url: one.url,
            said: one.entry.as_ref().map(Said::of),
            also: one
                .also
                .into_iter()
                .map(|(kind, name, url)| Also { kind, name, url })
                .collect(),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
struct Filter {
    kind: &'static str,
    current: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncementsPage {
    filters: Vec<Filter>,
    everywhere: bool,
    cards: Vec<Card>,
    /// Can it be had as letters, too?
    bulletin: bool,
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
            id: 7,
            kind: "page".to_owned(),
            channel: "Announcements".to_owned(),
            at: 1_700_000_000_000_000,
            said: Some(Said {
                code: "k7mwq2xp".to_owned(),
                title: "A kingfisher in the courtyard".to_owned(),
                lines: vec![
                    "Three pairs this spring.".to_owned(),
                    "Come and see.".to_owned(),
                ],
                lang: "en".to_owned(),
                voices: vec!["Ines Marlow".to_owned()],
                picture: None,
            }),
            also: vec![Also {
                kind: "mastodon".to_owned(),
                name: "The museum at Mastodon".to_owned(),
                url: "https://social.example/1".to_owned(),
            }],
            ..Card::default()
        };
        let elsewhere = Card {
            id: 8,
            kind: "webhook".to_owned(),
            corrections: 2,
            ..Card::default()
        };
        let gone = Card {
            id: 9,
            kind: "mastodon".to_owned(),
            channel: longest(),
            withdrawn_at: Some(1_700_000_000_000_000),
            ..Card::default()
        };
        let leaving = Card {
            leaving: true,
            ..gone.clone()
        };
        let worst = Card {
            said: Some(Said::at_length()),
            corrections: 1,
            url: "https://social.example/1".to_owned(),
            ..usual.clone()
        };
        vec![
            Self {
                everywhere: true,
                ..Self::default()
            },
            Self {
                everywhere: true,
                cards: vec![usual, elsewhere, gone, leaving],
                ..Self::default()
            },
            Self {
                bulletin: true,
                filters: vec![
                    Filter {
                        kind: "page",
                        current: true,
                    },
                    Filter {
                        kind: "mastodon",
                        current: false,
                    },
                ],
                everywhere: false,
                cards: vec![worst; 20],
                pager: pager(Some("/announcements?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    after: String,
    kind: String,
}

/// Shows the page; with `?kind=` what was said at one kind of place.
pub async fn show(call: Call) -> Answer {
    let wanted: Wanted = call.query()?;
    let after = Cursor::decode(&wanted.after);
    let kind = Place::parse(&wanted.kind);
    call.page(move |tx, _viewer| {
        let (all, next) = highlights::outside(tx, kind, after)?;
        let kinds = highlights::outside_kinds(tx)?;
        let of = kind.map_or_else(String::new, |kind| format!("kind={kind}&"));
        let filters = kinds
            .into_iter()
            .map(|place| Filter {
                kind: place.as_str(),
                current: kind == Some(place),
            })
            .collect();
        Ok(Shown::from(AnnouncementsPage {
            filters,
            everywhere: kind.is_none(),
            bulletin: !bridge::bulletins(tx)?.is_empty(),
            cards: all.into_iter().map(Card::of).collect(),
            pager: pager(next.map(|next| format!("/announcements?{of}after={}", next.encode()))),
        }))
    })
    .await
}
