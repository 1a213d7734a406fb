//! Invitations: a link that lets one person join, with roles and a note.

use diesel::prelude::*;
use serde_json::json;

use super::session::own;
use crate::audit;
use crate::db::Tx;
use crate::db::schema::invitations;
use crate::kit::clock::DAY;
use crate::kit::cursor::Cursor;
use crate::kit::ids::MemberId;
use crate::kit::names::{Email, email_key};
use crate::kit::stop::OrRefuse;
use crate::kit::token::{hash_token, random_token};
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::mail::{self, Letter};
use crate::policy::{Action, Actor, Role, Roles};
use crate::site;

/// How long an invitation is good, in microseconds.
const LIFETIME: i64 = 14 * DAY;
/// Most characters of a note.
pub const NOTE_MAX: usize = 1_000;
/// Invitations on one page.
const PAGE: i64 = 50;

/// An invitation that is good right now.
#[derive(Debug, Clone)]
pub(super) struct Open {
    id: i64,
    /// The address it was sent to.
    pub email_key: Option<String>,
    /// What whoever takes it becomes.
    pub roles: Roles,
    note: String,
    by: Option<MemberId>,
}

/// What somebody sees who opens an invitation.
#[derive(Debug, Clone)]
pub struct Invited {
    /// What the inviter wrote.
    pub note: String,
    /// Roles that come with it.
    pub roles: Vec<Role>,
    /// Who invites.
    pub by: Option<super::Card>,
}

/// An invitation as admins see it.
#[derive(Debug, Clone)]
pub struct InvitationLine {
    /// Its row.
    pub id: i64,
    /// The address it was sent to; none for a link that was handed over otherwise.
    pub email: Option<String>,
    /// Roles that come with it.
    pub roles: Vec<Role>,
    /// The note.
    pub note: String,
    /// Who made it.
    pub created_by: Option<MemberId>,
    /// When.
    pub created_at: At,
    /// Until when it is good.
    pub expires_at: At,
    /// Who took it.
    pub used_by: Option<MemberId>,
    /// Was it taken back?
    pub revoked: bool,
}

/// Invites somebody. The answer is the link, shown once; with an address it is also sent there.
///
/// # Errors
/// Refused for everybody but admins; a problem with `note`; [`Refusal::TooMany`].
pub fn invite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    email: Option<&Email>,
    roles: Roles,
    note: &str,
    client: &str,
) -> Result<String> {
    actor.may(&Action::ManageMembers)?;
    let note = note.trim();
    if note.chars().count() > NOTE_MAX {
        let mut problems = Problems::default();
        problems.add("note", "note-too-long", &[("most", NOTE_MAX.to_string())]);
        problems.check()?;
    }
    let (shown, hash) = random_token();
    let now = tx.now();
    let id: i64 = diesel::insert_into(invitations::table)
        .values((
            invitations::token_hash.eq(hash.to_vec()),
            invitations::email.eq(email.map(Email::as_str)),
            invitations::roles.eq(roles.0),
            invitations::note.eq(note),
            invitations::created_by.eq(actor.id()),
            invitations::created_at.eq(now),
            invitations::expires_at.eq(now.plus(LIFETIME)),
        ))
        .returning(invitations::id)
        .get_result(tx.conn)?;
    let about = audit::subject("invitation", id);
    audit::record(
        tx,
        actor,
        "member.invited",
        about,
        json!({ "roles": roles.list() }),
        None,
    )?;
    let link = tx.link(&format!("/invite/{shown}"));
    if let Some(email) = email
        && mail::may_send(tx, "invitation", email.as_str(), client)?
    {
        let settings = site::settings(tx)?;
        let by = actor
            .person()
            .map_or_else(|| settings.name.clone(), |person| person.display.clone());
        let data = json!({ "link": link, "site": settings.name, "by": by, "note": note });
        let to = email.as_str().to_owned();
        let letter = Letter {
            to,
            lang: settings.lang,
            kind: "invitation",
            data,
            message_id: None,
            references: None,
            unsubscribe: None,
        };
        mail::enqueue(tx, &letter)?;
    }
    Ok(link)
}

