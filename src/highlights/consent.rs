//! One person's say about one highlight, and the history of it.
//!
//! Long because a consent's row is read and written nowhere else.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::quote::{self, Quote};
use super::scope::{Attribution, Scope};
use super::state::{ConsentState, State};
use crate::db::Tx;
use crate::db::schema::{consent_events, consents, highlights};
use crate::kit::ids::{ConsentId, HighlightId, MemberId};
use crate::kit::{At, Result};

/// The version of the sentences by which people are asked. It changes when the consent page says something else.
pub const WORDING: &str = "2026-11";

/// One person's say about one highlight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Which one.
    pub id: ConsentId,
    /// About which highlight.
    pub highlight: HighlightId,
    /// Whose.
    pub member: MemberId,
    /// Where it stands.
    pub state: ConsentState,
    /// What was agreed to; `None` where nothing was.
    pub scope: Option<Scope>,
    /// The name that was agreed to.
    pub named: Option<String>,
    /// SHA-256 over the words asked about.
    pub words_hash: Vec<u8>,
    /// By which sentences the person was asked.
    pub wording: String,
    /// When the person was asked.
    pub asked_at: At,
    /// When the person answered, the last time.
    pub decided_at: Option<At>,
    /// When a yes was taken back.
    pub withdrawn_at: Option<At>,
}

impl Consent {
    /// The scope of a live yes.
    #[must_use]
    pub fn live(&self) -> Option<&Scope> {
        self.scope
            .as_ref()
            .filter(|_| self.state == ConsentState::Granted)
    }
}

#[derive(Queryable)]
struct Row {
    id: ConsentId,
    highlight: HighlightId,
    member: MemberId,
    state: ConsentState,
    attribution: String,
    named: Option<String>,
    trimming: bool,
    by_hand: bool,
    places: String,
    pictures: bool,
    words_hash: Vec<u8>,
    wording: String,
    asked_at: At,
    decided_at: Option<At>,
    withdrawn_at: Option<At>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        consents::id,
        consents::highlight_id,
        consents::member_id,
        consents::state,
        consents::attribution,
        consents::attributed_as,
        consents::trimming,
        consents::by_hand,
        consents::channel_kinds,
        consents::pictures,
        consents::words_hash,
        consents::wording,
        consents::asked_at,
        consents::decided_at,
        consents::withdrawn_at,
    )
}

impl Row {
    fn consent(self) -> Result<Consent> {
        let scope = match Attribution::parse(&self.attribution) {
            Some(attribution) => Some(Scope {
                attribution,
                trimming: self.trimming,
                by_hand: self.by_hand,
                places: serde_json::from_str(&self.places)?,
                pictures: self.pictures,
            }),
            None => None,
        };
        Ok(Consent {
            id: self.id,
            highlight: self.highlight,
            member: self.member,
            state: self.state,
            scope,
            named: self.named,
            words_hash: self.words_hash,
            wording: self.wording,
            asked_at: self.asked_at,
            decided_at: self.decided_at,
            withdrawn_at: self.withdrawn_at,
        })
    }
}

/// A member's say about a highlight, if the member was asked.
pub(super) fn seek(
    tx: &mut Tx<'_>,
    highlight: HighlightId,
    member: MemberId,
) -> Result<Option<Consent>> {
    let row: Option<Row> = consents::table
        .filter(consents::highlight_id.eq(highlight))
        .filter(consents::member_id.eq(member))
        .select(columns())
        .first(tx.conn)
        .optional()?;
    row.map(Row::consent).transpose()
}

/// Everybody's say about a highlight, in the order in which people were asked.
pub(super) fn list(tx: &mut Tx<'_>, highlight: HighlightId) -> Result<Vec<Consent>> {
    let rows: Vec<Row> = consents::table
        .filter(consents::highlight_id.eq(highlight))
        .order(consents::id)
        .select(columns())
        .load(tx.conn)?;
    rows.into_iter().map(Row::consent).collect()
}

/// Everybody's say about several highlights.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<Consent>>> {
    let rows: Vec<Row> = consents::table
        .filter(consents::highlight_id.eq_any(ids))
        .order((consents::highlight_id, consents::id))
        .select(columns())
        .load(tx.conn)?;
    let mut by = HashMap::new();
    for row in rows {
        by.entry(row.highlight)
            .or_insert_with(Vec::new)
            .push(row.consent()?);
    }
    Ok(by)
}

