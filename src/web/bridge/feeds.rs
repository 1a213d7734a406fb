//! `/announcements.atom`, `.rss` and `.json`: the same in the three forms of feeds. Names never change, corrections
//! move `updated`, and what was taken back leaves a tombstone in the Atom feed (RFC 6721).

use std::fmt::Write;

use serde_json::{Value, json};

use crate::bridge::{self, Entry, Picture, Published};
use crate::db::Tx;
use crate::kit::clock::SECOND;
use crate::kit::{At, Result};
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Shown, Viewer};

/// Entries in a feed.
const IN_A_FEED: i64 = 50;

/// What all three are made of.
#[cfg_attr(test, derive(Clone))]
struct Feed {
    site: String,
    host: String,
    lang: String,
    base: String,
    /// Who is told when this changes, and tells others (WebSub); empty where there is none.
    hub: String,
    published: Published,
}

impl Feed {
    fn read(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Self> {
        let base = tx.link("");
        let host = url::Url::parse(&base)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        Ok(Self {
            site: viewer.settings.name.clone(),
            lang: viewer.settings.lang.clone(),
            host,
            base,
            hub: viewer.settings.hub.clone(),
            published: bridge::published(tx, IN_A_FEED)?,
        })
    }

    /// The lasting name of an entry (RFC 4151): it holds no address that could change.
    fn name(&self, code: &str) -> String {
        format!("tag:{},2026:announcement/{code}", self.host)
    }

    /// The absolute address of an entry's picture.
    fn address(&self, picture: &Picture) -> String {
        format!("{}{}", self.base, picture.path())
    }

    fn link(&self, code: &str) -> String {
        format!("{}/h/{code}", self.base)
    }

    /// A feed without entries has a time too, always the same.
    fn updated(&self) -> At {
        self.published
            .updated_at
            .unwrap_or(At(1_767_225_600 * SECOND))
    }

    fn bytes(&self, media_type: &'static str, file: &str, text: String) -> Shown {
        let mut bytes = Bytes::new(media_type, text.into_bytes());
        bytes.modified = Some(self.updated());
        let mut links = format!("<{}/announcements.{file}>; rel=\"self\"", self.base);
        // The JSON feed's readers find the hub here; the others find it in both places.
        if !self.hub.is_empty() && self.hub.is_ascii() {
            links = format!("<{}>; rel=\"hub\", {links}", self.hub);
        }
        bytes.headers.push(("Link", links));
        Shown::Bytes(bytes)
    }
}

/// Text that may stand in XML: escaped, and without the characters that XML does not have.
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

/// What an entry says, voices included, as plain text.
fn said(entry: &Entry) -> String {
    let mut text = entry.text.clone();
    for quote in &entry.quotes {
        if !entry.text.contains(&quote.text) {
            text.push_str("\n\n\u{201c}");
            text.push_str(&quote.text);
            text.push('\u{201d}');
            if !quote.attribution.is_empty() {
                text.push_str(" \u{2014} ");
                text.push_str(&quote.attribution);
            }
        }
    }
    text
}

/// A picture as Media RSS says it, with what it shows; readers of Atom and RSS both know it.
fn media(feed: &Feed, picture: &Picture) -> String {
    format!(
        "<media:content url=\"{}\" type=\"{}\" medium=\"image\" width=\"{}\" height=\"{}\">\
         <media:description type=\"plain\">{}</media:description></media:content>",
        xml(&feed.address(picture)),
        xml(&picture.media_type),
        picture.width,
        picture.height,
        xml(&picture.alt),
    )
}

fn atom_of(feed: &Feed) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let own = format!("{}/announcements.atom", feed.base);
    let page = format!("{}/announcements", feed.base);
    let head = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" xml:lang=\"{}\">\n\
         <id>tag:{},2026:announcements</id>\n<title>{}</title>\n<updated>{}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <author><name>{}</name></author>\n",
        xml(&feed.lang),
        xml(&feed.host),
        xml(&feed.site),
        feed.updated().rfc3339(),
        xml(&own),
        xml(&page),
        xml(&feed.site),
    );
    out.push_str(&head);
    if !feed.hub.is_empty() {
        let _: std::fmt::Result = writeln!(out, "<link rel=\"hub\" href=\"{}\"/>", xml(&feed.hub));
    }
    for entry in &feed.published.entries {
        let lang = if entry.lang.is_empty() {
            &feed.lang
        } else {
            &entry.lang
        };
        let picture = entry.picture.as_ref().map_or_else(String::new, |picture| {
            format!(
                "<link rel=\"enclosure\" type=\"{}\" href=\"{}\"/>{}",
                xml(&picture.media_type),
                xml(&feed.address(picture)),
                media(feed, picture),
            )
        });
        // Writing to a String cannot fail.
        let _: std::fmt::Result = writeln!(
            out,
            "<entry xml:lang=\"{}\"><id>{}</id><title>{}</title><link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\
             <published>{}</published><updated>{}</updated><content type=\"text\">{}</content>{picture}</entry>",
            xml(lang),
            xml(&feed.name(&entry.code)),
            xml(&entry.title),
            xml(&feed.link(&entry.code)),
            entry.published_at.rfc3339(),
            entry.updated_at.rfc3339(),
            xml(&said(entry)),
        );
    }
    for (code, at) in &feed.published.withdrawn {
        let _: std::fmt::Result = writeln!(
            out,
            "<at:deleted-entry ref=\"{}\" when=\"{}\"/>",
            xml(&feed.name(code)),
            at.rfc3339()
        );
    }
    out.push_str("</feed>\n");
    out
}

