//! Any bytes as Markdown: what is shown is safe, and cleaning it again changes nothing. The same is held by a property
//! test beside the renderer (`src/content/attacks.rs`); this one never gets tired.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loggia::content::{RenderOptions, check_source, clean, is_own_run, open_words, render};

fuzz_target!(|source: &str| {
    if check_source(source, 65_536).is_err() {
        return;
    }
    let told = render(source, &RenderOptions::default());
    assert_eq!(clean(&told.html), told.html, "cleaning twice is cleaning once");
    assert_eq!(clean(&clean(source)), clean(source));
    let lower = told.html.to_ascii_lowercase();
    for tag in tags(&lower) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        assert!(!matches!(name, "script" | "style" | "iframe" | "object" | "embed" | "svg" | "form"), "<{tag}>");
        let foreign = ["href=\"javascript:", "href=\"data:", "href=\"vbscript:"];
        // An address may hold anything; the names of attributes stand outside the quotation marks.
        let bare: String = tag.split('"').step_by(2).collect::<Vec<_>>().join("\"");
        assert!(!bare.contains(" on") && !bare.contains(" style="), "<{tag}>");
        assert!(!foreign.iter().any(|what| tag.contains(what)), "<{tag}>");
    }
    let _ = open_words(&told.html);
    let _ = is_own_run(&told.html, 0..told.text.chars().count());
});

/// What stands between `<` and `>`: in cleaned HTML every other bracket is escaped.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}
