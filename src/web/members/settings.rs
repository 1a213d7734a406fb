//! One's own account: what others read, how one likes to read, name, address, password, tokens, sessions.

use serde::{Deserialize, Serialize};

use super::{agents, is_silenced, silenced};
use crate::bridge;
use crate::db::Tx;
use crate::kit::ids::{ChannelId, SessionId};
use crate::kit::{At, Problems, Result, Stop};
use crate::members::{self, Card, Preferences, ProfileWords};
use crate::web::notifications::settings::{self as notices, Choices};
use crate::web::{Answer, Call, Head, Page, See, Viewer};

/// The fields of all forms of the page; each form sends its own.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SettingsForm {
    display: String,
    bio: String,
    hue: String,
    lang: String,
    zone: String,
    theme: String,
    consent: String,
    keys: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) label: String,
    pub(super) days: String,
    #[serde(skip_serializing)]
    pub(super) current: String,
    #[serde(skip_serializing)]
    pub(super) proof: String,
    #[serde(skip_serializing)]
    pub(super) token_proof: String,
    #[serde(skip_serializing)]
    pub(super) password: String,
}

/// A browser that is signed in.
#[derive(Debug, Clone, Serialize)]
struct SessionLine {
    id: SessionId,
    agent: String,
    browser: &'static str,
    system: &'static str,
    created_at: At,
    seen_at: At,
    present: bool,
}

/// A token for the API.
#[derive(Debug, Clone, Serialize)]
struct TokenLine {
    id: i64,
    pub(super) label: String,
    created_at: At,
    expires_at: At,
}

/// A choice of a list.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    chosen: bool,
}

/// The settings page.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsPage {
    person: Card,
    email: Option<String>,
    email_confirmed: bool,
    form: SettingsForm,
    languages: Vec<Choice>,
    themes: Vec<Choice>,
    consents: Vec<Choice>,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    bulletins: Vec<bridge::Mine>,
    notices: Choices,
    silenced: bool,
    problems: Problems,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "members/settings";

    fn head(&self) -> Head {
        Head::new("members-settings-title").no_index()
    }

    #[expect(
        clippy::too_many_lines,
        reason = "samples are long because the page is"
    )]
    fn samples() -> Vec<Self> {
        let mut person = Card::nobody();
        person.name = "ruth".to_owned();
        person.display = "Ruth Okoro".to_owned();
        let choice = |value: &str, chosen| Choice {
            value: value.to_owned(),
            chosen,
        };
        let quiet = Self {
            person,
            email: None,
            email_confirmed: false,
            form: SettingsForm::default(),
            languages: vec![choice("en", true)],
            themes: vec![choice("", true), choice("dark", false)],
            consents: vec![choice("ask", true), choice("never", false)],
            sessions: Vec::new(),
            tokens: Vec::new(),
            bulletins: Vec::new(),
            notices: notices::sample(false),
            silenced: true,
            problems: Problems::default(),
        };
        let session = SessionLine {
            id: SessionId(1),
            agent: "x".repeat(200),
            browser: "Samsung Internet",
            system: "Android",
            created_at: At(0),
            seen_at: At(1),
            present: true,
        };
        let token = TokenLine {
            id: 1,
            label: "\u{5e9}".repeat(60),
            created_at: At(0),
            expires_at: At(1),
        };
        let mut problems = Problems::one("current", "wrong-password");
        for (field, key) in [
            ("display", "display-missing"),
            ("zone", "zone"),
            ("label", "token-label"),
            ("email", "email-syntax"),
        ] {
            problems.add(field, key, &[("most", "60".to_owned())]);
        }
        let worst = Self {
            email: Some("x".repeat(250)),
            email_confirmed: true,
            form: SettingsForm {
                display: "\u{5e9}".repeat(255),
                bio: "</textarea>".to_owned(),
                ..SettingsForm::default()
            },
            sessions: vec![
                session.clone(),
                SessionLine {
                    present: false,
                    browser: "",
                    system: "none",
                    ..session
                },
            ],
            tokens: vec![token],
            bulletins: [true, false]
                .map(|subscribed| bridge::Mine {
                    id: ChannelId(1),
                    name: "\u{5e9}".repeat(80),
                    subscribed,
                })
                .into(),
            notices: notices::sample(true),
            problems,
            ..quiet.clone()
        };
        vec![
            quiet,
            Self {
                email: Some("ruth@example.org".to_owned()),
                ..worst.clone()
            },
            worst,
        ]
    }
}

