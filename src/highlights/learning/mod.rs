//! Learning from what was said: notes under announcements, the best of them as examples, and texts that champions suggest.

mod examples;
mod masked;
mod note;
mod pick;
mod suggest;

pub use examples::{Example, example, examples, rules_of};
pub use note::{
    Note, NoteKind, NoteWords, leave_note, may_learn, notes_of, remove_note, to_learn_from,
};
pub use pick::{pick, unpick};
pub use suggest::{
    Suggestion, SuggestionState, answer_suggestion, my_suggestions, suggest, suggested_by,
    suggestible, suggestible_one, suggestion, suggestions, suggestions_of,
};

pub(super) use suggest::begin_with;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{announcement_notes as notes, announcements, text_suggestions as texts};
use crate::kit::Result;
use crate::kit::ids::{AnnouncementId, HighlightId, MemberId};

/// A member's account and words are to go: what they wrote here, and what was written here about texts that held their
/// words (the highlights that concern them).
pub(super) fn forget(tx: &mut Tx<'_>, member: MemberId, concerned: &[HighlightId]) -> Result<()> {
    let said: Vec<AnnouncementId> = announcements::table
        .filter(announcements::highlight_id.eq_any(concerned.iter().copied()))
        .select(announcements::id)
        .load(tx.conn)?;
    diesel::delete(
        notes::table.filter(
            notes::author_id
                .eq(Some(member))
                .or(notes::announcement_id.eq_any(said)),
        ),
    )
    .execute(tx.conn)?;
    diesel::delete(
        texts::table.filter(
            texts::author_id
                .eq(Some(member))
                .or(texts::highlight_id.eq_any(concerned.iter().copied())),
        ),
    )
    .execute(tx.conn)?;
    diesel::update(notes::table.filter(notes::picked_by.eq(Some(member))))
        .set(notes::picked_by.eq(None::<MemberId>))
        .execute(tx.conn)?;
    diesel::update(texts::table.filter(texts::answered_by.eq(Some(member))))
        .set(texts::answered_by.eq(None::<MemberId>))
        .execute(tx.conn)?;
    Ok(())
}
