//! Stories of small things people do in the community room: how far they read, what they saved, drafts, polls.

use serde_json::json;

use crate::desk_queue::{replied, said};
use crate::story;
use crate::town::talk::category;

story! {
    async fn what_was_saved_and_solved_is_let_go(town) {
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "All about boats", "Which boat?").await;
        let post = replied(&tomas, thread, "The blue one.").await;
        let path = format!("/t/all-about-boats/{thread}");
        let page = ruth.opens(&path).await;
        let form = page.forms_to(&format!("/p/{post}/bookmark")).into_iter().next().expect("a button that saves it");
        form.submit().await.is(200);
        ruth.opens("/my/bookmarks").await.sees("All about boats").form("Let it go").submit().await.is(200);
        ruth.opens("/my/bookmarks").await.hides("All about boats");
        let page = ruth.opens(&path).await;
        let form = page.forms_to(&format!("/p/{post}/answer")).into_iter().next().expect("a button that marks it");
        form.submit().await.is(200).sees("Answered");
        let page = ruth.opens(&path).await;
        assert!(tomas.opens(&path).await.forms_to(&format!("/p/{post}/unanswer")).is_empty());
        page.form("Not the answer after all").submit().await.is(200);
        ruth.opens(&path).await.hides("Answered");
    }
}

story! {
    async fn a_script_notes_how_far_somebody_read(town) {
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "All about boats", "Which boat?").await;
        // Whoever replies follows.
        replied(&tomas, thread, "Any boat.").await;
        tomas.opens(&format!("/t/all-about-boats/{thread}")).await.is(200);
        for n in 2..5 {
            replied(&ruth, thread, &format!("Boat number {n}.")).await;
        }
        tomas.opens("/unread").await.sees("All about boats");
        let csrf = |page: &crate::town::Page| page.attributes("input[name=csrf]", "value").remove(0);
        let page = tomas.opens("/my/settings").await;
        let fields = [("csrf".to_owned(), csrf(&page)), ("number".to_owned(), "5".to_owned())];
        tomas.browser.post(&format!("/t/all-about-boats/{thread}/read"), &fields).await.is(200);
        tomas.opens("/unread").await.hides("All about boats");
        // Further than it goes is as far as it goes, and nobody reads backwards.
        for number in ["900", "1"] {
            let fields = [("csrf".to_owned(), csrf(&page)), ("number".to_owned(), number.to_owned())];
            tomas.browser.post(&format!("/t/all-about-boats/{thread}/read"), &fields).await.is(200);
        }
        tomas.opens("/unread").await.hides("All about boats");
        replied(&ruth, thread, "One more.").await;
        tomas.opens("/unread").await.sees("All about boats");
    }
}

story! {
    async fn a_draft_is_kept_gone_on_with_and_let_go(town) {
        let ruth = town.member("ruth").await;
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "All about boats", "Which boat?").await;
        let csrf = ruth.opens("/my/settings").await.attributes("input[name=csrf]", "value").remove(0);
        let keep = async |body: &str, revision: &str| {
            let fields = [("csrf", csrf.as_str()), ("body", body), ("draft_revision", revision)].map(|(name, value)| (name.to_owned(), value.to_owned()));
            ruth.browser.post(&format!("/my/drafts/t{thread}-reply"), &fields).await
        };
        let page = keep("The blue one, I th", "0").await;
        page.is(200).sees("The blue one, I th");
        ruth.opens("/my/drafts").await.sees("All about boats");
        // An older window does not write over it unseen.
        assert_eq!(keep("Something from yesterday", "0").await.status, 409);
        ruth.opens(&format!("/my/drafts/t{thread}-reply")).await.sees("The blue one, I th");
        let api = ruth.api().await;
        let draft = api.get("/drafts").await.is(200).number("/items/0/id");
        let tomas = town.member("tomas").await;
        tomas.api().await.delete(&format!("/drafts/{draft}")).await;
        assert_eq!(api.get("/drafts").await.number("/items/0/id"), draft, "nobody lets somebody else's draft go");
        api.delete(&format!("/drafts/{draft}")).await.is(204);
        assert_eq!(api.get("/drafts").await.json["items"], json!([]));
    }
}

