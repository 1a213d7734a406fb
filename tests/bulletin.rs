//! Stories of the bulletin: asked for twice, left with one click, each letter at most once, and what a mail server says.

use std::sync::Mutex;

use diesel::prelude::*;
use loggia::bridge::{
    self, Bounced, LetterState, LettersWanted, Message, NewChannel, Operation, Plan, Resolution,
    State,
};
use loggia::db::schema::{bulletin_keys, bulletin_letters, bulletin_subscribers, deliveries};
use loggia::guidelines;
use loggia::kit::clock::{DAY, HOUR, SECOND};
use loggia::kit::event::{Event, Origin};
use loggia::kit::ids::{ChannelId, DeliveryId, LetterId};
use loggia::kit::stop::Document;
use loggia::policy::Actor;
use serde_json::json;

use crate::highlights::{Scene, WORDS};
use crate::story;
use crate::support::endpoint::Endpoint;
use crate::support::smtp::{FakeSmtp, Heard};
use crate::town::Town;

const HOUSE: Actor = Actor::System("test");

/// Declares a story of a town with a mail server and runs it on both databases.
macro_rules! letters_story {
    (async fn $name:ident($post:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a story may need nothing of its file")]
            use super::*;

            async fn story($post: Stand) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let smtp = FakeSmtp::start();
                story(Stand::new(Town::with_mail(&smtp.url()).await, smtp).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let smtp = FakeSmtp::start();
                if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
                    story(Stand::new(town, smtp).await).await;
                }
            }
        }
    };
}

/// A town with a bulletin and a mail server.
struct Stand {
    town: Town,
    smtp: FakeSmtp,
    bulletin: ChannelId,
    next: Mutex<i64>,
}

fn origin(id: i64) -> Origin {
    Origin {
        kind: "tale".to_owned(),
        id,
    }
}

/// A link of a letter, as a path of the town.
fn link_in(letter: &Heard, part: &str) -> String {
    let body = letter
        .body
        .join("\n")
        .replace("=\n", "")
        .replace("=3D", "=");
    let at = body
        .find(part)
        .unwrap_or_else(|| panic!("no {part} in {body}"));
    let end = body[at..]
        .find(|c: char| c.is_whitespace() || c == '"' || c == '<')
        .map_or(body.len(), |end| at + end);
    body[at..end].to_owned()
}

impl Stand {
    async fn new(town: Town, smtp: FakeSmtp) -> Self {
        let bulletin = town
            .inside(|tx| {
                let wanted = NewChannel {
                    kind: "bulletin".to_owned(),
                    name: "What we talk about".to_owned(),
                    config: json!({ "bounces": "back@example.org" }),
                    secret: None,
                };
                Ok(bridge::create_channel(tx, &HOUSE, &wanted)?.channel.id)
            })
            .await;
        Self {
            town,
            smtp,
            bulletin,
            next: Mutex::new(1),
        }
    }

    /// Letters to this address, oldest first.
    fn to(&self, address: &str) -> Vec<Heard> {
        let wanted = format!("<{address}>");
        let all = self.smtp.heard();
        all.into_iter()
            .filter(|heard| heard.to.contains(&wanted))
            .collect()
    }

    async fn ask(&self, address: &str) -> crate::town::Page {
        let page = self.town.guest().open("/bulletin").await;
        let page = page
            .form("Send me the confirmation")
            .fill("email", address)
            .submit()
            .await;
        self.town.work().await;
        page
    }

    /// Asks, and confirms with the link of the letter.
    async fn joins(&self, address: &str) {
        self.ask(address).await.is(200);
        let letter = self.to(address).pop().expect("a letter to confirm");
        let page = self
            .town
            .guest()
            .open(&link_in(&letter, "/bulletin/confirm/"))
            .await;
        page.form("Yes, send it to me")
            .submit()
            .await
            .is(200)
            .sees("You get the bulletin");
    }

    async fn plan(&self, id: i64, operation: Operation, words: &str) {
        let (bulletin, words) = (self.bulletin, words.to_owned());
        self.town
            .inside(move |tx| {
                let known: Option<String> = deliveries::table
                    .filter(deliveries::origin_kind.eq("tale"))
                    .filter(deliveries::origin_id.eq(id))
                    .select(deliveries::code)
                    .first(tx.conn)
                    .optional()?;
                let code = match known {
                    Some(code) => code,
                    None => bridge::new_code(tx, &origin(id), Some(bulletin), "/t/a-heron/7/3")?,
                };
                let message = Message {
                    title: "Kingfishers at the weir".to_owned(),
                    text: words.clone(),
                    link: tx.link(&format!("/h/{code}")),
                    lang: "en".to_owned(),
                    quotes: vec![bridge::Quote {
                        text: "Three pairs this spring".to_owned(),
                        attribution: "Ada".to_owned(),
                    }],
                    source_path: "/t/a-heron/7/3".to_owned(),
                    code,
                    site_name: "The Commons".to_owned(),
                    tags: Vec::new(),
                    picture: None,
                };
                let revision = if operation == Operation::Announce {
                    1
                } else {
                    2
                };
                bridge::plan(
                    tx,
                    &Plan {
                        origin: origin(id),
                        channel: bulletin,
                        operation,
                        revision,
                        message: &message,
                        planned_at: tx.now(),
                    },
                )
            })
            .await;
        self.carry().await;
    }

