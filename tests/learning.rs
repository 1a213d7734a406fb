//! Learning from what was said, champions, and what stands beside the guidelines: statements, reminders, rules that
//! reports refer to, and two guidelines that are kept apart.

use loggia::kit::clock::DAY;
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::town::{Person, Town};

async fn lead(town: &Town, name: &str) -> Person {
    let person = town.publisher(name).await;
    let id = person.id;
    town.inside(move |tx| members::give_role(tx, &Actor::System("scene"), id, Role::LeadPublisher))
        .await;
    person
}

story! {
    async fn a_note_becomes_an_example_with_nobody_in_it(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let path = format!("/outreach/announcements/{one}/notes");
        scene.ada.opens(&path).await.is(403);
        let page = scene.nia.opens("/outreach/learning").await;
        page.is(200).sees(WORDS);
        let page = scene.nia.opens(&path).await;
        let again = page.form("Leave it").fill("words", "It says where.").submit().await;
        again.is(422).sees("It says where.");
        let form = again.form("Leave it").choose("kind", "better").fill("words", "It should say who saw it first.");
        form.submit().await.is(200).sees("It should say who saw it first.").hides("Make it an example");
        let lou = lead(&scene.town, "lou").await;
        let page = lou.opens(&path).await.form("Make it an example").submit().await;
        page.is(422);
        let rather = format!("Ada saw it, a member: “{WORDS}”");
        let form = page.form("Make it an example").fill("rather", &rather);
        form.submit().await.is(200).sees("Example");
        let page = scene.town.guest().open("/guidelines/messaging/examples").await;
        page.is(200).sees("Rather this").sees("It should say who saw it first.").hides(WORDS).hides("Ada").hides("Nia").hides("kingfisher");
        let api = scene.town.api(None).get("/guidelines/messaging/examples").await.is(200);
        assert!(!api.json.to_string().contains("Ada") && api.json["items"].as_array().is_some_and(|l| l.len() == 1), "{}", api.json);
        // What is taken back is no example.
        let id = one;
        scene.pia.api().await.post(&format!("/announcements/{id}/withdrawal"), json!({})).await;
        scene.deliver().await;
        scene.town.guest().open("/guidelines/messaging/examples").await.hides("It should say who saw it first.");
        scene.nia.opens(&path).await.is(404);
    }
}

story! {
    async fn who_agrees_is_named_with_their_note(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let path = format!("/announcements/{one}/notes");
        let note = json!({ "kind": "worked", "because": "It is short.", "named": true });
        scene.mo.api().await.post(&path, note.clone()).await.is(201);
        scene.ada.api().await.post(&path, note).await.is(403);
        scene.mo.api().await.post(&path, json!({ "kind": "worked", "because": "x", "rule": 99 })).await.is(422);
        let lou = lead(&scene.town, "lou").await;
        lou.opens(&format!("/outreach{path}")).await.form("Make it an example").submit().await.is(200);
        scene.town.guest().open("/guidelines/messaging/examples").await.sees("Mona").sees("It is short.");
        assert_eq!(scene.mo.api().await.get(&path).await.is(200).text("/items/0/because"), "It is short.");
    }
}

