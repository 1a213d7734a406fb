//! A bulletin as the engine sees it: announcing writes one row per recipient into our own database, correcting and
//! taking back change the rows whose letters have not left. As with the announcements page, each write checks the lease
//! in its own transaction, so repeating is harmless.

use std::sync::Arc;

use diesel::prelude::*;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::state::{LetterState, SubscriberState};
use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Known, Observed, Outcome, Remote, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation, State};
use crate::db::schema::{bulletin_letters, bulletin_subscribers, deliveries};
use crate::db::{Db, Lock, Tx};
use crate::each_backend;
use crate::kit::ids::SubscriberId;
use crate::kit::{Result, Stop};
use crate::mail::Office;

/// The word of the kind.
pub(super) const KIND: &str = "bulletin";
/// Recipients written in one transaction: some milliseconds, so that nobody waits for a long list.
const PIECE: i64 = 200;

struct BulletinAdapter {
    db: Db,
    office: Option<Arc<Office>>,
}

/// The adapter of the kind `bulletin`; without an office it cannot say how the mail server is.
#[must_use]
pub fn adapter(db: &Db, office: Option<&Arc<Office>>) -> Arc<dyn Adapter> {
    Arc::new(BulletinAdapter {
        db: db.clone(),
        office: office.cloned(),
    })
}

/// Does this try still hold its lease?
fn is_mine(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    tx.lock(Lock::Delivery(job.delivery))?;
    let mine = deliveries::table
        .find(job.delivery)
        .filter(deliveries::state.eq(State::Sending))
        .filter(deliveries::lease_token.eq(job.fence));
    Ok(diesel::select(diesel::dsl::exists(mine)).get_result(tx.conn)?)
}

