//! The shape of files: how long they are, and where a room's door stands.

use std::collections::BTreeSet;

use super::plan::{LONG, SCHEMA, TOO_LONG};
use super::tree::{Finding, Source, Tree};

/// Files that are too long, or long without saying why.
pub fn length(tree: &Tree) -> Vec<Finding> {
    let rust = tree
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs") && *path != SCHEMA);
    rust.filter_map(|(path, text)| {
        let source = Source { path, text };
        let lines = text.lines().count();
        let says_why = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .any(|line| line.starts_with("//! Long because "));
        if lines > TOO_LONG {
            Some(source.finding(
                TOO_LONG,
                "length",
                format!("{lines} lines; {TOO_LONG} are the most"),
            ))
        } else if lines > LONG && !says_why {
            let says = format!("{lines} lines, and no `//! Long because …` at the top");
            Some(source.finding(LONG, "length", says))
        } else {
            None
        }
    })
    .collect()
}

/// Rooms whose door stands beside the room (`forum.rs` and `forum/`) instead of in it.
pub fn doors_stand_in_the_room(tree: &Tree) -> Vec<Finding> {
    let folders: BTreeSet<&str> = tree
        .sources()
        .filter_map(|source| source.path.rsplit_once('/'))
        .map(|(f, _)| f)
        .collect();
    tree.sources()
        .filter(|source| {
            source
                .path
                .strip_suffix(".rs")
                .is_some_and(|stem| folders.contains(stem))
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
