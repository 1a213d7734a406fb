//! Stories of what people are shown of the bridge: the nightly look, tokens that end, how channels are at a glance, and
//! a page by which somebody who has nothing else can say what became of something.

use diesel::prelude::*;
use loggia::bridge::{self, ChannelState, NewChannel, Operation, State};
use loggia::db::schema::{channels, deliveries, page_entries};
use loggia::kit::clock::{DAY, HOUR};
use loggia::kit::ids::{ChannelId, DeliveryId};
use loggia::policy::Actor;
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;

const HOUSE: Actor = Actor::System("test");

/// A night goes by: the round is planned, its hour comes, and it is worked off.
async fn a_night(scene: &Scene) {
    scene.town.inside(bridge::look_tonight).await;
    scene.town.clock.advance(DAY + HOUR);
    scene.town.work().await;
}

/// How many rounds are planned.
async fn rounds_planned(scene: &Scene) -> i64 {
    scene
        .town
        .inside(|tx| {
            use loggia::db::schema::jobs;
            Ok(jobs::table
                .filter(jobs::kind.eq(bridge::LOOK))
                .count()
                .get_result(tx.conn)?)
        })
        .await
}

/// The delivery of the only announcement.
async fn announced(scene: &Scene) -> i64 {
    scene
        .town
        .inside(|tx| {
            let id: DeliveryId = deliveries::table
                .filter(deliveries::operation.eq(Operation::Announce))
                .select(deliveries::id)
                .first(tx.conn)?;
            Ok(id.0)
        })
        .await
}

async fn becomes(scene: &Scene, id: i64, state: State, why: &'static str) {
    scene
        .town
        .inside(move |tx| {
            diesel::update(deliveries::table.find(DeliveryId(id)))
                .set((
                    deliveries::state.eq(state),
                    deliveries::state_reason.eq(why),
                ))
                .execute(tx.conn)?;
            Ok(())
        })
        .await;
}

story! {
    async fn the_nightly_look_is_quiet_until_something_differs(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let id = announced(&scene).await;
        let page = format!("/outreach/deliveries/{id}");
        a_night(&scene).await;
        let api = scene.pia.api().await.get(&format!("/deliveries/{id}")).await.is(200);
        assert_eq!(api.text("/looks"), "there");
        assert!(!api.json["seen_at"].is_null());
        scene.mo.opens("/desk").await.is(200).hides("Something differs outside");
        scene.pia.opens("/outreach/deliveries").await.is(200).hides("Something differs outside");
        scene.pia.opens("/outreach/channels").await.is(200).hides("to look at");

        // Somebody edits the page behind our back.
        scene.town.inside(|tx| {
            diesel::update(page_entries::table).set(page_entries::text.eq("Other words")).execute(tx.conn)?;
            Ok(())
        }).await;
        a_night(&scene).await;
        scene.mo.opens("/desk").await.is(200).sees("Something differs outside").sees("Changed there");
        scene.pia.opens("/outreach/channels").await.is(200).sees("1 to look at");
        let listed = scene.pia.api().await.get("/deliveries/differences").await.is(200);
        assert_eq!(listed.number("/items/0/id"), id);
        let shown = scene.pia.opens("/outreach/deliveries").await;
        shown.is(200).sees("Something differs outside");
        scene.ada.opens(&page).await.is(403);
        let shown = scene.mo.opens(&page).await;
        shown.is(200).sees("found other words");
        let shown = shown.form("I have seen it").submit().await;
        shown.is(200).sees("Somebody has taken note of this");
        scene.mo.opens("/desk").await.is(200).hides("Something differs outside");
        scene.mo.api().await.post(&format!("/deliveries/{id}/note"), json!({})).await.is(409);
        a_night(&scene).await;
        scene.mo.opens("/desk").await.hides("Something differs outside");

        // What is found next is something else, and shown again.
        scene.town.inside(|tx| {
            diesel::delete(page_entries::table).execute(tx.conn)?;
            Ok(())
        }).await;
        let shown = scene.pia.opens(&page).await.form("Look whether it still stands").submit().await;
        shown.is(200).sees("Removed there");
        scene.mo.opens("/desk").await.sees("Removed there");
    }
}

