//! What a close look at the bridge found, told as it would happen again.

use std::sync::Arc;

use diesel::prelude::*;
use loggia::bridge::{self, Changes, ChannelState, Health, Known, NewChannel, Operation, State};
use loggia::db::schema::{channels, deliveries};
use loggia::db::{DatabaseUrl, Db, DbOptions, House, Joints, migrate};
use loggia::kit::clock::ManualClock;
use loggia::kit::ids::ChannelId;
use loggia::kit::seal::Keyring;
use loggia::kit::stop::Stop;
use loggia::kit::{At, Clock};
use serde_json::{Value, json};

use super::fake::{Act, Nature, seconds};
use super::law7::on_both;
use super::schedules::runtime;
use super::world::{Ground, HOUSE, World};

async fn drain(world: &mut World<'_>) {
    while world.turn(0, Act::Accept).await {}
}

/// State and note of a channel.
async fn door(db: &Db, id: ChannelId) -> (ChannelState, String) {
    db.read(move |tx| {
        let line = bridge::channel(tx, id)?;
        Ok((line.state, line.state_note))
    })
    .await
    .unwrap()
}

#[test]
fn what_stands_at_a_removed_channel_is_for_a_person_to_take_down() {
    on_both(|ground| {
        Box::pin(async move {
            let mut world = World::new(&ground, Nature::Keyed).await;
            world.plan(0).await;
            drain(&mut world).await;
            let id = world.channel;
            let known = Known::account("The museum", "https://channel.example/museum");
            let health = Health::Good(known);
            ground
                .db
                .write(move |tx| {
                    // As channels answer that say where a message stands.
                    diesel::update(deliveries::table.filter(deliveries::channel_id.eq(id)))
                        .set(deliveries::remote_url.eq("https://channel.example/museum/7"))
                        .execute(tx.conn)?;
                    bridge::record_verification(tx, &HOUSE, id, &health)?;
                    assert_eq!(bridge::standing(tx, id)?, 1);
                    bridge::remove_channel(tx, &HOUSE, id)
                })
                .await
                .unwrap();
            world.recall(0).await;
            drain(&mut world).await;
            let rows = world.rows().await;
            let (withdrawal, _, state, _) = rows
                .into_iter()
                .find(|(_, operation, _, _)| *operation == Operation::Withdraw)
                .expect("a withdrawal");
            assert_eq!(state, State::NeedsHuman);
            let (line, seen) = ground
                .db
                .read(move |tx| {
                    Ok((
                        bridge::channel(tx, id)?,
                        bridge::delivery(tx, &HOUSE, withdrawal)?,
                    ))
                })
                .await
                .unwrap();
            assert_eq!(seen.line.state_reason, "by-hand");
            assert_eq!(
                seen.line.remote_url.as_deref(),
                Some("https://channel.example/museum/7")
            );
            assert_eq!(line.account.as_deref(), Some("The museum"));
            assert_eq!(
                line.account_url.as_deref(),
                Some("https://channel.example/museum")
            );
        })
    });
}

#[test]
fn a_pause_outlives_what_the_channel_answers() {
    on_both(|ground| {
        Box::pin(async move {
            let mut world = World::new(&ground, Nature::Keyed).await;
            world.pause(true).await;
            let id = world.channel;
            for trouble in [
                Health::Unauthorised("who are you".to_owned()),
                Health::Gone("nobody here".to_owned()),
            ] {
                ground
                    .db
                    .write(move |tx| {
                        bridge::record_verification(tx, &HOUSE, id, &trouble).map(drop)
                    })
                    .await
                    .unwrap();
                let shut = door(&ground.db, id).await.0;
                assert!(matches!(
                    shut,
                    ChannelState::NeedsReauth | ChannelState::Disabled
                ));
                let good = Health::Good(Known::default());
                ground
                    .db
                    .write(move |tx| bridge::record_verification(tx, &HOUSE, id, &good).map(drop))
                    .await
                    .unwrap();
                let held = (ChannelState::Paused, "storm".to_owned());
                assert_eq!(door(&ground.db, id).await, held);
            }
            world.pause(false).await;
            assert_eq!(door(&ground.db, id).await.0, ChannelState::Open);
        })
    });
}

