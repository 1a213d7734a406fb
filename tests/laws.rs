//! The laws, each with a test that fails when it is broken.

use loggia::forum;
use loggia::guidelines::{self, Change, Publication};
use loggia::kit::ids::PostId;
use loggia::kit::stop::Document;
use loggia::policy::Actor;
use loggia::web::routes::{Kind, TABLE};
use serde_json::json;

use crate::highlights::{Scene, WORDS, yes};
use crate::story;

/// Law 1. Every address is marked, and nothing that a network could call takes content.
#[test]
fn law_1_nothing_comes_back() {
    for entry in TABLE {
        let safe = entry.method == actix_web::http::Method::GET;
        match entry.kind {
            Kind::Feed => assert!(
                safe,
                "{} {} is a feed and changes something",
                entry.method, entry.path
            ),
            Kind::Callback => assert!(safe, "{} takes content from elsewhere", entry.path),
            Kind::Unsubscribe => assert!(entry.path.starts_with("/unsubscribe/"), "{}", entry.path),
            Kind::Api => assert!(entry.path.starts_with("/api/"), "{}", entry.path),
            Kind::Page => assert!(!entry.path.starts_with("/api/"), "{}", entry.path),
        }
        for word in [
            "inbox",
            "webfinger",
            "activitypub",
            "incoming",
            "receive",
            "pingback",
            "webmention",
        ] {
            assert!(
                !entry.path.contains(word),
                "{} sounds as if something could come in",
                entry.path
            );
        }
    }
}

story! {
    /// Law 2. Without the author's yes nothing goes on, and a yes covers what it names and nothing else.
    async fn law_2_no_word_leaves_without_consent(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve.clone()).await.is(409);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(409);
        // Nothing chosen is no yes.
        let empty = json!({ "decision": "grant" });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), empty).await.is(422);
        let elsewhere = json!({ "decision": "grant", "attribution": "member", "channels": ["mastodon"] });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), elsewhere).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(422);
        scene.pia.api().await.post(&format!("/highlights/{id}/pulls"), json!({ "purpose": "poster" })).await.is(422);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
    }
}

story! {
    /// Law 3. Nominator and author do not decide, whatever their roles; a change voids the approval.
    async fn law_3_four_eyes(town) {
        let scene = Scene::set(town).await;
        let second = scene.town.moderator("max").await;
        let body = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "A kingfisher", "reason": "Quiet." });
        let id = second.api().await.post("/highlights", body).await.is(201).number("/id");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(200);
        let approve = json!({ "decision": "approve" });
        second.api().await.post(&format!("/highlights/{id}/approval"), approve.clone()).await.is(403);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(200);
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201);
        let narrower = json!({ "decision": "grant", "attribution": "member", "by_hand": false, "channels": ["page"] });
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), narrower).await.is(200);
        assert_eq!(scene.state(id).await, "consented");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "the approval was for something else");
    }
}

story! {
    /// Law 4. A new major version of the messaging guidelines gates approving and sending, and not posting.
    async fn law_4_two_guidelines_kept_apart(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        let stale = scene.town.inside(|tx| {
            // Nobody has acknowledged a version as new as this one.
            loggia::members::require_acknowledgement(tx, Document::Messaging, 2_000)?;
            Ok(())
        });
        stale.await;
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(403);
        let post = scene.post;
        let written = scene.as_member(scene.ada.id, move |tx, ada| {
            let thread = forum::said(tx, post)?.thread;
            forum::reply(tx, ada, thread, &crate::highlights::words("Still talking."), None)
        }).await;
        assert!(written.post > PostId(0));
    }
}

story! {
    /// Law 5. However often the bridge runs, and however often the button is pressed, it is said once.
    async fn law_5_never_twice(town) {
        let scene = Scene::set(town).await;
        let (id, _) = scene.scheduled().await;
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(422);
        for _ in 0..5 {
            scene.deliver().await;
        }
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    /// Law 6. What fell between scheduling and sending does not leave.
    async fn law_6_checked_again_at_the_last_moment(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.scheduled().await;
        scene.town.inside(|tx| {
            let rules = Publication {
                words: guidelines::Words::parse("Speak even more quietly of others.", "http://town.example")?,
                change: Change::Major,
                note: "quieter".into(),
                effective_at: None,
                base: guidelines::base_of(tx, Document::Messaging)?.map(|v| v.fingerprint()).unwrap_or_default(),
            };
            guidelines::publish(tx, &Actor::System("scene"), Document::Messaging, &rules)
        }).await;
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "cancelled");
    }
}

story! {
    /// Law 7. Deleting the source calls back what is out, in the same transaction.
    async fn law_7_taken_back_inside_is_taken_back_outside(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        let post = scene.post;
        scene.as_member(scene.mo.id, move |tx, mo| forum::delete_post(tx, mo, post, None)).await;
        assert_eq!(scene.state(id).await, "withdrawn");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "withdrawn");
    }
}

story! {
    /// Law 8. The pages of the door are plain forms: no script, no inline handler, every form has its button.
    async fn law_8_everything_works_without_scripts(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        for (who, path) in [
            (&scene.ada, format!("/my/consents/{id}")),
            (&scene.mo, format!("/desk/highlights/{id}")),
            (&scene.pia, format!("/outreach/highlights/{id}/compose")),
        ] {
            let page = who.opens(&path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.words());
            assert!(!page.html.contains("onclick=") && !page.html.contains("style=\""), "{path}");
        }
    }
}
