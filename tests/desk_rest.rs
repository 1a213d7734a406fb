//! Stories of the desk's last rows: a reason for everything that is taken away, places that a moderator does not see, what
//! guests, silenced and suspended people can do, and what is put back where it was.

use loggia::db::counted::statements;
use loggia::forum::{Grant, Who};
use loggia::kit::clock::{DAY, HOUR, SECOND};
use loggia::kit::ids::CategoryId;
use loggia::moderation;
use serde_json::json;

use crate::desk_queue::{first_item, replied, reported, said, takes_effect};
use crate::highlights::Scene;
use crate::story;
use crate::support::smtp::FakeSmtp;
use crate::town::talk::{HOUSE, category};
use crate::town::{Browser, PASSWORD, Page, Person, Town};
use crate::uploads::{id_of, line, png, sends};

/// A category for the members of a group alone; moderators are not among them.
async fn closed(town: &Town, members: &[&Person]) -> CategoryId {
    let circle = town
        .inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", ""))
        .await;
    for who in members {
        let id = who.id;
        town.inside(move |tx| loggia::members::join_group(tx, &HOUSE, circle, id))
            .await;
    }
    let grant = Grant {
        who: Who::Group,
        group: Some(circle),
        see: true,
        reply: true,
        start: true,
        moderate: false,
    };
    category(town, "Closed room", vec![grant]).await
}

/// Somebody tries to sign in with the password of the town's people.
pub async fn signs_in(town: &Town, name: &str, password: &str) -> (Browser, Page) {
    let browser = town.guest();
    let form = browser.open("/sign-in").await.form("Sign in");
    let page = form.fill("login", name).fill("password", password);
    let page = page.submit().await;
    (browser, page)
}

/// The fewest statements of some tries: now and then what is kept of the categories is looked up anew.
async fn least(town: &Town, ask: impl AsyncFn()) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = statements(town.database());
        ask().await;
        least = least.min(statements(town.database()) - before);
    }
    least
}

story! {
    async fn whoever_loses_words_reads_a_rule_or_a_reason(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, first) = said(&nils, room, "Boats", "About boats.").await;
        let post = replied(&nils, thread, "Sold boats.").await;
        // By page: a rule, or “None of them” and words.
        let page = mo.opens(&format!("/p/{post}/hide")).await;
        page.sees("how to appeal within 20 days");
        let bare = page.form("Hide this post").fill("reason", "Because.").submit().await;
        bare.is(422).sees("Please choose the rule it goes against").sees("Because.");
        let other = bare.form("Hide this post").choose("rule", "other").fill("reason", " ").submit().await;
        other.is(422).sees("Please name a rule, or say in words why");
        town.guest().open(&format!("/p/{post}")).await.sees("Sold boats.");
        other.form("Hide this post").choose("rule", "2").submit().await.is(200);
        nils.opens("/my/decisions").await.sees("A post was hidden").sees("§ 2 Disagree with the matter").sees("Send the appeal");
        nils.opens(&format!("/p/{post}")).await.sees("§ 2 Disagree with the matter");
        // The author of own words gives account to nobody.
        let own = replied(&mo, thread, "My own slip.").await;
        mo.opens(&format!("/p/{own}/hide")).await.form("Hide this post").submit().await.is(200);
        // By program.
        let (api, act) = (mo.api().await, |id: i64, act: &str| format!("/posts/{id}/acts/{act}"));
        assert_eq!(api.post(&act(first, "hide"), json!({})).await.status, 422);
        assert_eq!(api.post(&act(first, "delete"), json!({ "reason": "  " })).await.status, 422);
        assert_eq!(api.post(&act(first, "hide"), json!({ "rule": 99 })).await.status, 422);
        assert_eq!(api.post(&format!("/threads/{thread}/acts/hide"), json!({})).await.status, 422);
        assert_eq!(api.delete(&format!("/posts/{first}")).await.status, 422);
        api.delete(&format!("/posts/{first}?rule=2")).await.is(204);
        let mine = nils.api().await.get("/decisions").await.is(200);
        assert_eq!((mine.text("/items/0/what"), mine.number("/items/0/rule")), ("delete", 2));
        api.post(&act(first, "restore"), json!({})).await.is(200);
        // The profile as well.
        let bare = mo.opens("/desk/members/nils").await.form("Set the profile back").tick("bio", "1").submit().await;
        bare.is(422).sees("Please name a rule, or say in words why");
    }
}

