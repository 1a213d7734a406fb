//! The same again: a text much like one that was said, or the same conversation a few days later.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use super::Desk;

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let pairs = pairs(&desk.reading.flat);
    let alike = desk.most("dup.text");
    let pause = desk.most("dup.link");
    let closest = desk
        .text
        .earlier
        .iter()
        .map(|earlier| {
            (
                shared(&pairs, &self::pairs(earlier.words)),
                earlier.days_ago,
            )
        })
        .max();
    if let Some((percent, days)) = closest.filter(|(percent, _)| *percent >= alike) {
        let args = [("count", percent.to_string()), ("days", days.to_string())];
        desk.find("dup.text", None, &args);
    }
    let latest = desk
        .text
        .earlier
        .iter()
        .filter(|earlier| earlier.same_source)
        .map(|earlier| earlier.days_ago)
        .min();
    let soon = |days: &i64| usize::try_from(*days).is_ok_and(|days| days < pause);
    if let Some(days) = latest.filter(soon) {
        let args = [("days", days.to_string()), ("most", pause.to_string())];
        desk.find("dup.link", None, &args);
    }
}

/// Neighbouring words, small.
fn pairs(text: &str) -> BTreeSet<(String, String)> {
    let words: Vec<String> = text.unicode_words().map(str::to_lowercase).collect();
    words
        .windows(2)
        .filter_map(|pair| Some((pair.first()?.clone(), pair.last()?.clone())))
        .collect()
}

/// How many pairs in a hundred two texts share (Dice).
fn shared(one: &BTreeSet<(String, String)>, other: &BTreeSet<(String, String)>) -> usize {
    let all = one.len() + other.len();
    if all == 0 {
        return 0;
    }
    200 * one.intersection(other).count() / all
}
