//! A post's words as a quotation to begin a reply with. Reads only.

use diesel::prelude::*;

use super::facts::find_post;
use super::path::post_path;
use crate::content;
use crate::db::Tx;
use crate::db::schema::{post_addresses, posts};
use crate::kit::Result;
use crate::kit::ids::{MemberId, PostId, ThreadId};
use crate::kit::stop::OrRefuse;
use crate::members;
use crate::policy::{Action, Actor};

/// Characters of a post that are quoted; whoever wants more adds it.
const WORDS: usize = 2_000;

/// The post of this number and Markdown that quotes it with author and link. What it quotes itself is left out.
///
/// # Errors
/// Not found where the post is not the actor's to see.
pub fn quote(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    number: i64,
) -> Result<(PostId, String)> {
    let id: PostId = post_addresses::table
        .find((thread, number))
        .select(post_addresses::post_id)
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    let (row, home, law) = find_post(tx, id)?;
    actor.may(&Action::SeePost(&law))?;
    let html: String = posts::table
        .find(id)
        .select(posts::body_html)
        .first(tx.conn)?;
    let own = content::own_open_words(&html);
    let short: String = own.chars().take(WORDS).collect();
    let people: Vec<MemberId> = row.author.into_iter().collect();
    let cards = members::cards(tx, &people)?;
    let who = row
        .author
        .and_then(|id| cards.get(&id))
        .map(|card| plain(&card.display))
        .unwrap_or_default();
    let path = post_path(&home.slug, home.id, row.number);
    let mut markdown = format!("> [{who} #{}]({path}):\n", row.number);
    for line in short.lines() {
        markdown.push_str("> ");
        markdown.push_str(&plain(line));
        markdown.push_str("\n>\n");
    }
    let quoted = markdown.trim_end().trim_end_matches('>').trim_end();
    Ok((id, format!("{quoted}\n\n")))
}

/// Plain text as Markdown that says the same.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
