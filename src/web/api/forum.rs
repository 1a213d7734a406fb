//! Categories, threads and posts for programs. Every answer is an allow-list of its own: nothing is sent because a
//! row happens to hold it.
//!
//! Long because every shape stands beside the address that sends or takes it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::forum_shapes::{ApiAuthor, ApiPost, author, post};
use crate::db::Tx;
use crate::forum::{
    self, CategoryDraft, Grant, Heading, Listing, NewThread, Tags, ThreadItem, ThreadView, Title,
    Who, Words,
};
use crate::kit::ids::{CategoryId, GroupId, PostId, ThreadId};
use crate::kit::{Problems, Refusal, Result};
use crate::moderation;
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Send it as `after` for the next page; null where there is none.
    pub next: Option<String>,
}

/// Where a list goes on, and how long a page is.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(default)]
pub struct Paging {
    /// What the page before gave as `next`.
    after: Option<String>,
    /// 1 to 100; 30 if not given.
    limit: Option<i64>,
    /// Threads of this category only.
    category: Option<i64>,
    /// Threads with this tag only.
    tag: Option<String>,
    /// `new` (never opened) or `unread` (followed, with unread posts), for members.
    filter: Option<String>,
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiCategory {
    id: i64,
    parent_id: Option<i64>,
    name: String,
    slug: String,
    description: String,
    colour: String,
    lang: String,
    url: String,
    thread_count: i64,
    post_count: i64,
    last_post_at: Option<String>,
    public: bool,
    closed: bool,
    nominable: bool,
    tag_limit: i64,
    allowed_tags: String,
    may_start: bool,
    revision: i64,
}

/// A thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiThread {
    id: i64,
    category_id: i64,
    title: String,
    slug: String,
    url: String,
    tags: Vec<String>,
    author: Option<ApiAuthor>,
    locked: bool,
    pinned: bool,
    /// One reply is marked as the answer.
    solved: bool,
    /// Only for one thread, not in lists: what stands on its page besides.
    #[serde(flatten)]
    more: Option<ApiThreadMore>,
    post_count: i64,
    /// The last number that the caller read; 0 where it was never opened.
    last_read_number: i64,
    /// Posts after that one, where the thread was opened.
    unread_count: i64,
    created_at: String,
    last_post_at: String,
    /// `visible`, `hidden` or `deleted`; in lists always the first.
    state: &'static str,
    /// Send it with PATCH; 0 in lists.
    revision: i64,
}

/// What is told of one thread and not of each in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiThreadMore {
    /// Takes no replies and is kept as it is.
    archived: bool,
    /// Stands in no list.
    unlisted: bool,
    /// Seconds that a member waits between two replies; 0 for none.
    slow_seconds: i64,
    /// The number of the post that is marked as the answer.
    answer_number: Option<i64>,
    /// `watching`, `tracking`, `normal` or `muted`; null for guests.
    level: Option<&'static str>,
}

pub(super) fn category(tx: &Tx<'_>, actor: &Actor, category: &forum::Category) -> ApiCategory {
    ApiCategory {
        id: category.id.0,
        parent_id: category.parent.map(|id| id.0),
        name: category.name.clone(),
        slug: category.slug.clone(),
        description: category.description.clone(),
        colour: category.colour.clone(),
        lang: category.lang.clone(),
        url: tx.link(&category.path()),
        thread_count: category.thread_count,
        post_count: category.post_count,
        last_post_at: category.last_post_at.map(crate::kit::At::rfc3339),
        public: category.facts.is_public(),
        closed: category.facts.closed,
        nominable: category.facts.nominable,
        tag_limit: category.tag_limit,
        allowed_tags: category.allowed_tags.clone(),
        may_start: actor.can(&Action::Start(&category.facts)),
        revision: category.revision,
    }
}

fn item(tx: &Tx<'_>, item: ThreadItem) -> ApiThread {
    ApiThread {
        id: item.id.0,
        category_id: item.category.id.0,
        url: tx.link(&item.path),
        title: item.title,
        slug: item.slug,
        tags: item.tags.into_iter().map(|tag| tag.name).collect(),
        author: author(&item.author),
        locked: item.locked,
        pinned: item.pinned,
        solved: item.solved,
        more: None,
        post_count: item.replies + 1,
        last_read_number: item.last_read,
        unread_count: item.unread,
        created_at: item.created_at.rfc3339(),
        last_post_at: item.last_at.rfc3339(),
        state: "visible",
        revision: 0,
    }
}

