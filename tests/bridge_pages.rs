//! Stories of the bridge as people meet it: channels kept by an admin, deliveries looked up by a publisher, everything
//! held by whoever must, by form and by API.

use diesel::prelude::*;
use loggia::bridge::State;
use loggia::db::schema::deliveries;
use loggia::kit::clock::DAY;
use loggia::kit::ids::DeliveryId;
use loggia::kit::{At, Clock};
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::support::endpoint::Endpoint;
use crate::support::outside::{Outside, Reply};

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
    async fn an_admin_keeps_a_webhook_by_form(town) {
        let hook = Endpoint::open();
        let ada = town.admin("ada").await;
        let page = ada.opens("/admin/channels").await;
        page.is(200).sees("Announcements");
        let page = page.follow("Webhook").await;
        let page = page.form("Connect").fill("name", "Newsroom").fill("url", "ftp://nonsense").submit().await;
        page.is(422);
        assert_eq!(page.form("Connect").value("name"), Some("Newsroom"), "what was typed is kept");
        let form = page.form("Connect").fill("url", &hook.url);
        let again = form.clone();
        let page = form.submit().await;
        page.is(200).sees("Shown once");
        let secret = page.words_of("#secret").expect("the secret");
        assert!(secret.starts_with("whsec_"), "{secret}");
        // A second press of the same button makes no second webhook, and shows no secret again.
        let twice = again.submit().await;
        twice.is(200).hides(&secret);
        assert_eq!(twice.all("tbody tr").len(), 2, "{}", twice.words());

        let page = twice.follow("Newsroom").await;
        page.is(200).hides(&secret).hides("token=abc");
        let page = page.form("Save").fill("min_gap_seconds", "often").submit().await;
        page.is(422).sees("This is not a number");
        let page = page.form("Save").fill("min_gap_seconds", "90").fill("name", "The newsroom").submit().await;
        page.is(200).sees("The newsroom");
        assert_eq!(page.form("Save").value("min_gap_seconds"), Some("90"));
        let page = page.form("Ask whether it answers").submit().await;
        page.is(200).sees("The channel answers");
        assert!(hook.posts().is_empty(), "nothing is posted for the question");
        let page = page.form("Make a new secret").submit().await;
        let fresh = page.words_of("#secret").expect("a secret");
        assert_ne!(fresh, secret);
        page.sees("The old secret also signs for one more day");

        let mo = town.moderator("mona").await;
        mo.opens("/admin/channels").await.is(403);
        let page = mo.opens("/outreach/channels").await.follow("The newsroom").await;
        page.is(200).hides(&hook.url);
        let page = page.form("Pause").fill("reason", "It writes at night").submit().await;
        page.is(200).sees("The channel is paused").sees("Paused").sees("It writes at night");
        let page = page.form("Resume").submit().await;
        page.is(200).sees("The channel goes on");

        let page = ada.opens("/admin/channels").await.follow("The newsroom").await.form("Remove").submit().await;
        page.is(200).sees("The channel was removed");
        page.sees("Connect a channel");
    }
}

story! {
    async fn every_kind_has_its_connect_page(town) {
        let ada = town.admin("ada").await;
        let list = ada.opens("/admin/channels").await;
        let tiles = list.attributes("main .cards a", "href");
        assert!(tiles.len() >= 9, "{tiles:?}");
        for tile in &tiles {
            let page = ada.opens(tile).await;
            page.is(200);
            let page = page.form("Connect").submit().await;
            page.is(422).sees("Please fill this in");
            assert!(town.guest().open(tile).await.path.starts_with("/sign-in"));
        }
        assert_eq!(ada.opens("/admin/channels/new/page").await.status, 404, "the page is built in");
        assert_eq!(ada.opens("/admin/channels/new/myspace").await.status, 404);
    }
}

/// A version that is named after this month of a year ago, as LinkedIn names them.
fn version_of(at: At) -> String {
    let text = at.rfc3339();
    let year: i64 = text[..4].parse().expect("a year");
    format!("{}{}", year - 1, &text[5..7])
}

