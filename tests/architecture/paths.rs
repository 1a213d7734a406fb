//! Every path that a file names, as the compiler would resolve it: `use` trees with groups, globs
//! and aliases, inline paths, `self`, `super` and `crate`, the insides of macros and attributes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::visit::{self, Visit};

use super::tree::Source;

/// One path that a file names.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Its names; the first is `crate` when it leads into this crate. A glob ends in `*`.
    pub names: Vec<String>,
    pub line: usize,
}

impl Mention {
    /// Whether the path leads into this crate.
    pub fn is_ours(&self) -> bool {
        self.names.first().is_some_and(|first| first == "crate")
    }
}

/// Whether these attributes say that something is for tests only.
pub fn is_for_tests(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        if attr.path().is_ident("test") {
            return true;
        }
        let syn::Meta::List(list) = &attr.meta else {
            return false;
        };
        list.path.is_ident("cfg") && {
            let said = list.tokens.to_string();
            said == "test" || (said.starts_with("any") && said.contains("test"))
        }
    })
}

/// Collects what a parsed file names.
pub fn mentions(source: Source<'_>, file: &syn::File) -> Vec<Mention> {
    let mut reader = Reader {
        module: source.module(),
        aliases: BTreeMap::new(),
        found: Vec::new(),
        learning: true,
    };
    reader.visit_file(file);
    reader.learning = false;
    reader.found.clear();
    reader.visit_file(file);
    reader.found
}

struct Reader {
    module: Vec<String>,
    /// Other names for the crate's root, for `db` and for `db::schema`: through these a path
    /// could otherwise slip past the rules. Other aliases are judged where they are made.
    aliases: BTreeMap<String, Vec<String>>,
    found: Vec<Mention>,
    learning: bool,
}

const THROUGH: &[&[&str]] = &[&["crate"], &["crate", "db"], &["crate", "db", "schema"]];

impl Reader {
    fn resolve(&self, names: &[String]) -> Vec<String> {
        let Some(first) = names.first() else {
            return Vec::new();
        };
        match first.as_str() {
            "crate" | "loggia" => with(&["crate".to_string()], &names[1..]),
            "self" => self.resolve_from(self.module.clone(), &names[1..]),
            "super" => self.resolve_from(self.module.clone(), names),
            name => match self.aliases.get(name) {
                Some(stands_for) => with(stands_for, &names[1..]),
                None => names.to_vec(),
            },
        }
    }

    fn resolve_from(&self, mut module: Vec<String>, names: &[String]) -> Vec<String> {
        let ups = names.iter().take_while(|name| *name == "super").count();
        for _ in 0..ups {
            if module.len() > 1 {
                module.pop();
            }
        }
        with(&module, &names[ups..])
    }

    fn name(&mut self, names: Vec<String>, line: usize) {
        let names = self.resolve(&names);
        if !names.is_empty() {
            self.found.push(Mention { names, line });
        }
    }

    fn learn(&mut self, alias: &str, names: &[String]) {
        let stands_for = self.resolve(names);
        if self.learning && THROUGH.iter().any(|path| *path == stands_for) {
            self.aliases.insert(alias.to_string(), stands_for);
        }
    }

    fn use_tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                let name = path.ident.to_string();
                self.use_tree(&with(prefix, &[name]), &path.tree);
            }
            syn::UseTree::Name(name) => self.leaf(prefix, &name.ident, None),
            syn::UseTree::Rename(rename) => {
                self.leaf(prefix, &rename.ident, Some(rename.rename.to_string()));
            }
            syn::UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.name(with(prefix, &["*".to_string()]), line);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(prefix, tree);
                }
            }
        }
    }

    fn leaf(&mut self, prefix: &[String], ident: &syn::Ident, rename: Option<String>) {
        let line = ident.span().start().line;
        let name = ident.to_string();
        let is_self = name == "self" && !prefix.is_empty();
        let names = if is_self {
            prefix.to_vec()
        } else {
            with(prefix, &[name])
        };
        let known_as = rename.or_else(|| names.last().cloned());
        if let Some(alias) = known_as {
            self.learn(&alias, &names);
        }
        self.name(names, line);
    }

    /// Looks for paths in tokens that nobody has parsed.
    fn tokens(&mut self, prefix: &[String], tokens: TokenStream, in_attribute: bool) {
        let mut names: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons < 2 {
                        self.flush(prefix, &mut names, line);
                    }
                    if names.is_empty() {
                        line = ident.span().start().line;
                    }
                    names.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Punct(punct) if punct.as_char() == '*' && colons == 2 => {
                    names.push("*".to_string());
                    self.flush(prefix, &mut names, line);
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    let continues = colons == 2 && group.delimiter() == Delimiter::Brace;
                    if continues {
                        let before = with(prefix, &names);
                        names.clear();
                        self.tokens(&before, group.stream(), in_attribute);
                    } else {
                        self.flush(prefix, &mut names, line);
                        self.tokens(&[], group.stream(), in_attribute);
                    }
                    colons = 0;
                }
                TokenTree::Literal(literal) => {
                    self.flush(prefix, &mut names, line);
                    colons = 0;
                    if in_attribute {
                        self.quoted(&literal.to_string(), literal.span().start().line);
                    }
                }
                TokenTree::Punct(_) => {
                    self.flush(prefix, &mut names, line);
                    colons = 0;
                }
            }
        }
        self.flush(prefix, &mut names, line);
    }

    fn flush(&mut self, prefix: &[String], names: &mut Vec<String>, line: usize) {
        let all = with(prefix, names);
        names.clear();
        // A lone word in unparsed tokens says nothing about doors.
        if all.len() > 1 {
            self.name(all, line);
        }
    }

    /// Paths in the strings of attributes: `#[serde(with = "crate::kit::…")]`.
    fn quoted(&mut self, literal: &str, line: usize) {
        let inside = literal.trim_matches('"');
        let is_path = inside.contains("::")
            && inside
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == ':');
        if is_path {
            let names = inside.split("::").map(str::to_string).collect();
            self.name(names, line);
        }
    }
}

fn with(prefix: &[String], rest: &[String]) -> Vec<String> {
    prefix.iter().chain(rest).cloned().collect()
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_some() {
            self.module.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.module.pop();
        } else {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let line = item.ident.span().start().line;
        let name = if item.ident == "self" {
            "crate".to_string()
        } else {
            item.ident.to_string()
        };
        if let Some((_, rename)) = &item.rename {
            self.learn(&rename.to_string(), std::slice::from_ref(&name));
        }
        self.name(vec![name], line);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.name(names, first.ident.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_attribute(&mut self, attr: &'ast syn::Attribute) {
        match &attr.meta {
            syn::Meta::List(list) => self.tokens(&[], list.tokens.clone(), true),
            syn::Meta::NameValue(_) | syn::Meta::Path(_) => {}
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        visit::visit_macro(self, mac);
        self.tokens(&[], mac.tokens.clone(), false);
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        if let syn::Expr::Verbatim(tokens) = expr {
            self.tokens(&[], tokens.clone(), false);
        }
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if let syn::Item::Verbatim(tokens) = item {
            self.tokens(&[], tokens.clone(), false);
        }
        visit::visit_item(self, item);
    }
}
