//! The laws, each with a test that fails when it is broken.

use std::collections::{HashSet, VecDeque};

use loggia::forum;
use loggia::guidelines::{self, Change, Publication};
use loggia::kit::ids::PostId;
use loggia::kit::stop::Document;
use loggia::policy::Actor;
use loggia::web::routes::{Kind, TABLE};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use crate::highlights::{Scene, WORDS, yes};
use crate::story;
use crate::web::{address, rows};

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
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(404);
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

/// What a page needs a script for, in words; empty where it needs none.
fn needs_scripts(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).expect("a selector");
        page.select(&selector)
            .map(|found| found.html().chars().take(200).collect::<String>())
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    found.extend(all("style, [style], script:not([src])"));
    // Addresses that are no places, and buttons that do nothing by themselves: scripts show those that they serve.
    found.extend(all("a[href^='javascript:'], a[href='#']"));
    let waiting = Selector::parse("button[type=button]").expect("a selector");
    for button in page.select(&waiting) {
        let mut around = button.ancestors().filter_map(ElementRef::wrap);
        let is_hidden = |element: &ElementRef<'_>| element.value().attr("hidden").is_some();
        if !is_hidden(&button) && !around.any(|element| is_hidden(&element)) {
            found.push(button.html());
        }
    }
    for element in page.root_element().descendent_elements() {
        let handler = element
            .value()
            .attrs()
            .find(|(name, _)| name.starts_with("on"));
        found.extend(handler.map(|(name, _)| format!("{name} on <{}>", element.value().name())));
    }
    let (forms, fields, sends) = (
        Selector::parse("form").expect("a selector"),
        Selector::parse("input, select, textarea").expect("a selector"),
        Selector::parse("button:not([type=button]), input[type=submit]").expect("a selector"),
    );
    for form in page.select(&forms) {
        // One that is not shown is there for scripts only; what it does is done elsewhere, too.
        if form.value().attr("hidden").is_some() {
            continue;
        }
        let named = form.value().attr("id");
        let outside = named.is_some_and(|id| !all(&format!("button[form='{id}']")).is_empty());
        // A single field is sent by the enter key.
        let fields = form
            .select(&fields)
            .filter(|field| field.value().attr("type") != Some("hidden"));
        if form.select(&sends).next().is_none() && !outside && fields.count() != 1 {
            found.push(form.html().chars().take(200).collect());
        }
    }
    found
}

#[test]
fn what_needs_a_script_is_noticed() {
    assert!(
        needs_scripts(
            "<a href='/x'>y</a><form><button>Go</button></form><form><input name='q'></form>"
        )
        .is_empty()
    );
    for html in [
        "<a href='javascript:go()'>y</a>",
        "<p onclick='go()'>y</p>",
        "<p style='color:red'>y</p>",
        "<script>go()</script>",
        "<button type='button'>Go</button>",
        "<form><input name='q'><input name='r'></form>",
        "<form><button type='button' hidden>Go</button></form>",
    ] {
        assert_eq!(
            needs_scripts(html).len(),
            1,
            "{html}: {:?}",
            needs_scripts(html)
        );
    }
}

story! {
    /// Law 8. Whoever follows links from the front page finds plain links and forms only: no script in the page, no
    /// handler, no button that waits for one, and every form can be sent.
    async fn law_8_everything_works_without_scripts(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let mut seen_by_all = HashSet::new();
        for (who, door) in [
            (&scene.ada, format!("/my/consents/{id}")),
            (&scene.mo, format!("/desk/highlights/{id}")),
            (&scene.pia, format!("/outreach/highlights/{id}/compose")),
        ] {
            let (mut seen, mut shapes) = (HashSet::new(), HashSet::new());
            let mut ahead = VecDeque::from(["/".to_owned(), door]);
            while let Some(path) = ahead.pop_front() {
                // One of each shape: what differs in numbers only is the same page.
                let shape: String = path.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
                if seen.len() >= 90 || !shapes.insert(shape) || !seen.insert(path.clone()) {
                    continue;
                }
                let page = who.opens(&path).await;
                if !page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                    continue;
                }
                assert!(page.status < 500, "{path}: {}", page.words());
                assert_eq!(needs_scripts(&page.html), Vec::<String>::new(), "{path}");
                seen_by_all.insert(path);
                let links = Selector::parse("a[href^='/']").expect("a selector");
                for link in Html::parse_document(&page.html).select(&links) {
                    let to = link.value().attr("href").unwrap_or_default();
                    ahead.push_back(to.split('#').next().unwrap_or_default().to_owned());
                }
            }
        }
        assert!(seen_by_all.len() > 60, "only {} pages were seen", seen_by_all.len());
    }
}

story! {
    /// Law 9. Reading as a guest writes nothing, sets nothing, and may be kept by whoever stands in between.
    async fn law_9_anonymous_reading_is_nearly_free(town) {
        let (before, _) = town.node.app.db.written();
        let mut kept = 0;
        for entry in rows(&[Kind::Page, Kind::Feed], true).filter(|e| e.kept) {
            // A new reader each time: a word left by one address is cleared by the next.
            let page = town.guest().send("GET", &address(entry), None, &[]).await;
            // Being sent to sign in, with a word about why, is not reading; whatever is read sets nothing.
            let sent_on = page.leads_to().filter(|to| to.starts_with("/sign-in"));
            let cookie = page.header("set-cookie");
            assert!(
                sent_on.is_some() || cookie.is_none(),
                "{} ({}): {cookie:?}",
                entry.path,
                page.status
            );
            if page.status == 200 {
                let rule = page.header("cache-control").unwrap_or_default();
                assert!(!rule.contains("no-store"), "{}: {rule}", entry.path);
                kept += 1;
            }
        }
        assert!(kept > 10, "only {kept} pages were read");
        assert_eq!(town.node.app.db.written().0, before, "a GET wrote something");
        // What is made anew for everybody, and what only members may see, writes as little when a guest asks for it.
        let mut asked = 0;
        for entry in rows(&[Kind::Page, Kind::Feed, Kind::Api], true).filter(|e| !e.kept) {
            let before = town.node.app.db.written().0;
            town.guest().send("GET", &address(entry), None, &[]).await;
            assert_eq!(town.node.app.db.written().0, before, "{} wrote something", entry.path);
            asked += 1;
        }
        assert!(asked > 100, "only {asked} were asked for");
    }
}
