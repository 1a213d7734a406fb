//! A post takes the pictures that stand in its words, and gives back those that do not stand there any more.
//!
//! Asks nobody because the verb that writes the post has asked; whose pictures these are is checked here.

use diesel::prelude::*;

use super::keep::set_post;
use super::listing::{Upload, columns};
use super::whole_name;
use crate::db::Tx;
use crate::db::schema::uploads;
use crate::kit::ids::{MediaId, MemberId, PostId};
use crate::kit::{Result, Stop};

/// A picture named in a text: its id and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which one.
    pub id: MediaId,
    /// The random name: whoever does not know it does not show the picture.
    pub name: String,
    /// Says what it shows.
    pub described: bool,
}

/// The pictures that stand in rendered HTML.
#[must_use]
pub fn named_in(html: &str) -> Vec<Named> {
    let mut found = Vec::new();
    for tag in html.split("<img ").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let of = |name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        let Some((id, name)) = of("src")
            .and_then(|src| src.strip_prefix("/media/"))
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let Ok(id) = id.parse() else { continue };
        found.push(Named {
            id,
            name: whole_name(name),
            described: of("alt").is_some_and(|alt| !alt.trim().is_empty()),
        });
    }
    found
}

/// Gives the pictures named in a post's words to the post. They must be its author's own and stand in no other post.
/// Those that stood in it before and do not any more are the author's again, to use elsewhere or to be swept.
///
/// # Errors
/// A problem with `body` where a picture is not there, is somebody else's, or stands elsewhere.
pub fn claim(
    tx: &mut Tx<'_>,
    author: Option<MemberId>,
    post: PostId,
    named: &[Named],
) -> Result<()> {
    let before: Vec<Upload> = uploads::table
        .filter(uploads::post_id.eq(post))
        .select(columns())
        .load(tx.conn)?;
    if named.is_empty() && before.is_empty() {
        return Ok(());
    }
    let ids: Vec<MediaId> = named.iter().map(|n| n.id).collect();
    let wanted: Vec<Upload> = uploads::table
        .filter(uploads::id.eq_any(&ids))
        .select(columns())
        .load(tx.conn)?;
    for one in named {
        let own = wanted.iter().any(|upload| {
            upload.id == one.id
                && upload.name == one.name
                && upload.member.is_some()
                && upload.member == author
                && upload.post.is_none_or(|other| other == post)
        });
        if !own {
            return Err(Stop::invalid("body", "body-media-not-yours"));
        }
    }
    for upload in &wanted {
        if upload.post != Some(post) {
            set_post(tx, upload.id, Some(post))?;
        }
    }
    for gone in before.iter().filter(|upload| !ids.contains(&upload.id)) {
        set_post(tx, gone.id, None)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_in_html() {
        let html = r#"<p>Look: <img src="/media/12/ab-1600x1200-w480.jpg" alt="A heron" loading="lazy"> <img alt="" src="/media/13/c.png"></p>"#;
        assert_eq!(
            named_in(html),
            [
                Named {
                    id: MediaId(12),
                    name: "ab-1600x1200.jpg".into(),
                    described: true
                },
                Named {
                    id: MediaId(13),
                    name: "c.png".into(),
                    described: false
                },
            ]
        );
        assert_eq!(named_in("<p>&lt;img src=\"/media/1/x\"&gt;</p>"), []);
    }
}
