//! What of a template stands fast as soon as the program runs: sentences that nothing fills, drawn signs, the addresses
//! of assets, and parts that are only put in. All of it is written into the template when it is read, once for each
//! language, so that a page does not look it up anew for each of its posts.

use std::collections::BTreeMap;

use handlebars::html_escape;
use regex::{Captures, Regex};

use super::assets::Assets;
use super::helpers;
use super::i18n::Sentences;

/// Parts are put into parts no deeper than this; one that puts itself in is left to Handlebars, which refuses it.
const DEPTH: usize = 8;

/// The places of a template that can be settled.
pub(super) struct Settler {
    put_in: Regex,
    sentence: Regex,
    words: Regex,
    symbol: Regex,
    asset: Regex,
}

impl Settler {
    /// # Errors
    /// A sentence, where one of the patterns cannot be read.
    pub(super) fn new() -> Result<Self, String> {
        let pattern = |text| Regex::new(text).map_err(|why| format!("{text}: {why}"));
        Ok(Self {
            put_in: pattern(
                r#"(?m)(^[ \t]*)?\{\{> ([a-z0-9/_-]+)(?: ""((?: [a-z_]+=[a-z_]+)+))?\}\}([ \t]*\n)?"#,
            )?,
            sentence: pattern(r#"\{\{t "([a-z0-9-]+)"\}\}"#)?,
            words: pattern(r#"\(t "([a-z0-9-]+)"\)"#)?,
            symbol: pattern(r#"\{\{symbol "([a-z0-9-]+)"\}\}"#)?,
            asset: pattern(r#"\{\{asset "([a-z0-9./-]+)"\}\}"#)?,
        })
    }

    /// The template with its parts in it: those that are given nothing, or each thing under its own name
    /// (`{{> partials/x "" post=post}}`). A part that stands alone on its line takes the line with it, as Handlebars
    /// has it.
    pub(super) fn put_in(&self, text: &str, parts: &BTreeMap<String, String>) -> String {
        self.put_in_below(text, parts, DEPTH)
    }

    fn put_in_below(&self, text: &str, parts: &BTreeMap<String, String>, depth: usize) -> String {
        let put = |found: &Captures<'_>| {
            let whole = found[0].to_owned();
            let given = found.get(3).map_or("", |given| given.as_str());
            let as_named = given
                .split_whitespace()
                .all(|pair| pair.split_once('=').is_some_and(|(name, of)| name == of));
            let (Some(part), true, true) = (parts.get(&found[2]), as_named, depth > 0) else {
                return whole;
            };
            let part = self.put_in_below(part, parts, depth - 1);
            let before = found.get(1).map(|space| space.as_str());
            let after = found.get(4).map(|space| space.as_str());
            match (before, after) {
                (Some(_), Some(_)) => part,
                (before, after) => {
                    format!("{}{part}{}", before.unwrap_or(""), after.unwrap_or(""))
                }
            }
        };
        self.put_in.replace_all(text, put).into_owned()
    }

    /// The template in one language, with everything written in that nothing fills.
    pub(super) fn settle(
        &self,
        text: &str,
        lang: &str,
        sentences: &Sentences,
        assets: &Assets,
    ) -> String {
        let text = self.sentence.replace_all(text, |found: &Captures<'_>| {
            // A brace or a backslash would mean something to Handlebars.
            match sentences.unfilled(lang, &found[1]) {
                Some(said) if !said.contains(['{', '\\']) => html_escape(&said),
                _ => found[0].to_owned(),
            }
        });
        let text = self.words.replace_all(&text, |found: &Captures<'_>| {
            match sentences.unfilled(lang, &found[1]) {
                Some(said) if !said.contains(['"', '\\']) && !said.contains(char::is_control) => {
                    format!("\"{said}\"")
                }
                _ => found[0].to_owned(),
            }
        });
        let signs = assets.href(helpers::SYMBOLS);
        let text = self.symbol.replace_all(&text, |found: &Captures<'_>| {
            helpers::symbol(&signs, &found[1])
        });
        let text = self
            .asset
            .replace_all(&text, |found: &Captures<'_>| assets.href(&found[1]));
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::*;

    fn parts(parts: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        parts.iter().map(owned).collect()
    }

    #[test]
    fn a_part_is_put_in_with_its_line_where_it_stands_alone() {
        let settler = Settler::new().unwrap();
        let parts = parts(&[("partials/a", "A\n"), ("partials/b", "<{{> partials/a}}>")]);
        let put = |text| settler.put_in(text, &parts);
        assert_eq!(put("x\n  {{> partials/a}}\ny"), "x\nA\ny");
        assert_eq!(put("x {{> partials/a}} y"), "x A\n y");
        assert_eq!(put("{{> partials/b}}"), "<A\n>");
        assert_eq!(put("{{> partials/b \"\" post=post}}\n"), "<A\n>");
    }

    #[test]
    fn a_part_that_is_given_something_else_stays_a_part() {
        let settler = Settler::new().unwrap();
        let parts = parts(&[
            ("partials/a", "A"),
            ("partials/loop", "{{> partials/loop}}"),
        ]);
        for text in [
            "{{> partials/a \"\" post=this}}",
            "{{> partials/a \"\" post=thread.post}}",
            "{{> partials/a post=post}}",
            "{{> partials/unknown}}",
            "{{> partials/loop}}",
            "{{> @partial-block}}",
        ] {
            assert_eq!(settler.put_in(text, &parts), text);
        }
    }

    #[test]
    fn what_nothing_fills_is_written_in_and_all_else_is_left() {
        let files = Files::default();
        let settler = Settler::new().unwrap();
        let (sentences, assets) = (Sentences::read(&files).unwrap(), Assets::read(&files));
        let settle = |text| settler.settle(text, "en", &sentences, &assets);
        let join = sentences.say("en", "layout-join", &[]);
        assert_eq!(
            settle("<b>{{t \"layout-join\"}}</b>"),
            format!("<b>{join}</b>")
        );
        assert_eq!(
            settle("{{x y=(t \"layout-join\")}}"),
            format!("{{{{x y=\"{join}\"}}}}")
        );
        assert!(settle("{{symbol \"bell\"}}").contains("#bell\"/></svg>"));
        assert!(settle("{{asset \"img/favicon.svg\"}}").starts_with('/'));
        for text in [
            "{{t \"no-such-sentence\"}}",
            "{{t \"layout-notices\"}}",
            "{{t \"layout-notices\" count=3}}",
            "{{t (concat \"a-\" b)}}",
        ] {
            assert_eq!(settle(text), text);
        }
    }
}
