//! Stories of the calendar: plans keep their wall times, slots are found, what has not left can be moved.

use loggia::kit::At;
use loggia::kit::clock::{DAY, HOUR, MINUTE};
use serde_json::{Value, json};

use crate::compose::settings;
use crate::highlights::Scene;
use crate::story;

const BERLIN: &str = "Europe/Berlin";

async fn now(scene: &Scene) -> At {
    scene.town.inside(|tx| Ok(tx.now())).await
}

/// A day from now at this time in Berlin, as people write it; never one on which clocks change.
async fn wall(scene: &Scene, days: i64, time: &str) -> String {
    let tz = jiff::tz::TimeZone::get(BERLIN).expect("a zone");
    let day = now(scene)
        .await
        .plus(days * DAY)
        .timestamp()
        .to_zoned(tz)
        .date();
    format!("{day}T{time}")
}

/// Half an hour into the next hour that is left out (or comes twice) in Berlin, as a wall time.
async fn change(scene: &Scene, forward: bool) -> String {
    let tz = jiff::tz::TimeZone::get(BERLIN).expect("a zone");
    let now = now(scene).await.timestamp();
    for transition in tz.following(now).take(3) {
        let at = transition.timestamp();
        let before = tz.to_offset(at - jiff::Span::new().seconds(1));
        let after = transition.offset();
        if (after > before) == forward {
            let offset = if forward { before } else { after };
            let wall = offset.to_datetime(at) + jiff::Span::new().minutes(30);
            return wall.strftime("%Y-%m-%dT%H:%M").to_string();
        }
    }
    panic!("clocks no longer change in Berlin");
}

async fn berlin(scene: &Scene) {
    settings(scene, |s| s.zone = BERLIN.to_owned()).await;
}

async fn planned(scene: &Scene, id: i64, wall: &str) -> crate::town::Reply {
    let mut body = scene.text();
    body["wall_time"] = json!(wall);
    let api = scene.pia.api().await;
    api.post(&format!("/highlights/{id}/announcements"), body)
        .await
}

fn at(reply: &crate::town::Reply) -> At {
    let stamp: jiff::Timestamp = reply.text("/scheduled_at").parse().expect("a moment");
    At(stamp.as_microsecond())
}

story! {
    async fn times_that_are_none_are_refused_and_the_form_says_why(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let id = scene.approved().await;
        let gap = change(&scene, true).await;
        let twice = change(&scene, false).await;
        for (wall, key) in [
            (wall(&scene, -1, "10:00").await, "when-past"),
            (wall(&scene, 400, "10:00").await, "when-far"),
            (gap.clone(), "when-gap"),
            (twice.clone(), "when-twice"),
            ("soon".to_owned(), "when-unreadable"),
        ] {
            let refused = planned(&scene, id, &wall).await.is(422);
            assert!(refused.json.to_string().contains(key) || refused.json.to_string().contains("when"), "{wall}: {}", refused.json);
        }
        // In the browser the sentence says what to do, and the text is kept.
        let desk = scene.pia.opens(&format!("/outreach/highlights/{id}/compose")).await;
        let field = |name: &str| format!("{name}-{}", scene.page);
        let form = |wall: &str| desk.form("Schedule this text").choose(&field("plan"), "later").fill(&field("wall"), wall);
        let refused = form(&gap).submit().await;
        assert_eq!(refused.status, 422);
        assert!(refused.words().contains("the clocks go forward"), "{}", refused.words());
        let asked = form(&twice).submit().await;
        assert_eq!(asked.status, 422);
        assert!(asked.words().contains("This hour comes twice"), "{}", asked.words());
        let second = asked.form("Schedule this text").choose(&field("hour"), "second").submit().await;
        assert_eq!(second.status, 200, "{}", second.words());
        // An hour later than the first one would have been.
        let number = second.path.rsplit('/').next().unwrap_or_default().to_owned();
        let api = scene.pia.api().await;
        let one = api.get(&format!("/announcements/{number}")).await.is(200);
        let body = json!({ "wall_time": twice, "hour": "first" });
        let first = api.post(&format!("/announcements/{number}/schedule"), body).await.is(200);
        assert_eq!(at(&one).since(at(&first)), HOUR);
    }
}

