//! Stories at the door: nobody is quoted or named outside who was not asked, examples name nobody, lists cost the same
//! however long they are, and what the pages do the API does as well.

use diesel::prelude::*;
use loggia::highlights as desk;
use loggia::kit::clock::{Clock, DAY};
use loggia::kit::ids::MemberId;
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::{Value, json};

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::support::queries::asked;
use crate::town::{Person, Town};

/// Gives a member a name of more than one word.
async fn shown_as(town: &Town, id: MemberId, name: &'static str) {
    town.inside(move |tx| {
        diesel::update(loggia::db::schema::members::table.find(id))
            .set(loggia::db::schema::members::display_name.eq(name))
            .execute(tx.conn)?;
        Ok(())
    })
    .await;
}

async fn lead(town: &Town, name: &str) -> Person {
    let person = town.publisher(name).await;
    let id = person.id;
    town.inside(move |tx| members::give_role(tx, &Actor::System("scene"), id, Role::LeadPublisher))
        .await;
    person
}

async fn rules(scene: &Scene, id: i64, text: &str) -> Vec<String> {
    let body = json!({ "highlight_id": id, "channel_id": scene.page.0, "text": text });
    let api = scene.pia.api().await;
    let report = api.post("/announcements/preview", body).await.is(200).json;
    let all = report["findings"].as_array().expect("findings");
    let errors = all.iter().filter(|f| f["level"] == "error");
    errors
        .map(|f| f["rule"].as_str().unwrap_or_default().to_owned())
        .collect()
}

story! {
    async fn nobody_speaks_or_is_named_outside_who_was_not_asked(town) {
        let scene = Scene::set(town).await;
        let zofia = scene.town.member("zofia").await;
        shown_as(&scene.town, zofia.id, "Zofia Marek").await;
        shown_as(&scene.town, scene.pia.id, "Pia Holm").await;
        let spring = scene.town.member("lotta").await;
        shown_as(&scene.town, spring.id, "Spring").await;
        let id = scene.approved().await;
        let frame = |words: &str| format!("“{WORDS}” Ada, in our community. {words}");
        for (words, wrong) in [
            ("Zofia Marek came too.", "attribution.unasked"),
            ("ZOFIA MAREK came too.", "attribution.unasked"),
            ("We thank zofia marek’s friends.", "attribution.unasked"),
            ("Somebody added: ‘we hate visitors’.", "quote.consent"),
            ("Somebody added: 'we hate visitors'.", "quote.consent"),
            ("Somebody added: ‚wir mögen niemand‘.", "quote.consent"),
            ("Buy it at evil.ru/shop", "link.home"),
            ("Go to tickets.store", "link.home"),
            ("//evil.example/a", "link.home"),
            ("See evil。ru", "link.home"),
            ("Ask ＠mia", "mention.none"),
        ] {
            let found = rules(&scene, id, &frame(words)).await;
            assert!(found.iter().any(|rule| rule == wrong), "{words}: {found:?}");
        }
        for words in [
            "Spring came early, don't you think? It's the members’ day of the ’90s, rock ’n’ roll.",
            "Pia Holm wrote this.",
        ] {
            assert_eq!(rules(&scene, id, &frame(words)).await, [""; 0], "{words}");
        }
        // What the page says while somebody types, and what scheduling says.
        let desk = format!("/outreach/highlights/{id}/compose");
        let text = frame("Zofia Marek added: ‘we hate visitors’. Buy it at evil.ru/shop");
        let page = scene.pia.opens(&desk).await.form("Save and check").fill("master", &text).submit().await;
        page.is(200).sees("“Zofia Marek” is a member here and was not asked").sees("evil.ru/shop").sees("Nobody agreed to these words");
        let body = json!({ "channel_id": scene.page.0, "text": text });
        let refused = scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), body).await.is(422);
        assert!(refused.json.to_string().contains("was not asked"), "{}", refused.json);
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 0);
    }
}

story! {
    async fn whoever_agreed_to_be_named_may_be_named(town) {
        let scene = Scene::set(town).await;
        let zofia = scene.town.member("zofia").await;
        shown_as(&scene.town, zofia.id, "Zofia Marek").await;
        let nominated = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "What Zofia Marek saw", "reason": "It is quiet." });
        let api = scene.nia.api().await;
        let refused = api.post("/highlights", nominated.clone()).await.is(422);
        assert!(refused.json.to_string().contains("The heading names Zofia Marek"), "{}", refused.json);
        let mut named = nominated;
        named["named"] = json!(["zofia"]);
        let id = api.post("/highlights", named).await.is(201).number("/id");
        let consent = format!("/highlights/{id}/consent");
        scene.ada.api().await.post(&consent, crate::highlights::yes()).await.is(200);
        zofia.api().await.post(&consent, crate::highlights::yes()).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        assert_eq!(rules(&scene, id, &format!("“{WORDS}” Ada, with Zofia Marek.")).await, [""; 0]);
    }
}

