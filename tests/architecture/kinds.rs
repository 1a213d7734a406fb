//! A new kind of channel is one file and one line in a table: nobody outside `src/bridge/kinds/` compares a kind's word,
//! so there is nothing elsewhere that could forget one. What others have to know of a kind stands in its `Manner`.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::paths::is_for_tests;
use super::tree::{Finding, Source, Tree};

/// Where the kinds stand.
const FOLDER: &str = "src/bridge/kinds/";
/// How somebody calls a thing that holds a kind's word. Several words are words for other things as well (`page`, `x`).
const CALLED: &[&str] = &["kind", "place", "channel"];

/// Every place outside the table where code parts by the word of a kind.
pub fn compared(tree: &Tree) -> Vec<Finding> {
    let words = words(tree);
    let test_only = tree.test_only();
    let mut findings = Vec::new();
    for source in tree.sources() {
        if source.path.starts_with(FOLDER) || test_only.contains(source.path) {
            continue;
        }
        let Ok(file) = syn::parse_file(source.text) else {
            continue;
        };
        let mut reader = Reader {
            source,
            words: &words,
            findings: Vec::new(),
        };
        reader.visit_file(&file);
        findings.append(&mut reader.findings);
    }
    findings
}

/// The words of all kinds: what `fn word` answers in an `impl Kind for`.
pub fn words(tree: &Tree) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in tree.sources().filter(|s| s.path.starts_with(FOLDER)) {
        let Ok(file) = syn::parse_file(source.text) else {
            continue;
        };
        for item in &file.items {
            let syn::Item::Impl(implied) = item else {
                continue;
            };
            let of = text(implied.span());
            if of
                .lines()
                .next()
                .is_some_and(|l| l.starts_with("impl Kind for "))
            {
                found.extend(word(implied, &file));
            }
        }
    }
    found
}

fn word(implied: &syn::ItemImpl, file: &syn::File) -> Option<String> {
    let says = implied.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.ident == "word" => function.block.stmts.last(),
        _ => None,
    })?;
    let syn::Stmt::Expr(says, None) = says else {
        return None;
    };
    match says {
        syn::Expr::Path(path) => file.items.iter().find_map(|item| match item {
            syn::Item::Const(constant) if path.path.is_ident(&constant.ident) => {
                written(&text(constant.expr.span())).pop()
            }
            _ => None,
        }),
        says => written(&text(says.span())).pop(),
    }
}

/// What stands there.
fn text(span: Span) -> String {
    span.source_text().unwrap_or_default()
}

/// The plain strings that are written in this code.
fn written(code: &str) -> Vec<String> {
    let parts = code.split('"').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

struct Reader<'t> {
    source: Source<'t>,
    words: &'t BTreeSet<String>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// Is one of the words written among the answers, where something is asked that is called a kind?
    fn look(&mut self, asked: &str, answers: &str, line: usize) {
        let asked = asked.to_lowercase();
        if !CALLED.iter().any(|name| asked.contains(name)) {
            return;
        }
        for word in written(answers) {
            if self.words.contains(&word) {
                let says = format!(
                    "`{word}` is compared outside the table; say it in the `Manner` of the kind and ask for that"
                );
                self.findings.push(self.source.finding(line, "kinds", says));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_match(&mut self, part: &'ast syn::ExprMatch) {
        let asked = text(part.expr.span());
        for arm in &part.arms {
            let span = arm.pat.span();
            self.look(&asked, &text(span), span.start().line);
        }
        visit::visit_expr_match(self, part);
    }

    fn visit_expr_let(&mut self, part: &'ast syn::ExprLet) {
        let span = part.pat.span();
        self.look(&text(part.expr.span()), &text(span), span.start().line);
        visit::visit_expr_let(self, part);
    }

    fn visit_expr_binary(&mut self, part: &'ast syn::ExprBinary) {
        if matches!(part.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) {
            let both = text(part.span());
            self.look(&both, &both, part.span().start().line);
        }
        visit::visit_expr_binary(self, part);
    }

    fn visit_macro(&mut self, part: &'ast syn::Macro) {
        if part.path.is_ident("matches") {
            let inside = part.tokens.to_string();
            self.look(&inside, &inside, part.path.span().start().line);
        }
        visit::visit_macro(self, part);
    }
}
