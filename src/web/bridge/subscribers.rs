//! `/admin/channels/{id}/subscribers`: who gets a bulletin.

use serde::{Deserialize, Serialize};

use super::parts::{ChannelCard, Pager, pager};
use crate::bridge::{self, SubscriberLine, SubscriberState, SubscribersWanted};
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{ChannelId, SubscriberId};
use crate::kit::{At, Result};
use crate::policy::Action;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Subscribers on a page.
const ON_A_PAGE: usize = 50;
/// Subscribers that are read at a time for the table.
const PIECE: i64 = 1000;
/// The most subscribers in one file.
const IN_A_FILE: usize = 200_000;

#[derive(Debug, Clone, Serialize)]
struct Choice {
    word: String,
    count: i64,
    chosen: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    address: String,
    is_member: bool,
    state: String,
    note: String,
    asked_at: i64,
    confirmed_at: Option<i64>,
    is_on: bool,
}

impl Line {
    fn of(line: SubscriberLine) -> Self {
        Self {
            id: line.id.0,
            address: line.address.unwrap_or_default(),
            is_member: line.member.is_some(),
            state: line.state.to_string(),
            note: line.note,
            asked_at: line.asked_at.0,
            confirmed_at: line.confirmed_at.map(|at| at.0),
            is_on: line.state != SubscriberState::Left,
        }
    }
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscribersPage {
    channel: ChannelCard,
    confirmed: i64,
    states: Vec<Choice>,
    subscribers: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for SubscribersPage {
    const TEMPLATE: &'static str = "bridge/subscribers";

    fn head(&self) -> Head {
        Head::new("bulletin-subscribers-title").nav("admin").form()
    }

    fn samples() -> Vec<Self> {
        let channel = || {
            let first = ChannelCard::samples().into_iter().next();
            first.unwrap_or_default()
        };
        let line = Line {
            id: 1,
            address: "ruth@example.org".to_owned(),
            is_member: true,
            state: "confirmed".to_owned(),
            asked_at: 1_700_000_000_000_000,
            confirmed_at: Some(1_700_000_000_000_000),
            is_on: true,
            ..Line::default()
        };
        let all = SubscriberState::ALL.iter().map(|state| Line {
            address: if *state == SubscriberState::Confirmed {
                "x".repeat(250)
            } else {
                String::new()
            },
            state: state.to_string(),
            note: "removed".to_owned(),
            confirmed_at: None,
            is_on: *state != SubscriberState::Left,
            ..line.clone()
        });
        let choice = |state: &SubscriberState| Choice {
            word: state.to_string(),
            count: 12_345,
            chosen: *state == SubscriberState::Suppressed,
        };
        vec![
            Self {
                channel: channel(),
                ..Self::default()
            },
            Self {
                channel: channel(),
                confirmed: 1,
                subscribers: vec![line.clone()],
                ..Self::default()
            },
            Self {
                channel: ChannelCard {
                    name: super::parts::longest(),
                    ..channel()
                },
                confirmed: 12_345,
                states: SubscriberState::ALL.iter().map(choice).collect(),
                subscribers: all.collect(),
                pager: pager(Some("/admin/channels/1/subscribers?after=AQ".to_owned())),
            },
        ]
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    after: String,
}

fn read(tx: &mut Tx<'_>, viewer: &Viewer, id: ChannelId, asked: &Asked) -> Result<SubscribersPage> {
    viewer.actor.may(&Action::ManageChannels)?;
    let state = SubscriberState::parse(&asked.state);
    let before = Cursor::decode(&asked.after)
        .and_then(|cursor| cursor.as_one())
        .map(SubscriberId);
    let wanted = SubscribersWanted {
        state,
        before,
        most: i64::try_from(ON_A_PAGE + 1).unwrap_or(51),
    };
    let mut lines = bridge::subscribers(tx, &viewer.actor, id, &wanted)?;
    let more = lines.len() > ON_A_PAGE;
    lines.truncate(ON_A_PAGE);
    let next = lines.last().filter(|_| more).map(|last| {
        let filter = state.map(|s| format!("state={s}&")).unwrap_or_default();
        let after = Cursor::one(last.id.0).encode();
        format!("/admin/channels/{id}/subscribers?{filter}after={after}")
    });
    let counts = bridge::subscriber_counts(tx, &viewer.actor, id)?;
    let count = |wanted: SubscriberState| {
        let found = counts.iter().find(|(state, _)| *state == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    Ok(SubscribersPage {
        channel: ChannelCard::of(&bridge::channel(tx, id)?),
        confirmed: count(SubscriberState::Confirmed),
        states: SubscriberState::ALL
            .iter()
            .map(|one| Choice {
                word: one.to_string(),
                count: count(*one),
                chosen: state == Some(*one),
            })
            .collect(),
        subscribers: lines.into_iter().map(Line::of).collect(),
        pager: pager(next),
    })
}

/// Shows the list.
pub async fn list(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| read(tx, viewer, id, &asked).map(Shown::from))
        .await
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The confirmed addresses as a table.
pub async fn export(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let mut text = String::from("address,language,confirmed_at\r\n");
        let (mut before, mut written) = (None, 0);
        // A guard besides the end of the list: a file is no place for a whole country.
        while written < IN_A_FILE {
            let wanted = SubscribersWanted {
                state: Some(SubscriberState::Confirmed),
                before,
                most: PIECE,
            };
            let some = bridge::subscribers(tx, &viewer.actor, id, &wanted)?;
            let Some(last) = some.last() else {
                break;
            };
            before = Some(last.id);
            written += some.len();
            for line in &some {
                let at = line.confirmed_at.map(At::rfc3339).unwrap_or_default();
                let cells = [line.address.as_deref().unwrap_or_default(), &line.lang, &at];
                let cells: Vec<String> = cells.into_iter().map(cell).collect();
                text.push_str(&cells.join(","));
                text.push_str("\r\n");
            }
        }
        let mut bytes = Bytes::new("text/csv; charset=utf-8", text.into_bytes());
        bytes.cache = Some("private, no-store");
        let name = format!("attachment; filename=\"subscribers-{id}.csv\"");
        bytes.headers.push(("Content-Disposition", name));
        Ok(Shown::Bytes(bytes))
    })
    .await
}

/// Takes somebody off the list.
pub async fn remove(call: Call) -> Answer {
    let id: ChannelId = call.segment("id")?;
    let subscriber: SubscriberId = call.segment("subscriber")?;
    call.act(move |tx, viewer| {
        bridge::remove_subscriber(tx, &viewer.actor, id, subscriber)?;
        Ok(See::to(format!("/admin/channels/{id}/subscribers")).flash("bulletin-removed"))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("a\"b@example.org"), "\"a\"\"b@example.org\"");
    }
}
