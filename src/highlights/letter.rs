//! The weekly letter to publishers: what is new in the library. Headings and addresses only, since a mail cannot be
//! called back; whoever does not want it says so on the page or with one click in the mail.
//!
//! The job acts for nobody; the choice is each publisher's own.

use diesel::prelude::*;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::highlight::{Highlight, columns};
use super::state::State;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::schema::{highlights, library_letters};
use crate::each_backend;
use crate::kit::clock::{DAY, SECOND};
use crate::kit::ids::MemberId;
use crate::kit::token::{Claims, JwtKeys, Purpose, issue, random_token, read};
use crate::kit::{At, Fault, Refusal, Result, Stop};
use crate::mail::{self, Letter};
use crate::members;
use crate::policy::{Action, Actor, Role};
use crate::site;

/// Headings in one letter.
const HEADINGS: i64 = 12;
/// The day on which it goes: there is still a working day left to use it.
const WEEKDAY: Weekday = Weekday::Thursday;
/// The hour from which on, in the community's zone.
const HOUR: i8 = 8;
/// At least so many days lie between two letters.
const PAUSE: i64 = 6;
/// How long the link to leave the mailing holds, in seconds.
const LINK: i64 = 90 * DAY / SECOND;
/// What the link is for.
const SUBJECT: &str = "library:";

/// Does this publisher want the weekly letter? The default is yes.
///
/// # Errors
/// A fault where the database fails.
pub fn wants_letter(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    let wanted: Option<bool> = library_letters::table
        .find(member)
        .select(library_letters::wanted)
        .first(tx.conn)
        .optional()?;
    Ok(wanted.unwrap_or(true))
}

/// Says whether the actor wants the weekly letter.
///
/// # Errors
/// Refused to guests; a fault where the database fails.
pub fn want_letter(tx: &mut Tx<'_>, actor: &Actor, wanted: bool) -> Result<()> {
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    actor.may(&Action::ManageSelf(me))?;
    put(tx, me, wanted)?;
    audit::record(
        tx,
        actor,
        "library-letter.chosen",
        subject("member", me.0),
        json!({ "wanted": wanted }),
        None,
    )
}

/// Leaves the mailing with the link of a letter, without signing in.
///
/// # Errors
/// [`Refusal::LinkDead`] where the link is none of ours or too old.
pub fn unsubscribe_letter(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let now = tx.now().unix_seconds();
    let claims =
        read(&keys(tx), token, Purpose::Unsubscribe, now).map_err(|_not_ours| Refusal::LinkDead)?;
    let member = claims
        .sub
        .strip_prefix(SUBJECT)
        .and_then(|id| id.parse::<MemberId>().ok())
        .ok_or(Refusal::LinkDead)?;
    put(tx, member, false)?;
    audit::record(
        tx,
        &Actor::System("unsubscribe"),
        "library-letter.chosen",
        subject("member", member.0),
        json!({ "wanted": false }),
        None,
    )
}

fn put(tx: &mut Tx<'_>, member: MemberId, wanted: bool) -> Result<()> {
    let row = (
        library_letters::member_id.eq(member),
        library_letters::wanted.eq(wanted),
    );
    each_backend!(tx.conn, c => diesel::insert_into(library_letters::table)
        .values(row)
        .on_conflict(library_letters::member_id)
        .do_update()
        .set(library_letters::wanted.eq(wanted))
        .execute(c))?;
    Ok(())
}

/// The periodic job: once a week, to every publisher who wants it, if there is anything new.
///
/// # Errors
/// A fault where the database fails.
pub fn send_letters(tx: &mut Tx<'_>) -> Result<()> {
    let settings = site::settings(tx)?;
    if !is_time(tx.now(), &settings.zone)? {
        return Ok(());
    }
    for card in members::with_role(tx, Role::Publisher)? {
        if card.erased || !wants_letter(tx, card.id)? {
            continue;
        }
        // Somebody who may not see the library right now is not told of it.
        if members::actor(tx, card.id)?
            .may(&Action::SeeLibrary)
            .is_err()
        {
            continue;
        }
        letter(tx, card.id, &settings.name)?;
    }
    Ok(())
}

