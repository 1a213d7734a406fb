//! What may be said of a highlight at a channel: everything the rules need to know, read from the rows.

use super::announcement::{self, Announcement};
use super::check::{Matter, Voice};
use super::consent;
use super::highlight::{self, Highlight, Kind};
use super::places::Place;
use super::quote;
use super::source;
use super::state::AnnouncementState;
use crate::db::Tx;
use crate::forum;
use crate::guidelines;
use crate::kit::clock::DAY;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId};
use crate::kit::{At, Result};
use crate::members;

/// How far back a text is compared with what was said.
const EARLIER_DAYS: i64 = 60;
/// With how many texts it is compared at most.
const EARLIER_MOST: i64 = 200;

/// A link of the length that every link has, for counting while there is no code yet.
pub(super) fn sample_link(tx: &Tx<'_>) -> String {
    tx.link("/h/23456789")
}

/// The voices of a highlight: everybody quoted, in the order of the quotes, then those who are only named.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn voices(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<Vec<Voice>> {
    let quotes = quote::list(tx, highlight.id)?;
    let consents = consent::list(tx, highlight.id)?;
    let people: Vec<_> = consents.iter().map(|c| c.member).collect();
    let cards = members::cards(tx, &people)?;
    let voice = |consent: &consent::Consent, excerpt: Option<String>| {
        let (scope, card) = (consent.live()?, cards.get(&consent.member)?);
        Some(Voice {
            excerpt,
            handle: card.name.clone(),
            display: card.display.clone(),
            attribution: scope.attribution,
            named: consent.named.clone(),
            trimming: scope.trimming,
            affiliated: card.staff,
        })
    };
    let mut all = Vec::new();
    for quote in &quotes {
        let of = consents.iter().find(|c| Some(c.member) == quote.author);
        all.extend(of.and_then(|c| voice(c, quote.excerpt.clone())));
    }
    for only_named in consents
        .iter()
        .filter(|c| quotes.iter().all(|q| q.author != Some(c.member)))
    {
        all.extend(voice(only_named, None));
    }
    Ok(all)
}

/// Everything the rules need to know. `besides` is the announcement itself, where it exists already.
///
/// # Errors
/// A fault where the database fails.
pub(super) fn matter(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    (channel, place): (ChannelId, Place),
    planned_at: At,
    besides: Option<AnnouncementId>,
) -> Result<Matter> {
    let others = announcement::of_highlight(tx, highlight.id)?;
    let here = || {
        others
            .iter()
            .filter(|a| a.channel == channel && Some(a.id) != besides)
    };
    Ok(Matter {
        voices: voices(tx, highlight)?,
        covered: source::covered(tx, highlight)?,
        place,
        link: sample_link(tx),
        embargo_until: highlight.embargo_until,
        planned_at,
        unfinished_before: here()
            .any(|a| a.state.is_unfinished() || a.state == AnnouncementState::Withdrawing),
        said_before: here().any(|a| a.sent_at.is_some()),
        unasked: Vec::new(),
        restricted: forum::restricted_names(tx)?,
        earlier: earlier(tx, highlight, (channel, planned_at), besides)?,
        lang: String::new(),
        picture: None,
        style: guidelines::house_style(tx)?,
    })
}

/// What stands at this channel since some weeks: the words, how many days before, and whether it came from the same
/// thread. What is said at several channels on one day is said once.
fn earlier(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    (channel, planned_at): (ChannelId, At),
    besides: Option<AnnouncementId>,
) -> Result<Vec<(String, i64, bool)>> {
    let from = planned_at.plus(-EARLIER_DAYS * DAY);
    let mut earlier = announcement::between(tx, from, planned_at.plus(1), EARLIER_MOST)?;
    earlier.retain(|one| one.channel == channel && one.state.is_out() && Some(one.id) != besides);
    let ids: Vec<HighlightId> = earlier.iter().map(|one| one.highlight).collect();
    let others = highlight::find_many(tx, &ids)?;
    let line = |one: Announcement| {
        let other = others.get(&one.highlight)?;
        let same = other.id == highlight.id
            || (other.thread.is_some() && other.thread == highlight.thread);
        let days = planned_at.since(one.planned_at) / DAY;
        Some((one.text, days, same))
    };
    Ok(earlier.into_iter().filter_map(line).collect())
}

/// Where people are led: the post of the first quote, or the thread.
///
/// # Errors
/// Not found where the source is gone; a fault where the database fails.
pub(super) fn source_path(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<String> {
    let quotes = quote::list(tx, highlight.id)?;
    if let (Kind::Quotes, Some(first)) = (highlight.kind, quotes.first()) {
        let said = forum::said(tx, first.post)?;
        return Ok(forum::post_path(&said.slug, said.thread, said.number));
    }
    match highlight.thread {
        Some(thread) => Ok(forum::thread_line(tx, thread)?.path),
        None => Ok("/".to_owned()),
    }
}
