//! Stories of lines of the desk that no other story walks: two decisions at once, hands that pass work on, words that come
//! back, every act undone from the log, limits, whole crowds, and queues of ten thousand as each moderator sees them.

use diesel::prelude::*;
use loggia::db::Tx;
use loggia::forum::{Grant, Who};
use loggia::kit::clock::{DAY, SECOND};
use loggia::kit::ids::{CategoryId, MemberId};
use loggia::kit::{At, Result};
use loggia::members;
use loggia::moderation::{self, HeldBy, ItemState, Kind, Stand, Subject, Wanted, Why};
use loggia::policy::Role;
use serde_json::json;

use crate::desk_queue::{
    Plan, first_item, replied, reported, rows_read, said, takes_effect, waiting,
};
use crate::story;
use crate::support::queries::asked;
use crate::town::talk::{HOUSE, category};
use crate::town::{Person, Town};

/// A category where the members of a group moderate, and these are its members.
async fn kept_by(town: &Town, name: &str, keepers: &[&Person]) -> CategoryId {
    let called = format!("Keepers of {name}");
    let circle = town
        .inside(move |tx| members::create_group(tx, &HOUSE, &called, ""))
        .await;
    for keeper in keepers {
        let id = keeper.id;
        town.inside(move |tx| members::join_group(tx, &HOUSE, circle, id))
            .await;
    }
    let keepers = Grant {
        who: Who::Group,
        group: Some(circle),
        see: true,
        reply: true,
        start: true,
        moderate: true,
    };
    category(town, name, vec![keepers]).await
}

