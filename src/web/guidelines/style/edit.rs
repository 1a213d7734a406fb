//! Writing house style: the list of rules, the built-in ones, the lists, a file from another house.

use serde::{Deserialize, Serialize};

use super::{BuiltInLine, RuleLine};
use crate::db::Tx;
use crate::guidelines::{self, BuiltInSource, StyleSource};
use crate::kit::stop::Document;
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Where house style is written.
const PATH: &str = "/guidelines/messaging/style/edit";

/// What the forms of this page send; each sends a part of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StyleForm {
    base: String,
    /// A file of rules.
    yaml: String,
    /// A built-in rule.
    id: String,
    level: String,
    most: String,
    allow: String,
    /// One per line.
    mentions: String,
    disclosure: String,
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct StyleEditPage {
    base: String,
    rules: Vec<RuleLine>,
    built_in: Vec<BuiltInLine>,
    form: StyleForm,
    kinds: [&'static str; 5],
    levels: [&'static str; 4],
    problems: Problems,
}

impl Page for StyleEditPage {
    const TEMPLATE: &'static str = "guidelines/style-edit";

    fn head(&self) -> Head {
        Head::new("guidelines-style-edit-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self::of(&StyleSource::default(), String::new());
        let usual = Self {
            rules: RuleLine::samples(),
            ..empty.clone()
        };
        let worst = Self {
            form: StyleForm {
                yaml: "ש: <b>\n".repeat(255),
                mentions: "@harbour@social.example\n".repeat(40),
                ..StyleForm::default()
            },
            problems: Problems::one("yaml", "needed"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// The kinds of rules a house can write.
pub(super) const KINDS: [&str; 5] = [
    "existence",
    "substitution",
    "occurrence",
    "conditional",
    "metric",
];

impl StyleEditPage {
    fn of(source: &StyleSource, base: String) -> Self {
        Self {
            base,
            rules: source
                .rules
                .iter()
                .map(|rule| RuleLine::of(rule, &[]))
                .collect(),
            built_in: BuiltInLine::all(source),
            form: StyleForm {
                mentions: source.mentions.join("\n"),
                disclosure: source.disclosure.join("\n"),
                ..StyleForm::default()
            },
            kinds: KINDS,
            levels: ["error", "warning", "suggestion", "off"],
            problems: Problems::default(),
        }
    }
}

fn page(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<StyleEditPage> {
    let (source, base) = guidelines::draft_style(tx, &viewer.actor)?;
    Ok(StyleEditPage::of(&source, base))
}

/// Shows the forms.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| page(tx, viewer).map(Shown::from))
        .await
}

/// A colleague was quicker: said on the form instead of on a page without it.
pub(super) fn stale(field: &'static str) -> impl Fn(Stop) -> Stop {
    move |stop| match stop {
        Stop::Refused(Refusal::Stale) => Stop::invalid(field, "style-stale"),
        other => other,
    }
}

/// Changes the draft's rules as `change` says, and shows the forms again with what was typed where that cannot be.
async fn changed(
    call: Call,
    form: StyleForm,
    field: &'static str,
    change: impl Fn(&StyleForm, StyleSource) -> Result<StyleSource> + Send + 'static,
) -> Answer {
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let (source, _) = guidelines::draft_style(tx, &viewer.actor)?;
            let source = change(&form, source)?;
            guidelines::save_style(tx, &viewer.actor, &source, &form.base).map_err(stale(field))?;
            Ok(See::to(PATH).flash("guidelines-style-saved"))
        },
        move |tx, viewer, problems| {
            let mut page = page(tx, viewer)?;
            page.form.yaml.clone_from(&again.yaml);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Takes rules from a file; they replace those that stand.
pub async fn import(call: Call) -> Answer {
    let form: StyleForm = call.form()?;
    changed(call, form, "yaml", |form, _| {
        StyleSource::from_yaml(&form.yaml).map_err(Stop::Invalid)
    })
    .await
}

/// Sets a built-in rule.
pub async fn built_in(call: Call) -> Answer {
    let form: StyleForm = call.form()?;
    changed(call, form, "built_in", |form, mut source| {
        let most = form.most.trim();
        let most = match most.parse() {
            Ok(number) => Some(number),
            Err(_) if most.is_empty() => None,
            Err(_) => return Err(Stop::invalid("built_in", "style-number")),
        };
        let usual = guidelines::BUILT_IN.iter().find(|rule| rule.id == form.id);
        let change = BuiltInSource {
            level: form.level.clone(),
            most: most.filter(|most| usual.is_some_and(|rule| rule.most != Some(*most))),
            allow: lines(&form.allow),
        };
        if change == BuiltInSource::default() {
            source.built_in.remove(&form.id);
        } else {
            source.built_in.insert(form.id.clone(), change);
        }
        Ok(source)
    })
    .await
}

/// Sets which mentions pass, and what is said of those who work for the house.
pub async fn lists(call: Call) -> Answer {
    let form: StyleForm = call.form()?;
    changed(call, form, "mentions", |form, mut source| {
        source.mentions = lines(&form.mentions);
        source.disclosure = lines(&form.disclosure);
        Ok(source)
    })
    .await
}

/// One entry per line, empty lines left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// For pages that only editors see.
pub(super) fn may_write(viewer: &Viewer) -> Result<()> {
    viewer.actor.may(&Action::EditDocument(Document::Messaging))
}
