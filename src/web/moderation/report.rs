//! Reporting a post, a thread or a profile; guests report what may break the law.

use serde::{Deserialize, Serialize};

use super::kept::ShownReason;
use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::names::parse_email;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{self, ReportState, Subject, Why};
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    reason: String,
    /// The number of the rule that the reporter has in mind.
    rule: String,
    message: String,
    /// A guest's address.
    email: String,
}

/// What is reported, while the reporter may see it.
#[derive(Debug, Clone, Serialize)]
struct Reported {
    author: Card,
    excerpt: String,
    number: i64,
}

/// The report that the reader has sent already.
#[derive(Debug, Clone, Serialize)]
struct Sent {
    reason: ShownReason,
    message: String,
    state: ReportState,
    at: At,
}

/// Reporting.
#[derive(Debug, Clone, Serialize)]
pub struct ReportPage {
    /// `post`, `thread` or `member`.
    about: &'static str,
    action: String,
    back: String,
    guest: bool,
    title: String,
    reported: Option<Reported>,
    sent: Option<Sent>,
    reasons: Vec<ShownReason>,
    rules: Vec<Numbered>,
    form: ReportForm,
    problems: Problems,
}

impl Page for ReportPage {
    const TEMPLATE: &'static str = "moderation/report";

    fn head(&self) -> Head {
        Head::new("moderation-report-title").no_index().form()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            about: "post",
            action: "/p/88/report".to_owned(),
            back: "/p/88".to_owned(),
            guest: false,
            title: "A kingfisher in the courtyard".to_owned(),
            reported: Some(Reported {
                author: Card::nobody(),
                excerpt: "Cheap sunglasses here.".to_owned(),
                number: 3,
            }),
            sent: None,
            reasons: vec![ShownReason::sample()],
            rules: vec![Numbered {
                number: 7,
                title: "No selling, no begging".to_owned(),
                text: "No selling, no begging, no repeating.".to_owned(),
            }],
            form: ReportForm::default(),
            problems: Problems::default(),
        };
        let sent = Sent {
            reason: ShownReason::sample(),
            message: String::new(),
            state: ReportState::Pending,
            at: At(1_790_000_000_000_000),
        };
        let gone = Self {
            title: String::new(),
            reported: None,
            sent: Some(Sent {
                state: ReportState::Upheld,
                message: "ש".repeat(255),
                ..sent.clone()
            }),
            ..usual.clone()
        };
        let worst = Self {
            title: "w".repeat(255),
            sent: Some(sent),
            form: ReportForm {
                reason: "nonsense".to_owned(),
                rule: "99".to_owned(),
                message: "<b>ש".repeat(255),
                email: String::new(),
            },
            problems: Problems::one("reason", "needed"),
            ..usual.clone()
        };
        let guest = Self {
            guest: true,
            reasons: Vec::new(),
            ..usual.clone()
        };
        let thread = Self {
            about: "thread",
            ..usual.clone()
        };
        let member = Self {
            about: "member",
            ..usual.clone()
        };
        vec![usual, gone, guest, thread, member, worst]
    }
}

/// What an address is about: `/p/{id}`, `/threads/{id}`, `/members/{id}`.
fn subject_of(call: &Call) -> Result<Subject> {
    let path = call.path().to_owned();
    if path.starts_with("/threads/") {
        return Ok(Subject::Thread(call.segment::<ThreadId>("id")?));
    }
    if path.starts_with("/members/") {
        return Ok(Subject::Member(call.segment::<MemberId>("id")?));
    }
    Ok(Subject::Post(call.segment::<PostId>("id")?))
}

/// Shows the form, and what became of an earlier report.
pub async fn show(call: Call) -> Answer {
    let about = subject_of(&call)?;
    call.page(move |tx, viewer| {
        page(
            tx,
            viewer,
            about,
            ReportForm::default(),
            Problems::default(),
        )
        .map(Shown::from)
    })
    .await
}

/// Members need to be in good standing; guests confirm their address instead.
fn may_report(viewer: &Viewer) -> Result<()> {
    match viewer.actor {
        Actor::Guest => Ok(()),
        _ => viewer.actor.may(&Action::ReportMember),
    }
}

