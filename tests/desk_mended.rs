//! Stories of the desk that had to be told anew: what slipped past the holds, older decisions that took later ones along,
//! who hears of what, and lists that stay as they were.

use loggia::forum::{Grant, Who};
use loggia::kit::clock::{DAY, HOUR};
use loggia::moderation::{self, DeskSettings};
use loggia::policy::Trust;
use serde_json::json;

use crate::desk_queue::{first_item, replied, reported, said, set, takes_effect, waiting};
use crate::story;
use crate::town::Person;
use crate::town::talk::{HOUSE, category};

async fn watches(moa: &Person, word: &str, action: &str) {
    let form = moa.opens("/desk/rules").await.form("Watch it");
    form.fill("pattern", word)
        .choose("action", action)
        .submit()
        .await
        .is(200);
}

async fn decides(
    who: &Person,
    id: i64,
    finding: &str,
    content: &str,
    reason: &str,
) -> crate::town::Page {
    let form = who.opens(&format!("/desk/review/{id}")).await.form("Apply");
    let form = form
        .choose("finding", finding)
        .choose("content", content)
        .choose("author", "none");
    form.fill("reason", reason).submit().await
}

story! {
    async fn whoever_changes_words_is_looked_at_and_so_are_polls(town) {
        let (mia, moa) = (town.member("mia").await, town.moderator("moa").await);
        let zofia = town.person("zofia", &[], Trust::Established).await;
        let room = category(&town, "Quay", Vec::new()).await;
        watches(&moa, "casino", "refuse").await;
        let (_, post) = said(&mia, room, "All about boats", "Everybody may add.").await;
        mia.api().await.post(&format!("/posts/{post}/wiki"), json!({})).await;
        let api = zofia.api().await;
        let revision = api.get(&format!("/posts/{post}")).await.is(200).number("/revision");
        let bad = json!({ "body": "Everybody may add a casino.", "revision": revision });
        assert_eq!(api.patch(&format!("/posts/{post}"), bad).await.status, 422, "the editor is judged");
        let poll = |question: &str, option: &str| json!({ "kind": "single", "question": question, "options": ["A boat", option] });
        let mias = mia.api().await;
        let path = format!("/posts/{post}/poll");
        assert_eq!(mias.post(&path, poll("A casino?", "No")).await.status, 422, "the question");
        assert_eq!(mias.post(&path, poll("What?", "The casino")).await.status, 422, "the options");
        mias.post(&path, poll("What?", "A rope")).await.is(200);
    }
}

story! {
    async fn no_spelling_of_a_link_slips_past(town) {
        let (newt, nils, moa) = (town.newcomer("newt").await, town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        set(&town, DeskSettings { links: true, ..DeskSettings::default() }).await;
        replied(&newt, thread, "Look [here](//evil.example/a) first.").await;
        replied(&newt, thread, "Look [here](HTTP://evil.example/b) second.").await;
        replied(&newt, thread, "Look [here](/latest) at home.").await;
        assert_eq!(waiting(&moa).await, 2);
        let (_, post) = said(&newt, room, "A question of mine", "Which one?").await;
        let poll = json!({ "kind": "single", "question": "Which one?", "options": ["https://evil.example", "None"] });
        newt.api().await.post(&format!("/posts/{post}/poll"), poll).await.is(200);
        assert_eq!(waiting(&moa).await, 3);
        let id = moa.api().await.get("/review-items").await.number("/items/2/id");
        moa.opens(&format!("/desk/review/{id}")).await.sees("The poll beneath it").sees("https://evil.example");
        moa.opens("/desk/review?kind=new_members").await.sees("A link by a new member");
        moa.opens("/desk/review?kind=held_edits").await.hides("A link by a new member");
    }
}

story! {
    async fn an_older_decision_takes_no_later_one_along(town) {
        let (nils, moa, ingrid, bo) = (town.member("nils").await, town.moderator("moa").await, town.moderator("ingrid").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "Doubtful words.").await;
        moa.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule 1." })).await.is(200);
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "They are fine." })).await.is(201);
        town.clock.advance(1_000_000);
        ingrid.api().await.post(&format!("/posts/{post}/acts/delete"), json!({ "reason": "Rule 2." })).await.is(200);
        // The entry of the hiding is overtaken, too.
        let log = bo.opens("/desk/log?what=words").await;
        let undo = log.attributes("form[action$=\"/undo\"]", "action");
        let hidden = undo.last().cloned().unwrap_or_default();
        bo.browser.post(&hidden, &log.form("Undo").fields).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200, "the deletion stands");
        let appeal = first_item(&ingrid).await;
        let page = ingrid.opens(&format!("/desk/review/{appeal}")).await;
        page.sees("Something was decided about the same thing since");
        page.form("Grant it").fill("answer", "Hiding was wrong.").submit().await.is(200).sees("nothing comes back");
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200, "the deletion stands");
        nils.opens("/my/notices").await.sees("What was decided about the same words since stands");
        // The later one can be appealed against by itself; whoever would be overruled does not answer.
        let later = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        assert_ne!(later, decision);
        nils.api().await.post(&format!("/decisions/{later}/appeal"), json!({ "words": "Please." })).await.is(201);
        let appeal = first_item(&bo).await;
        assert_eq!(ingrid.api().await.post(&format!("/review-items/{appeal}/appeal"), json!({ "granted": true, "words": "Yes." })).await.status, 403);
        bo.api().await.post(&format!("/review-items/{appeal}/appeal"), json!({ "granted": true, "words": "Yes." })).await.is(204);
        town.guest().open(&format!("/p/{post}")).await.sees("Doubtful words.");
    }
}

