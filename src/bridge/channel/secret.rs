//! Secrets of channels: sealed at rest, written and never read back; only the last four characters are shown.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::address::check_secret;
use super::{Channel, find, find_in_use, reopen, shut};
use crate::audit::{self, subject};
use crate::bridge::adapter::Secret;
use crate::bridge::kinds::{SecretRule, new_secret};
use crate::bridge::state::ChannelState;
use crate::db::schema::channels;
use crate::db::{House, Lock, Tx};
use crate::kit::clock::DAY;
use crate::kit::ids::ChannelId;
use crate::kit::seal::{Keyring, Place};
use crate::kit::stop::{Fault, Problems, Refusal};
use crate::kit::{At, Result, Stop};
use crate::policy::{Action, Actor};

/// How long the secret before is signed with as well, so that the other side can change over.
const OVERLAP: i64 = DAY;
/// The most bytes of a secret that is given to us.
const LONGEST: usize = 4096;

/// A channel that was made or got a new secret, with the secret where it is ours to show, once.
#[derive(Debug)]
pub struct Made {
    /// The channel.
    pub channel: Channel,
    /// Its secret.
    pub secret: Option<String>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<(String, At)>,
}

/// Sets the secret that a channel gave us. It cannot be read again.
///
/// # Errors
/// Refused to everybody but admins, and for kinds that have no such secret; invalid where it is empty or too long.
pub fn set_secret(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId, secret: &str) -> Result<Channel> {
    let channel = find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    let kind = channel.kind()?;
    if !matches!(kind.secret(), SecretRule::Theirs | SecretRule::Granted) {
        return Err(Refusal::WrongState("no-secret").into());
    }
    if secret.trim().is_empty() {
        return Err(Stop::invalid("secret", "needed"));
    }
    let secret = kind.check_secret(secret.trim())?;
    if secret.len() > LONGEST {
        return Err(Stop::invalid("secret", "too-long-for-channel"));
    }
    let mut problems = Problems::default();
    check_secret(tx, &secret, &mut problems);
    problems.check()?;
    tx.lock(Lock::Channel(id))?;
    let before = open(tx.house(), &find_in_use(tx, id)?)?.map(|kept| kept.current);
    let secret = kind.merge_secret(before.as_deref(), &secret);
    store(tx, id, &secret, None)?;
    audit::record(
        tx,
        actor,
        "channel.secret_set",
        subject("channel", id.0),
        json!({}),
        None,
    )?;
    find(tx, id)
}

/// Makes a new secret for a channel whose secret is ours. For a day both sign.
///
/// # Errors
/// Refused to everybody but admins, and for kinds whose secret is not ours.
pub fn rotate_secret(tx: &mut Tx<'_>, actor: &Actor, id: ChannelId) -> Result<Made> {
    let channel = find_in_use(tx, id)?;
    actor.may(&Action::ManageChannels)?;
    if channel.kind()?.secret() != SecretRule::Ours {
        return Err(Refusal::WrongState("no-secret").into());
    }
    tx.lock(Lock::Channel(id))?;
    let channel = find_in_use(tx, id)?;
    let previous = open(tx.house(), &channel)?.map(|kept| (kept.current, tx.now().plus(OVERLAP)));
    let secret = new_secret();
    store(tx, id, &secret, previous)?;
    audit::record(
        tx,
        actor,
        "channel.secret_rotated",
        subject("channel", id.0),
        json!({}),
        None,
    )?;
    Ok(Made {
        channel: find(tx, id)?,
        secret: Some(secret),
    })
}

