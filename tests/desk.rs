//! Stories of the desk: what is nominated and how, who is heard, what waits for whom.

use loggia::forum::{self, CategoryDraft, Grant, NewThread, Tags, Title, Who};
use loggia::highlights::{self, Wish};
use loggia::kit::clock::DAY;
use loggia::kit::ids::{CategoryId, PostId, ThreadId};
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::json;

use crate::highlights::{AROUND, Scene, WORDS, words, yes};
use crate::story;
use crate::support::queries::asked;
use crate::town::{Person, Town};

const HOUSE: Actor = Actor::System("scene");

/// A category of this name, open to everybody and to nomination unless said otherwise.
async fn place(town: &Town, name: &'static str, nominable: bool, grants: Vec<Grant>) -> CategoryId {
    town.inside(move |tx| {
        let draft = CategoryDraft {
            name: name.into(),
            nominable,
            grants: grants.clone(),
            ..CategoryDraft::default()
        };
        forum::create_category(tx, &HOUSE, &draft)
    })
    .await
}

async fn started(
    town: &Town,
    who: &Person,
    room: CategoryId,
    title: &'static str,
    text: &'static str,
) -> (ThreadId, PostId) {
    let id = who.id;
    let made = town
        .inside(move |tx| {
            let actor = members::actor(tx, id)?;
            let new = NewThread {
                category: room,
                title: Title::parse(title)?,
                words: words(text),
                tags: Tags::default(),
            };
            forum::start(tx, &actor, &new)
        })
        .await;
    (made.thread, made.post)
}

async fn replied(town: &Town, who: &Person, thread: ThreadId, text: &'static str) -> PostId {
    let id = who.id;
    town.inside(move |tx| {
        let actor = members::actor(tx, id)?;
        Ok(forum::reply(tx, &actor, thread, &words(text), None)?.post)
    })
    .await
}

async fn thread_of(town: &Town, post: PostId) -> ThreadId {
    town.inside(move |tx| Ok(forum::post_facts(tx, post)?.thread.id))
        .await
}

async fn weigh(town: &Town) {
    loggia::jobs::weigh(&town.node.app).await.expect("weighed");
}

story! {
    async fn a_post_is_saved_for_oneself(town) {
        let scene = Scene::set(town).await;
        let post = scene.post;
        let page = scene.nia.opens(&format!("/p/{post}")).await;
        let page = page.form("Save").submit().await;
        page.is(200).sees("Saved. You find it");
        scene.nia.opens("/my/bookmarks").await.is(200).sees("A kingfisher in the courtyard").sees(WORDS);
        // Another one by API; twice is once.
        let api = scene.ada.api().await;
        api.post(&format!("/posts/{post}/bookmark"), json!({})).await.is(204);
        api.post(&format!("/posts/{post}/bookmark"), json!({})).await.is(204);
        let mine = api.get("/bookmarks").await.is(200);
        assert_eq!(mine.number("/items/0/post_id"), post.0);
        assert_eq!(mine.json["items"].as_array().map(Vec::len), Some(1));
        // Everybody reads how often, nobody by whom.
        let guest = scene.town.guest().open(&format!("/p/{post}")).await;
        guest.is(200).sees("saved 2 times").hides("nia");
        // What is hidden is not found by those who saved it, and can still be let go.
        scene.as_member(scene.mo.id, move |tx, mo| forum::hide_post(tx, mo, post, None)).await;
        scene.nia.opens("/my/bookmarks").await.sees("Nothing saved yet");
        let nia = scene.nia.api().await;
        nia.delete(&format!("/posts/{post}/bookmark")).await.is(204);
        scene.as_member(scene.mo.id, move |tx, mo| forum::unhide_post(tx, mo, post)).await;
        scene.town.guest().open(&format!("/p/{post}")).await.sees("saved once");
        // Whoever takes no part saves nothing.
        scene.town.api(None).post(&format!("/posts/{post}/bookmark"), json!({})).await.is(401);
    }
}

story! {
    async fn what_an_erased_member_saved_is_counted_no_more(town) {
        let scene = Scene::set(town).await;
        let (post, nia) = (scene.post, scene.nia.id);
        scene.as_member(nia, move |tx, actor| forum::bookmark(tx, actor, post)).await;
        scene.town.inside(move |tx| tx.tell(&loggia::kit::Event::MemberErased { member: nia })).await;
        scene.town.guest().open(&format!("/p/{post}")).await.is(200).hides("saved once");
    }
}

