//! Personal feeds: a publisher's scheduling tool reads approved highlights under a secret address. Only what its
//! authors released to feeds is in it, each entry is written down as a pull, and a recall empties it at once.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::ground::Ground;
use super::highlight::{self, Highlight};
use super::places::Place;
use super::pull::{How, passed, write};
use super::shelf::{Wanted, found};
use super::taken::{self, Row, Taken, columns};
use crate::audit::{self, subject};
use crate::content::excerpt;
use crate::db::schema::{collections, pull_feeds, pulls};
use crate::db::{Lock, Tx};
use crate::kit::ids::{CollectionId, HighlightId, MemberId, PullFeedId};
use crate::kit::stop::OrRefuse;
use crate::kit::token::{hash_token, random_token};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor};

/// Entries of a feed.
const ENTRIES: i64 = 50;
/// Most feeds of one member that are open at the same time.
const MOST: i64 = 20;
/// Most characters of a label.
const LONGEST: usize = 80;

/// A feed as its owner sees it; its address was shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLine {
    /// Which one.
    pub id: PullFeedId,
    /// What its owner calls it.
    pub label: String,
    /// The collection it is made of; `None` for the whole library.
    pub collection: Option<String>,
    /// When it was opened.
    pub created_at: At,
    /// When something new was last fetched from it.
    pub read_at: Option<At>,
}

fn own(actor: &Actor) -> Result<MemberId> {
    actor.id().ok_or_else(|| Refusal::SignInFirst.into())
}

/// Opens a feed and answers the secret part of its address, which is stored nowhere.
///
/// # Errors
/// Refused by the law; invalid with what can be mended.
pub fn open_feed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    label: &str,
    collection: Option<CollectionId>,
) -> Result<String> {
    actor.may(&Action::Pull)?;
    let me = own(actor)?;
    let label = excerpt::normalise(label);
    let mut problems = Problems::default();
    if label.is_empty() {
        problems.add("label", "needed", &[]);
    } else if label.chars().count() > LONGEST {
        problems.add("label", "too-long", &[("most", LONGEST.to_string())]);
    }
    let there: i64 = pull_feeds::table
        .filter(pull_feeds::member_id.eq(me))
        .filter(pull_feeds::revoked_at.is_null())
        .count()
        .get_result(tx.conn)?;
    if there >= MOST {
        problems.add("label", "too-many", &[("most", MOST.to_string())]);
    }
    if let Some(id) = collection {
        let known: i64 = collections::table
            .filter(collections::id.eq(id))
            .count()
            .get_result(tx.conn)?;
        if known == 0 {
            problems.add("collection", "unknown-word", &[]);
        }
    }
    problems.check()?;
    let (token, hash) = random_token();
    let id: PullFeedId = diesel::insert_into(pull_feeds::table)
        .values((
            pull_feeds::member_id.eq(me),
            pull_feeds::label.eq(label),
            pull_feeds::token_hash.eq(hash.to_vec()),
            pull_feeds::collection_id.eq(collection),
            pull_feeds::created_at.eq(tx.now()),
        ))
        .returning(pull_feeds::id)
        .get_result(tx.conn)?;
    record(tx, actor, "pull-feed.opened", id)?;
    Ok(token)
}

/// Closes one of the actor's own feeds; an admin may close anybody's. Its address answers "not found" at once.
///
/// # Errors
/// Not found where it is none of the actor's.
pub fn close_feed(tx: &mut Tx<'_>, actor: &Actor, id: PullFeedId) -> Result<()> {
    let me = own(actor)?;
    let owner: MemberId = pull_feeds::table
        .find(id)
        .select(pull_feeds::member_id)
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    if owner != me && actor.may(&Action::ManageMembers).is_err() {
        return Err(Refusal::NotFound.into());
    }
    diesel::update(pull_feeds::table.find(id))
        .set(pull_feeds::revoked_at.eq(tx.now()))
        .execute(tx.conn)?;
    record(tx, actor, "pull-feed.closed", id)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, what: &'static str, id: PullFeedId) -> Result<()> {
    audit::record(tx, actor, what, subject("pull_feed", id.0), json!({}), None)
}

