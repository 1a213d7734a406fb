//! What was taken out, looked at again each time it is shown: what fell in the meantime is not there any more.

use diesel::prelude::*;

use super::consent::{self, WORDING};
use super::highlight::{self, Highlight};
use super::matter::source_path;
use super::pull::{How, passes};
use super::scope::{Attribution, Covered};
use super::source;
use super::topic;
use super::voice::{Voiced, voiced};
use crate::db::Tx;
use crate::db::schema::pulls;
use crate::forum;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId, PullId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Refusal, Result};
use crate::policy::{Action, Actor};

/// Lines of one list.
const PAGE: i64 = 50;

/// One person's consent as it may be handed on: what was agreed to and when, and no name but the one agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The name that was agreed to; `None` for a member without a name.
    pub named: Option<String>,
    /// How the person is named.
    pub attribution: Attribution,
    /// May parts be left out?
    pub trimming: bool,
    /// May it be taken by hand?
    pub by_hand: bool,
    /// The kinds of places ticked.
    pub places: Vec<&'static str>,
    /// When it was given, the last time.
    pub at: Option<At>,
    /// By which version of the question.
    pub wording: String,
    /// SHA-256 over the words asked about, in hexadecimal digits.
    pub words_hash: String,
}

/// One highlight as it was taken out.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Under which number.
    pub pull: PullId,
    /// Which highlight.
    pub highlight: HighlightId,
    /// Its heading.
    pub title: String,
    /// The language of the words (BCP 47), empty where unknown.
    pub lang: String,
    /// For whom it is worth telling.
    pub audience: String,
    /// What it is about.
    pub topics: Vec<String>,
    /// The category of its source.
    pub category: String,
    /// The voices.
    pub voices: Vec<Voiced>,
    /// What the consents allow.
    pub covered: Covered,
    /// The consents.
    pub agreed: Vec<Agreed>,
    /// The absolute address that people follow: it ends with a recall.
    pub link: String,
    /// The absolute address of the source.
    pub source: String,
    /// When it was approved.
    pub approved_at: Option<At>,
    /// When it was taken.
    pub at: At,
    /// Not to be used from then on.
    pub expires_at: Option<At>,
}

/// Everything that was taken in one go.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its number.
    pub id: PullId,
    /// How.
    pub how: How,
    /// For what.
    pub purpose: String,
    /// Who gets it.
    pub recipient: String,
    /// Who took it; `None` once erased.
    pub member: Option<MemberId>,
    /// When.
    pub at: At,
    /// What still stands.
    pub taken: Vec<Taken>,
    /// How many of it do not stand any more.
    pub fallen: usize,
}

/// A pull's row.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Row {
    pub id: PullId,
    pub highlight: HighlightId,
    pub member: Option<MemberId>,
    pub how: How,
    pub purpose: String,
    pub recipient: String,
    pub code: String,
    pub at: At,
    pub recalled_at: Option<At>,
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn columns() -> _ {
    (
        pulls::id,
        pulls::highlight_id,
        pulls::member_id,
        pulls::how,
        pulls::purpose,
        pulls::recipient,
        pulls::code,
        pulls::at,
        pulls::recalled_at,
    )
}

/// What was taken in one go. Every part of it passes the gate once more.
///
/// # Errors
/// Refused by the law; not found; a fault where the database fails.
pub fn batch(tx: &mut Tx<'_>, actor: &Actor, id: PullId) -> Result<Batch> {
    actor.may(&Action::Pull)?;
    let rows: Vec<Row> = pulls::table
        .filter(pulls::batch.eq(id))
        .order(pulls::id)
        .select(columns())
        .load(tx.conn)?;
    let first = rows.first().cloned().or_not_found()?;
    // A feed is read under its own address, and the API has answered already.
    if matches!(first.how, How::Feed | How::Api) {
        return Err(Refusal::NotFound.into());
    }
    let (all, mut taken) = (rows.len(), Vec::new());
    for row in rows {
        taken.extend(one(tx, &row)?);
    }
    Ok(Batch {
        id,
        how: first.how,
        purpose: first.purpose,
        recipient: first.recipient,
        member: first.member,
        at: first.at,
        fallen: all - taken.len(),
        taken,
    })
}

