//! Stories of the publisher's room: finding, labels, taking out, and what happens when somebody changes their mind.

use loggia::highlights as door;
use loggia::kit::clock::{Clock, DAY, HOUR};
use loggia::members;
use loggia::policy::{Actor, Role};
use loggia::web::headers::Opening;
use loggia::web::routes::TABLE;
use serde_json::{Value, json};

use crate::highlights::{Scene, WORDS};
use crate::story;

/// A yes to everything that this room can do.
fn wide() -> Value {
    json!({ "decision": "grant", "attribution": "first_name", "trimming": false, "by_hand": true,
        "channels": ["page", "embed", "feed", "x"] })
}

async fn shelved(scene: &Scene, scope: Value) -> i64 {
    let id = scene.nominated().await;
    let consent = format!("/highlights/{id}/consent");
    scene.ada.api().await.post(&consent, scope).await.is(200);
    let approval = format!("/highlights/{id}/approval");
    let approve = json!({ "decision": "approve" });
    scene.mo.api().await.post(&approval, approve).await.is(200);
    id
}

async fn withdraws(scene: &Scene, id: i64) {
    let withdraw = json!({ "decision": "withdraw" });
    let path = format!("/highlights/{id}/consent");
    scene.ada.api().await.post(&path, withdraw).await.is(200);
}

story! {
    async fn a_publisher_finds_things_and_keeps_their_labels(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.is(200);
        let saved = item
            .form("Save")
            .fill("topics", "Birds, the Courtyard")
            .fill("audience", "Families")
            .fill("lang", "en")
            .tick("evergreen", "true")
            .submit()
            .await;
        saved.is(200).sees("The label is saved.").sees("the Courtyard");
        // Every way of looking finds it, and another word does not.
        for query in [
            "", "?words=KINGFISHER+heron", "?topic=birds", "?audience=Families", "?lang=en", "?shelf=unused",
            "?shelf=evergreen",
        ] {
            scene.pia.opens(&format!("/outreach/library{query}")).await.is(200).sees("bronze heron");
        }
        for query in ["?words=walrus", "?topic=boats", "?lang=de", "?shelf=embargo", "?shelf=retired", "?pictured=1"] {
            let page = scene.pia.opens(&format!("/outreach/library{query}")).await;
            page.is(200).hides("bronze heron");
        }
        // What does not fit is given back with everything that was typed.
        let wrong = scene.pia.opens(&format!("/outreach/library/{id}")).await.form("Save").fill("topics", &"x".repeat(60));
        let wrong = wrong.fill("embargo", "2030-05-01T09:00").fill("expires", "2030-04-01").submit().await;
        wrong.is(422).sees("At most 8 topics").sees("It would end before it may be said.");
        let again = wrong.form("Save").fill("topics", "Birds").fill("expires", "2030-06-01").submit().await;
        again.is(200);
        scene.pia.opens("/outreach/library?shelf=embargo").await.sees("bronze heron");
        // Under an embargo nothing is taken out.
        let pulls = format!("/highlights/{id}/pulls");
        let api = scene.pia.api().await;
        api.post(&pulls, json!({ "purpose": "poster" })).await.is(409);
        // A label that somebody else has changed meanwhile is not written over.
        let stale = json!({ "version": 1, "topics": [] });
        api.patch(&format!("/highlights/{id}"), stale).await.is(409);
        // Members do not come in here.
        let member = scene.ada.opens("/outreach/library").await;
        assert_eq!(member.status, 403);
        scene.ada.api().await.get("/library").await.is(403);
        let found = api.get("/library?topic=birds&shelf=embargo").await.is(200);
        assert_eq!(found.number("/items/0/id"), id);
    }
}

story! {
    async fn collections_are_made_filled_and_taken_away(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.form("Add").fill("name", "Winter opening").submit().await.is(200).sees("Winter opening");
        scene.pia.opens("/outreach/collections").await.sees("one highlight");
        let api = scene.pia.api().await;
        let collection = api.get("/collections").await.is(200).number("/items/0/id");
        let path = format!("/outreach/library?collection={collection}");
        scene.pia.opens(&path).await.sees("bronze heron");
        scene.pia.opens(&format!("/outreach/library/{id}")).await.form("take out").submit().await.is(200);
        scene.pia.opens(&path).await.hides("bronze heron");
        api.post(&format!("/collections/{collection}/highlights"), json!({ "highlight_id": id })).await.is(204);
        let empty = scene.pia.opens("/outreach/collections").await.form("Make it").fill("name", " ").submit().await;
        empty.is(422);
        scene.pia.opens("/outreach/collections").await.form("Take it away").submit().await.is(200);
        scene.pia.opens("/outreach/library").await.sees("bronze heron").hides("Winter opening");
    }
}

