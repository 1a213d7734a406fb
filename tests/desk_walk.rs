//! The desk used by keyboard alone, in a browser: with Tab, Enter, Space and arrows and no script at all, and with single
//! keys where scripts run. Nothing is clicked; a picture of every step lies in `target/walk/`.

use loggia::forum::{self, CategoryDraft};
use loggia::kit::clock::SECOND;
use loggia::kit::ids::CategoryId;
use loggia::policy::Actor;
use serde_json::json;

use crate::support::browser::{self, Browser, Look};
use crate::town::{PASSWORD, Person, Town};
use crate::uploads::{id_of, line, png, sends};

const TITLES: [&str; 4] = ["Boats", "Ropes", "Anchors", "Lanterns"];

/// Four threads by one member, each reported by another, and a moderator.
async fn waits(town: &Town) -> (Person, Vec<i64>) {
    let (_, moa, posts) = scene(town).await;
    (moa, posts)
}

/// The same, with the member who wrote them.
async fn scene(town: &Town) -> (Person, Person, Vec<i64>) {
    let room: CategoryId = town
        .inside(|tx| {
            let draft = CategoryDraft {
                name: "Quay".to_owned(),
                ..CategoryDraft::default()
            };
            forum::create_category(tx, &Actor::System("scene"), &draft)
        })
        .await;
    let (nils, ruth) = (town.member("nils").await, town.member("ruth").await);
    let moa = town.moderator("moa").await;
    let mut posts = Vec::new();
    for title in TITLES {
        let api = nils.api().await;
        let new = json!({ "category_id": room.0, "title": format!("{title} for sale"), "body": format!("Cheap {title}.") });
        let thread = api.post("/threads", new).await.is(201).number("/id");
        let first = api.get(&format!("/threads/{thread}/posts")).await.is(200);
        let post = first.number("/items/0/id");
        let report = json!({ "reason": "spam", "message": "Sells." });
        let path = format!("/posts/{post}/reports");
        ruth.api().await.post(&path, report).await.is(201);
        posts.push(post);
    }
    (nils, moa, posts)
}

async fn takes_effect(town: &Town) {
    town.clock.advance(13 * SECOND);
    town.work().await;
}

async fn comes_in(w: &Browser) {
    w.goto("/sign-in").await;
    w.tab_to("#login").await;
    w.write("moa");
    w.tab_to("#password").await;
    w.write(PASSWORD);
    w.key_onward("Enter").await;
    w.tab_to("Desk").await;
    w.key_onward("Enter").await;
    w.tab_to("Queue").await;
    w.key_onward("Enter").await;
    w.see("Boats for sale").await;
}

