//! Stories of the moderators' desk: one queue, twelve seconds, appeals, holding back, splitting and merging, and what a
//! moderator without access never sees.

use diesel::prelude::*;
use loggia::db::Tx;
use loggia::forum::{Grant, Who};
use loggia::kit::Result;
use loggia::kit::clock::SECOND;
use loggia::kit::ids::{CategoryId, MemberId};
use loggia::moderation::{self, DeskSettings, Wanted};
use serde_json::json;

use crate::story;
use crate::support::queries::asked;
use crate::town::talk::{HOUSE, category};
use crate::town::{Person, Town};

/// A thread; answers its id and that of its first post.
pub async fn said(who: &Person, room: CategoryId, title: &str, words: &str) -> (i64, i64) {
    let api = who.api().await;
    let new = json!({ "category_id": room.0, "title": title, "body": words });
    let thread = api.post("/threads", new).await.is(201).number("/id");
    let posts = api.get(&format!("/threads/{thread}/posts")).await.is(200);
    (thread, posts.number("/items/0/id"))
}

/// A reply; answers its id.
pub async fn replied(who: &Person, thread: i64, words: &str) -> i64 {
    let reply = json!({ "body": words });
    let api = who.api().await;
    api.post(&format!("/threads/{thread}/posts"), reply)
        .await
        .is(201)
        .number("/id")
}

/// Reports a post for a reason.
pub async fn reported(who: &Person, post: i64, reason: &str) {
    let report = json!({ "reason": reason, "message": "Please look." });
    who.api()
        .await
        .post(&format!("/posts/{post}/reports"), report)
        .await
        .is(201);
}

/// The first entry of the queue.
pub async fn first_item(who: &Person) -> i64 {
    who.api()
        .await
        .get("/review-items")
        .await
        .is(200)
        .number("/items/0/id")
}

/// How many entries wait for this moderator.
pub async fn waiting(who: &Person) -> usize {
    let queue = who.api().await.get("/review-items").await.is(200);
    queue.json["items"].as_array().map_or(0, Vec::len)
}

/// Sets what holds words back.
pub async fn set(town: &Town, wanted: DeskSettings) {
    town.inside(move |tx| moderation::set_desk(tx, &HOUSE, &wanted))
        .await;
}

/// Lets the twelve seconds pass and the jobs run.
pub async fn takes_effect(town: &Town) {
    town.clock.advance(13 * SECOND);
    town.work().await;
}

story! {
    async fn a_decision_can_be_undone_for_twelve_seconds(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "Boats", "Cheap sunglasses.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&mo).await;
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        page.sees("This is what will happen").sees("The one who reported hears that it was right").sees("Nothing of it was announced outside");
        let form = || page.form("Apply").choose("finding", "upheld").choose("content", "delete").choose("author", "none").fill("reason", "Rule 6.");
        let after = form().submit().await;
        after.is(200).sees("takes effect");
        // A colleague sees that it is decided, and cannot decide it too.
        bo.opens(&format!("/desk/review/{id}")).await.sees("A decision takes effect");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        assert_eq!(bo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.status, 409);
        after.form("Undo").submit().await.is(200).sees("Undone");
        takes_effect(&town).await;
        town.guest().open(&format!("/p/{post}")).await.sees("Cheap sunglasses.");
        assert_eq!(waiting(&mo).await, 1, "it waits where it stood");
        // The version moved on: the old form shows that.
        form().fill("reason", "Rule 6 still.").submit().await.is(422).sees("Somebody changed");
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        let again = page.form("Apply").choose("finding", "upheld").choose("content", "delete").choose("author", "none").fill("reason", "Rule 6.");
        let late = again.submit().await;
        takes_effect(&town).await;
        assert_ne!(town.guest().open(&format!("/p/{post}")).await.status, 200);
        late.form("Undo").submit().await.is(200).sees("taken effect already");
    }
}

