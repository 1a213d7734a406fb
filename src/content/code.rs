//! Code, with its comments, strings, numbers and words of the language marked by classes; colours are the stylesheet's.
//!
//! One pass from left to right that knows no grammar: what it cannot tell stays as it is. It never looks back, so it
//! costs no more than the length of what it reads, and it never fails.

/// What a run of code is. Its class is `hl-` and the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Said to people.
    Comment,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A word of the language.
    Word,
    /// A line that was added.
    Added,
    /// A line that was taken away.
    Removed,
}

impl Mark {
    /// The class that the stylesheet knows.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Comment => "hl-c",
            Self::Text => "hl-s",
            Self::Number => "hl-n",
            Self::Word => "hl-k",
            Self::Added => "hl-i",
            Self::Removed => "hl-d",
        }
    }

    /// Whether a class is one of ours.
    pub(super) fn is_class(class: &str) -> bool {
        matches!(class, "hl-c" | "hl-s" | "hl-n" | "hl-k" | "hl-i" | "hl-d")
    }
}

/// What is to be known of a language.
#[derive(Clone, Copy)]
struct Language {
    /// What begins a comment to the end of the line.
    line: &'static [&'static str],
    /// What begins and ends a longer one.
    block: Option<(&'static str, &'static str)>,
    /// What begins and ends a text, the longest first. Those of more than one character, and the backtick, go over lines.
    quotes: &'static [&'static str],
    /// A single quote stands before a name as well as around one character.
    ticks: bool,
    /// Names of elements are its words.
    tags: bool,
    /// Its words, written in any case.
    any_case: bool,
    words: &'static str,
}

const PLAIN: Language = Language {
    line: &[],
    block: None,
    quotes: &["\""],
    ticks: false,
    tags: false,
    any_case: false,
    words: "true false null",
};

const C_LIKE: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    quotes: &["\"", "'"],
    words: "auto bool break case catch char class const constexpr continue default delete do double else enum explicit export extern false final float for friend goto if import inline int interface long namespace new null nullptr operator override package private protected public register return short signed sizeof static struct super switch template this throw throws true try typedef typename union unsigned using virtual void volatile while",
    ..PLAIN
};

const SCRIPT: Language = Language {
    quotes: &["\"", "'", "`"],
    words: "abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface keyof let namespace never new null number of private protected public readonly return set static string super switch this throw true try type typeof undefined unknown var void while yield",
    ..C_LIKE
};

const RUST: Language = Language {
    quotes: &["\""],
    ticks: true,
    words: "as async await bool box break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 i32 i64 i8 if impl in isize let loop macro_rules match mod move mut pub ref return self Self static str String struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize where while",
    ..C_LIKE
};

const GO: Language = Language {
    quotes: &["\"", "'", "`"],
    words: "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface iota make map nil package range return rune select string struct switch true type uint var",
    ..C_LIKE
};

const PYTHON: Language = Language {
    line: &["#"],
    quotes: &["\"\"\"", "'''", "\"", "'"],
    words: "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
    ..PLAIN
};

const RUBY: Language = Language {
    line: &["#"],
    quotes: &["\"", "'"],
    words: "alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield",
    ..PLAIN
};

const SHELL: Language = Language {
    line: &["#"],
    quotes: &["\"", "'"],
    words: "break case cd continue do done echo elif else esac exit export fi for function if in local read return set shift source sudo then trap unset until while",
    ..PLAIN
};

const SQL: Language = Language {
    line: &["--"],
    block: Some(("/*", "*/")),
    quotes: &["'", "\""],
    any_case: true,
    words: "add alter and as asc begin between bigint boolean by case check commit constraint create cross default delete desc distinct drop else end exists explain false foreign from full group having if in index inner insert integer into is join key left like limit not null offset on or order outer primary references returning right rollback select set table text then true union unique update using values view when where with",
    ..PLAIN
};

const MARKUP: Language = Language {
    block: Some(("<!--", "-->")),
    quotes: &["\"", "'"],
    tags: true,
    words: "",
    ..PLAIN
};

