//! Stories of what moderators do to pictures, headings and the desk itself: taken back outside with the picture, undone
//! from the log, done by programs, and a late decision that finds its words gone.

use loggia::forum::{self};
use loggia::kit::clock::SECOND;
use loggia::kit::ids::{CategoryId, PostId};
use loggia::moderation;
use serde_json::json;

use crate::beside::pictured_for;
use crate::desk_queue::reported;
use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::support::endpoint::Endpoint;
use crate::town::Person;
use crate::town::talk::{HOUSE, category};
use crate::uploads::{id_of, line, png, sends};

async fn said(who: &Person, room: CategoryId, title: &str, words: &str) -> (i64, i64) {
    let api = who.api().await;
    let new = json!({ "category_id": room.0, "title": title, "body": words, "tags": ["tides"] });
    let thread = api.post("/threads", new).await.is(201).number("/id");
    let posts = api.get(&format!("/threads/{thread}/posts")).await.is(200);
    (thread, posts.number("/items/0/id"))
}

/// What a webhook was told, by type.
fn told(endpoint: &Endpoint, kind: &str) -> usize {
    let posts = endpoint.posts();
    let bodies = posts
        .iter()
        .filter_map(|one| serde_json::from_slice::<serde_json::Value>(&one.body).ok());
    bodies.filter(|body| body["type"] == kind).count()
}

story! {
    async fn what_carries_a_removed_picture_is_taken_back_outside(town) {
        let scene = Scene::set(town).await;
        let admin = scene.town.admin("adam").await;
        let endpoint = Endpoint::open();
        let hook = admin.api().await.post("/channels", json!({ "kind": "webhook", "name": "Newsroom", "url": endpoint.url })).await.is(201).number("/id");
        admin.api().await.post(&format!("/channels/{hook}/verification"), json!({})).await.is(200);
        let (id, picture) = pictured_for(&scene, &["page", "webhook"]).await;
        let api = scene.pia.api().await;
        let path = format!("/highlights/{id}/announcements");
        let text = format!("“{WORDS}” Ada, in our community.");
        let with = json!({ "channel_id": hook, "text": text, "picture_id": picture });
        let carries = api.post(&path, with).await.is(201).number("/id");
        let without = api.post(&path, json!({ "channel_id": scene.page.0, "text": text })).await.is(201).number("/id");
        for _ in 0..3 { scene.town.work().await; }
        assert_eq!((scene.announcement(carries).await, scene.announcement(without).await), ("sent".to_owned(), "sent".to_owned()));
        assert_eq!(told(&endpoint, "highlight.published"), 1);

        let (post, place) = (scene.post, format!("/p/{}/pictures", scene.post));
        scene.ada.opens(&place).await.is(403);
        scene.mo.opens(&format!("/p/{post}")).await.sees("Remove a picture");
        let page = scene.mo.opens(&place).await;
        page.sees("It stands only here.").sees("One announcement outside is taken back there.");
        let bare = page.form("Remove the picture").choose("picture", &picture.to_string()).submit().await;
        bare.is(422);
        let again = bare.form("Remove the picture").choose("picture", &picture.to_string()).fill("reason", "Shows a stranger.").submit().await;
        again.is(200).sees("Removed. The log can bring it back");
        // In the same transaction: nothing has been carried yet, and it is on its way back.
        assert_eq!(scene.announcement(carries).await, "withdrawing");
        assert_eq!(scene.announcement(without).await, "sent", "it carries no picture");
        for _ in 0..3 { scene.town.work().await; }
        assert_eq!(scene.announcement(carries).await, "withdrawn");
        assert_eq!(told(&endpoint, "highlight.withdrawn"), 1);
        scene.ada.opens("/my/decisions").await.sees("A picture was removed").sees("Shows a stranger.");
        scene.mo.opens(&place).await.sees("No picture here");
        // Brought back from the log; what was taken back outside stays so.
        scene.mo.opens("/desk/log?what=words").await.sees("Picture removed").form("Undo").submit().await.is(200).sees("Undone");
        scene.mo.opens(&place).await.sees("It stands only here.");
        scene.ada.opens("/my/decisions").await.sees("taken back");
        for _ in 0..3 { scene.town.work().await; }
        assert_eq!(scene.announcement(carries).await, "withdrawn");
    }
}