async fn can_be_read(town: &Town, post: i64) -> bool {
    let page = town.guest().open(&format!("/p/{post}")).await;
    page.status == 200 && page.html.contains("Cheap ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_tab_enter_and_space_without_a_script() {
    let town = Town::on_sqlite().await;
    let (_moa, posts) = waits(&town).await;
    let Some(mut w) = browser::open(town.base_url(), "desk-tab", Look::default()).await else {
        return;
    };
    comes_in(&w).await;
    w.shot("the-queue");
    // From one entry to the next, and into one.
    w.tab_to("Filter and order").await;
    w.key("Tab").await;
    w.key("Tab").await;
    w.key("Shift+Tab").await;
    w.key_onward("Enter").await;
    w.see("Cheap Boats.").await;
    w.see("Answer the three questions").await;
    w.shot("an-entry");
    w.tab_to("I take this one").await;
    w.key_onward("Enter").await;
    w.see("taken by").await;
    w.shot("taken");
    three_answers(&w).await;
    w.see("The one who reported hears that it was right.").await;
    w.see("Only its author and the moderators read it from then on.")
        .await;
    w.see("Nothing happens to the author.").await;
    w.miss("Answer the three questions").await;
    w.tab_to("#reason").await;
    w.write("Rule 6: no selling.");
    w.shot("answered");
    w.tab_to("Apply").await;
    w.key_onward("Enter").await;
    w.see("It takes effect in a few seconds").await;
    w.shot("applied");
    w.tab_to("Undo").await;
    w.key_onward("Enter").await;
    w.see("It waits where it stood").await;
    w.shot("undone");
    takes_effect(&town).await;
    assert!(can_be_read(&town, posts[0]).await, "undone is undone");
    // Several at once: the first two boxes.
    for title in &TITLES[..2] {
        w.tab_to(&format!("{title} for sale · Nils · one report"))
            .await;
        w.key(" ").await;
    }
    w.tab_to("#reason").await;
    w.write("Rule 6: no selling.");
    w.shot("several");
    w.tab_to("Hide them").await;
    w.key_onward("Enter").await;
    w.see("It takes effect in a few seconds").await;
    w.shot("several-decided");
    takes_effect(&town).await;
    let mut read = Vec::new();
    for post in posts {
        read.push(can_be_read(&town, post).await);
    }
    assert_eq!(read, [false, false, true, true]);
    assert_eq!(w.clicked(), 0, "nothing was clicked");
}

/// The report was right, the words are hidden, nothing happens to the author.
async fn three_answers(w: &Browser) {
    w.tab_to("#finding-upheld").await;
    w.key(" ").await;
    w.tab_to("#content-keep").await;
    w.key(" ").await;
    w.key("ArrowDown").await;
    w.tab_to("#author-none").await;
    w.key(" ").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_single_keys_where_scripts_run() {
    let town = Town::on_sqlite().await;
    let (_moa, posts) = waits(&town).await;
    let look = Look {
        javascript: true,
        ..Look::default()
    };
    let Some(mut w) = browser::open(town.base_url(), "desk-keys", look).await else {
        return;
    };
    comes_in(&w).await;
    w.wait_for("With the keyboard: j and k move").await;
    w.key("?").await;
    w.wait_for("undo a decision that has not taken effect")
        .await;
    w.shot("the-keys");
    w.key("Escape").await;
    // Down, down, up: the first again; and the second after it.
    for key in ["j", "j", "k", "j"] {
        w.key(key).await;
    }
    w.shot("moved");
    w.key_onward("o").await;
    w.wait_for("Cheap Ropes.").await;
    w.wait_for("I take this one").await;
    w.key_onward("t").await;
    w.wait_for("taken by").await;
    w.key("f").await;
    w.key(" ").await;
    w.key("c").await;
    w.key(" ").await;
    w.key("ArrowDown").await;
    w.key("a").await;
    w.key(" ").await;
    w.wait_for("Only its author and the moderators read it from then on.")
        .await;
    w.tab_to("#reason").await;
    w.write("Rule 6: no selling.");
    w.shot("answered");
    w.tab_to("Apply").await;
    w.key_onward("Enter").await;
    w.wait_for("It takes effect in a few seconds").await;
    w.shot("applied");
    w.key_onward("z").await;
    w.wait_for("It waits where it stood").await;
    w.shot("undone");
    takes_effect(&town).await;
    assert!(can_be_read(&town, posts[1]).await, "undone is undone");
    assert_eq!(w.clicked(), 0, "nothing was clicked");
}

/// The desk's other rooms: the rules, a member's page, a picture, an appeal, the log and what it undoes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_rooms_by_tab_and_enter() {
    let town = Town::on_sqlite().await;
    let (nils, _moa, posts) = scene(&town).await;
    let bob = town.moderator("bob").await;
    let post = posts[0];
    let hide = json!({ "reason": "Rule 6." });
    let act = format!("/posts/{post}/acts/hide");
    bob.api().await.post(&act, hide).await.is(200);
    let told = nils.api().await.get("/decisions").await.is(200);
    let appeal = format!("/decisions/{}/appeal", told.number("/items/0/id"));
    let words = json!({ "words": "I sell nothing." });
    nils.api().await.post(&appeal, words).await.is(201);
    let sent = sends(&nils, town.base_url(), &png(60, 40), "A rope").await;
    let (line, path) = line(&sent);
    let words = json!({ "body": format!("Look:\n\n{line}") });
    let api = nils.api().await;
    let threads = api.get("/threads").await.is(200);
    let to = format!("/threads/{}/posts", threads.number("/items/0/id"));
    let pictured = api.post(&to, words).await.is(201).number("/id");
    let Some(mut w) = browser::open(town.base_url(), "desk-rooms", Look::default()).await else {
        return;
    };
    comes_in(&w).await;
    // Rules: a watched word is added and tried.
    w.tab_to("What we go by").await;
    w.key_onward("Enter").await;
    w.tab_to("#pattern").await;
    w.write("casino");
    w.shot("rules");
    w.tab_to("Watch it").await;
    w.key_onward("Enter").await;
    w.see("casino").await;
    // The appeal stands first and is granted.
    let queue = bob.api().await.get("/review-items?kind=appeal").await;
    w.goto(&format!("/desk/review/{}", queue.number("/items/0/id")))
        .await;
    w.see("I sell nothing.").await;
    w.tab_to("#answer").await;
    w.write("You are right.");
    w.shot("appeal");
    w.tab_to("Grant it").await;
    w.key_onward("Enter").await;
    w.see("Answered.").await;
    assert!(can_be_read(&town, post).await, "granted");
    // A member's page: a note, and a warning.
    w.goto("/desk/members/nils").await;
    w.tab_to("#note").await;
    w.write("Sold sunglasses before.");
    w.tab_to("Add the note").await;
    w.key_onward("Enter").await;
    w.see("Sold sunglasses before.").await;
    w.shot("member");
    // A picture is removed, and the log brings it back.
    w.goto(&format!("/p/{pictured}/pictures")).await;
    w.tab_to(&format!("#picture-{}", id_of(&path).0)).await;
    w.key(" ").await;
    w.tab_to("#reason").await;
    w.write("Shows a stranger.");
    w.shot("picture");
    w.tab_to("Remove the picture").await;
    w.key_onward("Enter").await;
    w.see("Removed.").await;
    w.goto("/desk/log?what=words").await;
    w.see("Shows a stranger.").await;
    w.tab_to("Undo").await;
    w.shot("log");
    w.key_onward("Enter").await;
    w.see("Undone").await;
    assert_eq!(w.clicked(), 0, "nothing was clicked");
}