story! {
    async fn an_appeal_is_answered_by_another_moderator(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "Boats", "My own sunglasses.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&mo).await;
        let hide = json!({ "finding": "upheld", "content": "hide", "author": "none", "reason": "Rule 6: no selling." });
        mo.api().await.post(&format!("/review-items/{id}/decision"), hide).await.is(200);
        let mine = nils.opens("/my/decisions").await;
        mine.sees("A post was hidden").sees("Rule 6: no selling.").sees("a moderator").hides("Moa");
        ruth.opens("/my/decisions").await.hides("Rule 6");
        let bare = mine.form("Send the appeal").submit().await;
        bare.is(422);
        bare.form("Send the appeal").fill("words", "I sell nothing, I lost them.").submit().await.is(200).sees("another moderator");
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        let again = json!({ "words": "Once more." });
        assert_eq!(nils.api().await.post(&format!("/decisions/{decision}/appeal"), again.clone()).await.status, 409, "once");
        assert_eq!(ruth.api().await.post(&format!("/decisions/{decision}/appeal"), again).await.status, 404, "not hers");
        // Whoever decided does not answer; appeals go before ordinary reports.
        let (_, other) = said(&nils, room, "Ropes", "Old ropes.").await;
        reported(&ruth, other, "off_topic").await;
        let queue = bo.api().await.get("/review-items").await.is(200);
        assert_eq!((queue.text("/items/0/queue"), queue.text("/items/1/queue")), ("appeal", "report"));
        let appeal = queue.number("/items/0/id");
        let verdict = json!({ "granted": true, "words": "You are right." });
        assert_eq!(mo.api().await.post(&format!("/review-items/{appeal}/appeal"), verdict).await.status, 403);
        mo.opens(&format!("/desk/review/{appeal}")).await.sees("another moderator answers");
        let page = bo.opens(&format!("/desk/review/{appeal}")).await;
        page.sees("I sell nothing, I lost them.");
        page.form("Grant it").fill("answer", "You are right.").submit().await.is(200);
        town.guest().open(&format!("/p/{post}")).await.sees("My own sunglasses.");
        nils.opens("/my/decisions").await.sees("Granted").sees("You are right.").sees("taken back");
    }
}

story! {
    async fn a_moderator_without_access_sees_counts_and_decides_nothing(town) {
        let (ruth, ines, ada) = (town.member("ruth").await, town.member("ines").await, town.admin("ada").await);
        let mo = town.moderator("moa").await;
        let circle = town.inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", "")).await;
        for who in [ruth.id, ines.id] {
            town.inside(move |tx| loggia::members::join_group(tx, &HOUSE, circle, who)).await;
        }
        let grant = Grant { who: Who::Group, group: Some(circle), see: true, reply: true, start: true, moderate: false };
        let room = category(&town, "Closed room", vec![grant]).await;
        let open = category(&town, "Open room", Vec::new()).await;
        let (closed, hidden) = said(&ruth, room, "Canarytitle", "Canaryword.").await;
        reported(&ines, hidden, "spam").await;
        let (thread, public) = said(&ruth, open, "Wanderingtitle", "Wanderingword.").await;
        reported(&ines, public, "spam").await;
        let queue = ada.api().await.get("/review-items").await.is(200);
        let secret = queue.number("/items/0/id");
        let moving = queue.number("/items/1/id");
        // By page, API, count, note, bulk and decision: it is not there.
        assert_eq!(waiting(&mo).await, 1);
        for path in ["/desk", "/desk/review", "/desk/log", "/moderation-log"] {
            mo.opens(path).await.hides("Canary");
        }
        // Feeds know no more than pages, signed in or not.
        for ending in ["rss", "atom", "json"] {
            for who in [&mo.browser, &town.guest()] {
                let latest = who.open(&format!("/latest.{ending}")).await;
                assert!(latest.status == 200 && !latest.html.contains("Canary") && latest.html.contains("Wandering"), "{}", latest.html);
                for path in [format!("/c/closed-room/{room}.{ending}"), format!("/t/canarytitle/{closed}.{ending}")] {
                    let feed = who.open(&path).await;
                    assert!(feed.status == 404 && !feed.html.contains("Canary"), "{path}: {}", feed.status);
                }
            }
        }
        let api = mo.api().await;
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        for (what, body) in [("assignment", json!({})), ("notes", json!({ "note": "x" })), ("undo", json!({}))] {
            assert_eq!(api.post(&format!("/review-items/{secret}/{what}"), body).await.status, 404, "{what}");
        }
        assert_eq!(api.get(&format!("/review-items/{secret}/notes")).await.status, 404);
        assert_eq!(mo.opens(&format!("/p/{hidden}/pictures")).await.status, 404);
        assert_eq!(api.get(&format!("/review-items/{secret}")).await.status, 404);
        assert_eq!(api.post(&format!("/review-items/{secret}/decision"), keep.clone()).await.status, 404);
        mo.opens(&format!("/desk/review/{secret}")).await.is(404);
        assert_eq!(api.post(&format!("/posts/{hidden}/acts/hide"), json!({})).await.status, 404);
        let page = mo.opens("/desk/review").await;
        let mut form = page.form("Delete them").fill("reason", "x");
        form.fields.push(("pick".into(), format!("{secret}.1")));
        form.submit().await;
        takes_effect(&town).await;
        ruth.opens(&format!("/p/{hidden}")).await.sees("Canaryword.");
        let left = town.inside(move |tx| moderation::waiting(tx, &HOUSE)).await;
        assert_eq!(left, 2, "nothing was decided");
        // What moves into the closed room leaves this moderator's queue with it.
        ada.api().await.post(&format!("/threads/{thread}/acts/move"), json!({ "category_id": room.0 })).await.is(200);
        assert_eq!(waiting(&mo).await, 0);
        assert_eq!(api.get(&format!("/review-items/{moving}")).await.status, 404);
        for path in ["/desk", "/desk/review", "/desk/log"] {
            mo.opens(path).await.hides("Wandering").hides("Canary");
        }
        for path in ["/latest.rss".to_owned(), format!("/t/wanderingtitle/{thread}.rss")] {
            assert!(!mo.opens(&path).await.html.contains("Wandering"), "{path}");
        }
    }
}

