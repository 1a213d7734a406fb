//! Answering about one's own words: yes, no, and taking a yes back, each as easy as the other.

use serde_json::json;

use super::announcement;
use super::consent::{self, Consent};
use super::heading;
use super::highlight::{self, Highlight};
use super::nominate::all_granted;
use super::pictures;
use super::pull::How;
use super::quote;
use super::recalled;
use super::scope::Scope;
use super::state::{AnnouncementState, Answer, ConsentState, State, Step};
use super::tell;
use super::unwind;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::ids::{HighlightId, MemberId};
use crate::kit::stop::OrRefuse;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members;
use crate::policy::{Action, Actor, ConsentFacts};

/// Answers for the actor's own words. A yes needs its scope; said again with another scope it changes the first.
///
/// # Errors
/// Not found where the actor is not asked; refused where the answer makes no sense any more; invalid without a scope.
pub fn answer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    answer: Answer,
    scope: Option<&Scope>,
) -> Result<State> {
    let mut highlight = highlight::hold(tx, id)?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    let mut consent = consent::seek(tx, id, me)?.or_not_found()?;
    let mine = ConsentFacts {
        member: consent.member,
    };
    match answer {
        Answer::Grant => actor.may(&Action::DecideConsent(mine))?,
        Answer::Decline | Answer::Withdraw => actor.may(&Action::TakeWordsBack(mine))?,
    }
    let Some(next) = consent.state.after(answer) else {
        return Err(Refusal::WrongState(consent.state.as_str()).into());
    };
    match next {
        ConsentState::Granted => {
            let scope = scope.ok_or_else(|| Stop::invalid("attribution", "consent-attribution"))?;
            grant(tx, actor, &mut highlight, &mut consent, scope)?;
        }
        ConsentState::Declined => decline(tx, actor, &mut highlight, &mut consent)?,
        _ => withdraw(tx, actor, &mut highlight, &mut consent)?,
    }
    Ok(highlight.state)
}

/// The nominator's own yes, given while nominating.
pub(super) fn grant_own(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &mut Highlight,
    me: MemberId,
    scope: &Scope,
) -> Result<()> {
    let mut consent = consent::seek(tx, highlight.id, me)?.or_not_found()?;
    grant(tx, actor, highlight, &mut consent, scope)
}

