//! What stands beside the text on the writing desk: pictures that may go along, what champions suggested, and what a
//! colleague kept meanwhile.

use serde::Serialize;

use super::parts::{PictureCard, SAMPLE, Who};
use crate::bridge::ChannelLine;
use crate::db::Tx;
use crate::highlights::{self, Composition, PictureWish};
use crate::kit::ids::HighlightId;
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::web::Viewer;

/// A picture that may go along, with the description it would have.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PictureChoice {
    id: i64,
    picture: PictureCard,
    alt: String,
    chosen: bool,
}

impl PictureChoice {
    /// For samples.
    pub fn samples() -> Vec<Self> {
        let one = Self {
            id: 1,
            picture: PictureCard::sample(),
            alt: "A heron.".into(),
            chosen: true,
        };
        let other = Self {
            id: 2,
            alt: String::new(),
            chosen: false,
            ..one.clone()
        };
        vec![one, other]
    }
}

/// The pictures that may go along; one that was chosen and fell since is not among them.
pub fn picture_choices(
    tx: &mut Tx<'_>,
    id: HighlightId,
    chosen: Option<&PictureWish>,
) -> Result<Vec<PictureChoice>> {
    let all = highlights::pictures(tx, id)?;
    Ok(all
        .iter()
        .map(|upload| {
            let wish = chosen.filter(|wish| wish.id == upload.id);
            PictureChoice {
                id: upload.id.0,
                picture: PictureCard::of(upload),
                alt: wish
                    .and_then(|wish| wish.alt.clone())
                    .unwrap_or_else(|| upload.alt.clone()),
                chosen: wish.is_some(),
            }
        })
        .collect())
}

/// A text that a champion suggested.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestionCard {
    id: i64,
    words: String,
    note: String,
    by: Card,
    at: At,
}

impl SuggestionCard {
    /// For samples.
    pub fn samples() -> Vec<Self> {
        vec![Self {
            id: 3,
            words: "“This morning a kingfisher.” Ines".into(),
            note: "For the children.".into(),
            by: Card::nobody(),
            at: SAMPLE,
        }]
    }

    /// Is it this one?
    pub fn is(&self, id: i64) -> bool {
        self.id == id
    }
}

/// What champions suggested for this highlight.
pub fn suggestion_cards(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
) -> Result<Vec<SuggestionCard>> {
    let all = highlights::suggestions_of(tx, &viewer.actor, id)?;
    let authors: Vec<_> = all.iter().filter_map(|one| one.author).collect();
    let cards = members::cards(tx, &authors)?;
    Ok(all
        .into_iter()
        .map(|one| SuggestionCard {
            id: one.id,
            words: one.words,
            note: one.note,
            by: one
                .author
                .and_then(|id| cards.get(&id).cloned())
                .unwrap_or_else(Card::nobody),
            at: one.created_at,
        })
        .collect())
}

/// One channel's text as a colleague kept it.
#[derive(Debug, Clone, Default, Serialize)]
struct TheirText {
    channel: String,
    text: String,
}

/// What a colleague kept while somebody was writing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Theirs {
    by: Who,
    at: Option<i64>,
    master: String,
    texts: Vec<TheirText>,
}

impl Theirs {
    /// The problem by which the form says so.
    pub const KEY: &'static str = "texts-stale";

    /// For samples.
    pub fn sample() -> Self {
        Self {
            by: Who::sample(),
            at: Some(SAMPLE.0),
            master: "م".repeat(255),
            texts: vec![TheirText {
                channel: "Announcements page".into(),
                text: "“B” C".into(),
            }],
        }
    }

    /// What is kept now; texts that follow the master are not said again.
    pub fn of(tx: &mut Tx<'_>, lines: &[ChannelLine], kept: &Composition) -> Result<Self> {
        let by = match kept.saved_by {
            Some(id) => members::cards(tx, &[id])?.get(&id).map(Who::of),
            None => None,
        };
        let name = |id| lines.iter().find(|line| line.id == id);
        let own = kept.texts.iter().filter(|text| text.own);
        Ok(Self {
            by: by.unwrap_or_default(),
            at: kept.saved_at.map(|at| at.0),
            master: kept.master.clone(),
            texts: own
                .map(|text| TheirText {
                    channel: name(text.channel).map_or_else(String::new, |line| line.name.clone()),
                    text: text.text.clone(),
                })
                .collect(),
        })
    }
}
