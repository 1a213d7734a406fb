//! Following threads, categories and tags, and saying what was read.

use serde::Deserialize;

use crate::db::Tx;
use crate::forum::{self, Level};
use crate::kit::ids::{CategoryId, PostId, ThreadId};
use crate::kit::{Refusal, Result};
use crate::web::{Answer, Call, See, Viewer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct LevelForm {
    level: String,
}

/// The button that was pressed; a word that is no level is no button of ours.
fn level(call: &Call) -> Result<Level> {
    let form: LevelForm = call.form()?;
    Level::parse(&form.level).ok_or_else(|| Refusal::Unreadable("level").into())
}

/// Follows a thread.
pub async fn thread(call: Call) -> Answer {
    let (id, level): (ThreadId, Level) = (call.segment("id")?, level(&call)?);
    call.act(move |tx, viewer| {
        forum::follow_thread(tx, &viewer.actor, id, level)?;
        let view = forum::thread_view(tx, &viewer.actor, id)?;
        Ok(See::to(view.path).flash(said(level)))
    })
    .await
}

/// Follows a category.
pub async fn category(call: Call) -> Answer {
    let (id, level): (CategoryId, Level) = (call.segment("id")?, level(&call)?);
    call.act(move |tx, viewer| {
        forum::follow_category(tx, &viewer.actor, id, level)?;
        let places = forum::places(tx)?;
        Ok(See::to(places.find(id)?.path()).flash(said(level)))
    })
    .await
}

/// Follows a tag.
pub async fn tag(call: Call) -> Answer {
    let (name, level): (String, Level) = (call.segment("name")?, level(&call)?);
    call.act(move |tx, viewer| {
        forum::follow_tag(tx, &viewer.actor, &name, level)?;
        Ok(See::to(forum::tag_path(&name)).flash(said(level)))
    })
    .await
}

const fn said(level: Level) -> &'static str {
    match level {
        Level::Watching => "follow-watching",
        Level::Tracking => "follow-tracking",
        Level::Normal => "follow-normal",
        Level::Muted => "follow-muted",
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReadForm {
    number: i64,
}

/// Notes how far a thread was read; scripts say it for posts that came into an open page.
pub async fn read(call: Call) -> Answer {
    let id: ThreadId = call.segment("id")?;
    let form: ReadForm = call.form()?;
    call.act(move |tx, viewer| {
        forum::read_to(tx, &viewer.actor, id, form.number)?;
        let view = forum::thread_view(tx, &viewer.actor, id)?;
        Ok(See::to(view.path))
    })
    .await
}

/// Calls a thread unread from a post on.
pub async fn unread(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::unread_from(tx, &viewer.actor, id)?;
        Ok(back(tx, viewer, id)?.flash("unread-from"))
    })
    .await
}

/// To the list of the thread's category: back on the page it would be read again at once.
fn back(tx: &mut Tx<'_>, viewer: &Viewer, post: PostId) -> Result<See> {
    forum::spot(tx, &viewer.actor, post)?;
    Ok(See::to("/unread"))
}
