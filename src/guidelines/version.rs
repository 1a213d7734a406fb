//! One version of a document, and the questions about versions.

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::document_versions as versions;
use crate::kit::ids::{MemberId, VersionId};
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Result};

crate::text_enum! {
    /// Where a version stands.
    pub enum State {
        /// Being written; its editors see it. A document has one at most.
        Draft = "draft",
        /// Published: in force, once in force, or to come into force on its day. Never changed again.
        Published = "published",
    }
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Of which document.
    pub kind: Document,
    /// Counts the versions of this document from 1; stands in addresses (`?version=3`).
    pub number: i64,
    /// Grows when everybody is asked again; 0 in a draft.
    pub major: i64,
    /// Grows when words are mended; 0 in a draft.
    pub minor: i64,
    /// Draft or published.
    pub state: State,
    /// Markdown.
    pub body_source: String,
    /// Safe HTML.
    pub body_html: String,
    /// SHA-256 of the Markdown, and of the house style where there is one.
    pub text_hash: Vec<u8>,
    /// What changed, in a sentence or two.
    pub change_note: String,
    /// Who wrote it; `None` for the house.
    pub created_by: Option<MemberId>,
    /// When it was first saved.
    pub created_at: At,
    /// When it was published.
    pub published_at: Option<At>,
    /// From when it is in force.
    pub effective_at: Option<At>,
    /// House style as JSON; empty in every document but the messaging guidelines, and there where nobody wrote any.
    pub rules: String,
}

impl Version {
    /// What people call it, such as `2.1`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// The text's fingerprint, by which a form says which text it was made from.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.text_hash)
    }
}

/// One line of a document's history: a published version without its text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Line {
    /// Its id.
    pub id: VersionId,
    /// Its place among the versions.
    pub number: i64,
    /// Asked everybody again.
    pub major: i64,
    /// Mended words.
    pub minor: i64,
    /// What changed.
    pub change_note: String,
    /// Who published it; `None` for the house.
    pub created_by: Option<MemberId>,
    /// From when it is in force.
    pub effective_at: Option<At>,
}

/// Hexadecimal, lower case.
pub(super) fn fingerprint(hash: &[u8]) -> String {
    crate::kit::hex(hash)
}

/// The version in force now; `None` where none was ever published.
///
/// # Errors
/// A fault where the database fails.
pub fn current(tx: &mut Tx<'_>, kind: Document) -> Result<Option<Version>> {
    let now = tx.now();
    Ok(versions::table
        .filter(versions::kind.eq(kind))
        .filter(versions::state.eq(State::Published))
        .filter(versions::effective_at.le(now))
        .order(versions::number.desc())
        .first(tx.conn)
        .optional()?)
}

/// The version that is published and comes into force on a later day, if there is one.
///
/// # Errors
/// A fault where the database fails.
pub fn upcoming(tx: &mut Tx<'_>, kind: Document) -> Result<Option<Version>> {
    let now = tx.now();
    Ok(versions::table
        .filter(versions::kind.eq(kind))
        .filter(versions::state.eq(State::Published))
        .filter(versions::effective_at.gt(now))
        .order(versions::number.desc())
        .first(tx.conn)
        .optional()?)
}

/// The draft, if somebody is writing one. Whether the reader may see it is asked by the caller: `EditDocument`.
///
/// # Errors
/// A fault where the database fails.
pub fn draft(tx: &mut Tx<'_>, kind: Document) -> Result<Option<Version>> {
    Ok(versions::table
        .filter(versions::kind.eq(kind))
        .filter(versions::state.eq(State::Draft))
        .order(versions::number.desc())
        .first(tx.conn)
        .optional()?)
}

/// The published version with this number.
///
/// # Errors
/// Not found where there is none, or it is a draft.
pub fn version(tx: &mut Tx<'_>, kind: Document, number: i64) -> Result<Version> {
    versions::table
        .filter(versions::kind.eq(kind))
        .filter(versions::number.eq(number))
        .filter(versions::state.eq(State::Published))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// The published version with this id.
///
/// # Errors
/// Not found where there is none, or it is a draft.
pub fn by_id(tx: &mut Tx<'_>, id: VersionId) -> Result<Version> {
    versions::table
        .filter(versions::id.eq(id))
        .filter(versions::state.eq(State::Published))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Those published versions that there are, of many asked for at once.
///
/// # Errors
/// A fault where the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[VersionId]) -> Result<Vec<Version>> {
    Ok(versions::table
        .filter(versions::id.eq_any(ids))
        .filter(versions::state.eq(State::Published))
        .load(tx.conn)?)
}

/// Up to `most` published versions older than the number `before`, newest first.
///
/// # Errors
/// A fault where the database fails.
pub fn history(
    tx: &mut Tx<'_>,
    kind: Document,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Line>> {
    Ok(versions::table
        .filter(versions::kind.eq(kind))
        .filter(versions::state.eq(State::Published))
        .filter(versions::number.lt(before.unwrap_or(i64::MAX)))
        .order(versions::number.desc())
        .limit(most)
        .select((
            versions::id,
            versions::number,
            versions::major,
            versions::minor,
            versions::change_note,
            versions::created_by,
            versions::effective_at,
        ))
        .load(tx.conn)?)
}

/// The text that an editor begins with: the draft, else the newest published version, else nothing.
///
/// # Errors
/// A fault where the database fails.
pub fn base_of(tx: &mut Tx<'_>, kind: Document) -> Result<Option<Version>> {
    Ok(versions::table
        .filter(versions::kind.eq(kind))
        .order(versions::number.desc())
        .first(tx.conn)
        .optional()?)
}
