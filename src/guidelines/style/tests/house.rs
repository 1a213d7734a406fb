use proptest::prelude::*;

use super::*;
use crate::guidelines::style::{Level, RuleSource};

const FILE: &str = r#"
# How the harbour speaks.
rules:
  - id: voice.chorus
    kind: existence
    level: error
    message: "“{found}” makes a chorus of one voice."
    better: a member writes
    cites: 4
    words: [our community thinks, everyone agrees]
    patterns: ['\bmembers (say|think)\b']
  - id: words.plain
    kind: substitution
    level: suggestion
    message: "There is a shorter word for “{found}”."
    swap:
      commence: begin
      a large number of: many
  - id: marks.calm
    kind: occurrence
    level: warning
    message: "{found} exclamation marks: one shout is enough."
    patterns: ['!']
    most: 1
  - id: years.calm
    kind: occurrence
    level: warning
    message: "Two years in one sentence are one too many."
    patterns: ['\b\d{4}\b']
    per: sentence
    most: 1
  - id: ship.registered
    kind: conditional
    level: warning
    message: "“{found}” wants its port of registry in brackets."
    if: '\bthe ([A-Z]\w+)\b'
    then: '\b([A-Z]\w+) \('
    case: true
  - id: text.short
    kind: metric
    level: warning
    message: "{found} words."
    measure: words
    most: 12
  - id: names.embargo
    kind: existence
    level: error
    message: "“{found}” is not announced yet."
    words: [Drowned Bell]
    quotes: true
built_in:
  emoji.count: {level: error, most: 1}
  caps: {level: "off"}
  tag.camel: {allow: [kingfishers]}
mentions: ["@harbour@social.example"]
"#;

fn found(words: &str) -> Vec<(String, String, Option<String>)> {
    let report = check(&house(FILE), &tried(words));
    report
        .findings
        .iter()
        .map(|f| {
            (
                f.rule.clone(),
                pointed(words, f).to_owned(),
                f.better.clone(),
            )
        })
        .collect()
}

fn one(rule: &str, at: &str, better: Option<&str>) -> Vec<(String, String, Option<String>)> {
    vec![(rule.to_owned(), at.to_owned(), better.map(str::to_owned))]
}

#[test]
fn existence_finds_words_and_patterns() {
    let better = Some("a member writes");
    assert_eq!(
        found("Here Our  community\nthinks so."),
        one("voice.chorus", "Our  community\nthinks", better)
    );
    assert_eq!(
        found("Members say so."),
        one("voice.chorus", "Members say", better)
    );
    assert_eq!(found("The community thinks. Everyone agreed."), []);
    let report = check(&house(FILE), &tried("Everyone agrees."));
    let finding = &report.findings[0];
    assert_eq!((finding.level, finding.cites), (Level::Error, Some(4)));
    assert_eq!(
        finding.message.as_deref(),
        Some("“Everyone agrees” makes a chorus of one voice.")
    );
    assert_eq!(finding.key(), "check-house");
}

#[test]
fn substitution_says_what_is_better_for_just_these_words() {
    assert_eq!(
        found("We commence."),
        one("words.plain", "commence", Some("begin"))
    );
    assert_eq!(
        found("A large number of seals"),
        one("words.plain", "A large number of", Some("many"))
    );
    assert_eq!(found("Commencement, in large numbers"), []);
}

#[test]
fn occurrence_counts_in_the_text_or_in_each_sentence() {
    assert_eq!(found("A seal! Two."), []);
    assert_eq!(found("A seal! Two! Three!"), one("marks.calm", "!", None));
    assert_eq!(found("Built in 1899. Sunk in 1928."), []);
    assert_eq!(
        found("Built in 1899, sunk in 1928."),
        one("years.calm", "1928", None)
    );
    let least = house(
        "rules: [{id: x, kind: occurrence, level: warning, message: m, words: [harbour], least: 1}]",
    );
    assert_eq!(check(&least, &tried("A seal.")).findings.len(), 1);
    assert_eq!(check(&least, &tried("A harbour seal.")).findings.len(), 0);
}

