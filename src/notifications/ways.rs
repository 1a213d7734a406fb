//! How a member wants to be told: in the forum, by mail, both ways or not at all, for each kind of notice; and how often
//! a digest comes.

use diesel::prelude::*;

use super::list::own;
use crate::db::Tx;
use crate::db::schema::{digests, notice_ways, notices};
use crate::each_backend;
use crate::kit::clock::{DAY, SECOND};
use crate::kit::ids::{MemberId, NoticeId};
use crate::kit::token::{Claims, JwtKeys, Purpose, issue, random_token, read};
use crate::kit::{At, Event, Fault, Refusal, Result, Stop};
use crate::policy::Actor;

crate::text_enum! {
    /// How a member is told.
    pub enum Way {
        /// In the forum and by mail.
        Both = "both",
        /// In the forum.
        Forum = "forum",
        /// By mail.
        Mail = "mail",
        /// Not at all.
        None = "none",
    }
}

crate::text_enum! {
    /// How often a digest comes.
    pub enum Pace {
        /// Every day.
        Daily = "daily",
        /// Every week.
        Weekly = "weekly",
    }
}

/// The kinds that a member chooses a way for, and the way they begin with. Whatever else is told concerns the member's
/// own words or office: it always stands in the forum, and its mails are switched together, as `other`.
pub const KINDS: &[(&str, Way)] = &[
    ("mention", Way::Both),
    ("reply", Way::Both),
    ("watching", Way::Forum),
    ("answer-marked", Way::Forum),
    (OTHER, Way::Both),
];
/// Everything that has no line of its own.
const OTHER: &str = "other";
/// How long the link to leave a kind of letter holds, in seconds.
const LINK: i64 = 90 * DAY / SECOND;
/// What such a link is for.
const SUBJECT: &str = "notices:";
/// The kind of letter that a digest is.
pub const DIGEST: &str = "digest";

/// The line of the settings that a kind of notice goes by.
pub(super) fn line_of(kind: &str) -> &'static str {
    KINDS
        .iter()
        .map(|(name, _)| *name)
        .find(|name| *name == kind)
        .unwrap_or(OTHER)
}

/// How this member wants to be told of this.
pub(super) fn way(tx: &mut Tx<'_>, member: MemberId, kind: &str) -> Result<Way> {
    let line = line_of(kind);
    let chosen = notice_ways::table
        .find((member, line))
        .select(notice_ways::way)
        .first(tx.conn)
        .optional()?;
    let usual = KINDS.iter().find(|(name, _)| *name == line);
    Ok(chosen.unwrap_or(usual.map_or(Way::Both, |(_, way)| *way)))
}

/// What the actor chose, for each kind in its order, and how often a digest comes.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn ways(tx: &mut Tx<'_>, actor: &Actor) -> Result<(Vec<(&'static str, Way)>, Option<Pace>)> {
    let me = own(actor)?;
    let chosen: Vec<(String, Way)> = notice_ways::table
        .filter(notice_ways::member_id.eq(me))
        .select((notice_ways::kind, notice_ways::way))
        .load(tx.conn)?;
    let all = KINDS.iter().map(|(kind, usual)| {
        let mine = chosen.iter().find(|(name, _)| name == kind);
        (*kind, mine.map_or(*usual, |(_, way)| *way))
    });
    let pace = digests::table
        .find(me)
        .select(digests::pace)
        .first(tx.conn)
        .optional()?;
    Ok((all.collect(), pace))
}

/// Chooses ways for some kinds, and how often a digest comes.
///
/// # Errors
/// Refused to guests; problems with `way` where a kind is none or cannot be told that way.
pub fn choose_ways(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wanted: &[(String, Way)],
    pace: Option<Pace>,
) -> Result<()> {
    let me = own(actor)?;
    for (kind, way) in wanted {
        let known = KINDS.iter().any(|(name, _)| name == kind);
        let silent = kind == OTHER && matches!(way, Way::Mail | Way::None);
        if !known || silent {
            return Err(Stop::invalid("way", "notice-way"));
        }
        put(tx, me, kind, *way)?;
    }
    choose_pace(tx, me, pace)
}

fn put(tx: &mut Tx<'_>, member: MemberId, kind: &str, way: Way) -> Result<()> {
    let row = (
        notice_ways::member_id.eq(member),
        notice_ways::kind.eq(kind),
        notice_ways::way.eq(way),
    );
    each_backend!(tx.conn, c => diesel::insert_into(notice_ways::table)
        .values(row)
        .on_conflict((notice_ways::member_id, notice_ways::kind))
        .do_update()
        .set(notice_ways::way.eq(way))
        .execute(c))?;
    Ok(())
}

