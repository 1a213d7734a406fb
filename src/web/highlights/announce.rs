//! `/outreach/library/{id}/announce`: writing a text for one channel, seeing what the rules say, sending it.

use serde::{Deserialize, Serialize};

use super::parts::{ConsentCard, Frame, QuoteCard, frame_words};
use crate::bridge::{self, ChannelState};
use crate::db::Tx;
use crate::highlights::{self, Draft, Finding, Place, When};
use crate::kit::ids::{ChannelId, HighlightId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::web::templates::Ui;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    channel: i64,
    text: String,
    /// `now` or `later`.
    when: String,
    wall: String,
    /// `check` or `send`.
    go: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct ChannelChoice {
    id: i64,
    name: String,
    kind: String,
    limit: Option<usize>,
    covered: bool,
    open: bool,
    chosen: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Report {
    passes: bool,
    length: usize,
    limit: Option<usize>,
    findings: Vec<Found>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Found {
    key: String,
    error: bool,
    found: String,
    words: String,
    name: String,
    place: String,
    limit: String,
    over: String,
}

impl Found {
    fn of(finding: &Finding) -> Self {
        let arg = |name: &str| finding.args.get(name).cloned().unwrap_or_default();
        Self {
            key: format!("problem-check-{}", finding.rule.replace('.', "-")),
            error: finding.level == highlights::Level::Error,
            found: arg("found"),
            words: arg("words"),
            name: arg("name"),
            place: arg("place"),
            limit: arg("limit"),
            over: arg("over"),
        }
    }
}

/// The page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnnouncePage {
    id: i64,
    title: String,
    quotes: Vec<QuoteCard>,
    consents: Vec<ConsentCard>,
    channels: Vec<ChannelChoice>,
    zone: String,
    second_eyes: bool,
    form: Form,
    later: bool,
    report: Option<Report>,
    frame: Option<Frame>,
    problems: Problems,
}

impl Page for AnnouncePage {
    const TEMPLATE: &'static str = "highlights/announce";

    fn head(&self) -> Head {
        Head::filled(
            "highlights-announce-title",
            &[("title", self.title.as_str())],
        )
        .nav("outreach")
        .outward()
        .form()
    }

    fn samples() -> Vec<Self> {
        let channel = ChannelChoice {
            id: 1,
            name: "Announcements page".into(),
            kind: "page".into(),
            limit: Some(500),
            covered: true,
            open: true,
            chosen: true,
        };
        let closed = ChannelChoice {
            id: 2,
            name: "م".repeat(255),
            kind: "webhook".into(),
            ..ChannelChoice::default()
        };
        let finding = |rule: &str, level| {
            Found::of(&Finding {
                rule: rule.into(),
                level,
                args: Default::default(),
            })
        };
        let usual = Self {
            id: 7,
            title: "A kingfisher".into(),
            quotes: QuoteCard::samples(),
            consents: ConsentCard::samples(),
            channels: vec![channel, closed],
            zone: "Europe/Berlin".into(),
            form: Form {
                channel: 1,
                text: "“B” C".into(),
                when: "later".into(),
                ..Form::default()
            },
            later: true,
            report: Some(Report {
                passes: false,
                length: 501,
                limit: Some(500),
                findings: vec![
                    finding("quote.consent", highlights::Level::Error),
                    finding("dup.again", highlights::Level::Warning),
                ],
            }),
            frame: Some(Frame {
                place: "page",
                ..Frame::default()
            }),
            second_eyes: true,
            problems: Problems::one("text", "check-link-home"),
        };
        let fine = Self {
            report: Some(Report {
                passes: true,
                ..Report::default()
            }),
            problems: Problems::default(),
            ..usual.clone()
        };
        vec![Self::default(), usual, fine]
    }
}

fn draft(form: &Form, nameless: String) -> Draft {
    let when = if form.when == "later" {
        When::Wall(form.wall.clone())
    } else {
        When::Now
    };
    Draft {
        channel: ChannelId(form.channel),
        text: form.text.clone(),
        when,
        nameless,
    }
}

/// What the page is made from.
struct Asked<'a> {
    id: HighlightId,
    form: &'a Form,
    /// Hold the text against the rules?
    check: bool,
    problems: Problems,
}

fn made(tx: &mut Tx<'_>, viewer: &Viewer, ui: &Ui, asked: Asked<'_>) -> Result<AnnouncePage> {
    let Asked {
        id,
        form,
        check,
        mut problems,
    } = asked;
    let view = highlights::view(tx, &viewer.actor, id)?;
    viewer.actor.may(&Action::Announce(&view.facts))?;
    let words = frame_words(ui, &viewer.settings);
    let mut form = form.clone();
    if form.text.is_empty() && form.go.is_empty() {
        form.text = highlights::first_text(tx, &viewer.actor, id, &words.nameless, &words.said_in)?;
    }
    let lines = bridge::channels(tx)?;
    let channels: Vec<ChannelChoice> = lines
        .iter()
        .map(|line| ChannelChoice {
            id: line.id.0,
            name: line.name.clone(),
            kind: line.kind.clone(),
            limit: line.limit,
            covered: Place::parse(&line.kind).is_some_and(|place| view.covered.has(place)),
            open: line.state == ChannelState::Open,
            chosen: line.id.0 == form.channel,
        })
        .collect();
    let seen = if check {
        match highlights::examine(tx, &viewer.actor, id, &draft(&form, words.nameless.clone())) {
            Ok(seen) => Some(seen),
            Err(Stop::Invalid(more)) => {
                problems.0.extend(more.0);
                None
            }
            Err(Stop::Refused(Refusal::NotFound | Refusal::ChannelClosed)) => {
                problems.add("channel", "channel-needed", &[]);
                None
            }
            Err(stop) => return Err(stop),
        }
    } else {
        None
    };
    let frame = seen.as_ref().map(|seen| Frame {
        place: Place::parse(&seen.channel.kind).map_or("page", Place::as_str),
        title: seen.title.clone(),
        text: seen.text.clone(),
        link: tx.link("/h/23456789"),
        site: viewer.settings.name.clone(),
    });
    Ok(AnnouncePage {
        id: id.0,
        title: view.highlight.title.clone(),
        quotes: view.quotes.iter().map(QuoteCard::of).collect(),
        consents: view.consents.iter().map(ConsentCard::of).collect(),
        channels,
        zone: viewer.settings.zone.clone(),
        second_eyes: viewer.settings.second_eyes_on_texts,
        later: form.when == "later",
        form,
        report: seen.map(|seen| Report {
            passes: seen.report.passes(),
            length: seen.report.length,
            limit: seen.report.limit,
            findings: seen.report.findings.iter().map(Found::of).collect(),
        }),
        frame,
        problems,
    })
}

/// Shows the form with the standard text.
pub async fn form(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.query()?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let asked = Asked {
            id,
            form: &form,
            check: false,
            problems: Problems::default(),
        };
        Ok(Shown::from(made(tx, viewer, &ui, asked)?))
    })
    .await
}

