//! Pictures that members put into their posts: read, made anew without anything hidden in them, kept in a small store,
//! and shown to whoever may see the post they stand in.
//!
//! An upload belongs to a member and, once it stands in a post, to that post. It is addressed as
//! `/media/{id}/{name}`; the name is random and says how large the picture is, so that a text with pictures can be
//! rendered without asking anybody.

mod claim;
mod keep;
mod listing;
mod picture;
mod remove;
mod s3;
mod store;
mod sweep;
mod tidy;

pub use claim::{Named, claim, named_in};
pub use keep::{Kept, keep, let_go};
pub use listing::{Upload, find, media_of, pictures_of, standing, uploads_of};
pub use picture::{LARGEST, MOST_BYTES, Picture, PictureProblem, WIDTHS};
pub use remove::{bring_back, copies_of, is_removed, remove, removed_of, sweep_removed};
pub use store::Store;
pub use sweep::{DROP, drop_files, on_event, sweep};
pub use tidy::{TIDY, Tidied, ask_to_tidy, missing, tidy};

use crate::kit::ids::MediaId;

/// Most characters of a description.
pub const ALT_CHARS: usize = 500;

/// The address of a picture.
#[must_use]
pub fn path(id: MediaId, name: &str) -> String {
    format!("/media/{id}/{name}")
}

/// What a name says: width, height, and the names of the smaller ones with their widths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Smaller ones: width and name, the smallest first.
    pub smaller: Vec<(u32, String)>,
}

/// Reads a name such as `k3j…-1600x1200.jpg`; `None` where it says nothing, as those of smaller ones do.
#[must_use]
pub fn sizes(name: &str) -> Option<Sizes> {
    let (stem, ending) = name.rsplit_once('.')?;
    let (_, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let number = |text: &str| {
        let plain = text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|n| plain && *n > 0)
    };
    let (width, height) = (number(width)?, number(height)?);
    let smaller = WIDTHS
        .iter()
        .filter(|w| **w < width)
        .map(|w| (*w, format!("{stem}-w{w}.{ending}")))
        .collect();
    Some(Sizes {
        width,
        height,
        smaller,
    })
}

/// The name of the picture that this name is a smaller one of, or the name itself.
#[must_use]
pub fn whole_name(name: &str) -> String {
    let whole = name.rsplit_once('.').and_then(|(stem, ending)| {
        let (whole, width) = stem.rsplit_once("-w")?;
        let known = width.parse::<u32>().is_ok_and(|w| WIDTHS.contains(&w));
        known.then(|| format!("{whole}.{ending}"))
    });
    whole.unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_how_large_it_is() {
        let found = sizes("ab-c_d-1600x1200.jpg").unwrap();
        assert_eq!((found.width, found.height), (1_600, 1_200));
        assert_eq!(found.smaller[0], (480, "ab-c_d-1600x1200-w480.jpg".into()));
        assert_eq!(whole_name(&found.smaller[1].1), "ab-c_d-1600x1200.jpg");
        assert_eq!(whole_name("ab-c_d-1600x1200.jpg"), "ab-c_d-1600x1200.jpg");
        for name in [
            "x.jpg",
            "a-0x4.png",
            "a-12.png",
            "a-1x2",
            "a-999999x1.png",
            "a--1x2.png-w480.png",
            "a-1x+2.png",
        ] {
            assert_eq!(sizes(name), None, "{name}");
        }
    }
}
