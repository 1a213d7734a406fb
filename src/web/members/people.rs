//! The members of the community, for members.

use serde::{Deserialize, Serialize};

use super::profile::Pager;
use crate::kit::Refusal;
use crate::kit::cursor::Cursor;
use crate::members::{self, Card};
use crate::web::{Answer, Call, Head, Page, Shown};

/// Who is here.
#[derive(Debug, Clone, Serialize)]
pub struct PeoplePage {
    search: String,
    people: Vec<Card>,
    pager: Option<Pager>,
}

/// Somebody to show in samples.
pub(super) fn sample() -> Card {
    let mut card = Card::nobody();
    card.erased = false;
    card.name = "ruth".to_owned();
    card.display = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(12);
    card.staff = true;
    card.champion = true;
    card
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "members/people";

    fn head(&self) -> Head {
        Head::new("members-people-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let of = |search: &str, people| Self {
            search: search.to_owned(),
            people,
            pager: Pager::onward("members", "/members", Some("abc".to_owned())),
        };
        vec![
            of("zz", Vec::new()),
            of("", vec![sample()]),
            of("\"><script>", vec![sample(), Card::nobody()]),
        ]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    after: String,
}

/// The latest first, or those whose names begin like this.
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        if viewer.actor.id().is_none() {
            return Err(Refusal::SignInFirst.into());
        }
        let search: String = asked.q.trim().chars().take(40).collect();
        let (people, next) = if search.is_empty() {
            members::newest(tx, Cursor::decode(&asked.after))?
        } else {
            (members::named_like(tx, &search)?, None)
        };
        Ok(Shown::from(PeoplePage {
            search,
            people,
            pager: Pager::onward("members", "/members", next.map(|c| c.encode())),
        }))
    })
    .await
}