/// Writes the letters of the next recipients; answers the last of them, `None` at the end of the list, and nothing at
/// all where the lease was lost.
fn write_some(
    tx: &mut Tx<'_>,
    job: &Job,
    after: SubscriberId,
) -> Result<Option<Option<SubscriberId>>> {
    if !is_mine(tx, job)? {
        return Ok(None);
    }
    let some: Vec<(SubscriberId, Vec<u8>)> = bulletin_subscribers::table
        .filter(bulletin_subscribers::channel_id.eq(job.to.channel))
        .filter(bulletin_subscribers::state.eq(SubscriberState::Confirmed))
        .filter(bulletin_subscribers::id.gt(after))
        .order(bulletin_subscribers::id)
        .limit(PIECE)
        .select((bulletin_subscribers::id, bulletin_subscribers::address_hash))
        .load(tx.conn)?;
    let last = some.last().map(|(id, _)| *id);
    let now = tx.now();
    for (subscriber, hash) in some {
        let row = (
            bulletin_letters::channel_id.eq(job.to.channel),
            bulletin_letters::delivery_id.eq(job.delivery),
            bulletin_letters::origin_kind.eq(&job.origin.kind),
            bulletin_letters::origin_id.eq(job.origin.id),
            bulletin_letters::subscriber_id.eq(subscriber),
            bulletin_letters::address_hash.eq(hash),
            bulletin_letters::state.eq(LetterState::Queued),
            bulletin_letters::next_at.eq(now),
            bulletin_letters::created_at.eq(now),
        );
        // A row that is there already is that address's letter: there is no second one.
        each_backend!(tx.conn, c => diesel::insert_into(bulletin_letters::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(Some(last))
}

/// How many letters of this announcement are or may be in mailboxes.
fn out(tx: &mut Tx<'_>, job: &Job) -> Result<i64> {
    Ok(bulletin_letters::table
        .filter(bulletin_letters::origin_kind.eq(&job.origin.kind))
        .filter(bulletin_letters::origin_id.eq(job.origin.id))
        .filter(bulletin_letters::state.eq_any(LetterState::OUT))
        .count()
        .get_result(tx.conn)?)
}

/// Changes what has not left; answers how many have, or nothing where the lease was lost.
fn change_rest(tx: &mut Tx<'_>, job: &Job) -> Result<Option<i64>> {
    if !is_mine(tx, job)? {
        return Ok(None);
    }
    if job.operation == Operation::Withdraw {
        drop_rest(tx, &job.origin, "withdrawn")?;
    } else {
        diesel::update(
            bulletin_letters::table
                .filter(bulletin_letters::origin_kind.eq(&job.origin.kind))
                .filter(bulletin_letters::origin_id.eq(job.origin.id))
                .filter(bulletin_letters::state.eq_any(LetterState::WAITING)),
        )
        .set(bulletin_letters::delivery_id.eq(job.delivery))
        .execute(tx.conn)?;
    }
    out(tx, job).map(Some)
}

/// Letters of an announcement that have not left are not wanted any more.
pub(super) fn drop_rest(
    tx: &mut Tx<'_>,
    origin: &crate::kit::event::Origin,
    why: &str,
) -> Result<()> {
    diesel::update(
        bulletin_letters::table
            .filter(bulletin_letters::origin_kind.eq(&origin.kind))
            .filter(bulletin_letters::origin_id.eq(origin.id))
            .filter(bulletin_letters::state.eq_any(LetterState::WAITING)),
    )
    .set((
        bulletin_letters::state.eq(LetterState::Dropped),
        bulletin_letters::note.eq(why),
        bulletin_letters::settled_at.eq(tx.now()),
    ))
    .execute(tx.conn)?;
    Ok(())
}

fn lost() -> Observed {
    Observed::new(Outcome::NotSent, None, "the lease was over")
}

fn failed(stop: &Stop) -> Observed {
    match stop {
        // The answer to a commit can be lost; the same write again is harmless.
        Stop::Fault(_) => {
            Observed::new(Outcome::Unknown(None), None, "the database did not answer")
        }
        _ => Observed::new(Outcome::NotSent, None, "the database was busy"),
    }
}

impl BulletinAdapter {
    async fn fill(&self, job: &Job) -> Observed {
        let job = Arc::new(job.clone());
        let mut after = SubscriberId(0);
        loop {
            if !job.in_time(self.db.house().clock.as_ref()) {
                return lost();
            }
            let mine = job.clone();
            match self.db.write(move |tx| write_some(tx, &mine, after)).await {
                Ok(None) => return lost(),
                Ok(Some(Some(last))) => after = last,
                Ok(Some(None)) => break,
                Err(stop) => return failed(&stop),
            }
        }
        let remote = Remote {
            id: Some(format!("{}-{}", job.origin.kind, job.origin.id)),
            url: None,
        };
        Observed::new(Outcome::Sent(remote), None, "")
    }

    async fn change(&self, job: &Job) -> Observed {
        let mine = Arc::new(job.clone());
        match self.db.write(move |tx| change_rest(tx, &mine)).await {
            Ok(None) => lost(),
            Ok(Some(0)) => {
                Observed::new(Outcome::Sent(Remote::default()), None, "no letter had left")
            }
            Ok(Some(out)) => {
                let note = format!("{out} letters had left and cannot be called back");
                Observed::new(Outcome::ByHand, None, note)
            }
            Err(stop) => failed(&stop),
        }
    }
}

impl Adapter for BulletinAdapter {
    fn contract(&self, _operation: Operation, _config: &Value) -> Contract {
        Contract {
            class: Class::A,
            reads_back: false,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.fill(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.change(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.change(job))
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("the rows are written, never asked".to_owned()) })
    }

    fn verify<'a>(&'a self, to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async move {
            let Some(office) = self.office.clone() else {
                return Health::Bad("there is no mail server".to_owned());
            };
            let account = to.config["from"]
                .as_str()
                .map_or_else(|| office.address(), str::to_owned);
            // Connecting blocks; nothing but a greeting is said.
            let asked = tokio::task::spawn_blocking(move || office.ask()).await;
            match asked {
                Ok(Ok(())) => Health::Good(Known::account(&account, "")),
                Ok(Err(why)) => Health::Bad(why),
                Err(_) => Health::Bad("the question broke off".to_owned()),
            }
        })
    }
}
