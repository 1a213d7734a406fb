//! A member reports a post.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::kit::ids::PostId;
use crate::kit::{At, Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{self, Reason, ReportState, Why};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    reason: String,
    /// The number of the rule that the reporter has in mind.
    rule: String,
    message: String,
}

/// The post that is reported, while the reporter may see it.
#[derive(Debug, Clone, Serialize)]
struct Reported {
    author: Card,
    excerpt: String,
    number: i64,
}

/// The report that the reader has sent already.
#[derive(Debug, Clone, Serialize)]
struct Sent {
    reason: Reason,
    message: String,
    state: ReportState,
    at: At,
}

/// Reporting a post.
#[derive(Debug, Clone, Serialize)]
pub struct ReportPage {
    post: PostId,
    title: String,
    reported: Option<Reported>,
    sent: Option<Sent>,
    reasons: &'static [Reason],
    rules: Vec<Numbered>,
    form: ReportForm,
    problems: Problems,
}

impl Page for ReportPage {
    const TEMPLATE: &'static str = "moderation/report";

    fn head(&self) -> Head {
        Head::new("moderation-report-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            post: PostId(88),
            title: "A kingfisher in the courtyard".to_owned(),
            reported: Some(Reported {
                author: Card::nobody(),
                excerpt: "Cheap sunglasses here.".to_owned(),
                number: 3,
            }),
            sent: None,
            reasons: Reason::ALL,
            rules: vec![Numbered {
                number: 7,
                title: "No selling, no begging".to_owned(),
                text: "No selling, no begging, no repeating.".to_owned(),
            }],
            form: ReportForm::default(),
            problems: Problems::default(),
        };
        let sent = Sent {
            reason: Reason::Spam,
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
            },
            problems: Problems::one("reason", "needed"),
            ..usual.clone()
        };
        vec![usual, gone, worst]
    }
}

/// Shows the form, and what became of an earlier report.
pub async fn show(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    call.page(move |tx, viewer| {
        page(tx, viewer, post, ReportForm::default(), Problems::default()).map(Shown::from)
    })
    .await
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    post: PostId,
    form: ReportForm,
    problems: Problems,
) -> Result<ReportPage> {
    if viewer.actor.person().is_none() {
        return Err(Refusal::SignInFirst.into());
    }
    let facts = forum::post_facts(tx, post)?;
    let seen = viewer.can(&Action::SeePost(&facts));
    let sent = moderation::my_report(tx, &viewer.actor, post)?;
    if !seen && sent.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let (mut title, mut reported) = (String::new(), None);
    if seen {
        viewer.actor.may(&Action::Report(&facts))?;
        let said = forum::said(tx, post)?;
        let author = match said.author {
            Some(id) => members::cards(tx, &[id])?.remove(&id),
            None => None,
        };
        title = said.title;
        reported = Some(Reported {
            author: author.unwrap_or_else(Card::nobody),
            excerpt: crate::content::summary(&said.text, 300),
            number: said.number,
        });
    }
    Ok(ReportPage {
        post,
        title,
        reported,
        sent: sent.map(|sent| Sent {
            reason: sent.reason,
            message: sent.message.unwrap_or_default(),
            state: sent.state,
            at: sent.at,
        }),
        reasons: Reason::ALL,
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

/// Sends a report.
pub async fn send(call: Call) -> Answer {
    let post: PostId = call.segment("id")?;
    let form: ReportForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let reason =
                Reason::parse(&form.reason).ok_or_else(|| Stop::invalid("reason", "choose"))?;
            let rule = rule_number(&form.rule)?;
            moderation::report(tx, &viewer.actor, post, Why { reason, rule }, &form.message)?;
            let said = forum::said(tx, post)?;
            let back = forum::post_path(&said.slug, said.thread, said.number);
            Ok(See::to(back).flash("moderation-reported"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, post, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}
