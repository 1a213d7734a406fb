//! A member as the desk sees one: what was done, and doing it.
//!
//! Long because everything that can be done about a member stands on one page.

use serde::{Deserialize, Serialize};

use super::history::History;
use super::kept::spans;
use super::report::rule_number;
use super::until;
use crate::db::Tx;
use crate::guidelines::Numbered;
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MemberId, SanctionId};
use crate::kit::{At, Problems, Result, Stop};
use crate::members::{self, Card};
use crate::moderation::{self, Because, Measure, MeasureKind, Record, Reset, Sanctioned};
use crate::policy::{Action, Trust};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Measures on one page.
const PER_PAGE: i64 = 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    /// Where the list of decisions goes on, and that of entries.
    decisions: String,
    entries: String,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeasureForm {
    kind: String,
    span: String,
    reason: String,
    rule: String,
    note: String,
    /// Why the profile is set back.
    why: String,
    why_rule: String,
}

/// A note of a colleague.
#[derive(Debug, Clone, Serialize)]
struct NoteLine {
    by: Card,
    words: String,
    at: At,
}

/// One measure on record.
#[derive(Debug, Clone, Serialize)]
struct Line {
    id: SanctionId,
    kind: MeasureKind,
    reason: String,
    by: Card,
    item_href: String,
    from: At,
    until: Option<At>,
    lifted_at: Option<At>,
    in_force: bool,
}

/// A member on the desk.
#[derive(Debug, Clone, Serialize)]
pub struct MemberPage {
    member: Card,
    lines: Vec<Line>,
    next: Option<String>,
    history: History,
    can_sanction: bool,
    kinds: &'static [MeasureKind],
    spans: Vec<&'static str>,
    rules: Vec<Numbered>,
    notes: Vec<NoteLine>,
    trust: &'static str,
    trust_held: bool,
    posts: i64,
    threads: i64,
    joined_at: At,
    record: Record,
    /// Decided about their words and account, not taken back.
    warnings: usize,
    form: MeasureForm,
    problems: Problems,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "moderation/member";

    fn head(&self) -> Head {
        Head::filled("moderation-member-title", &[("name", &self.member.display)])
            .nav("desk")
            .no_index()
    }