/// The page as it stands, with the form that was sent, if one was.
pub(super) fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    sent: Option<SettingsForm>,
    problems: Problems,
    languages: &[String],
) -> Result<SettingsPage> {
    let own = members::own_account(tx, &viewer.actor)?;
    let stored = SettingsForm {
        display: own.card.display.clone(),
        bio: own.bio_source,
        hue: own.card.hue.to_string(),
        lang: own.preferences.lang,
        zone: own.preferences.zone,
        theme: own.preferences.theme,
        consent: own.preferences.consent,
        keys: if own.preferences.keys { "1" } else { "" }.to_owned(),
        name: own.card.name.clone(),
        days: "90".to_owned(),
        ..SettingsForm::default()
    };
    let form = sent.map_or_else(|| stored.clone(), |sent| sent.over(&stored));
    let choices = |values: &[&str], chosen: &str| {
        values
            .iter()
            .map(|value| Choice {
                value: (*value).to_owned(),
                chosen: *value == chosen,
            })
            .collect::<Vec<_>>()
    };
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let sessions = members::sessions(tx, &viewer.actor)?
        .into_iter()
        .map(|line| {
            let (browser, system) = agents::read(&line.agent);
            SessionLine {
                present: Some(line.id) == viewer.session,
                id: line.id,
                agent: line.agent,
                browser,
                system,
                created_at: line.created_at,
                seen_at: line.seen_at,
            }
        });
    let sessions = sessions.collect();
    let tokens = members::tokens(tx, &viewer.actor)?
        .into_iter()
        .map(|line| TokenLine {
            id: line.id,
            label: line.label,
            created_at: line.created_at,
            expires_at: line.expires_at,
        });
    Ok(SettingsPage {
        languages: choices(&languages, &form.lang),
        notices: notices::choices(tx, viewer, own.email.as_deref())?,
        themes: choices(&["", "light", "dark"], &form.theme),
        consents: choices(&["ask", "never"], &form.consent),
        person: own.card,
        email: own.email,
        email_confirmed: own.email_confirmed,
        form,
        sessions,
        tokens: tokens.collect(),
        bulletins: bridge::mine(tx, &viewer.actor)?,
        silenced: is_silenced(viewer),
        problems,
    })
}

impl SettingsForm {
    /// What was sent, and what is stored where this form has no such field.
    fn over(self, stored: &Self) -> Self {
        let or = |sent: String, stored: &String| {
            if sent.is_empty() {
                stored.clone()
            } else {
                sent
            }
        };
        // The profile's form is the only one that sends a colour, the preferences' the only one with a language.
        let (profile, likes) = (!self.hue.is_empty(), !self.lang.is_empty());
        Self {
            display: if profile {
                self.display
            } else {
                stored.display.clone()
            },
            bio: if profile {
                self.bio
            } else {
                stored.bio.clone()
            },
            hue: or(self.hue, &stored.hue),
            zone: if likes {
                self.zone
            } else {
                stored.zone.clone()
            },
            theme: if likes {
                self.theme
            } else {
                stored.theme.clone()
            },
            keys: if likes {
                self.keys
            } else {
                stored.keys.clone()
            },
            consent: or(self.consent, &stored.consent),
            lang: or(self.lang, &stored.lang),
            name: or(self.name, &stored.name),
            days: or(self.days, &stored.days),
            ..self
        }
    }
}

/// The languages that the interface speaks.
pub(super) fn languages(call: &Call) -> Result<Vec<String>> {
    Ok(call
        .app()
        .ui()?
        .sentences
        .languages()
        .map(str::to_owned)
        .collect())
}

/// Answers a form of the page: back to it with a word, or the page again with what was typed.
pub(super) async fn answer<V>(call: &Call, form: SettingsForm, mut verb: V) -> Answer
where
    V: FnMut(&mut Tx<'_>, &Viewer) -> Result<See> + Send + 'static,
{
    let languages = languages(call)?;
    call.submit(
        move |tx, viewer| verb(tx, viewer),
        move |tx, viewer, problems| {
            Ok(page(tx, viewer, Some(form.clone()), problems.clone(), &languages)?.into())
        },
    )
    .await
}

/// Where every form of the page leads back to.
pub(super) fn back(flash: &str) -> See {
    See::to("/my/settings").flash(flash)
}

/// The page.
pub async fn show(call: Call) -> Answer {
    let languages = languages(&call)?;
    call.page(move |tx, viewer| Ok(page(tx, viewer, None, Problems::default(), &languages)?.into()))
        .await
}

/// Writes what others read.
pub async fn profile(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let (sent, base_url) = (form.clone(), call.app().config.base_url.clone());
    let words = call
        .compute(move || {
            let hue = sent.hue.trim().parse().unwrap_or(-1);
            ProfileWords::check(&sent.display, &sent.bio, hue, &base_url)
        })
        .await?;
    let words = problems_of(words)?;
    answer(&call, form, move |tx, viewer| {
        members::edit_profile(tx, &viewer.actor, &words.clone()?).map_err(silenced)?;
        Ok(back("profile-saved"))
    })
    .await
}

/// Only what is wrong with the input waits for the form; everything else stops here.
fn problems_of<T>(checked: Result<T>) -> Result<Result<T, Problems>> {
    match checked {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Invalid(problems)) => Ok(Err(problems)),
        Err(other) => Err(other),
    }
}

/// Writes how the member likes to read.
pub async fn prefer(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let wanted = Preferences {
        lang: form.lang.clone(),
        zone: form.zone.trim().to_owned(),
        theme: form.theme.clone(),
        consent: form.consent.clone(),
        keys: !form.keys.is_empty(),
    };
    answer(&call, form, move |tx, viewer| {
        members::prefer(tx, &viewer.actor, &wanted)?;
        Ok(back("settings-saved"))
    })
    .await
}

/// Takes another name.
pub async fn rename(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let name = form.name.clone();
    answer(&call, form, move |tx, viewer| {
        let me = viewer.actor.id().ok_or(crate::kit::Refusal::SignInFirst)?;
        members::rename(tx, &viewer.actor, me, &name).map_err(silenced)?;
        Ok(back("renamed"))
    })
    .await
}
