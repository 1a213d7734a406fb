//! Stories of what goes beside a text: a picture that its author let go along, a champion's suggestion, and corrections that
//! are held against the same rules.

use loggia::guidelines::{self, Change, Publication};
use loggia::highlights;
use loggia::kit::ids::HighlightId;
use loggia::kit::stop::Document;
use loggia::policy::Actor;
use serde_json::{Value, json};

use crate::compose::settings;
use crate::highlights::{Scene, WORDS, yes};
use crate::story;
use crate::uploads::{id_of, line, png, sends};

/// An approved highlight whose author let the picture in her post go along.
async fn pictured(scene: &Scene) -> (i64, i64) {
    pictured_for(scene, &["page"]).await
}

/// The same, for these kinds of channels.
pub async fn pictured_for(scene: &Scene, channels: &[&str]) -> (i64, i64) {
    let base = scene.town.base_url().to_owned();
    let (line, path) = line(&sends(&scene.ada, &base, &png(900, 600), "A heron at dawn").await);
    scene.edits(&format!("{WORDS} And so on.\n\n{line}")).await;
    let id = scene.nominated().await;
    let mut with: Value = yes();
    with["pictures"] = json!(true);
    with["channels"] = json!(channels);
    scene
        .ada
        .api()
        .await
        .post(&format!("/highlights/{id}/consent"), with)
        .await
        .is(200);
    scene
        .mo
        .api()
        .await
        .post(
            &format!("/highlights/{id}/approval"),
            json!({ "decision": "approve" }),
        )
        .await
        .is(200);
    (id, id_of(&path).0)
}

async fn released(scene: &Scene, id: i64) -> usize {
    scene
        .town
        .inside(move |tx| highlights::pictures(tx, HighlightId(id)))
        .await
        .len()
}

fn rules(reply: &Value) -> Vec<&str> {
    let found = reply["findings"].as_array().expect("findings");
    found.iter().filter_map(|f| f["rule"].as_str()).collect()
}

story! {
    async fn a_picture_is_chosen_described_and_goes_along(town) {
        let scene = Scene::set(town).await;
        let (id, picture) = pictured(&scene).await;
        let desk = format!("/outreach/highlights/{id}/compose");
        let page = scene.pia.opens(&desk).await;
        page.is(200).sees("Picture").sees("A heron at dawn");
        assert!(page.all(".frame > img").is_empty(), "nothing goes along that nobody chose");
        let form = page.form("Save and check");
        assert_eq!(form.value(&format!("alt-{picture}")), Some("A heron at dawn"), "it begins with its author's words");
        // Without a description it does not go out.
        let bare = form.choose("picture", &picture.to_string()).fill(&format!("alt-{picture}"), " ").submit().await;
        bare.is(200).sees("has no description");
        let refused = bare.form("Schedule this text").submit().await;
        refused.is(422);
        let alt = "A grey heron on a bronze one";
        let kept = refused.form("Save and check").fill(&format!("alt-{picture}"), alt).submit().await;
        kept.is(200).hides("has no description");
        assert_eq!(kept.all(".frame > img").len(), 1, "our own page shows it");
        kept.hides("No picture goes along");
        let sent = kept.form("Schedule this text").submit().await;
        sent.is(200).sees(alt);
        let one: i64 = sent.path.rsplit('/').next().and_then(|n| n.parse().ok()).expect("its number");
        let api = scene.pia.api().await;
        let said = api.get(&format!("/announcements/{one}")).await.is(200);
        assert_eq!((said.number("/picture_id"), said.text("/picture_alt")), (picture, alt));
        scene.deliver().await;
        assert_eq!(scene.announcement(one).await, "sent");
        // For everybody, with what it shows and how large it is; and in the three feeds.
        let guest = scene.town.guest();
        let out = guest.open("/announcements").await;
        let shown = out.all(".picture > img");
        assert_eq!(shown.len(), 1, "{}", out.html);
        for held in [format!("alt=\"{alt}\""), "width=\"900\"".into(), "height=\"600\"".into(), format!("/media/{picture}/")] {
            assert!(out.html.contains(&held), "{held}");
        }
        for (feed, held) in [("atom", "rel=\"enclosure\""), ("rss", "<enclosure url="), ("json", "\"attachments\"")] {
            let feed = guest.open(&format!("/announcements.{feed}")).await;
            assert!(feed.html.contains(held) && feed.html.contains(alt), "{}", feed.html);
        }
        // Its author takes it out of the post: the words stay, and no picture is missing beside them.
        scene.edits(&format!("{WORDS} And so on.")).await;
        let out = guest.open("/announcements").await;
        assert!(out.all(".picture > img").is_empty());
        out.sees(WORDS);
        assert!(!guest.open("/announcements.rss").await.html.contains("<enclosure"));
    }
}

