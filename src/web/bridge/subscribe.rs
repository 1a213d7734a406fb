//! `/bulletin`: asking for the bulletin, and saying so a second time with the link of a letter.

use serde::{Deserialize, Serialize};

use crate::bridge;
use crate::db::Tx;
use crate::kit::ids::ChannelId;
use crate::kit::names::parse_email;
use crate::kit::{Problems, Result, Stop};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The fields of the form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    email: String,
    bulletin: String,
    sent: String,
}

/// A bulletin to choose, and whether the reader who is signed in gets it.
#[derive(Debug, Clone, Default, Serialize)]
struct Offer {
    id: i64,
    name: String,
    chosen: bool,
    subscribed: bool,
}

/// Asking for it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscribePage {
    offers: Vec<Offer>,
    several: bool,
    /// Somebody who is signed in needs no letter.
    member: bool,
    form: Form,
    sent: bool,
    problems: Problems,
}

impl Page for SubscribePage {
    const TEMPLATE: &'static str = "bridge/subscribe";

    fn head(&self) -> Head {
        Head::new("bulletin-title").form()
    }

    fn samples() -> Vec<Self> {
        let offer = |id, chosen| Offer {
            id,
            name: "What we talk about".to_owned(),
            chosen,
            subscribed: chosen,
        };
        let one = Self {
            offers: vec![offer(1, true)],
            ..Self::default()
        };
        vec![
            Self::default(),
            one.clone(),
            Self {
                sent: true,
                ..one.clone()
            },
            Self {
                member: true,
                offers: vec![offer(1, false), offer(2, true)],
                several: true,
                ..one.clone()
            },
            Self {
                offers: vec![
                    offer(1, false),
                    Offer {
                        name: super::parts::longest(),
                        ..offer(i64::MAX, true)
                    },
                ],
                several: true,
                form: Form {
                    email: "x".repeat(255),
                    ..Form::default()
                },
                problems: Problems::one("email", "email-syntax"),
                ..one
            },
        ]
    }
}

impl SubscribePage {
    fn read(tx: &mut Tx<'_>, viewer: &Viewer, form: &Form, problems: Problems) -> Result<Self> {
        let chosen = form.bulletin.parse::<i64>().ok();
        let all = bridge::bulletins(tx)?;
        let mine = match viewer.actor.id() {
            Some(_) => bridge::mine(tx, &viewer.actor)?,
            None => Vec::new(),
        };
        let first = all.first().map(|one| one.id.0);
        let offers: Vec<Offer> = all
            .into_iter()
            .map(|one| Offer {
                id: one.id.0,
                chosen: Some(one.id.0) == chosen.or(first),
                subscribed: mine.iter().any(|my| my.id == one.id && my.subscribed),
                name: one.name,
            })
            .collect();
        Ok(Self {
            several: offers.len() > 1,
            offers,
            member: viewer.actor.id().is_some(),
            sent: !form.sent.is_empty(),
            form: form.clone(),
            problems,
        })
    }
}

/// The form, or a word that a letter is on its way.
pub async fn show(call: Call) -> Answer {
    let form: Form = call.query()?;
    call.page(move |tx, viewer| {
        let form = Form {
            email: String::new(),
            ..form.clone()
        };
        let page = SubscribePage::read(tx, viewer, &form, Problems::default())?;
        Ok(Shown::from(page))
    })
    .await
}

/// Sends the letter; the answer is the same for every address.
pub async fn ask(call: Call) -> Answer {
    let form: Form = call.form()?;
    let (client, again) = (call.client(), form.clone());
    call.submit(
        move |tx, viewer| {
            let email = parse_email(&form.email)
                .map_err(|_no_address| Stop::invalid("email", "email-syntax"))?;
            let chosen: ChannelId = form
                .bulletin
                .parse()
                .map_err(|_no_number| Stop::invalid("bulletin", "choose"))?;
            bridge::subscribe(tx, chosen, &email, &viewer.lang, &client)?;
            Ok(See::to("/bulletin?sent=1"))
        },
        move |tx, viewer, problems| {
            let form = Form {
                sent: String::new(),
                ..again.clone()
            };
            SubscribePage::read(tx, viewer, &form, problems.clone()).map(Shown::from)
        },
    )
    .await
}

/// A button that says it a second time.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConfirmBulletinPage {
    name: String,
    token: String,
}

impl Page for ConfirmBulletinPage {
    const TEMPLATE: &'static str = "bridge/subscribe-confirm";

    fn head(&self) -> Head {
        Head::new("bulletin-confirm-title").no_index().form()
    }

    fn samples() -> Vec<Self> {
        ["", "What we talk about", &super::parts::longest()]
            .map(|name| Self {
                name: name.to_owned(),
                token: "abc".to_owned(),
            })
            .into()
    }
}

/// The button; looking changes nothing.
pub async fn show_confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, _viewer| {
        let waiting = bridge::to_confirm(tx, &token)?;
        Ok(Shown::from(ConfirmBulletinPage {
            name: waiting.name,
            token: token.clone(),
        }))
    })
    .await
}

/// Confirms the address.
pub async fn confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.act(move |tx, _viewer| {
        bridge::confirm(tx, &token)?;
        Ok(See::to("/announcements").flash("bulletin-joined"))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Choice {
    bulletin: String,
    wanted: String,
    /// Where the form stood.
    next: String,
}

/// Says whether I want a bulletin, at my account's address.
pub async fn choose(call: Call) -> Answer {
    let form: Choice = call.form()?;
    call.act(move |tx, viewer| {
        let wanted = !form.wanted.is_empty();
        let id: ChannelId = form
            .bulletin
            .parse()
            .map_err(|_no_number| crate::kit::Refusal::NotFound)?;
        bridge::choose(tx, &viewer.actor, id, wanted)?;
        let to = if form.next == "/bulletin" {
            "/bulletin"
        } else {
            "/my/settings#bulletin-settings"
        };
        let flash = if wanted {
            "bulletin-joined"
        } else {
            "bulletin-left"
        };
        Ok(See::to(to).flash(flash))
    })
    .await
}
