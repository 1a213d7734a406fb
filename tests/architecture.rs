//! The plan of the house, held by a test: who may open which door, who owns which table, how
//! files look, what templates may hold. `tests/architecture/plan.rs` is the plan.
//!
//! The rules are functions over a tree of sources. The real tree must pass; every folder under
//! `tests/fixtures/architecture/` is a small house with violations, and must be refused in
//! exactly the places that its EXPECTED file lists.

mod doors;
mod files;
mod kinds;
mod migrations;
mod paths;
mod plan;
mod shape;
mod templates;
mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tree::{Finding, Plan, Tree};

/// Names of all rules (`length` has a test of its own). Each must refuse something in a fixture.
const RULES: &[&str] = &[
    "listed",
    "parses",
    "doors",
    "libraries",
    "tables",
    "mod-rs",
    "docs",
    "allow",
    "bursts",
    "verbs",
    "kinds",
    "words",
    "inline",
    "foreign",
    "unescaped",
    "migrations",
];

fn judge(tree: &Tree, plan: &Plan) -> BTreeSet<Finding> {
    let mut findings = BTreeSet::new();
    findings.extend(doors::listed(tree));
    findings.extend(doors::paths(tree, plan));
    findings.extend(doors::tables(tree, plan));
    findings.extend(files::length(tree));
    findings.extend(files::doors_stand_in_the_room(tree));
    findings.extend(shape::items(tree));
    findings.extend(kinds::compared(tree));
    findings.extend(templates::all(tree));
    findings.extend(migrations::all(tree));
    findings
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn printed(findings: impl IntoIterator<Item = Finding>) -> String {
    findings
        .into_iter()
        .map(|finding| format!("{finding}\n"))
        .collect()
}

#[test]
fn the_house_is_built_as_planned() {
    let mut tree = Tree::read(
        &root(),
        &[
            "src",
            "templates",
            "public",
            "migrations",
            "tests",
            "benches",
        ],
    );
    tree.files
        .retain(|path, _| !path.starts_with("tests/fixtures/"));
    assert!(tree.sources().count() > 0, "no sources were found");
    let findings = judge(&tree, &Plan::of_the_house());
    let count = findings.len();
    assert!(
        findings.is_empty(),
        "{count} places are not as planned:\n{}",
        printed(findings)
    );
}

#[test]
fn every_fixture_is_refused_where_it_says() {
    let mut refused_by = BTreeSet::new();
    for fixture in fixtures() {
        let name = fixture
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_string();
        let mut tree = Tree::read(&fixture, &["."]);
        tree.files = tree
            .files
            .into_iter()
            .map(|(path, text)| (path.replace("./", ""), text))
            .collect();
        let expected = tree.files.remove("EXPECTED").unwrap_or_default();
        let expected: BTreeSet<String> = expected
            .lines()
            .filter(|line| !line.is_empty())
            .map(str::to_string)
            .collect();
        let findings = judge(&tree, &Plan::of_the_fixtures());
        refused_by.extend(findings.iter().map(|finding| finding.rule));
        let found: BTreeSet<String> = findings
            .iter()
            .map(|f| format!("{}:{} {}", f.path, f.line, f.rule))
            .collect();
        let missed: Vec<_> = expected.difference(&found).collect();
        let too_much: Vec<_> = found.difference(&expected).collect();
        assert!(
            missed.is_empty() && too_much.is_empty(),
            "fixture {name}: not refused {missed:#?}, refused without being listed {too_much:#?}\n{}",
            printed(findings)
        );
    }
    let idle: Vec<_> = RULES
        .iter()
        .filter(|rule| !refused_by.contains(**rule))
        .collect();
    assert!(
        idle.is_empty(),
        "no fixture shows that these rules refuse anything: {idle:?}"
    );
    let unnamed: Vec<_> = refused_by
        .iter()
        .filter(|rule| !RULES.contains(rule))
        .collect();
    assert!(
        unnamed.is_empty(),
        "these rules are not in the list of rules: {unnamed:?}"
    );
}

#[test]
fn a_file_over_the_limit_is_refused_and_a_long_one_must_say_why() {
    let file = |lines: usize, first: &str| {
        let mut tree = Tree {
            files: Default::default(),
        };
        let text = format!("{first}\n{}", "// a line\n".repeat(lines - 1));
        tree.files.insert("src/kit/mod.rs".to_string(), text);
        files::length(&tree).len()
    };
    let because = "//! Long because it is one table.";
    assert_eq!(file(plan::LONG, "//! A room."), 0);
    assert_eq!(file(plan::LONG + 1, "//! A room."), 1);
    assert_eq!(file(plan::TOO_LONG, because), 0);
    assert_eq!(file(plan::TOO_LONG + 1, because), 1);
}

fn fixtures() -> Vec<PathBuf> {
    let folder = root().join("tests/fixtures/architecture");
    let mut found: Vec<PathBuf> = std::fs::read_dir(Path::new(&folder))
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    assert!(found.len() >= 6, "fixtures are missing");
    found
}
