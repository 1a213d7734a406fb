//! Stories of being told: by name, by an answer, by watching; here, by mail, in a digest, and live.

use loggia::forum::{self, Grant, Who};
use loggia::kit::clock::{DAY, HOUR};
use loggia::kit::ids::{CategoryId, ThreadId};

use crate::story;
use crate::support::smtp::FakeSmtp;
use crate::town::talk::{HOUSE, category, reply_to as reply, started};
use crate::town::{Person, Town, client};

async fn thread(town: &Town, by: &Person, category: CategoryId, title: &str) -> ThreadId {
    started(town, by, category, (title, ""), "First words")
        .await
        .0
}

async fn follow(town: &Town, who: &Person, thread: ThreadId, level: forum::Level) {
    let actor = who.actor(town).await;
    town.inside(move |tx| forum::follow_thread(tx, &actor, thread, level))
        .await;
}

async fn closed(town: &Town) -> Vec<Grant> {
    // Nobody but admins: the group has no members.
    let group = town
        .inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", ""))
        .await;
    vec![Grant {
        who: Who::Group,
        group: Some(group),
        see: true,
        reply: true,
        start: true,
        moderate: false,
    }]
}

story! {
    async fn who_is_called_by_name_is_told_once_and_only_of_what_they_may_see(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let room = category(&town, "Back room", closed(&town).await).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let ada = town.admin("ada").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        let page = ruth.opens(&format!("/t/a-ring/{id}")).await;
        let body = "Did you see this, @Tomas? Not `@ada`, nobody@tomas.example nor @nobody.\n\n> said @ada before";
        let page = page.form("Send the reply").fill("body", body).submit().await;
        assert_eq!(page.attributes(".post-text a[href^='/u/']", "href"), ["/u/Tomas"], "only who is somebody is linked");
        town.work().await;
        let page = tomas.opens("/my/notices").await;
        page.sees("Ruth called your name in “A ring”.").sees("One is new");
        ada.opens("/my/notices").await.hides("A ring");

        // Edited, and told nobody twice; a new name is told.
        let page = ruth.opens("/p/2/edit").await;
        page.form("Save").fill("body", "Did you see this, @tomas and @ada?").submit().await.is(200);
        town.work().await;
        tomas.opens("/my/notices").await.sees("One is new");
        ada.opens("/my/notices").await.sees("Ruth called your name");

        // Opening the post reads its notice.
        tomas.opens(&format!("/t/a-ring/{id}")).await.is(200);
        tomas.opens("/my/notices").await.sees("Nothing new");

        // What is not theirs to see is not told.
        let inside = thread(&town, &ada, room, "Inside").await;
        reply(&town, &ada, inside, "Psst, @tomas", None).await;
        town.work().await;
        tomas.opens("/my/notices").await.hides("Inside");

        // And a hidden post is told of no more.
        let post = reply(&town, &ruth, id, "@tomas again", None).await;
        town.work().await;
        assert_eq!(tomas.opens("/my/notices").await.all(".notices > li").len(), 2);
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, post, None)).await;
        assert_eq!(tomas.opens("/my/notices").await.all(".notices > li").len(), 1);
    }
}

