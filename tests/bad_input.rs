//! What goes wrong, over real HTTP: a handler that panics, a queue that is full, bytes that are no text.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use loggia::kit::At;
use loggia::kit::clock::{Clock, ShiftedClock};
use serde_json::json;

use crate::highlights::Scene;
use crate::story;
use crate::town::{Page, Town};

/// A clock that breaks once it is wound, the next time a handler looks at it. Transactions have their own time.
struct Broken {
    wound: AtomicBool,
    inner: Arc<ShiftedClock>,
}

impl Clock for Broken {
    fn now(&self) -> At {
        let here = std::thread::current();
        let database = here.name().is_some_and(|name| name.starts_with("db-"));
        assert!(
            database || !self.wound.swap(false, Ordering::SeqCst),
            "the spring is gone"
        );
        self.inner.now()
    }

    fn steady(&self) -> i64 {
        self.inner.steady()
    }
}

story! {
    async fn a_panic_in_a_handler_is_answered_with_a_reference(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let clock = Arc::new(Broken { wound: AtomicBool::new(false), inner: scene.town.clock.clone() });
        let node = scene.town.another_node_by(clock.clone());
        let guest = scene.town.guest().at(node.addr);
        let link = guest.open("/announcements").await.link("Read the conversation");
        clock.wound.store(true, Ordering::SeqCst);
        let broken = guest.send("GET", &link, None, &[]).await;
        assert!(!clock.wound.load(Ordering::SeqCst), "it was looked at");
        broken.is(500).hides("the spring is gone").hides("clock");
        let reference = broken.header("x-request-id").expect("a reference").to_owned();
        assert!(reference.len() >= 6);
        broken.sees(&reference).sees("It has been written down");
        // Whoever asks again is served, by the same node.
        assert_eq!(guest.send("GET", &link, None, &[]).await.status, 302);
    }
}

/// Holds the threads that write until it is let go.
#[derive(Default)]
struct Gate {
    state: Mutex<(usize, bool)>,
    moved: Condvar,
}

impl Gate {
    /// Stands in the way until it is let go.
    fn hold(&self) {
        let mut state = self.state.lock().expect("the gate");
        state.0 += 1;
        self.moved.notify_all();
        while !state.1 {
            state = self.moved.wait(state).expect("the gate");
        }
    }

    fn await_held(&self, threads: usize) {
        let mut state = self.state.lock().expect("the gate");
        while state.0 < threads {
            state = self.moved.wait(state).expect("the gate");
        }
    }

    fn let_go(&self) {
        self.state.lock().expect("the gate").1 = true;
        self.moved.notify_all();
    }
}

