//! The main job from an empty community to the outside and back: by API alone, and over two nodes of one community.

use std::collections::BTreeMap;

use loggia::members::{self, Credential};
use serde_json::{Value, json};

use crate::story;
use crate::support::endpoint::{Arrived, Endpoint};
use crate::town::{Api, Node, PASSWORD, Person, Town};

const SAID: &str = "The gardener let me hold the lantern while the bats came out.";

/// What a receiver makes of the requests that carry a signature of ours: how often each event came, by its id.
fn received(endpoint: &Endpoint, secret: &str) -> BTreeMap<String, Vec<Value>> {
    let mut events: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let signed = |one: &Arrived| one.verified_by(secret);
    for one in endpoint.posts().iter().filter(|one| signed(one)) {
        let body: Value = serde_json::from_slice(&one.body).expect("JSON");
        events
            .entry(one.header("webhook-id"))
            .or_default()
            .push(body);
    }
    events
}

/// The events of a type, each id counted once, as a receiver counts.
fn of_type<'a>(events: &'a BTreeMap<String, Vec<Value>>, wanted: &str) -> Vec<&'a Value> {
    let first = events.values().filter_map(|same| same.first());
    first
        .filter(|body| body["type"] == wanted && body["data"]["kind"] == "announcement")
        .collect()
}

/// Everybody who takes part, and where each of them does it.
struct Cast {
    admin: Api,
    ada: Api,
    nia: Api,
    mo: Api,
    pia: Api,
}

/// A webhook at `endpoint`; answers its id and its secret, which is told once.
async fn webhook(admin: &Api, endpoint: &Endpoint) -> (i64, String) {
    let body = json!({ "kind": "webhook", "name": "Newsroom", "url": endpoint.url });
    let made = admin.post("/channels", body).await.is(201);
    let secret = made.text("/secret").to_owned();
    assert!(secret.starts_with("whsec_"));
    let id = made.number("/id");
    let asked = admin
        .post(&format!("/channels/{id}/verification"), json!({}))
        .await
        .is(200);
    assert_eq!(asked.text("/health"), "good", "{}", asked.json);
    (id, secret)
}

async fn publish_messaging(admin: &Api) {
    let text = json!({ "body": "Speak quietly of others, and only in words they agreed to.", "change": "major" });
    admin
        .post("/guidelines/messaging/versions", text)
        .await
        .is(201);
}

async fn acknowledges(who: &Api, kind: &str) {
    let version = who
        .get(&format!("/guidelines/{kind}"))
        .await
        .is(200)
        .number("/version");
    let path = format!("/guidelines/{kind}/acknowledgements");
    let answer = who.post(&path, json!({ "version": version })).await;
    assert!((200..300).contains(&answer.status), "{}", answer.json);
}

