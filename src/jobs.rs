//! The night shift: every background job as one table, and the loop that runs them.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::app::App;
use crate::content::{links, uploads};
use crate::db::jobs::{self, Claimed, Lane};
use crate::db::{Tx, idempotency, leases, limits};
use crate::forum;
use crate::guidelines;
use crate::kit::clock::{DAY, HOUR, SECOND};
use crate::kit::{At, Fault, Result, Stop};
use crate::{bridge, highlights, mail, members, moderation, search};

/// What a job does: inside one transaction, or with the world outside.
enum Handler {
    /// One write transaction, finished together with the job's row.
    Verb(fn(&mut Tx<'_>, &str) -> Result<()>),
    /// Anything that waits: mail, requests. Must bear repetition.
    Errand(fn(Arc<App>, String) -> Pin<Box<dyn Future<Output = Result<()>> + Send>>),
}

/// Jobs that rooms enqueue, by kind.
const JOBS: &[(&str, Handler)] = &[
    (
        mail::JOB,
        Handler::Errand(|app, letter| {
            Box::pin(async move { mail::deliver(&app.office, &app.db, &letter).await })
        }),
    ),
    (forum::TELL, Handler::Verb(forum::tell_of)),
    (
        forum::RERENDER,
        Handler::Errand(|app, _| Box::pin(async move { rerender(&app).await })),
    ),
    (
        uploads::DROP,
        Handler::Errand(|app, payload| {
            Box::pin(async move { uploads::drop_files(&app.media, &payload).await })
        }),
    ),
    (
        links::FETCH,
        Handler::Errand(|app, payload| {
            Box::pin(
                async move { links::fetch(&app.db, &app.outbound, &app.media, &payload).await },
            )
        }),
    ),
    (
        uploads::TIDY,
        Handler::Errand(|app, _| Box::pin(async move { tidy(&app).await })),
    ),
    (
        search::REINDEX,
        Handler::Errand(|app, _| {
            Box::pin(async move {
                while app.db.write(forum::index_some).await? > 0 {}
                Ok(())
            })
        }),
    ),
    (guidelines::JOB, Handler::Verb(guidelines::in_force)),
    (moderation::APPLY, Handler::Verb(moderation::apply_due)),
    (
        moderation::TELL_REPORTERS,
        Handler::Verb(moderation::tell_rest),
    ),
    (
        highlights::WEIGH,
        Handler::Errand(|app, _| Box::pin(async move { weigh(&app).await })),
    ),
    (guidelines::REMIND, Handler::Verb(guidelines::remind_some)),
    (
        bridge::LOOK,
        Handler::Errand(|app, _| Box::pin(async move { look_around(&app).await })),
    ),
    (
        bridge::RENEW,
        Handler::Errand(|app, _| Box::pin(async move { app.bridge.renew_idle().await.map(drop) })),
    ),
    (
        bridge::TELL_HUB,
        Handler::Errand(|app, _| {
            Box::pin(async move { bridge::tell_hub(&app.db, &app.outbound).await })
        }),
    ),
];

/// What one node does every so often, under a lease: name, pause in seconds, one write transaction.
const ROUNDS: &[(&str, i64, fn(&mut Tx<'_>) -> Result<()>)] = &[
    ("sweep-limits", 3600, |tx| {
        let before = tx.now().plus(-2 * DAY);
        limits::sweep(tx, before).map(drop)
    }),
    ("rerender", 300, forum::rerender_if_needed),
    ("fill-search-index", 300, forum::fill_index_if_needed),
    ("sweep-members", 3600, members::sweep),
    ("highlight-deadlines", 600, |tx| {
        highlights::keep_deadlines(tx).map(drop)
    }),
    ("requests-due", 600, highlights::remind_of_requests),
    ("sweep-link-cards", 86_400, links::sweep),
    ("bookmark-reminders", 300, forum::send_reminders),
    ("give-badges", 86_400, members::give_earned),
    ("sweep-uploads", 3600, uploads::sweep),
    ("sweep-removed-uploads", 3600, uploads::sweep_removed),
    ("tidy-uploads", 86_400, uploads::ask_to_tidy),
    ("sweep-bulletins", 3600, bridge::sweep_bulletins),
    ("milestones", 3600, highlights::keep_milestones),
    ("weigh-candidates", 3600, highlights::ask_for_weighing),
    ("highlight-expiry", 600, highlights::keep_expiry),
    ("look-tonight", 600, bridge::look_tonight),
    ("renew-tokens", 21_600, bridge::renew_soon),
    ("token-reminders", 3600, bridge::remind_of_tokens),
    ("interface-versions", 86_400, bridge::warn_of_versions),
    ("library-letters", 3600, highlights::send_letters),
    ("sweep-guest-reports", 3600, moderation::sweep_guests),
    ("desk-late", 3600, moderation::remind_of_late),
    ("desk-stuck", 60, moderation::look_for_stuck),
    ("digests", 600, forum::send_digests),
    ("sweep-kept-answers", 3600, |tx| {
        idempotency::sweep(tx).map(drop)
    }),
];

/// Holds the store of pictures against its rows; what has no row for a day will never have one.
pub async fn tidy(app: &Arc<App>) -> Result<()> {
    let before = app.clock.now().plus(-DAY);
    let found = uploads::tidy(&app.db, &app.media, before).await?;
    links::drop_pictures(&app.db, &app.media, before).await?;
    if !found.dropped.is_empty() {
        tracing::info!(
            files = found.dropped.len(),
            "files without a picture were dropped"
        );
    }
    if !found.missing.is_empty() {
        let first: Vec<i64> = found.missing.iter().take(20).map(|id| id.0).collect();
        tracing::error!(
            pictures = found.missing.len(),
            ?first,
            "pictures have lost their file; a backup may have it"
        );
    }
    Ok(())
}

/// Weighs the candidates of the week: read first, because many rows are looked at, then written in one go.
pub async fn weigh(app: &Arc<App>) -> Result<()> {
    let found = app.db.read(highlights::to_weigh).await?;
    app.db
        .write(move |tx| highlights::keep_candidates(tx, found.clone()))
        .await
}

/// A part of the nightly round over what was sent; as long as there is more, the next part is a job of its own, so that
/// mail goes out in between.
async fn look_around(app: &Arc<App>) -> Result<()> {
    if app.bridge.look_around().await? == 0 {
        return Ok(());
    }
    app.db
        .write(|tx| jobs::enqueue(tx, bridge::LOOK, &serde_json::json!({})))
        .await
}

/// Renders what an older renderer has rendered, a handful at a time, away from the writer.
async fn rerender(app: &Arc<App>) -> Result<()> {
    loop {
        let older = app.db.read(forum::older_renderings).await?;
        if older.is_empty() {
            return Ok(());
        }
        for post in older {
            let (source, base) = (post.clone(), app.config.base_url.clone());
            let rendered = app.compute(move || source.render(&base)).await?;
            app.db
                .write(move |tx| forum::rerendered(tx, &post, &rendered))
                .await?;
        }
    }
}

/// How often a job in hand is held for longer: well within its lease.
const RENEW: Duration = Duration::from_secs(40);

/// Runs jobs until the process stops: letters on one lane, so that nobody waits for theirs behind a long job, everything
/// else on the other. A job in hand is finished before this returns.
pub async fn run(app: Arc<App>) {
    let letters = watched(app.clone(), Lane::Only(mail::JOB));
    let others = watched(app, Lane::Besides(mail::JOB));
    tokio::join!(letters, others);
}

/// Keeps a lane going whatever happens on it.
async fn watched(app: Arc<App>, lane: Lane) {
    while !app.is_draining() {
        if let Err(ended) = tokio::spawn(shift(app.clone(), lane)).await {
            tracing::error!(?lane, %ended, "the jobs of a lane stopped and begin again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Woken by this node's writes; asks once a second for other nodes' work.
async fn shift(app: Arc<App>, lane: Lane) {
    let mut next_rounds = vec![app.clock.now(); ROUNDS.len()];
    while !app.is_draining() {
        if lane != Lane::Only(mail::JOB) {
            go_round(&app, &mut next_rounds).await;
        }
        let enqueued = app.db.job_enqueued();
        // One at a time: what is claimed is begun at once, within its lease.
        let claimed = app
            .db
            .write(move |tx| jobs::claim(tx, 1, lane))
            .await
            .unwrap_or_else(|stop| {
                tracing::warn!(%stop, "no jobs could be claimed");
                Vec::new()
            });
        if claimed.is_empty() {
            tokio::select! {
                () = enqueued => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            continue;
        }
        for job in claimed {
            work(&app, job).await;
        }
    }
}

/// Does the rounds whose time has come.
async fn go_round(app: &Arc<App>, next_rounds: &mut [At]) {
    for ((name, pause, round), next) in ROUNDS.iter().zip(next_rounds.iter_mut()) {
        if app.clock.now() < *next {
            continue;
        }
        *next = app.clock.now().plus((*pause).min(HOUR / SECOND) * SECOND);
        let round = *round;
        let done = app
            .db
            .write(move |tx| match leases::turn(tx, name, *pause)? {
                true => round(tx),
                false => Ok(()),
            })
            .await;
        if let Err(stop) = done {
            tracing::warn!(round = name, %stop, "a round failed and comes again");
        }
    }
}

/// Does everything that is due, now, and answers how many jobs that were; commands and tests use it instead of the loop.
///
/// # Errors
/// A fault where the queue cannot be read.
pub async fn run_due(app: &Arc<App>) -> Result<usize> {
    let mut done = 0;
    loop {
        let claimed = app.db.write(|tx| jobs::claim(tx, 1, Lane::Every)).await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for job in claimed {
            work(app, job).await;
            done += 1;
        }
    }
}

/// Waits for an errand and holds its job for as long; one that panics has failed like any other.
async fn held(app: &Arc<App>, job: &Claimed, mut errand: JoinHandle<Result<()>>) -> Result<()> {
    loop {
        tokio::select! {
            done = &mut errand => {
                return done.unwrap_or_else(|ended| Err(Stop::Fault(Fault::from_error("a job", ended))));
            }
            () = tokio::time::sleep(RENEW) => {
                let mine = job.clone();
                match app.db.write(move |tx| jobs::renew(tx, &mine)).await {
                    Ok(true) => {}
                    Ok(false) => tracing::warn!(job = %job.id, "another worker took this job over"),
                    Err(stop) => tracing::warn!(job = %job.id, %stop, "a job could not be held for longer"),
                }
            }
        }
    }
}

async fn work(app: &Arc<App>, job: Claimed) {
    let handler = JOBS
        .iter()
        .find(|(kind, _)| *kind == job.kind)
        .map(|(_, handler)| handler);
    let outcome = match handler {
        None => Err(Stop::fault(format!(
            "no handler for jobs of kind {}",
            job.kind
        ))),
        Some(Handler::Verb(verb)) => {
            let (verb, mine) = (*verb, job.clone());
            app.db
                .write(move |tx| {
                    verb(tx, &mine.payload)?;
                    jobs::finish(tx, &mine).map(drop)
                })
                .await
        }
        Some(Handler::Errand(errand)) => match held(
            app,
            &job,
            tokio::spawn(errand(app.clone(), job.payload.clone())),
        )
        .await
        {
            Ok(()) => {
                let mine = job.clone();
                app.db
                    .write(move |tx| jobs::finish(tx, &mine).map(drop))
                    .await
            }
            Err(stop) => Err(stop),
        },
    };
    if let Err(stop) = outcome {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %stop, "a job failed");
        let why = stop.to_string();
        let failed = app.db.write(move |tx| jobs::fail(tx, &job, &why)).await;
        if let Err(stop) = failed {
            tracing::error!(%stop, "a failed job could not be put back; its lease will run out");
        }
    }
}
