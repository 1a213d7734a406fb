//! Posts as one reader sees them. Reads only.
//!
//! The law is asked for each post in memory; the words of a post that is not the reader's to see do not leave this file.

use diesel::prelude::*;
use serde::Serialize;

use super::facts::{PostRow, post_columns};
use super::path::post_path;
use super::poll::{self, PollRow, PollView, poll_columns};
use super::reaction::{self, Reaction, Tally};
use super::thread_view::Heading;
use crate::content::links;
use crate::db::Tx;
use crate::db::schema::{bookmarks, poll_votes, polls, posts, reactions};
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor, PostFacts, PostState};

/// A post as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostView {
    /// Which one.
    pub id: PostId,
    /// Its number.
    pub number: i64,
    /// Its permalink.
    pub path: String,
    /// Where it stands.
    pub state: PostState,
    /// Its words are not for this reader (any more): nothing but the gap is shown.
    pub gone: bool,
    /// Whoever took it from sight was its author.
    pub by_author: bool,
    /// Why it was hidden or deleted, for those who see it nevertheless.
    pub reason: String,
    /// Who wrote it.
    pub author: Card,
    /// Safe HTML; empty where it is gone.
    pub html: String,
    /// What was typed; empty where it is gone. Pages do not carry it.
    #[serde(skip)]
    pub source: String,
    /// Counts edits.
    pub revision: i64,
    /// When it was written.
    pub created_at: At,
    /// When it was last edited, where that leaves a mark.
    pub edited_at: Option<At>,
    /// The post that it answers, unless that is the one before.
    pub reply_to: Option<ReplyTo>,
    /// The reader may change its words.
    pub can_edit: bool,
    /// The reader may bring it back from being deleted.
    pub can_restore: bool,
    /// Established members may edit it.
    pub wiki: bool,
    /// The reader may open it to them or close it.
    pub can_open: bool,
    /// Its author speaks for the community in it.
    pub official: bool,
    /// The reader may say so.
    pub can_speak: bool,
    /// The reader may delete it.
    pub can_delete: bool,
    /// The reader may hide it or bring it back.
    pub can_hide: bool,
    /// The reader may remove pictures of it.
    pub can_unpicture: bool,
    /// The reader may report it.
    pub can_report: bool,
    /// The reader may nominate words of it.
    pub can_nominate: bool,
    /// How many members saved it; nobody is shown who.
    pub saves: i64,
    /// The reader saved it.
    pub saved: bool,
    /// The reader may save it.
    pub can_save: bool,
    /// How it was answered without words; pages add what is offered and was not chosen yet.
    pub reactions: Vec<Tally>,
    /// How many members did.
    pub reacted: i64,
    /// The reader may react to it.
    pub can_react: bool,
    /// What it asks everybody.
    pub poll: Option<PollView>,
    /// It is marked as the answer of its thread.
    pub answer: bool,
    /// The reader may mark it as the answer, or take the mark away.
    pub can_answer: bool,
    /// What its bare links lead to.
    pub cards: Vec<links::Card>,
    /// Where its words were announced, for whom that concerns; rooms above fill it in.
    pub announced: Vec<Announced>,
}

/// The post that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplyTo {
    /// Its number.
    pub number: i64,
    /// Its permalink.
    pub path: String,
    /// Who wrote it.
    pub author: Card,
}

/// That words of a post were carried outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Announced {
    /// Where to read it; empty where it cannot be read there.
    pub href: String,
    /// The channel's name.
    pub channel: String,
    /// When.
    pub at: At,
    /// Where it stands there: `sent`, `withdrawing`, `withdrawn` and so on.
    pub state: &'static str,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
    /// How often it was said anew, rightly.
    pub corrections: i64,
}

/// The words of a post.
#[derive(Queryable)]
pub(super) struct Body {
    source: String,
    html: String,
    reason: Option<String>,
    saves: i64,
    reactions: String,
}

/// The number, author, thread and state of the post that another one answers.
type Parent = (i64, Option<MemberId>, ThreadId, PostState);

/// What the reader did with it: the bookmark, the reaction, the vote.
type Mine = (Option<i64>, Option<Reaction>, Option<String>);

/// A post's row, its words, what it answers, what it asks, and what the reader did with it.
pub(super) type Row = (PostRow, Body, Option<Parent>, Option<PollRow>, Mine);

diesel::alias!(posts as answered: Answered);

/// A run of a thread's posts by number, both ends included, `most` of them.
pub(super) fn rows(
    tx: &mut Tx<'_>,
    me: Option<MemberId>,
    thread: ThreadId,
    first: i64,
    last: i64,
    most: i64,
) -> Result<Vec<Row>> {
    let me = me.unwrap_or(MemberId(0));
    let saved = bookmarks::post_id
        .eq(posts::id)
        .and(bookmarks::member_id.eq(me));
    let reacted = reactions::post_id
        .eq(posts::id)
        .and(reactions::member_id.eq(me));
    let voted = poll_votes::poll_id
        .nullable()
        .eq(polls::id.nullable())
        .and(poll_votes::member_id.eq(me));
    Ok(posts::table
        .left_join(bookmarks::table.on(saved))
        .left_join(reactions::table.on(reacted))
        .left_join(answered.on(answered.field(posts::id).nullable().eq(posts::reply_to_id)))
        .left_join(polls::table.on(polls::post_id.eq(posts::id)))
        .left_join(poll_votes::table.on(voted))
        .filter(posts::thread_id.eq(thread))
        .filter(posts::number.ge(first))
        .filter(posts::number.le(last))
        .order(posts::number)
        .limit(most)
        .select((
            post_columns(),
            (
                posts::body_source,
                posts::body_html,
                posts::state_reason,
                posts::bookmark_count,
                posts::reactions,
            ),
            (
                answered.field(posts::number),
                answered.field(posts::author_id),
                answered.field(posts::thread_id),
                answered.field(posts::state),
            )
                .nullable(),
            poll_columns().nullable(),
            (
                bookmarks::id.nullable(),
                reactions::kind.nullable(),
                poll_votes::choice.nullable(),
            ),
        ))
        .load(tx.conn)?)
}