story! {
    async fn what_has_not_left_is_moved_and_leaves_then(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let id = scene.approved().await;
        let made = planned(&scene, id, &wall(&scene, 3, "10:00").await).await.is(201);
        let one = made.number("/id");
        let day = wall(&scene, 5, "16:30").await;
        let month = scene.pia.opens(&format!("/outreach/calendar?day={}", &made.text("/scheduled_at")[..10])).await;
        assert!(month.words().contains("A kingfisher"), "{}", month.words());
        assert_eq!(month.attributes("[data-wall]", "data-id"), [one.to_string()], "it can be dragged");
        // By form, as the week shows it.
        let week = scene.pia.opens(&format!("/outreach/calendar?view=week&day={}", &made.text("/scheduled_at")[..10])).await;
        let moved = week.form("Move it there").fill("wall", &day).submit().await;
        assert_eq!(moved.status, 200, "{}", moved.words());
        assert!(moved.words().contains("16:30"), "{}", moved.words());
        let notices = scene.ada.opens("/my/notices").await;
        assert!(notices.words().contains("at another time"), "{}", notices.words());
        // Neither at the old time nor a minute early.
        scene.town.clock.advance(4 * DAY);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "it was moved");
        let api = scene.pia.api().await;
        let planned = api.get(&format!("/announcements/{one}")).await.is(200);
        scene.town.clock.advance(at(&planned).since(now(&scene).await) + MINUTE);
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
        // What has left is not moved; and a moderator only looks.
        let body = json!({ "wall_time": wall(&scene, 5, "12:00").await });
        api.post(&format!("/announcements/{one}/schedule"), body.clone()).await.is(409);
        scene.mo.api().await.post(&format!("/announcements/{one}/schedule"), body).await.is(403);
        assert_eq!(scene.mo.opens("/outreach/calendar").await.status, 200);
        assert_eq!(scene.nia.opens("/outreach/calendar").await.status, 403);
    }
}

story! {
    async fn ten_oclock_stays_ten_oclock_in_another_zone(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let id = scene.approved().await;
        let morning = wall(&scene, 40, "10:00").await;
        let before = planned(&scene, id, &morning).await.is(201);
        settings(&scene, |s| s.zone = "America/New_York".to_owned()).await;
        let api = scene.pia.api().await;
        let after = api.get(&format!("/announcements/{}", before.number("/id"))).await.is(200);
        assert_ne!(at(&after), at(&before));
        let tz = jiff::tz::TimeZone::get("America/New_York").expect("a zone");
        let there = at(&after).timestamp().to_zoned(tz).strftime("%Y-%m-%dT%H:%M").to_string();
        assert_eq!(there, morning);
        // The bridge holds to the new moment.
        scene.town.clock.advance(at(&after).since(now(&scene).await) - HOUR);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        scene.town.clock.advance(HOUR + MINUTE);
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    async fn a_channel_has_its_hours_its_gap_and_its_cap(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        let slots = format!("/channels/{}/slots", scene.page);
        // Without hours there is no next one.
        let mut body = scene.text();
        body["slot"] = json!(true);
        let none = api.post(&format!("/highlights/{id}/announcements"), body.clone()).await.is(422);
        assert!(none.json.to_string().contains("when") , "{}", none.json);
        let page = scene.pia.opens("/outreach/calendar/slots").await;
        let wrong = page.form("Add this hour").choose("weekday", "2").fill("time", "25:00").submit().await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.words().contains("not a time of day"), "{}", wrong.words());
        let page = page.form("Add this hour").choose("weekday", "2").fill("time", "10:00").submit().await;
        assert_eq!(page.status, 200, "{}", page.words());
        assert!(page.words().contains("Tuesday 10:00"), "{}", page.words());
        api.post(&slots, json!({ "weekday": 2, "time": "10:00" })).await.is(422);
        api.post(&slots, json!({ "weekday": 8, "time": "10:00" })).await.is(422);
        scene.mo.api().await.post(&slots, json!({ "weekday": 4, "time": "10:00" })).await.is(403);
        let thursday = api.post(&slots, json!({ "weekday": 4, "time": "15:00" })).await.is(201).number("/id");
        let listed = api.get(&slots).await.is(200);
        let next = listed.text("/next_free").to_owned();
        let made = api.post(&format!("/highlights/{id}/announcements"), body).await.is(201);
        assert_eq!(made.text("/scheduled_at"), next);
        let free = api.get(&slots).await.is(200);
        assert_ne!(free.text("/next_free"), next, "the slot is taken");
        api.delete(&format!("/slots/{thursday}")).await.is(204);
        assert_eq!(api.get(&slots).await.is(200).json["items"].as_array().map(Vec::len), Some(1));
        // The calendar shows what is free.
        let from = now(&scene).await;
        let to = from.plus(20 * DAY);
        let path = format!("/calendar?from={}&to={}", from.rfc3339(), to.rfc3339());
        let calendar = api.get(&path).await.is(200);
        assert_eq!(calendar.json["items"].as_array().map(Vec::len), Some(1), "{}", calendar.json);
        assert!(calendar.json["free_slots"].as_array().is_some_and(|free| !free.is_empty()), "{}", calendar.json);
    }
}

