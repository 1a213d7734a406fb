//! Stories of words that are not lost: whatever comes between while somebody writes, the answer holds the reason and what
//! was typed.

use loggia::forum;
use loggia::kit::At;
use loggia::kit::ids::{CategoryId, PostId, ThreadId};
use loggia::kit::stop::Document;
use loggia::members;

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
