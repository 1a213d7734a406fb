//! What several of these pages show: quotes in their context, consents with their scope, what was said where.
//!
//! Long because it is the one list of shapes that the pages of the door share.

use serde::Serialize;

pub use super::around::{BesideCard, Heard, PictureCard, handles};

use crate::bridge::{self, ChannelState};
use crate::db::Tx;
use crate::highlights::{
    Announcement, Attribution, Consent, ConsentView, How, Place, PullLine, QuoteView, State, View,
    Voice, compose, standard_frame,
};
use crate::kit::{At, Result};
use crate::members::Card;
use crate::site::Settings;
use crate::web::i18n::Arg;
use crate::web::templates::Ui;

/// Words that stand in frames, in the community's language.
#[derive(Debug, Clone)]
pub struct FrameWords {
    /// What a member without a name is called.
    pub nameless: String,
    /// Where it was said.
    pub said_in: String,
}

/// The words of frames: outside, the community speaks its own language, whatever the reader's is.
#[must_use]
pub fn frame_words(ui: &Ui, settings: &Settings) -> FrameWords {
    let (lang, site) = (settings.lang.as_str(), Arg::Text(&settings.name));
    FrameWords {
        nameless: ui.sentences.say(lang, "highlights-nameless", &[]),
        said_in: ui
            .sentences
            .say(lang, "highlights-said-in", &[("site", site)]),
    }
}

/// Somebody's name; empty once erased.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Who {
    pub name: String,
    pub display: String,
}

impl Who {
    /// As the page shows it.
    pub fn of(card: &Card) -> Self {
        Self {
            name: card.name.clone(),
            display: card.display.clone(),
        }
    }

    /// For samples.
    pub fn sample() -> Self {
        Self {
            name: "ines".into(),
            display: "Ines Marlow".into(),
        }
    }
}

/// A quote with the place where it stands.
#[derive(Debug, Clone, Default, Serialize)]
pub struct QuoteCard {
    pub excerpt: String,
    pub author: Who,
    pub thread: String,
    pub category: String,
    pub path: String,
    pub at: i64,
    pub in_context: bool,
    /// Who looks at the whole sees the posts beside it.
    pub post_before: Option<BesideCard>,
    pub post_after: Option<BesideCard>,
    pub heard: Heard,
    pub pictures: Vec<PictureCard>,
    pub before: String,
    pub words: String,
    pub after: String,
}

impl QuoteCard {
    /// As the page shows it.
    pub fn of(quote: &QuoteView) -> Self {
        let (before, words, after) = quote.context.clone().unwrap_or_default();
        Self {
            excerpt: quote.excerpt.clone().unwrap_or_default(),
            author: Who::of(&quote.author),
            thread: quote.thread.clone(),
            category: quote.category.clone(),
            path: quote.path.clone(),
            at: quote.at.0,
            in_context: quote.context.is_some(),
            pictures: quote.pictures.iter().map(PictureCard::of).collect(),
            post_before: quote.around.0.as_ref().map(BesideCard::of),
            post_after: quote.around.1.as_ref().map(BesideCard::of),
            heard: Heard {
                author: quote.author_nominated,
                post: quote.post_nominated,
            },
            before,
            words,
            after,
        }
    }

    /// For samples: a usual one and a bad one.
    pub fn samples() -> Vec<Self> {
        let usual = Self {
            excerpt: "This morning a kingfisher sat on the bronze heron.".into(),
            author: Who::sample(),
            thread: "A kingfisher in the courtyard".into(),
            category: "Field notes".into(),
            path: "/t/kingfisher/12/2".into(),
            at: 1_700_000_000_000_000,
            in_context: true,
            post_before: Some(BesideCard {
                number: 1,
                author: Who::sample(),
                words: "Has anybody seen it?".into(),
            }),
            post_after: None,
            heard: Heard { author: 1, post: 1 },
            pictures: vec![PictureCard {
                path: "/media/12/k3-1600x1200-w480.jpg".into(),
                alt: "A heron".into(),
                width: 1_600,
                height: 1_200,
            }],
            before: "Well. ".into(),
            words: "This morning a kingfisher sat on the bronze heron.".into(),
            after: " I had never looked up.".into(),
        };
        let gone = Self {
            thread: "م".repeat(255),
            path: "/t/x/1/1".into(),
            ..Self::default()
        };
        vec![usual, gone]
    }
}

