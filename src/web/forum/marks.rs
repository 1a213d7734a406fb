//! Saved posts and answers: the buttons under a post, and the list of what I saved.

use serde::{Deserialize, Serialize};

use super::list::Asked;
use super::pager::Pager;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Saved};
use crate::kit::ids::PostId;
use crate::kit::{At, Problems, Result, Stop};
use crate::members::Card;
use crate::web::{Answer, Call, Head, Page, See, Viewer};

/// Saved posts on a page.
const PER_PAGE: i64 = 30;

/// What I saved.
#[derive(Debug, Clone, Serialize)]
pub struct BookmarksPage {
    items: Vec<Saved>,
    /// The key after which the page begins, so that a refused day comes back on the same page.
    after: String,
    /// The post to be reminded of, and the day that was typed for it.
    typed: Option<Typed>,
    pager: Pager,
    problems: Problems,
}

/// A day that was refused.
#[derive(Debug, Clone, Serialize)]
struct Typed {
    post: PostId,
    day: String,
}

impl Page for BookmarksPage {
    const TEMPLATE: &'static str = "forum/bookmarks";

    fn head(&self) -> Head {
        Head::new("forum-bookmarks-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let usual = Saved {
            post: PostId(88),
            path: "/t/a-kingfisher/12/2".to_owned(),
            number: 2,
            title: "A kingfisher in the courtyard".to_owned(),
            category: samples::category(),
            author: samples::card(),
            words: "It sat on the bronze heron for an hour.".to_owned(),
            at: samples::THEN,
            remind_at: Some(samples::THEN),
        };
        let worst = Saved {
            title: samples::long_title(),
            author: Card::nobody(),
            words: samples::long_title(),
            remind_at: None,
            ..usual.clone()
        };
        vec![
            Self {
                items: Vec::new(),
                after: String::new(),
                typed: None,
                pager: Pager::default(),
                problems: Problems::default(),
            },
            Self {
                items: vec![usual.clone()],
                after: String::new(),
                typed: None,
                pager: Pager::default(),
                problems: Problems::default(),
            },
            Self {
                typed: Some(Typed {
                    post: usual.post,
                    day: "2020-01-01".to_owned(),
                }),
                items: vec![usual, worst],
                after: "AQ".to_owned(),
                pager: Pager::keyed("/my/bookmarks", false, Some("AQ")),
                problems: Problems::one("remind", "remind-day"),
            },
        ]
    }
}

/// Shows what I saved.
pub async fn bookmarks(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| Ok(saved(tx, viewer, &asked, None, Problems::default())?.into()))
        .await
}

fn saved(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    asked: &Asked,
    typed: Option<Typed>,
    problems: Problems,
) -> Result<BookmarksPage> {
    let after = asked.cursor();
    let (items, next) = forum::bookmarks_of(tx, &viewer.actor, after, PER_PAGE)?;
    Ok(BookmarksPage {
        items,
        after: asked.after.clone(),
        typed,
        pager: Pager::keyed("/my/bookmarks", after.is_none(), next.as_deref()),
        problems,
    })
}

/// Back to the post, wherever it stands now.
fn back(tx: &mut Tx<'_>, viewer: &Viewer, post: PostId) -> Result<See> {
    let spot = forum::spot(tx, &viewer.actor, post)?;
    let path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
    Ok(See::to(path))
}

/// Saves a post.
pub async fn bookmark(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::bookmark(tx, &viewer.actor, id)?;
        Ok(back(tx, viewer, id)?.flash("bookmarked"))
    })
    .await
}

/// Lets a saved post go, and stays where the list is.
pub async fn unbookmark(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::unbookmark(tx, &viewer.actor, id)?;
        Ok(See::to("/my/bookmarks").flash("unbookmarked"))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct DayForm {
    /// A day, such as 2026-12-24; empty for no more.
    remind: String,
    /// Where the page of the list begins.
    after: String,
}

/// Nine in the morning of a day, where the reader is.
fn morning(day: &str, zone: &str) -> Result<At> {
    let wrong = || Stop::invalid("remind", "remind-day");
    let day: jiff::civil::Date = day.parse().map_err(|_| wrong())?;
    let tz = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = day.at(9, 0, 0, 0).to_zoned(tz).map_err(|_| wrong())?;
    Ok(At(at.timestamp().as_microsecond()))
}

/// Reminds of a saved post on a day, or no more.
pub async fn remind(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: DayForm = call.form()?;
    let (day, asked) = (
        form.remind.clone(),
        Asked {
            after: form.after.clone(),
        },
    );
    call.submit(
        move |tx, viewer| {
            let at = match form.remind.trim() {
                "" => None,
                day => Some(morning(day, &viewer.zone)?),
            };
            forum::remind(tx, &viewer.actor, id, at)?;
            let flash = if at.is_some() {
                "remind-set"
            } else {
                "remind-off"
            };
            Ok(See::to("/my/bookmarks").flash(flash))
        },
        move |tx, viewer, problems| {
            let typed = Typed {
                post: id,
                day: day.clone(),
            };
            Ok(saved(tx, viewer, &asked, Some(typed), problems.clone())?.into())
        },
    )
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct SwitchForm {
    on: String,
}

/// Opens a post to others for editing, or closes it.
pub async fn wiki(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: SwitchForm = call.form()?;
    call.act(move |tx, viewer| {
        forum::set_wiki(tx, &viewer.actor, id, !form.on.is_empty())?;
        back(tx, viewer, id)
    })
    .await
}

/// Says that a post speaks for the community, or takes that back.
pub async fn official(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: SwitchForm = call.form()?;
    call.act(move |tx, viewer| {
        forum::set_official(tx, &viewer.actor, id, !form.on.is_empty())?;
        back(tx, viewer, id)
    })
    .await
}

/// Marks a reply as the answer.
pub async fn answer(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        forum::mark_answer(tx, &viewer.actor, id)?;
        Ok(back(tx, viewer, id)?.flash("answer-marked"))
    })
    .await
}

/// Takes the mark away.
pub async fn unanswer(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    call.act(move |tx, viewer| {
        let thread = forum::post_facts(tx, id)?.thread.id;
        forum::unmark_answer(tx, &viewer.actor, thread)?;
        Ok(back(tx, viewer, id)?.flash("answer-unmarked"))
    })
    .await
}