/// A page of a member's own, newest first.
pub(super) fn of_member(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: i64,
    most: i64,
) -> Result<Vec<Consent>> {
    let rows: Vec<Row> = consents::table
        .filter(consents::member_id.eq(member))
        .filter(consents::id.lt(ConsentId(before)))
        .order(consents::id.desc())
        .limit(most)
        .select(columns())
        .load(tx.conn)?;
    rows.into_iter().map(Row::consent).collect()
}

/// The highlights to which a member said yes and that are not over, newest question first.
pub(super) fn live_of(tx: &mut Tx<'_>, member: MemberId, most: i64) -> Result<Vec<HighlightId>> {
    let over = State::ALL.iter().copied().filter(|state| state.is_over());
    Ok(consents::table
        .inner_join(highlights::table)
        .filter(consents::member_id.eq(member))
        .filter(consents::state.eq(ConsentState::Granted))
        .filter(highlights::state.ne_all(over.collect::<Vec<_>>()))
        .order(consents::id.desc())
        .limit(most)
        .select(consents::highlight_id)
        .load(tx.conn)?)
}

/// Highlights in which a member has a say, in the order in which they are locked.
pub(super) fn concerning(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<HighlightId>> {
    let mut ids: Vec<HighlightId> = consents::table
        .filter(consents::member_id.eq(member))
        .select(consents::highlight_id)
        .load(tx.conn)?;
    ids.sort_unstable();
    Ok(ids)
}

/// Who was asked about a highlight.
pub(super) fn members_of(tx: &mut Tx<'_>, highlight: HighlightId) -> Result<Vec<MemberId>> {
    Ok(consents::table
        .filter(consents::highlight_id.eq(highlight))
        .order(consents::id)
        .select(consents::member_id)
        .load(tx.conn)?)
}

/// The same of several highlights.
pub(super) fn members_of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<MemberId>>> {
    let rows: Vec<(HighlightId, MemberId)> = consents::table
        .filter(consents::highlight_id.eq_any(ids))
        .order(consents::id)
        .select((consents::highlight_id, consents::member_id))
        .load(tx.conn)?;
    let mut by: HashMap<HighlightId, Vec<MemberId>> = HashMap::new();
    for (id, member) in rows {
        by.entry(id).or_default().push(member);
    }
    Ok(by)
}

/// The hash over what one person is asked about: their own words, in order; for somebody who is only named, the title.
pub(super) fn words_hash(quotes: &[Quote], member: MemberId, title: &str) -> Vec<u8> {
    let mut sum = Sha256::new();
    let own = quotes.iter().filter(|q| q.author == Some(member));
    let mut any = false;
    for quote in own {
        any = true;
        sum.update(&quote.sha256);
    }
    if !any {
        sum.update(title.as_bytes());
    }
    sum.finalize().to_vec()
}

/// Asks these people, anew where they were asked before, and forgets those who are no longer quoted or named.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    highlight: HighlightId,
    title: &str,
    people: &BTreeSet<MemberId>,
) -> Result<()> {
    let quotes = quote::list(tx, highlight)?;
    let now = tx.now();
    for member in people {
        let words = words_hash(&quotes, *member, title);
        let before = seek(tx, highlight, *member)?;
        let asked = (
            consents::state.eq(ConsentState::Asked),
            consents::attribution.eq(""),
            consents::attributed_as.eq(None::<String>),
            consents::trimming.eq(false),
            consents::by_hand.eq(false),
            consents::channel_kinds.eq("[]"),
            consents::pictures.eq(false),
            consents::words_hash.eq(&words),
            consents::wording.eq(WORDING),
            consents::asked_at.eq(now),
            consents::decided_at.eq(None::<At>),
            consents::withdrawn_at.eq(None::<At>),
        );
        let id = match before {
            Some(before) => {
                diesel::update(consents::table.find(before.id))
                    .set(asked)
                    .execute(tx.conn)?;
                before.id
            }
            None => diesel::insert_into(consents::table)
                .values((
                    consents::highlight_id.eq(highlight),
                    consents::member_id.eq(*member),
                    asked,
                ))
                .returning(consents::id)
                .get_result(tx.conn)?,
        };
        note(tx, id, "asked", None, &words)?;
    }
    // Their history stays; they are simply no longer needed.
    let gone: Vec<ConsentId> = consents::table
        .filter(consents::highlight_id.eq(highlight))
        .filter(consents::member_id.ne_all(people.iter().copied().collect::<Vec<_>>()))
        .select(consents::id)
        .load(tx.conn)?;
    for id in gone {
        diesel::delete(consent_events::table.filter(consent_events::consent_id.eq(id)))
            .execute(tx.conn)?;
        diesel::delete(consents::table.find(id)).execute(tx.conn)?;
    }
    Ok(())
}

