//! Signing in and out.

use serde::{Deserialize, Serialize};

use super::{next_or_home, note_proof, wrong_password};
use crate::kit::{Problems, Refusal, Stop};
use crate::members;
use crate::moderation;
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// The fields of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SignInForm {
    login: String,
    #[serde(skip_serializing)]
    password: String,
    next: String,
}

/// The sign-in page.
#[derive(Debug, Clone, Serialize)]
pub struct SignInPage {
    form: SignInForm,
    problems: Problems,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "members/sign-in";

    fn head(&self) -> Head {
        Head::new("members-sign-in-title").form()
    }

    fn samples() -> Vec<Self> {
        let filled = SignInForm {
            login: "\u{5e9}\u{5dc}\u{5d5}\u{5dd}".repeat(60),
            password: String::new(),
            next: "/t/a/1".to_owned(),
        };
        vec![
            Self {
                form: SignInForm::default(),
                problems: Problems::default(),
            },
            Self {
                form: SignInForm {
                    login: "ruth".to_owned(),
                    ..SignInForm::default()
                },
                problems: Problems::one("login", "needed"),
            },
            Self {
                form: filled,
                problems: Problems::one("", "wrong-password"),
            },
        ]
    }
}

/// The form.
pub async fn show(call: Call) -> Answer {
    let form: SignInForm = call.query()?;
    call.page(move |_tx, viewer| {
        if viewer.actor.id().is_some() {
            return Ok(Shown::see(next_or_home(&form.next)));
        }
        Ok(SignInPage {
            form: form.clone(),
            problems: Problems::default(),
        }
        .into())
    })
    .await
}

/// Compares and begins a session.
pub async fn sign_in(call: Call) -> Answer {
    let form: SignInForm = call.form()?;
    let (login, client, known) = (form.login.clone(), call.client(), call.known_member());
    let claim = call
        .app()
        .db
        .write(move |tx| members::claim(tx, &login, &client, known))
        .await?;
    let password = form.password.clone();
    let proof = call.compute(move || claim.prove(&password)).await?;
    note_proof(&call, &proof);
    let agent = call.header("user-agent").unwrap_or_default().to_owned();
    let next = next_or_home(&form.next);
    call.submit(
        move |tx, viewer| {
            let begun = match members::sign_in(tx, &proof, &agent, viewer.session) {
                // Only whoever knows the password comes this far; no session begins.
                Err(Stop::Refused(Refusal::Suspended(until))) => {
                    let way = moderation::way_of_the_suspended(tx, proof.member()?)?;
                    return way
                        .map(See::to)
                        .ok_or_else(|| Refusal::Suspended(until).into());
                }
                begun => begun.map_err(wrong_password(""))?,
            };
            Ok(See::to(next.clone())
                .signed_in(begun.token)
                .known(begun.member))
        },
        move |_tx, _viewer, problems| {
            Ok(SignInPage {
                form: form.clone(),
                problems: problems.clone(),
            }
            .into())
        },
    )
    .await
}

/// Ends the browser's session.
pub async fn sign_out(call: Call) -> Answer {
    call.act(|tx, viewer| {
        members::sign_out(tx, viewer.session)?;
        Ok(See::to("/").flash("signed-out").signed_out())
    })
    .await
}
