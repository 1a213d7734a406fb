//! `/outreach/calendar/slots`: the hours of the week at which each channel speaks.

use serde::{Deserialize, Serialize};

use crate::bridge::{self, ChannelState};
use crate::db::Tx;
use crate::highlights;
use crate::kit::ids::{ChannelId, SlotId};
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct SlotLine {
    id: i64,
    weekday: i64,
    time: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct ChannelSlots {
    id: i64,
    name: String,
    kind: String,
    open: bool,
    gap_minutes: i64,
    cap: i64,
    next: String,
    slots: Vec<SlotLine>,
}

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    channel: i64,
    weekday: i64,
    time: String,
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SlotsPage {
    zone: String,
    channels: Vec<ChannelSlots>,
    weekdays: Vec<i64>,
    can_keep: bool,
    form: Form,
    problems: Problems,
}

impl Page for SlotsPage {
    const TEMPLATE: &'static str = "highlights/slots";

    fn head(&self) -> Head {
        Head::new("slots-title").nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let channel = ChannelSlots {
            id: 1,
            name: "Announcements page".into(),
            kind: "page".into(),
            open: true,
            gap_minutes: 30,
            cap: 3,
            next: "2026-11-24 10:00".into(),
            slots: vec![SlotLine {
                id: 1,
                weekday: 2,
                time: "10:00".into(),
            }],
        };
        let closed = ChannelSlots {
            id: 2,
            name: "م".repeat(255),
            kind: "webhook".into(),
            ..ChannelSlots::default()
        };
        let usual = Self {
            zone: "Europe/Berlin".into(),
            channels: vec![channel, closed],
            weekdays: (1..=7).collect(),
            can_keep: true,
            form: Form {
                channel: 1,
                weekday: 2,
                time: "25:00".into(),
            },
            problems: Problems::one("time", "slot-time"),
        };
        let only_looking = Self {
            can_keep: false,
            form: Form::default(),
            problems: Problems::default(),
            ..usual.clone()
        };
        vec![Self::default(), usual, only_looking]
    }
}

fn made(tx: &mut Tx<'_>, viewer: &Viewer, form: Form, problems: Problems) -> Result<SlotsPage> {
    let all = highlights::slots(tx, &viewer.actor, None)?;
    let mut channels = Vec::new();
    for line in bridge::channels(tx)? {
        let next = highlights::next_slot(tx, &viewer.actor, line.id)?;
        channels.push(ChannelSlots {
            id: line.id.0,
            open: line.state == ChannelState::Open,
            gap_minutes: line.min_gap_seconds / 60,
            cap: line.daily_cap,
            next: next.map(|p| p.wall.replace('T', " ")).unwrap_or_default(),
            slots: all
                .iter()
                .filter(|slot| slot.channel == line.id)
                .map(|slot| SlotLine {
                    id: slot.id.0,
                    weekday: slot.time.weekday,
                    time: format!("{:02}:{:02}", slot.time.minute / 60, slot.time.minute % 60),
                })
                .collect(),
            name: line.name,
            kind: line.kind,
        });
    }
    Ok(SlotsPage {
        zone: viewer.settings.zone.clone(),
        channels,
        weekdays: (1..=7).collect(),
        can_keep: viewer.can(&Action::KeepCalendar),
        form,
        problems,
    })
}

/// Shows the slots of every channel.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let page = made(tx, viewer, Form::default(), Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Gives a channel one more.
pub async fn add(call: Call) -> Answer {
    let form: Form = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let channel = ChannelId(form.channel);
            highlights::add_slot(tx, &viewer.actor, channel, form.weekday, &form.time)?;
            Ok(See::to("/outreach/calendar/slots").flash("slot-added"))
        },
        move |tx, viewer, problems| {
            Ok(Shown::from(made(
                tx,
                viewer,
                again.clone(),
                problems.clone(),
            )?))
        },
    )
    .await
}

/// Takes one away.
pub async fn remove(call: Call) -> Answer {
    let id: SlotId = call.segment("id")?;
    call.act(move |tx, viewer| {
        highlights::drop_slot(tx, &viewer.actor, id)?;
        Ok(See::to("/outreach/calendar/slots").flash("slot-dropped"))
    })
    .await
}
