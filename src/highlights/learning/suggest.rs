//! Texts that champions suggest for approved highlights, and what publishers make of them.

use diesel::prelude::*;
use serde_json::json;

use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::{highlights, text_suggestions as texts};
use crate::highlights::highlight::{self, Highlight, columns};
use crate::highlights::quote;
use crate::highlights::source;
use crate::highlights::state::State;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::stop::{OrRefuse, Refusal};
use crate::kit::{At, Problems, Result, Stop};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Role};

/// Entries on one page.
const PAGE: i64 = 30;
/// The longest text, in characters.
const MOST_WORDS: usize = 2_000;
/// The longest note beside it and the longest answer, in characters.
const MOST_NOTE: usize = 400;
/// Suggestions of one member that wait at a time.
const MOST_OPEN: i64 = 10;

crate::text_enum! {
    /// What became of a suggested text.
    pub enum SuggestionState {
        /// Nobody has answered it yet.
        Open = "open",
        /// A publisher works with it.
        Taken = "taken",
        /// Not now.
        SetAside = "set_aside",
    }
}

/// A suggested text.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Suggestion {
    /// Its id.
    pub id: i64,
    /// For which highlight.
    pub highlight: HighlightId,
    /// Who suggests it; `None` once erased.
    pub author: Option<MemberId>,
    /// The text.
    pub words: String,
    /// A word to the publishers.
    pub note: String,
    /// What became of it.
    pub state: SuggestionState,
    /// A word back.
    pub answer: String,
    /// Who answered.
    pub answered_by: Option<MemberId>,
    /// When.
    pub answered_at: Option<At>,
    /// When it was suggested.
    pub created_at: At,
}

/// A page of approved highlights that a text can be suggested for, newest first, with their consented words.
///
/// # Errors
/// Refused to everybody but champions and publishers.
pub fn suggestible(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<&Cursor>,
) -> Result<(Vec<(Highlight, Vec<String>)>, Option<Cursor>)> {
    actor.may(&Action::SuggestText)?;
    let (at, id) = after
        .and_then(Cursor::as_two)
        .unwrap_or((i64::MAX, i64::MAX));
    let mut rows: Vec<Highlight> = highlights::table
        .filter(highlights::state.eq(State::Approved))
        .filter(
            highlights::approved_at
                .lt(At(at))
                .or(highlights::approved_at
                    .eq(At(at))
                    .and(highlights::id.lt(HighlightId(id)))),
        )
        .order((highlights::approved_at.desc(), highlights::id.desc()))
        .limit(PAGE + 1)
        .select(columns())
        .load(tx.conn)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| Cursor::two(last.approved_at.map_or(0, |at| at.0), last.id.0));
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let words = words_of(tx, row.id)?;
        found.push((row, words));
    }
    Ok((found, next))
}

fn words_of(tx: &mut Tx<'_>, id: HighlightId) -> Result<Vec<String>> {
    let quotes = quote::list(tx, id)?;
    Ok(quotes.into_iter().filter_map(|q| q.excerpt).collect())
}

/// One highlight that a text can be suggested for, with its consented words.
///
/// # Errors
/// Refused to everybody but champions and publishers; not found where it is not approved (any more) or its source is gone.
pub fn suggestible_one(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
) -> Result<(Highlight, Vec<String>)> {
    actor.may(&Action::SuggestText)?;
    let highlight = highlight::find(tx, id)?;
    (highlight.state == State::Approved)
        .then_some(())
        .or_not_found()?;
    source::stands(tx, &highlight)?;
    let words = words_of(tx, id)?;
    Ok((highlight, words))
}

