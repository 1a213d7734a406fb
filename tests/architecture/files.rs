//! The shape of files: how long they are, and where a room's door stands.

use std::collections::BTreeSet;

use syn::spanned::Spanned;

use super::paths::is_for_tests;
use super::plan::{LONG, SCHEMA, TOO_LONG};
use super::tree::{Finding, Source, Tree};

/// Files that are too long, or long (tests at their end not counted) without saying why.
pub fn length(tree: &Tree) -> Vec<Finding> {
    let test_only = tree.test_only();
    let mut findings = Vec::new();
    for (path, text) in &tree.files {
        if !path.starts_with("src/") || !path.ends_with(".rs") || path == SCHEMA {
            continue;
        }
        let source = Source { path, text };
        let lines = text.lines().count();
        let mut doc = text.lines().take_while(|line| line.starts_with("//!"));
        let says_why = doc.any(|line| line.starts_with("//! Long because "));
        let is_code = !test_only.contains(path);
        if lines > TOO_LONG {
            let says = format!("{lines} lines; {TOO_LONG} are the most");
            findings.push(source.finding(TOO_LONG, "length", says));
        } else if is_code && !says_why && lines > LONG && lines - lines_of_tests(text) > LONG {
            let says = format!("{lines} lines, and no `//! Long because …` at the top");
            findings.push(source.finding(LONG, "length", says));
        }
    }
    findings
}

fn lines_of_tests(text: &str) -> usize {
    let Ok(file) = syn::parse_file(text) else {
        return 0;
    };
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if is_for_tests(&module.attrs) => Some(module.span()),
        _ => None,
    });
    modules
        .map(|span| span.end().line - span.start().line + 1)
        .sum()
}

/// Rooms whose door stands beside the room (`forum.rs` and `forum/`) instead of in it.
pub fn doors_stand_in_the_room(tree: &Tree) -> Vec<Finding> {
    let folders: BTreeSet<&str> = tree
        .sources()
        .filter_map(|source| source.path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    tree.sources()
        .filter(|source| {
            let stem = source.path.strip_suffix(".rs");
            stem.is_some_and(|stem| folders.contains(stem))
        })
        .map(|source| {
            source.finding(
                1,
                "mod-rs",
                "a module with children is a folder with a mod.rs",
            )
        })
        .collect()
}