fn thread(tx: &Tx<'_>, view: ThreadView) -> ApiThread {
    ApiThread {
        id: view.id.0,
        category_id: view.category.id.0,
        url: tx.link(&view.path),
        title: view.title,
        slug: view.slug,
        tags: view.tags.into_iter().map(|tag| tag.name).collect(),
        author: author(&view.author),
        locked: view.locked,
        pinned: view.pinned,
        solved: view.answer.is_some(),
        more: Some(ApiThreadMore {
            archived: view.archived,
            unlisted: view.unlisted,
            slow_seconds: view.slow,
            answer_number: view.answer.as_ref().map(|answer| answer.number),
            level: view.level.map(forum::Level::as_str),
        }),
        post_count: view.post_count,
        last_read_number: view.last_read,
        unread_count: view.unread,
        created_at: view.created_at.rfc3339(),
        last_post_at: view.last_at.rfc3339(),
        state: view.state.as_str(),
        revision: view.revision,
    }
}

fn read_thread(tx: &mut Tx<'_>, actor: &Actor, id: ThreadId) -> Result<ApiThread> {
    let view = forum::thread_view(tx, actor, id)?;
    Ok(thread(tx, view))
}

fn read_post(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> Result<ApiPost> {
    let (heading, view) = forum::post(tx, actor, id)?;
    Ok(post(tx, heading.id, view))
}

/// Every category that you can see.
#[utoipa::path(get, path = "/api/v1/categories", tag = "forum", responses((status = 200, body = List<ApiCategory>)))]
pub async fn categories(call: Call) -> Answer {
    call.api_read(|tx, viewer| {
        let places = forum::places(tx)?;
        let sees = |c: &&forum::Category| viewer.can(&Action::SeeCategory(&c.facts));
        let items = places.iter().filter(sees);
        let items: Vec<ApiCategory> = items.map(|c| category(tx, &viewer.actor, c)).collect();
        Ok(List { items, next: None })
    })
    .await
}

/// A category to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    colour: Option<String>,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    parent_id: Option<i64>,
    #[serde(default)]
    nominable: Option<bool>,
    #[serde(default)]
    closed: bool,
    /// The most tags that a thread in it has, 0 to 5.
    #[serde(default)]
    tag_limit: Option<i64>,
    /// The only tags that its threads have, separated by commas; empty: any.
    #[serde(default)]
    allowed_tags: String,
    /// Who may do what; without any, everybody sees, members reply and start.
    #[serde(default)]
    grants: Vec<NewGrant>,
}

/// One line of grants.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// `everyone`, `members` or `group`.
    #[schema(value_type = String)]
    who: Who,
    #[serde(default)]
    group_id: Option<i64>,
    #[serde(default)]
    see: bool,
    #[serde(default)]
    reply: bool,
    #[serde(default)]
    start: bool,
    #[serde(default)]
    moderate: bool,
}

impl NewCategory {
    fn draft(&self) -> CategoryDraft {
        let plain = CategoryDraft::default();
        let grants = self.grants.iter().map(|g| Grant {
            who: g.who,
            group: g.group_id.map(GroupId),
            see: g.see,
            reply: g.reply,
            start: g.start,
            moderate: g.moderate,
        });
        CategoryDraft {
            parent: self.parent_id.map(CategoryId),
            name: self.name.clone(),
            description: self.description.clone(),
            colour: self.colour.clone().unwrap_or_else(|| plain.colour.clone()),
            lang: self.lang.clone(),
            nominable: self.nominable.unwrap_or(plain.nominable),
            closed: self.closed,
            tag_limit: self.tag_limit.unwrap_or(plain.tag_limit),
            allowed_tags: self.allowed_tags.clone(),
            grants: grants.collect(),
        }
    }
}

/// Makes a category (admins).
#[utoipa::path(post, path = "/api/v1/categories", tag = "forum", request_body = NewCategory, responses((status = 201, body = ApiCategory)))]
pub async fn create_category(call: Call) -> Answer {
    let new: NewCategory = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let id = forum::create_category(tx, &viewer.actor, &new.draft())?;
        let places = forum::places(tx)?;
        Ok(category(tx, &viewer.actor, places.find(id)?))
    })
    .await
}

