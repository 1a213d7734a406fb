//! Stories of what programs and publishers do around what is announced: collections, requests, deliveries, slots.

use diesel::prelude::*;
use loggia::bridge::State;
use loggia::db::schema::deliveries;
use loggia::kit::ids::DeliveryId;
use serde_json::json;

use crate::highlights::Scene;
use crate::story;

/// Puts the only delivery where a story needs it, and says which it is.
async fn stands(scene: &Scene, state: State) -> i64 {
    scene
        .town
        .inside(move |tx| {
            diesel::update(deliveries::table)
                .set(deliveries::state.eq(state))
                .execute(tx.conn)?;
            let id: DeliveryId = deliveries::table.select(deliveries::id).first(tx.conn)?;
            Ok(id.0)
        })
        .await
}

story! {
    async fn a_program_keeps_collections(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let (pia, ada) = (scene.pia.api().await, scene.ada.api().await);
        ada.post("/collections", json!({ "name": "Winter" })).await.is(403);
        pia.post("/collections", json!({ "name": " " })).await.is(422);
        let made = pia.post("/collections", json!({ "name": "Winter", "note": "For the opening." })).await.is(201).number("/id");
        let path = format!("/collections/{made}");
        pia.post(&format!("{path}/highlights"), json!({ "highlight_id": id })).await.is(204);
        assert_eq!(pia.get(&format!("/library?collection={made}")).await.is(200).number("/items/0/id"), id);
        ada.patch(&path, json!({ "name": "Mine" })).await.is(403);
        pia.patch(&path, json!({ "name": "" })).await.is(422);
        pia.patch(&path, json!({ "name": "Winter opening", "note": "" })).await.is(200);
        let listed = pia.get("/collections").await.is(200);
        assert_eq!((listed.text("/items/0/name"), listed.number("/items/0/highlights")), ("Winter opening", 1));
        ada.delete(&format!("{path}/highlights/{id}")).await.is(403);
        pia.delete(&format!("{path}/highlights/{id}")).await.is(204);
        assert_eq!(pia.get(&format!("/library?collection={made}")).await.json["items"], json!([]));
        ada.delete(&path).await.is(403);
        pia.delete(&path).await.is(204);
        pia.delete(&path).await.is(404);
        assert_eq!(pia.get("/library").await.number("/items/0/id"), id, "what stood in it stays");
        // The same by form.
        let page = scene.pia.opens("/outreach/collections").await;
        let page = page.form("Make it").fill("name", "Spring").fill("note", "For April.").submit().await;
        page.is(200).sees("Spring");
        let page = scene.pia.opens("/outreach/collections").await;
        let form = page.forms_to("/outreach/collections/").into_iter().next().expect("a form to change it");
        form.fill("name", "Early spring").submit().await.is(200).sees("Early spring");
    }
}

story! {
    async fn a_program_asks_reads_and_closes(town) {
        let scene = Scene::set(town).await;
        let pia = scene.pia.api().await;
        let due = scene.town.inside(|tx| Ok(tx.now().plus(3 * loggia::kit::clock::DAY).rfc3339())).await;
        let wish = json!({ "title": "Two voices on bells", "wish": "For the radio.", "voices": 2, "due": { "scheduled_at": due } });
        let id = pia.post("/requests", wish).await.is(201).number("/id");
        let path = format!("/requests/{id}");
        let read = scene.mo.api().await.get(&path).await.is(200);
        assert_eq!((read.text("/title"), read.text("/wish")), ("Two voices on bells", "For the radio."));
        scene.ada.api().await.get(&path).await.is(403);
        let closing = format!("{path}/closing");
        let revision = read.number("/revision");
        scene.mo.api().await.post(&closing, json!({ "done": true, "revision": revision })).await.is(403);
        pia.post(&closing, json!({ "done": true, "revision": revision + 7 })).await.is(409);
        pia.post(&closing, json!({ "done": true })).await.is(422);
        pia.post(&closing, json!({ "done": true, "revision": revision })).await.is(200);
        pia.post(&closing, json!({ "done": true, "revision": revision + 1 })).await.is(409);
    }
}

