//! Who is told what about requests for voices: the community managers, the publisher who asked, whoever looks for them.

use serde_json::{Value, json};

use super::{Row, SUBJECT, VoiceAnswer};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::{MemberId, VoiceRequestId};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Actor, Role};

/// Who is told what by whom, and whether by mail as well.
struct Told {
    member: MemberId,
    kind: &'static str,
    actor: Option<MemberId>,
    mail: bool,
}

/// A notice about a request for voices.
fn of_request(tx: &mut Tx<'_>, told: Told, id: VoiceRequestId, data: Value) -> Result<()> {
    let mut all = json!({ "path": format!("/outreach/requests/{id}") });
    if let (Some(all), Value::Object(more)) = (all.as_object_mut(), data) {
        all.extend(more);
    }
    let notice = Notice {
        member: told.member,
        kind: told.kind,
        subject_kind: SUBJECT,
        subject_id: id.0,
        actor: told.actor,
        data: all,
        mail: told.mail,
    };
    notifications::tell(tx, &notice)
}

/// The community managers learn that a publisher asks for voices.
pub(super) fn asked(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: VoiceRequestId,
    title: &str,
    kind: &'static str,
) -> Result<()> {
    for card in members::with_role(tx, Role::Moderator)? {
        let told = Told {
            member: card.id,
            kind,
            actor: actor.id(),
            mail: true,
        };
        of_request(tx, told, id, json!({ "title": title }))?;
    }
    Ok(())
}

/// The publisher who asked learns what was answered.
pub(super) fn answered(
    tx: &mut Tx<'_>,
    actor: &Actor,
    row: &Row,
    answer: VoiceAnswer,
    note: &str,
) -> Result<()> {
    let kind = match answer {
        VoiceAnswer::Accept => "voices-accepted",
        VoiceAnswer::Decline => "voices-declined",
        VoiceAnswer::Propose => "voices-proposed",
    };
    let Some(member) = row.asked_by else {
        return Ok(());
    };
    let told = Told {
        member,
        kind,
        actor: actor.id(),
        mail: true,
    };
    of_request(
        tx,
        told,
        row.id,
        json!({ "title": row.title, "note": note }),
    )
}

/// Whoever looked for voices learns that the publisher closed the request.
pub(super) fn closed(tx: &mut Tx<'_>, actor: &Actor, row: &Row, done: bool) -> Result<()> {
    let Some(member) = row.taken_by else {
        return Ok(());
    };
    let kind = if done {
        "voices-done"
    } else {
        "voices-withdrawn"
    };
    let told = Told {
        member,
        kind,
        actor: actor.id(),
        mail: false,
    };
    of_request(tx, told, row.id, json!({ "title": row.title }))
}

/// A request is due within a day: whoever took it is reminded, or all community managers where nobody did.
pub(super) fn due(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let people: Vec<MemberId> = match row.taken_by {
        Some(member) => vec![member],
        None => members::with_role(tx, Role::Moderator)?
            .into_iter()
            .map(|card| card.id)
            .collect(),
    };
    for member in people {
        let told = Told {
            member,
            kind: "voices-due",
            actor: None,
            mail: true,
        };
        of_request(tx, told, row.id, json!({ "title": row.title }))?;
    }
    Ok(())
}
