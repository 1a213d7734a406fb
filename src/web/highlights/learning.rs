//! Learning from what was said: the list, the notes under one announcement, and the page of examples.
//!
//! Long because three pages that lead to one another stand here with their samples.

use serde::{Deserialize, Serialize};

use super::parts::frame_words;
use crate::db::Tx;
use crate::guidelines::{self, Numbered};
use crate::highlights::{self, Example, NoteKind, NoteWords};
use crate::kit::cursor::Cursor;
use crate::kit::ids::AnnouncementId;
use crate::kit::stop::Document;
use crate::kit::{At, Problems, Result, Stop};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// One announcement that can be learned from.
#[derive(Debug, Clone, Serialize)]
struct Said {
    id: AnnouncementId,
    text: String,
    channel: String,
    at: Option<At>,
    notes: i64,
}

/// What was said and still stands.
#[derive(Debug, Clone, Serialize)]
pub struct LearningPage {
    lines: Vec<Said>,
    next: Option<String>,
}

impl Page for LearningPage {
    const TEMPLATE: &'static str = "highlights/learning";

    fn head(&self) -> Head {
        Head::new("learning-title").nav("outreach").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Said {
            id: AnnouncementId(7),
            text: "“Words.” A member, in the Commons.".to_owned(),
            channel: "Announcements".to_owned(),
            at: Some(At(1_790_000_000_000_000)),
            notes: 2,
        };
        let empty = Self {
            lines: Vec::new(),
            next: None,
        };
        let usual = Self {
            lines: vec![line.clone()],
            ..empty.clone()
        };
        let worst = Self {
            lines: vec![Said {
                text: "ש".repeat(2_000),
                channel: "w".repeat(255),
                at: None,
                notes: 0,
                ..line
            }],
            next: Some("/outreach/learning?after=x".to_owned()),
        };
        vec![empty, usual, worst]
    }
}

/// Lists what was said and still stands.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let after = Cursor::decode(&asked.after).and_then(|c| c.as_two());
        let (found, next) = highlights::to_learn_from(tx, &viewer.actor, after)?;
        let lines = found.into_iter().map(|(one, notes)| Said {
            id: one.id,
            text: one.text,
            channel: one.channel_name,
            at: one.sent_at,
            notes,
        });
        Ok(Shown::from(LearningPage {
            lines: lines.collect(),
            next: next.map(|(at, id)| {
                format!("/outreach/learning?after={}", Cursor::two(at, id).encode())
            }),
        }))
    })
    .await
}

/// What the form for a note sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    kind: String,
    words: String,
    rule: String,
    named: Option<String>,
    /// For making an example: what could be said rather.
    #[serde(skip_serializing)]
    rather: String,
    /// `pick`, `unpick` or `remove`.
    #[serde(skip_serializing)]
    act: String,
}

/// One note.
#[derive(Debug, Clone, Serialize)]
struct NoteLine {
    id: i64,
    kind: &'static str,
    words: String,
    by: Card,
    at: At,
    rule: Option<Numbered>,
    named: bool,
    mine: bool,
    picked: bool,
    said: String,
    rather: String,
}

/// The notes under one announcement.
#[derive(Debug, Clone, Serialize)]
pub struct NotesPage {
    said: Said,
    notes: Vec<NoteLine>,
    rules: Vec<Numbered>,
    can_pick: bool,
    form: NoteForm,
    problems: Problems,
}

impl Page for NotesPage {
    const TEMPLATE: &'static str = "highlights/notes";

    fn head(&self) -> Head {
        Head::new("learning-notes-title").nav("outreach").no_index()
    }

