//! Stories of reading: what is new, what is unread, what is followed, told with a browser that runs no scripts.

use loggia::forum::{self, Grant, Who, Words};
use loggia::kit::clock::{DAY, MINUTE};
use loggia::kit::ids::{CategoryId, ThreadId};
use serde_json::json;

use crate::story;
use crate::town::talk::{HOUSE, category, reply, started};
use crate::town::{Person, Town};

async fn thread(town: &Town, by: &Person, category: CategoryId, title: &str) -> ThreadId {
    started(town, by, category, (title, "birds"), "First words")
        .await
        .0
}

story! {
    async fn titles_lead_to_the_first_unread_post_and_lists_hold_what_waits(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        town.clock.advance(MINUTE);
        let id = thread(&town, &ruth, field, "A ring").await;
        for n in 2..=25 {
            reply(&town, &ruth, id, &format!("words {n}")).await;
        }
        let page = tomas.opens("/latest").await;
        assert_eq!(page.all(".subnav .count"), ["1"], "one new thread");
        let page = tomas.opens("/new").await;
        page.sees("A ring");
        assert_eq!(page.attributes(".threads .title a", "href"), [format!("/t/a-ring/{id}")]);
        assert!(ruth.opens("/new").await.sees("You have seen everything").all(".threads li").is_empty(), "one's own threads are not new");

        // Opening a page reads it; the next page stays unread.
        tomas.opens(&format!("/t/a-ring/{id}")).await.is(200);
        let page = tomas.opens("/latest").await;
        assert_eq!(page.attributes(".threads .title a", "href"), [format!("/t/a-ring/{id}?page=2#post-21")]);
        assert!(page.all(".threads .count")[0].starts_with('5'), "five are unread");
        tomas.opens("/new").await.sees("You have seen everything");
        tomas.opens("/unread").await.sees("You have seen everything");

        // Whoever replies follows.
        let page = tomas.opens(&format!("/t/a-ring/{id}?page=2")).await;
        page.form("Send the reply").fill("body", "I saw it too").submit().await.is(200).sees("Tracking");
        tomas.opens("/unread").await.sees("You have seen everything");
        town.clock.advance(MINUTE);
        reply(&town, &ruth, id, "And another").await;
        let page = tomas.opens("/unread").await;
        assert_eq!(page.attributes(".threads .title a", "href"), [format!("/t/a-ring/{id}?page=2#post-27")]);
        assert_eq!(page.all(".subnav .count"), ["1"]);

        // All at once, and back.
        let page = page.form("Mark all as read").submit().await;
        page.is(200).sees("Marked as read").sees("You have seen everything");
        let page = page.form("Undo").submit().await;
        page.sees("Everything is as it was before").sees("A ring");
        page.form("Mark all as read").submit().await;
        town.clock.advance(2 * 60 * MINUTE);
        assert!(!tomas.opens("/unread").await.has_button("Undo"), "after an hour it stands");
        reply(&town, &ruth, id, "Late").await;
        let page = tomas.opens("/unread").await;
        assert!(page.all(".threads .count")[0].starts_with('1'), "only what came after is unread");

        // Unread again from a post on.
        let page = tomas.opens(&format!("/t/a-ring/{id}?page=2")).await;
        let from = page.form("Unread from here");
        assert!(from.action.ends_with("/unread"));
        from.submit().await.is(200).sees("unread again from that post on").sees("A ring");
        let page = tomas.opens("/unread").await;
        assert_eq!(page.attributes(".threads .title a", "href"), [format!("/t/a-ring/{id}?page=2#post-21")]);
    }
}

story! {
    async fn new_threads_can_be_marked_as_read_and_grow_old(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        thread(&town, &ruth, field, "Before you came").await;
        town.clock.advance(MINUTE);
        let tomas = town.member("tomas").await;
        town.clock.advance(MINUTE);
        thread(&town, &ruth, field, "One").await;
        let page = tomas.opens("/new").await;
        page.sees("One").hides("Before you came");
        let page = page.form("Mark all as read").submit().await;
        page.sees("You have seen everything");
        town.clock.advance(MINUTE);
        thread(&town, &ruth, field, "Two").await;
        let page = tomas.opens("/new").await;
        assert_eq!(page.all(".threads .title a"), ["Two"]);
        page.form("Undo").submit().await.sees("One").sees("Two");
        town.clock.advance(15 * DAY);
        // The session of half a month ago still holds.
        tomas.opens("/new").await.sees("You have seen everything");
        let page = town.guest().open("/new").await;
        page.sees("Two").sees("Before you came").hides("Mark all as read");
        let page = town.guest().send("GET", "/unread", None, &[]).await;
        assert_eq!(page.leads_to().as_deref(), Some("/sign-in?next=%2Funread"));
    }
}