story! {
    async fn champions_are_named_when_they_agree_and_suggest_texts(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        scene.town.guest().open("/champions").await.is(200).hides("Nia").sees("the charter");
        scene.ada.opens("/champions").await.hides("Name me");
        let page = scene.nia.opens("/champions").await.form("Keep it").tick("named", "1").submit().await;
        page.is(200).sees("You are named here now");
        scene.town.guest().open("/champions").await.sees("Nia");
        assert_eq!(scene.town.api(None).get("/champions").await.is(200).text("/items/0/name"), "nia");
        scene.ada.api().await.post("/champions/name", json!({ "named": true })).await.is(403);

        scene.ada.opens("/champions/texts").await.is(403);
        let page = scene.nia.opens("/champions/texts").await;
        page.sees(WORDS);
        let page = scene.nia.opens(&format!("/champions/texts/{id}")).await.form("Check").fill("text", "The best: “Something else.”").submit().await;
        page.is(200).sees("is more than anybody can check").sees("Nobody agreed to these words");
        let text = format!("An hour of quiet: “{WORDS}”");
        page.form("Suggest it").fill("text", &text).fill("note", "For mornings.").submit().await.is(200).sees("waits");
        scene.nia.opens("/outreach/suggestions").await.is(403);
        scene.pia.opens("/my/notices").await.sees("suggested a text");
        let page = scene.pia.opens("/outreach/suggestions").await;
        page.sees("An hour of quiet").sees("For mornings.");
        page.form("Set it aside").fill("answer", "Lovely; next week.").submit().await.is(200);
        scene.nia.opens("/champions/texts").await.sees("set aside").sees("Lovely; next week.");
        let made = scene.nia.api().await.post(&format!("/highlights/{id}/suggestions"), json!({ "text": text })).await.is(201).number("/id");
        let answer = format!("/suggestions/{made}/answer");
        scene.pia.api().await.post(&answer, json!({ "state": "taken" })).await.is(200);
        scene.pia.api().await.post(&answer, json!({ "state": "taken" })).await.is(409);
        // What may not be said any more is not suggested for either.
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        scene.nia.opens("/champions/texts").await.hides(WORDS);
        scene.nia.opens(&format!("/champions/texts/{id}")).await.is(404);
        scene.pia.opens("/outreach/suggestions?show=answered").await.hides("An hour of quiet");
    }
}

story! {
    async fn what_members_come_for_stands_beside_the_guidelines(town) {
        let pia = lead(&town, "pia").await;
        let (mia, nia) = (town.member("mia").await, town.champion("nia").await);
        let page = pia.opens("/guidelines/messaging/problems").await.form("Keep it").fill("who", "a grandson").submit().await;
        page.is(422).sees("Please fill this in");
        page.form("Keep it").fill("words", "I found a shoe box of letters.").submit().await.is(200).sees("shoe box").sees("a grandson");
        nia.opens("/guidelines/messaging/problems").await.sees("shoe box").hides("Keep it");
        mia.opens("/guidelines/messaging/problems").await.is(403);
        nia.api().await.post("/guidelines/messaging/problems", json!({ "words": "x" })).await.is(403);
        let id = pia.api().await.get("/guidelines/messaging/problems").await.is(200).number("/items/0/id");
        let page = pia.opens(&format!("/guidelines/messaging/problems?id={id}")).await;
        page.form("Keep it").fill("words", "I found two shoe boxes.").submit().await.sees("two shoe boxes");
        pia.api().await.send("DELETE", &format!("/guidelines/messaging/problems/{id}"), None, &[]).await.is(204);
        pia.opens("/guidelines/messaging/problems").await.hides("shoe boxes");
    }
}

