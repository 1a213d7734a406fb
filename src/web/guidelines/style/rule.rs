//! One rule of house style: its form, trying it on a text before it is kept, taking it out.

use serde::{Deserialize, Serialize};

use super::edit::{KINDS, lines, may_write, stale};
use super::{Tried, held};
use crate::db::Tx;
use crate::guidelines::{self, HouseStyle, Measured, Numbered, RuleSource};
use crate::kit::stop::Document;
use crate::kit::stop::OrRefuse;
use crate::kit::{Problems, Result, Stop};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Where house style is written.
const LIST: &str = "/guidelines/messaging/style/edit";

/// The form of a rule: everything as text, one entry per line.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// `try`, `save` or `remove`.
    #[serde(skip_serializing)]
    act: String,
    base: String,
    /// The name under which it stands; empty for a new one.
    was: String,
    id: String,
    kind: String,
    level: String,
    message: String,
    better: String,
    cites: String,
    words: String,
    patterns: String,
    /// `worse = better`.
    swap: String,
    #[serde(rename = "if")]
    if_: String,
    then: String,
    measure: String,
    per: String,
    most: String,
    least: String,
    case: Option<String>,
    quotes: Option<String>,
    /// What it is tried on.
    text: String,
}

impl RuleForm {
    fn of(rule: &RuleSource, base: String) -> Self {
        let joined = |list: &[String]| list.join("\n");
        let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        let yes = |yes: bool| yes.then(|| "1".to_owned());
        let swaps = rule.swap.iter().map(|(a, b)| format!("{a} = {b}"));
        Self {
            base,
            was: rule.id.clone(),
            id: rule.id.clone(),
            kind: rule.kind.clone(),
            level: rule.level.clone(),
            message: rule.message.clone(),
            better: rule.better.clone(),
            cites: rule.cites.map(|n| n.to_string()).unwrap_or_default(),
            words: joined(&rule.words),
            patterns: joined(&rule.patterns),
            swap: swaps.collect::<Vec<_>>().join("\n"),
            if_: rule.if_.clone(),
            then: rule.then.clone(),
            measure: rule.measure.clone(),
            per: rule.per.clone(),
            most: number(rule.most),
            least: number(rule.least),
            case: yes(rule.case),
            quotes: yes(rule.quotes),
            ..Self::default()
        }
    }

    /// The rule, as far as the fields can be read. Only those of its kind count: what was typed under another kind goes.
    fn rule(&self) -> Result<RuleSource, Problems> {
        let mut problems = Problems::default();
        let mut rule = RuleSource {
            id: self.id.trim().to_owned(),
            kind: self.kind.clone(),
            level: self.level.clone(),
            message: self.message.trim().to_owned(),
            better: self.better.trim().to_owned(),
            cites: read("cites", &self.cites, &mut problems),
            case: self.case.is_some(),
            quotes: self.quotes.is_some(),
            ..RuleSource::default()
        };
        match self.kind.as_str() {
            "substitution" => {
                for line in lines(&self.swap) {
                    match line.split_once('=') {
                        Some((worse, better)) => {
                            let pair = (worse.trim().to_owned(), better.trim().to_owned());
                            rule.swap.insert(pair.0, pair.1);
                        }
                        None => problems.add("swap", "style-swap-empty", &[]),
                    }
                }
            }
            "conditional" => {
                self.if_.trim().clone_into(&mut rule.if_);
                self.then.trim().clone_into(&mut rule.then);
            }
            "metric" => rule.measure.clone_from(&self.measure),
            _ => {
                rule.words = lines(&self.words);
                rule.patterns = lines(&self.patterns);
            }
        }
        if matches!(self.kind.as_str(), "occurrence" | "metric") {
            rule.most = read("most", &self.most, &mut problems);
            rule.least = read("least", &self.least, &mut problems);
        }
        if self.kind == "occurrence" {
            rule.per.clone_from(&self.per);
        }
        if problems.0.is_empty() {
            Ok(rule)
        } else {
            Err(problems)
        }
    }
}

/// A number that may be left out.
fn read<T: std::str::FromStr>(field: &str, text: &str, problems: &mut Problems) -> Option<T> {
    let text = text.trim();
    let number = text.parse().ok();
    if number.is_none() && !text.is_empty() {
        problems.add(field, "style-number", &[]);
    }
    number
}

/// The form of a rule.
#[derive(Debug, Clone, Serialize)]
pub struct RulePage {
    form: RuleForm,
    kinds: [&'static str; 5],
    measures: Vec<&'static str>,
    /// The numbered rules of the messaging guidelines, for the one it rests on.
    numbered: Vec<Numbered>,
    cites: i64,
    tried: Option<Tried>,
    problems: Problems,
}

impl Page for RulePage {
    const TEMPLATE: &'static str = "guidelines/style-rule";

