//! Holding words back until a moderator has looked: first posts, watched words, links and pictures by new members,
//! words typed too fast, categories where everything waits, and what three established members have reported.
//!
//! Asks nobody because the house holds back, by rules that moderators set. Words are held by hiding them: their author
//! and the moderators read them, with a plain notice, and nothing about them is counted or told.

use diesel::prelude::*;
use serde_json::json;

use super::choices::ContentChoice;
use super::entry::{self, Entry};
use super::history;
use super::item::{ItemState, Kind, Subject, seek, seek_of};
use super::links;
use super::report::ReportState;
use super::settings::{DeskSettings, desk_settings};
use super::watch::{WatchAction, matching};
use super::{news, spam, standing, typing};
use crate::db::Tx;
use crate::db::schema::{report_reasons as reasons, reports, review_items as items};
use crate::forum;
use crate::kit::ids::{CategoryId, MemberId, PostId, ReviewItemId};
use crate::kit::{Event, Result, Stop};
use crate::members;
use crate::notifications::{self, Notice};
use crate::policy::{Action, Actor, Person, PostState, Roles, Trust};

/// Who holds.
const HOUSE: Actor = Actor::System("hold");

/// The joint for words that were written or changed: before anybody else is told of them.
///
/// # Errors
/// A problem with `body` where a watched word is refused.
pub fn hold_back(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::PostWritten {
            post,
            author,
            newcomer,
            ..
        } => {
            let new = *newcomer;
            look(tx, *post, *author, Came::Written { new })
        }
        // Whoever changed the words is judged, also where many may change them.
        Event::PostEdited {
            post, by: Some(by), ..
        } => look(tx, *post, *by, Came::Edited),
        Event::ThreadEdited {
            first,
            by: Some(by),
            ..
        } => look(tx, *first, *by, Came::Titled).map_err(|stop| at_field(stop, "title")),
        Event::PollAsked { post, by } => {
            look(tx, *post, *by, Came::Asked).map_err(|stop| at_field(stop, "poll_question"))
        }
        _ => Ok(()),
    }
}

/// The problem stands where it was typed.
fn at_field(stop: Stop, field: &'static str) -> Stop {
    match stop {
        Stop::Invalid(_) => Stop::invalid(field, "watched-word"),
        other => other,
    }
}

/// How words came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// `new`: by whom trust had not grown before these very words.
    Written {
        new: bool,
    },
    Edited,
    /// As another title over words that were there.
    Titled,
    /// As a poll under words that were there.
    Asked,
}

/// What is looked at.
struct Words {
    /// Words and the addresses behind them: a watched address hides behind any words.
    all: String,
    /// They lead to another site.
    away: bool,
    pictured: bool,
    category: CategoryId,
}

fn words(tx: &mut Tx<'_>, post: PostId, came: Came) -> Result<Words> {
    let said = forum::said(tx, post)?;
    if came == Came::Asked {
        let all = forum::poll_words(tx, post)?.unwrap_or_default().join("\n");
        return Ok(Words {
            away: links::any_leads_away(&tx.house().base_url, &all),
            all,
            pictured: false,
            category: said.category,
        });
    }
    let addresses: Vec<&str> = links::addresses(&said.html).collect();
    let home = &tx.house().base_url;
    Ok(Words {
        // Only so much is looked at: what a long text could push out of sight comes first.
        all: format!("{}\n{}\n{}", said.title, addresses.join("\n"), said.text),
        away: addresses.iter().any(|to| links::leads_away(home, to)),
        pictured: said.html.contains("<img "),
        category: said.category,
    })
}

/// Parts of what is held, by why it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBy {
    /// Posts, as they came.
    Posts,
    /// Posts that were let through and changed afterwards.
    Edits,
    /// What waits because its author is new.
    NewMembers,
}

impl HeldBy {
    /// The parts, and what filters call them.
    pub const ALL: [(&str, Self); 3] = [
        ("held_posts", Self::Posts),
        ("held_edits", Self::Edits),
        ("new_members", Self::NewMembers),
    ];

    /// The part that a filter's word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, held)| *held)
    }

    /// The reasons, as rows name them.
    pub(super) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Edits => &["edited"],
            Self::NewMembers => &["first_post", "link", "media", "too_fast"],
            Self::Posts => &[
                "first_post",
                "link",
                "media",
                "too_fast",
                "watched",
                "flagged",
                "category",
                "reports",
            ],
        }
    }
}