story! {
    async fn an_example_names_nobody_in_its_reasons_either(town) {
        let scene = Scene::set(town).await;
        let fen = scene.town.member("fen").await;
        shown_as(&scene.town, fen.id, "Fen Liu").await;
        let (_, one) = scene.announced().await;
        let path = format!("/outreach/announcements/{one}/notes");
        let page = scene.nia.opens(&path).await;
        page.form("Leave it").choose("kind", "worked").fill("words", "Fen Liu said it best.").submit().await.is(200);
        let lou = lead(&scene.town, "lou").await;
        let page = lou.opens(&path).await.form("Make it an example").submit().await;
        page.is(422).sees("The note names Fen Liu");
        let guest = scene.town.guest();
        guest.open("/guidelines/messaging/examples").await.hides("Fen Liu").hides("said it best");
        scene.nia.opens(&path).await.form("Take my note back").submit().await.is(200);
        let words = format!("Ada was right: “{WORDS}” is enough, ‘and nothing else’.");
        let page = scene.nia.opens(&path).await;
        page.form("Leave it").choose("kind", "worked").fill("words", &words).submit().await.is(200);
        lou.opens(&path).await.form("Make it an example").submit().await.is(200).sees("Ada was right");
        guest.open("/guidelines/messaging/examples").await.sees("was right").hides("Ada").hides("kingfisher").hides("nothing else");
        let listed = scene.town.api(None).get("/guidelines/messaging/examples").await.is(200);
        assert!(!listed.json.to_string().contains("Ada"), "{}", listed.json);
    }
}

/// Copies an announcement and its notes so many times, each an example that rests on a rule.
async fn many(scene: &Scene, one: i64, times: i64) {
    scene
        .town
        .inside(move |tx| {
            let columns = "highlight_id, channel_id, text, text_hash, code, wall_time, zone, planned_at, sent_at, state, revision, check_report, content_hash, messaging_version, created_by, created_at, updated_at";
            for n in 0..times {
                let picked = columns
                    .replace(", code,", &format!(", 'copy{n:06}',"))
                    .replace("planned_at", &format!("planned_at + {n}"));
                diesel::sql_query(format!(
                    "INSERT INTO announcements ({columns}) SELECT {picked} FROM announcements WHERE id = {one}"
                ))
                .execute(tx.conn)?;
            }
            diesel::sql_query(format!(
                "INSERT INTO announcement_notes (announcement_id, kind, words, rule_version, rule_number, named, said, rather, because, picked_at, created_at) SELECT a.id, 'worked', 'x', (SELECT MAX(id) FROM document_versions WHERE kind = 'messaging'), 1, {no}, 's', '', 'b', a.planned_at, a.planned_at FROM announcements a WHERE a.code LIKE 'copy%'",
                no = "(1 = 0)"
            ))
            .execute(tx.conn)?;
            Ok(())
        })
        .await;
}

story! {
    async fn lists_to_learn_from_ask_as_often_however_long_they_are(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let who = scene.pia.id;
        let cost = move |tx: &mut loggia::db::Tx<'_>| {
            let actor = members::actor(tx, who)?;
            let (said, first) = asked(tx, |tx| desk::to_learn_from(tx, &actor, None))?;
            let (examples, second) = asked(tx, |tx| desk::examples(tx, None))?;
            Ok(((said.0.len(), said.1.is_some(), first), (examples.0.len(), second), said.1))
        };
        many(&scene, one, 2).await;
        let (few, few_examples, _) = scene.town.inside(cost).await;
        assert_eq!((few.0, few.1, few_examples.0), (3, false, 2));
        many_more(&scene, one).await;
        let (full, full_examples, next) = scene.town.inside(cost).await;
        assert_eq!((full.0, full.1, full_examples.0), (30, true, 20));
        assert_eq!((full.2, full_examples.1), (few.2, few_examples.1));
        assert!(full.2 <= 4 && full_examples.1 <= 4, "{full:?} {full_examples:?}");
        // A page that says there is more is followed by one with something on it, whatever was taken back.
        let rest = scene.town.inside(move |tx| {
            let actor = members::actor(tx, who)?;
            desk::to_learn_from(tx, &actor, next)
        }).await;
        assert_eq!((rest.0.len(), rest.1), (3, None));
    }
}

