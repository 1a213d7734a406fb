//! Writing a text for a channel and handing it to the bridge: checked, frozen, and told to the authors.
//!
//! Long because what is checked is what is frozen and handed over, and the three are read together.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::advice;
use super::announcement::{self, Announcement, origin};
use super::bystanders;
use super::calendar::fitting_slot;
use super::check::{Measure, Report, check, compose};
use super::claims;
use super::compose::{hashtag_list, lang_of};
use super::heading;
use super::highlight::{self, Highlight};
use super::learning;
use super::matter::{matter, sample_link, source_path, voices};
use super::pictures::{PictureWish, chosen};
use super::places::Place;
use super::source;
use super::state::{AnnouncementState, State};
use super::tell;
use super::when::{Planned, When, plan};
use crate::audit::{self, subject};
use crate::bridge::{self, ChannelLine, ChannelState, Message, Operation, Picture, Plan, Quote};
use crate::content::excerpt;
use crate::content::uploads::Upload;
use crate::db::Tx;
use crate::db::schema::announcements;
use crate::guidelines;
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId, MediaId, MemberId};
use crate::kit::stop::Document;
use crate::kit::{Refusal, Result};
use crate::policy::{Action, Actor};
use crate::site;

/// The house's own limit, where the channel has none: characters as the channel counts them.
const LONGEST: usize = 5_000;

/// A text for one channel at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// At which channel.
    pub channel: ChannelId,
    /// The text; `{link}` says where the link stands, if not at the end.
    pub text: String,
    /// When.
    pub when: When,
    /// What a member without a name is called, in the text's language.
    pub nameless: String,
    /// The language it is said in (BCP 47); empty for the highlight's own.
    pub lang: String,
    /// Words it may be found by.
    pub hashtags: String,
    /// Why a warning may be passed over, by rule. They are kept with the report.
    pub reasons: BTreeMap<String, String>,
    /// A picture that goes with it, among those its authors let go along.
    pub picture: Option<PictureWish>,
    /// The champion's suggestion that it began with.
    pub suggestion: Option<i64>,
}

impl Draft {
    /// What an announcement says already, to be said at this time.
    pub(super) fn of(one: &Announcement, when: When, nameless: &str) -> Result<Self> {
        Ok(Self {
            channel: one.channel,
            text: one.text.clone(),
            when,
            nameless: nameless.to_owned(),
            lang: one.lang.clone(),
            hashtags: one.hashtags.clone(),
            reasons: serde_json::from_str(&one.reasons)?,
            picture: one.picture.map(|id| PictureWish {
                id,
                alt: Some(one.picture_alt.clone()),
            }),
            suggestion: one.suggestion,
        })
    }
}

/// A draft held against the rules.
#[derive(Debug, Clone)]
pub struct Examined {
    /// What the rules found.
    pub report: Report,
    /// The channel.
    pub channel: ChannelLine,
    /// The text as it would leave, with a link of the right length.
    pub text: String,
    /// When it would leave.
    pub planned: Planned,
    /// Its heading.
    pub title: String,
    /// The picture that goes with it, with its description.
    pub picture: Option<(Upload, String)>,
}

/// A draft with what is needed to hand it over.
pub(super) struct Ready {
    pub(super) examined: Examined,
    place: Place,
    quotes: Vec<Quote>,
}

/// Holds a draft against the rules without keeping anything.
///
/// # Errors
/// Refused to whoever may not announce; not found for an unknown channel; invalid where the time cannot be read.
pub fn examine(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId, draft: &Draft) -> Result<Examined> {
    let highlight = highlight::find(tx, id)?;
    may(tx, actor, &highlight)?;
    Ok(ready(tx, &highlight, draft, (actor.id(), None))?.examined)
}

