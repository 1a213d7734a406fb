//! What stands beside the demo's guidelines: house style, what members come for, notes and examples, champions.

use serde::Deserialize;

use super::fill::{Filling, wrong};
use super::script::{self, Script};
use crate::guidelines::{self, Change, Publication, StyleSource, Words};
use crate::highlights::{self, NoteKind, NoteWords};
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::AnnouncementId;
use crate::kit::stop::Document;
use crate::kit::{Clock, Result};
use crate::members;
use crate::policy::Actor;

/// The house acting for nobody in particular.
const HOUSE: Actor = Actor::System("demo");

#[derive(Debug, Clone, Deserialize)]
struct Statement {
    words: String,
    who: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Note {
    announcement: String,
    by: String,
    kind: String,
    rule: Option<i64>,
    words: String,
    named: bool,
    pick: bool,
    #[serde(default)]
    rather: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Suggestion {
    highlight: String,
    by: String,
    words: String,
    note: String,
}

/// `demo/learning.toml`.
#[derive(Debug, Clone, Deserialize)]
struct Learned {
    champions: Vec<String>,
    statement: Vec<Statement>,
    note: Vec<Note>,
    suggestion: Vec<Suggestion>,
}

fn learned() -> std::result::Result<Learned, String> {
    toml::from_str(&script::text("learning.toml")?).map_err(|e| format!("demo/learning.toml: {e}"))
}

/// A text without the section of this heading.
pub(super) fn without_section(text: &str, heading: &str) -> String {
    let Some((before, rest)) = text.split_once(heading) else {
        return text.to_owned();
    };
    let after = rest.find("\n## ").and_then(|at| rest.get(at + 1..));
    format!("{before}{}", after.unwrap_or_default())
}

impl Filling<'_> {
    /// Later versions: the charter says how to become a champion, the messaging guidelines carry house style.
    pub(super) async fn later_versions(&self) -> Result<()> {
        let base_url = self.base_url();
        self.set(self.day.plus(-210 * DAY));
        let charter = Words::parse(
            &script::text("documents/charter.md").map_err(wrong)?,
            &base_url,
        )?;
        self.write(move |tx| {
            publish(
                tx,
                Document::Charter,
                &charter,
                "Says who champions are and how to become one.",
            )
        })
        .await?;
        self.set(self.day.plus(-150 * DAY));
        let yaml = script::text("house-style.yaml").map_err(wrong)?;
        let style = StyleSource::from_yaml(&yaml)?;
        let words = Words::parse(
            &script::text("documents/messaging.md").map_err(wrong)?,
            &base_url,
        )?;
        let words = words.with_style(&style)?;
        self.write(move |tx| {
            let note = "The rules that a machine can look after are house style now, so that we can look after the rest.";
            publish(tx, Document::Messaging, &words, note)
        })
        .await?;
        let learned = learned().map_err(wrong)?;
        let keeper = self.member("pia")?;
        self.write(move |tx| {
            let pia = members::actor(tx, keeper)?;
            for one in &learned.statement {
                guidelines::add_statement(tx, &pia, &one.words, &one.who)?;
            }
            Ok(())
        })
        .await
    }

    /// Notes under what was announced, examples, champions and the texts they suggest. Comes after all announcements.
    pub(super) async fn learning(&self, script: &Script) -> Result<()> {
        let learned = learned().map_err(wrong)?;
        for name in &learned.champions {
            let id = self.member(name)?;
            self.write(move |tx| {
                let actor = members::actor(tx, id)?;
                members::name_me(tx, &actor, true)
            })
            .await?;
        }
        let said = |title: &str| {
            let mut known = script.highlights.iter();
            known
                .find(|known| known.title == title)
                .map(|known| known.announcement.clone())
                .ok_or_else(|| wrong(format!("no highlight {title:?}")))
        };
        let now = self.clock.now();
        self.set(now.plus(HOUR));
        let keeper = self.member("pia")?;
        for note in &learned.note {
            let (text, by, note) = (
                said(&note.announcement)?,
                self.member(&note.by)?,
                note.clone(),
            );
            self.write(move |tx| {
                let (author, pia) = (members::actor(tx, by)?, members::actor(tx, keeper)?);
                let Some(one) = sent(tx, &pia, &text)? else {
                    return Err(wrong(format!("{:?} was not sent", note.announcement)));
                };
                let words = NoteWords {
                    kind: NoteKind::parse(&note.kind),
                    words: note.words.clone(),
                    rule: note.rule,
                    named: note.named,
                };
                let id = highlights::leave_note(tx, &author, one, &words)?;
                if note.pick {
                    highlights::pick(tx, &pia, id, &note.rather, "a member")?;
                }
                Ok(())
            })
            .await?;
        }
        for one in &learned.suggestion {
            let (by, one) = (self.member(&one.by)?, one.clone());
            self.write(move |tx| {
                let actor = members::actor(tx, by)?;
                let (found, _) = highlights::suggestible(tx, &actor, None)?;
                let (highlight, _) = found
                    .into_iter()
                    .find(|(known, _)| known.title == one.highlight)
                    .ok_or_else(|| wrong(format!("no text is wanted for {:?}", one.highlight)))?;
                highlights::suggest(tx, &actor, highlight.id, &one.words, &one.note).map(drop)
            })
            .await?;
        }
        self.set(now);
        Ok(())
    }
}

/// The sent announcement with this text.
fn sent(tx: &mut crate::db::Tx<'_>, actor: &Actor, text: &str) -> Result<Option<AnnouncementId>> {
    let (found, _) = highlights::to_learn_from(tx, actor, None)?;
    Ok(found
        .into_iter()
        .find(|(one, _)| one.text == text)
        .map(|(one, _)| one.id))
}

/// Publishes a minor version.
fn publish(tx: &mut crate::db::Tx<'_>, kind: Document, words: &Words, note: &str) -> Result<()> {
    let wanted = Publication {
        words: words.clone(),
        change: Change::Minor,
        note: note.to_owned(),
        effective_at: None,
        base: guidelines::base_of(tx, kind)?
            .map(|v| v.fingerprint())
            .unwrap_or_default(),
    };
    guidelines::publish(tx, &HOUSE, kind, &wanted).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidelines::{Text, Voice};

    #[test]
    fn what_the_demo_announces_keeps_to_its_house_style() {
        let yaml = script::text("house-style.yaml").unwrap_or_else(|why| panic!("{why}"));
        let source = StyleSource::from_yaml(&yaml).unwrap_or_else(|why| panic!("{why:?}"));
        let style = source.ready().unwrap_or_else(|why| panic!("{why:?}"));
        let script = script::read().unwrap_or_else(|why| panic!("{why}"));
        let mut looked_at = 0;
        for highlight in script
            .highlights
            .iter()
            .filter(|h| !h.announcement.is_empty())
        {
            let voices: Vec<Voice> = highlight
                .quotes
                .iter()
                .map(|quote| Voice {
                    excerpt: Some(quote.excerpt.clone()),
                    ..Voice::default()
                })
                .collect();
            let text = Text {
                words: &highlight.announcement,
                voices: &voices,
                lang: Some("en"),
                ..Text::default()
            };
            let report = guidelines::check(&style, &text);
            assert_eq!(report.findings, [], "{}", highlight.title);
            looked_at += 1;
        }
        assert!(looked_at > 4);
    }

    #[test]
    fn what_was_learned_can_be_read() {
        let learned = learned().unwrap_or_else(|why| panic!("{why}"));
        assert!(learned.statement.len() > 3 && learned.note.iter().any(|n| n.pick));
        let text = "One.\n\n## A\n\na\n\n## B\n\nb\n";
        assert_eq!(without_section(text, "## A"), "One.\n\n## B\n\nb\n");
    }
}
