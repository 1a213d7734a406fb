//! The reader's sight as conditions on this room's tables. What the law says of one thing in memory, these say of rows;
//! a property test holds the two together.

use diesel::BoxableExpression;
use diesel::dsl::sql;
use diesel::expression::SelectableExpression;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::db::Conn;
use crate::db::schema::{posts, threads};
use crate::policy::{PostState, Sight};

/// A condition on rows of `QS`, for both databases. Where a column it needs holds nothing, the answer is nothing, and a
/// filter takes that for a no.
pub(super) type Condition<QS> =
    Box<dyn BoxableExpression<QS, <Conn as diesel::Connection>::Backend, SqlType = Nullable<Bool>>>;

/// Threads that this reader may see: in a readable category, and visible, or hidden and the reader's own, or anything
/// where the reader moderates.
pub(super) fn threads_seen<QS: 'static>(sight: &Sight) -> Condition<QS>
where
    threads::category_id: SelectableExpression<QS>,
    threads::state: SelectableExpression<QS>,
    threads::author_id: SelectableExpression<QS>,
{
    // The sign keeps SQLite from answering lists by category and sorting all of them: they walk along last activity.
    let readable = sql::<Nullable<BigInt>>("+threads.category_id").eq_any(sight.categories.clone());
    let moderated = threads::category_id.eq_any(sight.moderated.clone());
    let shown = threads::state.eq(PostState::Visible).or(moderated);
    match sight.me {
        None => Box::new(readable.and(shown)),
        Some(me) => {
            let own = threads::state
                .eq(PostState::Hidden)
                .and(threads::author_id.eq(me));
            Box::new(readable.and(shown.or(own)))
        }
    }
}

/// Posts that this reader may see, within threads of which [`threads_seen`] holds.
pub(super) fn posts_seen<QS: 'static>(sight: &Sight) -> Condition<QS>
where
    threads::category_id: SelectableExpression<QS>,
    posts::state: SelectableExpression<QS>,
    posts::author_id: SelectableExpression<QS>,
{
    let moderated = threads::category_id.eq_any(sight.moderated.clone());
    let shown = posts::state.eq(PostState::Visible).or(moderated);
    match sight.me {
        None => Box::new(shown),
        Some(me) => {
            let own = posts::state
                .eq(PostState::Hidden)
                .and(posts::author_id.eq(me));
            Box::new(shown.or(own))
        }
    }
}
