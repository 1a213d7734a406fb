//! A thread's page with its position rail and reply box; permalinks; replying.
//!
//! Long because a thread's page and what is done on it are read together.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kept::kept;
use super::linked_data;
use super::pager::Pager;
use super::samples;
use crate::content;
use crate::db::Tx;
use crate::forum::{self, DraftWords, PER_PAGE, PostView, ThreadView};
use crate::highlights::{self, AnnouncementState, Place};
use crate::kit::ids::{PostId, ThreadId};
use crate::kit::{At, Problems, Result, Stop};
use crate::moderation;
use crate::notifications;
use crate::policy::{Action, Actor, PostState};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// How long a page waits for the writer before it goes out.
const NOTING: Duration = Duration::from_millis(300);

/// A page of a thread.
#[derive(Debug, Clone, Serialize)]
pub struct ThreadPage {
    thread: ThreadView,
    posts: Vec<PostView>,
    page: i64,
    page_path: String,
    /// What joins `page_path` and another field: `?` or `&`.
    join: &'static str,
    pager: Pager,
    rail: Rail,
    reply: ReplyBox,
    /// When the reply box was first shown, in seconds.
    shown: String,
    problems: Problems,
    #[serde(skip)]
    json_ld: Option<Value>,
}

/// Where in the thread this page stands.
#[derive(Debug, Clone, Serialize)]
struct Rail {
    first: i64,
    last: i64,
    of: i64,
    y: i64,
    h: i64,
    first_path: String,
    last_path: String,
    /// The first post that the reader has not read, where that is another page's or a later one.
    unread: i64,
    unread_path: String,
    started_at: At,
    last_at: At,
}

/// What stands in the reply box.
#[derive(Debug, Clone, Default, Serialize)]
struct ReplyBox {
    body: String,
    /// The id of the post that is answered, or empty.
    reply_to: String,
    /// Its number, or 0.
    reply_to_number: i64,
    /// Who wrote that, and how it begins.
    reply_to_author: String,
    reply_to_words: String,
    /// The highest number that stood in the thread when the form was made.
    seen: i64,
    /// Which saving of the draft stands in it.
    draft_revision: i64,
    /// Safe HTML of what was typed, after *Preview*.
    preview: String,
    /// What others said while this was being written.
    newer: Vec<PostView>,
    /// The writer may speak for the community.
    may_speak: bool,
    /// And does.
    official: bool,
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "forum/thread";

    fn head(&self) -> Head {
        let thread = &self.thread;
        let canonical = forum::thread_page_path(&thread.slug, thread.id, self.page);
        let mut head = Head::text(&thread.title)
            .article()
            .nav("latest")
            .canonical(&canonical)
            .lang(&thread.lang);
        if !thread.summary.is_empty() {
            head = head.description(&thread.summary);
        }
        if let Some(data) = &self.json_ld {
            head = head.json_ld(data.clone());
        }
        if !thread.public {
            return head.no_index();
        }
        let feed = |ending: &str| format!("{}.{ending}", thread.path);
        head.feed("RSS", &feed("rss"), "application/rss+xml")
            .feed("Atom", &feed("atom"), "application/atom+xml")
            .feed("JSON", &feed("json"), "application/feed+json")
    }

    fn samples() -> Vec<Self> {
        let usual = Self {
            rail: rail(&samples::thread(), 2),
            thread: samples::thread(),
            posts: vec![samples::post()],
            page: 2,
            page_path: "/t/a-kingfisher/12?page=2".to_owned(),
            join: "&",
            pager: Pager::numbered(2, 3, |n| format!("?page={n}")),
            reply: ReplyBox {
                body: "> quoted\n".to_owned(),
                reply_to: "88".to_owned(),
                reply_to_number: 2,
                reply_to_author: "Ruth Okoro".to_owned(),
                reply_to_words: "It sat on the bronze heron".to_owned(),
                seen: 43,
                draft_revision: 2,
                preview: "<p>quoted</p>".to_owned(),
                newer: vec![samples::post()],
                may_speak: true,
                official: true,
            },
            shown: "1790000000".to_owned(),
            problems: Problems::one("body", "body-missing"),
            json_ld: None,
        };
        let empty = Self {
            posts: Vec::new(),
            reply: ReplyBox::default(),
            problems: Problems::default(),
            pager: Pager::default(),
            ..usual.clone()
        };
        let worst = Self {
            thread: samples::worst_thread(),
            posts: samples::worst_posts(),
            ..usual.clone()
        };
        let shut = Self {
            thread: samples::worst_thread(),
            ..empty.clone()
        };
        vec![usual, empty, worst, shut]
    }
}