story! {
    async fn polls_are_closed_removed_and_votes_taken_back(town) {
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (ruth_api, tomas_api) = (ruth.api().await, tomas.api().await);
        let asked = async |title: &str| {
            let (_, post) = said(&ruth, room, title, "Say.").await;
            let poll = json!({ "kind": "single", "question": "Which boat?", "options": ["Blue", "Red"] });
            ruth_api.post(&format!("/posts/{post}/poll"), poll).await.is(200);
            post
        };
        let post = asked("By a program").await;
        let (poll, vote, closing) = (format!("/posts/{post}/poll"), format!("/posts/{post}/vote"), format!("/posts/{post}/poll/closing"));
        tomas_api.post(&vote, json!({ "choice": [0] })).await.is(204);
        ruth_api.delete(&poll).await.is(422);
        assert_eq!(tomas_api.get(&poll).await.is(200).number("/voters"), 1);
        tomas_api.delete(&vote).await.is(204);
        assert_eq!(tomas_api.get(&poll).await.number("/voters"), 0);
        tomas_api.post(&vote, json!({ "choice": [1] })).await.is(204);
        tomas_api.post(&closing, json!({})).await.is(403);
        ruth_api.post(&closing, json!({})).await.is(204);
        ruth_api.post(&closing, json!({})).await.is(409);
        let late = tomas_api.delete(&vote).await.status;
        assert!((400..500).contains(&late), "closed is closed: {late}");
        // Nobody has voted in this one.
        let post = asked("Taken away").await;
        tomas_api.delete(&format!("/posts/{post}/poll")).await.is(403);
        ruth_api.delete(&format!("/posts/{post}/poll")).await.is(204);
        ruth_api.get(&format!("/posts/{post}/poll")).await.is(404);
        ruth.opens("/search?q=red").await.hides("Taken away");
        // By form.
        let post = asked("By a form").await;
        let page = ruth.opens(&format!("/p/{post}/poll")).await;
        page.form("Remove the poll").submit().await.is(200).hides("Which boat?");
        let post = asked("Closed by a form").await;
        let page = ruth.opens(&format!("/p/{post}/poll")).await;
        page.form("Close the poll now").submit().await.is(200).sees("Closed");
    }
}

story! {
    async fn deleted_and_hidden_words_come_back(town) {
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "All about boats", "Which boat?").await;
        let post = replied(&tomas, thread, "The blue one.").await;
        let restoration = format!("/posts/{post}/restoration");
        tomas.api().await.post(&restoration, json!({})).await.is(403);
        tomas.api().await.delete(&format!("/posts/{post}")).await.is(204);
        ruth.api().await.post(&restoration, json!({})).await.is(403);
        tomas.api().await.post(&restoration, json!({})).await.is(204);
        town.guest().open(&format!("/p/{post}")).await.is(200).sees("The blue one.");
        // A moderator hides it, and brings it back by the page that asks why.
        let page = mo.opens(&format!("/p/{post}/hide")).await;
        page.form("Hide").choose("rule", "other").fill("reason", "Rule 2.").submit().await.is(200);
        assert_eq!(town.guest().open(&format!("/p/{post}")).await.status, 404);
        let back = format!("/p/{post}/unhide");
        tomas.browser.open(&back).await.is(403);
        let page = mo.opens(&back).await;
        page.is(200).form("Bring this post back").submit().await.is(200);
        town.guest().open(&format!("/p/{post}")).await.is(200).sees("The blue one.");
    }
}

story! {
    async fn a_program_takes_a_decision_back_in_time(town) {
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&tomas, room, "All about boats", "Cheap boats.").await;
        crate::desk_queue::reported(&ruth, post, "spam").await;
        let id = crate::desk_queue::first_item(&mo).await;
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        let form = page.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "none");
        form.fill("reason", "Rule 6.").submit().await.is(200);
        let api = mo.api().await;
        let undo = format!("/review-items/{id}/undo");
        ruth.api().await.post(&undo, json!({})).await.is(403);
        api.post(&undo, json!({})).await.is(204);
        api.post(&undo, json!({})).await.is(409);
        crate::desk_queue::takes_effect(&town).await;
        town.guest().open(&format!("/p/{post}")).await.is(200).sees("Cheap boats.");
        assert_eq!(api.get(&format!("/review-items/{id}")).await.is(200).text("/state"), "open");
    }
}
