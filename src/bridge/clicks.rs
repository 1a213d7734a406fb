//! How many people came by a link: counted in memory, written every ten seconds, with nothing of anybody in it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;

use crate::db::schema::{clicks, link_codes};
use crate::db::{Db, Tx};
use crate::each_backend;
use crate::kit::clock::DAY;
use crate::kit::{At, Result};
use crate::policy::{Action, Actor};

/// The most pairs of day and code that wait in memory; further ones are not counted until the next writing.
const MOST_WAITING: usize = 10_000;

/// Words in the names of programs that fetch a page to show a preview of it.
const PREVIEWERS: &[&str] = &[
    "mastodon",
    "pleroma",
    "akkoma",
    "misskey",
    "gotosocial",
    "pixelfed",
    "friendica",
    "cardyb",
    "bluesky",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-external",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "telegrambot",
    "linkedinbot",
    "whatsapp",
    "skypeuripreview",
    "microsoftpreview",
    "bingpreview",
    "embedly",
    "iframely",
    "pinterest",
    "redditbot",
    "applebot",
    "googlebot",
    "google-pagerenderer",
    "googlemessages",
    "snap url preview",
    "viber",
    "matrix",
    "synapse",
    "zulip",
    "rocket.chat",
    "mattermost",
    "vkshare",
    "feedfetcher",
    "crawler",
    "spider",
    "bot/",
    "bot;",
    "preview",
    "curl/",
    "wget/",
    "python-",
    "go-http-client",
    "headlesschrome",
];

/// Who follows a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor {
    /// A person, as far as anybody can tell.
    Person,
    /// A program that fetches a preview.
    Previewer,
}

/// What a request looks like: asked with HEAD, without a name or with the name of a previewer it is no person.
#[must_use]
pub fn visitor(user_agent: Option<&str>, is_head: bool) -> Visitor {
    let Some(agent) = user_agent
        .map(str::to_ascii_lowercase)
        .filter(|agent| !agent.is_empty())
    else {
        return Visitor::Previewer;
    };
    if is_head || PREVIEWERS.iter().any(|word| agent.contains(word)) {
        Visitor::Previewer
    } else {
        Visitor::Person
    }
}

/// Numbers of one code and day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    people: i64,
    previews: i64,
    sign_ups: i64,
    first_posts: i64,
}

/// Counts in memory. One per process.
#[derive(Debug, Default)]
pub struct Counter {
    waiting: Mutex<HashMap<(i64, String), Tally>>,
}

impl Counter {
    /// Counts one visit of a code that exists.
    pub fn count(&self, code: &str, visitor: Visitor, now: At) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (now.day(), code.to_owned());
        if waiting.len() >= MOST_WAITING && !waiting.contains_key(&key) {
            return;
        }
        let tally = waiting.entry(key).or_default();
        match visitor {
            Visitor::Person => tally.people += 1,
            Visitor::Previewer => tally.previews += 1,
        }
    }

    /// Writes what waits. Where that fails it waits on.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn flush(&self, db: &Db) -> Result<usize> {
        let taken: Vec<((i64, String), Tally)> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.drain().collect()
        };
        if taken.is_empty() {
            return Ok(0);
        }
        let mut rows = taken.clone();
        // Several nodes write the same rows: all in the same order, so that none waits for the other in a circle.
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        let written = db
            .write(move |tx| {
                for ((day, code), tally) in &rows {
                    add(tx, *day, code, *tally)?;
                }
                Ok(rows.len())
            })
            .await;
        if written.is_err() {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, tally) in taken {
                let kept = waiting.entry(key).or_default();
                kept.people += tally.people;
                kept.previews += tally.previews;
            }
        }
        written
    }
}

fn add(tx: &mut Tx<'_>, day: i64, code: &str, tally: Tally) -> Result<()> {
    let row = (
        clicks::day.eq(day),
        clicks::code.eq(code),
        clicks::people.eq(tally.people),
        clicks::previews.eq(tally.previews),
        clicks::sign_ups.eq(tally.sign_ups),
        clicks::first_posts.eq(tally.first_posts),
    );
    each_backend!(tx.conn, c => diesel::insert_into(clicks::table)
        .values(row)
        .on_conflict((clicks::day, clicks::code))
        .do_update()
        .set((
            clicks::people.eq(clicks::people + tally.people),
            clicks::previews.eq(clicks::previews + tally.previews),
            clicks::sign_ups.eq(clicks::sign_ups + tally.sign_ups),
            clicks::first_posts.eq(clicks::first_posts + tally.first_posts),
        ))
        .execute(c))?;
    Ok(())
}