story! {
    async fn what_was_taken_back_is_no_difference(town) {
        let scene = Scene::set(town).await;
        let (id, _) = scene.announced().await;
        let answer = json!({ "decision": "withdraw" });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), answer).await.is(200);
        scene.deliver().await;
        a_night(&scene).await;
        scene.mo.opens("/desk").await.is(200).hides("Something differs outside");
        let delivery = announced(&scene).await;
        scene.pia.api().await.post(&format!("/deliveries/{delivery}/note"), json!({})).await.is(409);
    }
}

story! {
    /// One job per night, however many nodes ask; it is there again for the next one.
    async fn the_round_is_planned_once(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        for _ in 0..3 {
            scene.town.inside(bridge::look_tonight).await;
        }
        assert_eq!(rounds_planned(&scene).await, 1);
        scene.town.clock.advance(DAY + HOUR);
        scene.town.work().await;
        assert_eq!(rounds_planned(&scene).await, 0);
        scene.town.inside(bridge::look_tonight).await;
        assert_eq!(rounds_planned(&scene).await, 1);
    }
}

story! {
    async fn a_token_that_ends_is_spoken_of_once_per_step(town) {
        let scene = Scene::set(town).await;
        let boss = scene.town.admin("boss").await;
        let ends = scene.town.inside(|tx| {
            let ends = tx.now().plus(20 * DAY);
            diesel::update(channels::table).set(channels::token_expires_at.eq(ends)).execute(tx.conn)?;
            Ok(ends)
        }).await;
        let told = |kind: &'static str| scene.town.inside(move |tx| {
            use loggia::db::schema::notices;
            let all: Vec<i64> = notices::table.filter(notices::kind.eq(kind)).select(notices::member_id).load(tx.conn)?;
            Ok(all)
        });
        let mut days = Vec::new();
        for _ in 0..24 {
            for _ in 0..3 {
                scene.town.inside(bridge::remind_of_tokens).await;
            }
            days.push(told("channel-token-ends").await.len());
            scene.town.clock.advance(DAY);
        }
        let (mut steps, mut ended) = (days.clone(), told("channel-token-ended").await);
        steps.dedup();
        // An admin and a publisher, at fourteen, seven and one days before.
        assert_eq!(steps, [0, 2, 4, 6], "{days:?}");
        ended.sort_unstable();
        let mut keepers = vec![boss.id.0, scene.pia.id.0];
        keepers.sort_unstable();
        assert_eq!(ended, keepers, "once when it has ended");
        let page = scene.pia.opens("/outreach/channels").await;
        page.is(200);
        assert_eq!(page.all("[data-state=bad]").len(), 1, "{}", page.words());
        boss.opens("/my/notices").await.is(200).sees("has ended");
        // Renewed, it begins anew.
        scene.town.inside(move |tx| {
            diesel::update(channels::table).set(channels::token_expires_at.eq(ends.plus(10 * DAY))).execute(tx.conn)?;
            Ok(())
        }).await;
        scene.town.inside(bridge::remind_of_tokens).await;
        assert_eq!(told("channel-token-ends").await.len(), 8);
    }
}