    /// Announces and lets the bridge write the letters; none is sent yet.
    async fn announce(&self, words: &str) -> i64 {
        let id = {
            let mut next = self.next.lock().expect("not poisoned");
            *next += 1;
            *next
        };
        self.plan(id, Operation::Announce, words).await;
        id
    }

    async fn carry(&self) {
        self.town
            .node
            .app
            .bridge
            .serve_due()
            .await
            .expect("the bridge carries");
    }

    /// Carries the letters that are due.
    async fn send(&self) -> usize {
        self.town
            .node
            .app
            .post
            .serve_due()
            .await
            .expect("the post office works")
    }

    async fn states(&self, id: i64) -> Vec<LetterState> {
        self.town
            .inside(move |tx| {
                Ok(bulletin_letters::table
                    .filter(bulletin_letters::origin_id.eq(id))
                    .order(bulletin_letters::id)
                    .select(bulletin_letters::state)
                    .load(tx.conn)?)
            })
            .await
    }

    async fn delivery(&self, id: i64, operation: Operation) -> (DeliveryId, State) {
        self.town
            .inside(move |tx| {
                Ok(deliveries::table
                    .filter(deliveries::origin_kind.eq("tale"))
                    .filter(deliveries::origin_id.eq(id))
                    .filter(deliveries::operation.eq(operation))
                    .select((deliveries::id, deliveries::state))
                    .first(tx.conn)?)
            })
            .await
    }

    /// State and address of every subscriber, in the order in which they came.
    async fn people(&self) -> Vec<(String, Option<String>)> {
        self.town
            .inside(|tx| {
                Ok(bulletin_subscribers::table
                    .order(bulletin_subscribers::id)
                    .select((bulletin_subscribers::state, bulletin_subscribers::address))
                    .load(tx.conn)?)
            })
            .await
    }

    async fn pace(&self, per_minute: i64) {
        let bulletin = self.bulletin;
        self.town
            .inside(move |tx| {
                let line = bridge::channel(tx, bulletin)?;
                let changes = bridge::Changes {
                    revision: line.revision,
                    name: line.name,
                    config: Some(json!({ "per_minute": per_minute.to_string() })),
                    min_gap_seconds: 0,
                    daily_cap: 0,
                    max_lateness_seconds: line.max_lateness_seconds,
                };
                bridge::change_channel(tx, &HOUSE, bulletin, &changes).map(drop)
            })
            .await;
    }
}

letters_story! {
    async fn it_is_asked_for_twice(post) {
        let guest = post.town.guest();
        let page = guest.open("/bulletin").await;
        page.is(200).sees("What we talk about");
        let page = page.form("Send me the confirmation").fill("email", "ruth at example").submit().await;
        page.is(422).sees("not one e-mail address");
        assert_eq!(page.form("Send me the confirmation").value("email"), Some("ruth at example"));

        let first = post.ask("ruth@example.org").await;
        first.is(200).sees("Look into your mailbox");
        let one = post.to("ruth@example.org").pop().expect("a letter");
        let old = link_in(&one, "/bulletin/confirm/");
        // A mail program opens links by itself: looking changes nothing.
        for _ in 0..3 {
            post.town.guest().open(&old).await.is(200).sees("What we talk about");
        }
        assert_eq!(post.people().await, [("pending".to_owned(), Some("ruth@example.org".to_owned()))]);
        // The link is for this and nothing else, and only the newest one holds.
        let token = old.rsplit('/').next().expect("a token");
        post.town.guest().open(&format!("/confirm/{token}")).await.is(410);
        post.town.guest().open(&format!("/reset/{token}")).await.is(410);
        post.ask("Ruth@Example.org").await;
        post.town.guest().open(&old).await.is(410);
        let two = post.to("Ruth@Example.org").pop().expect("another letter");
        let link = link_in(&two, "/bulletin/confirm/");
        assert!(post.announce("Nobody gets this.").await > 0);
        assert_eq!(post.send().await, 0, "who has not confirmed gets nothing");

        let page = post.town.guest().open(&link).await.form("Yes, send it to me").submit().await;
        page.is(200).sees("You get the bulletin");
        post.town.guest().open(&link).await.is(410);
        assert_eq!(post.people().await[0].0, "confirmed");

        // Known or unknown: the same words. The third letter of the hour is the last.
        let known = post.ask("ruth@example.org").await;
        assert_eq!(known.words(), first.words());
        let told = post.to("ruth@example.org").pop().expect("a letter that says so");
        assert!(told.header("subject").is_some_and(|s| s.contains("already get")), "{:?}", told.headers);
        let sent = post.smtp.heard().len();
        let fourth = post.ask("ruth@example.org").await;
        assert_eq!(fourth.words(), first.words());
        assert_eq!(post.smtp.heard().len(), sent, "three letters an hour and no more");
    }
}

