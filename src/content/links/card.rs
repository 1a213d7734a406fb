//! The cards' rows: wanted, fetched, or found to have nothing to show.
//!
//! Asks nobody because a card belongs to no member: it is what a public page says of itself to everybody.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use super::bare::bare_links;
use super::page::Told;
use crate::db::schema::link_cards;
use crate::db::{Tx, jobs};
use crate::each_backend;
use crate::kit::Result;
use crate::kit::clock::DAY;

/// The job that fetches what a link leads to.
pub const FETCH: &str = "link.fetch";
/// Names of pictures on cards begin like this in the store.
pub const KEPT_NAME: &str = "link-";
/// What could not be fetched is tried again when somebody links to it after so long.
const AGAIN: i64 = 7 * DAY;
/// Rows forgotten in one round.
const ROUND: i64 = 500;

/// A card under a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Where it leads.
    pub url: String,
    /// What stands there.
    pub title: String,
    /// Some words of it; may be empty.
    pub description: String,
    /// Whose page it is.
    pub site: String,
    /// The address of our copy of its picture; may be empty.
    pub picture: String,
}

/// Asks for cards of the bare links in these words that have none yet. Called with the words, in their transaction.
///
/// # Errors
/// A fault where the database fails.
pub fn want(tx: &mut Tx<'_>, html: &str) -> Result<()> {
    let base = tx.link("");
    let now = tx.now();
    for url in bare_links(html, base.trim_end_matches('/')) {
        let new = each_backend!(tx.conn, c => diesel::insert_into(link_cards::table)
            .values((
                link_cards::url.eq(&url),
                link_cards::state.eq("wanted"),
                link_cards::at.eq(now),
            ))
            .on_conflict(link_cards::url)
            .do_nothing()
            .execute(c))?;
        if new > 0 {
            jobs::enqueue(tx, FETCH, &url)?;
        }
    }
    Ok(())
}

/// Keeps what was fetched; without a title there is nothing to show.
pub(super) fn put(tx: &mut Tx<'_>, url: &str, told: &Told, picture: &str) -> Result<()> {
    let state = if told.title.is_empty() {
        "none"
    } else {
        "ready"
    };
    diesel::update(link_cards::table.filter(link_cards::url.eq(url)))
        .set((
            link_cards::state.eq(state),
            link_cards::title.eq(&told.title),
            link_cards::description.eq(&told.description),
            link_cards::site.eq(&told.site),
            link_cards::picture.eq(picture),
            link_cards::at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The cards that are ready for these addresses, in one query; none where there are no addresses.
///
/// # Errors
/// A fault where the database fails.
pub fn cards(tx: &mut Tx<'_>, urls: &[String]) -> Result<HashMap<String, Card>> {
    if urls.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, String, String, String, String)> = link_cards::table
        .filter(link_cards::url.eq_any(urls))
        .filter(link_cards::state.eq("ready"))
        .select((
            link_cards::url,
            link_cards::title,
            link_cards::description,
            link_cards::site,
            link_cards::picture,
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(url, title, description, site, picture)| {
            let card = Card {
                title,
                description,
                site,
                picture: match picture.as_str() {
                    "" => String::new(),
                    name => format!("/link-pictures/{name}"),
                },
                url: url.clone(),
            };
            (url, card)
        })
        .collect())
}

/// Which of these pictures a card has.
pub(crate) fn known_pictures(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<String>> {
    Ok(link_cards::table
        .filter(link_cards::picture.eq_any(names))
        .select(link_cards::picture)
        .load(tx.conn)?)
}

/// The round: forgets what could not be fetched, so that a later link to it is tried again.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    let before = tx.now().plus(-AGAIN);
    let old: Vec<i64> = link_cards::table
        .filter(link_cards::state.ne("ready"))
        .filter(link_cards::at.lt(before))
        .limit(ROUND)
        .select(link_cards::id)
        .load(tx.conn)?;
    diesel::delete(link_cards::table.filter(link_cards::id.eq_any(old))).execute(tx.conn)?;
    Ok(())
}
