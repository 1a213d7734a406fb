//! The second face of policy: which rows a reader may see, as a plain value.

use super::actor::Actor;
use super::facts::CategoryFacts;
use crate::kit::ids::{CategoryId, MemberId};

/// What a reader may see. Forum makes conditions on its tables of it, search on its index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    /// Categories the reader may see.
    pub categories: Vec<CategoryId>,
    /// Those of them where the reader also sees what is hidden and deleted.
    pub moderated: Vec<CategoryId>,
    /// True where these are all the categories there are.
    pub moderates_all: bool,
    /// The reader, who sees own hidden words everywhere in `categories`.
    pub me: Option<MemberId>,
}

impl Sight {
    /// The sight of an actor over these categories (all there are).
    #[must_use]
    pub fn of(actor: &Actor, categories: &[CategoryFacts]) -> Self {
        let system = matches!(actor, Actor::System(_));
        let seen = categories
            .iter()
            .filter(|c| system || actor.sees(c).is_ok());
        let (mut readable, mut moderated) = (Vec::new(), Vec::new());
        for category in seen {
            readable.push(category.id);
            if system || actor.moderates(category).is_ok() {
                moderated.push(category.id);
            }
        }
        Self {
            categories: readable,
            moderates_all: moderated.len() == categories.len(),
            moderated,
            me: actor.id(),
        }
    }
}
