//! The check before the costly step: what is too long or too deep is told so before it is parsed.

/// How many quotes and list items may stand inside each other on one line.
const MAX_MARKERS: usize = 32;

/// Why a source is not rendered at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceProblem {
    /// More bytes than allowed.
    #[error("the text has {bytes} bytes; {max} are allowed")]
    TooLong {
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A NUL character, which no database text column and no reader wants.
    #[error("the text holds a NUL character")]
    Nul,
    /// Quotes or lists inside each other beyond any use.
    #[error("line {line} nests quotes or lists too deep")]
    TooDeep {
        /// The line, counted from 1.
        line: usize,
    },
}

/// Checks a source in one pass over its bytes; cheap enough for any input that the server accepted.
pub fn check_source(source: &str, max_bytes: usize) -> Result<(), SourceProblem> {
    if source.len() > max_bytes {
        return Err(SourceProblem::TooLong {
            bytes: source.len(),
            max: max_bytes,
        });
    }
    if source.as_bytes().contains(&0) {
        return Err(SourceProblem::Nul);
    }
    for (index, line) in source.split(['\n', '\r']).enumerate() {
        if markers(line) > MAX_MARKERS {
            return Err(SourceProblem::TooDeep { line: index + 1 });
        }
    }
    Ok(())
}

/// Counts the container markers (`>`, `-`, `3.` …) that open a line; a drawn line such as `- - -` is none.
fn markers(line: &str) -> usize {
    let mut rest = line.trim_start_matches([' ', '\t']);
    let mut count = 0;
    while count <= MAX_MARKERS {
        let Some(after) = after_marker(rest) else {
            break;
        };
        // A drawn line is looked for once, where the list markers begin: later ones would make this quadratic.
        if !rest.starts_with('>') && is_drawn_line(rest) {
            break;
        }
        count += 1;
        rest = after.trim_start_matches([' ', '\t']);
    }
    count
}

/// The rest of the line behind one container marker.
fn after_marker(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix('>') {
        return Some(rest);
    }
    let after = match line.strip_prefix(['-', '+', '*']) {
        Some(rest) => rest,
        None => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = line.len() - rest.len();
            if digits == 0 || digits > 9 {
                return None;
            }
            rest.strip_prefix(['.', ')'])?
        }
    };
    (after.is_empty() || after.starts_with([' ', '\t'])).then_some(after)
}

fn is_drawn_line(line: &str) -> bool {
    let Some(mark) = line.chars().next().filter(|c| matches!(c, '-' | '*' | '_')) else {
        return false;
    };
    line.chars().all(|c| c == mark || c == ' ' || c == '\t') && line.matches(mark).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_writing_passes() {
        let text = "> > quoted twice\n\n- a\n  - b\n    1. c\n\n- - -\n\n* * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * *\n1999. A year";
        assert_eq!(check_source(text, 1_000), Ok(()));
    }

    #[test]
    fn length_counts_bytes_and_the_limit_itself_is_allowed() {
        assert_eq!(check_source("éé", 4), Ok(()));
        assert_eq!(
            check_source("ééx", 4),
            Err(SourceProblem::TooLong { bytes: 5, max: 4 })
        );
    }

    #[test]
    fn nul_is_refused() {
        assert_eq!(check_source("a\0b", 10), Err(SourceProblem::Nul));
    }

    #[test]
    fn walls_of_markers_are_refused_with_their_line() {
        for mark in [">", "> ", "- ", "1. ", "+\t", "> - "] {
            let wall = format!("hello\n{}end", mark.repeat(40));
            assert_eq!(
                check_source(&wall, 1_000),
                Err(SourceProblem::TooDeep { line: 2 }),
                "{mark:?}"
            );
        }
    }

    #[test]
    fn a_hundred_thousand_markers_are_refused_at_once() {
        for mark in [">", "+ ", "> - ", "1) "] {
            let wall = mark.repeat(100_000);
            assert_eq!(
                check_source(&wall, 1 << 20),
                Err(SourceProblem::TooDeep { line: 1 }),
                "{mark:?}"
            );
        }
    }
}
