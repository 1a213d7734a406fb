//! One entry of the library: its words and consents, its label, its collections, where it was used, taking it out.
//!
//! Long because the entry, its samples and its six small forms stand on one page.

use serde::{Deserialize, Serialize};

use super::brought::Link;
use super::library::Choice;
use super::parts::{
    ConsentCard, Frame, Pager, QuoteCard, SAMPLE, SaidCard, Who, frame_words, frames, pager,
    places_in_use,
};
use crate::db::Tx;
use crate::highlights::{self, Attribution, How, Label, Order, Place, State, Voice};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CollectionId, HighlightId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members;
use crate::policy::Action;
use crate::web::highlights::parts::FrameWords;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    batch: i64,
    by: Who,
    how: &'static str,
    purpose: String,
    recipient: String,
    at: i64,
    recalled: bool,
    waits: bool,
}

/// The label's fields, as they stand in the form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct LabelForm {
    version: i64,
    topics: String,
    audience: String,
    lang: String,
    evergreen: bool,
    expires: String,
    embargo: String,
}

/// One entry of the library.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LibraryItemPage {
    id: i64,
    title: String,
    reason: String,
    audience: String,
    category: String,
    topics: Vec<String>,
    approved: bool,
    retired: bool,
    note: String,
    embargo: Option<i64>,
    expires: Option<i64>,
    evergreen: bool,
    zone: String,
    quotes: Vec<QuoteCard>,
    consents: Vec<ConsentCard>,
    places: Vec<&'static str>,
    by_hand: bool,
    embeds: bool,
    card_open: bool,
    frames: Vec<Frame>,
    said: Vec<SaidCard>,
    pulls: Vec<Line>,
    /// What every link of it brought.
    links: Vec<Link>,
    can_announce: bool,
    fallen: &'static str,
    form: LabelForm,
    collections: Vec<Choice>,
    in_collections: Vec<Choice>,
    purpose: String,
    recipient: String,
    problems: Problems,
    pager: Option<Pager>,
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
            ..Frame::default()
        };
        let line = Line {
            batch: 3,
            by: Who::sample(),
            how: "by_hand",
            purpose: "Poster".into(),
            recipient: "The printer".into(),
            at: SAMPLE.0,
            recalled: true,
            waits: true,
        };
        let usual = Self {
            id: 7,
            title: "A kingfisher".into(),
            reason: "Worth telling.".into(),
            audience: "Families".into(),
            category: "Field notes".into(),
            topics: vec!["birds".into()],
            approved: true,
            embargo: Some(SAMPLE.0),
            expires: Some(SAMPLE.0),
            evergreen: true,
            zone: "UTC".into(),
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            places: vec!["page"],
            by_hand: true,
            embeds: true,
            card_open: true,
            frames: vec![frame],
            said: SaidCard::samples(),
            pulls: vec![line],
            links: Link::samples(),
            can_announce: true,
            collections: vec![Choice::new("1".into(), "Winter", "1")],
            in_collections: vec![Choice::new("2".into(), "Summer", "")],
            problems: Problems::one("purpose", "purpose-needed"),
            pager: pager(Some("?after=x".into())),
            ..Self::default()
        };
        let gone = Self {
            title: "م".repeat(255),
            fallen: "words-changed",
            retired: true,
            note: "expired".into(),
            ..Self::default()
        };
        vec![Self::default(), usual, gone]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ItemQuery {
    after: String,
}

/// Somebody else wrote the label meanwhile.
const STALE: &str = "label-stale";

/// What was typed into one of the page's forms.
#[derive(Debug, Clone, Default)]
struct Typed {
    label: Option<LabelForm>,
    purpose: String,
    recipient: String,
    problems: Problems,
    after: Option<Cursor>,
}

/// Wall time in a zone, as a form field has it.
fn wall(zone: &str, at: Option<At>, form: &str) -> String {
    let zoned = at.and_then(|at| {
        let tz = jiff::tz::TimeZone::get(zone).ok()?;
        Some(at.timestamp().to_zoned(tz))
    });
    zoned.map_or_else(String::new, |zoned| {
        zoned.datetime().strftime(form).to_string()
    })
}

