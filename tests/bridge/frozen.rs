//! A worker that freezes between its commit and the first byte, and comes back when somebody else has had its turn.

use super::fake::{Act, Nature};
use super::law7::on_both;
use super::world::World;

/// Its lease ended by the clock that nobody sets, whatever the machine's clock was set to meanwhile.
#[test]
fn a_worker_that_wakes_after_the_clock_was_set_back_says_nothing() {
    on_both(|ground| {
        Box::pin(async move {
            for nature in [Nature::Keyed, Nature::Asked, Nature::Blind] {
                let mut world = World::new(&ground, nature).await;
                world.plan(0).await;
                let claimed = world.claim(0).await.expect("a claim");
                let task = world.begin(0, claimed).await.expect("a task");
                world.wait(127);
                // The other worker finds the lease over; where nobody can tell what left, a person looks.
                assert!(world.claim(1).await.is_none(), "{nature:?}");
                world.ask_people().await;
                world.jump(-120);
                let brought = world.carry(0, &task, Act::Accept).await;
                let said = world.fake.inside.lock().unwrap().posts.len();
                assert_eq!(said, 0, "{nature:?}: {brought:?}");
                assert!(!world.record(0, &task, brought).await);
                let fake = world.fake.clone();
                let complaints = world.end().await;
                assert!(complaints.is_empty(), "{nature:?}: {complaints:?}");
                assert_eq!(fake.inside.lock().unwrap().posts.len(), 1, "{nature:?}");
            }
        })
    });
}
