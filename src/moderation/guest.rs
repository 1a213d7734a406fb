//! Guests report what may break the law: the address is confirmed by mail first, so that nobody reports in another's
//! name, and the outcome goes there.
//!
//! Asks nobody because everybody may; what everybody may see is checked when it is asked for and when it is confirmed.

use diesel::prelude::*;
use serde_json::json;

use super::choices::Finding;
use super::entry;
use super::item::Subject;
use super::reasons::{self, Reason};
use super::report::{ReportState, check, described, many, tell_moderators};
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::db::limits::{Limit, count};
use crate::db::schema::{guest_reports as guests, reports};
use crate::kit::clock::DAY;
use crate::kit::ids::ReviewItemId;
use crate::kit::names::{Email, email_digest};
use crate::kit::stop::Refusal;
use crate::kit::token::{hash_token, random_token};
use crate::kit::{At, Result};
use crate::mail::{self, Letter};
use crate::policy::Actor;
use crate::site;

/// Reports that can be asked for from one network in an hour.
const ASKED_FROM: Limit = Limit {
    most: 10,
    seconds: 3_600,
};
/// Reports that one confirmed address can send in a day.
const SENT_BY: Limit = Limit {
    most: 10,
    seconds: 86_400,
};
/// Reports that can be sent from one network in a day: several people may share it.
const SENT_FROM: Limit = Limit {
    most: 30,
    seconds: 86_400,
};

/// The reason that guests can give: the first that concerns the law.
///
/// # Errors
/// Not found where moderators offer none.
pub fn legal_reason(tx: &mut Tx<'_>) -> Result<Reason> {
    let all = reasons::reasons(tx, false)?;
    all.into_iter()
        .find(|reason| reason.legal)
        .ok_or_else(|| Refusal::NotFound.into())
}

/// A guest asks to report a post, a thread or a profile: a letter goes to the address, and nothing else happens until its link is used.
///
/// # Errors
/// Not found where it is not for everybody; invalid without words; `TooMany` where this client asks too often. How
/// much an address has sent is not said before it is confirmed: the answer is the same for every address.
pub fn guest_report(
    tx: &mut Tx<'_>,
    about: Subject,
    email: &Email,
    message: &str,
    (lang, client): (&str, &str),
) -> Result<()> {
    described(tx, about, None)?;
    check(&legal_reason(tx)?, message)?;
    count(tx, &format!("guest-report:from:{client}"), ASKED_FROM)?;
    if !mail::may_send(tx, "guest-report", email.as_str(), client)? {
        return Ok(());
    }
    let (shown, token) = random_token();
    let now = tx.now();
    diesel::insert_into(guests::table)
        .values((
            guests::subject_kind.eq(about.kind()),
            guests::subject_id.eq(about.id()),
            guests::email.eq(Some(email.as_str())),
            guests::message.eq(Some(message.trim())),
            guests::lang.eq(lang),
            guests::token_hash.eq(Some(token.to_vec())),
            guests::asked_at.eq(now),
            guests::expires_at.eq(now.plus(DAY)),
        ))
        .execute(tx.conn)?;
    let link = tx.link(&format!("/report/confirm/{shown}"));
    send(
        tx,
        email.as_str(),
        lang,
        "guest-report",
        json!({ "link": link }),
    )
}

fn send(
    tx: &mut Tx<'_>,
    to: &str,
    lang: &str,
    kind: &'static str,
    mut data: serde_json::Value,
) -> Result<()> {
    let site = site::settings(tx)?.name;
    if let Some(map) = data.as_object_mut() {
        map.insert("site".to_owned(), site.into());
    }
    let letter = Letter {
        to: to.to_owned(),
        lang: lang.to_owned(),
        kind,
        data,
        message_id: None,
        references: None,
        unsubscribe: None,
    };
    mail::enqueue(tx, &letter)
}

/// A report that waits for its address to be confirmed.
struct Waiting {
    guest: i64,
    about: Subject,
    message: Option<String>,
}

type Row = (i64, String, i64, Option<String>, At, Option<At>);

