//! Standard Webhooks over real HTTP, checked with a library that is not ours.

use diesel::prelude::*;
use loggia::bridge::{self, ChannelState, Engine, NewChannel, Operation, State};
use loggia::db::schema::{channels, deliveries};
use loggia::kit::clock::{Clock, SystemClock};
use loggia::kit::event::Origin;
use loggia::kit::http::{AllowList, Outbound};
use loggia::kit::ids::ChannelId;

use super::fake::seconds;
use super::world::{Ground, HOUSE, said};
use crate::support::endpoint::{Arrived, Endpoint};

struct Hook {
    ground: Ground,
    engine: Engine,
    endpoint: Endpoint,
    channel: ChannelId,
    secret: String,
}

impl Hook {
    async fn open() -> Self {
        let ground = Ground::sqlite();
        ground.clock.set(SystemClock.now());
        let outbound =
            Outbound::new(AllowList::parse("127.0.0.1").unwrap(), "Loggia/test", None).unwrap();
        let engine = Engine::new(
            ground.db.clone(),
            bridge::adapters(
                &ground.db,
                &outbound,
                &ground.pictures(),
                &bridge::Bases::default(),
            ),
        );
        let endpoint = Endpoint::open();
        let wanted = NewChannel {
            kind: "webhook".to_owned(),
            name: "Newsroom".to_owned(),
            config: serde_json::json!({ "url": endpoint.url }),
            secret: None,
        };
        let made = ground
            .db
            .write(move |tx| bridge::create_channel(tx, &HOUSE, &wanted))
            .await
            .unwrap();
        let secret = made.secret.expect("a secret, once");
        assert!(secret.starts_with("whsec_") && secret.ends_with(&made.channel.secret_hint));
        Self {
            ground,
            engine,
            endpoint,
            channel: made.channel.id,
            secret,
        }
    }

    async fn announce(&self, id: i64) -> String {
        let channel = self.channel;
        self.ground
            .db
            .write(move |tx| {
                let origin = origin(id);
                let code = bridge::new_code(tx, &origin, Some(channel), "/t/a/1")?;
                let delivery =
                    bridge::plan(tx, &said(tx, &origin, channel, &code, 1, 0).as_plan())?;
                Ok(deliveries::table
                    .find(delivery)
                    .select(deliveries::payload)
                    .first(tx.conn)?)
            })
            .await
            .unwrap()
    }

    async fn serve(&self) {
        self.engine.serve_due().await.unwrap();
    }

    async fn state(&self, id: i64, operation: Operation) -> State {
        self.ground
            .db
            .read(move |tx| {
                Ok(deliveries::table
                    .filter(deliveries::origin_id.eq(id))
                    .filter(deliveries::operation.eq(operation))
                    .select(deliveries::state)
                    .first(tx.conn)?)
            })
            .await
            .unwrap()
    }

    async fn channel_state(&self) -> ChannelState {
        let id = self.channel;
        self.ground
            .db
            .read(move |tx| {
                Ok(channels::table
                    .find(id)
                    .select(channels::state)
                    .first(tx.conn)?)
            })
            .await
            .unwrap()
    }
}

fn origin(id: i64) -> Origin {
    Origin {
        kind: "announcement".to_owned(),
        id,
    }
}

