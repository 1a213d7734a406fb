//! `/outreach/library`: the publisher's room. What was approved, found by topic, category, audience and time.
//!
//! Long because the cards, the query, the page and its samples are one list.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, SAMPLE, pager};
use crate::highlights::{self, Choices, Entry, How, Order, Shelf, WantedEntries as Wanted};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, CollectionId, HighlightId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

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
    category: String,
    lang: String,
    topics: Vec<String>,
    collections: Vec<Choice>,
    voices: Vec<Said>,
    places: Vec<&'static str>,
    by_hand: bool,
    evergreen: bool,
    pictured: bool,
    retired: bool,
    embargo: Option<i64>,
    expires: Option<i64>,
    approved_at: i64,
    used: usize,
    planned: usize,
    taken: i64,
    last: Option<i64>,
    last_at: String,
}

impl Card {
    fn of(entry: &Entry, now: i64) -> Self {
        let highlight = &entry.highlight;
        let last = entry
            .announcements
            .iter()
            .filter(|a| a.sent_at.is_some())
            .max_by_key(|a| a.sent_at);
        Self {
            id: highlight.id.0,
            title: highlight.title.clone(),
            audience: highlight.audience.clone(),
            category: entry.category.clone(),
            lang: highlight.lang.clone(),
            topics: entry.topics.clone(),
            collections: entry
                .collections
                .iter()
                .map(|(id, name)| Choice::new(id.0.to_string(), name, ""))
                .collect(),
            voices: entry
                .voices
                .iter()
                .map(|voice| Said {
                    words: voice.words.clone(),
                    named: voice.named.clone().unwrap_or_default(),
                })
                .collect(),
            places: highlights::covered_words(&entry.covered),
            by_hand: entry.covered.by_hand,
            evergreen: highlight.evergreen,
            pictured: highlight.pictured,
            retired: highlight.state == highlights::State::Retired,
            embargo: highlight
                .embargo_until
                .map(|at| at.0)
                .filter(|at| *at > now),
            expires: highlight.expires_at.map(|at| at.0),
            approved_at: highlight.approved_at.map_or(0, |at| at.0),
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
            taken: entry.taken,
            last: last.and_then(|a| a.sent_at).map(|at| at.0),
            last_at: last.map(|a| a.channel_name.clone()).unwrap_or_default(),
        }
    }

    fn sample() -> Self {
        Self {
            id: 7,
            title: "A kingfisher".into(),
            audience: "Families".into(),
            category: "Field notes".into(),
            lang: "en".into(),
            topics: vec!["birds".into()],
            collections: vec![Choice::new("1".into(), "Winter opening", "")],
            voices: vec![Said {
                words: "This morning a kingfisher.".into(),
                named: "Ines".into(),
            }],
            places: vec!["page", "webhook"],
            by_hand: true,
            evergreen: true,
            pictured: true,
            embargo: Some(SAMPLE.0),
            expires: Some(SAMPLE.0),
            approved_at: SAMPLE.0,
            used: 1,
            planned: 1,
            taken: 2,
            last: Some(SAMPLE.0),
            last_at: "Announcements".into(),
            ..Self::default()
        }
    }
}

/// Something that can be chosen in a form.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

impl Choice {
    /// A choice; chosen where its value is the present one.
    pub(super) fn new(value: String, name: &str, present: &str) -> Self {
        Self {
            chosen: value == present,
            name: name.to_owned(),
            value,
        }
    }
}

/// What is looked for, as it stands in the address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    shelf: String,
    words: String,
    topic: String,
    category: String,
    audience: String,
    lang: String,
    pictured: String,
    collection: String,
    after: String,
}

impl Query {
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            shelf: Shelf::parse(&self.shelf).unwrap_or(Shelf::All),
            words: self.words.clone(),
            topic: self.topic.clone(),
            category: self.category.parse().ok().map(CategoryId),
            audience: self.audience.clone(),
            lang: self.lang.clone(),
            pictured: !self.pictured.is_empty(),
            collection: self.collection.parse().ok().map(CollectionId),
        }
    }

    fn filtered(&self) -> bool {
        let fields = [
            &self.words,
            &self.topic,
            &self.category,
            &self.audience,
            &self.lang,
            &self.pictured,
            &self.collection,
        ];
        fields.iter().any(|field| !field.is_empty())
    }

    fn address(&self, shelf: Option<Shelf>, after: Option<Cursor>) -> String {
        let asked = Self {
            shelf: shelf.map_or_else(
                || self.shelf.clone(),
                |shelf| match shelf {
                    Shelf::All => String::new(),
                    other => other.as_str().to_owned(),
                },
            ),
            after: after.map(|c| c.encode()).unwrap_or_default(),
            ..self.clone()
        };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("shelf", &asked.shelf),
            ("words", &asked.words),
            ("topic", &asked.topic),
            ("category", &asked.category),
            ("audience", &asked.audience),
            ("lang", &asked.lang),
            ("pictured", &asked.pictured),
            ("collection", &asked.collection),
            ("after", &asked.after),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            "/outreach/library".to_owned()
        } else {
            format!("/outreach/library?{query}")
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
struct Tab {
    shelf: &'static str,
    href: String,
    current: bool,
}

/// The shelves.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LibraryPage {
    tabs: Vec<Tab>,
    query: Query,
    filtered: bool,
    topics: Vec<Choice>,
    categories: Vec<Choice>,
    audiences: Vec<Choice>,
    langs: Vec<Choice>,
    collections: Vec<Choice>,
    cards: Vec<Card>,
    waiting: i64,
    letter: bool,
    purpose: String,
    problems: Problems,
    pager: Option<Pager>,
}

