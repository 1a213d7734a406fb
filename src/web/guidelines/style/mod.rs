//! House style: reading it, trying a text against it, taking it home as YAML; writing it stands in the files beside.

pub mod edit;
pub mod rule;

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines::{
    self, BuiltIn, BuiltInSource, Finding, HouseStyle, Numbered, Report, RuleSource, StyleSource,
    Text,
};
use crate::kit::stop::Document;
use crate::kit::{Problems, Result, Stop};
use crate::policy::Action;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Head, Page, Shown, Viewer};

/// The longest text that can be tried, in characters.
const MOST_TRIED: usize = 10_000;

/// One of the house's own rules, in short.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct RuleLine {
    id: String,
    kind: String,
    level: String,
    message: String,
    better: String,
    /// The numbered rule it rests on, with its heading.
    cites: Option<i64>,
    cited: String,
    /// What it looks for.
    looks_for: String,
}

impl RuleLine {
    pub(super) fn of(rule: &RuleSource, rules: &[Numbered]) -> Self {
        let cited = rule
            .cites
            .and_then(|number| rules.iter().find(|r| r.number == number));
        let swaps = rule
            .swap
            .iter()
            .map(|(worse, better)| format!("{worse} → {better}"));
        let words: Vec<String> = rule.words.iter().chain(&rule.patterns).cloned().collect();
        let looks_for = match rule.kind.as_str() {
            "substitution" => swaps.collect::<Vec<_>>().join(", "),
            "conditional" => format!("{} → {}", rule.if_, rule.then),
            "metric" => rule.measure.clone(),
            _ => words.join(", "),
        };
        Self {
            id: rule.id.clone(),
            kind: rule.kind.clone(),
            level: rule.level.clone(),
            message: rule.message.clone(),
            better: rule.better.clone(),
            cites: rule.cites,
            cited: cited.map(|r| r.title.clone()).unwrap_or_default(),
            looks_for,
        }
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            id: "voice.chorus".to_owned(),
            kind: "existence".to_owned(),
            level: "error".to_owned(),
            message: "“{found}” makes a chorus of one voice.".to_owned(),
            better: "a member writes".to_owned(),
            cites: Some(4),
            cited: "One voice is one voice".to_owned(),
            looks_for: "our community thinks, everyone agrees".to_owned(),
        };
        let worst = Self {
            id: "w".repeat(60),
            kind: "substitution".to_owned(),
            level: "suggestion".to_owned(),
            message: "ש".repeat(255),
            cites: None,
            looks_for: "م → ن, ".repeat(60),
            ..Self::default()
        };
        vec![usual, worst]
    }
}

/// A built-in rule and what the house made of it.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct BuiltInLine {
    id: &'static str,
    key: String,
    level: &'static str,
    /// What the house says: empty where it says nothing.
    chosen: String,
    law: bool,
    off: bool,
    changed: bool,
    most: Option<usize>,
    allow: String,
}

impl BuiltInLine {
    pub(super) fn of(rule: &BuiltIn, change: Option<&BuiltInSource>, style: &StyleSource) -> Self {
        let level = style.level(rule.id);
        Self {
            id: rule.id,
            key: format!("guidelines-rule-{}", rule.id.replace('.', "-")),
            level: level.unwrap_or(rule.level).as_str(),
            chosen: change.map(|c| c.level.clone()).unwrap_or_default(),
            law: rule.law,
            off: level.is_none(),
            changed: change.is_some(),
            most: rule.most.map(|_| style.most(rule.id)),
            allow: change.map(|c| c.allow.join("\n")).unwrap_or_default(),
        }
    }

    pub(super) fn all(style: &StyleSource) -> Vec<Self> {
        style
            .built_in()
            .map(|(rule, change)| Self::of(rule, change, style))
            .collect()
    }
}

/// One finding, with its sentence as a problem so that it is said in the reader's language.
#[derive(Debug, Clone, Serialize)]
struct FoundLine {
    rule: String,
    level: &'static str,
    sentence: Problems,
    better: String,
}

/// A piece of the text that was tried; marked where something was found.
#[derive(Debug, Clone, Serialize)]
struct Piece {
    text: String,
    marked: bool,
}

/// What the rules say to a text.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Tried {
    passes: bool,
    length: usize,
    findings: Vec<FoundLine>,
    pieces: Vec<Piece>,
}

impl Tried {
    pub(super) fn of(words: &str, report: &Report) -> Self {
        Self {
            passes: report.passes(),
            length: report.length,
            findings: report.findings.iter().map(FoundLine::of).collect(),
            pieces: pieces(words, report),
        }
    }

    fn samples() -> Vec<Self> {
        let style = HouseStyle::default();
        [
            "COME AND SEE the best seal @ines",
            "ש 🦭 👨‍👩‍👧‍👦 ".repeat(85).as_str(),
            "",
        ]
        .iter()
        .map(|words| Self::of(words, &held(&style, words)))
        .collect()
    }
}

impl FoundLine {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            level: finding.level.as_str(),
            sentence: finding.problem("words"),
            better: finding.better.clone().unwrap_or_default(),
        }
    }
}