story! {
    async fn who_is_missing_is_reminded_seldom(town) {
        let mo = town.moderator("mona").await;
        let handle = "newt".to_owned();
        let newt = town.inside(move |tx| members::add(tx, &Actor::System("scene"), &members::Added::named(&handle))).await;
        let page = mo.opens("/guidelines/community/acknowledgements?show=missing").await;
        page.is(200).sees("newt").sees("nothing yet");
        assert_eq!(page.all("tbody tr").len(), 1, "who acknowledged is not on the list");
        page.form("Remind them").submit().await.is(200);
        town.work().await;
        let count = move |tx: &mut loggia::db::Tx<'_>| loggia::notifications::unread(tx, newt);
        assert_eq!(town.inside(count).await, 1);
        mo.opens("/guidelines/community/acknowledgements?show=missing").await.sees("once");
        let refused = mo.api().await.post("/guidelines/community/reminders", json!({})).await;
        assert_eq!(refused.status, 429, "once a day for all");
        town.clock.advance(2 * DAY);
        mo.api().await.post("/guidelines/community/reminders", json!({})).await.is(202);
        town.work().await;
        assert_eq!(town.inside(count).await, 1, "nobody twice in a week");
        town.clock.advance(8 * DAY);
        mo.api().await.post("/guidelines/community/reminders", json!({})).await.is(202);
        town.work().await;
        assert_eq!(town.inside(count).await, 2);
        let file = mo.opens("/guidelines/community/acknowledgements.csv?show=missing").await;
        assert!(file.html.contains("newt,"), "{}", file.html);
        let mia = town.member("mia").await;
        mia.opens("/guidelines/community/acknowledgements.csv").await.is(403);
        mia.api().await.get("/guidelines/community/acknowledgements?show=missing").await.is(403);
        let behind = mo.api().await.get("/guidelines/community/acknowledgements?show=missing").await.is(200);
        assert_eq!(behind.text("/items/0/name"), "newt");
    }
}

story! {
    async fn a_report_and_a_decision_refer_to_a_rule(town) {
        let scene = Scene::set(town).await;
        let path = format!("/p/{}/report", scene.post);
        let form = scene.nia.opens(&path).await.form("Send the report");
        let form = form.choose("reason", "unkind").choose("rule", "2");
        form.submit().await.is(200);
        let item = scene.mo.api().await.get("/review-items").await.is(200);
        assert_eq!(item.number("/items/0/reports/0/rule"), 2);
        let id = item.number("/items/0/id");
        let page = scene.mo.opens(&format!("/desk/review/{id}")).await;
        page.sees("§ 2 Disagree with the matter");
        let decision = json!({ "finding": "upheld", "content": "hide", "author": "none", "reason": "Look again.", "rule": 77 });
        let decide = format!("/review-items/{id}/decision");
        scene.mo.api().await.post(&decide, decision).await.is(422);
        let decision = json!({ "finding": "upheld", "content": "hide", "author": "none", "reason": "Look again.", "rule": 2 });
        let done = scene.mo.api().await.post(&decide, decision).await.is(200);
        assert_eq!(done.number("/decision/rule"), 2);
        scene.ada.opens("/my/notices").await.sees("§ 2 Disagree with the matter. Look again.");
        let wrong = scene.nia.api().await.post(&format!("/posts/{}/reports", scene.post), json!({ "reason": "spam", "rule": 99 })).await;
        assert_eq!(wrong.status, 404, "the post is hidden by now");
    }
}

story! {
    async fn the_two_guidelines_are_kept_apart(town) {
        let scene = Scene::set(town).await;
        let thread = format!("/p/{}", scene.post);
        let inside = ["/sign-up", "/guidelines/community", "/guidelines/community/print", "/charter", "/latest", "/new-thread", thread.as_str(), "/my/settings"];
        for path in inside {
            let page = scene.ada.opens(path).await;
            assert!(!page.html.contains("/guidelines/messaging"), "{path} leads to the messaging guidelines");
            assert!(!page.html.contains("Speak quietly of others"), "{path} holds words of the messaging guidelines");
        }
        let report = scene.nia.opens(&format!("/p/{}/report", scene.post)).await;
        report.sees("Disagree with the matter").hides("Speak quietly of others");
        let page = scene.town.guest().open("/guidelines/messaging").await;
        page.sees("Speak quietly of others").hides("Speak to the person");
        scene.town.guest().open("/announcements").await.sees("Messaging guidelines");
        // Gates: the one does not open the other.
        let api = scene.town.api(None).get("/guidelines/community").await.is(200);
        assert!(api.text("/body").contains("Speak to the person"));
    }
}

