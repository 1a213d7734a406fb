//! Two transactions at one gate on PostgreSQL, in both orders, held at a barrier.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use loggia::highlights::{self, Answer};
use loggia::kit::event::{Gate, Origin};
use loggia::kit::ids::HighlightId;
use loggia::members;

use crate::highlights::Scene;
use crate::town::Town;

/// A place where the first transaction waits until the test lets it go on.
struct Barrier {
    arrived: Arc<Mutex<Sender<()>>>,
    go: Arc<Mutex<Receiver<()>>>,
}

fn barrier() -> (Barrier, Receiver<()>, Sender<()>) {
    let (arrived, has_arrived) = channel();
    let (let_go, go) = channel();
    let barrier = Barrier {
        arrived: Arc::new(Mutex::new(arrived)),
        go: Arc::new(Mutex::new(go)),
    };
    (barrier, has_arrived, let_go)
}

impl Barrier {
    fn wait(&self) {
        self.arrived.lock().unwrap().send(()).unwrap();
        self.go
            .lock()
            .unwrap()
            .recv_timeout(Duration::from_secs(10))
            .unwrap();
    }
}

async fn arrived(receiver: Receiver<()>) {
    tokio::task::spawn_blocking(move || receiver.recv_timeout(Duration::from_secs(10)).unwrap())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_that_came_first_is_seen_by_the_sending() {
    let Some(town) = Town::on_postgres().await else {
        return;
    };
    let scene = Scene::set(town).await;
    let (id, _) = scene.scheduled().await;
    let (gate, has_arrived, let_go) = barrier();
    let (db, ada) = (scene.town.node.app.db.clone(), scene.ada.id);
    let withdrawing = tokio::spawn(async move {
        db.write(move |tx| {
            let ada = members::actor(tx, ada)?;
            highlights::answer(tx, &ada, HighlightId(id), Answer::Withdraw, None)?;
            gate.wait();
            Ok(())
        })
        .await
    });
    arrived(has_arrived).await;
    let engine = scene.town.node.app.bridge.clone();
    let sending = tokio::spawn(async move { engine.serve_due().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        scene.outside().await.is_empty(),
        "it left while it was being taken back"
    );
    let_go.send(()).unwrap();
    withdrawing.await.unwrap().unwrap();
    sending.await.unwrap().unwrap();
    scene.deliver().await;
    assert!(scene.outside().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sending_that_came_first_holds_the_withdrawal_until_it_is_written() {
    let Some(town) = Town::on_postgres().await else {
        return;
    };
    let scene = Scene::set(town).await;
    let (id, one) = scene.scheduled().await;
    let (gate, has_arrived, let_go) = barrier();
    let db = scene.town.node.app.db.clone();
    let looking = tokio::spawn(async move {
        db.write(move |tx| {
            let origin = Origin {
                kind: highlights::ORIGIN.to_owned(),
                id: one,
            };
            highlights::lock_origin(tx, &origin)?;
            assert_eq!(highlights::before_send(tx, &origin)?, Gate::Go);
            gate.wait();
            // Nobody took it back while this transaction held the gate.
            assert_eq!(highlights::before_send(tx, &origin)?, Gate::Go);
            Ok(())
        })
        .await
    });
    arrived(has_arrived).await;
    let (db, ada) = (scene.town.node.app.db.clone(), scene.ada.id);
    let withdrawing = tokio::spawn(async move {
        db.write(move |tx| {
            let ada = members::actor(tx, ada)?;
            highlights::answer(tx, &ada, HighlightId(id), Answer::Withdraw, None)
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        !withdrawing.is_finished(),
        "the gate was changed while somebody stood in it"
    );
    let_go.send(()).unwrap();
    looking.await.unwrap().unwrap();
    withdrawing.await.unwrap().unwrap();
    scene.deliver().await;
    assert!(scene.outside().await.is_empty());
}