const STYLE: Language = Language {
    block: Some(("/*", "*/")),
    quotes: &["\"", "'"],
    words: "and auto container from import important inherit initial layer media none not supports to unset",
    ..PLAIN
};

const CONFIG: Language = Language {
    line: &["#"],
    quotes: &["\"\"\"", "\"", "'"],
    words: "true false null yes no on off",
    ..PLAIN
};

fn language(name: &str) -> Option<Language> {
    Some(match name.to_ascii_lowercase().as_str() {
        "rust" | "rs" => RUST,
        "c" | "h" | "cpp" | "c++" | "cc" | "hpp" | "java" | "kotlin" | "kt" | "cs" | "csharp"
        | "c#" | "swift" | "php" | "scala" | "dart" => C_LIKE,
        "js" | "javascript" | "mjs" | "ts" | "typescript" | "jsx" | "tsx" => SCRIPT,
        "go" | "golang" => GO,
        "python" | "py" => PYTHON,
        "ruby" | "rb" => RUBY,
        "sh" | "bash" | "shell" | "zsh" | "console" | "makefile" | "dockerfile" => SHELL,
        "sql" | "postgres" | "sqlite" => SQL,
        "html" | "xml" | "svg" | "vue" | "handlebars" | "hbs" => MARKUP,
        "css" | "scss" => STYLE,
        "json" | "jsonc" => Language {
            line: &["//"],
            ..PLAIN
        },
        "toml" | "yaml" | "yml" | "ini" | "conf" => CONFIG,
        _ => return None,
    })
}

/// The runs of a piece of code, each with what it is; put together they are the code. `None` where the language is not
/// one that is known here.
pub(super) fn runs<'c>(name: &str, code: &'c str) -> Option<Vec<(&'c str, Option<Mark>)>> {
    if matches!(name.to_ascii_lowercase().as_str(), "diff" | "patch") {
        return Some(code.split_inclusive('\n').map(changed).collect());
    }
    let language = language(name)?;
    let mut found = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        let before = code.get(..at).and_then(|told| told.chars().next_back());
        let (length, mark) = next(&language, rest, before);
        if mark.is_some() {
            if let Some(told) = code.get(plain..at).filter(|told| !told.is_empty()) {
                found.push((told, None));
            }
            if let Some(told) = rest.get(..length) {
                found.push((told, mark));
            }
            plain = at + length;
        }
        at += length.max(1);
    }
    if let Some(told) = code.get(plain..).filter(|told| !told.is_empty()) {
        found.push((told, None));
    }
    Some(found)
}

fn changed(line: &str) -> (&str, Option<Mark>) {
    let mark = match line.chars().next() {
        Some('+') => Some(Mark::Added),
        Some('-') => Some(Mark::Removed),
        Some('@') => Some(Mark::Comment),
        _ => None,
    };
    (line, mark)
}

/// The length of what stands first, and what it is.
fn next(language: &Language, rest: &str, before: Option<char>) -> (usize, Option<Mark>) {
    let Some(first) = rest.chars().next() else {
        return (0, None);
    };
    if let Some((open, close)) = language.block
        && let Some(inside) = rest.strip_prefix(open)
    {
        let end = inside
            .find(close)
            .map_or(inside.len(), |to| to + close.len());
        return (open.len() + end, Some(Mark::Comment));
    }
    // In a shell a `#` inside a word is no comment; `http://` inside one is none either.
    let inside_word = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '$' | ':' | '_'));
    if !inside_word && language.line.iter().any(|mark| rest.starts_with(mark)) {
        return (rest.find('\n').unwrap_or(rest.len()), Some(Mark::Comment));
    }
    if language.ticks && first == '\'' {
        return match tick(rest) {
            Some(length) => (length, Some(Mark::Text)),
            None => (1, None),
        };
    }
    if let Some(quote) = language
        .quotes
        .iter()
        .find(|quote| rest.starts_with(**quote))
    {
        return (quoted(rest, quote), Some(Mark::Text));
    }
    if first.is_ascii_digit() && !before.is_some_and(is_part) {
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'))
            .unwrap_or(rest.len());
        return (length, Some(Mark::Number));
    }
    if is_part(first) {
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let opens = language.tags && matches!(before, Some('<' | '/'));
        return (
            length,
            (opens || known(language, word)).then_some(Mark::Word),
        );
    }
    (first.len_utf8(), None)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn known(language: &Language, word: &str) -> bool {
    word.len() <= 16
        && language
            .words
            .split(' ')
            .any(|known| known == word || (language.any_case && known.eq_ignore_ascii_case(word)))
}