story! {
    async fn what_is_laid_aside_leaves_everything_and_comes_back_through_a_moderator(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.form("Card for a website").fill("purpose", "Front page").submit().await.is(200);
        scene.town.guest().open(&format!("/embed/highlight/{id}")).await.is(200);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201);
        let laid = scene.pia.opens(&format!("/outreach/library/{id}")).await.form("Lay it aside").submit().await;
        laid.is(200).sees("This was laid aside.");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "what was planned is stopped");
        scene.town.guest().open(&format!("/embed/highlight/{id}")).await.is(410);
        scene.pia.api().await.post(&format!("/highlights/{id}/pulls"), json!({ "purpose": "x" })).await.is(409);
        scene.pia.opens("/outreach/library?shelf=retired").await.sees("bronze heron");
        laid.form("Take it up again").submit().await.is(200);
        assert_eq!(scene.state(id).await, "consented");
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        // What has come to its end is laid aside by itself.
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.form("Save").fill("expires", "2099-01-01").submit().await.is(200);
        scene.town.clock.advance(80 * 366 * DAY);
        scene.town.inside(door::keep_expiry).await;
        let state = scene.town.inside(move |tx| {
            let house = Actor::System("story");
            Ok(door::view(tx, &house, loggia::kit::ids::HighlightId(id))?.highlight.state)
        }).await;
        assert_eq!(state, door::State::Retired);
    }
}

story! {
    async fn what_is_taken_by_hand_is_written_down_and_recalled(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        // For what? Without that nothing is taken.
        item.form("Media kit").fill("purpose", " ").submit().await.is(422).sees("Please say what it is for");
        let form = item.form("Media kit").fill("purpose", "A poster").fill("recipient", "The printer");
        let taken = form.submit().await;
        taken.is(200).sees(WORDS).sees("A poster").sees("The printer").hides("mastodon");
        let link = taken.html.split("/h/").nth(1).expect("a link").chars().take(8).collect::<String>();
        let kit = scene.pia.opens(&taken.link("Media kit")).await;
        kit.is(200);
        assert_eq!(kit.header("content-type"), Some("application/zip"));
        for held in ["PK", "README.txt", "consent.json", "texts/x.txt", WORDS] {
            assert!(kit.html.contains(held), "the kit lacks {held}");
        }
        let table = scene.pia.opens(&taken.link("Table")).await;
        assert!(table.html.contains(WORDS) && table.html.contains("\"Ada\""), "{}", table.html);
        let json: Value = serde_json::from_str(&scene.pia.opens(&taken.link("For programs")).await.html).expect("JSON");
        assert_eq!(json[0]["quotes"][0]["excerpt"], WORDS);
        scene.pia.opens(&taken.link("Sheet")).await.is(200).sees(WORDS).sees("Ada");
        // The author sees that and for what; nobody else comes to it.
        scene.ada.opens("/my/consents").await.sees("A poster").hides("The printer");
        assert_eq!(scene.ada.opens(&taken.path).await.status, 403);
        let guest = scene.town.guest();
        assert_eq!(guest.send("GET", &format!("/h/{link}"), None, &[]).await.status, 302);

        withdraws(&scene, id).await;
        assert_eq!(guest.send("GET", &format!("/h/{link}"), None, &[]).await.status, 410);
        let empty = scene.pia.opens(&taken.path).await;
        empty.is(200).sees("Nothing of this stands any more").hides(WORDS);
        let kit = scene.pia.opens(&format!("{}/kit.zip", taken.path)).await;
        assert!(!kit.html.contains(WORDS));
        let to_do = scene.pia.opens("/outreach/recalled").await;
        to_do.sees("The printer").sees("A media kit was handed on.").hides(WORDS);
        scene.pia.opens("/my/notices").await.sees("Please tell whoever has it.");
        let done = to_do.form("They know").submit().await;
        done.is(200).hides("The printer");
        scene.pia.opens("/outreach/recalled?show=done").await.sees("The printer");
        scene.ada.opens("/my/consents").await.sees("Seen to");
    }
}

