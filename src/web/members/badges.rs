//! Badges, for admins: making them, and giving them by hand.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::kit::ids::BadgeId;
use crate::kit::{Problems, Result};
use crate::members::{self, Badge, BadgeRule};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What is typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct BadgeForm {
    name: String,
    description: String,
    rule: String,
    member: String,
    on: String,
}

/// Every badge.
#[derive(Debug, Clone, Serialize)]
pub struct BadgesPage {
    badges: Vec<Badge>,
    rules: &'static [BadgeRule],
    form: BadgeForm,
    problems: Problems,
}

impl Page for BadgesPage {
    const TEMPLATE: &'static str = "members/badges";

    fn head(&self) -> Head {
        Head::new("members-badges-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |badges, problems| Self {
            badges,
            rules: BadgeRule::ALL,
            form: BadgeForm::default(),
            problems,
        };
        let badge = |name: String, rule| Badge {
            id: BadgeId(3),
            name,
            description: "For a steady hand.".to_owned(),
            rule,
        };
        vec![
            of(Vec::new(), Problems::default()),
            of(
                vec![badge("Boat hook".to_owned(), BadgeRule::Hand)],
                Problems::default(),
            ),
            of(
                vec![
                    badge("\u{5e9}".repeat(40), BadgeRule::Year),
                    badge("<b>".to_owned(), BadgeRule::Hand),
                ],
                Problems::one("name", "needed"),
            ),
        ]
    }
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, form: BadgeForm, problems: Problems) -> Result<Shown> {
    viewer.actor.may(&Action::ManageMembers)?;
    Ok(Shown::from(BadgesPage {
        badges: members::badges(tx)?,
        rules: BadgeRule::ALL,
        form,
        problems,
    }))
}

/// Shows them.
pub async fn list(call: Call) -> Answer {
    call.page(|tx, viewer| page(tx, viewer, BadgeForm::default(), Problems::default()))
        .await
}

/// Makes one.
pub async fn make(call: Call) -> Answer {
    let form: BadgeForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            members::make_badge(tx, &viewer.actor, &form.name, &form.description, &form.rule)?;
            Ok(See::to("/admin/badges").flash("badge-made"))
        },
        move |tx, viewer, problems| page(tx, viewer, typed.clone(), problems.clone()),
    )
    .await
}

/// Removes one.
pub async fn remove(call: Call) -> Answer {
    let id: BadgeId = call.segment("id")?;
    call.act(move |tx, viewer| {
        members::remove_badge(tx, &viewer.actor, id)?;
        Ok(See::to("/admin/badges").flash("badge-removed"))
    })
    .await
}

/// Gives one to a member, by name, or takes it.
pub async fn give(call: Call) -> Answer {
    let id: BadgeId = call.segment("id")?;
    let form: BadgeForm = call.form()?;
    call.submit(
        move |tx, viewer| {
            viewer.actor.may(&Action::ManageMembers)?;
            let name = form.member.trim().trim_start_matches('@').to_owned();
            let card = members::seek_by_name(tx, &name)?
                .ok_or_else(|| crate::kit::Stop::invalid("member", "member-unknown"))?;
            if form.on.is_empty() {
                members::take_badge(tx, &viewer.actor, card.id, id)?;
            } else {
                members::give_badge(tx, &viewer.actor, card.id, id)?;
            }
            Ok(See::to(format!("/u/{}", card.name)).flash("badge-given"))
        },
        |tx, viewer, problems| page(tx, viewer, BadgeForm::default(), problems.clone()),
    )
    .await
}
