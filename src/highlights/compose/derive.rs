//! A channel's variant, made from the master text. Pure.

use super::super::places::Place;

/// The master text as a channel of this kind takes it: where words are found by hashtags, they stand at the end.
#[must_use]
pub fn variant(master: &str, hashtags: &str, place: Place) -> String {
    let master = master.replace("\r\n", "\n");
    let master = master.trim();
    let tags = hashtag_list(hashtags).join(" ");
    if tags.is_empty() || !place.takes_hashtags() || master.contains(&tags) {
        master.to_owned()
    } else {
        format!("{master}\n{tags}")
    }
}

/// The hashtags of a field, each with its `#`, in their order, each once.
#[must_use]
pub fn hashtag_list(typed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for word in typed.split([' ', ',', '\n', '\t']) {
        let word = word.trim().trim_start_matches('#');
        let tag = format!("#{word}");
        if !word.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(word: &str) -> Place {
        Place::parse(word).expect("a kind of ours")
    }

    #[test]
    fn hashtags_stand_where_words_are_found_by_them() {
        let text = "“A kingfisher.” Ines\r\n";
        let social = variant(text, "HarbourMuseum, #Birds #Birds", place("mastodon"));
        assert_eq!(social, "“A kingfisher.” Ines\n#HarbourMuseum #Birds");
        assert_eq!(variant(text, "#Birds", Place::PAGE), "“A kingfisher.” Ines");
        assert_eq!(variant("Look #Birds", "#Birds", place("x")), "Look #Birds");
        assert_eq!(variant("", "", place("x")), "");
    }
}
