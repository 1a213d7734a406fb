//! The mark under a post whose words were announced.

use std::collections::HashMap;

use diesel::prelude::*;

use super::announcement;
use super::consent;
use super::state::AnnouncementState;
use crate::db::Tx;
use crate::db::schema::{announcements, highlight_quotes};
use crate::kit::ids::{AnnouncementId, HighlightId, MemberId, PostId};
use crate::kit::{At, Result};

/// Something that was said outside with a post's words, and still stands there.
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
}

/// The marks of these posts: one question however many posts, and nothing more where nothing was announced.
///
/// # Errors
/// A fault where the database fails.
pub fn announced_marks(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<HashMap<PostId, Vec<Mark>>> {
    let mut marks: HashMap<PostId, Vec<Mark>> = HashMap::new();
    if posts.is_empty() {
        return Ok(marks);
    }
    let quoted: Vec<(PostId, HighlightId, Option<MemberId>)> = highlight_quotes::table
        .filter(highlight_quotes::post_id.eq_any(posts))
        .filter(diesel::dsl::exists(
            announcements::table
                .filter(announcements::highlight_id.eq(highlight_quotes::highlight_id))
                .filter(announcements::state.eq(AnnouncementState::Sent)),
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
            let (AnnouncementState::Sent, Some(at)) = (one.state, one.sent_at) else {
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
            });
        }
    }
    Ok(marks)
}
