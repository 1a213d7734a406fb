//! A tree of sources as a value, so that the real house and the fixtures of violations go through
//! the same rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::plan;

/// One broken rule at one place. Ordered by place, so that reports read from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub rule: &'static str,
    pub says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{} [{}] {}",
            self.path, self.line, self.rule, self.says
        )
    }
}

/// What a tree is judged against: the plan, or a fixture's own.
pub struct Plan {
    pub tables: BTreeMap<String, String>,
}

impl Plan {
    /// The plan of the house.
    pub fn of_the_house() -> Plan {
        let tables = plan::TABLES
            .iter()
            .flat_map(|(room, tables)| tables.iter().map(|t| (t.to_string(), room.to_string())))
            .collect();
        Plan { tables }
    }

    /// The plan that the fixtures are written for: the same floors, three tables.
    pub fn of_the_fixtures() -> Plan {
        let tables = [("threads", "forum"), ("members", "members"), ("jobs", "db")]
            .map(|(table, room)| (table.to_string(), room.to_string()));
        Plan {
            tables: tables.into(),
        }
    }
}

/// Paths from the repository's root, with `/`, and what stands in them.
pub struct Tree {
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads `folders` (and everything below them) under `root`.
    pub fn read(root: &Path, folders: &[&str]) -> Tree {
        let mut files = BTreeMap::new();
        for folder in folders {
            gather(root, &root.join(folder), &mut files);
        }
        Tree { files }
    }

    /// The Rust files under `src/`.
    pub fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        self.files
            .iter()
            .filter(|(path, _)| path.starts_with("src/") && path.ends_with(".rs"))
            .map(|(path, text)| Source { path, text })
    }

    /// Files that are compiled for tests only, because their `mod` line says so.
    pub fn test_only(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for source in self.sources() {
            let Ok(file) = syn::parse_file(source.text) else {
                continue;
            };
            for item in file.items {
                if let syn::Item::Mod(module) = item
                    && module.content.is_none()
                    && super::paths::is_for_tests(&module.attrs)
                {
                    let stem = source.folder_of_children();
                    found.insert(format!("{stem}/{}.rs", module.ident));
                    let folder = format!("{stem}/{}/", module.ident);
                    let below = self.files.keys().filter(|path| path.starts_with(&folder));
                    found.extend(below.cloned());
                }
            }
        }
        found
    }
}

/// One Rust file of the house.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

impl Source<'_> {
    /// The room the file stands in: the first name below `src/`.
    pub fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(self.path);
        let first = inside.split('/').next().unwrap_or(inside);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The module the file is, from `crate` on.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.strip_prefix("src/").unwrap_or(self.path);
        let inside = inside.strip_suffix(".rs").unwrap_or(inside);
        let mut names: Vec<String> = vec!["crate".to_string()];
        names.extend(inside.split('/').map(str::to_string));
        let last = names.last().map(String::as_str);
        if last == Some("mod") || (names.len() == 2 && matches!(last, Some("lib" | "main"))) {
            names.pop();
        }
        names
    }

    /// The folder in which the files of its child modules stand.
    pub fn folder_of_children(&self) -> String {
        let stem = self.path.strip_suffix(".rs").unwrap_or(self.path);
        match stem.rsplit_once('/') {
            Some((folder, "mod" | "lib" | "main")) => folder.to_string(),
            _ => stem.to_string(),
        }
    }

    /// A finding at a line of this file.
    pub fn finding(&self, line: usize, rule: &'static str, says: impl Into<String>) -> Finding {
        Finding {
            path: self.path.to_string(),
            line,
            rule,
            says: says.into(),
        }
    }
}

fn gather(root: &Path, at: &Path, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(at) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            gather(root, &path, files);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let name = path.strip_prefix(root).expect("a path below the root");
        files.insert(name.to_string_lossy().replace('\\', "/"), text);
    }
}
