//! Stories of what programs do with highlights: writing one anew, laying one aside, feeds, tables and kits.

use serde_json::{Value, json};

use crate::highlights::{AROUND, Scene, WORDS};
use crate::story;
use crate::town::talk::category;

/// A yes to everything that these stories need.
fn wide() -> Value {
    json!({ "decision": "grant", "attribution": "first_name", "by_hand": true, "channels": ["page", "embed", "feed"] })
}

async fn shelved(scene: &Scene) -> i64 {
    let id = scene.nominated().await;
    scene
        .ada
        .api()
        .await
        .post(&format!("/highlights/{id}/consent"), wide())
        .await
        .is(200);
    let approve = json!({ "decision": "approve" });
    scene
        .mo
        .api()
        .await
        .post(&format!("/highlights/{id}/approval"), approve)
        .await
        .is(200);
    id
}

story! {
    async fn a_program_writes_a_returned_highlight_anew(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        let back = json!({ "decision": "return", "note": "The heading is too short." });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), back).await.is(200);
        let nia = scene.nia.api().await;
        let version = nia.get(&format!("/highlights/{id}")).await.is(200).number("/version");
        let wish = |version: Option<i64>, excerpt: &str| {
            json!({ "post_id": scene.post.0, "excerpt": excerpt, "title": "A kingfisher, at last", "reason": "It is quiet.", "version": version })
        };
        let path = format!("/highlights/{id}/revision");
        nia.post(&path, wish(None, WORDS)).await.is(422);
        nia.post(&path, wish(Some(version - 1), WORDS)).await.is(409);
        nia.post(&path, wish(Some(version), "Words that nobody said.")).await.is(422);
        scene.pia.api().await.post(&path, wish(Some(version), WORDS)).await.is(404);
        let anew = nia.post(&path, wish(Some(version), WORDS)).await.is(200);
        assert_eq!((anew.text("/title"), anew.text("/state")), ("A kingfisher, at last", "consent_pending"), "its author is asked again");
        nia.post(&path, wish(Some(version), WORDS)).await.is(409);
    }
}

story! {
    async fn a_program_lays_aside_and_takes_up_again(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene).await;
        let (pia, ada) = (scene.pia.api().await, scene.ada.api().await);
        let path = format!("/highlights/{id}/retirement");
        ada.post(&path, json!({ "note": "The season is over." })).await.is(403);
        pia.post(&path, json!({ "note": "The season is over.", "more": 1 })).await.is(422);
        pia.post(&path, json!({ "note": "The season is over." })).await.is(204);
        pia.post(&path, json!({ "note": "Once more." })).await.is(409);
        assert_eq!(pia.get("/library").await.is(200).json["items"], json!([]));
        assert_eq!(pia.get("/library?shelf=retired").await.is(200).number("/items/0/id"), id);
        pia.post(&format!("/highlights/{id}/pulls"), json!({ "purpose": "x" })).await.is(409);
        pia.delete(&path).await.is(204);
        pia.delete(&path).await.is(409);
        // A moderator looks at it first.
        assert_eq!(scene.state(id).await, "consented");
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        assert_eq!(pia.get("/library").await.is(200).number("/items/0/id"), id);
    }
}

story! {
    async fn a_program_empties_a_card(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene).await;
        let (pia, guest) = (scene.pia.api().await, scene.town.guest());
        let (page, card) = (format!("/embed/highlight/{id}"), format!("/highlights/{id}/card"));
        pia.delete(&card).await.is(404);
        pia.post(&format!("/highlights/{id}/pulls"), json!({ "how": "embed", "purpose": "Front page" })).await.is(201);
        guest.open(&page).await.is(200).sees(WORDS);
        scene.ada.api().await.delete(&card).await.is(403);
        pia.delete(&card).await.is(204);
        guest.open(&page).await.is(410).hides(WORDS);
    }
}