/// One pull, if it was not recalled and still passes the gate.
pub(super) fn one(tx: &mut Tx<'_>, row: &Row) -> Result<Option<Taken>> {
    if row.recalled_at.is_some() {
        return Ok(None);
    }
    let highlight = highlight::find(tx, row.highlight)?;
    if !passes(tx, &highlight, row.how.place())? {
        return Ok(None);
    }
    Ok(Some(taken(tx, row, highlight)?))
}

fn taken(tx: &mut Tx<'_>, row: &Row, highlight: Highlight) -> Result<Taken> {
    let path = source_path(tx, &highlight)?;
    let topics = topic::of_many(tx, &[highlight.id])?
        .remove(&highlight.id)
        .unwrap_or_default();
    let category = match highlight.category {
        Some(id) => forum::places(tx)?.seek(id).map(|c| c.name.clone()),
        None => None,
    };
    let source = tx.link(&path);
    let link = if row.code.is_empty() {
        source.clone()
    } else {
        tx.link(&format!("/h/{}", row.code))
    };
    Ok(Taken {
        pull: row.id,
        highlight: highlight.id,
        voices: voiced(tx, &highlight)?,
        covered: source::covered(tx, &highlight)?,
        agreed: agreed(tx, highlight.id)?,
        topics,
        category: category.unwrap_or_default(),
        link,
        source,
        approved_at: highlight.approved_at,
        at: row.at,
        expires_at: highlight.expires_at,
        title: highlight.title,
        lang: highlight.lang,
        audience: highlight.audience,
    })
}

fn agreed(tx: &mut Tx<'_>, id: HighlightId) -> Result<Vec<Agreed>> {
    let consents = consent::list(tx, id)?;
    Ok(consents
        .into_iter()
        .filter_map(|consent| {
            let scope = consent.live()?.clone();
            Some(Agreed {
                named: consent.named,
                attribution: scope.attribution,
                trimming: scope.trimming,
                by_hand: scope.by_hand,
                places: scope.places.words(),
                at: consent.decided_at,
                wording: if consent.wording.is_empty() {
                    WORDING.to_owned()
                } else {
                    consent.wording
                },
                words_hash: crate::kit::hex(&consent.words_hash),
            })
        })
        .collect())
}

/// One line of who took a highlight out.
#[derive(Debug, Clone, Queryable)]
pub struct PullLine {
    /// Under which number.
    pub id: PullId,
    /// The number of everything taken in the same go.
    pub batch: Option<PullId>,
    /// Who; `None` once erased.
    pub member: Option<MemberId>,
    /// How.
    pub how: How,
    /// For what.
    pub purpose: String,
    /// Who got it.
    pub recipient: String,
    /// When.
    pub at: At,
    /// When it was recalled.
    pub recalled_at: Option<At>,
    /// When somebody had seen to it.
    pub done_at: Option<At>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn line_columns() -> _ {
    (
        pulls::id,
        pulls::batch,
        pulls::member_id,
        pulls::how,
        pulls::purpose,
        pulls::recipient,
        pulls::at,
        pulls::recalled_at,
        pulls::done_at,
    )
}

/// Who took a highlight out, newest first, and where the list goes on.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn pulls_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    after: Option<Cursor>,
) -> Result<(Vec<PullLine>, Option<Cursor>)> {
    actor.may(&Action::SeeLibrary)?;
    let before = after.and_then(|c| c.as_one()).unwrap_or(i64::MAX);
    let mut lines: Vec<PullLine> = pulls::table
        .filter(pulls::highlight_id.eq(id))
        .filter(pulls::id.lt(PullId(before)))
        .order(pulls::id.desc())
        .limit(PAGE + 1)
        .select(line_columns())
        .load(tx.conn)?;
    let next = Cursor::turn(&mut lines, PAGE, |l| Cursor::one(l.id.0));
    Ok((lines, next))
}

/// The same for those quoted, for several highlights: the newest of each.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<std::collections::HashMap<HighlightId, Vec<PullLine>>> {
    let mut by = std::collections::HashMap::new();
    for id in ids {
        let lines: Vec<PullLine> = pulls::table
            .filter(pulls::highlight_id.eq(*id))
            .order(pulls::id.desc())
            .limit(PAGE)
            .select(line_columns())
            .load(tx.conn)?;
        by.insert(*id, lines);
    }
    Ok(by)
}
