//! Law 4: two guidelines kept apart, versioned and acknowledged; a new major version asks everybody again.

use loggia::guidelines;
use loggia::kit::clock::DAY;
use loggia::kit::ids::MemberId;
use loggia::kit::stop::Document;
use loggia::members::{self, Added, NewPassword};
use loggia::policy::Actor;
use serde_json::json;

use crate::story;
use crate::town::{Browser, PASSWORD, Town};

/// Somebody who has acknowledged nothing yet, signed in.
async fn newcomer(town: &Town, name: &str) -> (MemberId, Browser) {
    let handle = name.to_owned();
    let id = town
        .inside(move |tx| {
            let mut added = Added::named(&handle);
            added.email = Some(format!("{handle}@example.org"));
            added.password = Some(NewPassword::check(PASSWORD, &[])?);
            members::add(tx, &Actor::System("scene"), &added)
        })
        .await;
    let browser = town.guest();
    let form = browser.open("/sign-in").await.form("Sign in");
    let page = form
        .fill("login", name)
        .fill("password", PASSWORD)
        .submit()
        .await;
    assert_eq!(page.status, 200);
    (id, browser)
}

async fn may_write(town: &Town, id: MemberId) -> bool {
    let actor = town.inside(move |tx| members::actor(tx, id)).await;
    actor
        .person()
        .is_some_and(|person| person.community_acknowledged)
}

story! {
    async fn a_fresh_community_can_write_and_cannot_speak_outside(town) {
        let guest = town.guest();
        guest.open("/guidelines/community").await.is(200).sees("Version 1.0").sees("Speak to the person");
        guest.open("/guidelines/messaging").await.is(200).sees("Not written yet").hides("guidelines/messaging/edit");
        guest.open("/charter").await.is(200).sees("Not written yet");
        guest.open("/guidelines/charter").await.is(404);
        guest.open("/guidelines/community?version=7").await.is(404);
        let (id, _) = newcomer(&town, "pia").await;
        let actor = town.inside(move |tx| members::actor(tx, id)).await;
        assert!(!actor.person().expect("a member").messaging_acknowledged, "nothing is in force, so nothing is acknowledged");
    }
}

story! {
    async fn the_charter_is_published_and_mended(town) {
        let ada = town.moderator("ada").await;
        let page = ada.opens("/charter/edit").await;
        let page = page.form("Publish").fill("body", "A harbour for talk.").submit().await;
        assert_eq!(page.path, "/charter");
        page.sees("Version 1.0").sees("A harbour for talk.");
        let page = ada.opens("/charter/edit").await.form("Publish").fill("body", "A harbour for all talk.").submit().await;
        page.is(422).sees("Please fill this in").sees("A harbour for all talk.");
        let page = page.form("Publish").fill("note", "All talk.").submit().await;
        page.sees("Version 1.1").sees("All talk.");
        let page = town.guest().open("/charter/changes/2").await;
        assert_eq!(page.all(".diff del"), ["Removed: A harbour for talk."]);
        assert_eq!(page.all(".diff ins"), ["Added: A harbour for all talk."]);
        town.guest().open("/charter?version=1").await.sees("no longer in force").sees("A harbour for talk.");
        let page = ada.opens("/charter/edit").await.form("Publish").fill("note", "Nothing.").submit().await;
        page.is(422).sees("The text is the same");
    }
}

story! {
    async fn a_new_major_version_asks_everybody_again(town) {
        let (pia, browser) = newcomer(&town, "pia").await;
        assert!(!may_write(&town, pia).await);
        let page = browser.open("/guidelines/community").await;
        let unread = page.form("I will").submit().await;
        unread.is(422).sees("Please tick the box");
        assert!(!may_write(&town, pia).await);
        let form = page.form("I will").tick("agree", "1");
        let first = form.value("version").expect("a version").to_owned();
        form.submit().await.is(200).sees("You acknowledged this on");
        assert!(may_write(&town, pia).await);

        let ada = town.moderator("ada").await;
        let minor = ada.opens("/guidelines/community/edit").await.form("Publish").fill("body", "Be kind.").fill("note", "Shorter.");
        minor.choose("change", "minor").submit().await.sees("Version 1.1");
        assert!(may_write(&town, pia).await, "a minor version asks nobody");
        let major = ada.opens("/guidelines/community/edit").await.form("Publish").fill("body", "Be kind and brief.").fill("note", "Brevity.");
        major.choose("change", "major").submit().await.sees("Version 2.0");
        assert!(!may_write(&town, pia).await, "a major one asks everybody");

        let page = browser.open("/guidelines/community").await;
        page.sees("You have acknowledged an earlier version").sees("What is different since version 1.0").sees("Removed:").sees("Added: Be kind and brief.");
        let mut form = page.form("I will").tick("agree", "1");
        for (name, value) in &mut form.fields {
            if name == "version" {
                value.clone_from(&first);
            }
        }
        form.submit().await.is(409);
        assert!(!may_write(&town, pia).await, "nobody agrees to a text that no longer holds");
        page.form("I will").tick("agree", "1").submit().await.is(200);
        assert!(may_write(&town, pia).await);
        ada.opens("/guidelines/community/acknowledgements").await.sees("one member").sees("pia");
        browser.open("/guidelines/community/acknowledgements").await.is(403);
    }
}