story! {
    async fn a_reply_is_the_answer(town) {
        let scene = Scene::set(town).await;
        let thread = thread_of(&scene.town, scene.post).await;
        let reply = replied(&scene.town, &scene.nia, thread, "It nests under the slipway.").await;
        // A stranger does not decide that, nor is the first post its own answer.
        let stranger = scene.pia.api().await;
        stranger.post(&format!("/posts/{reply}/answer"), json!({})).await.is(403);
        let ada = scene.ada.api().await;
        ada.post(&format!("/posts/{}/answer", scene.post), json!({})).await.is(422);
        let page = scene.ada.opens(&format!("/p/{reply}")).await;
        let page = page.form("This answers it").submit().await;
        page.is(200).sees("Marked as the answer").sees("to the answer, #2");
        scene.nia.opens("/my/notices").await.sees("marked your reply as the answer");
        scene.town.guest().open("/latest").await.is(200).sees("Answered");
        let shown = scene.town.guest().open(&format!("/p/{reply}")).await;
        assert!(shown.html.contains("acceptedAnswer") && shown.html.contains("\"Question\""), "search engines learn of it");
        assert_eq!(ada.get(&format!("/threads/{thread}")).await.is(200).json["solved"], json!(true));
        // What cannot be seen answers nothing.
        scene.as_member(scene.mo.id, move |tx, mo| forum::hide_post(tx, mo, reply, None)).await;
        assert_eq!(ada.get(&format!("/threads/{thread}")).await.is(200).json["solved"], json!(false));
        scene.as_member(scene.mo.id, move |tx, mo| forum::unhide_post(tx, mo, reply)).await;
        scene.mo.api().await.post(&format!("/posts/{reply}/answer"), json!({})).await.is(204);
        ada.delete(&format!("/posts/{reply}/answer")).await.is(204);
        ada.delete(&format!("/posts/{reply}/answer")).await.is(409);
    }
}

story! {
    async fn words_of_two_threads_make_one_highlight(town) {
        let scene = Scene::set(town).await;
        let room = place(&scene.town, "Workshop", true, Vec::new()).await;
        let (other, second) = started(&scene.town, &scene.pia, room, "A splice", "One tuck more. Then it holds for good.").await;
        let page = scene.nia.opens(&format!("/p/{}/nominate", scene.post)).await;
        page.is(200).sees("Never nominated before");
        // A wrong address is said so, and what was typed stays.
        let page = page.form("Add this post").fill("title", "Two voices").fill("another", "/t/x/999/1").submit().await;
        page.sees("There is no post at this address");
        let page = page.form("Add this post").fill("another", &format!("{}/t/a-splice/{other}/1", scene.town.base_url())).submit().await;
        page.is(200).sees("One tuck more.").sees("Quote 2");
        let form = page.form("Nominate").fill("reason", "They belong together.");
        assert_eq!(form.value("title"), Some("Two voices"));
        let mut form = form;
        // Sentence 2 of the second post; the first keeps its first sentence.
        let places: Vec<usize> = form.fields.iter().enumerate().filter(|(_, (n, _))| n == "from" || n == "to").map(|(i, _)| i).collect();
        for place in places.iter().skip(2) {
            form.fields[*place].1 = "2".into();
        }
        let page = form.submit().await;
        page.is(200).sees("Then it holds for good.").sees(WORDS);
        let id: i64 = page.path.rsplit('/').next().and_then(|n| n.parse().ok()).expect("an id");
        assert_eq!(scene.state(id).await, "consent_pending");
        // Both are asked, both are needed.
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        assert_eq!(scene.state(id).await, "consent_pending");
        scene.pia.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        assert_eq!(scene.state(id).await, "consented");
        let quotes = scene.mo.api().await.get(&format!("/highlights/{id}")).await.is(200);
        assert_eq!(quotes.number("/quotes/1/post_id"), second.0);
        // From now on both have been heard.
        scene.nia.opens(&format!("/p/{second}/nominate")).await.sees("nominated once so far");
    }
}

