//! The shape of items: doc lines, verbs that ask, and nothing that can burst.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::paths::is_for_tests;
use super::plan::FLOORS;
use super::tree::{Finding, Source, Tree};

/// Everything that is judged item by item.
pub fn items(tree: &Tree) -> Vec<Finding> {
    let test_only = tree.test_only();
    let mut findings = Vec::new();
    for source in tree.sources() {
        let Ok(file) = syn::parse_file(source.text) else {
            continue;
        };
        let may_burst = matches!(source.room(), "main" | "cli");
        let mut reader = Reader {
            tree,
            source,
            tests: usize::from(test_only.contains(source.path)),
            excused: usize::from(may_burst),
            asks: false,
            writes: None,
            verb: None,
            findings: Vec::new(),
        };
        reader.visit_file(&file);
        findings.extend(reader.verbs());
        findings.append(&mut reader.findings);
    }
    findings
}

struct Reader<'t> {
    tree: &'t Tree,
    source: Source<'t>,
    /// How many enclosing items are for tests only.
    tests: usize,
    /// How many enclosing items carry an `#[expect]` with a reason for bursting.
    excused: usize,
    asks: bool,
    writes: Option<usize>,
    verb: Option<(String, usize)>,
    findings: Vec<Finding>,
}

const WRITES: &[&str] = &[
    "insert_into",
    "insert_or_ignore_into",
    "replace_into",
    "update",
    "delete",
];

impl Reader<'_> {
    fn find(&mut self, line: usize, rule: &'static str, says: impl Into<String>) {
        self.findings.push(self.source.finding(line, rule, says));
    }

    /// The rule of the second beat: a file with a verb asks `actor.may(…)`, or whose own it is, or
    /// says at its top why it asks nobody.
    fn verbs(&self) -> Option<Finding> {
        let (name, line) = self.verb.as_ref()?;
        let room = self.source.room();
        // Below the log nobody acts; above the rooms nobody decides.
        let below = FLOORS
            .iter()
            .take_while(|rooms| !rooms.contains(&"site"))
            .any(|rooms| rooms.contains(&room));
        if below || matches!(room, "web" | "jobs" | "app" | "cli" | "main") {
            return None;
        }
        let is_listing = self.source.path.ends_with("/listing.rs");
        let reads_only = is_listing || self.tells("Reads only");
        let asks_nobody = self.tells("//! Asks nobody because ");
        match (reads_only, self.writes) {
            (true, Some(line)) => {
                let says = "this file says that it only reads, and it writes here";
                Some(self.source.finding(line, "verbs", says))
            }
            (false, _) if !self.asks && !asks_nobody => {
                let says = format!("the verb {name} asks neither `actor.may(…)` nor `own(actor)`");
                Some(self.source.finding(*line, "verbs", says))
            }
            _ => None,
        }
    }

    /// Whether the file's own story says this.
    fn tells(&self, what: &str) -> bool {
        let mut story = self
            .source
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"));
        story.any(|line| line.contains(what))
    }

    /// Whether these attributes excuse `unwrap` and `expect`, with a reason.
    fn excuses(attrs: &[syn::Attribute]) -> bool {
        attrs.iter().any(|attr| {
            let syn::Meta::List(list) = &attr.meta else {
                return false;
            };
            let said = list.tokens.to_string();
            list.path.is_ident("expect")
                && said.contains("reason =")
                && (said.contains("unwrap_used") || said.contains("expect_used"))
        })
    }

    fn documented(&mut self, vis: &syn::Visibility, attrs: &[syn::Attribute], name: &syn::Ident) {
        let is_public = matches!(vis, syn::Visibility::Public(_));
        if is_public && self.tests == 0 && !has_doc(attrs) {
            self.find(
                name.span().start().line,
                "docs",
                format!("`pub {name}` has no doc comment"),
            );
        }
    }

    fn bursts(&mut self, line: usize, what: &str) {
        if self.tests == 0 && self.excused == 0 {
            self.find(
                line,
                "bursts",
                format!("`{what}` can burst in a member's face"),
            );
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for window in tokens.windows(3) {
            if let [
                TokenTree::Punct(dot),
                TokenTree::Ident(name),
                TokenTree::Group(_),
            ] = window
                && dot.as_char() == '.'
            {
                let name_is = name.to_string();
                let line = name.span().start().line;
                match name_is.as_str() {
                    "unwrap" | "expect" => self.bursts(line, &format!(".{name_is}()")),
                    "may" => self.asks = true,
                    _ => {}
                }
            }
        }
        for window in tokens.windows(2) {
            if let [TokenTree::Ident(name), TokenTree::Group(_)] = window {
                self.called(&name.to_string(), name.span().start().line);
            }
        }
        for token in tokens {
            if let TokenTree::Group(group) = token {
                self.tokens(group.stream());
            }
        }
    }

    fn called(&mut self, name: &str, line: usize) {
        // What is one's own needs no other permission: the room asks for the actor's own id.
        self.asks |= name == "own";
        if self.tests == 0 && WRITES.contains(&name) {
            self.writes = self.writes.or(Some(line));
        }
    }

    fn signature(&mut self, vis: &syn::Visibility, sig: &syn::Signature) {
        let takes = |wanted: &str, mutable: bool| {
            sig.inputs.iter().any(|input| match input {
                syn::FnArg::Typed(typed) => is_reference_to(&typed.ty, wanted, mutable),
                _ => false,
            })
        };
        // `pub(super)` is a piece of a verb, shared inside the room.
        let is_public = match vis {
            syn::Visibility::Public(_) => true,
            syn::Visibility::Restricted(to) => to.path.is_ident("crate"),
            syn::Visibility::Inherited => false,
        };
        if self.tests == 0 && is_public && takes("Tx", true) && takes("Actor", false) {
            let line = sig.ident.span().start().line;
            self.verb.get_or_insert((sig.ident.to_string(), line));
        }
    }

    /// Walks into something whose attributes may make it a test or excuse it.
    fn inside(&mut self, attrs: &[syn::Attribute], walk: impl FnOnce(&mut Self)) {
        let test = usize::from(is_for_tests(attrs));
        let excuse = usize::from(Self::excuses(attrs));
        self.tests += test;
        self.excused += excuse;
        walk(self);
        self.tests -= test;
        self.excused -= excuse;
    }
}