/// Nobody holds back those who hold back.
fn held_one(actor: &Actor) -> Option<&Person> {
    actor
        .person()
        .filter(|person| person.roles == Roles::default())
}

fn look(tx: &mut Tx<'_>, post: PostId, by: MemberId, came: Came) -> Result<()> {
    let rules = desk_settings(tx)?;
    let quiet = DeskSettings {
        auto_hide: rules.auto_hide,
        late_hours: rules.late_hours,
        public_log: rules.public_log,
        fast_seconds: rules.fast_seconds,
        ..DeskSettings::default()
    };
    if rules == quiet {
        return Ok(());
    }
    let actor = members::actor(tx, by)?;
    let Some(person) = held_one(&actor) else {
        return Ok(());
    };
    let words = words(tx, post, came)?;
    let mut flagged = false;
    for word in matching(tx, rules.words_version, &words.all)? {
        match word.action {
            WatchAction::Refuse => return Err(Stop::invalid("body", "watched-word")),
            WatchAction::Hold => return hold(tx, post, "watched", came),
            WatchAction::Flag => flagged = true,
        }
    }
    let fresh = matches!(came, Came::Written { .. });
    let newcomer = person.trust == Trust::New || came == Came::Written { new: true };
    let why = if rules.categories.contains(&words.category) && fresh {
        Some("category")
    } else if newcomer && rules.links && words.away {
        Some("link")
    } else if newcomer && rules.media && words.pictured {
        Some("media")
    } else if !fresh && rules.edits && was_let_through(tx, post)? {
        Some("edited")
    } else if fresh && rules.first_posts > 0 && newcomer {
        let before = forum::visible_posts_of(tx, by, rules.first_posts + 1)?;
        // The post itself is among them.
        (before <= rules.first_posts).then_some("first_post")
    } else {
        None
    };
    match why {
        Some(why) => hold(tx, post, why, came),
        None if flagged => open(tx, post, entry::FLAGGED).map(drop),
        None => Ok(()),
    }
}

fn was_let_through(tx: &mut Tx<'_>, post: PostId) -> Result<bool> {
    let item = seek_of(tx, Kind::Held, Subject::Post(post))?;
    Ok(item.is_some_and(|item| item.state == ItemState::Declined))
}

/// A newcomer's words that were typed faster than people type wait. `opened` is what the form says ([`super::opened_now`]);
/// words that do not say when somebody began them, a program's among them, count as fast.
///
/// # Errors
/// A fault where the database fails.
pub fn hold_if_fast(tx: &mut Tx<'_>, actor: &Actor, post: PostId, opened: &str) -> Result<()> {
    let rules = desk_settings(tx)?;
    let newcomer = held_one(actor).filter(|person| person.trust == Trust::New);
    let Some(person) = newcomer.filter(|_| rules.fast_seconds > 0) else {
        return Ok(());
    };
    let took = typing::seconds_since(tx, person.id, opened);
    if took.is_some_and(|took| took >= rules.fast_seconds) {
        return Ok(());
    }
    hold(tx, post, "too_fast", Came::Written { new: true })
}

/// Hides words until a moderator has looked. A thread's first words hide their thread as long as nobody else speaks in
/// it: what others said stays where it is, also outside. A title over them that has to wait is refused instead.
fn hold(tx: &mut Tx<'_>, post: PostId, why: &'static str, came: Came) -> Result<()> {
    let facts = forum::post_facts(tx, post)?;
    let first = forum::said(tx, post)?.number == 1;
    let others = first && forum::others_speak(tx, facts.thread.id, facts.author)?;
    if others && came == Came::Titled {
        return Err(Stop::invalid("title", "watched-word"));
    }
    if facts.state == PostState::Visible {
        forum::hide_post(tx, &HOUSE, post, Some(forum::HELD))?;
    }
    if first && !others && facts.thread.state == PostState::Visible {
        forum::hide_thread(tx, &HOUSE, facts.thread.id, None)?;
    }
    let item = open(tx, post, why)?;
    history::add(tx, item, None, "held", None)
}

