//! `/outreach/announcements`: what was planned and said, a row per delivery, and taking it back or saying it rightly.
//!
//! Long because one page holds everything that can still be done with an announcement, and each of it comes back filled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::announcement_beside::{Brought, Delivery, WaitingCard, around, deliveries};
use super::brought::Link;
use super::compose_card::{Found, comes_twice};
use super::parts::{Pager, PictureCard, SAMPLE, SaidCard, Who, frame_words, pager};
use crate::db::Tx;
use crate::highlights::{self, Announcement, AnnouncementState, Correction, Examined, Hour, When};
use crate::kit::cursor::Cursor;
use crate::kit::ids::AnnouncementId;
use crate::kit::{Problems, Result};
use crate::members;
use crate::policy::Action;
use crate::web::bridge::ChannelRow;
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

/// One announcement.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncementPage {
    id: i64,
    highlight: i64,
    /// May the viewer open the highlight?
    sees: bool,
    title: String,
    said: SaidCard,
    wall: String,
    zone: String,
    code: String,
    deliveries: Vec<Delivery>,
    /// The same highlight at every channel.
    rows: Vec<ChannelRow>,
    /// What its link brought.
    brought: Brought,
    days: Vec<Brought>,
    /// What the other links of the highlight brought.
    links: Vec<Link>,
    can_withdraw: bool,
    can_correct: bool,
    can_release: bool,
    /// The correction that waits for a second reader.
    waits: Option<WaitingCard>,
    /// What the rules say below is of what waits, not of what is being typed.
    reads: bool,
    second_eyes: bool,
    can_move: bool,
    next_slot: String,
    ask_hour: bool,
    hour: String,
    lang: String,
    hashtags: String,
    findings: Vec<Found>,
    note: String,
    picture: Option<PictureCard>,
    /// It went along and may no longer.
    picture_gone: bool,
    /// The champion whose suggestion it began with.
    begun_with: Who,
    /// What the rules say of what is being typed, or of what waits, today.
    fresh: Vec<Found>,
    passes: bool,
    length: usize,
    limit: Option<usize>,
    picture_alt: String,
    without_picture: bool,
    /// It was sent and can be learned from.
    can_learn: bool,
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
            sees: true,
            title: "م".repeat(255),
            said: SaidCard::samples().remove(0),
            wall: "2026-11-22T10:15".into(),
            zone: "UTC".into(),
            code: "23456789".into(),
            deliveries: vec![delivery],
            rows: ChannelRow::samples(),
            brought: Brought {
                visits: 41,
                sign_ups: 2,
                first_posts: 1,
                ..Brought::default()
            },
            days: vec![Brought {
                day: "2026-11-22".into(),
                visits: 41,
                sign_ups: 2,
                first_posts: 1,
            }],
            can_withdraw: true,
            can_correct: true,
            can_release: true,
            waits: Some(WaitingCard::sample()),
            reads: true,
            second_eyes: true,
            can_move: true,
            next_slot: "2026-11-24 10:00".into(),
            ask_hour: true,
            hour: "first".into(),
            lang: "en".into(),
            hashtags: "#Birds".into(),
            findings: Found::samples(),
            links: Link::samples(),
            note: "Too loud.".into(),
            picture: Some(PictureCard::sample()),
            picture_gone: true,
            begun_with: Who::sample(),
            fresh: Found::samples(),
            passes: false,
            length: 41,
            limit: Some(500),
            picture_alt: "A heron.".into(),
            without_picture: true,
            can_learn: true,
            text: "م".repeat(255),
            problems: Problems::one("text", "check-link-home"),
        };
        let usual = Self {
            title: "A kingfisher".into(),
            can_release: false,
            waits: None,
            reads: false,
            second_eyes: false,
            text: "“This morning a kingfisher.” Ines, in our community.".into(),
            problems: Problems::default(),
            ..worst.clone()
        };
        vec![bare, usual, worst]
    }
}

/// What the rules say today: of what is being typed, or of what waits for whoever looks at it.
fn today(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: AnnouncementId,
    (typed, waits): (Option<&Form>, bool),
    nameless: &str,
) -> Result<Option<Examined>> {
    let actor = &viewer.actor;
    match typed {
        Some(form) => {
            let correction = form.correction();
            highlights::examine_correction(tx, actor, id, &correction, nameless).map(Some)
        }
        None if waits => highlights::examine_waiting(tx, actor, id, nameless).map(Some),
        None => Ok(None),
    }
}

fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: AnnouncementId,
    (again, nameless): (Option<&Form>, &str),
    problems: Problems,
) -> Result<AnnouncementPage> {
    viewer.actor.may(&Action::SeeOutreach)?;
    let (one, highlight) = highlights::announcement(tx, &viewer.actor, id)?;
    let around = around(tx, viewer, highlight.id, id)?;
    let can_announce = around.can_announce;
    let deliveries = deliveries(tx, &one)?;
    let (brought, days) = Brought::all(tx, viewer, &one.code)?;
    let said = SaidCard::of(&one);
    let reasons = highlights::reasons_of(tx, &one)?;
    let report: highlights::Report = serde_json::from_str(&one.report)?;
    let waits = matches!(
        one.state,
        AnnouncementState::Waiting | AnnouncementState::Scheduled
    );
    let next = match waits && can_announce {
        true => highlights::next_slot(tx, &viewer.actor, one.channel)?,
        false => None,
    };
    let correction = WaitingCard::seek(tx, viewer, &one)?;
    let unread = one.state == AnnouncementState::Waiting && one.created_by != viewer.actor.id();
    let can_release = can_announce && (unread || correction.as_ref().is_some_and(|c| !c.mine));
    let typed_text = again.filter(|form| can_announce && !form.text.is_empty());
    let fresh = today(tx, viewer, id, (typed_text, can_release), nameless)?;
    let mut given = highlights::reasons_of(tx, &one)?;
    given.extend(again.map(|form| form.reasons.clone()).unwrap_or_default());
    let beside = beside(tx, &one)?;
    let typed = |field: fn(&Form) -> &String| again.map(field).filter(|text| !text.is_empty());
    Ok(AnnouncementPage {
        id: id.0,
        highlight: highlight.id.0,
        sees: around.sees,
        title: highlight.title,
        wall: typed(|form| &form.wall)
            .cloned()
            .unwrap_or(one.wall_time.clone()),
        zone: one.zone.clone(),
        can_move: waits && can_announce,
        next_slot: next.map(|p| p.wall.replace('T', " ")).unwrap_or_default(),
        ask_hour: comes_twice(&problems) || typed(|form| &form.hour).is_some(),
        hour: typed(|form| &form.hour).cloned().unwrap_or_default(),
        lang: one.lang.clone(),
        hashtags: one.hashtags.clone(),
        findings: found(&report, &reasons),
        note: typed(|form| &form.note).cloned().unwrap_or_default(),
        code: one.code.clone(),
        deliveries,
        rows: around.rows,
        brought,
        days,
        links: Link::all(tx, viewer, one.highlight)?,
        can_withdraw: said.can_take_down && viewer.can(&Action::WithdrawAnnouncement),
        can_correct: can_announce && one.state == AnnouncementState::Sent,
        can_release,
        waits: correction,
        reads: can_release && typed_text.is_none(),
        second_eyes: viewer.settings.second_eyes_on_texts,
        fresh: fresh
            .iter()
            .flat_map(|seen| found(&seen.report, &given))
            .collect(),
        passes: fresh.as_ref().is_some_and(|seen| seen.report.passes()),
        length: fresh.as_ref().map_or(0, |seen| seen.report.length),
        limit: fresh.as_ref().and_then(|seen| seen.report.limit),
        picture_alt: typed(|form| &form.picture_alt)
            .unwrap_or(&one.picture_alt)
            .clone(),
        without_picture: again.is_some_and(|form| form.without_picture),
        picture_gone: one.picture.is_some() && beside.0.is_none(),
        picture: beside.0,
        begun_with: beside.1,
        can_learn: one.sent_at.is_some()
            && one.state.is_out()
            && highlights::may_learn(&viewer.actor).is_ok(),
        text: typed(|form| &form.text)
            .cloned()
            .unwrap_or(one.text.clone()),
        said,
        problems,
    })
}

/// Shows one announcement.
pub async fn show(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let nameless = frame_words(&ui, &viewer.settings).nameless;
        let page = made(tx, viewer, id, (None, &nameless), Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// The form's fields.
#[derive(Debug, Clone, Default)]
struct Form {
    text: String,
    picture_alt: String,
    without_picture: bool,
    reasons: BTreeMap<String, String>,
    reason: String,
    note: String,
    wall: String,
    hour: String,
    slot: String,
    go: String,
}

impl Form {
    /// The fields as they came: those for reasons hold a rule's name in theirs.
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "text" => form.text = value,
                "picture_alt" => form.picture_alt = value,
                "without_picture" => form.without_picture = true,
                "reason" => form.reason = value,
                "note" => form.note = value,
                "wall" => form.wall = value,
                "hour" => form.hour = value,
                "slot" => form.slot = value,
                "go" => form.go = value,
                other => {
                    if let Some(rule) = other.strip_prefix("reason-") {
                        form.reasons.insert(rule.to_owned(), value);
                    }
                }
            }
        }
        form
    }

    fn correction(&self) -> Correction {
        Correction {
            text: self.text.clone(),
            reasons: self.reasons.clone(),
            picture_alt: Some(self.picture_alt.clone()),
            without_picture: self.without_picture,
        }
    }
}

