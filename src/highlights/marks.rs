//! The marks under a post whose words were announced, for its author and for staff. Reads only.

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement;
use super::consent;
use super::state::AnnouncementState;
use crate::db::Tx;
use crate::db::schema::{announcements, highlight_quotes};
use crate::kit::ids::{AnnouncementId, HighlightId, MemberId, PostId};
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// Something that was said outside with a post's words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mark {
    /// Which announcement.
    pub announcement: AnnouncementId,
    /// The channel's name.
    pub channel: String,
    /// The channel's kind.
    pub kind: String,
    /// Where it can be read, if that is known.
    pub url: Option<String>,
    /// When it was said.
    pub at: At,
    /// How the author is named outside; `None` for a member without a name.
    pub named: Option<String>,
    /// Where it stands: `sent`, `withdrawing` or `withdrawn`.
    pub state: AnnouncementState,
    /// How often it was said anew, rightly.
    pub corrections: i64,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
}

/// The marks of these posts that are for the actor: staff see all of them, authors their own, guests ask nothing. One
/// question however many posts, and nothing more where nothing was announced.
///
/// # Errors
/// A fault where the database fails.
pub fn announced_marks(
    tx: &mut Tx<'_>,
    actor: &Actor,
    posts: &[PostId],
) -> Result<HashMap<PostId, Vec<Mark>>> {
    let mut marks: HashMap<PostId, Vec<Mark>> = HashMap::new();
    let Some(me) = actor.id().filter(|_| !posts.is_empty()) else {
        return Ok(marks);
    };
    let mut question = highlight_quotes::table
        .filter(highlight_quotes::post_id.eq_any(posts))
        .into_boxed();
    if !actor.can(&Action::SeeOutreach) {
        question = question.filter(highlight_quotes::author_id.eq(me));
    }
    let quoted: Vec<(PostId, HighlightId, Option<MemberId>)> = question
        .filter(diesel::dsl::exists(
            announcements::table
                .filter(announcements::highlight_id.eq(highlight_quotes::highlight_id))
                .filter(announcements::sent_at.is_not_null()),
        ))
        .order(highlight_quotes::id)
        .limit(200)
        .select((
            highlight_quotes::post_id,
            highlight_quotes::highlight_id,
            highlight_quotes::author_id,
        ))
        .load(tx.conn)?;
    if quoted.is_empty() {
        return Ok(marks);
    }
    let ids: Vec<HighlightId> = quoted.iter().map(|(_, highlight, _)| *highlight).collect();
    let said = announcement::of_many(tx, &ids)?;
    let consents = consent::of_many(tx, &ids)?;
    for (post, highlight, author) in quoted {
        let named = consents
            .get(&highlight)
            .and_then(|all| all.iter().find(|c| Some(c.member) == author))
            .and_then(|consent| consent.named.clone());
        for one in said.get(&highlight).into_iter().flatten() {
            let Some(at) = one.sent_at else {
                continue;
            };
            let list = marks.entry(post).or_default();
            if list.iter().any(|mark| mark.announcement == one.id) {
                continue;
            }
            list.push(Mark {
                announcement: one.id,
                channel: one.channel_name.clone(),
                kind: one.channel_kind.clone(),
                url: one.remote_url.clone(),
                at,
                named: named.clone(),
                state: one.state,
                corrections: one.revision - 1,
                withdrawn_at: one.withdrawn_at,
            });
        }
    }
    Ok(marks)
}
