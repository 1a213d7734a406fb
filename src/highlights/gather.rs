//! From wishes to quotes: the one place that decides which words of which posts may be nominated by whom.

use std::collections::BTreeSet;

use super::bystanders;
use super::check::strangers;
use super::heading;
use super::highlight::Kind;
use super::milestone;
use super::quote::{self, NewQuote};
use crate::content::excerpt;
use crate::db::{Lock, Tx};
use crate::forum;
use crate::kit::ids::{HighlightId, MemberId, MilestoneId, PostId, ThreadId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::members::{self, Card};
use crate::policy::{Action, Actor};

/// Most quotes in one highlight.
const MOST_QUOTES: usize = 5;
/// Longest excerpt, in characters.
const LONGEST_EXCERPT: usize = 1_000;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 160;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 2_000;
/// Longest audience, in characters.
const LONGEST_AUDIENCE: usize = 300;

/// Which words of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// These words, as they stand there.
    Words(String),
    /// Whole sentences from the first to the last one named, both counted from 0.
    Sentences {
        /// The first.
        first: usize,
        /// The last.
        last: usize,
    },
}

/// A run of a post that somebody would like to quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteWish {
    /// Which post.
    pub post: PostId,
    /// Which words of it.
    pub run: Run,
}

/// What somebody would like to have told outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The heading; it goes outside too.
    pub title: String,
    /// Why it is worth telling.
    pub reason: String,
    /// For whom.
    pub audience: String,
    /// The quotes; none for a thread as a whole.
    pub quotes: Vec<QuoteWish>,
    /// The thread, where it is nominated as a whole.
    pub thread: Option<ThreadId>,
    /// The milestone, where one is nominated.
    pub milestone: Option<MilestoneId>,
    /// Members who are named without being quoted: they are asked as well.
    pub named: Vec<MemberId>,
}

/// A wish that was found to be possible.
#[derive(Debug, Clone)]
pub(super) struct Gathered {
    pub kind: Kind,
    pub title: String,
    pub reason: String,
    pub audience: String,
    pub quotes: Vec<NewQuote>,
    pub thread: Option<ThreadId>,
    pub milestone: Option<MilestoneId>,
    /// Everybody who has to be asked.
    pub people: BTreeSet<MemberId>,
    pub lang: String,
}

/// Checks a wish: who may nominate it, and whether these are words that may be asked for.
///
/// # Errors
/// Refused by the law or by an earlier no; invalid with everything that can be mended.
pub(super) fn gather(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wish: &Wish,
    besides: Option<HighlightId>,
) -> Result<Gathered> {
    let mut problems = Problems::default();
    words(&mut problems, wish);
    let mut named: BTreeSet<MemberId> = wish.named.iter().copied().collect();
    let (kind, quotes, thread, lang) = match (wish.milestone, wish.quotes.is_empty()) {
        (Some(id), true) => {
            let reached = milestone::nominable(tx, actor, id, besides, &mut problems)?;
            // Whose milestone it is, is named by it.
            named.extend(reached.member);
            (Kind::Milestone, Vec::new(), reached.thread, String::new())
        }
        (_, true) => whole_thread(tx, actor, wish)?,
        (_, false) => quotes(tx, actor, wish, besides, &mut problems)?,
    };
    let people: BTreeSet<MemberId> = quotes.iter().map(|q| q.author).chain(named).collect();
    unasked(tx, &wish.title, thread, &quotes, &people, &mut problems)?;
    heading::typed(tx, actor, &wish.title, &quotes, &mut problems)?;
    problems.check()?;
    Ok(Gathered {
        kind,
        title: excerpt::normalise(&wish.title),
        reason: wish.reason.trim().to_owned(),
        audience: excerpt::normalise(&wish.audience),
        quotes,
        thread,
        milestone: wish.milestone.filter(|_| kind == Kind::Milestone),
        people,
        lang,
    })
}

/// Whoever is named in the heading is asked like everybody who is quoted: those who took part in the talk by any name,
/// everybody else by a name of two words.
fn unasked(
    tx: &mut Tx<'_>,
    title: &str,
    thread: Option<ThreadId>,
    quotes: &[NewQuote],
    people: &BTreeSet<MemberId>,
    problems: &mut Problems,
) -> Result<()> {
    let mut threads: Vec<ThreadId> = thread.into_iter().collect();
    for quote in quotes {
        threads.push(forum::post_facts(tx, quote.post)?.thread.id);
    }
    threads.sort_unstable();
    threads.dedup();
    let present = forum::participants(tx, &threads)?;
    let others: Vec<MemberId> = present
        .into_iter()
        .filter(|m| !people.contains(m))
        .collect();
    let cards = members::cards(tx, &others)?;
    let elsewhere = bystanders::named_in(tx, title)?;
    let mut named: Vec<&Card> = cards
        .values()
        .filter(|card| !card.erased && names(title, &card.display))
        .chain(elsewhere.iter().filter(|card| !people.contains(&card.id)))
        .collect();
    named.sort_by_key(|card| card.id);
    if let Some(card) = named.first() {
        let who = [
            ("name", card.display.clone()),
            ("handle", card.name.clone()),
        ];
        problems.add("title", "title-names-member", &who);
    }
    Ok(())
}

/// Does the name stand in the text, as words of their own?
fn names(text: &str, display: &str) -> bool {
    let display = display.trim();
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !display.is_empty()
        && text.match_indices(display).any(|(at, found)| {
            edge(text.get(..at).and_then(|t| t.chars().next_back()))
                && edge(text.get(at + found.len()..).and_then(|t| t.chars().next()))
        })
}