#[expect(clippy::too_many_lines, reason = "one page, filled field by field")]
fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    words: &FrameWords,
    typed: Typed,
) -> Result<LibraryItemPage> {
    let entry = highlights::entry(tx, &viewer.actor, id)?;
    let view = highlights::view(tx, &viewer.actor, id)?;
    let highlight = &entry.highlight;
    let approved = highlight.state == State::Approved;
    let (pulls, next) = highlights::pulls_of(tx, &viewer.actor, id, typed.after)?;
    let people: Vec<_> = pulls.iter().filter_map(|p| p.member).collect();
    let cards = members::cards(tx, &people)?;
    let voices = voices(&view);
    let covered: Vec<Place> = places_in_use(tx)?
        .into_iter()
        .filter(|p| view.covered.has(*p))
        .collect();
    let (site, zone) = (&viewer.settings.name, &viewer.settings.zone);
    let sample = tx.link("/h/23456789");
    // The last day is stored as its end.
    let last_day = highlight.expires_at.map(|at| at.plus(-1));
    let form = typed.label.unwrap_or_else(|| LabelForm {
        version: highlight.version,
        topics: entry.topics.join(", "),
        audience: highlight.audience.clone(),
        lang: highlight.lang.clone(),
        evergreen: highlight.evergreen,
        expires: wall(zone, last_day, "%Y-%m-%d"),
        embargo: wall(zone, highlight.embargo_until, "%Y-%m-%dT%H:%M"),
    });
    let there: Vec<CollectionId> = entry.collections.iter().map(|(id, _)| *id).collect();
    let choices = highlights::choices(tx, &viewer.actor)?;
    let choice = |(id, name): &(CollectionId, String)| Choice::new(id.0.to_string(), name, "");
    Ok(LibraryItemPage {
        id: id.0,
        title: highlight.title.clone(),
        reason: highlight.reason.clone(),
        audience: highlight.audience.clone(),
        category: entry.category.clone(),
        topics: entry.topics.clone(),
        approved,
        retired: highlight.state == State::Retired,
        note: highlight.note.clone(),
        embargo: highlight
            .embargo_until
            .filter(|at| *at > tx.now())
            .map(|at| at.0),
        expires: highlight.expires_at.map(|at| at.0),
        evergreen: highlight.evergreen,
        zone: zone.clone(),
        quotes: view.quotes.iter().map(QuoteCard::of).collect(),
        consents: view.consents.iter().map(ConsentCard::of).collect(),
        places: highlights::covered_words(&view.covered),
        by_hand: view.covered.by_hand,
        embeds: view.covered.has(Place::EMBED),
        card_open: highlights::card_released(tx, id)?,
        frames: frames(&covered, &voices, words, &highlight.title, &sample, site),
        said: view.announcements.iter().map(SaidCard::of).collect(),
        links: Link::all(tx, viewer, id)?,
        pulls: pulls
            .into_iter()
            .map(|p| Line {
                batch: p.batch.unwrap_or(p.id).0,
                by: p
                    .member
                    .and_then(|id| cards.get(&id))
                    .map(Who::of)
                    .unwrap_or_default(),
                how: p.how.as_str(),
                purpose: p.purpose,
                recipient: p.recipient,
                at: p.at.0,
                recalled: p.recalled_at.is_some(),
                waits: p.recalled_at.is_some() && p.done_at.is_none(),
            })
            .collect(),
        can_announce: approved && viewer.can(&Action::Announce(&view.facts)),
        fallen: view.fallen.map_or("", |f| f.as_str()),
        form,
        collections: choices
            .collections
            .iter()
            .filter(|(id, _)| !there.contains(id))
            .map(choice)
            .collect(),
        in_collections: entry.collections.iter().map(choice).collect(),
        purpose: typed.purpose,
        recipient: typed.recipient,
        problems: typed.problems,
        pager: pager(next.map(|c| format!("/outreach/library/{id}?after={}", c.encode()))),
    })
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
                affiliated: quote.author.staff,
            })
        })
        .collect()
}