story! {
    async fn a_deletion_taken_back_leaves_what_was_hidden_before_it_hidden(town) {
        let (nils, moa, ingrid) = (town.member("nils").await, town.moderator("moa").await, town.moderator("ingrid").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "Doubtful words.").await;
        moa.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule of the ropes." })).await.is(200);
        town.clock.advance(1_000_000);
        ingrid.api().await.post(&format!("/posts/{post}/acts/delete"), json!({ "reason": "Rule of the anchors." })).await.is(200);
        assert_eq!(nils.browser.open(&format!("/p/{post}")).await.status, 404, "deleted");
        let log = ingrid.opens("/desk/log?what=words").await;
        log.form("Undo").submit().await.is(200).sees("Undone");
        assert_eq!(town.guest().open(&format!("/p/{post}")).await.status, 404, "hidden as before");
        nils.opens(&format!("/p/{post}")).await.sees("Doubtful words.").sees("Rule of the ropes.");
        let told = nils.api().await.get("/decisions").await.is(200);
        let undone = |told: &crate::town::Reply, n: usize| told.json["items"][n]["undone_at"].is_string();
        assert!(undone(&told, 0), "the deletion was taken back: {}", told.json);
        assert!(!undone(&told, 1), "the hiding stands: {}", told.json);
        // By program, a whole thread.
        moa.api().await.post(&format!("/threads/{thread}/acts/hide"), json!({ "reason": "Rule of the ropes." })).await.is(200);
        town.clock.advance(1_000_000);
        moa.api().await.post(&format!("/threads/{thread}/acts/delete"), json!({ "reason": "Rule of the anchors." })).await.is(200);
        let api = moa.api().await;
        let last = api.get("/moderation-log").await.number("/items/0/id");
        api.post(&format!("/moderation-log/{last}/undo"), json!({})).await.is(204);
        assert_eq!(town.guest().open(&format!("/t/-/{thread}")).await.status, 404, "hidden as before");
        nils.opens(&format!("/t/-/{thread}")).await.sees("Boats.");
        let told = nils.api().await.get("/decisions").await.is(200);
        assert!(undone(&told, 0) && !undone(&told, 1), "{}", told.json);
        // Taking that back deletes it again.
        let last = api.get("/moderation-log").await.number("/items/0/id");
        api.post(&format!("/moderation-log/{last}/undo"), json!({})).await.is(204);
        assert_eq!(nils.browser.open(&format!("/t/-/{thread}")).await.status, 404, "deleted");
    }
}