story! {
    async fn what_was_held_is_told_of_once_it_is_let_through(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("mo").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        follow(&town, &ruth, id, forum::Level::Watching).await;
        let post = reply(&town, &mo, id, "Ask @tomas about it.", None).await;
        // Nobody was told yet: it is taken from sight before the job comes to it.
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, post, Some(forum::HELD))).await;
        town.work().await;
        tomas.opens("/my/notices").await.hides("A ring");
        town.inside(move |tx| forum::unhide_post(tx, &HOUSE, post)).await;
        town.work().await;
        tomas.opens("/my/notices").await.sees("called your name in “A ring”").sees("One is new");
        ruth.opens("/my/notices").await.sees("A ring").sees("One is new");
        // Hidden and shown once more tells nobody twice.
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, post, None)).await;
        town.inside(move |tx| forum::unhide_post(tx, &HOUSE, post)).await;
        town.work().await;
        let api = tomas.api().await;
        assert_eq!(api.get("/notifications").await.is(200).json["items"].as_array().map(Vec::len), Some(1));
        // Nor does anybody hear of what is long past.
        let old = reply(&town, &mo, id, "And @nora.", None).await;
        let nora = town.member("nora").await;
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, old, Some(forum::HELD))).await;
        town.work().await;
        town.clock.advance(20 * DAY);
        town.inside(move |tx| forum::unhide_post(tx, &HOUSE, old)).await;
        town.work().await;
        nora.opens("/my/notices").await.hides("A ring");
    }
}

story! {
    async fn ten_thousand_names_tell_ten_and_cost_no_more(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let mut called = String::new();
        for n in 0..12 {
            let name = format!("member{n}");
            called.push_str(&format!("@{name} "));
            town.inside(move |tx| loggia::members::add(tx, &HOUSE, &loggia::members::Added::named(&name))).await;
        }
        for n in 0..6_000 {
            called.push_str(&format!("@x{n} "));
        }
        let id = thread(&town, &ruth, field, "A crowd").await;
        let page = ruth.opens(&format!("/t/a-crowd/{id}")).await;
        let page = page.form("Send the reply").fill("body", called.trim()).submit().await;
        page.is(200);
        assert_eq!(page.attributes(".post-text a[href^='/u/']", "href").len(), 12);
        let before = loggia::db::counted::statements(town.database());
        town.work().await;
        let asked = loggia::db::counted::statements(town.database()) - before;
        assert!(asked < 150, "{asked} statements");
        let mut told = 0;
        for n in 0..12 {
            let who = town.inside(move |tx| loggia::members::find_by_name(tx, &format!("member{n}"))).await.id;
            told += town.inside(move |tx| loggia::notifications::unread(tx, who)).await;
        }
        assert_eq!(told, 10);
    }
}

story! {
    async fn watching_tells_of_every_post_together_and_muting_of_none(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let mo = town.member("mo").await;
        let pia = town.member("pia").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        follow(&town, &tomas, id, forum::Level::Watching).await;
        follow(&town, &pia, id, forum::Level::Muted).await;
        let actor = mo.actor(&town).await;
        town.inside(move |tx| forum::follow_category(tx, &actor, field, forum::Level::Watching)).await;
        for n in 0..3 {
            reply(&town, &ruth, id, &format!("news {n}, @pia"), None).await;
        }
        town.work().await;
        let page = tomas.opens("/my/notices").await;
        page.sees("3 new posts in “A ring”.");
        assert_eq!(page.all(".notices > li").len(), 1, "told together");
        mo.opens("/my/notices").await.sees("3 new posts in “A ring”.");
        pia.opens("/my/notices").await.hides("A ring");
        // Going there leads to the first of them, and reads all.
        let page = page.form("Go there").submit().await;
        assert!(page.path.ends_with("#post-2"), "{}", page.path);
        tomas.opens("/my/notices").await.sees("Nothing new");

        let own = reply(&town, &tomas, id, "Mine", None).await;
        reply(&town, &ruth, id, "To you", Some(own)).await;
        town.work().await;
        let page = tomas.opens("/my/notices").await;
        page.sees("Ruth answered you in “A ring”.");
        assert!(!page.has("Ruth wrote in"), "told once of one post");
    }
}

/// Runs a story with a mail server on both databases.
macro_rules! mailed {
    (async fn $name:ident($town:ident, $smtp:ident) $body:block) => {
        mod $name {
            use super::*;

            async fn story($town: Town, $smtp: FakeSmtp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let smtp = FakeSmtp::start();
                story(Town::with_mail(&smtp.url()).await, smtp).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let smtp = FakeSmtp::start();
                if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
                    story(town, smtp).await;
                }
            }
        }
    };
}

