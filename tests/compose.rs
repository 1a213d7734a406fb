//! Stories at the writing desk: texts are written once, kept, judged, read by a second pair of eyes, and sent.

use loggia::forum::{self, CategoryDraft, Grant, NewThread, Tags, Title, Who};
use loggia::kit::ids::CategoryId;
use loggia::policy::Actor;
use loggia::site;
use serde_json::{Value, json};

use crate::highlights::{AROUND, Scene, WORDS, words, yes};
use crate::story;

/// The community's settings, changed.
pub async fn settings(scene: &Scene, change: fn(&mut site::Settings)) {
    scene
        .town
        .inside(move |tx| {
            let mut wanted = site::settings(tx)?;
            change(&mut wanted);
            site::change(tx, &Actor::System("scene"), &wanted)
        })
        .await;
}

fn keys(reply: &crate::town::Reply) -> String {
    reply.json.to_string()
}

async fn preview(scene: &Scene, id: i64, text: &str) -> Value {
    let body = json!({ "highlight_id": id, "channel_id": scene.page.0, "text": text });
    let api = scene.pia.api().await;
    api.post("/announcements/preview", body).await.is(200).json
}

fn has(report: &Value, rule: &str) -> bool {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().any(|f| f["rule"] == rule)
}

story! {
    async fn a_text_is_written_once_kept_and_scheduled_without_scripts(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let desk = format!("/outreach/highlights/{id}/compose");
        let page = scene.pia.opens(&desk).await;
        assert_eq!(page.status, 200, "{}", page.words());
        let text = format!("text-{}", scene.page);
        // The first text is there already, and the standard one.
        let form = page.form("Save and check");
        assert!(form.value("master").is_some_and(|t| t.contains(WORDS)), "{}", page.words());
        let kept = form.fill("master", &format!("Look up more often: “{WORDS}” Ada")).submit().await;
        assert_eq!(kept.status, 200, "{}", kept.words());
        assert!(kept.words().contains("Kept."), "{}", kept.words());

        // On Monday a colleague opens it: it is there, and the channel's own text follows it.
        let paula = scene.town.publisher("paula").await;
        let page = paula.opens(&desk).await;
        let form = page.form("Schedule this text");
        assert!(form.value(&text).is_some_and(|t| t.starts_with("Look up more often")), "{}", page.words());
        let own = form.fill(&text, &format!("Quietly: “{WORDS}” Ada"));
        let sent = own.submit().await;
        assert_eq!(sent.status, 200, "{}", sent.words());
        assert!(sent.path.starts_with("/outreach/announcements/"), "{}", sent.path);
        scene.deliver().await;
        let outside = scene.outside().await;
        assert!(outside[0].text.starts_with("Quietly: "), "{outside:?}");
        // The desk is empty again, and says what was said.
        let page = scene.pia.opens(&desk).await;
        assert!(!page.words().contains("Quietly"), "{}", page.words());
        assert!(page.words().contains("Sent"), "{}", page.words());
    }
}

story! {
    async fn a_stale_desk_overwrites_nobody(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        let path = format!("/highlights/{id}/texts");
        let fresh = api.get(&path).await.is(200);
        assert_eq!(fresh.number("/revision"), 0);
        let body = |revision: i64, text: &str| json!({ "revision": revision, "master": format!("“{WORDS}” Ada"), "lang": "en",
            "hashtags": "#Kingfisher", "texts": [{ "channel_id": scene.page.0, "text": text }] });
        let kept = api.post(&path, body(0, "")).await.is(200);
        assert_eq!(kept.number("/revision"), 1);
        assert_eq!(kept.json["texts"][0]["own"], false);
        api.post(&path, body(0, "x")).await.is(409);
        let own = api.post(&path, body(1, &format!("Mine: “{WORDS}” Ada"))).await.is(200);
        assert_eq!(own.json["texts"][0]["own"], true);
        let sent = api.post(&format!("{path}/{}/announcement", scene.page), json!({})).await.is(201);
        assert!(sent.text("/text").starts_with("Mine"), "{}", sent.json);
        assert_eq!(api.get(&path).await.is(200).json["texts"], json!([]), "it is no longer on the desk");
        // A language that is none, and a member who is no publisher.
        let mut wrong = body(2, "");
        wrong["lang"] = json!("klingon language");
        api.post(&path, wrong).await.is(422);
        scene.nia.api().await.get(&path).await.is(403);
    }
}

