use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::guidelines::style::{BUILT_IN, Earlier, Length, Level, Picture, Voice};

/// Rules that need nothing but words: texts that pass, texts that fail with the words pointed at.
const BY_WORDS: &[(&str, &[&str], &[(&str, &str)])] = &[
    (
        "text.missing",
        &["A word. {link}"],
        &[(" \n", ""), ("{link}", "")],
    ),
    (
        "link.home",
        &["See {link}", "Fig. 2 at 10:30, i.e. on Sunday."],
        &[
            ("See {link} or {link}", "{link}"),
            (
                "See https://elsewhere.example/x today",
                "https://elsewhere.example/x",
            ),
            ("مرحبا (bit.ly/3xY) مرحبا", "bit.ly/3xY"),
            ("👨‍👩‍👧‍👦 www.shop.example.", "www.shop.example"),
        ],
    ),
    (
        "mention.none",
        &["half @ half", "160 grams on 01.02.2026"],
        &[
            ("Look, @everyone!", "@everyone"),
            ("Ask ines@museum.example now", "ines@museum.example"),
            ("Call +44 20 7946 0958 now", "+44 20 7946 0958"),
        ],
    ),
    (
        "claim.promise",
        &["We hope to see it again.", "The keeper promised nothing."],
        &[
            ("You are guaranteed to see a seal.", "guaranteed"),
            ("It is 100 % certain.", "100 %"),
        ],
    ),
    (
        "claim.price",
        &[
            "It was 1928 and 160 grams.",
            "They sharpened pencils on pay day.",
        ],
        &[
            ("Tickets from € 12 today", "€ 12"),
            ("Now 20 % off", "20 % off"),
            ("It costs 5 euros", "5 euros"),
            ("Half price on Sunday", "Half price"),
        ],
    ),
    (
        "claim.superlative",
        &[
            "A large anchor, and the best-kept logbook of 1928.",
            "The west quay in the rest of the forest.",
        ],
        &[
            ("The greatest museum", "The greatest"),
            ("A world-class view", "world-class"),
            ("We are #1 here", "#1"),
        ],
    ),
    (
        "claim.incident",
        &["The safe was stolen in 1911."],
        &[
            ("There was a data breach yesterday", "data breach"),
            ("We were hacked", "hacked"),
        ],
    ),
    (
        "tag.camel",
        &[
            "#HarbourMuseum #birds #Perpetua #night_watch",
            "#متحفالميناءالقديم",
            "#東京の港の博物館の話です",
        ],
        &[("See #harbourmuseum", "#harbourmuseum")],
    ),
    (
        "tag.count",
        &["#One #Two #Three"],
        &[("#One #Two #Three #Four", "#Four")],
    ),
    (
        "emoji.count",
        &["Seals 🦭🐟🌊", "A family: 👨‍👩‍👧‍👦👨‍👩‍👦👩‍👧"],
        &[("Seals 🦭🐟🌊⚓", "⚓")],
    ),
    (
        "emoji.run",
        &["Seals 🦭🐟🦭"],
        &[("Seals 🦭 🦭", "🦭 🦭"), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦")],
    ),
    (
        "emoji.place",
        &[
            "A seal sat there. 🦭\nIt left.",
            "A seal 🦭 #Harbour",
            "فقمة في الميناء 🦭",
        ],
        &[("🦭 A seal sat there.", "🦭"), ("I ❤️ seals", "❤️")],
    ),
    (
        "caps",
        &[
            "SOS was sent.",
            "The RMS TITANIC of Belfast",
            "Ä Ö Ü are letters.",
        ],
        &[
            ("COME AND SEE the seal", "COME AND SEE"),
            (
                "ПРИХОДИТЕ И СМОТРИТЕ СЕЙЧАС на тюленя",
                "ПРИХОДИТЕ И СМОТРИТЕ СЕЙЧАС",
            ),
        ],
    ),
    (
        "fancy",
        &["A plain ½ H₂O ℵ №"],
        &[
            ("A 𝓫𝓮𝓪𝓾𝓽𝓲𝓯𝓾𝓵 boat", "𝓫𝓮𝓪𝓾𝓽𝓲𝓯𝓾𝓵"),
            ("Ⓐ boat", "Ⓐ"),
            ("Ｂoat", "Ｂ"),
        ],
    ),
    (
        "art",
        &["Well ..... then (1) — «yes»?!", "Half/half, i.e. 5-6"],
        &[("Look: ------> there", "------>"), ("║═║ box", "║═║")],
    ),
    (
        "plain.sentence",
        &[
            "One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty, twenty-one.",
            "a b c d e f g h i j k l m\nn o p q r s t u v w x y z aa bb",
        ],
        &[(
            "It began. A b c d e f g h i j k l m n o p q r s t u v w x y z.",
            "A b c d e f g h i j k l m n o p q r s t u v w x y z.",
        )],
    ),
    (
        "plain.lix",
        &[
            "We saw it. It was big. It sat on the quay for an hour and then it left us there. Nobody knew why it had come. We went home and had tea with milk.",
        ],
        &[(
            "Institutional communication departments increasingly demonstrate considerable organisational responsibility regarding multidimensional stakeholder participation throughout contemporary interdisciplinary collaborative museological infrastructures, notwithstanding administrative complications accompanying intergovernmental documentation requirements concerning international conservation. Comprehensive professional documentation accompanies institutional collaborations everywhere, unfortunately including administrative correspondence.",
            "",
        )],
    ),
    (
        "plain.jargon",
        &["We use the crane to lift."],
        &[
            ("We leverage the crane", "leverage"),
            ("We did it in order to lift", "in order to"),
        ],
    ),
    (
        "plain.abbreviation",
        &[
            "The Rope Hall (RH) is open. RH again.",
            "The BBC came to the UK on TV.",
            "Tag #HMC here",
        ],
        &[("The HMC is open", "HMC"), ("Two RNLIs came", "RNLIs")],
    ),
    (
        "plain.here",
        &[
            "Here is the whole diary.",
            "The conversation about the diary: {link}",
        ],
        &[
            ("Click here: {link}", "Click here"),
            ("It is the link in bio", "link in bio"),
        ],
    ),
];

#[test]
fn each_rule_has_texts_that_pass_and_texts_that_fail() {
    for (rule, passes, fails) in BY_WORDS {
        for words in *passes {
            let found = report(words);
            assert!(
                !found.has(rule),
                "{rule} finds something in {words:?}: {found:?}"
            );
        }
        for (words, at) in *fails {
            let found = report(words);
            let Some(finding) = found.findings.iter().find(|f| f.rule == *rule) else {
                panic!("{rule} finds nothing in {words:?}");
            };
            assert_eq!(pointed(words, finding), *at, "{rule} in {words:?}");
        }
    }
}

#[test]
fn no_built_in_rule_is_without_such_a_test() {
    // These need more than words; their tests are below and in `quotations`.
    let others = [
        "len.channel",
        "quote.missing",
        "quote.marks",
        "quote.open",
        "quote.trimmed",
        "quote.consent",
        "attribution.missing",
        "attribution.more",
        "attribution.unasked",
        "disclosure",
        "alt.missing",
        "alt.len",
        "alt.begin",
        "lang.set",
        "secret.title",
        "dup.text",
        "dup.link",
    ];
    let tested: BTreeSet<&str> = BY_WORDS
        .iter()
        .map(|(rule, ..)| *rule)
        .chain(others)
        .collect();
    let all: BTreeSet<&str> = BUILT_IN.iter().map(|rule| rule.id).collect();
    assert_eq!(tested, all);
}

#[test]
fn every_built_in_rule_has_its_sentences() {
    let here = include_str!("../../../../locales/en/guidelines.ftl");
    let there = include_str!("../../../../locales/en/highlights.ftl");
    for rule in BUILT_IN {
        let id = rule.id.replace('.', "-");
        let said = format!("\nproblem-check-{id} = ");
        assert!(
            here.contains(&said) || there.contains(&said),
            "{id} says nothing"
        );
        assert!(
            here.contains(&format!("\nguidelines-rule-{id} = ")),
            "{id} is not explained"
        );
    }
}

#[test]
fn length_is_the_channels_own() {
    let of = |is, most| {
        let length = Some(Length { is, most });
        check(
            &HouseStyle::default(),
            &Text {
                length,
                ..tried("A seal.")
            },
        )
    };
    assert!(!of(300, Some(300)).has("len.channel"));
    assert!(!of(9_000, None).has("len.channel"));
    let over = of(301, Some(300));
    let finding = over
        .findings
        .iter()
        .find(|f| f.rule == "len.channel")
        .expect("one too long");
    assert_eq!(
        finding.args.get("over").map(String::as_str),
        Some("1"),
        "one grapheme is one too many"
    );
    assert_eq!((over.length, over.limit), (301, Some(300)));
}

#[test]
fn a_picture_is_described() {
    let of = |alt: &str, file_name: &str, most| {
        let pictures = [Picture {
            alt,
            file_name,
            most,
        }];
        let report = check(
            &HouseStyle::default(),
            &Text {
                pictures: &pictures,
                ..tried("A seal.")
            },
        );
        report
            .findings
            .iter()
            .map(|f| f.rule.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("A seal on the slipway", "seal.jpg", Some(1500)), [""; 0]);
    for (alt, file) in [
        ("", "a.jpg"),
        (" \u{200b} \n", ""),
        ("IMG_2034.JPG", "x.png"),
        ("green-lady", "Green_Lady.png"),
        ("photo", ""),
    ] {
        let found = of(alt, file, None);
        assert!(
            found.contains(&"alt.missing".to_owned()) || alt.contains('\u{200b}'),
            "{alt:?} {found:?}"
        );
    }
    assert_eq!(of("Image of a seal", "x", None), ["alt.begin"]);
    assert_eq!(of("صورة فقمة على المنزلق", "x", Some(21)), [""; 0]);
    assert_eq!(
        of("A seal 👨‍👩‍👧‍👦", "x", Some(8)),
        [""; 0],
        "a family is one grapheme"
    );
    assert_eq!(of("A seal 👨‍👩‍👧‍👦", "x", Some(7)), ["alt.len"]);
}

#[test]
fn the_language_is_said_where_the_channel_asks() {
    let of = |lang| {
        check(
            &HouseStyle::default(),
            &Text {
                lang,
                ..tried("A seal.")
            },
        )
        .has("lang.set")
    };
    for right in [
        None,
        Some("en"),
        Some("de-AT"),
        Some("zh-Hant-TW"),
        Some("fil"),
    ] {
        assert!(!of(right), "{right:?}");
    }
    for wrong in [
        Some(""),
        Some("e"),
        Some("english"),
        Some("en_GB"),
        Some("12"),
    ] {
        assert!(of(wrong), "{wrong:?}");
    }
}

#[test]
fn what_is_not_for_everybody_is_not_said() {
    let restricted: Vec<String> = ["What stays in the snug", "Staff", "Wing", "سر الميناء"]
        .map(str::to_owned)
        .into();
    let of = |words: &str| {
        let report = check(
            &HouseStyle::default(),
            &Text {
                restricted: &restricted,
                ..tried(words)
            },
        );
        report.has("secret.title")
    };
    for words in [
        "In “what  stays in\nthe Snug” we said",
        "As told in Staff today",
        "قيل سر الميناء أمس",
    ] {
        assert!(of(words), "{words}");
    }
    for words in [
        "What stays in the snuggery",
        "Staff told us",
        "All staff told us",
        "Stays in the snug",
    ] {
        assert!(!of(words), "{words}");
    }
}

#[test]
fn the_same_again_is_noticed() {
    let of = |words: &'static str, days_ago, same_source| {
        let earlier = [Earlier {
            words: "A kingfisher sat on the bronze heron this morning, for an hour.",
            days_ago,
            same_source,
        }];
        check(
            &HouseStyle::default(),
            &Text {
                earlier: &earlier,
                ..tried(words)
            },
        )
    };
    let again = "This morning a kingfisher sat on the bronze heron, for an hour.";
    assert!(of(again, 90, false).has("dup.text"));
    let other = "Ringed on Tern Holm: 31 goldcrests, the weight of one apple.";
    assert!(!of(other, 90, false).has("dup.text"));
    assert!(
        of(other, 13, true).has("dup.link")
            && !of(other, 14, true).has("dup.link")
            && !of(other, 1, false).has("dup.link")
    );
}

#[test]
fn who_works_here_is_said_where_the_house_asks() {
    let voices = [Voice {
        excerpt: Some("The mud lets go at low water.".to_owned()),
        affiliated: true,
        ..Voice::default()
    }];
    let of = |yaml: &str, words: &str| {
        let text = Text {
            free_quotes: false,
            voices: &voices,
            ..tried(words)
        };
        check(&house(yaml), &text).has("disclosure")
    };
    let flagged = "disclosure: [works at the museum, our colleague]";
    assert!(of(flagged, "“The mud lets go at low water.” A member"));
    assert!(!of(
        flagged,
        "“The mud lets go at low water.” A member, who Works at the Museum"
    ));
    assert!(
        !of("rules: []", "“The mud lets go at low water.” A member"),
        "a house that does not ask is not told"
    );
}

#[test]
fn lists_of_english_words_are_for_english_texts() {
    let of = |lang| {
        check(
            &HouseStyle::default(),
            &Text {
                lang: Some(lang),
                ..tried("Prior to 1928, € 5")
            },
        )
    };
    assert!(of("en-GB").has("plain.jargon") && !of("nl").has("plain.jargon"));
    assert!(
        of("nl").has("claim.price"),
        "a sum is a sum in every language"
    );
}

#[test]
fn errors_come_first_then_the_order_of_the_text() {
    let report = report("COME AND SEE. Prior to that, ask @ines or call +44 20 7946 0958.");
    let found: Vec<(&str, Level)> = report
        .findings
        .iter()
        .map(|f| (f.rule.as_str(), f.level))
        .collect();
    assert_eq!(
        found,
        [
            ("mention.none", Level::Error),
            ("mention.none", Level::Error),
            ("caps", Level::Warning),
            ("plain.jargon", Level::Warning)
        ]
    );
    assert!(!report.passes());
}

proptest! {
    #[test]
    fn no_text_makes_the_rules_panic_or_point_outside(words in any::<String>(), excerpt in any::<String>()) {
        let voices = [Voice { excerpt: Some(excerpt.clone()), named: Some(excerpt.clone()), unsaid: vec![words.clone()], ..Voice::default() }];
        let pictures = [Picture { alt: &words, file_name: &excerpt, most: Some(3) }];
        let restricted = [words.clone(), excerpt.clone()];
        let earlier = [Earlier { words: &excerpt, days_ago: 0, same_source: true }];
        let text = Text { words: &words, link: &excerpt, voices: &voices, pictures: &pictures, restricted: &restricted, earlier: &earlier, ..Text::default() };
        let report = check(&HouseStyle::default(), &text);
        let length = words.chars().count();
        for span in report.findings.iter().filter_map(|f| f.span) {
            prop_assert!(span.start < span.end && span.end <= length);
        }
        let frozen = serde_json::to_string(&report).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Report>(&frozen).expect("a report"), report);
    }
}