story! {
    async fn first_posts_and_watched_words_wait(town) {
        let (newt, mo) = (town.newcomer("newt").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        set(&town, DeskSettings { first_posts: 1, ..DeskSettings::default() }).await;
        let (thread, post) = said(&newt, room, "Hello there", "My first words.").await;
        let path = format!("/p/{post}");
        assert_ne!(town.guest().open(&path).await.status, 200);
        newt.opens(&path).await.sees("My first words.").sees("Waits for a moderator");
        let item = mo.api().await.get("/review-items?kind=held").await.is(200);
        assert_eq!(item.text("/items/0/held_for"), "first_post");
        let id = item.number("/items/0/id");
        let let_through = json!({ "finding": "declined", "content": "keep", "author": "none" });
        mo.api().await.post(&format!("/review-items/{id}/decision"), let_through).await.is(200);
        town.guest().open(&path).await.is(200).sees("My first words.");
        town.guest().open("/latest").await.sees("Hello there");
        // The second one is not held any more.
        replied(&newt, thread, "My second words.").await;
        town.guest().open(&path).await.sees("My second words.");
        // Words: one waits, one is not taken; staff are never held.
        let page = mo.opens("/desk/rules").await;
        page.form("Watch it").fill("pattern", "(").tick("is_regex", "1").choose("action", "hold").submit().await.is(422);
        page.form("Watch it").fill("pattern", "lucky casino").choose("action", "hold").submit().await.is(200).sees("lucky casino");
        mo.opens("/desk/rules").await.form("Watch it").fill("pattern", "v[i1]agra").tick("is_regex", "1").choose("action", "refuse").submit().await.is(200);
        mo.opens("/desk/rules").await.form("What matches?").fill("text", "A LUCKY  casino").submit().await.is(200).sees("waits for a moderator");
        let held = replied(&newt, thread, "Come to the Lucky Casino!").await;
        assert!(!town.guest().open(&format!("/p/{held}")).await.html.contains("Lucky Casino"));
        let refused = newt.api().await.post(&format!("/threads/{thread}/posts"), json!({ "body": "V1AGRA" })).await;
        assert_eq!(refused.status, 422);
        let by_staff = replied(&mo, thread, "Nobody here sells a lucky casino.").await;
        town.guest().open(&format!("/p/{by_staff}")).await.sees("Nobody here sells");
    }
}

story! {
    async fn three_established_reporters_hide_a_post_but_never_for_legal_reasons(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "Boats", "Fine words.").await;
        let (rude, unlawful) = (replied(&nils, thread, "Rude words.").await, replied(&nils, thread, "Doubtful words.").await);
        for name in ["ruth", "ines", "olga"] {
            let who = town.member(name).await;
            town.guest().open(&format!("/p/{rude}")).await.sees("Rude words.");
            reported(&who, rude, "unkind").await;
            reported(&who, unlawful, "illegal").await;
        }
        let guest = town.guest().open(&format!("/t/boats/{thread}")).await;
        guest.hides("Rude words.").sees("Doubtful words.");
        nils.opens(&format!("/p/{rude}")).await.sees("Rude words.").sees("Waits for a moderator");
        let queue = mo.api().await.get("/review-items").await.is(200);
        assert_eq!((queue.number("/items/0/priority"), queue.number("/items/1/priority")), (1, 2), "legal goes first");
        let id = queue.number("/items/1/id");
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        mo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        town.guest().open(&format!("/p/{rude}")).await.sees("Rude words.");
    }
}

