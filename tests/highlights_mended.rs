//! Stories at the door: whoever wrote a highlight anew does not approve it, its heading is held to the same law as its
//! texts, corrections are read by somebody else, nothing that was typed is lost, and publishers see the library only.

use diesel::prelude::*;
use loggia::forum::{self, Grant, Who};
use loggia::kit::stop::Document;
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::{Value, json};

use crate::compose::settings;
use crate::highlights::{AROUND, Scene, WORDS, yes};
use crate::story;
use crate::town::{Person, Reply, talk};

fn has(reply: &Reply, code: &str) -> bool {
    reply.json.to_string().contains(code)
}

fn nameless() -> Value {
    json!({ "decision": "grant", "attribution": "member", "by_hand": true, "channels": ["page"] })
}

async fn decides(who: &Person, id: i64, decision: &str) -> Reply {
    let body = json!({ "decision": decision, "note": "Say it in other words." });
    let path = format!("/highlights/{id}/approval");
    who.api().await.post(&path, body).await
}

async fn agrees(who: &Person, id: i64, how: Value) {
    let path = format!("/highlights/{id}/consent");
    who.api().await.post(&path, how).await.is(200);
}

/// Writes it anew under another heading.
async fn rewrites(scene: &Scene, who: &Person, id: i64, title: &str) {
    let api = who.api().await;
    let seen = api.get(&format!("/highlights/{id}")).await.is(200);
    let body = json!({
        "post_id": scene.post.0, "excerpt": WORDS, "title": title, "reason": "It is quiet.",
        "version": seen.number("/version"),
    });
    let path = format!("/highlights/{id}/revision");
    api.post(&path, body).await.is(200);
}

story! {
    /// Law 3: the words that are approved are those of whoever wrote them last as well.
    async fn whoever_wrote_it_anew_does_not_approve_it(town) {
        let scene = Scene::set(town).await;
        let max = scene.town.moderator("max").await;
        let id = scene.consented().await;
        decides(&scene.mo, id, "return").await.is(200);
        rewrites(&scene, &scene.mo, id, "A bird in the yard").await;
        agrees(&scene.ada, id, yes()).await;
        let refused = decides(&scene.mo, id, "approve").await.is(403);
        assert!(refused.text("/type").ends_with("four-eyes"), "{}", refused.json);
        let seen = scene.mo.api().await.get(&format!("/highlights/{id}")).await.is(200);
        let all = json!({ "items": [{ "id": id, "content_hash": seen.text("/content_hash") }], "decision": "approve" });
        scene.mo.api().await.post("/approvals", all).await.is(403);
        let page = scene.mo.opens(&format!("/desk/highlights/{id}")).await;
        page.is(200).sees("You nominated this, wrote it anew or are quoted in it").sees("Max");
        assert!(!page.has_button("Approve"), "{}", page.words());
        assert_eq!(scene.state(id).await, "consented");
        decides(&max, id, "approve").await.is(200);
        assert_eq!(scene.state(id).await, "approved");
    }
}

story! {
    /// The same for somebody who writes anew as a publisher and approves as a moderator, however often it comes back.
    async fn a_publisher_who_moderates_does_not_approve_their_own_version(town) {
        let scene = Scene::set(town).await;
        let pia = scene.pia.id;
        scene.town.inside(move |tx| members::give_role(tx, &Actor::System("scene"), pia, Role::Moderator)).await;
        let id = scene.approved().await;
        rewrites(&scene, &scene.pia, id, "A bird in the yard").await;
        agrees(&scene.ada, id, yes()).await;
        decides(&scene.pia, id, "approve").await.is(403);
        decides(&scene.mo, id, "return").await.is(200);
        // The nominator wrote last, and what pia wrote before is not forgotten.
        rewrites(&scene, &scene.nia, id, "A bird in the court").await;
        agrees(&scene.ada, id, yes()).await;
        decides(&scene.pia, id, "approve").await.is(403);
        decides(&scene.mo, id, "approve").await.is(200);
    }
}