fn open(tx: &mut Tx<'_>, post: PostId, why: &'static str) -> Result<ReviewItemId> {
    let facts = forum::post_facts(tx, post)?;
    let said = forum::said(tx, post)?;
    let hint = spam::hint(tx, &said.text)?;
    let opened = entry::open(
        tx,
        &Entry {
            kind: Kind::Held,
            subject: Subject::Post(post),
            author: facts.author,
            category: Some(facts.thread.category.id),
            thread: Some(facts.thread.id),
            priority: entry::USUAL,
            held_for: Some(why),
            hint,
        },
    )?;
    if opened.news {
        let path = ("held-new", "/desk/review?kind=held");
        news::waits(tx, opened.id, path, facts.author.as_slice())?;
    }
    Ok(opened.id)
}

/// Where enough established members have reported a post for reasons that count, it is hidden until a moderator has
/// looked. Never for reasons of law or in free words, and never what staff wrote.
pub(super) fn hide_by_reports(tx: &mut Tx<'_>, post: PostId, item: ReviewItemId) -> Result<()> {
    let rules = desk_settings(tx)?;
    if rules.auto_hide == 0 || was_cleared(tx, post, item)? {
        return Ok(());
    }
    let reporters: Vec<Option<MemberId>> = reports::table
        .inner_join(reasons::table.on(reasons::word.eq(reports::reason)))
        .filter(reports::item_id.eq(item))
        .filter(reports::state.eq(ReportState::Pending))
        .filter(reasons::counts.eq(true))
        .select(reports::reporter_id)
        .limit(100)
        .load(tx.conn)?;
    if (reporters.len() as i64) < rules.auto_hide {
        return Ok(());
    }
    let mut established = 0;
    for reporter in reporters.into_iter().flatten() {
        let actor = members::actor(tx, reporter)?;
        let counts = actor
            .person()
            .is_some_and(|p| p.trust == Trust::Established);
        // Whoever was silenced or suspended since does not hide what others say.
        if counts && actor.may(&Action::ReportMember).is_ok() {
            established += 1;
        }
    }
    let facts = forum::post_facts(tx, post)?;
    let staff = match facts.author {
        Some(author) => members::actor(tx, author)?.is_staff(),
        None => false,
    };
    if established < rules.auto_hide || staff || facts.state != PostState::Visible {
        return Ok(());
    }
    forum::hide_post(tx, &HOUSE, post, Some(forum::HELD))?;
    diesel::update(items::table.filter(items::id.eq(item)))
        .set(items::held_for.eq(Some("reports")))
        .execute(tx.conn)?;
    history::add(tx, item, None, "auto_hidden", None)?;
    match facts.author {
        Some(author) => notifications::tell(
            tx,
            &Notice {
                member: author,
                kind: "words-held",
                subject_kind: "member",
                subject_id: author.0,
                actor: None,
                data: json!({ "path": format!("/p/{post}") }),
                mail: true,
            },
        ),
        None => Ok(()),
    }
}

/// Did a moderator look at these very words and leave them standing? Then it takes another moderator to hide them.
fn was_cleared(tx: &mut Tx<'_>, post: PostId, item: ReviewItemId) -> Result<bool> {
    let Some(item) = seek(tx, item)? else {
        return Ok(false);
    };
    let kept = item
        .decided
        .is_some_and(|decided| decided.content == ContentChoice::Keep);
    let Some(at) = item.decided_at.filter(|_| kept) else {
        return Ok(false);
    };
    Ok(forum::worded_at(tx, post)?.is_none_or(|worded| worded <= at))
}

/// A decision about words that hid their thread concerns the thread, too.
pub(super) fn thread_follows(
    tx: &mut Tx<'_>,
    actor: &Actor,
    post: PostId,
    choice: ContentChoice,
) -> Result<()> {
    let facts = forum::post_facts(tx, post)?;
    let first = forum::said(tx, post)?.number == 1;
    let hidden = facts.thread.state == PostState::Hidden;
    // What was decided about the thread itself stands until it is taken back itself.
    if first
        && choice == ContentChoice::Keep
        && hidden
        && !standing::thread_stands(tx, facts.thread.id)?
    {
        forum::unhide_thread(tx, actor, facts.thread.id)?;
    }
    Ok(())
}
