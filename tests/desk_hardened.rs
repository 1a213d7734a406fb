//! Stories of the desk against those who try it: pictures behind other people's doors, threads that hang on their first
//! post, reporters who come again, headings that change under a moderator's eyes, moderators who are reported themselves.

use loggia::forum::{Grant, Who};
use loggia::kit::clock::SECOND;
use loggia::kit::ids::CategoryId;
use loggia::members;
use loggia::moderation::{self, DeskSettings};
use loggia::policy::Trust;
use serde_json::{Value, json};

use crate::desk_queue::{first_item, replied, reported, said, set, takes_effect, waiting};
use crate::highlights::Scene;
use crate::story;
use crate::town::talk::{HOUSE, category};
use crate::town::{Person, Town};
use crate::uploads::{id_of, line, png, sends};

/// A category where the members of a group moderate, and one of them.
async fn kept_by(town: &Town, keeper: &Person) -> CategoryId {
    let circle = town
        .inside(|tx| members::create_group(tx, &HOUSE, "Quay keepers", ""))
        .await;
    let id = keeper.id;
    town.inside(move |tx| members::join_group(tx, &HOUSE, circle, id))
        .await;
    let all = Grant {
        who: Who::Everyone,
        group: None,
        see: true,
        reply: true,
        start: true,
        moderate: false,
    };
    let keepers = Grant {
        who: Who::Group,
        group: Some(circle),
        moderate: true,
        ..all.clone()
    };
    category(town, "Quay", vec![all, keepers]).await
}

fn items(json: &Value) -> Vec<Value> {
    json["items"].as_array().cloned().unwrap_or_default()
}

story! {
    async fn a_picture_is_removed_where_its_moderator_moderates(town) {
        let (ruth, ines, kim, moa) = (town.member("ruth").await, town.member("ines").await, town.member("kim").await, town.moderator("moa").await);
        let (open, quay) = (category(&town, "Harbour", Vec::new()).await, kept_by(&town, &kim).await);
        let base = town.base_url().to_owned();
        let bytes = png(90, 60);
        let mut posts = Vec::new();
        for (who, room) in [(&ruth, open), (&kim, quay), (&ines, quay)] {
            let (words, path) = line(&sends(who, &base, &bytes, "A heron").await);
            let (_, post) = said(who, room, "A heron", &format!("Look.\n\n{words}")).await;
            posts.push((post, path));
        }
        let seen = async |at: usize| town.guest().send("GET", &posts[at].1, None, &[]).await.status == 200;
        // Whoever keeps the quay cannot empty the harbour by a copy.
        kim.opens(&format!("/p/{}/pictures", posts[1].0)).await.is(200).sees("It was sent one more time");
        let api = kim.api().await;
        let removal = format!("/uploads/{}/removal", id_of(&posts[1].1).0);
        api.post(&removal, json!({ "reason": "Not ours." })).await.is(204);
        assert_eq!((seen(0).await, seen(1).await, seen(2).await), (true, false, false));
        // Everybody who lost a picture reads why; and it does not come in again by the back door.
        ines.opens("/my/decisions").await.sees("A picture was removed").sees("Not ours.");
        ruth.opens("/my/decisions").await.hides("A picture was removed");
        sends(&ines, &base, &bytes, "A heron again").await.is(422).sees("was removed by the community managers");
        // A moderator of the whole community takes the rest; the keeper brings back no more than went with their own.
        moa.api().await.post(&format!("/uploads/{}/removal", id_of(&posts[0].1).0), json!({ "reason": "Stolen." })).await.is(204);
        ruth.opens("/my/decisions").await.sees("Stolen.");
        assert!(!seen(0).await);
        api.delete(&removal).await.is(204);
        assert_eq!((seen(0).await, seen(1).await, seen(2).await), (false, true, true));
        ines.opens("/my/decisions").await.sees("taken back");
        ruth.opens("/my/decisions").await.hides("taken back");
    }
}

