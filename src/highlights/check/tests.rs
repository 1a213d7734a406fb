use proptest::prelude::*;

use super::*;
use crate::highlights::places::Places;

const WORDS: &str = "This morning a kingfisher sat on the bronze heron for an hour.";

fn voice(attribution: Attribution) -> Voice {
    Voice {
        excerpt: Some(WORDS.to_owned()),
        handle: "ines".to_owned(),
        display: "Ines Marlow".to_owned(),
        attribution,
        named: attribution.named("Ines Marlow"),
        trimming: false,
        affiliated: false,
    }
}

fn matter(voices: Vec<Voice>) -> Matter {
    let places = Places::parse(["page", "mastodon"]);
    Matter {
        voices,
        covered: Covered {
            places,
            by_hand: false,
        },
        place: Place::parse("mastodon").unwrap(),
        link: "https://commons.example/h/23456789".to_owned(),
        embargo_until: None,
        planned_at: At(0),
        unfinished_before: false,
        said_before: false,
        unasked: Vec::new(),
        restricted: Vec::new(),
        earlier: Vec::new(),
        lang: String::new(),
        picture: None,
        style: Arc::default(),
    }
}

fn report_of(text: &str, matter: &Matter) -> Report {
    let count = |text: &str| text.chars().count();
    check(
        text,
        matter,
        &Measure {
            count: &count,
            limit: Some(300),
        },
    )
}

fn rules(text: &str, voices: Vec<Voice>) -> Vec<String> {
    let report = report_of(text, &matter(voices));
    report.findings.into_iter().map(|f| f.rule).collect()
}

#[test]
fn the_words_as_agreed_pass_in_every_kind_of_marks() {
    for text in [
        format!("“{WORDS}” Ines Marlow, in the Commons."),
        format!("Ines Marlow saw it: «{WORDS}» {{link}}"),
        format!("„{WORDS}“ (Ines Marlow)"),
        format!("« {} » Ines Marlow", WORDS.replace(' ', "\n")),
        format!("Ines Marlow: \"{WORDS}\""),
    ] {
        assert_eq!(
            rules(&text, vec![voice(Attribution::Name)]),
            [""; 0],
            "{text}"
        );
    }
}

#[test]
fn a_changed_word_is_nobodys_word() {
    let text = format!("“{}” Ines Marlow", WORDS.replace("an hour", "two hours"));
    let found = rules(&text, vec![voice(Attribution::Name)]);
    assert!(found.contains(&"quote.consent".to_owned()), "{found:?}");
    assert!(found.contains(&"quote.missing".to_owned()), "{found:?}");
}

#[test]
fn words_without_marks_are_found() {
    let text = "Ines Marlow says this morning a kingfisher sat on the bronze heron.";
    assert!(rules(text, vec![voice(Attribution::Name)]).contains(&"quote.marks".to_owned()));
}

#[test]
fn an_open_mark_is_found() {
    let text = format!("“{WORDS} Ines Marlow");
    assert!(rules(&text, vec![voice(Attribution::Name)]).contains(&"quote.open".to_owned()));
}

#[test]
fn leaving_out_needs_leave() {
    let text = "“This morning a kingfisher sat […] for an hour.” Ines Marlow";
    assert_eq!(
        rules(text, vec![voice(Attribution::Name)]),
        ["quote.trimmed", "quote.missing"]
    );
    let lenient = Voice {
        trimming: true,
        ..voice(Attribution::Name)
    };
    assert_eq!(rules(text, vec![lenient.clone()]), [""; 0]);
    let turned = "“sat for an hour […] this morning” Ines Marlow";
    assert!(rules(turned, vec![lenient.clone()]).contains(&"quote.consent".to_owned()));
    let added = "“This morning a red kingfisher sat […] for an hour.” Ines Marlow";
    assert!(rules(added, vec![lenient]).contains(&"quote.consent".to_owned()));
}

#[test]
fn quotation_marks_inside_the_words_do_not_end_them() {
    let inner = Voice {
        excerpt: Some("She called it \"the boat\" for years.".to_owned()),
        ..voice(Attribution::Name)
    };
    let text = "Ines Marlow: \"She called it \"the boat\" for years.\"";
    assert_eq!(rules(text, vec![inner]), [""; 0]);
}

