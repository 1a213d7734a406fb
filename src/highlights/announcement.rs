//! One highlight's text for one channel at one time: its row.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::places::Place;
use super::state::AnnouncementState;
use crate::bridge;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::kit::event::Origin;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId, MediaId, MemberId, VersionId};
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Result};

/// The word by which the bridge knows where a delivery came from.
pub const ORIGIN: &str = "announcement";

/// An announcement as it stands in its row, with its channel's name.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Which one.
    pub id: AnnouncementId,
    /// Of which highlight.
    pub highlight: HighlightId,
    /// At which channel.
    pub channel: ChannelId,
    /// The channel's name.
    pub channel_name: String,
    /// The channel's kind.
    pub channel_kind: String,
    /// Counts corrections, from 1.
    pub revision: i64,
    /// Where it stands.
    pub state: AnnouncementState,
    /// The text as it was written; empty once an erased author's words stood in it.
    pub text: String,
    /// What the rules found, as JSON.
    pub report: String,
    /// The code of its link.
    pub code: String,
    /// The messaging guidelines in force when it was scheduled.
    pub messaging_version: Option<VersionId>,
    /// The highlight's content hash when it was scheduled.
    pub content_hash: Vec<u8>,
    /// When it is to be said.
    pub planned_at: At,
    /// The zone in which that was chosen.
    pub zone: String,
    /// The wall time that was chosen.
    pub wall_time: String,
    /// Where it can be read.
    pub remote_url: Option<String>,
    /// Who wrote it.
    pub created_by: Option<MemberId>,
    /// When it was written.
    pub created_at: At,
    /// When it was said.
    pub sent_at: Option<At>,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
    /// Who took it back.
    pub withdrawn_by: Option<MemberId>,
    /// The language it is said in (BCP 47); empty for the highlight's own.
    pub lang: String,
    /// Words it may be found by, each with its `#`.
    pub hashtags: String,
    /// Why warnings were passed over: a JSON object by rule.
    pub reasons: String,
    /// Who read it as the second pair of eyes.
    pub released_by: Option<MemberId>,
    /// The picture that goes with it.
    pub picture: Option<MediaId>,
    /// What the picture shows, as it was written for this text.
    pub picture_alt: String,
    /// The champion's suggestion that it began with.
    pub suggestion: Option<i64>,
}

#[derive(Queryable)]
struct Row {
    id: AnnouncementId,
    highlight: HighlightId,
    channel: ChannelId,
    revision: i64,
    state: AnnouncementState,
    text: String,
    report: String,
    code: String,
    messaging_version: Option<VersionId>,
    content_hash: Vec<u8>,
    planned_at: At,
    zone: String,
    wall_time: String,
    remote_url: Option<String>,
    created_by: Option<MemberId>,
    created_at: At,
    sent_at: Option<At>,
    withdrawn_at: Option<At>,
    withdrawn_by: Option<MemberId>,
    lang: String,
    hashtags: String,
    reasons: String,
    released_by: Option<MemberId>,
    picture: Option<MediaId>,
    picture_alt: String,
    suggestion: Option<i64>,
}

/// The columns of a [`Row`], in its order.
#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        announcements::id,
        announcements::highlight_id,
        announcements::channel_id,
        announcements::revision,
        announcements::state,
        announcements::text,
        announcements::check_report,
        announcements::code,
        announcements::messaging_version,
        announcements::content_hash,
        announcements::planned_at,
        announcements::zone,
        announcements::wall_time,
        announcements::remote_url,
        announcements::created_by,
        announcements::created_at,
        announcements::sent_at,
        announcements::withdrawn_at,
        announcements::withdrawn_by,
        announcements::lang,
        announcements::hashtags,
        announcements::check_reasons,
        announcements::released_by,
        announcements::picture_id,
        announcements::picture_alt,
        announcements::suggestion_id,
    )
}

impl Announcement {
    /// How the bridge calls it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        origin(self.id)
    }

    /// The kind of place it is said at; `None` for a kind that no consent can name.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        Place::parse(&self.channel_kind)
    }
}

/// How the bridge calls an announcement.
#[must_use]
pub(super) fn origin(id: AnnouncementId) -> Origin {
    Origin {
        kind: ORIGIN.to_owned(),
        id: id.0,
    }
}

/// The rows with their channels' names, in their order.
fn with_channels(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Announcement>> {
    let mut lines: HashMap<ChannelId, (String, String)> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, kind) = match lines.get(&row.channel) {
            Some(known) => known.clone(),
            None => {
                let line = bridge::channel(tx, row.channel)?;
                lines.insert(row.channel, (line.name.clone(), line.kind.clone()));
                (line.name, line.kind)
            }
        };
        all.push(Announcement {
            id: row.id,
            highlight: row.highlight,
            channel: row.channel,
            channel_name: name,
            channel_kind: kind,
            revision: row.revision,
            state: row.state,
            text: row.text,
            report: row.report,
            code: row.code,
            messaging_version: row.messaging_version,
            content_hash: row.content_hash,
            planned_at: row.planned_at,
            zone: row.zone,
            wall_time: row.wall_time,
            remote_url: row.remote_url,
            created_by: row.created_by,
            created_at: row.created_at,
            sent_at: row.sent_at,
            withdrawn_at: row.withdrawn_at,
            withdrawn_by: row.withdrawn_by,
            lang: row.lang,
            hashtags: row.hashtags,
            reasons: row.reasons,
            released_by: row.released_by,
            picture: row.picture,
            picture_alt: row.picture_alt,
            suggestion: row.suggestion,
        });
    }
    Ok(all)
}