story! {
    async fn what_is_muted_stands_in_no_list_and_what_is_watched_does(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let quay = category(&town, "Quay", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        town.clock.advance(MINUTE);
        let ring = thread(&town, &ruth, field, "A ring").await;
        let rope = thread(&town, &ruth, quay, "A rope").await;
        let page = tomas.opens(&format!("/t/a-ring/{ring}")).await;
        page.form("Muted").submit().await.is(200);
        let muted = vec![("level".to_owned(), "muted".to_owned())];
        press(&tomas, &format!("/t/a-ring/{ring}"), "muted").await.sees("You will not hear of it any more");
        tomas.opens("/latest").await.hides("A ring").sees("A rope");
        tomas.opens("/new").await.hides("A ring");
        tomas.opens(&format!("/c/field-notes/{field}")).await.sees("A ring");
        press(&tomas, &format!("/c/quay/{quay}"), "muted").await.is(200);
        tomas.opens("/latest").await.hides("A rope");
        tomas.opens("/new").await.hides("A rope");
        // Following a thread says more than muting its category.
        press(&tomas, &format!("/t/a-rope/{rope}"), "tracking").await.is(200);
        reply(&town, &ruth, rope, "More").await;
        tomas.opens("/latest").await.sees("A rope");
        tomas.opens("/unread").await.sees("A rope");
        press(&tomas, "/tag/birds", "muted").await.is(200);
        tomas.opens("/latest").await.sees("A rope");
        // A category that is tracked gives its level to its threads.
        press(&tomas, "/tag/birds", "normal").await.is(200);
        press(&tomas, &format!("/c/field-notes/{field}"), "tracking").await.is(200);
        let gull = thread(&town, &ruth, field, "A gull").await;
        tomas.opens(&format!("/t/a-gull/{gull}")).await.sees("Tracking");
        reply(&town, &ruth, gull, "It came back").await;
        tomas.opens("/unread").await.sees("A gull");
        let page = tomas.browser.post(&format!("/t/a-gull/{gull}/follow"), &muted).await;
        assert_eq!(page.status, 403, "a form without its guard does nothing");
        town.guest().open("/latest").await.sees("A ring").sees("A rope");
    }
}

/// Presses one of the buttons by which something is followed.
async fn press(who: &Person, path: &str, level: &str) -> crate::town::Page {
    let page = who.opens(path).await;
    let form = page.form("Normal");
    let mut fields: Vec<(String, String)> = form.fields.clone();
    fields.retain(|(name, _)| name != "level");
    fields.push(("level".to_owned(), level.to_owned()));
    who.browser.post(&form.action, &fields).await
}

story! {
    async fn programs_read_follow_and_list(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let staff = category(&town, "Back room", vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        town.clock.advance(MINUTE);
        let id = thread(&town, &ruth, field, "A ring").await;
        thread(&town, &ruth, staff, "Inside").await;
        let last = reply(&town, &ruth, id, "More").await;
        let api = tomas.api().await;
        let new = api.get("/threads?filter=new").await.is(200);
        assert_eq!(new.json["items"].as_array().map(Vec::len), Some(2));
        town.api(None).get("/threads?filter=new").await.is(401);
        town.api(None).get("/threads?filter=unread").await.is(401);
        api.get("/threads?filter=other").await.is(400);
        let read = api.post(&format!("/threads/{id}/read"), json!({ "number": 99 })).await.is(200);
        assert_eq!(read.number("/last_read_number"), 2, "nobody reads further than there is");
        let read = api.post(&format!("/threads/{id}/read"), json!({ "number": 1 })).await.is(200);
        assert_eq!(read.number("/last_read_number"), 2, "what was read stays read");
        api.post(&format!("/posts/{last}/unread"), json!({})).await.is(204);
        let unread = api.get("/threads?filter=unread").await.is(200);
        assert_eq!(unread.number("/items/0/unread_count"), 1);
        api.post("/threads/read", json!({ "filter": "unread" })).await.is(204);
        let unread = api.get("/threads?filter=unread").await.is(200);
        assert!(unread.json["items"].as_array().is_some_and(Vec::is_empty));
        api.delete("/threads/read?filter=unread").await.is(204);
        api.delete("/threads/read?filter=unread").await.is(409);
        api.post("/threads/read", json!({ "filter": "all" })).await.is(422);
        api.post(&format!("/threads/{id}/follow"), json!({ "level": "loudly" })).await.is(422);
        api.post(&format!("/threads/{id}/follow"), json!({ "level": "watching" })).await.is(204);
        api.post(&format!("/categories/{field}/follow"), json!({ "level": "muted" })).await.is(204);
        api.post("/tags/birds/follow", json!({ "level": "watching" })).await.is(204);
        api.post("/threads/999/follow", json!({ "level": "muted" })).await.is(404);
        town.api(None).post(&format!("/threads/{id}/read"), json!({ "number": 1 })).await.is(401);
    }
}

story! {
    async fn who_followed_a_merged_thread_follows_what_it_became(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, pia) = (town.member("ruth").await, town.member("tomas").await, town.member("pia").await);
        let mo = town.moderator("mo").await;
        let boats = thread(&town, &ruth, field, "Boats").await;
        let anchors = thread(&town, &ruth, field, "Anchors").await;
        press(&tomas, &format!("/t/anchors/{anchors}"), "watching").await.is(200);
        press(&pia, &format!("/t/anchors/{anchors}"), "watching").await.is(200);
        press(&pia, &format!("/t/boats/{boats}"), "muted").await.is(200);
        mo.opens(&format!("/threads/{anchors}/merge")).await.form("Merge this thread").fill("into", &format!("/t/boats/{boats}")).submit().await.is(200);
        tomas.opens("/unread").await.sees("Boats");
        tomas.opens(&format!("/t/boats/{boats}")).await.sees("Watching");
        pia.opens("/unread").await.hides("Boats");
        pia.opens(&format!("/t/boats/{boats}")).await.sees("Muted");
    }
}

/// What a page asks the database once it was looked at, so that nothing has to be noted any more. The least of some looks:
/// what is kept for all pages is read anew after every commit, also of other databases of the same cluster.
async fn asked(town: &Town, who: &Person, path: &str) -> u64 {
    who.opens(path).await.is(200);
    let mut least = u64::MAX;
    for _ in 0..4 {
        let before = loggia::db::counted::statements(town.database());
        who.opens(path).await.is(200);
        least = least.min(loggia::db::counted::statements(town.database()) - before);
    }
    least
}

story! {
    async fn pages_ask_as_much_however_long_they_are(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let group = town.inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", "")).await;
        category(&town, "Back room", vec![Grant { who: Who::Group, group: Some(group), see: true, reply: true, start: true, moderate: false }]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let mo = town.moderator("mo").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        let short = asked(&town, &tomas, "/latest").await;
        assert!(short <= 6, "the latest list asks {short} times");
        for n in 0..34 {
            thread(&town, &ruth, field, &format!("Thread {n}")).await;
        }
        let mut posts = Vec::new();
        for n in 2..=61 {
            let who = if n % 2 == 0 { &ruth } else { &mo };
            posts.push(reply(&town, who, id, &format!("words {n}")).await);
        }
        let (actor, post) = (tomas.actor(&town).await, posts[3]);
        town.inside(move |tx| forum::bookmark(tx, &actor, post)).await;
        let actor = ruth.actor(&town).await;
        town.inside(move |tx| forum::mark_answer(tx, &actor, post)).await;
        for path in ["/latest", "/new", "/unread"] {
            let long = asked(&town, &tomas, path).await;
            assert!(long <= 6, "{path} asks {long} times");
        }
        for page in 1..=4 {
            let path = format!("/t/a-ring/{id}?page={page}");
            for who in [&tomas, &ruth, &mo] {
                let long = asked(&town, who, &path).await;
                assert!(long <= 8, "page {page} asks {long} times for {}", who.name);
            }
        }
        let page = tomas.opens(&format!("/t/a-ring/{id}?page=2")).await;
        page.sees("40 / 61");
        assert_eq!(page.all(".rail a.mark .num"), ["15", "30", "45"]);
    }
}

story! {
    async fn the_last_of_twenty_one_pages_costs_what_the_first_costs(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let mo = town.moderator("mo").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        let (a, b, base) = (ruth.actor(&town).await, mo.actor(&town).await, town.base_url().to_owned());
        town.inside(move |tx| {
            for n in 2..=410 {
                let words = Words::parse(&format!("words {n}, @tomas, https://example.org/{}", n % 7), &base)?;
                let by = if n % 2 == 0 { &a } else { &b };
                forum::reply(tx, by, id, &words, None)?;
            }
            Ok(())
        }).await;
        let page = ruth.opens("/p/1/poll").await.is(200).form("Ask this").fill("poll_question", "Which one?").fill("poll_options", "This\nThat").submit().await;
        page.is(200).sees("Which one?");
        let mut costs = Vec::new();
        for page in [1, 2, 11, 20, 21] {
            let path = format!("/t/a-ring/{id}?page={page}");
            for who in [&tomas, &ruth, &mo] {
                let asks = asked(&town, who, &path).await;
                assert!(asks <= 8, "page {page} asks {asks} times for {}", who.name);
                costs.push(asks);
            }
        }
        assert!(costs.iter().max() <= costs.iter().min().map(|least| least + 1).as_ref(), "{costs:?}");
        let page = tomas.opens(&format!("/t/a-ring/{id}?page=21")).await;
        page.sees("410 / 410");
        assert_eq!(page.all(".rail a.mark .num"), ["102", "205", "307"]);
        let guest = town.guest().open(&format!("/t/a-ring/{id}?page=21")).await;
        guest.is(200).sees("words 410").hides("words 400,");
        town.guest().open(&format!("/t/a-ring/{id}?page=22")).await.is(404);
        tomas.opens(&format!("/t/a-ring/{id}/summary")).await.is(200).sees("Who talks here");
    }
}
