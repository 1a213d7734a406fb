//! Polls: voting, seeing who voted for what, and asking.

use serde::{Deserialize, Serialize};

use super::kept::kept;
use super::list::Asked;
use super::pager::Pager;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Ballot, PollDraft, PollKind, PollView};
use crate::kit::ids::PostId;
use crate::kit::{Problems, Result};
use crate::members::Card;
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Votes on a page.
const PER_PAGE: i64 = 50;

/// The fields of a poll that somebody is about to ask.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PollForm {
    pub poll_kind: String,
    pub poll_secret: String,
    pub poll_question: String,
    pub poll_options: String,
    pub poll_days: String,
}

impl PollForm {
    /// Whether anything was typed that makes a poll.
    pub(super) fn is_empty(&self) -> bool {
        self.poll_question.trim().is_empty() && self.poll_options.trim().is_empty()
    }

    /// As a draft keeps it: what was typed, right or not.
    pub(super) fn kept(&self) -> Result<String> {
        if self.is_empty() {
            return Ok(String::new());
        }
        Ok(serde_json::to_string(self)?)
    }

    /// What a draft has kept.
    pub(super) fn from_kept(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// The poll, checked.
    pub(super) fn draft(&self) -> Result<PollDraft, Problems> {
        PollDraft::parse(
            &self.poll_kind,
            !self.poll_secret.is_empty(),
            &self.poll_question,
            &self.poll_options,
            &self.poll_days,
        )
    }

    fn of(poll: &PollView) -> Self {
        let lines: Vec<&str> = poll.options.iter().map(|o| o.text.as_str()).collect();
        Self {
            poll_kind: poll.kind.as_str().to_owned(),
            poll_secret: if poll.secret { "1" } else { "" }.to_owned(),
            poll_question: poll.question.clone(),
            poll_options: lines.join("\n"),
            poll_days: String::new(),
        }
    }
}

/// A kind that can be chosen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct KindChoice {
    kind: PollKind,
    chosen: bool,
}

/// The kinds, with the chosen one marked.
pub(super) fn kinds(form: &PollForm) -> Vec<KindChoice> {
    let chosen = PollKind::parse(&form.poll_kind).unwrap_or(PollKind::Single);
    let choice = |kind: &PollKind| KindChoice {
        kind: *kind,
        chosen: *kind == chosen,
    };
    PollKind::ALL.iter().map(choice).collect()
}

/// A poll with a page to itself.
#[derive(Debug, Clone, Serialize)]
pub struct PollPage {
    post: PostId,
    path: String,
    title: String,
    poll: Option<PollView>,
    ballots: Vec<Ballot>,
    /// The reader may ask or change.
    may_ask: bool,
    form: PollForm,
    kinds: Vec<KindChoice>,
    pager: Pager,
    problems: Problems,
}

impl Page for PollPage {
    const TEMPLATE: &'static str = "forum/poll";