story! {
    /// Law 2: the heading says no more of somebody than that person agreed to.
    async fn a_heading_names_nobody_further_than_agreed(town) {
        let scene = Scene::set(town).await;
        let body = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "What Ada saw", "reason": "It is quiet." });
        let id = scene.nia.api().await.post("/highlights", body).await.is(201).number("/id");
        agrees(&scene.ada, id, nameless()).await;
        let refused = decides(&scene.mo, id, "approve").await.is(422);
        assert!(has(&refused, "heading-says-more") && has(&refused, "Ada"), "{}", refused.json);
        let page = scene.mo.opens(&format!("/desk/highlights/{id}")).await;
        page.form("Approve").submit().await.is(422).sees("goes outside too and says “Ada”");
        assert_eq!(scene.state(id).await, "consented");
        decides(&scene.mo, id, "return").await.is(200);
        rewrites(&scene, &scene.nia, id, "A kingfisher").await;
        agrees(&scene.ada, id, nameless()).await;
        decides(&scene.mo, id, "approve").await.is(200);
        // Whoever narrows a yes later has the heading looked at again.
        let other = json!({ "post_id": scene.post.0, "excerpt": AROUND, "title": "Ada again", "reason": "Funny." });
        let second = scene.nia.api().await.post("/highlights", other).await.is(201).number("/id");
        agrees(&scene.ada, second, yes()).await;
        decides(&scene.mo, second, "approve").await.is(200);
        agrees(&scene.ada, second, nameless()).await;
        decides(&scene.mo, second, "approve").await.is(422);
    }
}

story! {
    /// Law 2: nobody is quoted in a heading who did not say it.
    async fn a_heading_quotes_nobody_who_was_not_asked(town) {
        let scene = Scene::set(town).await;
        let post = scene.post;
        let thread = scene.town.inside(move |tx| Ok(forum::said(tx, post)?.thread)).await;
        let api = scene.nia.api().await;
        for title in ["Somebody said: 'I hate the director'", "“I hate the director”", "They cried «never again"] {
            let body = json!({ "thread_id": thread.0, "title": title, "reason": "Loud." });
            let refused = api.post("/highlights", body).await.is(422);
            assert!(has(&refused, "check-quote"), "{title}: {}", refused.json);
        }
        let whole = json!({ "thread_id": thread.0, "title": "Who's on the heron?", "reason": "Loud." });
        api.post("/highlights", whole).await.is(201);
        // The words that are asked for may stand in the heading; others may not.
        let quoted = |title: String| json!({ "post_id": post.0, "excerpt": AROUND, "title": title, "reason": "Funny." });
        api.post("/highlights", quoted(format!("“{WORDS}”"))).await.is(422);
        api.post("/highlights", quoted(format!("“{AROUND}”"))).await.is(201);
    }
}

story! {
    /// Names that not everybody may see do not leave in a heading either.
    async fn a_heading_keeps_what_is_kept_inside(town) {
        let scene = Scene::set(town).await;
        let inside = || vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }];
        let _ = talk::category(&scene.town, "Quiet Room Council", inside()).await;
        let body = |excerpt: &str, title: &str| json!({ "post_id": scene.post.0, "excerpt": excerpt, "title": title, "reason": "News." });
        let title = "News of the quiet room council";
        // Guessing titles leads nowhere; staff is told at once, and the desk before it lets anything through.
        let refused = scene.mo.api().await.post("/highlights", body(WORDS, title)).await.is(422);
        assert!(has(&refused, "check-secret-title"), "{}", refused.json);
        let id = scene.nia.api().await.post("/highlights", body(WORDS, title)).await.is(201).number("/id");
        agrees(&scene.ada, id, yes()).await;
        let refused = decides(&scene.mo, id, "approve").await.is(422);
        assert!(has(&refused, "heading-says-more"), "{}", refused.json);
        // What becomes a secret after the approval is found with every text.
        let second = scene.nia.api().await.post("/highlights", body(AROUND, "From the winter reading round")).await.is(201).number("/id");
        agrees(&scene.ada, second, yes()).await;
        decides(&scene.mo, second, "approve").await.is(200);
        let text = json!({ "channel_id": scene.page.0, "text": format!("“{AROUND}” Ada"), "highlight_id": second });
        let api = scene.pia.api().await;
        let fine = api.post("/announcements/preview", text.clone()).await.is(200);
        assert!(!has(&fine, "heading.words"), "{}", fine.json);
        let _ = talk::category(&scene.town, "Winter Reading Round", inside()).await;
        let found = api.post("/announcements/preview", text.clone()).await.is(200);
        assert!(has(&found, "heading.words"), "{}", found.json);
        let mut sent = text;
        sent.as_object_mut().expect("a body").remove("highlight_id");
        api.post(&format!("/highlights/{second}/announcements"), sent).await.is(422);
    }
}