/// The way out that a letter names in its header, as a path.
fn way_out(town: &Town, letter: &crate::support::smtp::Heard) -> String {
    let header = letter.header("list-unsubscribe").expect("a way out");
    let address = header.trim_matches(['<', '>']);
    address
        .strip_prefix(town.base_url())
        .expect("our own address")
        .to_owned()
}

mailed! {
    async fn letters_come_as_chosen_and_one_click_ends_them(town, smtp) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        reply(&town, &ruth, id, "Look, @tomas", None).await;
        town.work().await;
        let letter = smtp.heard().pop().expect("a letter");
        assert!(letter.header("subject").is_some_and(|s| s.contains("called your name")), "{:?}", letter.headers);
        assert_eq!(letter.header("list-unsubscribe-post"), Some("List-Unsubscribe=One-Click"));
        assert!(letter.header("list-id").is_some_and(|id| id.starts_with("<notice.")));
        let whole = letter.body.join("\n");
        assert!(!whole.contains("<img"), "nothing in a letter reports back");

        // One click, sent by a mail program: no cookie, no form.
        let out = way_out(&town, &letter);
        town.guest().open(&out).await.is(200).sees("Shall we stop");
        let click = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
        town.guest().post(&out, &click).await.is(200).sees("You will not get it any more");
        reply(&town, &ruth, id, "Look again, @tomas", None).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 1, "no more by mail");
        let page = tomas.opens("/my/notices").await;
        page.sees("called 2 times");
        let forged = format!("{}x", out.trim_end_matches('x'));
        assert_ne!(town.guest().post(&forged, &click).await.status, 200);

        // Chosen otherwise: by mail alone.
        let page = tomas.opens("/my/settings").await;
        let form = page.form("Save these choices");
        assert_eq!(form.value("mention"), Some("forum"));
        form.choose("mention", "mail").choose("watching", "none").submit().await.is(200).sees("Your choices have been saved");
        tomas.opens("/my/notices").await.form("Mark all as read").submit().await;
        let third = reply(&town, &ruth, id, "Third time, @tomas", None).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 2);
        tomas.opens("/my/notices").await.sees("Nothing new");
        // Nor do an edit and a post that comes back write to anybody twice.
        let page = ruth.opens(&format!("/p/{third}/edit")).await;
        page.form("Save").fill("body", "The third time, @tomas").submit().await.is(200);
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, third, None)).await;
        town.inside(move |tx| forum::unhide_post(tx, &HOUSE, third)).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 2, "one letter for one post");
        tomas.opens("/my/notices").await.sees("Nothing new");
        let page = tomas.opens("/my/settings").await;
        let mut fields = page.form("Save these choices").fields;
        for (name, value) in &mut fields {
            if name == "other" {
                *value = "none".to_owned();
            }
        }
        let page = tomas.browser.post("/my/settings/notices", &fields).await;
        assert_eq!(page.status, 422, "what concerns one's own words is always told here");
    }
}

