//! Signing up: openly, by invitation, or as the first admin.

use serde::{Deserialize, Serialize};

use super::next_or_home;
use crate::bridge;
use crate::db::Tx;
use crate::guidelines::{self, Section, Slide};
use crate::kit::stop::Document;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members::{self, Applicant, Arrival, Card, Proof, SignedIn};
use crate::policy::Role;
use crate::site::Registration;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The fields of the form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct JoinForm {
    name: String,
    display: String,
    email: String,
    #[serde(skip_serializing)]
    password: String,
    next: String,
    /// The link code by which the visitor came.
    via: String,
    /// The token of an invitation.
    invitation: String,
}

/// What an invitation says, above the form.
#[derive(Debug, Clone, Serialize)]
pub struct InvitedBy {
    by: Option<Card>,
    note: Vec<String>,
    roles: Vec<Role>,
}

/// The sign-up page.
#[derive(Debug, Clone, Serialize)]
pub struct JoinPage {
    /// Where the form is sent.
    action: String,
    /// May anybody sign up here, or this visitor?
    open: bool,
    /// Is it the first admin who signs up?
    first: bool,
    invited: Option<InvitedBy>,
    /// What this place is for, in short: whoever joins should know.
    charter: Option<Slide>,
    form: JoinForm,
    problems: Problems,
}

impl Page for JoinPage {
    const TEMPLATE: &'static str = "members/sign-up";

    fn head(&self) -> Head {
        let key = match (self.first, self.invited.is_some()) {
            (true, _) => "members-set-up-title",
            (false, true) => "members-invited-title",
            (false, false) => "members-sign-up-title",
        };
        Head::new(key).form()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            action: "/sign-up".to_owned(),
            open: true,
            first: false,
            invited: None,
            charter: None,
            form: JoinForm::default(),
            problems: Problems::default(),
        };
        let charter = Slide {
            lead: "Merrowby had a harbour long before it had a museum".to_owned(),
            sections: vec![Section {
                title: "What the Commons is not".to_owned(),
                points: vec!["It is not a channel".to_owned(), "ש".repeat(255)],
            }],
        };
        let mut problems = Problems::one("name", "name-taken");
        problems.add("email", "email-syntax", &[]);
        problems.add(
            "password",
            "password-too-short",
            &[("least", "8".to_owned()), ("most", "256".to_owned())],
        );
        let long = "\u{627}\u{644}\u{633}\u{644}\u{627}\u{645}".repeat(50);
        let form = JoinForm {
            name: long.clone(),
            display: long.clone(),
            email: long.clone(),
            invitation: "x".to_owned(),
            ..JoinForm::default()
        };
        let invited = InvitedBy {
            by: Some(Card::nobody()),
            note: vec![long],
            roles: vec![Role::Champion, Role::Admin],
        };
        vec![
            empty.clone(),
            Self {
                open: false,
                ..empty.clone()
            },
            Self {
                first: true,
                action: "/setup/x".to_owned(),
                ..empty.clone()
            },
            Self {
                invited: Some(invited),
                charter: Some(charter),
                form,
                problems,
                ..empty
            },
        ]
    }
}

fn blank(tx: &mut Tx<'_>, viewer: &Viewer, form: JoinForm) -> Result<JoinPage> {
    let open = viewer.settings.registration == Registration::Open;
    let charter = guidelines::current(tx, Document::Charter)?;
    Ok(JoinPage {
        charter: charter.map(|version| version.slide()),
        action: "/sign-up".to_owned(),
        open,
        first: false,
        invited: None,
        form,
        problems: Problems::default(),
    })
}

fn invited(tx: &mut Tx<'_>, token: &str) -> Result<InvitedBy> {
    let invited = members::read_invitation(tx, token)?;
    let note = invited.note.lines().map(str::to_owned).collect();
    Ok(InvitedBy {
        by: invited.by,
        note,
        roles: invited.roles,
    })
}