story! {
    async fn undoing_what_was_undone_says_the_reason_again(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (_, post) = said(&nils, room, "Boats", "Sold boats.").await;
        let api = mo.api().await;
        api.post(&format!("/posts/{post}/acts/hide"), json!({ "rule": 2, "reason": "Nothing is sold here." })).await.is(200);
        api.post(&format!("/posts/{post}/acts/unhide"), json!({})).await.is(200);
        nils.opens("/my/decisions").await.sees("taken back");
        mo.opens("/desk/log?what=words").await.sees("Post brought back").form("Undo").submit().await.is(200).sees("Undone");
        let mine = nils.api().await.get("/decisions").await.is(200);
        assert_eq!((mine.number("/items/0/rule"), mine.text("/items/0/reason")), (2, "Nothing is sold here."));
        assert_eq!(mine.json["items"][0]["undone_at"], json!(null), "it can be appealed against");
        // Words that three reporters hid were never explained: whoever hides them again says why.
        let (_, loud) = said(&nils, room, "Ropes", "Loud words.").await;
        for name in ["ines", "olga"] {
            reported(&town.member(name).await, loud, "unkind").await;
        }
        reported(&ruth, loud, "unkind").await;
        let id = first_item(&mo).await;
        let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
        api.post(&format!("/review-items/{id}/decision"), keep).await.is(200);
        town.guest().open(&format!("/p/{loud}")).await.sees("Loud words.");
        let asked = mo.opens("/desk/log?what=words").await.form("Undo").submit().await;
        asked.is(200).sees("Nobody has said why before");
        town.guest().open(&format!("/p/{loud}")).await.sees("Loud words.");
        asked.form("Hide this post").choose("rule", "other").fill("reason", "Too loud.").submit().await.is(200);
        nils.opens("/my/decisions").await.sees("Too loud.");
    }
}

story! {
    async fn the_log_and_the_queue_ask_as_often_however_long_they_are(town) {
        let (nils, ruth, ines, mo) = (town.member("nils").await, town.member("ruth").await, town.member("ines").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, first) = said(&nils, room, "Boats", "About boats.").await;
        let api = mo.api().await;
        let mut costs = Vec::new();
        let mut posts = vec![first];
        let mut api_costs = Vec::new();
        for (many, who) in [(2_usize, &ruth), (40, &ines)] {
            while posts.len() < many {
                let words = format!("Words number {}.", posts.len());
                posts.push(replied(&nils, thread, &words).await);
            }
            for post in &posts {
                let (id, who) = (loggia::kit::ids::PostId(*post), who.actor(&town).await);
                town.inside(move |tx| moderation::report(tx, &who, id, "spam", "")).await;
            }
            let page = mo.opens("/desk/log").await;
            costs.push(least(&town, async || drop(mo.opens("/desk/log").await)).await);
            assert!(page.words().matches("Post reported").count() >= many, "{}", page.words());
            let queue = api.get("/review-items").await.is(200);
            api_costs.push(least(&town, async || drop(api.get("/review-items").await)).await);
            assert_eq!(queue.json["items"].as_array().map(Vec::len), Some(many.min(30)));
            assert_eq!(queue.text("/items/0/reports/0/reason"), "spam");
        }
        assert_eq!(costs[0], costs[1], "the log");
        assert_eq!(api_costs[0], api_costs[1], "the queue for programs");
    }
}

