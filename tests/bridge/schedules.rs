//! Random schedules: a channel that misbehaves, workers that die and freeze at every step, people who take things back
//! at any moment. Whatever happens, a thing is posted at most once, and what is said about it is true.
//!
//! `LOGGIA_BRIDGE_SEEDS` sets how many schedules are tried (24).

use std::collections::BTreeMap;

use loggia::kit::event::Gate;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::fake::{Act, Nature};
use super::world::{Ground, Stopped, World};

/// Where a worker stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Halt {
    Never,
    AfterClaim,
    AfterBegin,
    AfterCarry,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Plan(i64),
    Correct(usize, i64),
    Recall(usize),
    Work {
        worker: usize,
        act: Act,
        halt: Halt,
        dies: bool,
    },
    Thaw {
        worker: usize,
        act: Act,
    },
    Wait(i64),
    People,
    Requeue,
    Pause(bool),
    Hold(usize),
    Cancel(usize),
    GoOn(usize),
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Accept),
        3 => Just(Act::AcceptAndDrop),
        2 => Just(Act::AcceptAndFail),
        1 => Just(Act::AcceptAndBabble),
        2 => Just(Act::Unreachable),
        2 => Just(Act::Lose),
        1 => Just(Act::Fail),
        1 => Just(Act::Throttle),
        1 => Just(Act::Reject),
    ]
}