#[test]
fn names_are_said_as_agreed() {
    let text = |name: &str| format!("“{WORDS}” {name}, in the Commons.");
    let of = |name: &str, attribution| rules(&text(name), vec![voice(attribution)]);
    assert_eq!(of("A visitor", Attribution::Name), ["attribution.missing"]);
    assert_eq!(of("Ines", Attribution::FirstName), [""; 0]);
    assert_eq!(
        of("Ines Marlow", Attribution::FirstName),
        ["attribution.more"]
    );
    assert_eq!(of("A member", Attribution::Member), [""; 0]);
    assert_eq!(of("Ines", Attribution::Member), ["attribution.more"]);
    assert_eq!(of("Ines Marlow", Attribution::Member), ["attribution.more"]);
}

#[test]
fn one_link_and_it_is_ours() {
    let ok = format!("“{WORDS}” Ines Marlow");
    assert!(report_of(&ok, &matter(vec![voice(Attribution::Name)])).passes());
    for more in [
        "{link} {link}",
        "https://elsewhere.example",
        "www.x.example",
        "commons.example/h/23456789",
    ] {
        let text = format!("{ok} {more}");
        assert_eq!(
            rules(&text, vec![voice(Attribution::Name)]),
            ["link.home"],
            "{more}"
        );
    }
    let two = format!("{ok} @everyone");
    assert_eq!(
        rules(&two, vec![voice(Attribution::Name)]),
        ["mention.none"]
    );
}

#[test]
fn the_link_counts_and_the_limit_is_kept() {
    let one = matter(vec![voice(Attribution::Name)]);
    let base = format!("“{WORDS}” Ines Marlow ");
    let room = 300 - base.chars().count() - 1 - one.link.chars().count();
    assert!(report_of(&format!("{base}{}", "x".repeat(room)), &one).passes());
    let over = report_of(&format!("{base}{}", "x".repeat(room + 1)), &one);
    assert!(over.has("len.channel"));
    assert_eq!((over.length, over.limit), (301, Some(300)));
}

#[test]
fn a_place_nobody_ticked_is_not_covered() {
    let mut one = matter(vec![voice(Attribution::Name)]);
    one.place = Place::parse("bluesky").unwrap();
    one.embargo_until = Some(At(1));
    one.unfinished_before = true;
    one.said_before = true;
    let report = report_of(&format!("“{WORDS}” Ines Marlow"), &one);
    for rule in ["consent.place", "embargo", "dup.unfinished", "dup.again"] {
        assert!(report.has(rule), "{rule}");
    }
    assert_eq!(
        report.findings.last().map(|f| f.level),
        Some(Level::Warning)
    );
}

#[test]
fn the_standard_frame_passes_its_own_rules() {
    for attribution in Attribution::ALL {
        let voices = vec![voice(*attribution)];
        let text = standard_frame(&voices, "a member", "In the Commons.", "A kingfisher");
        assert_eq!(rules(&text, voices), [""; 0], "{text}");
    }
    assert_eq!(
        standard_frame(&[], "a member", "In the Commons.", "1,000 threads"),
        "1,000 threads\nIn the Commons."
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_rules_panic(text in any::<String>(), words in any::<String>()) {
        let odd = Voice { excerpt: Some(words), ..voice(Attribution::Member) };
        let _ = report_of(&text, &matter(vec![odd]));
    }

    /// Whatever stands between quotation marks in a text that passes, is the consented words.
    #[test]
    fn what_passes_says_only_what_was_agreed(
        before in "[a-z ]{0,20}", inside in prop_oneof![Just(WORDS.to_owned()), "[a-z ]{1,20}", Just(format!("{WORDS} ")), Just(WORDS.replace("hour", "Hour"))], after in "[a-z ]{0,20}",
    ) {
        let text = format!("{before} “{inside}” Ines Marlow {after}");
        let report = report_of(&text, &matter(vec![voice(Attribution::Name)]));
        prop_assert_eq!(report.passes(), inside.split_whitespace().eq(WORDS.split_whitespace()));
    }
}