story! {
    async fn of_two_removed_pictures_one_comes_back(town) {
        let (ruth, moa, mia) = (town.member("ruth").await, town.moderator("moa").await, town.moderator("mia").await);
        let open = category(&town, "Harbour", Vec::new()).await;
        let base = town.base_url().to_owned();
        let (one, first) = line(&sends(&ruth, &base, &png(90, 60), "One").await);
        let (two, second) = line(&sends(&ruth, &base, &png(91, 60), "Two").await);
        said(&ruth, open, "Two herons", &format!("Look.\n\n{one}\n\n{two}")).await;
        let api = moa.api().await;
        for (path, why) in [(&first, "Why one."), (&second, "Why two.")] {
            api.post(&format!("/uploads/{}/removal", id_of(path).0), json!({ "reason": why })).await.is(204);
        }
        let mine = items(&ruth.api().await.get("/decisions").await.is(200).json);
        let about = mine.iter().find(|one| one["reason"].as_str().is_some_and(|why| why.contains("Why one."))).and_then(|one| one["id"].as_i64()).expect("a decision for each");
        ruth.api().await.post(&format!("/decisions/{about}/appeal"), json!({ "words": "It is mine." })).await.is(201);
        let appeal = items(&mia.api().await.get("/review-items?kind=appeal").await.is(200).json);
        let (id, version) = (appeal[0]["id"].clone(), appeal[0]["version"].clone());
        mia.api().await.post(&format!("/review-items/{id}/appeal"), json!({ "granted": true, "words": "So it is.", "version": version })).await.is(204);
        let seen = async |path: &str| town.guest().send("GET", path, None, &[]).await.status == 200;
        assert_eq!((seen(&first).await, seen(&second).await), (true, false));
        let mine = items(&ruth.api().await.get("/decisions").await.is(200).json);
        let undone = |why: &str| mine.iter().any(|one| one["reason"].as_str().is_some_and(|w| w.contains(why)) && !one["undone_at"].is_null());
        assert!(undone("Why one.") && !undone("Why two."), "{mine:?}");
    }
}

story! {
    async fn what_others_said_does_not_hang_on_the_first_post(town) {
        let (ruth, ines, moa) = (town.member("ruth").await, town.member("ines").await, town.moderator("moa").await);
        let open = category(&town, "Harbour", Vec::new()).await;
        let (thread, post) = said(&ruth, open, "About ropes", "Which rope?").await;
        moa.opens("/desk/rules").await.form("Watch it").fill("pattern", "casino").choose("action", "hold").submit().await.is(200);
        let edits = async |body: &str| {
            let api = ruth.api().await;
            let revision = api.get(&format!("/posts/{post}")).await.is(200).number("/revision");
            api.patch(&format!("/posts/{post}"), json!({ "body": body, "revision": revision })).await.is(200);
        };
        // Alone in the thread, the words take it along.
        edits("Which casino?").await;
        assert_ne!(town.guest().open(&format!("/t/about-ropes/{thread}")).await.status, 200);
        let id = first_item(&moa).await;
        let page = moa.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "Fine.").submit().await.is(200);
        takes_effect(&town).await;
        replied(&ines, thread, "Hemp, always.").await;
        // With others in it, they alone are held.
        edits("Which casino, then?").await;
        let page = town.guest().open(&format!("/t/about-ropes/{thread}")).await;
        page.is(200).sees("Hemp, always.").hides("casino");
        // A title that would have to wait is refused: it stands over what others said.
        let id = first_item(&moa).await;
        let page = moa.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "Fine.").submit().await.is(200);
        takes_effect(&town).await;
        let form = ruth.opens(&format!("/threads/{thread}/edit")).await.form("Save");
        let page = form.fill("title", "Casino ropes").submit().await;
        page.is(422);
        assert_eq!(page.form("Save").value("title"), Some("Casino ropes"));
        town.guest().open(&format!("/t/about-ropes/{thread}")).await.is(200).sees("Hemp, always.").sees("About ropes");
    }
}

story! {
    async fn the_same_three_hide_nothing_that_was_cleared(town) {
        let (ruth, moa) = (town.member("ruth").await, town.moderator("moa").await);
        let open = category(&town, "Harbour", Vec::new()).await;
        set(&town, DeskSettings { auto_hide: 2, ..DeskSettings::default() }).await;
        let mut gang = Vec::new();
        for name in ["gus", "gil"] {
            gang.push(town.person(name, &[], Trust::Established).await);
        }
        let (_, post) = said(&ruth, open, "Doubtful boats", "Boats.").await;
        let visible = async || town.guest().open(&format!("/p/{post}")).await.status == 200;
        for one in &gang { reported(one, post, "spam").await; }
        assert!(!visible().await, "two of them are enough");
        let clears = async || {
            let id = first_item(&moa).await;
            let page = moa.opens(&format!("/desk/review/{id}")).await;
            page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "Nothing wrong.").submit().await.is(200);
            takes_effect(&town).await;
        };
        clears().await;
        assert!(visible().await);
        for one in &gang { reported(one, post, "spam").await; }
        assert!(visible().await, "a moderator looked at these very words");
        assert_eq!(waiting(&moa).await, 1, "it waits for a hand all the same");
        clears().await;
        // Other words are other words.
        town.clock.advance(SECOND);
        let api = ruth.api().await;
        let revision = api.get(&format!("/posts/{post}")).await.is(200).number("/revision");
        api.patch(&format!("/posts/{post}"), json!({ "body": "Cheap boats.", "revision": revision })).await.is(200);
        town.clock.advance(SECOND);
        for one in &gang { reported(one, post, "spam").await; }
        assert!(!visible().await);
    }
}

