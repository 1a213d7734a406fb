//! Stories of the desk about what happens between reading and deciding, and about hands that decide about their own.

use loggia::moderation::{self, DeskSettings};
use serde_json::json;

use crate::desk_queue::{first_item, replied, reported, said, set, takes_effect, waiting};
use crate::story;
use crate::town::talk::category;

story! {
    async fn nobody_brings_back_what_others_hide(town) {
        let (nils, ruth, moa) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "Boats", "About boats.").await;
        let post = replied(&nils, thread, "Hidden words.").await;
        let path = format!("/t/boats/{thread}");
        moa.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule 1." })).await.is(200);
        let api = nils.api().await;
        api.delete(&format!("/posts/{post}")).await.is(204);
        api.post(&format!("/posts/{post}/restoration"), json!({})).await.is(403);
        nils.opens(&path).await.hides("Hidden words.");
        town.guest().open(&path).await.hides("Hidden words.");
        // A moderator is no other hand over own words.
        let own = replied(&moa, thread, "Words of a moderator.").await;
        reported(&ruth, own, "unkind").await;
        let (bo, id) = (town.moderator("bob").await, first_item(&moa).await);
        let page = bo.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "none").fill("reason", "Rule 1.").submit().await.is(200);
        let undone = town.inside({ let me = moa.actor(&town).await; move |tx| Ok(moderation::undo(tx, &me, loggia::kit::ids::ReviewItemId(id)).is_err()) }).await;
        assert!(undone, "Moa does not undo what concerns her");
        takes_effect(&town).await;
        town.guest().open(&path).await.hides("Words of a moderator.");
        moa.api().await.post(&format!("/posts/{own}/acts/unhide"), json!({ "reason": "Mine." })).await.is(403);
        bo.api().await.post(&format!("/posts/{own}/acts/unhide"), json!({ "reason": "A mistake." })).await.is(200);
        town.guest().open(&path).await.sees("Words of a moderator.");
    }
}

story! {
    async fn finding_nothing_wrong_brings_nothing_back_that_its_author_took(town) {
        let (nils, ruth, moa) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "Boats", "About boats.").await;
        let post = replied(&nils, thread, "Regretted words.").await;
        reported(&ruth, post, "unkind").await;
        nils.api().await.delete(&format!("/posts/{post}")).await.is(204);
        let id = first_item(&moa).await;
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        moa.api().await.post(&format!("/review-items/{id}/decision"), keep.clone()).await.is(200);
        town.guest().open(&format!("/t/boats/{thread}")).await.hides("Regretted words.");
        // The same for a thread that was merged away while its report waited.
        let (husk, first) = said(&nils, room, "Ropes", "About ropes.").await;
        ruth.opens(&format!("/threads/{husk}/report")).await.form("Send").choose("reason", "off_topic").submit().await.is(200);
        moa.api().await.post(&format!("/threads/{husk}/acts/merge"), json!({ "into": thread, "reason": "The same." })).await.is(200);
        let id = first_item(&moa).await;
        moa.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        town.guest().open("/latest").await.hides("Ropes");
        town.guest().open(&format!("/t/-/{husk}")).await.sees("About ropes.").sees("About boats.");
        assert_eq!(moa.api().await.post(&format!("/threads/{husk}/acts/restore"), json!({ "reason": "Back." })).await.status, 409);
        town.guest().open(&format!("/p/{first}")).await.sees("About ropes.");
    }
}

story! {
    async fn what_was_not_read_is_not_decided(town) {
        let (newt, ruth, moa) = (town.newcomer("newt").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        set(&town, DeskSettings { first_posts: 1, ..DeskSettings::default() }).await;
        let (_, post) = said(&newt, room, "Hello there", "Harmless words.").await;
        let id = first_item(&moa).await;
        let through = || async {
            let page = moa.opens(&format!("/desk/review/{id}")).await;
            page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "Fine.").submit().await.is(200);
        };
        through().await;
        let revision = newt.api().await.get(&format!("/posts/{post}")).await.is(200).number("/revision");
        newt.api().await.patch(&format!("/posts/{post}"), json!({ "body": "Other words.", "revision": revision })).await.is(200);
        takes_effect(&town).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200, "nobody has read these words");
        assert_eq!(waiting(&moa).await, 1);
        through().await;
        takes_effect(&town).await;
        town.guest().open(&format!("/p/{post}")).await.sees("Other words.");
        // A report that comes while a decision is on its way is not answered by it.
        let (_, other) = said(&ruth, room, "Boats", "Doubtful boats.").await;
        let ines = town.member("ines").await;
        reported(&ines, other, "spam").await;
        let id = first_item(&moa).await;
        let page = moa.opens(&format!("/desk/review/{id}")).await;
        page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").fill("reason", "No.").submit().await.is(200);
        let letters = moa.opens("/my/notices").await.words().matches("A post was reported").count();
        reported(&newt, other, "illegal").await;
        takes_effect(&town).await;
        assert_eq!(waiting(&moa).await, 1, "the newer report waits");
        assert!(moa.opens("/my/notices").await.words().matches("A post was reported").count() > letters, "and the moderators hear of it");
    }
}

story! {
    async fn watched_words_are_seen_in_titles_and_behind_links(town) {
        let (newt, moa) = (town.newcomer("newt").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        moa.opens("/desk/rules").await.form("Watch it").fill("pattern", "evil.example").choose("action", "hold").submit().await.is(200);
        let (thread, _) = said(&newt, room, "Boats", "About boats.").await;
        let held = replied(&newt, thread, "Look [here](https://evil.example/x).").await;
        assert_ne!(town.guest().open(&format!("/p/{held}")).await.status, 200);
        town.guest().open(&format!("/t/boats/{thread}")).await.sees("About boats.");
        let page = newt.opens(&format!("/threads/{thread}/edit")).await;
        page.form("Save").fill("title", "See evil.example").submit().await;
        assert_ne!(town.guest().open(&format!("/t/boats/{thread}")).await.status, 200, "the title is looked at, too");
    }
}

story! {
    async fn a_granted_appeal_gives_the_profile_back(town) {
        let (nils, moa, bo) = (town.member("nils").await, town.moderator("moa").await, town.moderator("bob").await);
        nils.opens("/my/settings").await.form("Save").fill("bio", "I mend sails.").submit().await.is(200);
        let because = moderation::Because { reason: "Rule 6.".into(), ..Default::default() };
        let (me, id) = (moa.actor(&town).await, nils.id);
        town.inside(move |tx| moderation::reset_profile(tx, &me, id, moderation::Reset::ALL, &because)).await;
        town.guest().open("/u/nils").await.hides("I mend sails.");
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "It is my trade." })).await.is(201);
        let appeal = first_item(&bo).await;
        bo.api().await.post(&format!("/review-items/{appeal}/appeal"), json!({ "granted": true, "words": "Right." })).await.is(204);
        town.guest().open("/u/nils").await.sees("I mend sails.");
        nils.opens("/my/decisions").await.sees("taken back");
    }
}