fn grant(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &mut Highlight,
    consent: &mut Consent,
    scope: &Scope,
) -> Result<()> {
    let open = matches!(
        highlight.state,
        State::ConsentPending | State::Consented | State::Approved
    );
    if !open {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    let quotes = quote::list(tx, highlight.id)?;
    if consent::words_hash(&quotes, consent.member, &highlight.title) != consent.words_hash {
        return Err(Refusal::Stale.into());
    }
    let named = name_for(tx, consent.member, scope)?;
    let before = consent.clone();
    consent::grant(tx, consent, scope, named)?;
    record(tx, actor, highlight, "consent.granted", Some(scope))?;
    if highlight.state == State::ConsentPending {
        let all = consent::list(tx, highlight.id)?;
        if all.iter().all(|c| c.live().is_some()) {
            return all_granted(tx, actor, highlight);
        }
        highlight::bind(tx, highlight)?;
        return Ok(());
    }
    if highlight::bind(tx, highlight)? {
        let approved = highlight.state == State::Approved;
        highlight::step(tx, highlight, Step::VoidApproval, "scope-changed")?;
        narrow(tx, highlight, &before, consent)?;
        if approved {
            tell::waits_for_approval(tx, actor, highlight)?;
        }
    }
    Ok(())
}

/// Another scope than before: what has not left does not leave, and what is outside where it is not covered any more,
/// under a name that is not wished any more, with a picture that may not go along any more, or shortened, is taken back.
fn narrow(tx: &mut Tx<'_>, highlight: &Highlight, before: &Consent, now: &Consent) -> Result<()> {
    let renamed = before.named != now.named
        || before.live().map(|s| s.attribution) != now.live().map(|s| s.attribution);
    let whole = before.live().is_some_and(|scope| scope.trimming)
        && now.live().is_some_and(|scope| !scope.trimming);
    for one in announcement::of_highlight(tx, highlight.id)? {
        let place = announcement::place_of(tx, one.channel)?;
        let covered = now
            .live()
            .is_some_and(|scope| place.is_some_and(|place| scope.places.has(place)));
        let out = one.state == AnnouncementState::Sent;
        let falls = !covered
            || renamed
            || pictures::is_gone(tx, highlight.id, one.picture)?
            || (whole && heading::shortens(tx, highlight, &one)?);
        if one.state.is_unfinished() || (out && falls) {
            unwind::recall(tx, &one, "scope-changed", Some(now.member))?;
        }
    }
    let covers = |how: &How| {
        now.live().is_some_and(|scope| {
            how.place()
                .map_or(scope.by_hand, |place| scope.places.has(place))
        })
    };
    let ways: Vec<How> = How::ALL
        .iter()
        .copied()
        // What people copied may have been shortened; cards and feeds say the whole of it.
        .filter(|how| renamed || !covers(how) || (whole && how.place().is_none()))
        .collect();
    recalled::recall(tx, highlight.id, "scope-changed", &ways)?;
    pictures::narrowed(tx, highlight.id)
}

fn decline(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &mut Highlight,
    consent: &mut Consent,
) -> Result<()> {
    highlight.state.step(Step::Decline)?;
    consent::set(tx, consent, ConsentState::Declined, "declined")?;
    quote::keep_declined(tx, highlight.id, consent.member)?;
    highlight::step(tx, highlight, Step::Decline, "")?;
    highlight::await_until(tx, highlight, None)?;
    highlight::bind(tx, highlight)?;
    record(tx, actor, highlight, "consent.declined", None)?;
    unwind::recall_all(tx, highlight.id, "consent-declined", Some(consent.member))
}

fn withdraw(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &mut Highlight,
    consent: &mut Consent,
) -> Result<()> {
    consent::set(tx, consent, ConsentState::Withdrawn, "withdrawn")?;
    quote::keep_declined(tx, highlight.id, consent.member)?;
    highlight::bind(tx, highlight)?;
    record(tx, actor, highlight, "consent.withdrawn", None)?;
    if highlight.state.is_over() {
        return unwind::recall_all(tx, highlight.id, "consent-withdrawn", Some(consent.member));
    }
    unwind::take_back(
        tx,
        highlight,
        Step::Withdraw,
        "consent-withdrawn",
        Some(consent.member),
    )
}

/// What an author decides about announcements whose source they have edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterEdit {
    /// Take them down.
    TakeDown,
    /// What I agreed to may stand.
    MayStand,
}

/// Decides about what was announced before the words were edited.
///
/// # Errors
/// Not found where the actor is not asked; refused where nothing was edited.
pub fn after_edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    choice: AfterEdit,
) -> Result<()> {
    let mut highlight = highlight::hold(tx, id)?;
    let me = actor.id().ok_or(Refusal::SignInFirst)?;
    let mut consent = consent::seek(tx, id, me)?.or_not_found()?;
    actor.may(&Action::DecideConsent(ConsentFacts {
        member: consent.member,
    }))?;
    if highlight.state != State::Stale || consent.live().is_none() {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    match choice {
        AfterEdit::TakeDown => withdraw(tx, actor, &mut highlight, &mut consent),
        AfterEdit::MayStand => {
            let scope = consent.scope.clone();
            consent::note(
                tx,
                consent.id,
                "may-stand",
                scope.as_ref(),
                &consent.words_hash,
            )?;
            record(tx, actor, &highlight, "consent.may-stand", scope.as_ref())?;
            if consent::undecided_after_edit(tx, id)?.is_empty() {
                highlight::await_until(tx, &mut highlight, None)?;
            }
            Ok(())
        }
    }
}

/// The name that a scope lets stand outside, today.
fn name_for(tx: &mut Tx<'_>, member: MemberId, scope: &Scope) -> Result<Option<String>> {
    let cards = members::cards(tx, &[member])?;
    let display = cards
        .get(&member)
        .filter(|c| !c.erased)
        .map(|c| c.display.as_str());
    let display = display.ok_or(Refusal::NotFound)?;
    let named = scope.attribution.named(display);
    if named
        .as_deref()
        .is_some_and(|name| !super::check::strangers(name).is_empty())
    {
        return Err(Problems::one("attribution", "consent-name-strangers").into());
    }
    Ok(named)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    what: &'static str,
    scope: Option<&Scope>,
) -> Result<()> {
    let details = match scope {
        Some(scope) => json!({ "scope": scope, "wording": consent::WORDING }),
        None => json!({}),
    };
    audit::record(
        tx,
        actor,
        what,
        subject("highlight", highlight.id.0),
        details,
        None,
    )
}
