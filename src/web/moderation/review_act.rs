//! What is done with an entry of the queue: taken, put back, noted beside, decided, undone; one or several at once.

use serde::Deserialize;

use super::report::rule_number;
use super::review::{Asked, DecisionForm, page};
use super::until;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::moderation::{self, AuthorChoice, ContentChoice, Decision, Finding};
use crate::web::{Answer, Call, See, Shown};

/// Takes an item, puts it back, leaves a note or decides it, as the pressed button says.
pub async fn act(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let form: DecisionForm = call.form()?;
    // The list stays as it was sifted.
    let asked: Asked = call.query()?;
    let list = asked.clone();
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let actor = &viewer.actor;
            let here = format!("/desk/review/{id}{}", list.query());
            match form.act.as_str() {
                "take" => {
                    moderation::take(tx, actor, id, form.version).map_err(show_what_happened)?;
                    Ok(See::to(here))
                }
                "put_back" => {
                    moderation::put_back(tx, actor, id, form.version)
                        .map_err(show_what_happened)?;
                    Ok(See::to(list.back()).flash("moderation-put-back"))
                }
                "assign" => {
                    let to = form.to.parse().map(MemberId);
                    let to = to.map_err(|_| Stop::invalid("to", "choose"))?;
                    moderation::hand_to(tx, actor, id, form.version, to)
                        .map_err(show_what_happened)?;
                    Ok(See::to(list.back()).flash("moderation-assigned"))
                }
                "note" => {
                    moderation::leave_note(tx, actor, id, &form.note)?;
                    Ok(See::to(format!("{here}#history")))
                }
                "grant" | "refuse" => {
                    let granted = form.act == "grant";
                    let verdict = (form.version, granted);
                    let overtaken = moderation::answer_appeal(tx, actor, id, verdict, &form.answer)
                        .map_err(show_what_happened)?;
                    Ok(See::to(list.back()).flash(if overtaken {
                        "moderation-appeal-overtaken"
                    } else {
                        "moderation-appeal-answered"
                    }))
                }
                _ => {
                    let wanted = decision(&form, tx.now())?;
                    moderation::decide_soon(tx, actor, id, &wanted).map_err(show_what_happened)?;
                    Ok(See::to(list.back_to_undo(&id.to_string())).flash("moderation-decided"))
                }
            }
        },
        move |tx, viewer, problems| {
            let problems = problems.clone();
            page(tx, viewer, &asked, Some(id), again.clone(), problems).map(Shown::from)
        },
    )
    .await
}

fn decision(form: &DecisionForm, now: At) -> Result<Decision> {
    let mut problems = Problems::default();
    let finding = Finding::parse(&form.finding);
    let content = ContentChoice::parse(&form.content);
    let author = AuthorChoice::parse(&form.author);
    for (field, missing) in [
        ("finding", finding.is_none()),
        ("content", content.is_none()),
        ("author", author.is_none()),
    ] {
        if missing {
            problems.add(field, "choose", &[]);
        }
    }
    problems.check()?;
    let author = author.unwrap_or(AuthorChoice::None);
    let lasts = matches!(author, AuthorChoice::Silence | AuthorChoice::Suspension);
    Ok(Decision {
        version: form.version,
        finding: finding.unwrap_or(Finding::Ignored),
        content: content.unwrap_or(ContentChoice::Keep),
        author,
        until: if lasts { until(now, &form.span)? } else { None },
        reason: form.reason.clone(),
        rule: rule_number(&form.rule)?,
    })
}

/// A colleague was quicker: the page comes back with what they did, not a page that only says no.
fn show_what_happened(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid("", "decided-meanwhile"),
        other => other,
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Several {
    /// `id.version` of each entry that was picked.
    pick: Vec<String>,
    verdict: String,
    reason: String,
    rule: String,
}

/// Decides several entries alike. Each is asked for by itself: one that cannot be decided is left where it is.
pub async fn several(call: Call) -> Answer {
    let form: Several = call.form()?;
    let asked: Asked = call.query()?;
    let list = asked.clone();
    let again = DecisionForm {
        reason: form.reason.clone(),
        rule: form.rule.clone(),
        pick: form.pick.clone(),
        ..DecisionForm::default()
    };
    call.submit(
        move |tx, viewer| {
            let (finding, content) = match form.verdict.as_str() {
                "keep" => (Finding::Declined, ContentChoice::Keep),
                "ignore" => (Finding::Ignored, ContentChoice::Keep),
                "hide" => (Finding::Upheld, ContentChoice::Hide),
                "delete" => (Finding::Upheld, ContentChoice::Delete),
                _ => return Err(Stop::invalid("verdict", "choose")),
            };
            if form.pick.is_empty() {
                return Err(Stop::invalid("pick", "choose"));
            }
            let wanted = Decision {
                version: 0,
                finding,
                content,
                author: AuthorChoice::None,
                until: None,
                reason: form.reason.clone(),
                rule: rule_number(&form.rule)?,
            };
            let picks: Vec<(ReviewItemId, i64)> = form
                .pick
                .iter()
                .filter_map(|pick| pick.split_once('.'))
                .filter_map(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)))
                .collect();
            let done: Vec<String> =
                moderation::decide_each_soon(tx, &viewer.actor, &picks, &wanted)?
                    .iter()
                    .filter(|(_, why)| why.is_none())
                    .map(|(id, _)| id.to_string())
                    .collect();
            let flash = if done.len() == form.pick.len() {
                "moderation-decided"
            } else {
                "moderation-decided-some"
            };
            Ok(See::to(list.back_to_undo(&done.join(","))).flash(flash))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, &asked, None, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Undone {
    ids: String,
}

/// Takes decisions back before they take effect.
pub async fn undo(call: Call) -> Answer {
    let form: Undone = call.form()?;
    let asked: Asked = call.query()?;
    call.act(move |tx, viewer| {
        let mut undone = 0;
        for id in form.ids.split(',').take(50) {
            let Ok(id) = id.parse::<ReviewItemId>() else {
                continue;
            };
            match moderation::undo(tx, &viewer.actor, id) {
                Ok(()) => undone += 1,
                Err(Stop::Refused(Refusal::Stale)) => {}
                Err(stop) => return Err(stop),
            }
        }
        let flash = if undone > 0 {
            "moderation-undone"
        } else {
            "moderation-undo-late"
        };
        Ok(See::to(asked.back()).flash(flash))
    })
    .await
}