/// Suggests a text.
///
/// # Errors
/// As [`suggestible_one`]; too many while ten of one's own wait; invalid without a text or too long.
pub fn suggest(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    words: &str,
    note: &str,
) -> Result<i64> {
    let (highlight, _) = suggestible_one(tx, actor, id)?;
    actor.may(&Action::SuggestText)?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    let mut problems = Problems::default();
    let (words, note) = (words.trim(), note.trim());
    if words.is_empty() {
        problems.add("text", "needed", &[]);
    }
    for (field, text, most) in [("text", words, MOST_WORDS), ("note", note, MOST_NOTE)] {
        if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    problems.check()?;
    let open: i64 = texts::table
        .filter(texts::author_id.eq(Some(me)))
        .filter(texts::state.eq(SuggestionState::Open))
        .count()
        .get_result(tx.conn)?;
    if open >= MOST_OPEN {
        return Err(Stop::invalid("text", "suggestions-wait"));
    }
    let made: i64 = diesel::insert_into(texts::table)
        .values((
            texts::highlight_id.eq(id),
            texts::author_id.eq(Some(me)),
            texts::words.eq(words),
            texts::note.eq(note),
            texts::state.eq(SuggestionState::Open),
            texts::created_at.eq(tx.now()),
        ))
        .returning(texts::id)
        .get_result(tx.conn)?;
    audit::record(
        tx,
        actor,
        "text.suggested",
        subject("highlight", id.0),
        json!({ "suggestion": made }),
        None,
    )?;
    for publisher in members::with_role(tx, Role::Publisher)? {
        let notice = Notice {
            member: publisher.id,
            kind: "text-suggested",
            subject_kind: "highlight",
            subject_id: id.0,
            actor: Some(me),
            data: json!({ "title": highlight.title, "path": "/outreach/suggestions" }),
            mail: false,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(made)
}

/// A page of suggestions for publishers: those that wait, oldest first, or those that were answered, newest first. Texts
/// for highlights that are not approved any more are left out: their words may not be said.
///
/// # Errors
/// Refused to everybody but publishers.
pub fn suggestions(
    tx: &mut Tx<'_>,
    actor: &Actor,
    open: bool,
    after: Option<i64>,
) -> Result<(Vec<(Suggestion, Highlight)>, Option<i64>)> {
    actor.may(&Action::SeeLibrary)?;
    let mut question = texts::table
        .inner_join(highlights::table)
        .filter(highlights::state.eq(State::Approved))
        .into_boxed();
    question = if open {
        question
            .filter(texts::state.eq(SuggestionState::Open))
            .filter(texts::id.gt(after.unwrap_or(0)))
            .order(texts::id.asc())
    } else {
        question
            .filter(texts::state.ne(SuggestionState::Open))
            .filter(texts::id.lt(after.unwrap_or(i64::MAX)))
            .order(texts::id.desc())
    };
    let mut rows: Vec<Suggestion> = question
        .limit(PAGE + 1)
        .select(texts::all_columns)
        .load(tx.conn)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    let ids: Vec<HighlightId> = rows.iter().map(|row| row.highlight).collect();
    let of = highlight::find_many(tx, &ids)?;
    let beside = |row: Suggestion| of.get(&row.highlight).cloned().map(|h| (row, h));
    Ok((rows.into_iter().filter_map(beside).collect(), next))
}

/// What this member suggested lately, newest first, for highlights that are approved still: words that were taken back are
/// not shown again.
///
/// # Errors
/// Refused to everybody but champions and publishers.
pub fn my_suggestions(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Suggestion>> {
    actor.may(&Action::SuggestText)?;
    let me = actor.id().ok_or(Stop::Refused(Refusal::SignInFirst))?;
    Ok(texts::table
        .inner_join(highlights::table)
        .filter(highlights::state.eq(State::Approved))
        .filter(texts::author_id.eq(Some(me)))
        .order(texts::id.desc())
        .limit(PAGE)
        .select(texts::all_columns)
        .load(tx.conn)?)
}

/// The texts that champions suggested for one highlight, newest first, without those set aside: for whoever writes.
///
/// # Errors
/// Refused to everybody but publishers.
pub fn suggestions_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: HighlightId,
) -> Result<Vec<Suggestion>> {
    actor.may(&Action::SeeLibrary)?;
    Ok(texts::table
        .filter(texts::highlight_id.eq(highlight))
        .filter(texts::state.ne(SuggestionState::SetAside))
        .order(texts::id.desc())
        .limit(PAGE)
        .load(tx.conn)?)
}

/// One suggestion for this highlight.
///
/// # Errors
/// Refused to everybody but publishers; not found where it is none, or one for something else.
pub fn suggestion(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: HighlightId,
    id: i64,
) -> Result<Suggestion> {
    actor.may(&Action::SeeLibrary)?;
    texts::table
        .filter(texts::id.eq(id))
        .filter(texts::highlight_id.eq(highlight))
        .first(tx.conn)
        .optional()?
        .or_not_found()
}

/// Who suggested it; `None` once they are erased. Whether the reader may know is asked by the caller.
///
/// # Errors
/// A fault where the database fails.
pub fn suggested_by(tx: &mut Tx<'_>, id: i64) -> Result<Option<MemberId>> {
    let author: Option<Option<MemberId>> = texts::table
        .find(id)
        .select(texts::author_id)
        .first(tx.conn)
        .optional()?;
    Ok(author.flatten())
}

/// A text that is being written begins with a suggestion: whoever suggested it hears so, if they have not yet.
pub(in crate::highlights) fn begin_with(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: HighlightId,
    id: i64,
) -> Result<()> {
    let found = suggestion(tx, actor, highlight, id)?;
    match found.state {
        SuggestionState::Open => {
            answer_suggestion(tx, actor, id, SuggestionState::Taken, "").map(drop)
        }
        SuggestionState::Taken => Ok(()),
        SuggestionState::SetAside => Err(Refusal::WrongState(found.state.as_str()).into()),
    }
}

/// A publisher takes a suggested text, or sets it aside, with a word back.
///
/// # Errors
/// Refused to everybody but publishers who acknowledged the messaging guidelines; not found where there is none; in another
/// state where a colleague was quicker; invalid where the answer is too long.
pub fn answer_suggestion(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    state: SuggestionState,
    answer: &str,
) -> Result<Suggestion> {
    actor.may(&Action::SeeLibrary)?;
    let answer = answer.trim();
    if answer.chars().count() > MOST_NOTE {
        let mut problems = Problems::default();
        problems.add("answer", "too-long", &[("most", MOST_NOTE.to_string())]);
        problems.check()?;
    }
    let found: Suggestion = texts::table
        .filter(texts::id.eq(id))
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let open = texts::table
        .filter(texts::id.eq(id))
        .filter(texts::state.eq(SuggestionState::Open));
    let changed: Option<Suggestion> = diesel::update(open)
        .set((
            texts::state.eq(state),
            texts::answer.eq(answer),
            texts::answered_by.eq(actor.id()),
            texts::answered_at.eq(Some(tx.now())),
        ))
        .returning(texts::all_columns)
        .get_result(tx.conn)
        .optional()?;
    let changed = changed.ok_or(Stop::Refused(Refusal::WrongState(found.state.as_str())))?;
    audit::record(
        tx,
        actor,
        "text.answered",
        subject("highlight", changed.highlight.0),
        json!({ "suggestion": id, "state": state.as_str() }),
        None,
    )?;
    if let Some(author) = changed.author {
        let title = highlight::find(tx, changed.highlight)?.title;
        let kind = match state {
            SuggestionState::SetAside => "text-set-aside",
            _ => "text-taken",
        };
        let notice = Notice {
            member: author,
            kind,
            subject_kind: "text_suggestion",
            subject_id: id,
            actor: actor.id(),
            data: json!({ "title": title, "reason": answer, "path": "/champions/texts" }),
            mail: false,
        };
        notifications::tell(tx, &notice)?;
    }
    Ok(changed)
}