/// The threads that you can see, last activity first.
#[utoipa::path(get, path = "/api/v1/threads", tag = "forum", params(Paging), responses((status = 200, body = List<ApiThread>)))]
pub async fn threads(call: Call) -> Answer {
    let asked: Paging = call.query()?;
    call.api_read(move |tx, viewer| {
        let places = forum::places(tx)?;
        let listing = match (asked.category, &asked.tag, asked.filter.as_deref()) {
            (Some(id), _, None) => Listing::Category(CategoryId(id)),
            (None, Some(tag), None) => {
                Listing::Tag(forum::seen_tag(tx, &viewer.actor, &places, tag)?.0)
            }
            (None, None, None) => Listing::Latest,
            (None, None, Some("new")) => {
                let standing = forum::standing(tx, &viewer.actor, &places, viewer.joined)?;
                Listing::Fresh(standing.ok_or(Refusal::SignInFirst)?.since)
            }
            (None, None, Some("unread")) => {
                viewer.actor.id().ok_or(Refusal::SignInFirst)?;
                Listing::Unread
            }
            _ => return Err(Refusal::Unreadable("filter").into()),
        };
        let (after, most) = (asked.after.as_deref(), asked.limit.unwrap_or(30));
        let list = forum::list(tx, &viewer.actor, &places, listing, after, most)?;
        Ok(List {
            items: list.items.into_iter().map(|i| item(tx, i)).collect(),
            next: list.next,
        })
    })
    .await
}

/// A thread to be started.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartThread {
    category_id: i64,
    title: String,
    body: String,
    #[serde(default)]
    tags: Vec<String>,
}

/// A thread that was started, with its first post.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedThread {
    #[serde(flatten)]
    thread: ApiThread,
    first_post: ApiPost,
}

/// Starts a thread.
#[utoipa::path(post, path = "/api/v1/threads", tag = "forum", request_body = StartThread, responses((status = 201, body = StartedThread)))]
pub async fn start(call: Call) -> Answer {
    let new: StartThread = call.json()?;
    let words = words(&call, &new.body).await?;
    call.api_write(201, move |tx, viewer| {
        let mut problems = Problems::default();
        let mut note = |found: Problems| problems.0.extend(found.0);
        let title = Title::parse(&new.title).map_err(&mut note).ok();
        let tags = Tags::of(&new.tags).map_err(&mut note).ok();
        let words = words.clone().map_err(&mut note).ok();
        let (Some(title), Some(tags), Some(words)) = (title, tags, words) else {
            return Err(problems.into());
        };
        let thread = NewThread {
            category: CategoryId(new.category_id),
            title,
            words,
            tags,
        };
        let started = forum::start(tx, &viewer.actor, &thread)?;
        moderation::hold_if_fast(tx, &viewer.actor, started.post, "")?;
        Ok(StartedThread {
            thread: read_thread(tx, &viewer.actor, started.thread)?,
            first_post: read_post(tx, &viewer.actor, started.post)?,
        })
    })
    .await
}

async fn words(call: &Call, body: &str) -> Result<Result<Words, Problems>> {
    crate::web::forum::words::read(call, body).await
}

/// One thread.
#[utoipa::path(get, path = "/api/v1/threads/{id}", tag = "forum", params(("id" = i64, Path)), responses((status = 200, body = ApiThread)))]
pub async fn show_thread(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    call.api_read(move |tx, viewer| read_thread(tx, &viewer.actor, id))
        .await
}

/// What is to change in a thread; what is not named stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeThread {
    /// The revision that you had read; needed for title and tags.
    revision: i64,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    /// Moderators.
    #[serde(default)]
    locked: Option<bool>,
    /// Moderators.
    #[serde(default)]
    pinned: Option<bool>,
    /// Moderators: moves it.
    #[serde(default)]
    category_id: Option<i64>,
}