story! {
    async fn of_two_who_decide_at_once_one_does(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let (moas, bobs) = (mo.api().await, bo.api().await);
        let mut stale = 0;
        for n in 0..8 {
            let post = replied(&nils, thread, &format!("Cheap boats, number {n}.")).await;
            reported(&ruth, post, "spam").await;
            let id = first_item(&mo).await;
            let path = format!("/review-items/{id}/decision");
            let version = moas.get(&format!("/review-items/{id}")).await.number("/version");
            let hide = json!({ "finding": "upheld", "content": "hide", "author": "none", "reason": "Rule 6.", "version": version });
            let keep = json!({ "finding": "declined", "content": "keep", "author": "none", "version": version });
            let (one, other) = tokio::join!(moas.post(&path, hide), bobs.post(&path, keep));
            let mut both = [one.status, other.status];
            both.sort_unstable();
            assert_eq!(both, [200, 409], "one decides, one hears of it");
            stale += 1;
            let hidden = town.guest().open(&format!("/p/{post}")).await.status != 200;
            assert_eq!(hidden, one.status == 200, "what happened is what the one decided");
            let heard = ruth.api().await.get("/notifications").await.is(200);
            let about = heard.json["items"].as_array().map_or(0, |all| {
                all.iter().filter(|one| one["kind"].as_str().is_some_and(|kind| kind.starts_with("report-"))).count()
            });
            assert!(about >= 1, "and it is told: {}", heard.json);
        }
        assert_eq!(stale, 8);
        // By page, with the twelve seconds.
        let post = replied(&nils, thread, "Cheap ropes.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&mo).await;
        let form = async |who: &Person| {
            let page = who.opens(&format!("/desk/review/{id}")).await;
            page.form("Apply").choose("finding", "upheld").choose("content", "hide").choose("author", "none").fill("reason", "Rule 6.")
        };
        let (one, other) = (form(&mo).await, form(&bo).await);
        let (one, other) = tokio::join!(one.submit(), other.submit());
        let mut both = [one.status, other.status];
        both.sort_unstable();
        assert_eq!(both, [200, 422]);
        let late = if one.status == 422 { one } else { other };
        late.sees("Somebody changed");
    }
}

story! {
    async fn after_twenty_days_no_appeal_is_taken(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        for _ in 0..2 {
            let post = replied(&nils, thread, "Doubtful words.").await;
            mo.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule 6." })).await.is(200);
        }
        town.clock.advance(moderation::APPEAL_DAYS * DAY - SECOND);
        let told = nils.api().await.get("/decisions").await.is(200);
        let (one, other) = (told.number("/items/0/id"), told.number("/items/1/id"));
        let words = || json!({ "words": "I sell nothing." });
        nils.api().await.post(&format!("/decisions/{one}/appeal"), words()).await.is(201);
        let open = nils.opens("/my/decisions").await;
        let form = open.form("Send the appeal").fill("words", "Nor here.");
        town.clock.advance(2 * SECOND);
        assert_eq!(nils.api().await.post(&format!("/decisions/{other}/appeal"), words()).await.status, 409);
        form.submit().await.is(422).sees("The time to appeal is over").sees("Nor here.");
        let page = nils.opens("/my/decisions").await;
        assert!(!page.has_button("Send the appeal"), "the form is gone");
    }
}

story! {
    async fn work_is_handed_to_a_colleague_who_can_do_it(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = kept_by(&town, "Shed", &[&nils, &ruth, &mo]).await;
        let quay = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, quay, "All about boats", "Cheap boats.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&mo).await;
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        page.form("Ask a colleague").choose("to", &bo.id.to_string()).submit().await.is(200).sees("Your colleague has been told");
        bo.opens("/my/notices").await.sees("asks you to look");
        let mine = bo.opens("/desk/review?mine=1").await;
        mine.sees("All about boats");
        mo.opens("/desk/review?mine=1").await.hides("All about boats");
        mo.opens(&format!("/desk/review/{id}")).await.sees("Bob");
        // Not to somebody who may not see it, by page or program.
        let (_, secret) = said(&nils, room, "Behind the door", "Cheap ropes.").await;
        reported(&ruth, secret, "spam").await;
        let found = mo.api().await.get(&format!("/review-items?category={room}")).await.is(200);
        let (id, version) = (found.number("/items/0/id"), found.number("/items/0/version"));
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        let offered = page.attributes("select[name=to] option", "value");
        assert!(!offered.contains(&bo.id.to_string()), "{offered:?}");
        let refused = mo.id;
        let answer = town.try_inside(move |tx| {
            let actor = members::actor(tx, refused)?;
            moderation::hand_to(tx, &actor, loggia::kit::ids::ReviewItemId(id), version, bo.id)
        }).await;
        assert!(matches!(answer, Err(loggia::kit::Stop::Invalid(_))));
    }
}

story! {
    async fn an_appeal_is_called_what_it_is_against_and_handed_to_whoever_can_answer(town) {
        let (nils, mo, bo, cleo) = (town.member("nils").await, town.moderator("moa").await, town.moderator("bob").await, town.moderator("cleo").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "Cheap boats.").await;
        mo.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule 6." })).await.is(200);
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "I sell nothing." })).await.is(201);
        for page in ["/desk", "/desk/review", "/desk/review?kind=appeal"] {
            bo.opens(page).await.sees("All about boats").sees("An appeal · A post was hidden");
        }
        let appeal = first_item(&bo).await;
        let page = bo.opens(&format!("/desk/review/{appeal}")).await;
        let offered = page.attributes("select[name=to] option", "value");
        assert!(offered.contains(&cleo.id.to_string()) && !offered.contains(&mo.id.to_string()), "{offered:?}");
        // Whoever would be overruled hands nothing on and is handed nothing.
        assert!(mo.opens(&format!("/desk/review/{appeal}")).await.attributes("select[name=to]", "name").is_empty());
        let assignment = format!("/review-items/{appeal}/assignment");
        for (who, to, status) in [(&bo, "moa", 422), (&bo, "nils", 422), (&bo, "nobody-here", 422), (&mo, "cleo", 403), (&nils, "cleo", 403)] {
            let answer = who.api().await.post(&assignment, json!({ "to": to })).await;
            assert_eq!(answer.status, status, "{to}");
        }
        page.form("Ask a colleague").choose("to", &cleo.id.to_string()).submit().await.is(200).sees("Your colleague has been told");
        cleo.opens("/my/notices").await.sees("asks you to look");
        cleo.opens("/desk/review?mine=1").await.sees("An appeal · A post was hidden");
        // And back, by a program.
        cleo.api().await.post(&assignment, json!({ "to": "bob", "version": 1 })).await.is(409);
        cleo.api().await.post(&assignment, json!({ "to": "bob" })).await.is(204);
        bo.opens("/desk/review?mine=1").await.sees("All about boats");
        cleo.api().await.post(&format!("/review-items/{appeal}/appeal"), json!({ "granted": true, "words": "Right." })).await.is(204);
        town.guest().open(&format!("/p/{post}")).await.sees("Cheap boats.");
    }
}