story! {
    async fn what_was_taken_is_counted_beside_what_was_announced(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let api = scene.pia.api().await;
        let said = api.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201).number("/id");
        scene.deliver().await;
        for (how, purpose) in [("kit", "A poster"), ("embed", "Front page")] {
            let order = json!({ "highlights": [id], "how": how, "purpose": purpose });
            api.post("/pulls", order).await.is(201);
        }
        let links = api.get(&format!("/highlights/{id}/links")).await.is(200);
        assert_eq!(links.number("/items/0/announcement"), said);
        assert_eq!((links.text("/items/1/how"), links.text("/items/2/how")), ("kit", "embed"));
        // Two people by the poster, one by the announcement, none by the card.
        let person = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")];
        let guest = scene.town.guest();
        for at in ["/items/1/code", "/items/1/code", "/items/0/code"] {
            guest.send("GET", &format!("/h/{}", links.text(at)), None, &person).await;
        }
        let app = &scene.town.node.app;
        app.clicks.flush(&app.db).await.expect("written");
        let links = api.get(&format!("/highlights/{id}/links")).await.is(200);
        let visits: Vec<i64> = (0..3).map(|n| links.number(&format!("/items/{n}/visits"))).collect();
        assert_eq!(visits, [1, 2, 0]);
        for page in [format!("/outreach/library/{id}"), format!("/outreach/announcements/{said}")] {
            let page = scene.pia.opens(&page).await;
            page.is(200).sees("What every link of it brought").sees("A poster").sees("Front page");
            page.sees(links.text("/items/1/code"));
        }
        scene.ada.api().await.get(&format!("/highlights/{id}/links")).await.is(403);
    }
}

story! {
    async fn several_are_taken_in_one_go_without_those_that_may_not(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let page = scene.pia.opens("/outreach/library").await;
        let taken = page.form("Take the table").fill("purpose", "The yearbook").submit().await;
        taken.is(200).sees(WORDS).sees("The yearbook");
        let api = scene.pia.api().await;
        let body = json!({ "highlights": [id, 999_999], "how": "export", "purpose": "x" });
        assert_eq!(api.post("/pulls", body).await.status, 404, "what is not there is not taken");
        let body = json!({ "highlights": [id], "how": "export", "purpose": "x", "recipient": "Press" });
        let made = api.post("/pulls", body).await.is(201);
        assert_eq!(made.text("/items/0/quotes/0/excerpt"), WORDS);
        let pull = made.number("/id");
        // A narrower yes takes back what went by hand, and the approval with it.
        let narrow = json!({ "decision": "grant", "attribution": "first_name", "channels": ["page"] });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), narrow).await.is(200);
        let left = api.get(&format!("/pulls/{pull}")).await.is(200);
        assert_eq!(left.json["items"], json!([]));
        assert_eq!(left.number("/fallen"), 1);
        let recalled = api.get("/pulls/recalled").await.is(200);
        assert_eq!(recalled.json["items"].as_array().map(Vec::len), Some(2));
        api.post(&format!("/pulls/{pull}/recall-done"), json!({})).await.is(204);
        api.post(&format!("/pulls/{pull}/recall-done"), json!({})).await.is(404);
        // Feeds and the like are no way that a person takes.
        let body = json!({ "highlights": [id], "how": "feed", "purpose": "x" });
        assert_eq!(api.post("/pulls", body).await.status, 422);
    }
}

