//! `/outreach/feeds`: a publisher's own feeds of the library under secret addresses, and the feeds themselves.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::library::Choice;
use super::parts::{FrameWords, SAMPLE, frame_words};
use crate::db::Tx;
use crate::highlights::{self, FeedRead, Taken};
use crate::kit::ids::{CollectionId, PullFeedId};
use crate::kit::{At, Problems, Refusal, Result};
use crate::web::answer::Bytes;
use crate::web::members::shown_once;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    label: String,
    collection: String,
    created_at: i64,
    read_at: Option<i64>,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PullFeedsPage {
    lines: Vec<Line>,
    collections: Vec<Choice>,
    label: String,
    problems: Problems,
}

impl Page for PullFeedsPage {
    const TEMPLATE: &'static str = "highlights/pull_feeds";

    fn head(&self) -> Head {
        Head::new("highlights-feeds-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            label: "The planning tool".into(),
            collection: "Winter opening".into(),
            created_at: SAMPLE.0,
            read_at: Some(SAMPLE.0),
        };
        let bare = Line {
            label: "م".repeat(80),
            ..Line::default()
        };
        vec![
            Self::default(),
            Self {
                lines: vec![line.clone()],
                ..Self::default()
            },
            Self {
                lines: vec![line, bare],
                collections: vec![Choice::new("1".into(), "Winter opening", "")],
                label: "م".repeat(255),
                problems: Problems::one("label", "needed"),
            },
        ]
    }
}

/// The address of a new feed, shown once.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PullFeedMadePage {
    rss: String,
    json: String,
}

impl Page for PullFeedMadePage {
    const TEMPLATE: &'static str = "highlights/pull_feed_made";

    fn head(&self) -> Head {
        Head::new("highlights-feed-made-title")
            .nav("outreach")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let long = format!("https://x.example/outreach/feed/{}", "x".repeat(43));
        vec![
            Self::default(),
            Self {
                rss: "https://x.example/outreach/feed/abc.rss".into(),
                json: "https://x.example/outreach/feed/abc.json".into(),
            },
            Self {
                rss: format!("{long}.rss"),
                json: format!("{long}.json"),
            },
        ]
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    label: &str,
    problems: Problems,
) -> Result<PullFeedsPage> {
    let feeds = highlights::feeds(tx, &viewer.actor)?;
    let choices = highlights::choices(tx, &viewer.actor)?;
    Ok(PullFeedsPage {
        lines: feeds
            .into_iter()
            .map(|feed| Line {
                id: feed.id.0,
                label: feed.label,
                collection: feed.collection.unwrap_or_default(),
                created_at: feed.created_at.0,
                read_at: feed.read_at.map(|at| at.0),
            })
            .collect(),
        collections: choices
            .collections
            .iter()
            .map(|(id, name)| Choice::new(id.0.to_string(), name, ""))
            .collect(),
        label: label.to_owned(),
        problems,
    })
}

/// Shows my feeds.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| Ok(Shown::from(made(tx, viewer, "", Problems::default())?)))
        .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Form {
    label: String,
    collection: String,
}

/// Opens a feed and shows its address, this once.
pub async fn open(call: Call) -> Answer {
    let form: Form = call.form()?;
    let again = form.clone();
    shown_once(
        &call,
        move |tx, viewer| {
            let collection = form.collection.parse().ok().map(CollectionId);
            let token = highlights::open_feed(tx, &viewer.actor, &form.label, collection)?;
            let address = |ending: &str| tx.link(&format!("/outreach/feed/{token}.{ending}"));
            Ok(Shown::from(PullFeedMadePage {
                rss: address("rss"),
                json: address("json"),
            }))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                &again.label,
                problems.clone(),
            )?))
        },
    )
    .await
}

/// Closes a feed.
pub async fn close(call: Call) -> Answer {
    let id: PullFeedId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::close_feed(tx, &viewer.actor, id)?;
        Ok(See::to("/outreach/feeds").flash("pull-feed-closed"))
    })
    .await
}