/// `Sun, 06 Nov 1994 08:49:37 +0000`, as RSS writes it.
fn rfc2822(at: At) -> String {
    at.timestamp()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .strftime("%a, %d %b %Y %H:%M:%S +0000")
        .to_string()
}

fn rss_of(feed: &Feed) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let page = format!("{}/announcements", feed.base);
    let head = format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\n<title>{}</title>\n<link>{}</link>\n\
         <description>{}</description>\n<language>{}</language>\n<lastBuildDate>{}</lastBuildDate>\n\
         <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{}\"/>\n",
        xml(&feed.site),
        xml(&page),
        xml(&feed.site),
        xml(&feed.lang),
        rfc2822(feed.updated()),
        xml(&format!("{}/announcements.rss", feed.base)),
    );
    out.push_str(&head);
    if !feed.hub.is_empty() {
        let _: std::fmt::Result =
            writeln!(out, "<atom:link rel=\"hub\" href=\"{}\"/>", xml(&feed.hub));
    }
    for entry in &feed.published.entries {
        // The length has to be said, and 0 says that it is not known: the file is made in several sizes.
        let picture = entry.picture.as_ref().map_or_else(String::new, |picture| {
            format!(
                "<enclosure url=\"{}\" type=\"{}\" length=\"0\"/>{}",
                xml(&feed.address(picture)),
                xml(&picture.media_type),
                media(feed, picture),
            )
        });
        let _: std::fmt::Result = writeln!(
            out,
            "<item><guid isPermaLink=\"false\">{}</guid><title>{}</title><link>{}</link><pubDate>{}</pubDate>\
             <description>{}</description>{picture}</item>",
            xml(&feed.name(&entry.code)),
            xml(&entry.title),
            xml(&feed.link(&entry.code)),
            rfc2822(entry.published_at),
            xml(&said(entry)),
        );
    }
    out.push_str("</channel></rss>\n");
    out
}

fn json_of(feed: &Feed) -> Value {
    let items: Vec<Value> = feed
        .published
        .entries
        .iter()
        .map(|entry| {
            let mut item = json!({
                "id": feed.name(&entry.code),
                "url": feed.link(&entry.code),
                "title": entry.title,
                "content_text": said(entry),
                "date_published": entry.published_at.rfc3339(),
                "date_modified": entry.updated_at.rfc3339(),
            });
            if let (false, Some(map)) = (entry.lang.is_empty(), item.as_object_mut()) {
                map.insert("language".to_owned(), json!(entry.lang));
            }
            if let (Some(picture), Some(map)) = (&entry.picture, item.as_object_mut()) {
                let address = feed.address(picture);
                let file = json!({ "url": address, "mime_type": picture.media_type, "title": picture.alt });
                map.insert("image".to_owned(), json!(address));
                map.insert("attachments".to_owned(), json!([file]));
            }
            item
        })
        .collect();
    let mut whole = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.site,
        "home_page_url": format!("{}/announcements", feed.base),
        "feed_url": format!("{}/announcements.json", feed.base),
        "language": feed.lang,
        "authors": [{ "name": feed.site }],
        "items": items,
    });
    if let (false, Some(map)) = (feed.hub.is_empty(), whole.as_object_mut()) {
        let hubs = json!([{ "type": "WebSub", "url": feed.hub }]);
        map.insert("hubs".to_owned(), hubs);
    }
    whole
}