story! {
    async fn a_quote_can_be_left_out_again(town) {
        let scene = Scene::set(town).await;
        let thread = thread_of(&scene.town, scene.post).await;
        replied(&scene.town, &scene.nia, thread, "It nests under the slipway.").await;
        let page = scene.nia.opens(&format!("/p/{}/nominate", scene.post)).await;
        let page = page.form("Add this post").fill("another", "#2").submit().await;
        page.sees("It nests under the slipway.");
        let page = page.form("Leave this quote out").submit().await;
        assert!(!page.has(AROUND) && page.has("It nests under the slipway."), "{}", page.words());
        let page = page.form("Add this post").fill("another", "2").submit().await;
        page.sees("This post is in the form already");
    }
}

story! {
    async fn a_heading_names_nobody_who_is_not_asked(town) {
        let scene = Scene::set(town).await;
        let thread = thread_of(&scene.town, scene.post).await;
        replied(&scene.town, &scene.pia, thread, "Lovely.").await;
        let api = scene.nia.api().await;
        let body = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "What Ada saw and Pia loved", "reason": "Quiet." });
        let refused = api.post("/highlights", body.clone()).await.is(422);
        assert!(refused.json.to_string().contains("Pia"), "{}", refused.json);
        let mut named = body;
        named["named"] = json!(["pia"]);
        let id = api.post("/highlights", named).await.is(201).number("/id");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        assert_eq!(scene.state(id).await, "consent_pending", "whoever is named is asked too");
        scene.pia.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        assert_eq!(scene.state(id).await, "consented");
    }
}

story! {
    async fn a_whole_thread_is_nominated_by_form(town) {
        let scene = Scene::set(town).await;
        let thread = thread_of(&scene.town, scene.post).await;
        let page = scene.nia.opens(&format!("/t/x/{thread}")).await;
        let page = page.follow("Nominate the whole thread").await;
        let form = page.form("Nominate");
        assert_eq!(form.value("title"), Some("A kingfisher in the courtyard"));
        let wrong = form.fill("title", "What Ada saw").submit().await;
        wrong.is(422).sees("The heading names Ada");
        let page = wrong.form("Nominate").fill("title", "Who sat on the heron").fill("reason", "Everybody joined in.").submit().await;
        page.is(200).sees("Waiting for a moderator");
        let secret = place(&scene.town, "Snug", true, vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }]).await;
        let (closed, _) = started(&scene.town, &scene.ada, secret, "In here", "Not for outside.").await;
        scene.nia.opens(&format!("/nominate/threads/{closed}")).await.is(422).sees("Only what everybody can read");
    }
}

story! {
    async fn milestones_are_kept_and_told_once(town) {
        let scene = Scene::set(town).await;
        let room = place(&scene.town, "Talk", true, Vec::new()).await;
        let mut last = ThreadId(0);
        for _ in 0..9 {
            last = started(&scene.town, &scene.ada, room, "Again", "One more.").await.0;
        }
        for _ in 0..15 {
            replied(&scene.town, &scene.ada, last, "And another.").await;
        }
        scene.town.inside(highlights::keep_milestones).await;
        scene.town.inside(highlights::keep_milestones).await;
        let api = scene.nia.api().await;
        let found = api.get("/milestones").await.is(200);
        let of = |kind: &str| found.json["items"].as_array().expect("a list").iter().filter(|m| m["kind"] == kind).cloned().collect::<Vec<_>>();
        assert_eq!(of("threads").len(), 1, "{}", found.json);
        assert!(of("threads")[0]["thread"].as_str().expect("its thread").ends_with(&format!("/{last}")));
        let own = &of("member_posts")[0];
        assert_eq!(own["member"], "ada");

        // One that names nobody goes straight to the moderators.
        let page = scene.nia.opens("/nominate/milestones").await;
        page.is(200).sees("Our 10th thread").sees("Ada: 25 posts");
        let number = of("threads")[0]["id"].as_i64().expect("an id");
        let page = scene.nia.opens(&format!("/nominate/milestones/{number}")).await;
        let page = page.form("Nominate").fill("reason", "We are ten.").submit().await;
        page.is(200).sees("Waiting for a moderator");
        let again = api.post("/highlights", json!({ "milestone_id": number, "title": "Ten", "reason": "Still." })).await;
        assert_eq!(again.status, 422, "{}", again.json);

        // One that names a member needs that member's consent, and a no stands.
        let id = api.post("/highlights", json!({ "milestone_id": own["id"], "title": "Ada: 25 posts", "reason": "Thank you." })).await.is(201).number("/id");
        assert_eq!(scene.state(id).await, "consent_pending");
        let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
        page.is(200).sees("would name you");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "decline" })).await.is(200);
        let again = api.post("/highlights", json!({ "milestone_id": own["id"], "title": "Ada: 25 posts", "reason": "Please." })).await;
        assert_eq!(again.status, 422, "{}", again.json);
    }
}

