//! Stories of what is held back and of what the desk learns: forms that say when they were opened, marks that become
//! holds, hints that forget, and reports by people without an account about threads and profiles.

use diesel::prelude::*;
use loggia::kit::Event;
use loggia::kit::clock::SECOND;
use loggia::kit::ids::{MemberId, PostId};
use loggia::moderation::DeskSettings;
use serde_json::json;

use crate::desk_lines::count;
use crate::desk_queue::{first_item, replied, reported, said, set, waiting};
use crate::story;
use crate::support::smtp::FakeSmtp;
use crate::town::talk::category;
use crate::town::{Person, Town};

async fn held(mo: &Person) -> Vec<String> {
    let queue = mo
        .api()
        .await
        .get("/review-items?kind=new_members")
        .await
        .is(200);
    let items = queue.json["items"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item["held_for"].as_str().map(str::to_owned))
        .collect()
}

story! {
    async fn nobody_claims_to_have_typed_for_longer(town) {
        let (newt, newa, mo) = (town.newcomer("newt").await, town.newcomer("newa").await, town.moderator("moa").await);
        let nils = town.member("nils").await;
        let quay = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, quay, "All about boats", "Boats.").await;
        set(&town, DeskSettings { fast_seconds: 10, ..DeskSettings::default() }).await;
        let path = format!("/t/all-about-boats/{thread}");
        let opened = newa.opens(&path).await.form("Send the reply").value("shown").map(str::to_owned).expect("what the form says");
        town.clock.advance(60 * SECOND);
        let long_ago = loggia::kit::clock::SECOND;
        let now = town.inside(move |tx| Ok(tx.now().0 / long_ago)).await;
        let forged = [
            ("none at all", String::new()),
            ("a bare number", (now - 600).to_string()),
            ("another hour under the same seal", opened.replacen(&(now - 60).to_string(), &(now - 600).to_string(), 1)),
            ("somebody else's", opened.clone()),
        ];
        for (n, (what, mark)) in forged.into_iter().enumerate() {
            let form = newt.opens(&path).await.form("Send the reply").fill("body", &format!("In a hurry, the {n}th time."));
            form.fill("shown", &mark).submit().await.is(200);
            assert_eq!(held(&mo).await.len(), n + 1, "{what} waits");
        }
        // A program types as fast as it likes; a person who took their time is read at once.
        replied(&newt, thread, "Said by a program.").await;
        assert_eq!(held(&mo).await, ["too_fast"; 5]);
        let form = newa.opens(&path).await.form("Send the reply").fill("body", "Slowly and with care.");
        town.clock.advance(11 * SECOND);
        form.submit().await.is(200);
        assert_eq!(held(&mo).await.len(), 5);
        town.guest().open(&path).await.sees("Slowly and with care.").hides("In a hurry").hides("Said by a program");
        // They stand under the new members, and the page finds them there.
        mo.opens("/desk/review?kind=new_members").await.sees("All about boats");
        mo.opens("/desk/review?kind=held_edits").await.hides("All about boats");
        assert_eq!(mo.api().await.get("/review-items?kind=held_edits").await.is(200).json["items"], json!([]));
    }
}

story! {
    async fn words_that_were_marked_and_then_held_say_so(town) {
        let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let api = mo.api().await;
        api.post("/watched-words", json!({ "pattern": "lantern", "action": "flag" })).await.is(201);
        api.post("/watched-words", json!({ "pattern": "casino", "action": "hold" })).await.is(201);
        let (thread, _) = said(&nils, quay, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "A lantern on a boat.").await;
        let why = async || mo.api().await.get("/review-items?kind=held").await.text("/items/0/held_for").to_owned();
        assert_eq!(why().await, "flagged");
        let revision = nils.api().await.get(&format!("/posts/{post}")).await.number("/revision");
        nils.api().await.patch(&format!("/posts/{post}"), json!({ "body": "A casino with a lantern.", "revision": revision })).await.is(200);
        assert_eq!(why().await, "watched");
        assert_eq!(town.guest().open(&format!("/p/{post}")).await.status, 404);
        // The other way round nothing is hidden from the desk.
        let revision = nils.api().await.get(&format!("/posts/{post}")).await.number("/revision");
        nils.api().await.patch(&format!("/posts/{post}"), json!({ "body": "Just a lantern again.", "revision": revision })).await.is(200);
        assert_eq!(why().await, "watched", "it is still held");
    }
}

/// What the desk has learnt: lessons, signs that stand for advertising, and texts of either sort.
async fn learnt(town: &Town) -> (i64, i64, i64, i64) {
    town.inside(|tx| {
        Ok((
            count(tx, "SELECT count(*) AS count FROM spam_lessons")?,
            count(tx, "SELECT count(*) AS count FROM spam_words WHERE spam > 0 AND word <> ''")?,
            count(tx, "SELECT CAST(coalesce(sum(spam), 0) AS BIGINT) AS count FROM spam_words WHERE word = ''")?,
            count(tx, "SELECT CAST(coalesce(sum(ham), 0) AS BIGINT) AS count FROM spam_words WHERE word = ''")?,
        ))
    }).await
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    word: String,
}

