//! What a member tells of themselves beside their words, and whom they ignore.

use serde::{Deserialize, Serialize};

use super::{is_silenced, silenced};
use crate::db::Tx;
use crate::kit::ids::MemberId;
use crate::kit::{Problems, Result};
use crate::members::{self, Card, Details};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What is typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct DetailsForm {
    pronouns: String,
    place: String,
    links: String,
}

/// The form, and the list.
#[derive(Debug, Clone, Serialize)]
pub struct DetailsPage {
    form: DetailsForm,
    ignored: Vec<Card>,
    silenced: bool,
    problems: Problems,
}

impl Page for DetailsPage {
    const TEMPLATE: &'static str = "members/details";

    fn head(&self) -> Head {
        Head::new("members-details-title").no_index().form()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            form: DetailsForm::default(),
            ignored: Vec::new(),
            silenced: false,
            problems: Problems::default(),
        };
        let usual = Self {
            form: DetailsForm {
                pronouns: "she/her".to_owned(),
                place: "Coalhythe".to_owned(),
                links: "https://ruth.example/".to_owned(),
            },
            ignored: vec![super::people::sample()],
            ..empty.clone()
        };
        let worst = Self {
            form: DetailsForm {
                links: "</textarea>".to_owned(),
                ..usual.form.clone()
            },
            ignored: vec![Card::nobody(), super::people::sample()],
            silenced: true,
            problems: Problems::one("links", "no-web-address"),
        };
        vec![empty, usual, worst]
    }
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: Option<DetailsForm>,
    problems: Problems,
) -> Result<Shown> {
    let ignored = members::ignored_by(tx, &viewer.actor)?;
    let form = match (form, viewer.actor.id()) {
        (Some(form), _) => form,
        (None, Some(me)) => {
            let told = members::details_of(tx, me)?;
            DetailsForm {
                pronouns: told.pronouns,
                place: told.place,
                links: told.links.join("\n"),
            }
        }
        (None, None) => DetailsForm::default(),
    };
    Ok(Shown::from(DetailsPage {
        form,
        ignored,
        silenced: is_silenced(viewer),
        problems,
    }))
}

/// Shows them.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| page(tx, viewer, None, Problems::default()))
        .await
}

/// Writes what the member tells.
pub async fn tell(call: Call) -> Answer {
    let form: DetailsForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let details = Details::parse(&form.pronouns, &form.place, &form.links)?;
            members::tell_details(tx, &viewer.actor, &details).map_err(silenced)?;
            Ok(See::to("/my/details").flash("profile-saved"))
        },
        move |tx, viewer, problems| page(tx, viewer, Some(typed.clone()), problems.clone()),
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct SwitchForm {
    on: String,
}

/// Ignores a member, or hears them again.
pub async fn ignore(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let form: SwitchForm = call.form()?;
    call.submit(
        move |tx, viewer| {
            let member: MemberId = members::find_by_name(tx, &name)?.id;
            if form.on.is_empty() {
                members::unignore(tx, &viewer.actor, member)?;
                return Ok(See::to("/my/details").flash("unignored"));
            }
            members::ignore(tx, &viewer.actor, member)?;
            Ok(See::to("/my/details").flash("ignored"))
        },
        |tx, viewer, problems| page(tx, viewer, None, problems.clone()),
    )
    .await
}