story! {
    async fn measures_and_pictures_of_closed_rooms_stay_there(town) {
        let (ruth, ines, mo) = (town.member("ruth").await, town.member("ines").await, town.moderator("moa").await);
        let ada = town.admin("ada").await;
        let room = closed(&town, &[&ruth, &ines]).await;
        let open = category(&town, "Quay", Vec::new()).await;
        let base = town.base_url().to_owned();
        let (picture, path) = line(&sends(&ruth, &base, &png(90, 60), "Canarypicture").await);
        let (thread, post) = said(&ruth, room, "Canarytitle", &format!("Canaryword.\n\n{picture}")).await;
        reported(&ines, post, "spam").await;
        let api = ada.api().await;
        let id = first_item(&ada).await;
        let silence = json!({ "finding": "upheld", "content": "keep", "author": "silence", "reason": "Canaryreason." });
        api.post(&format!("/review-items/{id}/decision"), silence).await.is(200);
        api.post(&format!("/uploads/{}/removal", id_of(&path).0), json!({ "reason": "Canarywhy." })).await.is(204);
        ada.opens("/desk/rules").await.form("Hold back like this").tick("public_log", "1").submit().await.is(200);
        // Nothing of it: not named, not counted, not lifted, not undone.
        ada.opens("/desk/members/ruth").await.sees("Canaryreason.").sees("in force");
        ada.opens("/desk/log").await.sees("Canaryreason.").sees("Picture removed").sees("Canarywhy.");
        let page = mo.opens("/desk/members/ruth").await;
        page.hides("Canary").sees("Nothing stands on record");
        mo.opens("/desk/members/ines").await.sees("0 reports so far");
        ada.opens("/desk/members/ines").await.sees("One report so far");
        for path in ["/desk", "/desk/log", "/desk/log?what=people", "/desk/log?what=words"] {
            mo.opens(path).await.hides("Canary").hides("Measure taken").hides("Picture removed");
        }
        let public = town.guest().open("/moderation-log").await;
        public.is(200).hides("Measure taken").hides("Picture removed");
        let who = ruth.id;
        let sanction = town.inside(move |tx| Ok(moderation::sanctions_of(tx, &HOUSE, who, None, 1)?[0].id.0)).await;
        let entries: Vec<String> = ada.opens("/desk/log").await.attributes("form[action$='/undo']", "action");
        for entry in &entries {
            let mut form = mo.opens("/desk/rules").await.form("What matches?");
            form.action.clone_from(entry);
            assert_eq!(form.submit().await.status, 404, "{entry}");
        }
        assert!(entries.len() >= 2, "{entries:?}");
        let actor = mo.actor(&town).await;
        let lifted = town.try_inside(move |tx| moderation::lift(tx, &actor, loggia::kit::ids::SanctionId(sanction), "")).await;
        assert!(lifted.is_err(), "it is not there");
        ada.opens("/desk/members/ruth").await.sees("in force");
        // With the thread it comes out of the room, an appeal against it as well.
        let decision = ruth.api().await.get("/decisions").await.is(200);
        let measure = decision.json["items"].as_array().and_then(|all| all.iter().find(|one| one["what"] == "silence")).and_then(|one| one["id"].as_i64()).expect("the silence");
        ruth.api().await.post(&format!("/decisions/{measure}/appeal"), json!({ "words": "Canaryappeal." })).await.is(201);
        let appeals = async || mo.api().await.get("/review-items?kind=appeal").await.is(200).json["items"].as_array().map(Vec::len);
        assert_eq!(appeals().await, Some(0));
        api.post(&format!("/threads/{thread}/acts/move"), json!({ "category_id": open.0 })).await.is(200);
        assert_eq!(appeals().await, Some(1));
        mo.opens("/desk/members/ruth").await.sees("Canaryreason.");
        mo.opens("/desk/log").await.sees("Measure taken").sees("Picture removed");
        town.guest().open("/moderation-log").await.sees("Measure taken").sees("Picture removed");
    }
}

/// The links of the letters that have come to a guest, in their order.
pub fn links(smtp: &FakeSmtp, to: &str) -> Vec<String> {
    links_to(smtp, to, "/report/confirm/")
}

/// The links to a place in the letters that have come to an address, in their order.
pub fn links_to(smtp: &FakeSmtp, to: &str, place: &str) -> Vec<String> {
    let to = format!("<{to}>");
    let letters = smtp.heard().into_iter().filter(|l| l.to == [to.as_str()]);
    letters
        .filter_map(|l| {
            let body = l.body.join("\n").replace("=\n", "").replace("=3D", "=");
            let (_, rest) = body.split_once(place)?;
            let token = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            Some(format!("{place}{}", token.collect::<String>()))
        })
        .collect()
}