#[tokio::test]
async fn a_library_that_is_not_ours_verifies_what_leaves() {
    let hook = Hook::open().await;
    let frozen = hook.announce(1).await;
    hook.serve().await;
    assert_eq!(hook.state(1, Operation::Announce).await, State::Sent);
    hook.ground
        .db
        .write(|tx| bridge::recall(tx, &origin(1), "test"))
        .await
        .unwrap();
    hook.serve().await;
    assert_eq!(hook.state(1, Operation::Withdraw).await, State::Sent);

    let posts = hook.endpoint.posts();
    assert_eq!(posts.len(), 2);
    for post in &posts {
        assert!(post.verified_by(&hook.secret));
        assert!(!post.verified_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assert!(!post.header("webhook-id").contains('.') && post.body.len() < 20_000);
    }
    assert_eq!(
        posts[0].body,
        frozen.as_bytes(),
        "exactly the frozen bytes leave"
    );
    let kind = |post: &Arrived| {
        let body: serde_json::Value = serde_json::from_slice(&post.body).unwrap();
        body["type"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind(&posts[0]), "highlight.published");
    assert_eq!(kind(&posts[1]), "highlight.withdrawn");
    let withdrawn = String::from_utf8(posts[1].body.clone()).unwrap();
    assert!(
        !withdrawn.contains("Three pairs"),
        "a withdrawal repeats no words"
    );
}

#[tokio::test]
async fn a_lost_answer_is_repeated_with_the_same_key_and_a_new_time() {
    let hook = Hook::open().await;
    hook.endpoint.will("drop");
    hook.announce(1).await;
    hook.serve().await;
    assert_eq!(hook.state(1, Operation::Announce).await, State::Queued);
    hook.ground.clock.advance(seconds(20));
    hook.endpoint.will("503 Busy\r\nRetry-After: 120\r\n");
    hook.serve().await;
    hook.ground.clock.advance(seconds(100));
    hook.serve().await;
    assert_eq!(hook.endpoint.posts().len(), 2, "Retry-After is honoured");
    hook.ground.clock.advance(seconds(400));
    hook.serve().await;
    assert_eq!(hook.state(1, Operation::Announce).await, State::Sent);
    let posts = hook.endpoint.posts();
    assert_eq!(posts.len(), 3);
    let ids: Vec<String> = posts.iter().map(|p| p.header("webhook-id")).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_ne!(
        posts[0].header("webhook-timestamp"),
        posts[1].header("webhook-timestamp")
    );
    assert!(
        posts
            .iter()
            .all(|p| p.body == posts[0].body && p.header("webhook-signature") != "")
    );
}

#[tokio::test]
async fn redirects_are_not_followed_and_410_closes_the_channel() {
    let hook = Hook::open().await;
    hook.endpoint
        .will("302 Found\r\nLocation: http://127.0.0.1:1/\r\n");
    hook.announce(1).await;
    hook.serve().await;
    assert_eq!(hook.state(1, Operation::Announce).await, State::Dead);
    hook.endpoint.will("410 Gone\r\n");
    hook.announce(2).await;
    hook.serve().await;
    assert_eq!(hook.state(2, Operation::Announce).await, State::Dead);
    assert_eq!(hook.channel_state().await, ChannelState::Disabled);
    // Asking posts nothing, and opens it again.
    let before = hook.endpoint.posts().len();
    hook.engine.verify(&HOUSE, hook.channel).await.unwrap();
    assert_eq!(
        (hook.endpoint.posts().len(), hook.channel_state().await),
        (before, ChannelState::Open)
    );
}

#[tokio::test]
async fn for_a_day_both_secrets_sign() {
    let hook = Hook::open().await;
    let id = hook.channel;
    let made = hook
        .ground
        .db
        .write(move |tx| bridge::rotate_secret(tx, &HOUSE, id))
        .await
        .unwrap();
    let fresh = made.secret.expect("a secret, once");
    hook.announce(1).await;
    hook.serve().await;
    let post = hook.endpoint.posts().pop().unwrap();
    assert!(post.verified_by(&hook.secret) && post.verified_by(&fresh));
    hook.ground.clock.advance(25 * seconds(3600));
    hook.announce(2).await;
    hook.serve().await;
    let post = hook.endpoint.posts().pop().unwrap();
    assert_eq!(post.header("webhook-signature").split(' ').count(), 1);
}

#[tokio::test]
async fn five_failures_open_the_breaker_and_only_a_question_closes_it() {
    let hook = Hook::open().await;
    hook.announce(1).await;
    for _ in 0..5 {
        hook.endpoint.will("500 Oops\r\n");
        hook.serve().await;
        hook.ground.clock.advance(6 * seconds(3600));
    }
    assert_eq!(hook.endpoint.posts().len(), 5);
    let asked = hook.endpoint.arrived.lock().unwrap().len();
    assert_eq!(asked, 5);
    // The rest is over: the channel is asked first, answers, and then gets the sixth try.
    hook.serve().await;
    let arrived = hook.endpoint.arrived.lock().unwrap().clone();
    let methods: Vec<&str> = arrived.iter().skip(5).map(|a| a.method.as_str()).collect();
    assert_eq!(methods, ["GET", "POST"]);
    assert_eq!(hook.state(1, Operation::Announce).await, State::Sent);
}