letters_story! {
    async fn what_is_not_confirmed_is_forgotten(post) {
        post.ask("ruth@example.org").await;
        let link = link_in(&post.to("ruth@example.org")[0], "/bulletin/confirm/");
        post.town.clock.advance(DAY + HOUR);
        post.town.guest().open(&link).await.is(410);
        post.town.inside(bridge::sweep_bulletins).await;
        assert!(post.people().await.is_empty(), "the address is gone");
    }
}

letters_story! {
    async fn each_gets_one_letter_and_leaves_with_one_click(post) {
        for name in ["ruth", "ines"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        let before = post.smtp.heard().len();
        let id = post.announce("The kingfishers are back.\n\nCome and see <them>.").await;
        assert_eq!(post.delivery(id, Operation::Announce).await.1, State::Sent);
        assert_eq!(post.send().await, 2);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.smtp.heard().len(), before + 2);
        let letter = post.to("ruth@example.org").pop().expect("a letter");
        assert_eq!(letter.header("subject"), Some("Kingfishers at the weir"));
        assert_eq!(letter.header("precedence"), Some("bulk"));
        assert_eq!(letter.header("list-unsubscribe-post"), Some("List-Unsubscribe=One-Click"));
        assert!(letter.header("list-id").is_some_and(|id| id.starts_with("<bulletin-")));
        assert!(letter.from[0].starts_with("<back+"), "{:?}", letter.from);
        let body = letter.body.join("\n").replace("=\n", "");
        assert!(body.contains("text/plain") && body.contains("text/html"));
        assert!(body.contains("Three pairs this spring") && body.contains("Come and see <them>."));
        assert!(body.contains("Come and see &lt;them&gt;."));
        assert!(!body.contains("<img") && !body.contains("style="), "nothing looks back at us");
        let ids: Vec<String> = ["ruth", "ines"]
            .map(|name| post.to(&format!("{name}@example.org")).pop().expect("a letter").header("message-id").expect("an id").to_owned())
            .into();
        assert_ne!(ids[0], ids[1]);

        // One click (RFC 8058): no cookie, no guard. Looking changes nothing.
        let link = letter.header("list-unsubscribe").expect("a link").trim_matches(['<', '>']).to_owned();
        let path = link.strip_prefix(post.town.base_url()).expect("our own address").to_owned();
        for _ in 0..2 {
            post.town.guest().open(&path).await.is(200).sees("Shall we stop").sees("What we talk about");
        }
        assert_eq!(post.people().await[0].0, "confirmed");
        let nobody = post.town.guest();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let page = nobody.send("POST", &path, Some("List-Unsubscribe=One-Click".to_owned()), &headers).await;
        page.is(200).sees("your address is deleted");
        assert_eq!(post.people().await[0], ("left".to_owned(), None));
        nobody.send("POST", &path, Some("List-Unsubscribe=One-Click".to_owned()), &headers).await.is(200);
        nobody.open(&path).await.is(200).sees("your address is deleted");
        nobody.send("POST", &format!("{path}x"), Some(String::new()), &[]).await.is(410);

        post.announce("A second letter.").await;
        assert_eq!(post.send().await, 1);
        assert_eq!(post.to("ruth@example.org").len(), 2, "a confirmation and one letter");
        // After a while the hash goes, too.
        post.town.clock.advance(91 * DAY);
        post.town.inside(bridge::sweep_bulletins).await;
        assert_eq!(post.people().await.len(), 1);
        nobody.open(&path).await.is(200);
    }
}

letters_story! {
    async fn a_mail_server_speaks_of_one_recipient_at_a_time(post) {
        for name in ["dead", "slow", "mute", "good"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        post.smtp.will_refuse("dead@example.org", "550 5.1.1 <dead@example.org> nobody here\r\n");
        post.smtp.will_refuse("slow@example.org", "451 4.7.1 come back\r\n");
        post.smtp.will_swallow("mute@example.org");
        let id = post.announce("The kingfishers are back.").await;
        assert_eq!(post.send().await, 4);
        use LetterState::{Later, Refused, Sent, Unknown};
        assert_eq!(post.states(id).await, [Refused, Later, Unknown, Sent]);
        let people = post.people().await;
        assert_eq!(people[0], ("suppressed".to_owned(), None), "a dead mailbox is not kept");
        assert_eq!(post.to("good@example.org").len(), 2);
        let notes: Vec<String> = post.town.inside(|tx| Ok(bulletin_letters::table.select(bulletin_letters::note).load(tx.conn)?)).await;
        assert!(notes.iter().all(|note| !note.contains('@')), "{notes:?}");

        // What may have arrived is never sent again by itself; what was to come later comes, as the same letter.
        post.smtp.will_take("slow@example.org");
        post.smtp.will_take("mute@example.org");
        post.town.clock.advance(6 * 60 * SECOND);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await, [Refused, Sent, Unknown, Sent]);
        post.town.clock.advance(2 * DAY);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.to("mute@example.org").len(), 2, "a confirmation, and what was swallowed");

        // A person decides: a publisher who has acknowledged the messaging guidelines, which pia has not.
        let pia = post.town.publisher("pia").await;
        let (delivery, _) = post.delivery(id, Operation::Announce).await;
        let page = pia.opens(&format!("/outreach/bulletins/{delivery}")).await;
        page.is(200).sees("4 letters").sees("Unknown").hides("@example.org");
        page.hides("Send once more");
        post.town.inside(|tx| {
            let open = bulletin_letters::table.filter(bulletin_letters::state.eq(Unknown));
            let letter: LetterId = open.select(bulletin_letters::id).first(tx.conn)?;
            bridge::send_again(tx, &HOUSE, letter)
        }).await;
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await[2], Sent);
        let ids: Vec<_> = post.to("mute@example.org").iter().skip(1).map(|l| l.header("message-id").map(str::to_owned)).collect();
        assert_eq!(ids[0], ids[1], "the same letter");
    }
}