story! {
    async fn who_has_to_know_hears_of_it(town) {
        let (nils, ruth, adam) = (town.member("nils").await, town.member("ruth").await, town.admin("adam").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, post) = said(&nils, room, "All about boats", "Boats.").await;
        reported(&ruth, post, "spam").await;
        adam.opens("/my/notices").await.sees("A post was reported");
        town.clock.advance(25 * HOUR);
        town.inside(moderation::remind_of_late).await;
        adam.opens("/my/notices").await.sees("for more than");
        // With moderators there are, an admin is left alone.
        let (moa, bo) = (town.moderator("moa").await, town.moderator("bob").await);
        let other = replied(&nils, thread, "Ropes.").await;
        let before = adam.opens("/my/notices").await.words().matches("A post was reported").count();
        reported(&ruth, other, "spam").await;
        assert_eq!(adam.opens("/my/notices").await.words().matches("A post was reported").count(), before);
        // But for rooms that none of them may enter.
        let circle = town.inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", "")).await;
        for who in [nils.id, ruth.id, adam.id] {
            town.inside(move |tx| loggia::members::join_group(tx, &HOUSE, circle, who)).await;
        }
        let grant = Grant { who: Who::Group, group: Some(circle), see: true, reply: true, start: true, moderate: false };
        let closed = category(&town, "Closed room", vec![grant]).await;
        let (_, secret) = said(&nils, closed, "Behind the door", "Secret words.").await;
        reported(&ruth, secret, "spam").await;
        assert!(adam.opens("/my/notices").await.words().matches("A post was reported").count() > before, "nobody else sees it");
        // Appeals go to others than who decided, held words to all.
        moa.api().await.post(&format!("/posts/{other}/acts/hide"), json!({ "reason": "Rule 1." })).await.is(200);
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "They are fine." })).await.is(201);
        bo.opens("/my/notices").await.sees("A member has appealed");
        moa.opens("/my/notices").await.hides("A member has appealed").hides("Words wait");
        set(&town, DeskSettings { categories: vec![room], ..DeskSettings::default() }).await;
        replied(&nils, thread, "One.").await;
        replied(&nils, thread, "Two.").await;
        assert_eq!(moa.opens("/my/notices").await.words().matches("Words wait for a moderator").count(), 1, "one line for both");
    }
}

story! {
    async fn a_list_stays_as_it_was_and_a_pick_of_staff_is_left(town) {
        let (nils, ruth, moa, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "All about boats", "Boats.").await;
        reported(&ruth, post, "spam").await;
        ruth.opens(&format!("/members/{}/report", bo.id)).await.form("Send").choose("reason", "unkind").submit().await.is(200);
        let page = moa.opens(&format!("/desk/review?kind=report&category={room}")).await;
        assert_eq!(page.attributes("input[name=pick]", "value").len(), 1, "only of this room");
        let page = moa.opens("/desk/review").await;
        page.sees("Whoever reported one of them hears");
        let picks = page.attributes("input[name=pick]", "value");
        assert_eq!(picks.len(), 2);
        let picked = |page: &crate::town::Page| {
            let mut form = page.form("Hide them");
            form.fields.extend(picks.iter().map(|pick| ("pick".to_owned(), pick.clone())));
            form
        };
        let again = picked(&page).submit().await;
        again.is(422);
        assert_eq!(again.attributes("input[name=pick][checked]", "value").len(), 2, "the picks are kept");
        picked(&page).fill("reason", "Rule 6.").submit().await.is(200).sees("Some were decided");
        takes_effect(&town).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200);
        // Taken by one, decided and undone by another: it stays with whom it was.
        let other = said(&nils, room, "All about ropes", "Ropes.").await.1;
        reported(&ruth, other, "spam").await;
        let items = moa.api().await.get("/review-items").await.is(200);
        let id = items.json["items"].as_array().unwrap().iter().find(|item| item["post_id"] == other).unwrap()["id"].as_i64().unwrap();
        bo.opens(&format!("/desk/review/{id}")).await.form("I take this one").submit().await.is(200);
        let done = decides(&moa, id, "upheld", "hide", "Rule 6.").await;
        done.form("Undo").submit().await.is(200);
        assert_eq!(moa.api().await.get(&format!("/review-items/{id}")).await.number("/assignee_id"), bo.id.0);
        // The filters survive the decision.
        let page = moa.opens(&format!("/desk/review/{id}?kind=report&category={room}")).await;
        let form = page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none");
        let after = form.submit().await;
        assert!(after.attributes("option[selected]", "value").contains(&room.to_string()), "still of this room");
        // A rule without words is a reason.
        let api = moa.api().await;
        let third = said(&nils, room, "All about sails", "Sails.").await.1;
        reported(&ruth, third, "spam").await;
        let items = api.get("/review-items").await.is(200);
        let id = items.json["items"].as_array().unwrap().iter().find(|item| item["post_id"] == third).unwrap()["id"].as_i64().unwrap();
        let bare = json!({ "finding": "upheld", "content": "hide", "author": "none" });
        assert_eq!(api.post(&format!("/review-items/{id}/decision"), bare).await.status, 422);
        let ruled = json!({ "finding": "upheld", "content": "hide", "author": "silence", "rule": 3 });
        api.post(&format!("/review-items/{id}/decision"), ruled).await.is(200);
    }
}