/// The length of a text from its opening quote on. A text that does not end, ends with its line or with the code.
fn quoted(rest: &str, quote: &str) -> usize {
    let over_lines = quote.len() > 1 || quote == "`";
    let mut skip = false;
    for (at, c) in rest.char_indices().skip(quote.chars().count()) {
        if skip {
            skip = false;
        } else if c == '\\' {
            skip = true;
        } else if c == '\n' && !over_lines {
            return at;
        } else if rest.get(at..).is_some_and(|left| left.starts_with(quote)) {
            return at + quote.len();
        }
    }
    rest.len()
}

/// One character between single quotes, which is all that a single quote may hold there; a name after it is none.
fn tick(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let mut chars = inside.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let end = inside
            .char_indices()
            .take(12)
            .skip(2)
            .find(|(_, c)| *c == '\'')?;
        return Some(end.0 + 2);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(name: &str, code: &str) -> Vec<(String, Mark)> {
        runs(name, code)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(told, mark)| Some((told.to_owned(), mark?)))
            .collect()
    }

    fn of(words: &[(&str, Mark)]) -> Vec<(String, Mark)> {
        words.iter().map(|(w, m)| ((*w).to_owned(), *m)).collect()
    }

    #[test]
    fn what_is_what_in_rust() {
        use Mark::{Comment, Number, Text, Word};
        let code = "fn a<'x>() -> u8 { let c = '\\n'; 0x1f /* b */ } // \"c\"\n\"a \\\" b\"";
        let told = of(&[
            ("fn", Word),
            ("u8", Word),
            ("let", Word),
            ("'\\n'", Text),
            ("0x1f", Number),
            ("/* b */", Comment),
            ("// \"c\"", Comment),
            ("\"a \\\" b\"", Text),
        ]);
        assert_eq!(marked("rust", code), told);
    }

    #[test]
    fn what_is_what_elsewhere() {
        use Mark::{Comment, Text, Word};
        assert_eq!(
            marked("py", "def a():\n  '''x\ny'''  # z"),
            of(&[("def", Word), ("'''x\ny'''", Text), ("# z", Comment)])
        );
        assert_eq!(
            marked("sql", "Select a From b -- c"),
            of(&[("Select", Word), ("From", Word), ("-- c", Comment)])
        );
        assert_eq!(
            marked("html", "<a href=\"x\">b</a>"),
            of(&[("a", Word), ("\"x\"", Text), ("a", Word)])
        );
        assert_eq!(
            marked("diff", "+a\n-b\n c"),
            of(&[("+a\n", Mark::Added), ("-b\n", Mark::Removed)])
        );
        assert_eq!(runs("klingon", "a"), None);
    }

    proptest! {
        #[test]
        fn the_runs_put_together_are_the_code(
            name in prop::sample::select(&["rust", "py", "js", "go", "sql", "html", "css", "toml", "sh", "diff", "json", "c", "rb"][..]),
            pieces in prop::collection::vec(prop_oneof![
                "[ -~]{0,6}",
                any::<String>().prop_map(|s| s.chars().take(6).collect::<String>()),
                prop::sample::select(&["\"", "'", "'''", "`", "\\", "/*", "*/", "//", "#", "--", "<!--", "-->", "\n", "0x", "é", "'é'", "'\\"][..]).prop_map(str::to_owned),
            ], 0..24),
        ) {
            let code = pieces.concat();
            let told: String = runs(name, &code).unwrap().iter().map(|(run, _)| *run).collect();
            prop_assert_eq!(told, code);
        }
    }
}
