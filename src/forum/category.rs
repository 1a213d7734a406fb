//! A place to talk, and who may do what in it.

use std::collections::HashSet;

use serde::Serialize;

use crate::kit::At;
use crate::kit::ids::{CategoryId, GroupId};
use crate::policy::{Access, CategoryFacts};

crate::text_enum! {
    /// Whom a grant means.
    pub enum Who {
        /// Everyone, guests too.
        Everyone = "everyone",
        /// Every signed-in member.
        Members = "members",
        /// The members of one group.
        Group = "group",
    }
}

/// One line of a category's grants: who may do what there. A category without any line is open: everyone sees it,
/// members reply and start threads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// Whom it means.
    pub who: Who,
    /// Which group, where a group is meant.
    pub group: Option<GroupId>,
    /// May see the category and what stands in it.
    pub see: bool,
    /// May reply.
    pub reply: bool,
    /// May start threads.
    pub start: bool,
    /// May lock, move and hide there.
    pub moderate: bool,
}

/// A category as it stands in its row, with its grants and what the law makes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Which one.
    pub id: CategoryId,
    /// The category it stands in.
    pub parent: Option<CategoryId>,
    /// The decorative part of its address.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What it is for, in a sentence or two of plain text.
    pub description: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// Its place among its siblings, lowest first.
    pub position: i64,
    /// The language spoken there (BCP 47); empty: the site's.
    pub lang: String,
    /// Visible threads.
    pub thread_count: i64,
    /// Visible posts in visible threads.
    pub post_count: i64,
    /// The last visible post of a visible thread.
    pub last_post_at: Option<At>,
    /// The most tags that a thread in it has.
    pub tag_limit: i64,
    /// The only tags that its threads have, separated by commas; empty: any.
    pub allowed_tags: String,
    /// Counts every change.
    pub revision: i64,
    /// Its grants as they were set, in the order in which they were.
    pub grants: Vec<Grant>,
    /// What the law needs to know of it.
    pub facts: CategoryFacts,
}

impl Category {
    /// Its address.
    #[must_use]
    pub fn path(&self) -> String {
        super::category_path(&self.slug, self.id)
    }
}

/// The parts of a category's row that its facts are made of.
pub(super) struct Outline<'c> {
    pub id: CategoryId,
    pub parent: Option<CategoryId>,
    pub grants: &'c [Grant],
    pub closed: bool,
    pub nominable: bool,
}

/// What the law needs to know of a category among all others. A parent that is missing, or a circle of parents,
/// opens nothing: the category can then be seen by nobody but admins.
pub(super) fn facts<'c>(
    of: &Outline<'_>,
    find: impl Fn(CategoryId) -> Option<Outline<'c>>,
) -> CategoryFacts {
    let mut see = vec![own_access(of.grants).see];
    let mut visited = HashSet::from([of.id]);
    let mut above = of.parent;
    while let Some(id) = above {
        match find(id).filter(|_| visited.insert(id)) {
            Some(parent) => {
                see.push(own_access(parent.grants).see);
                above = parent.parent;
            }
            None => {
                see.push(Access::default());
                break;
            }
        }
    }
    let own = own_access(of.grants);
    CategoryFacts {
        id: of.id,
        see,
        reply: own.reply,
        start: own.start,
        moderate: own.moderate,
        closed: of.closed,
        nominable: of.nominable,
    }
}

/// The four columns of one category's grants.
#[derive(Default)]
struct Columns {
    see: Access,
    reply: Access,
    start: Access,
    moderate: Access,
}

fn own_access(grants: &[Grant]) -> Columns {
    let mut columns = Columns::default();
    if grants.is_empty() {
        columns.see.everyone = true;
        columns.reply.members = true;
        columns.start.members = true;
        return columns;
    }
    for grant in grants {
        let allowed = [grant.see, grant.reply, grant.start, grant.moderate];
        let open = [
            &mut columns.see,
            &mut columns.reply,
            &mut columns.start,
            &mut columns.moderate,
        ];
        for (access, _) in open.into_iter().zip(allowed).filter(|(_, yes)| *yes) {
            match (grant.who, grant.group) {
                (Who::Everyone, _) => access.everyone = true,
                (Who::Members, _) => access.members = true,
                (Who::Group, Some(group)) => access.groups.push(group),
                // A grant to a group that is not named means nobody.
                (Who::Group, None) => {}
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(id: i64, parent: Option<i64>, grants: &[Grant]) -> Outline<'_> {
        Outline {
            id: CategoryId(id),
            parent: parent.map(CategoryId),
            grants,
            closed: false,
            nominable: true,
        }
    }

    fn seen_by(who: Who, group: Option<i64>) -> Grant {
        Grant {
            who,
            group: group.map(GroupId),
            see: true,
            reply: false,
            start: false,
            moderate: false,
        }
    }

    #[test]
    fn without_grants_a_category_is_open() {
        let facts = facts(&outline(1, None, &[]), |_| None);
        assert!(facts.is_public());
        assert!(facts.reply.members && facts.start.members && !facts.start.everyone);
    }

    #[test]
    fn a_child_carries_every_level_above_it() {
        let staff = [seen_by(Who::Group, Some(7))];
        let facts = facts(&outline(2, Some(1), &[]), |id| {
            (id == CategoryId(1)).then(|| outline(1, None, &staff))
        });
        assert_eq!(facts.see.len(), 2);
        assert!(!facts.is_public());
    }

    #[test]
    fn a_missing_parent_and_a_circle_open_nothing() {
        let missing = facts(&outline(2, Some(9), &[]), |_| None);
        assert!(!missing.is_public());
        let circle = facts(&outline(1, Some(1), &[]), |_| {
            Some(outline(1, Some(1), &[]))
        });
        assert!(!circle.is_public());
        assert_eq!(circle.see.last(), Some(&Access::default()));
    }
}
