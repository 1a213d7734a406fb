//! What moderators do to threads, posts and people, and what members read of it, for programs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forum::List;
use crate::db::Tx;
use crate::forum::{self, Title};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{CategoryId, DecisionId, MediaId, PostId, ReviewItemId, ThreadId};
use crate::kit::{At, Refusal, Result, Stop};
use crate::moderation::{self, Because, ContentChoice};
use crate::web::{Answer, Call};

/// Decisions on one page.
const PER_PAGE: i64 = 30;

/// What is done to a thread or post.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeskAct {
    /// Why; the author reads it. Hiding, deleting and removing what is somebody else's needs this or a rule.
    reason: String,
    /// The number of the rule of the community guidelines that it rests on.
    rule: Option<i64>,
    /// For `slow`: seconds between two posts of one member.
    seconds: Option<i64>,
    /// For `split`: numbers of posts.
    posts: Vec<i64>,
    /// For `split`: the new thread's title.
    title: String,
    /// For `merge`: the thread to merge into.
    into: Option<i64>,
    /// For `move`: the category.
    category_id: Option<i64>,
}

impl DeskAct {
    fn because(&self, tx: &mut Tx<'_>) -> Result<Because> {
        Ok(Because {
            reason: self.reason.trim().to_owned(),
            rule: moderation::rule_today(tx, self.rule)?,
            item: None,
        })
    }
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskDone {
    /// The thread that it is about now: the new one after a split, the other one after a merge.
    thread_id: i64,
}

/// Does something to a thread: `lock`, `unlock`, `pin`, `unpin`, `archive`, `unarchive`, `unlist`, `list`, `slow`, `hide`,
/// `unhide`, `delete`, `restore`, `move`, `split` or `merge`.
#[utoipa::path(post, path = "/api/v1/threads/{id}/acts/{act}", tag = "moderation", params(("id" = i64, Path), ("act" = String, Path)),
    request_body = DeskAct, responses((status = 200, body = DeskDone), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn thread(call: Call) -> Answer {
    let (id, act): (ThreadId, String) = (call.segment("id")?, call.segment("act")?);
    let body: DeskAct = call.json_if_any()?;
    call.api_write(200, move |tx, viewer| {
        let (actor, reason) = (&viewer.actor, Some(body.reason.as_str()));
        let because = body.because(tx)?;
        let treat = |tx: &mut Tx<'_>, choice| {
            moderation::treat_thread(tx, actor, id, choice, &because).map(drop)
        };
        let mut now = id;
        match act.as_str() {
            "lock" => forum::lock_thread(tx, actor, id, reason)?,
            "unlock" => forum::unlock_thread(tx, actor, id)?,
            "pin" => forum::pin_thread(tx, actor, id)?,
            "unpin" => forum::unpin_thread(tx, actor, id)?,
            "archive" => forum::archive_thread(tx, actor, id, reason)?,
            "unarchive" => forum::unarchive_thread(tx, actor, id)?,
            "unlist" => forum::unlist_thread(tx, actor, id, reason)?,
            "list" => forum::list_thread(tx, actor, id)?,
            "slow" => forum::slow_thread(tx, actor, id, body.seconds.unwrap_or(0), reason)?,
            "hide" => treat(tx, ContentChoice::Hide)?,
            "delete" => treat(tx, ContentChoice::Delete)?,
            "unhide" | "restore" => treat(tx, ContentChoice::Keep)?,
            "move" => {
                let to = body
                    .category_id
                    .ok_or_else(|| Stop::invalid("category_id", "needed"))?;
                forum::move_thread(tx, actor, id, CategoryId(to), reason)?;
            }
            "split" => {
                let title = Title::parse(&body.title)?;
                now = forum::split_thread(tx, actor, id, &body.posts, &title, reason)?;
            }
            "merge" => {
                let into = body.into.ok_or_else(|| Stop::invalid("into", "needed"))?;
                now = ThreadId(into);
                forum::merge_threads(tx, actor, id, now, reason)?;
            }
            _ => return Err(Refusal::NotFound.into()),
        }
        Ok(DeskDone { thread_id: now.0 })
    })
    .await
}

/// Does something to a post: `hide`, `unhide`, `delete` or `restore`. Words are returned to be changed by deciding their entry
/// of the queue, to which they then come back.
#[utoipa::path(post, path = "/api/v1/posts/{id}/acts/{act}", tag = "moderation", params(("id" = i64, Path), ("act" = String, Path)),
    request_body = DeskAct, responses((status = 200, body = DeskDone), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn post(call: Call) -> Answer {
    let (id, act): (PostId, String) = (call.segment("id")?, call.segment("act")?);
    let body: DeskAct = call.json_if_any()?;
    call.api_write(200, move |tx, viewer| {
        let choice = match act.as_str() {
            "hide" => ContentChoice::Hide,
            "delete" => ContentChoice::Delete,
            "unhide" | "restore" => ContentChoice::Keep,
            _ => return Err(Refusal::NotFound.into()),
        };
        let because = body.because(tx)?;
        if !moderation::treat_post(tx, &viewer.actor, id, choice, &because)? {
            return Err(Refusal::WrongState("done").into());
        }
        let thread_id = forum::post_facts(tx, id)?.thread.id.0;
        Ok(DeskDone { thread_id })
    })
    .await
}

/// Why somebody else's post is deleted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct WhyDeleted {
    reason: String,
    rule: Option<i64>,
}

/// Deletes a post. Somebody else's is deleted by moderators, who say why: in words, by the number of a rule, or both.
#[utoipa::path(delete, path = "/api/v1/posts/{id}", tag = "forum", params(("id" = i64, Path), ("reason" = Option<String>, Query), ("rule" = Option<i64>, Query)), responses((status = 204), (status = 404), (status = 409), (status = 422)))]
pub async fn delete_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let why: WhyDeleted = call.query()?;
    call.api_write(204, move |tx, viewer| {
        let actor = &viewer.actor;
        let author = forum::post_facts(tx, id)?.author;
        if author.is_some() && author == actor.id() {
            return forum::delete_post(tx, actor, id, None);
        }
        let because = Because {
            reason: why.reason.trim().to_owned(),
            rule: moderation::rule_today(tx, why.rule)?,
            item: None,
        };
        if moderation::treat_post(tx, actor, id, ContentChoice::Delete, &because)? {
            return Ok(());
        }
        Err(Refusal::WrongState("done").into())
    })
    .await
}

