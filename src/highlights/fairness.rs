//! Whose words are asked for often, and whose never. Reads only: so that the same few are not always heard.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{consents, highlight_quotes};
use crate::kit::Result;
use crate::kit::clock::DAY;
use crate::kit::ids::{MemberId, PostId};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Days that are looked back for those who are asked most.
pub const FAIRNESS_DAYS: i64 = 90;
/// Most people named as asked most.
const MOST: i64 = 5;

/// How often each of these members was nominated; those who never were are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn nominated_times(tx: &mut Tx<'_>, people: &[MemberId]) -> Result<HashMap<MemberId, i64>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(MemberId, i64)> = consents::table
        .filter(consents::member_id.eq_any(people))
        .group_by(consents::member_id)
        .select((consents::member_id, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// How often words of each of these posts were nominated; those of which none ever were are left out.
///
/// # Errors
/// A fault where the database fails.
pub fn quoted_times(tx: &mut Tx<'_>, posts: &[PostId]) -> Result<HashMap<PostId, i64>> {
    if posts.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(PostId, i64)> = highlight_quotes::table
        .filter(highlight_quotes::post_id.eq_any(posts))
        .group_by(highlight_quotes::post_id)
        .select((highlight_quotes::post_id, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Who was asked most in the last [`FAIRNESS_DAYS`] days, and how often; and how many people were asked at all.
///
/// # Errors
/// Refused to whoever does not choose candidates; a fault where the database fails.
pub fn asked_most(tx: &mut Tx<'_>, actor: &Actor) -> Result<(Vec<(Card, i64)>, i64)> {
    actor.may(&Action::SeeCandidates)?;
    let since = tx.now().plus(-FAIRNESS_DAYS * DAY);
    let rows: Vec<(MemberId, i64)> = consents::table
        .filter(consents::asked_at.ge(since))
        .group_by(consents::member_id)
        .select((consents::member_id, count_star()))
        .order((count_star().desc(), consents::member_id))
        .limit(1_000)
        .load(tx.conn)?;
    let asked = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let most: Vec<(MemberId, i64)> = rows.into_iter().take(MOST as usize).collect();
    let people: Vec<MemberId> = most.iter().map(|(id, _)| *id).collect();
    let cards = members::cards(tx, &people)?;
    let named = most
        .into_iter()
        .filter_map(|(id, times)| Some((cards.get(&id)?.clone(), times)));
    Ok((named.collect(), asked))
}
