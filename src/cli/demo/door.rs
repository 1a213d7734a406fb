//! The demo's highlights at every gate, and the reports that wait.

use std::collections::BTreeMap;

use super::fill::{Filling, wrong};
use super::script::{Highlight, Script};
use crate::forum;
use crate::highlights::{
    self, Answer, Attribution, Draft, How, Order, PictureWish, Places, QuoteWish, Run, Scope,
    Verdict, When, Wish,
};
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::{AnnouncementId, ChannelId, HighlightId};
use crate::kit::{At, Clock, Refusal, Result, Stop};
use crate::members;
use crate::moderation;

impl Filling<'_> {
    /// One highlight through as many gates as its stage says.
    #[expect(
        clippy::too_many_lines,
        reason = "one way through the gates, told in order"
    )]
    pub(super) async fn highlight(&self, wanted: &Highlight) -> Result<()> {
        let mut latest = At(0);
        let mut wish = Wish {
            title: wanted.title.clone(),
            reason: wanted.reason.clone(),
            ..Wish::default()
        };
        for quote in &wanted.quotes {
            let key = (quote.thread.clone(), quote.post);
            let (post, at) = *self
                .posts
                .get(&key)
                .ok_or_else(|| wrong(format!("no post {} in {}", quote.post, quote.thread)))?;
            latest = latest.max(at);
            wish.quotes.push(QuoteWish {
                post,
                run: Run::Words(quote.excerpt.clone()),
            });
        }
        let now = self.day.plus(DAY);
        // Gates take a day each; what still waits was nominated lately, so that nothing lapses while somebody looks.
        let waits = matches!(wanted.stage.as_str(), "consent_pending" | "consented");
        let mut at = if waits {
            latest.max(self.day.plus(-2 * DAY))
        } else {
            latest
        }
        .plus(2 * HOUR)
        .min(now);
        self.set(at);
        let nominator = self.member(&wanted.by)?;
        let id = self
            .write(move |tx| {
                let actor = members::actor(tx, nominator)?;
                highlights::nominate(tx, &actor, &wish, None)
            })
            .await?;
        self.highlights
            .lock()
            .await
            .insert(wanted.title.clone(), id);
        if wanted.stage == "consent_pending" {
            return Ok(());
        }
        at = at.plus(5 * HOUR);
        self.set(at);
        self.consents(id, wanted).await?;
        if matches!(wanted.stage.as_str(), "declined" | "consented") {
            return Ok(());
        }
        at = at.plus(16 * HOUR);
        self.set(at);
        self.decision(id, wanted).await?;
        at = at.plus(4 * HOUR);
        self.set(at);
        if wanted.stage == "returned" {
            return Ok(());
        }
        if matches!(wanted.stage.as_str(), "announced" | "recalled") {
            self.announce(id, wanted, When::Now).await?;
        }
        self.shelf(id, wanted).await?;
        match wanted.stage.as_str() {
            "recalled" => {
                self.set(at.plus(50 * HOUR));
                self.take_back(id, wanted).await
            }
            "retired" => {
                self.set(at.plus(50 * HOUR));
                let publisher = self.member("pia")?;
                self.write(move |tx| {
                    let pia = members::actor(tx, publisher)?;
                    highlights::retire(tx, &pia, id, "The season is over.")
                })
                .await
            }
            "scheduled" => {
                self.clock.release();
                self.planned(id, wanted).await
            }
            "withdrawn" => {
                let announcement = self.announce(id, wanted, When::Now).await?;
                self.set(at.plus(30 * HOUR));
                let publisher = self.member("pia")?;
                self.write(move |tx| {
                    let pia = members::actor(tx, publisher)?;
                    highlights::withdraw_announcement(
                        tx,
                        &pia,
                        announcement,
                        "The town changed the date after we had said it.",
                    )
                })
                .await?;
                self.app.bridge.serve_due().await.map(drop)
            }
            "stale" => self.edit(wanted).await,
            _ => Ok(()),
        }
    }

    async fn consents(&self, id: HighlightId, wanted: &Highlight) -> Result<()> {
        let mut authors = Vec::new();
        for quote in &wanted.quotes {
            let (post, _) = *self
                .posts
                .get(&(quote.thread.clone(), quote.post))
                .ok_or_else(|| wrong("no such post"))?;
            let author = self
                .write(move |tx| Ok(forum::said(tx, post)?.author))
                .await?;
            if let Some(author) = author.filter(|a| !authors.contains(a)) {
                authors.push(author);
            }
        }
        let declined = wanted.stage == "declined";
        let places = Places::parse(["page", "webhook", "mastodon", "bulletin", "embed", "feed"])
            .ok_or_else(|| wrong("places"))?;
        let attribution = Attribution::parse(&wanted.attribution).unwrap_or(Attribution::Name);
        for author in authors {
            let scope = Scope {
                attribution,
                trimming: false,
                by_hand: true,
                places: places.clone(),
                pictures: true,
            };
            self.write(move |tx| {
                let actor = members::actor(tx, author)?;
                let (answer, scope) = if declined {
                    (Answer::Decline, None)
                } else {
                    (Answer::Grant, Some(&scope))
                };
                highlights::answer(tx, &actor, id, answer, scope).map(drop)
            })
            .await?;
        }
        Ok(())
    }

    /// The label, the collections, and what the publisher has taken out.
    async fn shelf(&self, id: HighlightId, wanted: &Highlight) -> Result<()> {
        let publisher = self.member("pia")?;
        let (label, pulls) = (wanted.label.clone(), wanted.pulls.clone());
        let day = |days: i64| {
            let at = self.day.plus(days * DAY).timestamp();
            at.strftime("%Y-%m-%d").to_string()
        };
        let written = highlights::Label {
            topics: label.topics.clone(),
            audience: label.audience.clone(),
            lang: "en".to_owned(),
            evergreen: label.evergreen,
            expires: if label.ends_in_days == 0 {
                String::new()
            } else {
                day(label.ends_in_days)
            },
            embargo: if label.embargo_days == 0 {
                String::new()
            } else {
                format!("{}T09:00", day(label.embargo_days))
            },
        };
        self.write(move |tx| {
            let pia = members::actor(tx, publisher)?;
            let entry = highlights::entry(tx, &pia, id)?;
            let mut written = written.clone();
            if written.topics.is_empty() {
                written.topics = entry.topics.join(",");
            }
            highlights::label(tx, &pia, id, entry.highlight.version, &written)?;
            for name in &label.collections {
                let known = highlights::choices(tx, &pia)?.collections;
                let found = known.into_iter().find(|(_, known)| known == name);
                let collection = match found {
                    Some((id, _)) => id,
                    None => highlights::make_collection(tx, &pia, name, "")?,
                };
                highlights::collect(tx, &pia, collection, id)?;
            }
            for pull in &pulls {
                let order = Order {
                    how: How::parse(&pull.how).ok_or_else(|| wrong("no such way"))?,
                    purpose: pull.purpose.clone(),
                    recipient: pull.recipient.clone(),
                };
                highlights::pull(tx, &pia, &[id], &order)?;
            }
            Ok(())
        })
        .await
    }

    /// Its author takes everything back.
    async fn take_back(&self, id: HighlightId, wanted: &Highlight) -> Result<()> {
        let Some(quote) = wanted.quotes.first() else {
            return Ok(());
        };
        let (post, _) = *self
            .posts
            .get(&(quote.thread.clone(), quote.post))
            .ok_or_else(|| wrong("no such post"))?;
        self.write(move |tx| {
            let author = forum::said(tx, post)?.author;
            let author = author.ok_or_else(|| wrong("no author"))?;
            let actor = members::actor(tx, author)?;
            highlights::answer(tx, &actor, id, Answer::Withdraw, None).map(drop)
        })
        .await?;
        self.app.bridge.serve_due().await.map(drop)
    }

    /// By the first moderator who is no party to it.
    async fn decision(&self, id: HighlightId, wanted: &Highlight) -> Result<()> {
        let moderators = [self.member("mo")?, self.member("ingrid")?];
        let (verdict, note) = match wanted.stage.as_str() {
            "returned" => (Verdict::Return, wanted.note.clone()),
            _ => (Verdict::Approve, wanted.note.clone()),
        };
        self.write(move |tx| {
            for moderator in moderators {
                let actor = members::actor(tx, moderator)?;
                match highlights::decide(tx, &actor, id, verdict, &note, None) {
                    Err(Stop::Refused(Refusal::FourEyes)) => {}
                    other => return other.map(drop),
                }
            }
            Err(wrong("both moderators are party to it"))
        })
        .await
    }

    async fn announce(
        &self,
        id: HighlightId,
        wanted: &Highlight,
        when: When,
    ) -> Result<AnnouncementId> {
        let page = self.channel("page").await?;
        self.announce_at(id, wanted, (page, when)).await
    }

    pub(super) async fn announce_at(
        &self,
        id: HighlightId,
        wanted: &Highlight,
        (channel, when): (ChannelId, When),
    ) -> Result<AnnouncementId> {
        let publisher = self.member("pia")?;
        let text = wanted.announcement.clone();
        let announcement = self
            .write(move |tx| {
                let pia = members::actor(tx, publisher)?;
                let mut draft = Draft {
                    channel,
                    text: text.clone(),
                    when: when.clone(),
                    nameless: "a member".to_owned(),
                    lang: String::new(),
                    hashtags: String::new(),
                    reasons: BTreeMap::new(),
                    picture: highlights::pictures(tx, id)?
                        .first()
                        .map(|picture| PictureWish {
                            id: picture.id,
                            alt: None,
                        }),
                    suggestion: None,
                };
                // Whoever passes a warning over says why.
                let seen = highlights::examine(tx, &pia, id, &draft)?;
                for finding in seen.report.findings {
                    let why = "It is how people here talk, and the quote needs it.";
                    draft.reasons.insert(finding.rule, why.to_owned());
                }
                highlights::announce(tx, &pia, id, &draft)
            })
            .await?;
        self.app.bridge.serve_due().await?;
        Ok(announcement)
    }

    /// The author changes the very words that were approved.
    async fn edit(&self, wanted: &Highlight) -> Result<()> {
        let Some(quote) = wanted.quotes.first() else {
            return Ok(());
        };
        let (post, _) = *self
            .posts
            .get(&(quote.thread.clone(), quote.post))
            .ok_or_else(|| wrong("no such post"))?;
        let base_url = self.base_url();
        self.write(move |tx| {
            let said = forum::said(tx, post)?;
            let author = said.author.ok_or_else(|| wrong("no author"))?;
            let actor = members::actor(tx, author)?;
            let words = forum::Words::parse(
                "I have thought about it again and would rather say it differently one day.",
                &base_url,
            )?;
            forum::edit_post(tx, &actor, post, &words, said.revision, "said it better").map(drop)
        })
        .await
    }

    /// The planning tool's own way into the library.
    pub(super) async fn feed(&self) -> Result<()> {
        let publisher = self.member("pia")?;
        self.write(move |tx| {
            let pia = members::actor(tx, publisher)?;
            highlights::open_feed(tx, &pia, "The planning tool", None).map(drop)
        })
        .await
    }

    pub(super) async fn reports(&self, script: &Script) -> Result<()> {
        self.clock.release();
        let just_now = self.clock.now().plus(-2 * HOUR);
        self.set(just_now);
        for report in script.reports.clone() {
            let (post, _) = *self
                .posts
                .get(&(report.thread.clone(), report.post))
                .ok_or_else(|| {
                    wrong(format!(
                        "report: no post {} in {}",
                        report.post, report.thread
                    ))
                })?;
            let reporter = self.member(&report.by)?;
            self.write(move |tx| {
                let actor = members::actor(tx, reporter)?;
                moderation::report(tx, &actor, post, &report.reason, &report.message).map(drop)
            })
            .await?;
        }
        Ok(())
    }
}
