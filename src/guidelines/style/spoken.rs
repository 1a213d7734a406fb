//! Where a quotation begins and where it ends. Pure, and without judgement of whose words they are.
//!
//! Some marks say nothing but "here somebody speaks" (“…”, «…», 「…」). Others are apostrophes too (‘…’, '…'): these open a
//! quotation only where a word begins and only if they are closed behind one, so that “don't”, “the ’90s”, “rock ’n’ roll”
//! and “members’ day” are what they are.

/// A mark that opens a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// How many bytes it takes.
    pub len: usize,
    /// What closes it.
    ends: &'static [&'static str],
    /// It can be something else as well, so both ends have to stand where quotations begin and end.
    loose: bool,
    /// The word behind it is one that begins with an apostrophe (’90s, ’twas).
    elided: bool,
}

/// Marks that open nothing but quotations, longest first, with those that close them.
const FIRM: &[(&str, &[&str])] = &[
    ("<<", &[">>"]),
    ("“", &["”"]),
    ("”", &["”"]),
    ("„", &["“", "”", "‟"]),
    ("⹂", &["“", "”", "‟"]),
    ("‟", &["”", "“"]),
    ("«", &["»"]),
    ("»", &["«", "»"]),
    ("‹", &["›"]),
    ("\"", &["\""]),
    ("＂", &["＂"]),
    ("❝", &["❞"]),
    ("〝", &["〞", "〟"]),
    ("「", &["」"]),
    ("『", &["』"]),
    ("｢", &["｣"]),
    ("﹁", &["﹂"]),
    ("﹃", &["﹄"]),
];

/// Marks that are something else as well, longest first, with those that close them.
const LOOSE: &[(&str, &[&str])] = &[
    ("``", &["''", "``", "\"", "”", "’’", "´´"]),
    ("''", &["''", "\""]),
    ("’’", &["’’", "”"]),
    ("‘‘", &["’’", "”"]),
    (",,", &["''", "``", "\"", "“", "”", "‘‘", "’’"]),
    ("‘", &["’", "'"]),
    ("’", &["’", "'"]),
    ("'", &["'", "’"]),
    ("‛", &["’", "‛", "'"]),
    ("❛", &["❜"]),
    ("‚", &["‘", "’", "'"]),
    ("›", &["‹", "›"]),
    ("`", &["`", "´", "'", "’"]),
    ("´", &["´", "`", "'", "’"]),
    ("＇", &["＇"]),
    ("′", &["′"]),
    ("″", &["″"]),
];

/// Words that are written with an apostrophe before them, in the languages that do so.
const ELIDED: &[&str] = &[
    "bout",
    "burbs",
    "cause",
    "cept",
    "cos",
    "coz",
    "cuz",
    "d",
    "dam",
    "em",
    "er",
    "fraid",
    "fro",
    "gainst",
    "gator",
    "hood",
    "im",
    "is",
    "k",
    "kay",
    "kn",
    "ll",
    "m",
    "mid",
    "mongst",
    "n",
    "ndrangheta",
    "ne",
    "neath",
    "nem",
    "nen",
    "ner",
    "nough",
    "nuff",
    "nother",
    "o",
    "pon",
    "r",
    "ran",
    "rauf",
    "raus",
    "re",
    "rein",
    "ronnie",
    "round",
    "runter",
    "rüber",
    "s",
    "scuse",
    "sup",
    "t",
    "til",
    "till",
    "tis",
    "tude",
    "tween",
    "twas",
    "twere",
    "twill",
    "twixt",
    "twould",
    "u",
    "um",
    "un",
    "ve",
    "w",
    "ye",
    "zactly",
    "zur",
];

