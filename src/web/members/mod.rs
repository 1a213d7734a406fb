//! Accounts, profiles and settings, for people with browsers.

pub mod access;
pub mod admin;
mod agents;
pub mod avatar;
pub mod badges;
pub mod details;
pub mod enter;
pub mod groups;
pub mod invitations;
pub mod join;
pub mod letters;
pub mod people;
pub mod profile;
pub mod secrets;
pub mod settings;

use super::answer::{Answer, Shown};
use super::call::Call;
use super::dispatch;
use super::viewer::Viewer;
use crate::db::Tx;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members::{self, Claim, Proof};

/// Where to go on after signing in: a path of this house, or the front page.
fn next_or_home(next: &str) -> String {
    if dispatch::is_own_path(next) && !next.starts_with("/sign-") {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

/// A password that does not fit is a problem of the form, not an error page.
fn wrong_password(field: &'static str) -> impl Fn(Stop) -> Stop {
    move |stop| match stop {
        Stop::Refused(Refusal::WrongPassword) => Stop::invalid(field, "wrong-password"),
        other => other,
    }
}

/// What everybody reads waits until a silence is over: said with the form, so that nothing typed is lost.
fn silenced(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::Silenced(_)) => Stop::invalid("", "profile-silenced"),
        other => other,
    }
}

/// May the viewer say who they are? For the notice above such forms.
fn is_silenced(viewer: &Viewer) -> bool {
    viewer
        .actor
        .person()
        .is_some_and(|me| me.silenced.is_some())
}

/// The signed-in member proves again to be who they are, before something that must not happen to an unattended browser.
async fn proof_of_self(call: &Call, password: String) -> Result<Proof> {
    let (app, credentials, client) = (
        call.app().clone(),
        call.credentials().clone(),
        call.client(),
    );
    let claim: Claim = call
        .app()
        .db
        .write(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            members::claim_self(tx, &viewer.actor, &client)
        })
        .await?;
    call.compute(move || claim.prove(&password)).await
}

/// Does something whose answer shows a secret once: a page, not a redirect, and never kept.
pub(in crate::web) async fn shown_once<V, A>(call: &Call, mut verb: V, mut again: A) -> Answer
where
    V: FnMut(&mut Tx<'_>, &Viewer) -> Result<Shown> + Send + 'static,
    A: FnMut(&mut Tx<'_>, &Viewer, &Problems) -> Result<Shown> + Send + 'static,
{
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    let done = call
        .app()
        .db
        .write(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            let shown = verb(tx, &viewer)?;
            Ok((viewer, shown))
        })
        .await;
    let (viewer, shown) = match done {
        Err(Stop::Invalid(problems)) => {
            let (app, credentials) = (call.app().clone(), call.credentials().clone());
            let (viewer, shown) = call
                .app()
                .db
                .read(move |tx| {
                    let viewer = Viewer::recognise(tx, &credentials, &app)?;
                    let shown = again(tx, &viewer, &problems)?;
                    Ok((viewer, shown))
                })
                .await?;
            (viewer, invalid(shown))
        }
        other => other?,
    };
    dispatch::show(call, &viewer, shown)
}

/// What came of a password, in the program's own log: who came in, and that somebody did not. Never what was typed, and no
/// address.
pub(in crate::web) fn note_proof(call: &Call, proof: &Proof) {
    let request_id = call.request_id();
    match proof.member() {
        Ok(member) => tracing::info!(request_id, member = member.0, "password accepted"),
        Err(_) => tracing::warn!(request_id, "password refused"),
    }
}

fn invalid(shown: Shown) -> Shown {
    match shown {
        Shown::Page(mut page) => {
            page.head = page.head.status(422).no_index().form();
            Shown::Page(page)
        }
        other => other,
    }
}
