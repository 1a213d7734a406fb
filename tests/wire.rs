//! What a first visit carries over the wire: small enough for a telephone on a quay.

use std::collections::BTreeSet;

use crate::story;
use crate::town::talk::{category, reply, started};
use crate::town::{Town, client};

/// All scripts together, and all styles together, packed.
const MOST_SCRIPTS: usize = 20 * 1024;
/// The page of a long thread with everything it loads by itself.
const MOST_FIRST_VIEW: usize = 60 * 1024;

/// A file as a browser gets it: the bytes that travel, and what they say.
async fn fetched(town: &Town, path: &str) -> (usize, String) {
    let url = format!("http://{}{path}", town.node.addr);
    let host = town.base_url().split("://").nth(1).unwrap_or_default();
    let ask = |packed: bool| {
        let request = client().get(&url).header("host", host);
        if packed {
            request.header("accept-encoding", "gzip")
        } else {
            request
        }
    };
    let packed = ask(true).send().await.expect("an answer");
    assert_eq!(packed.status().as_u16(), 200, "{path}");
    let travels = packed.bytes().await.expect("a body").len();
    let plain = ask(false).send().await.expect("an answer");
    let says = plain.bytes().await.expect("a body");
    assert!(travels <= says.len(), "{path} grows when packed");
    (travels, String::from_utf8_lossy(&says).into_owned())
}

/// What stands between two marks, each time.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    let mut parts = text.split(before);
    parts.next();
    parts.filter_map(|part| part.split(after).next()).collect()
}

/// Words that do not pack well: no two posts say the same.
fn paragraph(seed: usize) -> String {
    let syllables = [
        "ka", "rin", "to", "mel", "us", "dra", "fen", "ol", "pi", "gast", "wer", "ny", "quo",
        "bel", "zi", "hart",
    ];
    let mut state = seed * 7_919 + 13;
    let mut text = String::new();
    for word in 0..90 {
        for _ in 0..2 + state % 3 {
            state = (state * 1_103 + 12_345) % 65_521;
            text.push_str(syllables[state % syllables.len()]);
        }
        text.push_str(if word % 14 == 13 { ". " } else { " " });
    }
    text
}

story! {
    async fn a_first_visit_is_light(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let (thread, _) = started(&town, &ruth, field, ("A kingfisher", "a-kingfisher"), &paragraph(1)).await;
        for number in 2..30 {
            let who = if number % 2 == 0 { &tomas } else { &ruth };
            reply(&town, who, thread, &paragraph(number)).await;
        }
        let (page, html) = fetched(&town, &format!("/t/a-kingfisher/{thread}")).await;
        assert!(between(&html, "id=\"post-", "\"").contains(&"20"), "a whole page of posts");

        let mut styles: BTreeSet<&str> = BTreeSet::new();
        for link in between(&html, "<link rel=\"stylesheet\" href=\"", "\"") {
            styles.insert(link);
        }
        let mut scripts: Vec<String> = between(&html, "<script type=\"module\" src=\"", "\"").into_iter().map(str::to_owned).collect();
        assert!(!styles.is_empty() && !scripts.is_empty());
        let mut all_styles = 0;
        for style in &styles {
            all_styles += fetched(&town, style).await.0;
        }
        let (mut all_scripts, mut at) = (0, 0);
        while let Some(script) = scripts.get(at).cloned() {
            let (travels, text) = fetched(&town, &script).await;
            all_scripts += travels;
            let folder = script.rsplit_once('/').map_or("", |(folder, _)| folder);
            for import in between(&text, "from \"./", "\"").into_iter().chain(between(&text, "from './", "'")) {
                let import = format!("{folder}/{import}");
                if !scripts.contains(&import) {
                    scripts.push(import);
                }
            }
            at += 1;
        }
        let mut symbols: BTreeSet<&str> = BTreeSet::new();
        for used in between(&html, "<use href=\"", "\"").into_iter().chain(between(&html, "<img src=\"", "\"")) {
            symbols.insert(used.split('#').next().unwrap_or_default());
        }
        for icon in between(&html, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"", "\"") {
            symbols.insert(icon);
        }
        let mut all_symbols = 0;
        for symbol in symbols.iter().filter(|symbol| symbol.starts_with('/')) {
            all_symbols += fetched(&town, symbol).await.0;
        }
        let sum = page + all_styles + all_scripts + all_symbols;
        let told = format!("page {page}, styles {all_styles}, {} scripts {all_scripts}, {} symbols {all_symbols}", scripts.len(), symbols.len());
        println!("{told}");
        assert!(scripts.len() > 5, "imports are followed: {told}");
        assert!(all_styles <= MOST_SCRIPTS, "{told}");
        assert!(sum <= MOST_FIRST_VIEW, "{told}");
    }
}

/// All there are, also those that this page does not ask for. Comments travel as well.
#[test]
fn all_scripts_and_all_styles_are_small() {
    use std::io::Write;
    let packed = |folder: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("public")
            .join(folder);
        let mut sum = 0;
        for file in std::fs::read_dir(path).expect("a folder") {
            let bytes = std::fs::read(file.expect("a file").path()).expect("its bytes");
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&bytes).expect("packed");
            sum += encoder.finish().expect("packed").len();
        }
        sum
    };
    for (folder, floor) in [("js", 4_000), ("css", 4_000)] {
        let sum = packed(folder);
        assert!(
            (floor..=MOST_SCRIPTS).contains(&sum),
            "{folder}: {sum} bytes"
        );
    }
}