story! {
    async fn another_title_is_read_before_it_is_let_through(town) {
        let (newt, moa) = (town.newcomer("newt").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        set(&town, DeskSettings { first_posts: 1, ..DeskSettings::default() }).await;
        let (thread, post) = said(&newt, room, "Hello there", "Harmless words.").await;
        let id = first_item(&moa).await;
        let form = moa.opens(&format!("/desk/review/{id}")).await.form("Apply");
        let form = form.choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "Fine.");
        newt.opens(&format!("/threads/{thread}/edit")).await.form("Save").fill("title", "Something else entirely").submit().await.is(200);
        let page = form.submit().await;
        assert_ne!(page.status, 200, "the moderator has not read this title");
        takes_effect(&town).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200);
        assert_eq!(waiting(&moa).await, 1);
    }
}

story! {
    async fn a_reported_moderator_does_not_read_who_it_was(town) {
        let (moa, mia, ines) = (town.moderator("moa").await, town.moderator("mia").await, town.member("ines").await);
        let open = category(&town, "Harbour", Vec::new()).await;
        let (_, post) = said(&moa, open, "From the desk", "Be quiet.").await;
        let page = ines.opens(&format!("/p/{post}/report")).await;
        page.form("Send").choose("reason", "other").fill("message", "She shouts at us.").submit().await.is(200);
        moa.opens("/my/notices").await.hides("A post was reported");
        mia.opens("/my/notices").await.sees("A post was reported");
        let id = first_item(&mia).await;
        let path = format!("/desk/review/{id}");
        let note = mia.opens(&path).await.form("Add the note").fill("note", "Ask her first.").submit().await;
        note.is(200).sees("She shouts at us.").sees("Ask her first.");
        moa.opens(&path).await.is(200).hides("She shouts at us.").hides("Ask her first.").hides("Ines");
        moa.opens("/desk/log?what=desk").await.is(200).hides("Post reported").hides("Ines");
        mia.opens("/desk/log?what=desk").await.sees("Post reported").sees("Ines");
        let api = moa.api().await;
        let item = api.get(&format!("/review-items/{id}")).await.is(200);
        assert!(!item.json.to_string().contains("She shouts"), "{}", item.json);
        assert!(!api.get("/review-items").await.is(200).json.to_string().contains("She shouts"));
        assert!(!api.get(&format!("/review-items/{id}/notes")).await.is(200).json.to_string().contains("Ask her"));
        let version = item.json["version"].clone();
        api.post(&format!("/review-items/{id}/notes"), json!({ "note": "It was nothing." })).await.is(403);
        api.post(&format!("/review-items/{id}/assignment"), json!({ "version": version })).await.is(403);
        mia.opens("/desk/members/moa").await.form("Add the note").fill("note", "Third time.").submit().await.is(200).sees("Third time.");
        moa.opens("/desk/members/moa").await.hides("Third time.");
    }
}

story! {
    async fn nothing_leaves_while_a_decision_about_it_is_on_its_way(town) {
        let scene = Scene::set(town).await;
        let nils = scene.town.member("nils").await;
        let (_, one) = scene.scheduled().await;
        reported(&nils, scene.post.0, "spam").await;
        let id = first_item(&scene.mo).await;
        let page = scene.mo.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "none").fill("reason", "Not true.").submit().await.is(200);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "it waits until the decision has taken effect");
        assert_ne!(scene.announcement(one).await, "cancelled");
        // Undone: it leaves. Undoing is in the log.
        scene.mo.opens(&format!("/desk/review/{id}")).await.form("Undo").submit().await.is(200);
        scene.mo.opens("/desk/log?what=desk").await.sees("Decision stopped within its twelve seconds");
        scene.town.clock.advance(20 * SECOND);
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    async fn a_decision_whose_job_was_lost_is_done_all_the_same(town) {
        let (ruth, ines, moa) = (town.member("ruth").await, town.member("ines").await, town.moderator("moa").await);
        let open = category(&town, "Harbour", Vec::new()).await;
        let (_, post) = said(&ruth, open, "Doubtful boats", "Boats.").await;
        reported(&ines, post, "spam").await;
        let id = first_item(&moa).await;
        let page = moa.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "none").fill("reason", "Spam.").submit().await.is(200);
        // The job is gone, as after ten tries; the entry would stand in no list.
        town.inside(|tx| {
            use diesel::prelude::*;
            use loggia::db::schema::jobs;
            diesel::delete(jobs::table.filter(jobs::kind.eq(moderation::APPLY))).execute(tx.conn)?;
            Ok(())
        }).await;
        town.clock.advance(200 * SECOND);
        town.inside(moderation::look_for_stuck).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200, "done at last");
        assert_eq!(waiting(&moa).await, 0);
    }
}