fn halts() -> impl Strategy<Value = Halt> {
    prop_oneof![
        4 => Just(Halt::Never),
        1 => Just(Halt::AfterClaim),
        2 => Just(Halt::AfterBegin),
        2 => Just(Halt::AfterCarry),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let worker = 0..2_usize;
    prop_oneof![
        3 => prop_oneof![4 => Just(0), 1 => Just(60)].prop_map(Step::Plan),
        1 => (0..3_usize, 2..4_i64).prop_map(|(which, revision)| Step::Correct(which, revision)),
        2 => (0..3_usize).prop_map(Step::Recall),
        12 => (worker.clone(), acts(), halts(), any::<bool>())
            .prop_map(|(worker, act, halt, dies)| Step::Work { worker, act, halt, dies }),
        2 => (worker, acts()).prop_map(|(worker, act)| Step::Thaw { worker, act }),
        6 => prop_oneof![Just(1), Just(10), Just(31), Just(95), Just(301), Just(3_700)].prop_map(Step::Wait),
        2 => Just(Step::People),
        1 => Just(Step::Requeue),
        1 => any::<bool>().prop_map(Step::Pause),
        1 => (0..3_usize).prop_map(Step::Hold),
        1 => (0..3_usize).prop_map(Step::Cancel),
        1 => (0..3_usize).prop_map(Step::GoOn),
    ]
}

pub fn schedules() -> impl Strategy<Value = (Nature, Vec<Step>)> {
    let natures = prop_oneof![
        Just(Nature::Keyed),
        Just(Nature::Asked),
        Just(Nature::Blind)
    ];
    (natures, proptest::collection::vec(steps(), 8..40)).prop_map(|(nature, mut steps)| {
        steps.insert(0, Step::Plan(0));
        (nature, steps)
    })
}

/// What happened over all schedules: without enough of it the test proves nothing.
#[derive(Debug, Default)]
pub struct Tally {
    pub acts: BTreeMap<Act, usize>,
    pub halts: BTreeMap<(Halt, bool), usize>,
    pub stale: usize,
    pub recalls: usize,
    pub posts: usize,
}

/// Plays a schedule and answers every complaint.
pub async fn play(mut world: World<'_>, steps: &[Step], tally: &mut Tally) -> Vec<String> {
    for step in steps {
        world.step += 1;
        match *step {
            Step::Plan(later) => {
                if world.shadows.len() < 3 {
                    world.plan(later).await;
                }
            }
            Step::Correct(which, revision) => world.correct(which, revision).await,
            Step::Recall(which) => {
                tally.recalls += 1;
                world.recall(which).await;
            }
            Step::Work {
                worker,
                act,
                halt,
                dies,
            } => work(&mut world, worker, act, halt, dies, tally).await,
            Step::Thaw { worker, act } => world.thaw(worker, act).await,
            Step::Wait(seconds) => world.wait(seconds),
            Step::People => world.ask_people().await,
            Step::Requeue => world.requeue_dead().await,
            Step::Pause(on) => world.pause(on).await,
            Step::Hold(which) => {
                let until = loggia::kit::Clock::now(world.ground.clock.as_ref())
                    .plus(super::fake::seconds(120))
                    .0;
                let reason = "embargo".to_owned();
                world.hold(which, Some(Gate::Hold { until, reason }));
            }
            Step::Cancel(which) => {
                let reason = "source-hidden".to_owned();
                world.hold(which, Some(Gate::Cancel { reason }));
            }
            Step::GoOn(which) => {
                if world
                    .shadows
                    .get(which)
                    .is_some_and(|s| s.recalled.is_none())
                {
                    world.hold(which, None);
                }
            }
        }
    }
    let fake = world.fake.clone();
    tally.stale += world.stale;
    let complaints = world.end().await;
    let inside = fake.inside.lock().unwrap();
    for (act, times) in &inside.acts {
        *tally.acts.entry(*act).or_default() += times;
    }
    tally.posts += inside.posts.len();
    complaints
}

async fn work(
    world: &mut World<'_>,
    worker: usize,
    act: Act,
    halt: Halt,
    dies: bool,
    tally: &mut Tally,
) {
    if world.stopped[worker].is_some() {
        return;
    }
    let Some(claimed) = world.claim(worker).await else {
        return;
    };
    *tally.halts.entry((halt, dies)).or_default() += 1;
    let keep = |stopped: Stopped| (!dies).then_some(stopped);
    if halt == Halt::AfterClaim {
        world.stopped[worker] = keep(Stopped::Claimed(claimed));
        return;
    }
    let Some(task) = world.begin(worker, claimed).await else {
        return;
    };
    if halt == Halt::AfterBegin {
        world.stopped[worker] = keep(Stopped::Began(task));
        return;
    }
    let brought = world.carry(worker, &task, act).await;
    if halt == Halt::AfterCarry {
        world.stopped[worker] = keep(Stopped::Carried(task, brought));
        return;
    }
    world.record(worker, &task, brought).await;
}

pub fn seeds(usual: u32) -> u32 {
    std::env::var("LOGGIA_BRIDGE_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

pub fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn hold(ground: &Ground, cases: u32) -> Tally {
    let runtime = runtime();
    let tally = std::cell::RefCell::new(Tally::default());
    let outcome = runner(cases).run(&schedules(), |(nature, steps)| {
        let complaints = runtime.block_on(async {
            let world = World::new(ground, nature).await;
            play(world, &steps, &mut tally.borrow_mut()).await
        });
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(TestCaseError::fail(complaints.join("\n")))
        }
    });
    match outcome {
        Ok(()) => tally.into_inner(),
        Err(TestError::Fail(why, schedule)) => panic!("{why}\nwith {schedule:#?}"),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn nothing_is_posted_twice_and_nothing_is_lost_on_sqlite() {
    let cases = seeds(24);
    let tally = hold(&Ground::sqlite(), cases);
    println!("{cases} schedules: {tally:?}");
    // Enough work and enough faults, of most kinds, or the run has proved nothing.
    let faults: usize = tally
        .acts
        .iter()
        .filter(|(act, _)| **act != Act::Accept)
        .map(|(_, times)| *times)
        .sum();
    assert!(faults >= cases as usize / 2, "too few faults: {tally:?}");
    assert!(tally.acts.len() >= 7, "too few kinds of faults: {tally:?}");
    assert!(tally.halts.len() >= 5, "too few kinds of halts: {tally:?}");
    assert!(tally.stale >= 1, "no worker came back too late: {tally:?}");
    assert!(
        tally.posts >= cases as usize / 2,
        "too little was posted: {tally:?}"
    );
    assert!(
        tally.recalls >= cases as usize / 10,
        "too little was taken back: {tally:?}"
    );
}

#[test]
fn nothing_is_posted_twice_and_nothing_is_lost_on_postgres() {
    let Some(cluster) = crate::support::postgres::cluster() else {
        return;
    };
    let url = loggia::db::DatabaseUrl::parse(&cluster.fresh_database()).unwrap();
    hold(&Ground::on(&url), (seeds(24) / 3).max(8));
}
