//! Feeds as RSS, Atom and JSON Feed: the newest threads of the house or a category, the newest posts of a thread. They
//! carry what everybody may see, whoever asks.

use atom_syndication as atom;
use serde_json::{Value, json};

use crate::content;
use crate::db::Tx;
use crate::forum::{self, FeedEntry};
use crate::kit::ids::{CategoryId, ThreadId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Shown, Viewer};

/// A feed before it has a form.
struct Feed {
    title: String,
    about: String,
    /// The page it belongs to, under this house.
    path: String,
    /// Its own address without the ending.
    own: String,
    entries: Vec<FeedEntry>,
}

/// The form of a feed, by its ending.
#[derive(Clone, Copy)]
enum Form {
    Rss,
    Atom,
    Json,
}

impl Form {
    fn of(ending: &str) -> Result<Self> {
        match ending {
            "rss" => Ok(Self::Rss),
            "atom" => Ok(Self::Atom),
            "json" => Ok(Self::Json),
            _ => Err(Refusal::NotFound.into()),
        }
    }
}

/// The newest threads of the house.
pub async fn latest(call: Call) -> Answer {
    let form = Form::of(&call.segment::<String>("ending")?)?;
    answer(call, form, |tx, viewer| {
        Ok(Feed {
            title: viewer.settings.name.clone(),
            about: viewer.settings.description.clone(),
            path: "/latest".to_owned(),
            own: "/latest".to_owned(),
            entries: forum::feed_of_threads(tx, None)?,
        })
    })
    .await
}

/// The newest threads of a category.
pub async fn category(call: Call) -> Answer {
    let form = Form::of(&call.segment::<String>("ending")?)?;
    let id: CategoryId = call.segment("id")?;
    answer(call, form, move |tx, viewer| {
        let entries = forum::feed_of_threads(tx, Some(id))?;
        let places = forum::places(tx)?;
        let category = places.find(id)?;
        Ok(Feed {
            title: format!("{} · {}", category.name, viewer.settings.name),
            about: category.description.clone(),
            path: category.path(),
            own: category.path(),
            entries,
        })
    })
    .await
}

/// The newest threads of a tag.
pub async fn tag(call: Call) -> Answer {
    let form = Form::of(&call.segment::<String>("ending")?)?;
    let name: String = call.segment("name")?;
    answer(call, form, move |tx, viewer| {
        let (id, name) = forum::find_tag(tx, &name)?;
        let entries = forum::feed_of_tag(tx, id)?;
        // A tag without a thread for everybody is not there, as on its page.
        if entries.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let path = forum::tag_path(&name);
        Ok(Feed {
            title: format!("{name} · {}", viewer.settings.name),
            about: String::new(),
            own: path.clone(),
            path,
            entries,
        })
    })
    .await
}

/// The newest posts of a thread.
pub async fn thread(call: Call) -> Answer {
    let form = Form::of(&call.segment::<String>("ending")?)?;
    let id: ThreadId = call.segment("id")?;
    answer(call, form, move |tx, viewer| {
        let (heading, entries) = forum::feed_of_posts(tx, id)?;
        Ok(Feed {
            title: format!("{} · {}", heading.title, viewer.settings.name),
            about: String::new(),
            own: heading.path.clone(),
            path: heading.path,
            entries,
        })
    })
    .await
}

