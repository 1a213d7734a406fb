//! `/admin/channels/new/{kind}`: connecting a channel. One form for every kind, made from the fields its kind declares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::bridge::{self, CALLBACK, Field, Kind, Role, SecretRule, Sort};
use crate::kit::{Problems, Refusal, Result};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, Shown};

/// What a form brought, by field; names of our own fields (the guard, the number) are of no interest to kinds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Entered(BTreeMap<String, String>);

impl Entered {
    /// What the channel is to be called.
    pub fn name(&self) -> String {
        self.0.get("name").cloned().unwrap_or_default()
    }

    /// All fields as a value.
    pub fn fields(&self) -> Value {
        let map: Map<String, Value> = self
            .0
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect();
        Value::Object(map)
    }
}

/// Does a kind hide settings, and were none of these entered?
pub(super) fn left_alone(fields: &[Field], entered: &Value) -> bool {
    let hidden: Vec<&Field> = fields.iter().filter(|f| f.sort == Sort::Hidden).collect();
    let is_empty = |field: &&Field| {
        entered[field.name]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
    };
    !hidden.is_empty() && hidden.iter().all(is_empty)
}

/// The kinds that an admin can connect: all but the page, which is built in.
pub(super) fn connectable() -> impl Iterator<Item = &'static str> {
    bridge::kinds()
        .filter(|kind| kind.manner().role != Role::BuiltIn)
        .map(|kind| kind.word())
}

/// The kind of this word, if it can be connected.
pub(super) fn connectable_kind(word: &str) -> Result<&'static dyn Kind> {
    bridge::kind(word)
        .filter(|kind| kind.manner().role != Role::BuiltIn)
        .ok_or_else(|| Refusal::NotFound.into())
}

/// One of the words to choose from.
#[derive(Debug, Clone, Serialize)]
struct Offer {
    word: &'static str,
    label: String,
    chosen: bool,
}

/// A field as the form shows it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FieldCard {
    name: &'static str,
    /// Under which name its problem stands.
    wrong: &'static str,
    label: String,
    input: &'static str,
    needed: bool,
    value: String,
    offers: Vec<Offer>,
}

impl FieldCard {
    /// The fields of a kind with what was entered or kept. `kept`: the channel is there already, so what is hidden may
    /// stay empty.
    pub fn all(kind: &str, values: &Value, kept: bool) -> Vec<Self> {
        let fields = bridge::kind(kind).map_or(&[][..], |kind| kind.fields());
        let secrets = fields.iter().filter(|f| f.sort == Sort::Secret).count();
        let card = |field: &Field| {
            let label = format!("bridge-{kind}-{}", field.name);
            let hidden = matches!(field.sort, Sort::Hidden | Sort::Secret);
            let value = match &values[field.name] {
                _ if hidden => String::new(),
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            };
            let words = match field.sort {
                Sort::Choice(words) => words,
                _ => &[],
            };
            let first = words.first().copied().unwrap_or_default();
            let chosen = if words.contains(&value.as_str()) {
                value.as_str()
            } else {
                first
            };
            Self {
                name: field.name,
                wrong: if field.sort == Sort::Secret && secrets == 1 {
                    "secret"
                } else {
                    field.name
                },
                input: match field.sort {
                    Sort::Address => "url",
                    Sort::Hidden | Sort::Secret => "password",
                    Sort::Number => "number",
                    Sort::Text | Sort::Money | Sort::Choice(_) => "text",
                },
                needed: field.needed && !(kept && hidden),
                offers: words
                    .iter()
                    .map(|word| Offer {
                        word,
                        label: format!("{label}-{word}"),
                        chosen: *word == chosen,
                    })
                    .collect(),
                value,
                label,
            }
        };
        fields.iter().map(card).collect()
    }
}

/// The form that connects a channel of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectPage {
    kind: String,
    name: String,
    fields: Vec<FieldCard>,
    /// Where the vendor sends people back to, where somebody signs in there.
    back: String,
    problems: Problems,
}

impl ConnectPage {
    pub(super) fn of(kind: &str, entered: &Entered, problems: Problems) -> Self {
        Self {
            kind: kind.to_owned(),
            name: entered.name(),
            fields: FieldCard::all(kind, &entered.fields(), false),
            back: String::new(),
            problems,
        }
    }

    /// With the address to enter at the vendor.
    pub(super) fn at(mut self, base_url: &str) -> Self {
        let rule = bridge::kind(&self.kind).map(|kind| kind.secret());
        if rule == Some(SecretRule::Granted) {
            self.back = format!("{base_url}{CALLBACK}");
        }
        self
    }
}

impl Page for ConnectPage {
    const TEMPLATE: &'static str = "bridge/connect";

    fn head(&self) -> Head {
        Head::new(&format!("bridge-kind-{}", self.kind))
            .nav("admin")
            .form()
    }

    /// Every kind as it begins, and every kind with everything wrong.
    fn samples() -> Vec<Self> {
        let wrong = |kind: &str| {
            let fields = bridge::kind(kind).map_or(&[][..], |kind| kind.fields());
            let mut problems = Problems::one("name", "needed");
            for field in fields {
                problems.add(field.name, "needed", &[]);
            }
            problems.add("secret", "needed", &[]);
            let entered = fields
                .iter()
                .map(|field| (field.name.to_owned(), super::parts::longest()))
                .collect();
            Self::of(kind, &Entered(entered), problems).at("https://commons.example")
        };
        let empty = |kind| Self::of(kind, &Entered::default(), Problems::default());
        connectable()
            .map(empty)
            .chain(connectable().map(wrong))
            .collect()
    }
}

/// Shows the form.
pub async fn show(call: Call) -> Answer {
    let word: String = call.segment("kind")?;
    connectable_kind(&word)?;
    let base = call.app().config.base_url.clone();
    call.page(move |_tx, viewer| {
        viewer.actor.may(&Action::ManageChannels)?;
        let page = ConnectPage::of(&word, &Entered::default(), Problems::default());
        Ok(Shown::from(page.at(&base)))
    })
    .await
}