story! {
    /// Law 3 with its setting: a correction is a text too, and somebody else reads it before it leaves.
    async fn a_correction_waits_for_a_second_pair_of_eyes(town) {
        let scene = Scene::set(town).await;
        let paula = scene.town.publisher("paula").await;
        let (_, one) = scene.announced().await;
        settings(&scene, |s| s.second_eyes_on_texts = true).await;
        let path = format!("/announcements/{one}/correction");
        let body = json!({ "text": format!("Look up: “{WORDS}” Ada, in our community.") });
        let kept = scene.pia.api().await.post(&path, body).await.is(200);
        assert!(kept.text("/waiting_correction").starts_with("Look up: "), "{}", kept.json);
        scene.deliver().await;
        let outside = |all: Vec<loggia::bridge::Entry>| all.into_iter().map(|e| e.text).collect::<Vec<_>>().join("\n");
        assert!(!outside(scene.outside().await).contains("Look up: "), "nobody has read it");
        assert_eq!(kept.number("/revision"), 1);
        paula.opens("/my/notices").await.sees("second pair of eyes");
        // Whoever wrote it does not send it, by form or by API.
        let release = format!("/announcements/{one}/release");
        scene.pia.api().await.post(&release, json!({})).await.is(403);
        let here = format!("/outreach/announcements/{one}");
        let own = scene.pia.opens(&here).await;
        own.sees("A correction waits for a second pair of eyes").sees("Look up: ");
        assert!(!own.has_button("It may go"), "{}", own.words());
        // Another correction takes its place, and is read by somebody else as well.
        let better = format!("Look out: “{WORDS}” Ada, in our community.");
        let page = own.form("Send the correction").fill("text", &better).submit().await;
        page.is(200).sees("A second publisher has to read it").sees("Look out: ").hides("Look up: ");
        let page = paula.opens(&here).await;
        page.form("It may go").submit().await.is(200).hides("A correction waits");
        scene.deliver().await;
        assert!(outside(scene.outside().await).contains("Look out: "), "it was read");
        paula.api().await.post(&release, json!({})).await.is(409);
        assert_eq!(scene.announcement(one).await, "sent");
    }
}

story! {
    /// Two publishers on one highlight: the later one keeps what was typed and sees what the other one kept.
    async fn what_was_typed_comes_back_beside_the_colleagues(town) {
        let scene = Scene::set(town).await;
        let paula = scene.town.publisher("paula").await;
        let id = scene.approved().await;
        let desk = format!("/outreach/highlights/{id}/compose");
        let (hers, theirs) = (scene.pia.opens(&desk).await, paula.opens(&desk).await);
        let text = |first: &str| format!("{first}: “{WORDS}” Ada");
        theirs.form("Save and check").fill("master", &text("Look up")).submit().await.is(200);
        let late = hers.form("Save and check").fill("master", &text("Look out")).submit().await;
        late.is(422).sees("A colleague kept other texts while you were writing").sees("Look up: ").sees("Paula");
        let form = late.form("Save and check");
        assert!(form.value("master").is_some_and(|t| t.contains("Look out: ")), "{}", late.words());
        form.submit().await.is(200);
        scene.pia.opens(&desk).await.sees("Look out: ").hides("Look up: ");
    }
}

