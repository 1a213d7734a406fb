//! Champions: who they are, and the texts they suggest.

pub mod suggestions;
pub mod texts;

use serde::{Deserialize, Serialize};

use crate::members::{self, Card};
use crate::policy::{Action, Role};
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// One champion.
#[derive(Debug, Clone, Serialize)]
struct Line {
    member: Card,
    bio_html: String,
}

/// The page that says who the champions are.
#[derive(Debug, Clone, Serialize)]
pub struct ChampionsPage {
    lines: Vec<Line>,
    /// The reader is one.
    champion: bool,
    /// The reader agreed to be named.
    named: bool,
    suggests: bool,
}

impl Page for ChampionsPage {
    const TEMPLATE: &'static str = "highlights/champions";

    fn head(&self) -> Head {
        Head::new("champions-title").canonical("/champions")
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            lines: Vec::new(),
            champion: false,
            named: false,
            suggests: false,
        };
        let mut member = Card::nobody();
        member.name = "carl".to_owned();
        member.display = "Carl Winther".to_owned();
        let usual = Self {
            lines: vec![Line {
                member: member.clone(),
                bio_html: "<p>Drove Crane 7.</p>".to_owned(),
            }],
            ..empty.clone()
        };
        member.display = "ש".repeat(255);
        let worst = Self {
            lines: vec![Line {
                member,
                bio_html: String::new(),
            }],
            champion: true,
            named: true,
            suggests: true,
        };
        vec![empty, usual, worst]
    }
}

/// Shows who the champions are, as far as they agreed to be named.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| {
        let champion = viewer.actor.has(Role::Champion);
        let named = match viewer.actor.id() {
            Some(me) if champion => members::is_named(tx, me)?,
            _ => false,
        };
        let lines = members::champions(tx)?
            .into_iter()
            .map(|(member, bio)| Line {
                member,
                bio_html: bio,
            });
        Ok(Shown::from(ChampionsPage {
            lines: lines.collect(),
            champion,
            named,
            suggests: viewer.can(&Action::SuggestText),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct NameMe {
    named: Option<String>,
}

/// A champion agrees to be named, or does not any more.
pub async fn name_me(call: Call) -> Answer {
    let form: NameMe = call.form()?;
    call.act(move |tx, viewer| {
        members::name_me(tx, &viewer.actor, form.named.is_some())?;
        let flash = if form.named.is_some() {
            "champions-named"
        } else {
            "champions-unnamed"
        };
        Ok(See::to("/champions").flash(flash))
    })
    .await
}