mailed! {
    async fn a_digest_holds_what_its_reader_may_see(town, smtp) {
        let field = category(&town, "Field notes", vec![]).await;
        let room = category(&town, "Back room", closed(&town).await).await;
        let ruth = town.member("ruth").await;
        let ada = town.admin("ada").await;
        let tomas = town.member("tomas").await;
        let page = tomas.opens("/my/settings").await;
        page.form("Save these choices").choose("digest", "daily").submit().await.is(200);
        town.clock.advance(HOUR);
        thread(&town, &ruth, field, "Kingfisher").await;
        thread(&town, &ada, room, "Whispered").await;
        let hidden = thread(&town, &ruth, field, "Taken down").await;
        town.inside(move |tx| forum::hide_thread(tx, &HOUSE, hidden, None)).await;
        let followed = thread(&town, &ruth, field, "Ropes").await;
        tomas.opens(&format!("/t/ropes/{followed}")).await;
        follow(&town, &tomas, followed, forum::Level::Tracking).await;
        reply(&town, &ruth, followed, "More of it", None).await;
        town.inside(forum::send_digests).await;
        town.work().await;
        assert!(smtp.heard().is_empty(), "not before a day is over");
        town.clock.advance(DAY);
        town.inside(forum::send_digests).await;
        town.work().await;
        let letter = smtp.heard().pop().expect("a digest");
        let whole = letter.body.join("\n").replace("=\n", "");
        assert!(whole.contains("Kingfisher") && whole.contains("Ropes"), "{whole}");
        assert!(!whole.contains("Whispered") && !whole.contains("Taken down"), "{whole}");
        assert!(letter.header("list-id").is_some_and(|id| id.starts_with("<digest.")));
        town.clock.advance(DAY);
        tomas.opens(&format!("/t/ropes/{followed}")).await;
        tomas.opens("/new").await.form("Mark all as read").submit().await;
        town.inside(forum::send_digests).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 1, "nothing happened, nothing is sent");
        let click = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
        town.guest().post(&way_out(&town, &letter), &click).await.is(200);
        let page = tomas.opens("/my/settings").await;
        assert_eq!(page.form("Save these choices").value("digest"), Some("never"));
    }
}

mailed! {
    async fn a_dead_mailbox_gets_no_more_letters_until_its_owner_says_so(town, smtp) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        smtp.will_refuse("tomas@example.org", "550 5.1.1 no such user\r\n");
        reply(&town, &ruth, id, "Look, @tomas", None).await;
        town.work().await;
        smtp.will_take("tomas@example.org");
        reply(&town, &ruth, id, "Again, @tomas", None).await;
        town.work().await;
        assert!(smtp.heard().is_empty(), "it is not tried again");
        let page = tomas.opens("/my/settings").await;
        page.sees("Your mailbox refused our letters").sees("no such user");
        page.form("Send letters again").submit().await.is(200).hides("Your mailbox refused our letters");
        reply(&town, &ruth, id, "Third, @tomas", None).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 1);
    }
}

mailed! {
    async fn a_notice_that_came_back_stops_letters_and_its_owner_sees_it(town, smtp) {
        use loggia::notifications::{Returned, returned};
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        reply(&town, &ruth, id, "Look, @tomas", None).await;
        town.work().await;
        let letter = smtp.heard().pop().expect("a letter");
        let name = letter.header("message-id").expect("a name").to_owned();
        assert_eq!(letter.header("references").map(|all| all.starts_with(&format!("<thread-{id}@"))), Some(true));
        let report = |name: &str, action: &str, status: &str| {
            format!(
                "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
                 --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
                 Final-Recipient: rfc822; tomas@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
                 --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {name}\r\n\r\n--b--\r\n"
            )
            .into_bytes()
        };
        let back = async |bytes: Vec<u8>| town.inside(move |tx| returned(tx, &bytes)).await;
        assert_eq!(back(b"Subject: hello\r\n\r\nno report".to_vec()).await, Returned::NotOurs);
        let forged = name.replacen(&format!("notice.{}.", tomas.id), &format!("notice.{}.", ruth.id), 1);
        assert_eq!(back(report(&forged, "failed", "5.1.1")).await, Returned::NotOurs, "nobody condemns another's mailbox");
        assert_eq!(back(report(&name, "delayed", "4.4.1")).await, Returned::Nothing(tomas.id));
        assert_eq!(back(report(&name, "failed", "5.2.2")).await, Returned::Nothing(tomas.id), "a full mailbox is not a dead one");
        tomas.opens("/my/settings").await.hides("Your mailbox refused our letters");

        assert_eq!(back(report(&name, "failed", "5.1.1")).await, Returned::Dead(tomas.id));
        reply(&town, &ruth, id, "Again, @tomas", None).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 1, "no more letters");
        let page = tomas.opens("/my/settings").await;
        page.sees("Your mailbox refused our letters").sees("5.1.1");
        let api = tomas.api().await;
        let choices = api.get("/notifications/choices").await.is(200);
        assert_eq!(choices.text("/mail_stopped_reason"), "5.1.1");
        api.patch("/notifications/choices", serde_json::json!({ "mail_stopped": false })).await.is(200);
        reply(&town, &ruth, id, "Third, @tomas", None).await;
        town.work().await;
        assert_eq!(smtp.heard().len(), 2);
    }
}