fn pieces(words: &str, report: &Report) -> Vec<Piece> {
    let chars: Vec<char> = words.chars().collect();
    let mut marked = vec![false; chars.len()];
    for span in report.findings.iter().filter_map(|f| f.span) {
        for mark in marked.iter_mut().take(span.end).skip(span.start) {
            *mark = true;
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (c, marked) in chars.into_iter().zip(marked) {
        match pieces.last_mut() {
            Some(piece) if piece.marked == marked => piece.text.push(c),
            _ => pieces.push(Piece {
                text: c.to_string(),
                marked,
            }),
        }
    }
    pieces
}

/// Tries a text: its own words against all rules; whose words it quotes is not asked.
pub(super) fn held(style: &HouseStyle, words: &str) -> Report {
    guidelines::check(
        style,
        &Text {
            words,
            free_quotes: true,
            ..Text::default()
        },
    )
}

/// What the form for trying sends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TryForm {
    pub(super) words: String,
    /// `draft` to try the rules that are being written.
    pub(super) which: String,
}

/// House style, as those who write by it read it.
#[derive(Debug, Clone, Serialize)]
pub struct StylePage {
    /// The version of the messaging guidelines, or nothing.
    label: String,
    draft: bool,
    rules: Vec<RuleLine>,
    built_in: Vec<BuiltInLine>,
    mentions: Vec<String>,
    disclosure: Vec<String>,
    can_edit: bool,
    form: TryForm,
    tried: Option<Tried>,
    problems: Problems,
}

impl Page for StylePage {
    const TEMPLATE: &'static str = "guidelines/style";

    fn head(&self) -> Head {
        Head::new("guidelines-style-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let source = StyleSource::default();
        let empty = Self {
            label: String::new(),
            draft: false,
            rules: Vec::new(),
            built_in: BuiltInLine::all(&source),
            mentions: Vec::new(),
            disclosure: Vec::new(),
            can_edit: false,
            form: TryForm::default(),
            tried: None,
            problems: Problems::default(),
        };
        let mut pages = vec![empty.clone()];
        for tried in Tried::samples() {
            pages.push(Self {
                label: "2.1".to_owned(),
                rules: RuleLine::samples(),
                mentions: vec!["@harbour@social.example".to_owned()],
                disclosure: vec!["works for us".to_owned()],
                can_edit: true,
                draft: true,
                form: TryForm {
                    words: "<b>ש".repeat(255),
                    which: "draft".to_owned(),
                },
                tried: Some(tried),
                problems: Problems::one("words", "needed"),
                ..empty.clone()
            });
        }
        pages
    }
}

/// Those who write by house style read it: publishers, moderators, admins, and champions, who suggest texts.
pub(super) fn may_read(viewer: &Viewer) -> Result<()> {
    if viewer.can(&Action::SuggestText) {
        return Ok(());
    }
    viewer.actor.may(&Action::SeeOutreach)
}

/// The rules that are asked for: those in force, or those being written.
fn asked_for(tx: &mut Tx<'_>, viewer: &Viewer, which: &str) -> Result<HouseStyle> {
    may_read(viewer)?;
    if which == "draft" {
        let (source, _) = guidelines::draft_style(tx, &viewer.actor)?;
        return source.ready().map_err(Stop::Invalid);
    }
    Ok(guidelines::house_style(tx)?.as_ref().clone())
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, form: TryForm, try_it: bool) -> Result<StylePage> {
    let style = asked_for(tx, viewer, &form.which)?;
    let version = guidelines::current(tx, Document::Messaging)?;
    let numbered = version.map(|v| v.numbered()).unwrap_or_default();
    let mut problems = Problems::default();
    let words = form.words.trim();
    if try_it && words.is_empty() {
        problems.add("words", "needed", &[]);
    }
    if words.chars().count() > MOST_TRIED {
        problems.add("words", "too-long", &[("most", MOST_TRIED.to_string())]);
    }
    let tried = (try_it && problems.0.is_empty()).then(|| Tried::of(words, &held(&style, words)));
    Ok(StylePage {
        label: style.label.clone(),
        draft: form.which == "draft",
        rules: style
            .source
            .rules
            .iter()
            .map(|rule| RuleLine::of(rule, &numbered))
            .collect(),
        built_in: BuiltInLine::all(&style.source),
        mentions: style.source.mentions.clone(),
        disclosure: style.source.disclosure.clone(),
        can_edit: viewer.can(&Action::EditDocument(Document::Messaging)),
        form,
        tried,
        problems,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    which: String,
}

/// Shows house style.
pub async fn show(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let form = TryForm {
            which: asked.which.clone(),
            ..TryForm::default()
        };
        page(tx, viewer, form, false).map(Shown::from)
    })
    .await
}

/// Tries a text. Nothing is kept of it.
pub async fn try_it(call: Call) -> Answer {
    let form: TryForm = call.form()?;
    call.page(move |tx, viewer| page(tx, viewer, form.clone(), true).map(Shown::from))
        .await
}

/// House style as a file.
pub async fn export(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let style = asked_for(tx, viewer, &asked.which)?;
        let yaml = style.source.to_yaml().map_err(Stop::fault)?;
        let mut bytes = Bytes::new("application/yaml; charset=utf-8", yaml.into_bytes());
        let name = "attachment; filename=\"house-style.yaml\"".to_owned();
        bytes.headers.push(("Content-Disposition", name));
        bytes.cache = Some("no-store");
        Ok(Shown::Bytes(bytes))
    })
    .await
}