pub(super) fn seek(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<Announcement>> {
    let rows: Vec<Row> = announcements::table
        .filter(announcements::id.eq(id))
        .select(columns())
        .load(tx.conn)?;
    Ok(with_channels(tx, rows)?.pop())
}

pub(super) fn find(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Announcement> {
    seek(tx, id)?.or_not_found()
}

/// Which highlight an announcement says something of.
pub(super) fn highlight_of(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<HighlightId>> {
    Ok(announcements::table
        .find(id)
        .select(announcements::highlight_id)
        .first(tx.conn)
        .optional()?)
}

/// Everything that was ever planned or said of a highlight, oldest first.
pub(super) fn of_highlight(tx: &mut Tx<'_>, highlight: HighlightId) -> Result<Vec<Announcement>> {
    let rows: Vec<Row> = announcements::table
        .filter(announcements::highlight_id.eq(highlight))
        .order(announcements::id)
        .select(columns())
        .load(tx.conn)?;
    with_channels(tx, rows)
}

/// Which of these highlights have an announcement that was said or is on its way out.
pub(super) fn abroad_among(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<HashSet<HighlightId>> {
    let states = [AnnouncementState::OUT, AnnouncementState::UNFINISHED].concat();
    let abroad: Vec<HighlightId> = announcements::table
        .filter(announcements::highlight_id.eq_any(ids))
        .filter(announcements::state.eq_any(states))
        .select(announcements::highlight_id)
        .distinct()
        .load(tx.conn)?;
    Ok(abroad.into_iter().collect())
}

/// Everything that was ever planned or said of several highlights, by highlight.
pub(super) fn of_many(
    tx: &mut Tx<'_>,
    ids: &[HighlightId],
) -> Result<HashMap<HighlightId, Vec<Announcement>>> {
    let rows: Vec<Row> = announcements::table
        .filter(announcements::highlight_id.eq_any(ids))
        .order(announcements::id)
        .select(columns())
        .load(tx.conn)?;
    let mut by = HashMap::new();
    for one in with_channels(tx, rows)? {
        by.entry(one.highlight).or_insert_with(Vec::new).push(one);
    }
    Ok(by)
}

/// A page of announcements, newest plan first, before this place.
pub(super) fn newest(
    tx: &mut Tx<'_>,
    before: Option<(i64, i64)>,
    most: i64,
) -> Result<Vec<Announcement>> {
    page(tx, before, most, false)
}

/// The same, of those that were said and still stand.
pub(super) fn told(
    tx: &mut Tx<'_>,
    before: Option<(i64, i64)>,
    most: i64,
) -> Result<Vec<Announcement>> {
    page(tx, before, most, true)
}

fn page(
    tx: &mut Tx<'_>,
    before: Option<(i64, i64)>,
    most: i64,
    told: bool,
) -> Result<Vec<Announcement>> {
    let (at, id) = before.unwrap_or((i64::MAX, i64::MAX));
    let mut rows = announcements::table
        .filter(
            announcements::planned_at
                .lt(At(at))
                .or(announcements::planned_at
                    .eq(At(at))
                    .and(announcements::id.lt(AnnouncementId(id)))),
        )
        .order((announcements::planned_at.desc(), announcements::id.desc()))
        .limit(most)
        .select(columns())
        .into_boxed();
    if told {
        rows = rows
            .filter(announcements::state.eq_any(AnnouncementState::OUT.iter().copied()))
            .filter(announcements::sent_at.is_not_null())
            .filter(announcements::text.ne(""));
    }
    let rows: Vec<Row> = rows.load(tx.conn)?;
    with_channels(tx, rows)
}

/// What was said or is planned from one moment to another, in the order of time.
pub(super) fn between(tx: &mut Tx<'_>, from: At, to: At, most: i64) -> Result<Vec<Announcement>> {
    let rows: Vec<Row> = announcements::table
        .filter(announcements::planned_at.ge(from))
        .filter(announcements::planned_at.lt(to))
        .order((announcements::planned_at, announcements::id))
        .limit(most)
        .select(columns())
        .load(tx.conn)?;
    with_channels(tx, rows)
}

/// When a channel says or has said something, from one moment to another; what was stopped or failed left its place.
pub(super) fn taken(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    (from, to): (At, At),
    besides: Option<AnnouncementId>,
) -> Result<Vec<At>> {
    let rows: Vec<(AnnouncementId, At, Option<At>)> = announcements::table
        .filter(announcements::channel_id.eq(channel))
        .filter(announcements::planned_at.ge(from))
        .filter(announcements::planned_at.lt(to))
        .filter(
            announcements::state.ne_all([AnnouncementState::Cancelled, AnnouncementState::Failed]),
        )
        .order((announcements::planned_at, announcements::id))
        .select((
            announcements::id,
            announcements::planned_at,
            announcements::sent_at,
        ))
        .limit(2000)
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter(|(id, ..)| Some(*id) != besides)
        .map(|(_, planned, sent)| sent.unwrap_or(planned))
        .collect())
}

/// Writes another state down, if it still is in one of `from`. Answers whether it was.
pub(super) fn set_state(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    from: &[AnnouncementState],
    to: AnnouncementState,
) -> Result<bool> {
    let now = tx.now();
    let changed = diesel::update(
        announcements::table
            .filter(announcements::id.eq(id))
            .filter(announcements::state.eq_any(from.iter().copied())),
    )
    .set((
        announcements::state.eq(to),
        announcements::updated_at.eq(now),
    ))
    .execute(tx.conn)?;
    Ok(changed == 1)
}

/// The kind of place a channel is.
pub(super) fn place_of(tx: &mut Tx<'_>, channel: ChannelId) -> Result<Option<Place>> {
    let line = bridge::channel(tx, channel)?;
    Ok(Place::parse(&line.kind))
}
