//! What highlights stand on, read for many at once: lists ask as often for one as for fifty.

use std::collections::HashMap;

use super::approve::{self, Verdict};
use super::binding;
use super::consent::{self, Consent};
use super::highlight::{Highlight, Kind};
use super::places::Place;
use super::quote::{self, Quote};
use super::scope::{Covered, Scope};
use super::source::{Fallen, embargoed, expired};
use super::state::State;
use super::voice::{Voiced, voices};
use crate::content::excerpt;
use crate::db::Tx;
use crate::forum;
use crate::kit::ids::{HighlightId, PostId, ThreadId};
use crate::kit::{Refusal, Result};
use crate::policy::{PostFacts, PostState, ThreadFacts};

/// The quotes of highlights and everybody's say about them.
#[derive(Debug, Default)]
pub(super) struct Words {
    quotes: HashMap<HighlightId, Vec<Quote>>,
    consents: HashMap<HighlightId, Vec<Consent>>,
}

impl Words {
    /// In two questions.
    pub(super) fn of(tx: &mut Tx<'_>, ids: &[HighlightId]) -> Result<Self> {
        Ok(Self {
            quotes: quote::of_many(tx, ids)?,
            consents: consent::of_many(tx, ids)?,
        })
    }

    fn quotes(&self, id: HighlightId) -> &[Quote] {
        self.quotes.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Everybody's say about one of them.
    pub(super) fn consents(&self, id: HighlightId) -> &[Consent] {
        self.consents.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The voices of one whose consent is live, in the order of the quotes.
    pub(super) fn voices(&self, id: HighlightId) -> Vec<Voiced> {
        voices(self.quotes(id), self.consents(id))
    }

    /// What all live consents of one allow together.
    pub(super) fn covered(&self, id: HighlightId) -> Covered {
        let consents = self.consents(id);
        let scopes: Vec<Scope> = consents.iter().filter_map(|c| c.live().cloned()).collect();
        let mut covered = Covered::by(&scopes);
        if scopes.len() < consents.len() {
            // Somebody has not said yes: nothing is covered.
            covered.by_hand = false;
            covered.places = Some(super::Places::default());
        }
        covered
    }
}

/// The same with the posts and threads under them, and the decisions about them.
#[derive(Debug)]
pub(super) struct Ground {
    /// What was said and agreed to.
    pub(super) words: Words,
    posts: HashMap<PostId, PostFacts>,
    spoken: HashMap<PostId, forum::Spoken>,
    threads: HashMap<ThreadId, ThreadFacts>,
    paths: HashMap<ThreadId, String>,
    decided: HashMap<HighlightId, (Verdict, Vec<u8>)>,
}

impl Ground {
    /// In seven questions, however many they are.
    pub(super) fn of(tx: &mut Tx<'_>, highlights: &[Highlight]) -> Result<Self> {
        let ids: Vec<HighlightId> = highlights.iter().map(|h| h.id).collect();
        let words = Words::of(tx, &ids)?;
        let mut posts: Vec<PostId> = words.quotes.values().flatten().map(|q| q.post).collect();
        posts.sort_unstable();
        posts.dedup();
        let mut threads: Vec<ThreadId> = highlights.iter().filter_map(|h| h.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        Ok(Self {
            posts: forum::facts_of_posts(tx, &posts)?,
            spoken: forum::spoken_of(tx, &posts)?,
            threads: forum::facts_of_threads(tx, &threads)?,
            paths: forum::thread_lines(tx, &threads)?
                .into_iter()
                .map(|(id, line)| (id, line.path))
                .collect(),
            decided: approve::latest(tx, &ids)?,
            words,
        })
    }

    /// What does not stand any more under one of them, if anything.
    ///
    /// # Errors
    /// A fault where what was agreed to cannot be written down for its hash.
    pub(super) fn fallen(&self, highlight: &Highlight) -> Result<Option<Fallen>> {
        let quotes = self.words.quotes(highlight.id);
        let consents = self.words.consents(highlight.id);
        if consents.iter().any(|c| c.live().is_none()) {
            return Ok(Some(Fallen::Consent));
        }
        for quote in quotes {
            let asked = quote
                .author
                .is_some_and(|author| consents.iter().any(|c| c.member == author));
            if !asked {
                return Ok(Some(Fallen::Consent));
            }
            let (Some(facts), Some(said)) =
                (self.posts.get(&quote.post), self.spoken.get(&quote.post))
            else {
                return Ok(Some(Fallen::NotPublic));
            };
            if !facts.is_public() {
                return Ok(Some(Fallen::NotPublic));
            }
            let Some(kept) = quote.as_excerpt() else {
                return Ok(Some(Fallen::Words));
            };
            let intact = excerpt::hash(&kept.text) == kept.sha256
                && excerpt::still_there(&said.text, &kept).is_some()
                && facts.author == quote.author;
            if !intact {
                return Ok(Some(Fallen::Words));
            }
        }
        for consent in consents {
            if consent::words_hash(quotes, consent.member, &highlight.title) != consent.words_hash {
                return Ok(Some(Fallen::Words));
            }
        }
        if let (Kind::Thread | Kind::Milestone, Some(thread)) = (highlight.kind, highlight.thread) {
            let open = self.threads.get(&thread).is_some_and(|facts| {
                facts.state == PostState::Visible && facts.category.is_public()
            });
            if !open {
                return Ok(Some(Fallen::NotPublic));
            }
        }
        if binding::hash(highlight, quotes, consents)? != highlight.content_hash {
            return Ok(Some(Fallen::Words));
        }
        Ok(None)
    }

    /// Refuses where something does not stand any more.
    ///
    /// # Errors
    /// Refused with what is missing; a fault as [`Ground::fallen`].
    pub(super) fn stands(&self, highlight: &Highlight) -> Result<()> {
        match self.fallen(highlight)? {
            None => Ok(()),
            Some(Fallen::Consent) => Err(Refusal::NoConsent.into()),
            Some(Fallen::NotPublic) => Err(Refusal::NotPublic.into()),
            Some(Fallen::Words) => Err(Refusal::Stale.into()),
        }
    }

    /// Does the approval in force bind exactly this content?
    pub(super) fn binds(&self, highlight: &Highlight) -> bool {
        let last = self.decided.get(&highlight.id);
        highlight.state == State::Approved
            && last.is_some_and(|(verdict, hash)| {
                *verdict == Verdict::Approve && *hash == highlight.content_hash
            })
    }

    /// Law 6 for what is taken: approved and bound, every consent live and covering it, the words and the source as they
    /// were, public, no embargo, not past its end.
    ///
    /// # Errors
    /// Refused with what does not hold; a fault as [`Ground::fallen`].
    pub(super) fn gate(
        &self,
        tx: &Tx<'_>,
        highlight: &Highlight,
        place: Option<Place>,
    ) -> Result<()> {
        if highlight.state != State::Approved || !self.binds(highlight) {
            return Err(Refusal::WrongState(highlight.state.as_str()).into());
        }
        self.stands(highlight)?;
        let covered = self.words.covered(highlight.id);
        if !place.map_or(covered.by_hand, |place| covered.has(place)) {
            return Err(Refusal::NoConsent.into());
        }
        if embargoed(tx, highlight) {
            return Err(Refusal::WrongState("embargo").into());
        }
        if expired(tx, highlight) {
            return Err(Refusal::WrongState("expired").into());
        }
        Ok(())
    }

    /// Where people are led: the post of the first quote, or the thread.
    pub(super) fn path(&self, highlight: &Highlight) -> String {
        let first = self.words.quotes(highlight.id).first();
        let post = match (highlight.kind, first) {
            (Kind::Quotes, Some(quote)) => self.spoken.get(&quote.post),
            _ => None,
        };
        let thread = || highlight.thread.and_then(|id| self.paths.get(&id).cloned());
        post.map(|said| said.path.clone())
            .or_else(thread)
            .unwrap_or_else(|| "/".to_owned())
    }
}