fn find(tx: &mut Tx<'_>, token: &str) -> Result<Waiting> {
    let row: Option<Row> = guests::table
        .filter(guests::token_hash.eq(Some(hash_token(token).to_vec())))
        .select((
            guests::id,
            guests::subject_kind,
            guests::subject_id,
            guests::message,
            guests::expires_at,
            guests::confirmed_at,
        ))
        .first(tx.conn)
        .optional()?;
    let now = tx.now();
    let (guest, kind, id, message, ..) = row
        .filter(|(.., expires, confirmed)| *expires > now && confirmed.is_none())
        .ok_or(Refusal::LinkDead)?;
    Ok(Waiting {
        guest,
        about: Subject::read(&kind, id)?,
        message,
    })
}

fn address_of(tx: &mut Tx<'_>, guest: i64) -> Result<Option<String>> {
    let email: Option<Option<String>> = guests::table
        .filter(guests::id.eq(guest))
        .select(guests::email)
        .first(tx.conn)
        .optional()?;
    Ok(email.flatten())
}

/// What the link would report. Looking changes nothing.
///
/// # Errors
/// [`Refusal::LinkDead`] where it was used or is too old.
pub fn guest_report_waiting(tx: &mut Tx<'_>, token: &str) -> Result<String> {
    Ok(find(tx, token)?.message.unwrap_or_default())
}

/// The address is the guest's: the report goes to the moderators.
///
/// # Errors
/// [`Refusal::LinkDead`] as above; not found where it is no longer for everybody; `TooMany` where this address or
/// this client's network has sent too many today: the link stays good until its day is over.
pub fn confirm_guest_report(tx: &mut Tx<'_>, token: &str, client: &str) -> Result<ReviewItemId> {
    let Waiting {
        guest,
        about,
        message,
    } = find(tx, token)?;
    let now = tx.now();
    count(tx, &format!("guest-report:sent:{client}"), SENT_FROM)?;
    if let Some(email) = address_of(tx, guest)? {
        let by = email_digest(&email);
        count(tx, &format!("guest-report:by:{by}"), SENT_BY)?;
    }
    // Of two that come at the same moment one finds the link used.
    let mine = guests::table
        .filter(guests::id.eq(guest))
        .filter(guests::confirmed_at.is_null());
    let changed = diesel::update(mine)
        .set((
            guests::confirmed_at.eq(Some(now)),
            guests::token_hash.eq(None::<Vec<u8>>),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(Refusal::LinkDead.into());
    }
    let reason = legal_reason(tx)?;
    let mut wanted = described(tx, about, None)?;
    wanted.priority = entry::LEGAL;
    let item = entry::open(tx, &wanted)?;
    diesel::insert_into(reports::table)
        .values((
            reports::item_id.eq(item.id),
            reports::reason.eq(&reason.word),
            reports::message.eq(message),
            reports::state.eq(ReportState::Pending),
            reports::created_at.eq(now),
            reports::guest_id.eq(Some(guest)),
        ))
        .execute(tx.conn)?;
    many(tx, item.id)?;
    audit::record(
        tx,
        &Actor::Guest,
        "post.reported",
        subject("review_item", item.id.0),
        json!({ about.kind(): about.id(), "reason": reason.word }),
        None,
    )?;
    if item.news {
        tell_moderators(tx, None, item.id, &reason)?;
    }
    Ok(item.id)
}

/// The guest hears what became of the report, and the address is forgotten.
pub(super) fn hears(tx: &mut Tx<'_>, guest: i64, finding: Finding) -> Result<()> {
    let row: Option<(Option<String>, String)> = guests::table
        .filter(guests::id.eq(guest))
        .select((guests::email, guests::lang))
        .first(tx.conn)
        .optional()?;
    let Some((Some(email), lang)) = row else {
        return Ok(());
    };
    diesel::update(guests::table.filter(guests::id.eq(guest)))
        .set((
            guests::email.eq(None::<String>),
            guests::message.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    let data = json!({ "finding": finding.as_str() });
    send(tx, &email, &lang, "guest-report-decided", data)
}

/// Addresses of guests who never confirmed are forgotten after a day.
///
/// # Errors
/// A fault where the database fails.
pub fn sweep_guests(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    diesel::delete(
        guests::table
            .filter(guests::confirmed_at.is_null())
            .filter(guests::expires_at.lt(now)),
    )
    .execute(tx.conn)?;
    Ok(())
}