/// Rows as this reader sees them, and the thread's author with them: one query for all people.
#[expect(
    clippy::too_many_lines,
    reason = "one row, field by field, read from top to bottom"
)]
pub(super) fn views(
    tx: &mut Tx<'_>,
    actor: &Actor,
    heading: &mut Heading,
    rows: Vec<Row>,
) -> Result<Vec<PostView>> {
    let people: Vec<MemberId> = rows
        .iter()
        .flat_map(|(row, _, parent, _, _)| [row.author, parent.and_then(|p| p.1)])
        .chain([heading.author])
        .flatten()
        .collect();
    let cards = members::cards_for(tx, actor.id(), &people)?;
    let card = |id: Option<MemberId>| {
        id.and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody)
    };
    heading.view.author = card(heading.author);
    let now = tx.now();
    let answers_for = actor.can(&Action::MarkAnswer(&heading.law));
    let answer = heading.answer;
    let (thread, slug) = (heading.law.id, heading.view.slug.as_str());
    let mut law = PostFacts {
        id: PostId(0),
        author: None,
        thread: heading.law.clone(),
        state: PostState::Visible,
        wiki: false,
    };
    let view = |(row, body, parent, asked, mine): Row| -> Result<PostView> {
        let (saved, reacted, choice) = mine;
        (law.id, law.author, law.state) = (row.id, row.author, row.state);
        law.wiki = row.wiki;
        let by_author = row.state_by.is_some() && row.state_by == row.author;
        let seen = actor.may(&Action::SeePost(&law)).is_ok();
        let answers = parent
            .filter(|(number, _, other, _)| seen && *other == thread && number + 1 != row.number);
        let asked = asked.filter(|_| seen);
        let reactions = match seen {
            true => reaction::read(&body.reactions, reacted),
            false => Vec::new(),
        };
        let poll = asked.map(|poll| poll::view(now, actor, &law, &poll, choice.as_deref()));
        Ok(PostView {
            id: row.id,
            number: row.number,
            path: post_path(slug, thread, row.number),
            state: row.state,
            gone: !seen,
            by_author,
            can_restore: row.state == PostState::Deleted
                && actor.can(&Action::RestorePost(&law, by_author)),
            wiki: row.wiki && seen,
            can_open: seen && actor.can(&Action::OpenPost(&law)),
            official: row.official && seen,
            can_speak: seen && actor.can(&Action::SpeakOfficially(&law)),
            reason: body.reason.filter(|_| seen).unwrap_or_default(),
            author: if seen {
                card(row.author)
            } else {
                Card::nobody()
            },
            can_unpicture: seen
                && body.html.contains("src=\"/media/")
                && actor.can(&Action::HidePost(&law)),
            html: if seen { body.html } else { String::new() },
            source: if seen { body.source } else { String::new() },
            revision: row.revision,
            created_at: row.created_at,
            edited_at: row.edited_at.filter(|_| seen),
            reply_to: answers.map(|(number, author, _, state)| ReplyTo {
                number,
                path: post_path(slug, thread, number),
                // Whose words were taken away is told by their gap to nobody; an answer to them does not tell it either.
                author: match state {
                    PostState::Visible => card(author),
                    _ => Card::nobody(),
                },
            }),
            can_edit: actor.can(&Action::EditPost(&law)),
            can_delete: law.state != PostState::Deleted && actor.can(&Action::DeletePost(&law)),
            can_hide: actor.can(&Action::HidePost(&law)),
            can_report: actor.can(&Action::Report(&law)),
            can_nominate: actor.can(&Action::Nominate(&law)),
            saves: if seen { body.saves } else { 0 },
            saved: saved.is_some(),
            can_save: actor.can(&Action::React(&law)),
            reacted: reactions.iter().map(|tally| tally.count).sum(),
            reactions,
            can_react: law.state == PostState::Visible && actor.can(&Action::ReactTo(&law)),
            poll: poll.transpose()?,
            answer: answer == Some(row.id),
            can_answer: answers_for && row.number > 1 && row.state == PostState::Visible,
            cards: Vec::new(),
            announced: Vec::new(),
        })
    };
    let mut seen: Vec<PostView> = rows.into_iter().map(view).collect::<Result<_>>()?;
    link_cards(tx, &mut seen)?;
    Ok(seen)
}

/// Puts cards under bare links: one query, and only where there are any.
fn link_cards(tx: &mut Tx<'_>, posts: &mut [PostView]) -> Result<()> {
    let base = tx.link("");
    let bare: Vec<Vec<String>> = posts
        .iter()
        .map(|post| links::bare_links(&post.html, &base))
        .collect();
    let all: Vec<String> = bare.iter().flatten().cloned().collect();
    let cards = links::cards(tx, &all)?;
    for (post, urls) in posts.iter_mut().zip(bare) {
        post.cards = urls
            .iter()
            .filter_map(|url| cards.get(url).cloned())
            .collect();
    }
    Ok(())
}