    fn samples() -> Vec<Self> {
        let mut card = Card::nobody();
        card.erased = false;
        card.name = "nils".to_owned();
        card.display = "Nils".to_owned();
        let empty = Self {
            member: card,
            lines: Vec::new(),
            next: None,
            history: History::default(),
            can_sanction: false,
            kinds: MeasureKind::ALL,
            spans: spans(),
            rules: Vec::new(),
            notes: Vec::new(),
            trust: "member",
            trust_held: false,
            posts: 0,
            threads: 0,
            joined_at: At(1_790_000_000_000_000),
            record: Record::default(),
            warnings: 0,
            form: MeasureForm::default(),
            problems: Problems::default(),
        };
        let line = Line {
            id: SanctionId(2),
            kind: MeasureKind::Silence,
            reason: "Rule 7.".to_owned(),
            by: Card::nobody(),
            item_href: "/desk/review/4".to_owned(),
            from: At(1_790_000_000_000_000),
            until: Some(At(1_790_600_000_000_000)),
            lifted_at: None,
            in_force: true,
        };
        let usual = Self {
            lines: vec![line.clone()],
            can_sanction: true,
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![
                Line {
                    reason: "ש".repeat(255),
                    until: None,
                    ..line.clone()
                },
                Line {
                    kind: MeasureKind::Warning,
                    lifted_at: Some(At(1_790_000_000_000_000)),
                    in_force: false,
                    item_href: String::new(),
                    ..line
                },
            ],
            notes: vec![NoteLine {
                by: Card::nobody(),
                words: "ש".repeat(255),
                at: At(1_790_000_000_000_000),
            }],
            history: History::sample(),
            trust_held: true,
            warnings: 3,
            next: Some("/desk/members/nils?after=x".to_owned()),
            form: MeasureForm {
                kind: "silence".to_owned(),
                span: "7d".to_owned(),
                reason: "<b>".repeat(100),
                ..MeasureForm::default()
            },
            problems: Problems::one("reason", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows a member's record.
pub async fn show(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::Review)?;
        let card = members::find_by_name(tx, &name)?;
        if card.name != name {
            return Ok(Shown::see(format!("/desk/members/{}", card.name)));
        }
        let (form, problems) = (MeasureForm::default(), Problems::default());
        page(tx, viewer, card, &asked, form, problems).map(Shown::from)
    })
    .await
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    member: Card,
    asked: &Asked,
    form: MeasureForm,
    problems: Problems,
) -> Result<MemberPage> {
    viewer.actor.may(&Action::Review)?;
    let now = tx.now();
    let before = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
    let before = before.map(SanctionId);
    let history = History::of(tx, viewer, &member, (&asked.decisions, &asked.entries))?;
    let mut found = moderation::sanctions_of(tx, &viewer.actor, member.id, before, PER_PAGE + 1)?;
    let next = Cursor::turn(&mut found, PER_PAGE, |last| Cursor::one(last.id.0))
        .map(|next| format!("/desk/members/{}?after={}", member.name, next.encode()));
    let people: Vec<MemberId> = found.iter().filter_map(|line| line.by).collect();
    let cards = members::cards(tx, &people)?;
    let warnings = found
        .iter()
        .filter(|line| line.kind == MeasureKind::Warning && line.in_force(now))
        .count();
    let lines = found
        .into_iter()
        .map(|sanctioned| {
            let by = sanctioned.by.and_then(|id| cards.get(&id).cloned());
            line(sanctioned, by, now)
        })
        .collect();
    let profile = members::find_profile(tx, &member.name)?;
    let notes = moderation::member_notes(tx, &viewer.actor, member.id)?;
    let writers: Vec<MemberId> = notes.iter().filter_map(|note| note.by).collect();
    let writers = members::cards(tx, &writers)?;
    let (trust, trust_held) = members::trust_of(tx, member.id)?;
    Ok(MemberPage {
        history,
        rules: moderation::citable(tx)?,
        notes: notes
            .into_iter()
            .map(|note| NoteLine {
                by: note
                    .by
                    .and_then(|by| writers.get(&by).cloned())
                    .unwrap_or_else(Card::nobody),
                words: note.words.unwrap_or_default(),
                at: note.at,
            })
            .collect(),
        trust: trust.as_str(),
        trust_held,
        posts: profile.post_count,
        threads: profile.thread_count,
        joined_at: profile.joined_at,
        record: moderation::reporter_record(tx, &viewer.actor, member.id)?,
        warnings,
        can_sanction: viewer.can(&Action::Sanction(member.id)),
        member,
        lines,
        next,
        kinds: MeasureKind::ALL,
        spans: spans(),
        form,
        problems,
    })
}

fn line(sanctioned: Sanctioned, by: Option<Card>, now: At) -> Line {
    let in_force = sanctioned.in_force(now);
    Line {
        id: sanctioned.id,
        kind: sanctioned.kind,
        by: by.unwrap_or_else(Card::nobody),
        item_href: sanctioned
            .item
            .map(|item| format!("/desk/review/{item}"))
            .unwrap_or_default(),
        from: sanctioned.from,
        until: sanctioned.until,
        lifted_at: sanctioned.lifted_at,
        in_force,
        reason: sanctioned.reason.unwrap_or_default(),
    }
}

/// Warns, silences or suspends.
pub async fn measure(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let form: MeasureForm = call.form()?;
    let (again, again_name) = (form.clone(), name.clone());
    call.submit(
        move |tx, viewer| {
            let card = members::find_by_name(tx, &name)?;
            let kind =
                MeasureKind::parse(&form.kind).ok_or_else(|| Stop::invalid("kind", "choose"))?;
            let until = match kind {
                MeasureKind::Warning => None,
                _ => until(tx.now(), &form.span)?,
            };
            let wanted = Measure {
                kind,
                until,
                reason: form.reason.clone(),
                rule: rule_number(&form.rule)?,
            };
            moderation::measure(tx, &viewer.actor, card.id, &wanted)?;
            Ok(See::to(format!("/desk/members/{}", card.name)).flash("moderation-sanctioned"))
        },
        move |tx, viewer, problems| {
            let card = members::find_by_name(tx, &again_name)?;
            page(
                tx,
                viewer,
                card,
                &Asked::default(),
                again.clone(),
                problems.clone(),
            )
            .map(Shown::from)
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Lifted {
    sanction: i64,
    reason: String,
}

/// Lifts a measure.
pub async fn lift(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let form: Lifted = call.form()?;
    call.act(move |tx, viewer| {
        moderation::lift(tx, &viewer.actor, SanctionId(form.sanction), &form.reason)?;
        Ok(See::to(format!("/desk/members/{name}")).flash("moderation-lifted"))
    })
    .await
}

/// Notes something about a member, sets the profile back, or holds the trust where it is; as the pressed button says.
pub async fn staff(call: Call) -> Answer {
    let name: String = call.segment("name")?;
    let form: StaffForm = call.form()?;
    let again_name = name.clone();
    let again = MeasureForm {
        note: form.note.clone(),
        why: form.why.clone(),
        why_rule: form.rule.clone(),
        ..MeasureForm::default()
    };
    call.submit(
        move |tx, viewer| {
            let (actor, card) = (&viewer.actor, members::find_by_name(tx, &name)?);
            match form.act.as_str() {
                "note" => moderation::note_member(tx, actor, card.id, &form.note)?,
                "reset" => {
                    let what = Reset {
                        bio: !form.bio.is_empty(),
                        avatar: !form.avatar.is_empty(),
                    };
                    if !what.bio && !what.avatar {
                        return Err(Stop::invalid("bio", "choose"));
                    }
                    let because = Because {
                        reason: form.why.trim().to_owned(),
                        rule: moderation::rule_today(tx, rule_number(&form.rule)?)?,
                        item: None,
                    };
                    if because.rule.is_none() && because.reason.is_empty() {
                        return Err(Stop::invalid("why", "rule-or-words"));
                    }
                    moderation::reset_profile(tx, actor, card.id, what, &because)?;
                }
                _ => {
                    let trust = Trust::parse(&form.trust);
                    moderation::hold_trust(tx, actor, card.id, trust)?;
                }
            }
            Ok(See::to(format!("/desk/members/{}", card.name)).flash("moderation-kept"))
        },
        move |tx, viewer, problems| {
            let card = members::find_by_name(tx, &again_name)?;
            page(
                tx,
                viewer,
                card,
                &Asked::default(),
                again.clone(),
                problems.clone(),
            )
            .map(Shown::from)
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct StaffForm {
    act: String,
    note: String,
    bio: String,
    avatar: String,
    why: String,
    rule: String,
    trust: String,
}