fn rail(thread: &ThreadView, page: i64) -> Rail {
    let of = thread.last_number.max(1);
    let first = ((page - 1) * PER_PAGE + 1).min(of);
    let last = (page * PER_PAGE).min(of);
    let percent = |n: i64| (n * 100).div_euclid(of).clamp(0, 100);
    let y = percent(first - 1);
    let unread = match thread.last_read {
        read @ 1.. if read < thread.last_number => read + 1,
        _ => 0,
    };
    Rail {
        first,
        last,
        of,
        y,
        h: (percent(last) - y).max(3),
        first_path: thread.path.clone(),
        last_path: forum::post_anchor_path(&thread.slug, thread.id, of),
        unread,
        unread_path: forum::post_anchor_path(&thread.slug, thread.id, unread),
        started_at: thread.created_at,
        last_at: thread.last_at,
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    page: Option<i64>,
    quote: Vec<i64>,
    reply_to: Option<i64>,
    draft: String,
}

/// The page of the thread that this address means.
pub async fn show(call: Call) -> Answer {
    let (id, slug): (ThreadId, String) = (call.segment("id")?, call.segment("slug")?);
    let asked: Asked = call.query()?;
    let base = call.app().config.base_url.clone();
    let read = Arc::new(Mutex::new(News::None));
    let told = read.clone();
    let answer = call
        .page(move |tx, viewer| {
            let page = asked.page.unwrap_or(1);
            let read = page_of(tx, viewer, id, page);
            let is_there = matches!(&read, Ok(page) if page.thread.state != PostState::Deleted);
            if !is_there && let Some(path) = merged_path(tx, viewer, id)? {
                return Ok(Shown::Moved(path));
            }
            let mut shown = read?;
            if slug != shown.thread.slug {
                let path = forum::thread_page_path(&shown.thread.slug, id, page);
                return Ok(Shown::Moved(path));
            }
            // A draft is shown even where it can no longer be sent: its writer may want the words.
            if shown.thread.can_reply || !asked.draft.is_empty() {
                begun(tx, viewer, id, &asked, &mut shown.reply)?;
            }
            if matches!(viewer.actor, Actor::Guest) {
                shown.json_ld = Some(linked_data::of(&shown.thread, &shown.posts, &base));
            }
            *told.lock().unwrap_or_else(PoisonError::into_inner) = news(viewer, &shown);
            Ok(shown.into())
        })
        .await?;
    let news = read.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((actor, number, told)) = news {
        note_read(&call, actor, id, number, told).await;
    }
    Ok(answer)
}

/// Where the first post of a thread stands now, if the thread was merged into another one.
fn merged_path(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId) -> Result<Option<String>> {
    let Some(into) = forum::merged_into(tx, &viewer.actor, id)? else {
        return Ok(None);
    };
    Ok(Some(match forum::address(tx, &viewer.actor, id, 1) {
        Ok(spot) => forum::post_anchor_path(&spot.slug, spot.thread, spot.number),
        Err(_) => forum::thread_line(tx, into)?.path,
    }))
}

/// Who read how far, and of which posts they had been told; where that is news.
type News = Option<(Actor, i64, Vec<i64>)>;

/// The last number of a page that a member has not read so far, and the notices that it answers.
fn news(viewer: &Viewer, page: &ThreadPage) -> News {
    viewer.actor.id()?;
    let last = page.posts.last()?.number;
    let told = page
        .posts
        .iter()
        .filter(|post| viewer.told_of.contains(&post.id));
    let told: Vec<i64> = told.map(|post| post.id.0).collect();
    let news = last > page.thread.last_read || page.thread.read_unopened || !told.is_empty();
    news.then(|| (viewer.actor.clone(), last, told))
}

/// Notes what was read. A page never fails for it and never waits long: what is in the queue is noted a moment later.
async fn note_read(call: &Call, actor: Actor, thread: ThreadId, number: i64, told: Vec<i64>) {
    let db = call.app().db.clone();
    let noting = db.write(move |tx| {
        if !told.is_empty() {
            notifications::seen(tx, &actor, "post", &told)?;
        }
        forum::read_to(tx, &actor, thread, number)
    });
    match tokio::time::timeout(NOTING, noting).await {
        Ok(Ok(_)) | Err(_) => {}
        Ok(Err(stop)) => tracing::debug!(%stop, "what was read was not noted"),
    }
}

/// A reply that begins with quotations, answers a post, or goes on with a draft.
fn begun(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: ThreadId,
    asked: &Asked,
    reply: &mut ReplyBox,
) -> Result<()> {
    if !asked.draft.is_empty() {
        return drafted(tx, viewer, id, reply);
    }
    let mut answered = None;
    for number in asked.quote.iter().take(QUOTES) {
        let (post, markdown) = forum::quote(tx, &viewer.actor, id, *number)?;
        reply.body.push_str(&markdown);
        answered = answered.or(Some(post));
    }
    if let Some(number) = asked.reply_to {
        answered = Some(forum::quote(tx, &viewer.actor, id, number)?.0);
    }
    match answered {
        Some(post) => answers(tx, viewer, post, reply),
        None => Ok(()),
    }
}

/// What was put aside here, or on another device.
fn drafted(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId, reply: &mut ReplyBox) -> Result<()> {
    let draft = match forum::draft_for(tx, &viewer.actor, Some(id)) {
        Ok(draft) => draft,
        // It was sent or discarded since the link was made.
        Err(Stop::Refused(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    reply.body = draft.body;
    reply.draft_revision = draft.revision;
    match draft.reply_to.parse() {
        Ok(post) => answers(tx, viewer, post, reply),
        Err(_) => Ok(()),
    }
}

/// Shows with a reply what it answers; a post that is gone meanwhile is not answered any more.
/// Whose post is answered, and how it begins, in a form that was made anew.
fn context(tx: &mut Tx<'_>, viewer: &Viewer, reply: &mut ReplyBox) -> Result<()> {
    match reply.reply_to.parse() {
        Ok(post) => answers(tx, viewer, post, reply),
        Err(_) => Ok(()),
    }
}

fn answers(tx: &mut Tx<'_>, viewer: &Viewer, post: PostId, reply: &mut ReplyBox) -> Result<()> {
    let view = match forum::post(tx, &viewer.actor, post) {
        Ok((_, view)) => view,
        Err(Stop::Refused(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    reply.reply_to = post.to_string();
    reply.reply_to_number = view.number;
    reply.reply_to_author = view.author.display;
    reply.reply_to_words = content::open_summary(&view.html, CONTEXT);
    Ok(())
}

/// Says under a post, to its author and to staff, where its words were carried outside and what became of it.
fn mark_announced(tx: &mut Tx<'_>, viewer: &Viewer, posts: &mut [PostView]) -> Result<()> {
    // Others are shown nothing of it, so nothing is asked for their sake.
    let all = viewer.can(&Action::SeeOutreach);
    let mine = |post: &&PostView| all || Some(post.author.id) == viewer.actor.id();
    let ids: Vec<_> = posts
        .iter()
        .filter(|post| mine(post))
        .map(|post| post.id)
        .collect();
    let mut marks = highlights::announced_marks(tx, &viewer.actor, &ids)?;
    // A channel says where a thing stands; a script is no place.
    let leads = |url: &String| {
        ["https://", "http://", "/"]
            .iter()
            .any(|way| url.starts_with(way))
    };
    for post in posts {
        for mark in marks.remove(&post.id).unwrap_or_default() {
            let own_page =
                mark.kind == Place::PAGE.as_str() && mark.state == AnnouncementState::Sent;
            let href = mark.url.filter(leads);
            post.announced.push(forum::Announced {
                href: match href {
                    Some(url) if mark.state == AnnouncementState::Sent => url,
                    _ if own_page => "/announcements".to_owned(),
                    _ => String::new(),
                },
                channel: mark.channel,
                at: mark.at,
                state: mark.state.as_str(),
                withdrawn_at: mark.withdrawn_at,
                corrections: mark.corrections,
            });
        }
    }
    Ok(())
}

/// Posts that one reply quotes from the start, and characters of the one it answers that are shown with it.
const QUOTES: usize = 10;
const CONTEXT: usize = 160;
/// Replies that came while somebody was writing, shown at once.
const NEWER: i64 = 10;

fn page_of(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId, page: i64) -> Result<ThreadPage> {
    let mut read = forum::thread_page(tx, &viewer.actor, id, page)?;
    mark_announced(tx, viewer, &mut read.posts)?;
    super::reactions::offer(&viewer.settings, &mut read.posts);
    let slug = read.thread.slug.clone();
    let reply = ReplyBox {
        seen: read.thread.counter,
        may_speak: viewer.actor.is_staff(),
        ..ReplyBox::default()
    };
    let can_reply = read.thread.can_reply;
    Ok(ThreadPage {
        page_path: forum::thread_page_path(&slug, id, page),
        join: if page > 1 { "&" } else { "?" },
        pager: Pager::numbered(page, read.pages, |n| forum::thread_page_path(&slug, id, n)),
        rail: rail(&read.thread, page),
        thread: read.thread,
        posts: read.posts,
        page,
        reply,
        // Whoever cannot reply is sent the same page at any second.
        shown: if can_reply {
            moderation::opened_now(tx, &viewer.actor)
        } else {
            String::new()
        },
        problems: Problems::default(),
        json_ld: None,
    })
}

/// The last page, where a reply that was not taken is shown again.
fn last_page(tx: &mut Tx<'_>, viewer: &Viewer, id: ThreadId) -> Result<ThreadPage> {
    let thread = forum::thread_view(tx, &viewer.actor, id)?;
    let last = forum::page_of(thread.last_number);
    page_of(tx, viewer, id, last)
}

/// A permalink: leads to the post's place on its page, wherever it stands now.
pub async fn permalink(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let number: i64 = call.segment("number")?;
    let came: Came = call.query()?;
    call.page(move |tx, viewer| {
        let spot = forum::address(tx, &viewer.actor, id, number)?;
        let mut path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
        let is_code = |c: char| c.is_ascii_alphanumeric();
        if !came.via.is_empty() && came.via.len() <= 32 && came.via.chars().all(is_code) {
            path = crate::web::bridge::link::via(&path, &came.via);
        }
        Ok(Shown::see(path))
    })
    .await
}

/// The link code that somebody came by; it goes along, so that a sign-up knows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Came {
    via: String,
}

/// A post by its id: leads to its permalink.
pub async fn by_id(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.page(move |tx, viewer| {
        let spot = forum::spot(tx, &viewer.actor, id)?;
        let path = forum::post_path(&spot.slug, spot.thread, spot.number);
        Ok(Shown::see(path))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReplyForm {
    body: String,
    reply_to: String,
    reply_to_number: String,
    seen: String,
    draft_revision: String,
    official: String,
    draft: String,
    shown: String,
    preview: String,
}

impl ReplyForm {
    fn draft(&self, thread: ThreadId) -> DraftWords {
        DraftWords {
            thread: Some(thread),
            body: self.body.clone(),
            reply_to: self.reply_to.clone(),
            ..DraftWords::default()
        }
    }

    /// What was typed, in the form of a page that was made anew.
    fn refilled(&self, problems: &Problems, fresh: ReplyBox) -> ReplyBox {
        // A post that can no longer be answered would keep the reply from ever being sent.
        let answers = problems.of("reply_to").is_none();
        let number = self.reply_to_number.parse().unwrap_or(0);
        ReplyBox {
            body: self.body.clone(),
            reply_to: if answers {
                self.reply_to.clone()
            } else {
                String::new()
            },
            reply_to_number: if answers { number } else { 0 },
            draft_revision: self.draft_revision.parse().unwrap_or(0),
            official: !self.official.is_empty(),
            ..fresh
        }
    }
}

/// Replies, or shows what the reply will look like.
pub async fn reply(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let form: ReplyForm = call.form()?;
    let words = super::words::read(&call, &form.body).await?;
    if !form.preview.is_empty() {
        return call
            .page(move |tx, viewer| {
                let mut page = last_page(tx, viewer, id)?;
                let problems = words.clone().err().unwrap_or_default();
                let fresh = std::mem::take(&mut page.reply);
                page.reply = form.refilled(&problems, fresh);
                context(tx, viewer, &mut page.reply)?;
                // Looking at one's own words is no reading of others': they are still told of when it is sent.
                page.reply.seen = form.seen.parse().unwrap_or(page.reply.seen);
                if !form.shown.is_empty() {
                    page.shown.clone_from(&form.shown);
                }
                if let Ok(words) = &words {
                    page.reply.preview = words.html().to_owned();
                }
                page.problems = problems;
                Ok(page.into())
            })
            .await;
    }
    let reply_to = form.reply_to.parse().ok();
    let typed = form.clone();
    let shown = form.shown.clone();
    call.submit(
        move |tx, viewer| {
            if !form.draft.is_empty() {
                return super::drafts::put_aside(tx, viewer, &form.draft(id), &form.draft_revision);
            }
            let words = words.clone()?;
            if let Ok(seen) = form.seen.parse()
                && forum::answered_since(tx, &viewer.actor, id, seen)?
            {
                return Err(Stop::invalid("seen", "replies-came"));
            }
            let done = kept(forum::reply(tx, &viewer.actor, id, &words, reply_to))?;
            if !form.official.is_empty() {
                forum::set_official(tx, &viewer.actor, done.post, true)?;
            }
            moderation::hold_if_fast(tx, &viewer.actor, done.post, &shown)?;
            Ok(See::to(done.path()).flash("reply-written"))
        },
        move |tx, viewer, problems| {
            let mut page = last_page(tx, viewer, id)?;
            let fresh = std::mem::take(&mut page.reply);
            page.reply = typed.refilled(problems, fresh);
            context(tx, viewer, &mut page.reply)?;
            if problems.of("seen").is_some() {
                let seen = typed.seen.parse().unwrap_or(0);
                let (_, mut newer, _) = forum::posts_after(tx, &viewer.actor, id, seen, NEWER)?;
                newer.retain(|post| {
                    Some(post.author.id) != viewer.actor.id() && !post.author.ignored
                });
                page.reply.newer = newer;
            }
            page.problems = problems.clone();
            Ok(page.into())
        },
    )
    .await
}
