//! A highlight as those whom it concerns may see it.

use super::announcement::{self, Announcement};
use super::approve::{self, Decision};
use super::consent::{self, Consent};
use super::fairness;
use super::highlight::{self, Highlight, Kind};
use super::milestone::{self, Milestone};
use super::quote;
use super::scope::Covered;
use super::source::{self, Fallen};
use crate::content::uploads::{self, Upload};
use crate::db::Tx;
use crate::forum;
use crate::kit::ids::{HighlightId, PostId};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::{Action, Actor, HighlightFacts};

/// A quote with the place where it stands.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// The post.
    pub post: PostId,
    /// The words; `None` once erased.
    pub excerpt: Option<String>,
    /// The posts right before and right after it, with their authors.
    pub around: (Option<Beside>, Option<Beside>),
    /// The pictures that stand in the post.
    pub pictures: Vec<Upload>,
    /// How often words of its author were nominated, this time included.
    pub author_nominated: i64,
    /// How often words of this post were nominated, this time included.
    pub post_nominated: i64,
    /// Who said it.
    pub author: Card,
    /// The text before, the words, and the text after, where they stand today.
    pub context: Option<(String, String, String)>,
    /// The thread's title.
    pub thread: String,
    /// The category's name.
    pub category: String,
    /// The path of the post.
    pub path: String,
    /// When it was said.
    pub at: At,
}

/// A post beside the one that is quoted.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Its number.
    pub number: i64,
    /// Who wrote it.
    pub author: Card,
    /// Its first words.
    pub words: String,
}

/// A consent with the person.
#[derive(Debug, Clone)]
pub struct ConsentView {
    /// What was asked and answered.
    pub consent: Consent,
    /// Whom.
    pub person: Card,
}

/// A decision with the person.
#[derive(Debug, Clone)]
pub struct DecisionView {
    /// What was decided.
    pub decision: Decision,
    /// By whom.
    pub by: Card,
}

/// A highlight with everything around it.
#[derive(Debug, Clone)]
pub struct View {
    /// The highlight.
    pub highlight: Highlight,
    /// What the law knows of it.
    pub facts: HighlightFacts,
    /// Who nominated it.
    pub nominator: Card,
    /// Its quotes.
    pub quotes: Vec<QuoteView>,
    /// The milestone it carries.
    pub milestone: Option<Milestone>,
    /// The thread it is or stands in: title and path.
    pub thread: Option<(String, String)>,
    /// Who was asked and what they said.
    pub consents: Vec<ConsentView>,
    /// What all of them together allow.
    pub covered: Covered,
    /// What does not stand any more under it.
    pub fallen: Option<Fallen>,
    /// What moderators decided.
    pub decisions: Vec<DecisionView>,
    /// What was planned and said.
    pub announcements: Vec<Announcement>,
}

/// Characters of the post shown before and after the words.
const AROUND: usize = 600;

/// A highlight for its page.
///
/// # Errors
/// Not found for whom it does not concern; a fault where the database fails.
#[expect(
    clippy::too_many_lines,
    reason = "one read that fills one view, field by field"
)]
pub fn view(tx: &mut Tx<'_>, actor: &Actor, id: HighlightId) -> Result<View> {
    let highlight = highlight::find(tx, id)?;
    let facts = highlight::facts(tx, &highlight)?;
    actor.may(&Action::SeeHighlight(&facts))?;
    let consents = consent::list(tx, id)?;
    let decisions = approve::decisions(tx, id)?;
    let mut people: Vec<_> = consents.iter().map(|c| c.member).collect();
    people.extend(decisions.iter().filter_map(|d| d.by));
    people.extend(highlight.nominator);
    people.extend(facts.authors.iter().copied());
    let cards = members::cards(tx, &people)?;
    let card = |id: Option<crate::kit::ids::MemberId>| {
        id.and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody)
    };
    let rows = quote::list(tx, id)?;
    let times = fairness::nominated_times(tx, &facts.authors)?;
    let posts: Vec<PostId> = rows.iter().map(|q| q.post).collect();
    let quoted = fairness::quoted_times(tx, &posts)?;
    let mut quotes = Vec::new();
    for quote in rows {
        let said = forum::said(tx, quote.post)?;
        let sees = actor.can(&Action::SeePost(&forum::post_facts(tx, quote.post)?));
        let context = quote
            .as_excerpt()
            .filter(|_| sees)
            .and_then(|kept| context(&said.text, &kept));
        let around = if sees {
            beside(tx, &said)?
        } else {
            (None, None)
        };
        quotes.push(QuoteView {
            around,
            pictures: if sees {
                uploads::media_of(tx, quote.post)?
            } else {
                Vec::new()
            },
            author_nominated: quote
                .author
                .and_then(|id| times.get(&id).copied())
                .unwrap_or(0),
            post_nominated: quoted.get(&quote.post).copied().unwrap_or(0),
            post: quote.post,
            author: card(quote.author),
            excerpt: quote.excerpt,
            context,
            thread: said.title.clone(),
            category: said.category_name.clone(),
            path: forum::post_path(&said.slug, said.thread, said.number),
            at: said.created_at,
        });
    }
    let thread = match highlight.thread {
        Some(thread) if highlight.kind != Kind::Quotes => {
            let line = forum::thread_line(tx, thread)?;
            Some((line.title, line.path))
        }
        _ => None,
    };
    Ok(View {
        milestone: milestone::of_highlight(tx, id)?,
        nominator: card(highlight.nominator),
        quotes,
        thread,
        consents: consents
            .into_iter()
            .map(|c| ConsentView {
                person: card(Some(c.member)),
                consent: c,
            })
            .collect(),
        covered: source::covered(tx, &highlight)?,
        fallen: source::fallen(tx, &highlight)?,
        decisions: decisions
            .into_iter()
            .map(|d| DecisionView {
                by: card(d.by),
                decision: d,
            })
            .collect(),
        announcements: announcement::of_highlight(tx, id)?,
        facts,
        highlight,
    })
}

/// The posts beside the one that is quoted.
fn beside(tx: &mut Tx<'_>, said: &forum::Said) -> Result<(Option<Beside>, Option<Beside>)> {
    let (before, after) = forum::neighbours(tx, said.thread, said.number)?;
    let people: Vec<_> = [&before, &after]
        .into_iter()
        .flatten()
        .filter_map(|post| post.author)
        .collect();
    let cards = members::cards(tx, &people)?;
    let shown = |post: forum::Neighbour| Beside {
        number: post.number,
        author: post
            .author
            .and_then(|id| cards.get(&id).cloned())
            .unwrap_or_else(Card::nobody),
        words: post.words,
    };
    Ok((before.map(shown), after.map(shown)))
}

/// The words where they stand today, with what stands around them.
fn context(
    text: &str,
    kept: &crate::content::excerpt::Excerpt,
) -> Option<(String, String, String)> {
    let run = crate::content::excerpt::still_there(text, kept)?;
    let from = run.start.saturating_sub(AROUND);
    let before: String = text.chars().skip(from).take(run.start - from).collect();
    let words: String = text
        .chars()
        .skip(run.start)
        .take(run.end - run.start)
        .collect();
    let after: String = text.chars().skip(run.end).take(AROUND).collect();
    let before = if from > 0 {
        format!("… {before}")
    } else {
        before
    };
    let after = if text.chars().count() > run.end + AROUND {
        format!("{after} …")
    } else {
        after
    };
    Some((before, words, after))
}