story! {
    async fn a_warning_goes_out_with_a_reason_only(town) {
        let scene = Scene::set(town).await;
        let (id, _) = scene.announced().await;
        let api = scene.pia.api().await;
        let path = format!("/highlights/{id}/announcements");
        let refused = api.post(&path, scene.text()).await.is(422);
        assert!(keys(&refused).contains("reason"), "{}", refused.json);
        let report = preview(&scene, id, &format!("“{WORDS}” Ada, in our community.")).await;
        assert_eq!(report["passes"], true, "a warning does not block: {report}");
        let mut reasons = serde_json::Map::new();
        for finding in report["findings"].as_array().expect("findings") {
            if finding["level"] == "warning" {
                let rule = finding["rule"].as_str().expect("a rule").to_owned();
                reasons.insert(rule, json!("A year has passed."));
            }
        }
        assert!(reasons.contains_key("dup.again"), "{report}");
        let mut body = scene.text();
        body["reasons"] = Value::Object(reasons);
        let made = api.post(&path, body).await.is(201);
        let page = scene.pia.opens(&format!("/outreach/announcements/{}", made.number("/id"))).await;
        assert!(page.words().contains("A year has passed."), "{}", page.words());
    }
}

story! {
    async fn a_second_pair_of_eyes_reads_first(town) {
        let scene = Scene::set(town).await;
        settings(&scene, |s| s.second_eyes_on_texts = true).await;
        let paula = scene.town.publisher("paula").await;
        let (id, one) = scene.scheduled().await;
        assert_eq!(scene.announcement(one).await, "waiting");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "nobody has read it");
        assert!(paula.opens("/my/notices").await.words().contains("second pair of eyes"));
        // Whoever wrote it does not let it go.
        let own = scene.pia.api().await;
        own.post(&format!("/announcements/{one}/release"), json!({})).await.is(403);
        own.post(&format!("/announcements/{one}/return"), json!({ "note": "x" })).await.is(403);
        let page = paula.opens(&format!("/outreach/announcements/{one}")).await;
        let empty = page.form("Hand it back").fill("note", "  ").submit().await;
        assert_eq!(empty.status, 422, "{}", empty.words());
        let back = page.form("Hand it back").fill("note", "Say which heron.").submit().await;
        assert_eq!(back.status, 200, "{}", back.words());
        assert_eq!(scene.announcement(one).await, "cancelled");
        let desk = scene.pia.opens(&format!("/outreach/highlights/{id}/compose")).await;
        assert!(desk.words().contains("Say which heron."), "{}", desk.words());
        let sent = desk.form("Hand it to a second pair of eyes").submit().await;
        assert_eq!(sent.status, 200, "{}", sent.words());
        let two = sent.path.rsplit('/').next().and_then(|n| n.parse::<i64>().ok()).expect("its number");
        paula.api().await.post(&format!("/announcements/{two}/release"), json!({})).await.is(200);
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    async fn other_words_go_back_to_consent_and_another_frame_does_not(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        let mut later = scene.text();
        later["scheduled_at"] = json!(jiff::Timestamp::from_second(
            scene.town.inside(|tx| Ok(tx.now())).await.unix_seconds() + 3 * 86_400).expect("a time").to_string());
        let one = api.post(&format!("/highlights/{id}/announcements"), later).await.is(201).number("/id");
        // The frame around the words is the publisher's.
        let texts = json!({ "revision": 0, "master": format!("Another frame: “{WORDS}” Ada"), "lang": "en", "texts": [] });
        api.post(&format!("/highlights/{id}/texts"), texts).await.is(200);
        assert_eq!(scene.state(id).await, "approved");
        // The words are not.
        let page = scene.pia.opens(&format!("/highlights/{id}/revise")).await;
        assert_eq!(page.status, 200, "{}", page.words());
        let same = page.form("Hand it in again").submit().await;
        assert_eq!(same.status, 422, "{}", same.words());
        let other = page.form("Hand it in again").fill("excerpt", AROUND).submit().await;
        assert_eq!(other.status, 200, "{}", other.words());
        assert_eq!(scene.state(id).await, "consent_pending");
        assert_eq!(scene.announcement(one).await, "cancelled", "what stood on the old words is stopped");
        api.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(409);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        assert_eq!(scene.state(id).await, "consented");
    }
}

