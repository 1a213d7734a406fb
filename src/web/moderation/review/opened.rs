//! The item in the middle of the review page, read with everything that a decision rests on.

use std::collections::HashMap;

use super::{AppealCard, DecidedLine, Opened, ReportLine, StepLine, card, offered};
use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::kit::ids::{MemberId, ReviewItemId};
use crate::kit::{At, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{
    self, AppealLine, Cited, Decided, Item, Kind, Record, Rulebook, Step, Subject, Told,
};
use crate::policy::{Action, PostState, Role};
use crate::web::Viewer;
use crate::web::moderation::kept::ShownReason;
use crate::web::moderation::says::says;

/// What an item is about, as it stands now.
struct Now {
    title: String,
    text: String,
    html: String,
    state: PostState,
    category: String,
    pictured: bool,
    /// What a poll under it asks and offers.
    poll: Vec<String>,
}

fn now_of(tx: &mut Tx<'_>, item: &Item) -> Result<Now> {
    let title = item.snapshot.as_ref().map(|s| s.title.clone());
    let (post, state) = match item.subject {
        Subject::Post(post) => (Some(post), forum::post_facts(tx, post)?.state),
        Subject::Thread(thread) => (
            forum::nth_post(tx, thread, 1)?,
            forum::thread_facts(tx, thread)?.state,
        ),
        _ => (None, PostState::Visible),
    };
    let Some(post) = post else {
        return Ok(Now {
            title: title.unwrap_or_default(),
            text: String::new(),
            html: String::new(),
            state,
            category: String::new(),
            pictured: false,
            poll: Vec::new(),
        });
    };
    let said = forum::said(tx, post)?;
    let poll = if said.number == 1 {
        forum::poll_words(tx, post)?
    } else {
        None
    };
    Ok(Now {
        poll: poll.unwrap_or_default(),
        pictured: matches!(item.subject, Subject::Post(_)) && said.html.contains("src=\"/media/"),
        title: said.title,
        text: said.text,
        html: said.html,
        state,
        category: said.category_name,
    })
}

pub(super) fn opened(tx: &mut Tx<'_>, viewer: &Viewer, id: ReviewItemId) -> Result<Opened> {
    let item = moderation::item(tx, &viewer.actor, id)?;
    let reports = moderation::reports_of(tx, &viewer.actor, id)?;
    let steps = moderation::history_of(tx, &viewer.actor, id)?;
    let now = now_of(tx, &item)?;
    let said = says(tx, &item, &reports)?;
    let appeal = match item.kind {
        Kind::Appeal => Some(moderation::appealed(tx, &viewer.actor, id)?),
        _ => None,
    };
    let cards = people_of(
        tx,
        &item,
        &reports,
        &steps,
        appeal.as_ref().and_then(|(told, _)| told.by),
    )?;
    let sanctions = match item.author {
        Some(author) => moderation::sanctions_of(tx, &viewer.actor, author, None, 50)?.len(),
        None => 0,
    };
    let snapshot = item.snapshot.as_ref();
    let changed = !now.html.is_empty() && snapshot.is_none_or(|s| s.text != now.text);
    let own = item.author.is_some() && item.author == viewer.actor.id();
    let author = card(&cards, item.author);
    let decided = decided_line(tx, &item, &cards)?;
    let lines = report_lines(tx, viewer, reports, &cards)?;
    let colleagues = match item.kind {
        Kind::Report | Kind::Held if item.waits => {
            moderation::colleagues(tx, &viewer.actor, &item)?
        }
        Kind::Appeal if item.waits => able(tx, viewer, &item, appeal.as_ref())?,
        _ => Vec::new(),
    };
    let appeal = match appeal {
        Some((told, line)) => Some(appeal_card(tx, viewer, &item, (told, line), &cards)?),
        None => None,
    };
    Ok(Opened {
        id,
        version: item.version,
        state: item.state,
        kind: item.kind,
        about: item.subject.kind(),
        priority: item.priority,
        held_for: item.held_for.clone().unwrap_or_default(),
        hint: item
            .hint
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok()),
        says: said,
        history: steps.into_iter().map(|s| step_line(s, &cards)).collect(),
        pending_until: item.pending.as_ref().map(|pending| pending.until),
        appeal,
        waits: item.waits,
        pictured: now.pictured,
        poll: now.poll,
        post: match item.subject {
            Subject::Post(post) => post.0,
            _ => 0,
        },
        title: now.title,
        snapshot: snapshot.map_or_else(Vec::new, |s| s.text.lines().map(str::to_owned).collect()),
        now_html: if changed { now.html } else { String::new() },
        post_state: now.state,
        post_href: match item.subject {
            Subject::Member(_) => format!("/u/{}", author.name),
            Subject::Decision(_) => String::new(),
            other => other.path(),
        },
        category: now.category,
        author_posts: !author.erased,
        author,
        assignee: item.assignee.map(|_| card(&cards, item.assignee)),
        colleagues: colleagues.into_iter().map(|c| offered(c, "")).collect(),
        mine: item.assignee.is_some() && item.assignee == viewer.actor.id(),
        own,
        decided,
        reports: lines,
        sanctions,
    })
}

type Cards = HashMap<MemberId, Card>;