story! {
    async fn an_appeal_against_a_measure_is_called_by_it(town) {
        let (nils, mo, bo) = (town.member("nils").await, town.moderator("moa").await, town.moderator("bob").await);
        mo.api().await.post("/members/nils/sanctions", json!({ "kind": "warning", "reason": "Rule 2." })).await.is(201);
        let decision = nils.api().await.get("/decisions").await.is(200).number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "It was not me." })).await.is(201);
        for page in ["/desk", "/desk/review"] {
            bo.opens(page).await.sees("A warning").sees("An appeal").hides("The words were erased");
        }
    }
}

story! {
    async fn returned_words_come_back_changed(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "The **third** arch, *where* the nest is.").await;
        reported(&ruth, post, "spam").await;
        let id = first_item(&mo).await;
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        let form = page.form("Apply").choose("finding", "upheld").choose("content", "return").choose("author", "none");
        form.fill("reason", "Please leave out where the nest is.").submit().await.is(200);
        takes_effect(&town).await;
        assert_eq!(town.guest().open(&format!("/p/{post}")).await.status, 404);
        // The feedback, and the words as they were typed.
        let mine = nils.opens("/my/decisions").await;
        mine.sees("Please leave out where the nest is.").sees("The **third** arch, *where* the nest is.").sees("Go there and change them");
        let revision = nils.api().await.get(&format!("/posts/{post}")).await.is(200).number("/revision");
        nils.api().await.patch(&format!("/posts/{post}"), json!({ "body": "An arch, and a nest.", "revision": revision })).await.is(200);
        // Changed, they wait for the desk again; let through, everybody reads them.
        assert_eq!(waiting(&mo).await, 1);
        let page = mo.opens(&format!("/desk/review/{id}")).await;
        page.sees("An arch, and a nest.").sees("Please leave out where the nest is.");
        page.form("Apply").choose("finding", "declined").choose("content", "keep").choose("author", "none").submit().await.is(200);
        takes_effect(&town).await;
        town.guest().open(&format!("/p/{post}")).await.sees("An arch, and a nest.").hides("third");
    }
}

story! {
    async fn every_act_on_a_thread_is_undone_from_the_log(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let (api, path) = (mo.api().await, format!("/threads/{thread}"));
        let marks = async || {
            let read = mo.api().await.get(&path).await.is(200);
            let is = |name: &str| read.json[name] == json!(true);
            (is("pinned"), is("locked"), is("archived"), is("unlisted"), read.json["slow_seconds"].as_i64().unwrap_or(0))
        };
        let before = marks().await;
        assert_eq!(before, (false, false, false, false, 0));
        let acts = [("pin", json!({})), ("lock", json!({ "reason": "Hot." })), ("archive", json!({ "reason": "Done." })), ("unlist", json!({})), ("slow", json!({ "seconds": 600 }))];
        for (act, body) in acts {
            api.post(&format!("{path}/acts/{act}"), body).await.is(200);
            assert_ne!(marks().await, before, "{act} did something");
            mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200).sees("Undone");
            assert_eq!(marks().await, before, "{act} is undone");
        }
    }
}

story! {
    async fn forty_reports_a_day_and_no_more(town) {
        let (nils, ruth) = (town.member("nils").await, town.member("ruth").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "All about boats", "Boats.").await;
        let mut posts = Vec::new();
        for n in 0..41 {
            posts.push(crate::town::talk::reply(&town, &nils, loggia::kit::ids::ThreadId(thread), &format!("Number {n}.")).await);
        }
        let (who, some) = (ruth.id, posts[..40].to_vec());
        town.inside(move |tx| {
            let actor = members::actor(tx, who)?;
            for post in some.clone() {
                moderation::report(tx, &actor, post, "spam", "")?;
            }
            Ok(())
        }).await;
        let last = posts[40];
        let more = ruth.api().await.post(&format!("/posts/{last}/reports"), json!({ "reason": "spam" })).await;
        assert_eq!(more.status, 429);
        let page = ruth.opens(&format!("/p/{last}/report")).await;
        let kept = page.form("Send").choose("reason", "other").fill("message", "Written with care.").submit().await;
        kept.is(422).sees("Too many reports").sees("Written with care.");
        town.clock.advance(DAY + SECOND);
        ruth.api().await.post(&format!("/posts/{last}/reports"), json!({ "reason": "spam" })).await.is(201);
    }
}

