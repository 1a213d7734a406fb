//! `/media/{id}/{name}`: a picture, inert, for whoever may see the post it stands in.

use crate::content::{links, uploads};
use crate::forum;
use crate::kit::Refusal;
use crate::kit::ids::MediaId;
use crate::policy::Action;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Shown};

/// Nothing in it runs or loads, even when it is opened by itself.
const INERT: &str = "default-src 'none'; sandbox";
/// Pictures of public posts: kept for a minute, so that one that is taken back is gone within a minute.
const PUBLIC: &str = "public, max-age=60, must-revalidate";
/// Others: asked for again each time.
const PRIVATE: &str = "private, no-cache";

/// Shows a picture or one of its smaller ones.
pub async fn show(call: Call) -> Answer {
    let id: MediaId = call.segment("id")?;
    let name: String = call.segment("name")?;
    let actor = call.actor().await?;
    let wanted = name.clone();
    let (media_type, public) = call
        .app()
        .db
        .read(move |tx| {
            let upload = uploads::find(tx, id)?;
            if uploads::is_removed(tx, id)? {
                return Err(Refusal::NotFound.into());
            }
            if upload.name != uploads::whole_name(&wanted) {
                return Err(Refusal::NotFound.into());
            }
            let public = match upload.post {
                Some(post) => {
                    let facts = forum::post_facts(tx, post)?;
                    actor.may(&Action::SeePost(&facts))?;
                    facts.is_public()
                }
                None if upload.member.is_some() && upload.member == actor.id() => false,
                None => return Err(Refusal::NotFound.into()),
            };
            Ok((upload.media_type, public))
        })
        .await?;
    let media_type = match media_type.as_str() {
        "image/png" => "image/png",
        _ => "image/jpeg",
    };
    // A name never means other bytes: who has them already need not be sent them again.
    let tag = format!("\"{name}\"");
    let known = call
        .header("if-none-match")
        .is_some_and(|tags| tags.split(',').any(|t| t.trim() == tag));
    let bytes = if known {
        Vec::new()
    } else {
        call.app().media.get(&name).await?
    };
    let mut shown = Bytes::new(media_type, bytes);
    if known {
        shown.status = 304;
    }
    shown.cache = Some(if public { PUBLIC } else { PRIVATE });
    shown.headers = vec![
        ("content-security-policy", INERT.to_owned()),
        (
            "content-disposition",
            format!("inline; filename=\"{name}\""),
        ),
        ("etag", tag),
    ];
    call.page(move |_, _| Ok(Shown::Bytes(shown.clone()))).await
}

/// For a day: a picture on a card is public, and its name never means other bytes.
const ON_CARD: &str = "public, max-age=86400, immutable";

/// Shows our copy of a picture that stands on a card under a link.
pub async fn on_card(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.starts_with(links::KEPT_NAME) || name.len() > 120 || !name.chars().all(plain) {
        return Err(Refusal::NotFound.into());
    }
    let bytes = call.app().media.get(&name).await?;
    let media_type = if name.ends_with(".png") {
        "image/png"
    } else {
        "image/jpeg"
    };
    let mut shown = Bytes::new(media_type, bytes);
    shown.cache = Some(ON_CARD);
    shown.headers = vec![("content-security-policy", INERT.to_owned())];
    call.page(move |_, _| Ok(Shown::Bytes(shown.clone()))).await
}
