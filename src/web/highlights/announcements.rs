//! `/outreach/announcements`: what was planned and said, a row per delivery, and taking it back or saying it rightly.

use serde::{Deserialize, Serialize};

use super::parts::{Pager, SAMPLE, SaidCard, frame_words, pager};
use crate::bridge;
use crate::db::Tx;
use crate::highlights::{self, AnnouncementState};
use crate::kit::cursor::Cursor;
use crate::kit::ids::AnnouncementId;
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    highlight: i64,
    title: String,
    said: SaidCard,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncementsPage {
    lines: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for AnnouncementsPage {
    const TEMPLATE: &'static str = "highlights/announcements";

    fn head(&self) -> Head {
        Head::new("highlights-announcements-title")
            .nav("outreach")
            .outward()
    }

    fn samples() -> Vec<Self> {
        let lines = |title: String| {
            let line = |said| Line {
                highlight: 7,
                title: title.clone(),
                said,
            };
            SaidCard::samples().into_iter().map(line).collect()
        };
        vec![
            Self::default(),
            Self {
                lines: lines("A kingfisher".into()),
                pager: None,
            },
            Self {
                lines: lines("م".repeat(255)),
                pager: pager(Some("?after=x".into())),
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
}

/// Shows what was planned and said.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    call.page(move |tx, viewer| {
        let (all, next) = highlights::announcements(tx, &viewer.actor, after)?;
        let lines = all
            .iter()
            .map(|(one, highlight)| Line {
                highlight: highlight.id.0,
                title: highlight.title.clone(),
                said: SaidCard::of(one),
            })
            .collect();
        let next = next.map(|c| format!("/outreach/announcements?after={}", c.encode()));
        Ok(Shown::from(AnnouncementsPage {
            lines,
            pager: pager(next),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Serialize)]
struct Delivery {
    id: i64,
    operation: &'static str,
    revision: i64,
    state: &'static str,
    why: String,
    tries: i64,
    at: i64,
}

/// One announcement.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncementPage {
    id: i64,
    highlight: i64,
    title: String,
    said: SaidCard,
    wall: String,
    zone: String,
    code: String,
    deliveries: Vec<Delivery>,
    can_withdraw: bool,
    can_correct: bool,
    can_release: bool,
    text: String,
    problems: Problems,
}

impl Page for AnnouncementPage {
    const TEMPLATE: &'static str = "highlights/announcement";

    fn head(&self) -> Head {
        Head::text(&self.title).nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let delivery = Delivery {
            id: 3,
            operation: "announce",
            revision: 1,
            state: "sent",
            why: String::new(),
            tries: 1,
            at: SAMPLE.0,
        };
        let bare = Self {
            said: SaidCard {
                state: "waiting",
                ..SaidCard::default()
            },
            ..Self::default()
        };
        let worst = Self {
            id: 7,
            highlight: 7,
            title: "م".repeat(255),
            said: SaidCard::samples().remove(0),
            wall: "2026-11-22T10:15".into(),
            zone: "UTC".into(),
            code: "23456789".into(),
            deliveries: vec![delivery],
            can_withdraw: true,
            can_correct: true,
            can_release: true,
            text: "م".repeat(255),
            problems: Problems::one("text", "check-link-home"),
        };
        let usual = Self {
            title: "A kingfisher".into(),
            can_release: false,
            text: "“This morning a kingfisher.” Ines, in our community.".into(),
            problems: Problems::default(),
            ..worst.clone()
        };
        vec![bare, usual, worst]
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: AnnouncementId,
    text: Option<&str>,
    problems: Problems,
) -> Result<AnnouncementPage> {
    viewer.actor.may(&Action::SeeOutreach)?;
    let (one, highlight) = highlights::announcement(tx, &viewer.actor, id)?;
    let view = highlights::view(tx, &viewer.actor, highlight.id);
    let can_announce = view.is_ok_and(|view| viewer.can(&Action::Announce(&view.facts)));
    let deliveries = bridge::deliveries_of(tx, &one.origin())?
        .into_iter()
        .map(|d| Delivery {
            id: d.id.0,
            operation: d.operation.as_str(),
            revision: d.revision,
            state: d.state.as_str(),
            why: d.state_reason.clone(),
            tries: d.tries,
            at: d.updated_at.0,
        })
        .collect();
    let said = SaidCard::of(&one);
    Ok(AnnouncementPage {
        id: id.0,
        highlight: highlight.id.0,
        title: highlight.title,
        wall: one.wall_time.clone(),
        zone: one.zone.clone(),
        code: one.code.clone(),
        deliveries,
        can_withdraw: said.can_take_down && viewer.can(&Action::WithdrawAnnouncement),
        can_correct: can_announce && one.state == AnnouncementState::Sent,
        can_release: can_announce
            && one.state == AnnouncementState::Waiting
            && one.created_by != viewer.actor.id(),
        text: text.map_or_else(|| one.text.clone(), str::to_owned),
        said,
        problems,
    })
}

/// Shows one announcement.
pub async fn show(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    call.page(move |tx, viewer| {
        Ok(Shown::from(made(
            tx,
            viewer,
            id,
            None,
            Problems::default(),
        )?))
    })
    .await
}

/// The form's fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Form {
    text: String,
    reason: String,
}

/// Takes it back.
pub async fn withdraw(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form: Form = call.form()?;
    call.act(move |tx, viewer| {
        highlights::withdraw_announcement(tx, &viewer.actor, id, &form.reason)?;
        Ok(See::to(format!("/outreach/announcements/{id}")).flash("announcement-withdrawn"))
    })
    .await
}

/// Says it rightly.
pub async fn correct(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form: Form = call.form()?;
    let ui = call.app().ui()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            highlights::correct(tx, &viewer.actor, id, &form.text, &nameless)?;
            Ok(See::to(format!("/outreach/announcements/{id}")).flash("announcement-corrected"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                id,
                Some(&again.text),
                problems.clone(),
            )?))
        },
    )
    .await
}

/// A second publisher has read it.
pub async fn release(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.submit(
        move |tx, viewer| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            highlights::release(tx, &viewer.actor, id, &nameless)?;
            Ok(See::to(format!("/outreach/announcements/{id}")).flash("announcement-scheduled"))
        },
        move |tx, viewer, problems| Ok(Shown::from(made(tx, viewer, id, None, problems.clone())?)),
    )
    .await
}