/// One person's say, with its scope.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentCard {
    pub who: Who,
    pub state: &'static str,
    pub granted: bool,
    pub attribution: &'static str,
    pub named: String,
    pub trimming: bool,
    pub by_hand: bool,
    pub pictures: bool,
    pub places: Vec<&'static str>,
    pub at: Option<i64>,
}

impl ConsentCard {
    /// As the page shows it.
    pub fn of(view: &ConsentView) -> Self {
        Self::new(&view.consent, Who::of(&view.person))
    }

    /// As the page shows it.
    pub fn new(consent: &Consent, who: Who) -> Self {
        let scope = consent.live();
        Self {
            who,
            state: consent.state.as_str(),
            granted: scope.is_some(),
            attribution: scope.map_or("member", |s| s.attribution.as_str()),
            named: consent.named.clone().unwrap_or_default(),
            trimming: scope.is_some_and(|s| s.trimming),
            by_hand: scope.is_some_and(|s| s.by_hand),
            pictures: scope.is_some_and(|s| s.pictures),
            places: scope.map(|s| s.places.words()).unwrap_or_default(),
            at: consent.decided_at.map(|at| at.0),
        }
    }

    /// For samples: a usual one and a bad one.
    pub fn samples() -> Vec<Self> {
        let granted = Self {
            who: Who::sample(),
            state: "granted",
            granted: true,
            attribution: "first_name",
            named: "Ines".into(),
            trimming: true,
            by_hand: true,
            pictures: true,
            places: vec!["page", "webhook"],
            at: Some(1_700_000_000_000_000),
        };
        vec![
            granted,
            Self {
                state: "asked",
                attribution: "member",
                ..Self::default()
            },
        ]
    }
}

/// Something planned or said at a channel.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SaidCard {
    pub id: i64,
    pub channel: String,
    pub state: &'static str,
    pub text: String,
    pub planned_at: i64,
    pub sent_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub url: String,
    pub corrections: i64,
    pub can_take_down: bool,
    pub out: bool,
}

impl SaidCard {
    /// As the page shows it.
    pub fn of(one: &Announcement) -> Self {
        Self {
            id: one.id.0,
            channel: one.channel_name.clone(),
            state: one.state.as_str(),
            text: one.text.clone(),
            planned_at: one.planned_at.0,
            sent_at: one.sent_at.map(|at| at.0),
            withdrawn_at: one.withdrawn_at.map(|at| at.0),
            url: one.remote_url.clone().unwrap_or_default(),
            corrections: one.revision - 1,
            can_take_down: one.state.is_unfinished() || one.state.as_str() == "sent",
            out: one.state.is_out(),
        }
    }

    /// For samples: a usual one and a bad one.
    pub fn samples() -> Vec<Self> {
        let sent = Self {
            id: 7,
            channel: "Announcements page".into(),
            state: "sent",
            text: "“This morning a kingfisher sat on the bronze heron.” Ines".into(),
            planned_at: 1_700_000_000_000_000,
            sent_at: Some(1_700_000_000_000_000),
            url: "/announcements".into(),
            corrections: 1,
            can_take_down: true,
            out: true,
            ..Self::default()
        };
        let waiting = Self {
            id: 8,
            state: "scheduled",
            text: "م".repeat(255),
            can_take_down: true,
            ..Self::default()
        };
        vec![sent, waiting]
    }
}

/// How staff took something out, as those quoted see it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PulledCard {
    pub how: &'static str,
    pub purpose: String,
    pub at: i64,
    pub recalled_at: Option<i64>,
    pub done_at: Option<i64>,
    pub href: String,
}

impl PulledCard {
    /// As the page shows it.
    pub fn of(line: &PullLine, highlight: i64) -> Self {
        let card = line.how == How::Embed && line.recalled_at.is_none();
        Self {
            how: line.how.as_str(),
            purpose: line.purpose.clone(),
            at: line.at.0,
            recalled_at: line.recalled_at.map(|at| at.0),
            done_at: line.done_at.map(|at| at.0),
            href: if card {
                format!("/embed/highlight/{highlight}")
            } else {
                String::new()
            },
        }
    }

