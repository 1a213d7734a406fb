//! Making an example of a note: the text as it was said, without anybody in it, and why.

use diesel::prelude::*;
use serde_json::json;

use super::masked::masked;
use super::note::{NoteKind, find, sent};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::announcement_notes as notes;
use crate::guidelines::{Stranger, strangers};
use crate::highlights::announcement::Announcement;
use crate::highlights::{bystanders, consent, quote};
use crate::kit::ids::{AnnouncementId, MemberId};
use crate::kit::stop::Document;
use crate::kit::{At, Problems, Result};
use crate::members;
use crate::policy::{Action, Actor};

/// The longest text of an example, in characters.
const MOST: usize = 1_000;

/// Makes an example of a note. The announcement's words are kept with it, quotations and names taken out; `rather` is
/// what could have been said, for notes that say how it could be better. `nameless` stands for everybody.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines; not found where there is no such note or what it is about
/// was taken back; invalid where a better text is missing or too long, or somebody is still named.
pub fn pick(
    tx: &mut Tx<'_>,
    actor: &Actor,
    note: i64,
    rather: &str,
    nameless: &str,
) -> Result<AnnouncementId> {
    let found = find(tx, note)?;
    let one = sent(tx, found.announcement)?;
    actor.may(&Action::EditDocument(Document::Messaging))?;
    let mut problems = Problems::default();
    let rather = rather.trim();
    if found.kind == NoteKind::Better && rather.is_empty() {
        problems.add("rather", "needed", &[]);
    }
    if rather.chars().count() > MOST {
        problems.add("rather", "too-long", &[("most", MOST.to_string())]);
    }
    let (excerpts, names) = people(tx, &one)?;
    let mask = |text: &str| masked(text, &excerpts, &names, nameless);
    let said = mask(&one.text.replace(crate::highlights::LINK_MARK, ""));
    let (because, rather) = (mask(&found.words), mask(rather));
    let agreed = found.author.filter(|_| found.named);
    for (field, key, text) in [
        ("said", "example-said-names", &said),
        ("words", "example-words-names", &because),
        ("rather", "example-rather-names", &rather),
    ] {
        if let Some(name) = somebody(tx, text, agreed)? {
            problems.add(field, key, &[("name", name)]);
        }
    }
    problems.check()?;
    diesel::update(notes::table.filter(notes::id.eq(note)))
        .set((
            notes::said.eq(said),
            notes::rather.eq(rather),
            notes::because.eq(because),
            // An example that is changed keeps its place on the page.
            notes::picked_at.eq(Some(found.picked_at.unwrap_or_else(|| tx.now()))),
            notes::picked_by.eq(actor.id()),
        ))
        .execute(tx.conn)?;
    record(tx, actor, "announcement.example_made", &one, note)?;
    Ok(one.id)
}

/// Somebody who is still named in these words, but for whoever agreed to it.
fn somebody(tx: &mut Tx<'_>, text: &str, agreed: Option<MemberId>) -> Result<Option<String>> {
    let handle = strangers(text)
        .into_iter()
        .find_map(|(_, found)| match found {
            Stranger::Mention(found) => Some(found),
            Stranger::Link(_) => None,
        });
    if handle.is_some() {
        return Ok(handle);
    }
    let named = bystanders::named_in(tx, text)?;
    let other = named.into_iter().find(|card| Some(card.id) != agreed);
    Ok(other.map(|card| card.display))
}

/// Whose words and names may stand in a text of this highlight.
fn people(tx: &mut Tx<'_>, one: &Announcement) -> Result<(Vec<String>, Vec<String>)> {
    let quotes = quote::list(tx, one.highlight)?;
    let consents = consent::list(tx, one.highlight)?;
    let mut ids: Vec<MemberId> = consents.iter().map(|c| c.member).collect();
    ids.extend(quotes.iter().filter_map(|q| q.author));
    let cards = members::cards(tx, &ids)?;
    let mut names: Vec<String> = Vec::new();
    for card in cards.values() {
        let first = card.display.split_whitespace().next().unwrap_or_default();
        names.extend([card.display.clone(), first.to_owned(), card.name.clone()]);
    }
    names.extend(consents.iter().filter_map(|c| c.named.clone()));
    let excerpts = quotes.into_iter().filter_map(|q| q.excerpt).collect();
    Ok((excerpts, names))
}

/// Takes an example off the page; the note stays.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines; not found where there is no such note.
pub fn unpick(tx: &mut Tx<'_>, actor: &Actor, note: i64) -> Result<AnnouncementId> {
    let found = find(tx, note)?;
    actor.may(&Action::EditDocument(Document::Messaging))?;
    diesel::update(notes::table.filter(notes::id.eq(note)))
        .set((
            notes::said.eq(""),
            notes::rather.eq(""),
            notes::because.eq(""),
            notes::picked_at.eq(None::<At>),
            notes::picked_by.eq(None::<MemberId>),
        ))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "announcement.example_unmade",
        subject("announcement", found.announcement.0),
        json!({ "note": note }),
        None,
    )?;
    Ok(found.announcement)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    one: &Announcement,
    note: i64,
) -> Result<()> {
    let about = subject("announcement", one.id.0);
    audit::record(tx, actor, kind, about, json!({ "note": note }), None)
}
