//! How long a text is, as the outside counts: people count characters they see, machines count bytes, and each channel
//! has made up its mind differently.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

crate::text_enum! {
    /// A way to measure a text.
    pub enum Count {
        /// Characters as people see them: a family of seven code points is one.
        Graphemes = "graphemes",
        /// The same, but every `http(s)://` link counts 23 whatever its length (Mastodon).
        GraphemesLinks23 = "graphemes_links_23",
        /// Composed; Latin and its neighbours weigh 1, all else and every emoji 2, a link 23 (X).
        Weighted = "weighted",
        /// Bytes in UTF-8 (Bluesky's second limit).
        Bytes = "bytes",
        /// Units of UTF-16 (Telegram).
        Utf16 = "utf16",
        /// Characters as people see them, but emoji in bytes (Threads).
        GraphemesEmojiBytes = "graphemes_emoji_bytes",
    }
}

/// What a link counts where all links count the same.
const LINK: usize = 23;

static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bhttps?://[^\s]+").ok());
static EMOJI: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let shown =
        r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{FE0F}|[0-9#*]\u{FE0F}?\u{20E3}";
    Regex::new(shown).ok()
});

/// Is this grapheme shown as a coloured picture? Sequences (families, flags, skin colours) are one grapheme each.
#[must_use]
pub fn is_emoji(grapheme: &str) -> bool {
    EMOJI.as_ref().is_some_and(|emoji| emoji.is_match(grapheme))
}

impl Count {
    /// The length of a text.
    #[must_use]
    pub fn of(self, text: &str) -> usize {
        match self {
            Self::Graphemes => text.graphemes(true).count(),
            Self::GraphemesLinks23 => around_links(text, |part| part.graphemes(true).count()),
            Self::Weighted => {
                let composed: String = text.nfc().collect();
                around_links(&composed, weighted)
            }
            Self::Bytes => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::GraphemesEmojiBytes => text
                .graphemes(true)
                .map(|g| if is_emoji(g) { g.len() } else { 1 })
                .sum(),
        }
    }
}

/// Counts what stands around links, and 23 for each of them.
fn around_links(text: &str, count: impl Fn(&str) -> usize) -> usize {
    let (mut total, mut from) = (0, 0);
    let links = LINKS.iter().flat_map(|links| links.find_iter(text));
    for link in links {
        // A full stop or bracket behind a link belongs to the sentence.
        let address = link.as_str().trim_end_matches(|c| {
            matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '”' | '"' | '»')
        });
        total += count(text.get(from..link.start()).unwrap_or_default()) + LINK;
        from = link.start() + address.len();
    }
    total + count(text.get(from..).unwrap_or_default())
}

fn weighted(text: &str) -> usize {
    text.graphemes(true)
        .map(|grapheme| {
            if is_emoji(grapheme) {
                return 2;
            }
            grapheme.chars().map(weight).sum()
        })
        .sum()
}

const fn weight(c: char) -> usize {
    match c as u32 {
        0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";

    #[test]
    fn weights_are_those_of_the_published_vectors() {
        for (text, is) in [
            ("hello", 5),
            ("cafe\u{301}", 4),
            ("日本語", 6),
            (FAMILY, 2),
            (
                "see https://forum.example.org/t/some-very-long-title/1234?utm_source=x ok",
                30,
            ),
            ("naïve 👍🏽 flag 🇪🇪", 16),
            ("✓", 2),
            ("→", 2),
            ("ẞ", 2),
            ("“a” – ‘b’ cd efg…", 18),
        ] {
            assert_eq!(Count::Weighted.of(text), is, "{text}");
        }
    }

    #[test]
    fn a_family_is_counted_as_each_channel_does() {
        let of = |count: Count| count.of(FAMILY);
        assert_eq!(FAMILY.chars().count(), 7);
        assert_eq!(of(Count::Graphemes), 1);
        assert_eq!(of(Count::GraphemesLinks23), 1);
        assert_eq!(of(Count::Bytes), 25);
        assert_eq!(of(Count::Utf16), 11);
        assert_eq!(of(Count::GraphemesEmojiBytes), 25);
        assert_eq!(Count::Graphemes.of("naïve 👍🏽 flag 🇪🇪"), 14);
    }

    #[test]
    fn a_link_counts_the_same_whatever_its_length() {
        let long = format!("مرحبا https://c.example/{}.", "x".repeat(400));
        assert_eq!(Count::GraphemesLinks23.of(&long), 6 + 23 + 1);
        assert_eq!(Count::GraphemesLinks23.of("http://a.b c.example"), 23 + 10);
        assert!(EMOJI.is_some() && LINKS.is_some());
    }

    proptest! {
        #[test]
        fn joining_texts_by_a_space_adds_their_lengths(a in "\\PC{0,30}", b in "\\PC{0,30}") {
            let (a, b) = (format!("x{a}x"), format!("x{b}x"));
            for count in Count::ALL {
                prop_assert_eq!(count.of(&format!("{a} {b}")), count.of(&a) + 1 + count.of(&b));
            }
        }
    }
}
