//! Stories of the lists around highlights: however many stand in them, they ask the database as often.

use loggia::db::counted::statements;
use loggia::kit::ids::CategoryId;
use serde_json::json;

use crate::desk_queue::said;
use crate::highlights::Scene;
use crate::story;
use crate::town::Browser;
use crate::town::talk::category;

/// What a page asks once it was looked at: the least of some looks, because what is kept for all pages is read anew after
/// every commit.
async fn asked(scene: &Scene, who: &Browser, path: &str) -> u64 {
    who.open(path).await.is(200);
    let mut least = u64::MAX;
    for _ in 0..4 {
        let before = statements(scene.town.database());
        who.open(path).await.is(200);
        least = least.min(statements(scene.town.database()) - before);
    }
    least
}

/// Sentences as different as people are: what resembles an earlier announcement goes out with a reason only.
const SAID: [&str; 6] = [
    "My grandmother mended nets under this very lamp.",
    "Low water showed the keel of a boat nobody remembers.",
    "The clockmaker upstairs whistles whenever it rains.",
    "We counted eleven oystercatchers before breakfast.",
    "Somebody painted the third bollard yellow again.",
    "A choir from Bergen practised in the dry dock last night.",
];

/// One more highlight that waits for a moderator.
async fn one_more(scene: &Scene, room: CategoryId, words: &str) -> i64 {
    let (_, post) = said(&scene.ada, room, words, words).await;
    let wish =
        json!({ "post_id": post, "excerpt": words, "title": words, "reason": "It is quiet." });
    let id = scene
        .nia
        .api()
        .await
        .post("/highlights", wish)
        .await
        .is(201)
        .number("/id");
    let yes = json!({ "decision": "grant", "attribution": "name", "by_hand": true, "channels": ["page", "feed"] });
    scene
        .ada
        .api()
        .await
        .post(&format!("/highlights/{id}/consent"), yes)
        .await
        .is(200);
    id
}

/// It goes all the way to the announcements page.
async fn announced(scene: &Scene, id: i64, words: &str) {
    let approve = json!({ "decision": "approve" });
    scene
        .mo
        .api()
        .await
        .post(&format!("/highlights/{id}/approval"), approve)
        .await
        .is(200);
    let body = json!({ "channel_id": scene.page.0, "text": format!("“{words}” Ada Marlow, in our community.") });
    scene
        .pia
        .api()
        .await
        .post(&format!("/highlights/{id}/announcements"), body)
        .await
        .is(201);
    scene.deliver().await;
}

story! {
    async fn lists_ask_as_often_for_two_as_for_six(town) {
        let scene = Scene::set(town).await;
        let room = category(&scene.town, "Quay", Vec::new()).await;
        let made = scene.pia.opens("/outreach/feeds").await.form("Open it").fill("label", "The tool").submit().await;
        let feed = made.all("code").remove(0);
        let feed = feed.strip_prefix(scene.town.base_url()).expect("our own").to_owned();
        let guest = scene.town.guest();
        let mut counts: Vec<Vec<(String, u64)>> = Vec::new();
        let mut all = Vec::new();
        for some in [&SAID[..2], &SAID[2..]] {
            for words in some {
                let id = one_more(&scene, room, words).await;
                announced(&scene, id, words).await;
                all.push(id);
                one_more(&scene, room, &format!("And then: {words}")).await;
            }
            let order = json!({ "highlights": all, "how": "kit", "purpose": "The yearbook" });
            let batch = scene.pia.api().await.post("/pulls", order).await.is(201).number("/id");
            let pages = [
                (&scene.pia.browser, "/outreach/library".to_owned(), "the library"),
                (&scene.pia.browser, format!("/outreach/pulls/{batch}"), "what was taken"),
                (&scene.pia.browser, "/outreach/announcements".to_owned(), "announcements"),
                (&scene.pia.browser, "/outreach/calendar".to_owned(), "the calendar"),
                (&scene.mo.browser, "/desk/highlights".to_owned(), "approvals"),
                (&scene.ada.browser, "/my/consents".to_owned(), "consents"),
                (&guest, feed.clone(), "the feed"),
                (&guest, "/announcements".to_owned(), "what was said"),
            ];
            let mut now = Vec::new();
            for (who, path, name) in &pages {
                now.push(((*name).to_owned(), asked(&scene, who, path).await));
            }
            let library = scene.pia.opens("/outreach/library").await;
            for words in &SAID[..all.len()] {
                library.sees(words);
            }
            assert_eq!(guest.open(&feed).await.html.matches("<item>").count(), all.len());
            counts.push(now);
        }
        for (few, many) in counts[0].iter().zip(&counts[1]) {
            assert!(many.1 <= few.1, "{few:?} {many:?}");
            assert!(many.1 <= 40, "{many:?}");
        }
    }
}