/// Changes a thread.
#[utoipa::path(patch, path = "/api/v1/threads/{id}", tag = "forum", params(("id" = i64, Path)), request_body = ChangeThread, responses((status = 200, body = ApiThread), (status = 409, description = "Somebody else changed it meanwhile")))]
pub async fn change_thread(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let change: ChangeThread = call.json()?;
    call.api_write(200, move |tx, viewer| {
        let actor = &viewer.actor;
        let now = forum::thread_view(tx, actor, id)?;
        if now.revision != change.revision {
            return Err(Refusal::Stale.into());
        }
        if change.title.is_some() || change.tags.is_some() {
            let before: Vec<String> = now.tags.iter().map(|tag| tag.name.clone()).collect();
            let heading = Heading {
                title: Title::parse(change.title.as_deref().unwrap_or(&now.title))?,
                tags: Tags::of(change.tags.as_deref().unwrap_or(&before))?,
                revision: change.revision,
            };
            forum::edit_thread(tx, actor, id, &heading)?;
        }
        match change.locked.filter(|locked| *locked != now.locked) {
            Some(true) => forum::lock_thread(tx, actor, id, None)?,
            Some(false) => forum::unlock_thread(tx, actor, id)?,
            None => {}
        }
        match change.pinned.filter(|pinned| *pinned != now.pinned) {
            Some(true) => forum::pin_thread(tx, actor, id)?,
            Some(false) => forum::unpin_thread(tx, actor, id)?,
            None => {}
        }
        if let Some(to) = change
            .category_id
            .map(CategoryId)
            .filter(|to| *to != now.category.id)
        {
            forum::move_thread(tx, actor, id, to, None)?;
        }
        read_thread(tx, actor, id)
    })
    .await
}

/// The posts of a thread, by number.
#[utoipa::path(get, path = "/api/v1/threads/{id}/posts", tag = "forum", params(("id" = i64, Path), Paging), responses((status = 200, body = List<ApiPost>)))]
pub async fn posts(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let asked: Paging = call.query()?;
    call.api_read(move |tx, viewer| {
        let after: i64 = match &asked.after {
            None => 0,
            Some(text) => text.parse().map_err(|_| Refusal::Unreadable("cursor"))?,
        };
        let most = asked.limit.unwrap_or(30);
        let (heading, views, next) = forum::posts_after(tx, &viewer.actor, id, after, most)?;
        Ok(List {
            items: views.into_iter().map(|v| post(tx, heading.id, v)).collect(),
            next: next.map(|number| number.to_string()),
        })
    })
    .await
}

/// A reply.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteReply {
    body: String,
    /// The id of the post that it answers.
    #[serde(default)]
    reply_to: Option<i64>,
}

/// Replies in a thread.
#[utoipa::path(post, path = "/api/v1/threads/{id}/posts", tag = "forum", params(("id" = i64, Path)), request_body = WriteReply, responses((status = 201, body = ApiPost)))]
pub async fn reply(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let new: WriteReply = call.json()?;
    let words = words(&call, &new.body).await?;
    call.api_write(201, move |tx, viewer| {
        let reply_to = new.reply_to.map(PostId);
        let done = forum::reply(tx, &viewer.actor, id, &words.clone()?, reply_to)?;
        moderation::hold_if_fast(tx, &viewer.actor, done.post, "")?;
        read_post(tx, &viewer.actor, done.post)
    })
    .await
}

/// One post.
#[utoipa::path(get, path = "/api/v1/posts/{id}", tag = "forum", params(("id" = i64, Path)), responses((status = 200, body = ApiPost)))]
pub async fn show_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.api_read(move |tx, viewer| read_post(tx, &viewer.actor, id))
        .await
}

/// New words for a post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePost {
    body: String,
    /// The revision that you had read.
    revision: i64,
    /// What you changed, for the history.
    #[serde(default)]
    note: String,
}

/// Edits a post.
#[utoipa::path(patch, path = "/api/v1/posts/{id}", tag = "forum", params(("id" = i64, Path)), request_body = ChangePost, responses((status = 200, body = ApiPost), (status = 409, description = "Somebody else changed it meanwhile")))]
pub async fn change_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let change: ChangePost = call.json()?;
    let words = words(&call, &change.body).await?;
    call.api_write(200, move |tx, viewer| {
        let (actor, words) = (&viewer.actor, words.clone()?);
        forum::edit_post(tx, actor, id, &words, change.revision, &change.note)?;
        read_post(tx, actor, id)
    })
    .await
}
