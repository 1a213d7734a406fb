//! What changed between two versions of a text, line by line.

use similar::{ChangeTag, TextDiff};

/// Beyond this many pairs of changed lines the middle is shown as replaced: comparing costs more than it tells.
const MAX_PAIRS: usize = 1_000_000;

/// One line of a comparison, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine {
    /// In both versions.
    Same(String),
    /// Only in the older one.
    Removed(String),
    /// Only in the newer one.
    Added(String),
}

/// Compares two versions line by line. Line ends themselves are not compared.
pub fn diff_lines(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let shorter = old.len().min(new.len());
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(shorter - head);
    let (old_head, old_rest) = old.split_at(head);
    let (old_middle, old_tail) = old_rest.split_at(old_rest.len() - tail);
    let new_middle: Vec<&str> = new
        .iter()
        .skip(head)
        .take(new.len() - head - tail)
        .copied()
        .collect();

    let mut lines: Vec<DiffLine> = old_head
        .iter()
        .map(|line| DiffLine::Same((*line).to_owned()))
        .collect();
    lines.extend(diff_middle(old_middle, &new_middle));
    lines.extend(
        old_tail
            .iter()
            .map(|line| DiffLine::Same((*line).to_owned())),
    );
    lines
}

fn diff_middle(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        let gone = old.iter().map(|line| DiffLine::Removed((*line).to_owned()));
        let come = new.iter().map(|line| DiffLine::Added((*line).to_owned()));
        return gone.chain(come).collect();
    }
    TextDiff::from_slices(old, new)
        .iter_all_changes()
        .map(|change| {
            let line = change.value().to_owned();
            match change.tag() {
                ChangeTag::Equal => DiffLine::Same(line),
                ChangeTag::Delete => DiffLine::Removed(line),
                ChangeTag::Insert => DiffLine::Added(line),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(lines: &[DiffLine], newer: bool) -> Vec<String> {
        lines
            .iter()
            .filter_map(|line| match line {
                DiffLine::Same(text) => Some(text.clone()),
                DiffLine::Removed(text) => (!newer).then(|| text.clone()),
                DiffLine::Added(text) => newer.then(|| text.clone()),
            })
            .collect()
    }

    #[test]
    fn a_changed_line_is_removed_and_added() {
        use DiffLine::{Added, Removed, Same};
        assert_eq!(
            diff_lines("a\nb\nc\nd", "a\nB\nc\nd\ne"),
            [
                Same("a".into()),
                Removed("b".into()),
                Added("B".into()),
                Same("c".into()),
                Same("d".into()),
                Added("e".into())
            ]
        );
        assert_eq!(diff_lines("", ""), []);
        assert_eq!(diff_lines("x", ""), [Removed("x".into())]);
    }

    #[test]
    fn huge_changes_are_shown_as_replaced() {
        let old: String = (0..2_000).map(|n| format!("{n}\n")).collect();
        let new: String = (0..2_000).map(|n| format!("x{n}\n")).collect();
        assert_eq!(diff_lines(&old, &new).len(), 4_000);
    }

    proptest! {
        #[test]
        fn both_sides_can_be_read_back(old in prop::collection::vec("[ab]{0,2}", 0..12), new in prop::collection::vec("[ab]{0,2}", 0..12)) {
            let (old, new) = (old.join("\n"), new.join("\n"));
            let lines = diff_lines(&old, &new);
            prop_assert_eq!(side(&lines, false), old.lines().collect::<Vec<_>>());
            prop_assert_eq!(side(&lines, true), new.lines().collect::<Vec<_>>());
        }
    }
}