letters_story! {
    async fn a_publisher_sends_what_nobody_knows_once_more(post) {
        post.joins("mute@example.org").await;
        post.smtp.will_swallow("mute@example.org");
        let id = post.announce("The kingfishers are back.").await;
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await, [LetterState::Unknown]);
        post.smtp.will_take("mute@example.org");
        post.town.inside(|tx| {
            let wanted = guidelines::Publication {
                words: guidelines::Words::parse("Be true.", "http://town.example")?,
                change: guidelines::Change::Major,
                note: String::new(),
                effective_at: None,
                base: guidelines::base_of(tx, Document::Messaging)?.map(|v| v.fingerprint()).unwrap_or_default(),
            };
            guidelines::publish(tx, &HOUSE, Document::Messaging, &wanted).map(drop)
        }).await;
        let (pia, mo) = (post.town.publisher("pia").await, post.town.moderator("mona").await);
        let (delivery, _) = post.delivery(id, Operation::Announce).await;
        let path = format!("/outreach/bulletins/{delivery}");
        for who in [&pia, &mo] {
            let page = who.opens("/guidelines/messaging").await;
            if page.has_button("I will") {
                page.form("I will").tick("agree", "1").submit().await.is(200);
            }
        }
        let letter = pia.api().await.get(&format!("/deliveries/{delivery}/letters")).await.is(200).number("/items/0/id");
        let again = format!("/letters/{letter}/again");
        post.town.member("tomas").await.api().await.post(&again, json!({})).await.is(403);
        pia.api().await.post("/letters/999999/again", json!({})).await.is(404);
        pia.opens(&path).await.form("Send once more").submit().await.is(200).sees("The letter is sent once more");
        pia.api().await.post(&again, json!({})).await.is(409);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await, [LetterState::Sent]);
        // The same by a program.
        post.smtp.will_swallow("mute@example.org");
        let id = post.announce("And again.").await;
        post.town.clock.advance(61 * SECOND);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await, [LetterState::Unknown]);
        post.smtp.will_take("mute@example.org");
        let (delivery, _) = post.delivery(id, Operation::Announce).await;
        let letter = pia.api().await.get(&format!("/deliveries/{delivery}/letters")).await.is(200).number("/items/0/id");
        pia.api().await.post(&format!("/letters/{letter}/again"), json!({})).await.is(204);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.states(id).await, [LetterState::Sent]);
    }
}

letters_story! {
    async fn a_server_that_wants_nothing_of_us_condemns_nobody(post) {
        for name in ["ruth", "ines", "mara"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        post.smtp.will_refuse_sender("554 5.7.1 we do not know you\r\n");
        let id = post.announce("The kingfishers are back.").await;
        assert_eq!(post.send().await, 1, "one try, then it is left alone");
        assert_eq!(post.states(id).await, [LetterState::Queued; 3]);
        assert_eq!(post.send().await, 0);
        post.smtp.will_welcome();
        post.town.clock.advance(60 * SECOND);
        assert_eq!(post.send().await, 3);
        assert_eq!(post.states(id).await, [LetterState::Sent; 3]);
        assert!(post.people().await.iter().all(|(state, _)| state == "confirmed"));

        // The same where only the recipient's server dislikes us.
        post.smtp.will_refuse("ruth@example.org", "550 5.7.1 not from you\r\n");
        let id = post.announce("And again.").await;
        post.send().await;
        assert_eq!(post.states(id).await[0], LetterState::Refused);
        assert_eq!(post.people().await[0].0, "confirmed");
    }
}

letters_story! {
    async fn a_letter_whose_process_died_is_shown_and_not_repeated(post) {
        for name in ["ruth", "ines"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        let id = post.announce("The kingfishers are back.").await;
        // What a process leaves that dies right after the commit, or right before it would have noted the answer.
        let until = post.town.node.app.clock.now().plus(300 * SECOND);
        post.town.inside(move |tx| {
            let first: LetterId = bulletin_letters::table.order(bulletin_letters::id).select(bulletin_letters::id).first(tx.conn)?;
            diesel::update(bulletin_letters::table.find(first))
                .set((bulletin_letters::state.eq(LetterState::Sending), bulletin_letters::fence.eq(1), bulletin_letters::leased_until.eq(until)))
                .execute(tx.conn)?;
            Ok(())
        }).await;
        assert_eq!(post.send().await, 1, "the other one goes");
        assert_eq!(post.states(id).await, [LetterState::Sending, LetterState::Sent]);
        post.town.clock.advance(301 * SECOND);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.states(id).await[0], LetterState::Unknown);
        post.town.clock.advance(3 * DAY);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.to("ruth@example.org").len(), 1, "the confirmation, nothing else");
        // Planning the same once more writes no second row for anybody.
        post.town.inside(|tx| {
            diesel::update(deliveries::table).set((deliveries::state.eq(State::Queued), deliveries::expires_at.eq(tx.now().plus(DAY)))).execute(tx.conn)?;
            Ok(())
        }).await;
        post.carry().await;
        assert_eq!(post.states(id).await.len(), 2);
    }
}

