//! What admins do with accounts: find them, give and take roles, put them into groups.

use serde::{Deserialize, Serialize};

use super::profile::Pager;
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{GroupId, MemberId};
use crate::kit::{At, Result, Stop};
use crate::members::{self, Card, MemberLine, Wanted};
use crate::policy::{Role, Trust};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// A member as admins see one.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    person: Card,
    email: Option<String>,
    confirmed: bool,
    joined_at: At,
    posts: i64,
    silenced_until: Option<At>,
    suspended_until: Option<At>,
}

impl From<MemberLine> for Line {
    fn from(line: MemberLine) -> Self {
        Self {
            person: line.card,
            email: line.email,
            confirmed: line.confirmed,
            joined_at: line.joined_at,
            posts: line.post_count,
            silenced_until: line.silenced_until,
            suspended_until: line.suspended_until,
        }
    }
}

impl Line {
    fn sample() -> Self {
        let mut person = Card::nobody();
        person.id = MemberId(7);
        person.erased = false;
        person.name = "ruth".to_owned();
        person.display = "\u{5e9}\u{5dc}\u{5d5}\u{5dd}".repeat(15);
        person.roles = vec![Role::Champion, Role::Admin];
        Self {
            person,
            email: Some(format!("{}@example.org", "x".repeat(200))),
            confirmed: false,
            joined_at: At(1_700_000_000_000_000),
            posts: 12_345,
            silenced_until: Some(At(i64::MAX)),
            suspended_until: Some(At(i64::MAX)),
        }
    }
}

/// A role that can be chosen.
#[derive(Debug, Clone, Serialize)]
struct RoleChoice {
    role: Role,
    held: bool,
}

fn role_choices(held: impl Fn(Role) -> bool) -> Vec<RoleChoice> {
    Role::ALL
        .iter()
        .map(|role| RoleChoice {
            role: *role,
            held: held(*role),
        })
        .collect()
}

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Search {
    q: String,
    role: String,
    after: String,
}

/// The list of members.
#[derive(Debug, Clone, Serialize)]
pub struct DirectoryPage {
    search: Search,
    roles: Vec<RoleChoice>,
    lines: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for DirectoryPage {
    const TEMPLATE: &'static str = "members/directory";

    fn head(&self) -> Head {
        Head::new("members-directory-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            search: Search {
                q: "<b>".to_owned(),
                ..Search::default()
            },
            roles: role_choices(|_| false),
            lines: Vec::new(),
            pager: None,
        };
        let usual = Self {
            search: Search::default(),
            lines: vec![Line {
                silenced_until: None,
                suspended_until: None,
                ..Line::sample()
            }],
            ..empty.clone()
        };
        let full = Self {
            lines: vec![
                Line::sample(),
                Line {
                    email: None,
                    silenced_until: None,
                    suspended_until: None,
                    ..Line::sample()
                },
            ],
            pager: Pager::onward("members", "/admin/members?q=r", Some("abc".to_owned())),
            ..empty.clone()
        };
        vec![empty, usual, full]
    }
}

/// The list of members.
pub async fn directory(call: Call) -> Answer {
    let search: Search = call.query()?;
    call.page(move |tx, viewer| {
        let wanted = Wanted {
            search: search.q.clone(),
            role: Role::parse(&search.role),
        };
        let (lines, next) =
            members::directory(tx, &viewer.actor, &wanted, Cursor::decode(&search.after))?;
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &search.q)
            .append_pair("role", &search.role)
            .finish();
        Ok(DirectoryPage {
            roles: role_choices(|role| wanted.role == Some(role)),
            lines: lines.into_iter().map(Line::from).collect(),
            pager: Pager::onward(
                "members",
                &format!("/admin/members?{query}"),
                next.map(|cursor| cursor.encode()),
            ),
            search: search.clone(),
        }
        .into())
    })
    .await
}

/// A group that a member is in or can be put into.
#[derive(Debug, Clone, Serialize)]
struct GroupChoice {
    id: GroupId,
    name: String,
    inside: bool,
}