fn has_doc(attrs: &[syn::Attribute]) -> bool {
    attrs
        .iter()
        .any(|attr| attr.path().is_ident("doc") && matches!(attr.meta, syn::Meta::NameValue(_)))
}

fn is_reference_to(ty: &syn::Type, wanted: &str, mutable: bool) -> bool {
    let syn::Type::Reference(reference) = ty else {
        return false;
    };
    let syn::Type::Path(path) = &*reference.elem else {
        return false;
    };
    let named = path
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == wanted);
    named && (!mutable || reference.mutability.is_some())
}

type Described<'a> = (&'a syn::Visibility, &'a [syn::Attribute], &'a syn::Ident);

fn described(item: &syn::Item) -> Option<Described<'_>> {
    match item {
        syn::Item::Const(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Enum(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Fn(i) => Some((&i.vis, &i.attrs, &i.sig.ident)),
        syn::Item::Static(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Struct(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Trait(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Type(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Union(i) => Some((&i.vis, &i.attrs, &i.ident)),
        syn::Item::Mod(i) => Some((&i.vis, &i.attrs, &i.ident)),
        _ => None,
    }
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::ExternCrate(i) => &i.attrs,
        syn::Item::ForeignMod(i) => &i.attrs,
        syn::Item::Impl(i) => &i.attrs,
        syn::Item::Macro(i) => &i.attrs,
        syn::Item::Use(i) => &i.attrs,
        other => described(other).map_or(&[], |(_, attrs, _)| attrs),
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_attribute(&mut self, attr: &'ast syn::Attribute) {
        let line = attr.span().start().line;
        let said = match &attr.meta {
            syn::Meta::List(list) => list.tokens.to_string(),
            syn::Meta::NameValue(_) | syn::Meta::Path(_) => String::new(),
        };
        let in_cfg = attr.path().is_ident("cfg_attr") && said.replace(' ', "").contains(",allow(");
        if attr.path().is_ident("allow") || in_cfg {
            self.find(
                line,
                "allow",
                "`#[allow]` gives no reason: `#[expect(…, reason = \"…\")]`",
            );
        }
        if attr.path().is_ident("path") {
            self.find(line, "mod-rs", "`#[path]` hides where a module stands");
        }
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if let Some((vis, attrs, name)) = described(item)
            && !is_for_tests(attrs)
        {
            let tells_inside = matches!(item, syn::Item::Mod(module) if self.file_tells(module));
            if !tells_inside {
                self.documented(vis, attrs, name);
            }
        }
        if let syn::Item::Fn(function) = item
            && !is_for_tests(&function.attrs)
        {
            self.signature(&function.vis, &function.sig);
        }
        self.inside(attributes_of(item), |reader| {
            visit::visit_item(reader, item)
        });
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        for member in &item.items {
            if let syn::ImplItem::Fn(function) = member
                && item.trait_.is_none()
            {
                self.documented(&function.vis, &function.attrs, &function.sig.ident);
                self.signature(&function.vis, &function.sig);
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.inside(&function.attrs, |reader| {
            visit::visit_impl_item_fn(reader, function)
        });
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.inside(&local.attrs, |reader| visit::visit_local(reader, local));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        match call.method.to_string().as_str() {
            name @ ("unwrap" | "expect") => self.bursts(line, &format!(".{name}()")),
            "may" => self.asks = true,
            _ => {}
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
        {
            self.called(&last.ident.to_string(), last.ident.span().start().line);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if path.path.segments.len() > 1
            && let Some(last) = path.path.segments.last()
            && (last.ident == "unwrap" || last.ident == "expect")
        {
            self.bursts(last.ident.span().start().line, &format!("::{}", last.ident));
        }
        visit::visit_expr_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if let Some(last) = mac.path.segments.last() {
            let name = last.ident.to_string();
            if matches!(name.as_str(), "todo" | "unimplemented" | "dbg" | "panic") {
                self.bursts(last.ident.span().start().line, &format!("{name}!"));
            }
        }
        self.tokens(mac.tokens.clone());
    }
}

impl Reader<'_> {
    /// Whether the file of `mod name;` opens with `//!`.
    fn file_tells(&self, module: &syn::ItemMod) -> bool {
        let folder = self.source.folder_of_children();
        let files = [
            format!("{folder}/{}.rs", module.ident),
            format!("{folder}/{}/mod.rs", module.ident),
        ];
        let mut texts = files.iter().filter_map(|path| self.tree.files.get(path));
        module.content.is_none() && texts.any(|text| text.starts_with("//!"))
    }
}
