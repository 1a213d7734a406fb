//! Stories of the places to talk and what is said in them, told with a browser that runs no scripts.

use loggia::db::Tx;
use loggia::forum::{self, Grant, Who};
use loggia::kit::clock::{MINUTE, SECOND};
use loggia::kit::ids::{CategoryId, GroupId, PostId, ThreadId};
use loggia::members;
use loggia::policy::Trust;
use serde_json::json;

use crate::story;
use crate::town::talk::{HOUSE, category, reply, started};
use crate::town::{Person, Town};

/// A thread started by somebody, without a browser.
async fn thread(
    town: &Town,
    by: &Person,
    category: CategoryId,
    title: &str,
    body: &str,
) -> (ThreadId, PostId) {
    started(town, by, category, (title, ""), body).await
}

fn see(who: Who, group: Option<GroupId>) -> Grant {
    Grant {
        who,
        group,
        see: true,
        reply: true,
        start: true,
        moderate: false,
    }
}

story! {
    async fn a_thread_is_started_answered_quoted_and_edited(town) {
        category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;

        let page = ruth.opens("/latest").await.follow("Start a thread").await;
        let form = page.form("Start a thread").fill("title", "").fill("body", "It sat on the *bronze* heron.").choose("category", "1");
        let page = form.submit().await;
        page.is(422).sees("Please give the thread a title");
        let form = page.form("Start a thread");
        assert_eq!(form.value("body"), Some("It sat on the *bronze* heron."), "what was typed is kept");
        let page = form.fill("title", "A kingfisher").fill("tags", "Birds, Harbour").submit().await;
        page.is(200).sees("A kingfisher").sees("It sat on the bronze heron.").sees("harbour");
        assert_eq!(page.path, "/t/a-kingfisher/1");

        let page = tomas.opens("/t/a-kingfisher/1").await;
        let page = page.form("Preview").fill("body", "I **saw** it").submit().await;
        page.is(200);
        assert_eq!(page.words_of("section.reply .post-text strong").as_deref(), Some("saw"));
        let page = page.form("Send the reply").submit().await;
        page.is(200).sees("Your reply stands here now").sees("I saw it").sees("2 / 2");

        let page = ruth.opens("/t/a-kingfisher/1").await.follow("Quote").await;
        let quoted = page.form("Send the reply").value("body").unwrap_or_default().to_owned();
        assert!(quoted.starts_with("> [Ruth #1](/t/a-kingfisher/1/1):\n> It sat on the bronze heron."), "{quoted}");

        let page = tomas.opens("/t/a-kingfisher/1/2").await.follow("Edit").await;
        let page = page.form("Save").fill("body", "I saw it *too*").fill("note", "added a word").submit().await;
        page.is(200).sees("I saw it too");
        let page = tomas.opens("/p/2/revisions").await;
        page.is(200).sees("Revision 2").sees("added a word");
        assert_eq!(page.all("ins").first().map(String::as_str), Some("I saw it *too*"));
        town.guest().open("/p/2/revisions").await.hides("I **saw** it");
        let page = town.guest().open("/tag/birds").await;
        page.is(200).sees("A kingfisher");
        let page = town.guest().open("/t/a-kingfisher/1").await;
        page.sees("Join to reply").hides("name=\"csrf\"");
        assert!(!page.headers.iter().any(|(name, _)| name == "set-cookie"), "reading needs no cookie");
    }
}

story! {
    async fn edits_leave_a_mark_after_five_minutes_and_never_overwrite_unread(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let mo = town.moderator("moni").await;
        let (_, post) = thread(&town, &ruth, field, "A ring", "One").await;
        let path = format!("/p/{post}/edit");
        ruth.opens(&path).await.form("Save").fill("body", "Two").submit().await.sees("Two").hides("Edited");
        let early = ruth.opens(&path).await.form("Save").fill("body", "Mine");
        town.clock.advance(6 * MINUTE);
        mo.opens(&path).await.form("Save").fill("body", "Theirs").submit().await.sees("Edited");
        let page = early.submit().await;
        page.is(422).sees("Somebody else changed this").sees("Theirs");
        assert_eq!(page.form("Save").value("body"), Some("Mine"));
        page.form("Save").submit().await.is(200).sees("Mine");
        let api = ruth.api().await;
        let stale = api.patch(&format!("/posts/{post}"), json!({ "body": "x", "revision": 1 })).await.is(409);
        assert!(stale.headers.iter().any(|(k, v)| k == "content-type" && v.starts_with("application/problem+json")));
        let fine = api.patch(&format!("/posts/{post}"), json!({ "body": "Five", "revision": 4 })).await.is(200);
        assert_eq!(fine.number("/revision"), 5);
        let kept = town.inside(move |tx| Ok((forum::said_at(tx, post, 1)?, forum::said_at(tx, post, 3)?))).await;
        assert_eq!(kept, (Some("One".to_owned()), Some("Theirs".to_owned())));
    }
}

