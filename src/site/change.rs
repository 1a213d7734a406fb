//! Changing settings and pages.

use diesel::prelude::*;
use serde_json::json;

use super::page::{PageWords, SLUGS, seek_page};
use super::settings::{KEY, Settings, settings};
use crate::audit::{self, Subject};
use crate::db::Tx;
use crate::db::schema::{pages, settings as table};
use crate::each_backend;
use crate::kit::stop::{Problems, Refusal};
use crate::kit::{Event, Result};
use crate::policy::{Action, Actor};

/// Puts new settings in force.
///
/// # Errors
/// Refused to everybody but admins; invalid where a name is missing, or a zone or language is none.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, wanted: &Settings) -> Result<()> {
    let before = settings(tx)?;
    actor.may(&Action::ManageSite)?;
    check(wanted)?;
    let value = serde_json::to_string(wanted)?;
    let now = tx.now().0;
    let row = (
        table::key.eq(KEY),
        table::value.eq(&value),
        table::updated_at.eq(tx.now().0),
    );
    each_backend!(tx.conn, c => diesel::insert_into(table::table).values(row)
        .on_conflict(table::key).do_update()
        .set((table::value.eq(&value), table::updated_at.eq(now)))
        .execute(c))?;
    if before.zone != wanted.zone {
        tx.tell(&Event::ZoneChanged {
            zone: wanted.zone.clone(),
        })?;
    }
    let switches = json!({
        "registration": wanted.registration, "tag_makers": wanted.tag_makers, "second_eyes_on_texts": wanted.second_eyes_on_texts,
        "approver_may_send": wanted.approver_may_send,
        "renamed": before.name != wanted.name,
    });
    audit::record(
        tx,
        actor,
        "site.changed",
        Subject {
            kind: "site",
            id: None,
        },
        switches,
        None,
    )
}

fn check(wanted: &Settings) -> Result<()> {
    let mut problems = Problems::default();
    if wanted.name.trim().is_empty() {
        problems.add("name", "needed", &[]);
    }
    for (field, text, most) in [
        ("name", &wanted.name, 80),
        ("tagline", &wanted.tagline, 160),
        ("description", &wanted.description, 1000),
    ] {
        if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    if jiff::tz::TimeZone::get(&wanted.zone).is_err() {
        problems.add("zone", "no-zone", &[]);
    }
    if wanted
        .lang
        .parse::<unic_langid::LanguageIdentifier>()
        .is_err()
    {
        problems.add("lang", "no-language", &[]);
    }
    if !wanted.hub.is_empty() && !is_hub(&wanted.hub) {
        problems.add("hub", "no-address", &[]);
    }
    problems.check()
}

/// An address that a program can post to, without a name and password in it.
fn is_hub(text: &str) -> bool {
    text.len() <= 500
        && url::Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.host().is_some()
                && url.username().is_empty()
                && url.password().is_none()
        })
}

/// Writes a page. `revision` is the one the form was made from, 0 for a new page.
///
/// # Errors
/// Refused to everybody but admins, or where somebody changed it meanwhile; invalid without a title; not found for other slugs.
pub fn edit_page(
    tx: &mut Tx<'_>,
    actor: &Actor,
    slug: &str,
    title: &str,
    words: &PageWords,
    revision: i64,
) -> Result<()> {
    if !SLUGS.contains(&slug) {
        return Err(Refusal::NotFound.into());
    }
    let before = seek_page(tx, slug)?;
    actor.may(&Action::EditPages)?;
    if title.trim().is_empty() {
        return Err(crate::kit::Stop::invalid("title", "needed"));
    }
    if before.map_or(0, |p| p.revision) != revision {
        return Err(Refusal::Stale.into());
    }
    put(tx, slug, title, words, revision + 1)?;
    audit::record(
        tx,
        actor,
        "page.changed",
        Subject {
            kind: "page",
            id: None,
        },
        json!({ "slug": slug }),
        None,
    )
}

/// Writes a page where none is yet: a new community starts with drafts to be edited.
///
/// # Errors
/// A fault where the database fails.
pub fn seed_page(tx: &mut Tx<'_>, slug: &str, title: &str, words: &PageWords) -> Result<()> {
    if seek_page(tx, slug)?.is_none() {
        put(tx, slug, title, words, 1)?;
    }
    Ok(())
}

fn put(tx: &mut Tx<'_>, slug: &str, title: &str, words: &PageWords, revision: i64) -> Result<()> {
    let changed = (
        pages::title.eq(title.trim()),
        pages::body_source.eq(&words.source),
        pages::body_html.eq(&words.html),
        pages::revision.eq(revision),
        pages::updated_at.eq(tx.now().0),
    );
    each_backend!(tx.conn, c => diesel::insert_into(pages::table)
        .values((pages::slug.eq(slug), changed))
        .on_conflict(pages::slug).do_update().set(changed).execute(c))?;
    Ok(())
}
