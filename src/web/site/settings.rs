//! The settings that an admin changes in the browser.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::forum::Reaction;
use crate::kit::{Problems, Result, Stop};
use crate::policy::Action;
use crate::site::{self, Registration, Settings, TagMakers};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What the form sends: a box that is not ticked is not sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    name: String,
    tagline: String,
    description: String,
    lang: String,
    zone: String,
    contact: String,
    registration: String,
    tag_makers: String,
    second_eyes_on_texts: String,
    approver_may_send: String,
    hub: String,
    reactions: Vec<String>,
}

impl SettingsForm {
    fn of(settings: &Settings) -> Self {
        let tick = |on: bool| if on { "1".to_owned() } else { String::new() };
        Self {
            name: settings.name.clone(),
            tagline: settings.tagline.clone(),
            description: settings.description.clone(),
            lang: settings.lang.clone(),
            zone: settings.zone.clone(),
            contact: settings.contact.clone(),
            registration: settings.registration.as_str().to_owned(),
            tag_makers: settings.tag_makers.as_str().to_owned(),
            second_eyes_on_texts: tick(settings.second_eyes_on_texts),
            approver_may_send: tick(settings.approver_may_send),
            hub: settings.hub.clone(),
            reactions: settings.reactions.clone(),
        }
    }

    fn wanted(&self, before: Settings) -> Result<Settings> {
        let registration = Registration::parse(&self.registration)
            .ok_or_else(|| Stop::invalid("registration", "choose"))?;
        let tag_makers = match self.tag_makers.as_str() {
            "" => before.tag_makers,
            word => TagMakers::parse(word).ok_or_else(|| Stop::invalid("tag_makers", "choose"))?,
        };
        let line = |text: &str| text.trim().to_owned();
        Ok(Settings {
            tag_makers,
            name: line(&self.name),
            tagline: line(&self.tagline),
            description: line(&self.description),
            lang: line(&self.lang),
            zone: line(&self.zone),
            contact: line(&self.contact),
            registration,
            second_eyes_on_texts: !self.second_eyes_on_texts.is_empty(),
            approver_may_send: !self.approver_may_send.is_empty(),
            hub: line(&self.hub),
            reactions: chosen(&self.reactions),
            ..before
        })
    }
}

/// The words that name a reaction; what is not ticked is not offered.
fn chosen(words: &[String]) -> Vec<String> {
    let known = words.iter().filter_map(|word| Reaction::parse(word));
    known.map(|kind| kind.as_str().to_owned()).collect()
}

/// A reaction that can be offered.
#[derive(Debug, Clone, Serialize)]
struct Offer {
    kind: Reaction,
    sign: &'static str,
    chosen: bool,
}

fn offers(form: &SettingsForm) -> Vec<Offer> {
    let offer = |kind: &Reaction| Offer {
        kind: *kind,
        sign: kind.sign(),
        chosen: form.reactions.iter().any(|word| word == kind.as_str()),
    };
    Reaction::ALL.iter().map(offer).collect()
}

/// The settings.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsPage {
    form: SettingsForm,
    registrations: &'static [Registration],
    offers: Vec<Offer>,
    tag_makers: &'static [TagMakers],
    base_url: String,
    mail_server: bool,
    problems: Problems,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "site/settings";

    fn head(&self) -> Head {
        Head::new("site-settings-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            form: SettingsForm::default(),
            registrations: Registration::ALL,
            offers: offers(&SettingsForm::default()),
            tag_makers: TagMakers::ALL,
            base_url: "http://127.0.0.1:8080".to_owned(),
            mail_server: false,
            problems: Problems::default(),
        };
        let usual = Self {
            form: SettingsForm::of(&Settings::default()),
            mail_server: true,
            ..empty.clone()
        };
        let worst = Self {
            form: SettingsForm {
                name: "ש".repeat(255),
                zone: "<Nowhere>".to_owned(),
                second_eyes_on_texts: "1".to_owned(),
                approver_may_send: "1".to_owned(),
                ..usual.form.clone()
            },
            problems: Problems::one("zone", "no-zone"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the settings.
pub async fn show(call: Call) -> Answer {
    let about = About::of(&call);
    call.page(move |tx, viewer| {
        let form = SettingsForm::of(&site::settings(tx)?);
        page(viewer, form, &about, Problems::default()).map(Shown::from)
    })
    .await
}

#[derive(Clone)]
struct About {
    base_url: String,
    mail_server: bool,
}

impl About {
    fn of(call: &Call) -> Self {
        let config = &call.app().config;
        Self {
            base_url: config.base_url.clone(),
            mail_server: config.smtp_url.is_some(),
        }
    }
}

fn page(
    viewer: &Viewer,
    form: SettingsForm,
    about: &About,
    problems: Problems,
) -> Result<SettingsPage> {
    viewer.actor.may(&Action::ManageSite)?;
    Ok(SettingsPage {
        offers: offers(&form),
        form,
        registrations: Registration::ALL,
        tag_makers: TagMakers::ALL,
        base_url: about.base_url.clone(),
        mail_server: about.mail_server,
        problems,
    })
}

/// Puts new settings in force.
pub async fn change(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let (again, about) = (form.clone(), About::of(&call));
    call.submit(
        move |tx: &mut Tx<'_>, viewer| {
            viewer.actor.may(&Action::ManageSite)?;
            let wanted = form.wanted(site::settings(tx)?)?;
            site::change(tx, &viewer.actor, &wanted)?;
            Ok(See::to("/admin/site").flash("site-changed"))
        },
        move |_, viewer, problems| {
            page(viewer, again.clone(), &about, problems.clone()).map(Shown::from)
        },
    )
    .await
}