/// Everybody who is named in an entry.
fn people_of(
    tx: &mut Tx<'_>,
    item: &Item,
    reports: &[moderation::ReportLine],
    steps: &[Step],
    appealing: Option<MemberId>,
) -> Result<Cards> {
    let mut people: Vec<MemberId> = reports.iter().filter_map(|r| r.reporter).collect();
    people.extend(steps.iter().filter_map(|step| step.by));
    people.extend(appealing);
    people.extend(
        [item.author, item.assignee, item.decided_by]
            .into_iter()
            .flatten(),
    );
    members::cards(tx, &people)
}

fn step_line(step: Step, cards: &Cards) -> StepLine {
    StepLine {
        at: step.at,
        by: step.by.map(|by| card(cards, Some(by))),
        kind: step.kind,
        words: step.words.unwrap_or_default(),
    }
}

/// Whom an appeal can be handed to, by somebody who could answer it.
fn able(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    item: &Item,
    appeal: Option<&(Told, AppealLine)>,
) -> Result<Vec<Card>> {
    let Some((told, _)) = appeal else {
        return Ok(Vec::new());
    };
    let granting = moderation::granting(tx, told)?;
    if granting.is_party(&viewer.actor) {
        return Ok(Vec::new());
    }
    moderation::answerers(tx, &viewer.actor, item, &granting)
}

fn appeal_card(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    item: &Item,
    (told, line): (Told, AppealLine),
    cards: &Cards,
) -> Result<AppealCard> {
    let post = match (told.sanction, told.post, told.thread) {
        (Some(_), ..) => None,
        (None, Some(post), _) => Some(post),
        (None, None, Some(thread)) => forum::nth_post(tx, thread, 1)?,
        (None, None, None) => None,
    };
    let said = match post {
        Some(post) => match forum::said(tx, post) {
            Ok(said) => said.text,
            Err(Stop::Refused(_)) => String::new(),
            Err(stop) => return Err(stop),
        },
        None if told.sanction.is_none() => told.original.clone().unwrap_or_default(),
        None => String::new(),
    };
    let granting = moderation::granting(tx, &told)?;
    let party = granting.is_party(&viewer.actor);
    let others = if party && item.waits {
        moderation::answerers(tx, &viewer.actor, item, &granting)?
    } else {
        Vec::new()
    };
    let can_invite = viewer.can(&Action::ManageMembers);
    let admins = if party && item.waits && others.is_empty() && !can_invite {
        members::with_role(tx, Role::Admin)?
    } else {
        Vec::new()
    };
    Ok(AppealCard {
        grants: match (told.sanction, post, told.what.as_str()) {
            _ if granting.overtaken => "overtaken",
            (Some(_), ..) => "measure",
            (_, _, "picture") => "picture",
            (None, Some(_), _) => "words",
            (None, None, _) => "profile",
        },
        title: told.title.clone().unwrap_or_default(),
        href: match (told.sanction, told.post, told.thread) {
            (None, Some(post), _) => format!("/p/{post}"),
            (None, None, Some(thread)) => format!("/t/-/{thread}"),
            _ => String::new(),
        },
        said: said.lines().map(str::to_owned).collect(),
        rule: rule_words(tx, Cited::of(told.rule))?,
        by: card(cards, told.by),
        party,
        others,
        admins,
        can_invite,
        what: told.what,
        reason: told.reason.unwrap_or_default(),
        at: told.at,
        words: line.words.unwrap_or_default(),
        state: line.state,
        answer: line.answer.unwrap_or_default(),
    })
}

/// Reports with those who sent them; how the first ten fare with their reports stands beside them.
fn report_lines(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    reports: Vec<moderation::ReportLine>,
    cards: &Cards,
) -> Result<Vec<ReportLine>> {
    let reasons = moderation::reasons(tx, true)?;
    let book = Rulebook::of(tx, reports.iter().filter_map(moderation::ReportLine::cited))?;
    let mut lines = Vec::with_capacity(reports.len());
    for report in reports {
        let record = match report.reporter {
            Some(who) if lines.len() < 10 => moderation::reporter_record(tx, &viewer.actor, who)?,
            _ => Record::default(),
        };
        lines.push(ReportLine {
            by: card(cards, report.reporter),
            guest: report.guest.is_some(),
            record,
            reason: ShownReason::of(&reasons, &report.reason),
            rule: report.cited().and_then(|cited| book.words(cited)),
            message: report.message.unwrap_or_default(),
            state: report.state,
            at: report.at,
        });
    }
    Ok(lines)
}

fn decided_line(tx: &mut Tx<'_>, item: &Item, cards: &Cards) -> Result<Option<DecidedLine>> {
    let Some(decided) = item.decided.clone() else {
        return Ok(None);
    };
    let by = card(cards, item.decided_by);
    shown(tx, decided, by, item.decided_at).map(Some)
}

fn rule_words(tx: &mut Tx<'_>, cited: Option<Cited>) -> Result<Option<Numbered>> {
    match cited {
        Some(cited) => moderation::words_of(tx, cited),
        None => Ok(None),
    }
}

fn shown(tx: &mut Tx<'_>, decided: Decided, by: Card, at: Option<At>) -> Result<DecidedLine> {
    Ok(DecidedLine {
        finding: decided.finding,
        content: decided.content,
        author: decided.author,
        until: decided.until,
        reason: decided.reason,
        rule: rule_words(tx, decided.rule)?,
        by,
        at,
    })
}