/// Schedules a text: from here on text, link and check report are frozen.
///
/// # Errors
/// Refused by the law, where the highlight is not (or no longer) approved, a consent or the source is gone, or the
/// channel is not open; invalid with what the rules found.
pub fn announce(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    draft: &Draft,
) -> Result<AnnouncementId> {
    let highlight = highlight::hold(tx, id)?;
    may(tx, actor, &highlight)?;
    if highlight.state != State::Approved || !super::approve::binds(tx, &highlight)? {
        return Err(Refusal::WrongState(highlight.state.as_str()).into());
    }
    source::stands(tx, &highlight)?;
    let ready = ready(tx, &highlight, draft, (actor.id(), None))?;
    if ready.examined.channel.state != ChannelState::Open {
        return Err(Refusal::ChannelClosed.into());
    }
    stands_up(&ready, draft)?;
    if let Some(suggestion) = draft.suggestion {
        learning::begin_with(tx, actor, id, suggestion)?;
    }
    let second_eyes = site::settings(tx)?.second_eyes_on_texts;
    let state = if second_eyes {
        AnnouncementState::Waiting
    } else {
        AnnouncementState::Scheduled
    };
    let one = write(tx, actor, &highlight, draft, &ready, state)?;
    let details = json!({ "highlight": id.0, "channel": draft.channel.0,
        "planned_at": ready.examined.planned.at.0, "suggestion": draft.suggestion });
    let what = if second_eyes {
        "announcement.written"
    } else {
        "announcement.scheduled"
    };
    audit::record(
        tx,
        actor,
        what,
        subject("announcement", one.id.0),
        details,
        None,
    )?;
    tell::reviewers(tx, actor, &highlight, &one, &ready.examined.report)?;
    if second_eyes {
        tell::waits_for_eyes(tx, actor, &highlight, &one)?;
    } else {
        hand_over(tx, &highlight, &one, &ready, Operation::Announce)?;
    }
    Ok(one.id)
}

/// Errors block; warnings need a reason.
pub(super) fn stands_up(ready: &Ready, draft: &Draft) -> Result<()> {
    let report = &ready.examined.report;
    let mut problems = report.problems();
    problems.0.extend(advice::reasons(report, &draft.reasons).0);
    problems.check()
}

pub(super) fn may(tx: &mut Tx<'_>, actor: &Actor, highlight: &Highlight) -> Result<()> {
    let facts = highlight::facts(tx, highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    actor.may(&Action::Announce(&facts))
}

/// Holds a text of `writer` against everything there is; `besides` is the announcement that it is already.
pub(super) fn ready(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    draft: &Draft,
    (writer, besides): (Option<MemberId>, Option<AnnouncementId>),
) -> Result<Ready> {
    let channel = bridge::channel(tx, draft.channel)?;
    let kind = bridge::kind(&channel.kind).ok_or(Refusal::ChannelClosed)?;
    let place = Place::parse(&channel.kind).ok_or(Refusal::ChannelClosed)?;
    let zone = site::settings(tx)?.zone;
    let planned = match &draft.when {
        When::Slot => fitting_slot(tx, &channel, highlight.embargo_until, besides)?,
        other => plan(tx.now(), &zone, other)?,
    };
    let mut matter = matter(tx, highlight, (draft.channel, place), planned.at, besides)?;
    matter.lang = match draft.lang.trim() {
        "" => lang_of(tx, highlight)?,
        lang => lang.to_owned(),
    };
    matter.picture = chosen(tx, highlight.id, draft.picture.as_ref())?;
    let alt = matter.picture.as_ref().map_or("", |p| p.alt.as_str());
    let words = format!("{}\n{alt}", draft.text);
    matter.unasked = bystanders::unasked(tx, &words, &matter.voices, writer)?;
    let count = |text: &str| kind.count_length(text);
    let pictured = matter.picture.is_some() && channel.carriage.shows();
    let limit = if pictured {
        channel.limit_beside_picture
    } else {
        channel.limit
    };
    let measure = Measure {
        count: &count,
        limit: limit.or(Some(LONGEST)),
    };
    let mut report = check(&draft.text, &matter, &measure);
    let time = (&channel, &planned);
    advice::add(tx, &mut report, &draft.text, highlight, time, besides)?;
    claims::checked(tx, &mut report, &draft.reasons, writer)?;
    let agreed = (matter.voices.as_slice(), matter.restricted.as_slice());
    heading::add(tx, &mut report, highlight, agreed)?;
    report.sort();
    let quotes = report
        .quoted
        .iter()
        .filter_map(|number| matter.voices.get(*number))
        .filter_map(|voice| {
            Some(Quote {
                text: excerpt::normalise(voice.excerpt.as_deref()?),
                attribution: voice
                    .named
                    .clone()
                    .unwrap_or_else(|| draft.nameless.clone()),
            })
        })
        .collect();
    let text = compose(&draft.text, &sample_link(tx), place);
    let title = highlight.title.clone();
    let picture = matter.picture.and_then(|p| Some((p.upload?, p.alt)));
    Ok(Ready {
        examined: Examined {
            report,
            channel,
            text,
            planned,
            title,
            picture,
        },
        place,
        quotes,
    })
}

fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    highlight: &Highlight,
    draft: &Draft,
    ready: &Ready,
    state: AnnouncementState,
) -> Result<Announcement> {
    let now = tx.now();
    let planned = &ready.examined.planned;
    let text = draft.text.trim();
    let messaging = messaging_version(tx)?;
    let lang = if draft.lang.trim().is_empty() {
        lang_of(tx, highlight)?
    } else {
        draft.lang.trim().to_owned()
    };
    let reasons = advice::kept(&ready.examined.report, &draft.reasons);
    let (picture, alt) = picture_columns(ready);
    let id: AnnouncementId = diesel::insert_into(announcements::table)
        .values((
            announcements::highlight_id.eq(highlight.id),
            announcements::channel_id.eq(draft.channel),
            announcements::state.eq(state),
            announcements::text.eq(text),
            announcements::text_hash.eq(excerpt::hash(text).to_vec()),
            announcements::check_report.eq(serde_json::to_string(&ready.examined.report)?),
            // The code is made for the row, so the row comes first, under a word that no code can be.
            announcements::code.eq(format!("new {} {}", highlight.id, now.0)),
            announcements::messaging_version.eq(messaging),
            announcements::content_hash.eq(&highlight.content_hash),
            announcements::planned_at.eq(planned.at),
            announcements::zone.eq(&planned.zone),
            announcements::wall_time.eq(&planned.wall),
            announcements::lang.eq(&lang),
            announcements::hashtags.eq(hashtag_list(&draft.hashtags).join(" ")),
            announcements::check_reasons.eq(serde_json::to_string(&reasons)?),
            announcements::picture_id.eq(picture),
            announcements::picture_alt.eq(alt),
            announcements::suggestion_id.eq(draft.suggestion),
            announcements::created_by.eq(actor.id()),
            announcements::created_at.eq(now),
            announcements::updated_at.eq(now),
        ))
        .returning(announcements::id)
        .get_result(tx.conn)?;
    let path = source_path(tx, highlight)?;
    let code = bridge::new_code(tx, &origin(id), Some(draft.channel), &path)?;
    diesel::update(announcements::table.find(id))
        .set(announcements::code.eq(&code))
        .execute(tx.conn)?;
    announcement::find(tx, id)
}

