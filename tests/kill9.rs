//! `kill -9` under write load, on SQLite, with the real program: no acknowledged post is lost, none
//! stands there twice, and no announcement goes out twice.
//!
//! Eight writers reply without pause. Every life of the program acknowledges at least three
//! replies and is killed up to thirty milliseconds later. Whoever got no answer asks again in the
//! next life, with the same `Idempotency-Key`. Two channels listen: one answers, one takes the
//! request and hangs up. At the end the program may finish in peace, and the account is drawn up
//! from the database file and from the bytes that the channels received.
//!
//! A run that has seen too little work or too few faults fails. The same account must notice
//! planted faults: a row that vanishes from the file, a delivery that is sent again under another
//! name, replies believed before they were acknowledged, retries that nobody can recognise.
//!
//! Five kills run with all other tests; `LOGGIA_TEST_KILLS=50` (`scripts/kill9`) runs more.

mod account;
mod channel;
mod outside;
mod scene;
mod send;
mod writer;

use std::time::{Duration, Instant};

use account::Account;
use scene::Scene;
use writer::{Manner, Writer};

const WRITERS: usize = 8;
const ACKNOWLEDGED: usize = 3;

/// The faults that are planted so that the account can be seen to notice them.
const PLANTS: [(Manner, std::ops::Range<usize>); 2] =
    [(Manner::CountsEarly, 0..4), (Manner::ChangesKeys, 4..6)];
/// The writer one of whose replies is taken out of the file.
const ROBBED: usize = 6;

fn run(kills: u32, planted: bool) -> (Account, Vec<Writer>) {
    let scene = Scene::set(kills);
    let mut writers: Vec<Writer> = scene
        .tokens
        .iter()
        .map(|token| Writer::new(token, scene.thread))
        .collect();
    if planted {
        for (manner, which) in PLANTS {
            for writer in &mut writers[which] {
                writer.manner = manner;
            }
        }
    }
    let mut chance = chance();
    let mut interrupted = 0;
    for life in 0..kills {
        let mut server = scene.site.start();
        let heard = scene.requests();
        scene.announce(life);
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            for writer in &mut writers {
                let tell = tell.clone();
                scope.spawn(move || writer.write_until_hung_up(scene.site.port, &tell));
            }
            drop(tell);
            for _ in 0..ACKNOWLEDGED {
                let heard = told.recv_timeout(Duration::from_secs(60));
                assert!(heard.is_ok(), "no work is done:\n{}", scene.site.log());
            }
            if life % 2 == 0 {
                // Every second life ends while something is on its way to a channel.
                let patience = Instant::now() + Duration::from_secs(5);
                while scene.requests() == heard && Instant::now() < patience {
                    std::thread::sleep(Duration::from_millis(1));
                }
            } else if !chance().is_multiple_of(3) {
                // Answers of one commit leave together: a third of the others ends in the midst of them.
                std::thread::sleep(Duration::from_micros(chance() % 30_000));
            }
            server.kill();
        });
        interrupted += scene.interrupted();
        scene.two_hours_pass();
    }
    let server = scene.site.start();
    for writer in &mut writers {
        writer.finish(scene.site.port);
    }
    drop(server);
    scene.settle();
    if planted {
        plant_in_the_file(&scene, &writers[ROBBED]);
        scene.settle();
    }
    let account = Account::draw_up(&scene, &writers, kills, interrupted);
    (account, writers)
}

/// A committed reply is gone, as without `synchronous=FULL`, and a delivery that was sent is queued
/// again under a new key, as if its outcome had been forgotten.
fn plant_in_the_file(scene: &Scene, robbed: &Writer) {
    let (_, post) = robbed
        .acknowledged
        .first_key_value()
        .expect("something is acknowledged");
    let gone = format!("DELETE FROM posts WHERE id = {post}");
    assert_eq!(scene.behind(&gone), 1);
    let again = "UPDATE deliveries SET state = 'queued', idempotency_key = 'msg_forgotten', settled_at = NULL, \
                 leased_until = NULL WHERE id = (SELECT min(id) FROM deliveries \
                 WHERE origin_kind = 'announcement' AND state = 'sent')";
    assert_eq!(scene.behind(again), 1);
}

/// Numbers that differ from run to run; what they decide is when the program is killed.
fn chance() -> impl FnMut() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let state = RandomState::new();
    let mut count = 0_u64;
    move || {
        count += 1;
        let mut hasher = state.build_hasher();
        hasher.write_u64(count);
        hasher.finish()
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_said_twice() {
    let wanted = std::env::var("LOGGIA_TEST_KILLS").ok();
    let kills = wanted.map_or(5, |wanted| wanted.parse().expect("a number of kills"));
    let (account, _) = run(kills, false);
    println!("{account}");
    assert!(account.faults.is_empty(), "{account}");
    assert!(
        account.is_meaningful(),
        "too little has happened: {account}"
    );
}

#[test]
fn planted_faults_are_noticed() {
    let (account, writers) = run(2, true);
    let lost_by = |writer: &Writer| account.names("acknowledged and lost", &writer.name);
    let doubled_by = |writer: &Writer| account.names(" times: ", &writer.name);
    assert!(writers[..4].iter().any(lost_by), "counted early: {account}");
    assert!(writers[4..6].iter().any(doubled_by), "no keys: {account}");
    assert!(lost_by(&writers[ROBBED]), "a row is gone: {account}");
    assert!(account.names(" times: ", "mark-"), "{account}");
    let honest = writers.last().expect("eight writers");
    assert!(
        !account.names("", &honest.name),
        "a fault where none is: {account}"
    );
}
