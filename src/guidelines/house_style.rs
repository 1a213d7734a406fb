//! House style where it is kept: beside the messaging guidelines, version by version.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde_json::json;

use super::draft::put;
use super::style::{HouseStyle, StyleSource};
use super::version::{Version, base_of, current};
use super::words::Words;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::ids::VersionId;
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{Result, Stop};
use crate::policy::{Action, Actor};

/// The last rules that were made ready. They follow from their version alone, so they are never stale.
static KEPT: LazyLock<Mutex<Option<(Key, Arc<HouseStyle>)>>> = LazyLock::new(Mutex::default);

/// By what made rules are known: the version, and the hash of its text and rules.
type Key = (VersionId, Vec<u8>);

/// House style as it is stored: JSON, or nothing where there is nothing.
pub(super) fn stored(style: &StyleSource) -> Result<String> {
    if *style == StyleSource::default() {
        return Ok(String::new());
    }
    Ok(serde_json::to_string(style)?)
}

/// The house style that belongs to a version of the messaging guidelines.
///
/// # Errors
/// A fault where what is stored cannot be read.
pub fn style_of(version: &Version) -> Result<StyleSource> {
    if version.rules.is_empty() {
        return Ok(StyleSource::default());
    }
    Ok(serde_json::from_str(&version.rules)?)
}

/// The rules in force: the built-in ones alone where no messaging guidelines are.
///
/// # Errors
/// A fault where the database fails or what is stored cannot be read.
pub fn house_style(tx: &mut Tx<'_>) -> Result<Arc<HouseStyle>> {
    let Some(version) = current(tx, Document::Messaging)? else {
        return Ok(Arc::default());
    };
    let key = (version.id, version.text_hash.clone());
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, style)) = kept.filter(|(known, _)| *known == key) {
        return Ok(style);
    }
    let mut style = style_of(&version)?
        .ready()
        .map_err(|problems| Stop::fault(format!("stored house style: {problems:?}")))?;
    style.version = Some(version.id);
    style.label = version.label();
    let style = Arc::new(style);
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, style.clone()));
    Ok(style)
}

/// Saves house style into the draft of the messaging guidelines; the words stay. `base` is the fingerprint of the
/// version that the editor began with.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines, and as stale where somebody else saved meanwhile; not
/// found where the guidelines have no text yet; invalid where a rule cannot be.
pub fn save_style(
    tx: &mut Tx<'_>,
    actor: &Actor,
    style: &StyleSource,
    base: &str,
) -> Result<Version> {
    let before = base_of(tx, Document::Messaging)?;
    actor.may(&Action::EditDocument(Document::Messaging))?;
    style.ready()?;
    let words = Words::again(before.as_ref().or_not_found()?, stored(style)?);
    let saved = put(tx, actor, Document::Messaging, &words, before, base)?;
    audit::record(
        tx,
        actor,
        "guidelines.style_drafted",
        subject("guidelines", saved.id.0),
        json!({ "number": saved.number, "rules": style.rules.len() }),
        None,
    )?;
    Ok(saved)
}

/// The house style that an editor begins with, and the fingerprint of its version: that of the draft, else of the newest
/// version.
///
/// # Errors
/// Refused to people who do not keep the messaging guidelines; not found where they have no text yet.
pub fn draft_style(tx: &mut Tx<'_>, actor: &Actor) -> Result<(StyleSource, String)> {
    actor.may(&Action::EditDocument(Document::Messaging))?;
    let version = base_of(tx, Document::Messaging)?.or_not_found()?;
    Ok((style_of(&version)?, version.fingerprint()))
}
