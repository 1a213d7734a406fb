//! PostgreSQL going away under load: connections ended at random, transactions in each other's way, a server that lets
//! nobody in and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use loggia::db::schema::settings;
use loggia::db::{DatabaseUrl, Db, DbOptions, House, Joints, Tx};
use loggia::kit::clock::{ManualClock, SECOND};
use loggia::kit::seal::Keyring;
use loggia::kit::{At, Refusal, Result, Stop};

use crate::support::postgres;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn open(address: &str, threads: usize) -> Db {
    let house = House {
        joints: Joints::default(),
        clock: Arc::new(ManualClock::at(At(1_800_000_000 * SECOND))),
        base_url: "http://127.0.0.1:1".to_owned(),
        ring: Keyring::from_bytes(Keyring::new_file().as_bytes()).expect("a key file"),
        secret: [7; 32],
    };
    let options = DbOptions {
        threads,
        ..DbOptions::default()
    };
    let url = DatabaseUrl::parse(address).expect("an address");
    Db::open(&url, Arc::new(house), options).expect("the database opens")
}

fn outside(address: &str) -> PgConnection {
    PgConnection::establish(address).expect("the cluster answers")
}

/// Ends every connection to this database but its own; says how many there were.
fn end_all(conn: &mut PgConnection) -> i64 {
    let ended = diesel::sql_query(
        "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    ended.get_result::<Counted>(conn).expect("they end").n
}

/// Writes a key once, however often it is asked: what a client's repeated request is to the house.
fn once(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    let there: i64 = settings::table
        .filter(settings::key.eq(key))
        .count()
        .get_result(tx.conn)?;
    if there == 0 {
        let row = (
            settings::key.eq(key),
            settings::value.eq("said"),
            settings::updated_at.eq(0_i64),
        );
        diesel::insert_into(settings::table)
            .values(row)
            .execute(tx.conn)?;
    }
    Ok(())
}

#[test]
fn connections_that_end_at_random_lose_nothing_that_was_acknowledged() {
    const WRITERS: usize = 6;
    const EACH: usize = 150;
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let address = cluster.fresh_database();
    let db = open(&address, 4);
    let done = Arc::new(AtomicBool::new(false));
    let killer = thread::spawn({
        let (done, mut conn) = (done.clone(), outside(&address));
        move || {
            let mut ended = 0;
            while !done.load(Ordering::Acquire) {
                ended += end_all(&mut conn);
                thread::sleep(Duration::from_millis(90));
            }
            ended
        }
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let db = db.clone();
            thread::spawn(move || {
                let mut unanswered = 0;
                for number in 0..EACH {
                    let key = format!("outage-{writer}-{number}");
                    // Whoever got no answer asks again, as a browser or a program with its key does.
                    while let Err(stop) = db.write_blocking({
                        let key = key.clone();
                        move |tx| once(tx, &key)
                    }) {
                        unanswered += 1;
                        assert!(unanswered < 50 * EACH, "{stop}");
                    }
                    let read = || {
                        db.read_blocking(|tx| {
                            Ok(settings::table.count().get_result::<i64>(tx.conn)?)
                        })
                    };
                    let mut answer = read();
                    while let Err(Stop::Refused(Refusal::Busy { .. })) = answer {
                        unanswered += 1;
                        answer = read();
                    }
                    assert!(
                        answer.as_ref().is_ok_and(|n| *n > 0),
                        "a question is asked again by the house: {answer:?}"
                    );
                }
                unanswered
            })
        })
        .collect();
    let unanswered: usize = writers
        .into_iter()
        .map(|writer| writer.join().expect("a writer ends"))
        .sum();
    done.store(true, Ordering::Release);
    let ended = killer.join().expect("the killer ends");

    assert!(ended >= 40, "only {ended} connections ended");
    // Only a commit whose answer was cut off is told to the asker, and that nobody was let in for a second; all else was
    // tried again on another connection.
    assert!(
        unanswered < WRITERS * EACH / 10,
        "{unanswered} writes without an answer for {ended} connections that ended"
    );
    let there = db.read_blocking(|tx| {
        Ok(settings::table
            .filter(settings::key.like("outage-%"))
            .count()
            .get_result::<i64>(tx.conn)?)
    });
    assert_eq!(there.expect("they are counted"), (WRITERS * EACH) as i64);
}

#[test]
fn transactions_in_each_others_way_are_tried_again_and_count_right() {
    const PEOPLE: usize = 6;
    const EACH: usize = 30;
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let db = open(&cluster.fresh_database(), 3);
    let started = db.write_blocking(|tx| {
        once(tx, "counter")?;
        let zero = settings::value.eq("0");
        diesel::update(settings::table.find("counter"))
            .set(zero)
            .execute(tx.conn)?;
        Ok(())
    });
    started.expect("a counter");
    let runs = Arc::new(AtomicU64::new(0));
    let people: Vec<_> = (0..PEOPLE)
        .map(|_| {
            let (db, runs) = (db.clone(), runs.clone());
            thread::spawn(move || {
                let counted = |_: &usize| {
                    let runs = runs.clone();
                    db.write_blocking(move |tx| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        one_more(tx)
                    })
                    .is_ok()
                };
                (0..EACH).filter(counted).count()
            })
        })
        .collect();
    let counted: usize = people
        .into_iter()
        .map(|person| person.join().expect("a person ends"))
        .sum();
    let said = db.read_blocking(|tx| {
        Ok(settings::table
            .find("counter")
            .select(settings::value)
            .first::<String>(tx.conn)?)
    });
    assert_eq!(said.expect("a number"), counted.to_string());
    let runs = usize::try_from(runs.load(Ordering::Relaxed)).expect("a number");
    assert!(
        counted >= PEOPLE * EACH * 9 / 10,
        "{counted} of {}",
        PEOPLE * EACH
    );
    assert!(runs >= counted + 10, "{runs} runs for {counted}: no storm");
}