story! {
    async fn a_version_comes_into_force_on_its_day(town) {
        let (pia, browser) = newcomer(&town, "pia").await;
        browser.open("/guidelines/community").await.form("I will").tick("agree", "1").submit().await.is(200);
        let ada = town.moderator("ada").await;
        let page = ada.opens("/guidelines/community/edit").await.form("Publish").fill("body", "Be brief.").fill("note", "Brevity.").choose("change", "major")
            .fill("effective_on", "tomorrow").submit().await;
        page.is(422).sees("This is not a day");
        let day = town.inside(|tx| Ok(tx.now().plus(2 * DAY).timestamp().strftime("%Y-%m-%d").to_string())).await;
        let page = page.form("Publish").fill("effective_on", &day).submit().await;
        page.sees("Version 1.0").sees("Version 2.0 comes into force on");
        assert!(may_write(&town, pia).await);
        ada.opens("/guidelines/community/edit").await.form("Publish").fill("body", "Briefer.").fill("note", "x").submit().await.is(422).sees("waits for its day");
        town.clock.advance(3 * DAY);
        town.work().await;
        assert!(!may_write(&town, pia).await, "from its day on it asks");
        town.guest().open("/guidelines/community").await.sees("Version 2.0").sees("Be brief.");
    }
}

story! {
    async fn two_who_write_at_once_lose_nothing(town) {
        let (ada, bo) = (town.moderator("ada").await, town.moderator("bob").await);
        let slow = ada.opens("/charter/edit").await.form("Save the draft").fill("body", "What Ada wrote.");
        bo.opens("/charter/edit").await.form("Save the draft").fill("body", "What Bo wrote.").submit().await.is(200);
        let page = slow.submit().await;
        page.is(422).sees("Somebody was quicker").sees("What Ada wrote.").sees("What Bo wrote.");
        let page = page.form("Save the draft").submit().await;
        page.is(200).sees("What Ada wrote.");
    }
}

story! {
    async fn each_document_has_its_own_editors(town) {
        let (ruth, ada, mo) = (town.member("ruth").await, town.admin("ada").await, town.moderator("moa").await);
        ruth.opens("/charter/edit").await.is(403);
        ruth.opens("/guidelines/community/edit").await.is(403);
        mo.opens("/guidelines/community/edit").await.is(200);
        mo.opens("/guidelines/messaging/edit").await.is(403);
        ada.opens("/guidelines/messaging/edit").await.is(200);
        let guest = town.guest().open("/charter/edit").await;
        assert!(guest.path.starts_with("/sign-in"), "{}", guest.path);
        let published = ada.opens("/guidelines/messaging/edit").await.form("Publish").submit().await;
        published.sees("Version 1.0");
        let current = town.inside(|tx| guidelines::current(tx, Document::Messaging)).await;
        assert_eq!(current.expect("in force").label(), "1.0");
    }
}

story! {
    async fn programs_read_publish_and_acknowledge(town) {
        let (ruth, ada) = (town.member("ruth").await.api().await, town.admin("ada").await.api().await);
        let now = ruth.get("/guidelines/community").await.is(200);
        assert_eq!((now.number("/version"), now.text("/label")), (1, "1.0"));
        assert_eq!(now.json["acknowledged"], json!(false));
        let new = json!({ "body": "Be kind.", "change": "major", "note": "Shorter." });
        assert_eq!(ruth.post("/guidelines/community/versions", new.clone()).await.status, 403);
        assert_eq!(ada.post("/guidelines/community/versions", new).await.is(201).text("/label"), "2.0");
        assert_eq!(ruth.post("/guidelines/community/acknowledgements", json!({ "version": 1 })).await.status, 409);
        ruth.post("/guidelines/community/acknowledgements", json!({ "version": 2 })).await.is(201);
        assert_eq!(ruth.get("/guidelines/community").await.json["acknowledged"], json!(true));
        assert_eq!(ruth.get("/guidelines/community/versions").await.json["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(ruth.get("/guidelines/charter").await.status, 404);
        assert_eq!(ruth.get("/guidelines/nonsense").await.status, 404);
    }
}

story! {
    async fn the_house_is_set_up_in_a_browser(town) {
        let ada = town.admin("ada").await;
        let page = ada.opens("/admin/first-steps").await;
        page.is(200).sees("Give the community a name").sees("Publish the charter");
        let page = ada.opens("/admin/site").await.form("Save").fill("zone", "Nowhere/Here").fill("name", "The Commons").submit().await;
        page.is(422).sees("This is not a time zone");
        assert_eq!(page.form("Save").value("name"), Some("The Commons"));
        let page = page.form("Save").fill("zone", "Europe/Amsterdam").fill("description", "Talk by the harbour.").submit().await;
        page.is(200).sees("The Commons");
        ada.opens("/admin/site").await.form("Send me a letter").submit().await.is(200).sees("on its way");
        ada.opens("/admin/site").await.form("It has arrived").submit().await.sees("Mail works");
        ada.opens("/pages/imprint").await.is(404).sees("Not written yet");
        // Nothing is published by itself, but nobody begins before an empty field either.
        let draft = ada.opens("/pages/imprint/edit").await;
        assert!(draft.form("Save").value("body").is_some_and(|text| text.contains("[Organisation]")));
        let page = draft.form("Save").fill("title", "Imprint").fill("body", "The museum, Quay 1.").submit().await;
        page.is(200).sees("The museum, Quay 1.");
        town.guest().open("/pages/imprint").await.is(200);
        town.guest().open("/pages/other").await.is(404);
        ada.opens("/admin").await.is(200).hides("site-step-name");
        let ruth = town.member("ruth").await;
        ruth.opens("/admin").await.is(403);
        ruth.opens("/admin/site").await.is(403);
        ruth.opens("/pages/imprint/edit").await.is(403);
    }
}
