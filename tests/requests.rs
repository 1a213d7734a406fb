//! Stories of requests for voices: a publisher asks, community managers answer with the charter in hand.

use loggia::guidelines::{self, Change, Publication};
use loggia::kit::clock::DAY;
use loggia::kit::stop::Document;
use loggia::policy::Actor;
use serde_json::json;

use crate::highlights::Scene;
use crate::story;

const SENTENCE: &str = "Nobody is an audience here.";

async fn charter(scene: &Scene) {
    scene
        .town
        .inside(|tx| {
            let text = format!(
                "## What it is not\n\n**Not a channel.** {SENTENCE} Members speak for themselves."
            );
            let wanted = Publication {
                words: guidelines::Words::parse(&text, "http://town.example")?,
                change: Change::Major,
                note: String::new(),
                effective_at: None,
                base: guidelines::base_of(tx, Document::Charter)?
                    .map(|v| v.fingerprint())
                    .unwrap_or_default(),
            };
            guidelines::publish(tx, &Actor::System("scene"), Document::Charter, &wanted)
        })
        .await;
}

async fn friday(scene: &Scene) -> String {
    let now = scene.town.inside(|tx| Ok(tx.now())).await;
    let day = now
        .plus(4 * DAY)
        .timestamp()
        .to_zoned(jiff::tz::TimeZone::UTC);
    day.strftime("%Y-%m-%dT12:00").to_string()
}

story! {
    async fn three_voices_by_friday(town) {
        let scene = Scene::set(town).await;
        charter(&scene).await;
        let list = scene.pia.opens("/outreach/requests").await;
        assert_eq!(list.status, 200, "{}", list.words());
        let wrong = list.form("Ask the community managers").fill("title", "Three voices on the garden").submit().await;
        assert_eq!(wrong.status, 422, "{}", wrong.words());
        assert!(wrong.html.contains("Three voices on the garden"), "the input is kept");
        let asked = wrong.form("Ask the community managers")
            .fill("wish", "For the leaflet of the open day.").fill("voices", "3").fill("when", &friday(&scene).await).submit().await;
        assert_eq!(asked.status, 200, "{}", asked.words());
        let path = asked.path.clone();
        assert!(scene.mo.opens("/my/notices").await.words().contains("Three voices on the garden"));
        // A community manager brings something else, and cites the charter.
        let nominated = scene.nominated().await;
        let page = scene.mo.opens(&path).await;
        assert!(page.words().contains(SENTENCE), "{}", page.words());
        let bare = page.form("Answer").choose("answer", "propose").fill("note", "Rather the heron.").submit().await;
        assert_eq!(bare.status, 422);
        assert!(bare.words().contains("choose a sentence of the charter"), "{}", bare.words());
        let number = page.attributes("#sentence option", "value").into_iter()
            .zip(page.all("#sentence option")).find(|(_, text)| text == SENTENCE).expect("the sentence is offered").0;
        let answered = page.form("Answer").choose("answer", "propose").fill("note", "Rather the heron.")
            .choose("sentence", &number).tick("offer", &nominated.to_string()).submit().await;
        assert_eq!(answered.status, 200, "{}", answered.words());
        // The publisher sees who said what and why, and what was brought.
        assert!(scene.pia.opens("/my/notices").await.words().contains("proposes something else"));
        let page = scene.pia.opens(&path).await;
        for said in ["Rather the heron.", SENTENCE, "A kingfisher", "Waiting for consent"] {
            assert!(page.words().contains(said), "{said}: {}", page.words());
        }
        // A form made before is stale now.
        let late = bare.form("Answer").choose("answer", "accept").submit().await;
        assert_eq!(late.status, 409, "{}", late.words());
        let done = page.form("I have what I need").submit().await;
        assert_eq!(done.status, 200, "{}", done.words());
        assert!(scene.mo.opens("/outreach/requests?show=over").await.words().contains("Three voices on the garden"));
        assert_eq!(scene.nia.opens("/outreach/requests").await.status, 403);
    }
}

story! {
    async fn the_same_by_api_and_a_reminder(town) {
        let scene = Scene::set(town).await;
        charter(&scene).await;
        let (pia, mo) = (scene.pia.api().await, scene.mo.api().await);
        let body = json!({ "title": "Two voices on bells", "wish": "For the radio.", "voices": 2, "due": { "wall_time": friday(&scene).await } });
        mo.post("/requests", body.clone()).await.is(403);
        let id = pia.post("/requests", body).await.is(201).number("/id");
        let answers = format!("/requests/{id}/answers");
        pia.post(&answers, json!({ "answer": "accept", "revision": 1 })).await.is(403);
        mo.post(&answers, json!({ "answer": "perhaps", "revision": 1 })).await.is(422);
        mo.post(&answers, json!({ "answer": "decline", "note": "No.", "revision": 1 })).await.is(422);
        mo.post(&answers, json!({ "answer": "decline", "note": "No.", "charter_sentence": 99, "revision": 1 })).await.is(422);
        mo.post(&answers, json!({ "answer": "accept", "revision": 7 })).await.is(409);
        mo.post(&answers, json!({ "answer": "accept", "note": "I ask around.", "revision": 1 })).await.is(201);
        // Due within a day: whoever accepted is reminded, once.
        scene.town.clock.advance(3 * DAY + DAY / 2);
        for _ in 0..2 {
            scene.town.inside(loggia::highlights::remind_of_requests).await;
        }
        let notices = scene.mo.opens("/my/notices").await;
        assert_eq!(notices.words().matches("is due within a day").count(), 1, "{}", notices.words());
        let sentences = mo.get("/guidelines/charter/sentences").await.is(200);
        let number = sentences.json["items"].as_array().and_then(|all| all.iter().find(|s| s["text"] == SENTENCE))
            .map(|s| s["number"].clone()).expect("the sentence");
        let no = json!({ "answer": "decline", "note": "People here are not a panel.", "charter_sentence": number, "revision": 2 });
        let declined = mo.post(&answers, no).await.is(201);
        assert_eq!(declined.text("/state"), "declined");
        assert_eq!(declined.json["answers"].as_array().map(Vec::len), Some(2), "every answer is kept");
        mo.post(&answers, json!({ "answer": "accept", "revision": 3 })).await.is(409);
        pia.post(&format!("/requests/{id}/closing"), json!({ "done": true, "revision": 3 })).await.is(409);
        assert_eq!(pia.get("/requests?status=over").await.is(200).number("/items/0/id"), id);
    }
}
