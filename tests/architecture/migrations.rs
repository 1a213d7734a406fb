//! Both databases grow by the same steps, and every step says why.

use std::collections::BTreeSet;

use super::tree::{Finding, Source, Tree};

const FOLDERS: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

/// Both folders hold the same names, and each `up.sql` opens with a sentence.
pub fn all(tree: &Tree) -> Vec<Finding> {
    let names = FOLDERS.map(|folder| {
        tree.files
            .keys()
            .filter_map(|path| path.strip_prefix(folder))
            .collect::<BTreeSet<&str>>()
    });
    let mut findings = Vec::new();
    for (mine, theirs) in [(0, 1), (1, 0)] {
        for name in names[mine].difference(&names[theirs]) {
            let path = format!("{}{name}", FOLDERS[mine]);
            let says = format!("has no twin in {}", FOLDERS[theirs]);
            let source = Source {
                path: &path,
                text: "",
            };
            findings.push(source.finding(1, "migrations", says));
        }
    }
    for (path, text) in &tree.files {
        let is_up =
            FOLDERS.iter().any(|folder| path.starts_with(folder)) && path.ends_with("up.sql");
        let opens = text.lines().next().unwrap_or_default();
        let is_sentence = opens
            .strip_prefix("--")
            .is_some_and(|said| said.trim().contains(' '));
        if is_up && !is_sentence {
            let source = Source { path, text };
            findings.push(source.finding(
                1,
                "migrations",
                "opens without a `--` sentence that says why",
            ));
        }
    }
    findings
}
