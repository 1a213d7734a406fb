//! The first steps of a new community: a list that is worked out from how things stand, not ticked by hand.

use serde::Serialize;

use crate::bridge::{self, ChannelState};
use crate::db::Tx;
use crate::guidelines;
use crate::kit::Result;
use crate::kit::stop::Document;
use crate::policy::{Action, Role};
use crate::site::{self, Settings};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};
use crate::{forum, members};

/// One step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Its sentences are `site-step-{key}` and `site-step-{key}-why`.
    key: &'static str,
    href: &'static str,
    done: bool,
}

impl Step {
    /// Is it still to be done?
    pub(super) const fn is_open(&self) -> bool {
        !self.done
    }

    pub(super) const fn sample(key: &'static str) -> Self {
        Self {
            key,
            href: "/admin/site",
            done: false,
        }
    }
}

/// All steps, in the order in which they are best taken.
///
/// # Errors
/// A fault where the database fails.
pub fn steps(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<Step>> {
    let settings = site::settings(tx)?;
    let named = settings.name != Settings::default().name && !settings.description.is_empty();
    let community = guidelines::current(tx, Document::Community)?;
    let read = match viewer.actor.id() {
        Some(me) => guidelines::mine(tx, me, Document::Community)?.is_some(),
        None => false,
    };
    // A version that a person published has been thought about; the one a community starts with has to be read once.
    let reviewed = community.is_some_and(|version| version.created_by.is_some() || read);
    let others = members::with_role(tx, Role::Moderator)?
        .iter()
        .any(|card| Some(card.id) != viewer.actor.id());
    let written = site::pages(tx)?;
    let has_page = |slug: &str| written.iter().any(|page| page.slug == slug);
    let open = bridge::channels(tx)?
        .iter()
        .any(|channel| channel.state == ChannelState::Open);
    let step = |key, href, done| Step { key, href, done };
    Ok(vec![
        step("name", "/admin/site", named),
        step("mail", "/admin/site#mail", site::has_mail_arrived(tx)?),
        step(
            "charter",
            "/charter/edit",
            guidelines::current(tx, Document::Charter)?.is_some(),
        ),
        step("community", "/guidelines/community", reviewed),
        step(
            "categories",
            "/admin/categories",
            !forum::categories(tx)?.is_empty(),
        ),
        step("moderator", "/admin/members", others),
        step(
            "pages",
            "/pages/imprint",
            has_page("imprint") && has_page("privacy"),
        ),
        step(
            "messaging",
            "/guidelines/messaging/edit",
            guidelines::current(tx, Document::Messaging)?.is_some(),
        ),
        step(
            "publisher",
            "/admin/members",
            !members::with_role(tx, Role::Publisher)?.is_empty(),
        ),
        step("channel", "/admin/channels", open),
    ])
}

/// The first steps.
#[derive(Debug, Clone, Serialize)]
pub struct FirstStepsPage {
    steps: Vec<Step>,
    done: usize,
    all: usize,
    hidden: bool,
}

impl FirstStepsPage {
    fn of(steps: Vec<Step>, hidden: bool) -> Self {
        Self {
            done: steps.iter().filter(|step| step.done).count(),
            all: steps.len(),
            steps,
            hidden,
        }
    }
}

impl Page for FirstStepsPage {
    const TEMPLATE: &'static str = "site/first-steps";

    fn head(&self) -> Head {
        Head::new("site-steps-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let step = |key, done| Step {
            key,
            href: "/admin/site",
            done,
        };
        let keys = [
            "name",
            "mail",
            "charter",
            "community",
            "categories",
            "moderator",
            "pages",
            "messaging",
            "publisher",
            "channel",
        ];
        vec![
            Self::of(keys.iter().map(|key| step(key, false)).collect(), false),
            Self::of(vec![step("name", true), step("mail", false)], false),
            Self::of(keys.iter().map(|key| step(key, true)).collect(), true),
        ]
    }
}

/// Shows the first steps.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        let hidden = site::settings(tx)?.set_up;
        Ok(Shown::from(FirstStepsPage::of(steps(tx, viewer)?, hidden)))
    })
    .await
}

/// Puts the list away; it stays to be found under its address.
pub async fn put_away(call: Call) -> Answer {
    call.act(|tx, viewer| {
        let wanted = Settings {
            set_up: true,
            ..site::settings(tx)?
        };
        site::change(tx, &viewer.actor, &wanted)?;
        Ok(See::to("/admin").flash("site-steps-put-away"))
    })
    .await
}