    /// For samples: a usual one and a bad one.
    pub fn samples() -> Vec<Self> {
        let card = Self {
            how: "embed",
            purpose: "Front page".into(),
            at: 1_700_000_000_000_000,
            href: "/embed/highlight/7".into(),
            ..Self::default()
        };
        let recalled = Self {
            how: "kit",
            purpose: "م".repeat(255),
            recalled_at: Some(1_700_000_000_000_000),
            done_at: Some(1_700_000_000_000_000),
            ..Self::default()
        };
        vec![card, recalled]
    }
}

/// One gate on the way out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Gate {
    pub key: &'static str,
    pub done: bool,
    pub current: bool,
    pub stop: bool,
}

/// The way of a highlight, gate by gate.
pub fn gates(view: &View) -> Vec<Gate> {
    let said = view.announcements.iter().any(|a| a.sent_at.is_some());
    gates_of(view.highlight.state, said)
}

/// The gates of a state; `said`: something was outside already.
pub fn gates_of(state: State, said: bool) -> Vec<Gate> {
    let (passed, stopped) = match state {
        State::Nominated | State::ConsentPending => (1, false),
        State::Declined | State::Lapsed | State::Stale => (1, true),
        State::Consented => (2, false),
        State::Returned | State::Refused => (2, true),
        State::Approved | State::Retired if said => (5, false),
        State::Approved => (4, false),
        State::Retired => (3, true),
        State::Withdrawn => (if said { 4 } else { 1 }, true),
    };
    ["nominated", "consent", "approval", "library", "announced"]
        .into_iter()
        .enumerate()
        .map(|(place, key)| Gate {
            key,
            done: place < passed,
            current: place == passed && !stopped,
            stop: place == passed && stopped,
        })
        .collect()
}

/// How it will look at one kind of place.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Frame {
    pub place: &'static str,
    pub title: String,
    pub text: String,
    pub link: String,
    pub site: String,
    /// The picture that was chosen.
    pub picture: Option<PictureCard>,
    /// Does it go along there, and how?
    pub carriage: &'static str,
    /// Is it seen there?
    pub carried: bool,
}

/// The standard frame at each of these kinds of places.
pub fn frames(
    places: &[Place],
    voices: &[Voice],
    words: &FrameWords,
    title: &str,
    link: &str,
    site: &str,
) -> Vec<Frame> {
    let text = standard_frame(voices, &words.nameless, &words.said_in, title);
    places
        .iter()
        .map(|place| Frame {
            place: place.as_str(),
            title: title.to_owned(),
            text: compose(&text, link, *place),
            link: link.to_owned(),
            site: site.to_owned(),
            ..Frame::default()
        })
        .collect()
}

/// The kinds of places this community can speak at today: of its channels, and always its own page, cards on the
/// organisation's website, and feeds for its planning tools.
pub fn places_in_use(tx: &mut Tx<'_>) -> Result<Vec<Place>> {
    let mut places = vec![Place::PAGE, Place::EMBED, Place::FEED];
    for line in bridge::channels(tx)? {
        if line.state != ChannelState::Removed {
            places.extend(Place::parse(&line.kind));
        }
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// A person's voice under an attribution that is only being tried out.
pub fn voice(excerpt: Option<String>, card: &Card, attribution: Attribution) -> Voice {
    Voice {
        excerpt,
        handle: card.name.clone(),
        display: card.display.clone(),
        attribution,
        named: attribution.named(&card.display),
        trimming: false,
        affiliated: card.staff,
    }
}

/// A link to an older part of a list, for `partials/pager`.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    pub label: String,
    pub prev: Option<String>,
    pub next: Option<String>,
    pub pages: Vec<()>,
}

/// A link to the next part of a list, where there is one.
pub fn pager(next: Option<String>) -> Option<Pager> {
    next.map(|next| Pager {
        label: String::new(),
        prev: None,
        next: Some(next),
        pages: Vec::new(),
    })
}

/// The moment of a sample.
pub const SAMPLE: At = At(1_700_000_000_000_000);
