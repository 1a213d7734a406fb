//! Law 7 in the corners: what was approved once and is refused later, who is suspended, who takes back a part of a yes,
//! and words that go one after the other.

use loggia::forum;
use loggia::kit::clock::DAY;
use loggia::kit::ids::PostId;
use serde_json::{Value, json};

use crate::desk_rest::signs_in;
use crate::highlights::{AROUND, Scene, WORDS, words, yes};
use crate::story;
use crate::town::{PASSWORD, Person, Reply};

async fn decides(who: &Person, id: i64, decision: &str) -> Reply {
    let body = json!({ "decision": decision, "note": "Not like this." });
    who.api()
        .await
        .post(&format!("/highlights/{id}/approval"), body)
        .await
}

async fn answers(who: &Person, id: i64, how: Value) -> Reply {
    who.api()
        .await
        .post(&format!("/highlights/{id}/consent"), how)
        .await
}

async fn embeds(scene: &Scene, id: i64) {
    let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
    item.form("Card for a website")
        .fill("purpose", "Front page")
        .submit()
        .await
        .is(200);
    card(scene, id, 200).await;
}

async fn card(scene: &Scene, id: i64, status: u16) {
    scene
        .town
        .guest()
        .open(&format!("/embed/highlight/{id}"))
        .await
        .is(status);
}

fn wide() -> Value {
    let mut wide = yes();
    wide["channels"] = json!(["page", "embed"]);
    wide
}

async fn measures(scene: &Scene, kind: &str) {
    let page = scene.mo.opens("/desk/members/ada").await;
    let form = page.form("Apply").choose("kind", kind).choose("span", "7d");
    form.fill("reason", "Rule 7.").submit().await.is(200);
}

async fn nominated_around(scene: &Scene) -> i64 {
    let body = json!({ "post_id": scene.post.0, "excerpt": AROUND, "title": "Eleven years", "reason": "Funny." });
    scene
        .nia
        .api()
        .await
        .post("/highlights", body)
        .await
        .is(201)
        .number("/id")
}

/// Approved, announced, and on a website.
async fn abroad(scene: &Scene) -> (i64, i64) {
    let id = scene.nominated().await;
    answers(&scene.ada, id, wide()).await.is(200);
    decides(&scene.mo, id, "approve").await.is(200);
    embeds(scene, id).await;
    let made = scene
        .pia
        .api()
        .await
        .post(&format!("/highlights/{id}/announcements"), scene.text())
        .await
        .is(201);
    scene.deliver().await;
    assert_eq!(scene.outside().await.len(), 1);
    (id, made.number("/id"))
}

story! {
    /// Its author was silenced, so it came before a moderator again; a refusal takes down what had been said.
    async fn what_is_refused_later_comes_down(town) {
        let scene = Scene::set(town).await;
        let (id, one) = abroad(&scene).await;
        measures(&scene, "silence").await;
        assert_eq!(scene.state(id).await, "consented");
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1, "what was sent waits for the moderator");
        decides(&scene.mo, id, "refuse").await.is(200);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "withdrawn");
        card(&scene, id, 410).await;
    }
}

story! {
    /// Whoever cannot sign in keeps the right to their own words.
    async fn the_suspended_take_their_words_back(town) {
        let scene = Scene::set(town).await;
        let (id, _) = abroad(&scene).await;
        measures(&scene, "suspension").await;
        let (_, page) = signs_in(&scene.town, "ada", PASSWORD).await;
        page.is(200).sees("What you agreed to have said outside").sees("A kingfisher").sees(WORDS);
        let mut foreign = page.form("Take my consent back");
        let other = nominated_around(&scene).await;
        foreign.fields.retain(|(name, _)| name != "highlight");
        foreign.fields.push(("highlight".into(), other.to_string()));
        foreign.submit().await;
        assert_eq!(scene.state(other).await, "consent_pending", "never agreed to");
        let after = page.form("Take my consent back").submit().await;
        after.is(200).sees("What is outside is being taken down").hides("What you agreed to have said outside");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        card(&scene, id, 410).await;
        assert_eq!(scene.state(id).await, "withdrawn");
        // The letter lets nothing in once they can sign in.
        scene.town.clock.advance(8 * DAY);
        assert_eq!(page.form("Take my consent back").submit().await.status, 404);
    }
}

story! {
    /// A part of a yes is taken back: what needs that part comes down.
    async fn who_no_longer_agrees_to_shortening_is_not_shortened_outside(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let mut trimming = wide();
        trimming["trimming"] = json!(true);
        answers(&scene.ada, id, trimming.clone()).await.is(200);
        decides(&scene.mo, id, "approve").await.is(200);
        embeds(&scene, id).await;
        let path = format!("/highlights/{id}/announcements");
        let short = json!({ "channel_id": scene.page.0, "text": "“This morning a kingfisher sat on the bronze heron […]” Ada" });
        let short = scene.pia.api().await.post(&path, short).await.is(201).number("/id");
        scene.deliver().await;
        scene.pia.api().await.post(&format!("/highlights/{id}/pulls"), json!({ "purpose": "Poster" })).await.is(201);
        // The same yes said again changes nothing.
        answers(&scene.ada, id, trimming).await.is(200);
        assert_eq!(scene.announcement(short).await, "sent");
        answers(&scene.ada, id, wide()).await.is(200);
        scene.deliver().await;
        assert_eq!(scene.announcement(short).await, "withdrawn");
        let recalled = scene.pia.opens("/outreach/recalled").await;
        recalled.is(200).sees("Poster").hides("Front page");
        // The whole of it may stand.
        decides(&scene.mo, id, "approve").await.is(200);
        card(&scene, id, 200).await;
        let mut again = scene.text();
        again["reasons"] = json!({ "dup.again": "The first one is gone." });
        let whole = scene.pia.api().await.post(&path, again).await.is(201).number("/id");
        scene.deliver().await;
        let mut trimming = wide();
        trimming["trimming"] = json!(true);
        answers(&scene.ada, id, trimming).await.is(200);
        answers(&scene.ada, id, wide()).await.is(200);
        scene.deliver().await;
        assert_eq!(scene.announcement(whole).await, "sent");
    }
}

