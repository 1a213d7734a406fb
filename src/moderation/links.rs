//! Where words lead: which addresses stand in them, and which of these leave the house. Pure.

/// The addresses behind the links of rendered words.
pub(super) fn addresses(html: &str) -> impl Iterator<Item = &str> {
    let all = html.split("href=\"").skip(1);
    all.filter_map(|rest| rest.split('"').next())
}

/// Does this address lead to another site than `home`? Read as browsers do: in any case, with or without a scheme, and
/// past signs that they pass over.
pub(super) fn leads_away(home: &str, address: &str) -> bool {
    let address = plain(address);
    let after_scheme = ["https:", "http:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let place = match after_scheme {
        Some(rest) => rest.trim_start_matches('/'),
        None => match address.strip_prefix("//") {
            Some(rest) => rest.trim_start_matches('/'),
            None => return false,
        },
    };
    let home = plain(home);
    let home = home
        .split_once("//")
        .map_or(home.as_str(), |(_, host)| host);
    match place.strip_prefix(home.trim_end_matches('/')) {
        Some(rest) => !(rest.is_empty() || rest.starts_with(['/', '?', '#'])),
        None => true,
    }
}

fn plain(address: &str) -> String {
    let seen = address.trim().chars().filter(|c| !c.is_control());
    let seen = seen.map(|c| {
        if c == '\\' {
            '/'
        } else {
            c.to_ascii_lowercase()
        }
    });
    seen.collect()
}

/// Does any address that is typed in these words lead away? For words that are shown as they are.
pub(super) fn any_leads_away(home: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| {
        let word = word.to_lowercase();
        let typed = ["http://", "https://"].iter().filter_map(|begin| {
            let at = word.find(begin)?;
            word.get(at..)
        });
        let mut typed = typed.chain(word.find("www.").and_then(|at| word.get(at..)));
        typed.any(|address| {
            if address.starts_with("www.") {
                leads_away(home, &format!("//{address}"))
            } else {
                leads_away(home, address)
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://forum.example:8443";

    #[test]
    fn an_address_leads_away_however_it_is_spelt() {
        for away in [
            "http://evil.example/a",
            "HTTP://evil.example/a",
            "//evil.example/a",
            "/\\evil.example/a",
            "https:evil.example",
            "https://forum.example:8443.evil.example/",
            "https://forum.example:8443@evil.example/",
        ] {
            assert!(leads_away(HOME, away), "{away}");
        }
        for home in [
            "/latest",
            "#part",
            "mailto:a@b.example",
            "https://forum.example:8443",
            "HTTPS://Forum.example:8443/t/a/1",
            "//forum.example:8443?x",
        ] {
            assert!(!leads_away(HOME, home), "{home}");
        }
    }

    #[test]
    fn typed_addresses_are_found_in_plain_words() {
        assert!(any_leads_away(HOME, "Buy (HTTPS://evil.example) now"));
        assert!(any_leads_away(HOME, "at www.evil.example"));
        assert!(!any_leads_away(
            HOME,
            "see https://forum.example:8443/latest, and so on"
        ));
        assert!(!any_leads_away(HOME, "Which boat?"));
    }
}