story! {
    async fn a_crowd_of_reporters_hears_to_the_last(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "All about boats", "Cheap boats.").await;
        let about = Subject::Post(loggia::kit::ids::PostId(post));
        const CROWD: i64 = 430;
        town.inside(move |tx| {
            for n in 0..CROWD {
                let mut added = members::Added::named(&format!("crowd{n}"));
                added.email = Some(format!("crowd{n}@example.org"));
                let id = members::add(tx, &HOUSE, &added)?;
                let actor = members::actor(tx, id)?;
                moderation::report_about(tx, &actor, about, &Why::from("off_topic"), "")?;
            }
            Ok(())
        }).await;
        let id = first_item(&mo).await;
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        mo.api().await.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        // Who comes while the crowd is told comes to a new matter.
        let ruth = town.member("ruth").await;
        town.clock.advance(SECOND);
        reported(&ruth, post, "off_topic").await;
        for _ in 0..4 {
            town.work().await;
        }
        let told = town.inside(|tx| count(tx, "SELECT count(*) AS count FROM notices WHERE kind = 'report-declined'")).await;
        assert_eq!(told, CROWD, "each once");
        let left = town.inside(|tx| count(tx, "SELECT count(*) AS count FROM reports WHERE state = 'pending'")).await;
        assert_eq!((left, waiting(&mo).await), (1, 1));
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

pub fn count(tx: &mut Tx<'_>, sql: &'static str) -> Result<i64> {
    Ok(diesel::sql_query(sql).get_result::<Counted>(tx.conn)?.count)
}

story! {
    async fn what_was_decided_in_one_go_carries_one_mark(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, one) = said(&nils, room, "All about boats", "Boats.").await;
        let mut posts = vec![one];
        for n in 0..3 {
            posts.push(replied(&nils, thread, &format!("Number {n}.")).await);
        }
        for post in &posts {
            reported(&ruth, *post, "spam").await;
        }
        let api = mo.api().await;
        let queue = api.get("/review-items").await.is(200);
        let pick = |n: usize| json!({ "id": queue.json["items"][n]["id"], "version": queue.json["items"][n]["version"] });
        let some = json!({ "items": [pick(0), pick(1), pick(2)], "finding": "declined", "content": "keep" });
        api.post("/review-items/decisions", some).await.is(200);
        takes_effect(&town).await;
        let alone = json!({ "finding": "declined", "content": "keep", "author": "none" });
        api.post(&format!("/review-items/{}/decision", queue.number("/items/3/id")), alone).await.is(200);
        let marks: Vec<Option<String>> = town.inside(|tx| {
            let wanted = loggia::audit::Wanted { kinds: vec!["review.decided".to_owned()], ..loggia::audit::Wanted::default() };
            let found = loggia::audit::list(tx, &wanted, 10)?;
            Ok(found.into_iter().map(|entry| {
                let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
                details["together"].as_str().map(str::to_owned)
            }).collect())
        }).await;
        assert_eq!(marks.len(), 4);
        assert_eq!(marks[0], None, "by itself");
        assert!(marks[1].is_some() && marks[1] == marks[2] && marks[2] == marks[3], "{marks:?}");
        let log = mo.opens("/desk/log?what=desk").await;
        assert_eq!(log.words().matches("One of several decided in one go.").count(), 3);
    }
}

story! {
    async fn an_appeal_that_nobody_can_answer_says_whom_to_ask(town) {
        let (nils, mo, ada) = (town.member("nils").await, town.moderator("moa").await, town.person("ada", &[Role::Admin], loggia::policy::Trust::Established).await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "All about boats", "Doubtful words.").await;
        mo.api().await.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Rule 6." })).await.is(200);
        let decision = nils.api().await.get("/decisions").await.number("/items/0/id");
        nils.api().await.post(&format!("/decisions/{decision}/appeal"), json!({ "words": "I sell nothing." })).await.is(201);
        let appeal = first_item(&mo).await;
        let page = mo.opens(&format!("/desk/review/{appeal}")).await;
        page.sees("another moderator answers").sees("Nobody is left who could answer").sees("Ada");
        // The daily letter leaves it out for whom it is against, and an admin hears of it.
        town.clock.advance(25 * 3_600 * SECOND);
        town.inside(moderation::remind_of_late).await;
        mo.opens("/my/notices").await.hides("for more than");
        ada.opens("/my/notices").await.sees("for more than");
        let bo = town.moderator("bob").await;
        mo.opens(&format!("/desk/review/{appeal}")).await.sees("These can answer").sees("Bob").hides("Nobody is left");
        town.clock.advance(25 * 3_600 * SECOND);
        town.inside(moderation::remind_of_late).await;
        bo.opens("/my/notices").await.sees("for more than");
        mo.opens("/my/notices").await.hides("for more than");
    }
}