story! {
    async fn whoever_has_a_removed_picture_in_a_kit_is_told(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let (line, path) = line(&sends(&scene.ada, &base, &png(900, 600), "A heron at dawn").await);
        scene.edits(&format!("{WORDS} And so on.\n\n{line}")).await;
        let id = scene.nominated().await;
        let wide = json!({ "decision": "grant", "attribution": "first_name", "by_hand": true, "pictures": true, "channels": ["page"] });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), wide).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let api = scene.pia.api().await;
        let order = |how: &str, to: &str| json!({ "highlights": [id], "how": how, "purpose": "A poster", "recipient": to });
        let kit = api.post("/pulls", order("kit", "The printer")).await.is(201).number("/id");
        api.post("/pulls", order("kit", "The caretaker")).await.is(201);
        api.post("/pulls", order("export", "The yearbook")).await.is(201);
        // Only what was carried away is asked back: the caretaker's kit was never fetched.
        let zip = scene.pia.opens(&format!("/outreach/pulls/{kit}/kit.zip")).await;
        assert!(zip.html.contains("pictures/01."), "the kit has the picture");

        let place = format!("/p/{}/pictures", scene.post);
        let form = scene.mo.opens(&place).await.form("Remove the picture").choose("picture", &id_of(&path).0.to_string());
        form.fill("reason", "Shows a stranger.").submit().await.is(200);
        let to_do = scene.pia.opens("/outreach/recalled").await;
        to_do.sees("The printer").sees("A moderator took a picture out of sight").hides("The caretaker").hides("The yearbook");
        scene.pia.opens("/my/notices").await.sees("Please tell whoever has it.");
        let gone = scene.pia.opens(&format!("/outreach/pulls/{kit}")).await;
        gone.sees("Nothing of this stands any more").hides(WORDS);
        to_do.form("They know").submit().await.is(200).hides("The printer");
        // The words stay in the library, and a new kit holds them without the picture.
        let again = api.post("/pulls", order("kit", "The printer")).await.is(201).number("/id");
        let zip = scene.pia.opens(&format!("/outreach/pulls/{again}/kit.zip")).await;
        assert!(zip.html.contains(WORDS) && !zip.html.contains("pictures/01."));
    }
}

story! {
    async fn title_tags_and_category_are_undone_from_the_log(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let (quay, shed) = (category(&town, "Quay", Vec::new()).await, category(&town, "Shed", Vec::new()).await);
        let (thread, _) = said(&nils, quay, "About my boats", "Boats.").await;
        let api = mo.api().await;
        let path = format!("/threads/{thread}");
        let revision = api.get(&path).await.is(200).number("/revision");
        let other = json!({ "revision": revision, "title": "Boats and their owners", "tags": ["boats"] });
        api.patch(&path, other).await.is(200);
        let page = mo.opens("/desk/log?what=words").await;
        page.sees("Thread edited").sees("Before: About my boats");
        // What was changed again since is not undone over the newer words.
        let newer = json!({ "revision": revision + 1, "title": "Boats and their ropes", "tags": ["ropes"] });
        api.patch(&path, newer).await.is(200);
        page.form("Undo").submit().await.is(409);
        assert_eq!(api.get(&path).await.text("/title"), "Boats and their ropes");
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200).sees("Undone");
        let back = api.get(&path).await.is(200);
        assert_eq!((back.text("/title"), &back.json["tags"]), ("Boats and their owners", &json!(["boats"])));
        api.post(&format!("{path}/acts/move"), json!({ "category_id": shed.0 })).await.is(200);
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200);
        assert_eq!(api.get(&path).await.number("/category_id"), quay.0);
    }
}