async fn guests_are_limited(town: Town, smtp: &FakeSmtp) {
    let nils = town.member("nils").await;
    let room = category(&town, "Quay", Vec::new()).await;
    let (_, post) = said(&nils, room, "Boats", "A stolen passport.").await;
    let guest = town.guest();
    let asks = async |email: String| {
        let page = guest.open(&format!("/p/{post}/report")).await;
        let form = page.form("Send").fill("message", "That is my passport.");
        form.fill("email", &email).submit().await
    };
    // From one network ten in an hour, whatever the addresses; nothing typed is lost.
    for n in 0..10 {
        asks(format!("guest{n}@example.com")).await.is(200);
    }
    let late = asks("guest10@example.com".to_owned()).await;
    late.is(422)
        .sees("Too many reports came from you or your network")
        .sees("That is my passport.");
    // By one address ten in a day, each behind a letter of its own.
    let one = "often@example.com";
    for _ in 0..4 {
        town.clock.advance(HOUR + SECOND);
        for _ in 0..3 {
            asks(one.to_owned()).await.is(200);
        }
    }
    town.work().await;
    let found = links(smtp, one);
    assert_eq!(found.len(), 12, "three an hour");
    for link in &found[..10] {
        let sent = guest.open(link).await.form("Send").submit().await;
        sent.is(200).sees("the answer goes to your address");
    }
    let more = guest.open(&found[10]).await.form("Send").submit().await;
    more.is(422)
        .sees("Too many reports came from you or your network")
        .sees("That is my passport.");
    // Somebody else is not kept from it, and the link is good for its day.
    let other = links(smtp, "guest0@example.com");
    guest
        .open(&other[0])
        .await
        .form("Send")
        .submit()
        .await
        .is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_limited_by_address_and_network_on_sqlite() {
    let smtp = FakeSmtp::start();
    guests_are_limited(Town::with_mail(&smtp.url()).await, &smtp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_limited_by_address_and_network_on_postgres() {
    let smtp = FakeSmtp::start();
    if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
        guests_are_limited(town, &smtp).await;
    }
}

story! {
    async fn the_suspended_appeal_against_every_decision_on_one_page(town) {
        let (nils, ruth, mo, bo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await, town.moderator("bob").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&ruth, room, "Boats", "About boats.").await;
        let post = replied(&nils, thread, "My own sunglasses.").await;
        let hers = replied(&ruth, thread, "Her own sunglasses.").await;
        let api = mo.api().await;
        for one in [post, hers] {
            api.post(&format!("/posts/{one}/acts/hide"), json!({ "reason": "Rule 6." })).await.is(200);
        }
        let of_ruth = ruth.api().await.get("/decisions").await.number("/items/0/id");
        mo.opens("/desk/members/nils").await.form("Apply").choose("kind", "suspension").choose("span", "7d").fill("reason", "Rule 7.").submit().await.is(200);
        // The password alone opens the page, and no session.
        let (_, wrong) = signs_in(&town, "nils", "something else entirely").await;
        wrong.is(422).sees("do not belong together").hides("Rule 7.");
        let (browser, page) = signs_in(&town, "nils", PASSWORD).await;
        page.is(200).sees("Your account is suspended until").sees("Suspension").sees("Rule 7.").sees("A post was hidden").sees("Rule 6.").hides("Her own");
        assert!(!browser.open("/").await.has("Sign out"), "nobody is signed in");
        let letter = page.attributes("form[action^='/appeal/']", "action").remove(0);
        let fields = page.attributes("form[action^='/appeal/'] input[name=decision]", "value");
        assert_eq!(fields.len(), 2, "one form for each: {fields:?}");
        let of = |id: &str, words: &str| {
            let mut form = page.form("Send the appeal");
            form.fields.retain(|(name, _)| name != "decision");
            form.fields.push(("decision".into(), id.into()));
            form.fill("words", words)
        };
        assert_eq!(of(&of_ruth.to_string(), "Hers.").submit().await.status, 404, "only their own");
        of(&fields[1], " ").submit().await.is(422);
        of(&fields[1], "I sell nothing.").submit().await.is(200).sees("another moderator");
        of(&fields[1], "Once more.").submit().await.is(422).sees("You have appealed against this before");
        of(&fields[0], "I am sorry.").submit().await.is(200);
        let queue = bo.api().await.get("/review-items?kind=appeal").await.is(200);
        assert_eq!(queue.json["items"].as_array().map(Vec::len), Some(2));
        let verdict = json!({ "granted": true, "words": "You are right." });
        bo.api().await.post(&format!("/review-items/{}/appeal", queue.number("/items/0/id")), verdict).await.is(204);
        browser.open(&letter).await.sees("Granted").sees("You are right.");
        town.guest().open(&format!("/p/{post}")).await.sees("My own sunglasses.");
        // Once they can sign in again the letter opens its own decision alone.
        town.clock.advance(8 * DAY);
        browser.open(&letter).await.is(200).sees("Suspension").hides("A post was hidden").hides("Your account is suspended");
        assert_eq!(of(&fields[1], "Again.").submit().await.status, 404);
        assert_eq!(browser.open(&format!("{letter}x")).await.status, 410, "a proof of their own making");
        let (back, _) = signs_in(&town, "nils", PASSWORD).await;
        assert!(back.open("/").await.has("Sign out"));
    }
}

story! {
    async fn the_figures_know_decided_highlights(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        scene.town.clock.advance(HOUR);
        let who = scene.mo.actor(&scene.town).await;
        let figures = { let who = who.clone(); scene.town.inside(move |tx| moderation::figures(tx, &who)).await };
        assert_eq!(figures.median_minutes, None, "nothing was decided");
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let figures = scene.town.inside(move |tx| moderation::figures(tx, &who)).await;
        assert_eq!(figures.median_minutes, Some(60));
        assert_eq!(figures.by_day.iter().map(|day| day.1).sum::<i64>(), 1);
        // What its author took back before anybody looked was decided by nobody.
        let first = scene.town.inside(|tx| {
            let lost = loggia::kit::ids::HighlightId(900);
            moderation::highlight_waits(tx, lost)?;
            moderation::highlight_settled(tx, lost, moderation::Finding::Ignored)?;
            moderation::figures(tx, &HOUSE)
        }).await;
        assert_eq!(first.by_day.iter().map(|day| day.1).sum::<i64>(), 1);
    }
}

story! {
    async fn the_silenced_change_nothing_that_everybody_reads(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let profile = async |bio: &str, hue: &str| {
            let page = nils.opens("/my/settings").await;
            page.form("Save profile").fill("bio", bio).fill("hue", hue).submit().await
        };
        profile("I mend boats.", "40").await.is(200);
        mo.opens("/desk/members/nils").await.form("Apply").choose("kind", "silence").choose("span", "7d").fill("reason", "Rule 7.").submit().await.is(200);
        nils.opens("/my/settings").await.sees("While you are silenced, what everybody reads of you stays as it is");
        let refused = profile("Buy my boats!", "50").await;
        refused.is(422).sees("You are silenced: names, what you say of yourself").sees("Buy my boats!");
        town.guest().open("/u/nils").await.sees("I mend boats.").hides("Buy my boats");
        let page = nils.opens("/my/details").await;
        page.sees("While you are silenced");
        page.form("Save profile").fill("place", "Buy my boats").submit().await.is(422).sees("You are silenced");
        let page = nils.opens("/my/settings").await;
        page.form("Take this name").fill("name", "buymyboats").submit().await.is(422).sees("You are silenced");
        // The colour, and how one likes to read, stay their own.
        profile("I mend boats.", "50").await.is(200);
        let page = nils.opens("/my/settings").await;
        assert_eq!(page.form("Save profile").value("hue"), Some("50"));
        page.form("Save preferences").choose("theme", "dark").submit().await.is(200);
        town.clock.advance(8 * DAY);
        profile("I mend ropes.", "50").await.is(200);
        town.guest().open("/u/nils").await.sees("I mend ropes.");
    }
}

story! {
    async fn the_mark_of_the_answer_comes_home(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let room = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, room, "Boats", "Which knot?").await;
        let reply = replied(&ruth, thread, "A bowline.").await;
        let api = mo.api().await;
        api.post(&format!("/posts/{reply}/answer"), json!({})).await.is(204);
        let answer = async |thread: i64| town.guest().open(&format!("/t/-/{thread}")).await.is(200).attributes("article.solves", "id");
        assert_eq!(answer(thread).await, ["post-2"]);
        api.post(&format!("/threads/{thread}/acts/split"), json!({ "posts": [2], "title": "Knots" })).await.is(200);
        assert!(answer(thread).await.is_empty());
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200).sees("Undone");
        assert_eq!(answer(thread).await, ["post-2"], "after a split");
        let (other, _) = said(&nils, room, "Ropes", "About ropes.").await;
        api.post(&format!("/threads/{thread}/acts/merge"), json!({ "into": other })).await.is(200);
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200);
        assert_eq!(answer(thread).await, ["post-2"], "after a merge");
        assert!(answer(other).await.is_empty());
        // Another answer that was chosen meanwhile stays.
        let better = replied(&mo, thread, "Two bowlines.").await;
        api.post(&format!("/threads/{thread}/acts/split"), json!({ "posts": [2], "title": "Knots" })).await.is(200);
        api.post(&format!("/posts/{better}/answer"), json!({})).await.is(204);
        mo.opens("/desk/log?what=words").await.form("Undo").submit().await.is(200);
        assert_eq!(answer(thread).await, ["post-3"]);
    }
}