fn choose_pace(tx: &mut Tx<'_>, member: MemberId, pace: Option<Pace>) -> Result<()> {
    let Some(pace) = pace else {
        diesel::delete(digests::table.find(member)).execute(tx.conn)?;
        return Ok(());
    };
    let now = tx.now();
    let row = (
        digests::member_id.eq(member),
        digests::pace.eq(pace),
        digests::sent_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(digests::table)
        .values(row)
        .on_conflict(digests::member_id)
        .do_update()
        .set(digests::pace.eq(pace))
        .execute(c))?;
    Ok(())
}

/// Some members whose digest is due, with the moment of the last one; from now on it counts as sent.
///
/// # Errors
/// A fault where the database fails.
pub fn digests_due(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(MemberId, At)>> {
    let now = tx.now();
    let mut due: Vec<(MemberId, At)> = Vec::new();
    for (pace, pause) in [(Pace::Daily, DAY), (Pace::Weekly, 7 * DAY)] {
        let found: Vec<(MemberId, At)> = digests::table
            .filter(digests::pace.eq(pace))
            .filter(digests::sent_at.le(now.plus(-pause)))
            .order(digests::sent_at)
            .limit(most)
            .select((digests::member_id, digests::sent_at))
            .load(tx.conn)?;
        due.extend(found);
    }
    for (member, _) in &due {
        diesel::update(digests::table.find(*member))
            .set(digests::sent_at.eq(now))
            .execute(tx.conn)?;
    }
    Ok(due)
}

/// The link by which a member leaves one kind of letter with one click.
///
/// # Errors
/// A fault where signing fails.
pub fn leave_link(tx: &Tx<'_>, member: MemberId, kind: &str) -> Result<String> {
    let (jti, _) = random_token();
    let line = if kind == DIGEST {
        DIGEST
    } else {
        line_of(kind)
    };
    let claims = Claims::new(
        Purpose::Unsubscribe,
        format!("{SUBJECT}{member}:{line}"),
        jti,
        tx.now().unix_seconds(),
        LINK,
    );
    let token = issue(&keys(tx), claims)
        .map_err(|error| Stop::Fault(Fault::from_error("signing a token", error)))?;
    Ok(tx.link(&format!("/unsubscribe/{token}")))
}

/// Whose letters of which kind a link leaves, if it is one of these links.
fn read_link(tx: &Tx<'_>, token: &str) -> Option<(MemberId, String)> {
    let now = tx.now().unix_seconds();
    let claims = read(&keys(tx), token, Purpose::Unsubscribe, now).ok()?;
    let (member, kind) = claims.sub.strip_prefix(SUBJECT)?.split_once(':')?;
    Some((member.parse().ok()?, kind.to_owned()))
}

/// Is this a link out of notices or the digest?
#[must_use]
pub fn is_leave_link(tx: &Tx<'_>, token: &str) -> bool {
    read_link(tx, token).is_some()
}

/// Leaves a kind of letter by its link, without signing in; what is told in the forum stays.
///
/// # Errors
/// [`Refusal::LinkDead`] where the link is none of ours or too old.
pub fn leave_letters(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let (member, kind) = read_link(tx, token).ok_or(Refusal::LinkDead)?;
    if kind == DIGEST {
        return choose_pace(tx, member, None);
    }
    let less = match way(tx, member, &kind)? {
        Way::Both | Way::Forum => Way::Forum,
        Way::Mail | Way::None => Way::None,
    };
    put(tx, member, line_of(&kind), less)
}

fn keys(tx: &Tx<'_>) -> JwtKeys {
    let house = tx.house();
    JwtKeys::from_keyring(&house.ring, &house.base_url)
}

/// Was this member told of this already?
///
/// # Errors
/// A fault where the database fails.
pub fn was_told(tx: &mut Tx<'_>, member: MemberId, subject_kind: &str, id: i64) -> Result<bool> {
    let found: Option<NoticeId> = notices::table
        .filter(notices::subject_kind.eq(subject_kind))
        .filter(notices::subject_id.eq(id))
        .filter(notices::member_id.eq(member))
        .select(notices::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// Marks what a member was told of these subjects as read: who sees the thing itself needs no notice of it.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, subject_kind: &str, ids: &[i64]) -> Result<()> {
    let me = own(actor)?;
    let now = tx.now();
    diesel::update(
        notices::table
            .filter(notices::member_id.eq(me))
            .filter(notices::subject_kind.eq(subject_kind))
            .filter(notices::subject_id.eq_any(ids.to_vec()))
            .filter(notices::read_at.is_null()),
    )
    .set(notices::read_at.eq(now))
    .execute(tx.conn)?;
    Ok(())
}

/// The joint for events: what an erased member chose goes with them.
pub(super) fn forget(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    if let Event::MemberErased { member } = event {
        diesel::delete(notice_ways::table.filter(notice_ways::member_id.eq(*member)))
            .execute(tx.conn)?;
        diesel::delete(digests::table.find(*member)).execute(tx.conn)?;
    }
    Ok(())
}
