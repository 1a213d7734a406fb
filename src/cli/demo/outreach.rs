//! The demo's publishers at work: hours of channels, plans, a text in the making, requests for voices.

use std::collections::BTreeMap;

use serde_json::json;

use super::fill::{Filling, wrong};
use super::script::{Highlight, Outreach};
use crate::bridge::{self, NewChannel};
use crate::highlights::{self, Plan, VoiceAnswer, VoiceWish, Wanted, WantedText, When};
use crate::kit::clock::{DAY, HOUR};
use crate::kit::ids::{ChannelId, HighlightId};
use crate::kit::{At, Clock, Result, Stop};
use crate::members;
use crate::policy::Actor;

const HOUSE: Actor = Actor::System("demo");

impl Filling<'_> {
    /// The channel of this word: the announcements page, or the museum's website behind a webhook.
    pub(super) async fn channel(&self, word: &str) -> Result<ChannelId> {
        let kind = if word == "website" { "webhook" } else { "page" };
        self.write(move |tx| {
            let found = bridge::channels(tx)?.into_iter().find(|c| c.kind == kind);
            match found {
                Some(line) => Ok(line.id),
                None => {
                    let wanted = NewChannel {
                        kind: kind.to_owned(),
                        name: "harbour-museum.example".to_owned(),
                        config: json!({ "url": "https://www.harbour-museum.example/hooks/commons" }),
                        secret: None,
                    };
                    Ok(bridge::create_channel(tx, &HOUSE, &wanted)?.channel.id)
                }
            }
        })
        .await
    }

    /// The hours at which the announcements page speaks; the website takes two a day with an hour between.
    pub(super) async fn hours(&self, outreach: &Outreach) -> Result<()> {
        let page = self.channel("page").await?;
        let website = self.channel("website").await?;
        let slots = outreach.slots.clone();
        self.write(move |tx| {
            for slot in &slots {
                highlights::add_slot(tx, &HOUSE, page, slot.weekday, &slot.time)?;
            }
            let line = bridge::channel(tx, website)?;
            let changes = bridge::Changes {
                revision: line.revision,
                name: line.name,
                config: None,
                min_gap_seconds: 3_600,
                daily_cap: 2,
                max_lateness_seconds: line.max_lateness_seconds,
            };
            bridge::change_channel(tx, &HOUSE, website, &changes).map(drop)
        })
        .await
    }

    /// A bulletin, and members who get it. Nobody outside is written to: a demo has no mail server.
    pub(super) async fn bulletin(&self) -> Result<()> {
        let bulletin = self
            .write(|tx| {
                let wanted = NewChannel {
                    kind: "bulletin".to_owned(),
                    name: "Letters from the harbour".to_owned(),
                    config: json!({ "from": "letters@harbour-museum.example", "bounces": "returns@harbour-museum.example" }),
                    secret: None,
                };
                Ok(bridge::create_channel(tx, &HOUSE, &wanted)?.channel.id)
            })
            .await?;
        for id in self.members.values().copied() {
            self.write(move |tx| {
                let actor = members::actor(tx, id)?;
                match bridge::choose(tx, &actor, bulletin, true) {
                    // Who has not confirmed an address, or may not take part right now, gets no letters.
                    Err(Stop::Refused(_)) => Ok(()),
                    other => other,
                }
            })
            .await?;
        }
        Ok(())
    }

    /// Plans a highlight wherever its script says.
    pub(super) async fn planned(&self, id: HighlightId, wanted: &Highlight) -> Result<()> {
        for plan in &wanted.plans {
            let channel = self.channel(&plan.channel).await?;
            let when = match plan.at.as_str() {
                "slot" => When::Slot,
                text => When::wall(&self.wall(text)?, None),
            };
            self.announce_at(id, wanted, (channel, when)).await?;
        }
        Ok(())
    }

    /// `+3d 09:30` as a wall time from today.
    fn wall(&self, text: &str) -> Result<String> {
        let (days, time) = text
            .split_once("d ")
            .ok_or_else(|| wrong(format!("no day and time: {text:?}")))?;
        let days: i64 = days
            .parse()
            .map_err(|_none| wrong(format!("no days: {text:?}")))?;
        self.clock.release();
        let day = self.clock.now().plus(days * DAY).timestamp();
        let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(format!("{day}T{time}"))
    }

    /// A text that is not finished.
    pub(super) async fn writing(&self, outreach: &Outreach) -> Result<()> {
        let page = self.channel("page").await?;
        let website = self.channel("website").await?;
        self.clock.release();
        let yesterday = self.clock.now().plus(-DAY);
        self.set(yesterday);
        for text in outreach.texts.clone() {
            let id = self.titled(&text.title).await?;
            let writer = self.member(&text.by)?;
            self.write(move |tx| {
                let actor = members::actor(tx, writer)?;
                let wanted = Wanted {
                    revision: 0,
                    master: text.master.clone(),
                    lang: "en".to_owned(),
                    hashtags: text.hashtags.clone(),
                    picture: None,
                    suggestion: None,
                    texts: vec![
                        WantedText {
                            plan: Plan::Slot,
                            ..WantedText::following(page)
                        },
                        WantedText {
                            text: Some(text.website.clone()),
                            reasons: BTreeMap::new(),
                            ..WantedText::following(website)
                        },
                    ],
                };
                highlights::save(tx, &actor, id, &wanted).map(drop)
            })
            .await?;
        }
        Ok(())
    }

    async fn titled(&self, title: &str) -> Result<HighlightId> {
        let all = self.highlights.lock().await;
        all.get(title)
            .copied()
            .ok_or_else(|| wrong(format!("no highlight {title:?}")))
    }

    /// What publishers asked for, and what they were told.
    pub(super) async fn requests(&self, outreach: &Outreach) -> Result<()> {
        for request in outreach.requests.clone() {
            let due = self.wall(&request.due)?;
            let now = self.clock.now();
            let asked = At(now.0 + self.days(&request.asked)? * DAY);
            let asked = asked.plus(-HOUR);
            self.set(asked);
            let publisher = self.member(&request.by)?;
            let wish = VoiceWish {
                title: request.title.clone(),
                wish: request.wish.clone(),
                voices: request.voices,
                category: self.categories.get(&request.category).copied(),
                due: When::wall(&due, None),
            };
            let id = self
                .write(move |tx| {
                    let actor = members::actor(tx, publisher)?;
                    highlights::ask_for_voices(tx, &actor, &wish)
                })
                .await?;
            for (place, answer) in request.answer.iter().enumerate() {
                self.set(asked.plus(5 * HOUR));
                let moderator = self.member(&answer.by)?;
                let mut offers = Vec::new();
                for title in &answer.offers {
                    offers.push(self.titled(title).await?);
                }
                let said = VoiceAnswer::parse(&answer.answer)
                    .ok_or_else(|| wrong(format!("no answer: {}", answer.answer)))?;
                let (note, cited) = (answer.note.clone(), answer.sentence.clone());
                let revision = i64::try_from(place).unwrap_or_default() + 1;
                self.write(move |tx| {
                    let actor = members::actor(tx, moderator)?;
                    let number = number_of(tx, &cited)?;
                    let said = (said, note.as_str(), number);
                    highlights::answer_request(tx, &actor, id, revision, said, &offers)
                })
                .await?;
            }
        }
        self.clock.release();
        Ok(())
    }

    fn days(&self, text: &str) -> Result<i64> {
        text.trim_end_matches('d')
            .parse()
            .map_err(|_none| wrong(format!("no days: {text:?}")))
    }
}

/// The number of the charter's sentence that begins like this; none for an empty one.
fn number_of(tx: &mut crate::db::Tx<'_>, cited: &str) -> Result<Option<usize>> {
    if cited.is_empty() {
        return Ok(None);
    }
    let charter = highlights::charter_sentences(tx)?;
    let found = charter.and_then(|charter| {
        let place = charter.sentences.iter().position(|s| s.contains(cited))?;
        Some(place + 1)
    });
    match found {
        Some(number) => Ok(Some(number)),
        None => Err(wrong(format!("the charter does not say {cited:?}"))),
    }
}