/// As many again that still stand, and as many that were taken back.
async fn many_more(scene: &Scene, one: i64) {
    scene
        .town
        .inside(|tx| {
            diesel::sql_query("DELETE FROM announcement_notes").execute(tx.conn)?;
            diesel::sql_query("DELETE FROM announcements WHERE code LIKE 'copy%'")
                .execute(tx.conn)?;
            Ok(())
        })
        .await;
    many(scene, one, 72).await;
    scene
        .town
        .inside(|tx| {
            diesel::sql_query("UPDATE announcements SET state = 'cancelled' WHERE code LIKE 'copy%' AND code > 'copy000031'")
                .execute(tx.conn)?;
            Ok(())
        })
        .await;
}

story! {
    async fn a_document_is_read_compared_written_and_recalled_by_api(town) {
        let (mo, mia) = (town.moderator("mona").await, town.member("mia").await);
        let api = mo.api().await;
        let charter = "/guidelines/charter";
        let first = api.post(&format!("{charter}/versions"), json!({ "body": "A harbour.\n\nFor talk.", "change": "major" })).await.is(201).number("/version");
        let draft = api.get(&format!("{charter}/draft")).await.is(200);
        assert_eq!((draft.json["draft"].as_bool(), draft.text("/body")), (Some(false), "A harbour.\n\nFor talk."));
        mia.api().await.get(&format!("{charter}/draft")).await.is(403);
        let base = draft.text("/base").to_owned();
        let words = json!({ "body": "A harbour.\n\nFor all talk.", "base": base });
        let put = |who: crate::town::Api, body: Value| async move {
            who.send("PUT", "/guidelines/charter/draft", Some(&body), &[]).await
        };
        put(mia.api().await, words.clone()).await.is(403);
        let kept = put(mo.api().await, words.clone()).await.is(200);
        assert_eq!(kept.json["draft"], true);
        put(mo.api().await, words).await.is(409);
        // It waits for its day, is read by whoever asks, and is taken back.
        let later = town.clock.now().plus(3 * DAY).rfc3339();
        let new = json!({ "body": "A harbour.\n\nFor all talk.", "change": "major", "note": "All.", "effective_at": later });
        let second = api.post(&format!("{charter}/versions"), new).await.is(201).number("/version");
        let old = town.api(None).get(&format!("{charter}/versions/{first}")).await.is(200);
        assert_eq!(old.text("/body"), "A harbour.\n\nFor talk.");
        let diff = town.api(None).get(&format!("{charter}/versions/{second}/changes")).await.is(200);
        let lines: Vec<(&str, &str)> = diff.json["lines"].as_array().expect("lines").iter().map(|l| (l["change"].as_str().unwrap_or_default(), l["text"].as_str().unwrap_or_default())).collect();
        assert!(lines.contains(&("removed", "For talk.")) && lines.contains(&("added", "For all talk.")), "{lines:?}");
        assert_eq!(diff.number("/against"), first);
        let back = town.api(None).get(&format!("{charter}/versions/{first}/changes?against={second}")).await.is(200);
        assert_eq!(back.number("/against"), second);
        town.api(None).get(&format!("{charter}/versions/99")).await.is(404);
        town.api(None).get(&format!("{charter}/versions/{first}/changes")).await.is(404);
        mia.api().await.post(&format!("{charter}/recall"), json!({ "version": second })).await.is(403);
        api.post(&format!("{charter}/recall"), json!({ "version": first })).await.is(409);
        let recalled = api.post(&format!("{charter}/recall"), json!({ "version": second })).await.is(200);
        assert_eq!((recalled.json["draft"].as_bool(), recalled.text("/body")), (Some(true), "A harbour.\n\nFor all talk."));
        api.post(&format!("{charter}/recall"), json!({ "version": second })).await.is(404);
    }
}

story! {
    async fn the_usual_answer_and_the_weekly_letter_are_chosen_by_api(town) {
        let scene = Scene::set(town).await;
        let (ada, pia) = (scene.ada.api().await, scene.pia.api().await);
        assert_eq!(ada.get("/consents/preference").await.is(200).text("/preference"), "ask");
        ada.patch("/consents/preference", json!({ "preference": "sometimes" })).await.is(422);
        ada.patch("/consents/preference", json!({ "preference": "never" })).await.is(200);
        assert_eq!(ada.get("/consents/preference").await.is(200).text("/preference"), "never");
        scene.town.api(None).get("/consents/preference").await.is(401);
        let id = scene.ada.id;
        assert!(scene.town.inside(move |tx| members::never_asked(tx, id)).await);
        assert_eq!(pia.get("/library/letter").await.is(200).json["wanted"], true);
        pia.patch("/library/letter", json!({ "wanted": false })).await.is(200);
        assert_eq!(pia.get("/library/letter").await.is(200).json["wanted"], false);
        let id = scene.pia.id;
        assert!(!scene.town.inside(move |tx| desk::wants_letter(tx, id)).await);
        ada.get("/library/letter").await.is(403);
        ada.patch("/library/letter", json!({ "wanted": true })).await.is(403);
    }
}