/// The picture of a text as its row keeps it.
pub(super) fn picture_columns(ready: &Ready) -> (Option<MediaId>, &str) {
    match &ready.examined.picture {
        Some((upload, alt)) => (Some(upload.id), alt.as_str()),
        None => (None, ""),
    }
}

/// Hands the finished message to the bridge and tells the authors what will be said.
pub(super) fn hand_over(
    tx: &mut Tx<'_>,
    highlight: &Highlight,
    one: &Announcement,
    ready: &Ready,
    operation: Operation,
) -> Result<()> {
    let link = tx.link(&format!("/h/{}", one.code));
    let settings = site::settings(tx)?;
    let lang = if one.lang.is_empty() {
        lang_of(tx, highlight)?
    } else {
        one.lang.clone()
    };
    let message = Message {
        title: highlight.title.clone(),
        text: compose(&one.text, &link, ready.place),
        link,
        lang,
        quotes: ready.quotes.clone(),
        source_path: source_path(tx, highlight)?,
        code: one.code.clone(),
        site_name: settings.name,
        tags: hashtag_list(&one.hashtags),
        picture: ready.examined.picture.as_ref().map(frozen),
    };
    bridge::plan(
        tx,
        &Plan {
            origin: one.origin(),
            channel: one.channel,
            operation,
            revision: one.revision,
            message: &message,
            planned_at: ready.examined.planned.at,
        },
    )?;
    let kind = match operation {
        Operation::Correct => "announcement-corrected",
        _ => "announcement-scheduled",
    };
    tell::authors(tx, highlight, one, kind, None)
}

/// A picture as the message carries it.
fn frozen((upload, alt): &(Upload, String)) -> Picture {
    Picture {
        upload: upload.id,
        name: upload.name.clone(),
        media_type: upload.media_type.clone(),
        width: upload.width,
        height: upload.height,
        alt: alt.clone(),
    }
}

/// The messaging guidelines in force.
pub(super) fn messaging_version(tx: &mut Tx<'_>) -> Result<Option<crate::kit::ids::VersionId>> {
    Ok(guidelines::current(tx, Document::Messaging)?.map(|version| version.id))
}

/// The voices and the standard text that a publisher begins with: the words in quotation marks, who said them, where.
///
/// # Errors
/// Refused to whoever may not see the library; a fault where the database fails.
pub fn first_text(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: HighlightId,
    nameless: &str,
    said_in: &str,
) -> Result<String> {
    let highlight = highlight::find(tx, id)?;
    actor.may(&Action::SeeLibrary)?;
    let voices = voices(tx, &highlight)?;
    Ok(super::check::standard_frame(
        &voices,
        nameless,
        said_in,
        &highlight.title,
    ))
}