/// The actor's own open feeds, newest first.
///
/// # Errors
/// Refused by the law; a fault where the database fails.
pub fn feeds(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<FeedLine>> {
    actor.may(&Action::SeeLibrary)?;
    let me = own(actor)?;
    let rows: Vec<(PullFeedId, String, Option<String>, At, Option<At>)> = pull_feeds::table
        .left_join(collections::table.on(pull_feeds::collection_id.eq(collections::id.nullable())))
        .filter(pull_feeds::member_id.eq(me))
        .filter(pull_feeds::revoked_at.is_null())
        .order(pull_feeds::id.desc())
        .limit(MOST)
        .select((
            pull_feeds::id,
            pull_feeds::label,
            collections::name.nullable(),
            pull_feeds::created_at,
            pull_feeds::read_at,
        ))
        .load(tx.conn)?;
    let line = |(id, label, collection, created_at, read_at)| FeedLine {
        id,
        label,
        collection,
        created_at,
        read_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// A feed as its reader gets it.
#[derive(Debug, Clone)]
pub struct FeedRead {
    /// What its owner calls it.
    pub label: String,
    /// Its entries, newest approval first; each was written down as a pull.
    pub taken: Vec<Taken>,
    /// Something is due that was not written down yet: [`note_feed`] first.
    pub behind: bool,
}

struct Feed {
    id: PullFeedId,
    label: String,
    owner: Actor,
    collection: Option<CollectionId>,
}

/// The feed behind a secret address, if it is open and its owner still may pull.
fn opened(tx: &mut Tx<'_>, token: &str) -> Result<Feed> {
    let row: Option<(PullFeedId, String, MemberId, Option<CollectionId>)> = pull_feeds::table
        .filter(pull_feeds::token_hash.eq(hash_token(token).to_vec()))
        .filter(pull_feeds::revoked_at.is_null())
        .select((
            pull_feeds::id,
            pull_feeds::label,
            pull_feeds::member_id,
            pull_feeds::collection_id,
        ))
        .first(tx.conn)
        .optional()?;
    let (id, label, member, collection) = row.or_not_found()?;
    let owner = match members::actor(tx, member) {
        Ok(owner) => owner,
        Err(Stop::Refused(_)) => return Err(Refusal::NotFound.into()),
        Err(other) => return Err(other),
    };
    // To a program that has only the address, a feed that is not open is not there.
    if owner.may(&Action::Pull).is_err() {
        return Err(Refusal::NotFound.into());
    }
    Ok(Feed {
        id,
        label,
        owner,
        collection,
    })
}

/// What belongs into a feed now.
fn due(tx: &mut Tx<'_>, feed: &Feed) -> Result<Vec<Highlight>> {
    let wanted = Wanted {
        collection: feed.collection,
        ..Wanted::default()
    };
    let all = found(tx, &wanted, None, ENTRIES)?;
    passing(tx, all)
}

/// Those that pass the gate for a feed.
fn passing(tx: &mut Tx<'_>, highlights: Vec<Highlight>) -> Result<Vec<Highlight>> {
    let ground = Ground::of(tx, &highlights)?;
    let mut all = Vec::with_capacity(highlights.len());
    for highlight in highlights {
        if passed(ground.gate(tx, &highlight, Some(Place::FEED)))? {
            all.push(highlight);
        }
    }
    Ok(all)
}

fn noted(tx: &mut Tx<'_>, feed: &Feed) -> Result<HashMap<HighlightId, Row>> {
    let rows: Vec<Row> = pulls::table
        .filter(pulls::feed_id.eq(feed.id))
        .filter(pulls::recalled_at.is_null())
        .select(columns())
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (row.highlight, row)).collect())
}

/// Reads a feed by the secret part of its address. Writes nothing.
///
/// # Errors
/// Not found where the address is none, was closed, or its owner may not pull any more.
pub fn read_feed(tx: &mut Tx<'_>, token: &str) -> Result<FeedRead> {
    let feed = opened(tx, token)?;
    let due = due(tx, &feed)?;
    let mut noted = noted(tx, &feed)?;
    let all = due.len();
    let rows: Vec<Row> = due
        .into_iter()
        .filter_map(|h| noted.remove(&h.id))
        .collect();
    Ok(FeedRead {
        label: feed.label,
        behind: rows.len() < all,
        taken: taken::several(tx, rows)?,
    })
}

/// Writes down as pulls what a feed is about to hand out for the first time.
///
/// # Errors
/// As [`read_feed`].
pub fn note_feed(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let feed = opened(tx, token)?;
    feed.owner.may(&Action::Pull)?;
    let mut due = due(tx, &feed)?;
    due.sort_unstable_by_key(|highlight| highlight.id);
    for highlight in &due {
        tx.lock(Lock::Highlight(highlight.id))?;
    }
    // Asked once more behind the locks; another reader of the same feed may have been first.
    let noted = noted(tx, &feed)?;
    let ids: Vec<HighlightId> = due.iter().map(|h| h.id).collect();
    let mut fresh: Vec<Highlight> = highlight::find_many(tx, &ids)?.into_values().collect();
    fresh.retain(|h| !noted.contains_key(&h.id));
    fresh.sort_unstable_by_key(|h| h.id);
    let mut any = false;
    for fresh in passing(tx, fresh)? {
        let words = (feed.label.as_str(), "");
        write(
            tx,
            &feed.owner,
            &fresh,
            How::Feed,
            words,
            None,
            Some(feed.id),
        )?;
        any = true;
    }
    if any {
        diesel::update(pull_feeds::table.find(feed.id))
            .set(pull_feeds::read_at.eq(tx.now()))
            .execute(tx.conn)?;
    }
    Ok(())
}
