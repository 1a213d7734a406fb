//! What one reader did with posts: saved them, reacted to them, voted in their polls. One query for a whole page.
//! Reads only.

use std::collections::HashMap;

use diesel::prelude::*;

use super::reaction::Reaction;
use crate::db::Tx;
use crate::db::schema::{bookmarks, poll_votes, polls, posts, reactions};
use crate::kit::Result;
use crate::kit::ids::{MemberId, PostId};

/// What one reader did with one post.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub saved: bool,
    pub reaction: Option<Reaction>,
    pub choice: Option<String>,
}

/// What this reader did with these posts.
pub(super) fn marks_of(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    ids: &[PostId],
) -> Result<HashMap<PostId, Marks>> {
    let Some(me) = member.filter(|_| !ids.is_empty()) else {
        return Ok(HashMap::new());
    };
    type Row = (PostId, Option<i64>, Option<Reaction>, Option<String>);
    let rows: Vec<Row> = posts::table
        .left_join(
            bookmarks::table.on(bookmarks::post_id
                .eq(posts::id)
                .and(bookmarks::member_id.eq(me))),
        )
        .left_join(
            reactions::table.on(reactions::post_id
                .eq(posts::id)
                .and(reactions::member_id.eq(me))),
        )
        .left_join(polls::table.on(polls::post_id.eq(posts::id)))
        .left_join(
            poll_votes::table.on(poll_votes::poll_id
                .nullable()
                .eq(polls::id.nullable())
                .and(poll_votes::member_id.eq(me))),
        )
        .filter(posts::id.eq_any(ids))
        .select((
            posts::id,
            bookmarks::id.nullable(),
            reactions::kind.nullable(),
            poll_votes::choice.nullable(),
        ))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(post, saved, reaction, choice)| {
            let marks = Marks {
                saved: saved.is_some(),
                reaction,
                choice,
            };
            (post, marks)
        })
        .collect())
}
