//! Reports, decisions and what follows from them.

use loggia::kit::clock::SECOND;
use serde_json::{Value, json};

use crate::story;
use crate::town::{Person, Town};

/// A thread of `author` in a fresh category; answers the id of its first post.
async fn said(town: &Town, author: &Person, words: &str) -> i64 {
    let keeper = town
        .admin(&format!("keeper{}", Town::number()))
        .await
        .api()
        .await;
    let name = format!("Quay {}", Town::number());
    let category = keeper
        .post("/categories", json!({ "name": name }))
        .await
        .is(201)
        .number("/id");
    let api = author.api().await;
    let thread =
        json!({ "category_id": category, "title": "Boats to the lightship", "body": words });
    let thread = api.post("/threads", thread).await.is(201).number("/id");
    let posts = api.get(&format!("/threads/{thread}/posts")).await.is(200);
    posts.number("/items/0/id")
}

/// Lets the time pass in which a decision can be undone, and what was decided happen.
async fn takes_effect(town: &Town) {
    town.clock.advance(13 * SECOND);
    town.work().await;
}

async fn notices(person: &Person) -> Vec<String> {
    let notices = person.api().await.get("/notifications").await.is(200);
    let items = notices.json["items"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|n| n["kind"].as_str().map(str::to_owned))
        .collect()
}

async fn reports(person: &Person, post: i64, reason: &str, message: &str) {
    let page = person.opens(&format!("/p/{post}/report")).await;
    let form = page
        .form("Send")
        .choose("reason", reason)
        .fill("message", message);
    form.submit().await.is(200);
}

story! {
    async fn a_report_is_decided_and_everybody_is_told(town) {
        let (nils, dolores, mo) = (town.member("nils").await, town.member("dolores").await, town.moderator("moa").await);
        let post = said(&town, &nils, "Cheap sunglasses, only today.").await;
        let page = dolores.opens(&format!("/p/{post}/report")).await;
        let again = page.form("Send").choose("reason", "other").submit().await;
        again.is(422).sees("Please fill this in");
        assert!(again.html.contains("checked"), "the choice is kept");
        again.form("Send").fill("message", "Sells sunglasses.").submit().await.is(200);
        assert_eq!(notices(&mo).await, ["report-new"]);

        let desk = mo.opens("/desk").await;
        let item = desk.sees("Boats to the lightship").follow("Boats to the lightship").await;
        item.sees("Cheap sunglasses, only today.").sees("Sells sunglasses.");
        let form = item.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "warning");
        let bare = form.submit().await;
        bare.is(422).sees("Please name a rule, or say in words why");
        bare.form("Apply").fill("reason", "Rule 6: no selling.").submit().await.is(200).sees("Decided");
        nils.opens(&format!("/p/{post}")).await.sees("Cheap sunglasses");
        assert!(notices(&nils).await.is_empty(), "nobody is told before the time is over");
        takes_effect(&town).await;

        town.guest().open(&format!("/p/{post}")).await.hides("Cheap sunglasses");
        nils.opens(&format!("/p/{post}")).await.sees("Cheap sunglasses");
        let told = notices(&nils).await;
        assert!(told.contains(&"words-hidden".to_owned()) && told.contains(&"warned".to_owned()), "{told:?}");
        assert_eq!(notices(&dolores).await, ["report-upheld"]);
        dolores.opens(&format!("/p/{post}/report")).await.sees("it was right").hides("Cheap sunglasses");
        mo.opens("/desk/members/nils").await.sees("Rule 6: no selling.").sees("Warning");
        mo.opens("/desk/log").await.sees("Decided").sees("Measure taken");
        nils.opens("/desk").await.is(403);
        nils.opens("/desk/log").await.is(403);
    }
}

story! {
    async fn the_colleague_who_was_quicker_is_shown(town) {
        let (nils, ruth) = (town.member("nils").await, town.member("ruth").await);
        let (mo, bo) = (town.moderator("moa").await, town.moderator("bob").await);
        let post = said(&town, &nils, "Off topic entirely.").await;
        reports(&ruth, post, "off_topic", "").await;
        let open = |page: crate::town::Page| page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none");
        let slow = open(bo.opens("/desk/review").await.follow("Boats").await).fill("reason", "Seems fine to Bo.");
        open(mo.opens("/desk/review").await.follow("Boats").await).fill("reason", "Fine where it stands.").submit().await.is(200);
        takes_effect(&town).await;
        let page = slow.submit().await;
        page.is(422).sees("Somebody changed").sees("Fine where it stands.");
        assert_eq!(notices(&ruth).await, ["report-declined"]);
    }
}

