//! Accounts by API: signing in for a token, oneself, members, notices.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::forum;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, NoticeId};
use crate::kit::{Refusal, Result};
use crate::members::{self, Card};
use crate::notifications;
use crate::policy::{Role, Trust};
use crate::web::{Answer, Call};

/// Who wants a token.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    /// Name or confirmed address.
    login: String,
    /// The password.
    password: String,
    /// A one-time code, where the account asks for one.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "accounts with a second factor come later; clients may send the field already"
    )]
    otp: Option<String>,
}

/// A token, shown once.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SessionAnswer {
    /// Goes into `Authorization: Bearer …`; holds for 30 days.
    token: String,
}

/// Signs in for a token.
#[utoipa::path(post, path = "/api/v1/session", tag = "members", request_body = SessionBody,
    responses((status = 200, body = SessionAnswer), (status = 401, description = "the login and the password do not belong together"),
        (status = 429, description = "too many tries")))]
pub async fn session(call: Call) -> Answer {
    let body: SessionBody = call.json()?;
    let (login, client) = (body.login, call.client());
    let claim = call
        .app()
        .db
        .write(move |tx| members::claim(tx, &login, &client, None))
        .await?;
    let password = body.password;
    let proof = call.compute(move || claim.prove(&password)).await?;
    crate::web::members::note_proof(&call, &proof);
    call.api_secret(200, move |tx, _viewer| {
        Ok(SessionAnswer {
            token: members::sign_in_for_token(tx, &proof)?,
        })
    })
    .await
}

/// The member behind a token.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MeAnswer {
    id: i64,
    name: String,
    display: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    #[schema(value_type = String)]
    trust: Trust,
    email: Option<String>,
    email_confirmed: bool,
    lang: String,
    zone: String,
    unread: i64,
    community_acknowledged: bool,
    messaging_acknowledged: bool,
}

/// Oneself.
#[utoipa::path(get, path = "/api/v1/me", tag = "members", responses((status = 200, body = MeAnswer), (status = 401)))]
pub async fn me(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let person = viewer.actor.person().ok_or(Refusal::SignInFirst)?;
        let own = members::own_account(tx, &viewer.actor)?;
        Ok(MeAnswer {
            id: person.id.0,
            name: person.name.clone(),
            display: person.display.clone(),
            roles: person.roles.list(),
            trust: person.trust,
            email: own.email,
            email_confirmed: own.email_confirmed,
            lang: own.preferences.lang,
            zone: own.preferences.zone,
            unread: notifications::unread(tx, person.id)?,
            community_acknowledged: person.community_acknowledged,
            messaging_acknowledged: person.messaging_acknowledged,
        })
    })
    .await
}

/// What everybody may read of a member.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MemberAnswer {
    id: i64,
    name: String,
    display: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    #[schema(value_type = String)]
    trust: Trust,
    bio_html: String,
    /// How the member is spoken of.
    pronouns: String,
    /// Where the member lives, in own words.
    place: String,
    links: Vec<String>,
    /// The names of the badges that the member wears.
    badges: Vec<String>,
    joined_at: String,
    /// Threads started, as far as you see them; so are the figures below.
    threads: i64,
    posts: i64,
    reactions_received: i64,
    reactions_given: i64,
}

/// A member by name; a former name finds its member too.
#[utoipa::path(get, path = "/api/v1/members/{name}", tag = "members", params(("name" = String, Path)),
    responses((status = 200, body = MemberAnswer), (status = 404)))]
pub async fn member(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    call.api_read(move |tx, viewer| {
        let profile = members::find_profile(tx, &name)?;
        let id = profile.card.id;
        let figures = forum::figures(tx, &viewer.actor, id)?;
        let details = members::details_of(tx, id)?;
        let badges = members::badges_of(tx, id)?;
        Ok(MemberAnswer {
            id: profile.card.id.0,
            name: profile.card.name,
            display: profile.card.display,
            roles: profile.card.roles,
            trust: profile.card.trust,
            bio_html: profile.bio_html,
            pronouns: details.pronouns,
            place: details.place,
            links: details.links,
            badges: badges.into_iter().map(|badge| badge.name).collect(),
            joined_at: profile.joined_at.rfc3339(),
            threads: figures.threads,
            posts: figures.posts,
            reactions_received: figures.received,
            reactions_given: figures.given,
        })
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PageQuery {
    after: String,
}

/// A notice.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NoticeAnswer {
    #[schema(value_type = i64)]
    id: NoticeId,
    kind: String,
    subject_kind: String,
    subject_id: i64,
    #[schema(value_type = Option<Object>)]
    actor: Option<Actor>,
    #[schema(value_type = Object)]
    data: Value,
    created_at: String,
    read: bool,
}

/// Whose doing it was.
#[derive(Debug, Clone, Serialize)]
struct Actor {
    id: MemberId,
    name: String,
    display: String,
}

impl From<Card> for Actor {
    fn from(card: Card) -> Self {
        Self {
            id: card.id,
            name: card.name,
            display: card.display,
        }
    }
}

/// A page of notices.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NoticesAnswer {
    items: Vec<NoticeAnswer>,
    /// Goes into `?after=`; null at the end.
    next: Option<String>,
}

/// One's own notices, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "members", params(("after" = Option<String>, Query)),
    responses((status = 200, body = NoticesAnswer), (status = 401)))]
pub async fn notices(call: Call) -> Answer {
    let query: PageQuery = call.query()?;
    call.api_read(move |tx, viewer| {
        let after = cursor(&query.after)?;
        let all = notifications::list(tx, &viewer.actor, after)?;
        let items = all.lines.into_iter().map(|line| NoticeAnswer {
            id: line.id,
            kind: line.kind,
            subject_kind: line.subject_kind,
            subject_id: line.subject_id,
            actor: line.actor.map(Actor::from),
            data: line.data,
            created_at: line.at.rfc3339(),
            read: line.read,
        });
        Ok(NoticesAnswer {
            items: items.collect(),
            next: all.next.map(|cursor| cursor.encode()),
        })
    })
    .await
}

/// Where a list goes on; empty is its beginning.
fn cursor(text: &str) -> Result<Option<Cursor>> {
    if text.is_empty() {
        return Ok(None);
    }
    Cursor::decode(text)
        .map(Some)
        .ok_or(Refusal::Unreadable("cursor").into())
}