story! {
    async fn threads_are_split_merged_and_put_back_from_the_log(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (one, first) = said(&nils, room, "Boats", "About boats.").await;
        let (two, three) = (replied(&ruth, one, "About ropes.").await, replied(&nils, one, "Ropes indeed.").await);
        let page = mo.opens(&format!("/threads/{one}/split")).await;
        page.form("Split this thread").fill("posts", "1").fill("title", "Ropes").submit().await.is(422);
        page.form("Split this thread").fill("posts", "2-3").fill("title", "Ropes").submit().await.is(200).sees("About ropes.").hides("About boats.");
        // Old permalinks lead on, and so do the new ones.
        let old = town.guest().open(&format!("/t/-/{one}/2")).await;
        old.is(200).sees("About ropes.");
        town.guest().open(&format!("/p/{first}")).await.sees("About boats.").hides("About ropes.");
        let new = mo.api().await.get(&format!("/posts/{two}")).await.is(200).number("/thread_id");
        assert_ne!(new, one);
        mo.opens("/desk/log").await.sees("Thread split");
        // Undone from the log: everything stands where it stood, under its old number.
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200).sees("Undone");
        let back = mo.api().await.get(&format!("/posts/{three}")).await.is(200);
        assert_eq!((back.number("/thread_id"), back.number("/number")), (one, 3));
        town.guest().open(&format!("/t/-/{new}")).await.is(200).sees("About boats.");
        // Merged: the address of the merged thread leads to where its posts stand now.
        let (other, lost) = said(&ruth, room, "Anchors", "About anchors.").await;
        mo.opens(&format!("/threads/{other}/merge")).await.form("Merge this thread").fill("into", &format!("/t/boats/{one}")).submit().await.is(200).sees("About anchors.");
        town.guest().open(&format!("/t/anchors/{other}")).await.is(200).sees("About boats.");
        town.guest().open(&format!("/t/-/{other}/1")).await.is(200).sees("About anchors.");
        assert_eq!(mo.api().await.get(&format!("/posts/{lost}")).await.number("/number"), 4);
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200);
        assert_eq!(mo.api().await.get(&format!("/posts/{lost}")).await.number("/thread_id"), other);
        ruth.opens(&format!("/threads/{one}/split")).await.is(403);
    }
}

story! {
    async fn threads_are_archived_unlisted_and_slowed(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "Boats", "About boats.").await;
        let (api, act) = (mo.api().await, |what: &str| format!("/threads/{thread}/acts/{what}"));
        api.post(&act("unlist"), json!({})).await.is(200);
        town.guest().open("/latest").await.hides("Boats");
        town.guest().open(&format!("/t/boats/{thread}")).await.is(200).sees("About boats.");
        api.post(&act("list"), json!({})).await.is(200);
        town.guest().open("/latest").await.sees("Boats");
        api.post(&act("archive"), json!({ "reason": "Done with." })).await.is(200);
        let reply = || json!({ "body": "One more." });
        let to = format!("/threads/{thread}/posts");
        assert_eq!(ruth.api().await.post(&to, reply()).await.status, 403);
        api.post(&act("unarchive"), json!({})).await.is(200);
        api.post(&act("slow"), json!({ "seconds": 600 })).await.is(200);
        let ruths = ruth.api().await;
        ruths.post(&to, reply()).await.is(201);
        assert_eq!(ruths.post(&to, reply()).await.status, 429);
        town.clock.advance(601 * SECOND);
        ruth.api().await.post(&to, reply()).await.is(201);
        assert_eq!(ruths.post(&act("lock"), json!({})).await.status, 403);
    }
}