story! {
    async fn documents_are_printed_compared_and_shown_on_a_slide(town) {
        let mo = town.moderator("mona").await;
        let first = "Merrowby has a harbour. Old.\n\n## What it is\n\n**A place.** You come in.\n\n## What it is not\n\n**Not a channel.** Nobody posts to an audience.";
        mo.opens("/charter/edit").await.form("Publish").fill("body", first).submit().await.is(200);
        for (body, note) in [("## What it is\n\n**A house.** Come in.", "A house."), ("## What it is\n\n**A harbour.** Come in.", "A harbour.")] {
            mo.opens("/charter/edit").await.form("Publish").fill("body", body).fill("note", note).choose("change", "major").submit().await.is(200);
        }
        let guest = town.guest();
        let page = guest.open("/charter/changes/3").await;
        page.sees("A house.");
        let page = page.form("Compare").choose("against", "1").submit().await;
        page.is(200).sees("Compared with version 1.0").sees("Not a channel").hides("A house.");
        guest.open("/charter/changes/3?against=9").await.is(404);
        guest.open("/charter/print").await.is(200).sees("A harbour.");
        let slide = guest.open("/charter/slide").await;
        slide.is(200).sees("A harbour").hides("Come in");
        assert_eq!(slide.all(".slide h2"), ["What it is"]);
        guest.open("/sign-up").await.sees("What this place is for").sees("A harbour");
        guest.open("/guidelines/community/print").await.is(200).sees("Speak to the person");
        guest.open("/guidelines/messaging/print").await.is(404);
        for path in ["/latest", "/sign-in", "/announcements", "/champions"] {
            assert!(guest.open(path).await.html.contains("href=\"/charter\""), "{path}");
        }
    }
}

story! {
    async fn examples_and_statements_are_kept_by_programs_too(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let lou = lead(&scene.town, "lou").await.api().await;
        let note = json!({ "kind": "better", "because": "Say who saw it first." });
        let nia = scene.nia.api().await;
        let id = nia.post(&format!("/announcements/{one}/notes"), note.clone()).await.is(201).number("/id");
        let example = format!("/notes/{id}/example");
        nia.post(&example, json!({ "rather": "A member saw it." })).await.is(403);
        lou.post(&example, json!({})).await.is(422);
        let made = lou.post(&example, json!({ "rather": "Ada, a member, saw it." })).await.is(200);
        assert!(made.text("/rather").contains("saw it") && !made.text("/rather").contains("Ada"), "{}", made.json);
        let changed = lou.post(&example, json!({ "rather": "A member saw it first." })).await.is(200);
        assert_eq!(changed.text("/rather"), "A member saw it first.");
        let all = lou.get("/guidelines/messaging/examples").await.is(200);
        assert_eq!(all.json["items"].as_array().map(Vec::len), Some(1), "changed, not made twice");
        nia.delete(&example).await.is(403);
        lou.delete(&example).await.is(204);
        assert_eq!(lou.get("/guidelines/messaging/examples").await.is(200).json["items"], json!([]));
        scene.mo.api().await.delete(&format!("/notes/{id}")).await.is(403);
        nia.delete(&format!("/notes/{id}")).await.is(204);
        nia.delete(&format!("/notes/{id}")).await.is(404);

        let path = "/guidelines/messaging/problems";
        let words = json!({ "words": "I want to know what bird that was.", "who": "a walker" });
        nia.post(path, words.clone()).await.is(403);
        let id = lou.post(path, words).await.is(201).number("/id");
        let one = format!("{path}/{id}");
        nia.patch(&one, json!({ "words": "x" })).await.is(403);
        lou.patch(&one, json!({ "words": " " })).await.is(422);
        let changed = lou.patch(&one, json!({ "words": "Which bird was that?" })).await.is(200);
        assert_eq!((changed.text("/words"), changed.text("/who")), ("Which bird was that?", ""));
        assert_eq!(lou.get(path).await.is(200).text("/items/0/words"), "Which bird was that?");
        lou.delete(&one).await.is(204);
        lou.patch(&one, json!({ "words": "x" })).await.is(404);
    }
}