letters_story! {
    async fn two_nodes_send_each_letter_once(post) {
        for n in 0..6 {
            post.joins(&format!("reader{n}@example.org")).await;
        }
        let before = post.smtp.heard().len();
        post.announce("The kingfishers are back.").await;
        let other = post.town.another_node();
        let (one, two) = futures_util::future::join(post.town.node.app.post.serve_due(), other.app.post.serve_due()).await;
        assert_eq!(one.expect("one") + two.expect("two"), 6);
        assert_eq!(post.smtp.heard().len(), before + 6);
        for n in 0..6 {
            assert_eq!(post.to(&format!("reader{n}@example.org")).len(), 2);
        }
    }
}

letters_story! {
    async fn it_keeps_its_pace_and_what_has_not_left_can_be_changed_and_stopped(post) {
        for name in ["ruth", "ines", "mara"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        post.pace(1).await;
        let id = post.announce("The kingfishers are bakc.").await;
        assert_eq!(post.send().await, 1);
        assert_eq!(post.send().await, 0, "one a minute");
        post.plan(id, Operation::Correct, "The kingfishers are back.").await;
        post.town.clock.advance(61 * SECOND);
        assert_eq!(post.send().await, 1);
        let words = |name: &str| post.to(&format!("{name}@example.org")).pop().expect("a letter").body.join("\n");
        assert!(words("ruth").contains("bakc") && words("ines").contains("are back."));
        assert_eq!(post.delivery(id, Operation::Correct).await.1, State::NeedsHuman, "one had left");

        post.town.inside(move |tx| bridge::recall(tx, &origin(id), "consent-withdrawn")).await;
        let correction = post.delivery(id, Operation::Correct).await.1;
        assert_eq!(correction, State::Cancelled, "one thing is to be done, not two");
        // Before the withdrawal is carried, nothing more leaves.
        post.town.clock.advance(61 * SECOND);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.states(id).await[2], LetterState::Dropped);
        post.carry().await;
        let (delivery, state) = post.delivery(id, Operation::Withdraw).await;
        assert_eq!(state, State::NeedsHuman, "two cannot be called back: somebody has to know");
        let pia = post.town.publisher("pia").await;
        let page = pia.opens(&format!("/outreach/deliveries/{delivery}")).await;
        page.is(200).sees("2 letters had left").sees("mail cannot be recalled").sees("The kingfishers are back.");
        assert!(page.attributes("main a", "href").contains(&format!("/outreach/bulletins/{delivery}")), "who has it");
        // Whoever has acknowledged the guidelines says that it is settled, which pia has not.
        page.hides("That is settled");
        let settled = delivery;
        post.town.inside(move |tx| bridge::resolve(tx, &HOUSE, settled, &Resolution::Present { url: None })).await;
        assert_eq!(post.delivery(id, Operation::Withdraw).await.1, State::Sent, "off the list");

        // Nothing had left: nothing is to be done.
        let id = post.announce("Another one.").await;
        post.town.inside(move |tx| bridge::recall(tx, &origin(id), "consent-withdrawn")).await;
        post.carry().await;
        assert_eq!(post.delivery(id, Operation::Withdraw).await.1, State::Sent);
        assert_eq!(post.send().await, 0);
    }
}

letters_story! {
    async fn a_withdrawn_consent_stops_the_rest_of_the_letters(post) {
        for name in ["ruth", "ines"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        post.pace(1).await;
        let Stand { town, smtp, bulletin, .. } = post;
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let consent = |decision: &str| json!({ "decision": decision, "attribution": "name", "trimming": false, "by_hand": false, "channels": ["bulletin"] });
        let ada = scene.ada.api().await;
        ada.post(&format!("/highlights/{id}/consent"), consent("grant")).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let text = json!({ "channel_id": bulletin.0, "text": format!("“{WORDS}” Ada, in our community.") });
        scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), text).await.is(201);
        scene.deliver().await;
        let heard = |smtp: &FakeSmtp| smtp.heard().iter().filter(|l| l.header("precedence").is_some()).count();
        let post = &scene.town.node.app.post;
        assert_eq!(post.serve_due().await.expect("sent"), 1);
        assert_eq!(heard(&smtp), 1);
        ada.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        scene.town.clock.advance(61 * SECOND);
        assert_eq!(post.serve_due().await.expect("sent"), 0);
        assert_eq!(heard(&smtp), 1, "the other letter stays here");
    }
}

