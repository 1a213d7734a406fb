//! House style: rules as data beside the messaging guidelines, written, tried, taken from house to house, and in force
//! from the day of their version.

use loggia::kit::stop::Document;
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::town::{Person, Town};

const FILE: &str = "rules:\n  - id: voice.chorus\n    kind: existence\n    level: error\n    message: \"“{found}” makes a chorus of one voice.\"\n    better: a member writes\n    words: [our community thinks]\n";

/// A publisher who keeps the messaging guidelines.
async fn lead(town: &Town, name: &str) -> Person {
    let person = town.publisher(name).await;
    let id = person.id;
    town.inside(move |tx| members::give_role(tx, &Actor::System("scene"), id, Role::LeadPublisher))
        .await;
    person
}

story! {
    async fn lists_of_mentions_and_disclosures_are_kept(town) {
        let pia = lead(&town, "pia").await;
        let page = pia.opens("/guidelines/messaging/style/edit").await;
        let form = &page.forms_to("/guidelines/messaging/style/lists")[0];
        let late = form.clone();
        let kept = form.clone().fill("mentions", "@harbour_museum@museums.example").fill("disclosure", "Paid partnership").submit().await;
        kept.is(200);
        let page = pia.opens("/guidelines/messaging/style/edit").await;
        let form = &page.forms_to("/guidelines/messaging/style/lists")[0];
        assert_eq!(form.value("mentions").map(str::trim), Some("@harbour_museum@museums.example"));
        assert_eq!(form.value("disclosure").map(str::trim), Some("Paid partnership"));
        // A form that began before does not write over it unseen.
        let answer = late.fill("mentions", "@other@museums.example").submit().await;
        assert!(matches!(answer.status, 409 | 422), "{}", answer.words());
        let tomas = town.member("tomas").await;
        tomas.opens("/guidelines/messaging/style/edit").await.is(403);
    }
}

story! {
    async fn rules_are_written_tried_and_come_into_force_with_their_version(town) {
        let pia = lead(&town, "pia").await;
        let page = pia.opens("/guidelines/messaging/style/edit").await;
        page.is(200).sees("voice.one").sees("makes a chorus of one voice");
        let form = pia.opens("/guidelines/messaging/style/rule?kind=existence").await.form("Keep the rule");
        let page = form.fill("id", "Chorus!").fill("message", "“{found}” makes a chorus.").submit().await;
        page.is(422).sees("made of small letters").sees("needs words or patterns");
        assert_eq!(page.form("Keep the rule").value("message"), Some("“{found}” makes a chorus."), "what was typed is kept");
        let form = page.form("Try").fill("id", "voice.chorus").fill("words", "our community thinks\neveryone agrees").fill("text", "Look: everyone\nagrees.");
        let tried = form.submit().await;
        tried.is(200).sees("“everyone agrees” makes a chorus.");
        assert_eq!(tried.all("#tried mark").len(), 1);
        tried.form("Keep the rule").submit().await.is(200).sees("voice.chorus").sees("Saved in the draft");
        pia.opens("/guidelines/messaging/style").await.sees("There are none yet").sees("quote.consent");
        pia.opens("/guidelines/messaging/style?which=draft").await.sees("voice.chorus");
        let form = pia.opens("/guidelines/messaging/edit").await.form("Publish");
        form.submit().await.is(200).sees("Version 1.0");
        let page = pia.opens("/guidelines/messaging/style").await;
        page.sees("voice.chorus").sees("version 1.0");
        let page = page.form("Try").fill("words", "Our community thinks so, @everyone.").submit().await;
        page.sees("makes a chorus").sees("No mentions");
        // Changing the rules alone is a change of the document, and the history shows it.
        pia.opens("/guidelines/messaging/style/rule?id=voice.chorus").await.form("Take the rule out").submit().await.is(200).hides("voice.chorus");
        let form = pia.opens("/guidelines/messaging/edit").await.form("Publish").fill("note", "One rule less.").choose("change", "minor");
        form.submit().await.sees("Version 1.1");
        pia.opens("/guidelines/messaging/changes/2").await.sees("House style").sees("voice.chorus");
        town.guest().open("/guidelines/messaging/changes/2").await.is(200).hides("voice.chorus");
    }
}