story! {
    async fn a_card_stands_elsewhere_until_it_is_recalled(town) {
        let scene = Scene::set(town).await;
        let narrow = json!({ "decision": "grant", "attribution": "member", "by_hand": true, "channels": ["page"] });
        let id = shelved(&scene, narrow).await;
        let api = scene.pia.api().await;
        let card = json!({ "how": "embed", "purpose": "Front page" });
        let pulls = format!("/highlights/{id}/pulls");
        api.post(&pulls, card.clone()).await.is(422);
        let guest = scene.town.guest();
        let page = format!("/embed/highlight/{id}");
        guest.open(&page).await.is(404);

        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), wide()).await.is(200);
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        guest.open(&page).await.is(404);
        api.post(&pulls, card).await.is(201);
        let shown = guest.open(&page).await;
        shown.is(200).sees(WORDS).sees("Ada").hides("<script").hides("Marlow");
        let policy = shown.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors *") && !policy.contains("script-src"), "{policy}");
        assert_eq!(shown.header("x-frame-options"), None);
        assert_eq!(shown.header("cache-control"), Some("no-cache"));
        assert!(shown.header("set-cookie").is_none());
        guest.open("/embed/card.css").await.is(200);
        // No other page may stand in a frame.
        let framed: Vec<_> = TABLE.iter().filter(|e| e.opening == Opening::Frame).map(|e| e.path).collect();
        assert_eq!(framed, ["/embed/highlight/{id}"]);

        let told = shown.attributes("link[type='application/json+oembed']", "href").remove(0);
        let told = told.strip_prefix(scene.town.base_url()).expect("our own").to_owned();
        let answer: Value = serde_json::from_str(&guest.open(&told).await.is(200).html).expect("JSON");
        assert_eq!(answer["type"], "rich");
        let html = answer["html"].as_str().expect("HTML");
        assert!(html.starts_with("<iframe src=") && html.contains(&page) && !html.contains("script"), "{html}");
        let xml = guest.open(&told.replace("format=json", "format=xml")).await;
        assert!(xml.html.contains("<type>rich</type>"), "{}", xml.html);
        assert_eq!(guest.open(&told.replace("format=json", "format=yaml")).await.status, 501);
        assert_eq!(guest.open("/oembed?url=https%3A%2F%2Felsewhere.example%2Fembed%2Fhighlight%2F1").await.status, 404);

        withdraws(&scene, id).await;
        guest.open(&page).await.is(410).hides(WORDS).hides("Ada");
        assert_eq!(guest.open(&told).await.status, 404);
        scene.pia.opens("/outreach/recalled").await.sees("The card is empty already.");
    }
}

story! {
    async fn a_publisher_empties_a_card_again(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        let made = item.form("Card for a website").fill("purpose", "Front page").submit().await;
        made.is(200).sees("In WordPress, paste this address");
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.form("Empty the card").submit().await.is(200);
        scene.town.guest().open(&format!("/embed/highlight/{id}")).await.is(410);
        scene.pia.opens("/outreach/recalled").await.hides("Front page");
    }
}

story! {
    async fn a_personal_feed_carries_what_was_released_to_it(town) {
        let scene = Scene::set(town).await;
        let no_feed = json!({ "decision": "grant", "attribution": "name", "by_hand": true, "channels": ["page"] });
        let id = shelved(&scene, no_feed).await;
        let feeds = scene.pia.opens("/outreach/feeds").await;
        feeds.form("Open it").fill("label", " ").submit().await.is(422);
        let made = feeds.form("Open it").fill("label", "The planning tool").submit().await;
        let address = made.all("code").remove(0);
        let address = address.strip_prefix(scene.town.base_url()).expect("our own").to_owned();
        let guest = scene.town.guest();
        let empty = guest.open(&address).await;
        empty.is(200).hides("kingfisher");

        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), wide()).await.is(200);
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        let full = guest.open(&address).await;
        let read = feed_rs::parser::parse(full.html.as_bytes()).expect("a feed");
        assert_eq!(read.entries.len(), 1, "{}", full.html);
        assert!(full.html.contains("kingfisher") && full.html.contains("Ada"));
        assert_eq!(full.header("cache-control"), Some("private, no-cache"));
        guest.open(&address).await.is(200);
        let json: Value = serde_json::from_str(&guest.open(&address.replace(".rss", ".json")).await.html).expect("JSON");
        assert_eq!(json["items"].as_array().map(Vec::len), Some(1));
        // However often it is read, it was taken once: it stands with who took it, and with what its link brought.
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        assert_eq!(item.html.matches("The planning tool").count(), 2, "{}", item.words());

        withdraws(&scene, id).await;
        guest.open(&address).await.is(200).hides("kingfisher");
        scene.pia.opens("/outreach/recalled").await.sees("It left the feed already.");
        // Without the role, and once it is closed, there is nothing at the address.
        scene.town.inside(|tx| members::set_role(tx, &Actor::System("story"), "pia", Role::Publisher, false)).await;
        guest.open(&address).await.is(404);
        scene.town.inside(|tx| members::set_role(tx, &Actor::System("story"), "pia", Role::Publisher, true)).await;
        guest.open(&address).await.is(200);
        scene.pia.opens("/outreach/feeds").await.form("Close it").submit().await.is(200);
        guest.open(&address).await.is(404);
        assert_eq!(guest.open("/outreach/feed/nonsense.rss").await.status, 404);
    }
}

