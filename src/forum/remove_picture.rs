//! Removing a picture wherever its moderator may, and bringing it back.

use super::facts::{facts_of_posts, find_post};
use crate::audit;
use crate::content::uploads;
use crate::db::Tx;
use crate::kit::ids::{MediaId, PostId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Event, Refusal, Result};
use crate::policy::{Action, Actor};

/// The picture and those of its copies that are the actor's to treat: in posts that they moderate, and, for moderators
/// of the whole community, in no post yet. What stands behind doors that are closed to them stays unknown to them.
///
/// # Errors
/// A fault where the database fails.
pub fn copies_to_treat(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MediaId,
) -> Result<Vec<(MediaId, Option<PostId>)>> {
    let mut copies = uploads::copies_of(tx, id)?;
    let posts: Vec<PostId> = copies.iter().filter_map(|(_, post)| *post).collect();
    let posts = facts_of_posts(tx, &posts)?;
    copies.retain(|(copy, post)| {
        *copy == id
            || match post {
                Some(post) => posts
                    .get(post)
                    .is_some_and(|law| actor.may(&Action::HidePost(law)).is_ok()),
                None => actor.may(&Action::Review).is_ok(),
            }
    });
    Ok(copies)
}

/// Removes a picture from sight, and every copy of it that is the actor's to treat; for thirty days it can be brought
/// back. What was announced with it is taken back in the same transaction, and stays so. Answers what was removed.
///
/// # Errors
/// Not found where the post it stands in is not the actor's to see; a refusal where the actor does not moderate there,
/// or it is removed already.
pub fn remove_picture(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MediaId,
    reason: Option<&str>,
) -> Result<Vec<(MediaId, Option<PostId>)>> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::HidePost(&law))?;
    if uploads::is_removed(tx, id)? {
        return Err(Refusal::WrongState("removed").into());
    }
    let copies = copies_to_treat(tx, actor, id)?;
    let pictures: Vec<MediaId> = copies.iter().map(|(copy, _)| *copy).collect();
    uploads::remove(tx, &pictures)?;
    let about = audit::subject("upload", id.0);
    let details = serde_json::json!({ "post": post.0, "copies": pictures.len() });
    audit::record(tx, actor, "upload.removed", about, details, reason)?;
    let by = actor.id();
    tx.tell(&Event::PicturesRemoved { pictures, by })?;
    Ok(copies)
}

/// Brings a removed picture back, and those of its copies that went with it and are the actor's to treat. Answers which.
///
/// # Errors
/// As [`remove_picture`], where it is not removed.
pub fn bring_picture_back(tx: &mut Tx<'_>, actor: &Actor, id: MediaId) -> Result<Vec<MediaId>> {
    let post = uploads::find(tx, id)?.post.or_not_found()?;
    let (_, _, law) = find_post(tx, post)?;
    actor.may(&Action::HidePost(&law))?;
    if !uploads::is_removed(tx, id)? {
        return Err(Refusal::WrongState("shown").into());
    }
    let copies = copies_to_treat(tx, actor, id)?;
    let copies: Vec<MediaId> = copies.into_iter().map(|(copy, _)| copy).collect();
    let back = uploads::bring_back(tx, id, &copies)?;
    let about = audit::subject("upload", id.0);
    let details = serde_json::json!({ "post": post.0, "copies": back.len() });
    audit::record(tx, actor, "upload.restored", about, details, None)?;
    Ok(back)
}
