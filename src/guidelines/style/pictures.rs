//! Pictures are described for those who cannot see them.

use unicode_segmentation::UnicodeSegmentation;

use super::Desk;
use crate::content::excerpt::normalise;

/// Words that say nothing when they are all there is.
const NOTHING: [&str; 8] = [
    "image",
    "picture",
    "photo",
    "photograph",
    "graphic",
    "img",
    "untitled",
    "screenshot",
];

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    for (number, picture) in desk.text.pictures.iter().enumerate() {
        let number = (number + 1).to_string();
        let alt = normalise(picture.alt);
        let small = alt.to_lowercase();
        let bare = |name: &str| {
            let name = name.to_lowercase();
            let stem = name
                .rsplit_once('.')
                .map_or(name.as_str(), |(stem, _)| stem);
            stem.replace(['-', '_'], " ")
        };
        let file = picture.file_name;
        let is_file =
            !file.is_empty() && (small == file.to_lowercase() || bare(&alt) == bare(file));
        let looks_like_a_file = small.rsplit_once('.').is_some_and(|(_, end)| {
            matches!(
                end,
                "jpg" | "jpeg" | "png" | "webp" | "gif" | "avif" | "heic"
            )
        });
        let says_nothing = NOTHING.contains(&small.as_str());
        if small.is_empty() || is_file || looks_like_a_file || says_nothing {
            desk.find("alt.missing", None, &[("number", number)]);
            continue;
        }
        let begins = ["image of", "picture of", "photo of", "photograph of"]
            .iter()
            .any(|words| small.starts_with(words));
        if begins && desk.is_english() {
            desk.find("alt.begin", None, &[("number", number.clone())]);
        }
        let length = alt.graphemes(true).count();
        if let Some(most) = picture.most.filter(|most| length > *most) {
            let over = (length - most).to_string();
            desk.find(
                "alt.len",
                None,
                &[
                    ("number", number),
                    ("limit", most.to_string()),
                    ("over", over),
                ],
            );
        }
    }
}