story! {
    async fn rules_go_from_house_to_house_as_yaml(town) {
        let pia = lead(&town, "pia").await;
        let form = pia.opens("/guidelines/messaging/style/edit").await.form("Take these rules");
        let page = form.fill("yaml", "rules:\n  - id: a\n    knid: existence\n").submit().await;
        page.is(422).sees("Line 3 cannot be read").sees("knid");
        let wrong = FILE.replace("existence", "substitution");
        let page = page.form("Take these rules").fill("yaml", &wrong).submit().await;
        page.is(422).sees("Line 2:");
        page.form("Take these rules").fill("yaml", FILE).submit().await.is(200).sees("voice.chorus");
        let file = pia.opens("/guidelines/messaging/style.yaml?which=draft").await;
        assert!(file.header("content-type").is_some_and(|kind| kind.starts_with("application/yaml")));
        assert!(file.html.contains("voice.chorus") && file.html.contains("our community thinks"), "{}", file.html);
        let page = pia.opens("/guidelines/messaging/style/edit").await;
        page.form("Set emoji.count").fill("most", "1").submit().await.is(200);
        let page = pia.opens("/guidelines/messaging/style?which=draft").await;
        page.form("Try").fill("words", "Seals 🦭🐟").submit().await.sees("2 emoji; 1 are enough");
        let law = pia.browser.post("/guidelines/messaging/style/built-in", &[("id".into(), "quote.consent".into()), ("level".into(), "off".into())]).await;
        assert_ne!(law.status, 200, "a promise to members is not switched off");
    }
}

story! {
    async fn only_those_who_keep_the_messaging_guidelines_write_rules(town) {
        let (mia, nia, mo, pia) = (town.member("mia").await, town.champion("nia").await, town.moderator("mona").await, town.publisher("pia").await);
        for person in [&mia, &nia, &mo, &pia] {
            person.opens("/guidelines/messaging/style/edit").await.is(403);
            person.opens("/guidelines/messaging/style?which=draft").await.is(403);
            let stale = person.api().await.send("PATCH", "/guidelines/messaging/style", Some(&json!({ "revision": "x", "style": {} })), &[]).await;
            assert_eq!(stale.status, 403);
        }
        mia.opens("/guidelines/messaging/style").await.is(403);
        for person in [&nia, &mo, &pia] {
            person.opens("/guidelines/messaging/style").await.is(200);
        }
        town.guest().open("/guidelines/messaging/style").await.hides("quote.consent");
    }
}

story! {
    async fn programs_write_and_check_by_rules(town) {
        let pia = lead(&town, "pia").await;
        let api = pia.api().await;
        let draft = api.get("/guidelines/messaging/style?which=draft").await.is(200);
        let revision = draft.text("/revision").to_owned();
        let rule = json!({ "id": "a.b", "kind": "substitution", "level": "suggestion", "message": "Shorter.", "swap": { "commence": "begin" } });
        let body = json!({ "revision": revision, "style": { "rules": [rule] } });
        api.send("PATCH", "/guidelines/messaging/style", Some(&body), &[]).await.is(200);
        api.send("PATCH", "/guidelines/messaging/style", Some(&body), &[]).await.is(409);
        let bad = json!({ "revision": revision, "style": { "rules": [{ "id": "a.b", "kind": "magic", "level": "error", "message": "m" }] } });
        api.send("PATCH", "/guidelines/messaging/style", Some(&bad), &[]).await.is(422);
        let tried = api.post("/guidelines/messaging/style/check", json!({ "text": "We commence, @all.", "style": { "rules": [{ "id": "a.b", "kind": "substitution", "level": "suggestion", "message": "Shorter.", "swap": { "commence": "begin" } }] } })).await.is(200);
        assert_eq!(tried.text("/findings/0/rule"), "mention.none");
        assert_eq!((tried.number("/findings/0/span/start"), tried.number("/findings/0/span/end")), (13, 17));
        assert_eq!((tried.text("/findings/1/rule"), tried.text("/findings/1/better")), ("a.b", "begin"));
    }
}

story! {
    async fn an_announcement_is_held_against_the_rules_in_force(town) {
        let scene = Scene::set(town).await;
        let rules = loggia::guidelines::StyleSource::from_yaml(FILE).expect("a right file");
        scene.town.inside(move |tx| {
            let house = Actor::System("scene");
            let base = loggia::guidelines::base_of(tx, Document::Messaging)?.expect("guidelines").fingerprint();
            loggia::guidelines::save_style(tx, &house, &rules, &base)?;
            let draft = loggia::guidelines::base_of(tx, Document::Messaging)?.expect("a draft");
            let wanted = loggia::guidelines::Publication {
                words: loggia::guidelines::Words::parse(&draft.body_source, "http://town.example")?,
                change: loggia::guidelines::Change::Minor,
                note: "Rules.".to_owned(),
                effective_at: None,
                base: draft.fingerprint(),
            };
            loggia::guidelines::publish(tx, &house, Document::Messaging, &wanted)
        }).await;
        let id = scene.approved().await;
        let chorus = json!({ "channel_id": scene.page.0, "text": format!("Our community thinks: “{WORDS}” Ada.") });
        let refused = scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), chorus).await.is(422);
        assert!(refused.json.to_string().contains("makes a chorus of one voice"), "{}", refused.json);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201);
    }
}