story! {
    async fn a_version_that_ends_is_spoken_of_in_time(town) {
        let greta = town.admin("greta").await;
        let api = greta.api().await;
        let far = json!({ "kind": "linkedin", "name": "Museum page", "config": { "page": "77" } });
        let id = api.post("/channels", far).await.is(201).number("/id");
        let page = greta.opens("/outreach/channels").await;
        page.is(200).sees("Museum page").hides("is taken down about");
        // Between two and six weeks from now.
        let soon = version_of(town.clock.now().plus(45 * DAY));
        let form = greta.opens(&format!("/admin/channels/{id}")).await.form("Save");
        form.clone().fill("version", "2026-01").submit().await.is(422);
        form.fill("version", &soon).submit().await.is(200);
        let page = greta.opens("/outreach/channels").await;
        page.sees(&format!("Version {soon} is taken down about"));
        greta.opens(&format!("/outreach/channels/{id}")).await.sees("Enter a newer one in the channel's settings");
        let said = api.get("/channels").await.is(200).json;
        let line = said["items"].as_array().expect("a list").iter().find(|one| one["id"] == id).expect("listed");
        assert_eq!((&line["interface_version"], &line["pictures"]), (&json!(soon), &json!("along")));
        assert!(line["interface_ends_at"].is_string());
        let over = version_of(town.clock.now());
        let form = greta.opens(&format!("/admin/channels/{id}")).await.form("Save");
        form.fill("version", &over).submit().await.is(200);
        greta.opens("/outreach/channels").await.sees(&format!("Version {over} was taken down"));
    }
}

story! {
    async fn what_is_carried_by_hand_needs_no_secret(town) {
        let ada = town.admin("ada").await;
        let form = ada.opens("/admin/channels/new/manual").await.form("Connect");
        let page = form.fill("name", "Notice board").fill("network", "The board in the hall").fill("limit", "600").submit().await;
        page.is(200).sees("The board in the hall");
        assert_eq!(page.form("Save").value("limit"), Some("600"), "what is no secret can be read again");
        let page = page.form("Save").fill("limit", "90000").submit().await;
        page.is(422);
    }
}

story! {
    async fn a_token_is_entered_and_never_shown(town) {
        let ada = town.admin("ada").await;
        let token = "123456789:AAtelltaleAAaBcDeFgHiJkLm";
        let form = ada.opens("/admin/channels/new/telegram").await.form("Connect");
        let page = form.fill("name", "Telegram").fill("chat", "museum").fill("token", token).submit().await;
        page.is(422).sees("with its @").hides(token);
        let page = page.form("Connect").fill("chat", "@museum_commons").fill("token", token).submit().await;
        page.is(200).sees("@museum_commons").hides(token);
        let page = page.form("Save").fill("name", "The museum on Telegram").submit().await;
        page.is(200).sees("The museum on Telegram");
        let api = ada.api().await.get("/channels").await;
        assert!(!api.json.to_string().contains("telltale"));
    }
}

story! {
    async fn an_address_that_is_never_called_is_refused_while_somebody_can_mend_it(town) {
        let hook = Endpoint::open();
        let ada = town.admin("ada").await;
        let api = ada.api().await;
        for inside in ["http://169.254.169.254/latest/meta-data/", "https://10.0.0.8/hook", "http://[::ffff:10.0.0.8]/hook"] {
            let form = ada.opens("/admin/channels/new/webhook").await.form("Connect");
            let page = form.fill("name", "Newsroom").fill("url", inside).submit().await;
            let page = page.is(422).sees("This address is not called from here");
            assert_eq!(page.form("Connect").value("name"), Some("Newsroom"), "what is no secret is kept");
            let made = api.post("/channels", json!({ "kind": "webhook", "name": "Newsroom", "url": inside })).await.is(422);
            assert!(made.json.to_string().contains("barred-address"), "{}", made.json);
        }
        assert_eq!(api.get("/channels").await.json["items"].as_array().map(Vec::len), Some(1), "only our own page");
        // A channel that works cannot be led inside either.
        let form = ada.opens("/admin/channels/new/webhook").await.form("Connect");
        form.fill("name", "Newsroom").fill("url", &hook.url).submit().await.is(200);
        let page = ada.opens("/admin/channels").await.follow("Newsroom").await;
        page.form("Save").fill("url", "https://192.168.4.4/").submit().await.is(422).sees("This address is not called from here");
        // An address that is a secret is held to the same rule, and is not said again.
        let form = ada.opens("/admin/channels/new/teams").await.form("Connect");
        let page = form.fill("name", "Staff room").fill("token", "https://172.16.0.9/telltale").submit().await;
        page.is(422).sees("This address is not called from here").hides("telltale");
    }
}

