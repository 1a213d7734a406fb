//! Stories of words that are not lost: whatever comes between while somebody writes, the answer holds the reason and what
//! was typed.

use loggia::forum::{self, PollDraft};
use loggia::kit::At;
use loggia::kit::clock::DAY;
use loggia::kit::ids::{CategoryId, PostId, ThreadId};
use loggia::kit::stop::Document;
use loggia::members;
use serde_json::json;

use crate::story;
use crate::town::talk::{HOUSE, category, started};
use crate::town::{Form, Page, Person, Town};

/// What comes between.
const BETWEEN: [(&str, &str); 3] = [
    ("lock", "This thread has been locked"),
    ("silence", "You cannot write at the moment"),
    ("major", "read and acknowledge"),
];
const TYPED: &str = "It was silver, with a bird on it, and very cold.";

async fn comes_between(town: &Town, what: &'static str, (writer, thread): (&Person, ThreadId)) {
    let member = writer.id;
    town.inside(move |tx| match what {
        "lock" => forum::lock_thread(tx, &HOUSE, thread, None),
        "silence" => members::set_sanction(tx, member, Some(At(i64::MAX)), None),
        _ => members::require_acknowledgement(tx, Document::Community, 2_000),
    })
    .await;
}

/// As it was before.
async fn is_over(town: &Town, what: &'static str, (writer, thread): (&Person, ThreadId)) {
    let member = writer.id;
    town.inside(move |tx| match what {
        "lock" => forum::unlock_thread(tx, &HOUSE, thread),
        "silence" => members::set_sanction(tx, member, None, None),
        _ => members::require_acknowledgement(tx, Document::Community, 1),
    })
    .await;
}

async fn thread(town: &Town, by: &Person, category: CategoryId) -> (ThreadId, PostId) {
    started(town, by, category, ("A ring", "birds"), "First words").await
}

#[track_caller]
fn holds(page: &Page, what: &str, reason: &str) {
    assert!(page.status >= 400, "{what}: {}", page.status);
    assert!(page.has(reason), "{what}: {}", page.words());
    assert!(page.has(TYPED), "{what}: {}", page.words());
}

async fn pressed(form: &Form, button: Option<&str>) -> Page {
    let mut form = form.clone();
    if let Some(name) = button {
        form.fields.push((name.to_owned(), "1".to_owned()));
    }
    form.submit().await
}

story! {
    async fn a_refusal_while_one_writes_shows_the_reason_and_the_words(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, post) = thread(&town, &ruth, field).await;
        for (what, reason) in BETWEEN {
            let reply = ruth.opens(&format!("/t/a-ring/{id}")).await.form("Send the reply").fill("body", TYPED);
            let edit = ruth.opens(&format!("/p/{post}/edit")).await.form("Save").fill("body", TYPED);
            let heading = ruth.opens(&format!("/threads/{id}/edit")).await.form("Save").fill("title", TYPED);
            let new = ruth.opens("/new-thread").await.form("Start a thread");
            let new = new.choose("category", &field.to_string()).fill("title", TYPED);
            comes_between(&town, what, (&ruth, id)).await;

            let page = reply.clone().submit().await;
            holds(&page, what, reason);
            assert_eq!(page.form("Send the reply").value("body"), Some(TYPED), "{what}");
            page.sees("What you wrote stands below");
            let page = pressed(&reply, Some("preview")).await;
            page.is(200).sees("What you wrote stands below").sees(TYPED);
            let page = edit.clone().submit().await;
            holds(&page, what, reason);
            let again = page.form("Save");
            assert_eq!(again.value("body"), Some(TYPED), "{what}");
            let page = pressed(&edit, Some("preview")).await;
            page.is(200).sees(reason).sees(TYPED);
            let page = heading.submit().await;
            assert!(page.status >= 400 && page.has(reason), "{what}: {}", page.words());
            assert_eq!(page.form("Save").value("title"), Some(TYPED), "{what}");
            if what != "lock" {
                let page = new.clone().fill("body", TYPED).submit().await;
                holds(&page, what, reason);
                let form = page.form("Start a thread");
                assert_eq!((form.value("title"), form.value("body")), (Some(TYPED), Some(TYPED)));
                assert_eq!(form.value("category"), Some(field.to_string().as_str()), "{what}");
                // A title alone is words, too.
                let page = new.submit().await;
                assert_eq!(page.form("Start a thread").value("title"), Some(TYPED), "{what}");
            }
            is_over(&town, what, (&ruth, id)).await;
            again.submit().await.is(200).sees(TYPED);
        }
    }
}

