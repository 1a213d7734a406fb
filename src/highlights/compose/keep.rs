//! Keeping texts in the making. Nothing of it has been said, so nothing of it goes into the log but that it was kept.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::super::correction_waits;
use super::super::highlight;
use super::super::learning;
use super::super::pictures::{self, PictureWish};
use super::super::places::Place;
use super::super::when::Hour;
use super::derive::variant;
use super::read::{Composition, Kept, Plan, seek};
use crate::audit::{self, subject};
use crate::bridge;
use crate::content::uploads::ALT_CHARS;
use crate::db::Tx;
use crate::db::schema::{composition_texts as texts, compositions};
use crate::each_backend;
use crate::kit::ids::{ChannelId, HighlightId};
use crate::kit::{Problems, Refusal, Result};
use crate::policy::{Action, Actor};

/// Longest text, in characters.
const LONGEST: usize = 20_000;
/// Longest line of hashtags, in characters.
const LONGEST_TAGS: usize = 300;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// Most texts of one highlight.
const MOST: usize = 100;

/// One channel's text, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedText {
    /// At which channel.
    pub channel: ChannelId,
    /// The text; `None` (or what follows from the master anyway) goes on following it.
    pub text: Option<String>,
    /// When it is meant to be said.
    pub plan: Plan,
    /// The day and time.
    pub wall: String,
    /// Which of two equal hours.
    pub hour: Option<Hour>,
    /// Why a warning may be passed over, by rule.
    pub reasons: BTreeMap<String, String>,
}

impl WantedText {
    /// A text that follows the master, to be said when it is sent off.
    #[must_use]
    pub const fn following(channel: ChannelId) -> Self {
        Self {
            channel,
            text: None,
            plan: Plan::Now,
            wall: String::new(),
            hour: None,
            reasons: BTreeMap::new(),
        }
    }
}

/// Everything that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The revision that it was made from; 0 where nothing was kept.
    pub revision: i64,
    /// The master text.
    pub master: String,
    /// The language (BCP 47).
    pub lang: String,
    /// Hashtags.
    pub hashtags: String,
    /// The picture that goes with it.
    pub picture: Option<PictureWish>,
    /// The champion's suggestion that it began with.
    pub suggestion: Option<i64>,
    /// A text for each channel chosen; others that were kept are dropped.
    pub texts: Vec<WantedText>,
}

