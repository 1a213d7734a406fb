//! How one gets into one's own account: password, address, tokens for programs, sessions.

use super::letters::new_password;
use super::settings::{SettingsForm, answer, back, languages, page};
use super::{proof_of_self, wrong_password};
use crate::kit::Stop;
use crate::kit::ids::SessionId;
use crate::members;
use crate::web::{Answer, Call, Viewer};

/// Chooses another password; all other sessions and all tokens end.
pub async fn password(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let proof = proof_of_self(&call, form.current.clone()).await?;
    let (app, credentials) = (call.app().clone(), call.credentials().clone());
    let words = call
        .app()
        .db
        .read(move |tx| {
            let viewer = Viewer::recognise(tx, &credentials, &app)?;
            members::words_of(
                tx,
                viewer.actor.id().ok_or(crate::kit::Refusal::SignInFirst)?,
            )
        })
        .await?;
    let fresh = new_password(&call, form.password.clone(), words).await?;
    let agent = call.header("user-agent").unwrap_or_default().to_owned();
    answer(&call, form, move |tx, viewer| {
        proof.member().map_err(wrong_password("current"))?;
        let begun = members::change_password(tx, &viewer.actor, &proof, &fresh.clone()?, &agent)?;
        Ok(back("password-kept").signed_in(begun.token))
    })
    .await
}

/// Asks to go by another address; a letter goes there.
pub async fn email(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let proof = proof_of_self(&call, form.proof.clone()).await?;
    let (address, client) = (form.email.clone(), call.client());
    answer(&call, form, move |tx, viewer| {
        proof.member().map_err(wrong_password("proof"))?;
        let email = crate::kit::names::parse_email(&address)
            .map_err(|_| Stop::invalid("email", "email-syntax"))?;
        members::change_email(tx, &viewer.actor, &proof, &email, &client)?;
        Ok(back("email-letter-sent"))
    })
    .await
}

/// Sends the letter of confirmation again.
pub async fn resend(call: Call) -> Answer {
    let client = call.client();
    call.act(move |tx, viewer| {
        let me = viewer.actor.id().ok_or(crate::kit::Refusal::SignInFirst)?;
        members::resend_confirmation(tx, &viewer.actor, me, &client)?;
        Ok(back("email-letter-sent"))
    })
    .await
}

/// Makes a token and shows it once.
pub async fn create_token(call: Call) -> Answer {
    let form: SettingsForm = call.form()?;
    let languages = languages(&call)?;
    let proof = proof_of_self(&call, form.token_proof.clone()).await?;
    let (label, days) = (form.label.clone(), form.days.trim().parse().unwrap_or(0));
    super::shown_once(
        &call,
        move |tx, viewer| {
            proof.member().map_err(wrong_password("token_proof"))?;
            let token = members::create_token(tx, &viewer.actor, &label, days)?;
            Ok(super::secrets::SecretPage::token(token).into())
        },
        move |tx, viewer, problems| {
            Ok(page(tx, viewer, Some(form.clone()), problems.clone(), &languages)?.into())
        },
    )
    .await
}

/// Revokes a token.
pub async fn revoke_token(call: Call) -> Answer {
    let id: i64 = call.segment("id")?;
    call.act(move |tx, viewer| {
        members::revoke_token(tx, &viewer.actor, id)?;
        Ok(back("token-revoked"))
    })
    .await
}

/// Ends one session.
pub async fn end_session(call: Call) -> Answer {
    let id: SessionId = call.segment("id")?;
    call.act(move |tx, viewer| {
        members::end_session(tx, &viewer.actor, id)?;
        Ok(back("session-ended"))
    })
    .await
}

/// Ends all other sessions.
pub async fn end_other_sessions(call: Call) -> Answer {
    call.act(|tx, viewer| {
        members::end_other_sessions(tx, &viewer.actor, viewer.session)?;
        Ok(back("sessions-ended"))
    })
    .await
}
