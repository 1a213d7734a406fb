//! The post office: carries the letters of all bulletins, beside the jobs, so that a long list never holds up the
//! letter that somebody waits for to sign in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::claim::{CONVERSATION, Claim, Errand, claim, due};
use super::settle::{rest, settle};
use crate::db::Db;
use crate::kit::ids::ChannelId;
use crate::kit::{At, Result};
use crate::mail::{Handed, Line, Office};

/// How often it is looked for letters that are due.
const GLANCE: Duration = Duration::from_secs(1);

/// Carries letters. Cheap to clone.
#[derive(Clone)]
pub struct Post {
    db: Db,
    office: Arc<Office>,
    /// Bulletins whose mail server wants nothing of us: how often in a row, and until when it is left alone.
    resting: Arc<Mutex<HashMap<ChannelId, (u32, At)>>>,
}

impl Post {
    /// A post office over this mail server.
    #[must_use]
    pub fn new(db: Db, office: Arc<Office>) -> Self {
        Self {
            db,
            office,
            resting: Arc::default(),
        }
    }

    /// Carries letters until told to stop (or the stopper is gone); the one under way is finished.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(stop) = self.round(&stop).await {
                tracing::warn!(%stop, "the bulletin's letters could not be looked for");
            }
            tokio::select! {
                () = tokio::time::sleep(GLANCE) => {}
                changed = stop.changed() => if changed.is_err() || *stop.borrow() { break },
            }
            if *stop.borrow() {
                break;
            }
        }
    }

    async fn round(&self, stop: &watch::Receiver<bool>) -> Result<usize> {
        let mut done = 0;
        for channel in self.db.read(due).await? {
            done += self.serve(channel, &|| *stop.borrow()).await?;
        }
        Ok(done)
    }

    /// Carries everything that is due now and answers how many letters that were. For commands and tests that have no
    /// loop running.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub async fn serve_due(&self) -> Result<usize> {
        let mut done = 0;
        for channel in self.db.read(due).await? {
            done += self.serve(channel, &|| false).await?;
        }
        Ok(done)
    }

    async fn serve(
        &self,
        channel: ChannelId,
        is_over: &(dyn Fn() -> bool + Sync),
    ) -> Result<usize> {
        let mut done = 0;
        let mut line = Line::default();
        while !is_over() && self.may_try(channel) {
            let host = self.office.host().to_owned();
            match self.db.write(move |tx| claim(tx, channel, &host)).await? {
                Claim::Nothing => break,
                Claim::Moved => {}
                Claim::Letter(errand) => {
                    done += 1;
                    let handed;
                    (line, handed) = self.hand(&errand, line).await;
                    let rest_until = self.note(channel, &handed);
                    let errand = Arc::new(errand);
                    self.db
                        .write(move |tx| settle(tx, &errand, &handed, rest_until))
                        .await?;
                }
            }
        }
        // Goodbyes block as well.
        drop(tokio::task::spawn_blocking(move || line.close()).await);
        Ok(done)
    }

    async fn hand(&self, errand: &Errand, mut line: Line) -> (Line, Handed) {
        // A process that froze since the commit finds out here that somebody else may have written its letter off.
        if self.db.house().clock.now().plus(CONVERSATION) > errand.until {
            return (
                line,
                Handed::Closed("it came to its turn too late".to_owned()),
            );
        }
        let (office, letter, mailing) = (
            self.office.clone(),
            errand.letter.clone(),
            errand.mailing.clone(),
        );
        let handed = tokio::task::spawn_blocking(move || {
            let handed = office.hand(&letter, &mailing, &mut line);
            (line, handed)
        });
        handed.await.unwrap_or_else(|_| {
            let note = "handing it over broke off".to_owned();
            (Line::default(), Handed::Unknown(note))
        })
    }

    fn may_try(&self, channel: ChannelId) -> bool {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.db.house().clock.now();
        resting.get(&channel).is_none_or(|(_, until)| *until <= now)
    }

    /// Remembers whether the server takes letters, and answers until when it is left alone if not.
    fn note(&self, channel: ChannelId, handed: &Handed) -> At {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.db.house().clock.now();
        let Handed::Closed(why) = handed else {
            resting.remove(&channel);
            return now;
        };
        let times = resting.get(&channel).map_or(0, |(times, _)| times + 1);
        let until = now.plus(rest(times));
        resting.insert(channel, (times, until));
        tracing::warn!(
            channel = channel.0,
            why,
            "the mail server takes no letters of a bulletin"
        );
        until
    }
}
