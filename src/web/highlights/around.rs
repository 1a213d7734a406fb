//! What stands around a quote: the posts beside it, its pictures, how often its author was heard, who else is named.

use serde::Serialize;

use super::parts::Who;
use crate::content::uploads::{self, Upload};
use crate::db::Tx;
use crate::highlights::{self, Beside};
use crate::kit::ids::{MemberId, PostId};
use crate::kit::{Problems, Result};
use crate::members::{self, Card};

/// How often somebody was nominated, and how often words of a post were: so that the same few are not always heard.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Heard {
    pub author: i64,
    pub post: i64,
}

impl Heard {
    /// Of this author, and of this post where one is meant.
    pub fn of(tx: &mut Tx<'_>, author: &Card, post: Option<PostId>) -> Result<Self> {
        let author = highlights::nominated_times(tx, &[author.id])?
            .remove(&author.id)
            .unwrap_or(0);
        let post = match post {
            Some(post) => highlights::quoted_times(tx, &[post])?
                .remove(&post)
                .unwrap_or(0),
            None => 0,
        };
        Ok(Self { author, post })
    }
}

/// The members with these handles, separated by commas or blanks.
///
/// # Errors
/// A problem with `named` where nobody carries one of them.
pub fn handles(tx: &mut Tx<'_>, typed: &str) -> Result<Vec<MemberId>> {
    let names = typed
        .split([',', ';', ' ', '\n', '\r', '\t'])
        .map(|name| name.trim().trim_start_matches('@'))
        .filter(|name| !name.is_empty());
    let mut found = Vec::new();
    for name in names.take(20) {
        match members::seek_by_name(tx, name)? {
            Some(card) if !card.erased => found.push(card.id),
            _ => return Err(Problems::one("named", "no-such-member").into()),
        }
    }
    Ok(found)
}

/// A post beside the one that is quoted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BesideCard {
    pub number: i64,
    pub author: Who,
    pub words: String,
}

impl BesideCard {
    /// As the page shows it.
    pub fn of(post: &Beside) -> Self {
        Self {
            number: post.number,
            author: Who::of(&post.author),
            words: post.words.clone(),
        }
    }
}

/// A picture that stands in a quoted post.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PictureCard {
    pub path: String,
    pub alt: String,
    pub width: i64,
    pub height: i64,
}

impl PictureCard {
    /// For samples.
    pub fn sample() -> Self {
        Self {
            path: "/media/1/heron-640x480.jpg".into(),
            alt: "م".repeat(255),
            width: 640,
            height: 480,
        }
    }

    /// As the page shows it: the smallest that there is.
    pub fn of(upload: &Upload) -> Self {
        let smaller = uploads::sizes(&upload.name)
            .map(|s| s.smaller)
            .unwrap_or_default();
        let name = smaller
            .first()
            .map_or(upload.name.as_str(), |(_, name)| name);
        Self {
            path: uploads::path(upload.id, name),
            alt: upload.alt.clone(),
            width: upload.width,
            height: upload.height,
        }
    }
}
