//! Text for places that read markup into it: every sign that means something there is disarmed, so that words arrive as
//! they were agreed to. Addresses stay as they are, or nobody could follow them.

/// Does a word begin an address?
fn is_address(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// Writes the text with `escape` applied to every character outside addresses.
pub(super) fn outside_addresses(text: &str, escape: impl Fn(char, &mut String)) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while !rest.is_empty() {
        if is_address(rest) {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (address, after) = rest.split_at(end);
            written.push_str(address);
            rest = after;
            continue;
        }
        let mut chars = rest.chars();
        if let Some(next) = chars.next() {
            escape(next, &mut written);
        }
        rest = chars.as_str();
    }
    written
}

/// A backslash before every sign of this list.
pub(super) fn backslashed(text: &str, signs: &str) -> String {
    outside_addresses(text, |c, written| {
        if signs.contains(c) {
            written.push('\\');
        }
        written.push(c);
    })
}

/// `&`, `<` and `>` as entities, everywhere.
pub(super) fn entities(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_disarmed_and_addresses_left_alone() {
        assert_eq!(
            backslashed("*so* quiet_here https://a.example/h/x_y*z _end_", "*_"),
            r"\*so\* quiet\_here https://a.example/h/x_y*z \_end\_"
        );
        assert_eq!(entities("a < b & c > d"), "a &lt; b &amp; c &gt; d");
        assert_eq!(backslashed("", "*"), "");
    }
}
