//! `/desk/highlights/{id}`: the third gate. Source in context beside the excerpt, consents with their scope, the decision.

use serde::{Deserialize, Serialize};

use super::desk::Line;
use super::parts::{ConsentCard, Gate, QuoteCard, SAMPLE, SaidCard, Who, gates, gates_of};
use crate::db::Tx;
use crate::highlights::{self, State, Verdict};
use crate::kit::ids::HighlightId;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    decision: String,
    note: String,
    hash: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Past {
    verdict: &'static str,
    by: Who,
    note: String,
    at: i64,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Other {
    who: Who,
    has_to_read: bool,
}

/// One highlight on the desk.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskItemPage {
    id: i64,
    title: String,
    state: &'static str,
    why: String,
    reason: String,
    audience: String,
    nominator: Who,
    gates: Vec<Gate>,
    quotes: Vec<QuoteCard>,
    thread: String,
    thread_path: String,
    consents: Vec<ConsentCard>,
    nobody_asked: bool,
    covered: Vec<&'static str>,
    by_hand: bool,
    fallen: &'static str,
    past: Vec<Past>,
    said: Vec<SaidCard>,
    waiting: bool,
    can_decide: bool,
    four_eyes: bool,
    acknowledge: bool,
    /// Who else could decide.
    others: Vec<Other>,
    /// Nobody could: somebody has to be invited, one of these champions perhaps, by one of these admins.
    nobody_left: bool,
    champions: Vec<Who>,
    admins: Vec<Who>,
    can_invite: bool,
    milestone: bool,
    queue: Vec<Line>,
    form: Form,
    problems: Problems,
}

impl Page for DeskItemPage {
    const TEMPLATE: &'static str = "highlights/desk_item";

    fn head(&self) -> Head {
        Head::text(&self.title).nav("desk").outward().form()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: 7,
            title: "A kingfisher".into(),
            state: "consented",
            reason: "Worth telling.".into(),
            audience: "Families".into(),
            nominator: Who::sample(),
            gates: gates_of(State::Consented, false),
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            covered: vec!["page", "webhook"],
            by_hand: true,
            past: vec![Past {
                verdict: "return",
                by: Who::sample(),
                note: "Which boat?".into(),
                at: SAMPLE.0,
            }],
            said: SaidCard::samples(),
            waiting: true,
            can_decide: true,
            queue: Line::samples(),
            ..Self::default()
        };
        let alone = Self {
            title: "م".repeat(255),
            can_decide: false,
            four_eyes: true,
            why: "author-sanctioned".into(),
            fallen: "source-not-public",
            thread: "X".into(),
            thread_path: "/t/x/1".into(),
            nobody_left: true,
            champions: vec![Who::sample()],
            admins: vec![Who::sample()],
            can_invite: true,
            problems: Problems::one("note", "note-needed"),
            ..usual.clone()
        };
        let unread = Self {
            four_eyes: false,
            acknowledge: true,
            others: vec![Other {
                who: Who::sample(),
                has_to_read: true,
            }],
            milestone: true,
            ..alone.clone()
        };
        vec![
            Self {
                state: "consented",
                nobody_asked: true,
                ..Self::default()
            },
            usual,
            alone,
            unread,
        ]
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    form: Form,
    problems: Problems,
) -> Result<DeskItemPage> {
    viewer.actor.may(&Action::SeeApprovals)?;
    let view = highlights::view(tx, &viewer.actor, id)?;
    let (lines, _) = highlights::desk(tx, &viewer.actor, true, None)?;
    let may = viewer.actor.may(&Action::Approve(&view.facts));
    let refused = |wanted: fn(&Refusal) -> bool| matches!(&may, Err(Stop::Refused(refusal)) if wanted(refusal));
    let me = viewer.actor.id();
    let approvers = highlights::approvers(tx, &view.facts)?;
    let highlight = &view.highlight;
    let hash = crate::kit::hex(&highlight.content_hash);
    let nobody_left = approvers.is_empty();
    let (champions, admins) = if nobody_left {
        highlights::whom_to_ask(tx, &view.facts)?
    } else {
        (Vec::new(), Vec::new())
    };
    let (thread, thread_path) = view.thread.clone().unwrap_or_default();
    let words = matches!(
        highlight.state,
        State::Returned | State::Refused | State::Approved
    );
    Ok(DeskItemPage {
        id: id.0,
        title: highlight.title.clone(),
        state: highlight.state.as_str(),
        why: if words {
            String::new()
        } else {
            highlight.note.clone()
        },
        reason: highlight.reason.clone(),
        audience: highlight.audience.clone(),
        nominator: Who::of(&view.nominator),
        gates: gates(&view),
        quotes: view.quotes.iter().map(QuoteCard::of).collect(),
        thread,
        thread_path,
        nobody_asked: view.consents.is_empty(),
        consents: view.consents.iter().map(ConsentCard::of).collect(),
        covered: highlights::covered_words(&view.covered),
        by_hand: view.covered.by_hand,
        fallen: view.fallen.map_or("", |f| f.as_str()),
        past: view
            .decisions
            .iter()
            .map(|d| Past {
                verdict: d.decision.verdict.as_str(),
                by: Who::of(&d.by),
                note: d.decision.note.clone(),
                at: d.decision.at.0,
            })
            .collect(),
        said: view.announcements.iter().map(SaidCard::of).collect(),
        waiting: highlight.state == State::Consented,
        can_decide: may.is_ok() && highlight.state == State::Consented,
        four_eyes: refused(|r| *r == Refusal::FourEyes),
        acknowledge: refused(|r| matches!(r, Refusal::AcknowledgeFirst(_))),
        others: approvers
            .iter()
            .filter(|one| Some(one.card.id) != me)
            .map(|one| Other {
                who: Who::of(&one.card),
                has_to_read: one.has_to_read,
            })
            .collect(),
        nobody_left,
        champions: champions.iter().map(Who::of).collect(),
        admins: admins.iter().map(Who::of).collect(),
        can_invite: viewer.can(&Action::ManageMembers),
        milestone: view.milestone.is_some(),
        queue: lines
            .iter()
            .map(|line| {
                let mut shown = Line::of(line);
                shown.current = line.highlight.id == id;
                shown
            })
            .collect(),
        form: Form { hash, ..form },
        problems,
    })
}

/// Shows one highlight.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    call.page(move |tx, viewer| {
        Ok(Shown::from(made(
            tx,
            viewer,
            id,
            Form::default(),
            Problems::default(),
        )?))
    })
    .await
}

/// Decides.
pub async fn decide(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let verdict = Verdict::parse(&form.decision)
                .ok_or_else(|| Stop::invalid("decision", "decision-needed"))?;
            let seen = crate::web::api::highlights::unhex(&form.hash)?;
            let state =
                highlights::decide(tx, &viewer.actor, id, verdict, &form.note, Some(&seen))?;
            Ok(See::to("/desk/highlights").flash(&format!("highlight-{state}")))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                id,
                again.clone(),
                problems.clone(),
            )?))
        },
    )
    .await
}