story! {
    async fn a_program_opens_and_closes_feeds(town) {
        let scene = Scene::set(town).await;
        shelved(&scene).await;
        let (pia, guest) = (scene.pia.api().await, scene.town.guest());
        scene.ada.api().await.get("/pull-feeds").await.is(403);
        scene.ada.api().await.post("/pull-feeds", json!({ "label": "Mine" })).await.is(403);
        pia.post("/pull-feeds", json!({ "label": " " })).await.is(422);
        pia.post("/pull-feeds", json!({ "label": "Winter", "collection_id": 999 })).await.is(422);
        let made = pia.post("/pull-feeds", json!({ "label": "The planning tool" })).await.is(201);
        let here = |address: &str| address.strip_prefix(scene.town.base_url()).expect("our own").to_owned();
        let (rss, told) = (here(made.text("/rss")), here(made.text("/json")));
        let read = feed_rs::parser::parse(guest.open(&rss).await.is(200).html.as_bytes()).expect("a feed");
        assert_eq!(read.entries.len(), 1);
        let read: Value = serde_json::from_str(&guest.open(&told).await.is(200).html).expect("JSON");
        assert_eq!(read["items"].as_array().map(Vec::len), Some(1));
        let listed = pia.get("/pull-feeds").await.is(200);
        assert_eq!(listed.text("/items/0/label"), "The planning tool");
        assert!(!listed.json.to_string().contains(rss.trim_end_matches(".rss").rsplit('/').next().expect("a secret")), "its address was shown once");
        let feed = listed.number("/items/0/id");
        let other = scene.town.publisher("paul").await;
        other.api().await.delete(&format!("/pull-feeds/{feed}")).await.is(404);
        pia.delete(&format!("/pull-feeds/{feed}")).await.is(204);
        guest.open(&rss).await.is(404);
        assert_eq!(pia.get("/pull-feeds").await.is(200).json["items"], json!([]));
    }
}

story! {
    async fn a_program_takes_the_table_and_the_kit(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene).await;
        let pia = scene.pia.api().await;
        let made = pia.post("/pulls", json!({ "highlights": [id], "how": "kit", "purpose": "The yearbook" })).await.is(201);
        let pull = made.number("/id");
        let table = pia.get(&format!("/pulls/{pull}/table.csv")).await.is(200);
        let told = String::from_utf8(table.bytes).expect("text");
        let rows: Vec<&str> = told.lines().collect();
        assert_eq!(rows.len(), 2, "a heading and one row: {told}");
        assert!(rows[1].contains(WORDS) && rows[1].contains("/h/"), "the words and a link of its own: {told}");
        let kit = pia.get(&format!("/pulls/{pull}/kit.zip")).await.is(200);
        let mut kit = zip::ZipArchive::new(std::io::Cursor::new(kit.bytes)).expect("an archive");
        let names: Vec<String> = kit.file_names().map(|name| name.expect("a name").into_owned()).collect();
        let mut said = String::new();
        for name in &names {
            let mut file = kit.by_name(name).expect("a file");
            std::io::Read::read_to_string(&mut file, &mut said).expect("text");
        }
        assert!(said.contains(WORDS) && said.contains("Ada"), "{names:?}");
        for part in ["table.csv", "kit.zip"] {
            scene.ada.api().await.get(&format!("/pulls/{pull}/{part}")).await.is(403);
        }
        // Taken back, nothing of it is handed out again.
        let withdraw = json!({ "decision": "withdraw" });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), withdraw).await.is(200);
        let table = pia.get(&format!("/pulls/{pull}/table.csv")).await;
        assert!(!String::from_utf8_lossy(&table.bytes).contains(WORDS));
        let kit = pia.get(&format!("/pulls/{pull}/kit.zip")).await;
        assert!(!String::from_utf8_lossy(&kit.bytes).contains(WORDS));
    }
}

story! {
    async fn a_program_nominates_a_thread_and_puts_a_candidate_aside(town) {
        let scene = Scene::set(town).await;
        let room = category(&scene.town, "Quay", Vec::new()).await;
        let (thread, _) = crate::desk_queue::said(&scene.ada, room, "What the tide brings", AROUND).await;
        let (mo, nia) = (scene.mo.api().await, scene.nia.api().await);
        let dismissal = format!("/candidates/{thread}/dismissal");
        loggia::jobs::weigh(&scene.town.node.app).await.expect("weighed");
        let has = async |path: &str| {
            let all = mo.get(path).await.is(200);
            all.json.to_string().contains("What the tide brings")
        };
        assert!(has("/candidates").await);
        scene.ada.api().await.post(&dismissal, json!({})).await.is(403);
        mo.post(&dismissal, json!({})).await.is(204);
        mo.post("/candidates/999999/dismissal", json!({})).await.is(404);
        assert!(!has("/candidates").await);
        mo.delete(&dismissal).await.is(204);
        assert!(has("/candidates").await);
        // A thread as a whole needs nobody's words, and nobody may be named in its heading unasked.
        let wish = |title: &str| json!({ "thread_id": thread, "title": title, "reason": "Many know something." });
        nia.post("/highlights", wish("What Ada Marlow saw")).await.is(422);
        let made = nia.post("/highlights", wish("What the tide brings")).await.is(201);
        assert_eq!(made.json["quotes"], json!([]));
        assert_eq!(made.text("/state"), "consented", "nobody is quoted: a moderator looks at it");
        let named = json!({ "thread_id": thread, "title": "What Ada Marlow saw", "reason": "She knows.", "named": ["ada"] });
        let made = nia.post("/highlights", named).await.is(201);
        assert_eq!(made.text("/state"), "consent_pending");
    }
}