/// Lets go even where the story fails.
struct Held(Arc<Gate>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

async fn a_full_queue_says_when_to_come_back(town: Town, writers: usize) {
    let scene = Scene::set(town).await;
    let api = scene.ada.api().await;
    let form = scene
        .nia
        .opens(&format!("/p/{}", scene.post))
        .await
        .form("Save");
    let here = scene.nia.opens(&format!("/p/{}", scene.post)).await;
    let reply = here
        .form("Send the reply")
        .fill("body", "It sat on the bronze heron.");
    let gate = Arc::new(Gate::default());
    let held = Held(gate.clone());
    let db = scene.town.node.app.db.clone();
    let mut waiting = Vec::new();
    for _ in 0..writers {
        let (db, gate) = (db.clone(), gate.clone());
        waiting.push(tokio::spawn(async move {
            db.write(move |_tx| {
                gate.hold();
                Ok(())
            })
            .await
        }));
    }
    let there = gate.clone();
    tokio::task::spawn_blocking(move || there.await_held(writers))
        .await
        .expect("they are held");
    // As many as fit; whoever comes then is sent away at once.
    let mut refused = 0;
    for _ in 0..400 {
        let mut write = Box::pin({
            let db = db.clone();
            async move { db.write(|_tx| Ok(())).await }
        });
        match futures_util::poll!(&mut write) {
            std::task::Poll::Ready(Err(_)) => refused += 1,
            std::task::Poll::Ready(Ok(())) => panic!("it was written past the gate"),
            std::task::Poll::Pending => waiting.push(tokio::spawn(write)),
        }
    }
    assert!(refused > 0 && refused < 400, "{refused}");
    let path = format!("/posts/{}/bookmark", scene.post);
    let busy = api.post(&path, json!({})).await.is(503);
    let after = |headers: &[(String, String)]| {
        let found = headers.iter().find(|(name, _)| name == "retry-after");
        found.map(|(_, value)| value.parse::<u64>().expect("seconds"))
    };
    assert!(after(&busy.headers).is_some_and(|s| s >= 1), "{busy:?}");
    assert!(busy.text("/type").ends_with("busy"), "{}", busy.json);
    let page = form.clone().submit().await;
    page.is(503)
        .sees("Nothing was lost; please try again in a moment");
    assert!(after(&page.headers).is_some_and(|s| s >= 1));
    // "Nothing was lost" is true of the words as well.
    let page = reply.clone().submit().await;
    page.is(503).sees("What you wrote");
    assert_eq!(
        page.all("textarea[readonly]"),
        ["It sat on the bronze heron."]
    );
    // Reading goes on meanwhile.
    scene.town.guest().open("/latest").await.is(200);
    drop(held);
    for one in waiting {
        one.await
            .expect("it ended")
            .expect("what waited was written");
    }
    api.post(&path, json!({})).await.is(204);
    form.submit().await.is(200).sees("Saved. You find it");
    let page = reply.submit().await;
    page.is(200).sees("Your reply stands here now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_when_to_come_back_on_sqlite() {
    a_full_queue_says_when_to_come_back(Town::on_sqlite().await, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_when_to_come_back_on_postgres() {
    if let Some(town) = Town::on_postgres().await {
        a_full_queue_says_when_to_come_back(town, 2).await;
    }
}

async fn sends(page: &Page, who: &crate::town::Browser, base: &str, tail: &[u8]) -> Page {
    let form = page.form("Send the reply");
    let mut body = Vec::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| name != "body") {
        let pair: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        body.extend_from_slice(pair.as_bytes());
        body.push(b'&');
    }
    body.extend_from_slice(tail);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", base),
        ("sec-fetch-site", "same-origin"),
    ];
    who.send_bytes("POST", &form.action, body, &headers).await
}

story! {
    async fn bytes_that_are_no_text_are_refused(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let here = format!("/p/{}", scene.post);
        let page = scene.nia.opens(&here).await;
        for broken in [&b"body=A heron \xff\xfe flew"[..], b"body=A%20heron%20%ff%fe%20flew", b"body=A heron %C3", b"body=%ED%A0%80"] {
            let refused = sends(&page, &scene.nia.browser, &base, broken).await;
            assert_eq!(refused.status, 400, "{broken:?}: {}", refused.words());
            refused.sees("The request could not be read");
        }
        let shown = scene.nia.opens(&here).await;
        shown.is(200).hides("A heron").hides("\u{fffd}");
        // The same words in whole letters are taken.
        let good = sends(&page, &scene.nia.browser, &base, "body=Ein+Reiher+flog+über+Łódź.".as_bytes()).await;
        assert_eq!(good.status, 303, "{}", good.words());
        scene.nia.opens(&here).await.sees("Ein Reiher flog über Łódź.");

        let token = scene.nia.api().await;
        let thread = token.get(&format!("/posts/{}", scene.post)).await.is(200);
        let thread = thread.number("/thread_id");
        let replies = format!("/threads/{thread}/posts");
        for broken in [&b"{\"body\":\"A heron \xff\xfe\"}"[..], b"{\"body\":\"A heron \xed\xa0\x80\"}", b"\xff", b"{\"body\":\"\\ud800\"}"] {
            let refused = token.send_bytes(&replies, broken.to_vec(), "application/json").await;
            assert_eq!(refused.status, 400, "{broken:?}: {}", refused.json);
            assert!(refused.text("/type").ends_with("unreadable"), "{}", refused.json);
        }
        token.send_bytes(&replies, b"{\"body\":\"A heron.\"}".to_vec(), "application/json").await.is(201);
    }
}

story! {
    async fn a_text_that_is_far_too_long_comes_back_in_its_form(town) {
        let scene = Scene::set(town).await;
        let here = format!("/p/{}", scene.post);
        // A whole protocol pasted in: 300 KiB as they travel, and letters that travel as nine bytes each.
        for long in ["heron ".repeat(50 * 1024), "鷺".repeat(65_000)] {
            let page = scene.nia.opens(&here).await;
            let page = page.form("Send the reply").fill("body", &long).submit().await;
            page.is(422).sees("This is longer than the 65536 bytes that a post may have");
            let form = page.form("Send the reply");
            assert_eq!(form.value("body").map(str::trim), Some(long.trim()), "nothing is lost");
        }
        // The longest post that may be goes through in either script.
        for fits in ["heron ".repeat(10_922), "鷺".repeat(21_845)] {
            let page = scene.nia.opens(&here).await;
            page.form("Send the reply").fill("body", &fits).submit().await.is(200).sees("Your reply stands here now");
        }
    }
}