story! {
    async fn a_program_hands_a_text_back(town) {
        let scene = Scene::set(town).await;
        scene.town.inside(|tx| {
            let mut settings = loggia::site::settings(tx)?.clone();
            settings.second_eyes_on_texts = true;
            loggia::site::change(tx, &loggia::policy::Actor::System("story"), &settings)
        }).await;
        let paula = scene.town.publisher("paula").await.api().await;
        let (_, one) = scene.scheduled().await;
        let path = format!("/announcements/{one}/return");
        paula.post(&path, json!({ "note": " " })).await.is(422);
        scene.mo.api().await.post(&path, json!({ "note": "Say which heron." })).await.is(403);
        let back = paula.post(&path, json!({ "note": "Say which heron." })).await.is(200);
        assert_eq!(back.text("/state"), "cancelled");
        paula.post(&path, json!({ "note": "Again." })).await.is(409);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
    }
}

story! {
    async fn a_program_tries_again_and_cancels(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.scheduled().await;
        let (pia, ada) = (scene.pia.api().await, scene.ada.api().await);
        let id = stands(&scene, State::Dead).await;
        let path = |act: &str| format!("/deliveries/{id}/{act}");
        ada.post(&path("requeue"), json!({})).await.is(403);
        pia.post("/deliveries/999999/requeue", json!({})).await.is(404);
        assert_eq!(pia.post(&path("requeue"), json!({})).await.is(200).text("/state"), "queued");
        pia.post(&path("requeue"), json!({})).await.is(409);
        ada.post(&path("cancellation"), json!({ "reason": "Mine." })).await.is(403);
        let cancelled = pia.post(&path("cancellation"), json!({ "reason": "The date was wrong." })).await.is(200);
        assert_eq!(cancelled.text("/state"), "cancelled");
        pia.post(&path("cancellation"), json!({ "reason": "" })).await.is(409);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "cancelled");
    }
}

story! {
    async fn a_program_looks_and_takes_note(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let (pia, ada) = (scene.pia.api().await, scene.ada.api().await);
        let id = pia.get("/deliveries").await.is(200).number("/items/0/id");
        let (look, note) = (format!("/deliveries/{id}/look"), format!("/deliveries/{id}/note"));
        ada.post(&look, json!({})).await.is(403);
        assert_eq!(pia.post(&look, json!({})).await.is(200).text("/looks"), "there");
        pia.post(&note, json!({})).await.is(409);
        scene.town.inside(|tx| {
            use loggia::db::schema::page_entries;
            diesel::delete(page_entries::table).execute(tx.conn)?;
            Ok(())
        }).await;
        assert_eq!(pia.post(&look, json!({})).await.is(200).text("/looks"), "gone");
        assert_eq!(pia.get("/deliveries/differences").await.is(200).number("/items/0/id"), id);
        ada.post(&note, json!({})).await.is(403);
        pia.post(&note, json!({})).await.is(200);
        assert_eq!(pia.get("/deliveries/differences").await.is(200).json["items"], json!([]));
    }
}

story! {
    async fn a_slot_is_added_and_removed_by_form(town) {
        let scene = Scene::set(town).await;
        let page = scene.pia.opens("/outreach/calendar/slots").await;
        let page = page.form("Add").choose("weekday", "2").fill("time", "10:00").submit().await;
        page.is(200).sees("Tuesday").sees("10:00");
        let page = page.form("Remove").submit().await;
        page.is(200);
        assert!(!page.has_button("Remove"), "{}", page.words());
        let slots = scene.pia.api().await.get(&format!("/channels/{}/slots", scene.page.0)).await.is(200);
        assert_eq!(slots.json["items"], json!([]));
    }
}