/// Writes a yes down.
pub(super) fn grant(
    tx: &mut Tx<'_>,
    consent: &mut Consent,
    scope: &Scope,
    named: Option<String>,
) -> Result<()> {
    let now = tx.now();
    diesel::update(consents::table.find(consent.id))
        .set((
            consents::state.eq(ConsentState::Granted),
            consents::attribution.eq(scope.attribution.as_str()),
            consents::attributed_as.eq(&named),
            consents::trimming.eq(scope.trimming),
            consents::by_hand.eq(scope.by_hand),
            consents::channel_kinds.eq(serde_json::to_string(&scope.places)?),
            consents::pictures.eq(scope.pictures),
            consents::decided_at.eq(now),
        ))
        .execute(tx.conn)?;
    note(tx, consent.id, "granted", Some(scope), &consent.words_hash)?;
    consent.state = ConsentState::Granted;
    consent.scope = Some(scope.clone());
    consent.named = named;
    consent.decided_at = Some(now);
    Ok(())
}

/// Writes another state down; `event` is the word in the history.
pub(super) fn set(
    tx: &mut Tx<'_>,
    consent: &mut Consent,
    state: ConsentState,
    event: &str,
) -> Result<()> {
    let now = tx.now();
    let withdrawn = (state == ConsentState::Withdrawn).then_some(now);
    diesel::update(consents::table.find(consent.id))
        .set((
            consents::state.eq(state),
            consents::decided_at.eq(now),
            consents::withdrawn_at.eq(withdrawn),
        ))
        .execute(tx.conn)?;
    let scope = consent.scope.clone();
    note(tx, consent.id, event, scope.as_ref(), &consent.words_hash)?;
    consent.state = state;
    consent.decided_at = Some(now);
    consent.withdrawn_at = withdrawn;
    Ok(())
}

/// Keeps the name under which somebody is known now.
pub(super) fn rename(tx: &mut Tx<'_>, consent: ConsentId, named: Option<&str>) -> Result<()> {
    diesel::update(consents::table.find(consent))
        .set(consents::attributed_as.eq(named))
        .execute(tx.conn)?;
    Ok(())
}

/// Drops the names that an erased member agreed to.
pub(super) fn erase_names(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::update(consents::table.filter(consents::member_id.eq(member)))
        .set(consents::attributed_as.eq(None::<String>))
        .execute(tx.conn)?;
    Ok(())
}

/// Appends to the history of a consent.
pub(super) fn note(
    tx: &mut Tx<'_>,
    consent: ConsentId,
    event: &str,
    scope: Option<&Scope>,
    words: &[u8],
) -> Result<()> {
    let scope = match scope {
        Some(scope) => serde_json::to_string(scope)?,
        None => json!({}).to_string(),
    };
    diesel::insert_into(consent_events::table)
        .values((
            consent_events::consent_id.eq(consent),
            consent_events::event.eq(event),
            consent_events::scope.eq(scope),
            consent_events::words_hash.eq(words),
            consent_events::at.eq(tx.now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The latest lines of a consent's history, oldest first: the word and when.
pub(super) fn history(tx: &mut Tx<'_>, consent: ConsentId) -> Result<Vec<(String, At)>> {
    let mut latest: Vec<(String, At)> = consent_events::table
        .filter(consent_events::consent_id.eq(consent))
        .order(consent_events::id.desc())
        .limit(100)
        .select((consent_events::event, consent_events::at))
        .load(tx.conn)?;
    latest.reverse();
    Ok(latest)
}

/// Those with a live yes who have not said yet what becomes of the announcements, since the words were edited.
pub(super) fn undecided_after_edit(
    tx: &mut Tx<'_>,
    highlight: HighlightId,
) -> Result<Vec<MemberId>> {
    let mut undecided = Vec::new();
    for consent in list(tx, highlight)? {
        let last: Option<String> = consent_events::table
            .filter(consent_events::consent_id.eq(consent.id))
            .order(consent_events::id.desc())
            .select(consent_events::event)
            .first(tx.conn)
            .optional()?;
        if consent.live().is_some() && last.as_deref() == Some("stale") {
            undecided.push(consent.member);
        }
    }
    Ok(undecided)
}
