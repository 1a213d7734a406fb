//! Which room may open which door, which library stays where, and who owns which table.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::paths::{Mention, mentions};
use super::plan::{FLOORS, KEPT_IN, KEPT_OUT, MAY_OPEN_ROOF, ROOF, ROOT_MACROS, SCHEMA};
use super::tree::{Finding, Plan, Source, Tree};

/// Rooms that the plan does not know.
pub fn listed(tree: &Tree) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    tree.sources()
        .filter(|source| floor(source.room()).is_none() && !ROOF.contains(&source.room()))
        .filter(|source| seen.insert(source.room().to_string()))
        .map(|source| {
            let says = format!("the room {} has no floor in the plan", source.room());
            source.finding(1, "listed", says)
        })
        .collect()
}

/// Doors that may not be opened, libraries that leave their rooms, tables named by strangers.
pub fn paths(tree: &Tree, plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.sources() {
        let Ok(file) = syn::parse_file(source.text) else {
            findings.push(source.finding(1, "parses", "this is not Rust that can be read"));
            continue;
        };
        for mention in mentions(source, &file) {
            findings.extend(door(source, &mention));
            findings.extend(library(source, &mention));
            findings.extend(table(source, &mention, plan));
        }
        findings.extend(written_sql(source, &file, plan));
    }
    findings
}

/// Tables without an owner in the plan, and owners of tables that are gone.
pub fn tables(tree: &Tree, plan: &Plan) -> Vec<Finding> {
    let Some(text) = tree.files.get(SCHEMA) else {
        return Vec::new();
    };
    let schema = Source { path: SCHEMA, text };
    let Ok(file) = syn::parse_file(text) else {
        return vec![schema.finding(1, "parses", "this is not Rust that can be read")];
    };
    let declared = declared_tables(&file);
    let mut findings: Vec<Finding> = declared
        .iter()
        .filter(|(table, _)| !plan.tables.contains_key(*table))
        .map(|(table, line)| {
            let says = format!("the table {table} has no owner in the plan");
            schema.finding(*line, "tables", says)
        })
        .collect();
    findings.extend(
        plan.tables
            .keys()
            .filter(|table| !declared.contains_key(*table))
            .map(|table| {
                let says =
                    format!("the plan names an owner for {table}, and there is no such table");
                schema.finding(1, "tables", says)
            }),
    );
    findings
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn door(source: Source<'_>, mention: &Mention) -> Option<Finding> {
    let from = source.room();
    if !mention.is_ours() || ROOF.contains(&from) {
        return None;
    }
    let to = mention.names.get(1)?;
    let to = ROOT_MACROS
        .iter()
        .find(|(name, _)| name == to)
        .map_or(to.as_str(), |(_, room)| room);
    if to == from {
        return None;
    }
    let refuse = |why: String| Some(source.finding(mention.line, "doors", why));
    if to == "*" {
        return refuse(format!("{from} opens every door at once (`crate::*`)"));
    }
    if let Some((_, may)) = MAY_OPEN_ROOF.iter().find(|(roof, _)| *roof == to) {
        let allowed = may.contains(&from);
        return if allowed {
            None
        } else {
            refuse(format!("{from} may not open {to}: it joins the house"))
        };
    }
    match (floor(from), floor(to)) {
        (_, None) => refuse(format!("crate::{to} is no room of the plan")),
        (Some(mine), Some(theirs)) if theirs < mine => None,
        (Some(mine), Some(theirs)) if theirs == mine => refuse(format!(
            "{from} may not open {to}: they stand on the same floor"
        )),
        _ => refuse(format!("{from} may not open {to}: it stands higher")),
    }
}

fn library(source: Source<'_>, mention: &Mention) -> Option<Finding> {
    let room = source.room();
    let kept_in = KEPT_IN.iter().find(|(library, rooms, _)| {
        mention.names.iter().any(|name| name == library) && !rooms.contains(&room)
    });
    let kept_out = KEPT_OUT.iter().find(|(library, rooms, _)| {
        mention.names.iter().any(|name| name == library) && rooms.contains(&room)
    });
    let (library, _, why) = kept_in.or(kept_out)?;
    Some(source.finding(
        mention.line,
        "libraries",
        format!("{room} may not name {library}: {why}"),
    ))
}

fn table(source: Source<'_>, mention: &Mention, plan: &Plan) -> Option<Finding> {
    let room = source.room();
    if room == "db" {
        return None;
    }
    let schema = mention.names.iter().position(|name| name == "schema")?;
    // A module of the room's own that happens to be called so.
    if mention.is_ours() && mention.names.get(..schema) != Some(&["crate".into(), "db".into()]) {
        return None;
    }
    let table = mention.names.get(schema + 1)?;
    let owner = plan.tables.get(table);
    if owner.is_some_and(|owner| owner == room) {
        return None;
    }
    let says = match owner {
        _ if table == "*" => format!("{room} takes every table (`schema::*`): name your own"),
        Some(owner) => format!("{room} may not name the table {table}: it belongs to {owner}"),
        None => format!("schema::{table} is no table of the plan"),
    };
    Some(source.finding(mention.line, "tables", says))
}

/// Table names in hand-written SQL.
fn written_sql(source: Source<'_>, file: &syn::File, plan: &Plan) -> Vec<Finding> {
    let mut strings = Strings::default();
    strings.visit_file(file);
    let mut findings = Vec::new();
    for (text, line) in strings.found {
        for table in named_in_sql(&text) {
            let room = source.room();
            if let Some(owner) = plan.tables.get(&table)
                && owner != room
                && room != "db"
            {
                let says =
                    format!("{room} may not name the table {table} in SQL: it belongs to {owner}");
                findings.push(source.finding(line, "tables", says));
            }
        }
    }
    findings
}

/// The words that follow FROM, JOIN, INTO and UPDATE in a text that looks like SQL.
fn named_in_sql(text: &str) -> Vec<String> {
    let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "]
        .iter()
        .any(|verb| text.contains(verb));
    if !is_sql {
        return Vec::new();
    }
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| matches!(pair[0], "FROM" | "JOIN" | "INTO" | "UPDATE"))
        .map(|pair| pair[1].to_lowercase())
        .collect()
}

#[derive(Default)]
struct Strings {
    found: Vec<(String, usize)>,
}

impl Strings {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    self.found
                        .push((literal.to_string(), literal.span().start().line));
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Strings {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.found
            .push((literal.value(), literal.span().start().line));
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

/// What `diesel::table!` declares: name and line.
fn declared_tables(file: &syn::File) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        let syn::Item::Macro(item) = item else {
            continue;
        };
        if item
            .mac
            .path
            .segments
            .last()
            .is_none_or(|last| last.ident != "table")
        {
            continue;
        }
        // Attributes and `use` lines may stand before the name; the name is followed by `(`.
        let tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
        for pair in tokens.windows(2) {
            if let [TokenTree::Ident(name), TokenTree::Group(_)] = pair {
                found.insert(name.to_string(), name.span().start().line);
                break;
            }
        }
    }
    found
}
