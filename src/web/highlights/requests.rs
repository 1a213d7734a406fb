//! `/outreach/requests`: publishers ask the community managers for voices, and what became of it. This is talk among
//! colleagues; nothing of it leaves.

use serde::{Deserialize, Serialize};

use super::compose_card::comes_twice;
use super::parts::{Pager, SAMPLE, Who, pager};
use crate::db::Tx;
use crate::forum;
use crate::highlights::{self, Hour, RequestLine, VoiceWish, When};
use crate::kit::cursor::Cursor;
use crate::kit::ids::CategoryId;
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    title: String,
    state: &'static str,
    voices: i64,
    offers: i64,
    due_at: i64,
    late: bool,
    asked_by: Who,
    taken_by: Who,
}

impl Line {
    fn of(line: &RequestLine, now: crate::kit::At) -> Self {
        Self {
            id: line.row.id.0,
            title: line.row.title.clone(),
            state: line.row.state.as_str(),
            voices: line.row.voices,
            offers: line.offers,
            due_at: line.row.due_at.0,
            late: line.row.state.waits() && line.row.due_at < now,
            asked_by: Who::of(&line.asked_by),
            taken_by: line.taken_by.as_ref().map(Who::of).unwrap_or_default(),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize)]
struct Place {
    id: i64,
    name: String,
    chosen: bool,
}

/// The fields of the form for asking.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    title: String,
    wish: String,
    voices: String,
    category: i64,
    when: String,
    hour: String,
}

/// The list, with the form for asking.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RequestsPage {
    over: bool,
    can_ask: bool,
    zone: String,
    places: Vec<Place>,
    lines: Vec<Line>,
    ask_hour: bool,
    form: Form,
    problems: Problems,
    pager: Option<Pager>,
}

impl Page for RequestsPage {
    const TEMPLATE: &'static str = "highlights/requests";

    fn head(&self) -> Head {
        let nav = if self.can_ask { "outreach" } else { "desk" };
        Head::new("requests-title").nav(nav).no_index().form()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: 3,
            title: "Three voices on the garden".into(),
            state: "accepted",
            voices: 3,
            offers: 1,
            due_at: SAMPLE.0,
            late: true,
            asked_by: Who::sample(),
            taken_by: Who::sample(),
        };
        let bare = Line {
            title: "م".repeat(255),
            state: "open",
            ..Line::default()
        };
        let usual = Self {
            can_ask: true,
            ask_hour: true,
            zone: "Europe/Berlin".into(),
            places: vec![Place {
                id: 1,
                name: "Garden".into(),
                chosen: true,
            }],
            lines: vec![line, bare],
            problems: Problems::one("title", "needed"),
            pager: pager(Some("?after=x".into())),
            ..Self::default()
        };
        let over = Self {
            over: true,
            can_ask: false,
            problems: Problems::default(),
            ..usual.clone()
        };
        vec![Self::default(), usual, over]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    show: String,
    after: String,
}

fn listed(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    query: &Query,
    form: Form,
    problems: Problems,
) -> Result<RequestsPage> {
    let over = query.show == "over";
    let after = Cursor::decode(&query.after);
    let (lines, next) = highlights::requests(tx, &viewer.actor, !over, after)?;
    let show = if over { "show=over&" } else { "" };
    let next = next.map(|c| format!("/outreach/requests?{show}after={}", c.encode()));
    let can_ask = viewer.can(&Action::AskForVoices);
    let places = if can_ask && !over {
        let all = forum::places(tx)?;
        all.iter()
            .filter(|c| c.facts.is_public())
            .map(|c| Place {
                id: c.id.0,
                name: c.name.clone(),
                chosen: c.id.0 == form.category,
            })
            .collect()
    } else {
        Vec::new()
    };
    let now = tx.now();
    Ok(RequestsPage {
        over,
        can_ask,
        zone: viewer.settings.zone.clone(),
        places,
        lines: lines.iter().map(|line| Line::of(line, now)).collect(),
        ask_hour: comes_twice(&problems) || !form.hour.is_empty(),
        form,
        problems,
        pager: pager(next),
    })
}

/// Shows what waits; with `?show=over` what is over.
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    call.page(move |tx, viewer| {
        let form = Form {
            voices: "3".into(),
            ..Form::default()
        };
        let page = listed(tx, viewer, &query, form, Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Asks.
pub async fn ask(call: Call) -> Answer {
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let wish = VoiceWish {
                title: form.title.clone(),
                wish: form.wish.clone(),
                voices: form.voices.trim().parse().unwrap_or_default(),
                category: Some(CategoryId(form.category)).filter(|id| id.0 != 0),
                due: When::wall(&form.when, Hour::parse(&form.hour)),
            };
            let id = highlights::ask_for_voices(tx, &viewer.actor, &wish)?;
            Ok(See::to(format!("/outreach/requests/{id}")).flash("voices-asked"))
        },
        move |tx, viewer, problems| {
            let query = Query::default();
            let page = listed(tx, viewer, &query, again.clone(), problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}
