//! Signing in at a channel's vendor (OAuth 2): the state that an admin takes along and brings back. It holds for ten
//! minutes, once, and only for the browser (or, by API, the member) that it was made for.

use diesel::prelude::*;
use serde_json::json;

use super::secret::store;
use super::{Channel, find, find_in_use};
use crate::audit::{self, subject};
use crate::bridge::adapter::Destination;
use crate::bridge::kinds::SecretRule;
use crate::bridge::state::ChannelState;
use crate::db::schema::{channel_grants, channels};
use crate::db::{Lock, Tx};
use crate::kit::clock::MINUTE;
use crate::kit::ids::ChannelId;
use crate::kit::stop::Refusal;
use crate::kit::{At, Result, token};
use crate::policy::{Action, Actor};

/// How long somebody may take to sign in there.
const HOLDS: i64 = 10 * MINUTE;

/// Who began it, as a hash: a session, or a member who came by API.
pub type Holder = [u8; 32];

/// The holder that a session is.
#[must_use]
pub fn holder_of_session(token: &str) -> Holder {
    token::hash_token(&format!("session:{token}"))
}

/// The holder that a member is who asks by API: whatever browser they come back with must be signed in as them.
#[must_use]
pub fn holder_of_member(actor: &Actor) -> Option<Holder> {
    actor
        .id()
        .map(|member| token::hash_token(&format!("member:{member}")))
}

/// Begins signing in; what comes back is the state to take along.
///
/// # Errors
/// Refused to everybody but admins, and for kinds where nobody signs in; gone where the channel was removed.
pub fn begin_grant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
    holder: &Holder,
) -> Result<String> {
    let channel = find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    if channel.kind()?.secret() != SecretRule::Granted {
        return Err(Refusal::WrongState("no-secret").into());
    }
    // What nobody came back from is swept here: whoever begins is an admin, and that is seldom.
    diesel::delete(channel_grants::table.filter(channel_grants::expires_at.lt(tx.now())))
        .execute(tx.conn)?;
    let (state, hash) = token::random_token();
    diesel::insert_into(channel_grants::table)
        .values((
            channel_grants::channel_id.eq(id),
            channel_grants::state_hash.eq(hash.to_vec()),
            channel_grants::holder_hash.eq(holder.to_vec()),
            channel_grants::expires_at.eq(tx.now().plus(HOLDS)),
        ))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "channel.grant_begun",
        subject("channel", id.0),
        json!({}),
        None,
    )?;
    Ok(state)
}

/// Takes the state that somebody brought back: once, in time, and only where it is theirs. Answers the kind and the
/// channel as its adapter sees it.
///
/// # Errors
/// [`Refusal::LinkDead`] for a state that is not (or no longer) good for whoever brings it; refused to everybody but
/// admins.
pub fn take_grant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    state: &str,
    holders: &[Holder],
) -> Result<(String, Destination)> {
    actor.may(&Action::ManageChannels)?;
    let holders: Vec<Vec<u8>> = holders.iter().map(|holder| holder.to_vec()).collect();
    let taken: Option<ChannelId> = diesel::delete(
        channel_grants::table
            .filter(channel_grants::state_hash.eq(token::hash_token(state).to_vec()))
            .filter(channel_grants::holder_hash.eq_any(holders))
            .filter(channel_grants::expires_at.ge(tx.now())),
    )
    .returning(channel_grants::channel_id)
    .get_result(tx.conn)
    .optional()?;
    let id = taken.ok_or(Refusal::LinkDead)?;
    let channel = find_in_use(tx, id)?;
    Ok((channel.kind.clone(), channel.destination(tx)?))
}

/// Keeps what the vendor gave: the channel knows its account again.
///
/// # Errors
/// Refused to everybody but admins; gone where the channel was removed meanwhile.
pub fn keep_grant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ChannelId,
    secret: &str,
    expires_at: Option<At>,
) -> Result<Channel> {
    find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(id))?;
    store(tx, id, secret, None)?;
    diesel::update(channels::table.find(id))
        .set(channels::token_expires_at.eq(expires_at))
        .execute(tx.conn)?;
    audit::record(
        tx,
        actor,
        "channel.granted",
        subject("channel", id.0),
        json!({}),
        None,
    )?;
    find(tx, id)
}

/// Keeps the application that was made at the vendor for this channel, before anybody signs in with it.
///
/// # Errors
/// Refused to everybody but admins; gone where the channel was removed meanwhile.
pub fn keep_application(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId, secret: &str) -> Result<()> {
    find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    tx.lock(Lock::Channel(id))?;
    store(tx, id, secret, None)?;
    audit::record(
        tx,
        actor,
        "channel.application_made",
        subject("channel", id.0),
        json!({}),
        None,
    )
}

/// A channel that nobody has signed in to yet takes nothing.
pub(super) fn await_grant(tx: &mut Tx<'_>, id: ChannelId) -> Result<()> {
    let open = channels::table
        .filter(channels::id.eq(id))
        .filter(channels::state.eq(ChannelState::Open));
    diesel::update(open)
        .set((
            channels::state.eq(ChannelState::NeedsReauth),
            channels::state_note.eq("not-signed-in"),
        ))
        .execute(tx.conn)?;
    Ok(())
}