/// The Atom feed.
pub async fn atom(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let feed = Feed::read(tx, viewer)?;
        Ok(feed.bytes(
            "application/atom+xml; charset=utf-8",
            "atom",
            atom_of(&feed),
        ))
    })
    .await
}

/// The RSS feed.
pub async fn rss(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let feed = Feed::read(tx, viewer)?;
        Ok(feed.bytes("application/rss+xml; charset=utf-8", "rss", rss_of(&feed)))
    })
    .await
}

/// The JSON feed.
pub async fn json(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let feed = Feed::read(tx, viewer)?;
        let text = serde_json::to_string(&json_of(&feed))?;
        Ok(feed.bytes("application/feed+json; charset=utf-8", "json", text))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::Quote;
    use crate::kit::ids::MediaId;

    fn feed() -> Feed {
        let entry = Entry {
            id: 1,
            code: "k7mwq2xp".to_owned(),
            title: "Fish & <chips>\u{8}".to_owned(),
            text: "Three pairs \"this\" spring".to_owned(),
            lang: "en".to_owned(),
            source_path: "/t/x/1".to_owned(),
            quotes: vec![Quote {
                text: "So blue".to_owned(),
                attribution: "Ines".to_owned(),
            }],
            picture: Some(Picture {
                upload: MediaId(7),
                name: "ab-900x600.jpg".to_owned(),
                media_type: "image/jpeg".to_owned(),
                width: 900,
                height: 600,
                alt: "Blue & orange".to_owned(),
            }),
            published_at: At(1_700_000_000 * SECOND),
            updated_at: At(1_700_000_100 * SECOND),
        };
        Feed {
            site: "The Commons".to_owned(),
            host: "commons.example".to_owned(),
            lang: "en".to_owned(),
            base: "https://commons.example".to_owned(),
            hub: "https://hub.example/?a=1&b=2".to_owned(),
            published: Published {
                updated_at: Some(entry.updated_at),
                entries: vec![entry],
                withdrawn: vec![("gone1234".to_owned(), At(1_700_000_050 * SECOND))],
            },
        }
    }

    #[test]
    fn a_reader_that_is_not_ours_reads_all_three() {
        let feed = feed();
        for text in [atom_of(&feed), rss_of(&feed), json_of(&feed).to_string()] {
            let read = feed_rs::parser::parse(text.as_bytes()).expect("a feed");
            assert_eq!(read.entries.len(), 1, "{text}");
            assert_eq!(
                read.entries[0].id,
                "tag:commons.example,2026:announcement/k7mwq2xp"
            );
            let title = read.entries[0].title.as_ref().map(|t| t.content.as_str());
            assert!(
                title.is_some_and(|t| t.contains("Fish & <chips>")),
                "{title:?}"
            );
        }
        let address = "https://commons.example/media/7/ab-900x600.jpg";
        for text in [atom_of(&feed), rss_of(&feed)] {
            let read = feed_rs::parser::parse(text.as_bytes()).expect("a feed");
            let media = read.entries[0].media.first().expect("its picture");
            let seen = media.content[0].url.as_ref().map(ToString::to_string);
            assert_eq!(seen.as_deref(), Some(address), "{text}");
            assert!(text.contains("Blue &amp; orange"), "what it shows");
        }
        let item = &json_of(&feed)["items"][0];
        assert_eq!(item["image"], address);
        assert_eq!(item["attachments"][0]["mime_type"], "image/jpeg");
        assert!(
            atom_of(&feed).contains(
                "<at:deleted-entry ref=\"tag:commons.example,2026:announcement/gone1234\""
            )
        );
        assert!(
            atom_of(&feed)
                .contains("<link rel=\"hub\" href=\"https://hub.example/?a=1&amp;b=2\"/>")
        );
        assert!(rss_of(&feed).contains("<atom:link rel=\"hub\" href=\"https://hub.example/"));
        assert_eq!(json_of(&feed)["hubs"][0]["url"], feed.hub);
        let without = Feed {
            hub: String::new(),
            ..feed.clone()
        };
        for text in [
            atom_of(&without),
            rss_of(&without),
            json_of(&without).to_string(),
        ] {
            assert!(!text.contains("hub"), "{text}");
        }
        assert!(atom_of(&feed).contains("So blue") && !atom_of(&feed).contains('\u{8}'));
    }
}