    fn head(&self) -> Head {
        Head::new("forum-poll").nav("latest").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            post: PostId(88),
            path: "/t/a-kingfisher/12/1".to_owned(),
            title: "A kingfisher".to_owned(),
            poll: None,
            ballots: Vec::new(),
            may_ask: true,
            form: PollForm::default(),
            kinds: kinds(&PollForm::default()),
            pager: Pager::default(),
            problems: Problems::default(),
        };
        let ballot = |by: Card, option: String| Ballot {
            by,
            options: vec![option],
            at: samples::THEN,
        };
        let usual = Self {
            poll: Some(samples::poll()),
            ballots: vec![ballot(samples::card(), "On the slipway".to_owned())],
            ..empty.clone()
        };
        let worst = Self {
            title: samples::long_title(),
            poll: Some(PollView {
                secret: true,
                voters: 0,
                voted: false,
                rounds: Vec::new(),
                winner: String::new(),
                ..samples::poll()
            }),
            ballots: vec![ballot(Card::nobody(), samples::long_title())],
            form: PollForm {
                poll_question: samples::long_title(),
                poll_options: "</textarea>".to_owned(),
                ..PollForm::default()
            },
            pager: Pager::keyed("/p/88/poll", false, Some("AQ")),
            problems: Problems::one("poll_question", "poll-voted"),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

/// What was typed on a page that is shown again.
enum Typed {
    Nothing,
    Poll(PollForm),
    /// A rank for every option, in their order.
    Ranks(Vec<String>),
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: PostId,
    after: Option<&str>,
    typed: Typed,
    problems: Problems,
) -> Result<Shown> {
    let (heading, mut post) = forum::post(tx, &viewer.actor, id)?;
    let law = forum::post_facts(tx, id)?;
    let may_ask = post.number == 1 && viewer.can(&Action::EditPost(&law));
    if post.poll.is_none() && !may_ask {
        return Err(crate::kit::Refusal::NotFound.into());
    }
    let (ballots, next) = match &post.poll {
        Some(poll) if !poll.secret => forum::ballots_of(tx, &viewer.actor, id, after, PER_PAGE)?,
        _ => (Vec::new(), None),
    };
    if let (Typed::Ranks(ranks), Some(poll)) = (&typed, &mut post.poll) {
        for (option, typed) in poll.options.iter_mut().zip(ranks) {
            for rank in &mut option.ranks {
                rank.given = rank.rank.to_string() == *typed;
            }
        }
    }
    let form = match (typed, &post.poll) {
        (Typed::Poll(form), _) => form,
        (_, Some(poll)) => PollForm::of(poll),
        (_, None) => PollForm::default(),
    };
    Ok(Shown::from(PollPage {
        post: id,
        path: post.path,
        title: heading.title,
        kinds: kinds(&form),
        form,
        poll: post.poll,
        ballots,
        may_ask,
        pager: Pager::keyed(&format!("/p/{id}/poll"), after.is_none(), next.as_deref()),
        problems,
    }))
}

/// Shows a poll with who voted for what, and the form to change it.
pub async fn show(call: Call) -> Answer {
    let (id, asked): (PostId, Asked) = (call.segment("id")?, call.query()?);
    call.page(move |tx, viewer| {
        page(
            tx,
            viewer,
            id,
            asked.cursor(),
            Typed::Nothing,
            Problems::default(),
        )
    })
    .await
}

fn back(tx: &mut Tx<'_>, viewer: &Viewer, id: PostId, flash: &str) -> Result<See> {
    let spot = forum::spot(tx, &viewer.actor, id)?;
    let path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
    Ok(See::to(path).flash(flash))
}

/// Asks everybody, or changes what is asked.
pub async fn put(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: PollForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            kept(forum::put_poll(tx, &viewer.actor, id, &form.draft()?))?;
            back(tx, viewer, id, "poll-put")
        },
        move |tx, viewer, problems| {
            page(
                tx,
                viewer,
                id,
                None,
                Typed::Poll(again.clone()),
                problems.clone(),
            )
        },
    )
    .await
}

/// Closes a poll.
pub async fn close(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::close_poll(tx, &viewer.actor, id)?;
        back(tx, viewer, id, "poll-closed")
    })
    .await
}

/// Takes a poll away.
pub async fn remove(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.submit(
        move |tx, viewer| {
            forum::remove_poll(tx, &viewer.actor, id)?;
            back(tx, viewer, id, "poll-removed")
        },
        move |tx, viewer, problems| page(tx, viewer, id, None, Typed::Nothing, problems.clone()),
    )
    .await
}

/// A vote: `choice` for places, or one `rank` for every option in their order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct VoteForm {
    choice: Vec<usize>,
    rank: Vec<String>,
    withdraw: String,
}

impl VoteForm {
    /// The options in the order of their ranks; two of one rank are one twice, which the verb refuses.
    fn choice(&self) -> Vec<usize> {
        if self.rank.is_empty() {
            return self.choice.clone();
        }
        let mut ranked: Vec<(usize, usize)> = self
            .rank
            .iter()
            .enumerate()
            .filter_map(|(option, rank)| Some((rank.parse().ok()?, option)))
            .collect();
        ranked.sort_unstable();
        let twice = ranked.windows(2).any(|pair| match pair {
            [a, b] => a.0 == b.0,
            _ => false,
        });
        let mut choice: Vec<usize> = ranked.iter().map(|(_, option)| *option).collect();
        if twice {
            choice.extend(choice.first().copied());
        }
        choice
    }
}

/// Votes, changes the vote, or takes it back.
pub async fn vote(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: VoteForm = call.form()?;
    let ranks = form.rank.clone();
    call.submit(
        move |tx, viewer| {
            if form.withdraw.is_empty() {
                forum::vote(tx, &viewer.actor, id, &form.choice())?;
                return back(tx, viewer, id, "voted");
            }
            forum::unvote(tx, &viewer.actor, id)?;
            back(tx, viewer, id, "unvoted")
        },
        move |tx, viewer, problems| {
            page(
                tx,
                viewer,
                id,
                None,
                Typed::Ranks(ranks.clone()),
                problems.clone(),
            )
        },
    )
    .await
}
