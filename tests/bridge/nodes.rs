//! Two nodes on one PostgreSQL, with their real loops, a flaky channel and people who take things back meanwhile.

use std::sync::Arc;
use std::time::Duration;

use loggia::bridge::{Adapters, Engine, State, Stopper};
use loggia::db::{DatabaseUrl, Db, DbOptions};

use super::fake::{Act, Fake, Nature, Speaks};
use super::world::{Ground, World};

#[test]
fn two_nodes_carry_everything_once() {
    let Some(cluster) = crate::support::postgres::cluster() else {
        return;
    };
    let url = DatabaseUrl::parse(&cluster.fresh_database()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(two_nodes(&url));
}

async fn two_nodes(url: &DatabaseUrl) {
    let ground = Ground::on(url);
    let fake = Arc::new(Fake::new(Nature::Keyed, ground.clock.clone()));
    let mut world = World::with(&ground, fake.clone()).await;
    let adapters = Adapters::none().with("webhook", Arc::new(Speaks(fake.clone())));
    // Nodes of one community share its key file.
    let other = Db::open(url, ground.db.house().clone(), DbOptions::default()).unwrap();
    let nodes = [
        Engine::seeded(ground.db.clone(), adapters.clone(), [3; 32]),
        Engine::seeded(other, adapters, [4; 32]),
    ];
    let (stopper, stop) = Stopper::new();
    let loops: Vec<_> = nodes
        .iter()
        .map(|node| tokio::spawn(node.clone().run(stop.clone())))
        .collect();
    for number in 0..40 {
        world.plan(0).await;
        if number % 5 == 0 {
            fake.will(Act::AcceptAndDrop);
        }
        if number % 4 == 3 {
            world.recall(number - 2).await;
        }
        if number % 10 == 0 {
            world.wait(31);
        }
    }
    let mut settled = false;
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.wait(20);
        settled = world
            .rows()
            .await
            .iter()
            .all(|(_, _, state, _)| state.is_settled());
        if settled {
            break;
        }
    }
    stopper.stop();
    for node in loops {
        node.await.unwrap();
    }
    assert!(
        settled,
        "not everything came to its end: {:?}",
        world.rows().await
    );
    let sent = world
        .rows()
        .await
        .iter()
        .filter(|(_, _, state, _)| *state == State::Sent)
        .count();
    assert!(sent >= 25, "only {sent} were sent");
    let complaints = world.end().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}
