//! `/outreach/pulls/{id}`: what was taken out in one go, in every form that can be carried away; and what was recalled
//! and has to be followed up.
//!
//! Long because what was taken and what was recalled are two ends of one story, each with its samples.

use serde::{Deserialize, Serialize};

use super::media_kit::{self, Say, Text};
use super::parts::{FrameWords, Pager, SAMPLE, Who, frame_words, pager};
use crate::db::Tx;
use crate::highlights::{self, Batch};
use crate::kit::Result;
use crate::kit::cursor::Cursor;
use crate::kit::ids::PullId;
use crate::members;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Voice {
    words: String,
    named: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Item {
    highlight: i64,
    title: String,
    lang: String,
    voices: Vec<Voice>,
    texts: Vec<Text>,
    link: String,
    expires: Option<i64>,
}

impl Item {
    fn sample() -> Self {
        Self {
            highlight: 7,
            title: "A kingfisher".into(),
            lang: "en".into(),
            voices: vec![
                Voice {
                    words: "This morning a kingfisher.".into(),
                    named: "Ines".into(),
                },
                Voice {
                    words: "م".repeat(255),
                    named: String::new(),
                },
            ],
            texts: vec![
                Text {
                    place: "manual",
                    text: "“This morning a kingfisher.” Ines\nhttps://x.example/h/2".into(),
                    length: 60,
                    limit: 0,
                    over: 0,
                },
                Text {
                    place: "x",
                    text: "م".repeat(255),
                    length: 300,
                    limit: 280,
                    over: 20,
                },
            ],
            link: "https://x.example/h/2".into(),
            expires: Some(SAMPLE.0),
        }
    }
}

/// What was taken out in one go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PullPage {
    id: i64,
    how: &'static str,
    purpose: String,
    recipient: String,
    by: Who,
    at: i64,
    items: Vec<Item>,
    fallen: usize,
    embed: String,
    embed_page: String,
}

impl Page for PullPage {
    const TEMPLATE: &'static str = "highlights/pull";

    fn head(&self) -> Head {
        Head::new("highlights-pull-page-title")
            .nav("outreach")
            .outward()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: 3,
            how: "by_hand",
            purpose: "Poster".into(),
            recipient: "The printer".into(),
            by: Who::sample(),
            at: SAMPLE.0,
            items: vec![Item::sample()],
            ..Self::default()
        };
        let card = Self {
            how: "embed",
            fallen: 2,
            embed: "<iframe src=\"https://x.example/embed/highlight/7\"></iframe>".into(),
            embed_page: "https://x.example/embed/highlight/7".into(),
            ..usual.clone()
        };
        let gone = Self {
            how: "export",
            fallen: 1,
            ..Self::default()
        };
        vec![usual, card, gone]
    }
}

fn items(batch: &Batch, words: &FrameWords) -> Vec<Item> {
    batch
        .taken
        .iter()
        .map(|taken| Item {
            highlight: taken.highlight.0,
            title: taken.title.clone(),
            lang: taken.lang.clone(),
            voices: taken
                .voices
                .iter()
                .map(|voice| Voice {
                    words: voice.words.clone(),
                    named: voice.named.clone().unwrap_or_default(),
                })
                .collect(),
            texts: media_kit::texts(taken, words),
            link: taken.link.clone(),
            expires: taken.expires_at.map(|at| at.0),
        })
        .collect()
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, id: PullId, words: &FrameWords) -> Result<PullPage> {
    let batch = highlights::batch(tx, &viewer.actor, id)?;
    let cards = members::cards(tx, &batch.member.into_iter().collect::<Vec<_>>())?;
    let by = batch.member.and_then(|id| cards.get(&id));
    let card = batch
        .taken
        .first()
        .filter(|_| batch.how == highlights::How::Embed);
    let embed_page = card.map_or_else(String::new, |taken| {
        tx.link(&format!("/embed/highlight/{}", taken.highlight))
    });
    Ok(PullPage {
        id: id.0,
        how: batch.how.as_str(),
        purpose: batch.purpose.clone(),
        recipient: batch.recipient.clone(),
        by: by.map(Who::of).unwrap_or_default(),
        at: batch.at.0,
        items: items(&batch, words),
        fallen: batch.fallen,
        embed: card.map_or_else(String::new, |taken| {
            super::embed::snippet(&embed_page, &taken.title)
        }),
        embed_page,
    })
}

/// Shows it, with the texts to copy.
pub async fn show(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        Ok(Shown::from(page(tx, viewer, id, &words)?))
    })
    .await
}

/// The sheet for the notice board.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SheetPage {
    items: Vec<Item>,
    said_in: String,
    back: String,
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "highlights/sheet";

    fn head(&self) -> Head {
        Head::new("highlights-sheet-title")
            .nav("outreach")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::default(),
            Self {
                items: vec![Item::sample()],
                ..Self::default()
            },
            Self {
                items: vec![Item::sample(); 3],
                said_in: "Said in the Commons.".into(),
                back: "/outreach/pulls/3".into(),
            },
        ]
    }
}