story! {
    async fn candidates_are_ranked_and_put_aside(town) {
        let scene = Scene::set(town).await;
        let (town, ada, nia, pia) = (&scene.town, &scene.ada, &scene.nia, &scene.pia);
        let open = place(town, "Open", true, Vec::new()).await;
        let shut = place(town, "Shut", false, Vec::new()).await;
        let members_only = vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }];
        let snug = place(town, "Snug", true, members_only).await;
        let (busy, first) = started(town, ada, open, "The busy one", "Who knows this hook?").await;
        let answer = replied(town, nia, busy, "It is a boat hook.").await;
        replied(town, pia, busy, "Indeed.").await;
        started(town, ada, open, "The quiet one", "Nothing yet.").await;
        started(town, ada, shut, "Closed to nomination", "No.").await;
        started(town, ada, snug, "Among members", "No.").await;
        scene.as_member(ada.id, move |tx, me| forum::mark_answer(tx, me, answer)).await;
        for who in [ada.id, pia.id] {
            scene.as_member(who, move |tx, me| forum::bookmark(tx, me, answer)).await;
        }
        weigh(town).await;
        let api = scene.nia.api().await;
        let found = api.get("/candidates").await.is(200);
        let titles: Vec<&str> = found.json["items"].as_array().expect("a list").iter().map(|c| c["title"].as_str().expect("a title")).collect();
        assert_eq!(titles, ["The busy one", "A kingfisher in the courtyard", "The quiet one"]);
        let top = &found.json["items"][0];
        // Three people, two marks, an answer, and everybody speaks here for the first time.
        assert_eq!((top["participants"].as_i64(), top["saved"].as_i64(), top["first_voices"].as_i64()), (Some(3), Some(2), Some(3)));
        assert_eq!(top["score"].as_f64(), Some(f64::from(2 * 3 + 3 * 2 + 5 + 4 * 3)));
        assert_eq!(top["post_id"].as_i64(), Some(answer.0), "one begins with what was saved most");

        let page = scene.mo.opens("/desk/candidates").await;
        page.is(200).sees("Score 29.0").sees("3 people").sees("saved 2 times").sees("How the order is made").sees("Never nominated before");
        page.follow("Nominate words").await.is(200).sees("It is a boat hook.");
        let page = page.form("Not this one").submit().await;
        page.is(200).sees("Put aside");
        assert!(!page.has("The busy one"), "{}", page.words());
        weigh(town).await;
        assert!(!scene.mo.opens("/desk/candidates").await.has("The busy one"), "aside is aside");
        let aside = scene.mo.opens("/desk/candidates?show=aside").await;
        aside.sees("The busy one").form("Bring it back").submit().await.is(200);
        scene.mo.opens("/desk/candidates").await.sees("The busy one");

        // What is nominated needs no second look; whom it is asked of is counted.
        let body = json!({ "post_id": first.0, "excerpt": "Who knows this hook?", "title": "A hook", "reason": "Ask." });
        api.post("/highlights", body).await.is(201);
        let page = scene.mo.opens("/desk/candidates").await;
        assert!(!page.has("The busy one"), "{}", page.words());
        page.sees("In the last 90 days one person was asked");
        // Neither members nor publishers choose candidates.
        scene.ada.opens("/desk/candidates").await.is(403);
        scene.pia.api().await.get("/candidates").await.is(403);
    }
}

story! {
    async fn the_candidates_ask_few_questions(town) {
        let scene = Scene::set(town).await;
        let mo = scene.mo.actor(&scene.town).await;
        let room = place(&scene.town, "Open", true, Vec::new()).await;
        let mut counts = Vec::new();
        for _ in 0..2 {
            for _ in 0..6 {
                started(&scene.town, &scene.ada, room, "Another", "Words.").await;
            }
            weigh(&scene.town).await;
            let mo = mo.clone();
            let ((lines, _), queries) = scene.town.inside(move |tx| {
                asked(tx, |tx| highlights::candidates_of(tx, &mo, false, None))
            }).await;
            counts.push((lines.len(), queries));
        }
        assert_eq!(counts, [(7, 6), (13, 6)], "as many questions for thirteen as for seven");
        let threads = scene.town.inside(|tx| asked(tx, highlights::to_weigh)).await;
        assert_eq!((threads.0.len(), threads.1), (13, 5), "and the weighing, too");
    }
}

