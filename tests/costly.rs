//! Work that costs, asked for by people who hang up or ask too often, and jobs that were given up.

use std::sync::Arc;
use std::time::Duration;

use loggia::db::jobs::{self, Lane};
use loggia::kit::clock::DAY;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::story;
use crate::town::{PASSWORD, Town};

/// A browser that goes away in the middle of it gives its place up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_leaves_no_place_taken() {
    let town = Town::on_sqlite().await;
    let app = town.node.app.clone();
    let gate = Arc::new(Semaphore::new(0));
    let waits = |gate: Arc<Semaphore>| move || Handle::current().block_on(gate.acquire()).is_ok();
    let tasks: Vec<_> = (0..=64)
        .map(|_| {
            let (app, work) = (app.clone(), waits(gate.clone()));
            tokio::spawn(async move { app.compute(work).await })
        })
        .collect();
    // Whichever came last found every place taken.
    let mut refused = false;
    for _ in 0..1_000 {
        refused = tasks.iter().any(tokio::task::JoinHandle::is_finished);
        if refused {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for task in &tasks {
        task.abort();
    }
    gate.add_permits(1_000);
    assert!(refused, "sixty-four wait, the next is told to come again");
    for task in tasks {
        drop(task.await);
    }
    for _ in 0..200 {
        if app.compute(|| true).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the places of those who hung up are still taken");
}

story! {
    /// Accounts are hashed for; a client that makes too many is told to wait before that.
    async fn a_client_that_makes_many_accounts_waits(town) {
        let guest = town.guest();
        let page = guest.open("/sign-up").await;
        let tries = |name: String| {
            page.form("Join").fill("name", &name).fill("email", "no address").fill("password", PASSWORD)
        };
        let mut answers = Vec::new();
        for number in 0..22 {
            answers.push(tries(format!("somebody{number}")).submit().await.status);
        }
        assert_eq!(answers.iter().filter(|status| **status == 422).count(), 20, "{answers:?}");
        assert_eq!(answers.last(), Some(&429));
        town.clock.advance(DAY);
        tries("somebody".into()).submit().await.is(422);
    }
}

story! {
    /// Somebody else may be using the account: an administrator ends everything at once.
    async fn an_administrator_signs_a_member_out_everywhere(town) {
        let (ada, ruth) = (town.admin("ada").await, town.member("ruth").await);
        let api = ruth.api().await;
        api.get("/me").await.is(200);
        ruth.opens("/my/settings").await.is(200);
        let page = ada.opens(&format!("/admin/members/{}", ruth.id)).await;
        page.form("Sign out everywhere").submit().await.is(200).sees("Signed out everywhere");
        api.get("/me").await.is(401);
        assert!(ruth.opens("/my/settings").await.path.starts_with("/sign-in"));
        ada.opens("/admin").await.is(200);
    }
}

story! {
    /// A letter that nobody takes is given up after ten tries, seen, and tried again by hand.
    async fn a_job_that_was_given_up_is_seen_and_tried_again(town) {
        let ada = town.admin("ada").await;
        ada.opens("/admin").await.is(200).hides("Jobs that were given up");
        let parks = async || {
            town.inside(|tx| jobs::enqueue(tx, "no-such-job", &())).await;
            for _ in 0..12 {
                loggia::jobs::run_due(&town.node.app).await.expect("jobs run");
                town.clock.advance(DAY);
            }
        };
        parks().await;
        let page = ada.opens("/admin").await;
        page.is(200).sees("Jobs that were given up").sees("no-such-job").sees("no handler for jobs of kind");
        page.form("Try again").submit().await.is(200).sees("It is tried again now").hides("Jobs that were given up");
        let tried = town.inside(|tx| jobs::claim(tx, 5, Lane::Every)).await;
        assert!(tried.iter().any(|job| job.kind == "no-such-job" && job.attempts == 1), "{tried:?}");
        parks().await;
        ada.opens("/admin").await.form("Drop").submit().await.is(200).sees("Dropped");
        let mo = town.moderator("mo").await;
        mo.opens("/admin").await.is(403);
    }
}
