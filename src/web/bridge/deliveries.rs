//! `/outreach/deliveries`: what became of everything, and a person's say where nobody else knows.

use serde::{Deserialize, Serialize};

use super::parts::{AttemptCard, DeliveryCard, Pager, pager};
use crate::bridge::{self, DeliveryDetail, Operation, Resolution, State, Wanted};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{ChannelId, DeliveryId};
use crate::kit::{Problems, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Deliveries on a page.
const ON_A_PAGE: usize = 30;

#[derive(Debug, Clone, Serialize)]
struct Choice {
    word: String,
    count: Option<i64>,
    chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Place {
    id: i64,
    name: String,
    chosen: bool,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeliveriesPage {
    deliveries: Vec<DeliveryCard>,
    states: Vec<Choice>,
    channels: Vec<Place>,
    filtered: bool,
    pager: Option<Pager>,
}

impl Page for DeliveriesPage {
    const TEMPLATE: &'static str = "bridge/deliveries";

    fn head(&self) -> Head {
        Head::new("bridge-deliveries-title")
            .nav("outreach")
            .outward()
    }

    fn samples() -> Vec<Self> {
        let states = |chosen: Option<State>| {
            let choice = |state: &State| Choice {
                word: state.to_string(),
                count: Some(3),
                chosen: chosen == Some(*state),
            };
            State::ALL.iter().map(choice).collect::<Vec<_>>()
        };
        vec![
            Self::default(),
            Self {
                deliveries: DeliveryCard::samples(),
                states: states(None),
                ..Self::default()
            },
            Self {
                deliveries: State::ALL
                    .iter()
                    .flat_map(|state| {
                        DeliveryCard::samples()
                            .into_iter()
                            .map(|card| DeliveryCard {
                                state: state.to_string(),
                                ..card
                            })
                    })
                    .collect(),
                states: states(Some(State::Dead)),
                channels: vec![Place {
                    id: 1,
                    name: super::parts::longest(),
                    chosen: true,
                }],
                filtered: true,
                pager: pager(Some("/outreach/deliveries?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    channel: String,
    after: String,
}

/// Shows the list.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    let state = State::parse(&asked.state);
    let channel = asked.channel.parse::<ChannelId>().ok();
    let before = Cursor::decode(&asked.after)
        .and_then(|cursor| cursor.as_one())
        .map(DeliveryId);
    call.page(move |tx, viewer| {
        let wanted = Wanted {
            state,
            channel,
            before,
            most: i64::try_from(ON_A_PAGE + 1).unwrap_or(31),
        };
        let mut lines = bridge::deliveries(tx, &viewer.actor, &wanted)?;
        let more = lines.len() > ON_A_PAGE;
        lines.truncate(ON_A_PAGE);
        let filter = |name: &str, value: Option<String>| {
            value.map(|v| format!("{name}={v}&")).unwrap_or_default()
        };
        let filters = filter("state", state.map(|s| s.to_string()))
            + &filter("channel", channel.map(|c| c.to_string()));
        let next = lines.last().filter(|_| more).map(|last| {
            format!(
                "/outreach/deliveries?{filters}after={}",
                Cursor::one(last.id.0).encode()
            )
        });
        let counts = bridge::counts(tx, &viewer.actor)?;
        let choice = |word: &State| Choice {
            word: word.to_string(),
            count: counts
                .iter()
                .find(|(s, _)| s == word)
                .map(|(_, count)| *count),
            chosen: state == Some(*word),
        };
        let place = |line: &bridge::ChannelLine| Place {
            id: line.id.0,
            name: line.name.clone(),
            chosen: channel == Some(line.id),
        };
        Ok(Shown::from(DeliveriesPage {
            deliveries: DeliveryCard::all(tx, &viewer.actor, &lines)?,
            states: State::ALL.iter().map(choice).collect(),
            channels: bridge::channels(tx)?.iter().map(place).collect(),
            filtered: state.is_some() || channel.is_some(),
            pager: pager(next),
        }))
    })
    .await
}

/// One delivery.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeliveryPage {
    delivery: DeliveryCard,
    attempts: Vec<AttemptCard>,
    payload: String,
    hash: String,
    key: String,
    expires_at: Option<i64>,
    can_resolve_present: bool,
    can_resolve_absent: bool,
    can_requeue: bool,
    can_cancel: bool,
    url: String,
    problems: Problems,
}

impl DeliveryPage {
    fn of(tx: &mut Tx<'_>, detail: &DeliveryDetail, viewer: &Viewer) -> Result<Self> {
        let line = &detail.line;
        let cards = DeliveryCard::all(tx, &viewer.actor, std::slice::from_ref(line))?;
        let resolves = viewer.can(&Action::ResolveDelivery);
        let open = matches!(
            line.state,
            State::Unknown | State::Reconciling | State::NeedsHuman
        );
        let over = matches!(line.state, State::Dead | State::Expired);
        Ok(Self {
            delivery: cards.into_iter().next().unwrap_or_default(),
            attempts: detail.attempts.iter().map(AttemptCard::of).collect(),
            payload: detail.payload.clone(),
            hash: detail.payload_hash.clone(),
            key: detail.key.clone(),
            expires_at: detail.expires_at.map(|at| at.0),
            can_resolve_present: resolves && (open || over),
            can_resolve_absent: resolves && open,
            can_requeue: resolves && over && !line.recalled,
            can_cancel: viewer.can(&Action::WithdrawAnnouncement)
                && line.operation != Operation::Withdraw
                && (line.state.is_waiting() || over),
            url: String::new(),
            problems: Problems::default(),
        })
    }
}

impl Page for DeliveryPage {
    const TEMPLATE: &'static str = "bridge/delivery";

    fn head(&self) -> Head {
        let id = self.delivery.id.to_string();
        let head = match self.delivery.title.as_str() {
            "" => Head::filled("bridge-delivery-title", &[("id", id.as_str())]),
            title => Head::text(title),
        };
        head.nav("outreach").outward().form()
    }

    fn samples() -> Vec<Self> {
        let card = |index: usize| {
            DeliveryCard::samples()
                .into_iter()
                .nth(index)
                .unwrap_or_default()
        };
        vec![
            Self {
                delivery: card(0),
                ..Self::default()
            },
            Self {
                delivery: card(0),
                attempts: AttemptCard::samples(),
                payload: "{\"type\":\"highlight.published\"}".to_owned(),
                hash: "ab".repeat(32),
                key: "msg_x".to_owned(),
                expires_at: Some(1_700_000_000_000_000),
                ..Self::default()
            },
            Self {
                delivery: card(1),
                attempts: AttemptCard::samples(),
                payload: super::parts::longest().repeat(20),
                can_resolve_present: true,
                can_resolve_absent: true,
                can_requeue: true,
                can_cancel: true,
                url: "nonsense".to_owned(),
                problems: Problems::one("url", "no-address"),
                ..Self::default()
            },
        ]
    }
}

/// Shows one delivery.
pub async fn show(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let detail = bridge::delivery(tx, &viewer.actor, id)?;
        Ok(Shown::from(DeliveryPage::of(tx, &detail, viewer)?))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Finding {
    outcome: String,
    url: String,
}

/// Writes what a person found.
pub async fn resolve(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let form: Finding = call.form()?;
    let typed = form.url.clone();
    call.submit(
        move |tx, viewer| {
            let resolution = match form.outcome.as_str() {
                "present" => Resolution::Present {
                    url: Some(form.url.clone()),
                },
                "absent" => Resolution::Absent,
                _ => return Err(Problems::one("outcome", "needed").into()),
            };
            bridge::resolve(tx, &viewer.actor, id, &resolution)?;
            Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-resolved"))
        },
        move |tx, viewer, problems| {
            let detail = bridge::delivery(tx, &viewer.actor, id)?;
            Ok(Shown::from(DeliveryPage {
                url: typed.clone(),
                problems: problems.clone(),
                ..DeliveryPage::of(tx, &detail, viewer)?
            }))
        },
    )
    .await
}

/// Tries again what was given up.
pub async fn requeue(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    call.act(move |tx, viewer| {
        bridge::requeue(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-requeued"))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Why {
    reason: String,
}

/// Drops what has not left.
pub async fn cancel(call: Call) -> Answer {
    let id: DeliveryId = call.segment("id")?;
    let form: Why = call.form()?;
    call.act(move |tx, viewer| {
        bridge::cancel(tx, &viewer.actor, id, &form.reason)?;
        Ok(See::to(format!("/outreach/deliveries/{id}")).flash("delivery-cancelled"))
    })
    .await
}