story! {
    async fn what_waits_for_a_moderator_stands_in_the_one_queue(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        scene.mo.opens("/desk").await.is(200).sees("A kingfisher").sees("A highlight to approve");
        let api = scene.mo.api().await;
        let queue = api.get("/review-items").await.is(200);
        assert_eq!(queue.text("/items/0/kind"), "highlight");
        assert_eq!(queue.number("/items/0/highlight_id"), id);
        let item = queue.number("/items/0/id");
        // It is decided at its own desk only.
        let body = json!({ "finding": "upheld", "content": "keep", "author": "none" });
        api.post(&format!("/review-items/{item}/decision"), body).await.is(409);
        let page = scene.mo.opens(&format!("/desk/review/{item}")).await;
        assert_eq!(page.path, format!("/desk/highlights/{id}"));
        page.sees("What would go out").sees(AROUND);
        page.form("Approve").submit().await.is(200);
        assert_eq!(api.get("/review-items").await.is(200).json["items"], json!([]));
        let done = api.get(&format!("/review-items/{item}")).await.is(200);
        assert_eq!(done.text("/state"), "upheld");
        // Another scope brings it back to the desk, in the same entry.
        let mut other = yes();
        other["attribution"] = json!("member");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), other).await.is(200);
        let queue = api.get("/review-items").await.is(200);
        assert_eq!((queue.number("/items/0/id"), queue.text("/items/0/state")), (item, "open"));
        // Taken back, nothing waits.
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        assert_eq!(api.get(&format!("/review-items/{item}")).await.is(200).text("/state"), "ignored");
        // An administrator who reviews reports does not see what waits for consent.
        let admin = scene.town.admin("rosalind").await;
        scene.consented_again().await;
        assert_eq!(admin.api().await.get("/review-items").await.is(200).json["items"], json!([]));
    }
}

impl Scene {
    /// The other sentence of the post, agreed to.
    async fn consented_again(&self) -> i64 {
        let body = json!({ "post_id": self.post.0, "excerpt": AROUND, "title": "Eleven years", "reason": "It is quiet." });
        let id = self
            .nia
            .api()
            .await
            .post("/highlights", body)
            .await
            .is(201)
            .number("/id");
        self.ada
            .api()
            .await
            .post(&format!("/highlights/{id}/consent"), yes())
            .await
            .is(200);
        id
    }
}

story! {
    async fn several_are_decided_together_and_law_3_holds_for_each(town) {
        let scene = Scene::set(town).await;
        let mine = {
            // The moderator nominates one of the two.
            let body = json!({ "post_id": scene.post.0, "excerpt": AROUND, "title": "Eleven years", "reason": "Quiet." });
            let id = scene.mo.api().await.post("/highlights", body).await.is(201).number("/id");
            scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
            id
        };
        let other = scene.consented().await;
        let api = scene.mo.api().await;
        let mut items = Vec::new();
        for id in [mine, other] {
            let hash = api.get(&format!("/highlights/{id}")).await.is(200).text("/content_hash").to_owned();
            items.push(json!({ "id": id, "content_hash": hash }));
        }
        let all = json!({ "items": items, "decision": "approve" });
        api.post("/approvals", all.clone()).await.is(403);
        assert_eq!(scene.state(other).await, "consented", "all of them or none");
        // The page offers only what is theirs to decide, and refuses what a hand-made form adds.
        let page = scene.mo.opens("/desk/highlights").await;
        let form = page.form("Approve those chosen");
        let pick = format!("{mine}:{}", items[0]["content_hash"].as_str().expect("a hash"));
        let mut forged = page.form("Approve those chosen");
        forged.fields.push(("pick".into(), pick));
        forged.submit().await.is(422).sees("somebody else has to decide on it");
        let own = format!("{other}:{}", items[1]["content_hash"].as_str().expect("a hash"));
        form.tick("pick", &own).submit().await.is(200).sees("Decided, all of them");
        assert_eq!((scene.state(mine).await.as_str(), scene.state(other).await.as_str()), ("consented", "approved"));
        // A colleague may.
        let colleague = scene.town.moderator("moritz").await;
        let one = json!({ "items": [items[0]], "decision": "return", "note": "Which sculpture?" });
        colleague.api().await.post("/approvals", one).await.is(204);
        assert_eq!(scene.state(mine).await, "returned");
    }
}

