//! What people wrote, made harmless for headers and for mail programs that turn words into links.

/// Longest single line that is put into a sentence, in characters.
const LINE: usize = 300;

/// Is it a character that breaks lines, hides, or turns the direction of what follows?
fn is_trick(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
}

/// One line, nothing else changed: for what admins wrote.
pub(super) fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .take(LINE)
        .map(|c| if is_trick(c) { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line: control characters become spaces, and what a mail program would turn into a link is taken apart, so that a
/// display name cannot carry a link into somebody's mailbox.
pub(super) fn line(text: &str) -> String {
    plain(text)
        .split(' ')
        .map(unlinked)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Several lines, each made harmless like [`line`].
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().take(60).map(line).collect()
}

/// `http://evil.example/x` becomes `http evil·example x`; `J.R.` and `well…ish` stay.
fn unlinked(word: &str) -> String {
    let looks_like_host = word
        .split('.')
        .collect::<Vec<_>>()
        .windows(2)
        .any(|pair| match pair {
            [before, after] => {
                let label = after.chars().take_while(|c| c.is_alphabetic()).count();
                before
                    .chars()
                    .next_back()
                    .is_some_and(char::is_alphanumeric)
                    && label >= 2
            }
            _ => false,
        });
    let lower = word.to_lowercase();
    if looks_like_host
        || lower.contains("://")
        || lower.starts_with("www.")
        || lower.starts_with("mailto:")
    {
        word.replace("://", " ")
            .replace(['/', '@', ':'], " ")
            .replace('.', "·")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are() {
        for name in [
            "Ruth Okoro",
            "J.R. Smith",
            "Zoë…",
            "Dr. No",
            "R2-D2",
            "नमस्ते",
        ] {
            assert_eq!(line(name), name);
        }
    }

    #[test]
    fn links_are_taken_apart() {
        for text in [
            "http://evil.example/x",
            "evil.example",
            "www.evil",
            "Win at https://a.b",
            "mailto:x",
            "a@evil.com",
        ] {
            let clean = line(text);
            assert!(
                !clean.contains("://") && !clean.contains("evil.") && !clean.contains("a.b"),
                "{clean}"
            );
            assert!(!clean.contains('@') && !clean.contains("www."), "{clean}");
        }
    }

    #[test]
    fn nothing_breaks_a_line() {
        assert_eq!(line("a\r\nBcc: x\u{2028}b\0c\u{202e}d"), "a Bcc: x b c d");
    }
}