/// The link code in the address that a visitor comes from: the announcement led there, and the button to join on.
fn code_in(next: &str) -> String {
    let address = next.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "via");
    code.map(|(_, code)| code.into_owned()).unwrap_or_default()
}

/// The form.
pub async fn show(call: Call) -> Answer {
    let form: JoinForm = call.query()?;
    call.page(move |tx, viewer| {
        if viewer.actor.id().is_some() {
            return Ok(Shown::see(next_or_home(&form.next)));
        }
        let via = match form.via.as_str() {
            "" => code_in(&form.next),
            via => via.to_owned(),
        };
        let form = JoinForm {
            next: form.next.clone(),
            via,
            ..JoinForm::default()
        };
        Ok(blank(tx, viewer, form)?.into())
    })
    .await
}

/// The form below an invitation.
pub async fn show_invitation(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, viewer| {
        let invited = invited(tx, &token)?;
        let form = JoinForm {
            invitation: token.clone(),
            ..JoinForm::default()
        };
        Ok(JoinPage {
            open: true,
            invited: Some(invited),
            ..blank(tx, viewer, form)?
        }
        .into())
    })
    .await
}

/// Checks the form and hashes the password, away from the threads that serve others.
async fn applicant(call: &Call, form: &JoinForm) -> Result<Result<Applicant, Problems>> {
    let site = call
        .app()
        .db
        .read(|tx| Ok(crate::site::settings(tx)?.name))
        .await?;
    let form = form.clone();
    let checked = call
        .compute(move || {
            Applicant::check(
                &form.name,
                &form.display,
                &form.email,
                &form.password,
                &site,
            )
        })
        .await?;
    match checked {
        Ok(applicant) => Ok(Ok(applicant)),
        Err(crate::kit::Stop::Invalid(problems)) => Ok(Err(problems)),
        Err(other) => Err(other),
    }
}

/// Counts the try and looks whether anybody is let in this way, before anything costly is done.
async fn admitted(call: &Call, form: &JoinForm) -> Result<()> {
    let client = call.client();
    let db = &call.app().db;
    db.write(move |tx| members::claim_sign_up(tx, &client))
        .await?;
    let invitation = Some(form.invitation.clone()).filter(|token| !token.is_empty());
    db.read(move |tx| members::may_sign_up(tx, invitation.as_deref()))
        .await
}

/// Was an account of this name and address made a moment ago?
async fn made_before(call: &Call, form: &JoinForm) -> Result<bool> {
    let (name, email) = (form.name.clone(), form.email.clone());
    let db = &call.app().db;
    db.read(move |tx| members::just_made(tx, &name, &email))
        .await
}

/// The proof that this form was sent a moment ago and made the account: a second click.
async fn sent_before(call: &Call, form: &JoinForm) -> Result<Option<Proof>> {
    if !made_before(call, form).await? {
        return Ok(None);
    }
    let db = &call.app().db;
    let (name, client) = (form.name.clone(), call.client());
    let claim = db
        .write(move |tx| members::claim(tx, &name, &client, None))
        .await?;
    let password = form.password.clone();
    let proof = call.compute(move || claim.prove(&password)).await?;
    Ok(proof.member().is_ok().then_some(proof))
}

/// Whoever has just joined goes on, signed in.
fn welcome(next: &str, begun: SignedIn) -> See {
    See::to(next)
        .flash("signed-up")
        .signed_in(begun.token)
        .known(begun.member)
}

/// The form with what was typed, and what is wrong with it.
fn retry(tx: &mut Tx<'_>, viewer: &Viewer, form: &JoinForm, problems: &Problems) -> Result<Shown> {
    let mut page = blank(tx, viewer, form.clone())?;
    if !form.invitation.is_empty() {
        page.invited = invited(tx, &form.invitation).ok();
        page.open |= page.invited.is_some();
    }
    page.problems = problems.clone();
    Ok(page.into())
}