pub(super) fn store(
    tx: &mut Tx<'_>,
    id: ChannelId,
    secret: &str,
    previous: Option<(String, At)>,
) -> Result<()> {
    let kept = Kept {
        current: secret.to_owned(),
        previous,
    };
    let plain = serde_json::to_vec(&kept)?;
    let ring = &tx.house().ring;
    let sealed = ring
        .seal(&place(id), &plain)
        .map_err(|e| Stop::Fault(Fault::from_error("sealing a channel's secret", e)))?;
    // The last four characters tell two secrets apart; of a short one they would tell too much.
    // Several kept together have no end that says anything.
    let length = if secret.starts_with('{') {
        0
    } else {
        secret.chars().count()
    };
    let hint: String = secret.chars().skip(length.saturating_sub(4)).collect();
    diesel::update(channels::table.find(id))
        .set((
            channels::secret_sealed.eq(sealed),
            channels::secret_hint.eq(if length < 12 { "" } else { hint.as_str() }),
            channels::secret_set_at.eq(tx.now()),
            channels::revision.eq(channels::revision + 1),
        ))
        .execute(tx.conn)?;
    let channel = find(tx, id)?;
    if !channel.kind()?.is_signed_in(secret) {
        return super::grant::await_grant(tx, id);
    }
    // With a new secret the channel may know us again.
    if channel.state == ChannelState::NeedsReauth {
        reopen(tx, &channel)?;
    }
    Ok(())
}

/// Puts what a channel gave us in exchange for its secret (a fresh pair of tokens) in the place of what it gave before.
/// `false` where somebody set another secret meanwhile: then that one stands.
pub(in crate::bridge) fn exchange(
    tx: &mut Tx<'_>,
    id: ChannelId,
    was: &str,
    now: &str,
    expires_at: Option<At>,
) -> Result<bool> {
    tx.lock(Lock::Channel(id))?;
    let channel = find_in_use(tx, id)?;
    let kept = open(tx.house(), &channel)?;
    if kept.is_none_or(|kept| kept.current != was) {
        return Ok(false);
    }
    let plain = serde_json::to_vec(&Kept {
        current: now.to_owned(),
        previous: None,
    })?;
    let sealed = tx
        .house()
        .ring
        .seal(&place(id), &plain)
        .map_err(|e| Stop::Fault(Fault::from_error("sealing a channel's secret", e)))?;
    diesel::update(channels::table.find(id))
        .set((
            channels::secret_sealed.eq(sealed),
            channels::token_expires_at.eq(expires_at.or(channel.token_expires_at)),
        ))
        .execute(tx.conn)?;
    Ok(true)
}

/// The secret in force at this moment, whoever changed it last.
pub(in crate::bridge) fn current_secret(tx: &mut Tx<'_>, id: ChannelId) -> Result<Option<String>> {
    let channel = find(tx, id)?;
    Ok(open(tx.house(), &channel)?.map(|kept| kept.current))
}

/// The secrets that sign now, newest first.
pub(in crate::bridge) fn open_secrets(tx: &Tx<'_>, channel: &Channel) -> Result<Vec<Secret>> {
    let Some(kept) = open(tx.house(), channel)? else {
        return Ok(Vec::new());
    };
    let previous = kept.previous.filter(|(_, until)| tx.now() < *until);
    let mut secrets = vec![Secret(kept.current)];
    secrets.extend(previous.map(|(secret, _)| Secret(secret)));
    Ok(secrets)
}

fn open(house: &House, channel: &Channel) -> Result<Option<Kept>> {
    let Some(sealed) = &channel.secret_sealed else {
        return Ok(None);
    };
    // One that does not open is none: whoever enters another must not be stopped by it.
    let Ok(plain) = house.ring.open(&place(channel.id), sealed) else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&plain)?))
}

/// The word by which a channel is known whose secret does not open with the keys of this house.
pub(in crate::bridge) const LOCKED: &str = "locked";

/// Was its secret sealed with a key that is not in the key file?
pub(in crate::bridge) fn is_locked(tx: &Tx<'_>, channel: &Channel) -> bool {
    let ring = &tx.house().ring;
    channel
        .secret_sealed
        .as_ref()
        .is_some_and(|sealed| ring.open(&place(channel.id), sealed).is_err())
}