story! {
    async fn a_post_that_was_hidden_while_it_was_edited_gives_the_words_back(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field).await;
        let post = crate::town::talk::reply(&town, &ruth, id, "More words").await;
        let edit = ruth.opens(&format!("/p/{post}/edit")).await.form("Save").fill("body", TYPED);
        town.inside(move |tx| forum::delete_post(tx, &HOUSE, post, Some("twice"))).await;
        let page = edit.submit().await;
        assert!(page.status >= 400, "{}", page.status);
        page.sees(TYPED);
    }
}

story! {
    async fn a_draft_for_a_thread_that_was_locked_can_still_be_read(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field).await;
        let here = format!("/t/a-ring/{id}");
        let form = ruth.opens(&here).await.form("Save as draft").fill("body", TYPED);
        form.submit().await.sees("Your draft is saved");
        comes_between(&town, "lock", (&ruth, id)).await;
        ruth.opens(&format!("{here}?draft=1")).await.is(200).sees(TYPED).sees("locked");
        ruth.opens(&here).await.is(200).hides(TYPED).sees("locked");
        town.guest().open(&format!("{here}?draft=1")).await.is(200).hides(TYPED);
    }
}

story! {
    async fn a_session_that_is_over_takes_no_words_along(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, post) = thread(&town, &ruth, field).await;
        let here = format!("/t/a-ring/{id}");
        let reply = ruth.opens(&here).await.form("Send the reply").fill("body", TYPED);
        let edit = ruth.opens(&format!("/p/{post}/edit")).await.form("Save").fill("body", TYPED);
        let new = ruth.opens("/new-thread").await.form("Start a thread");
        let new = new.choose("category", &field.to_string()).fill("body", TYPED).fill("title", "A gull");
        let bookmark = ruth.opens(&here).await.form("Save");
        let actor = ruth.actor(&town).await;
        town.inside(move |tx| members::end_other_sessions(tx, &actor, None).map(drop)).await;
        for form in [&reply, &edit, &new] {
            let page = form.clone().submit().await;
            page.is(401).sees("What you wrote").sees("Please sign in first");
            assert!(page.all("textarea[readonly]").contains(&TYPED.to_owned()), "{}", page.html);
            assert!(page.link("Sign in").starts_with("/sign-in?next="));
        }
        // What was previewed stays in its box.
        pressed(&reply, Some("preview")).await.is(200).sees("Please sign in first").sees(TYPED);
        // Where there are no words, one is led to the door.
        let page = bookmark.submit().await;
        assert!(page.path.starts_with("/sign-in"), "{}", page.path);
    }
}

story! {
    async fn a_form_without_its_cookie_gives_the_words_back_and_no_secret(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field).await;
        let reply = ruth.opens(&format!("/t/a-ring/{id}")).await.form("Send the reply").fill("body", TYPED);
        let token = reply.value("csrf").expect("a guard").to_owned();
        let other = town.guest();
        let page = other.post_once(&reply.action, &reply.fields).await;
        page.is(403).sees("What you wrote").sees(TYPED).hides(&token);
        // Nothing that another site sends is shown on a page of the house.
        let body = format!("body={}", TYPED.replace(' ', "+"));
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "http://elsewhere.example"), ("sec-fetch-site", "cross-site")];
        other.send("POST", &reply.action, Some(body), &headers).await.is(403).hides("very cold");
        let form = other.open("/sign-in").await.form("Sign in").fill("login", "ruth").fill("password", "a sentence nobody knows");
        let page = town.guest().post_once(&form.action, &form.fields).await;
        page.is(403).hides("a sentence nobody knows").hides("What you wrote");
    }
}

