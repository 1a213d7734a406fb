use super::*;
use crate::guidelines::style::Voice;

const WORDS: &str = "This morning a kingfisher sat on the bronze heron for an hour.";

fn ines(trimming: bool) -> Voice {
    Voice {
        excerpt: Some(WORDS.to_owned()),
        named: Some("Ines".to_owned()),
        unsaid: vec!["Ines Marlow".to_owned(), "imarlow".to_owned()],
        trimming,
        affiliated: false,
    }
}

fn held(words: &str, voice: Voice) -> Report {
    let voices = [voice];
    check(
        &HouseStyle::default(),
        &Text {
            free_quotes: false,
            voices: &voices,
            ..tried(words)
        },
    )
}

#[test]
fn findings_point_at_the_words_as_they_were_typed() {
    let cases = [
        (
            "quote.consent",
            "Ines:  “A red\nheron.” ok",
            "A red\nheron.",
        ),
        ("quote.open", "Ines: “This morning", "This morning"),
        (
            "quote.trimmed",
            "Ines: “This morning […] for an hour.”",
            "This morning […] for an hour.",
        ),
        (
            "quote.marks",
            "Ines saw that this morning\na kingfisher sat on it",
            "this morning\na kingfisher sat on",
        ),
        ("attribution.more", "👨‍👩‍👧‍👦 Ines Marlow said", "Ines Marlow"),
    ];
    for (rule, words, at) in cases {
        let report = held(words, ines(false));
        let finding = report.findings.iter().find(|f| f.rule == rule);
        let finding = finding.unwrap_or_else(|| panic!("{rule} in {words:?}: {report:?}"));
        assert_eq!(pointed(words, finding), at, "{rule}");
    }
}

#[test]
fn consented_words_are_not_judged_by_manners() {
    let loud = Voice {
        excerpt: Some("THE BEST DAY EVER in order to see 🦭🦭 seals! Click here, it was 20 % off and then we all went home and talked about it for a very long time indeed, all of us, until it was dark.".to_owned()),
        named: Some("Ines".to_owned()),
        ..Voice::default()
    };
    let words = format!("Ines: “{}”", loud.excerpt.clone().unwrap_or_default());
    assert_eq!(held(&words, loud).findings, []);
}

#[test]
fn a_quotation_ends_the_sentence_that_holds_it() {
    let words = format!(
        "One two three four five six seven eight nine ten, Ines: “{WORDS}” One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    );
    assert_eq!(held(&words, ines(false)).findings, []);
}

#[test]
fn words_from_right_to_left_are_quoted_as_any_others() {
    let voice = Voice {
        excerpt: Some("في الليل يسمع المرء الحوت يجيب البحر.".to_owned()),
        named: Some("ليلى".to_owned()),
        unsaid: vec!["ليلى حداد".to_owned()],
        ..Voice::default()
    };
    let fine = "قالت ليلى: «في الليل يسمع المرء الحوت يجيب البحر.» {link}";
    assert_eq!(held(fine, voice.clone()).findings, []);
    let changed = "قالت ليلى: «في النهار يسمع المرء الحوت يجيب البحر.»";
    assert!(held(changed, voice.clone()).has("quote.consent"));
    let more = "قالت ليلى حداد: «في الليل يسمع المرء الحوت يجيب البحر.»";
    assert!(held(more, voice).has("attribution.more"));
}

#[test]
fn a_link_inside_a_quotation_is_not_what_was_agreed() {
    let words = format!(
        "Ines: “{}”",
        WORDS.replace("a kingfisher", "{link} a kingfisher")
    );
    assert!(held(&words, ines(false)).has("quote.consent"));
}

#[test]
fn a_text_that_is_tried_out_may_quote_freely() {
    assert_eq!(
        report("She said “whatever I like, and so do you”.").findings,
        []
    );
    assert!(
        check(
            &HouseStyle::default(),
            &Text {
                words: "“whatever”",
                ..Text::default()
            }
        )
        .has("quote.consent")
    );
}

#[test]
fn a_name_in_capitals_is_a_name() {
    let words = format!("“{WORDS}” ADA Marlow");
    let ada = Voice {
        named: Some("ADA Marlow".into()),
        ..ines(false)
    };
    assert!(!held(&words, ada).has("plain.abbreviation"));
    assert!(held(&words, ines(false)).has("plain.abbreviation"));
}

#[test]
fn a_name_with_an_ending_is_the_name() {
    let words = format!("Ines Marlow’s morning, Ines: “{WORDS}”");
    assert!(held(&words, ines(false)).has("attribution.more"));
    let unasked = ["Zofia Marek".to_owned()];
    let of = |words: &str| {
        check(
            &HouseStyle::default(),
            &Text {
                unasked: &unasked,
                ..tried(words)
            },
        )
    };
    // A text that is tried out is not judged by who is named in it either.
    assert!(!of("Zofia Marek came").has("attribution.unasked"));
    for words in ["Zofia Marek’s garden", "ZOFIA MAREK", "With Zofia\nMarek."] {
        let text = Text {
            free_quotes: false,
            unasked: &unasked,
            ..tried(words)
        };
        assert!(
            check(&HouseStyle::default(), &text).has("attribution.unasked"),
            "{words}"
        );
    }
}

#[test]
fn words_between_single_marks_are_somebodys_words() {
    let fine = format!("Ines, don’t you know: ‘{WORDS}’");
    assert_eq!(held(&fine, ines(false)).findings, []);
    for words in [
        "‘we hate visitors’",
        "'we hate visitors'",
        "‚niemand‘",
        "``nobody''",
    ] {
        let text = format!("Ines: “{WORDS}” She added {words}.");
        assert!(held(&text, ines(false)).has("quote.consent"), "{words}");
    }
}
