//! What a highlight is about: a few words, taken from its thread's tags and then kept by the publishers.

use std::collections::HashMap;

use diesel::prelude::*;

use super::state::State;
use crate::db::Tx;
use crate::db::schema::{highlight_topics, highlights};
use crate::kit::ids::HighlightId;
use crate::kit::names::name_key;
use crate::kit::{Problems, Result};

/// Most topics of one highlight.
pub(super) const MOST: usize = 8;
/// Most characters of one.
const LONGEST: usize = 40;

/// Reads topics separated by commas.
///
/// # Errors
/// Problems with the field `topics`.
pub(super) fn parse(typed: &str) -> Result<Vec<String>, Problems> {
    let mut topics: Vec<String> = Vec::new();
    for word in typed.split([',', '\u{3001}', '\u{ff0c}', '\u{60c}']) {
        let word = word.trim().trim_start_matches('#');
        let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
        if word.is_empty() || topics.iter().any(|t| name_key(t) == name_key(&word)) {
            continue;
        }
        topics.push(word);
    }
    let mut problems = Problems::default();
    if topics.len() > MOST || topics.iter().any(|t| t.chars().count() > LONGEST) {
        let args = [("most", MOST.to_string()), ("long", LONGEST.to_string())];
        problems.add("topics", "topics", &args);
        return Err(problems);
    }
    Ok(topics)
}

/// Gives a highlight exactly these topics.
pub(super) fn put(tx: &mut Tx<'_>, id: HighlightId, topics: &[String]) -> Result<()> {
    diesel::delete(highlight_topics::table.filter(highlight_topics::highlight_id.eq(id)))
        .execute(tx.conn)?;
    for name in topics {
        diesel::insert_into(highlight_topics::table)
            .values((
                highlight_topics::highlight_id.eq(id),
                highlight_topics::name_key.eq(name_key(name)),
                highlight_topics::name.eq(name),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The topics of several highlights, by highlight.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<String>>> {
    let rows: Vec<(HighlightId, String)> = highlight_topics::table
        .filter(highlight_topics::highlight_id.eq_any(ids))
        .order((highlight_topics::highlight_id, highlight_topics::name_key))
        .select((highlight_topics::highlight_id, highlight_topics::name))
        .load(tx.conn)?;
    let mut by: HashMap<HighlightId, Vec<String>> = HashMap::new();
    for (id, name) in rows {
        by.entry(id).or_default().push(name);
    }
    Ok(by)
}

/// Topics of what stands in the library, in their order.
pub(super) fn in_use(tx: &mut Tx<'_>, most: i64) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> = highlight_topics::table
        .inner_join(highlights::table)
        .filter(highlights::state.eq(State::Approved))
        .select((highlight_topics::name_key, highlight_topics::name))
        .distinct()
        .order(highlight_topics::name_key)
        .limit(most)
        .load(tx.conn)?;
    let mut names: Vec<String> = Vec::new();
    let mut last = String::new();
    for (key, name) in rows {
        if key != last {
            names.push(name);
            last = key;
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_told_apart_and_counted() {
        assert_eq!(
            parse(" #Tides, tides ,, The  whale"),
            Ok(vec!["Tides".to_owned(), "The whale".to_owned()])
        );
        assert!(parse("a,b,c,d,e,f,g,h,i").is_err());
        assert!(parse(&"x".repeat(41)).is_err());
    }
}