async fn answer(
    call: Call,
    form: Form,
    mut read: impl FnMut(&mut Tx<'_>, &Viewer) -> Result<Feed> + Send + 'static,
) -> Answer {
    let (base, ui) = (call.app().config.base_url.clone(), call.app().ui()?);
    call.page(move |tx, viewer| {
        let mut feed = read(tx, viewer)?;
        // Feed readers know neither hover nor fold: what its author hid would stand open there.
        let note = ui.sentences.say(&viewer.lang, "forum-feed-hidden", &[]);
        for entry in &mut feed.entries {
            entry.html = content::veiled(&entry.html, &note);
        }
        let changed = feed.entries.iter().map(|e| e.updated).max();
        let (media_type, bytes) = match form {
            Form::Rss => ("application/rss+xml; charset=utf-8", rss(&feed, &base)),
            Form::Atom => ("application/atom+xml; charset=utf-8", atom(&feed, &base)?),
            Form::Json => (
                "application/feed+json; charset=utf-8",
                serde_json::to_vec(&json_feed(&feed, &base))?,
            ),
        };
        let mut raw = Bytes::new(media_type, bytes);
        raw.modified = changed;
        Ok(Shown::Bytes(raw))
    })
    .await
}

/// A name for an entry that never changes, wherever its thread goes.
fn guid(entry: &FeedEntry, base: &str) -> String {
    format!("{base}/p/{}", entry.post)
}

/// XML has no place for most control characters, whatever their escape.
fn xml(text: &str) -> String {
    let fits = |c: &char| {
        matches!(*c, '\t' | '\n' | '\r')
            || !(c.is_control() || matches!(*c, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().filter(fits).collect()
}

fn rss(feed: &Feed, base: &str) -> Vec<u8> {
    let items = feed.entries.iter().map(|entry| rss::Item {
        title: Some(xml(&entry.title)),
        link: Some(format!("{base}{}", entry.path)),
        guid: Some(rss::Guid {
            value: guid(entry, base),
            permalink: false,
        }),
        description: Some(xml(&entry.html)),
        pub_date: Some(rfc2822(entry.published)),
        dublin_core_ext: creator(entry),
        ..rss::Item::default()
    });
    let namespaces = [(
        "dc".to_owned(),
        "http://purl.org/dc/elements/1.1/".to_owned(),
    )];
    let channel = rss::Channel {
        title: xml(&feed.title),
        link: format!("{base}{}", feed.path),
        description: xml(&feed.about),
        namespaces: std::collections::BTreeMap::from(namespaces),
        items: items.collect(),
        ..rss::Channel::default()
    };
    channel.to_string().into_bytes()
}

fn creator(entry: &FeedEntry) -> Option<rss::extension::dublincore::DublinCoreExtension> {
    let named = rss::extension::dublincore::DublinCoreExtension {
        creators: vec![xml(&entry.author)],
        ..Default::default()
    };
    (!entry.author.is_empty()).then_some(named)
}

/// `Sun, 22 Nov 2026 05:00:00 +0000`.
fn rfc2822(at: At) -> String {
    at.timestamp()
        .strftime("%a, %d %b %Y %H:%M:%S +0000")
        .to_string()
}

fn atom(feed: &Feed, base: &str) -> Result<Vec<u8>> {
    let when = |at: At| -> Result<atom::FixedDateTime> {
        at.rfc3339()
            .parse()
            .map_err(|e| Stop::fault(format!("a feed's date: {e}")))
    };
    let link = |href: String, rel: &str| atom::Link {
        href,
        rel: rel.to_owned(),
        ..atom::Link::default()
    };
    let mut entries = Vec::with_capacity(feed.entries.len());
    for entry in &feed.entries {
        let author = atom::Person {
            name: xml(&entry.author),
            ..atom::Person::default()
        };
        entries.push(atom::Entry {
            title: xml(&entry.title).into(),
            id: guid(entry, base),
            published: Some(when(entry.published)?),
            updated: when(entry.updated)?,
            authors: vec![author],
            links: vec![link(format!("{base}{}", entry.path), "alternate")],
            content: Some(atom::Content {
                value: Some(xml(&entry.html)),
                content_type: Some("html".to_owned()),
                ..atom::Content::default()
            }),
            ..atom::Entry::default()
        });
    }
    let changed = feed.entries.iter().map(|e| e.updated).max();
    let whole = atom::Feed {
        title: xml(&feed.title).into(),
        id: format!("{base}{}", feed.path),
        updated: when(changed.unwrap_or(At(0)))?,
        links: vec![
            link(format!("{base}{}", feed.path), "alternate"),
            link(format!("{base}{}.atom", feed.own), "self"),
        ],
        entries,
        ..atom::Feed::default()
    };
    Ok(whole.to_string().into_bytes())
}

fn json_feed(feed: &Feed, base: &str) -> Value {
    let items: Vec<Value> = feed
        .entries
        .iter()
        .map(|entry| {
            let mut item = json!({
                "id": guid(entry, base),
                "url": format!("{base}{}", entry.path),
                "title": entry.title,
                "content_html": entry.html,
                "date_published": entry.published.rfc3339(),
                "date_modified": entry.updated.rfc3339(),
            });
            if !entry.author.is_empty() {
                item["authors"] = json!([{ "name": entry.author }]);
            }
            item
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": format!("{base}{}", feed.path),
        "feed_url": format!("{base}{}.json", feed.own),
        "items": items,
    })
}