story! {
    async fn the_hint_learns_what_is_about_advertising_and_forgets(town) {
        let (nils, ruth, mo) = (town.member("nils").await, town.member("ruth").await, town.moderator("moa").await);
        let quay = category(&town, "Quay", Vec::new()).await;
        let (thread, _) = said(&nils, quay, "All about boats", "Boats.").await;
        let post = replied(&nils, thread, "Cheap zanzibarian sunglasses.").await;
        reported(&ruth, post, "spam").await;
        let decide = async |finding: &str, content: &str| {
            let id = first_item(&mo).await;
            let body = json!({ "finding": finding, "content": content, "author": "none", "reason": "Rule 6." });
            mo.api().await.post(&format!("/review-items/{id}/decision"), body).await.is(200);
        };
        decide("upheld", "hide").await;
        let (lessons, signs, spam, ham) = learnt(&town).await;
        assert_eq!((lessons, spam, ham), (1, 1, 0));
        assert!(signs >= 3, "{signs}");
        // No word that somebody wrote stands there.
        let words: Vec<Word> = town.inside(|tx| Ok(diesel::sql_query("SELECT word FROM spam_words").load(tx.conn)?)).await;
        assert!(words.iter().all(|one| !one.word.contains("zanz") && !one.word.contains("cheap")), "digests only");
        // Changed meanwhile and decided otherwise: the first lesson is gone to the last sign.
        mo.api().await.post(&format!("/posts/{post}/acts/unhide"), json!({ "reason": "It is a joke." })).await.is(200);
        let revision = nils.api().await.get(&format!("/posts/{post}")).await.number("/revision");
        nils.api().await.patch(&format!("/posts/{post}"), json!({ "body": "Quite other words about kites.", "revision": revision })).await.is(200);
        reported(&ruth, post, "spam").await;
        decide("declined", "keep").await;
        let (lessons, signs, spam, ham) = learnt(&town).await;
        assert_eq!((lessons, signs, spam, ham), (1, 0, 0, 1));
        // A quarrel teaches nothing, nor do held words that broke another rule than that of advertising.
        let rude = replied(&nils, thread, "You anchorless fool.").await;
        reported(&ruth, rude, "unkind").await;
        decide("upheld", "hide").await;
        assert_eq!(learnt(&town).await, (1, 0, 0, 1));
        // Whoever is gone has taught nothing.
        let who: MemberId = nils.id;
        town.inside(move |tx| tx.tell(&Event::MemberErased { member: who })).await;
        assert_eq!(learnt(&town).await, (0, 0, 0, 0));
        let left = town.inside(|tx| count(tx, "SELECT count(*) AS count FROM spam_words WHERE word <> ''")).await;
        assert_eq!(left, 0);
        let _ = PostId(post);
    }
}

async fn guests_report_all(town: Town, smtp: &FakeSmtp) {
    let (nils, mo) = (town.member("nils").await, town.moderator("moa").await);
    let room = category(&town, "Quay", Vec::new()).await;
    let (thread, _) = said(&nils, room, "A stolen passport", "Look at this.").await;
    let guest = town.guest();
    let pages = [
        format!("/t/a-stolen-passport/{thread}"),
        "/u/nils".to_owned(),
    ];
    let links = ["Report this thread", "Report this profile"];
    for (page, link) in pages.iter().zip(links) {
        let form = guest.open(page).await.follow(link).await;
        form.is(200).sees("Without an account").hides("Advertising");
        let filled = form
            .form("Send")
            .fill("message", "That is mine.")
            .fill("email", "guest@example.com");
        filled.submit().await.is(200).sees("look into your mail");
    }
    assert_eq!(waiting(&mo).await, 0, "nothing before the links are used");
    town.work().await;
    let links = crate::desk_rest::links(smtp, "guest@example.com");
    assert_eq!(links.len(), 2);
    for link in links {
        let asked = guest.open(&link).await;
        asked
            .sees("That is mine.")
            .form("Send")
            .submit()
            .await
            .is(200);
    }
    let queue = mo.api().await.get("/review-items").await.is(200);
    let kinds = [queue.text("/items/0/kind"), queue.text("/items/1/kind")];
    assert_eq!(kinds, ["thread", "member"]);
    assert_eq!(
        (
            queue.number("/items/0/priority"),
            queue.number("/items/1/priority")
        ),
        (1, 1)
    );
    // What is not for everybody cannot be reported by everybody.
    let grant = loggia::forum::Grant {
        who: loggia::forum::Who::Members,
        group: None,
        see: true,
        reply: true,
        start: true,
        moderate: false,
    };
    let inner = category(&town, "Inside", vec![grant]).await;
    let (secret, _) = said(&nils, inner, "Behind the door", "Secret words.").await;
    assert_eq!(
        guest
            .open(&format!("/threads/{secret}/report"))
            .await
            .status,
        404
    );
    guest.open("/members/999999/report").await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_report_threads_and_profiles_on_sqlite() {
    let smtp = FakeSmtp::start();
    guests_report_all(Town::with_mail(&smtp.url()).await, &smtp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_report_threads_and_profiles_on_postgres() {
    let smtp = FakeSmtp::start();
    if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
        guests_report_all(town, &smtp).await;
    }
}