story! {
    async fn people_are_noted_warned_and_held(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let page = mo.opens("/desk/members/nils").await;
        page.form("Add the note").fill("note", "Sold sunglasses before.").submit().await.is(200).sees("Sold sunglasses before.");
        nils.opens("/desk/members/nils").await.is(403);
        let warned = mo.opens("/desk/members/nils").await.form("Apply").choose("kind", "warning").fill("reason", "Rule 6.").submit().await;
        warned.is(200).sees("in force");
        nils.opens("/my/decisions").await.sees("A warning").sees("Rule 6.").hides("sunglasses");
        mo.opens("/desk/members/nils").await.form("Keep").choose("trust", "new").submit().await.is(200).sees("held there by moderators");
        assert_eq!(nils.actor(&town).await.person().map(|p| p.trust.as_str()), Some("new"));
        town.clock.advance(91 * 86_400 * SECOND);
        let id = nils.id;
        let held = town.inside(move |tx| {
            let now = tx.now();
            let all = moderation::sanctions_of(tx, &HOUSE, id, None, 5)?;
            Ok(all.iter().any(|one| one.in_force(now)))
        }).await;
        assert!(!held, "a warning is forgotten after ninety days");
    }
}

story! {
    async fn reasons_are_edited_and_profiles_and_threads_reported(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "Boats", "About boats.").await;
        mo.opens("/desk/rules").await.form("Add the reason").fill("title", "Gives away a nest").submit().await.is(200);
        let page = ruth.opens(&format!("/threads/{thread}/report")).await;
        page.sees("Gives away a nest");
        page.form("Send").choose("reason", "gives-away-a-nest").submit().await.is(200);
        ruth.opens(&format!("/members/{}/report", nils.id)).await.form("Send").choose("reason", "spam").submit().await.is(200);
        assert_eq!(waiting(&mo).await, 2);
        let queue = mo.api().await.get("/review-items").await;
        assert_eq!((queue.text("/items/0/kind"), queue.text("/items/1/kind")), ("thread", "member"));
        let id = queue.number("/items/0/id");
        mo.opens(&format!("/desk/review/{id}")).await.sees("Gives away a nest").sees("of them today");
        let hide = json!({ "finding": "upheld", "content": "hide", "author": "none", "reason": "No nests." });
        mo.api().await.post(&format!("/review-items/{id}/decision"), hide).await.is(200);
        assert_ne!(town.guest().open(&format!("/t/boats/{thread}")).await.status, 200);
        nils.opens("/my/decisions").await.sees("A thread was hidden").sees("No nests.");
    }
}

story! {
    async fn what_was_done_can_be_read_by_everybody_where_the_community_wants_it(town) {
        let (nils, mo, ada) = (town.member("nils").await, town.moderator("moa").await, town.admin("ada").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "Boats", "About boats.").await;
        mo.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Secretreason." })).await.is(200);
        town.guest().open("/moderation-log").await.is(404);
        ada.opens("/desk/rules").await.form("Hold back like this").tick("public_log", "1").submit().await.is(200);
        let page = town.guest().open("/moderation-log").await;
        page.is(200).sees("Post hidden").sees("a moderator").hides("Moa").hides("Secretreason").hides("Boats");
    }
}

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
pub struct Plan {
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub detail: String,
}

fn fill(tx: &mut Tx<'_>, from: i64, to: i64, author: MemberId, room: CategoryId) -> Result<()> {
    for n in from..to {
        diesel::sql_query(format!(
            "INSERT INTO review_items (kind, subject_kind, subject_id, subject_author_id, category_id, state, created_at, updated_at, since) \
             VALUES ('report', 'post', {}, {author}, {room}, 'open', {n}, {n}, {n})",
            1_000_000 + n
        ))
        .execute(tx.conn)?;
    }
    Ok(())
}

/// Rows of the queue that this transaction has read so far, as the database itself counts them.
pub fn rows_read(tx: &mut Tx<'_>) -> Result<i64> {
    let seen: Seen = diesel::sql_query(
        "SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS rows \
         FROM pg_stat_xact_user_tables WHERE relname = 'review_items'",
    )
    .get_result(tx.conn)?;
    Ok(seen.rows)
}