story! {
    /// The leave for a picture is taken back: the announcement with it comes down, the kit with it is asked back, and what
    /// has no picture stays.
    async fn who_takes_the_leave_for_a_picture_back_gets_it_back(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        let sent = crate::uploads::sends(&scene.ada, &base, &crate::uploads::png(64, 48), "A heron at dawn").await;
        let (line, at) = crate::uploads::line(&sent);
        let picture = crate::uploads::id_of(&at).0;
        scene.edits(&format!("{WORDS} {AROUND}\n\n{line}")).await;
        let id = scene.nominated().await;
        let mut pictured = wide();
        pictured["pictures"] = json!(true);
        answers(&scene.ada, id, pictured).await.is(200);
        decides(&scene.mo, id, "approve").await.is(200);
        let path = format!("/highlights/{id}/announcements");
        let api = scene.pia.api().await;
        let mut with = scene.text();
        with["picture_id"] = json!(picture);
        let with = api.post(&path, with).await.is(201).number("/id");
        scene.deliver().await;
        let kit = scene.pia.opens(&format!("/outreach/library/{id}")).await.form("Media kit").fill("purpose", "Newspaper").submit().await;
        scene.pia.opens(&format!("{}/kit.zip", kit.is(200).path)).await.is(200);
        answers(&scene.ada, id, wide()).await.is(200);
        scene.deliver().await;
        assert_eq!(scene.announcement(with).await, "withdrawn");
        scene.pia.opens("/outreach/recalled").await.is(200).sees("Newspaper");
    }
}

story! {
    /// Two people are quoted. One edits, later the other: each is asked about what stands outside, and silence of either
    /// takes it down. A card counts as outside like an announcement.
    async fn each_who_edits_is_asked_about_what_stands_outside(town) {
        let scene = Scene::set(town).await;
        let bo = scene.town.member("bo").await;
        let first = scene.post;
        let second = scene.as_member(bo.id, move |tx, bo| {
            let thread = forum::post_facts(tx, first)?.thread.id;
            Ok(forum::reply(tx, bo, thread, &words("I heard it before I saw it."), None)?.post)
        }).await;
        let quotes = json!([{ "post_id": first.0, "excerpt": WORDS }, { "post_id": second.0, "excerpt": "I heard it before I saw it." }]);
        let body = json!({ "quotes": quotes, "title": "A kingfisher", "reason": "It is quiet." });
        let id = scene.nia.api().await.post("/highlights", body).await.is(201).number("/id");
        answers(&scene.ada, id, wide()).await.is(200);
        answers(&bo, id, wide()).await.is(200);
        decides(&scene.mo, id, "approve").await.is(200);
        embeds(&scene, id).await;
        let stale = |n: &'static str| json!({ "decision": n });
        scene.edits("A heron sat on the kingfisher.").await;
        assert_eq!(scene.state(id).await, "stale");
        scene.ada.opens("/my/notices").await.sees("A kingfisher");
        answers(&scene.ada, id, stale("may_stand")).await.is(200);
        // What was lost before is not asked about again, whatever else becomes of the post.
        scene.edits("A heron sat on the kingfisher. Or so.").await;
        let edited = |reply: Reply| reply.json["items"][0]["edited"].clone();
        assert_eq!(edited(scene.ada.api().await.get("/consents").await), json!(false));
        scene.town.clock.advance(10 * DAY);
        bo_edits(&scene, &bo, second).await;
        assert_eq!(edited(bo.api().await.get("/consents").await), json!(true));
        assert_eq!(edited(scene.ada.api().await.get("/consents").await), json!(false));
        bo.opens("/my/notices").await.sees("A kingfisher");
        scene.town.clock.advance(13 * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        assert_eq!(scene.state(id).await, "stale", "bo has fourteen days");
        scene.town.clock.advance(2 * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        assert_eq!(scene.state(id).await, "withdrawn");
        card(&scene, id, 410).await;
    }
}

async fn bo_edits(scene: &Scene, bo: &Person, post: PostId) {
    scene
        .as_member(bo.id, move |tx, bo| {
            let now = forum::said(tx, post)?.revision;
            forum::edit_post(tx, bo, post, &words("I saw nothing."), now, "")
        })
        .await;
}

story! {
    /// Written anew after an edit: what was taken out says other words, so it is asked back and does not come back by itself.
    async fn what_was_taken_out_does_not_say_the_new_words(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        answers(&scene.ada, id, wide()).await.is(200);
        decides(&scene.mo, id, "approve").await.is(200);
        embeds(&scene, id).await;
        scene.edits(&format!("A heron sat on the kingfisher. {AROUND}")).await;
        let api = scene.nia.api().await;
        let seen = api.get(&format!("/highlights/{id}")).await.is(200);
        let anew = json!({
            "post_id": scene.post.0, "excerpt": AROUND, "title": "A heron", "reason": "It is quiet.",
            "version": seen.number("/version"),
        });
        api.post(&format!("/highlights/{id}/revision"), anew).await.is(200);
        answers(&scene.ada, id, wide()).await.is(200);
        decides(&scene.mo, id, "approve").await.is(200);
        card(&scene, id, 410).await;
        scene.pia.opens("/outreach/recalled").await.is(200).sees("Front page");
    }
}