/// Removes a picture, and every copy of it, from sight.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/removal", tag = "moderation", params(("id" = i64, Path)),
    request_body = DeskAct, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn remove_picture(call: Call) -> Answer {
    let id: MediaId = call.segment("id")?;
    let body: DeskAct = call.json_if_any()?;
    call.api_write(204, move |tx, viewer| {
        let because = body.because(tx)?;
        moderation::remove_picture(tx, &viewer.actor, id, &because)
    })
    .await
}

/// Brings a removed picture back.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}/removal", tag = "moderation", params(("id" = i64, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn bring_picture_back(call: Call) -> Answer {
    let id: MediaId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        moderation::bring_picture_back(tx, &viewer.actor, id)
    })
    .await
}

/// A decision about your words or account.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiTold {
    id: i64,
    what: String,
    post_id: Option<i64>,
    thread_id: Option<i64>,
    title: Option<String>,
    original: Option<String>,
    reason: Option<String>,
    rule: Option<i64>,
    at: String,
    undone_at: Option<String>,
    appeal_until: String,
    /// `pending`, `granted` or `refused`, where you appealed.
    appeal: Option<&'static str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// What was decided about your words and account.
#[utoipa::path(get, path = "/api/v1/decisions", tag = "moderation", params(("after" = Option<String>, Query)),
    responses((status = 200, body = List<ApiTold>), (status = 401)))]
pub async fn decisions(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let before = Cursor::decode(&asked.after).and_then(|cursor| cursor.as_one());
        let before = before.map(DecisionId);
        let mut found = moderation::my_decisions(tx, &viewer.actor, before, PER_PAGE + 1)?;
        let next = Cursor::turn(&mut found, PER_PAGE, |(last, _)| Cursor::one(last.id.0))
            .map(|next| next.encode());
        let items = found
            .into_iter()
            .map(|(told, appeal)| ApiTold {
                id: told.id.0,
                appeal_until: told.appeal_until().rfc3339(),
                what: told.what,
                post_id: told.post.map(|id| id.0),
                thread_id: told.thread.map(|id| id.0),
                title: told.title,
                original: told.original,
                reason: told.reason,
                rule: told.rule.1,
                at: told.at.rfc3339(),
                undone_at: told.undone_at.map(At::rfc3339),
                appeal: appeal.map(|appeal| appeal.state.as_str()),
            })
            .collect();
        Ok(List { items, next })
    })
    .await
}

/// Your appeal, or the answer to one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealWords {
    words: String,
}

/// An entry of the queue that an appeal opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppealMade {
    review_item_id: i64,
}

/// Appeals against a decision, once, within twenty days.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/appeal", tag = "moderation", params(("id" = i64, Path)),
    request_body = AppealWords, responses((status = 201, body = AppealMade), (status = 404), (status = 409), (status = 422)))]
pub async fn appeal(call: Call) -> Answer {
    let id: DecisionId = call.segment("id")?;
    let body: AppealWords = call.json()?;
    call.api_write(201, move |tx, viewer| {
        let item = moderation::appeal(tx, &viewer.actor, id, &body.words)?;
        Ok(AppealMade {
            review_item_id: item.0,
        })
    })
    .await
}

/// The answer to an appeal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealVerdict {
    /// Is the decision taken back?
    granted: bool,
    /// What the member reads.
    words: String,
    /// The version of the entry that was read; where it is given and has moved on, nothing is done.
    #[serde(default)]
    version: Option<i64>,
}

/// Answers an appeal; whoever decided before is refused.
#[utoipa::path(post, path = "/api/v1/review-items/{id}/appeal", tag = "moderation", params(("id" = i64, Path)),
    request_body = AppealVerdict, responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn answer_appeal(call: Call) -> Answer {
    let id: ReviewItemId = call.segment("id")?;
    let body: AppealVerdict = call.json()?;
    call.api_write(204, move |tx, viewer| -> Result<()> {
        let version = moderation::item(tx, &viewer.actor, id)?.version;
        let verdict = (body.version.unwrap_or(version), body.granted);
        moderation::answer_appeal(tx, &viewer.actor, id, verdict, &body.words).map(drop)
    })
    .await
}
