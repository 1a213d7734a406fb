//! What could be nominated, for programs: the candidates of the week, and milestones.

use serde::{Deserialize, Serialize};

use super::highlights::List;
use crate::highlights::{self, Candidate, MilestoneLine, State};
use crate::kit::Refusal;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{HighlightId, MilestoneId, PostId, ThreadId};
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    aside: bool,
    after: String,
}

impl Query {
    fn cursor(&self) -> crate::kit::Result<Option<Cursor>> {
        match self.after.as_str() {
            "" => Ok(None),
            text => Ok(Some(
                Cursor::decode(text).ok_or(Refusal::Unreadable("cursor"))?,
            )),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct CandidateJson {
    thread_id: ThreadId,
    title: String,
    path: String,
    category: String,
    post_id: PostId,
    author: String,
    author_nominated: i64,
    participants: i64,
    saved: i64,
    solved: bool,
    first_voices: i64,
    place_in_category: i64,
    score: f64,
}

fn candidate(one: Candidate) -> CandidateJson {
    CandidateJson {
        thread_id: one.thread,
        title: one.line.title,
        path: one.line.path,
        category: one.line.category.name,
        post_id: one.post,
        author: one.author.name,
        author_nominated: one.author_nominated,
        participants: one.participants,
        saved: one.saved,
        solved: one.solved,
        first_voices: one.first_voices,
        place_in_category: one.place,
        // Hundredths: far below the numbers that a double cannot hold.
        score: one.score as f64 / 100.0,
    }
}

/// `GET /api/v1/candidates`: what deserves a look, best first; with `aside=true` what was put aside.
#[utoipa::path(get, path = "/api/v1/candidates", tag = "highlights", params(("aside" = Option<bool>, Query), ("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    let after = query.cursor()?;
    call.api_read(move |tx, viewer| {
        let (found, next) = highlights::candidates_of(tx, &viewer.actor, query.aside, after)?;
        Ok(List {
            items: found.into_iter().map(candidate).collect(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}

/// `POST /api/v1/candidates/{thread}/dismissal`: not this one.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/dismissal", tag = "highlights", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn put_aside(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::put_aside(tx, &viewer.actor, id, true)
    })
    .await
}

/// `DELETE /api/v1/candidates/{thread}/dismissal`: after all.
#[utoipa::path(delete, path = "/api/v1/candidates/{id}/dismissal", tag = "highlights", params(("id" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn bring_back(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        highlights::put_aside(tx, &viewer.actor, id, false)
    })
    .await
}

#[derive(Debug, Clone, Serialize)]
struct MilestoneJson {
    id: MilestoneId,
    kind: &'static str,
    number: i64,
    /// Whose it is; such a one needs that member's consent.
    member: Option<String>,
    thread: Option<String>,
    highlight: Option<HighlightId>,
    state: Option<&'static str>,
    can_be_nominated: bool,
    reached_at: String,
}

fn milestone(line: MilestoneLine) -> MilestoneJson {
    MilestoneJson {
        id: line.milestone.id,
        kind: line.milestone.kind.as_str(),
        number: line.milestone.number,
        member: line.member.map(|card| card.name),
        thread: line.thread.map(|(_, path)| path),
        highlight: line.milestone.highlight,
        state: line.state.map(State::as_str),
        can_be_nominated: line.free,
        reached_at: line.milestone.reached_at.rfc3339(),
    }
}

/// `GET /api/v1/milestones`: what was reached, the latest first. `POST highlights {milestone_id,title,reason}` nominates.
#[utoipa::path(get, path = "/api/v1/milestones", tag = "highlights", params(("after" = Option<String>, Query)), responses((status = 200), (status = 403)))]
pub async fn milestones(call: Call) -> Answer {
    let query: Query = call.query()?;
    let after = query.cursor()?;
    call.api_read(move |tx, viewer| {
        let (found, next) = highlights::milestones(tx, &viewer.actor, after)?;
        Ok(List {
            items: found.into_iter().map(milestone).collect(),
            next: next.map(|c| c.encode()),
        })
    })
    .await
}
