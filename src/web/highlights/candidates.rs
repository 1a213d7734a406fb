//! `/desk/candidates`: what deserves a look this week, ranked, with every figure of the ranking beside it.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, Who, pager};
use crate::forum::CategoryTag;
use crate::highlights::{
    self, CANDIDATE_DAYS, Candidate, FAIRNESS_DAYS, POINTS_FIRST_VOICE, POINTS_PARTICIPANT,
    POINTS_SAVED, POINTS_SOLVED, SPREAD_PERCENT,
};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, ThreadId};
use crate::web::{Answer, Call, Head, Page, See, Shown};

#[derive(Debug, Clone, Serialize)]
struct Line {
    thread: i64,
    title: String,
    path: String,
    category: CategoryTag,
    post: i64,
    post_path: String,
    words: String,
    author: Who,
    author_nominated: i64,
    participants: i64,
    saved: i64,
    solved: bool,
    first_voices: i64,
    place: i64,
    score: String,
}

fn line(one: &Candidate) -> Line {
    Line {
        thread: one.thread.0,
        title: one.line.title.clone(),
        path: one.line.path.clone(),
        category: one.line.category.clone(),
        post: one.post.0,
        post_path: one.post_path.clone(),
        words: one.words.clone(),
        author: Who::of(&one.author),
        author_nominated: one.author_nominated,
        participants: one.participants,
        saved: one.saved,
        solved: one.solved,
        first_voices: one.first_voices,
        place: one.place,
        score: format!("{}.{}", one.score / 100, one.score % 100 / 10),
    }
}

#[derive(Debug, Clone, Serialize)]
struct Asked {
    who: Who,
    times: i64,
}

/// The figures of the formula, for the sentence that says it.
#[derive(Debug, Clone, Serialize)]
struct Formula {
    days: i64,
    participant: i64,
    saved: i64,
    solved: i64,
    first_voice: i64,
    spread: i64,
}

const FORMULA: Formula = Formula {
    days: CANDIDATE_DAYS,
    participant: POINTS_PARTICIPANT,
    saved: POINTS_SAVED,
    solved: POINTS_SOLVED,
    first_voice: POINTS_FIRST_VOICE,
    spread: SPREAD_PERCENT,
};

/// The ranking.
#[derive(Debug, Clone, Serialize)]
pub struct CandidatesPage {
    aside: bool,
    on_desk: bool,
    lines: Vec<Line>,
    pager: Option<Pager>,
    formula: Formula,
    never_heard: usize,
    asked_days: i64,
    asked: Vec<Asked>,
    asked_people: i64,
}

impl Page for CandidatesPage {
    const TEMPLATE: &'static str = "highlights/candidates";

    fn head(&self) -> Head {
        Head::new("highlights-candidates-title").nav("desk")
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            aside: false,
            on_desk: false,
            lines: Vec::new(),
            pager: None,
            formula: FORMULA,
            never_heard: 0,
            asked_days: FAIRNESS_DAYS,
            asked: Vec::new(),
            asked_people: 0,
        };
        let usual = Line {
            thread: 12,
            title: "A kingfisher in the courtyard".into(),
            path: "/t/kingfisher/12".into(),
            category: CategoryTag {
                id: CategoryId(3),
                name: "Field notes".into(),
                path: "/c/field-notes/3".into(),
            },
            post: 88,
            post_path: "/t/kingfisher/12/2".into(),
            words: "It sat on the bronze heron for an hour.".into(),
            author: Who::sample(),
            author_nominated: 0,
            participants: 9,
            saved: 4,
            solved: true,
            first_voices: 1,
            place: 0,
            score: "39.0".into(),
        };
        let worst = Line {
            title: "م".repeat(255),
            words: String::new(),
            author: Who::default(),
            author_nominated: 12,
            solved: false,
            place: 7,
            ..usual.clone()
        };
        let full = Self {
            on_desk: true,
            lines: vec![usual, worst],
            pager: pager(Some("?after=x".into())),
            never_heard: 1,
            asked: vec![Asked {
                who: Who::sample(),
                times: 7,
            }],
            asked_people: 12,
            ..empty.clone()
        };
        let aside = Self {
            aside: true,
            ..full.clone()
        };
        vec![empty, full, aside]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
    show: String,
}

/// Shows the ranking, or with `?show=aside` what was put aside.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let (aside, after) = (query.show == "aside", Cursor::decode(&query.after));
    call.page(move |tx, viewer| {
        let (found, next) = highlights::candidates_of(tx, &viewer.actor, aside, after)?;
        let (asked, asked_people) = highlights::asked_most(tx, &viewer.actor)?;
        let show = if aside { "show=aside&" } else { "" };
        let next = next.map(|c| format!("/desk/candidates?{show}after={}", c.encode()));
        Ok(Shown::from(CandidatesPage {
            aside,
            on_desk: viewer.can(&crate::policy::Action::Review),
            never_heard: highlights::never_heard(&found),
            lines: found.iter().map(line).collect(),
            pager: pager(next),
            formula: FORMULA,
            asked_days: FAIRNESS_DAYS,
            asked: asked
                .iter()
                .map(|(card, times)| Asked {
                    who: Who::of(card),
                    times: *times,
                })
                .collect(),
            asked_people,
        }))
    })
    .await
}

/// Puts one aside.
pub async fn put_aside(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::put_aside(tx, &viewer.actor, id, true)?;
        Ok(See::to("/desk/candidates").flash("candidate-aside"))
    })
    .await
}

/// Brings one back.
pub async fn bring_back(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::put_aside(tx, &viewer.actor, id, false)?;
        Ok(See::to("/desk/candidates?show=aside").flash("candidate-back"))
    })
    .await
}