story! {
    async fn bad_input_is_refused_with_a_sentence(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let quote = format!("“{WORDS}” Ada");
        // Exactly as long as the page takes, counted in graphemes; a family of seven scalars is one of them.
        let room = 2000 - preview(&scene, id, &quote).await["length"].as_u64().expect("a length") as usize;
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        assert_eq!(family.chars().count(), 7);
        let fits = format!("{quote} {}{family}", "n".repeat(room - 2));
        let report = preview(&scene, id, &fits).await;
        assert_eq!(report["length"], 2000, "{report}");
        assert!(!has(&report, "len.channel"), "{report}");
        let over = preview(&scene, id, &format!("{fits}n")).await;
        assert!(has(&over, "len.channel"), "one too many: {over}");
        // From right to left is a direction like any other; marks that turn it unseen are not.
        let arabic = preview(&scene, id, &format!("سمعنا اليوم: {quote}")).await;
        assert_eq!(arabic["passes"], true, "{arabic}");
        assert!(has(&preview(&scene, id, &format!("{quote} \u{202e}txet")).await, "text.turning"));
        assert!(has(&preview(&scene, id, &format!("{quote} https://elsewhere.example/x")).await, "link.home"));
        // What not everybody may read does not stand in what everybody will.
        let author = scene.mo.id;
        scene.town.inside(move |tx| {
            let house = Actor::System("scene");
            let grants = vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }];
            let draft = CategoryDraft { name: "The quiet snug".into(), grants, ..CategoryDraft::default() };
            let category: CategoryId = forum::create_category(tx, &house, &draft)?;
            let mo = loggia::members::actor(tx, author)?;
            let new = NewThread { category, title: Title::parse("Who moved the brass bell")?, words: words("I did."), tags: Tags::default() };
            forum::start(tx, &mo, &new).map(drop)
        }).await;
        for name in ["Who moved the brass bell", "who moved the Brass Bell", "The quiet snug"] {
            let report = preview(&scene, id, &format!("{quote} And: {name}?")).await;
            assert!(has(&report, "secret.title"), "{name}: {report}");
        }
        // Each of them is refused where it would be kept, and the page says why in words.
        let api = scene.pia.api().await;
        let body = json!({ "channel_id": scene.page.0, "text": format!("{fits}n") });
        api.post(&format!("/highlights/{id}/announcements"), body).await.is(422);
        let desk = scene.pia.opens(&format!("/outreach/highlights/{id}/compose")).await;
        let text = format!("text-{}", scene.page);
        let refused = desk.form("Schedule this text").fill(&text, &format!("{fits}n")).submit().await;
        assert_eq!(refused.status, 422, "{}", refused.words());
        assert!(refused.words().contains("1 characters too long") || refused.words().contains("too long"), "{}", refused.words());
        assert!(refused.html.contains("nnnn"), "the input is kept");
    }
}

story! {
    async fn a_publisher_is_told_not_to_promote_in_threads(town) {
        let scene = Scene::set(town).await;
        let path = scene.town.inside({
            let post = scene.post;
            move |tx| forum::said(tx, post).map(|s| forum::thread_path(&s.slug, s.thread))
        }).await;
        let note = "do not promote in threads";
        assert!(scene.pia.opens(&path).await.words().contains(note));
        assert!(scene.pia.opens("/new-thread").await.words().contains(note));
        assert!(!scene.nia.opens(&path).await.words().contains(note));
    }
}

story! {
    async fn a_claim_goes_out_only_where_somebody_is_named_who_has_checked_it(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        let path = format!("/highlights/{id}/announcements");
        let text = format!("“{WORDS}” Ada, in our community. Tickets cost 10 €.");
        let body = |by: &str| json!({ "channel_id": scene.page.0, "text": text, "reasons": { "claim.price": by } });
        // Nobody named, the writer, a member, and a name that nobody has.
        for by in ["", " ", "pia", "ada", "nobody"] {
            api.post(&path, body(by)).await.is(422);
        }
        let why = api.post(&path, body("ada")).await;
        assert!(why.json.to_string().contains("cannot vouch"), "{}", why.json);
        // By form: the field asks for a name, and what was typed comes back.
        let channel = scene.page.0;
        let desk = scene.pia.opens(&format!("/outreach/highlights/{id}/compose")).await;
        let checked = desk.form("Save and check").fill(&format!("text-{channel}"), &text).submit().await;
        checked.is(200).sees("Who has checked this?");
        let by = format!("reason-{channel}-claim.price");
        let refused = checked.form("Schedule this text").fill(&by, "pia").submit().await;
        refused.is(422).sees("cannot vouch for a claim here");
        assert_eq!(refused.form("Schedule this text").value(&by), Some("pia"));
        let sent = refused.form("Schedule this text").fill(&by, "@mona").submit().await;
        // The frozen report says whose word stands for it, and that person hears of it.
        sent.is(200).sees("Checked by: mo");
        let one: i64 = sent.path.rsplit('/').next().and_then(|n| n.parse().ok()).expect("its number");
        scene.mo.opens("/my/notices").await.sees("You are named as having checked a claim");
        let (report, reasons) = scene.town.inside(move |tx| {
            use diesel::prelude::*;
            use loggia::db::schema::announcements as table;
            let row: (String, String) = table::table.find(loggia::kit::ids::AnnouncementId(one))
                .select((table::check_report, table::check_reasons)).first(tx.conn)?;
            Ok(row)
        }).await;
        assert!(report.contains("\"reviewer\"") && reasons.contains("member:"), "{report} {reasons}");
        assert!(!report.contains("mona") && !reasons.contains("mona"), "by number, never by name");
    }
}