story! {
    async fn channels_are_seen_at_a_glance(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let id = announced(&scene).await;
        scene.town.inside(|tx| {
            diesel::update(channels::table)
                .set((channels::daily_cap.eq(1_i64), channels::failures.eq(5_i64)))
                .execute(tx.conn)?;
            Ok(())
        }).await;
        let page = scene.pia.opens("/outreach/channels").await;
        page.is(200).sees("1 of 1").sees("asked before anything is sent").sees("Empty");
        becomes(&scene, id, State::NeedsHuman, "unknown").await;
        let page = scene.pia.opens("/outreach/channels").await;
        page.sees("1 needs a person");
        let page = page.follow("1 needs a person").await;
        page.is(200).sees("A kingfisher");
        let api = scene.pia.api().await.get("/channels").await.is(200);
        assert_eq!(api.number("/items/0/needs_human"), 1);
        assert_eq!(api.number("/items/0/sent_today"), 1);
        let channel = api.number("/items/0/id");
        let pia = scene.pia.api().await;
        assert_eq!(pia.post(&format!("/channels/{channel}/pause"), json!({ "reason": "storm" })).await.is(200).text("/state"), "paused");
        scene.ada.api().await.post(&format!("/channels/{channel}/resume"), json!({})).await.is(403);
        assert_eq!(pia.post(&format!("/channels/{channel}/resume"), json!({})).await.is(200).text("/state"), "open");
        assert_eq!(pia.post("/outreach/pause", json!({})).await.is(200).json["held"], json!(true));
        scene.pia.opens("/outreach/channels").await.sees("Everything outward is held");
        assert_eq!(pia.post("/outreach/resume", json!({})).await.is(200).json["held"], json!(false));
        scene.ada.api().await.post("/outreach/pause", json!({})).await.is(403);
    }
}

story! {
    /// Everything that somebody needs who has this page and nothing else: what, when, why, where, how to find it, what
    /// each answer does.
    async fn an_unknown_outcome_is_resolved_from_its_page(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let id = announced(&scene).await;
        scene.town.inside(|tx| {
            diesel::update(channels::table)
                .set(channels::facts.eq(r#"{"account":"@museum","account_url":"https://social.example/@museum"}"#))
                .execute(tx.conn)?;
            Ok(())
        }).await;
        becomes(&scene, id, State::NeedsHuman, "unknown").await;
        let page = scene.pia.opens(&format!("/outreach/deliveries/{id}")).await;
        page.is(200)
            .sees("Did this arrive?")
            .sees("The connection broke")
            .sees("Look at what was posted at about")
            .sees(WORDS)
            .sees("nothing is sent again")
            .sees("sent once more, now");
        assert_eq!(page.attributes(".how-to a", "href")[0], "https://social.example/@museum");
        let code = page.words_of("#search").expect("what to search for");
        assert!(code.starts_with(scene.town.base_url()) && code.contains("/h/"), "{code}");
        assert!(page.has_button("It is there") && page.has_button("It is not there: send it again"));
        // Someone who may look but not answer is told who may.
        let seen = scene.mo.opens(&format!("/outreach/deliveries/{id}")).await;
        seen.is(200).sees("A publisher has to answer this").sees(WORDS);
        assert!(!seen.has_button("It is there"));

        // Asked of a taking back, the same buttons say another thing.
        let answer = json!({});
        scene.pia.api().await.post(&format!("/announcements/{one}/withdrawal"), answer).await;
        let withdrawal = scene.town.inside(|tx| {
            let found: Vec<DeliveryId> = deliveries::table
                .filter(deliveries::operation.eq(Operation::Withdraw))
                .select(deliveries::id)
                .load(tx.conn)?;
            Ok(found.first().map(|id| id.0))
        }).await;
        assert_eq!(withdrawal, None, "nobody knows yet whether there is anything to take down");
        let page = scene.pia.opens(&format!("/outreach/deliveries/{id}")).await;
        page.is(200).sees("taken down at once").sees("that is the end of it");
        let page = page.form("It is there").fill("url", "https://social.example/@museum/7").submit().await;
        page.is(200).sees("Arrived");
        let withdrawal = scene.town.inside(|tx| {
            let id: DeliveryId = deliveries::table
                .filter(deliveries::operation.eq(Operation::Withdraw))
                .select(deliveries::id)
                .first(tx.conn)?;
            Ok(id.0)
        }).await;
        becomes(&scene, withdrawal, State::NeedsHuman, "by-hand").await;
        let page = scene.pia.opens(&format!("/outreach/deliveries/{withdrawal}")).await;
        page.is(200).sees("Please take this down by hand");
        assert!(page.attributes(".how-to a", "href").contains(&"https://social.example/@museum/7".to_owned()));
        assert!(!page.has_button("send it again"));
        let page = page.form("It is taken down").submit().await;
        page.is(200).sees("Arrived");
        assert_eq!(scene.announcement(one).await, "withdrawn");
    }
}

story! {
    /// By hand: the frozen words to copy, and the address to note; then it counts as said.
    async fn a_person_carries_it_with_the_kit(town) {
        let scene = Scene::set(town).await;
        let channel = scene.town.inside(|tx| {
            let wanted = NewChannel {
                kind: "manual".to_owned(),
                name: "Notice board".to_owned(),
                config: json!({ "network": "The board in the hall", "account": "https://board.example/us" }),
                secret: None,
            };
            Ok(bridge::create_channel(tx, &HOUSE, &wanted)?.channel.id.0)
        }).await;
        let id = scene.nominated().await;
        let wide = json!({ "decision": "grant", "attribution": "name", "by_hand": true, "channels": ["page", "manual"] });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), wide).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let mut said = scene.text();
        said["channel_id"] = json!(channel);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), said).await.is(201);
        scene.deliver().await;
        let delivery = announced(&scene).await;
        let page = scene.pia.opens("/outreach/deliveries").await;
        page.is(200).sees("or a person has to carry it");
        let page = scene.pia.opens(&format!("/outreach/deliveries/{delivery}")).await;
        page.is(200).sees("Please post this by hand").sees("exactly so");
        assert!(page.words_of("#words").expect("the words").contains(WORDS));
        assert!(page.attributes(".how-to a", "href").contains(&"https://board.example/us".to_owned()));
        let page = page.form("It is posted").fill("url", "nowhere").submit().await;
        page.is(422);
        assert_eq!(page.form("It is posted").value("url"), Some("nowhere"));
        let page = page.form("It is posted").fill("url", "https://board.example/7").submit().await;
        page.is(200).sees("Arrived");
        let detail = scene.pia.api().await.get(&format!("/deliveries/{delivery}")).await.is(200);
        assert_eq!(detail.text("/url"), "https://board.example/7");
        assert!(detail.text("/words").contains(WORDS));
        assert_eq!(detail.json["attempts"].as_array().map(Vec::len), Some(2), "one try, one answer");
    }
}