fn is_time(now: At, zone: &str) -> Result<bool> {
    let tz = TimeZone::get(zone)
        .map_err(|error| Stop::Fault(Fault::from_error("the community's time zone", error)))?;
    let here = now.timestamp().to_zoned(tz);
    Ok(here.weekday() == WEEKDAY && here.hour() >= HOUR)
}

fn letter(tx: &mut Tx<'_>, member: MemberId, site: &str) -> Result<()> {
    let now = tx.now();
    let last: Option<Option<At>> = library_letters::table
        .find(member)
        .select(library_letters::sent_at)
        .first(tx.conn)
        .optional()?;
    let last = last.flatten();
    if last.is_some_and(|last| last > now.plus(-PAUSE * DAY)) {
        return Ok(());
    }
    let since = last.unwrap_or_else(|| now.plus(-7 * DAY));
    let fresh: Vec<Highlight> = highlights::table
        .filter(highlights::state.eq(State::Approved))
        .filter(highlights::approved_at.gt(since))
        .order((highlights::approved_at.desc(), highlights::id.desc()))
        .limit(HEADINGS + 1)
        .select(columns())
        .load(tx.conn)?;
    if fresh.is_empty() {
        return Ok(());
    }
    let Some(to) = members::seek_mailbox(tx, member)? else {
        return Ok(());
    };
    let Some(address) = to.confirmed else {
        return Ok(());
    };
    let more = fresh.len() as i64 > HEADINGS;
    let lines: Vec<Value> = fresh
        .iter()
        .take(HEADINGS as usize)
        .map(|highlight| {
            let link = tx.link(&format!("/outreach/library/{}", highlight.id));
            json!({ "title": highlight.title, "link": link })
        })
        .collect();
    let leave = tx.link(&format!("/unsubscribe/{}", token(tx, member)?));
    let data = json!({
        "site": site,
        "count": lines.len(),
        "lines": lines,
        "more": more,
        "link": tx.link("/outreach/library"),
        "leave": leave,
    });
    mail::enqueue(
        tx,
        &Letter {
            to: address,
            lang: to.lang,
            kind: "library",
            data,
            message_id: None,
            references: None,
            unsubscribe: Some(leave),
        },
    )?;
    let row = (
        library_letters::member_id.eq(member),
        library_letters::sent_at.eq(now),
    );
    each_backend!(tx.conn, c => diesel::insert_into(library_letters::table)
        .values(row)
        .on_conflict(library_letters::member_id)
        .do_update()
        .set(library_letters::sent_at.eq(now))
        .execute(c))?;
    Ok(())
}

fn keys(tx: &Tx<'_>) -> JwtKeys {
    let house = tx.house();
    JwtKeys::from_keyring(&house.ring, &house.base_url)
}

fn token(tx: &Tx<'_>, member: MemberId) -> Result<String> {
    let (jti, _) = random_token();
    let claims = Claims::new(
        Purpose::Unsubscribe,
        format!("{SUBJECT}{member}"),
        jti,
        tx.now().unix_seconds(),
        LINK,
    );
    issue(&keys(tx), claims)
        .map_err(|error| Stop::Fault(Fault::from_error("signing a token", error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_thursday_morning_where_the_community_lives() {
        // 2026-11-26 is a Thursday.
        let at = |text: &str| At(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        assert!(is_time(at("2026-11-26T07:00:00Z"), "Europe/Berlin").unwrap());
        assert!(!is_time(at("2026-11-26T06:59:00Z"), "Europe/Berlin").unwrap());
        assert!(!is_time(at("2026-11-25T12:00:00Z"), "Europe/Berlin").unwrap());
        assert!(!is_time(at("2026-11-26T23:30:00Z"), "Europe/Berlin").unwrap());
    }
}