story! {
    async fn a_new_report_opens_the_same_item_again(town) {
        let (nils, ruth, ines, mo) = (town.member("nils").await, town.member("ruth").await, town.member("ines").await, town.moderator("moa").await);
        let post = said(&town, &nils, "What a foolish question.").await;
        let api = mo.api().await;
        reports(&ruth, post, "spam", "").await;
        reports(&ruth, post, "unkind", "Goes at a person.").await;
        let queue = api.get("/review-items").await.is(200);
        assert_eq!(queue.json["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(queue.json["items"][0]["reports"].as_array().map(Vec::len), Some(1), "one report per member");
        let id = queue.number("/items/0/id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        api.post(&format!("/review-items/{id}/decision"), keep.clone()).await.is(200);
        assert_eq!(api.post(&format!("/review-items/{id}/decision"), keep).await.status, 409, "it is decided");
        reports(&ines, post, "unkind", "").await;
        let item = api.get(&format!("/review-items/{id}")).await.is(200);
        assert_eq!((item.text("/state"), item.json["reports"].as_array().map(Vec::len)), ("open", Some(2)));
        assert_eq!(ruth.api().await.get("/review-items").await.status, 403);
    }
}

story! {
    async fn a_silence_ends_by_itself_or_is_lifted(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let post = said(&town, &nils, "Fool.").await;
        let page = mo.opens("/desk/members/nils").await;
        let form = page.form("Apply").choose("kind", "silence").choose("span", "7d").fill("reason", "Rule 2.");
        form.submit().await.is(200).sees("in force");
        let api = nils.api().await;
        let thread = api.get(&format!("/posts/{post}")).await.is(200).number("/thread_id");
        let reply = || json!({ "body": "Another word." });
        assert_eq!(api.post(&format!("/threads/{thread}/posts"), reply()).await.status, 403);
        mo.opens("/desk/members/nils").await.form("Lift it").submit().await.is(200).sees("lifted");
        api.post(&format!("/threads/{thread}/posts"), reply()).await.is(201);
        assert!(notices(&nils).await.contains(&"sanction-lifted".to_owned()));
    }
}

story! {
    async fn a_suspension_ends_all_sessions(town) {
        let (nils, mo, bo, ada) = (town.member("nils").await, town.moderator("moa").await, town.moderator("bob").await, town.admin("ada").await);
        let act = |page: crate::town::Page| page.form("Apply").choose("kind", "suspension").choose("span", "forever").fill("reason", "Rule 7.").submit();
        act(mo.opens("/desk/members/nils").await).await.is(200).sees("without end");
        assert!(!nils.opens("/").await.has("Sign out"), "the session is over");
        act(mo.opens("/desk/members/bob").await).await.is(403);
        act(ada.opens("/desk/members/bob").await).await.is(200);
        assert!(!mo.opens("/desk/members/moa").await.has_button("Apply"), "nobody sanctions oneself");
        drop(bo);
    }
}

story! {
    async fn nobody_decides_about_own_words(town) {
        let (mo, ruth) = (town.moderator("moa").await, town.member("ruth").await);
        let post = said(&town, &mo, "My own opinion.").await;
        reports(&ruth, post, "unkind", "").await;
        let page = mo.opens("/desk/review").await.follow("Boats").await;
        page.sees("somebody else decides");
        let id = mo.api().await.get("/review-items").await.number("/items/0/id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        assert_eq!(mo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.status, 403);
    }
}

story! {
    async fn words_that_were_returned_come_back_to_the_desk(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let post = said(&town, &nils, "The nest is in the third arch.").await;
        reports(&ruth, post, "other", "Exact place of a nest.").await;
        let api = mo.api().await;
        let id = api.get("/review-items").await.number("/items/0/id");
        let back = json!({ "finding": "upheld", "content": "return", "author": "none", "reason": "Please leave out the place." });
        api.post(&format!("/review-items/{id}/decision"), back).await.is(200);
        town.guest().open(&format!("/p/{post}")).await.hides("third arch");
        let own = nils.api().await;
        let revision = own.get(&format!("/posts/{post}")).await.is(200).number("/revision");
        own.patch(&format!("/posts/{post}"), json!({ "body": "They nest here again.", "revision": revision })).await.is(200);
        let item = api.get(&format!("/review-items/{id}")).await.is(200);
        assert_eq!((item.text("/state"), item.text("/text")), ("open", "They nest here again."));
        let keep = json!({ "finding": "upheld", "content": "keep", "author": "none" });
        api.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        town.guest().open(&format!("/p/{post}")).await.sees("They nest here again.");
        assert_eq!(item.json["decision"]["content"], Value::from("return"));
    }
}
