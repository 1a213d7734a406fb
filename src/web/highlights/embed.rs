//! The card for the organisation's own website (`/embed/highlight/{id}`) and oEmbed, by which WordPress and others
//! find it. A plain page without scripts; the only one that may stand in somebody else's frame.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::parts::frame_words;
use crate::highlights;
use crate::kit::ids::HighlightId;
use crate::kit::stop::OrRefuse;
use crate::kit::{Refusal, Result, Stop};
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Head, Page, Shown};

/// The card's width and height where nobody asks for others.
const SIZE: (u32, u32) = (560, 320);

#[derive(Debug, Clone, Default, Serialize)]
struct Voice {
    words: String,
    named: String,
}

/// The card.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EmbedPage {
    gone: bool,
    title: String,
    lang: String,
    voices: Vec<Voice>,
    nameless: String,
    said_in: String,
    link: String,
    oembed_json: String,
    oembed_xml: String,
}

impl Page for EmbedPage {
    const TEMPLATE: &'static str = "highlights/embed";

    fn head(&self) -> Head {
        let head = if self.gone {
            Head::new("highlights-embed-gone-title").status(410)
        } else {
            Head::text(&self.title)
        };
        head.no_index().lang(&self.lang)
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            title: "A kingfisher".into(),
            lang: "en".into(),
            voices: vec![Voice {
                words: "This morning a kingfisher.".into(),
                named: "Ines".into(),
            }],
            nameless: "a member".into(),
            said_in: "Said in the Commons.".into(),
            link: "https://x.example/h/2".into(),
            oembed_json: "https://x.example/oembed?url=x".into(),
            oembed_xml: "https://x.example/oembed?format=xml&url=x".into(),
            ..Self::default()
        };
        let worst = Self {
            title: "م".repeat(255),
            voices: vec![
                Voice {
                    words: "م".repeat(255),
                    named: String::new(),
                };
                5
            ],
            ..usual.clone()
        };
        let gone = Self {
            gone: true,
            ..Self::default()
        };
        vec![gone, usual, worst]
    }
}

/// Where oEmbed tells of a card.
fn oembed_address(base: &str, page: &str, format: &str) -> String {
    let url: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("{base}/oembed?format={format}&url={url}")
}

/// Shows the card; after a recall it says so, without words.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let taken = match highlights::card(tx, id) {
            Ok(taken) => taken,
            Err(Stop::Refused(Refusal::Gone)) => {
                return Ok(Shown::from(EmbedPage {
                    gone: true,
                    ..EmbedPage::default()
                }));
            }
            Err(other) => return Err(other),
        };
        let words = frame_words(&ui, &viewer.settings);
        let (base, page) = (tx.link(""), tx.link(&format!("/embed/highlight/{id}")));
        Ok(Shown::from(EmbedPage {
            gone: false,
            title: taken.title,
            lang: taken.lang,
            voices: taken
                .voices
                .into_iter()
                .map(|voice| Voice {
                    words: voice.words,
                    named: voice.named.unwrap_or_default(),
                })
                .collect(),
            nameless: words.nameless,
            said_in: words.said_in,
            link: taken.link,
            oembed_json: oembed_address(&base, &page, "json"),
            oembed_xml: oembed_address(&base, &page, "xml"),
        }))
    })
    .await
}

/// The card's style, for frames that count as strangers: those of WordPress do.
pub async fn style(call: Call) -> Answer {
    let ui = call.app().ui()?;
    let name = ui.assets.href("css/card.css");
    let asset = name
        .strip_prefix("/assets/")
        .and_then(|name| ui.assets.get(name))
        .or_not_found()?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(asset.plain.clone()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The HTML that puts a card into a page: a frame, and no script.
pub(super) fn snippet(page: &str, title: &str) -> String {
    sized(page, title, SIZE)
}

fn sized(page: &str, title: &str, (width, height): (u32, u32)) -> String {
    format!(
        "<iframe src=\"{}\" width=\"{width}\" height=\"{height}\" title=\"{}\" frameborder=\"0\"></iframe>",
        escaped(page),
        escaped(title),
    )
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    url: String,
    format: String,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

/// Which highlight's card an address means: one of ours, whatever its query or fragment.
fn asked_for(base: &str, url: &str) -> Result<HighlightId> {
    let path = url
        .strip_prefix(base)
        .and_then(|rest| rest.split(['?', '#']).next())
        .ok_or(Refusal::NotFound)?;
    let id = path
        .strip_prefix("/embed/highlight/")
        .and_then(|id| id.trim_end_matches('/').parse().ok())
        .ok_or(Refusal::NotFound)?;
    Ok(HighlightId(id))
}

/// `/oembed?url=…` (oEmbed 1.0, JSON and XML): how the card is put into a page. What was recalled is not found.
pub async fn oembed(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let base = tx.link("");
        let id = asked_for(&base, &asked.url)?;
        let taken = match highlights::card(tx, id) {
            Err(Stop::Refused(Refusal::Gone)) => return Err(Refusal::NotFound.into()),
            other => other?,
        };
        let width = asked.maxwidth.unwrap_or(SIZE.0).clamp(200, SIZE.0);
        let height = asked.maxheight.unwrap_or(SIZE.1).clamp(160, SIZE.1);
        let page = tx.link(&format!("/embed/highlight/{id}"));
        let html = sized(&page, &taken.title, (width, height));
        let site = &viewer.settings.name;
        // Whoever keeps the answer asks again soon: a recall is not to be outlived.
        let mut raw = match asked.format.as_str() {
            "" | "json" => {
                let answer = json!({
                    "version": "1.0",
                    "type": "rich",
                    "provider_name": site,
                    "provider_url": base,
                    "title": taken.title,
                    "html": html,
                    "width": width,
                    "height": height,
                    "cache_age": 300,
                });
                Bytes::new(
                    "application/json; charset=utf-8",
                    serde_json::to_vec(&answer)?,
                )
            }
            "xml" => {
                let xml = format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed><version>1.0</version>\
                     <type>rich</type><provider_name>{}</provider_name><provider_url>{}</provider_url><title>{}</title>\
                     <html>{}</html><width>{width}</width><height>{height}</height><cache_age>300</cache_age></oembed>\n",
                    escaped(site),
                    escaped(&base),
                    escaped(&taken.title),
                    escaped(&html),
                );
                Bytes::new("text/xml; charset=utf-8", xml.into_bytes())
            }
            // The specification asks for this status.
            _ => {
                let mut raw = Bytes::new("text/plain; charset=utf-8", Vec::new());
                raw.status = 501;
                raw
            }
        };
        raw.cache = Some("no-cache");
        Ok(Shown::Bytes(raw))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cards_are_meant() {
        let base = "https://x.example";
        let of = |url: &str| asked_for(base, url).ok().map(|id| id.0);
        assert_eq!(of("https://x.example/embed/highlight/7"), Some(7));
        assert_eq!(of("https://x.example/embed/highlight/7/?a=1#b"), Some(7));
        assert_eq!(of("https://x.example.evil/embed/highlight/7"), None);
        assert_eq!(of("https://y.example/embed/highlight/7"), None);
        assert_eq!(of("https://x.example/t/x/7"), None);
    }

    #[test]
    fn a_title_stays_in_its_attribute() {
        let html = snippet("https://x.example/embed/highlight/7", "\"><script>");
        assert!(!html.contains("<script>"), "{html}");
    }
}
