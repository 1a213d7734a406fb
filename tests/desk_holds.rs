//! Stories of what is held back and why, of several decisions at once, and of what the desk says about itself: figures,
//! and the letter when something waits too long.

use loggia::forum::{Grant, Who};
use loggia::kit::clock::{HOUR, SECOND};
use loggia::moderation::{self, DeskSettings};
use serde_json::json;

use crate::desk_queue::{replied, reported, said, set};
use crate::story;
use crate::town::talk::{HOUSE, category};
use crate::town::{Person, Town};
use crate::uploads::{line, png, sends};

async fn is_read(town: &Town, post: i64, words: &str) -> bool {
    let page = town.guest().open(&format!("/p/{post}")).await;
    page.status == 200 && page.html.contains(words)
}

/// Why the newest held entry is held; the desk has to see it.
async fn held_for(mo: &Person) -> Vec<String> {
    let queue = mo.api().await.get("/review-items?kind=held").await.is(200);
    let items = queue.json["items"].as_array().cloned().unwrap_or_default();
    let word = |item: &serde_json::Value| item["held_for"].as_str().map(str::to_owned);
    items.iter().filter_map(word).collect()
}

story! {
    async fn links_pictures_categories_and_changed_words_wait(town) {
        let (newt, nils, mo) = (town.newcomer("newt").await, town.member("nils").await, town.moderator("moa").await);
        let (quay, shed) = (category(&town, "Quay", Vec::new()).await, category(&town, "Shed", Vec::new()).await);
        let (thread, _) = said(&nils, quay, "About my boats", "Boats.").await;
        set(&town, DeskSettings { links: true, media: true, edits: true, categories: vec![shed], ..DeskSettings::default() }).await;
        // A newcomer's link to elsewhere waits; one inside the house does not, and an established member's does not.
        let inside = replied(&newt, thread, &format!("Insideword: {}/latest", town.base_url())).await;
        assert!(is_read(&town, inside, "Insideword").await, "a link inside");
        let theirs = replied(&nils, thread, "See https://nils.example/boats please.").await;
        assert!(is_read(&town, theirs, "nils.example").await, "not new here");
        let link = replied(&newt, thread, "See https://cheap.example/boats please.").await;
        assert!(!is_read(&town, link, "cheap.example").await);
        assert_eq!(held_for(&mo).await, ["link"]);
        let (picture, _) = line(&sends(&newt, town.base_url(), &png(60, 40), "A rope").await);
        let pictured = replied(&newt, thread, &format!("Look:\n\n{picture}")).await;
        assert!(!is_read(&town, pictured, "Look:").await);
        assert_eq!(held_for(&mo).await, ["link", "media"]);
        // In a category in which everything waits, an established member's thread waits; its notice says so.
        let (waiting, first) = said(&nils, shed, "In the shed", "Shed words.").await;
        assert!(!is_read(&town, first, "Shed words.").await);
        nils.opens(&format!("/t/-/{waiting}")).await.sees("This thread waits for a moderator").hides("This thread is hidden");
        assert_eq!(held_for(&mo).await, ["link", "media", "category"]);
        // Let through, and changed afterwards: it waits again.
        let id = mo.api().await.get("/review-items?kind=held").await.number("/items/0/id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        mo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        assert!(is_read(&town, link, "cheap.example").await);
        let newts = newt.api().await;
        let revision = newts.get(&format!("/posts/{link}")).await.is(200).number("/revision");
        newts.patch(&format!("/posts/{link}"), json!({ "body": "Just words now.", "revision": revision })).await.is(200);
        assert!(!is_read(&town, link, "Just words now.").await);
        assert!(held_for(&mo).await.contains(&"edited".to_owned()), "{:?}", held_for(&mo).await);
        // So does what an established member's thread says after it was let through.
        let id = mo.api().await.get("/review-items?kind=held").await.json["items"].as_array().and_then(|all| {
            all.iter().find(|one| one["post_id"] == json!(first)).and_then(|one| one["id"].as_i64())
        }).expect("the shed's entry");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        mo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        assert!(is_read(&town, first, "Shed words.").await);
        let theirs = nils.api().await;
        let revision = theirs.get(&format!("/posts/{first}")).await.is(200).number("/revision");
        theirs.patch(&format!("/posts/{first}"), json!({ "body": "Quite other words.", "revision": revision })).await.is(200);
        assert!(!is_read(&town, first, "Quite other words.").await, "changed after it was let through");
    }
}

story! {
    async fn words_typed_too_fast_wait(town) {
        let (newt, mo) = (town.newcomer("newt").await, town.moderator("moa").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        set(&town, DeskSettings { fast_seconds: 10, ..DeskSettings::default() }).await;
        let path = format!("/new-thread?category={quay}");
        let fill = |page: &crate::town::Page, title: &str| page.form("Start a thread").choose("category", &quay.to_string()).fill("title", title).fill("body", "So many words.");
        let page = newt.opens(&path).await;
        fill(&page, "At once and in a hurry").submit().await.is(200);
        assert_eq!(held_for(&mo).await, ["too_fast"]);
        town.guest().open("/latest").await.hides("At once and in a hurry");
        let page = newt.opens(&path).await;
        town.clock.advance(11 * SECOND);
        fill(&page, "Slowly and with care").submit().await.is(200);
        assert_eq!(held_for(&mo).await.len(), 1);
        town.guest().open("/latest").await.sees("Slowly and with care");
    }
}

story! {
    async fn several_at_once_leave_what_is_not_theirs(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let (thread, one) = said(&nils, quay, "About my boats", "Boats.").await;
        let two = replied(&nils, thread, "Ropes.").await;
        let own = replied(&mo, thread, "The moderator's own words.").await;
        for post in [one, two, own] {
            reported(&ruth, post, "spam").await;
        }
        let page = mo.opens("/desk/review").await;
        let boxes = page.attributes("input[name=pick]", "value");
        assert_eq!(boxes.len(), 3);
        // A colleague is quicker with the second.
        let id = bo.api().await.get("/review-items").await.number("/items/1/id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        bo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        let mut form = page.form("Delete them").fill("reason", "Rule 6.");
        form.fields.extend(boxes.into_iter().map(|pick| ("pick".to_owned(), pick)));
        form.submit().await.is(200).sees("Some were decided; what a colleague had decided or what is not yours to decide was left as it is.");
        town.clock.advance(13 * SECOND);
        town.work().await;
        let read = (is_read(&town, one, "Boats.").await, is_read(&town, two, "Ropes.").await, is_read(&town, own, "own words").await);
        assert_eq!(read, (false, true, true));
        assert_eq!(mo.api().await.get("/review-items").await.json["items"].as_array().map(Vec::len), Some(1), "the own one waits for others");
    }
}

story! {
    async fn programs_decide_several_at_once(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let (thread, one) = said(&nils, quay, "About my boats", "Boats.").await;
        let two = replied(&nils, thread, "Ropes.").await;
        let own = replied(&mo, thread, "The moderator's own words.").await;
        for post in [one, two, own] {
            reported(&ruth, post, "spam").await;
        }
        let api = mo.api().await;
        let queue = api.get("/review-items").await.json;
        let picked = |n: usize| json!({ "id": queue["items"][n]["id"], "version": queue["items"][n]["version"] });
        let all = json!([picked(0), picked(1), picked(2), { "id": 999_999, "version": 1 }]);
        let wanted = |content: &str, reason: &str| json!({ "items": all, "finding": "upheld", "content": content, "reason": reason });
        assert_eq!(ruth.api().await.post("/review-items/decisions", wanted("delete", "Rule 6.")).await.status, 403);
        assert_eq!(api.post("/review-items/decisions", wanted("return", "Rule 6.")).await.status, 422);
        assert_eq!(api.post("/review-items/decisions", wanted("delete", "")).await.status, 422, "whoever loses words reads why");
        let none = json!({ "items": [], "finding": "upheld", "content": "hide", "reason": "Rule 6." });
        assert_eq!(api.post("/review-items/decisions", none).await.status, 422);
        let many: Vec<_> = (0..51).map(|n| json!({ "id": n, "version": 1 })).collect();
        let many = json!({ "items": many, "finding": "upheld", "content": "hide", "reason": "Rule 6." });
        assert_eq!(api.post("/review-items/decisions", many).await.status, 422);
        // A colleague is quicker with the second.
        let id = queue["items"][1]["id"].as_i64().expect("an id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        bo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        let told = api.post("/review-items/decisions", wanted("delete", "Rule 6.")).await.is(200).json;
        assert_eq!(told["decided"], json!([queue["items"][0]["id"]]), "{told}");
        let why: Vec<_> = told["left"].as_array().expect("a list").iter().map(|left| left["why"].clone()).collect();
        assert_eq!(why, ["stale", "four-eyes", "not-found"], "{told}");
        town.clock.advance(13 * SECOND);
        town.work().await;
        assert!(!is_read(&town, one, "Boats.").await && is_read(&town, two, "Ropes.").await);

        // What everybody may read of it, once the community wants that.
        let guest = bo.api().await;
        guest.get("/public-moderation-log").await.is(404);
        town.admin("ada").await.api().await.patch("/desk-settings", json!({ "public_log": true })).await.is(204);
        let log = guest.get("/public-moderation-log").await.is(200).json;
        assert_eq!((&log["items"][0]["kind"], &log["items"][0]["about_kind"]), (&json!("post.deleted"), &json!("post")), "{log}");
        assert_eq!(log["items"][0].as_object().map(serde_json::Map::len), Some(3), "nothing else is told: {log}");
    }
}

story! {
    async fn what_waits_too_long_is_told_and_only_of_what_is_seen(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let circle = town.inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", "")).await;
        for who in [nils.id, ruth.id] {
            town.inside(move |tx| loggia::members::join_group(tx, &HOUSE, circle, who)).await;
        }
        let grant = Grant { who: Who::Group, group: Some(circle), see: true, reply: true, start: true, moderate: false };
        let closed = category(&town, "Closed room", vec![grant]).await;
        let open = category(&town, "Quay", Vec::new()).await;
        let (_, secret) = said(&nils, closed, "Behind the door", "Secret words.").await;
        reported(&ruth, secret, "spam").await;
        town.clock.advance(25 * HOUR);
        town.inside(moderation::remind_of_late).await;
        mo.opens("/my/notices").await.hides("for more than");
        let (_, post) = said(&nils, open, "About my boats", "Boats.").await;
        reported(&ruth, post, "spam").await;
        town.clock.advance(25 * HOUR);
        town.inside(moderation::remind_of_late).await;
        let late = |page: &crate::town::Page| page.words().matches("for more than").count();
        assert_eq!(late(&mo.opens("/my/notices").await), 1);
    }
}

story! {
    async fn the_desk_knows_its_figures(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        mo.opens("/desk").await.sees("Nothing was decided in these days");
        let (thread, one) = said(&nils, quay, "About my boats", "Boats.").await;
        let (two, three) = (replied(&nils, thread, "Ropes.").await, replied(&nils, thread, "Anchors.").await);
        for post in [one, two, three] {
            reported(&ruth, post, "spam").await;
        }
        town.clock.advance(30 * 60 * SECOND);
        let decide = |verdict: &str, content: &str| json!({ "finding": verdict, "content": content, "author": "none", "reason": "Rule 6." });
        let queue = mo.api().await.get("/review-items").await.is(200);
        let (first, second) = (queue.number("/items/0/id"), queue.number("/items/1/id"));
        mo.api().await.post(&format!("/review-items/{second}/decision"), decide("upheld", "hide")).await.is(200);
        mo.api().await.post(&format!("/review-items/{first}/decision"), decide("declined", "keep")).await.is(200);
        let decision = nils.api().await.get("/decisions").await.number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "They are mine." })).await.is(201);
        let appeal = bo.api().await.get("/review-items?kind=appeal").await.number("/items/0/id");
        bo.api().await.post(&format!("/review-items/{appeal}/appeal"), json!({ "granted": true, "words": "So they are." })).await.is(204);
        let who = mo.id;
        let figures = town.inside(move |tx| {
            let actor = loggia::members::actor(tx, who)?;
            moderation::figures(tx, &actor)
        }).await;
        assert_eq!(figures.open.iter().map(|(kind, n)| (kind.as_str(), *n)).collect::<Vec<_>>(), [("report", 1)]);
        assert_eq!(figures.by_reason, [("spam".to_owned(), 1, 1)]);
        assert_eq!((figures.appeals, figures.median_minutes.map(|m| m >= 30)), ((1, 0), Some(true)));
        assert_eq!(figures.by_day.iter().map(|day| day.1).sum::<i64>(), 3, "two reports and an appeal");
        let page = mo.opens("/desk").await;
        page.sees("1 granted, 0 refused").sees("As a table").hides("Nothing was decided in these days");
        assert_eq!(page.all(".figure svg .bar").len(), 30);
    }
}