story! {
    async fn a_draft_keeps_the_poll_that_was_begun_with_it(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let form = ruth.opens("/new-thread").await.form("Save as draft");
        let form = form.choose("category", &field.to_string()).fill("title", "A ring").fill("body", TYPED);
        let form = form.fill("poll_question", "Whose is it?").fill("poll_options", "Ada's\nMo's").choose("poll_kind", "ranked");
        form.tick("poll_secret", "1").fill("poll_days", "3").submit().await.sees("Your draft is saved");
        let holds_all = |form: &Form| {
            assert_eq!(form.value("poll_question"), Some("Whose is it?"));
            assert_eq!(form.value("poll_options").map(|text| text.replace('\r', "")).as_deref(), Some("Ada's\nMo's"));
            assert_eq!((form.value("poll_kind"), form.value("poll_days")), (Some("ranked"), Some("3")));
            assert_eq!(form.value("poll_secret"), Some("1"));
            assert_eq!(form.value("category"), Some(field.to_string().as_str()));
        };
        holds_all(&ruth.opens("/new-thread?draft=1").await.form("Start a thread"));
        // A program that speaks of the words alone leaves the rest as it was.
        let api = ruth.api().await;
        let kept = api.get("/drafts").await.is(200);
        assert_eq!(kept.number("/items/0/category_id"), field.0);
        let body = json!({ "title": "A ring", "body": "Written anew", "revision": kept.number("/items/0/revision") });
        api.post("/drafts", body).await.is(200);
        let form = ruth.opens("/new-thread?draft=1").await.form("Start a thread");
        assert_eq!(form.value("body"), Some("Written anew"));
        holds_all(&form);
        form.submit().await.is(200).sees("Whose is it?");
        assert_eq!(api.get("/drafts").await.json.pointer("/items/0"), None);
        // A poll alone is worth keeping, too.
        let form = ruth.opens("/new-thread").await.form("Save as draft").fill("poll_question", "And now?");
        form.submit().await.sees("Your draft is saved");
        assert_eq!(ruth.opens("/new-thread?draft=1").await.form("Start a thread").value("poll_question"), Some("And now?"));
    }
}

story! {
    async fn a_program_leaves_a_draft_what_it_answers(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, post) = thread(&town, &ruth, field).await;
        let here = format!("/t/a-ring/{id}");
        let form = ruth.opens(&format!("{here}?reply_to=1")).await.form("Save as draft");
        form.fill("body", TYPED).submit().await.sees("Your draft is saved");
        let api = ruth.api().await;
        let save = |more: serde_json::Value| {
            let mut body = json!({ "thread_id": id.0, "body": "Written anew" });
            if let (Some(all), Some(more)) = (body.as_object_mut(), more.as_object()) {
                all.extend(more.clone());
            }
            body
        };
        api.post("/drafts", save(json!({ "revision": 1 }))).await.is(200);
        assert_eq!(api.get("/drafts").await.number("/items/0/reply_to"), post.0);
        api.post("/drafts", save(json!({ "revision": 2, "reply_to": 0 }))).await.is(200);
        assert_eq!(api.get("/drafts").await.json.pointer("/items/0/reply_to"), Some(&json!(null)));
    }
}

story! {
    async fn a_poll_that_is_changed_keeps_its_end(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (_, post) = thread(&town, &ruth, field).await;
        let here = format!("/p/{post}/poll");
        let form = ruth.opens(&here).await.form("Ask this").fill("poll_question", "Whose is it?");
        form.fill("poll_options", "Ada's\nMo's").fill("poll_days", "5").submit().await.is(200);
        let end = |page: &Page| page.words_of(".poll .meta time");
        let page = ruth.opens(&here).await;
        let before = end(&page).expect("an end");
        town.clock.advance(DAY);
        page.form("Ask this").fill("poll_question", "Whose was it?").submit().await.is(200);
        let page = ruth.opens(&here).await;
        page.sees("Whose was it?");
        assert_eq!(end(&page), Some(before));
        page.form("Ask this").fill("poll_days", "0").submit().await.is(200);
        assert_eq!(end(&ruth.opens(&here).await), None);
    }
}

story! {
    async fn refused_ranks_and_days_stand_there_as_they_were_typed(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (_, post) = thread(&town, &ruth, field).await;
        let poll = PollDraft::parse("ranked", false, "Where?", "a\nb\nc", "").expect("a poll");
        let actor = ruth.actor(&town).await;
        town.inside(move |tx| {
            forum::put_poll(tx, &actor, post, &poll)?;
            forum::vote(tx, &actor, post, &[2, 1])
        })
        .await;
        let here = format!("/p/{post}/poll");
        let mut form = ruth.opens(&here).await.form("Change my vote");
        let ranks = |form: &Form| -> Vec<String> {
            form.fields.iter().filter(|(name, _)| name == "rank").map(|(_, rank)| rank.clone()).collect()
        };
        assert_eq!(ranks(&form), ["", "2", "1"]);
        form.fields.retain(|(name, _)| name != "rank");
        form.fields.extend(["1", "1", "3"].map(|rank| ("rank".to_owned(), rank.to_owned())));
        let page = form.submit().await;
        page.is(422);
        assert_eq!(ranks(&page.form("Change my vote")), ["1", "1", "3"]);

        ruth.opens(&format!("/p/{post}")).await.form("Save").submit().await.is(200);
        let form = ruth.opens("/my/bookmarks").await.form("Remind me");
        let page = form.fill("remind", "2001-02-03").submit().await;
        page.is(422);
        assert_eq!(page.form("Remind me").value("remind"), Some("2001-02-03"));
    }
}
