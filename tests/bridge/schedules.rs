//! Random schedules: a channel that misbehaves, workers that die and freeze at every step, people who take things back
//! at any moment. Whatever happens, a thing is posted at most once, and what is said about it is true.
//!
//! 500 schedules run among the tests; `LOGGIA_SCHEDULES=10000` runs more. What reached the channel raw is counted too.

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
    Jump(i64),
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
        1 => prop_oneof![Just(-120), Just(-3), Just(120)].prop_map(Step::Jump),
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
    (natures, proptest::collection::vec(steps(), 6..22)).prop_map(|(nature, mut steps)| {
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
    /// Announcements that were planned.
    pub planned: usize,
    /// Requests that reached the channel, repetitions among them.
    pub requests: usize,
    pub jumps: usize,
}

impl Tally {
    fn with(mut self, other: Self) -> Self {
        for (act, times) in other.acts {
            *self.acts.entry(act).or_default() += times;
        }
        for (halt, times) in other.halts {
            *self.halts.entry(halt).or_default() += times;
        }
        self.stale += other.stale;
        self.recalls += other.recalls;
        self.posts += other.posts;
        self.planned += other.planned;
        self.requests += other.requests;
        self.jumps += other.jumps;
        self
    }
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
            Step::Jump(seconds) => world.jump(seconds),
            Step::People => world.ask_people().await,
            Step::Requeue => world.requeue_dead().await,
            Step::Pause(on) => world.pause(on).await,
            Step::Hold(which) => {
                let until = loggia::kit::Clock::now(world.ground.clock.as_ref())
                    .plus(super::fake::seconds(120))
                    .0;
                let reason = "embargo".to_owned();
                // What was taken back for good is not held for a while after that.
                if world
                    .shadows
                    .get(which)
                    .is_some_and(|s| s.recalled.is_none())
                {
                    world.hold(which, Some(Gate::Hold { until, reason }));
                }
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
    tally.planned += world.shadows.len();
    tally.jumps += usize::from(world.jumped);
    let complaints = world.end().await;
    let inside = fake.inside.lock().unwrap();
    for (act, times) in &inside.acts {
        *tally.acts.entry(*act).or_default() += times;
    }
    tally.posts += inside.posts.len();
    tally.requests += inside.requests;
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
    std::env::var("LOGGIA_SCHEDULES")
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
    runner_from(cases, 0)
}

/// The same in a lane of its own: other lanes try other schedules.
fn runner_from(cases: u32, lane: u8) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        // A schedule that fails leaves its rows behind, so that a smaller one would not begin as it did.
        max_shrink_iters: 0,
        ..Config::default()
    };
    TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &[lane + 1; 32]),
    )
}

fn hold(ground: &Ground, cases: u32, lane: u8) -> Tally {
    let runtime = runtime();
    let tally = std::cell::RefCell::new(Tally::default());
    let outcome = runner_from(cases, lane).run(&schedules(), |(nature, steps)| {
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

/// How many run side by side.
const LANES: u8 = 2;

#[test]
fn nothing_is_posted_twice_and_nothing_is_lost_on_sqlite() {
    let cases = seeds(500);
    // Each lane has a database and schedules of its own.
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            std::thread::spawn(move || hold(&Ground::sqlite(), cases.div_ceil(LANES.into()), lane))
        })
        .collect();
    let tally = lanes
        .into_iter()
        .map(|lane| {
            lane.join()
                .unwrap_or_else(|why| std::panic::resume_unwind(why))
        })
        .fold(Tally::default(), Tally::with);
    println!(
        "{cases} schedules: {} announcements planned, {} stood outside, {} raw requests; {tally:?}",
        tally.planned, tally.posts, tally.requests
    );
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
        tally.requests > tally.posts,
        "nothing was ever repeated: {tally:?}"
    );
    assert!(
        tally.jumps >= cases as usize / 20,
        "too few clocks jumped: {tally:?}"
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
    hold(&Ground::on(&url), (seeds(500) / 25).max(20), 9);
}