/// Checks the text, or sends it on its way.
pub async fn announce(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.form()?;
    let ui = call.app().ui()?;
    if form.go != "send" {
        return call
            .page(move |tx, viewer| {
                let asked = Asked {
                    id,
                    form: &form,
                    check: true,
                    problems: Problems::default(),
                };
                Ok(Shown::from(made(tx, viewer, &ui, asked)?))
            })
            .await;
    }
    let (again, words_ui) = (form.clone(), ui.clone());
    call.submit(
        move |tx, viewer| {
            if form.channel == 0 {
                return Err(Stop::invalid("channel", "channel-needed"));
            }
            let draft = draft(&form, frame_words(&words_ui, &viewer.settings).nameless);
            let made = highlights::announce(tx, &viewer.actor, id, &draft)?;
            let flash = if viewer.settings.second_eyes_on_texts {
                "announcement-waiting"
            } else {
                "announcement-scheduled"
            };
            Ok(See::to(format!("/outreach/announcements/{made}")).flash(flash))
        },
        move |tx, viewer, problems| {
            // The errors of the rules stand in the report; the summary says the rest.
            let mut rest = problems.clone();
            rest.0.retain(|p| !p.key.starts_with("check-"));
            let asked = Asked {
                id,
                form: &again,
                check: true,
                problems: rest,
            };
            Ok(Shown::from(made(tx, viewer, &ui, asked)?))
        },
    )
    .await
}
