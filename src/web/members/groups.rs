//! Groups: named sets of members, for grants of categories.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::profile::Pager;
use crate::db::Tx;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{GroupId, MemberId};
use crate::kit::{Problems, Result, Stop};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Viewer};

/// The fields of both forms.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct GroupForm {
    name: String,
    description: String,
    /// Whom to put into the group.
    member: String,
}

/// A group with its size.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: GroupId,
    name: String,
    description: String,
    size: i64,
}

/// All groups.
#[derive(Debug, Clone, Serialize)]
pub struct GroupsPage {
    groups: Vec<Line>,
    form: GroupForm,
    problems: Problems,
}

impl Page for GroupsPage {
    const TEMPLATE: &'static str = "members/groups";

    fn head(&self) -> Head {
        Head::new("members-groups-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            id: GroupId(1),
            name: "\u{5e9}".repeat(60),
            description: "x".repeat(500),
            size: 12_345,
        };
        let form = GroupForm {
            name: "x".repeat(255),
            ..GroupForm::default()
        };
        vec![
            Self {
                groups: Vec::new(),
                form: GroupForm::default(),
                problems: Problems::default(),
            },
            Self {
                groups: vec![Line {
                    name: "Staff".to_owned(),
                    description: String::new(),
                    ..line.clone()
                }],
                form: GroupForm::default(),
                problems: Problems::default(),
            },
            Self {
                groups: vec![line],
                form,
                problems: Problems::one("name", "group-name-taken"),
            },
        ]
    }
}

fn groups_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: GroupForm,
    problems: Problems,
) -> Result<GroupsPage> {
    viewer.actor.may(&Action::ManageGroups)?;
    let sizes: HashMap<GroupId, i64> = members::group_sizes(tx)?.into_iter().collect();
    let groups = members::groups(tx)?.into_iter().map(|group| Line {
        size: sizes.get(&group.id).copied().unwrap_or(0),
        id: group.id,
        name: group.name,
        description: group.description,
    });
    Ok(GroupsPage {
        groups: groups.collect(),
        form,
        problems,
    })
}

/// All groups.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| {
        Ok(groups_page(tx, viewer, GroupForm::default(), Problems::default())?.into())
    })
    .await
}

/// Makes a group.
pub async fn create(call: Call) -> Answer {
    let form: GroupForm = call.form()?;
    let sent = form.clone();
    call.submit(
        move |tx, viewer| {
            let id = members::create_group(tx, &viewer.actor, &sent.name, &sent.description)?;
            Ok(See::to(format!("/admin/groups/{id}")).flash("group-created"))
        },
        move |tx, viewer, problems| {
            Ok(groups_page(tx, viewer, form.clone(), problems.clone())?.into())
        },
    )
    .await
}

/// One group and who is in it.
#[derive(Debug, Clone, Serialize)]
pub struct GroupPage {
    id: GroupId,
    title: String,
    form: GroupForm,
    members: Vec<Card>,
    pager: Option<Pager>,
    problems: Problems,
}

impl Page for GroupPage {
    const TEMPLATE: &'static str = "members/group";

    fn head(&self) -> Head {
        Head::text(&self.title).nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let mut card = Card::nobody();
        card.name = "ruth".to_owned();
        card.display = "Ruth".to_owned();
        let empty = Self {
            id: GroupId(1),
            title: "Staff".to_owned(),
            form: GroupForm::default(),
            members: Vec::new(),
            pager: None,
            problems: Problems::default(),
        };
        let full = Self {
            title: "\u{5e9}".repeat(60),
            members: vec![card, Card::nobody()],
            pager: Pager::onward("members", "/admin/groups/1", Some("abc".to_owned())),
            problems: Problems::one("member", "no-such-member"),
            ..empty.clone()
        };
        let usual = Self {
            title: "Volunteers".to_owned(),
            pager: None,
            problems: Problems::default(),
            ..full.clone()
        };
        vec![empty, usual, full]
    }
}

fn group_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: GroupId,
    sent: Option<GroupForm>,
    problems: Problems,
    after: &str,
) -> Result<GroupPage> {
    let (members, next) = members::members_of(tx, &viewer.actor, id, Cursor::decode(after))?;
    let group = members::find_group(tx, id)?;
    let mut form = sent.unwrap_or_default();
    // The form that puts somebody in does not send the group's name.
    if form.name.is_empty() && problems.of("name").is_none() {
        form.name.clone_from(&group.name);
        form.description.clone_from(&group.description);
    }
    let pager = Pager::onward(
        "members",
        &format!("/admin/groups/{id}"),
        next.map(|cursor| cursor.encode()),
    );
    Ok(GroupPage {
        id,
        title: group.name,
        form,
        members,
        pager,
        problems,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: String,
}

/// One group.
pub async fn show(call: Call) -> Answer {
    let (id, query): (GroupId, Query) = (call.segment("id")?, call.query()?);
    call.page(move |tx, viewer| {
        Ok(group_page(tx, viewer, id, None, Problems::default(), &query.after)?.into())
    })
    .await
}

/// Changes a group's name and description.
pub async fn change(call: Call) -> Answer {
    let (id, form): (GroupId, GroupForm) = (call.segment("id")?, call.form()?);
    let sent = form.clone();
    call.submit(
        move |tx, viewer| {
            members::change_group(tx, &viewer.actor, id, &sent.name, &sent.description)?;
            Ok(See::to(format!("/admin/groups/{id}")).flash("group-changed"))
        },
        move |tx, viewer, problems| {
            Ok(group_page(tx, viewer, id, Some(form.clone()), problems.clone(), "")?.into())
        },
    )
    .await
}

/// Puts somebody into a group, by name.
pub async fn add(call: Call) -> Answer {
    let (id, form): (GroupId, GroupForm) = (call.segment("id")?, call.form()?);
    let sent = form.clone();
    call.submit(
        move |tx, viewer| {
            viewer.actor.may(&Action::ManageGroups)?;
            let named = sent.member.trim().trim_start_matches('@');
            let card = members::seek_by_name(tx, named)?
                .ok_or_else(|| Stop::invalid("member", "no-such-member"))?;
            members::join_group(tx, &viewer.actor, id, card.id)?;
            Ok(See::to(format!("/admin/groups/{id}")).flash("groups-changed"))
        },
        move |tx, viewer, problems| {
            Ok(group_page(tx, viewer, id, Some(form.clone()), problems.clone(), "")?.into())
        },
    )
    .await
}

/// Takes somebody out of a group.
pub async fn remove(call: Call) -> Answer {
    let (id, member): (GroupId, MemberId) = (call.segment("id")?, call.segment("member")?);
    call.act(move |tx, viewer| {
        members::leave_group(tx, &viewer.actor, id, member)?;
        Ok(See::to(format!("/admin/groups/{id}")).flash("groups-changed"))
    })
    .await
}