/// A report as RFC 3464 has it, on this letter.
fn report(action: &str, status: &str, letter: &Heard, quoted: bool) -> Vec<u8> {
    let returned = letter.from[0].trim_matches(['<', '>']);
    let id = letter.header("message-id").expect("an id");
    let (to, quote) = if quoted {
        (
            "postmaster@example.org",
            format!("Message-ID: {id}\r\nSubject: Kingfishers\r\n"),
        )
    } else {
        (returned, "Subject: Kingfishers\r\n".to_owned())
    };
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ruth@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\n{quote}\r\n--b--\r\n"
    )
    .into_bytes()
}

letters_story! {
    async fn what_comes_back_is_read(post) {
        for name in ["ruth", "ines", "mara"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        let id = post.announce("The kingfishers are back.").await;
        post.send().await;
        let back = |bytes: Vec<u8>| post.town.inside(move |tx| bridge::bounced(tx, &bytes));
        let letter = |name: &str| post.to(&format!("{name}@example.org")).pop().expect("a letter");

        assert_eq!(back(b"Subject: hello\r\n\r\nbulletin".to_vec()).await, Bounced::NotOurs);
        assert_eq!(back(report("delayed", "4.4.1", &letter("ruth"), false)).await, Bounced::Nothing);
        let mut forged = letter("ines");
        forged.from[0] = forged.from[0].replace('+', "+9");
        assert_eq!(back(report("failed", "5.1.1", &forged, false)).await, Bounced::NotOurs);
        assert_eq!(post.states(id).await, [LetterState::Sent; 3]);

        assert!(matches!(back(report("failed", "5.1.1", &letter("ruth"), false)).await, Bounced::Hard(_)));
        assert_eq!(back(report("failed", "5.1.1", &letter("ruth"), false)).await, Bounced::Nothing, "the same report again");
        assert!(matches!(back(report("failed", "5.2.2", &letter("ines"), true)).await, Bounced::Soft(_)));
        assert_eq!(post.states(id).await, [LetterState::Bounced, LetterState::Bounced, LetterState::Sent]);
        let states: Vec<String> = post.people().await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(states, ["suppressed", "confirmed", "confirmed"]);

        // Three in a row, and a full mailbox is a dead one.
        for words in ["Two.", "Three."] {
            post.announce(words).await;
            assert_eq!(post.send().await, 2);
            // Taken by the server each time; the count must not forget what came back after that.
            back(report("failed", "5.2.2", &letter("ines"), false)).await;
        }
        let states: Vec<String> = post.people().await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(states, ["suppressed", "suppressed", "confirmed"]);
    }
}

letters_story! {
    async fn letters_are_signed_with_a_key_that_nobody_reads(post) {
        post.joins("ruth@example.org").await;
        let greta = post.town.admin("greta").await;
        let at = format!("/admin/channels/{}/keys", post.bulletin);
        let page = greta.opens(&at).await;
        page.is(200).sees("Nothing signs");
        let page = page.form("Make a key").submit().await;
        page.is(200).sees("v=DKIM1; k=rsa; p=MII").sees("._domainkey.example.org").sees("Waits for its record");
        post.announce("Not signed yet.").await;
        post.send().await;
        assert!(post.to("ruth@example.org").pop().expect("a letter").header("dkim-signature").is_none());
        let page = page.form("The record is published").submit().await;
        page.is(200).sees("This key signs").hides("PRIVATE");
        post.announce("Signed.").await;
        post.send().await;
        let letter = post.to("ruth@example.org").pop().expect("a letter");
        let signature = letter.header("dkim-signature").expect("a signature").replace(char::is_whitespace, "");
        assert!(signature.contains("d=example.org;") && signature.contains("c=relaxed/relaxed"), "{signature}");
        for header in ["from", "to", "subject", "message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id"] {
            assert!(signature.contains(&format!(":{header}:")) || signature.contains(&format!("h={header}:")) || signature.contains(&format!(":{header};")), "{header}: {signature}");
        }
        let sealed: Vec<Vec<u8>> = post.town.inside(|tx| Ok(bulletin_keys::table.select(bulletin_keys::sealed).load(tx.conn)?)).await;
        assert!(!sealed.iter().any(|bytes| bytes.windows(7).any(|run| run == b"PRIVATE")), "sealed at rest");
        // Asking how it is sends nothing.
        let before = post.smtp.heard().len();
        let page = greta.opens(&format!("/admin/channels/{}", post.bulletin)).await.form("Ask whether it answers").submit().await;
        page.is(200).sees("The channel answers").sees("loggia@example.org");
        assert_eq!(post.smtp.heard().len(), before);
        // By API as well, and for nobody else.
        let api = greta.api().await;
        let key = api.post(&format!("/channels/{}/keys", post.bulletin), json!({})).await.is(201);
        assert_eq!(key.json["signs"], json!(false));
        api.post(&format!("/channels/{}/keys/{}/use", post.bulletin, key.number("/id")), json!({})).await.is(204);
        let keys = api.get(&format!("/channels/{}/keys", post.bulletin)).await.is(200);
        assert_eq!(keys.json["items"][0]["signs"], json!(true));
        let pia = post.town.publisher("pia").await.api().await;
        pia.get(&format!("/channels/{}/keys", post.bulletin)).await.is(403);
        pia.post(&format!("/channels/{}/keys", post.bulletin), json!({})).await.is(403);
    }
}

letters_story! {
    async fn an_admin_sees_who_gets_it(post) {
        for name in ["ruth", "ines"] {
            post.joins(&format!("{name}@example.org")).await;
        }
        post.ask("unsure@example.org").await;
        let greta = post.town.admin("greta").await;
        let at = format!("/admin/channels/{}/subscribers", post.bulletin);
        let page = greta.opens(&at).await;
        page.is(200).sees("2 addresses").sees("ruth@example.org").hides("unsure@example.org").sees("Not confirmed yet");
        let table = greta.opens(&format!("{at}.csv")).await;
        table.is(200);
        assert!(table.html.starts_with("address,language,confirmed_at\r\n") && table.html.contains("\"ines@example.org\""), "{}", table.html);
        assert!(!table.html.contains("unsure"));
        let page = greta.opens(&format!("{at}?state=pending")).await;
        page.is(200).hides("ruth@example.org");
        for who in [post.town.publisher("pia").await, post.town.moderator("mona").await] {
            who.opens(&at).await.is(403);
            who.opens(&format!("{at}.csv")).await.is(403);
        }
        let api = greta.api().await;
        let listed = api.get(&format!("/channels/{}/subscribers?state=confirmed", post.bulletin)).await.is(200);
        assert_eq!(listed.json["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(listed.text("/items/0/address"), "ines@example.org");
        api.get(&format!("/channels/{}/subscribers?state=asleep", post.bulletin)).await.is(422);
        let ines = listed.number("/items/0/id");
        api.delete(&format!("/channels/{}/subscribers/{ines}", post.bulletin)).await.is(204);
        api.delete(&format!("/channels/{}/subscribers/99999", post.bulletin)).await.is(404);
        let page = greta.opens(&at).await;
        page.is(200).sees("One address").hides("ines@example.org");
        let page = greta.opens(&format!("{at}?state=confirmed")).await.form("Remove").submit().await;
        page.is(200).sees("taken off the list");
        assert!(post.people().await.iter().take(2).all(|(state, address)| state == "left" && address.is_none()));
        let id = post.announce("Nobody is left.").await;
        assert_eq!(post.send().await, 0);
        let (delivery, _) = post.delivery(id, Operation::Announce).await;
        let letters = api.get(&format!("/deliveries/{delivery}/letters")).await.is(200);
        assert_eq!(letters.json["items"], json!([]));
    }
}

letters_story! {
    async fn a_member_says_it_in_the_settings(post) {
        let ruth = post.town.member("ruth").await;
        let page = ruth.opens("/my/settings").await;
        let page = page.form("Send it to me").submit().await;
        page.is(200).sees("You get the bulletin");
        assert_eq!(post.people().await[0].0, "confirmed");
        post.announce("The kingfishers are back.").await;
        assert_eq!(post.send().await, 1);
        let mine = ruth.api().await.get("/bulletins").await.is(200);
        assert_eq!(mine.json["items"][0]["subscribed"], json!(true));
        let page = ruth.opens("/bulletin").await.form("Stop it").submit().await;
        page.is(200).sees("You do not get the bulletin any more");
        assert_eq!(post.people().await[0], ("left".to_owned(), None));
        ruth.api().await.post(&format!("/bulletins/{}/subscription", post.bulletin), json!({ "wanted": true })).await.is(204);
        assert_eq!(post.people().await.len(), 1);
        assert_eq!(post.people().await[0].0, "confirmed");
        post.town.api(None).get("/bulletins").await.is(401);
        // An erased account leaves nothing here.
        let id = ruth.id;
        post.town.inside(move |tx| tx.tell(&Event::MemberErased { member: id })).await;
        assert!(post.people().await.is_empty());
        let letters: i64 = post.town.inside(|tx| Ok(bulletin_letters::table.count().get_result(tx.conn)?)).await;
        assert_eq!(letters, 1, "that there was a letter stays, to whom does not");
        let greta = post.town.admin("greta").await.actor(&post.town).await;
        let (delivery, _) = post.delivery(2, Operation::Announce).await;
        let lines = post.town.inside(move |tx| bridge::letters(tx, &greta, delivery, &LettersWanted { most: 10, ..LettersWanted::default() })).await;
        assert_eq!(lines[0].address, None);
    }
}

/// What a hub was told: mode, url and topic of each ping.
fn pings(hub: &Endpoint) -> Vec<(String, String, String)> {
    let field = |pairs: &[(String, String)], name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    hub.posts()
        .iter()
        .map(|post| {
            assert_eq!(
                post.header("content-type"),
                "application/x-www-form-urlencoded"
            );
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&post.body)
                .into_owned()
                .collect();
            (
                field(&pairs, "hub.mode"),
                field(&pairs, "hub.url"),
                field(&pairs, "hub.topic"),
            )
        })
        .collect()
}

story! {
    async fn a_hub_is_told_of_every_change(town) {
        let hub = Endpoint::open();
        let scene = Scene::set(town).await;
        let greta = scene.town.admin("greta").await;
        let page = greta.opens("/admin/site").await.form("Save").fill("hub", "javascript:alert(1)").submit().await;
        page.is(422).sees("This is not an address");
        assert_eq!(page.form("Save").value("hub"), Some("javascript:alert(1)"));
        page.form("Save").fill("hub", &hub.url).submit().await.is(200);

        let (id, one) = scene.announced().await;
        assert!(hub.posts().is_empty(), "told by the job, after the commit");
        scene.town.work().await;
        let base = scene.town.base_url().to_owned();
        let told = pings(&hub);
        let feeds = ["atom", "rss", "json"].map(|kind| format!("{base}/announcements.{kind}"));
        let topics: Vec<&String> = told.iter().map(|(_, url, _)| url).collect();
        assert_eq!(topics, feeds.iter().collect::<Vec<_>>());
        assert!(told.iter().all(|(mode, url, topic)| mode == "publish" && url == topic));
        for feed in &feeds {
            let page = scene.town.guest().open(feed.strip_prefix(&base).expect("ours")).await;
            let link = page.header("link").expect("links");
            assert!(link.contains(&format!("<{}>; rel=\"hub\"", hub.url)) && link.contains(&format!("<{feed}>; rel=\"self\"")), "{link}");
            assert!(page.html.contains("hook?token=abc"), "the feed names its hub: {}", page.html);
        }

        // A hub fetches what it is told of and hands it to whoever asked to be told: a hub that does finds the words.
        let fetched = || async {
            let mut texts = Vec::new();
            for (_, topic, _) in pings(&hub).into_iter().rev().take(3) {
                let page = scene.town.guest().open(topic.strip_prefix(&base).expect("ours")).await;
                texts.push(page.is(200).html.clone());
            }
            texts
        };
        assert!(fetched().await.iter().all(|text| text.contains(WORDS)));
        let api = scene.pia.api().await;
        let better = format!("Put better: \u{201c}{WORDS}\u{201d} Ada");
        let correction = json!({ "text": better, "reasons": { "dup.again": "It is the same." } });
        api.post(&format!("/announcements/{one}/correction"), correction).await.is(200);
        scene.deliver().await;
        scene.town.work().await;
        assert_eq!(pings(&hub).len(), 6, "told of the correction");
        assert!(fetched().await.iter().all(|text| text.contains("Put better")));

        // The hub is away: it is told later. Then what was taken back is told as well.
        hub.will("503 Service Unavailable\r\n");
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        scene.deliver().await;
        scene.town.work().await;
        // However often it was corrected, it is taken back once, and the first word of that got lost.
        assert_eq!(pings(&hub).len(), 7);
        scene.town.clock.advance(HOUR);
        scene.town.work().await;
        assert_eq!(pings(&hub).len(), 10, "all three once more");
        assert!(fetched().await.iter().all(|text| !text.contains(WORDS)));
    }
}

story! {
    async fn a_hub_that_is_dead_holds_nothing_up(town) {
        let scene = Scene::set(town).await;
        let greta = scene.town.admin("greta").await.api().await;
        let mo = scene.pia.api().await;
        mo.patch("/hub", json!({ "hub": "https://hub.example/" })).await.is(403);
        greta.patch("/hub", json!({ "hub": "javascript:alert(1)" })).await.is(422);
        // Nobody listens there.
        let dead = "http://127.0.0.1:9/hub";
        assert_eq!(greta.patch("/hub", json!({ "hub": dead })).await.is(200).text("/hub"), dead);
        assert_eq!(greta.get("/hub").await.is(200).text("/hub"), dead);
        let (id, one) = scene.announced().await;
        scene.town.work().await;
        assert_eq!(scene.announcement(one).await, "sent", "said, whatever the hub does");
        let waiting = scene.town.inside(loggia::db::jobs::counts).await;
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "and taken back");
        // It comes back, under another address: what it missed is told.
        let hub = Endpoint::open();
        greta.patch("/hub", json!({ "hub": hub.url })).await.is(200);
        scene.town.clock.advance(HOUR);
        scene.town.work().await;
        assert!(pings(&hub).len() >= 3, "{:?} {waiting:?}", pings(&hub));
        greta.patch("/hub", json!({ "hub": "" })).await.is(200);
    }
}

story! {
    async fn without_a_hub_nothing_is_told(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let jobs = scene.town.inside(loggia::db::jobs::counts).await;
        assert_eq!(jobs.2, 0);
        let page = scene.town.guest().open("/announcements.atom").await;
        assert!(!page.html.contains("rel=\"hub\"") && !page.header("link").expect("self").contains("hub"));
    }
}