/// The invitation of this token, if it is good now.
pub(super) fn find(tx: &mut Tx<'_>, token: &str) -> Result<Open> {
    let now = tx.now();
    let row: Option<(i64, Option<String>, i64, String, Option<MemberId>)> = invitations::table
        .filter(invitations::token_hash.eq(hash_token(token).to_vec()))
        .filter(invitations::expires_at.gt(now))
        .filter(invitations::used_by.is_null())
        .filter(invitations::revoked_at.is_null())
        .select((
            invitations::id,
            invitations::email,
            invitations::roles,
            invitations::note,
            invitations::created_by,
        ))
        .first(tx.conn)
        .optional()?;
    let (id, email, roles, note, by) = row.ok_or(Refusal::LinkDead)?;
    // An invitation is worth what its maker may still do; those of the server's own commands have none.
    if let Some(by) = by {
        match super::actor(tx, by) {
            Ok(maker) if maker.can(&Action::ManageMembers) => {}
            Ok(_) | Err(Stop::Refused(_)) => return Err(Refusal::LinkDead.into()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(Open {
        id,
        email_key: email.as_deref().map(email_key),
        roles: Roles(roles),
        note,
        by,
    })
}

/// What somebody sees who opens an invitation. Reading it changes nothing.
///
/// # Errors
/// [`Refusal::LinkDead`].
pub fn read_invitation(tx: &mut Tx<'_>, token: &str) -> Result<Invited> {
    let open = find(tx, token)?;
    let by = match open.by {
        Some(by) => super::cards(tx, &[by])?.remove(&by),
        None => None,
    };
    Ok(Invited {
        note: open.note,
        roles: open.roles.list(),
        by,
    })
}

/// Takes an invitation. Of several who try at once, one succeeds.
pub(super) fn use_up(tx: &mut Tx<'_>, open: &Open, member: MemberId) -> Result<()> {
    let now = tx.now();
    let used = diesel::update(
        invitations::table
            .filter(invitations::id.eq(open.id))
            .filter(invitations::used_by.is_null())
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_at.gt(now)),
    )
    .set((
        invitations::used_by.eq(member),
        invitations::used_at.eq(now),
    ))
    .execute(tx.conn)?;
    if used == 1 {
        Ok(())
    } else {
        Err(Refusal::LinkDead.into())
    }
}

/// Takes an invitation back that nobody has used.
///
/// # Errors
/// Refused for everybody but admins; not found where it is used or gone.
pub fn revoke_invitation(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    let now = tx.now();
    let changed = diesel::update(
        invitations::table
            .filter(invitations::id.eq(id))
            .filter(invitations::used_by.is_null())
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(now))
    .execute(tx.conn)?;
    (changed == 1).then_some(()).or_not_found()?;
    audit::record(
        tx,
        actor,
        "member.invitation_revoked",
        audit::subject("invitation", id),
        json!({}),
        None,
    )
}

type Row = (
    i64,
    Option<String>,
    i64,
    String,
    Option<MemberId>,
    At,
    At,
    Option<MemberId>,
    Option<At>,
);

/// Invitations, newest first, and where the next page begins.
///
/// # Errors
/// Refused for everybody but admins.
pub fn invitations(
    tx: &mut Tx<'_>,
    actor: &Actor,
    after: Option<Cursor>,
) -> Result<(Vec<InvitationLine>, Option<Cursor>)> {
    actor.may(&Action::ManageMembers)?;
    own(actor)?;
    let before = after.and_then(|cursor| cursor.as_one()).unwrap_or(i64::MAX);
    let mut rows: Vec<Row> = invitations::table
        .filter(invitations::id.lt(before))
        .order(invitations::id.desc())
        .limit(PAGE + 1)
        .select((
            invitations::id,
            invitations::email,
            invitations::roles,
            invitations::note,
            invitations::created_by,
            invitations::created_at,
            invitations::expires_at,
            invitations::used_by,
            invitations::revoked_at,
        ))
        .load(tx.conn)?;
    let next = Cursor::turn(&mut rows, PAGE, |row| Cursor::one(row.0));
    let line =
        |(id, email, roles, note, created_by, created_at, expires_at, used_by, revoked): Row| {
            InvitationLine {
                id,
                email,
                roles: Roles(roles).list(),
                note,
                created_by,
                created_at,
                expires_at,
                used_by,
                revoked: revoked.is_some(),
            }
        };
    Ok((rows.into_iter().map(line).collect(), next))
}
