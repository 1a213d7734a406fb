//! Two marks of a post: that others may edit it (*wiki*), and that its author speaks for the community in it.

use diesel::prelude::*;

use super::facts::find_post;
use crate::audit;
use crate::db::schema::posts;
use crate::db::{Lock, Tx};
use crate::kit::Result;
use crate::kit::ids::PostId;
use crate::policy::{Action, Actor};

/// Opens a post to every established member for editing, or closes it again. Its author and moderators may.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is neither theirs nor they moderate there.
pub fn set_wiki(tx: &mut Tx<'_>, actor: &Actor, post: PostId, on: bool) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::OpenPost(&law))?;
    if row.wiki == on {
        return Ok(());
    }

    diesel::update(posts::table.find(post))
        .set(posts::wiki.eq(on))
        .execute(tx.conn)?;
    record(
        tx,
        actor,
        if on { "post.opened" } else { "post.closed" },
        post,
    )
}

/// Says that these words are the community's, not only their author's, or takes that back. Staff say it of their own.
///
/// # Errors
/// Not found where the post is not the actor's to see; a refusal where it is not theirs or they are not staff.
pub fn set_official(tx: &mut Tx<'_>, actor: &Actor, post: PostId, on: bool) -> Result<()> {
    tx.lock(Lock::Post(post))?;
    let (row, _, law) = find_post(tx, post)?;

    actor.may(&Action::SpeakOfficially(&law))?;
    if row.official == on {
        return Ok(());
    }

    diesel::update(posts::table.find(post))
        .set(posts::official.eq(on))
        .execute(tx.conn)?;
    let kind = if on {
        "post.official"
    } else {
        "post.unofficial"
    };
    record(tx, actor, kind, post)
}

fn record(tx: &mut Tx<'_>, actor: &Actor, kind: &'static str, post: PostId) -> Result<()> {
    let about = audit::subject("post", post.0);
    audit::record(tx, actor, kind, about, serde_json::json!({}), None)
}