story! {
    /// The same for the label and for writing anew.
    async fn labels_and_other_words_come_back_as_well(town) {
        let scene = Scene::set(town).await;
        let paula = scene.town.publisher("paula").await;
        let id = scene.approved().await;
        let entry = format!("/outreach/library/{id}");
        let label = |page: &crate::town::Page| page.form("Save");
        let (hers, theirs) = (scene.pia.opens(&entry).await, paula.opens(&entry).await);
        let anew = scene.pia.opens(&format!("/highlights/{id}/revise")).await;
        label(&theirs).fill("topics", "herons").submit().await.is(200);
        let late = label(&hers).fill("topics", "quiet mornings").submit().await;
        late.is(422).sees("A colleague changed this label while you were writing").sees("herons");
        assert_eq!(label(&late).value("topics"), Some("quiet mornings"));
        label(&late).submit().await.is(200);

        let late = anew.form("Hand it in again").fill("title", "A bird in the yard").submit().await;
        late.is(422).sees("Somebody changed this while you were writing. It is called “A kingfisher” now");
        let form = late.form("Hand it in again");
        assert_eq!(form.value("title"), Some("A bird in the yard"));
        form.submit().await.is(200);
        assert_eq!(scene.state(id).await, "consent_pending");

        // Handed in by somebody else meanwhile: what was typed is shown all the same.
        agrees(&scene.ada, id, yes()).await;
        decides(&scene.mo, id, "return").await.is(200);
        let anew = scene.nia.opens(&format!("/highlights/{id}/revise")).await;
        rewrites(&scene, &scene.mo, id, "A bird in the court").await;
        let late = anew.form("Hand it in again").fill("title", "My own heading").submit().await;
        late.is(422).sees("Somebody handed this in while you were writing. It is called “A bird in the court” now");
        assert_eq!(late.form("Hand it in again").value("title"), Some("My own heading"));
    }
}

story! {
    /// What nobody may take by hand does not leave by the change feed, and what leaves is written down.
    async fn the_change_feed_hands_out_nothing_without_leave(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        agrees(&scene.ada, id, json!({ "decision": "grant", "attribution": "name", "by_hand": false, "channels": ["page"] })).await;
        decides(&scene.mo, id, "approve").await.is(200);
        let pulls = || scene.town.inside(|tx| {
            let all = loggia::db::schema::pulls::table.count().get_result::<i64>(tx.conn)?;
            Ok(all)
        });
        let api = scene.pia.api().await;
        let feed = api.get("/highlights?status=approved").await.is(200);
        let library = format!("{}/outreach/library/{id}", scene.town.base_url());
        let only = json!({ "id": id, "status": "approved", "library": library, "by_hand": false, "channels": ["page"] });
        assert_eq!(feed.json["items"], json!([only]));
        assert_eq!(pulls().await, 0);
        // A thread as a whole quotes nobody; it is handed out and written down all the same.
        let post = scene.post;
        let thread = scene.town.inside(move |tx| Ok(forum::said(tx, post)?.thread)).await;
        let whole = json!({ "thread_id": thread.0, "title": "A talk about birds", "reason": "Loud." });
        let second = scene.nia.api().await.post("/highlights", whole).await.is(201).number("/id");
        decides(&scene.mo, second, "approve").await.is(200);
        let since = feed.text("/next").to_owned();
        let feed = api.get(&format!("/highlights?status=approved&since={since}")).await.is(200);
        assert_eq!(feed.text("/items/0/title"), "A talk about birds");
        assert_eq!(pulls().await, 1);
    }
}

story! {
    /// A publisher sees the library and nothing before it; who agreed to what is for moderators and for each person.
    async fn a_publisher_sees_what_is_in_the_library(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let (page, path) = (format!("/highlights/{id}"), format!("/highlights/{id}"));
        let api = scene.pia.api().await;
        api.get(&path).await.is(404);
        scene.pia.opens(&page).await.is(404);
        agrees(&scene.ada, id, yes()).await;
        api.get(&path).await.is(404);
        decides(&scene.mo, id, "approve").await.is(200);
        let seen = api.get(&path).await.is(200);
        assert_eq!(seen.json["consents"], json!([]));
        assert_eq!((seen.json["by_hand"].clone(), seen.json["channels"].clone()), (json!(true), json!(["page"])));
        scene.pia.opens(&page).await.is(200);
        for who in [&scene.mo, &scene.ada] {
            let seen = who.api().await.get(&path).await.is(200);
            assert_eq!(seen.json["consents"][0]["member"], "ada");
        }
        // Not before the messaging guidelines in force were read.
        scene.town.inside(|tx| members::require_acknowledgement(tx, Document::Messaging, 2_000)).await;
        api.get(&path).await.is(403);
        scene.mo.api().await.get(&path).await.is(200);
        // What is taken back is gone for publishers.
        agrees(&scene.ada, id, json!({ "decision": "withdraw" })).await;
        api.get(&path).await.is(404);
    }
}