story! {
    async fn ten_thousand_open_items_cost_what_a_hundred_cost(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let is_postgres = matches!(town.node.app.config.database, loggia::db::DatabaseUrl::Postgres(_));
        let mut costs = Vec::new();
        let mut from = 0;
        for to in [100, 10_000] {
            let (author, begin) = (nils.id, from);
            town.inside(move |tx| fill(tx, begin, to, author, room)).await;
            from = to;
            if is_postgres {
                town.inside(|tx| { diesel::sql_query("ANALYZE review_items").execute(tx.conn)?; Ok(()) }).await;
            }
            let who = mo.id;
            let cost = town.inside(move |tx| {
                let actor = loggia::members::actor(tx, who)?;
                let before = if is_postgres { rows_read(tx)? } else { 0 };
                let (lines, queries) = asked(tx, |tx| {
                    let lines = moderation::queue(tx, &actor, Wanted::default(), None, 30)?;
                    moderation::waiting(tx, &actor)?;
                    Ok(lines)
                })?;
                assert_eq!((lines.items.len(), lines.next.is_some()), (30, true));
                let deep = moderation::queue(tx, &actor, Wanted::default(), lines.next.as_ref(), 30)?;
                assert_eq!(deep.items.len(), 30);
                let read = if is_postgres { rows_read(tx)? - before } else { 0 };
                Ok((queries, read))
            }).await;
            costs.push(cost);
        }
        assert_eq!(costs[0].0, costs[1].0, "as many queries");
        assert!(costs[1].1 <= costs[0].1 + 300, "rows read: {costs:?}");
        if !is_postgres {
            let plan: Vec<Plan> = town.inside(|tx| Ok(diesel::sql_query(
                "EXPLAIN QUERY PLAN SELECT id FROM review_items WHERE waits = 1 AND (category_id IS NULL OR category_id IN (1, 2)) \
                 ORDER BY priority, since, id LIMIT 31").load(tx.conn)?)).await;
            let said: String = plan.iter().map(|line| line.detail.as_str()).collect::<Vec<_>>().join("; ");
            assert!(said.contains("review_items_waiting") && !said.contains("TEMP B-TREE"), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_reports_what_may_break_the_law_once_the_address_is_confirmed() {
    let smtp = crate::support::smtp::FakeSmtp::start();
    let town = Town::with_mail(&smtp.url()).await;
    let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
    let room = category(&town, "Quay", Vec::new()).await;
    let (_, post) = said(&nils, room, "Boats", "A stolen passport.").await;
    let guest = town.guest();
    let page = guest.open(&format!("/p/{post}/report")).await;
    page.sees("Without an account").hides("Advertising");
    let form = page.form("Send").fill("message", "That is my passport.");
    let bad = form.fill("email", "nobody").submit().await;
    bad.is(422).sees("That is my passport.");
    let sent = bad
        .form("Send")
        .fill("email", "guest@example.com")
        .submit()
        .await;
    sent.is(200).sees("look into your mail");
    assert_eq!(
        waiting(&mo).await,
        0,
        "nothing happens before the link is used"
    );
    town.work().await;
    let letters: Vec<String> = smtp
        .heard()
        .into_iter()
        .filter(|l| l.to == ["<guest@example.com>"])
        .map(|l| l.body.join("\n").replace("=\n", "").replace("=3D", "="))
        .collect();
    let (_, rest) = letters[0].split_once("/report/confirm/").expect("a link");
    let token: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    let path = format!("/report/confirm/{token}");
    let asked = guest.open(&path).await;
    asked
        .sees("That is my passport.")
        .form("Send")
        .submit()
        .await
        .is(200);
    assert_eq!(guest.open(&path).await.status, 410, "the link works once");
    let queue = mo.api().await.get("/review-items").await.is(200);
    assert_eq!(
        queue.number("/items/0/priority"),
        1,
        "what may break the law goes first"
    );
    let id = queue.number("/items/0/id");
    mo.opens(&format!("/desk/review/{id}"))
        .await
        .sees("a guest, address confirmed")
        .hides("guest@example.com");
    let hide = json!({ "finding": "upheld", "content": "delete", "author": "none", "reason": "Not yours to show." });
    mo.api()
        .await
        .post(&format!("/review-items/{id}/decision"), hide)
        .await
        .is(200);
    town.work().await;
    let to_guest = smtp
        .heard()
        .into_iter()
        .filter(|l| l.to == ["<guest@example.com>"])
        .count();
    assert_eq!(to_guest, 2, "the guest hears the outcome");
}
