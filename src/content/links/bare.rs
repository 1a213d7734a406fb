//! Finding the links that stand bare in cleaned HTML.

use crate::content::veiled;

/// Most cards under one post.
const MOST: usize = 3;
/// Longest address that is looked up, in bytes.
const LONGEST: usize = 500;

/// Addresses of other sites that are all that a paragraph says, in their order. `base_url` is the community's own
/// address, whose pages have no cards: who may see them is asked at each reading.
#[must_use]
pub fn bare_links(html: &str, base_url: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // A card would show what a spoiler veils.
    let open = veiled(html, "");
    for rest in open.split("<p><a href=\"").skip(1) {
        let Some((address, rest)) = rest.split_once('"') else {
            continue;
        };
        let Some((_, said)) = rest.split_once('>') else {
            continue;
        };
        let Some((said, after)) = said.split_once("</a>") else {
            continue;
        };
        let address = address.replace("&amp;", "&");
        let said = said.replace("&amp;", "&");
        let bare = after.starts_with("</p>")
            && address
                .trim_end_matches('/')
                .ends_with(said.trim_end_matches('/'));
        let web = address.starts_with("https://") || address.starts_with("http://");
        let own = address == base_url || address.starts_with(&format!("{base_url}/"));
        if bare && web && !own && address.len() <= LONGEST && !found.contains(&address) {
            found.push(address);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{RenderOptions, render};

    fn bare(source: &str) -> Vec<String> {
        let base = "https://forum.example.org";
        bare_links(&render(source, &RenderOptions::default()).html, base)
    }

    #[test]
    fn a_link_is_bare_where_its_paragraph_says_nothing_else() {
        assert_eq!(
            bare("https://a.example/x?a=1&b=2"),
            ["https://a.example/x?a=1&b=2"]
        );
        assert_eq!(bare("www.a.example"), ["http://www.a.example"]);
        for none in [
            "see https://a.example",
            "[words](https://a.example)",
            "- https://a.example",
            "https://forum.example.org/t/x/1",
            "/t/x/1",
            "mailto:a@b.example",
            "> [!spoiler] Who did it\n> https://a.example",
        ] {
            assert!(bare(none).is_empty(), "{none}");
        }
        assert_eq!(
            bare("https://a.example\n\nhttps://a.example\n\nhttps://b.example"),
            ["https://a.example", "https://b.example"]
        );
        let many: Vec<String> = (0..9).map(|n| format!("https://{n}.example")).collect();
        assert_eq!(bare(&many.join("\n\n")).len(), MOST);
    }
}
