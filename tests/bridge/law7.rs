//! What is taken back inside is taken back outside (law 7), from every state; and what a person says counts.

use loggia::bridge::{self, Operation, State, Target};
use loggia::db::DatabaseUrl;
use loggia::kit::stop::{Refusal, Stop};

use super::fake::{Act, Nature};
use super::schedules::runtime;
use super::world::{Ground, HOUSE, World};

/// One after the other, each of the databases.
pub(super) fn on_both(story: impl Fn(Ground) -> std::pin::Pin<Box<dyn Future<Output = ()>>>) {
    let mut grounds = vec![Ground::sqlite()];
    if let Some(cluster) = crate::support::postgres::cluster() {
        let url = DatabaseUrl::parse(&cluster.fresh_database()).expect("its address");
        grounds.push(Ground::on(&url));
    }
    for ground in grounds {
        runtime().block_on(story(ground));
    }
}

fn withdrawals(states: &[(Operation, State)]) -> Vec<State> {
    let of = |(operation, state): &(Operation, State)| {
        (*operation == Operation::Withdraw).then_some(*state)
    };
    states.iter().filter_map(of).collect()
}

/// A channel may charge for each request, and a person who is asked twice takes down something else.
#[test]
fn however_often_it_was_corrected_it_is_withdrawn_once() {
    on_both(|ground| {
        Box::pin(async move {
            for nature in [Nature::Keyed, Nature::Asked, Nature::Blind] {
                let mut world = World::new(&ground, nature).await;
                world.plan(0).await;
                drain(&mut world).await;
                for revision in [2, 3] {
                    world.correct(0, revision).await;
                    drain(&mut world).await;
                }
                // One more that will not leave any more.
                world.pause(true).await;
                world.correct(0, 4).await;
                world.recall(0).await;
                world.recall(0).await;
                let requests = world.fake.inside.lock().unwrap().requests;
                drain(&mut world).await;
                let now = states(&world).await;
                assert_eq!(withdrawals(&now), [State::Sent], "{nature:?} {now:?}");
                assert_eq!(world.fake.inside.lock().unwrap().requests, requests + 1);
                let code = world.shadows[0].code.clone();
                assert_eq!(world.fake.live(&code), 0);
                assert!(world.end().await.is_empty());
            }
        })
    });
}

#[test]
fn a_correction_on_its_way_needs_no_withdrawal_of_its_own_unless_one_has_left() {
    on_both(|ground| {
        Box::pin(async move {
            for act in [Act::Accept, Act::AcceptAndDrop, Act::Unreachable] {
                let mut world = World::new(&ground, Nature::Keyed).await;
                world.plan(0).await;
                drain(&mut world).await;
                world.correct(0, 2).await;
                let claimed = world.claim(0).await.expect("a claim");
                let task = world.begin(0, claimed).await.expect("a task");
                world.recall(0).await;
                let brought = world.carry(0, &task, act).await;
                assert!(world.record(0, &task, brought).await);
                drain(&mut world).await;
                let now = states(&world).await;
                assert_eq!(withdrawals(&now), [State::Sent], "{act:?} {now:?}");
                let code = world.shadows[0].code.clone();
                assert_eq!(world.fake.live(&code), 0, "{act:?}");
                assert!(world.end().await.is_empty());
            }
        })
    });
}

async fn states(world: &World<'_>) -> Vec<(Operation, State)> {
    world
        .rows()
        .await
        .into_iter()
        .map(|(_, operation, state, _)| (operation, state))
        .collect()
}

async fn drain(world: &mut World<'_>) {
    while world.turn(0, Act::Accept).await {}
}

#[test]
fn what_waits_is_cancelled_and_its_link_is_gone() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Keyed).await;
        world.plan(600).await;
        world.recall(0).await;
        assert_eq!(
            states(&world).await,
            [(Operation::Announce, State::Cancelled)]
        );
        let code = world.shadows[0].code.clone();
        let target = ground
            .db
            .read(move |tx| bridge::target(tx, &code))
            .await
            .unwrap();
        assert_eq!(target, Target::Gone);
        world.wait(700);
        drain(&mut world).await;
        assert_eq!(world.fake.inside.lock().unwrap().requests, 0);
    });
}

#[test]
fn what_is_there_is_withdrawn_even_while_the_channel_is_paused() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Asked).await;
        world.plan(0).await;
        drain(&mut world).await;
        let code = world.shadows[0].code.clone();
        assert_eq!(world.fake.live(&code), 1);
        world.pause(true).await;
        world.recall(0).await;
        world.recall(0).await;
        drain(&mut world).await;
        assert_eq!(world.fake.live(&code), 0);
        let now = states(&world).await;
        assert_eq!(
            now,
            [
                (Operation::Announce, State::Sent),
                (Operation::Withdraw, State::Sent)
            ]
        );
        assert!(world.end().await.is_empty());
    });
}

#[test]
fn what_is_on_its_way_is_withdrawn_when_it_turns_out_to_be_there() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        for nature in [Nature::Keyed, Nature::Asked, Nature::Blind] {
            for act in [Act::Accept, Act::AcceptAndDrop, Act::Lose] {
                let mut world = World::new(&ground, nature).await;
                world.plan(0).await;
                let claimed = world.claim(0).await.expect("a claim");
                let task = world.begin(0, claimed).await.expect("a task");
                world.recall(0).await;
                assert_eq!(
                    states(&world).await,
                    [(Operation::Announce, State::Sending)]
                );
                let brought = world.carry(0, &task, act).await;
                assert!(world.record(0, &task, brought).await);
                let code = world.shadows[0].code.clone();
                let fake = world.fake.clone();
                let complaints = world.end().await;
                assert!(complaints.is_empty(), "{nature:?} {act:?}: {complaints:?}");
                assert_eq!(fake.live(&code), 0, "{nature:?} {act:?}");
            }
        }
    });
}

#[test]
fn a_blind_channel_waits_for_a_person_and_never_repeats_by_itself() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Blind).await;
        world.plan(0).await;
        assert!(world.turn(0, Act::AcceptAndDrop).await);
        assert_eq!(
            states(&world).await,
            [(Operation::Announce, State::NeedsHuman)]
        );
        world.wait(7 * 3600);
        drain(&mut world).await;
        assert_eq!(world.fake.inside.lock().unwrap().requests, 1);
        world.recall(0).await;
        assert_eq!(
            states(&world).await,
            [(Operation::Announce, State::NeedsHuman)]
        );
        world.ask_people().await;
        drain(&mut world).await;
        let code = world.shadows[0].code.clone();
        assert_eq!(world.fake.live(&code), 0);
        let id = world.rows().await[0].0;
        let again = ground
            .db
            .write(move |tx| bridge::resolve(tx, &HOUSE, id, &bridge::Resolution::Absent))
            .await;
        assert!(
            matches!(again, Err(Stop::Refused(Refusal::WrongState(_)))),
            "{again:?}"
        );
    });
}

#[test]
fn a_worker_whose_future_is_dropped_leaves_nothing_behind_but_its_lease() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Asked).await;
        world.plan(0).await;
        // Dropped at the first point where it waits: the transaction may or may not have happened.
        let engine = world.workers[0].clone();
        for _ in 0..4 {
            let serving = engine.serve(world.channel);
            let _dropped =
                tokio::time::timeout(std::time::Duration::from_micros(200), serving).await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            world.wait(100);
        }
        let complaints = world.end().await;
        assert!(complaints.is_empty(), "{complaints:?}");
    });
}
