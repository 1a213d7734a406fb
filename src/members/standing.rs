//! A member as policy sees one: read whole in a single query, by id or by what a request carries.

use diesel::prelude::*;

use super::keys::signing_keys;
use crate::db::Tx;
use crate::db::schema::{
    api_tokens, members, required_acknowledgements as required, sessions, standings,
};
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::{GroupId, MemberId, SessionId};
use crate::kit::stop::OrRefuse;
use crate::kit::token::{Purpose, hash_token, read};
use crate::kit::{At, Result, Stop};
use crate::policy::{Actor, Person, Roles, Trust};

/// A session that was not used for so long is over, in microseconds.
pub(super) const IDLE: i64 = 30 * DAY;
/// A session is over after so long, however much it is used, in microseconds.
pub(super) const ABSOLUTE: i64 = 180 * DAY;
/// A session's last use is noted when it is older than this, so that reading stays nearly free of writes.
const NOTE_AFTER: i64 = HOUR;

/// What a request carries to say who asks.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// The value of the session cookie.
    Session(&'a str),
    /// The signed token of an `Authorization: Bearer` header.
    Bearer(&'a str),
}

/// Who asks, and how they like to read.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The member with everything that decides.
    pub person: Person,
    /// The browser's session; `None` for a token.
    pub session: Option<SessionId>,
    /// The language chosen (BCP 47).
    pub lang: String,
    /// The time zone chosen (IANA); empty: the site's.
    pub zone: String,
    /// `light`, `dark` or empty: as the device does.
    pub theme: String,
    /// What the member usually answers to requests for consent; `ask` at first.
    pub consent_preference: String,
    /// Single keys do something, where scripts run.
    pub keys: bool,
    /// When the member joined.
    pub joined: At,
    /// The session's last use is worth noting: call [`super::touch`] in a writing transaction.
    pub touch: bool,
}

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        (
            members::id,
            members::name,
            members::display_name,
            members::email_confirmed_at,
            members::joined_at,
        ),
        (
            members::lang,
            members::zone,
            members::theme,
            members::consent_preference,
            members::single_keys,
        ),
        (standings::roles, standings::group_ids, standings::trust),
        (standings::silenced_until, standings::suspended_until),
        (standings::community_ack, standings::messaging_ack),
        (required::community_major, required::messaging_major),
    )
}

#[derive(Queryable)]
struct Row {
    who: (MemberId, String, String, Option<At>, At),
    likes: (String, String, String, String, bool),
    standing: (i64, String, Trust),
    sanctions: (Option<At>, Option<At>),
    acknowledged: (i64, i64),
    required: (i64, i64),
}

impl Row {
    fn person(&self, now: At) -> Result<Person> {
        let (id, name, display, confirmed, _) = &self.who;
        let (roles, groups, trust) = &self.standing;
        let groups: Vec<GroupId> = serde_json::from_str(groups)?;
        // A sanction ends by itself: nothing has to be lifted when its time is over.
        let in_force = |until: Option<At>| until.filter(|at| *at > now);
        let (community, messaging) = self.acknowledged;
        let (community_major, messaging_major) = self.required;
        Ok(Person {
            id: *id,
            name: name.clone(),
            display: display.clone(),
            roles: Roles(*roles),
            groups,
            trust: *trust,
            email_confirmed: confirmed.is_some(),
            silenced: in_force(self.sanctions.0),
            suspended: in_force(self.sanctions.1),
            community_acknowledged: community >= community_major,
            messaging_acknowledged: messaging_major > 0 && messaging >= messaging_major,
        })
    }

    fn recognised(self, now: At, session: Option<SessionId>, touch: bool) -> Result<Recognised> {
        let person = self.person(now)?;
        let joined = self.who.4;
        let (lang, zone, theme, consent_preference, keys) = self.likes;
        Ok(Recognised {
            person,
            session,
            lang,
            zone,
            theme,
            consent_preference,
            keys,
            joined,
            touch,
        })
    }
}

/// Who this request comes from, in one query; `None` where the credential is not (or no longer) one of ours.
///
/// # Errors
/// A fault where the database fails.
pub fn recognise(tx: &mut Tx<'_>, credential: &Credential<'_>) -> Result<Option<Recognised>> {
    match credential {
        Credential::Session(token) => by_session(tx, token),
        Credential::Bearer(token) => by_token(tx, token),
    }
}

fn by_session(tx: &mut Tx<'_>, token: &str) -> Result<Option<Recognised>> {
    let now = tx.now();
    let row: Option<((SessionId, At), Row)> = sessions::table
        .inner_join(members::table.on(members::id.eq(sessions::member_id)))
        .inner_join(standings::table.on(standings::member_id.eq(sessions::member_id)))
        .inner_join(required::table.on(required::id.eq(1_i64)))
        .filter(sessions::token_hash.eq(hash_token(token).to_vec()))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now.plus(-IDLE)))
        .filter(members::erased_at.is_null())
        .select(((sessions::id, sessions::seen_at), columns()))
        .first(tx.conn)
        .optional()?;
    row.map(|((id, seen), row)| row.recognised(now, Some(id), now.since(seen) > NOTE_AFTER))
        .transpose()
}

fn by_token(tx: &mut Tx<'_>, token: &str) -> Result<Option<Recognised>> {
    let now = tx.now();
    // The signature is checked before the database is asked; the row decides whether the token still holds.
    let keys = signing_keys(tx.house());
    let Ok(claims) = read(&keys, token, Purpose::Api, now.unix_seconds()) else {
        return Ok(None);
    };
    let row: Option<Row> = api_tokens::table
        .inner_join(members::table.on(members::id.eq(api_tokens::member_id)))
        .inner_join(standings::table.on(standings::member_id.eq(api_tokens::member_id)))
        .inner_join(required::table.on(required::id.eq(1_i64)))
        .filter(api_tokens::token_hash.eq(hash_token(&claims.jti).to_vec()))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .filter(api_tokens::created_at.ge(members::tokens_not_before))
        .filter(members::erased_at.is_null())
        .select(columns())
        .first(tx.conn)
        .optional()?;
    match row {
        Some(row) if row.who.0.to_string() == claims.sub => {
            row.recognised(now, None, false).map(Some)
        }
        _ => Ok(None),
    }
}

/// The member as an actor, for verbs that act in a member's place.
///
/// # Errors
/// Not found where there is no such member or it was erased.
pub fn actor(tx: &mut Tx<'_>, member: MemberId) -> Result<Actor> {
    let now = tx.now();
    let row: Option<Row> = members::table
        .inner_join(standings::table.on(standings::member_id.eq(members::id)))
        .inner_join(required::table.on(required::id.eq(1_i64)))
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select(columns())
        .first(tx.conn)
        .optional()?;
    Ok(Actor::Member(Box::new(row.or_not_found()?.person(now)?)))
}

/// Notes that a session is in use.
///
/// # Errors
/// A fault where the database fails.
pub fn touch(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    let now = tx.now();
    diesel::update(sessions::table.filter(sessions::id.eq(session)))
        .set(sessions::seen_at.eq(now))
        .execute(tx.conn)
        .map(drop)
        .map_err(Stop::from)
}