    fn head(&self) -> Head {
        Head::new("guidelines-style-rule-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |kind: &str| {
            let rule = RuleSource {
                kind: kind.to_owned(),
                level: "warning".to_owned(),
                ..RuleSource::default()
            };
            made(RuleForm::of(&rule, "ab12".to_owned()), Vec::new())
        };
        let mut pages: Vec<Self> = KINDS.iter().map(|kind| of(kind)).collect();
        pages.extend(Tried::samples().into_iter().map(|tried| Self {
            tried: Some(tried),
            problems: Problems::one("words", "style-words-or-patterns"),
            numbered: vec![Numbered {
                number: 4,
                title: "ש".repeat(80),
                text: String::new(),
            }],
            form: RuleForm {
                was: "voice.chorus".to_owned(),
                message: "<b>ש".repeat(200),
                words: "م\n".repeat(300),
                ..of("existence").form
            },
            ..of("existence")
        }));
        pages
    }
}

fn made(form: RuleForm, numbered: Vec<Numbered>) -> RulePage {
    RulePage {
        cites: form.cites.trim().parse().unwrap_or(0),
        form,
        kinds: KINDS,
        measures: Measured::ALL.iter().map(|m| m.as_str()).collect(),
        numbered,
        tried: None,
        problems: Problems::default(),
    }
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer, form: RuleForm) -> Result<RulePage> {
    may_write(viewer)?;
    let base = guidelines::base_of(tx, Document::Messaging)?;
    let numbered = base.map(|v| v.numbered()).unwrap_or_default();
    Ok(made(form, numbered))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    id: String,
    kind: String,
}

/// Shows the form, for a rule that stands or for a new one of a kind.
pub async fn show(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        let (source, base) = guidelines::draft_style(tx, &viewer.actor)?;
        let rule = if asked.id.is_empty() {
            let kind = KINDS.iter().find(|kind| **kind == asked.kind);
            RuleSource {
                kind: (*kind.unwrap_or(&"existence")).to_owned(),
                level: "warning".to_owned(),
                ..RuleSource::default()
            }
        } else {
            let mut rules = source.rules.into_iter();
            rules.find(|rule| rule.id == asked.id).or_not_found()?
        };
        page(tx, viewer, RuleForm::of(&rule, base)).map(Shown::from)
    })
    .await
}

/// Tries, keeps or takes out a rule, as the pressed button says.
pub async fn submit(call: Call) -> Answer {
    let form: RuleForm = call.form()?;
    match form.act.as_str() {
        "try" => try_it(call, form).await,
        "remove" => remove(call, form).await,
        _ => save(call, form).await,
    }
}

async fn try_it(call: Call, form: RuleForm) -> Answer {
    call.page(move |tx, viewer| {
        let mut page = page(tx, viewer, form.clone())?;
        match form.rule().and_then(|rule| rule.ready()) {
            Ok(rule) => {
                let alone = HouseStyle {
                    rules: vec![rule.clone()],
                    ..HouseStyle::default()
                };
                let mut report = held(&alone, &form.text);
                report.findings.retain(|finding| finding.rule == rule.id);
                page.tried = Some(Tried::of(&form.text, &report));
            }
            Err(problems) => page.problems = problems,
        }
        Ok(Shown::from(page))
    })
    .await
}

async fn save(call: Call, form: RuleForm) -> Answer {
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let (source, base) = guidelines::draft_style(tx, &viewer.actor)?;
            let rule = form.rule().map_err(Stop::Invalid)?;
            rule.ready().map_err(Stop::Invalid)?;
            let others = source.rules.iter().filter(|other| other.id != form.was);
            if others.clone().any(|other| other.id == rule.id) {
                let mut problems = Problems::default();
                problems.add("id", "style-id-twice", &[("id", rule.id.clone())]);
                return Err(Stop::Invalid(problems));
            }
            if base != form.base {
                return Err(Stop::invalid("id", "style-stale"));
            }
            let source = source.with_rule(&form.was, rule);
            guidelines::save_style(tx, &viewer.actor, &source, &base).map_err(stale("id"))?;
            Ok(See::to(LIST).flash("guidelines-style-saved"))
        },
        move |tx, viewer, problems| {
            let mut form = again.clone();
            // The next press of the button counts as having looked.
            (_, form.base) = guidelines::draft_style(tx, &viewer.actor)?;
            let mut page = page(tx, viewer, form)?;
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

async fn remove(call: Call, form: RuleForm) -> Answer {
    call.act(move |tx, viewer| {
        let (source, _) = guidelines::draft_style(tx, &viewer.actor)?;
        let source = source.without_rule(&form.was);
        guidelines::save_style(tx, &viewer.actor, &source, &form.base)?;
        Ok(See::to(LIST).flash("guidelines-style-saved"))
    })
    .await
}
