//! Keyset cursors: where a list goes on. Opaque to whoever carries them, and never trusted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Refusal, Result};

/// Changes when the meaning of the numbers does, so that an old cursor is refused instead of misread.
const VERSION: u8 = 1;
/// Most numbers in one cursor.
const MAX: usize = 3;

/// The keys of the last row shown: one to three numbers (for example a time and an id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    keys: [i64; MAX],
    used: usize,
}

impl Cursor {
    /// A cursor of one key.
    pub fn one(a: i64) -> Self {
        Cursor {
            keys: [a, 0, 0],
            used: 1,
        }
    }

    /// A cursor of two keys.
    pub fn two(a: i64, b: i64) -> Self {
        Cursor {
            keys: [a, b, 0],
            used: 2,
        }
    }

    /// A cursor of three keys.
    pub fn three(a: i64, b: i64, c: i64) -> Self {
        Cursor {
            keys: [a, b, c],
            used: 3,
        }
    }

    /// The keys, in the order in which they were given.
    pub fn keys(&self) -> &[i64] {
        self.keys.get(..self.used).unwrap_or_default()
    }

    /// The only key, if it is a cursor of one.
    pub fn as_one(&self) -> Option<i64> {
        match *self.keys() {
            [a] => Some(a),
            _ => None,
        }
    }

    /// Both keys, if it is a cursor of two.
    pub fn as_two(&self) -> Option<(i64, i64)> {
        match *self.keys() {
            [a, b] => Some((a, b)),
            _ => None,
        }
    }

    /// All keys, if it is a cursor of three.
    pub fn as_three(&self) -> Option<(i64, i64, i64)> {
        match *self.keys() {
            [a, b, c] => Some((a, b, c)),
            _ => None,
        }
    }

    /// The number below which a list of one falling key goes on; the highest there is where nothing was shown yet.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] where the text is no cursor of one key.
    pub fn below(after: Option<&str>) -> Result<i64> {
        match after {
            None => Ok(i64::MAX),
            Some(text) => Self::decode(text)
                .and_then(|cursor| cursor.as_one())
                .ok_or_else(|| Refusal::Unreadable("cursor").into()),
        }
    }

    /// Cuts rows, of which one more than a page was asked for, down to the page, and says where the next page begins.
    pub fn turn<T>(rows: &mut Vec<T>, page: i64, key: impl FnOnce(&T) -> Self) -> Option<Self> {
        let page = usize::try_from(page).unwrap_or_default();
        let more = rows.len() > page;
        rows.truncate(page);
        rows.last().filter(|_| more).map(key)
    }

    /// The cursor as text that may stand in an address.
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        for key in self.keys() {
            bytes.extend_from_slice(&key.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`encode`](Self::encode) wrote; anything else is `None`.
    pub fn decode(text: &str) -> Option<Self> {
        // The longest cursor has 25 bytes, 34 characters.
        if text.len() > 34 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (chunks, remainder) = rest.as_chunks::<8>();
        if version != VERSION || !remainder.is_empty() || chunks.is_empty() || chunks.len() > MAX {
            return None;
        }
        let mut keys = [0; MAX];
        for (key, chunk) in keys.iter_mut().zip(chunks) {
            *key = i64::from_be_bytes(*chunk);
        }
        Some(Cursor {
            keys,
            used: chunks.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_turns_only_where_something_follows() {
        for (there, left, next) in [(0, 0, None), (2, 2, None), (3, 2, Some(Cursor::one(2)))] {
            let mut rows: Vec<i64> = (1..=there).collect();
            assert_eq!(Cursor::turn(&mut rows, 2, |row| Cursor::one(*row)), next);
            assert_eq!(rows.len(), left);
        }
    }

    #[test]
    fn foreign_text_is_no_cursor() {
        for text in [
            "",
            "AQ",
            "AAAAAAAAAAAB",
            "!!",
            "é",
            "AQAAAAAAAAAAA",
            "AQAAAAAAAAAA=",
            &"A".repeat(9_999),
        ] {
            assert_eq!(Cursor::decode(text), None, "{text:?}");
        }
        assert!(Cursor::decode("AgAAAAAAAAAA").is_none(), "another version");
        assert_eq!(Cursor::decode("AQAAAAAAAAAA"), Some(Cursor::one(0)));
    }

    proptest! {
        #[test]
        fn every_cursor_makes_the_round_trip(a in any::<i64>(), b in any::<i64>(), c in any::<i64>()) {
            for cursor in [Cursor::one(a), Cursor::two(a, b), Cursor::three(a, b, c)] {
                let text = cursor.encode();
                prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
                prop_assert_eq!(Cursor::decode(&text), Some(cursor));
            }
            prop_assert_eq!(Cursor::two(a, b).as_two(), Some((a, b)));
            prop_assert_eq!(Cursor::three(a, b, c).as_three(), Some((a, b, c)));
            prop_assert_eq!(Cursor::two(a, b).as_one(), None);
        }

        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            if let Some(cursor) = Cursor::decode(&text) {
                prop_assert_eq!(cursor.encode(), text);
            }
        }
    }
}