story! {
    async fn channels_by_api(town) {
        let hook = Endpoint::open();
        let (ada, pia, ruth) = (town.admin("ada").await, town.publisher("pia").await, town.member("ruth").await);
        let body = json!({ "kind": "webhook", "name": "Newsroom", "url": hook.url });
        ruth.api().await.get("/channels").await.is(403);
        ruth.api().await.get("/deliveries").await.is(403);
        town.api(None).get("/channels").await.is(401);
        pia.api().await.post("/channels", body.clone()).await.is(403);
        let api = ada.api().await;
        api.post("/channels", json!({ "kind": "webhook", "name": "", "url": hook.url })).await.is(422);
        api.post("/channels", json!({ "kind": "pigeon", "name": "Newsroom" })).await.is(422);
        api.post("/channels", json!({ "kind": "webhook", "name": "x", "colour": "red" })).await.is(422);
        let made = api.post("/channels", body).await.is(201);
        assert!(made.text("/secret").starts_with("whsec_"));
        let id = made.number("/id");
        let listed = pia.api().await.get("/channels").await.is(200);
        assert_eq!(listed.json["items"].as_array().map(Vec::len), Some(2));
        assert!(!listed.json.to_string().contains("whsec_"), "a secret is shown once");
        let asked = api.post(&format!("/channels/{id}/verification"), json!({})).await.is(200);
        assert_eq!((asked.text("/health"), asked.text("/state")), ("good", "open"));
        assert!(hook.posts().is_empty());
        pia.api().await.post(&format!("/channels/{id}/verification"), json!({})).await.is(403);
        let none = pia.api().await.get(&format!("/deliveries?channel_id={id}&state=sent")).await.is(200);
        assert_eq!(none.json["items"], json!([]));
        for wrong in ["state=lost", "channel_id=one", "after=nonsense"] {
            pia.api().await.get(&format!("/deliveries?{wrong}")).await.is(422);
        }
    }
}

story! {
    async fn a_publisher_says_what_is_there(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.scheduled().await;
        let id = stands(&scene, State::NeedsHuman).await;
        let page = scene.pia.opens("/outreach/deliveries?state=needs_human").await;
        page.is(200).sees("A kingfisher").sees("Needs a person");
        let page = page.follow("A kingfisher").await;
        page.is(200).sees("Please have a look");
        let mo = scene.mo.opens(&format!("/outreach/deliveries/{id}")).await;
        assert!(!mo.has_button("It is there"), "that is for publishers to say");
        let page = page.form("It is there").fill("url", "behind the door").submit().await;
        page.is(422);
        assert_eq!(page.form("It is there").value("url"), Some("behind the door"));
        let page = page.form("It is there").fill("url", "https://elsewhere.example/7").submit().await;
        page.is(200).sees("What you found is written down").sees("Arrived");
        assert_eq!(page.attributes("dd a[rel]", "href"), ["https://elsewhere.example/7"]);
        assert!(!page.has_button("It is there"), "it is settled");
        assert_eq!(scene.announcement(one).await, "sent");
        let late = json!({ "outcome": "absent" });
        scene.pia.api().await.post(&format!("/deliveries/{id}/resolution"), late).await.is(409);
    }
}

story! {
    async fn what_is_not_there_is_sent_again_or_stopped(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.scheduled().await;
        let id = stands(&scene, State::NeedsHuman).await;
        let path = format!("/deliveries/{id}/resolution");
        let api = scene.pia.api().await;
        api.post(&path, json!({ "outcome": "perhaps" })).await.is(422);
        scene.ada.api().await.post(&path, json!({ "outcome": "absent" })).await.is(403);
        assert_eq!(api.post(&path, json!({ "outcome": "absent" })).await.is(200).text("/state"), "queued");
        // It is given up; a person tries again, and then it arrives.
        stands(&scene, State::Dead).await;
        let page = scene.pia.opens(&format!("/outreach/deliveries/{id}")).await;
        let page = page.form("Try again now").submit().await;
        page.is(200).sees("It will be tried again now");
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
        assert_eq!(scene.announcement(one).await, "sent");
    }
}

story! {
    async fn a_delivery_is_cancelled_by_form(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.scheduled().await;
        let page = scene.mo.opens("/outreach/deliveries").await.follow("A kingfisher").await;
        let page = page.form("Cancel this delivery").fill("reason", "The date was wrong").submit().await;
        page.is(200).sees("It was cancelled").sees("Cancelled");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "cancelled");
    }
}