/// Text that may stand in XML.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// What everything around the entries is made of.
struct Around<'a> {
    site: &'a str,
    lang: &'a str,
    base: &'a str,
    words: &'a FrameWords,
}

impl Around<'_> {
    /// The lasting name of an entry (RFC 4151).
    fn name(&self, taken: &Taken) -> String {
        let host = url::Url::parse(self.base)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        format!("tag:{host},2026:highlight/{}", taken.highlight)
    }

    fn said(&self, taken: &Taken) -> String {
        let voices: Vec<String> = taken
            .voices
            .iter()
            .map(|voice| {
                let named = voice.named.as_deref().unwrap_or(&self.words.nameless);
                format!("\u{201c}{}\u{201d} \u{2014} {named}", voice.words)
            })
            .collect();
        format!("{}\n\n{}", voices.join("\n\n"), self.words.said_in)
    }

    fn rss(&self, feed: &FeedRead) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        out.push_str(&format!(
            "<rss version=\"2.0\"><channel>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n\
             <language>{}</language>\n",
            xml(&format!("{} \u{b7} {}", self.site, feed.label)),
            xml(self.base),
            xml(&feed.label),
            xml(self.lang),
        ));
        for taken in &feed.taken {
            let date = jiff_rfc2822(taken.approved_at.unwrap_or(taken.at));
            let topics: String = taken
                .topics
                .iter()
                .map(|topic| format!("<category>{}</category>", xml(topic)))
                .collect();
            // Writing to a String cannot fail.
            let _: std::fmt::Result = writeln!(
                out,
                "<item><guid isPermaLink=\"false\">{}</guid><title>{}</title><link>{}</link><pubDate>{date}</pubDate>\
                 {topics}<description>{}</description></item>",
                xml(&self.name(taken)),
                xml(&taken.title),
                xml(&taken.link),
                xml(&self.said(taken)),
            );
        }
        out.push_str("</channel></rss>\n");
        out
    }

    fn json(&self, feed: &FeedRead) -> Value {
        let items: Vec<Value> = feed
            .taken
            .iter()
            .map(|taken| {
                json!({
                    "id": self.name(taken),
                    "url": taken.link,
                    "title": taken.title,
                    "content_text": self.said(taken),
                    "date_published": taken.approved_at.unwrap_or(taken.at).rfc3339(),
                    "tags": taken.topics,
                    "language": if taken.lang.is_empty() { self.lang } else { &taken.lang },
                })
            })
            .collect();
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": format!("{} \u{b7} {}", self.site, feed.label),
            "home_page_url": self.base,
            "language": self.lang,
            "items": items,
        })
    }
}

/// `Sun, 06 Nov 1994 08:49:37 +0000`, as RSS writes it.
fn jiff_rfc2822(at: At) -> String {
    at.timestamp()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S +0000")
        .to_string()
}

/// Reads a feed by its secret address. What it hands out for the first time is written down as pulls first.
pub async fn read(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    let ending: String = call.segment("ending")?;
    if !matches!(ending.as_str(), "rss" | "json") {
        return Err(Refusal::NotFound.into());
    }
    let db = &call.app().db;
    let asked = token.clone();
    let read = db.read(move |tx| highlights::read_feed(tx, &asked)).await?;
    if read.behind {
        let asked = token.clone();
        db.write(move |tx| highlights::note_feed(tx, &asked))
            .await?;
    }
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let feed = highlights::read_feed(tx, &token)?;
        let words = frame_words(&ui, &viewer.settings);
        let base = tx.link("");
        let around = Around {
            site: &viewer.settings.name,
            lang: &viewer.settings.lang,
            base: &base,
            words: &words,
        };
        let mut raw = if ending == "rss" {
            let text = around.rss(&feed);
            Bytes::new("application/rss+xml; charset=utf-8", text.into_bytes())
        } else {
            let text = serde_json::to_vec(&around.json(&feed))?;
            Bytes::new("application/feed+json; charset=utf-8", text)
        };
        raw.cache = Some("private, no-cache");
        raw.headers.push(("x-robots-tag", "noindex".to_owned()));
        Ok(Shown::Bytes(raw))
    })
    .await
}