fn is_ours(tx: &mut Tx<'_>, code: &str) -> Result<bool> {
    let found: i64 = link_codes::table
        .filter(link_codes::code.eq(code))
        .count()
        .get_result(tx.conn)?;
    Ok(found == 1)
}

/// Counts a sign-up that came by a code; a code that is none of ours counts nothing.
///
/// # Errors
/// A fault where the database fails.
pub fn count_sign_up(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    if !is_ours(tx, code)? {
        return Ok(());
    }
    let day = tx.now().day();
    let tally = Tally {
        sign_ups: 1,
        ..Tally::default()
    };
    add(tx, day, code, tally)
}

/// Counts a first post of somebody who had signed up by a code.
pub(super) fn count_first_post(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    if !is_ours(tx, code)? {
        return Ok(());
    }
    let day = tx.now().day();
    let tally = Tally {
        first_posts: 1,
        ..Tally::default()
    };
    add(tx, day, code, tally)
}

/// What came of a code, over all days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Clicks {
    /// Visits of people.
    pub people: i64,
    /// Visits of previewers.
    pub previews: i64,
    /// Sign-ups.
    pub sign_ups: i64,
    /// First posts of those who signed up.
    pub first_posts: i64,
}

/// What came of these codes, by code; codes without a visit are not in it.
///
/// # Errors
/// A fault where the database fails.
pub fn clicks_of(tx: &mut Tx<'_>, codes: &[String]) -> Result<HashMap<String, Clicks>> {
    // The sums are made here: the two databases give sums of BIGINT different types.
    let rows: Vec<(String, i64, i64, i64, i64)> = clicks::table
        .filter(clicks::code.eq_any(codes.iter().take(500)))
        .select((
            clicks::code,
            clicks::people,
            clicks::previews,
            clicks::sign_ups,
            clicks::first_posts,
        ))
        .load(tx.conn)?;
    let mut sums: HashMap<String, Clicks> = HashMap::new();
    for (code, people, previews, sign_ups, first_posts) in rows {
        let sum = sums.entry(code).or_default();
        sum.people += people;
        sum.previews += previews;
        sum.sign_ups += sign_ups;
        sum.first_posts += first_posts;
    }
    Ok(sums)
}

/// What came of a code on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayClicks {
    /// The number of the day since 1970-01-01 in UTC.
    pub day: i64,
    /// What came.
    pub clicks: Clicks,
}

impl DayClicks {
    /// `2026-11-22`.
    #[must_use]
    pub fn date(&self) -> String {
        let at = At(self.day.saturating_mul(DAY));
        at.timestamp().strftime("%Y-%m-%d").to_string()
    }
}

/// What came of a code day by day, the latest first; days on which nothing came are not in it.
///
/// # Errors
/// Refused to everybody but publishers, moderators and admins.
pub fn clicks_by_day(
    tx: &mut Tx<'_>,
    actor: &Actor,
    code: &str,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<DayClicks>> {
    actor.may(&Action::SeeOutreach)?;
    let rows: Vec<(i64, i64, i64, i64, i64)> = clicks::table
        .filter(clicks::code.eq(code))
        .filter(clicks::day.lt(before.unwrap_or(i64::MAX)))
        .order(clicks::day.desc())
        .limit(most.clamp(1, 200))
        .select((
            clicks::day,
            clicks::people,
            clicks::previews,
            clicks::sign_ups,
            clicks::first_posts,
        ))
        .load(tx.conn)?;
    let line = |(day, people, previews, sign_ups, first_posts)| DayClicks {
        day,
        clicks: Clicks {
            people,
            previews,
            sign_ups,
            first_posts,
        },
    };
    Ok(rows.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previewers_are_told_from_people() {
        let person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(visitor(Some(person), false), Visitor::Person);
        assert_eq!(visitor(Some(person), true), Visitor::Previewer);
        for agent in [
            None,
            Some(""),
            Some("Mastodon/4.5.0 (http.rb/5.3.1; +https://social.example/)"),
            Some("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"),
            Some("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
            Some("WhatsApp/2.23.20.0"),
            Some("facebookexternalhit/1.1"),
            Some("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1)"),
        ] {
            assert_eq!(visitor(agent, false), Visitor::Previewer, "{agent:?}");
        }
    }

    #[test]
    fn waiting_counts_are_bounded() {
        let counter = Counter::default();
        for number in 0..MOST_WAITING + 10 {
            counter.count(&number.to_string(), Visitor::Person, At(0));
        }
        counter.count("0", Visitor::Person, At(0));
        let waiting = counter.waiting.lock().expect("not poisoned");
        assert_eq!(waiting.len(), MOST_WAITING);
        assert_eq!(waiting.get(&(0, "0".to_owned())).map(|t| t.people), Some(2));
    }
}
