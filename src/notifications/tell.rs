//! Telling a member something.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::ways::{Way, leave_link};
use crate::db::Tx;
use crate::db::schema::notices;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::mail::{self, About, Letter};
use crate::members;
use crate::site;

/// Something a member is to be told. The sentence is `notice-{kind}` in the locale, filled with `data` and the actor's name.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Who is told.
    pub member: MemberId,
    /// What it is, such as `reply` or `consent-asked`.
    pub kind: &'static str,
    /// What it is about, such as `post`.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: i64,
    /// Whose doing it is; nobody is told of their own doings.
    pub actor: Option<MemberId>,
    /// Plain values for the sentence; `path` is where the notice leads. `words` are what it is about, line by line: they
    /// stand in the letter and nowhere else.
    pub data: Value,
    /// Also by mail, to a confirmed address.
    pub mail: bool,
}

/// May this member see the subject right now? Every joint must agree.
pub(super) fn may_be_told(
    tx: &mut Tx<'_>,
    member: MemberId,
    subject_kind: &str,
    subject_id: i64,
) -> Result<bool> {
    let house = tx.house();
    for joint in &house.joints.may_be_told {
        if !joint(tx, member, subject_kind, subject_id)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Those of many things of one kind that a member may be told of now.
pub(super) fn may_be_told_of(
    tx: &mut Tx<'_>,
    member: MemberId,
    subject_kind: &str,
    ids: &[i64],
) -> Result<BTreeSet<i64>> {
    let house = tx.house();
    for joint in &house.joints.may_be_told_of {
        if let Some(seen) = joint(tx, member, subject_kind, ids)? {
            return Ok(seen.into_iter().collect());
        }
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        if may_be_told(tx, member, subject_kind, *id)? {
            seen.insert(*id);
        }
    }
    Ok(seen)
}

/// Tells a member something, unless it is their own doing or not for their eyes. The mail is looked at again when it is sent.
///
/// # Errors
/// What a joint answers, or a fault where the database fails.
pub fn tell(tx: &mut Tx<'_>, notice: &Notice) -> Result<()> {
    if notice.actor == Some(notice.member)
        || !may_be_told(tx, notice.member, notice.subject_kind, notice.subject_id)?
    {
        return Ok(());
    }
    if let Some(by) = notice.actor
        && members::is_ignored(tx, by, notice.member)?
    {
        return Ok(());
    }
    let Some(mailbox) = members::seek_mailbox(tx, notice.member)? else {
        return Ok(());
    };
    let way = super::ways::way(tx, notice.member, notice.kind)?;
    let by_mail = matches!(way, Way::Both | Way::Mail) && notice.mail;
    let listed = matches!(way, Way::Both | Way::Forum);
    if listed || by_mail {
        keep(tx, notice, listed)?;
    }
    match mailbox.confirmed {
        Some(to) if by_mail => letter(tx, notice, to, mailbox.lang),
        _ => Ok(()),
    }
}

/// What is told by mail alone is kept, too, as read and outside the list: nobody gets the same letter twice.
fn keep(tx: &mut Tx<'_>, notice: &Notice, listed: bool) -> Result<()> {
    let now = tx.now();
    let mut data = notice.data.clone();
    if let Some(kept) = data.as_object_mut() {
        kept.remove("words");
    }
    diesel::insert_into(notices::table)
        .values((
            notices::member_id.eq(notice.member),
            notices::kind.eq(notice.kind),
            notices::subject_kind.eq(notice.subject_kind),
            notices::subject_id.eq(notice.subject_id),
            notices::actor_id.eq(notice.actor),
            notices::data.eq(serde_json::to_string(&data)?),
            notices::created_at.eq(now),
            notices::by_mail.eq(!listed),
            notices::read_at.eq((!listed).then_some(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// As [`tell`], for what comes many times: as long as an earlier notice of this kind about this thing is unread, this one
/// takes its place, so that twenty people who do the same make one line.
///
/// # Errors
/// As [`tell`].
pub fn tell_again(tx: &mut Tx<'_>, notice: &Notice) -> Result<()> {
    if notice.actor != Some(notice.member) {
        diesel::delete(
            notices::table
                .filter(notices::member_id.eq(notice.member))
                .filter(notices::read_at.is_null())
                .filter(notices::kind.eq(notice.kind))
                .filter(notices::subject_kind.eq(notice.subject_kind))
                .filter(notices::subject_id.eq(notice.subject_id)),
        )
        .execute(tx.conn)?;
    }
    tell(tx, notice)
}

/// The same by mail. The templates are the same for every notice; the subject is `mail-{kind}-subject`.
fn letter(tx: &mut Tx<'_>, notice: &Notice, to: String, lang: String) -> Result<()> {
    let by = match notice.actor {
        Some(actor) => members::cards(tx, &[actor])?
            .remove(&actor)
            .map(|card| card.display),
        None => None,
    };
    let path = notice
        .data
        .get("path")
        .and_then(Value::as_str)
        .filter(|path| path.starts_with('/'));
    let link = tx.link(path.unwrap_or("/my/notices"));
    let site = site::settings(tx)?.name;
    let leave = leave_link(tx, notice.member, notice.kind)?;
    let name = super::bounce::of_notice(tx, notice, &to);
    // Mail programs put the letters of a thread together.
    let thread = notice.data.get("thread").and_then(Value::as_i64);
    let letter = Letter {
        to,
        lang,
        kind: "notice",
        data: json!({ "notice": notice.kind, "actor": by, "told": notice.data, "link": link, "site": site, "leave": leave }),
        message_id: Some(name),
        references: thread.map(|id| format!("<thread-{id}@{}>", super::bounce::host(tx))),
        unsubscribe: Some(leave),
    };
    let about = About {
        member: notice.member,
        subject_kind: notice.subject_kind.to_owned(),
        subject_id: notice.subject_id,
    };
    mail::enqueue_about(tx, &letter, &about)
}