/// The quotation that begins at this byte, if one does.
#[must_use]
pub fn opening(text: &str, at: usize) -> Option<Opening> {
    let here = text.get(at..)?;
    let of = |marks: &[(&str, &'static [&'static str])]| {
        let found = marks.iter().find(|(mark, _)| here.starts_with(mark))?;
        Some((found.0.len(), found.1))
    };
    // Two of a mark are one mark, and never an apostrophe.
    let (len, ends, loose) = match (of(LOOSE), of(FIRM)) {
        (_, Some((len, ends))) => (len, ends, false),
        (Some((len, ends)), None) => (len, ends, true),
        (None, None) => return None,
    };
    let mut found = Opening {
        len,
        ends,
        loose,
        elided: false,
    };
    if !loose {
        return Some(found);
    }
    let before = text.get(..at)?.chars().next_back();
    let behind = text.get(at + len..)?;
    let begins = before.is_none_or(opens_a_word)
        && behind
            .chars()
            .next()
            .is_some_and(|first| !first.is_whitespace());
    if !begins {
        return None;
    }
    found.elided = is_elided(behind);
    found.close(text, at + len)?;
    Some(found)
}

impl Opening {
    /// Where the closing mark begins and where it ends, looked for from this byte on.
    #[must_use]
    pub fn close(&self, text: &str, inside: usize) -> Option<(usize, usize)> {
        let rest = text.get(inside..)?;
        rest.char_indices().find_map(|(at, _)| {
            let end = self.end_at(rest.get(at..)?)?;
            let (start, behind) = (inside + at, inside + at + end);
            self.fits(text, inside, (start, behind))
                .then_some((start, behind))
        })
    }

    /// The text behind a closing mark that stands right here.
    #[must_use]
    pub fn closed_here<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(self.end_at(text)?..)
    }

    /// It may just as well be something that needs no end, so that being left open says nothing.
    #[must_use]
    pub const fn may_stay_open(&self) -> bool {
        self.loose
    }

    fn end_at(&self, here: &str) -> Option<usize> {
        let mut ends = self.ends.iter().filter(|end| here.starts_with(**end));
        ends.next().map(|end| end.len())
    }

    /// Does a quotation end with this mark, rather than a word?
    fn fits(&self, text: &str, inside: usize, (start, behind): (usize, usize)) -> bool {
        if !self.loose {
            return true;
        }
        let before = text.get(inside..start).and_then(|t| t.chars().next_back());
        let after = text.get(behind..).and_then(|t| t.chars().next());
        let ends_a_word = before.is_some_and(|c| !c.is_whitespace())
            && after.is_none_or(|c| !c.is_alphanumeric());
        // “’Twas the members’ day”: a word that begins with an apostrophe is quoted only where a sentence ends.
        let ends_a_sentence = before.is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | '…'));
        ends_a_word && (!self.elided || ends_a_sentence)
    }
}

/// May a quotation begin behind this character?
fn opens_a_word(before: char) -> bool {
    before.is_whitespace()
        || matches!(
            before,
            '(' | '[' | '{' | '<' | '—' | '–' | '-' | ':' | '/' | '|' | '…' | '*' | '_' | '¿' | '¡'
        )
        || FIRM.iter().any(|(mark, _)| mark.starts_with(before))
}