#[test]
fn what_is_scheduled_says_the_time_at_which_it_is_said() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Keyed).await;
        world.plan(3600).await;
        let origin = world.shadows[0].origin.clone();
        let (id, clock) = (world.channel, ground.clock.clone());
        let said = async || -> (String, bool) {
            let row: (String, Vec<u8>) = ground
                .db
                .read(move |tx| {
                    Ok(deliveries::table
                        .filter(deliveries::channel_id.eq(id))
                        .select((deliveries::payload, deliveries::payload_hash))
                        .first(tx.conn)?)
                })
                .await
                .unwrap();
            let payload: Value = serde_json::from_str(&row.0).unwrap();
            let hash = <sha2::Sha256 as sha2::Digest>::digest(row.0.as_bytes());
            let time = payload["timestamp"].as_str().unwrap().to_owned();
            (time, hash.as_slice() == row.1)
        };
        let later = clock.now().plus(seconds(3600));
        assert_eq!(said().await, (later.rfc3339(), true));
        let sooner = clock.now().plus(seconds(60));
        let moved = origin.clone();
        ground
            .db
            .write(move |tx| bridge::replan(tx, &moved, sooner))
            .await
            .unwrap();
        assert_eq!(said().await, (sooner.rfc3339(), true));
    });
}

async fn connect(db: &Db, kind: &'static str, config: Value, secret: Option<&str>) -> ChannelId {
    let wanted = NewChannel {
        kind: kind.to_owned(),
        name: "Outside".to_owned(),
        config,
        secret: secret.map(str::to_owned),
    };
    db.write(move |tx| bridge::create_channel(tx, &HOUSE, &wanted))
        .await
        .unwrap()
        .channel
        .id
}

async fn change(db: &Db, id: ChannelId, config: Value) -> Result<Option<String>, Stop> {
    db.write(move |tx| {
        let line = bridge::channel(tx, id)?;
        let changes = Changes {
            revision: line.revision,
            name: "Outside".to_owned(),
            config: Some(config.clone()),
            min_gap_seconds: 0,
            daily_cap: 0,
            max_lateness_seconds: 3600,
        };
        bridge::change_channel(tx, &HOUSE, id, &changes)?;
        Ok(bridge::channel(tx, id)?.account)
    })
    .await
}

async fn is_known(db: &Db, id: ChannelId) {
    let good = Health::Good(Known::account("Museum", "https://t.me/museum_commons"));
    db.write(move |tx| bridge::record_verification(tx, &HOUSE, id, &good).map(drop))
        .await
        .unwrap();
}

#[test]
fn only_another_place_makes_a_channel_forget_whose_it_is() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let secret = Some("123456789:aBcDeFgHiJkLmNoPqRsTuVwX");
        let chat = json!({ "chat": "@museum_commons" });
        let id = connect(&ground.db, "telegram", chat, secret).await;
        is_known(&ground.db, id).await;
        let once_more = json!({ "chat": "@museum_commons", "once_more": "yes" });
        let account = change(&ground.db, id, once_more).await.unwrap();
        assert_eq!(account.as_deref(), Some("Museum"));
        let other = json!({ "chat": "@museum_friends", "once_more": "yes" });
        assert_eq!(change(&ground.db, id, other).await.unwrap(), None);
    });
}

#[test]
fn a_channel_does_not_move_away_from_what_stands_there() {
    let ground = Ground::sqlite();
    runtime().block_on(async {
        let mut world = World::new(&ground, Nature::Keyed).await;
        world.plan(0).await;
        drain(&mut world).await;
        let site = json!({ "site": "https://social.example" });
        let id = connect(&ground.db, "mastodon", site, None).await;
        let from = world.channel;
        ground
            .db
            .write(move |tx| {
                diesel::update(deliveries::table.filter(deliveries::channel_id.eq(from)))
                    .set(deliveries::channel_id.eq(id))
                    .execute(tx.conn)?;
                Ok(())
            })
            .await
            .unwrap();
        let other = json!({ "site": "https://elsewhere.example" });
        let Err(Stop::Invalid(problems)) = change(&ground.db, id, other).await else {
            panic!("it moved");
        };
        assert_eq!(problems.0[0].field, "site");
        assert_eq!(problems.0[0].key, "stands-there");
    });
}