story! {
    async fn a_picture_is_held_against_consent_and_rules(town) {
        let scene = Scene::set(town).await;
        let (id, picture) = pictured(&scene).await;
        let api = scene.pia.api().await;
        let preview = |picture: i64, alt: Value| {
            let mut body = scene.text();
            body["highlight_id"] = json!(id);
            body["picture_id"] = json!(picture);
            body["picture_alt"] = alt;
            let api = &api;
            async move { api.post("/announcements/preview", body).await.is(200).json }
        };
        let fine = preview(picture, Value::Null).await;
        assert_eq!((&fine["passes"], &fine["picture_alt"]), (&json!(true), &json!("A heron at dawn")), "{fine}");
        assert_eq!(fine["picture_goes"], "along");
        for (alt, rule) in [
            (json!(""), "alt.missing"),
            (json!("heron.jpg"), "alt.missing"),
            (json!("Image of a heron"), "alt.begin"),
            (json!("Seen at elsewhere.example"), "picture.words"),
            (json!("A heron, by @ada@social.example"), "picture.words"),
            (json!("A heron; she said “what a morning, and what a bird that is”"), "picture.words"),
        ] {
            let found = preview(picture, alt.clone()).await;
            assert!(rules(&found).contains(&rule), "{alt}: {found}");
            assert_eq!(found["passes"], false, "{alt}");
        }
        assert!(rules(&preview(picture + 77, json!("A heron"))
            .await).contains(&"picture.consent"));
        let texts = format!("/highlights/{id}/texts");
        let kept = api.post(&texts, json!({ "revision": 0, "master": format!("“{WORDS}” Ada"), "lang": "en",
            "texts": [{ "channel_id": scene.page.0 }], "picture_id": picture, "picture_alt": "A heron on a heron" })).await.is(200);
        assert_eq!(kept.number("/pictures/0/id"), picture);
        let one = api.post(&format!("{texts}/{}/announcement", scene.page), json!({})).await.is(201).number("/id");
        // Taken out of the post before it leaves, it does not leave.
        scene.edits(&format!("{WORDS} And so on.")).await;
        assert_eq!(scene.state(id).await, "approved", "the words are the same");
        assert_eq!(released(&scene, id).await, 0);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "cancelled");
    }
}

story! {
    async fn whoever_takes_a_picture_out_of_a_post_is_heard_outside(town) {
        let scene = Scene::set(town).await;
        let (id, picture) = pictured(&scene).await;
        let mut body = scene.text();
        body["picture_id"] = json!(picture);
        let api = scene.pia.api().await;
        let one = api.post(&format!("/highlights/{id}/announcements"), body).await.is(201).number("/id");
        scene.deliver().await;
        assert_eq!(scene.announcement(one).await, "sent");
        scene.edits(&format!("{WORDS} And so on.")).await;
        scene.pia.opens("/my/notices").await.sees("is no longer in the post");
        let path = format!("/outreach/announcements/{one}");
        let page = scene.pia.opens(&path).await;
        page.sees("may no longer be shown");
        let form = page.form("Send the correction").fill("text", &format!("Once more: “{WORDS}” Ada"));
        let refused = form.submit().await;
        refused.is(422).sees("This picture may not go along");
        let sent = refused.form("Send the correction").tick("without_picture", "1").submit().await;
        sent.is(200).hides("may no longer be shown");
        assert_eq!(api.get(&format!("/announcements/{one}")).await.is(200).json["picture_id"], Value::Null);
    }
}