/// Keeps what is being written. A text that was not changed by hand is made anew from the master.
///
/// # Errors
/// Refused by the law, or where somebody else kept it meanwhile; invalid where something is too long or the language
/// is none.
pub fn save(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    wanted: &Wanted,
) -> Result<Composition> {
    let highlight = highlight::hold(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    check(wanted)?;
    let before = seek(tx, id)?;
    if before.as_ref().map_or(0, |b| b.revision) != wanted.revision {
        return Err(Refusal::Stale.into());
    }
    let mut kept = made(tx, id, wanted, before.as_ref())?;
    let begun = before.as_ref().and_then(|b| b.suggestion);
    if let Some(suggestion) = wanted.suggestion.filter(|one| Some(*one) != begun) {
        learning::begin_with(tx, actor, id, suggestion)?;
    }
    write(tx, actor, &kept)?;
    let details = json!({ "texts": kept.texts.len(), "suggestion": kept.suggestion });
    let about = subject("highlight", id.0);
    audit::record(tx, actor, "highlight.texts-kept", about, details, None)?;
    kept.revision += 1;
    kept.saved_by = actor.id();
    kept.saved_at = Some(tx.now());
    Ok(kept)
}

/// What keeping this would come to, without keeping anything: for the page while somebody types.
///
/// # Errors
/// Refused by the law; a fault where the database fails.
pub fn drafted(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    wanted: &Wanted,
) -> Result<Composition> {
    let highlight = highlight::find(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    let before = seek(tx, id)?;
    made(tx, id, wanted, before.as_ref())
}

fn made(
    tx: &mut Tx<'_>,
    id: HighlightId,
    wanted: &Wanted,
    before: Option<&Composition>,
) -> Result<Composition> {
    let mut texts = Vec::with_capacity(wanted.texts.len());
    for text in wanted.texts.iter().take(MOST) {
        texts.push(followed(tx, text, wanted, before)?);
    }
    let chosen = pictures::chosen(tx, id, wanted.picture.as_ref())?;
    Ok(Composition {
        highlight: id,
        master: wanted.master.clone(),
        lang: wanted.lang.trim().to_owned(),
        hashtags: wanted.hashtags.clone(),
        picture: wanted.picture.as_ref().map(|wish| PictureWish {
            id: wish.id,
            alt: chosen.map(|c| c.alt),
        }),
        suggestion: wanted.suggestion,
        revision: wanted.revision,
        saved_by: before.and_then(|b| b.saved_by),
        saved_at: before.and_then(|b| b.saved_at),
        texts,
    })
}

fn check(wanted: &Wanted) -> Result<()> {
    let mut problems = Problems::default();
    let too_long = |text: &str, most: usize| text.chars().count() > most;
    if too_long(&wanted.master, LONGEST) {
        problems.add("master", "too-long", &[("most", LONGEST.to_string())]);
    }
    if too_long(&wanted.hashtags, LONGEST_TAGS) {
        problems.add(
            "hashtags",
            "too-long",
            &[("most", LONGEST_TAGS.to_string())],
        );
    }
    if !is_language(&wanted.lang) {
        problems.add("lang", "check-lang-set", &[]);
    }
    let alt = wanted.picture.as_ref().and_then(|p| p.alt.as_deref());
    if alt.is_some_and(|alt| too_long(alt, ALT_CHARS)) {
        problems.add("picture", "too-long", &[("most", ALT_CHARS.to_string())]);
    }
    if wanted.texts.len() > MOST {
        problems.add("channels", "too-many", &[("most", MOST.to_string())]);
    }
    for text in &wanted.texts {
        if text.text.as_deref().is_some_and(|t| too_long(t, LONGEST)) {
            let field = format!("text-{}", text.channel);
            problems.add(&field, "too-long", &[("most", LONGEST.to_string())]);
        }
        if text.reasons.values().any(|r| too_long(r, LONGEST_REASON)) {
            let field = format!("text-{}", text.channel);
            let most = LONGEST_REASON.to_string();
            problems.add(&field, "reason-too-long", &[("most", most)]);
        }
    }
    problems.check()
}

/// Is this the tag of a language, such as `en` or `pt-BR`?
pub(in crate::highlights) fn is_language(lang: &str) -> bool {
    let parsed = lang.parse::<unic_langid::LanguageIdentifier>();
    parsed.is_ok_and(|lang| !lang.language.is_empty())
}

/// The text as it is kept: following the master, or somebody's own.
fn followed(
    tx: &mut Tx<'_>,
    wanted: &WantedText,
    all: &Wanted,
    before: Option<&Composition>,
) -> Result<Kept> {
    let line = bridge::channel(tx, wanted.channel)?;
    let place = Place::parse(&line.kind).ok_or(Refusal::ChannelClosed)?;
    let fresh = variant(&all.master, &all.hashtags, place);
    let kept = before.and_then(|b| b.texts.iter().find(|t| t.channel == wanted.channel));
    let followed = before
        .filter(|_| kept.is_some_and(|k| !k.own))
        .map(|b| variant(&b.master, &b.hashtags, place));
    let typed = wanted.text.as_deref().map(|t| t.replace("\r\n", "\n"));
    let own = typed
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty() && *t != fresh && Some(t) != followed.as_ref());
    Ok(Kept {
        channel: wanted.channel,
        own: own.is_some(),
        text: own.unwrap_or(fresh),
        plan: wanted.plan,
        wall: wanted.wall.trim().chars().take(40).collect(),
        hour: wanted.hour,
        reasons: wanted
            .reasons
            .iter()
            .map(|(rule, why)| (rule.clone(), why.trim().to_owned()))
            .filter(|(_, why)| !why.is_empty())
            .collect(),
        note: kept.map(|k| k.note.clone()).unwrap_or_default(),
    })
}

fn write(tx: &mut Tx<'_>, actor: &Actor, all: &Composition) -> Result<()> {
    let (now, id) = (tx.now(), all.highlight);
    let picture = all.picture.as_ref();
    let alt = picture.and_then(|p| p.alt.as_deref()).unwrap_or_default();
    let values = (
        compositions::master.eq(&all.master),
        compositions::lang.eq(all.lang.trim()),
        compositions::hashtags.eq(all.hashtags.trim()),
        compositions::picture_id.eq(picture.map(|p| p.id)),
        compositions::picture_alt.eq(alt),
        compositions::suggestion_id.eq(all.suggestion),
        compositions::revision.eq(all.revision + 1),
        compositions::saved_by.eq(actor.id()),
        compositions::saved_at.eq(now),
    );
    let row = (compositions::highlight_id.eq(id), values);
    each_backend!(tx.conn, c => diesel::insert_into(compositions::table)
        .values(row)
        .on_conflict(compositions::highlight_id)
        .do_update()
        .set(values)
        .execute(c))?;
    diesel::delete(texts::table.filter(texts::highlight_id.eq(id))).execute(tx.conn)?;
    for text in &all.texts {
        put(tx, id, text)?;
    }
    Ok(())
}

/// Writes one text; it must not be there.
pub(super) fn put(tx: &mut Tx<'_>, id: HighlightId, text: &Kept) -> Result<()> {
    diesel::insert_into(texts::table)
        .values((
            texts::highlight_id.eq(id),
            texts::channel_id.eq(text.channel),
            texts::text.eq(&text.text),
            texts::own.eq(text.own),
            texts::plan.eq(text.plan),
            texts::wall_time.eq(&text.wall),
            texts::hour.eq(text.hour.map_or("", |hour| hour.as_str())),
            texts::reasons.eq(serde_json::to_string(&text.reasons)?),
            texts::note.eq(&text.note),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes one text off the desk.
pub(super) fn drop_text(tx: &mut Tx<'_>, id: HighlightId, channel: ChannelId) -> Result<()> {
    let gone = texts::table
        .filter(texts::highlight_id.eq(id))
        .filter(texts::channel_id.eq(channel));
    diesel::delete(gone).execute(tx.conn)?;
    Ok(())
}

/// Forgets everything that is being written for these highlights: words of theirs stand in it.
pub(in crate::highlights) fn forget(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<()> {
    diesel::delete(texts::table.filter(texts::highlight_id.eq_any(ids))).execute(tx.conn)?;
    diesel::delete(compositions::table.filter(compositions::highlight_id.eq_any(ids)))
        .execute(tx.conn)?;
    correction_waits::forget(tx, ids)
}