story! {
    async fn programs_choose_how_they_are_told_and_mark_as_read(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        reply(&town, &ruth, id, "Look, @tomas", None).await;
        town.work().await;
        let api = tomas.api().await;
        let choices = api.get("/notifications/choices").await.is(200);
        assert_eq!((choices.text("/ways/mention"), choices.text("/digest")), ("both", "never"));
        let chosen = serde_json::json!({ "ways": { "mention": "mail" }, "digest": "weekly" });
        let choices = api.patch("/notifications/choices", chosen).await.is(200);
        assert_eq!((choices.text("/ways/mention"), choices.text("/ways/reply"), choices.text("/digest")), ("mail", "both", "weekly"));
        for wrong in [serde_json::json!({ "ways": { "other": "none" } }), serde_json::json!({ "ways": { "mention": "loudly" } }), serde_json::json!({ "digest": "hourly" })] {
            api.patch("/notifications/choices", wrong).await.is(422);
        }
        town.api(None).get("/notifications/choices").await.is(401);
        let notices = api.get("/notifications").await.is(200);
        let newest = notices.number("/items/0/id");
        ruth.api().await.post(&format!("/notifications/{newest}/read"), serde_json::json!({})).await.is(204);
        assert_eq!(api.get("/notifications").await.json["items"][0]["read"], false, "nobody reads another's notices");
        api.post("/notifications/read", serde_json::json!({ "newest": newest })).await.is(204);
        assert_eq!(api.get("/notifications").await.json["items"][0]["read"], true);
    }
}

/// The open line of a thread.
struct Line(reqwest::Response);

impl Line {
    async fn open(node: std::net::SocketAddr, town: &Town, who: &Person, path: &str) -> Self {
        let host = town.base_url().trim_start_matches("http://");
        let asked = client()
            .get(format!("http://{node}{path}"))
            .header("host", host)
            .header("cookie", who.browser.cookie_header());
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        Self(answer)
    }

    /// The next words; `None` where it ended, or where nothing comes for some seconds.
    async fn next(&mut self) -> Option<String> {
        let next = tokio::time::timeout(std::time::Duration::from_secs(4), self.0.chunk()).await;
        let bytes = next.ok()?.ok()??;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

story! {
    async fn new_replies_are_announced_live_on_every_node_to_those_who_may_see_them(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        let other = town.another_node();
        let path = format!("/t/a-ring/{id}/events?after=1");
        let mut line = Line::open(other.addr, &town, &tomas, &path).await;
        reply(&town, &ruth, id, "Here", None).await;
        let said = line.next().await.expect("news from the other node");
        assert!(said.contains("One new reply") && said.contains("#post-2"), "{said}");
        let post = reply(&town, &ruth, id, "Hidden at once", None).await;
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, post, None)).await;
        // The thread goes where this reader may not follow: the line ends without a word.
        let room = category(&town, "Back room", closed(&town).await).await;
        town.inside(move |tx| forum::move_thread(tx, &HOUSE, id, room, None)).await;
        reply(&town, &town.admin("ada").await, id, "Whispered", None).await;
        while let Some(said) = line.next().await {
            assert!(!said.contains("2 new"), "{said}");
        }
        let guest = town.guest().send("GET", &path, None, &[]).await;
        assert_eq!(guest.status, 204, "guests are not told");
    }
}
