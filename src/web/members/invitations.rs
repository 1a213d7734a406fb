//! Invitations that admins make.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::profile::Pager;
use super::secrets::SecretPage;
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::MemberId;
use crate::kit::names::parse_email;
use crate::kit::{At, Problems, Result, Stop};
use crate::members::{self, Card};
use crate::policy::{Role, Roles};
use crate::web::{Answer, Call, Head, Page, See, Viewer};

/// The fields of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct InviteForm {
    email: String,
    note: String,
    roles: Vec<String>,
}

/// A role that an invitation can carry.
#[derive(Debug, Clone, Serialize)]
struct RoleChoice {
    role: Role,
    ticked: bool,
}

/// An invitation.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: i64,
    email: Option<String>,
    roles: Vec<Role>,
    note: String,
    by: Option<Card>,
    created_at: At,
    expires_at: At,
    used_by: Option<Card>,
    /// `open`, `used`, `revoked` or `expired`.
    state: &'static str,
}

/// The list, with the form.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationsPage {
    lines: Vec<Line>,
    roles: Vec<RoleChoice>,
    form: InviteForm,
    pager: Option<Pager>,
    problems: Problems,
}

impl Page for InvitationsPage {
    const TEMPLATE: &'static str = "members/invitations";

    fn head(&self) -> Head {
        Head::new("members-invitations-title")
            .nav("admin")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let roles = Role::ALL
            .iter()
            .map(|role| RoleChoice {
                role: *role,
                ticked: *role == Role::Champion,
            })
            .collect();
        let empty = Self {
            lines: Vec::new(),
            roles,
            form: InviteForm::default(),
            pager: None,
            problems: Problems::default(),
        };
        let line = Line {
            id: 1,
            email: Some("x".repeat(250)),
            roles: vec![Role::Admin],
            note: "\u{5e9}".repeat(1_000),
            by: Some(Card::nobody()),
            created_at: At(0),
            expires_at: At(1),
            used_by: None,
            state: "open",
        };
        let used = Line {
            email: None,
            used_by: Some(Card::nobody()),
            state: "used",
            ..line.clone()
        };
        let full = Self {
            lines: vec![line, used],
            form: InviteForm {
                note: "</textarea>".to_owned(),
                ..InviteForm::default()
            },
            pager: Pager::onward("invitations", "/admin/invitations", Some("abc".to_owned())),
            problems: Problems::one("email", "email-syntax"),
            ..empty.clone()
        };
        let usual = Self {
            form: InviteForm::default(),
            pager: None,
            problems: Problems::default(),
            ..full.clone()
        };
        vec![empty, usual, full]
    }
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: InviteForm,
    problems: Problems,
    after: &str,
) -> Result<InvitationsPage> {
    let (found, next) = members::invitations(tx, &viewer.actor, Cursor::decode(after))?;
    let people: Vec<MemberId> = found
        .iter()
        .flat_map(|line| [line.created_by, line.used_by])
        .flatten()
        .collect();
    let cards: HashMap<MemberId, Card> = members::cards(tx, &people)?;
    let card = |id: Option<MemberId>| id.and_then(|id| cards.get(&id).cloned());
    let now = tx.now();
    let lines = found.into_iter().map(|line| Line {
        state: match (line.used_by.is_some(), line.revoked, line.expires_at <= now) {
            (true, _, _) => "used",
            (_, true, _) => "revoked",
            (_, _, true) => "expired",
            _ => "open",
        },
        by: card(line.created_by),
        used_by: card(line.used_by),
        id: line.id,
        email: line.email,
        roles: line.roles,
        note: line.note,
        created_at: line.created_at,
        expires_at: line.expires_at,
    });
    let roles = Role::ALL.iter().map(|role| RoleChoice {
        role: *role,
        ticked: form.roles.iter().any(|r| r == role.as_str()),
    });
    let pager = Pager::onward(
        "invitations",
        "/admin/invitations",
        next.map(|cursor| cursor.encode()),
    );
    Ok(InvitationsPage {
        lines: lines.collect(),
        roles: roles.collect(),
        form,
        pager,
        problems,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: String,
}

/// The list.
pub async fn list(call: Call) -> Answer {
    let query: Query = call.query()?;
    call.page(move |tx, viewer| {
        Ok(page(
            tx,
            viewer,
            InviteForm::default(),
            Problems::default(),
            &query.after,
        )?
        .into())
    })
    .await
}

/// Invites somebody and shows the link once.
pub async fn invite(call: Call) -> Answer {
    let form: InviteForm = call.form()?;
    let (sent, client) = (form.clone(), call.client());
    super::shown_once(
        &call,
        move |tx, viewer| {
            let email = match sent.email.trim() {
                "" => None,
                text => Some(parse_email(text).map_err(|_| Stop::invalid("email", "email-syntax"))?),
            };
            let mut roles = Roles::default();
            for word in &sent.roles {
                roles = roles.with(Role::parse(word).ok_or_else(|| Stop::invalid("roles", "role-unknown"))?);
            }
            let link = members::invite(tx, &viewer.actor, email.as_ref(), roles, &sent.note, &client)?;
            Ok(SecretPage::invitation(link).into())
        },
        move |tx, viewer, problems| Ok(page(tx, viewer, form.clone(), problems.clone(), "")?.into()),
    )
    .await
}

/// Takes an invitation back.
pub async fn revoke(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.act(move |tx, viewer| {
        members::revoke_invitation(tx, &viewer.actor, id)?;
        Ok(See::to("/admin/invitations").flash("invitation-revoked"))
    })
    .await
}
