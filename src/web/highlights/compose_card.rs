//! One channel's text on the writing desk: the field, the count, what the rules say, how it will look, when it is said.

use serde::Serialize;

use super::parts::{Frame, PictureCard};
use crate::bridge;
use crate::db::Tx;
use crate::highlights::{self, Draft, Examined, Finding, Kept, Level, PictureWish, Place, When};
use crate::kit::ids::HighlightId;
use crate::kit::{Problems, Result, Stop};
use crate::web::Viewer;
use crate::web::bridge::dollars;

/// What a finding says, with the reason that passes a warning over.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Found {
    rule: String,
    problem: Problems,
    level: &'static str,
    warning: bool,
    reason: String,
    /// Somebody has to be named who has checked it.
    claim: bool,
    /// What could stand there instead.
    better: String,
}

impl Found {
    /// As the page shows it.
    pub fn of(finding: &Finding, reasons: &std::collections::BTreeMap<String, String>) -> Self {
        Self {
            rule: finding.rule.clone(),
            problem: finding.problem("it"),
            better: finding.better.clone().unwrap_or_default(),
            level: finding.level.as_str(),
            warning: finding.level == Level::Warning,
            reason: reasons.get(&finding.rule).cloned().unwrap_or_default(),
            claim: highlights::needs_reviewer(finding),
        }
    }

    /// For samples: one of each level.
    pub fn samples() -> Vec<Self> {
        [
            ("len.channel", Level::Error),
            ("dup.again", Level::Warning),
            ("claim.price", Level::Error),
            ("day.category", Level::Suggestion),
        ]
        .into_iter()
        .map(|(rule, level)| {
            let args = [
                ("over", "1"),
                ("limit", "500"),
                ("title", "A heron"),
                ("found", "10 €"),
            ];
            let finding = Finding {
                rule: rule.into(),
                level,
                args: args.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
                ..Finding::default()
            };
            Self::of(
                &finding,
                &[("dup.again".to_owned(), "Because.".to_owned())].into(),
            )
        })
        .collect()
    }
}

/// One channel's text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Card {
    id: i64,
    name: String,
    kind: String,
    text: String,
    own: bool,
    note: String,
    now: bool,
    later: bool,
    slot: bool,
    wall: String,
    ask_hour: bool,
    first: bool,
    second: bool,
    next_slot: String,
    passes: bool,
    length: usize,
    limit: Option<usize>,
    over: bool,
    /// What the channel charges for it, what it cost this month and may cost at most; empty where it is free.
    price: String,
    spent: String,
    cap: String,
    findings: Vec<Found>,
    frame: Frame,
    problems: Problems,
}

impl Card {
    /// For samples: a usual one and a bad one.
    pub fn samples() -> Vec<Self> {
        let usual = Self {
            id: 1,
            name: "Announcements page".into(),
            kind: "page".into(),
            text: "“B” C".into(),
            now: true,
            next_slot: "2026-11-24 10:00".into(),
            passes: true,
            length: 41,
            limit: Some(500),
            frame: Frame {
                place: "page",
                ..Frame::default()
            },
            ..Self::default()
        };
        let bad = Self {
            id: 2,
            name: "م".repeat(255),
            kind: "mastodon".into(),
            text: "م".repeat(255),
            own: true,
            note: "Too loud.".into(),
            now: false,
            later: true,
            ask_hour: true,
            second: true,
            wall: "2026-10-25T02:30".into(),
            next_slot: String::new(),
            passes: false,
            over: true,
            price: "$0.20".into(),
            spent: "$19.90".into(),
            cap: "$20.00".into(),
            findings: Found::samples(),
            frame: Frame {
                place: "mastodon",
                picture: Some(PictureCard::sample()),
                carriage: "along",
                carried: true,
                ..Frame::default()
            },
            problems: Problems::one("wall", "when-gap"),
            ..usual.clone()
        };
        vec![usual, bad]
    }
}

/// What all cards of one page share.
pub struct CardWords<'w> {
    /// What a member without a name is called.
    pub nameless: &'w str,
    /// The community's name.
    pub site: &'w str,
    /// The language.
    pub lang: &'w str,
    /// The hashtags.
    pub hashtags: &'w str,
    /// The picture that goes with it.
    pub picture: Option<&'w PictureWish>,
}

/// Makes the card of a text. A time that is none is said at its field; the text is judged all the same.
pub fn card(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    text: &Kept,
    words: &CardWords<'_>,
) -> Result<Card> {
    let mut draft = Draft {
        channel: text.channel,
        text: text.text.clone(),
        when: text.when(),
        nameless: words.nameless.to_owned(),
        lang: words.lang.to_owned(),
        hashtags: words.hashtags.to_owned(),
        reasons: text.reasons.clone(),
        picture: words.picture.cloned(),
        suggestion: None,
    };
    let mut problems = Problems::default();
    let seen = match highlights::examine(tx, &viewer.actor, id, &draft) {
        Err(Stop::Invalid(mut more)) => {
            for problem in &mut more.0 {
                problem.field = "wall".to_owned();
            }
            problems = more;
            draft.when = When::Now;
            highlights::examine(tx, &viewer.actor, id, &draft)?
        }
        other => other?,
    };
    let next = highlights::next_slot(tx, &viewer.actor, text.channel)?;
    let link = tx.link("/h/23456789");
    let mut card = filled(text, &seen, problems, words, (&link, next));
    if let Some((price, month)) = bridge::price(tx, text.channel, &seen.text)? {
        (card.price, card.spent, card.cap) =
            (dollars(price), dollars(month.spent), dollars(month.cap));
    }
    Ok(card)
}

fn filled(
    text: &Kept,
    seen: &Examined,
    problems: Problems,
    words: &CardWords<'_>,
    (link, next): (&str, Option<highlights::Planned>),
) -> Card {
    let report = &seen.report;
    Card {
        id: text.channel.0,
        name: seen.channel.name.clone(),
        kind: seen.channel.kind.clone(),
        text: text.text.clone(),
        own: text.own,
        note: text.note.clone(),
        now: text.plan == highlights::Plan::Now,
        later: text.plan == highlights::Plan::Later,
        slot: text.plan == highlights::Plan::Slot,
        wall: text.wall.clone(),
        ask_hour: text.hour.is_some() || comes_twice(&problems),
        first: text.hour == Some(highlights::Hour::First),
        second: text.hour == Some(highlights::Hour::Second),
        next_slot: next.map(|p| p.wall.replace('T', " ")).unwrap_or_default(),
        passes: report.passes(),
        length: report.length,
        limit: report.limit,
        over: report.limit.is_some_and(|limit| report.length > limit),
        price: String::new(),
        spent: String::new(),
        cap: String::new(),
        findings: report
            .findings
            .iter()
            .map(|finding| Found::of(finding, &text.reasons))
            .collect(),
        frame: Frame {
            place: Place::parse(&seen.channel.kind)
                .unwrap_or(Place::PAGE)
                .as_str(),
            title: seen.title.clone(),
            text: seen.text.clone(),
            link: link.to_owned(),
            site: words.site.to_owned(),
            picture: seen.picture.as_ref().map(|(upload, alt)| PictureCard {
                alt: alt.clone(),
                ..PictureCard::of(upload)
            }),
            carriage: seen.channel.carriage.as_str(),
            carried: seen.picture.is_some() && seen.channel.carriage.shows(),
        },
        problems,
    }
}

/// Did somebody type an hour that comes twice? Only then is it asked which one is meant.
pub fn comes_twice(problems: &Problems) -> bool {
    problems.0.iter().any(|problem| problem.key == "when-twice")
}