/// Reads, thinks and writes, in the strictest isolation: two at once cannot both be right.
fn one_more(tx: &mut Tx<'_>) -> Result<()> {
    diesel::sql_query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").execute(tx.conn)?;
    let value: String = settings::table
        .find("counter")
        .select(settings::value)
        .first(tx.conn)?;
    let more = value.parse::<i64>().map_err(|_| Stop::fault("a number"))? + 1;
    diesel::sql_query("SELECT pg_sleep(0.002)").execute(tx.conn)?;
    diesel::update(settings::table.find("counter"))
        .set(settings::value.eq(more.to_string()))
        .execute(tx.conn)?;
    Ok(())
}

#[test]
fn a_server_that_lets_nobody_in_is_busy_and_is_found_again() {
    let Some(cluster) = postgres::cluster() else {
        return;
    };
    let address = cluster.fresh_database();
    let (server, name) = address.rsplit_once('/').expect("an address");
    let mut door = outside(&format!("{server}/postgres"));
    let mut inside = outside(&address);
    let db = open(&address, 2);
    let mut allow = |yes: bool| {
        let sql = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}");
        door.batch_execute(&sql).expect("the door moves");
    };
    allow(false);
    assert!(end_all(&mut inside) > 0);
    for _ in 0..6 {
        let read = db.read_blocking(|tx| Ok(settings::table.count().get_result::<i64>(tx.conn)?));
        let written = db.write_blocking(|tx| once(tx, "while-away"));
        for stop in [read.err(), written.err()] {
            let busy = matches!(
                &stop,
                Some(Stop::Refused(Refusal::Busy { retry_after: 1.. }))
            );
            assert!(busy, "{stop:?}");
        }
    }
    allow(true);
    for number in 0..6 {
        let back = db.write_blocking(move |tx| once(tx, &format!("back-{number}")));
        back.expect("the database is there again");
    }
    let read = db.read_blocking(|tx| Ok(settings::table.count().get_result::<i64>(tx.conn)?));
    assert!(read.expect("and read") >= 6);
}