story! {
    async fn one_reason_of_law_stays(town) {
        let mo = town.moderator("moa").await;
        let api = mo.api().await;
        let all = api.get("/report-reasons").await.is(200);
        let items = all.json["items"].as_array().or(all.json.as_array()).cloned().unwrap_or_default();
        let illegal = items.iter().find(|one| one["word"] == "illegal").and_then(|one| one["id"].as_i64()).expect("the reason");
        let retired = json!({ "title": "", "legal": true, "retired": true });
        let refused = api.patch(&format!("/report-reasons/{illegal}"), retired.clone()).await;
        assert_eq!(refused.status, 422, "{}", refused.json);
        let harmless = json!({ "title": "", "legal": false });
        assert_eq!(api.patch(&format!("/report-reasons/{illegal}"), harmless).await.status, 422);
        // With another in its place it can go.
        api.post("/report-reasons", json!({ "title": "Against the law of the harbour", "legal": true })).await.is(201);
        let gone = api.patch(&format!("/report-reasons/{illegal}"), retired).await;
        assert!(gone.status < 300, "{}", gone.json);
    }
}

/// So many entries more in one busy place, one in a hundred in a quiet one, and some of each kind, state and hand.
fn fill(
    tx: &mut Tx<'_>,
    count: i64,
    author: MemberId,
    (busy, quiet): (CategoryId, CategoryId),
) -> Result<()> {
    let rows: Vec<String> = (0..count)
        .map(|n| {
            let place = if n % 100 == 50 { quiet } else { busy };
            let (kind, held) = match n % 50 {
                7 => ("held", "'edited'"),
                8 => ("held", "'first_post'"),
                _ => ("report", "NULL"),
            };
            let (state, who) = if n % 100 == 3 {
                ("in_progress", author.0.to_string())
            } else {
                ("open", "NULL".to_owned())
            };
            let subject = 1_000_000 + count * 10 + n;
            format!(
                "('{kind}', 'post', {subject}, {place}, '{state}', {who}, {held}, {n}, {n}, {n})"
            )
        })
        .collect();
    for some in rows.chunks(500) {
        diesel::sql_query(format!(
            "INSERT INTO review_items (kind, subject_kind, subject_id, category_id, state, assignee_id, held_for, created_at, updated_at, since) VALUES {}",
            some.join(",")
        ))
        .execute(tx.conn)?;
    }
    Ok(())
}