    fn samples() -> Vec<Self> {
        let said = Said {
            id: AnnouncementId(7),
            text: "“Words.” A member, in the Commons.".to_owned(),
            channel: "Announcements".to_owned(),
            at: Some(At(1_790_000_000_000_000)),
            notes: 1,
        };
        let rule = Numbered {
            number: 5,
            title: "Frame quietly".to_owned(),
            text: "Frame quietly. One to three plain sentences.".to_owned(),
        };
        let note = NoteLine {
            id: 3,
            kind: "worked",
            words: "It says where it was said.".to_owned(),
            by: Card::nobody(),
            at: At(1_790_000_000_000_000),
            rule: Some(rule.clone()),
            named: true,
            mine: true,
            picked: true,
            said: "“…” a member".to_owned(),
            rather: String::new(),
        };
        let empty = Self {
            said,
            notes: Vec::new(),
            rules: Vec::new(),
            can_pick: false,
            form: NoteForm::default(),
            problems: Problems::default(),
        };
        let usual = Self {
            notes: vec![note.clone()],
            rules: vec![rule],
            can_pick: true,
            ..empty.clone()
        };
        let worst = Self {
            notes: vec![NoteLine {
                kind: "better",
                words: "ש".repeat(1_000),
                rule: None,
                picked: false,
                mine: false,
                ..note
            }],
            form: NoteForm {
                kind: "better".to_owned(),
                words: "<b>ש".repeat(255),
                named: Some("1".to_owned()),
                ..NoteForm::default()
            },
            problems: Problems::one("words", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

fn notes_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: AnnouncementId,
    form: NoteForm,
    problems: Problems,
) -> Result<NotesPage> {
    let (one, found) = highlights::notes_of(tx, &viewer.actor, id)?;
    let authors: Vec<_> = found.iter().filter_map(|note| note.author).collect();
    let cards = members::cards(tx, &authors)?;
    let version = guidelines::current(tx, Document::Messaging)?;
    let mut rules = highlights::rules_of(tx, &found)?;
    let mut notes = Vec::with_capacity(found.len());
    for note in found {
        let by = note.author.and_then(|id| cards.get(&id).cloned());
        notes.push(NoteLine {
            rule: rules.remove(&note.id),
            id: note.id,
            kind: note.kind.as_str(),
            words: note.words,
            by: by.unwrap_or_else(Card::nobody),
            at: note.created_at,
            named: note.named,
            mine: note.author.is_some() && note.author == viewer.actor.id(),
            picked: note.picked_at.is_some(),
            said: note.said,
            rather: note.rather,
        });
    }
    Ok(NotesPage {
        said: Said {
            id,
            text: one.text,
            channel: one.channel_name,
            at: one.sent_at,
            notes: i64::try_from(notes.len()).unwrap_or(i64::MAX),
        },
        notes,
        rules: version.map(|v| v.numbered()).unwrap_or_default(),
        can_pick: viewer.can(&Action::EditDocument(Document::Messaging)),
        form,
        problems,
    })
}

/// Shows an announcement and the notes under it.
pub async fn notes(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    call.page(move |tx, viewer| {
        notes_page(tx, viewer, id, NoteForm::default(), Problems::default()).map(Shown::from)
    })
    .await
}

/// Leaves a note.
pub async fn leave(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let form: NoteForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let rule = match form.rule.trim() {
                "" => None,
                number => Some(
                    number
                        .parse()
                        .map_err(|_| Stop::invalid("rule", "no-such-messaging-rule"))?,
                ),
            };
            let words = NoteWords {
                kind: NoteKind::parse(&form.kind),
                words: form.words.clone(),
                rule,
                named: form.named.is_some(),
            };
            highlights::leave_note(tx, &viewer.actor, id, &words)?;
            Ok(See::to(format!("/outreach/announcements/{id}/notes")).flash("learning-noted"))
        },
        move |tx, viewer, problems| {
            notes_page(tx, viewer, id, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}

/// Makes an example of a note, takes it off the page of examples, or takes the note back.
pub async fn act(call: Call) -> Answer {
    let id: AnnouncementId = call.segment("id")?;
    let note: i64 = call.segment("note")?;
    let form: NoteForm = call.form()?;
    let ui = call.app().ui()?;
    call.submit(
        move |tx, viewer| {
            let flash = match form.act.as_str() {
                "pick" => {
                    let nameless = frame_words(&ui, &viewer.settings).nameless;
                    highlights::pick(tx, &viewer.actor, note, &form.rather, &nameless)?;
                    "learning-picked"
                }
                "unpick" => {
                    highlights::unpick(tx, &viewer.actor, note)?;
                    "learning-unpicked"
                }
                _ => {
                    highlights::remove_note(tx, &viewer.actor, note)?;
                    "learning-removed"
                }
            };
            Ok(See::to(format!("/outreach/announcements/{id}/notes")).flash(flash))
        },
        move |tx, viewer, problems| {
            let form = NoteForm::default();
            notes_page(tx, viewer, id, form, problems.clone()).map(Shown::from)
        },
    )
    .await
}

/// One example on its page.
#[derive(Debug, Clone, Serialize)]
struct ExampleLine {
    worked: bool,
    said: String,
    rather: String,
    because: String,
    rule: Option<Numbered>,
    by: Option<Card>,
}

impl From<Example> for ExampleLine {
    fn from(example: Example) -> Self {
        Self {
            worked: example.kind == NoteKind::Worked,
            said: example.said,
            rather: example.rather,
            because: example.because,
            rule: example.rule,
            by: example.by,
        }
    }
}

/// The examples beside the messaging guidelines.
#[derive(Debug, Clone, Serialize)]
pub struct ExamplesPage {
    lines: Vec<ExampleLine>,
    next: Option<String>,
    learns: bool,
}

impl Page for ExamplesPage {
    const TEMPLATE: &'static str = "highlights/examples";

    fn head(&self) -> Head {
        Head::new("learning-examples-title").canonical("/guidelines/messaging/examples")
    }

    fn samples() -> Vec<Self> {
        let rather = ExampleLine {
            worked: false,
            said: "Everyone loves it: “…”".to_owned(),
            rather: "A member remembers: “…”".to_owned(),
            because: "One voice is one voice.".to_owned(),
            rule: Some(Numbered {
                number: 4,
                title: "One voice is one voice".to_owned(),
                text: String::new(),
            }),
            by: Some(Card::nobody()),
        };
        let empty = Self {
            lines: Vec::new(),
            next: None,
            learns: false,
        };
        let usual = Self {
            lines: vec![
                rather.clone(),
                ExampleLine {
                    worked: true,
                    rule: None,
                    by: None,
                    ..rather.clone()
                },
            ],
            ..empty.clone()
        };
        let long = "ש".repeat(1_000);
        let worst = Self {
            lines: vec![ExampleLine {
                said: long.clone(),
                rather: long.clone(),
                because: long,
                ..rather
            }],
            next: Some("/guidelines/messaging/examples?after=x".to_owned()),
            learns: true,
        };
        vec![empty, usual, worst]
    }
}

/// Shows the examples, to everybody.
pub async fn examples(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let after = Cursor::decode(&asked.after);
        let (found, next) = highlights::examples(tx, after.as_ref())?;
        Ok(Shown::from(ExamplesPage {
            lines: found.into_iter().map(ExampleLine::from).collect(),
            next: next
                .map(|next| format!("/guidelines/messaging/examples?after={}", next.encode())),
            learns: highlights::may_learn(&viewer.actor).is_ok(),
        }))
    })
    .await
}