story! {
    async fn programs_take_note_and_set_the_desk(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, quay, "About my boats", "Boats.").await;
        reported(&ruth, post, "spam").await;
        let (api, bobs, ruths) = (mo.api().await, bo.api().await, ruth.api().await);
        let id = api.get("/review-items").await.is(200).number("/items/0/id");
        let at = |what: &str| format!("/review-items/{id}/{what}");
        assert_eq!(ruths.post(&at("assignment"), json!({})).await.status, 403, "no moderator");
        let seen = api.get(&format!("/review-items/{id}")).await.number("/version");
        api.post(&at("assignment"), json!({ "version": seen })).await.is(204);
        assert_eq!(bobs.post(&at("assignment"), json!({ "version": seen })).await.status, 409, "seen before");
        assert_eq!(bobs.get(&format!("/review-items/{id}")).await.number("/assignee_id"), mo.id.0);
        bobs.delete(&at("assignment")).await.is(204);
        assert_eq!(api.get(&format!("/review-items/{id}")).await.json["assignee_id"], json!(null));
        api.post(&at("notes"), json!({ "note": "Second time." })).await.is(204);
        assert_eq!(api.post(&at("notes"), json!({ "note": " " })).await.status, 422);
        let steps = bobs.get(&at("notes")).await.is(200);
        assert_eq!(steps.text("/items/3/words"), "Second time.", "{}", steps.json);
        assert_eq!(api.post(&at("undo"), json!({})).await.status, 409, "nothing to undo");
        // Reasons.
        ruths.get("/report-reasons").await.is(200);
        let reason = api.post("/report-reasons", json!({ "title": "Gives away a nest", "more": "Birds." })).await.is(201).number("/id");
        api.patch(&format!("/report-reasons/{reason}"), json!({ "legal": true })).await.is(204);
        let all = api.get("/report-reasons").await.is(200);
        let items = all.json["items"].as_array().expect("reasons");
        let made = items.iter().find(|one| one["id"] == json!(reason)).expect("the new one");
        assert_eq!((&made["more"], &made["legal"], &made["counts"]), (&json!("Birds."), &json!(true), &json!(false)));
        assert_eq!(api.patch("/report-reasons/999999", json!({})).await.status, 404);
        // Settings: what is not named stays.
        assert_eq!(ruths.patch("/desk-settings", json!({ "links": true })).await.status, 403);
        api.patch("/desk-settings", json!({ "links": true, "categories": [quay.0] })).await.is(204);
        api.patch("/desk-settings", json!({ "first_posts": 2 })).await.is(204);
        let now = api.get("/desk-settings").await.is(200);
        assert_eq!((&now.json["links"], &now.json["first_posts"], &now.json["auto_hide"], &now.json["categories"]), (&json!(true), &json!(2), &json!(3), &json!([quay.0])));
        assert_eq!(api.patch("/desk-settings", json!({ "first_posts": 900 })).await.status, 422);
        assert_eq!(api.patch("/desk-settings", json!({ "public_log": true })).await.status, 403, "an admin's");
        let book = town.api(None).get("/openapi.json").await.is(200);
        assert!(book.json["paths"]["/api/v1/desk-settings"]["patch"].is_object());
    }
}

story! {
    async fn a_late_decision_does_all_three_or_none(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, quay, "About my boats", "Boats.").await;
        let reply = nils.api().await.post(&format!("/threads/{thread}/posts"), json!({ "body": "Cheap boats." })).await.is(201).number("/id");
        reported(&ruth, reply, "spam").await;
        let id = mo.api().await.get("/review-items").await.number("/items/0/id");
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        let form = page.form("Apply").choose("finding", "upheld").choose("content", "return").choose("author", "warning");
        form.fill("reason", "Rule 6.").submit().await.is(200).sees("takes effect");
        // Before it takes effect its author deletes the words: there is nothing left to return.
        nils.api().await.delete(&format!("/posts/{reply}")).await;
        town.clock.advance(13 * SECOND);
        town.work().await;
        let item = mo.api().await.get(&format!("/review-items/{id}")).await.is(200);
        assert_eq!((item.text("/state"), &item.json["decision"]), ("open", &json!(null)), "{}", item.json);
        assert_eq!(item.text("/reports/0/state"), "pending", "nobody was told");
        let who = nils.id;
        let warned = town.inside(move |tx| Ok(moderation::sanctions_of(tx, &HOUSE, who, None, 5)?.len())).await;
        assert_eq!(warned, 0, "no part of it was done");
        mo.opens(&format!("/desk/review/{id}")).await.sees("Nothing of it was done, and nobody was told");
        // The same inside the application itself: what was begun is let go of.
        let post = PostId(reply);
        let left = town.inside(move |tx| {
            let tried = tx.attempt(|tx| {
                forum::restore_post(tx, &HOUSE, post)?;
                forum::restore_post(tx, &HOUSE, post)
            });
            assert!(tried.is_err(), "the second time it is there already");
            Ok(forum::post_facts(tx, post)?.state)
        }).await;
        assert_eq!(left.as_str(), "deleted");
    }
}
