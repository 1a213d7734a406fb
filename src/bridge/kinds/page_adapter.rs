//! Writing the announcements page. It stands in our own database, so the write checks the lease in its own
//! transaction: a worker that lost it writes nothing, and the page is exactly as the deliveries say.

use std::sync::Arc;

use diesel::prelude::*;
use futures_util::future::BoxFuture;

use super::page::Entry;
use super::tools::Tools;
use serde_json::Value;

use crate::bridge::adapter::{
    Adapter, Contract, Destination, Health, Job, Look, Observed, Outcome, Remote, Seen,
};
use crate::bridge::pace::Retry;
use crate::bridge::state::{Class, Operation, State};
use crate::bridge::websub;
use crate::db::schema::{deliveries, page_entries};
use crate::db::{Db, Lock, Tx};
use crate::each_backend;
use crate::kit::{Result, Stop};

/// The adapter of the kind `page`.
struct PageAdapter {
    db: Db,
}

pub(super) fn adapter(tools: &Tools) -> Arc<dyn Adapter> {
    Arc::new(PageAdapter {
        db: tools.db.clone(),
    })
}

impl PageAdapter {
    async fn write(&self, job: &Job) -> Observed {
        let job = Arc::new(job.clone());
        let done = self.db.write(move |tx| put(tx, &job)).await;
        match done {
            Ok(Some(remote)) => Observed::new(Outcome::Sent(remote), None, ""),
            Ok(None) => Observed::new(Outcome::NotSent, None, "the lease was over"),
            // The answer to a commit can be lost; the same write again is harmless.
            Err(Stop::Fault(_)) => {
                Observed::new(Outcome::Unknown(None), None, "the database did not answer")
            }
            Err(_) => Observed::new(Outcome::NotSent, None, "the database was busy"),
        }
    }
}

/// Writes the entry, if this try still holds its lease.
fn put(tx: &mut Tx<'_>, job: &Job) -> Result<Option<Remote>> {
    tx.lock(Lock::Delivery(job.delivery))?;
    let mine: Option<i64> = deliveries::table
        .find(job.delivery)
        .filter(deliveries::state.eq(State::Sending))
        .filter(deliveries::lease_token.eq(job.fence))
        .select(deliveries::revision)
        .first(tx.conn)
        .optional()?;
    if mine.is_none() {
        return Ok(None);
    }
    let now = tx.now().0;
    let here = page_entries::table
        .filter(page_entries::origin_kind.eq(&job.origin.kind))
        .filter(page_entries::origin_id.eq(job.origin.id));
    match job.operation {
        Operation::Announce => {
            let entry: Entry = serde_json::from_str(&job.payload)?;
            let row = (
                page_entries::channel_id.eq(job.to.channel),
                page_entries::origin_kind.eq(&job.origin.kind),
                page_entries::origin_id.eq(job.origin.id),
                page_entries::revision.eq(job.revision),
                page_entries::code.eq(&job.code),
                page_entries::title.eq(&entry.title),
                page_entries::text.eq(&entry.text),
                page_entries::lang.eq(&entry.lang),
                page_entries::link.eq(&entry.source_path),
                page_entries::said.eq(serde_json::to_string(&entry.said)?),
                page_entries::picture.eq(entry.picture_column()?),
                page_entries::published_at.eq(now),
                page_entries::updated_at.eq(now),
            );
            each_backend!(tx.conn, c => diesel::insert_into(page_entries::table)
                .values(row).on_conflict_do_nothing().execute(c))?;
        }
        Operation::Correct => {
            let entry: Entry = serde_json::from_str(&job.payload)?;
            diesel::update(
                here.filter(page_entries::revision.lt(job.revision))
                    .filter(page_entries::withdrawn_at.is_null()),
            )
            .set((
                page_entries::revision.eq(job.revision),
                page_entries::title.eq(&entry.title),
                page_entries::text.eq(&entry.text),
                page_entries::lang.eq(&entry.lang),
                page_entries::said.eq(serde_json::to_string(&entry.said)?),
                page_entries::picture.eq(entry.picture_column()?),
                page_entries::updated_at.eq(now),
            ))
            .execute(tx.conn)?;
        }
        Operation::Withdraw => {
            // The words go at once; what stays is that something stood here.
            diesel::update(here.filter(page_entries::withdrawn_at.is_null()))
                .set((
                    page_entries::withdrawn_at.eq(now),
                    page_entries::updated_at.eq(now),
                    page_entries::title.eq(""),
                    page_entries::text.eq(""),
                    page_entries::said.eq("[]"),
                    page_entries::picture.eq(""),
                ))
                .execute(tx.conn)?;
        }
    }
    websub::changed(tx)?;
    let id = format!("{}-{}", job.origin.kind, job.origin.id);
    let url = tx.link(&format!("/announcements#{}", job.code));
    Ok(Some(Remote {
        id: Some(id),
        url: Some(url),
    }))
}

/// Does the entry stand as it was frozen? Nothing but the deliveries writes it, so anything else is worth a look.
fn standing(tx: &mut Tx<'_>, job: &Job) -> Result<Look> {
    let entry: Entry = serde_json::from_str(&job.payload)?;
    let found: Option<(String, String, String, Option<i64>)> = page_entries::table
        .filter(page_entries::origin_kind.eq(&job.origin.kind))
        .filter(page_entries::origin_id.eq(job.origin.id))
        .select((
            page_entries::title,
            page_entries::text,
            page_entries::picture,
            page_entries::withdrawn_at,
        ))
        .first(tx.conn)
        .optional()?;
    Ok(match found {
        None | Some((_, _, _, Some(_))) => Look::Gone,
        Some((title, text, picture, None))
            if title == entry.title
                && text == entry.text
                && picture == entry.picture_column()? =>
        {
            Look::There
        }
        Some(_) => Look::Changed,
    })
}

impl Adapter for PageAdapter {
    fn contract(&self, _operation: Operation, _config: &Value) -> Contract {
        Contract {
            class: Class::A,
            reads_back: false,
            key_lifetime: i64::MAX,
            retry: Retry::Jitter,
        }
    }

    fn announce<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.write(job))
    }

    fn correct<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.write(job))
    }

    fn withdraw<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Observed> {
        Box::pin(self.write(job))
    }

    fn read_back<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Seen> {
        Box::pin(async { Seen::CannotTell("the page is written, never asked".to_owned()) })
    }

    fn look<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Look> {
        Box::pin(async move {
            let job = Arc::new(job.clone());
            let found = self.db.read(move |tx| standing(tx, &job)).await;
            found.unwrap_or(Look::CannotTell)
        })
    }

    fn verify<'a>(&'a self, _to: &'a Destination) -> BoxFuture<'a, Health> {
        Box::pin(async { Health::Good("built in".into()) })
    }
}