/// One account.
#[derive(Debug, Clone, Serialize)]
pub struct MemberPage {
    line: Line,
    trust: Trust,
    roles: Vec<RoleChoice>,
    groups: Vec<GroupChoice>,
    /// Is it the viewer's own? Then a role that is taken is told to all staff.
    own: bool,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "members/member";

    fn head(&self) -> Head {
        Head::text(&self.line.person.display)
            .nav("admin")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let group = GroupChoice {
            id: GroupId(3),
            name: "x".repeat(60),
            inside: true,
        };
        let empty = Self {
            line: Line {
                email: None,
                confirmed: true,
                silenced_until: None,
                suspended_until: None,
                ..Line::sample()
            },
            trust: Trust::New,
            roles: role_choices(|_| false),
            groups: Vec::new(),
            own: false,
        };
        let full = Self {
            line: Line::sample(),
            roles: role_choices(|_| true),
            groups: vec![
                group.clone(),
                GroupChoice {
                    inside: false,
                    ..group
                },
            ],
            own: true,
            ..empty.clone()
        };
        let usual = Self {
            roles: role_choices(|role| role == Role::Champion),
            own: false,
            ..full.clone()
        };
        vec![empty, usual, full]
    }
}

/// One account.
pub async fn member(call: Call) -> Answer {
    let id: MemberId = call.segment("id")?;
    call.page(move |tx, viewer| Ok(Shown::from(member_page(tx, viewer, id)?)))
        .await
}

fn member_page(tx: &mut Tx<'_>, viewer: &Viewer, id: MemberId) -> Result<MemberPage> {
    let line = members::find_member(tx, &viewer.actor, id)?;
    let groups = members::groups(tx)?.into_iter().map(|group| GroupChoice {
        inside: line.groups.contains(&group.id),
        id: group.id,
        name: group.name,
    });
    Ok(MemberPage {
        groups: groups.collect(),
        roles: role_choices(|role| line.card.roles.contains(&role)),
        trust: line.card.trust,
        own: viewer.actor.id() == Some(id),
        line: line.into(),
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RoleForm {
    role: String,
    give: String,
}

/// Gives or takes a role.
pub async fn role(call: Call) -> Answer {
    let (id, form): (MemberId, RoleForm) = (call.segment("id")?, call.form()?);
    call.act(move |tx, viewer| {
        let role = Role::parse(&form.role).ok_or_else(|| Stop::invalid("role", "role-unknown"))?;
        let back = See::to(format!("/admin/members/{id}"));
        if form.give.is_empty() {
            members::take_role(tx, &viewer.actor, id, role)?;
            Ok(back.flash("role-taken"))
        } else {
            members::give_role(tx, &viewer.actor, id, role)?;
            Ok(back.flash("role-given"))
        }
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct GroupForm {
    group: i64,
    join: String,
}

/// Puts a member into a group or takes them out.
pub async fn group(call: Call) -> Answer {
    let (id, form): (MemberId, GroupForm) = (call.segment("id")?, call.form()?);
    call.act(move |tx, viewer| {
        let group = GroupId(form.group);
        if form.join.is_empty() {
            members::leave_group(tx, &viewer.actor, group, id)?;
        } else {
            members::join_group(tx, &viewer.actor, group, id)?;
        }
        Ok(See::to(format!("/admin/members/{id}")).flash("groups-changed"))
    })
    .await
}

/// Ends all sessions and tokens of a member.
pub async fn sign_out(call: Call) -> Answer {
    let id: MemberId = call.segment("id")?;
    call.act(move |tx, viewer| {
        members::sign_out_everywhere(tx, &viewer.actor, id)?;
        Ok(See::to(format!("/admin/members/{id}")).flash("member-signed-out"))
    })
    .await
}

/// Sends the letter of confirmation again.
pub async fn resend(call: Call) -> Answer {
    let (id, client): (MemberId, String) = (call.segment("id")?, call.client());
    call.act(move |tx, viewer| {
        members::resend_confirmation(tx, &viewer.actor, id, &client)?;
        Ok(See::to(format!("/admin/members/{id}")).flash("email-letter-sent"))
    })
    .await
}
