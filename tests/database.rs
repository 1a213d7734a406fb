//! What the data rests on: twin migrations, writes that commit in groups, a queue that says when it is full, jobs that
//! nobody does twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use loggia::db::jobs::{self, Lane};
use loggia::db::limits::{self, Limit};
use loggia::db::{
    Conn, DatabaseUrl, Db, DbOptions, House, Joints, Tx, idempotency, leases, migrate,
};
use loggia::kit::clock::{DAY, HOUR, ManualClock, SECOND};
use loggia::kit::seal::Keyring;
use loggia::kit::{At, Clock, Refusal, Result, Stop};

use crate::support::postgres;

fn house(clock: Arc<dyn Clock>) -> Arc<House> {
    let ring = Keyring::from_bytes(Keyring::new_file().as_bytes()).expect("a key file");
    let base_url = "http://127.0.0.1:1".to_owned();
    Arc::new(House {
        joints: Joints::default(),
        clock,
        base_url,
        ring,
        secret: [7; 32],
    })
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(At(1_800_000_000 * SECOND)))
}

struct Sqlite {
    folder: tempfile::TempDir,
}

impl Sqlite {
    fn new() -> Self {
        let this = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        migrate::run(&this.url()).expect("the steps run");
        this
    }

    fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.folder.path().join("test.db"))
    }

    fn open(&self, options: DbOptions) -> Db {
        Db::open(&self.url(), house(clock()), options).expect("the database opens")
    }
}

fn on_both(test: impl Fn(DatabaseUrl)) {
    let sqlite = Sqlite::new();
    test(sqlite.url());
    if let Some(cluster) = postgres::cluster() {
        test(DatabaseUrl::parse(&cluster.fresh_database()).expect("an address"));
    }
}

#[test]
fn every_step_can_be_taken_back_and_taken_again() {
    on_both(|url| {
        let taken_back = migrate::revert(&url, 0).expect("the steps are taken back");
        assert!(taken_back >= 9, "{taken_back}");
        assert_eq!(
            migrate::run(&url).expect("the steps run again").len(),
            taken_back
        );
        assert_eq!(migrate::run(&url).expect("nothing is left to do").len(), 0);
    });
}

#[test]
fn nodes_that_start_together_migrate_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut urls = vec![DatabaseUrl::Sqlite(folder.path().join("new.db"))];
    if let Some(cluster) = postgres::cluster() {
        urls.push(DatabaseUrl::parse(&cluster.empty_database()).expect("an address"));
    }
    for url in urls {
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                std::thread::spawn(move || migrate::run(&url).expect("the steps run").len())
            })
            .collect();
        let taken: Vec<usize> = starts
            .into_iter()
            .map(|s| s.join().expect("no panic"))
            .collect();
        assert_eq!(taken.iter().filter(|n| **n > 0).count(), 1, "{taken:?}");
    }
}

#[test]
fn unknown_schemes_make_no_file() {
    assert!(DatabaseUrl::parse("sqlte://data/forum.db").is_err());
    assert!(DatabaseUrl::parse("data/forum.db").is_err());
}

fn put(tx: &mut Tx<'_>, key: &str, bytes: usize) -> Result<()> {
    use loggia::db::schema::settings;
    diesel::insert_into(settings::table)
        .values((
            settings::key.eq(key),
            settings::value.eq("x".repeat(bytes)),
            settings::updated_at.eq(0_i64),
        ))
        .execute(tx.conn)?;
    Ok(())
}