/// What is reported as the reader may see it; nothing where it is gone.
fn seen(tx: &mut Tx<'_>, viewer: &Viewer, about: Subject) -> Result<Option<(String, Reported)>> {
    let post = match about {
        Subject::Post(post) => {
            let facts = forum::post_facts(tx, post)?;
            if !viewer.can(&Action::SeePost(&facts)) {
                return Ok(None);
            }
            if viewer.actor.person().is_some() {
                viewer.actor.may(&Action::Report(&facts))?;
            }
            Some(post)
        }
        Subject::Thread(thread) => {
            let facts = forum::thread_facts(tx, thread)?;
            if !viewer.can(&Action::SeeThread(&facts)) {
                return Ok(None);
            }
            may_report(viewer)?;
            forum::nth_post(tx, thread, 1)?
        }
        Subject::Member(member) => {
            may_report(viewer)?;
            let author = members::card(tx, member)?;
            if author.erased {
                return Ok(None);
            }
            let profile = members::find_profile(tx, &author.name)?;
            let reported = Reported {
                excerpt: crate::content::summary(&profile.bio_source, 300),
                number: 0,
                author: author.clone(),
            };
            return Ok(Some((author.display, reported)));
        }
        Subject::Highlight(_) | Subject::Decision(_) => None,
    };
    let Some(post) = post else {
        return Ok(None);
    };
    let said = forum::said(tx, post)?;
    let author = match said.author {
        Some(id) => members::cards(tx, &[id])?.remove(&id),
        None => None,
    };
    let reported = Reported {
        author: author.unwrap_or_else(Card::nobody),
        excerpt: crate::content::summary(&said.text, 300),
        number: said.number,
    };
    Ok(Some((said.title, reported)))
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    about: Subject,
    form: ReportForm,
    problems: Problems,
) -> Result<ReportPage> {
    let guest = matches!(viewer.actor, Actor::Guest);
    let sent = if guest {
        None
    } else {
        moderation::my_report(tx, &viewer.actor, about)?
    };
    let found = seen(tx, viewer, about)?;
    if found.is_none() && sent.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let (title, reported) = found.unzip();
    let all = moderation::reasons(tx, true)?;
    let offered = all
        .iter()
        .filter(|r| r.retired_at.is_none() && (!guest || r.legal));
    let back = match (about, &reported) {
        (Subject::Member(_), Some(reported)) => format!("/u/{}", reported.author.name),
        _ => about.path(),
    };
    Ok(ReportPage {
        about: about.kind(),
        action: moderation::report_path(about),
        back,
        guest,
        title: title.unwrap_or_default(),
        reported,
        sent: sent.map(|sent| Sent {
            reason: ShownReason::of(&all, &sent.reason),
            message: sent.message.unwrap_or_default(),
            state: sent.state,
            at: sent.at,
        }),
        reasons: offered.map(ShownReason::from).collect(),
        rules: moderation::citable(tx)?,
        form,
        problems,
    })
}

/// The number of a rule as a form sends it; empty for none.
pub(super) fn rule_number(text: &str) -> Result<Option<i64>> {
    match text.trim() {
        "" => Ok(None),
        number => number
            .parse()
            .map(Some)
            .map_err(|_| Stop::invalid("rule", "no-such-rule")),
    }
}

/// Too many reports: said with the form, so that no words are lost.
fn too_many(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(Refusal::TooMany { retry_after }) => {
            let mut problems = Problems::default();
            let minutes = (retry_after + 59) / 60;
            problems.add("", "reports-many", &[("minutes", minutes.to_string())]);
            problems.into()
        }
        other => other,
    }
}

/// Where the reporter came from.
fn back_to(tx: &mut Tx<'_>, about: Subject) -> Result<String> {
    Ok(match about {
        Subject::Post(post) => {
            let said = forum::said(tx, post)?;
            forum::post_path(&said.slug, said.thread, said.number)
        }
        Subject::Thread(thread) => forum::thread_line(tx, thread)?.path,
        Subject::Member(member) => format!("/u/{}", members::card(tx, member)?.name),
        Subject::Highlight(_) | Subject::Decision(_) => "/latest".to_owned(),
    })
}

/// Sends a report; a guest's waits for the link in the letter.
pub async fn send(call: Call) -> Answer {
    let about = subject_of(&call)?;
    let form: ReportForm = call.form()?;
    let (again, client) = (form.clone(), call.client());
    call.submit(
        move |tx, viewer| {
            if matches!(viewer.actor, Actor::Guest) {
                let email =
                    parse_email(&form.email).map_err(|_| Stop::invalid("email", "email-syntax"))?;
                let by = (viewer.lang.as_str(), client.as_str());
                moderation::guest_report(tx, about, &email, &form.message, by).map_err(too_many)?;
                return Ok(See::to(back_to(tx, about)?).flash("moderation-report-confirm"));
            }
            let why = Why {
                reason: form.reason.clone(),
                rule: rule_number(&form.rule)?,
            };
            moderation::report_about(tx, &viewer.actor, about, &why, &form.message)
                .map_err(too_many)?;
            Ok(See::to(back_to(tx, about)?).flash("moderation-reported"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, about, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}

/// A button that says it a second time, behind the link in a guest's letter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GuestReportPage {
    token: String,
    message: String,
    problems: Problems,
}

impl Page for GuestReportPage {
    const TEMPLATE: &'static str = "moderation/guest-report";

    fn head(&self) -> Head {
        Head::new("moderation-guest-report-title").no_index().form()
    }

    fn samples() -> Vec<Self> {
        ["", "It shows a stolen document.", "<b>ש"]
            .map(|message| Self {
                token: "abc".to_owned(),
                message: message.repeat(9),
                problems: if message.is_empty() {
                    Problems::one("", "reports-many")
                } else {
                    Problems::default()
                },
            })
            .into()
    }
}

/// Shows what would be reported; looking changes nothing.
pub async fn show_confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.page(move |tx, _| {
        let message = moderation::guest_report_waiting(tx, &token)?;
        Ok(Shown::from(GuestReportPage {
            token: token.clone(),
            message,
            problems: Problems::default(),
        }))
    })
    .await
}

/// Confirms the address and sends the report.
pub async fn confirm(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    let (again, client) = (token.clone(), call.client());
    call.submit(
        move |tx, _| {
            moderation::confirm_guest_report(tx, &token, &client).map_err(too_many)?;
            Ok(See::to("/latest").flash("moderation-reported-guest"))
        },
        move |tx, _, problems| {
            Ok(Shown::from(GuestReportPage {
                token: again.clone(),
                message: moderation::guest_report_waiting(tx, &again)?,
                problems: problems.clone(),
            }))
        },
    )
    .await
}