/// A second click comes to where the first one went.
async fn come_in(call: Call, form: JoinForm, proof: Proof) -> Answer {
    let agent = call.header("user-agent").unwrap_or_default().to_owned();
    let next = next_or_home(&form.next);
    call.submit(
        move |tx, viewer| {
            let begun = members::sign_in(tx, &proof, &agent, viewer.session)?;
            Ok(welcome(&next, begun))
        },
        move |tx, viewer, problems| retry(tx, viewer, &form, problems),
    )
    .await
}

/// Makes the account.
pub async fn sign_up(call: Call) -> Answer {
    let form: JoinForm = call.form()?;
    if let Some(proof) = sent_before(&call, &form).await? {
        return come_in(call, form, proof).await;
    }
    let applicant = match admitted(&call, &form).await {
        Ok(()) => applicant(&call, &form).await?,
        Err(Stop::Invalid(problems)) => Err(problems),
        // The first click may have used up the invitation.
        Err(other) => match sent_before(&call, &form).await? {
            Some(proof) => return come_in(call, form, proof).await,
            None => return Err(other),
        },
    };
    // While this one was hashed, the first click may have made the account.
    let was_made = made_before(&call, &form).await?;
    if was_made && let Some(proof) = sent_before(&call, &form).await? {
        return come_in(call, form, proof).await;
    }
    let (again, typed) = (form.clone(), form.clone());
    let kept = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let arrival = Arrival {
        invitation: kept(&form.invitation),
        via: kept(&form.via),
        client: call.client(),
        agent: call.header("user-agent").unwrap_or_default().to_owned(),
        ..Arrival::default()
    };
    let next = next_or_home(&form.next);
    let answer = call
        .submit(
            move |tx, viewer| {
                let applicant = applicant.clone()?;
                // The first click was quicker by a hair: this one comes in as the same.
                if members::just_made(tx, &typed.name, &typed.email)? && !was_made {
                    return Err(Refusal::Stale.into());
                }
                let arrival = Arrival {
                    lang: viewer.lang.clone(),
                    instead_of: viewer.session,
                    ..arrival.clone()
                };
                let begun = members::sign_up(tx, &applicant, &arrival)?;
                if let Some(code) = &arrival.via {
                    bridge::count_sign_up(tx, code)?;
                }
                Ok(welcome(&next, begun))
            },
            move |tx, viewer, problems| retry(tx, viewer, &form, problems),
        )
        .await;
    match answer {
        Err(Stop::Refused(Refusal::Stale)) => match sent_before(&call, &again).await? {
            Some(proof) => come_in(call, again, proof).await,
            None => Err(Refusal::Stale.into()),
        },
        answer => answer,
    }
}

fn first(token: &str, form: JoinForm, problems: Problems) -> JoinPage {
    JoinPage {
        action: format!("/setup/{token}"),
        open: true,
        first: true,
        invited: None,
        charter: None,
        form,
        problems,
    }
}

/// The form for the first admin.
pub async fn show_set_up(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, _viewer| {
        members::may_set_up(tx, &token)?;
        Ok(first(&token, JoinForm::default(), Problems::default()).into())
    })
    .await
}

/// Makes the first admin.
pub async fn set_up(call: Call) -> Answer {
    let (token, form): (String, JoinForm) = (call.segment("token")?, call.form()?);
    let shown = token.clone();
    call.app()
        .db
        .read(move |tx| members::may_set_up(tx, &shown))
        .await?;
    let applicant = applicant(&call, &form).await?;
    let agent = call.header("user-agent").unwrap_or_default().to_owned();
    let again = token.clone();
    call.submit(
        move |tx, _viewer| {
            members::may_set_up(tx, &token)?;
            let begun = members::set_up(tx, &token, &applicant.clone()?, &agent)?;
            Ok(See::to("/admin")
                .flash("set-up")
                .signed_in(begun.token)
                .known(begun.member))
        },
        move |_tx, _viewer, problems| Ok(first(&again, form.clone(), problems.clone()).into()),
    )
    .await
}
