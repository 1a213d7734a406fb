//! What scripts add, in a real browser: the writing desk answers while somebody types, and the calendar takes plans by
//! mouse and by keyboard. Everything here works by plain forms, too; other stories hold that.

use loggia::kit::clock::DAY;
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::support::browser::{self, Look};
use crate::town::{PASSWORD, Town};

/// A day so far ahead, at ten o'clock.
async fn day(scene: &Scene, ahead: i64) -> jiff::civil::DateTime {
    let now = scene.town.inside(|tx| Ok(tx.now())).await;
    let then = now
        .plus(ahead * DAY)
        .timestamp()
        .to_zoned(jiff::tz::TimeZone::UTC);
    then.date().at(10, 0, 0, 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_answer_while_one_types_and_take_what_is_dragged() {
    let scene = Scene::set(Town::on_sqlite().await).await;
    let look = Look {
        javascript: true,
        width: 1280,
        height: 1400,
        ..Look::default()
    };
    let Some(mut w) = browser::open(scene.town.base_url(), "live", look).await else {
        return;
    };
    w.goto("/sign-in").await;
    w.fill("Name or e-mail address", "pia").await;
    w.fill("Password", PASSWORD).await;
    w.follow_in("main form", "Sign in").await;

    // The desk: nothing is clicked, and nothing is kept.
    let id = scene.approved().await;
    w.goto(&format!("/outreach/highlights/{id}/compose")).await;
    w.see("Nothing stands against it").await;
    w.fill("The text for all channels", "Ada saw a kingfisher.")
        .await;
    w.wait_for("Has to change").await;
    let follows = w.value("Text for Announcements").await;
    assert!(
        follows.starts_with("Ada saw"),
        "the channel's text follows: {follows}"
    );
    w.shot("while-typing");
    w.fill("The text for all channels", &format!("Look: “{WORDS}” Ada"))
        .await;
    w.wait_for("Nothing stands against it").await;
    let api = scene.pia.api().await;
    let kept = api.get(&format!("/highlights/{id}/texts")).await.is(200);
    assert_eq!(kept.number("/revision"), 0);

    // The calendar: dragged to another day, the hour stays.
    let (from, to) = (day(&scene, 40).await, day(&scene, 41).await);
    let mut text = scene.text();
    text["wall_time"] = json!(from.strftime("%Y-%m-%dT%H:%M").to_string());
    let one = api
        .post(&format!("/highlights/{id}/announcements"), text)
        .await
        .is(201)
        .number("/id");
    let at = |reply: crate::town::Reply| reply.text("/scheduled_at").to_owned();
    w.goto(&format!("/outreach/calendar?view=week&day={}", from.date()))
        .await;
    let days = (w.offers("Earlier").await, from.weekday());
    assert!(days.0);
    let to = if from.weekday() == jiff::civil::Weekday::Sunday {
        day(&scene, 39).await
    } else {
        to
    };
    w.drag(
        &format!("[data-id='{one}'] a"),
        &format!("[data-day='{}'] h2", to.date()),
    )
    .await;
    w.wait_for("Moved.").await;
    let moved = at(api.get(&format!("/announcements/{one}")).await.is(200));
    assert!(
        moved.starts_with(&to.strftime("%Y-%m-%dT10:00").to_string()),
        "{moved}"
    );
    w.shot("dragged");

    // By keyboard alone: open, change the hour, Enter.
    w.goto(&format!("/outreach/calendar?view=week&day={}", to.date()))
        .await;
    w.press(&format!("[data-id='{one}'] summary"), "\u{e007}")
        .await;
    w.press(&format!("#wall-{one}"), "\u{e008}\u{e010}").await;
    w.press(&format!("[data-id='{one}'] form button"), "\u{e007}")
        .await;
    w.wait_for("Moved.").await;
}