story! {
    async fn addresses_lead_to_their_place_for_ever(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, first) = thread(&town, &ruth, field, "A long talk", "First words").await;
        for n in 2..=45 {
            reply(&town, &ruth, id, &format!("words number {n}")).await;
        }
        let guest = town.guest();
        let page = guest.send("GET", &format!("/t/a-long-talk/{id}/41"), None, &[]).await;
        assert_eq!(page.leads_to().as_deref(), Some(format!("/t/a-long-talk/{id}?page=3#post-41").as_str()));
        let page = guest.open(&format!("/t/a-long-talk/{id}?page=2")).await;
        page.is(200).sees("words number 21").sees("words number 40").hides("words number 41");
        assert_eq!(page.attributes("link[rel=canonical]", "href"), vec![format!("{}/t/a-long-talk/{id}?page=2", town.base_url())]);
        let moved = guest.send("GET", &format!("/t/another-name/{id}?page=2"), None, &[]).await;
        assert_eq!((moved.status, moved.leads_to()), (308, Some(format!("/t/a-long-talk/{id}?page=2"))));
        guest.open(&format!("/t/a-long-talk/{id}?page=4")).await.is(404);
        guest.open(&format!("/t/a-long-talk/{id}/99")).await.is(404);
        // What is deleted leaves a gap; nothing moves up.
        let actor = ruth.actor(&town).await;
        town.inside(move |tx| forum::delete_post(tx, &actor, PostId(first.0 + 20), None)).await;
        let page = guest.open(&format!("/t/a-long-talk/{id}?page=2")).await;
        page.sees("Post 21 was removed by its author").hides("words number 21").hides("words number 41");
        let page = guest.open(&format!("/p/{}", first.0 + 1)).await;
        assert_eq!(page.path, format!("/t/a-long-talk/{id}#post-2"));
    }
}

story! {
    async fn moderators_lock_move_hide_and_restore(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let night = category(&town, "Night watch", vec![]).await;
        let ruth = town.member("ruth").await;
        let mo = town.moderator("moni").await;
        let (id, _) = thread(&town, &ruth, field, "A ring", "Found it on the stair").await;
        let path = format!("/t/a-ring/{id}");
        let lock = format!("/threads/{id}/lock");
        ruth.opens(&lock).await.is(403);
        mo.opens(&path).await.follow("Lock this thread").await.form("Lock this thread").fill("reason", "settled").submit().await.is(200).sees("Locked");
        let page = ruth.opens(&path).await;
        page.sees("This thread is locked");
        assert!(!page.has_button("Send the reply"));
        mo.opens(&format!("/threads/{id}/unlock")).await.form("Unlock").submit().await.is(200);
        let page = mo.opens(&format!("/threads/{id}/move")).await.form("Move").choose("category", &night.to_string()).submit().await;
        page.is(200).sees("Night watch");
        town.guest().open(&format!("/c/field-notes/{field}")).await.hides("A ring");
        town.guest().open(&format!("/c/night-watch/{night}")).await.sees("A ring");
        mo.opens(&format!("/threads/{id}/hide")).await.form("Hide").choose("rule", "1").submit().await.is(200).sees("This thread is hidden");
        let me = ruth.id;
        let trust = move |tx: &mut Tx<'_>| Ok(loggia::members::actor(tx, me)?.person().map(|person| person.trust));
        assert_eq!(town.inside(trust).await, Some(Trust::Member), "a hidden thread holds trust back as a hidden post does");
        town.guest().open(&path).await.is(404);
        ruth.opens(&path).await.is(200).sees("Found it on the stair");
        mo.opens(&format!("/threads/{id}/unhide")).await.form("Bring").submit().await.is(200);
        mo.opens(&format!("/threads/{id}/delete")).await.form("Delete").choose("rule", "other").fill("reason", "Told twice.").submit().await.is(200);
        ruth.opens(&path).await.is(404);
        mo.opens(&path).await.sees("This thread is deleted");
        mo.opens(&format!("/threads/{id}/restore")).await.form("Restore").submit().await.is(200);
        town.guest().open(&path).await.is(200);
    }
}

