//! `/nominate/threads/{id}` and `/nominate/milestones`: nominating a thread as a whole, or what the community reached.

use serde::{Deserialize, Serialize};

use super::parts::{Heard, Pager, SAMPLE, Who, handles, pager};
use crate::db::Tx;
use crate::forum;
use crate::highlights::{self, MilestoneLine, Wish};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MilestoneId, ThreadId};
use crate::kit::{Problems, Result};
use crate::members::Card;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    title: String,
    reason: String,
    audience: String,
    named: String,
}

impl Form {
    fn wish(&self, tx: &mut Tx<'_>) -> Result<Wish> {
        Ok(Wish {
            title: self.title.clone(),
            reason: self.reason.clone(),
            audience: self.audience.clone(),
            named: handles(tx, &self.named)?,
            ..Wish::default()
        })
    }
}

/// Nominating a thread as a whole.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NominateThreadPage {
    id: i64,
    thread: String,
    path: String,
    summary: String,
    posts: i64,
    author: Who,
    heard: Heard,
    form: Form,
    problems: Problems,
}

impl Page for NominateThreadPage {
    const TEMPLATE: &'static str = "highlights/nominate_thread";

    fn head(&self) -> Head {
        Head::new("highlights-nominate-thread-title")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: 12,
            thread: "A kingfisher in the courtyard".into(),
            path: "/t/kingfisher/12".into(),
            summary: "This morning a kingfisher.".into(),
            posts: 41,
            author: Who::sample(),
            ..Self::default()
        };
        let wrong = Self {
            thread: "م".repeat(255),
            author: Who::default(),
            problems: Problems::one("title", "needed"),
            ..usual.clone()
        };
        vec![Self::default(), usual, wrong]
    }
}

fn thread_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: ThreadId,
    form: Option<Form>,
    problems: Problems,
) -> Result<NominateThreadPage> {
    let facts = forum::thread_facts(tx, id)?;
    viewer.actor.may(&Action::NominateThread(&facts))?;
    let thread = forum::thread_view(tx, &viewer.actor, id)?;
    let form = form.unwrap_or_else(|| Form {
        title: thread.title.chars().take(160).collect(),
        ..Form::default()
    });
    Ok(NominateThreadPage {
        id: id.0,
        path: thread.path,
        summary: thread.summary,
        posts: thread.post_count,
        heard: Heard::of(tx, &thread.author, None)?,
        author: Who::of(&thread.author),
        thread: thread.title,
        form,
        problems,
    })
}

/// Shows the form for a thread.
pub async fn thread_form(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let page = thread_page(tx, viewer, id, None, Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Nominates a thread.
pub async fn thread(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let wish = Wish {
                thread: Some(id),
                ..form.wish(tx)?
            };
            let id = highlights::nominate(tx, &viewer.actor, &wish, None)?;
            Ok(See::to(format!("/highlights/{id}")).flash("highlight-nominated"))
        },
        move |tx, viewer, problems| {
            let (form, problems) = (again.clone(), problems.clone());
            Ok(Shown::from(thread_page(
                tx,
                viewer,
                id,
                Some(form),
                problems,
            )?))
        },
    )
    .await
}

/// A milestone in the list.
#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    kind: &'static str,
    number: i64,
    member: Option<Who>,
    thread: String,
    thread_path: String,
    state: &'static str,
    highlight: i64,
    free: bool,
    at: i64,
}

fn line(of: &MilestoneLine) -> Line {
    let (thread, thread_path) = of.thread.clone().unwrap_or_default();
    Line {
        id: of.milestone.id.0,
        kind: of.milestone.kind.as_str(),
        number: of.milestone.number,
        member: of.member.as_ref().map(Who::of),
        thread,
        thread_path,
        state: of.state.map_or("", highlights::State::as_str),
        highlight: of.milestone.highlight.map_or(0, |id| id.0),
        free: of.free,
        at: of.milestone.reached_at.0,
    }
}

fn lines() -> Vec<Line> {
    let threads = Line {
        id: 1,
        kind: "threads",
        number: 1_000,
        thread: "A kingfisher in the courtyard".into(),
        thread_path: "/t/kingfisher/12".into(),
        free: true,
        at: SAMPLE.0,
        ..Line::default()
    };
    let own = Line {
        kind: "member_posts",
        number: 250,
        member: Some(Who::sample()),
        state: "consent_pending",
        highlight: 7,
        free: false,
        ..threads.clone()
    };
    let plain = |kind| Line {
        kind,
        thread: "م".repeat(255),
        ..threads.clone()
    };
    let mut all = vec![threads.clone(), own];
    all.extend(["posts", "members", "years"].map(plain));
    all
}

/// What was reached.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MilestonesPage {
    lines: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for MilestonesPage {
    const TEMPLATE: &'static str = "highlights/milestones";

    fn head(&self) -> Head {
        Head::new("highlights-milestones-title").outward()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            lines: lines(),
            pager: pager(Some("?after=x".into())),
        };
        let short = Self {
            lines: lines().into_iter().take(1).collect(),
            pager: None,
        };
        vec![Self::default(), short, usual]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
}

/// Shows what was reached.
pub async fn milestones(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    call.page(move |tx, viewer| {
        let (found, next) = highlights::milestones(tx, &viewer.actor, after)?;
        let next = next.map(|c| format!("/nominate/milestones?after={}", c.encode()));
        Ok(Shown::from(MilestonesPage {
            lines: found.iter().map(line).collect(),
            pager: pager(next),
        }))
    })
    .await
}

/// Nominating a milestone.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NominateMilestonePage {
    line: Line,
    heard: Heard,
    form: Form,
    problems: Problems,
}

impl Page for NominateMilestonePage {
    const TEMPLATE: &'static str = "highlights/nominate_milestone";

    fn head(&self) -> Head {
        Head::new("highlights-nominate-milestone-title")
            .outward()
            .form()
    }

    fn samples() -> Vec<Self> {
        let mut all: Vec<Self> = lines()
            .into_iter()
            .map(|line| Self {
                line,
                ..Self::default()
            })
            .collect();
        if let Some(first) = all.first_mut() {
            first.problems = Problems::one("title", "needed");
        }
        all
    }
}

fn milestone_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: MilestoneId,
    form: Form,
    problems: Problems,
) -> Result<NominateMilestonePage> {
    let found = highlights::milestone_line(tx, &viewer.actor, id)?;
    let nobody = Card::nobody();
    let heard = Heard::of(tx, found.member.as_ref().unwrap_or(&nobody), None)?;
    Ok(NominateMilestonePage {
        line: line(&found),
        heard,
        form,
        problems,
    })
}

/// Shows the form for a milestone.
pub async fn milestone_form(call: Call) -> Answer {
    let id: MilestoneId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let page = milestone_page(tx, viewer, id, Form::default(), Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Nominates a milestone.
pub async fn milestone(call: Call) -> Answer {
    let id: MilestoneId = call.segment("id")?;
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let wish = Wish {
                milestone: Some(id),
                ..form.wish(tx)?
            };
            let id = highlights::nominate(tx, &viewer.actor, &wish, None)?;
            Ok(See::to(format!("/highlights/{id}")).flash("highlight-nominated"))
        },
        move |tx, viewer, problems| {
            let (form, problems) = (again.clone(), problems.clone());
            Ok(Shown::from(milestone_page(tx, viewer, id, form, problems)?))
        },
    )
    .await
}