story! {
    async fn what_was_typed_stands_in_the_form_after_a_mistake(town) {
        let mo = town.moderator("moa").await;
        let numbers = |page: &Page| {
            let form = page.form("Hold back like this");
            (form.value("first_posts").map(str::to_owned), form.value("auto_hide").map(str::to_owned))
        };
        let page = mo.opens("/desk/rules").await;
        let again = page.form("Hold back like this").fill("first_posts", "900").fill("auto_hide", "7").tick("links", "1").submit().await;
        again.is(422).sees("Please give a number from 0 to 50");
        assert_eq!(numbers(&again), (Some("900".into()), Some("7".into())));
        assert!(again.form("Hold back like this").fields.iter().any(|(name, _)| name == "links"), "the tick too");
        assert_eq!(numbers(&mo.opens("/desk/rules").await), (Some("0".into()), Some("3".into())), "nothing was kept");
        again.form("Hold back like this").fill("first_posts", "9").submit().await.is(200);
        assert_eq!(numbers(&mo.opens("/desk/rules").await), (Some("9".into()), Some("7".into())));
        // A reason: the one that was changed opens with what was typed, and no other.
        mo.opens("/desk/rules").await.form("Add the reason").fill("title", "Gives away a nest").submit().await.is(200);
        let page = mo.opens("/desk/rules").await;
        let id = page.attributes("form input[name=id]", "value").into_iter().filter_map(|id| id.parse::<i64>().ok()).max().expect("the new one").to_string();
        let long = "w".repeat(81);
        let mut form = page.form("Keep");
        form.fields.retain(|(name, _)| !matches!(name.as_str(), "id" | "title" | "more" | "rule" | "legal" | "act"));
        form.fields.extend([("id", id.as_str()), ("title", long.as_str()), ("more", "Birds."), ("legal", "1"), ("act", "reason")].map(|(name, value)| (name.to_owned(), value.to_owned())));
        let again = form.submit().await;
        again.is(422);
        assert_eq!(again.attributes("details[open] input[name=title]", "value"), [long]);
        assert_eq!(again.attributes("details[open] input[name=more]", "value"), ["Birds."]);
        assert_eq!(again.attributes("details[open] input[name=legal][checked]", "value"), ["1"]);
        let summary = again.words_of("details[open] summary");
        assert!(summary.as_ref().is_some_and(|words| words.starts_with("Gives away a nest")), "{summary:?}");
    }
}