story! {
    async fn newcomers_are_held_back_and_keep_their_words(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.newcomer("ruth").await;
        let (id, _) = thread(&town, &ruth, field, "Hello", "I am new").await;
        let path = format!("/t/hello/{id}");
        let links = "https://a.example https://b.example https://c.example";
        let page = ruth.opens(&path).await.form("Send the reply").fill("body", links).submit().await;
        page.is(422).sees("may lead to 2 other places");
        assert_eq!(page.form("Send the reply").value("body"), Some(links));
        let page = ruth.opens("/new-thread").await;
        let form = page.form("Start a thread").fill("title", "Tags").fill("body", "x").choose("category", &field.to_string());
        form.fill("tags", "never-seen").submit().await.is(422).sees("is a new tag");
        for n in 0..10 {
            reply(&town, &ruth, id, &format!("reply {n}")).await;
        }
        let page = ruth.opens(&path).await.form("Send the reply").fill("body", "one too many").submit().await;
        page.is(422).sees("That was a lot for one day");
        assert_eq!(page.form("Send the reply").value("body"), Some("one too many"));
    }
}

story! {
    async fn long_words_fit_and_a_double_click_is_one_reply(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field, "Long", "words").await;
        let path = format!("/t/long/{id}");
        let long = "ü ".repeat(20_000);
        let form = ruth.opens(&path).await.form("Send the reply").fill("body", long.trim());
        let (action, fields) = (form.action.clone(), form.fields.clone());
        ruth.browser.post(&action, &fields).await.is(200);
        ruth.browser.post(&action, &fields).await.is(200);
        let page = ruth.opens(&path).await;
        assert_eq!(page.all("article.post").len(), 2, "sent twice, written once");
        let page = page.form("Send the reply").fill("body", &"x".repeat(70_000)).submit().await;
        page.is(422).sees("longer than the 65536 bytes");
        let page = ruth.opens(&path).await.form("Send the reply").fill("body", "a\u{0}b").submit().await;
        page.is(422).sees("cannot be stored");
    }
}

story! {
    async fn admins_open_categories_and_say_who_may_do_what(town) {
        let ada = town.admin("ada").await;
        let ruth = town.member("ruth").await;
        let group = town.inside(|tx| members::create_group(tx, &HOUSE, "Keepers", "")).await;
        let page = ada.opens("/categories").await.follow("New category").await;
        let form = page.form("Save").fill("name", "Keepers' corner").fill("colour", "#aa3300");
        let form = form.tick("grants", &format!("group-{group}.see")).tick("grants", &format!("group-{group}.start"));
        form.submit().await.is(200).sees("Keepers' corner");
        ruth.opens("/categories").await.hides("Keepers");
        ruth.opens("/c/keepers-corner/1").await.is(404);
        let id = ruth.id;
        town.inside(move |tx| members::join_group(tx, &HOUSE, group, id)).await;
        ruth.opens("/categories").await.sees("Keepers' corner");
        ruth.opens("/c/keepers-corner/1").await.sees("Start a thread");
        ada.opens("/admin/categories/1").await.form("Save").fill("name", "").submit().await.is(422);
        ada.opens("/admin/categories/new").await.form("Save").fill("name", "Quay").submit().await.is(200);
        let page = ada.opens("/admin/categories").await;
        assert_eq!(page.all("th a"), ["Keepers' corner", "Quay"]);
        let page = page.form("Down").submit().await;
        assert_eq!(page.all("th a"), ["Quay", "Keepers' corner"]);
        ruth.opens("/admin/categories").await.is(403);
        let css = town.guest().open("/colours/current.css").await;
        assert!(css.html.contains(".cat-1 { --c: #aa3300 }"), "{}", css.html);
    }
}