story! {
    async fn a_suggestion_is_put_into_the_composer_with_one_click(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let nia = scene.nia.api().await;
        let suggest = format!("/highlights/{id}/suggestions");
        let first = format!("Who sat on the heron? “{WORDS}” Ada");
        nia.post(&suggest, json!({ "text": first })).await.is(201);
        let other = nia.post(&suggest, json!({ "text": format!("An hour of quiet. “{WORDS}” Ada") })).await.is(201).number("/id");
        // From the list: taken, and there it stands, not yet kept.
        let page = scene.pia.opens("/outreach/suggestions").await;
        let desk = page.form("Begin the announcement with it").submit().await;
        desk.is(200).sees("Begun with a text that Nia suggested");
        let form = desk.form("Save and check");
        assert_eq!(form.value("master"), Some(first.as_str()), "{}", desk.words());
        scene.nia.opens("/my/notices").await.sees("A kingfisher");
        let api = scene.pia.api().await;
        let texts = format!("/highlights/{id}/texts");
        assert_eq!(api.get(&texts).await.is(200).number("/revision"), 0, "nothing is kept before it is saved");
        // On the desk: the other one, with what was typed besides left as it is.
        let form = desk.form("Begin with this text").fill("hashtags", "#Heron");
        let desk = form.submit().await;
        desk.is(200);
        let form = desk.form("Save and check");
        assert_eq!(form.value("hashtags"), Some("#Heron"));
        assert!(form.value("master").is_some_and(|text| text.starts_with("An hour of quiet")), "{}", desk.words());
        form.submit().await.is(200).sees("Kept.");
        let kept = api.get(&texts).await.is(200);
        assert_eq!(kept.number("/suggestion_id"), other);
        let state = api.get("/suggestions?show=answered").await.is(200);
        assert_eq!(state.json["items"].as_array().map(Vec::len), Some(2), "keeping it takes it: {}", state.json);
        let sent = scene.pia.opens(&format!("/outreach/highlights/{id}/compose")).await.form("Schedule this text").submit().await;
        sent.is(200).sees("Begun with a text that Nia suggested");
        scene.town.guest().open("/announcements").await.hides("Nia");
        // A suggestion for something else is none.
        let wrong = json!({ "revision": 2, "master": "x", "lang": "en", "texts": [], "suggestion_id": other + 77 });
        api.post(&texts, wrong).await.is(404);
        // Once the champion has gone, the text stays and the name does not.
        let nia = scene.nia.id;
        scene.town.inside(move |tx| tx.tell(&loggia::kit::Event::MemberErased { member: nia })).await;
        scene.pia.opens(&sent.path).await.is(200).hides("Begun with a text");
    }
}

story! {
    async fn a_correction_passes_the_same_rules_and_asks_for_reasons_again(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        let shout = format!("LOOK AT THIS BIRD: “{WORDS}” Ada");
        let mut body = scene.text();
        body["text"] = json!(shout);
        body["reasons"] = json!({ "caps": "The bird is very large." });
        let one = api.post(&format!("/highlights/{id}/announcements"), body).await.is(201).number("/id");
        scene.deliver().await;
        let path = format!("/announcements/{one}/correction");
        let again = format!("LOOK AT THIS OTHER BIRD: “{WORDS}” Ada");
        let refused = api.post(&path, json!({ "text": again })).await.is(422);
        assert!(refused.json.to_string().contains("caps"), "the old reason was given for the old text: {}", refused.json);
        // By form: checked first, then with a reason.
        let page = scene.pia.opens(&format!("/outreach/announcements/{one}")).await;
        let checked = page.form("Check").fill("text", &again).submit().await;
        checked.is(200).sees("Needs a reason");
        let form = checked.form("Send the correction");
        assert_eq!(form.value("text"), Some(again.as_str()));
        let bare = form.fill("reason-caps", "").submit().await;
        bare.is(422).sees("goes out with a reason only");
        let sent = bare.form("Send the correction").fill("reason-caps", "It is larger still.").submit().await;
        sent.is(200).sees("It is larger still.").hides("The bird is very large.");
        scene.deliver().await;
        assert!(scene.outside().await[0].text.contains("OTHER"), "{:?}", scene.outside().await);
        let wrong = api.post(&path, json!({ "text": format!("“{}” Ada", WORDS.replace("hour", "day")) })).await.is(422);
        assert!(wrong.json.to_string().contains("quot"), "{}", wrong.json);
    }
}

/// A minor version of the messaging guidelines with one more rule.
async fn one_more_rule(scene: &Scene, yaml: &'static str) {
    scene
        .town
        .inside(move |tx| {
            let base = guidelines::current(tx, Document::Messaging)?.expect("a version");
            let words = guidelines::Words::parse(&base.body_source, "http://town.example")?;
            let next = Publication {
                words: words.with_style(&guidelines::StyleSource::from_yaml(yaml)?)?,
                change: Change::Minor,
                note: "One rule more.".to_owned(),
                effective_at: None,
                base: base.fingerprint(),
            };
            guidelines::publish(tx, &Actor::System("scene"), Document::Messaging, &next)
        })
        .await;
}

story! {
    async fn a_second_reader_gives_a_reason_for_what_came_up_since(town) {
        let scene = Scene::set(town).await;
        settings(&scene, |s| s.second_eyes_on_texts = true).await;
        let paula = scene.town.publisher("paula").await;
        let (_, one) = scene.scheduled().await;
        one_more_rule(&scene, "rules:\n  - id: ours.not\n    kind: existence\n    level: warning\n    message: \"Whose community is “{found}”?\"\n    words: [our community]\n").await;
        let release = format!("/announcements/{one}/release");
        let refused = paula.api().await.post(&release, json!({})).await.is(422);
        assert!(refused.json.to_string().contains("ours.not"), "{}", refused.json);
        let page = paula.opens(&format!("/outreach/announcements/{one}")).await;
        page.sees("Whose community is");
        let form = page.form("It may go").fill("reason-ours.not", "It is how Ada said it.");
        form.submit().await.is(200).sees("It is how Ada said it.");
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}