/// Shows the sheet for the notice board, to be printed.
pub async fn sheet(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        Ok(Shown::from(SheetPage {
            items: items(&batch, &words),
            said_in: words.said_in,
            back: format!("/outreach/pulls/{id}"),
        }))
    })
    .await
}

fn file(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Shown {
    let mut raw = Bytes::new(media_type, bytes);
    raw.cache = Some("private, no-store");
    let name = format!("attachment; filename=\"{name}\"");
    raw.headers.push(("content-disposition", name));
    Shown::Bytes(raw)
}

/// The media kit.
pub async fn kit(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    let pictures = media_kit::pictures(&call, id).await?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        let say = Say {
            sentences: &ui.sentences,
            settings: &viewer.settings,
            words: &words,
        };
        let bytes = media_kit::kit(&batch, &pictures, &say)?;
        Ok(file(
            "application/zip",
            &format!("media-kit-{id}.zip"),
            bytes,
        ))
    })
    .await
}

/// The table.
pub async fn csv(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        let text = media_kit::table(&batch, &words);
        let name = format!("highlights-{id}.csv");
        Ok(file("text/csv; charset=utf-8", &name, text.into_bytes()))
    })
    .await
}

/// The same for programs.
pub async fn json(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let batch = highlights::batch(tx, &viewer.actor, id)?;
        let text = serde_json::to_string_pretty(&media_kit::items(&batch, &words))?;
        let name = format!("highlights-{id}.json");
        Ok(file("application/json", &name, text.into_bytes()))
    })
    .await
}

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    highlight: i64,
    title: String,
    by: Who,
    how: &'static str,
    purpose: String,
    recipient: String,
    at: i64,
    recalled_at: i64,
    reason: String,
    /// Is it a picture in it that fell?
    picture: bool,
    done_at: Option<i64>,
    done_by: Who,
}

/// What was recalled.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecalledPage {
    done: bool,
    lines: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for RecalledPage {
    const TEMPLATE: &'static str = "highlights/recalled";

    fn head(&self) -> Head {
        Head::new("highlights-recalled-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            highlight: 7,
            title: "A kingfisher".into(),
            by: Who::sample(),
            how: "kit",
            purpose: "Poster".into(),
            recipient: "The printer".into(),
            at: SAMPLE.0,
            recalled_at: SAMPLE.0,
            reason: "consent-withdrawn".into(),
            ..Line::default()
        };
        let worst = Line {
            title: "م".repeat(255),
            by: Who::default(),
            how: "feed",
            picture: true,
            recipient: String::new(),
            ..line.clone()
        };
        let seen = Line {
            done_at: Some(SAMPLE.0),
            done_by: Who::sample(),
            ..line.clone()
        };
        vec![
            Self::default(),
            Self {
                lines: vec![line, worst],
                pager: pager(Some("?after=x".into())),
                ..Self::default()
            },
            Self {
                done: true,
                lines: vec![seen],
                pager: None,
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

/// Shows what was recalled and waits for somebody, or what was seen to.
pub async fn recalled(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    let done = query.show == "done";
    call.page(move |tx, viewer| {
        let (all, next) = highlights::recalled(tx, &viewer.actor, !done, after)?;
        let mut people: Vec<_> = all.iter().filter_map(|p| p.member).collect();
        people.extend(all.iter().filter_map(|p| p.done_by));
        let cards = members::cards(tx, &people)?;
        let who = |id: Option<crate::kit::ids::MemberId>| {
            id.and_then(|id| cards.get(&id))
                .map(Who::of)
                .unwrap_or_default()
        };
        let lines = all
            .into_iter()
            .map(|p| Line {
                id: p.id.0,
                highlight: p.highlight.0,
                title: p.title,
                by: who(p.member),
                how: p.how.as_str(),
                purpose: p.purpose,
                recipient: p.recipient,
                at: p.at.0,
                recalled_at: p.recalled_at.unwrap_or_default().0,
                picture: p.reason == highlights::PICTURE_REMOVED,
                reason: p.reason,
                done_at: p.done_at.map(|at| at.0),
                done_by: who(p.done_by),
            })
            .collect();
        let show = if done { "show=done&" } else { "" };
        Ok(Shown::from(RecalledPage {
            done,
            lines,
            pager: pager(next.map(|c| format!("/outreach/recalled?{show}after={}", c.encode()))),
        }))
    })
    .await
}

/// Somebody has seen to it.
pub async fn recall_done(call: Call) -> Answer {
    let id: PullId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::recall_done(tx, &viewer.actor, id)?;
        Ok(See::to("/outreach/recalled").flash("recall-done"))
    })
    .await
}