story! {
    async fn programs_list_start_answer_and_page(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let api = ruth.api().await;
        let nobody = town.api(None);
        let new = json!({ "category_id": field, "title": "By program", "body": "Hello **there**", "tags": ["birds"] });
        nobody.post("/threads", new.clone()).await.is(401);
        let key = [("idempotency-key", "one")];
        let first = api.send("POST", "/threads", Some(&new), &key).await.is(201);
        let again = api.send("POST", "/threads", Some(&new), &key).await.is(201);
        assert_eq!(first.json, again.json, "the same key, the same answer");
        let other = json!({ "category_id": field, "title": "Other", "body": "x" });
        api.send("POST", "/threads", Some(&other), &key).await.is(422);
        api.post("/threads", json!({ "category_id": field, "title": "x", "body": "y", "author_id": 1 })).await.is(422);
        let id = first.number("/id");
        for n in 0..5 {
            api.post(&format!("/threads/{id}/posts"), json!({ "body": format!("reply {n}") })).await.is(201);
        }
        let page = nobody.get(&format!("/threads/{id}/posts?limit=4")).await.is(200);
        assert_eq!(page.json["items"].as_array().map(Vec::len), Some(4));
        let next = page.text("/next").to_owned();
        let rest = nobody.get(&format!("/threads/{id}/posts?limit=4&after={next}")).await.is(200);
        assert_eq!(rest.json["items"].as_array().map(Vec::len), Some(2));
        assert!(rest.json["next"].is_null());
        for bad in ["/threads?after=!!", "/threads/9223372036854775807", "/threads/99999999999999999999", "/posts/0", "/threads/1/posts?after=%00"] {
            let status = nobody.get(bad).await.status;
            assert!(status == 400 || status == 404, "{bad}: {status}");
        }
        let keys: Vec<&String> = page.json["items"][0].as_object().map(|o| o.keys().collect()).unwrap_or_default();
        let known = [
            "answer", "author", "body", "created_at", "edited_at", "html", "id", "my_reaction", "number", "official", "poll", "reactions",
            "reply_to_number", "revision", "saved", "saves", "state", "thread_id", "url", "wiki",
        ];
        assert_eq!(keys, known, "what is sent is on the list");
        api.delete(&format!("/posts/{}", first.number("/first_post/id"))).await.is(204);
    }
}

story! {
    async fn feeds_and_the_sitemap_carry_what_a_guest_may_see(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let staff = category(&town, "Back room", vec![see(Who::Members, None)]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field, "Gulls & ropes <1>", "Quay *talk*").await;
        town.clock.advance(SECOND);
        let (inner, _) = thread(&town, &ruth, staff, "Inner", "Whispered").await;
        town.clock.advance(SECOND);
        reply(&town, &ruth, id, "And an answer").await;
        let guest = town.guest();
        for path in ["/latest".to_owned(), format!("/c/field-notes/{field}"), format!("/t/gulls-ropes-1/{id}")] {
            for ending in ["rss", "atom", "json"] {
                let page = guest.open(&format!("{path}.{ending}")).await;
                page.is(200);
                let feed = feed_rs::parser::parse(page.html.as_bytes()).unwrap_or_else(|e| panic!("{path}.{ending}: {e}\n{}", page.html));
                let title = feed.entries[0].title.as_ref().map(|t| t.content.clone());
                assert_eq!(title.as_deref(), Some("Gulls & ropes <1>"), "{path}.{ending}");
                assert!(page.html.contains("Quay"), "{path}.{ending}");
            }
        }
        ruth.opens("/latest.rss").await.hides("Whispered");
        ruth.opens(&format!("/t/inner/{inner}.rss")).await.is(404);
        guest.open("/latest.exe").await.is(404);
        let map = guest.open("/sitemap.xml").await;
        assert!(map.html.contains("/sitemap/1.xml"));
        let map = guest.open("/sitemap/1.xml").await;
        assert!(map.html.contains(&format!("/t/gulls-ropes-1/{id}</loc>")));
        guest.open("/sitemap/2.xml").await.is(404);
        guest.open("/robots.txt").await.is(200).sees("Sitemap");
        let page = guest.open(&format!("/t/gulls-ropes-1/{id}")).await;
        let data: serde_json::Value = serde_json::from_str(&page.all("script[type='application/ld+json']").concat()).expect("JSON-LD");
        assert_eq!(data["@type"], "DiscussionForumPosting");
        assert_eq!(data["headline"], "Gulls & ropes <1>");
        assert_eq!(data["comment"][0]["text"], "And an answer");
    }
}
