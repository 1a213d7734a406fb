//! `/outreach/library`: the publisher's room. What was approved, what it may be used for, and taking it out by hand.

use serde::{Deserialize, Serialize};

use super::parts::{
    ConsentCard, Frame, Pager, QuoteCard, SAMPLE, SaidCard, Who, frame_words, frames, pager,
    places_in_use,
};
use crate::highlights::{self, Attribution, Entry, Place, Shelf, State, Voice};
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::members;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown};

#[derive(Debug, Clone, Default, Serialize)]
struct Said {
    words: String,
    named: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Card {
    id: i64,
    title: String,
    audience: String,
    voices: Vec<Said>,
    places: Vec<&'static str>,
    by_hand: bool,
    approved_at: i64,
    used: usize,
    planned: usize,
}

impl Card {
    fn of(entry: &Entry) -> Self {
        Self {
            id: entry.highlight.id.0,
            title: entry.highlight.title.clone(),
            audience: entry.highlight.audience.clone(),
            voices: entry
                .voices
                .iter()
                .map(|(words, named)| Said {
                    words: words.clone(),
                    named: named.clone().unwrap_or_default(),
                })
                .collect(),
            places: highlights::covered_words(&entry.covered),
            by_hand: entry.covered.by_hand,
            approved_at: entry.highlight.approved_at.map_or(0, |at| at.0),
            used: entry
                .announcements
                .iter()
                .filter(|a| a.sent_at.is_some())
                .count(),
            planned: entry
                .announcements
                .iter()
                .filter(|a| a.state.is_unfinished())
                .count(),
        }
    }
}

/// The shelves.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LibraryPage {
    unused: bool,
    cards: Vec<Card>,
    pager: Option<Pager>,
}

impl Page for LibraryPage {
    const TEMPLATE: &'static str = "highlights/library";

    fn head(&self) -> Head {
        Head::new("highlights-library-title")
            .nav("outreach")
            .outward()
    }