#[test]
fn a_secret_that_does_not_open_shuts_the_channel_and_is_replaced() {
    on_both(|ground| {
        Box::pin(async move {
            let mut world = World::new(&ground, Nature::Keyed).await;
            world.plan(0).await;
            let id = world.channel;
            ground
                .db
                .write(move |tx| {
                    // As another key file would have sealed it.
                    let foreign = [&[1, 77][..], &[9; 60]].concat();
                    diesel::update(channels::table.find(id))
                        .set(channels::secret_sealed.eq(foreign))
                        .execute(tx.conn)?;
                    Ok(())
                })
                .await
                .unwrap();
            drain(&mut world).await;
            let locked = (ChannelState::NeedsReauth, "locked".to_owned());
            assert_eq!(door(&ground.db, id).await, locked);
            assert_eq!(world.rows().await[0].2, State::Queued);
            let verified = world.workers[0].verify(&HOUSE, id).await.unwrap();
            assert!(matches!(verified.health, Health::Unauthorised(_)));
            ground
                .db
                .write(move |tx| bridge::rotate_secret(tx, &HOUSE, id).map(drop))
                .await
                .unwrap();
            assert_eq!(door(&ground.db, id).await.0, ChannelState::Open);
            drain(&mut world).await;
            assert_eq!(world.rows().await[0].2, State::Sent);
        })
    });
}

fn house(keys: &str) -> Arc<House> {
    let ring = Keyring::from_bytes(keys.as_bytes()).unwrap();
    let secret = ring.lasting_subkey("house");
    Arc::new(House {
        joints: Joints::default(),
        clock: Arc::new(ManualClock::at(At(1_800_000_000_000_000))),
        base_url: "https://commons.example".to_owned(),
        ring,
        secret,
    })
}

/// The process ends after the first piece, and another one goes on.
#[test]
fn a_rotation_that_was_interrupted_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/keys.db", folder.path().display());
    let url = DatabaseUrl::parse(&url).unwrap();
    migrate::run(&url).unwrap();
    let old = Keyring::new_file();
    let new = Keyring::from_bytes(old.as_bytes()).unwrap();
    let new = new.rotated_file().unwrap();
    let open = |keys: &str| Db::open(&url, house(keys), DbOptions::default()).unwrap();
    runtime().block_on(async {
        let db = open(&old);
        for _ in 0..3 {
            let config = json!({ "url": "https://channel.example/hook" });
            connect(&db, "webhook", config, None).await;
        }
        drop(db);
        let db = open(&new);
        let left = async |db: &Db| db.read(bridge::sealed_before).await.unwrap();
        assert_eq!(left(&db).await, 3);
        let first = db
            .write(|tx| bridge::seal_again(tx, ChannelId(0), 1))
            .await
            .unwrap();
        assert!(first.is_some());
        drop(db);
        let db = open(&new);
        assert_eq!(left(&db).await, 2);
        // Until it is finished both keys are needed, and both are there.
        assert_eq!(db.write(bridge::check_keys).await.unwrap(), 0);
        let mut after = Some(ChannelId(0));
        while let Some(last) = after {
            after = db
                .write(move |tx| bridge::seal_again(tx, last, 1))
                .await
                .unwrap();
        }
        assert_eq!(left(&db).await, 0);
        assert_eq!(db.write(bridge::check_keys).await.unwrap(), 0);
        drop(db);
        // The new key alone opens everything.
        let alone = new.lines().next().unwrap().to_owned();
        assert_eq!(open(&alone).write(bridge::check_keys).await.unwrap(), 0);
        assert_eq!(open(&old).write(bridge::check_keys).await.unwrap(), 3);
    });
}