async fn keys(db: &Db) -> Vec<String> {
    use loggia::db::schema::settings;
    db.read(|tx| {
        Ok(settings::table
            .select(settings::key)
            .order(settings::key)
            .load(tx.conn)?)
    })
    .await
    .expect("keys")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_write_and_a_panic_leave_their_neighbours_alone() {
    let sqlite = Sqlite::new();
    let db = sqlite.open(DbOptions::default());
    let mut waiting = Vec::new();
    for n in 0..60 {
        let db = db.clone();
        waiting.push(tokio::spawn(async move {
            let outcome = db
                .write(move |tx| {
                    put(tx, &format!("k{n:02}"), 10)?;
                    match n % 3 {
                        0 => Ok(()),
                        1 => Err(Refusal::NotYours.into()),
                        _ => panic!("a write that breaks"),
                    }
                })
                .await;
            (n, outcome)
        }));
    }
    for answer in waiting {
        let (n, outcome) = answer.await.expect("no panic outside");
        match (n % 3, outcome) {
            (0, Ok(())) | (1, Err(Stop::Refused(Refusal::NotYours))) | (2, Err(Stop::Fault(_))) => {
            }
            (_, other) => panic!("{n}: {other:?}"),
        }
    }
    let kept = keys(&db).await;
    assert_eq!(kept.len(), 20, "{kept:?}");
    assert!(
        kept.iter()
            .all(|k| k[1..].parse::<u32>().expect("a number") % 3 == 0)
    );
    let (written, commits) = db.written();
    assert!(written == 20 && commits <= 60, "{written} {commits}");
}

/// A full disk rolls back the whole transaction in the middle of a group: nobody in it may be told that all is well,
/// and everybody who was told so must be there afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_in_mid_group_loses_nothing_that_was_acknowledged() {
    let sqlite = Sqlite::new();
    let db = sqlite.open(DbOptions {
        group: 16,
        ..DbOptions::default()
    });
    let limit = |tx: &mut Tx<'_>, pages: u32| -> Result<()> {
        if let Conn::Sqlite(conn) = &mut *tx.conn {
            conn.batch_execute(&format!("PRAGMA max_page_count = {pages}"))?;
        }
        Ok(())
    };
    db.write(move |tx| limit(tx, 1))
        .await
        .expect("the limit is set: SQLite takes the present size for the least");
    let mut waiting = Vec::new();
    for n in 0..120 {
        let db = db.clone();
        waiting.push(tokio::spawn(async move {
            let name = format!("k{n:03}");
            // Small ones fit into the pages there are; the large ones do not.
            let outcome = db
                .write(move |tx| put(tx, &name, if n % 7 == 3 { 60_000 } else { 20 }))
                .await;
            (format!("k{n:03}"), outcome)
        }));
    }
    let (mut acknowledged, mut failed) = (Vec::new(), 0);
    for answer in waiting {
        match answer.await.expect("no panic outside") {
            (key, Ok(())) => acknowledged.push(key),
            (_, Err(Stop::Refused(Refusal::NoRoom))) => failed += 1,
            (key, Err(other)) => panic!("{key}: {other}"),
        }
    }
    acknowledged.sort();
    let more = db.write(|tx| put(tx, "more", 60_000)).await;
    assert!(matches!(more, Err(Stop::Refused(Refusal::NoRoom))));
    assert!(!db.has_room(), "what stands in front is told so");
    assert!(failed >= 17, "the disk was full {failed} times");
    assert_eq!(
        keys(&db).await,
        acknowledged,
        "what was acknowledged is there, and nothing else"
    );
    db.write(move |tx| limit(tx, 1_000_000))
        .await
        .expect("space returns");
    db.write(|tx| put(tx, "after", 60_000))
        .await
        .expect("writes work again without a restart");
    assert!(db.has_room());
    assert!(keys(&db).await.contains(&"after".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_said_at_once() {
    let sqlite = Sqlite::new();
    let db = sqlite.open(DbOptions {
        write_queue: 4,
        ..DbOptions::default()
    });
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let blocking = db.clone();
    let first = tokio::spawn(async move {
        blocking
            .write(move |_| {
                gate.lock()
                    .expect("one waits")
                    .recv()
                    .expect("the gate opens");
                Ok(())
            })
            .await
    });
    let mut queued = Vec::new();
    let mut refused = 0;
    for n in 0..40 {
        let db = db.clone();
        queued.push(tokio::spawn(async move {
            db.write(move |tx| put(tx, &format!("q{n}"), 1)).await
        }));
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    open.send(()).expect("somebody waits");
    for answer in queued {
        match answer.await.expect("no panic") {
            Ok(()) => {}
            Err(Stop::Refused(Refusal::Busy { retry_after })) => {
                assert!(retry_after >= 1);
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    first
        .await
        .expect("no panic")
        .expect("the first one ends well");
    assert!(refused >= 30, "{refused}");
    assert_eq!(keys(&db).await.len(), 40 - refused);
}

#[test]
fn a_job_is_enqueued_with_its_transaction_or_not_at_all() {
    on_both(|url| {
        let db = Db::open(&url, house(clock()), DbOptions::default()).expect("opens");
        let undone: Result<()> = db.write_blocking(|tx| {
            jobs::enqueue(tx, "mail", &1)?;
            Err(Refusal::Locked.into())
        });
        assert!(undone.is_err());
        assert_eq!(db.read_blocking(jobs::counts).expect("counts"), (0, 0, 0));
        db.write_blocking(|tx| jobs::enqueue(tx, "mail", &2))
            .expect("enqueued");
        assert_eq!(db.read_blocking(jobs::counts).expect("counts"), (1, 0, 0));
    });
}

#[test]
fn several_nodes_share_the_jobs_and_do_none_twice() {
    on_both(|url| {
        let clock = clock();
        let nodes: Vec<Db> = (0..3)
            .map(|_| {
                Db::open(
                    &url,
                    house(clock.clone()),
                    DbOptions {
                        threads: 1,
                        ..DbOptions::default()
                    },
                )
                .expect("opens")
            })
            .collect();
        nodes[0]
            .write_blocking(|tx| (0..200).try_for_each(|n| jobs::enqueue(tx, "count", &n)))
            .expect("enqueued");
        let done: Arc<Vec<AtomicU64>> = Arc::new((0..200).map(|_| AtomicU64::new(0)).collect());
        let threads: Vec<_> = nodes
            .into_iter()
            .map(|db| {
                let done = done.clone();
                std::thread::spawn(move || {
                    loop {
                        let claimed = db
                            .write_blocking(|tx| jobs::claim(tx, 5, Lane::Every))
                            .expect("claimed");
                        if claimed.is_empty() {
                            return;
                        }
                        for job in claimed {
                            done[job.payload.parse::<usize>().expect("a number")]
                                .fetch_add(1, Ordering::SeqCst);
                            assert!(
                                db.write_blocking(move |tx| jobs::finish(tx, &job))
                                    .expect("finished")
                            );
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert!(done.iter().all(|n| n.load(Ordering::SeqCst) == 1));
    });
}

#[test]
fn a_frozen_worker_that_comes_back_cannot_finish_what_another_took_over() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        db.write_blocking(|tx| jobs::enqueue(tx, "slow", &()))
            .expect("enqueued");
        let frozen = db
            .write_blocking(|tx| jobs::claim(tx, 1, Lane::Every))
            .expect("claimed")
            .remove(0);
        assert!(
            db.write_blocking(|tx| jobs::claim(tx, 1, Lane::Every))
                .expect("nothing free")
                .is_empty()
        );
        clock.advance(DAY);
        let second = db
            .write_blocking(|tx| jobs::claim(tx, 1, Lane::Every))
            .expect("taken over")
            .remove(0);
        assert!(second.fence > frozen.fence);
        assert!(
            !db.write_blocking(move |tx| jobs::finish(tx, &frozen))
                .expect("asked"),
            "the old number is stale"
        );
        assert!(
            db.write_blocking(move |tx| jobs::finish(tx, &second))
                .expect("asked")
        );
    });
}

#[test]
fn a_job_that_keeps_failing_is_parked_and_blocks_nobody() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        db.write_blocking(|tx| jobs::enqueue(tx, "poison", &()))
            .expect("enqueued");
        let mut tries = 0;
        for _ in 0..30 {
            for job in db
                .write_blocking(|tx| jobs::claim(tx, 5, Lane::Every))
                .expect("claimed")
            {
                tries += 1;
                assert!(
                    db.write_blocking(move |tx| jobs::fail(tx, &job, "no use"))
                        .expect("put back")
                );
                assert!(
                    db.write_blocking(|tx| jobs::claim(tx, 5, Lane::Every))
                        .expect("asked")
                        .is_empty(),
                    "it pauses first"
                );
            }
            clock.advance(DAY);
        }
        assert_eq!(tries, 10);
        assert_eq!(db.read_blocking(jobs::counts).expect("counts"), (0, 0, 1));
    });
}

#[test]
fn a_job_that_ends_its_worker_is_parked_and_can_be_asked_for_anew() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        let asks = |db: &Db| {
            db.write_blocking(|tx| {
                let now = tx.now();
                jobs::enqueue_at(tx, "deadly", &(), now, Some("deadly"))
            })
            .expect("asked");
        };
        asks(&db);
        let claims = |db: &Db| {
            db.write_blocking(|tx| jobs::claim(tx, 5, Lane::Every))
                .expect("claimed")
        };
        let mut tries = 0;
        for _ in 0..30 {
            // Nobody finishes it, nobody says that it failed.
            tries += claims(&db).len();
            clock.advance(DAY);
        }
        assert_eq!(tries, 10);
        assert_eq!(db.read_blocking(jobs::counts).expect("counts"), (0, 0, 1));
        asks(&db);
        assert_eq!(claims(&db).len(), 1, "the same wish, anew");
        let parked = db.read_blocking(|tx| jobs::parked(tx, 5)).expect("listed");
        assert_eq!(parked.len(), 1);
        assert!(
            parked[0]
                .why
                .as_deref()
                .is_some_and(|why| why.contains("ended"))
        );
        let id = parked[0].id;
        assert!(
            db.write_blocking(move |tx| jobs::retry(tx, id))
                .expect("asked")
        );
        assert_eq!(claims(&db).len(), 1, "all its tries again");
        assert!(
            !db.write_blocking(move |tx| jobs::give_up(tx, id))
                .expect("asked"),
            "it is not parked"
        );
    });
}

#[test]
fn a_lane_takes_its_own_kinds_and_a_job_in_hand_is_held() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        db.write_blocking(|tx| {
            jobs::enqueue(tx, "long", &())?;
            jobs::enqueue(tx, "letter", &())
        })
        .expect("enqueued");
        let claims = |lane: Lane| {
            let found = db.write_blocking(move |tx| jobs::claim(tx, 5, lane));
            found.expect("claimed")
        };
        let long = claims(Lane::Besides("letter")).remove(0);
        assert_eq!(long.kind, "long");
        assert_eq!(claims(Lane::Besides("letter")).len(), 0);
        for _ in 0..5 {
            clock.advance(100 * SECOND);
            let mine = long.clone();
            assert!(
                db.write_blocking(move |tx| jobs::renew(tx, &mine))
                    .expect("asked")
            );
        }
        let letter = claims(Lane::Every);
        assert_eq!(letter.len(), 1, "the long one is held");
        assert_eq!(letter[0].kind, "letter");
        clock.advance(DAY);
        assert_eq!(claims(Lane::Only("letter")).len(), 1, "taken over");
        let mine = letter[0].clone();
        assert!(
            !db.write_blocking(move |tx| jobs::renew(tx, &mine))
                .expect("asked")
        );
    });
}