async fn late_letters(town: Town, smtp: &FakeSmtp) {
    let (nils, ruth, mo) = (
        town.member("nils").await,
        town.member("ruth").await,
        town.moderator("moa").await,
    );
    let room = category(&town, "Quay", Vec::new()).await;
    // As often as the round comes: once an hour.
    let letters_after = async |hours: i64| {
        for _ in 0..hours {
            town.clock.advance(HOUR);
            town.inside(moderation::remind_of_late).await;
        }
        town.work().await;
        let heard = smtp.heard().into_iter();
        heard
            .filter(|l| {
                l.header("Subject")
                    .is_some_and(|s| s.contains("waited too long"))
            })
            .count()
    };
    assert_eq!(letters_after(30).await, 0, "nothing waits");
    let (_, post) = said(&nils, room, "Boats", "Cheap boats.").await;
    reported(&ruth, post, "spam").await;
    assert_eq!(letters_after(23).await, 0, "not long enough");
    assert_eq!(letters_after(2).await, 1);
    assert_eq!(letters_after(20).await, 1, "not twice in a day");
    assert_eq!(letters_after(5).await, 2, "and once the next day");
    let id = first_item(&mo).await;
    let keep = json!({ "finding": "declined", "content": "keep", "author": "none" });
    let decide = format!("/review-items/{id}/decision");
    mo.api().await.post(&decide, keep).await.is(200);
    takes_effect(&town).await;
    assert_eq!(letters_after(50).await, 2, "nothing waits any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_letter_a_day_while_something_waits_on_sqlite() {
    let smtp = FakeSmtp::start();
    late_letters(Town::with_mail(&smtp.url()).await, &smtp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_letter_a_day_while_something_waits_on_postgres() {
    let smtp = FakeSmtp::start();
    if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
        late_letters(town, &smtp).await;
    }
}
