//! Several entries of the queue decided alike, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::Problems;
use crate::kit::ids::ReviewItemId;
use crate::moderation::{self, AuthorChoice, ContentChoice, Decision, Finding};
use crate::web::{Answer, Call};

/// Several entries and what is decided of each.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeveralDecided {
    /// At most 50.
    items: Vec<Picked>,
    /// `upheld`, `declined` or `ignored`.
    #[schema(value_type = String)]
    finding: Finding,
    /// `keep`, `hide` or `delete`.
    #[schema(value_type = String)]
    content: ContentChoice,
    #[serde(default)]
    reason: String,
    /// The number of the rule of the community guidelines that it rests on.
    #[serde(default)]
    rule: Option<i64>,
}

/// An entry and the version that was seen of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Picked {
    id: i64,
    version: i64,
}

/// What became of each entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeveralOutcomes {
    /// Take effect in twelve seconds, unless they are undone.
    decided: Vec<i64>,
    left: Vec<Left>,
}

/// An entry that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Left {
    id: i64,
    /// Why, by the word of its problem type: `stale`, `four-eyes`, `not-found`, `role-needed` or `wrong-state`.
    why: &'static str,
}

/// Decides several entries alike. Each is asked for by itself: one that a colleague decided meanwhile, or that is not yours
/// to decide, is left as it is.
#[utoipa::path(post, path = "/api/v1/review-items/decisions", tag = "moderation", request_body = SeveralDecided,
    responses((status = 200, body = SeveralOutcomes), (status = 403), (status = 422)))]
pub async fn decide(call: Call) -> Answer {
    let new: SeveralDecided = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let most = moderation::MOST_AT_ONCE;
        let mut problems = Problems::default();
        if new.items.is_empty() {
            problems.add("items", "choose", &[]);
        }
        if new.items.len() > most {
            problems.add("items", "too-many", &[("most", most.to_string())]);
        }
        if new.content == ContentChoice::Return {
            // What is to be changed differs from one to the other.
            problems.add("content", "choose", &[]);
        }
        problems.check()?;
        let wanted = Decision {
            version: 0,
            finding: new.finding,
            content: new.content,
            author: AuthorChoice::None,
            until: None,
            reason: new.reason.clone(),
            rule: new.rule,
        };
        let picks: Vec<(ReviewItemId, i64)> = new
            .items
            .iter()
            .map(|picked| (ReviewItemId(picked.id), picked.version))
            .collect();
        let outcomes = moderation::decide_each_soon(tx, &viewer.actor, &picks, &wanted)?;
        let decided = outcomes.iter().filter(|(_, why)| why.is_none());
        Ok(SeveralOutcomes {
            decided: decided.map(|(id, _)| id.0).collect(),
            left: outcomes
                .iter()
                .filter_map(|(id, why)| {
                    let why = why.as_ref()?.key();
                    Some(Left { id: id.0, why })
                })
                .collect(),
        })
    })
    .await
}