#[test]
fn one_leader_at_a_time_and_a_new_number_for_each() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        let hold = |who: &'static str| {
            db.write_blocking(move |tx| leases::hold(tx, "night", who, 10))
                .expect("asked")
        };
        let first = hold("a").expect("free");
        assert_eq!(hold("b"), None);
        assert_eq!(hold("a"), Some(first), "renewed under the same number");
        clock.advance(11 * SECOND);
        let second = hold("b").expect("the first one's time is over");
        assert!(second.epoch > first.epoch);
        assert_eq!(hold("a"), None);
    });
}

#[test]
fn what_is_done_once_a_day_is_not_done_hourly() {
    on_both(|url| {
        let clock = clock();
        let db = Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens");
        let asked = || {
            db.write_blocking(|tx| leases::turn(tx, "badges", 86_400))
                .expect("asked")
        };
        let mut done = Vec::new();
        for hour in 0..49 {
            if asked() {
                done.push(hour);
            }
            clock.advance(HOUR);
        }
        assert_eq!(done, [0, 24, 48], "by whichever node, at the hour");
    });
}

#[test]
fn limits_count_over_all_nodes_and_say_how_long_to_wait() {
    on_both(|url| {
        let clock = clock();
        let nodes: Vec<Db> = (0..2)
            .map(|_| Db::open(&url, house(clock.clone()), DbOptions::default()).expect("opens"))
            .collect();
        let limit = Limit {
            most: 3,
            seconds: 60,
        };
        let mut refused = 0;
        for n in 0..8 {
            match nodes[n % 2].write_blocking(move |tx| limits::count(tx, "sign-in:ada", limit)) {
                Ok(()) => {}
                Err(Stop::Refused(Refusal::TooMany { retry_after })) => {
                    assert!((1..=60).contains(&retry_after));
                    refused += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        // A refused attempt is undone with its transaction, so the window holds exactly what was let through.
        assert_eq!(refused, 5);
        clock.advance(61 * SECOND);
        nodes[0]
            .write_blocking(move |tx| limits::count(tx, "sign-in:ada", limit))
            .expect("a new window");
    });
}

#[test]
fn the_same_key_gives_the_same_answer_and_other_words_are_refused() {
    on_both(|url| {
        let db = Db::open(&url, house(clock()), DbOptions::default()).expect("opens");
        let once = |hash: u8| idempotency::Once {
            owner: "member:1".to_owned(),
            route: "POST /x".to_owned(),
            key: "k".to_owned(),
            body_hash: [hash; 32],
        };
        let first = once(1);
        db.write_blocking(move |tx| {
            assert_eq!(first.seek(tx)?, None);
            first.keep(tx, "{\"id\":7}")
        })
        .expect("kept");
        let again = once(1);
        assert_eq!(
            db.write_blocking(move |tx| again.seek(tx)).expect("found"),
            Some("{\"id\":7}".to_owned())
        );
        let other = once(2);
        let refused = db.write_blocking(move |tx| other.seek(tx));
        assert!(
            matches!(refused, Err(Stop::Refused(Refusal::KeyReused))),
            "{refused:?}"
        );
    });
}

#[test]
fn looking_for_work_leaves_kept_pages_alone() {
    // On SQLite only: PostgreSQL's hint of neighbours' writes counts those of other databases in the cluster too.
    let sqlite = Sqlite::new();
    let db = sqlite.open(DbOptions::default());
    // The watcher of neighbours looks once at the beginning.
    std::thread::sleep(std::time::Duration::from_millis(900));
    let before = db.epoch();
    for _ in 0..5 {
        let claimed = db
            .write_blocking(|tx| jobs::claim(tx, 8, Lane::Every))
            .expect("a look");
        assert!(claimed.is_empty());
    }
    // What is noted without changing a page is a commit, but none that makes a page stale.
    db.write_blocking(|tx| {
        diesel::sql_query("CREATE TABLE noted (at BIGINT)").execute(tx.conn)?;
        tx.note_idle();
        Ok(())
    })
    .expect("a note");
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert_eq!(
        db.epoch(),
        before,
        "nothing was written, so nothing is stale"
    );
    db.write_blocking(|tx| jobs::enqueue(tx, "x", &1))
        .expect("a write");
    assert!(db.epoch() > before);
}