fn found(report: &highlights::Report, reasons: &BTreeMap<String, String>) -> Vec<Found> {
    let findings = report.findings.iter();
    findings.map(|f| Found::of(f, reasons)).collect()
}

/// The picture that goes with it, and whose suggestion it began with.
fn beside(tx: &mut Tx<'_>, one: &Announcement) -> Result<(Option<PictureCard>, Who)> {
    let all = highlights::pictures(tx, one.highlight)?;
    let picture = all.iter().find(|p| Some(p.id) == one.picture);
    let picture = picture.map(|upload| PictureCard {
        alt: one.picture_alt.clone(),
        ..PictureCard::of(upload)
    });
    let author = match one.suggestion {
        Some(id) => highlights::suggested_by(tx, id)?,
        None => None,
    };
    let cards = members::cards(tx, author.as_slice())?;
    let begun_with = author.and_then(|id| cards.get(&id).map(Who::of));
    Ok((picture, begun_with.unwrap_or_default()))
}

/// Takes it back.
pub async fn withdraw(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form = Form::of(call.form()?);
    call.act(move |tx, viewer| {
        highlights::withdraw_announcement(tx, &viewer.actor, id, &form.reason)?;
        Ok(See::to(format!("/outreach/announcements/{id}")).flash("announcement-withdrawn"))
    })
    .await
}

/// Says it rightly.
pub async fn correct(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form = Form::of(call.form()?);
    let ui = call.app().ui()?;
    let (again, again_ui) = (form.clone(), ui.clone());
    if form.go == "check" {
        return call
            .page(move |tx, viewer| {
                let nameless = frame_words(&ui, &viewer.settings).nameless;
                let typed = (Some(&form), nameless.as_str());
                Ok(Shown::from(made(
                    tx,
                    viewer,
                    id,
                    typed,
                    Problems::default(),
                )?))
            })
            .await;
    }
    call.submit(
        move |tx, viewer| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            highlights::correct(tx, &viewer.actor, id, &form.correction(), &nameless)?;
            let flash = if viewer.settings.second_eyes_on_texts {
                "announcement-waiting"
            } else {
                "announcement-corrected"
            };
            Ok(See::to(format!("/outreach/announcements/{id}")).flash(flash))
        },
        move |tx, viewer, problems| {
            let nameless = frame_words(&again_ui, &viewer.settings).nameless;
            let typed = (Some(&again), nameless.as_str());
            Ok(Shown::from(made(tx, viewer, id, typed, problems.clone())?))
        },
    )
    .await
}

/// A second publisher has read it.
pub async fn release(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let ui = call.app().ui()?;
    let form = Form::of(call.form()?);
    let (again, again_ui) = (form.clone(), ui.clone());
    call.submit(
        move |tx, viewer| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            highlights::release(tx, &viewer.actor, id, &form.reasons, &nameless)?;
            Ok(See::to(format!("/outreach/announcements/{id}")).flash("announcement-scheduled"))
        },
        move |tx, viewer, problems| {
            let nameless = frame_words(&again_ui, &viewer.settings).nameless;
            let typed = (Some(&again), nameless.as_str());
            Ok(Shown::from(made(tx, viewer, id, typed, problems.clone())?))
        },
    )
    .await
}

/// A second publisher hands it back with a note.
pub async fn hand_back(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form = Form::of(call.form()?);
    let (again, ui) = (form.clone(), call.app().ui()?);
    call.submit(
        move |tx, viewer| {
            highlights::hand_back(tx, &viewer.actor, id, &form.note)?;
            Ok(See::to(format!("/outreach/announcements/{id}")).flash("text-handed-back"))
        },
        move |tx, viewer, problems| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            let page = made(tx, viewer, id, (Some(&again), &nameless), problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Moves it to another time: the calendar's forms and its dragging come here.
pub async fn schedule(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form = Form::of(call.form()?);
    let (again, ui) = (form.clone(), call.app().ui()?);
    call.submit(
        move |tx, viewer| {
            let when = if form.slot.is_empty() {
                When::wall(&form.wall, Hour::parse(&form.hour))
            } else {
                When::Slot
            };
            let planned = highlights::reschedule(tx, &viewer.actor, id, &when)?;
            let day = planned.wall.split('T').next().unwrap_or_default();
            Ok(See::to(format!("/outreach/calendar?day={day}")).flash("announcement-moved"))
        },
        move |tx, viewer, problems| {
            let nameless = frame_words(&ui, &viewer.settings).nameless;
            let page = made(tx, viewer, id, (Some(&again), &nameless), problems.clone())?;
            Ok(Shown::from(page))
        },
    )
    .await
}
