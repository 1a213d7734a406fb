//! `/desk/highlights`: what waits for a moderator, and deciding on several at once.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, SAMPLE, Who, pager};
use crate::db::Tx;
use crate::highlights::{self, Verdict};
use crate::kit::cursor::Cursor;
use crate::kit::ids::HighlightId;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// A highlight in the queue.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Line {
    id: i64,
    title: String,
    state: &'static str,
    nominator: Who,
    at: i64,
    mine: bool,
    pub(super) current: bool,
    /// The highlight and the hash that was looked at, for deciding on several at once.
    pick: String,
    picked: bool,
    /// Somebody quoted in it was never nominated before.
    first_time: bool,
}

impl Line {
    pub(super) fn of(line: &highlights::DeskLine) -> Self {
        Self {
            id: line.highlight.id.0,
            title: line.highlight.title.clone(),
            state: line.highlight.state.as_str(),
            nominator: Who::of(&line.nominator),
            at: line.highlight.updated_at.0,
            mine: line.mine_to_decide,
            current: false,
            pick: format!(
                "{}:{}",
                line.highlight.id,
                crate::kit::hex(&line.highlight.content_hash)
            ),
            picked: false,
            first_time: line.first_time,
        }
    }

    pub(super) fn samples() -> Vec<Self> {
        let mine = Self {
            id: 7,
            title: "A kingfisher".into(),
            state: "consented",
            nominator: Who::sample(),
            at: SAMPLE.0,
            mine: true,
            current: true,
            pick: "7:00ff".into(),
            picked: true,
            first_time: true,
        };
        vec![
            mine,
            Self {
                title: "م".repeat(255),
                state: "consented",
                ..Self::default()
            },
        ]
    }
}

/// The queue.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskPage {
    waiting: bool,
    /// The reader may decide on some of them.
    can_decide: bool,
    lines: Vec<Line>,
    pager: Option<Pager>,
    /// The key after which the page begins: whoever decides on its entries comes back to it.
    after: String,
    note: String,
    problems: Problems,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "highlights/desk";

    fn head(&self) -> Head {
        Head::new("highlights-desk-title").nav("desk").outward()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            waiting: true,
            can_decide: true,
            lines: Line::samples(),
            pager: pager(Some("?after=x".into())),
            ..Self::default()
        };
        let decided = Self {
            waiting: false,
            pager: None,
            ..usual.clone()
        };
        let wrong = Self {
            note: "م".repeat(255),
            problems: Problems::one("note", "note-needed"),
            ..usual.clone()
        };
        vec![Self::default(), decided, usual, wrong]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
    show: String,
}

/// Shows what waits, or with `?show=decided` what was decided.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let waiting = query.show != "decided";
    let bulk = Bulk {
        after: query.after,
        ..Bulk::default()
    };
    call.page(move |tx, viewer| {
        let page = queue(tx, viewer, waiting, &bulk)?;
        Ok(Shown::from(page))
    })
    .await
}

fn queue(tx: &mut Tx<'_>, viewer: &Viewer, waiting: bool, bulk: &Bulk) -> Result<DeskPage> {
    let after = Cursor::decode(&bulk.after);
    let (lines, next) = highlights::desk(tx, &viewer.actor, waiting, after)?;
    let show = if waiting { "" } else { "show=decided&" };
    let next = next.map(|c| format!("/desk/highlights?{show}after={}", c.encode()));
    let lines: Vec<Line> = lines
        .iter()
        .map(Line::of)
        .map(|line| Line {
            picked: bulk.pick.contains(&line.pick),
            ..line
        })
        .collect();
    Ok(DeskPage {
        waiting,
        can_decide: waiting && lines.iter().any(|line| line.mine),
        lines,
        pager: pager(next),
        after: bulk.after.clone(),
        note: bulk.note.clone(),
        problems: Problems::default(),
    })
}

/// The form for several at once: `pick` is a highlight and the hash that was looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Bulk {
    pick: Vec<String>,
    decision: String,
    note: String,
    /// The key after which the page began.
    after: String,
}

impl Bulk {
    /// The page it was sent from.
    fn page(&self) -> String {
        match Cursor::decode(&self.after) {
            Some(after) => format!("/desk/highlights?after={}", after.encode()),
            None => "/desk/highlights".to_owned(),
        }
    }

    fn wanted(&self) -> Result<Vec<(HighlightId, Vec<u8>)>> {
        let mut wanted = Vec::new();
        for pick in &self.pick {
            let (id, hash) = pick.split_once(':').ok_or(Refusal::Stale)?;
            let id: i64 = id.parse().map_err(|_| Refusal::Stale)?;
            wanted.push((HighlightId(id), crate::web::api::highlights::unhex(hash)?));
        }
        if wanted.is_empty() {
            return Err(Stop::invalid("pick", "pick-needed"));
        }
        Ok(wanted)
    }
}

/// Decides on several: all of them, or none where one cannot be decided so.
pub async fn decide_several(call: Call) -> Answer {
    let bulk: Bulk = call.form()?;
    let again = bulk.clone();
    call.submit(
        move |tx, viewer| {
            let verdict = Verdict::parse(&bulk.decision)
                .ok_or_else(|| Stop::invalid("decision", "decision-needed"))?;
            let wanted = bulk.wanted()?;
            match highlights::decide_all(tx, &viewer.actor, &wanted, verdict, &bulk.note) {
                Ok(()) => Ok(See::to(bulk.page()).flash("highlights-decided")),
                Err((id, Stop::Refused(refusal))) => {
                    // Nobody learns the heading of what is not theirs to see.
                    viewer.actor.may(&Action::SeeApprovals)?;
                    let title = highlights::titles(tx, &[id])?
                        .remove(&id)
                        .unwrap_or_default();
                    let mut problems = Problems::default();
                    let key = match refusal {
                        Refusal::FourEyes => "pick-four-eyes",
                        Refusal::AcknowledgeFirst(_) => return Err(refusal.into()),
                        _ => "pick-refused",
                    };
                    problems.add("pick", key, &[("title", title)]);
                    Err(problems.into())
                }
                Err((_, stop)) => Err(stop),
            }
        },
        move |tx, viewer, problems| {
            let mut page = queue(tx, viewer, true, &again)?;
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}
