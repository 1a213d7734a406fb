//! Grants as ticks in a form: one row for everyone, one for members, one for each group.

use serde::Serialize;

use crate::forum::{Grant, Who};
use crate::members::Group;

/// One row of the table of grants.
#[derive(Debug, Clone, Serialize)]
pub struct Circle {
    /// `everyone`, `members` or `group-7`.
    key: String,
    /// The group's name; empty for the other two, which have sentences.
    name: String,
    boxes: Vec<Tick>,
}

/// One box of such a row.
#[derive(Debug, Clone, Serialize)]
pub struct Tick {
    right: &'static str,
    value: String,
    ticked: bool,
}

const RIGHTS: [&str; 4] = ["see", "reply", "start", "moderate"];

/// The rows of the table, with these values ticked.
pub(super) fn circles(groups: &[Group], ticked: &[String]) -> Vec<Circle> {
    let named = groups
        .iter()
        .map(|g| (format!("group-{}", g.id), g.name.clone()));
    let all = ["everyone", "members"].map(|key| (key.to_owned(), String::new()));
    all.into_iter()
        .chain(named)
        .map(|(key, name)| Circle {
            boxes: RIGHTS
                .map(|right| {
                    let value = format!("{key}.{right}");
                    Tick {
                        right,
                        ticked: ticked.contains(&value),
                        value,
                    }
                })
                .into(),
            key,
            name,
        })
        .collect()
}

/// The values that stand for these grants.
pub(super) fn ticked(grants: &[Grant]) -> Vec<String> {
    let mut found = Vec::new();
    for grant in grants {
        let key = match (grant.who, grant.group) {
            (Who::Group, Some(group)) => format!("group-{group}"),
            (who, _) => who.as_str().to_owned(),
        };
        let allowed = [grant.see, grant.reply, grant.start, grant.moderate];
        for (right, _) in RIGHTS.into_iter().zip(allowed).filter(|(_, yes)| *yes) {
            found.push(format!("{key}.{right}"));
        }
    }
    found
}

/// What the ticks say, read against the groups there are.
pub(super) fn read(groups: &[Group], ticked: &[String]) -> Vec<Grant> {
    let named = groups
        .iter()
        .map(|g| (format!("group-{}", g.id), Who::Group, Some(g.id)));
    let all = [Who::Everyone, Who::Members].map(|who| (who.as_str().to_owned(), who, None));
    all.into_iter()
        .chain(named)
        .filter_map(|(key, who, group)| {
            let has = |right: &str| ticked.contains(&format!("{key}.{right}"));
            let grant = Grant {
                who,
                group,
                see: has("see"),
                reply: has("reply"),
                start: has("start"),
                moderate: has("moderate"),
            };
            let any = grant.see || grant.reply || grant.start || grant.moderate;
            any.then_some(grant)
        })
        .collect()
}
