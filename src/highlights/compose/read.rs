//! What is being written for a highlight.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::highlight::{self, Highlight};
use super::super::matter::voices;
use super::super::pictures::PictureWish;
use super::super::when::{Hour, When};
use crate::db::Tx;
use crate::db::schema::{composition_texts as texts, compositions};
use crate::kit::ids::{ChannelId, HighlightId, MediaId, MemberId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};
use crate::site;

crate::text_enum! {
    /// When a text is meant to be said.
    pub enum Plan {
        /// As soon as it is sent off.
        Now = "now",
        /// At a day and time.
        Later = "later",
        /// At the channel's next free slot.
        Slot = "slot",
    }
}

/// The text for one channel, in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// At which channel.
    pub channel: ChannelId,
    /// The text.
    pub text: String,
    /// Was it changed by hand? Else it follows the master text.
    pub own: bool,
    /// When it is meant to be said.
    pub plan: Plan,
    /// The day and time, where one was typed.
    pub wall: String,
    /// Which of two equal hours.
    pub hour: Option<Hour>,
    /// Why a warning may be passed over, by rule.
    pub reasons: BTreeMap<String, String>,
    /// What the second pair of eyes said when it was handed back.
    pub note: String,
}

impl Kept {
    /// The plan as the calendar takes it.
    #[must_use]
    pub fn when(&self) -> When {
        match self.plan {
            Plan::Now => When::Now,
            Plan::Slot => When::Slot,
            Plan::Later => When::wall(&self.wall, self.hour),
        }
    }
}

/// Everything that is being written for a highlight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// Of which highlight.
    pub highlight: HighlightId,
    /// The master text.
    pub master: String,
    /// The language (BCP 47).
    pub lang: String,
    /// Hashtags, as they were typed.
    pub hashtags: String,
    /// The picture that goes with it, where the channel carries one.
    pub picture: Option<PictureWish>,
    /// The champion's suggestion that it began with.
    pub suggestion: Option<i64>,
    /// Counts its changes; 0 while nothing was kept.
    pub revision: i64,
    /// Who kept it last.
    pub saved_by: Option<MemberId>,
    /// When it was kept last.
    pub saved_at: Option<At>,
    /// A text for each channel chosen.
    pub texts: Vec<Kept>,
}

type Head = (
    (String, String, String),
    (Option<MediaId>, String, Option<i64>),
    (i64, Option<MemberId>, At),
);
type Row = (
    ChannelId,
    String,
    bool,
    Plan,
    String,
    String,
    String,
    String,
);

/// What is being written for a highlight; where nothing was kept, the standard text begins it.
///
/// # Errors
/// Refused to whoever may not announce it; not found where there is no such highlight.
pub fn composition(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    nameless: &str,
    said_in: &str,
) -> Result<Composition> {
    let highlight = highlight::find(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))?;
    if let Some(kept) = seek(tx, id)? {
        return Ok(kept);
    }
    let voices = voices(tx, &highlight)?;
    let lang = lang_of(tx, &highlight)?;
    Ok(Composition {
        highlight: id,
        master: super::super::check::standard_frame(&voices, nameless, said_in, &highlight.title),
        lang,
        hashtags: String::new(),
        picture: None,
        suggestion: None,
        revision: 0,
        saved_by: None,
        saved_at: None,
        texts: Vec::new(),
    })
}

/// The language of a highlight, or the community's.
pub(in crate::highlights) fn lang_of(tx: &mut Tx<'_>, highlight: &Highlight) -> Result<String> {
    if highlight.lang.is_empty() {
        Ok(site::settings(tx)?.lang)
    } else {
        Ok(highlight.lang.clone())
    }
}

/// What was kept, if anything was.
pub(super) fn seek(tx: &mut Tx<'_>, id: HighlightId) -> Result<Option<Composition>> {
    let head: Option<Head> = compositions::table
        .find(id)
        .select((
            (
                compositions::master,
                compositions::lang,
                compositions::hashtags,
            ),
            (
                compositions::picture_id,
                compositions::picture_alt,
                compositions::suggestion_id,
            ),
            (
                compositions::revision,
                compositions::saved_by,
                compositions::saved_at,
            ),
        ))
        .first(tx.conn)
        .optional()?;
    let Some((words, beside, (revision, saved_by, saved_at))) = head else {
        return Ok(None);
    };
    let (master, lang, hashtags) = words;
    let (picture, alt, suggestion) = beside;
    let rows: Vec<Row> = texts::table
        .filter(texts::highlight_id.eq(id))
        .order(texts::id)
        .limit(200)
        .select((
            texts::channel_id,
            texts::text,
            texts::own,
            texts::plan,
            texts::wall_time,
            texts::hour,
            texts::reasons,
            texts::note,
        ))
        .load(tx.conn)?;
    let mut all = Vec::with_capacity(rows.len());
    for (channel, text, own, plan, wall, hour, reasons, note) in rows {
        all.push(Kept {
            channel,
            text,
            own,
            plan,
            wall,
            hour: Hour::parse(&hour),
            reasons: serde_json::from_str(&reasons)?,
            note,
        });
    }
    Ok(Some(Composition {
        highlight: id,
        master,
        lang,
        hashtags,
        picture: picture.map(|id| PictureWish { id, alt: Some(alt) }),
        suggestion,
        revision,
        saved_by,
        saved_at: Some(saved_at),
        texts: all,
    }))
}