    fn samples() -> Vec<Self> {
        let card = Card {
            id: 7,
            title: "A kingfisher".into(),
            audience: "Families".into(),
            voices: vec![Said {
                words: "This morning a kingfisher.".into(),
                named: "Ines".into(),
            }],
            places: vec!["page", "webhook"],
            by_hand: true,
            approved_at: SAMPLE.0,
            used: 1,
            planned: 1,
        };
        let bare = Card {
            title: "م".repeat(255),
            ..Card::default()
        };
        vec![
            Self::default(),
            Self {
                unused: false,
                cards: vec![card.clone()],
                pager: None,
            },
            Self {
                unused: true,
                cards: vec![card, bare],
                pager: pager(Some("?after=x".into())),
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
    show: String,
}

/// `/outreach`: to the library, or for those who only look after what goes out, to the announcements.
pub async fn door(call: Call) -> Answer {
    call.page(|_, viewer| {
        viewer.actor.may(&Action::SeeOutreach)?;
        let library = viewer.can(&Action::SeeLibrary);
        Ok(Shown::see(if library {
            "/outreach/library"
        } else {
            "/outreach/announcements"
        }))
    })
    .await
}

/// Shows the shelves; with `?show=unused` what was never said anywhere.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    let unused = query.show == "unused";
    call.page(move |tx, viewer| {
        let shelf = if unused { Shelf::Unused } else { Shelf::All };
        let (entries, next) = highlights::library(tx, &viewer.actor, shelf, after)?;
        let show = if unused { "show=unused&" } else { "" };
        let next = next.map(|c| format!("/outreach/library?{show}after={}", c.encode()));
        Ok(Shown::from(LibraryPage {
            unused,
            cards: entries.iter().map(Card::of).collect(),
            pager: pager(next),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Serialize)]
struct Taken {
    by: Who,
    how: String,
    purpose: String,
    at: i64,
}

/// One entry of the library.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LibraryItemPage {
    id: i64,
    title: String,
    reason: String,
    audience: String,
    approved: bool,
    quotes: Vec<QuoteCard>,
    consents: Vec<ConsentCard>,
    places: Vec<&'static str>,
    by_hand: bool,
    frames: Vec<Frame>,
    said: Vec<SaidCard>,
    pulls: Vec<Taken>,
    taken: bool,
    copy: Frame,
    can_announce: bool,
    fallen: &'static str,
}

impl Page for LibraryItemPage {
    const TEMPLATE: &'static str = "highlights/library_item";

    fn head(&self) -> Head {
        Head::text(&self.title).nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let frame = Frame {
            place: "page",
            title: "A".into(),
            text: "“B” C".into(),
            link: "https://x.example/h/2".into(),
            site: "X".into(),
        };
        let usual = Self {
            id: 7,
            title: "A kingfisher".into(),
            reason: "Worth telling.".into(),
            audience: "Families".into(),
            approved: true,
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            places: vec!["page"],
            by_hand: true,
            frames: vec![frame.clone()],
            said: SaidCard::samples(),
            pulls: vec![Taken {
                by: Who::sample(),
                how: "by_hand".into(),
                purpose: "Poster".into(),
                at: SAMPLE.0,
            }],
            taken: true,
            copy: frame,
            can_announce: true,
            fallen: "",
        };
        let gone = Self {
            title: "م".repeat(255),
            fallen: "words-changed",
            ..Self::default()
        };
        vec![Self::default(), usual, gone]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ItemQuery {
    taken: String,
}

/// Shows one entry; after it was taken by hand, with the text to copy.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let query: ItemQuery = call.query()?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::SeeLibrary)?;
        let view = highlights::view(tx, &viewer.actor, id)?;
        let approved = view.highlight.state == State::Approved;
        let pulls = highlights::pulls_of(tx, &viewer.actor, id)?;
        let people: Vec<_> = pulls.iter().filter_map(|p| p.member).collect();
        let cards = members::cards(tx, &people)?;
        let words = frame_words(&ui, &viewer.settings);
        let voices = voices(&view);
        let covered: Vec<Place> = places_in_use(tx)?
            .into_iter()
            .filter(|p| view.covered.has(*p))
            .collect();
        let link = tx.link(view.quotes.first().map_or_else(
            || view.thread.as_ref().map_or("/", |(_, path)| path.as_str()),
            |quote| quote.path.as_str(),
        ));
        let title = &view.highlight.title;
        let site = &viewer.settings.name;
        let sample = tx.link("/h/23456789");
        let mine = pulls.iter().any(|p| p.member == viewer.actor.id());
        let taken = approved && !query.taken.is_empty() && mine && view.covered.by_hand;
        let copy = frames(&[Place::Manual], &voices, &words, title, &link, site).pop();
        Ok(Shown::from(LibraryItemPage {
            id: id.0,
            reason: view.highlight.reason.clone(),
            audience: view.highlight.audience.clone(),
            approved,
            quotes: view.quotes.iter().map(QuoteCard::of).collect(),
            consents: view.consents.iter().map(ConsentCard::of).collect(),
            places: highlights::covered_words(&view.covered),
            by_hand: view.covered.by_hand,
            frames: frames(&covered, &voices, &words, title, &sample, site),
            said: view.announcements.iter().map(SaidCard::of).collect(),
            pulls: pulls
                .into_iter()
                .map(|p| Taken {
                    by: p
                        .member
                        .and_then(|id| cards.get(&id))
                        .map(Who::of)
                        .unwrap_or_default(),
                    how: p.how,
                    purpose: p.purpose,
                    at: p.at.0,
                })
                .collect(),
            taken,
            copy: copy.filter(|_| taken).unwrap_or_default(),
            can_announce: approved && viewer.can(&Action::Announce(&view.facts)),
            fallen: view.fallen.map_or("", |f| f.as_str()),
            title: title.clone(),
        }))
    })
    .await
}

/// The voices with what their consents let stand.
fn voices(view: &highlights::View) -> Vec<Voice> {
    view.quotes
        .iter()
        .filter_map(|quote| {
            let consent = view
                .consents
                .iter()
                .find(|c| c.consent.member == quote.author.id)?;
            let attribution = consent
                .consent
                .live()
                .map_or(Attribution::Member, |s| s.attribution);
            Some(Voice {
                excerpt: quote.excerpt.clone(),
                handle: quote.author.name.clone(),
                display: quote.author.display.clone(),
                attribution,
                named: consent.consent.named.clone(),
                trimming: false,
            })
        })
        .collect()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PullForm {
    purpose: String,
}

/// Takes it out by hand; that is written down.
pub async fn pull(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: PullForm = call.form()?;
    call.act(move |tx, viewer| {
        highlights::pull(tx, &viewer.actor, id, &form.purpose)?;
        Ok(See::to(format!("/outreach/library/{id}?taken=1")).flash("highlight-pulled"))
    })
    .await
}