impl Page for LibraryPage {
    const TEMPLATE: &'static str = "highlights/library";

    fn head(&self) -> Head {
        Head::new("highlights-library-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let bare = Card {
            title: "م".repeat(255),
            topics: vec!["م".repeat(40); 8],
            retired: true,
            ..Card::default()
        };
        let query = Query {
            shelf: "unused".into(),
            words: "م".repeat(255),
            pictured: "1".into(),
            ..Query::default()
        };
        vec![
            Self::default(),
            Self {
                tabs: tabs(&query),
                filtered: true,
                topics: vec![Choice::new("birds".into(), "birds", "birds")],
                cards: vec![Card::sample(), bare],
                waiting: 3,
                letter: true,
                problems: Problems::one("purpose", "purpose-needed"),
                pager: pager(Some("?after=x".into())),
                query: query.clone(),
                ..Self::default()
            },
            Self {
                tabs: tabs(&query),
                filtered: true,
                query,
                ..Self::default()
            },
        ]
    }
}

fn tabs(query: &Query) -> Vec<Tab> {
    let present = Shelf::parse(&query.shelf).unwrap_or(Shelf::All);
    Shelf::ALL
        .iter()
        .map(|shelf| Tab {
            shelf: shelf.as_str(),
            href: query.address(Some(*shelf), None),
            current: *shelf == present,
        })
        .collect()
}

/// `/outreach`: to the library, or for those who only look after what goes out, to the announcements.
pub async fn door(call: Call) -> Answer {
    call.page(|_, viewer| {
        viewer.actor.may(&Action::SeeOutreach)?;
        // Who has only not read the guidelines yet is led to where they are read, not past it.
        let library = !matches!(
            viewer.actor.may(&Action::SeeLibrary),
            Err(Stop::Refused(refusal)) if !matches!(refusal, Refusal::AcknowledgeFirst(_))
        );
        Ok(Shown::see(if library {
            "/outreach/library"
        } else {
            "/outreach/announcements"
        }))
    })
    .await
}

fn made(
    tx: &mut crate::db::Tx<'_>,
    viewer: &Viewer,
    query: &Query,
    purpose: &str,
    problems: Problems,
) -> Result<LibraryPage> {
    let after = Cursor::decode(&query.after);
    let now = tx.now().0;
    let (entries, next) = highlights::library(tx, &viewer.actor, &query.wanted(), after)?;
    let Choices {
        topics,
        categories,
        audiences,
        langs,
        collections,
    } = highlights::choices(tx, &viewer.actor)?;
    let plain = |names: Vec<String>, present: &str| -> Vec<Choice> {
        names
            .into_iter()
            .map(|name| Choice::new(name.clone(), &name, present))
            .collect()
    };
    let letter = match viewer.actor.id() {
        Some(me) => highlights::wants_letter(tx, me)?,
        None => false,
    };
    Ok(LibraryPage {
        tabs: tabs(query),
        filtered: query.filtered(),
        topics: plain(topics, &query.topic),
        categories: categories
            .into_iter()
            .map(|(id, name)| Choice::new(id.0.to_string(), &name, &query.category))
            .collect(),
        audiences: plain(audiences, &query.audience),
        langs: plain(langs, &query.lang),
        collections: collections
            .into_iter()
            .map(|(id, name)| Choice::new(id.0.to_string(), &name, &query.collection))
            .collect(),
        cards: entries.iter().map(|entry| Card::of(entry, now)).collect(),
        waiting: highlights::recalled_waiting(tx)?,
        letter,
        purpose: purpose.to_owned(),
        problems,
        pager: pager(next.map(|next| query.address(None, Some(next)))),
        query: query.clone(),
    })
}

/// Shows the shelves.
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    call.page(move |tx, viewer| {
        Ok(Shown::from(made(
            tx,
            viewer,
            &query,
            "",
            Problems::default(),
        )?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ExportForm {
    #[serde(flatten)]
    query: Query,
    purpose: String,
    recipient: String,
}

/// Takes everything on the page out as a table; that is written down.
pub async fn export(call: Call) -> Answer {
    let form: ExportForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let after = Cursor::decode(&form.query.after);
            let (entries, _) = highlights::library(tx, &viewer.actor, &form.query.wanted(), after)?;
            let ids: Vec<HighlightId> = entries.iter().map(|entry| entry.highlight.id).collect();
            let order = Order {
                how: How::Export,
                purpose: form.purpose.clone(),
                recipient: form.recipient.clone(),
            };
            let batch = highlights::pull(tx, &viewer.actor, &ids, &order)?;
            Ok(See::to(format!("/outreach/pulls/{batch}")).flash("highlight-pulled"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                &again.query,
                &again.purpose,
                problems.clone(),
            )?))
        },
    )
    .await
}