story! {
    async fn publishers_get_a_letter_once_a_week_and_leave_it_with_one_click(town) {
        let scene = Scene::set(town).await;
        shelved(&scene, wide()).await;
        // To the next Thursday noon; a week has passed at most, so the highlight is still new.
        loop {
            let now = scene.town.clock.now().timestamp().to_zoned(jiff::tz::TimeZone::UTC);
            if now.weekday() == jiff::civil::Weekday::Thursday && now.hour() >= 12 {
                break;
            }
            scene.town.clock.advance(HOUR);
        }
        scene.town.inside(door::send_letters).await;
        scene.town.inside(door::send_letters).await;
        let letters = letters(&scene).await;
        assert_eq!(letters.len(), 1, "{letters:?}");
        let data = &letters[0]["data"];
        assert_eq!(data["lines"][0]["title"], "A kingfisher");
        assert!(!letters[0].to_string().contains(WORDS), "a mail cannot be called back");
        let leave = data["leave"].as_str().expect("a way out");
        let leave = leave.strip_prefix(scene.town.base_url()).expect("our own").to_owned();
        let guest = scene.town.guest();
        guest.open(&leave).await.is(200).sees("Shall we stop");
        let pia = scene.pia.id;
        assert!(scene.town.inside(move |tx| door::wants_letter(tx, pia)).await, "looking changes nothing");
        let click = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
        guest.post(&leave, &click).await.is(200);
        assert!(!scene.town.inside(move |tx| door::wants_letter(tx, pia)).await);
        assert_eq!(guest.post("/unsubscribe/nonsense", &click).await.status, 410);
        scene.pia.opens("/outreach/library").await.form("I want it").submit().await.is(200);
        assert!(scene.town.inside(move |tx| door::wants_letter(tx, pia)).await);
    }
}

/// The weekly letters that wait to be sent.
async fn letters(scene: &Scene) -> Vec<Value> {
    let waiting = scene
        .town
        .inside(|tx| {
            let ring = tx.house().clone();
            let jobs = loggia::db::jobs::claim(tx, 1_000, loggia::db::jobs::Lane::Every)?;
            jobs.iter()
                .filter(|job| job.kind == "mail")
                .map(|job| loggia::mail::open(&ring.ring, &job.payload))
                .collect::<loggia::kit::Result<Vec<_>>>()
        })
        .await;
    let read = waiting
        .iter()
        .map(|letter| serde_json::to_value(letter).expect("JSON"));
    read.filter(|letter| letter["kind"] == "library").collect()
}

story! {
    async fn everybody_reads_what_was_said_and_that_it_was_taken_back(town) {
        let scene = Scene::set(town).await;
        let id = shelved(&scene, wide()).await;
        let text = json!({ "channel_id": scene.page.0, "text": format!("\u{201c}{WORDS}\u{201d} Ada, in our community.") });
        let one = scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), text).await.is(201).number("/id");
        scene.deliver().await;
        let guest = scene.town.guest();
        guest.open("/announcements").await.sees("A kingfisher").sees(WORDS);
        guest.open("/announcements?kind=mastodon").await.hides("A kingfisher");
        guest.open("/announcements?kind=page").await.sees("A kingfisher");
        // The mark under the source is for its author and for staff.
        let thread = scene.ada.opens(&format!("/p/{}", scene.post)).await;
        thread.sees("Announced on");
        scene.mo.opens(&format!("/p/{}", scene.post)).await.sees("Announced on");
        scene.nia.opens(&format!("/p/{}", scene.post)).await.hides("Announced on");
        guest.open(&format!("/p/{}", scene.post)).await.hides("Announced on");

        let back = json!({ "reason": "The date was wrong." });
        scene.pia.api().await.post(&format!("/announcements/{one}/withdrawal"), back).await.is(200);
        scene.deliver().await;
        guest.open("/announcements").await.sees("Taken back").hides("A kingfisher").hides(WORDS);
        scene.ada.opens(&format!("/p/{}", scene.post)).await.sees("Taken back");
    }
}