fn words(problems: &mut Problems, wish: &Wish) {
    for (field, text, most, needed) in [
        ("title", &wish.title, LONGEST_TITLE, true),
        ("reason", &wish.reason, LONGEST_REASON, true),
        ("audience", &wish.audience, LONGEST_AUDIENCE, false),
    ] {
        if needed && text.trim().is_empty() {
            problems.add(field, "needed", &[]);
        } else if text.chars().count() > most {
            problems.add(field, "too-long", &[("most", most.to_string())]);
        }
    }
    // The title goes outside: what may not stand in a text may not stand there either.
    if !strangers(&wish.title).is_empty() {
        problems.add("title", "title-strangers", &[]);
    }
    if wish.quotes.len() > MOST_QUOTES {
        problems.add(
            "excerpt",
            "too-many-quotes",
            &[("most", MOST_QUOTES.to_string())],
        );
    }
}

type Found = (Kind, Vec<NewQuote>, Option<ThreadId>, String);

fn whole_thread(tx: &mut Tx<'_>, actor: &Actor, wish: &Wish) -> Result<Found> {
    let Some(id) = wish.thread else {
        return Err(Stop::invalid("excerpt", "excerpt-needed"));
    };
    tx.lock(Lock::Thread(id))?;
    let thread = forum::thread_facts(tx, id)?;
    actor.may(&Action::NominateThread(&thread))?;
    Ok((Kind::Thread, Vec::new(), Some(id), String::new()))
}

fn quotes(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wish: &Wish,
    besides: Option<HighlightId>,
    problems: &mut Problems,
) -> Result<Found> {
    hold_sources(tx, wish)?;
    let mut quotes: Vec<NewQuote> = Vec::new();
    let mut first: Option<(ThreadId, String)> = None;
    for (place, wanted) in wish.quotes.iter().take(MOST_QUOTES).enumerate() {
        let field = field(place);
        let facts = forum::post_facts(tx, wanted.post)?;
        actor.may(&Action::Nominate(&facts))?;
        let said = forum::said(tx, wanted.post)?;
        let author = said.author.ok_or(Refusal::NotNominable)?;
        first.get_or_insert_with(|| (said.thread, said.lang.clone()));
        let run = run(&said.text, &said.own_words, &wanted.run, &field, problems);
        let Some(excerpt) = run else {
            continue;
        };
        let quote = NewQuote {
            post: wanted.post,
            author,
            revision: said.revision,
            excerpt,
        };
        // Whoever said no may change their mind by asking for it themselves.
        let own = actor.id() == Some(author);
        if !own && quote::declined_before(tx, quote.post, &said.text, &quote.excerpt)? {
            return Err(Refusal::DeclinedBefore.into());
        }
        let twice = quotes.iter().any(|other| overlap(other, &quote));
        if twice || quote::on_its_way(tx, &quote, besides)? {
            problems.add(&field, "excerpt-on-its-way", &[]);
        }
        quotes.push(quote);
    }
    match first {
        Some((thread, lang)) => Ok((Kind::Quotes, quotes, Some(thread), lang)),
        None => Err(Stop::invalid("excerpt", "excerpt-needed")),
    }
}

/// Whoever hides, moves or edits one of these posts right now waits, and then finds the highlight.
fn hold_sources(tx: &mut Tx<'_>, wish: &Wish) -> Result<()> {
    let mut posts: Vec<PostId> = wish
        .quotes
        .iter()
        .take(MOST_QUOTES)
        .map(|q| q.post)
        .collect();
    posts.sort_unstable();
    posts.dedup();
    let mut threads = Vec::with_capacity(posts.len());
    for post in &posts {
        threads.push(forum::post_facts(tx, *post)?.thread.id);
    }
    threads.sort_unstable();
    threads.dedup();
    for thread in threads {
        tx.lock(Lock::Thread(thread))?;
    }
    for post in posts {
        tx.lock(Lock::Post(post))?;
    }
    Ok(())
}

fn overlap(one: &NewQuote, other: &NewQuote) -> bool {
    one.post == other.post
        && one.excerpt.start < other.excerpt.end
        && other.excerpt.start < one.excerpt.end
}

/// The field of a quote's words: the first is `excerpt`, the second `excerpt-2`.
fn field(place: usize) -> String {
    match place {
        0 => "excerpt".to_owned(),
        n => format!("excerpt-{}", n + 1),
    }
}

/// The wanted run, if it stands in the post as its author's own words.
fn run(
    text: &str,
    own_words: &str,
    wanted: &Run,
    field: &str,
    problems: &mut Problems,
) -> Option<excerpt::Excerpt> {
    let found = match wanted {
        Run::Words(words) if words.trim().is_empty() => {
            problems.add(field, "excerpt-needed", &[]);
            return None;
        }
        Run::Words(words) => excerpt::locate(text, words).and_then(|run| excerpt::take(text, run)),
        Run::Sentences { first, last } => excerpt::by_sentences(text, *first, *last),
    };
    let Some(found) = found else {
        problems.add(field, "excerpt-not-there", &[]);
        return None;
    };
    if excerpt::locate(own_words, &found.text).is_none() {
        problems.add(field, "excerpt-not-own", &[]);
    } else if found.text.chars().count() > LONGEST_EXCERPT {
        problems.add(field, "too-long", &[("most", LONGEST_EXCERPT.to_string())]);
    } else if !strangers(&found.text).is_empty() {
        problems.add(field, "excerpt-strangers", &[]);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_found_as_words_of_their_own() {
        assert!(names("What Ines Marlow saw", "Ines Marlow"));
        assert!(names("Ines, twice", "Ines"));
        assert!(!names("The inestimable harbour", "Ines"));
        assert!(!names("Inesita", "Ines"));
        assert!(!names("A heading", ""));
    }
}