story! {
    async fn ten_thousand_cost_each_moderator_what_a_hundred_cost(town) {
        let (nils, mo, keeper) = (town.member("nils").await, town.moderator("moa").await, town.moderator("kees").await);
        // The keeper sees the quiet place and no place of others; moa sees the busy one and others.
        let busy = kept_by(&town, "Busy", &[&mo, &nils]).await;
        let quiet = kept_by(&town, "Quiet", &[&keeper, &nils]).await;
        let is_postgres = matches!(town.node.app.config.database, loggia::db::DatabaseUrl::Postgres(_));
        let waiting = Wanted::default();
        let asked_for = [
            waiting,
            Wanted { kind: Some(Kind::Held), ..waiting },
            Wanted { held: Some(HeldBy::Edits), ..waiting },
            Wanted { held: Some(HeldBy::NewMembers), ..waiting },
            Wanted { assignee: Some(nils.id), ..waiting },
            Wanted { category: Some(quiet), ..waiting },
            Wanted { category: Some(busy), kind: Some(Kind::Held), ..waiting },
            Wanted { stand: Stand::In(ItemState::InProgress), ..waiting },
            Wanted { kind: Some(Kind::Appeal), ..waiting },
        ];
        let mut costs: Vec<Vec<(usize, i64)>> = Vec::new();
        for count in [100, 9_900] {
            let author = nils.id;
            town.inside(move |tx| fill(tx, count, author, (busy, quiet))).await;
            if is_postgres {
                town.inside(|tx| { diesel::sql_query("ANALYZE review_items").execute(tx.conn)?; Ok(()) }).await;
            }
            let mut round = Vec::new();
            for who in [mo.id, keeper.id] {
                for wanted in asked_for {
                    round.push(town.inside(move |tx| {
                        let actor = members::actor(tx, who)?;
                        let before = if is_postgres { rows_read(tx)? } else { 0 };
                        let (_, queries) = asked(tx, |tx| moderation::queue(tx, &actor, wanted, None, 30))?;
                        let read = if is_postgres { rows_read(tx)? - before } else { 0 };
                        Ok((queries, read))
                    }).await);
                }
                round.push(town.inside(move |tx| {
                    let actor = members::actor(tx, who)?;
                    let before = if is_postgres { rows_read(tx)? } else { 0 };
                    let (_, queries) = asked(tx, |tx| moderation::waiting(tx, &actor))?;
                    let read = if is_postgres { rows_read(tx)? - before } else { 0 };
                    Ok((queries, read))
                }).await);
            }
            costs.push(round);
        }
        for (n, (few, many)) in costs[0].iter().zip(&costs[1]).enumerate() {
            assert_eq!(few.0, many.0, "as many queries, question {n}");
            assert!(many.1 <= few.1 + 1_000, "rows read, question {n}: {few:?} and then {many:?}");
        }
        let seen = town.inside(move |tx| {
            let actor = members::actor(tx, keeper.id)?;
            let found = moderation::queue(tx, &actor, Wanted::default(), None, 200)?;
            Ok((found.items.len(), found.items.iter().all(|item| item.category == Some(quiet)), moderation::waiting(tx, &actor)?))
        }).await;
        assert_eq!(seen, (100, true, 100), "what is theirs, and nothing else");
        if !is_postgres {
            for filter in [
                "waits = 1 AND category_id = 1",
                "waits = 1 AND category_id IS NULL",
                "waits = 1 AND category_id = 1 AND kind = 'held'",
                "waits = 1 AND (category_id IS NULL OR category_id IN (1, 2)) AND held_for = 'edited'",
                "waits = 1 AND (category_id IS NULL OR category_id IN (1, 2)) AND state = 'in_progress'",
            ] {
                let sql = format!("EXPLAIN QUERY PLAN SELECT id FROM review_items WHERE {filter} ORDER BY priority, since, id LIMIT 31");
                let plan: Vec<Plan> = town.inside(move |tx| Ok(diesel::sql_query(sql.clone()).load(tx.conn)?)).await;
                let said: String = plan.iter().map(|line| line.detail.as_str()).collect::<Vec<_>>().join("; ");
                assert!(said.contains("INDEX review_items_") && !said.contains("TEMP B-TREE"), "{filter}: {said}");
            }
        }
    }
}

story! {
    async fn parts_of_the_queue_are_merged_in_its_order(town) {
        let (nils, mo, keeper) = (town.member("nils").await, town.moderator("moa").await, town.moderator("kees").await);
        let (one, two) = (kept_by(&town, "One", &[&keeper]).await, kept_by(&town, "Two", &[&keeper]).await);
        kept_by(&town, "Three", &[&mo, &nils]).await;
        town.inside(move |tx| {
            for n in 0..60_i64 {
                let place = match n % 3 { 0 => one.to_string(), 1 => two.to_string(), _ => "NULL".to_owned() };
                let (held, kind) = if n % 2 == 0 { ("'link'", "held") } else { ("'media'", "held") };
                let (since, priority) = ((n * 7) % 60, 1 + (n % 3));
                diesel::sql_query(format!(
                    "INSERT INTO review_items (kind, subject_kind, subject_id, category_id, state, held_for, created_at, updated_at, since, priority) \
                     VALUES ('{kind}', 'member', {}, {place}, 'open', {held}, 1, {since}, {since}, {priority})", 5_000 + n
                )).execute(tx.conn)?;
            }
            Ok(())
        }).await;
        for wanted in [Wanted::default(), Wanted { held: Some(HeldBy::NewMembers), ..Wanted::default() }] {
            let walked: Vec<(i64, At, i64)> = town.inside(move |tx| {
                let actor = members::actor(tx, keeper.id)?;
                let (mut all, mut after) = (Vec::new(), None);
                loop {
                    let page = moderation::queue(tx, &actor, wanted, after.as_ref(), 7)?;
                    all.extend(page.items.iter().map(|item| (item.priority, item.since, item.id.0)));
                    after = page.next;
                    if after.is_none() {
                        return Ok(all);
                    }
                }
            }).await;
            let mut right = walked.clone();
            right.sort_unstable();
            assert_eq!((walked.len(), &walked), (60, &right), "each once, in order");
        }
    }
}
