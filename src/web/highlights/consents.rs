//! `/my/consents`: everything of mine that is, was or could be outside, and the page on which I say yes or no.
//!
//! Long because the list, the page, its samples and its forms are one conversation with one person.

use serde::{Deserialize, Serialize};

use super::parts::Pager;
use super::parts::{
    ConsentCard, Frame, FrameWords, PulledCard, QuoteCard, SAMPLE, SaidCard, Who, frame_words,
    frames, pager, places_in_use, voice,
};
use crate::db::Tx;
use crate::highlights::{
    self, AfterEdit, Answer as Say, Attribution, ConsentState, Place, ScopeWords, State,
};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{AnnouncementId, HighlightId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Serialize)]
struct Line {
    id: i64,
    title: String,
    words: Vec<String>,
    state: &'static str,
    waits: bool,
    asked_at: i64,
    said: Vec<SaidCard>,
    pulled: Vec<PulledCard>,
}

/// The list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentsPage {
    lines: Vec<Line>,
    pager: Option<Pager>,
}

impl Page for ConsentsPage {
    const TEMPLATE: &'static str = "highlights/consents";

    fn head(&self) -> Head {
        Head::new("highlights-consents-title").outward()
    }

    fn samples() -> Vec<Self> {
        let asked = Line {
            id: 7,
            title: "A kingfisher".into(),
            words: vec!["This morning a kingfisher.".into()],
            state: "asked",
            waits: true,
            asked_at: SAMPLE.0,
            said: Vec::new(),
            pulled: Vec::new(),
        };
        let said = Line {
            title: "م".repeat(255),
            state: "granted",
            waits: false,
            said: SaidCard::samples(),
            pulled: PulledCard::samples(),
            ..asked.clone()
        };
        vec![
            Self::default(),
            Self {
                lines: vec![asked.clone()],
                pager: None,
            },
            Self {
                lines: vec![asked, said],
                pager: pager(Some("/my/consents?after=x".into())),
            },
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: String,
}

/// Shows everything of mine.
pub async fn list(call: Call) -> Answer {
    let query: ListQuery = call.query()?;
    let after = Cursor::decode(&query.after);
    call.page(move |tx, viewer| {
        let (mine, next) = highlights::my_consents(tx, &viewer.actor, after)?;
        let lines = mine
            .iter()
            .map(|one| Line {
                id: one.highlight.id.0,
                title: one.highlight.title.clone(),
                words: one.words.clone(),
                state: one.consent.state.as_str(),
                waits: one.consent.state == ConsentState::Asked
                    && one.highlight.state == State::ConsentPending,
                asked_at: one.consent.asked_at.0,
                said: one.announcements.iter().map(SaidCard::of).collect(),
                pulled: one
                    .pulls
                    .iter()
                    .map(|pull| PulledCard::of(pull, one.highlight.id.0))
                    .collect(),
            })
            .collect();
        let next = next.map(|c| format!("/my/consents?after={}", c.encode()));
        Ok(Shown::from(ConsentsPage {
            lines,
            pager: pager(next),
        }))
    })
    .await
}

/// The form's fields. Nothing in it is ever ticked before a person ticks it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    decision: String,
    attribution: String,
    trimming: bool,
    by_hand: bool,
    channels: Vec<String>,
    pictures: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct NameChoice {
    value: &'static str,
    shown: String,
    chosen: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct PlaceChoice {
    value: &'static str,
    chosen: bool,
    frame: Frame,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Event {
    key: String,
    at: i64,
}

/// The page on which I say yes or no.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentPage {
    id: i64,
    title: String,
    reason: String,
    nominator: Who,
    state: &'static str,
    consent: ConsentCard,
    deadline: Option<i64>,
    can_answer: bool,
    can_change: bool,
    can_withdraw: bool,
    edited: bool,
    /// Pictures stand in the posts that are quoted.
    has_pictures: bool,
    quotes: Vec<QuoteCard>,
    names: Vec<NameChoice>,
    places: Vec<PlaceChoice>,
    by_hand_frame: Frame,
    form: Form,
    said: Vec<SaidCard>,
    pulled: Vec<PulledCard>,
    history: Vec<Event>,
    problems: Problems,
}

impl Page for ConsentPage {
    const TEMPLATE: &'static str = "highlights/consent";

    fn head(&self) -> Head {
        Head::filled(
            "highlights-consent-title",
            &[("title", self.title.as_str())],
        )
        .outward()
        .form()
    }

    fn samples() -> Vec<Self> {
        let frame = Frame {
            place: "page",
            title: "A kingfisher".into(),
            text: "“This morning a kingfisher.” Ines".into(),
            link: "https://x.example/h/23456789".into(),
            site: "X".into(),
            ..Frame::default()
        };
        let bare = Self {
            state: "consent_pending",
            consent: ConsentCard {
                state: "asked",
                attribution: "member",
                ..ConsentCard::default()
            },
            by_hand_frame: frame.clone(),
            ..Self::default()
        };
        let asked = Self {
            id: 7,
            title: "م".repeat(255),
            reason: "Worth telling.".into(),
            nominator: Who::sample(),
            deadline: Some(SAMPLE.0),
            can_answer: true,
            has_pictures: true,
            quotes: QuoteCard::samples(),
            names: vec![NameChoice {
                value: "name",
                shown: "Ines Marlow".into(),
                chosen: true,
            }],
            places: vec![PlaceChoice {
                value: "page",
                chosen: false,
                frame,
            }],
            problems: Problems::one("attribution", "consent-attribution"),
            ..bare.clone()
        };
        let out = Self {
            state: "stale",
            can_answer: false,
            can_withdraw: true,
            can_change: true,
            edited: true,
            consent: ConsentCard::samples().remove(0),
            said: SaidCard::samples(),
            pulled: PulledCard::samples(),
            history: vec![Event {
                key: "granted".into(),
                at: SAMPLE.0,
            }],
            problems: Problems::default(),
            ..asked.clone()
        };
        vec![bare, asked, out]
    }
}

#[expect(clippy::too_many_lines, reason = "one page, filled field by field")]
fn made(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: HighlightId,
    form: Option<&Form>,
    words: &FrameWords,
    problems: Problems,
) -> Result<ConsentPage> {
    let (consent, history) = highlights::my_consent(tx, &viewer.actor, id)?;
    let view = highlights::view(tx, &viewer.actor, id)?;
    let me = view
        .consents
        .iter()
        .find(|c| c.consent.id == consent.id)
        .ok_or(Refusal::NotFound)?;
    let highlight = &view.highlight;
    let state = highlight.state;
    let open = matches!(
        state,
        State::ConsentPending | State::Consented | State::Approved
    );
    let granted = consent.live().is_some();
    let form = form.cloned().unwrap_or_else(|| starting_form(&consent));
    let chosen = Attribution::parse(&form.attribution);
    // Without a choice the preview names nobody.
    let tried = chosen.unwrap_or(Attribution::Member);
    let voices: Vec<_> = view
        .quotes
        .iter()
        .filter(|q| q.author.id == consent.member)
        .map(|q| voice(q.excerpt.clone(), &me.person, tried))
        .collect();
    let link = tx.link("/h/23456789");
    let site = viewer.settings.name.clone();
    let frame = |places: &[Place]| frames(places, &voices, words, &highlight.title, &link, &site);
    let places = places_in_use(tx)?;
    let place_choices = frame(&places)
        .into_iter()
        .map(|frame| PlaceChoice {
            value: frame.place,
            chosen: form.channels.iter().any(|c| c == frame.place),
            frame,
        })
        .collect();
    let names = Attribution::ALL
        .iter()
        .map(|a| NameChoice {
            value: a.as_str(),
            shown: a
                .named(&me.person.display)
                .unwrap_or_else(|| words.nameless.clone()),
            chosen: chosen == Some(*a),
        })
        .collect();
    let said: Vec<SaidCard> = view.announcements.iter().map(SaidCard::of).collect();
    let undecided = history.last().is_some_and(|(event, _)| event == "stale");
    Ok(ConsentPage {
        id: id.0,
        title: highlight.title.clone(),
        reason: highlight.reason.clone(),
        nominator: Who::of(&view.nominator),
        state: state.as_str(),
        deadline: highlight.deadline.map(|at| at.0),
        can_answer: consent.state == ConsentState::Asked && state == State::ConsentPending,
        can_change: granted && open,
        can_withdraw: granted,
        has_pictures: view
            .quotes
            .iter()
            .any(|q| q.author.id == consent.member && !q.pictures.is_empty()),
        edited: granted && state == State::Stale && undecided && highlight.deadline.is_some(),
        quotes: view
            .quotes
            .iter()
            .filter(|q| q.author.id == consent.member)
            .map(QuoteCard::of)
            .collect(),
        names,
        places: place_choices,
        by_hand_frame: frame(&[Place::MANUAL]).pop().unwrap_or_default(),
        form,
        said,
        pulled: highlights::my_pulls(tx, &viewer.actor, id)?
            .iter()
            .map(|pull| PulledCard::of(pull, id.0))
            .collect(),
        history: history
            .into_iter()
            .map(|(key, at)| Event { key, at: at.0 })
            .collect(),
        consent: ConsentCard::new(&consent, Who::of(&me.person)),
        problems,
    })
}

/// Before an answer nothing is chosen; after it, what was chosen.
fn starting_form(consent: &highlights::Consent) -> Form {
    consent.live().map_or_else(Form::default, |scope| Form {
        decision: String::new(),
        attribution: scope.attribution.as_str().to_owned(),
        trimming: scope.trimming,
        by_hand: scope.by_hand,
        pictures: scope.pictures,
        channels: scope
            .places
            .words()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    })
}

/// Shows the page; with fields in the query it is a preview of that choice, which keeps nothing.
pub async fn show(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.query()?;
    let ui = call.app().ui()?;
    call.page(move |tx, viewer| {
        let words = frame_words(&ui, &viewer.settings);
        let tried = Some(&form).filter(|form| form.decision == "preview");
        Ok(Shown::from(made(
            tx,
            viewer,
            id,
            tried,
            &words,
            Problems::default(),
        )?))
    })
    .await
}

/// Takes the answer.
pub async fn decide(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let form: Form = call.form()?;
    let ui = call.app().ui()?;
    if form.decision == "preview" {
        return call
            .page(move |tx, viewer| {
                let words = frame_words(&ui, &viewer.settings);
                Ok(Shown::from(made(
                    tx,
                    viewer,
                    id,
                    Some(&form),
                    &words,
                    Problems::default(),
                )?))
            })
            .await;
    }
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let actor = &viewer.actor;
            let flash = match form.decision.as_str() {
                "grant" => {
                    let words = ScopeWords {
                        attribution: form.attribution.clone(),
                        trimming: form.trimming,
                        by_hand: form.by_hand,
                        places: form.channels.clone(),
                        pictures: form.pictures,
                    };
                    highlights::answer(tx, actor, id, Say::Grant, Some(&words.scope()?))?;
                    "consent-granted"
                }
                "decline" => {
                    highlights::answer(tx, actor, id, Say::Decline, None)?;
                    "consent-declined"
                }
                "withdraw" => {
                    highlights::answer(tx, actor, id, Say::Withdraw, None)?;
                    "consent-withdrawn"
                }
                "take_down" => {
                    highlights::after_edit(tx, actor, id, AfterEdit::TakeDown)?;
                    "consent-withdrawn"
                }
                "may_stand" => {
                    highlights::after_edit(tx, actor, id, AfterEdit::MayStand)?;
                    "consent-may-stand"
                }
                _ => return Err(Stop::invalid("decision", "consent-decision")),
            };
            Ok(See::to(format!("/my/consents/{id}")).flash(flash))
        },
        move |tx, viewer, problems| {
            let words = frame_words(&ui, &viewer.settings);
            Ok(Shown::from(made(
                tx,
                viewer,
                id,
                Some(&again),
                &words,
                problems.clone(),
            )?))
        },
    )
    .await
}

/// Takes one announcement down, and leaves the consent as it is.
pub async fn take_down(call: Call) -> Answer {
    let id: HighlightId = call.segment("id")?;
    let one: AnnouncementId = call.segment("announcement")?;
    call.act(move |tx, viewer| {
        highlights::my_consent(tx, &viewer.actor, id)?;
        highlights::withdraw_announcement(tx, &viewer.actor, one, "")?;
        Ok(See::to(format!("/my/consents/{id}")).flash("announcement-withdrawn"))
    })
    .await
}