#[test]
fn conditional_wants_the_counterpart_of_each() {
    assert_eq!(
        found("On the Perpetua we sang."),
        one("ship.registered", "Perpetua", None)
    );
    assert_eq!(
        found("The tug Perpetua (Merrowby): on the Perpetua we sang."),
        []
    );
    assert_eq!(
        found("On the perpetual motion"),
        [],
        "large and small letters differ here"
    );
}

#[test]
fn metric_measures_the_publishers_own_words() {
    assert_eq!(found("1 2 3 4 5 6 7 8 9 10 11 12"), []);
    assert_eq!(
        found("1 2 3 4 5 6 7 8 9 10 11 12 13"),
        one("text.short", "", None)
    );
    assert_eq!(found("1 2 3 4 5 6 7 8 9 10 11 12 “13 14 15”"), []);
    for (measure, words, is) in [
        ("words", "A b c.", 3.0),
        ("sentences", "A b. C d.", 2.0),
        ("characters", "👨‍👩‍👧‍👦 ab", 4.0),
        ("words_per_sentence", "A b c. D.", 2.0),
        ("letters_per_word", "Ab abcd", 3.0),
        ("lix", "We went home together.", 29.0),
    ] {
        let rule = |most: f64| {
            house(&format!(
                "rules: [{{id: x, kind: metric, level: warning, message: m, measure: {measure}, most: {most}}}]"
            ))
        };
        let finds = |most: f64| check(&rule(most), &tried(words)).has("x");
        assert!(!finds(is), "{measure}");
        assert!(finds(is - 0.5), "{measure}");
    }
}

#[test]
fn quoted_words_are_judged_by_those_rules_that_say_so() {
    assert_eq!(found("She said “our community thinks”"), []);
    assert_eq!(
        found("She said “the Drowned Bell”"),
        one("names.embargo", "Drowned Bell", None)
    );
}

#[test]
fn the_house_sets_built_in_rules_but_no_law() {
    assert_eq!(found("Seals 🦭🐟"), one("emoji.count", "🐟", None));
    assert_eq!(found("COME AND SEE THIS"), []);
    assert_eq!(found("#kingfishers and @harbour@social.example"), []);
    assert!(
        check(&house(FILE), &tried("Seals 🦭🐟"))
            .problems()
            .of("text")
            .is_some()
    );
    let weakened =
        StyleSource::from_yaml("built_in: {quote.consent: {level: \"off\"}}").expect_err("a law");
    assert_eq!(weakened.0[0].key, "style-law");
}