/// Shows one entry.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let query: ItemQuery = call.query()?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let typed = Typed {
            after: Cursor::decode(&query.after),
            ..Typed::default()
        };
        Ok(Shown::from(made(tx, viewer, id, &words, typed)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PullForm {
    how: String,
    purpose: String,
    recipient: String,
}

/// Takes it out; that is written down.
pub async fn pull(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: PullForm = call.form()?;
    let ui = call.app().ui()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let order = Order {
                how: How::parse(&form.how).unwrap_or(How::ByHand),
                purpose: form.purpose.clone(),
                recipient: form.recipient.clone(),
            };
            let batch = highlights::pull(tx, &viewer.actor, &[id], &order)?;
            Ok(See::to(format!("/outreach/pulls/{batch}")).flash("highlight-pulled"))
        },
        move |tx, viewer, problems| {
            let words = frame_words(&ui, &viewer.settings);
            let typed = Typed {
                purpose: again.purpose.clone(),
                recipient: again.recipient.clone(),
                problems: problems.clone(),
                ..Typed::default()
            };
            Ok(Shown::from(made(tx, viewer, id, &words, typed)?))
        },
    )
    .await
}

/// Says what a colleague wrote on the label meanwhile; the next press of the button counts as having been told.
fn beside_theirs(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    typed: &mut Typed,
) -> Result<()> {
    let entry = highlights::entry(tx, &viewer.actor, id)?;
    let theirs = [
        ("topics", entry.topics.join(", ")),
        ("audience", entry.highlight.audience),
    ];
    typed.problems = Problems::default();
    typed.problems.add("topics", STALE, &theirs);
    if let Some(label) = &mut typed.label {
        label.version = entry.highlight.version;
    }
    Ok(())
}

/// Writes the label anew.
pub async fn label(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: LabelForm = call.form()?;
    let ui = call.app().ui()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let label = Label {
                topics: form.topics.clone(),
                audience: form.audience.clone(),
                lang: form.lang.clone(),
                evergreen: form.evergreen,
                expires: form.expires.clone(),
                embargo: form.embargo.clone(),
            };
            highlights::label(tx, &viewer.actor, id, form.version, &label).map_err(|stop| {
                match stop {
                    Stop::Refused(Refusal::Stale) => Stop::invalid("topics", STALE),
                    other => other,
                }
            })?;
            Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-labelled"))
        },
        move |tx, viewer, problems| {
            let words = frame_words(&ui, &viewer.settings);
            let mut typed = Typed {
                label: Some(again.clone()),
                problems: problems.clone(),
                ..Typed::default()
            };
            if problems.of("topics").is_some_and(|p| p.key == STALE) {
                beside_theirs(tx, viewer, id, &mut typed)?;
            }
            Ok(Shown::from(made(tx, viewer, id, &words, typed)?))
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    note: String,
}

/// Lays it aside.
pub async fn retire(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: NoteForm = call.form()?;
    call.act(move |tx, viewer| {
        highlights::retire(tx, &viewer.actor, id, &form.note)?;
        Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-retired"))
    })
    .await
}

/// Takes it up again.
pub async fn bring_back(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::bring_back(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-brought-back"))
    })
    .await
}

/// Empties the card.
pub async fn close_card(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::close_card(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-card-closed"))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct CollectForm {
    collection: String,
    name: String,
}

/// Puts it into a collection, or into a new one.
pub async fn collect(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: CollectForm = call.form()?;
    let ui = call.app().ui()?;
    call.submit(
        move |tx, viewer| {
            let collection = match form.collection.parse() {
                Ok(known) if form.name.trim().is_empty() => CollectionId(known),
                _ => highlights::make_collection(tx, &viewer.actor, &form.name, "")?,
            };
            highlights::collect(tx, &viewer.actor, collection, id)?;
            Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-collected"))
        },
        move |tx, viewer, problems| {
            let words = frame_words(&ui, &viewer.settings);
            let typed = Typed {
                problems: problems.clone(),
                ..Typed::default()
            };
            Ok(Shown::from(made(tx, viewer, id, &words, typed)?))
        },
    )
    .await
}

/// Takes it out of a collection.
pub async fn uncollect(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let collection: CollectionId = call.segment("collection")?;
    call.act(move |tx, viewer| {
        highlights::uncollect(tx, &viewer.actor, collection, id)?;
        Ok(See::to(format!("/outreach/library/{id}")).flash("highlight-uncollected"))
    })
    .await
}
