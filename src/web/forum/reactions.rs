//! Reactions: the buttons under a post, and the list of who reacted.

use serde::{Deserialize, Serialize};

use super::list::Asked;
use super::pager::Pager;
use super::samples;
use crate::forum::{self, PostView, Reacted, Reaction, Tally};
use crate::kit::ids::PostId;
use crate::kit::{Result, Stop};
use crate::members::Card;
use crate::site::Settings;
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// People on a page.
const PER_PAGE: i64 = 50;

/// Adds to each post what the reader may still choose.
pub(super) fn offer(settings: &Settings, posts: &mut [PostView]) {
    let offered = Reaction::offered(settings);
    for post in posts.iter_mut().filter(|post| post.can_react) {
        for kind in &offered {
            if !post.reactions.iter().any(|tally| tally.kind == *kind) {
                post.reactions.push(Tally {
                    kind: *kind,
                    sign: kind.sign(),
                    count: 0,
                    mine: false,
                });
            }
        }
        post.reactions.sort_by_key(|tally| tally.kind);
    }
}

/// Who reacted to a post.
#[derive(Debug, Clone, Serialize)]
pub struct ReactionsPage {
    post: PostView,
    title: String,
    items: Vec<Reacted>,
    pager: Pager,
}

impl Page for ReactionsPage {
    const TEMPLATE: &'static str = "forum/reactions";

    fn head(&self) -> Head {
        Head::new("forum-reactions-title").nav("latest").no_index()
    }

    fn samples() -> Vec<Self> {
        let one = |by: Card, kind: Reaction| Reacted {
            by,
            kind,
            sign: kind.sign(),
            at: samples::THEN,
        };
        let empty = Self {
            post: samples::post(),
            title: "A kingfisher in the courtyard".to_owned(),
            items: Vec::new(),
            pager: Pager::default(),
        };
        let usual = Self {
            items: vec![one(samples::card(), Reaction::Thanks)],
            ..empty.clone()
        };
        let worst = Self {
            title: samples::long_title(),
            items: vec![
                one(samples::card(), Reaction::Care),
                one(Card::nobody(), Reaction::Laugh),
            ],
            pager: Pager::keyed("/p/88/reactions", false, Some("AQ")),
            ..empty.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows who reacted.
pub async fn list(call: Call) -> Answer {
    let (id, asked): (PostId, Asked) = (call.segment("id")?, call.query()?);
    call.page(move |tx, viewer| {
        let (heading, mut post) = forum::post(tx, &viewer.actor, id)?;
        offer(&viewer.settings, std::slice::from_mut(&mut post));
        let (items, next) = forum::reactions_of(tx, &viewer.actor, id, asked.cursor(), PER_PAGE)?;
        let path = format!("/p/{id}/reactions");
        Ok(Shown::from(ReactionsPage {
            post,
            title: heading.title,
            items,
            pager: Pager::keyed(&path, asked.cursor().is_none(), next.as_deref()),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReactForm {
    /// Empty takes it back.
    reaction: String,
    /// `list` for scripts, which need the buttons only and not the whole thread.
    to: String,
}

/// Reacts, or takes the reaction back.
pub async fn react(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    let form: ReactForm = call.form()?;
    call.act(move |tx, viewer| {
        if form.reaction.is_empty() {
            forum::unreact(tx, &viewer.actor, id)?;
        } else {
            let kind = Reaction::parse(&form.reaction)
                .ok_or_else(|| Stop::invalid("reaction", "reaction-unknown"))?;
            forum::react(tx, &viewer.actor, id, kind)?;
        }
        let spot = forum::spot(tx, &viewer.actor, id)?;
        back(&form.to, id, &spot)
    })
    .await
}

fn back(to: &str, id: PostId, spot: &forum::Spot) -> Result<See> {
    if to == "list" {
        return Ok(See::to(format!("/p/{id}/reactions")));
    }
    let path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
    Ok(See::to(path))
}