#[test]
fn what_is_exported_is_imported_as_the_same() {
    let source = StyleSource::from_yaml(FILE).expect("a right file");
    let yaml = source.to_yaml().expect("YAML");
    assert_eq!(
        StyleSource::from_yaml(&yaml).expect("the same file"),
        source
    );
    let json = serde_json::to_string(&source).expect("JSON");
    assert_eq!(
        serde_json::from_str::<StyleSource>(&json).expect("the same rules"),
        source
    );
    assert_eq!(
        StyleSource::from_yaml(&StyleSource::default().to_yaml().expect("YAML")).expect("nothing"),
        StyleSource::default()
    );
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table of wrong files and what is said of each"
)]
fn a_file_that_is_wrong_says_where_and_why() {
    let rule = "rules:\n  - id: a\n    kind: existence\n    level: warning\n    message: m\n    words: [x]\n";
    let cases: &[(&str, &str, &str)] = &[
        ("", "needed", ""),
        ("rules: [\n  - a: b\n", "style-yaml-line", ""),
        (
            "rules:\n  - id: a\n    knid: existence\n",
            "style-yaml-line",
            "3",
        ),
        ("rulez: []\n", "style-yaml-line", "1"),
        ("- just\n- a list\n", "style-yaml-line", "1"),
        (
            &format!(
                "{rule}  - id: A b\n    kind: existence\n    level: warning\n    message: m\n    words: [x]\n"
            ),
            "style-id",
            "7",
        ),
        (
            &format!(
                "{rule}  - id: a\n    kind: existence\n    level: warning\n    message: m\n    words: [x]\n"
            ),
            "style-id-twice",
            "7",
        ),
        (
            "rules: [{id: caps, kind: existence, level: warning, message: m, words: [x]}]",
            "style-id-built-in",
            "1",
        ),
        (
            "rules: [{id: a, kind: magic, level: warning, message: m}]",
            "style-no-such-kind",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: loud, message: m, words: [x]}]",
            "style-no-such-level",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, words: [x]}]",
            "needed",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, message: m}]",
            "style-words-or-patterns",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, message: m, words: ['']}]",
            "style-word-empty",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, message: m, patterns: ['a(']}]",
            "style-pattern",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, message: m, patterns: ['a*']}]",
            "style-pattern-empty",
            "1",
        ),
        (
            "rules: [{id: a, kind: existence, level: error, message: m, patterns: ['(a{100}){100}{100}']}]",
            "style-pattern",
            "1",
        ),
        (
            "rules: [{id: a, kind: substitution, level: error, message: m}]",
            "needed",
            "1",
        ),
        (
            "rules: [{id: a, kind: substitution, level: error, message: m, swap: {x: ''}}]",
            "style-swap-empty",
            "1",
        ),
        (
            "rules: [{id: a, kind: occurrence, level: error, message: m, words: [x]}]",
            "style-most-or-least",
            "1",
        ),
        (
            "rules: [{id: a, kind: occurrence, level: error, message: m, words: [x], most: -1}]",
            "style-number",
            "1",
        ),
        (
            "rules: [{id: a, kind: occurrence, level: error, message: m, words: [x], most: 1, per: week}]",
            "style-no-such-per",
            "1",
        ),
        (
            "rules: [{id: a, kind: conditional, level: error, message: m, if: x}]",
            "needed",
            "1",
        ),
        (
            "rules: [{id: a, kind: metric, level: error, message: m, measure: beauty, most: 1}]",
            "style-no-such-measure",
            "1",
        ),
        (
            "built_in: {nothing.such: {level: error}}",
            "style-no-such-rule",
            "",
        ),
        ("built_in: {caps: {level: loud}}", "style-no-such-level", ""),
        ("built_in: {fancy: {most: 3}}", "style-no-number", ""),
    ];
    for (yaml, key, line) in cases {
        let problems = StyleSource::from_yaml(yaml)
            .err()
            .unwrap_or_else(|| panic!("{yaml:?} is read"));
        let problem = problems.0.iter().find(|p| p.key == *key);
        let problem = problem.unwrap_or_else(|| panic!("{yaml:?}: {problems:?}"));
        assert_eq!(problem.field, "yaml");
        if !line.is_empty() {
            let on = problem
                .args
                .get("line")
                .or_else(|| problem.args.get("on_line"));
            assert_eq!(on.map(String::as_str), Some(*line), "{yaml:?}: {problem:?}");
        }
        let there = include_str!("../../../../locales/en/guidelines.ftl");
        let errors = include_str!("../../../../locales/en/errors.ftl");
        let said = format!("\nproblem-{key} = ");
        assert!(
            there.contains(&said) || errors.contains(&said),
            "{key} says nothing"
        );
    }
}

proptest! {
    #[test]
    fn no_rule_makes_the_check_panic(words in "\\PC{0,60}", pattern in "[a-z.*+?()\\[\\]|\\\\{}0-9^$]{1,12}", level in "error|warning|suggestion") {
        let rule = RuleSource { id: "a".to_owned(), kind: "existence".to_owned(), level, message: "m".to_owned(), patterns: vec![pattern], ..RuleSource::default() };
        if let Ok(style) = (StyleSource { rules: vec![rule], ..StyleSource::default() }).ready() {
            let _ = check(&style, &tried(&words));
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic(text in "\\PC{0,80}") {
        let _ = StyleSource::from_yaml(&text);
    }
}
