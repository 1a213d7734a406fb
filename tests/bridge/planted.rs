//! The judge, judged: with a bug planted, the same tests must fail.

use std::sync::Arc;

use loggia::bridge::{Class, State};
use proptest::test_runner::TestCaseError;

use super::fake::{Act, Fake, Nature};
use super::schedules::{Tally, play, runner, runtime, schedules};
use super::world::{Ground, Stopped, World};

/// Repeating what may be there, at a channel that does not know repetitions, is found out.
#[test]
fn a_blind_channel_that_is_taken_for_a_keyed_one_is_found_out() {
    let ground = Ground::sqlite();
    let runtime = runtime();
    let outcome = runner(200).run(&schedules(), |(_, steps)| {
        let complaints = runtime.block_on(async {
            let mut fake = Fake::new(Nature::Blind, ground.clock.clone());
            fake.claims = Class::A;
            let world = World::with(&ground, Arc::new(fake)).await;
            play(world, &steps, &mut Tally::default()).await
        });
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(TestCaseError::fail(complaints.join("\n")))
        }
    });
    let found = outcome
        .expect_err("the planted bug went unnoticed")
        .to_string();
    assert!(found.contains("posted"), "{found}");
}

/// An engine that sends again what a lost worker may have sent is found out by the same schedules.
#[test]
fn an_engine_that_forgets_what_may_have_left_is_found_out() {
    let ground = Ground::sqlite();
    let runtime = runtime();
    let outcome = runner(200).run(&schedules(), |(_, steps)| {
        let complaints = runtime.block_on(async {
            let mut world = World::new(&ground, Nature::Blind).await;
            world.forgetful = true;
            play(world, &steps, &mut Tally::default()).await
        });
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(TestCaseError::fail(complaints.join("\n")))
        }
    });
    let found = outcome
        .expect_err("the planted bug went unnoticed")
        .to_string();
    assert!(found.contains("posted"), "{found}");
}

/// A worker brings a failure after its lease; meanwhile a person looked and another worker sent it.
async fn a_late_failure(ground: &Ground, without_fence: bool) -> Vec<String> {
    let mut world = World::new(ground, Nature::Blind).await;
    world.plan(0).await;
    let claimed = world.claim(0).await.expect("a claim");
    let task = world.begin(0, claimed).await.expect("a task");
    let brought = world.carry(0, &task, Act::Unreachable).await;
    world.stopped[0] = Some(Stopped::Carried(task, brought));
    world.wait(100);
    // The other worker finds it lost, asks people, and sends it.
    while world.turn(1, Act::Accept).await {}
    world.ask_people().await;
    while world.turn(1, Act::Accept).await {}
    assert_eq!(world.rows().await[0].2, State::Sent);
    world.without_fence = without_fence;
    world.thaw(0, Act::Accept).await;
    world.without_fence = false;
    assert_eq!(world.stale, usize::from(!without_fence));
    world.end().await
}

/// Writing a result without holding the lease is found out.
#[test]
fn a_result_written_without_the_fence_is_found_out() {
    let ground = Ground::sqlite();
    let runtime = runtime();
    let fenced = runtime.block_on(a_late_failure(&ground, false));
    assert!(fenced.is_empty(), "{fenced:?}");
    let open = runtime.block_on(a_late_failure(&ground, true));
    assert!(
        open.iter().any(|c| c.contains("posted 2 times")),
        "{open:?}"
    );
}