story! {
    async fn two_about_one_category_on_one_day_are_shown(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let first = scene.approved().await;
        let body = json!({ "post_id": scene.post.0, "excerpt": crate::highlights::AROUND, "title": "Eleven years", "reason": "It is funny." });
        let second = scene.nia.api().await.post("/highlights", body).await.is(201).number("/id");
        scene.ada.api().await.post(&format!("/highlights/{second}/consent"), crate::highlights::yes()).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{second}/approval"), json!({ "decision": "approve" })).await.is(200);
        planned(&scene, first, &wall(&scene, 6, "10:00").await).await.is(201);
        let text = format!("“{}” Ada", crate::highlights::AROUND);
        let body = json!({ "channel_id": scene.page.0, "text": text, "wall_time": wall(&scene, 6, "15:00").await });
        let api = scene.pia.api().await;
        let mut preview: Value = body.clone();
        preview["highlight_id"] = json!(second);
        let report = api.post("/announcements/preview", preview).await.is(200);
        assert!(report.json.to_string().contains("day.category"), "{}", report.json);
        let made = api.post(&format!("/highlights/{second}/announcements"), body).await.is(201);
        let day = made.text("/scheduled_at")[..10].to_owned();
        let page = scene.pia.opens(&format!("/outreach/calendar?day={day}")).await;
        assert!(page.words().contains("another about the same category this day"), "{}", page.words());
        let other = json!({ "wall_time": wall(&scene, 8, "15:00").await });
        api.post(&format!("/announcements/{}/schedule", made.number("/id")), other).await.is(200);
        let page = scene.pia.opens(&format!("/outreach/calendar?day={day}")).await;
        assert!(!page.words().contains("another about the same category this day"), "{}", page.words());
    }
}

async fn paced(scene: &Scene, gap: i64, cap: i64) {
    let page = scene.page;
    let house = loggia::policy::Actor::System("scene");
    scene
        .town
        .inside(move |tx| {
            let line = loggia::bridge::channel(tx, page)?;
            let changes = loggia::bridge::Changes {
                revision: line.revision,
                name: line.name,
                config: None,
                min_gap_seconds: gap,
                daily_cap: cap,
                max_lateness_seconds: line.max_lateness_seconds,
            };
            loggia::bridge::change_channel(tx, &house, page, &changes)
        })
        .await;
}

story! {
    async fn what_stands_in_the_way_is_shown(town) {
        let scene = Scene::set(town).await;
        berlin(&scene).await;
        let first = scene.approved().await;
        let body = json!({ "post_id": scene.post.0, "excerpt": crate::highlights::AROUND, "title": "Eleven years", "reason": "It is funny." });
        let second = scene.nia.api().await.post("/highlights", body).await.is(201).number("/id");
        scene.ada.api().await.post(&format!("/highlights/{second}/consent"), crate::highlights::yes()).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{second}/approval"), json!({ "decision": "approve" })).await.is(200);
        let api = scene.pia.api().await;
        let made = planned(&scene, first, &wall(&scene, 6, "10:00").await).await.is(201);
        let text = format!("“{}” Ada", crate::highlights::AROUND);
        let body = json!({ "channel_id": scene.page.0, "text": text, "wall_time": wall(&scene, 6, "15:00").await });
        api.post(&format!("/highlights/{second}/announcements"), body).await.is(201);
        let day = made.text("/scheduled_at")[..10].to_owned();
        let (gap, cap) = ("nearer to another than this channel's gap", "more than this channel says in a day");
        let (embargo, closed) = ("before the embargo ends", "the channel is not open");
        let shown = async || {
            let page = scene.pia.opens(&format!("/outreach/calendar?day={day}")).await;
            let all = [gap, cap, embargo, closed];
            all.into_iter().filter(|sentence| page.has(sentence)).collect::<Vec<_>>()
        };
        assert_eq!(shown().await, Vec::<&str>::new(), "nothing stands in the way yet");
        paced(&scene, 6 * 3600, 0).await;
        assert_eq!(shown().await, [gap]);
        paced(&scene, 0, 1).await;
        assert_eq!(shown().await, [cap]);
        paced(&scene, 0, 2).await;
        assert_eq!(shown().await, Vec::<&str>::new());
        let channel = format!("/channels/{}", scene.page);
        api.post(&format!("{channel}/pause"), json!({ "reason": "A look first" })).await.is(200);
        assert_eq!(shown().await, [closed]);
        api.post(&format!("{channel}/resume"), json!({})).await.is(200);
        let version = api.get(&format!("/highlights/{first}")).await.is(200).number("/version");
        let label = json!({ "version": version, "embargo": wall(&scene, 7, "09:00").await });
        api.patch(&format!("/highlights/{first}"), label).await.is(200);
        assert_eq!(shown().await, [embargo]);
    }
}
