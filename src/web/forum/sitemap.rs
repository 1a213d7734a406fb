//! What search engines ask first: the sitemap with its files, and robots.txt.

use std::fmt::Write;

use crate::forum;
use crate::kit::{At, Refusal};
use crate::policy::{Action, Actor};
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Shown};

const XML: &str = "application/xml; charset=utf-8";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The list of the sitemap's files.
pub async fn index(call: Call) -> Answer {
    let base = call.app().config.base_url.clone();
    call.page(move |tx, _| {
        let files = forum::sitemap_files(tx)?;
        let mut text = format!("{HEAD}<sitemapindex xmlns=\"{SPACE}\">\n");
        for file in std::iter::once("pages".to_owned()).chain((1..=files).map(|n| n.to_string())) {
            put(
                &mut text,
                "sitemap",
                &format!("{base}/sitemap/{file}.xml"),
                None,
            );
        }
        text.push_str("</sitemapindex>\n");
        Ok(Shown::Bytes(Bytes::new(XML, text.into_bytes())))
    })
    .await
}

/// One of its files: `pages` holds lists and categories, numbers hold threads.
pub async fn file(call: Call) -> Answer {
    let name: String = call.segment("file")?;
    let base = call.app().config.base_url.clone();
    call.page(move |tx, _| {
        let mut text = format!("{HEAD}<urlset xmlns=\"{SPACE}\">\n");
        if name == "pages" {
            for path in ["/latest", "/categories"] {
                put(&mut text, "url", &format!("{base}{path}"), None);
            }
            let places = forum::places(tx)?;
            let public = |c: &&forum::Category| Actor::Guest.can(&Action::SeeCategory(&c.facts));
            for category in places.iter().filter(public) {
                let address = format!("{base}{}", category.path());
                put(&mut text, "url", &address, category.last_post_at);
            }
        } else {
            let number: i64 = name.parse().map_err(|_| Refusal::NotFound)?;
            for (path, at) in forum::sitemap_file(tx, number)? {
                put(&mut text, "url", &format!("{base}{path}"), Some(at));
            }
        }
        text.push_str("</urlset>\n");
        Ok(Shown::Bytes(Bytes::new(XML, text.into_bytes())))
    })
    .await
}

/// One entry. Our own addresses are percent-encoded, so only an ampersand could need an escape.
fn put(text: &mut String, element: &str, address: &str, at: Option<At>) {
    let address = address.replace('&', "&amp;");
    let changed = at.map_or_else(String::new, |at| {
        format!("<lastmod>{}</lastmod>", at.rfc3339())
    });
    // Writing into a String cannot fail.
    let _ = writeln!(text, "<{element}><loc>{address}</loc>{changed}</{element}>");
}

/// Where crawlers need not go.
pub async fn robots(call: Call) -> Answer {
    let base = call.app().config.base_url.clone();
    let closed = [
        "/api/",
        "/my/",
        "/desk",
        "/outreach",
        "/insights",
        "/admin",
        "/p/",
        "/threads/",
        "/new-thread",
        "/search",
        "/sign-in",
        "/sign-up",
        "/h/",
        "/*?quote=",
        "/*?reply_to=",
        "/*&quote=",
        "/*&reply_to=",
    ];
    let mut text = "User-agent: *\n".to_owned();
    for path in closed {
        let _ = writeln!(text, "Disallow: {path}");
    }
    let _ = writeln!(text, "\nSitemap: {base}/sitemap.xml");
    call.page(move |_, _| {
        let bytes = Bytes::new("text/plain; charset=utf-8", text.clone().into_bytes());
        Ok(Shown::Bytes(bytes))
    })
    .await
}