story! {
    async fn what_stands_about_a_member_is_seen_at_a_glance(town) {
        let (nils, ruth, moa) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "Doubtful words.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&moa).await;
        decides(&moa, id, "upheld", "hide", "Rule 6.").await.is(200);
        takes_effect(&town).await;
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "They are fine." })).await.is(201);
        let page = moa.opens("/desk/members/nils").await;
        page.sees("A post was hidden").sees("Another moderator looks at it").sees("one report");
        // The log names what it was, and keeps its form for a name that nobody goes by.
        moa.opens("/desk/log").await.sees("the appeal");
        let page = moa.opens("/desk/log?by=nosuchname&what=words").await;
        page.is(200).sees("Nobody here goes by the name").has_button("Show");
        // Decided again on another day, it counts on that day, too.
        town.clock.advance(DAY);
        reported(&ruth, thread_first(&ruth, thread).await, "spam").await;
        let (who, days) = (moa.id, moderation::DAYS);
        let figures = town.inside(move |tx| {
            let actor = loggia::members::actor(tx, who)?;
            moderation::figures(tx, &actor)
        }).await;
        assert_eq!(i64::try_from(figures.by_day.len()).unwrap_or(0), days);
        assert_eq!(figures.by_day.iter().map(|day| day.1).sum::<i64>(), 1);
    }
}

story! {
    async fn programs_do_what_the_desk_does(town) {
        let (nils, ruth, moa) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let (ruths, api) = (ruth.api().await, moa.api().await);
        assert!(ruths.get("/report-reasons").await.is(200).json["items"].as_array().is_some_and(|all| !all.is_empty()));
        let why = json!({ "reason": "spam" });
        assert_eq!(ruths.post(&format!("/threads/{thread}/reports"), why.clone()).await.is(201).number("/thread_id"), thread);
        ruths.post("/members/nils/reports", why).await.is(201);
        let items = api.get("/review-items").await.is(200);
        assert_eq!((items.number("/items/0/thread_id"), items.number("/items/1/member_id")), (thread, nils.id.0));
        let sanction = json!({ "kind": "silence", "reason": "Rule 6." });
        assert_eq!(ruths.post("/members/nils/sanctions", sanction.clone()).await.status, 403);
        let id = api.post("/members/nils/sanctions", sanction).await.is(201).number("/id");
        assert_eq!(api.get("/members/nils/sanctions").await.is(200).number("/items/0/id"), id);
        api.post(&format!("/sanctions/{id}/lifting"), json!({ "reason": "Enough." })).await.is(204);
        api.post(&format!("/threads/{thread}/acts/lock"), json!({ "reason": "Rule 6." })).await.is(200);
        let log = api.get("/moderation-log?what=words").await.is(200);
        assert_eq!(log.text("/items/0/kind"), "thread.locked");
        api.post(&format!("/moderation-log/{}/undo", log.number("/items/0/id")), json!({})).await.is(204);
        assert_eq!(api.post(&format!("/moderation-log/{}/undo", log.number("/items/0/id")), json!({})).await.status, 409);
        assert_eq!(api.get("/desk-figures").await.is(200).number("/open/0/count"), 2);
        assert_eq!(ruths.get("/desk-figures").await.status, 403);
        api.post("/members/nils/notes", json!({ "words": "Sells boats." })).await.is(204);
        assert_eq!(api.get("/members/nils/notes").await.is(200).text("/items/0/words"), "Sells boats.");
        api.post("/members/nils/trust", json!({ "trust": "new" })).await.is(204);
        api.post("/members/nils/profile-reset", json!({ "bio": true, "reason": "Rule 6." })).await.is(204);
    }
}

