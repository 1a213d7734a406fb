//! What moderators do about members, for programs: measures, notes, trust, what a profile shows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use super::guidelines::moment;
use crate::kit::cursor::Cursor;
use crate::kit::ids::SanctionId;
use crate::kit::{At, Result, Stop};
use crate::members;
use crate::moderation::{self, Because, Measure, MeasureKind, Reset};
use crate::policy::{Action, Trust};
use crate::web::{Answer, Call};

/// Measures on one page.
const PER_PAGE: i64 = 30;

/// A measure on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiSanction {
    id: i64,
    /// `warning`, `silence` or `suspension`.
    kind: &'static str,
    reason: Option<String>,
    review_item_id: Option<i64>,
    by_id: Option<i64>,
    from: String,
    /// Without end where it is not given.
    until: Option<String>,
    lifted_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// The measures against a member, latest first: those for something in places that you may see.
#[utoipa::path(get, path = "/api/v1/members/{name}/sanctions", tag = "moderation", params(("name" = String, Path), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiSanction>), (status = 403), (status = 404)))]
pub async fn sanctions(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let member = members::find_by_name(tx, &name)?.id;
        let before = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
        let before = before.map(SanctionId);
        let mut found = moderation::sanctions_of(tx, &viewer.actor, member, before, PER_PAGE + 1)?;
        let next = Cursor::turn(&mut found, PER_PAGE, |last| Cursor::one(last.id.0));
        let items = found.into_iter().map(|sanction| ApiSanction {
            id: sanction.id.0,
            kind: sanction.kind.as_str(),
            reason: sanction.reason,
            review_item_id: sanction.item.map(|id| id.0),
            by_id: sanction.by.map(|id| id.0),
            from: sanction.from.rfc3339(),
            until: sanction.until.map(At::rfc3339),
            lifted_at: sanction.lifted_at.map(At::rfc3339),
        });
        Ok(List {
            items: items.collect(),
            next: next.map(|next| next.encode()),
        })
    })
    .await
}

/// A measure to be taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSanction {
    /// `warning`, `silence` or `suspension`.
    kind: String,
    /// When a silence or suspension ends (RFC 3339); without end where it is not given.
    #[serde(default)]
    until: Option<String>,
    /// The member reads it; with a rule it can be left out.
    #[serde(default)]
    reason: String,
    /// The number of the rule of the community guidelines that it rests on.
    #[serde(default)]
    rule: Option<i64>,
}

/// A measure that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct SanctionMade {
    id: i64,
}

/// Warns, silences or suspends a member.
#[utoipa::path(post, path = "/api/v1/members/{name}/sanctions", tag = "moderation", params(("name" = String, Path)),
    request_body = NewSanction, responses((status = 201, body = SanctionMade), (status = 403), (status = 404), (status = 422)))]
pub async fn sanction(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let new: NewSanction = call.json()?;
    let until = moment("until", new.until.as_deref())?;
    call.api_write(201, move |tx, viewer| {
        let member = members::find_by_name(tx, &name)?.id;
        let kind = MeasureKind::parse(&new.kind).ok_or_else(|| Stop::invalid("kind", "choose"))?;
        let wanted = Measure {
            kind,
            until,
            reason: new.reason.clone(),
            rule: new.rule,
        };
        let id = moderation::measure(tx, &viewer.actor, member, &wanted)?;
        Ok(SanctionMade { id: id.0 })
    })
    .await
}

/// Why a measure is lifted.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LiftWords {
    reason: String,
}

/// Lifts a measure before its time.
#[utoipa::path(post, path = "/api/v1/sanctions/{id}/lifting", tag = "moderation", params(("id" = i64, Path)),
    request_body = LiftWords, responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn lift(call: Call) -> Answer {
    let id: SanctionId = call.segment("id")?;
    let body: LiftWords = call.json_if_any()?;
    call.api_write(204, move |tx, viewer| -> Result<()> {
        moderation::lift(tx, &viewer.actor, id, &body.reason).map(drop)
    })
    .await
}

/// A note of staff about a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiMemberNote {
    id: i64,
    by_id: Option<i64>,
    words: Option<String>,
    at: String,
}

/// The latest notes of staff about a member.
#[utoipa::path(get, path = "/api/v1/members/{name}/notes", tag = "moderation", params(("name" = String, Path)),
    responses((status = 200, body = List<ApiMemberNote>), (status = 403), (status = 404)))]
pub async fn notes(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    call.api_read(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let member = members::find_by_name(tx, &name)?.id;
        let found = moderation::member_notes(tx, &viewer.actor, member)?;
        let items = found.into_iter().map(|note| ApiMemberNote {
            id: note.id,
            by_id: note.by.map(|id| id.0),
            words: note.words,
            at: note.at.rfc3339(),
        });
        Ok(List {
            items: items.collect(),
            next: None,
        })
    })
    .await
}

/// A note to be left.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemberNote {
    words: String,
}

/// Notes something about a member; only staff read it.
#[utoipa::path(post, path = "/api/v1/members/{name}/notes", tag = "moderation", params(("name" = String, Path)),
    request_body = NewMemberNote, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn note(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let body: NewMemberNote = call.json()?;
    call.api_write(204, move |tx, viewer| {
        let member = members::find_by_name(tx, &name)?.id;
        moderation::note_member(tx, &viewer.actor, member, &body.words)
    })
    .await
}

/// Where a member's trust is held.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrustHeld {
    /// `new`, `member` or `established`; nothing lets it move by itself again.
    trust: Option<String>,
}

/// Holds a member's trust where it is put, or lets it move by itself again.
#[utoipa::path(post, path = "/api/v1/members/{name}/trust", tag = "moderation", params(("name" = String, Path)),
    request_body = TrustHeld, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn trust(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let body: TrustHeld = call.json()?;
    call.api_write(204, move |tx, viewer| {
        let member = members::find_by_name(tx, &name)?.id;
        let unknown = || Stop::invalid("trust", "choose");
        let trust = match &body.trust {
            Some(word) => Some(Trust::parse(word).ok_or_else(unknown)?),
            None => None,
        };
        moderation::hold_trust(tx, &viewer.actor, member, trust)
    })
    .await
}

/// What of a profile is set back, and why.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileReset {
    bio: bool,
    avatar: bool,
    /// The member reads it; needed where no rule is named.
    reason: String,
    /// The number of the rule of the community guidelines that it rests on.
    rule: Option<i64>,
}

/// Sets back what a member shows of themselves.
#[utoipa::path(post, path = "/api/v1/members/{name}/profile-reset", tag = "moderation", params(("name" = String, Path)),
    request_body = ProfileReset, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn reset(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let body: ProfileReset = call.json()?;
    call.api_write(204, move |tx, viewer| {
        let member = members::find_by_name(tx, &name)?.id;
        if !body.bio && !body.avatar {
            return Err(Stop::invalid("bio", "choose"));
        }
        let what = Reset {
            bio: body.bio,
            avatar: body.avatar,
        };
        let because = Because {
            reason: body.reason.trim().to_owned(),
            rule: moderation::rule_today(tx, body.rule)?,
            item: None,
        };
        moderation::reset_profile(tx, &viewer.actor, member, what, &because)
    })
    .await
}