/// Does the text begin with a word that is written with an apostrophe before it, or a year without its century?
fn is_elided(behind: &str) -> bool {
    let end = behind
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(behind.len());
    let word = behind.get(..end).unwrap_or_default().to_lowercase();
    let digits = word.trim_end_matches(char::is_alphabetic);
    let is_year =
        digits.len() == 2 && digits.chars().all(|c| c.is_ascii_digit()) && word.len() <= 4;
    is_year || ELIDED.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What stands in the quotations of a text; what is left open ends with it.
    fn spoken(text: &str) -> Vec<String> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
            let Some(open) = opening(text, at) else {
                at += c.len_utf8();
                continue;
            };
            let inside = at + open.len;
            let (start, behind) = open.close(text, inside).unwrap_or((text.len(), text.len()));
            found.push(text[inside..start].to_owned());
            at = behind;
        }
        found
    }

    #[test]
    fn every_kind_of_marks_is_heard() {
        for (text, words) in [
            ("She added: ‘we hate visitors’.", "we hate visitors"),
            ("She added: 'we hate visitors'.", "we hate visitors"),
            ("She added: ’we hate visitors’ and left", "we hate visitors"),
            (
                "She added ‘we don’t like visitors’ again",
                "we don’t like visitors",
            ),
            ("She added 'don't come' twice", "don't come"),
            ("‛we hate visitors’", "we hate visitors"),
            ("＂we hate visitors＂", "we hate visitors"),
            ("❝we hate visitors❞", "we hate visitors"),
            ("❛we hate visitors❜", "we hate visitors"),
            ("〝we hate visitors〞", "we hate visitors"),
            ("〝we hate visitors〟", "we hate visitors"),
            ("‟we hate visitors”", "we hate visitors"),
            ("``we hate visitors''", "we hate visitors"),
            ("''we hate visitors''", "we hate visitors"),
            ("`we hate visitors'", "we hate visitors"),
            ("´we hate visitors´", "we hate visitors"),
            (",,wir mögen niemand''", "wir mögen niemand"),
            (",,wir mögen niemand“", "wir mögen niemand"),
            ("<<on ne veut personne>>", "on ne veut personne"),
            ("Sie sagt ‚wir mögen niemand‘ dazu", "wir mögen niemand"),
            ("Sie sagt ‚wir mögen niemand’.", "wir mögen niemand"),
            ("Sie sagt ›wir mögen niemand‹.", "wir mögen niemand"),
            ("Elle dit ‹on ne veut personne›.", "on ne veut personne"),
            ("Hon sa ’vi vill inte’ igen", "vi vill inte"),
            ("Ze zei 'wij willen niet' en ging", "wij willen niet"),
            ("｢だれも来るな｣", "だれも来るな"),
            ("(‘we hate visitors’)", "we hate visitors"),
            ("said—‘we hate visitors’", "we hate visitors"),
            ("‘90 of us hate visitors.’", "90 of us hate visitors."),
            ("’Tis true: ‘we hate visitors’", "we hate visitors"),
            ("‘’Twas a bad year’, she said", "’Twas a bad year"),
        ] {
            assert!(
                spoken(text).contains(&words.to_owned()),
                "{text}: {:?}",
                spoken(text)
            );
        }
    }

    #[test]
    fn apostrophes_are_no_quotations() {
        for text in [
            "We don't, we can’t, and it's the museum's own; it isn‘t theirs.",
            "The ’90s were loud, the '60s louder, and ‘68 loudest.",
            "Rock ’n’ roll, rock 'n' roll, fish ‘n’ chips.",
            "On members’ day, at the boys' club and James' and Charles’ boats",
            "’Twas the members’ day. 'Tis the visitors' garden.",
            "’Til the volunteers’ tea",
            "Get ’em while they’re hot, ’cause the bakers’ hands are full",
            "5' 11 and 6′ 2 tall",
            "'s avonds in 's-Hertogenbosch, 't is de leden' avond",
            "L’été à l'atelier d’Anna, aujourd'hui",
            "Geht’s? Hans’ Boot war ’ne Wucht, raus geht’s auf’s Meer",
            "Dell'arte, un po' di pane, l’anno ’68",
            "O'Hara’s, D’Angelo’s, Kealiʻi and Hawai‘i",
            "It ended. ‘Iolani Palace opened",
            "Home › Garden › Roses",
            "Shoes, socks,, and hats",
            "'",
            "’ ’ ' '",
        ] {
            assert_eq!(spoken(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_run_of_words_with_apostrophes_is_a_quotation(words in prop::collection::vec(prop::sample::select(vec![
            "don't", "won’t", "’90s", "'68", "’n’", "'n'", "members’", "boys'", "the", "museum’s", "’em", "’til", "day.", "Hans’", "garden,",
        ]), 0..24)) {
            let text = words.join(" ");
            prop_assert_eq!(spoken(&text), Vec::<String>::new());
        }

        #[test]
        fn whatever_stands_between_single_marks_is_heard(words in "[a-z]{2,9}( [a-z]{2,9}){2,6}", marks in prop::sample::select(vec![("‘", "’"), ("'", "'"), ("‚", "‘"), ("‹", "›"), ("`", "´")])) {
            prop_assume!(!is_elided(&words));
            let text = format!("She said: {}{words}{}.", marks.0, marks.1);
            prop_assert_eq!(spoken(&text), vec![words]);
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            spoken(&text);
        }
    }
}
