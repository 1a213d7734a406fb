//! Where links in letters lead: confirming an address, choosing a new password. Looking at them changes nothing.

use serde::{Deserialize, Serialize};

use super::next_or_home;
use crate::db::Tx;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members::{self, NewPassword, Purpose};
use crate::web::{Answer, Call, Head, Page, See};

/// A button that confirms an address.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPage {
    token: String,
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "members/confirm";

    fn head(&self) -> Head {
        Head::new("members-confirm-title").form()
    }

    fn samples() -> Vec<Self> {
        ["", "abc", &"x".repeat(600)]
            .map(|token| Self {
                token: token.to_owned(),
            })
            .into()
    }
}

/// Which of the two letters the link stood in.
fn purpose(tx: &mut Tx<'_>, token: &str) -> Result<Purpose> {
    for purpose in [Purpose::Confirm, Purpose::ChangeEmail] {
        match members::link_is_good(tx, purpose, token) {
            Ok(()) => return Ok(purpose),
            Err(Stop::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Err(Refusal::LinkDead.into())
}

/// The button.
pub async fn show_confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, _viewer| {
        purpose(tx, &token)?;
        Ok(ConfirmPage {
            token: token.clone(),
        }
        .into())
    })
    .await
}

/// Confirms the address.
pub async fn confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.act(move |tx, viewer| {
        match purpose(tx, &token)? {
            Purpose::ChangeEmail => members::confirm_new_email(tx, &token)?,
            _ => members::confirm_email(tx, &token)?,
        };
        let to = if viewer.actor.id().is_some() {
            "/"
        } else {
            "/sign-in"
        };
        Ok(See::to(to).flash("email-confirmed"))
    })
    .await
}

/// The field of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ForgotForm {
    email: String,
    sent: String,
}

/// Asking for a link to choose a new password.
#[derive(Debug, Clone, Serialize)]
pub struct ForgotPage {
    form: ForgotForm,
    sent: bool,
    problems: Problems,
}

impl Page for ForgotPage {
    const TEMPLATE: &'static str = "members/forgot";

    fn head(&self) -> Head {
        Head::new("members-forgot-title").form()
    }

    fn samples() -> Vec<Self> {
        let page = Self {
            form: ForgotForm::default(),
            sent: false,
            problems: Problems::default(),
        };
        let form = ForgotForm {
            email: "x".repeat(255),
            sent: String::new(),
        };
        vec![
            page.clone(),
            Self {
                sent: true,
                ..page.clone()
            },
            Self {
                form,
                problems: Problems::one("email", "email-syntax"),
                ..page
            },
        ]
    }
}

/// The form, or a word that the letter is on its way.
pub async fn show_forgot(call: Call) -> Answer {
    let form: ForgotForm = call.query()?;
    call.page(move |_tx, _viewer| {
        let sent = !form.sent.is_empty();
        Ok(ForgotPage {
            form: ForgotForm::default(),
            sent,
            problems: Problems::default(),
        }
        .into())
    })
    .await
}

/// Sends the letter, if the address is somebody's; the answer is the same for every address.
pub async fn forgot(call: Call) -> Answer {
    let form: ForgotForm = call.form()?;
    let (email, client) = (form.email.clone(), call.client());
    call.submit(
        move |tx, _viewer| {
            if crate::kit::names::parse_email(&email).is_err() {
                return Err(Stop::invalid("email", "email-syntax"));
            }
            members::request_reset(tx, &email, &client)?;
            Ok(See::to("/forgot?sent=1"))
        },
        move |_tx, _viewer, problems| {
            Ok(ForgotPage {
                form: form.clone(),
                sent: false,
                problems: problems.clone(),
            }
            .into())
        },
    )
    .await
}

/// The field of the form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    password: String,
}

/// Choosing a new password.
#[derive(Debug, Clone, Serialize)]
pub struct ResetPage {
    token: String,
    problems: Problems,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "members/reset";

    fn head(&self) -> Head {
        Head::new("members-reset-title").form()
    }

    fn samples() -> Vec<Self> {
        let common = Problems::one("password", "password-common");
        vec![
            Self {
                token: "abc".to_owned(),
                problems: Problems::default(),
            },
            Self {
                token: "abc".to_owned(),
                problems: common,
            },
            Self {
                token: "x".repeat(600),
                problems: Problems::one("password", "password-common"),
            },
        ]
    }
}

/// The form.
pub async fn show_reset(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, _viewer| {
        members::words_of_reset(tx, &token)?;
        Ok(ResetPage {
            token: token.clone(),
            problems: Problems::default(),
        }
        .into())
    })
    .await
}

/// Sets the password that was chosen.
pub async fn reset(call: Call) -> Answer {
    let (token, form): (String, ResetForm) = (call.segment("token")?, call.form()?);
    let asked = token.clone();
    let words = call
        .app()
        .db
        .read(move |tx| members::words_of_reset(tx, &asked))
        .await?;
    let password = new_password(&call, form.password, words).await?;
    let again = token.clone();
    call.submit(
        move |tx, viewer| {
            members::reset(tx, &token, &password.clone()?)?;
            let here = See::to(next_or_home("")).flash("password-changed");
            Ok(if viewer.session.is_some() {
                here.signed_out()
            } else {
                See::to("/sign-in").flash("password-changed")
            })
        },
        move |_tx, _viewer, problems| {
            Ok(ResetPage {
                token: again.clone(),
                problems: problems.clone(),
            }
            .into())
        },
    )
    .await
}

/// Checks and hashes a new password away from the threads that serve others.
pub(super) async fn new_password(
    call: &Call,
    password: String,
    words: Vec<String>,
) -> Result<Result<NewPassword, Problems>> {
    let checked = call
        .compute(move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            NewPassword::check(&password, &words)
        })
        .await?;
    match checked {
        Ok(password) => Ok(Ok(password)),
        Err(Stop::Invalid(problems)) => Ok(Err(problems)),
        Err(other) => Err(other),
    }
}
