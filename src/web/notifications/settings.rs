//! How notices come: a part of the settings page, and its form.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::kit::{At, Refusal, Result, Stop};
use crate::notifications::{self, Pace, Way};
use crate::web::{Answer, Call, See, Viewer};
use crate::{mail, members};

/// A choice of a list.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: &'static str,
    chosen: bool,
}

/// One kind of notice and its ways.
#[derive(Debug, Clone, Serialize)]
struct Line {
    kind: &'static str,
    ways: Vec<Choice>,
}

/// What a member chose.
#[derive(Debug, Clone, Serialize)]
pub struct Choices {
    lines: Vec<Line>,
    paces: Vec<Choice>,
    /// Since when no letters go out, because the mailbox refused them; and what its server said.
    stopped_at: Option<At>,
    stopped: String,
}

fn of(all: &[(&'static str, Way)], pace: Option<Pace>, stopped: Option<(At, String)>) -> Choices {
    let pace = pace.map_or("never", Pace::as_str);
    let line = |(kind, chosen): &(&'static str, Way)| {
        // What concerns the member's own words or office always stands in the forum.
        let fitting = Way::ALL
            .iter()
            .filter(|way| *kind != "other" || matches!(way, Way::Both | Way::Forum));
        Line {
            kind,
            ways: fitting
                .map(|way| Choice {
                    value: way.as_str(),
                    chosen: way == chosen,
                })
                .collect(),
        }
    };
    let (stopped_at, stopped) = stopped.map_or((None, String::new()), |(at, why)| (Some(at), why));
    Choices {
        lines: all.iter().map(line).collect(),
        paces: ["never", "daily", "weekly"]
            .map(|value| Choice {
                value,
                chosen: value == pace,
            })
            .into(),
        stopped_at,
        stopped,
    }
}

/// What the viewer chose, for the settings page; `address` is where letters go.
pub(in crate::web) fn choices(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    address: Option<&str>,
) -> Result<Choices> {
    let (all, pace) = notifications::ways(tx, &viewer.actor)?;
    let stopped = match address {
        Some(address) => mail::suppressed(tx, address)?,
        None => None,
    };
    Ok(of(&all, pace, stopped))
}

/// For the settings page's samples.
pub(in crate::web) fn sample(stopped: bool) -> Choices {
    let stopped = stopped.then(|| (At(1_700_000_000_000_000), "x".repeat(300)));
    of(notifications::KINDS, Some(Pace::Weekly), stopped)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Form {
    mention: String,
    reply: String,
    watching: String,
    #[serde(rename = "answer-marked")]
    answer_marked: String,
    other: String,
    digest: String,
}

/// Writes what was chosen; a field that was not sent stays as it is.
pub async fn choose(call: Call) -> Answer {
    let form: Form = call.form()?;
    call.act(move |tx, viewer| {
        let sent = [
            ("mention", &form.mention),
            ("reply", &form.reply),
            ("watching", &form.watching),
            ("answer-marked", &form.answer_marked),
            ("other", &form.other),
        ];
        let mut wanted = Vec::new();
        for (kind, way) in sent.into_iter().filter(|(_, way)| !way.is_empty()) {
            let way = Way::parse(way).ok_or_else(|| Stop::invalid(kind, "notice-way"))?;
            wanted.push((kind.to_owned(), way));
        }
        notifications::choose_ways(tx, &viewer.actor, &wanted, Pace::parse(&form.digest))?;
        Ok(See::to("/my/settings").flash("notices-chosen"))
    })
    .await
}

/// Has letters tried again at a mailbox that refused them.
pub async fn lift(call: Call) -> Answer {
    call.act(move |tx, viewer| {
        viewer.actor.id().ok_or(Refusal::SignInFirst)?;
        let own = members::own_account(tx, &viewer.actor)?;
        if let Some(address) = own.email {
            mail::lift_suppression(tx, &address)?;
        }
        Ok(See::to("/my/settings").flash("notices-lifted"))
    })
    .await
}