story! {
    async fn one_row_per_channel_on_the_announcement(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let page = scene.pia.opens(&format!("/outreach/announcements/{one}")).await;
        page.is(200).sees("channel by channel").sees("Announcements");
        let id = announced(&scene).await;
        scene.town.inside(|tx| {
            diesel::update(deliveries::table).set(deliveries::looks.eq("gone")).execute(tx.conn)?;
            Ok(())
        }).await;
        let page = scene.pia.opens(&format!("/outreach/announcements/{one}")).await;
        page.is(200).sees("Removed there");
        assert_eq!(page.link("Removed there"), format!("/outreach/deliveries/{id}"));
    }
}

story! {
    async fn a_list_of_deliveries_goes_on_by_key(town) {
        let scene = Scene::set(town).await;
        scene.town.inside(|tx| {
            let channel: ChannelId = channels::table
                .filter(channels::state.eq(ChannelState::Open))
                .select(channels::id)
                .first(tx.conn)?;
            for number in 1..=35 {
                let notice = bridge::Notice {
                    origin: loggia::kit::event::Origin { kind: "trial".to_owned(), id: 1 },
                    channel,
                    number,
                    path: "/about".to_owned(),
                };
                bridge::notify(tx, &notice)?;
            }
            Ok(())
        }).await;
        let page = scene.pia.opens("/outreach/deliveries?state=queued").await;
        page.is(200);
        let first = page.attributes("tbody th a", "href");
        assert_eq!(first.len(), 30);
        let next = page.attributes(".pager a[rel=next]", "href");
        let page = scene.pia.opens(next.first().expect("a way on")).await;
        let second = page.is(200).attributes("tbody th a", "href");
        assert_eq!(second.len(), 5);
        assert!(first.iter().all(|href| !second.contains(href)));
    }
}