story! {
    async fn everything_is_held_and_goes_on(town) {
        let scene = Scene::set(town).await;
        scene.scheduled().await;
        scene.ada.opens("/outreach/channels").await.is(403);
        let page = scene.mo.opens("/outreach/channels").await.form("Hold everything outward").submit().await;
        page.is(200).sees("Everything outward is held");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "nothing leaves while it is held");
        let page = scene.pia.opens("/outreach/channels").await.form("Let everything go on").submit().await;
        page.is(200).sees("Everything goes on");
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    /// The words go from the page, that they were said stays, and the old link says so.
    async fn the_announcements_page_keeps_the_fact(town) {
        let scene = Scene::set(town).await;
        let (id, _) = scene.announced().await;
        let guest = scene.town.guest();
        let page = guest.open("/announcements").await;
        page.is(200).sees(WORDS).sees("Ada");
        let link = page.link("Read the conversation");
        guest.open(&link).await.is(200).sees(WORDS);
        let answer = json!({ "decision": "withdraw" });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), answer).await.is(200);
        scene.deliver().await;
        let page = guest.open("/announcements").await;
        page.is(200).hides(WORDS).sees("Taken back");
        guest.open(&link).await.is(410);
    }
}

/// A server of the Mastodon API, as far as signing in goes.
fn social() -> Outside {
    Outside::open(|asked| match asked.place() {
        "/api/v1/apps" => Reply::json(
            200,
            &json!({ "client_id": "client-1", "client_secret": "app-secret" }),
        ),
        "/oauth/token" => Reply::json(
            200,
            &json!({ "access_token": "token-1", "token_type": "Bearer" }),
        ),
        "/api/v1/accounts/verify_credentials" => Reply::json(
            200,
            &json!({ "id": "42", "acct": "museum", "url": "https://social.example/@museum" }),
        ),
        _ => Reply::json(404, &json!({ "error": "Not Found" })),
    })
}

fn state_in(address: &str) -> String {
    let url = url::Url::parse(address).expect("an address");
    let state = url.query_pairs().find(|(name, _)| name == "state");
    state.expect("a state").1.into_owned()
}

story! {
    async fn an_admin_signs_in_at_a_vendor_and_comes_back(town) {
        let social = social();
        let ada = town.admin("ada").await;
        let bob = town.admin("bob").await;
        let form = ada.opens("/admin/channels/new/mastodon").await.sees("/admin/channels/callback").form("Connect");
        let page = form.fill("name", "Social").fill("site", &social.base).submit().await;
        page.is(200).sees("Social");
        let here = page.path.clone();
        let page = page.form("Sign in").submit().await;
        page.is(200).sees("You will go to 127.0.0.1").hides("app-secret");
        let state = state_in(&page.link("Go to 127.0.0.1"));
        let back = format!("/admin/channels/callback?code=abc&state={state}");
        assert_eq!(town.guest().send("GET", &back, None, &[]).await.status, 303, "a guest is asked to sign in");
        assert_eq!(bob.opens(&back).await.status, 410, "it is good for the one who began");
        let page = ada.opens(&back).await;
        page.is(200).sees("The channel knows its account").sees("@museum@127.0.0.1").hides("token-1");
        assert_eq!(page.path, here);
        assert_eq!(ada.opens(&back).await.status, 410, "once");
        assert_eq!(town.publisher("pia").await.opens(&back).await.status, 403);
    }
}

story! {
    async fn by_api_a_way_to_the_vendor_is_asked_for(town) {
        let social = social();
        let ada = town.admin("ada").await;
        let api = ada.api().await;
        let made = api.post("/channels", json!({ "kind": "mastodon", "name": "Social", "config": { "site": social.base } })).await.is(201);
        let id = made.number("/id");
        let way = api.post(&format!("/channels/{id}/authorisation"), json!({})).await.is(200);
        let state = state_in(way.text("/url"));
        ada.opens(&format!("/admin/channels/callback?code=abc&state={state}")).await.is(200).sees("@museum@127.0.0.1");
        let page = town.api(None).get("/channels").await;
        assert_eq!(page.status, 401);
        let list = api.get("/channels").await.is(200);
        assert!(list.json.to_string().contains("https://social.example/@museum"), "{}", list.json);
        api.post("/channels", json!({ "kind": "webhook", "name": "W", "url": "https://hooks.example.org/x" })).await.is(201);
        let hook = id + 1;
        api.post(&format!("/channels/{hook}/authorisation"), json!({})).await.is(409);
    }
}