/// Shuts a channel whose secret does not open: nothing is tried with it until somebody enters it anew or brings the keys back.
pub(in crate::bridge) fn lock_up(tx: &mut Tx<'_>, channel: &Channel) -> Result<()> {
    tracing::error!(
        channel = channel.id.0,
        name = channel.name,
        "the secret of this channel does not open with the keys in the key file"
    );
    shut(tx, channel, ChannelState::NeedsReauth, LOCKED)
}

/// Looks at start whether the keys open what is sealed: channels whose secrets do not open are shut, and those that were shut
/// for that and open again go on. Answers how many are locked.
///
/// # Errors
/// A fault where the database fails.
pub fn check_keys(tx: &mut Tx<'_>) -> Result<usize> {
    let all: Vec<ChannelId> = channels::table
        .filter(channels::state.ne(ChannelState::Removed))
        .filter(channels::secret_sealed.is_not_null())
        .order(channels::id)
        .select(channels::id)
        .load(tx.conn)?;
    let mut locked = 0;
    for id in all {
        tx.lock(Lock::Channel(id))?;
        let channel = find(tx, id)?;
        let known = channel.state == ChannelState::NeedsReauth && channel.state_note == LOCKED;
        if !is_locked(tx, &channel) {
            if known {
                reopen(tx, &channel)?;
            }
            continue;
        }
        locked += 1;
        if !known {
            lock_up(tx, &channel)?;
        }
    }
    if locked > 0 {
        tracing::error!(
            channels = locked,
            "the key file is not the one that sealed the secrets of channels: bring the right one back and start again, or enter their secrets anew"
        );
    }
    Ok(locked)
}

fn place(id: ChannelId) -> Place {
    Place::new("channels", id, "secret_sealed")
}

/// Seals channels' secrets again that were sealed with an older key: those after this one, at most so many. Answers the last one
/// that was looked at; `None` where there are no more.
///
/// # Errors
/// A fault where the database fails. A secret that does not open stays as it is.
pub fn seal_again(tx: &mut Tx<'_>, after: ChannelId, most: i64) -> Result<Option<ChannelId>> {
    let some: Vec<ChannelId> = channels::table
        .filter(channels::id.gt(after))
        .filter(channels::secret_sealed.is_not_null())
        .order(channels::id)
        .limit(most)
        .select(channels::id)
        .load(tx.conn)?;
    for id in &some {
        tx.lock(Lock::Channel(*id))?;
        let Some(sealed) = find(tx, *id)?.secret_sealed else {
            continue;
        };
        let again = {
            let ring = &tx.house().ring;
            if Keyring::sealed_with(&sealed) == Some(ring.current_id()) {
                continue;
            }
            let Ok(plain) = ring.open(&place(*id), &sealed) else {
                continue;
            };
            ring.seal(&place(*id), &plain)
                .map_err(|e| Stop::Fault(Fault::from_error("sealing a channel's secret", e)))?
        };
        diesel::update(channels::table.find(*id))
            .set(channels::secret_sealed.eq(again))
            .execute(tx.conn)?;
    }
    Ok(some.last().copied())
}

/// How many channels' secrets are still sealed with an older key of the key file.
///
/// # Errors
/// A fault where the database fails.
pub fn sealed_before(tx: &mut Tx<'_>) -> Result<usize> {
    let all: Vec<(ChannelId, Option<Vec<u8>>)> = channels::table
        .filter(channels::secret_sealed.is_not_null())
        .select((channels::id, channels::secret_sealed))
        .load(tx.conn)?;
    let ring = &tx.house().ring;
    let is_older = |(id, sealed): &&(ChannelId, Option<Vec<u8>>)| {
        sealed.as_ref().is_some_and(|sealed| {
            Keyring::sealed_with(sealed) != Some(ring.current_id())
                && ring.open(&place(*id), sealed).is_ok()
        })
    };
    Ok(all.iter().filter(is_older).count())
}