story! {
    async fn where_nobody_is_left_the_page_says_whom_to_invite(town) {
        let scene = Scene::set(town).await;
        let root = scene.town.admin("rosalind").await;
        let body = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "A kingfisher", "reason": "Quiet." });
        let id = scene.mo.api().await.post("/highlights", body).await.is(201).number("/id");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        let page = scene.mo.opens(&format!("/desk/highlights/{id}")).await;
        page.is(200).sees("Nobody is left who could decide").sees("Nia").sees("Rosalind");
        assert!(!page.has_button("Approve"));
        let promoted = scene.nia.id;
        scene.town.inside(move |tx| {
            let root = members::actor(tx, root.id)?;
            members::give_role(tx, &root, promoted, Role::Moderator)
        }).await;
        let page = scene.mo.opens(&format!("/desk/highlights/{id}")).await;
        page.sees("These people can decide").sees("Nia");
        scene.nia.opens(&format!("/desk/highlights/{id}")).await.form("Approve").submit().await.is(200);
        assert_eq!(scene.state(id).await, "approved");
    }
}

story! {
    async fn between_two_gates_every_change_is_noticed(town) {
        let scene = Scene::set(town).await;
        // Asked, and the words change: the question is void.
        let id = scene.nominated().await;
        scene.edits("Another morning, another bird altogether.").await;
        assert_eq!(scene.state(id).await, "stale");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(409);
        scene.edits(&format!("{WORDS} {AROUND}")).await;
        // Agreed, and taken back: neither yes nor approval counts any more.
        let id = scene.consented_again().await;
        let hash = scene.mo.api().await.get(&format!("/highlights/{id}")).await.is(200).text("/content_hash").to_owned();
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(409);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve", "content_hash": hash })).await.is(409);
        // Declined words, or a part of them, are not asked for again by others.
        let part = json!({ "post_id": scene.post.0, "excerpt": "eleven years", "title": "Years", "reason": "Again." });
        scene.nia.api().await.post("/highlights", part.clone()).await.is(422);
        scene.ada.api().await.post("/highlights", part).await.is(201);
    }
}

story! {
    async fn whoever_never_wants_to_be_asked_is_not(town) {
        let scene = Scene::set(town).await;
        let page = scene.ada.opens("/my/settings").await;
        page.form("Save preferences").choose("consent", "never").submit().await.is(200);
        let id = scene.nominated().await;
        let nominee = scene.nia.api().await.get(&format!("/highlights/{id}")).await.is(200);
        assert_eq!(nominee.text("/state"), "declined");
        assert!(!scene.ada.opens("/my/notices").await.has("A kingfisher"), "nobody asks");
    }
}

story! {
    async fn an_unanswered_question_is_repeated_once(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        for days in [8, 1, 1] {
            scene.town.clock.advance(days * DAY);
            scene.town.inside(highlights::keep_deadlines).await;
        }
        let notices = scene.ada.api().await.get("/notifications").await.is(200);
        let kinds: Vec<&str> = notices.json["items"].as_array().expect("a list").iter().filter_map(|n| n["kind"].as_str()).collect();
        assert_eq!(kinds.iter().filter(|k| **k == "consent-reminder").count(), 1, "{kinds:?}");
        scene.town.clock.advance(5 * DAY);
        scene.town.inside(highlights::keep_deadlines).await;
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(409);
    }
}

story! {
    async fn a_wish_for_nothing_is_refused(town) {
        let scene = Scene::set(town).await;
        let stop = scene.town.try_inside({
            let nia = scene.nia.id;
            move |tx| {
                let nia = members::actor(tx, nia)?;
                let wish = Wish { title: "Nothing".into(), reason: "At all.".into(), ..Wish::default() };
                highlights::nominate(tx, &nia, &wish, None)
            }
        }).await;
        assert!(stop.is_err());
    }
}