async fn thread_first(who: &Person, thread: i64) -> i64 {
    let posts = who
        .api()
        .await
        .get(&format!("/threads/{thread}/posts"))
        .await;
    posts.is(200).number("/items/0/id")
}

story! {
    async fn a_thread_says_what_goes_with_it_before_it_is_hidden_or_moved(town) {
        let (nils, moa) = (town.member("nils").await, town.moderator("moa").await);
        let grant = Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false };
        category(&town, "Members only", vec![grant]).await;
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        for act in ["hide", "delete", "move"] {
            let page = moa.opens(&format!("/threads/{thread}/{act}")).await;
            page.sees("Nothing of it was announced outside");
        }
        moa.opens(&format!("/threads/{thread}/move")).await.sees("Members only");
        moa.opens(&format!("/threads/{thread}/lock")).await.hides("announced outside");
    }
}

story! {
    async fn a_rule_alone_says_why_a_measure_was_taken(town) {
        let mo = town.moderator("mo").await;
        let nils = town.member("nils").await;
        mo.opens("/desk/members/nils").await.form("Apply").choose("kind", "warning").submit().await.is(422);
        nils.opens("/my/decisions").await.hides("A warning");
        let form = mo.opens("/desk/members/nils").await.form("Apply");
        form.choose("kind", "warning").choose("rule", "2").submit().await.is(200);
        nils.opens("/my/decisions").await.sees("A warning").sees("§ 2 Disagree with the matter");
    }
}

story! {
    async fn programs_keep_the_watched_words(town) {
        let (ruth, moa) = (town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "A question", "Where are the boats?").await;
        let (api, ruths) = (moa.api().await, ruth.api().await);
        let new = json!({ "pattern": "sun ?glasses", "is_regex": true, "action": "refuse", "note": "Rule 6." });
        for path in ["/watched-words", "/watched-words/trial"] {
            ruths.post(path, new.clone()).await.is(if path.ends_with('l') { 422 } else { 403 });
        }
        ruths.get("/watched-words").await.is(403);
        ruths.post("/watched-words/trial", json!({ "text": "sunglasses" })).await.is(403);
        api.post("/watched-words", json!({ "pattern": "(", "is_regex": true, "action": "hold" })).await.is(422);
        api.post("/watched-words", json!({ "pattern": "boats", "action": "burn" })).await.is(422);
        let id = api.post("/watched-words", new).await.is(201).number("/id");
        let listed = api.get("/watched-words").await.is(200);
        assert_eq!((listed.text("/items/0/pattern"), listed.text("/items/0/action")), ("sun ?glasses", "refuse"));
        let tried = api.post("/watched-words/trial", json!({ "text": "Cheap SUNGLASSES here" })).await.is(200);
        assert_eq!(tried.number("/items/0/id"), id);
        assert_eq!(api.post("/watched-words/trial", json!({ "text": "Glass" })).await.json["items"], json!([]));
        // It is the same list that members meet.
        let path = format!("/threads/{thread}/posts");
        ruths.post(&path, json!({ "body": "Who wants sun glasses?" })).await.is(422);
        api.delete(&format!("/watched-words/{id}")).await.is(204);
        api.delete(&format!("/watched-words/{id}")).await.is(404);
        ruths.post(&path, json!({ "body": "Who wants sun glasses?" })).await.is(201);
    }
}
