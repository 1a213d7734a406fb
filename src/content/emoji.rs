//! Emoji by their names, `:tada:`.

/// Emoji that completion offers.
const OFFERED: usize = 8;

/// A few emoji whose names begin like this, the shortest name first: name and sign.
#[must_use]
pub fn emoji_like(beginning: &str) -> Vec<(String, &'static str)> {
    let wanted = beginning.trim_matches(':').to_ascii_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(String, &'static str)> = emojis::iter()
        .flat_map(|emoji| emoji.shortcodes().map(move |name| (name, emoji.as_str())))
        .filter(|(name, _)| name.starts_with(&wanted))
        .map(|(name, sign)| (name.to_owned(), sign))
        .collect();
    found.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
    found.truncate(OFFERED);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_found_by_the_beginning_of_their_name() {
        assert!(
            emoji_like(":tad")
                .iter()
                .any(|(name, sign)| name == "tada" && *sign == "\u{1f389}")
        );
        assert!(emoji_like("").is_empty());
        assert!(emoji_like("s").len() <= OFFERED);
        assert!(emoji_like("no such thing").is_empty());
    }
}