/// From a category to two sent announcements; answers the highlight and the channels.
async fn announce(cast: &Cast, webhook: i64) -> (i64, Vec<i64>) {
    let category = cast
        .admin
        .post("/categories", json!({ "name": "Night garden" }))
        .await
        .is(201)
        .number("/id");
    let thread = json!({ "category_id": category, "title": "Bats at dusk", "body": SAID });
    let started = cast.ada.post("/threads", thread).await.is(201);
    let thread = started.json["thread"]["id"]
        .as_i64()
        .or_else(|| started.json["id"].as_i64())
        .expect("a thread");
    let posts = cast
        .nia
        .get(&format!("/threads/{thread}/posts"))
        .await
        .is(200);
    let post = posts.number("/items/0/id");
    let wish = json!({ "post_id": post, "excerpt": SAID, "title": "Bats at dusk", "reason": "It shows the garden at night." });
    let id = cast
        .nia
        .post("/highlights", wish)
        .await
        .is(201)
        .number("/id");
    // Four eyes: neither the author nor the one who nominated decides, and nobody before the author has said yes.
    cast.mo
        .post(
            &format!("/highlights/{id}/approval"),
            json!({ "decision": "approve" }),
        )
        .await
        .is(409);
    let yes = json!({ "decision": "grant", "attribution": "name", "trimming": false, "by_hand": true, "channels": ["page", "webhook"] });
    cast.ada
        .post(&format!("/highlights/{id}/consent"), yes)
        .await
        .is(200);
    acknowledges(&cast.mo, "messaging").await;
    cast.mo
        .post(
            &format!("/highlights/{id}/approval"),
            json!({ "decision": "approve" }),
        )
        .await
        .is(200);
    acknowledges(&cast.pia, "messaging").await;
    let list = cast.pia.get("/highlights?status=approved").await.is(200);
    assert_eq!(list.number("/items/0/id"), id, "the library has it");
    let channels = cast.pia.get("/channels").await.is(200);
    let page = channels.json["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|c| c["kind"] == "page")
        .expect("the page");
    let page = page["id"].as_i64().expect("an id");
    let mut announcements = Vec::new();
    for channel in [page, webhook] {
        let text =
            json!({ "channel_id": channel, "text": format!("“{SAID}” Ada, in our community.") });
        let made = cast
            .pia
            .post(&format!("/highlights/{id}/announcements"), text)
            .await
            .is(201);
        announcements.push(made.number("/id"));
    }
    (id, announcements)
}

async fn cast(town: &Town, at: impl Fn(usize) -> std::net::SocketAddr) -> Cast {
    let admin = town.admin("greta").await;
    let [ada, nia, mo, pia] = [
        town.member("ada").await,
        town.champion("nia").await,
        town.moderator("mona").await,
        town.publisher("pia").await,
    ];
    let [admin, ada, nia, mo, pia] = [&admin, &ada, &nia, &mo, &pia];
    let mut apis = Vec::new();
    for (number, person) in [admin, ada, nia, mo, pia].into_iter().enumerate() {
        apis.push(person.api().await.at(at(number)));
    }
    let mut next = apis.into_iter();
    let mut next = || next.next().expect("five of them");
    Cast {
        admin: next(),
        ada: next(),
        nia: next(),
        mo: next(),
        pia: next(),
    }
}

async fn is_sent(pia: &Api, announcements: &[i64]) -> bool {
    for id in announcements {
        let state = pia.get(&format!("/announcements/{id}")).await.is(200);
        if state.text("/state") != "sent" {
            return false;
        }
    }
    true
}

story! {
    async fn the_main_job_by_api(town) {
        let here = town.node.addr;
        let cast = cast(&town, |_| here).await;
        let endpoint = Endpoint::open();
        let (hook, secret) = webhook(&cast.admin, &endpoint).await;
        publish_messaging(&cast.admin).await;
        let (id, announcements) = announce(&cast, hook).await;
        for _ in 0..3 {
            town.work().await;
        }
        assert!(is_sent(&cast.pia, &announcements).await);
        town.guest().open("/announcements").await.is(200).sees(SAID);
        let events = received(&endpoint, &secret);
        let published = of_type(&events, "highlight.published");
        assert_eq!(published.len(), 1, "{events:?}");
        assert!(published[0].to_string().contains("bats came out"));
        let link = published[0]["data"]["link"].as_str().map(str::to_owned);
        let link = link.or_else(|| published[0]["data"]["url"].as_str().map(str::to_owned)).expect("its link");
        let path = link.strip_prefix(town.base_url()).expect("our own address").to_owned();
        assert!(path.starts_with("/h/"), "{path}");
        town.guest().open(&path).await.is(200).sees("Bats at dusk");

        cast.ada.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        for _ in 0..3 {
            town.work().await;
        }
        town.guest().open("/announcements").await.is(200).hides(SAID);
        town.guest().open(&path).await.is(410);
        let events = received(&endpoint, &secret);
        let withdrawn = of_type(&events, "highlight.withdrawn");
        assert_eq!(withdrawn.len(), 1, "{events:?}");
        assert!(!withdrawn[0].to_string().contains("bats came out"), "no words come back");
        let unsigned = endpoint.posts().into_iter().filter(|one| !one.verified_by(&secret)).count();
        assert_eq!(unsigned, 0, "everything that left was signed");
    }
}

/// Runs what both nodes have to do, side by side, until nothing is left.
async fn work_side_by_side(town: &Town, other: &Node) {
    for _ in 0..6 {
        let (jobs, theirs) = tokio::join!(
            loggia::jobs::run_due(&town.node.app),
            loggia::jobs::run_due(&other.app)
        );
        jobs.and(theirs).expect("jobs run");
        let (ours, theirs) = tokio::join!(
            town.node.app.bridge.serve_due(),
            other.app.bridge.serve_due()
        );
        ours.and(theirs).expect("the bridge carries");
    }
}

async fn signs_in(town: &Town, person: &Person, at: &Node) -> crate::town::Browser {
    let browser = town.guest().at(at.addr);
    let form = browser.open("/sign-in").await.form("Sign in");
    let form = form.fill("login", &person.name).fill("password", PASSWORD);
    form.submit().await.is(200);
    browser
}

/// Signed in on one node, posting on the other; every step at another node than the step before; said once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_job_over_two_nodes_of_one_postgres() {
    let Some(town) = Town::on_postgres().await else {
        return;
    };
    let other = town.another_node();
    let (here, there) = (town.node.addr, other.addr);
    let at = |number: usize| {
        if number.is_multiple_of(2) {
            here
        } else {
            there
        }
    };
    let cast = cast(&town, at).await;
    let endpoint = Endpoint::open();
    let (hook, secret) = webhook(&cast.admin, &endpoint).await;
    publish_messaging(&cast.admin).await;
    let (id, announcements) = announce(&cast, hook).await;
    work_side_by_side(&town, &other).await;
    assert!(is_sent(&cast.pia, &announcements).await);
    let events = received(&endpoint, &secret);
    assert_eq!(of_type(&events, "highlight.published").len(), 1);
    assert!(
        events.values().all(|same| same.len() == 1),
        "nothing was sent twice: {events:?}"
    );
    for addr in [here, there] {
        town.guest()
            .at(addr)
            .open("/announcements")
            .await
            .is(200)
            .sees(SAID);
    }

    // A browser that signed in here is known there, posts there, and reads it here.
    let tom = town.member("tom").await;
    let browser = signs_in(&town, &tom, &town.node).await;
    let token = browser
        .cookie_header()
        .split("; ")
        .find_map(|c| c.strip_prefix("__Host-loggia=").map(str::to_owned))
        .expect("a session");
    let known = town
        .inside(move |tx| Ok(members::recognise(tx, &Credential::Session(&token))?.is_some()))
        .await;
    assert!(known);
    let latest = browser
        .at(there)
        .open("/latest")
        .await
        .is(200)
        .follow("Bats at dusk")
        .await;
    latest
        .form("Send the reply")
        .fill("body", "I heard them from the bridge.")
        .submit()
        .await
        .is(200)
        .sees("from the bridge");
    browser
        .at(here)
        .open(&latest.path)
        .await
        .is(200)
        .sees("I heard them from the bridge.");

    // Taken back at one node, gone at both.
    cast.ada
        .post(
            &format!("/highlights/{id}/consent"),
            json!({ "decision": "withdraw" }),
        )
        .await
        .is(200);
    work_side_by_side(&town, &other).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    for addr in [here, there] {
        town.guest()
            .at(addr)
            .open("/announcements")
            .await
            .is(200)
            .hides(SAID);
    }
    let events = received(&endpoint, &secret);
    assert_eq!(of_type(&events, "highlight.withdrawn").len(), 1);
    assert!(
        events.values().all(|same| same.len() == 1),
        "nothing was sent twice: {events:?}"
    );
}
