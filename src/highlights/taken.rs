//! What was taken out, looked at again each time it is shown: what fell in the meantime is not there any more.

use std::collections::HashMap;

use diesel::prelude::*;

use super::consent::{Consent, WORDING};
use super::ground::Ground;
use super::highlight::{self, Highlight};
use super::pull::{How, passed};
use super::scope::{Attribution, Covered};
use super::topic;
use super::voice::Voiced;
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
/// Lines of several highlights that are read in one question.
const MOST_LINES: i64 = 1_000;

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
    let all = rows.len();
    let taken = several(tx, rows)?;
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

/// Those of these pulls that were not recalled and still pass the gate. As many questions for one as for a hundred.
pub(super) fn several(tx: &mut Tx<'_>, mut rows: Vec<Row>) -> Result<Vec<Taken>> {
    rows.retain(|row| row.recalled_at.is_none());
    let ids: Vec<HighlightId> = rows.iter().map(|row| row.highlight).collect();
    let known = highlight::find_many(tx, &ids)?;
    let all: Vec<Highlight> = known.values().cloned().collect();
    let ground = Ground::of(tx, &all)?;
    let mut topics = topic::of_many(tx, &ids)?;
    let places = forum::places(tx)?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(highlight) = known.get(&row.highlight) else {
            continue;
        };
        if !passed(ground.gate(tx, highlight, row.how.place()))? {
            continue;
        }
        let category = highlight.category.and_then(|id| places.seek(id));
        taken.push(Taken {
            category: category.map(|c| c.name.clone()).unwrap_or_default(),
            topics: topics.remove(&highlight.id).unwrap_or_default(),
            ..as_taken(tx, row, highlight, &ground)
        });
    }
    Ok(taken)
}

fn as_taken(tx: &Tx<'_>, row: &Row, highlight: &Highlight, ground: &Ground) -> Taken {
    let source = tx.link(&ground.path(highlight));
    let link = if row.code.is_empty() {
        source.clone()
    } else {
        tx.link(&format!("/h/{}", row.code))
    };
    let words = &ground.words;
    let consents = words.consents(highlight.id).iter();
    Taken {
        pull: row.id,
        highlight: highlight.id,
        voices: words.voices(highlight.id),
        covered: words.covered(highlight.id),
        agreed: consents.filter_map(agreed).collect(),
        topics: Vec::new(),
        category: String::new(),
        link,
        source,
        approved_at: highlight.approved_at,
        at: row.at,
        expires_at: highlight.expires_at,
        title: highlight.title.clone(),
        lang: highlight.lang.clone(),
        audience: highlight.audience.clone(),
    }
}

fn agreed(consent: &Consent) -> Option<Agreed> {
    let scope = consent.live()?;
    Some(Agreed {
        named: consent.named.clone(),
        attribution: scope.attribution,
        trimming: scope.trimming,
        by_hand: scope.by_hand,
        places: scope.places.words(),
        at: consent.decided_at,
        wording: if consent.wording.is_empty() {
            WORDING.to_owned()
        } else {
            consent.wording.clone()
        },
        words_hash: crate::kit::hex(&consent.words_hash),
    })
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
) -> Result<HashMap<HighlightId, Vec<PullLine>>> {
    let rows: Vec<(HighlightId, PullLine)> = pulls::table
        .filter(pulls::highlight_id.eq_any(ids))
        .order(pulls::id.desc())
        .limit(MOST_LINES + 1)
        .select((pulls::highlight_id, line_columns()))
        .load(tx.conn)?;
    let mut by: HashMap<HighlightId, Vec<PullLine>> = HashMap::new();
    if rows.len() <= usize::try_from(MOST_LINES).unwrap_or(0) {
        for (id, line) in rows {
            by.entry(id).or_default().push(line);
        }
    } else {
        // One that was taken very often must not crowd out the others.
        for id in ids {
            let lines: Vec<PullLine> = pulls::table
                .filter(pulls::highlight_id.eq(*id))
                .order(pulls::id.desc())
                .limit(PAGE)
                .select(line_columns())
                .load(tx.conn)?;
            by.insert(*id, lines);
        }
    }
    let page = usize::try_from(PAGE).unwrap_or(0);
    by.values_mut().for_each(|lines| lines.truncate(page));
    Ok(by)
}
