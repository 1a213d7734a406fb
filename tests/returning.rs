//! A member who returns after a week of five hundred new posts finds what concerns them in three clicks: with scripts and
//! without.

use loggia::forum::{self, CategoryDraft, Level, NewThread, Tags, Title, Words};
use loggia::kit::clock::{DAY, MINUTE};
use loggia::kit::ids::{CategoryId, ThreadId};
use loggia::policy::Actor;

use crate::support::browser::{self, Look};
use crate::town::{PASSWORD, Person, Town};

const HOUSE: Actor = Actor::System("scene");

async fn start(town: &Town, by: &Person, category: CategoryId, title: &str) -> ThreadId {
    let actor = by.actor(town).await;
    let new = NewThread {
        category,
        title: Title::parse(title).expect("a title"),
        words: Words::parse("First words.", town.base_url()).expect("words"),
        tags: Tags::default(),
    };
    town.inside(move |tx| forum::start(tx, &actor, &new))
        .await
        .thread
}

async fn say(town: &Town, by: &Person, thread: ThreadId, words: Vec<String>) {
    let (actor, base) = (by.actor(town).await, town.base_url().to_owned());
    town.inside(move |tx| {
        for words in &words {
            let words = Words::parse(words, &base)?;
            forum::reply(tx, &actor, thread, &words, None)?;
        }
        Ok(())
    })
    .await;
}

/// A week in which five hundred posts were written; among them one thread that Tomas follows, and one post that calls him.
async fn week() -> (Town, ThreadId) {
    let town = Town::on_sqlite().await;
    let draft = CategoryDraft {
        name: "Field notes".to_owned(),
        ..CategoryDraft::default()
    };
    let field = town
        .inside(move |tx| forum::create_category(tx, &HOUSE, &draft))
        .await;
    let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
    let followed = start(&town, &ruth, field, "The kingfisher of berth four").await;
    let noise = start(&town, &ruth, field, "Everything else").await;
    let actor = tomas.actor(&town).await;
    town.inside(move |tx| {
        forum::read_to(tx, &actor, followed, 1)?;
        forum::read_to(tx, &actor, noise, 1)?;
        forum::follow_thread(tx, &actor, followed, Level::Tracking)
    })
    .await;
    town.clock.advance(7 * DAY);
    let many = |from: i32, to: i32| (from..to).map(|n| format!("Words number {n}.")).collect();
    say(&town, &ruth, noise, many(0, 400)).await;
    for n in 0..30 {
        let other = start(&town, &ruth, field, &format!("Talk {n}")).await;
        say(&town, &ruth, other, many(0, 2)).await;
    }
    say(&town, &ruth, followed, many(0, 39)).await;
    town.clock.advance(MINUTE);
    say(
        &town,
        &ruth,
        noise,
        vec!["Where is @tomas, by the way?".to_owned()],
    )
    .await;
    town.work().await;
    (town, followed)
}

async fn returns(javascript: bool, name: &str) {
    let (town, followed) = week().await;
    let look = Look {
        javascript,
        width: 375,
        height: 900,
        ..Look::default()
    };
    let Some(mut w) = browser::open(town.base_url(), name, look).await else {
        return;
    };
    w.goto("/sign-in").await;
    w.fill("Name or e-mail address", "tomas").await;
    w.fill("Password", PASSWORD).await;
    w.follow_in("main form", "Sign in").await;
    w.goto("/").await;
    w.shot("returned");

    // What I follow: unread, its title, and there is the first post I have not read.
    let before = w.clicked();
    w.follow_start(".subnav", "Unread").await;
    w.see("The kingfisher of berth four").await;
    w.miss("Everything else").await;
    w.shot("unread");
    w.follow_in(".threads", "The kingfisher of berth four")
        .await;
    w.see("Words number 0.").await;
    let at = w.path().await;
    assert!(at.ends_with(&format!("/{followed}")), "{at}");
    w.shot("first-unread");
    assert!(w.clicked() - before <= 3, "{} clicks", w.clicked() - before);

    // What concerns me: the bell, the notice, and there is the post that calls me.
    let before = w.clicked();
    w.follow_start(".top", "1").await;
    w.see("Ruth called your name in “Everything else”.").await;
    w.shot("notices");
    w.follow("Go there").await;
    w.see("Where is @tomas, by the way?").await;
    w.shot("called");
    assert!(w.clicked() - before <= 3, "{} clicks", w.clicked() - before);
    w.goto("/my/notices").await;
    w.see("Nothing new.").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_clicks_with_scripts() {
    returns(true, "returning").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_clicks_without_scripts() {
    returns(false, "returning-plain").await;
}
