//! What stands on a highlight's label in the library: topics, audience, language, until when it holds, from when it
//! may be said. Nothing of it goes outside, so nobody is asked anew.

use diesel::prelude::*;
use serde_json::json;

use super::highlight::{self, Highlight};
use super::quote;
use super::state::State;
use super::topic;
use super::when;
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::Tx;
use crate::db::schema::highlights;
use crate::forum;
use crate::kit::ids::HighlightId;
use crate::kit::{At, Problems, Refusal, Result};
use crate::policy::{Action, Actor};
use crate::site;

/// Longest audience, in characters.
const LONGEST_AUDIENCE: usize = 300;

/// A label as it comes from a form or the API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Topics, separated by commas.
    pub topics: String,
    /// For whom.
    pub audience: String,
    /// The language of the words (BCP 47), empty where unknown.
    pub lang: String,
    /// Good at any time of the year.
    pub evergreen: bool,
    /// The last day on which it may be used (`2026-12-24`, in the community's zone); empty for no end.
    pub expires: String,
    /// Not to be said before this wall time (`2026-12-01T09:00`, in the community's zone); empty for at once.
    pub embargo: String,
}

/// Writes the label anew. `version` is the one the form was made from.
///
/// # Errors
/// Refused to whoever may not see the library, for what is not in it, or where it changed meanwhile; invalid with
/// everything that can be mended.
pub fn label(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    version: i64,
    label: &Label,
) -> Result<()> {
    let mut highlight = highlight::hold(tx, id)?;
    actor.may(&Action::SeeLibrary)?;
    if !matches!(highlight.state, State::Approved | State::Retired) {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    if highlight.version != version {
        return Err(Refusal::Stale.into());
    }
    let read = read(&site::settings(tx)?.zone, label)?;
    topic::put(tx, id, &read.topics)?;
    diesel::update(highlights::table.find(id))
        .set((
            highlights::audience.eq(&read.audience),
            highlights::lang.eq(&read.lang),
            highlights::evergreen.eq(label.evergreen),
            highlights::expires_at.eq(read.expires),
            highlights::embargo_until.eq(read.embargo),
        ))
        .execute(tx.conn)?;
    highlight.audience = read.audience;
    find_by(tx, &highlight, &read.topics)?;
    highlight::changed(tx, &mut highlight)?;
    let details = json!({
        "evergreen": label.evergreen,
        "expires_at": read.expires.map(|at| at.0),
        "embargo_until": read.embargo.map(|at| at.0),
    });
    audit::record(
        tx,
        actor,
        "highlight.labelled",
        subject("highlight", id.0),
        details,
        None,
    )
}

struct Read {
    topics: Vec<String>,
    audience: String,
    lang: String,
    expires: Option<At>,
    embargo: Option<At>,
}

fn read(zone: &str, label: &Label) -> Result<Read> {
    let mut problems = Problems::default();
    let topics = topic::parse(&label.topics).unwrap_or_else(|found| {
        problems.0.extend(found.0);
        Vec::new()
    });
    let audience = excerpt::normalise(&label.audience);
    if audience.chars().count() > LONGEST_AUDIENCE {
        problems.add(
            "audience",
            "too-long",
            &[("most", LONGEST_AUDIENCE.to_string())],
        );
    }
    let lang = label.lang.trim().to_owned();
    let speaks = lang.len() <= 35 && lang.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !speaks {
        problems.add("lang", "no-language", &[]);
    }
    let mut moment = |field: &str, text: &str, end: bool| match when::wall(zone, text, end) {
        Ok(at) => at,
        Err(key) => {
            problems.add(field, key, &[]);
            None
        }
    };
    let expires = moment("expires", &label.expires, true);
    let embargo = moment("embargo", &label.embargo, false);
    if let (Some(from), Some(until)) = (embargo, expires)
        && from >= until
    {
        problems.add("expires", "ends-before-it-begins", &[]);
    }
    problems.check()?;
    Ok(Read {
        topics,
        audience,
        lang,
        expires,
        embargo,
    })
}

/// Puts what was approved on its shelf: what it is about, where it comes from, by which words it is found.
pub(super) fn shelve(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<()> {
    let mut topics = topic::of_many(tx, &[highlight.id])?
        .remove(&highlight.id)
        .unwrap_or_default();
    if let (true, Some(thread)) = (topics.is_empty(), highlight.thread) {
        topics = forum::tags_of(tx, thread)?;
        topics.truncate(topic::MOST);
        topic::put(tx, highlight.id, &topics)?;
    }
    let category = match highlight.thread {
        Some(thread) => Some(forum::thread_facts(tx, thread)?.category.id),
        None => None,
    };
    // Only a picture that may go along counts.
    let pictured = !super::pictures(tx, highlight.id)?.is_empty();
    diesel::update(highlights::table.find(highlight.id))
        .set((
            highlights::category_id.eq(category),
            highlights::pictured.eq(pictured),
        ))
        .execute(tx.conn)?;
    find_by(tx, highlight, &topics)
}

/// The words by which it is found, in lower case; they go with their author's account.
fn find_by(tx: &mut Tx<'_>, highlight: &Highlight, topics: &[String]) -> Result<()> {
    let mut words = vec![
        highlight.title.clone(),
        highlight.audience.clone(),
        highlight.reason.clone(),
    ];
    words.extend(
        quote::list(tx, highlight.id)?
            .into_iter()
            .filter_map(|q| q.excerpt),
    );
    words.extend(topics.iter().cloned());
    diesel::update(highlights::table.find(highlight.id))
        .set(highlights::find_text.eq(words.join(" ").to_lowercase()))
        .execute(tx.conn)?;
    Ok(())
}
