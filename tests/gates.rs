//! Stories of the gates that close: no's by form and by API, settings of the law, bad input, and what is said to whom.

use diesel::prelude::*;
use loggia::bridge::{self, Changes, Message, NewChannel, Operation, Plan};
use loggia::forum;
use loggia::kit::clock::{DAY, HOUR, MINUTE};
use loggia::kit::event::Origin;
use loggia::kit::ids::{ChannelId, PostId};
use loggia::members;
use loggia::policy::{Actor, Role};
use serde_json::{Value, json};

use crate::highlights::{AROUND, Scene, WORDS, words, yes};
use crate::story;
use crate::support::endpoint::Endpoint;
use crate::support::smtp::{FakeSmtp, Heard};
use crate::town::Town;

const HOUSE: Actor = Actor::System("scene");

/// Other words of the same post, nominated and agreed to.
async fn another(scene: &Scene) -> i64 {
    let body = json!({ "post_id": scene.post.0, "excerpt": AROUND, "title": "Eleven years", "reason": "It is funny." });
    let made = scene.nia.api().await.post("/highlights", body).await;
    let id = made.is(201).number("/id");
    let path = format!("/highlights/{id}/consent");
    scene.ada.api().await.post(&path, yes()).await.is(200);
    id
}

async fn another_approved(scene: &Scene) -> i64 {
    let id = another(scene).await;
    let path = format!("/highlights/{id}/approval");
    let body = json!({ "decision": "approve" });
    scene.mo.api().await.post(&path, body).await.is(200);
    id
}

fn field_of(reply: &crate::town::Reply, code: &str) -> String {
    let errors = reply.json["errors"].as_array().expect("errors");
    let found = errors.iter().find(|e| e["code"] == code);
    let found = found.unwrap_or_else(|| panic!("no {code}: {}", reply.json));
    found["field"].as_str().expect("a field").to_owned()
}

fn is_problem(reply: &crate::town::Reply) {
    let kind = reply.headers.iter().find(|(k, _)| k == "content-type");
    assert_eq!(
        kind.map(|(_, v)| v.as_str()),
        Some("application/problem+json")
    );
}

story! {
    async fn a_moderator_refuses_with_a_reason(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        let desk = format!("/desk/highlights/{id}");
        // Without a reason it is not refused, and the form comes back.
        let bare = scene.mo.opens(&desk).await.form("Refuse").submit().await;
        bare.is(422).sees("Please write a note: the nominator has to know why");
        assert_eq!(scene.state(id).await, "consented");
        let form = bare.form("Refuse");
        assert_eq!(form.value("decision"), Some("refuse"));
        form.fill("note", "Too near to her home.").submit().await.is(200).sees("Refused. The nominator reads your reason");
        assert_eq!(scene.state(id).await, "refused");
        scene.nia.opens(&format!("/highlights/{id}")).await.is(200).sees("Refused").sees("Too near to her home.");
        scene.nia.opens("/my/notices").await.sees("A kingfisher");
        scene.mo.opens("/desk/highlights?show=decided").await.sees("A kingfisher").sees("Refused");
        scene.pia.opens("/outreach/library").await.is(200).hides(WORDS);
        // What is refused cannot be approved, nor announced.
        let approve = json!({ "decision": "approve" });
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), approve).await.is(409);
        let announced = scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await;
        assert!([403, 404, 409].contains(&announced.status), "{} {}", announced.status, announced.json);

        let second = another(&scene).await;
        let path = format!("/highlights/{second}/approval");
        let api = scene.mo.api().await;
        let bare = api.post(&path, json!({ "decision": "refuse", "note": "  " })).await.is(422);
        assert_eq!(field_of(&bare, "note-needed"), "note");
        is_problem(&bare);
        scene.pia.api().await.post(&path, json!({ "decision": "refuse", "note": "No." })).await.is(404);
        let refused = api.post(&path, json!({ "decision": "refuse", "note": "It laughs at somebody." })).await.is(200);
        assert_eq!((refused.text("/state"), refused.text("/note")), ("refused", "It laughs at somebody."));
    }
}

story! {
    async fn a_moderator_returns_with_feedback(town) {
        let scene = Scene::set(town).await;
        let id = scene.consented().await;
        let page = scene.mo.opens(&format!("/desk/highlights/{id}")).await;
        let form = page.form("Return with feedback");
        assert_eq!(form.value("decision"), Some("return"));
        form.fill("note", "Say who sat where.").submit().await.is(200).sees("Returned with your feedback");
        assert_eq!(scene.state(id).await, "returned");
        let page = scene.nia.opens(&format!("/highlights/{id}")).await;
        page.is(200).sees("Returned with feedback").sees("Say who sat where.");
        // Handed in again it waits for its author anew if its words are others, for a moderator if not.
        let again = scene.nia.opens(&format!("/highlights/{id}/revise")).await;
        again.is(200).sees("Say who sat where.");

        let second = another(&scene).await;
        let path = format!("/highlights/{second}/approval");
        let api = scene.mo.api().await;
        api.post(&path, json!({ "decision": "return" })).await.is(422);
        let given = api.post(&path, json!({ "decision": "return", "note": "Which sculpture?" })).await.is(200);
        assert_eq!((given.text("/state"), given.text("/note")), ("returned", "Which sculpture?"));
        api.post(&path, json!({ "decision": "return", "note": "Again." })).await.is(409);
    }
}

story! {
    async fn an_author_says_no_by_form_and_nobody_is_told_who(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let form = scene.ada.opens(&format!("/my/consents/{id}")).await.form("No");
        assert_eq!(form.value("decision"), Some("decline"), "the button that says no");
        let page = form.submit().await;
        page.is(200).sees("these words stay here, and nobody is told who said no").sees("You said no");
        assert!(!page.has_button("Yes, as chosen above"), "it is answered");
        assert_eq!(scene.state(id).await, "declined");
        let seen = scene.nia.opens(&format!("/highlights/{id}")).await;
        seen.is(200).sees("This will not go outside").hides("said no");
        // A no stands: not taken back by a yes, and not asked for again.
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), yes()).await.is(409);
        let again = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "Again", "reason": "Still." });
        scene.nia.api().await.post("/highlights", again).await.is(422);
    }
}

story! {
    async fn a_yes_is_taken_back_by_form(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
        page.sees("Nobody will ask for these words again");
        let page = page.form("Take my consent back").submit().await;
        page.is(200).sees("Taken back. What is outside is being taken down").sees("You took it back");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "withdrawn");
        assert_eq!(scene.state(id).await, "withdrawn");
        scene.town.guest().open("/announcements").await.is(200).hides(WORDS);
        let after = scene.ada.opens(&format!("/my/consents/{id}")).await;
        assert!(!after.has_button("Take my consent back"));
    }
}

story! {
    async fn an_author_takes_one_announcement_down_and_keeps_the_yes(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        let path = format!("/my/consents/{id}/announcements/{one}/withdrawal");
        // Nobody else does that for her, nor does she for an announcement that says nothing of hers.
        let csrf = |page: &crate::town::Page, button: &str| {
            let form = page.form(button);
            vec![("csrf".to_owned(), form.value("csrf").expect("a guard").to_owned())]
        };
        let nia = scene.nia.opens(&format!("/p/{}/nominate", scene.post)).await;
        let refused = scene.nia.browser.post_once(&path, &csrf(&nia, "Nominate")).await;
        assert_eq!(refused.status, 404, "{}", refused.words());
        let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
        let wrong = format!("/my/consents/{id}/announcements/999999/withdrawal");
        let unknown = scene.ada.browser.post_once(&wrong, &csrf(&page, "Take this one down")).await;
        assert_eq!(unknown.status, 404, "{}", unknown.words());
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1, "it still stands");
        let form = page.form("Take this one down");
        assert_eq!(form.action, path);
        form.submit().await.is(200).sees("Being taken back");
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "withdrawn");
        assert_eq!(scene.state(id).await, "approved", "the yes stands");
        let after = scene.ada.opens(&format!("/my/consents/{id}")).await;
        assert!(after.has_button("Take my consent back") && !after.has_button("Take this one down"));
    }
}

story! {
    async fn a_publisher_takes_an_announcement_back_by_form(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        let here = format!("/outreach/announcements/{one}");
        let page = scene.pia.opens(&here).await;
        let page = page.form("Take it back everywhere").fill("reason", "The date was wrong").submit().await;
        page.is(200).sees("Being taken back");
        assert_eq!(page.path, here);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.announcement(one).await, "withdrawn");
        assert_eq!(scene.state(id).await, "approved");
        assert!(!scene.pia.opens(&here).await.has_button("Take it back everywhere"));
        scene.ada.opens("/my/notices").await.sees("A kingfisher");
        // Members have no business here.
        let page = scene.nia.opens(&format!("/p/{}/nominate", scene.post)).await;
        let csrf = page.form("Nominate").value("csrf").expect("a guard").to_owned();
        let refused = scene.nia.browser.post_once(&format!("{here}/withdrawal"), &[("csrf".to_owned(), csrf)]).await;
        assert!([403, 404].contains(&refused.status), "{}", refused.status);
    }
}

story! {
    async fn what_i_nominated_is_listed(town) {
        let scene = Scene::set(town).await;
        let first = scene.nominated().await;
        let second = another(&scene).await;
        let mine = scene.nia.api().await.get("/highlights?status=mine").await.is(200);
        let items = json!([
            { "id": second, "status": "consented", "title": "Eleven years" },
            { "id": first, "status": "consent_pending", "title": "A kingfisher" },
        ]);
        assert_eq!((&mine.json["items"], &mine.json["next"]), (&items, &Value::Null));
        let hers = scene.ada.api().await.get("/highlights?status=mine").await.is(200);
        assert_eq!(hers.json["items"], json!([]), "she nominated nothing");
        scene.town.api(None).get("/highlights?status=mine").await.is(401);
        scene.nia.api().await.get("/highlights?status=theirs").await.is(422);
        scene.nia.api().await.get("/highlights?status=mine&after=%25").await.is(400);
    }
}

story! {
    /// Law 3 with its setting: whoever approved does not send, unless the community says so.
    async fn whoever_approved_sends_only_where_the_setting_lets_them(town) {
        let scene = Scene::set(town).await;
        let greta = scene.town.admin("greta").await;
        scene.town.inside(|tx| members::set_role(tx, &HOUSE, "mona", Role::Publisher, true)).await;
        let id = scene.approved().await;
        let second = another_approved(&scene).await;
        let path = format!("/highlights/{id}/announcements");
        let mona = scene.mo.api().await;
        let refused = mona.post(&path, scene.text()).await.is(403);
        assert!(refused.text("/type").ends_with("four-eyes"), "{}", refused.json);
        let desk = scene.mo.opens(&format!("/outreach/highlights/{id}/compose")).await;
        assert!(!desk.has_button("Schedule this text"), "{}", desk.words());

        let form = greta.opens("/admin/site").await.form("Save");
        assert_eq!(form.value("approver_may_send"), None, "off at first");
        form.tick("approver_may_send", "1").submit().await.is(200);
        mona.post(&path, scene.text()).await.is(201);
        let desk = scene.mo.opens(&format!("/outreach/highlights/{second}/compose")).await;
        assert!(desk.has_button("Schedule this text"), "{}", desk.words());

        let mut form = greta.opens("/admin/site").await.form("Save");
        assert_eq!(form.value("approver_may_send"), Some("1"), "it was kept");
        form.fields.retain(|(name, _)| name != "approver_may_send");
        form.submit().await.is(200);
        let text = json!({ "channel_id": scene.page.0, "text": format!("“{AROUND}” Ada") });
        let path = format!("/highlights/{second}/announcements");
        mona.post(&path, text.clone()).await.is(403);
        scene.pia.api().await.post(&path, text).await.is(201);
    }
}

fn tale(id: i64) -> Origin {
    Origin {
        kind: "tale".to_owned(),
        id,
    }
}

/// Plans something that no gate holds back, to be said at once.
async fn tells(town: &Town, channel: ChannelId, id: i64) {
    town.inside(move |tx| {
        let code = bridge::new_code(tx, &tale(id), Some(channel), "/t/a-heron/7/3")?;
        let message = Message {
            title: "Kingfishers at the weir".to_owned(),
            text: format!("Tale {id}"),
            link: tx.link(&format!("/h/{code}")),
            lang: "en".to_owned(),
            quotes: Vec::new(),
            source_path: "/t/a-heron/7/3".to_owned(),
            code,
            site_name: "The Commons".to_owned(),
            tags: Vec::new(),
            picture: None,
        };
        let plan = Plan {
            origin: tale(id),
            channel,
            operation: Operation::Announce,
            revision: 1,
            message: &message,
            planned_at: tx.now(),
        };
        bridge::plan(tx, &plan)
    })
    .await;
}

async fn webhook(town: &Town, hook: &Endpoint) -> (ChannelId, String) {
    let url = hook.url.clone();
    town.inside(move |tx| {
        let wanted = NewChannel {
            kind: "webhook".to_owned(),
            name: "Newsroom".to_owned(),
            config: json!({ "url": url }),
            secret: None,
        };
        let made = bridge::create_channel(tx, &HOUSE, &wanted)?;
        Ok((made.channel.id, made.secret.unwrap_or_default()))
    })
    .await
}

async fn paced(town: &Town, channel: ChannelId, gap: i64, cap: i64) {
    town.inside(move |tx| {
        let line = bridge::channel(tx, channel)?;
        let changes = Changes {
            revision: line.revision,
            name: line.name,
            config: None,
            min_gap_seconds: gap,
            daily_cap: cap,
            max_lateness_seconds: 7 * 86_400,
        };
        bridge::change_channel(tx, &HOUSE, channel, &changes)
    })
    .await;
}

async fn carry(town: &Town) {
    for _ in 0..3 {
        let carried = town.node.app.bridge.serve_due().await;
        carried.expect("the bridge carries");
    }
}

/// The types of the events that arrived, oldest first.
fn events(hook: &Endpoint) -> Vec<String> {
    let kind = |body: &[u8]| -> String {
        let body: Value = serde_json::from_slice(body).expect("JSON");
        body["type"].as_str().expect("a type").to_owned()
    };
    hook.posts().iter().map(|post| kind(&post.body)).collect()
}

story! {
    async fn gap_and_cap_hold_announcements_back(town) {
        let hook = Endpoint::open();
        let (channel, _) = webhook(&town, &hook).await;
        paced(&town, channel, 3600, 3).await;
        for id in 1..=5 {
            tells(&town, channel, id).await;
        }
        let arrived = async |wait: i64| {
            town.clock.advance(wait);
            carry(&town).await;
            hook.posts().len()
        };
        assert_eq!(arrived(0).await, 1, "the gap holds the others");
        assert_eq!(arrived(HOUR - 10 * MINUTE).await, 1);
        assert_eq!(arrived(10 * MINUTE).await, 2, "one for each gap");
        assert_eq!(arrived(HOUR).await, 3);
        // Three in 24 hours: the fourth waits until the first is a day old, the fifth until the second is.
        assert_eq!(arrived(2 * HOUR).await, 3, "the cap holds it");
        assert_eq!(arrived(20 * HOUR - 10 * MINUTE).await, 3);
        assert_eq!(arrived(10 * MINUTE).await, 4);
        assert_eq!(arrived(HOUR - 10 * MINUTE).await, 4);
        assert_eq!(arrived(20 * MINUTE).await, 5);
        // What is taken back waits for neither.
        town.inside(|tx| bridge::recall(tx, &tale(1), "story")).await;
        assert_eq!(arrived(0).await, 6);
        assert_eq!(events(&hook).last().map(String::as_str), Some("highlight.withdrawn"));
    }
}

story! {
    async fn a_webhook_that_says_429_is_left_alone_as_long_as_it_asks(town) {
        let hook = Endpoint::open();
        let (channel, secret) = webhook(&town, &hook).await;
        hook.will("429 Too Many Requests\r\nRetry-After: 1800\r\n");
        tells(&town, channel, 1).await;
        carry(&town).await;
        assert_eq!(hook.posts().len(), 1);
        town.clock.advance(25 * MINUTE);
        carry(&town).await;
        assert_eq!(hook.posts().len(), 1, "not before the time it gave");
        town.clock.advance(10 * MINUTE);
        carry(&town).await;
        let posts = hook.posts();
        assert_eq!(posts.len(), 2, "and then once");
        assert_eq!(posts[0].header("webhook-id"), posts[1].header("webhook-id"));
        assert!(posts[1].body == posts[0].body && posts[0].verified_by(&secret));
        let state = town.inside(move |tx| Ok(bridge::deliveries_of(tx, &tale(1))?.remove(0).state)).await;
        assert_eq!(state, bridge::State::Sent);
    }
}

story! {
    async fn a_correction_reaches_the_webhook_signed(town) {
        let scene = Scene::set(town).await;
        let hook = Endpoint::open();
        let (channel, secret) = webhook(&scene.town, &hook).await;
        let id = scene.nominated().await;
        let mut leave = yes();
        leave["channels"] = json!(["page", "webhook"]);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), leave).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let api = scene.pia.api().await;
        let text = json!({ "channel_id": channel.0, "text": format!("“{WORDS}” Ada, in our community.") });
        let one = api.post(&format!("/highlights/{id}/announcements"), text).await.is(201).number("/id");
        scene.deliver().await;
        let kinds = events(&hook);
        assert!(kinds.contains(&"highlight.published".to_owned()), "{kinds:?}");
        assert!(!kinds.contains(&"highlight.updated".to_owned()), "{kinds:?}");
        let text = json!({ "text": format!("Look up: “{WORDS}” Ada, in our community.") });
        api.post(&format!("/announcements/{one}/correction"), text).await.is(200);
        scene.deliver().await;
        let posts = hook.posts();
        assert!(posts.iter().all(|post| post.verified_by(&secret)), "every one of them is signed");
        let of = |kind: &str| -> Vec<(String, Value)> {
            let all = posts.iter().map(|post| (post.header("webhook-id"), serde_json::from_slice::<Value>(&post.body).expect("JSON")));
            all.filter(|(_, body)| body["type"] == kind).collect()
        };
        let (published, updated) = (of("highlight.published"), of("highlight.updated"));
        assert_eq!((published.len(), updated.len()), (1, 1), "{:?}", events(&hook));
        assert!(updated[0].1.to_string().contains("Look up: ") && !published[0].1.to_string().contains("Look up: "));
        assert_ne!(updated[0].0, published[0].0, "another event, another id");
        assert_eq!(updated[0].1["data"]["link"], published[0].1["data"]["link"], "the same link");
        assert_eq!(scene.announcement(one).await, "sent");
    }
}

async fn replied(scene: &Scene, text: &'static str) -> PostId {
    let post = scene.post;
    scene
        .as_member(scene.ada.id, move |tx, ada| {
            let thread = forum::post_facts(tx, post)?.thread.id;
            Ok(forum::reply(tx, ada, thread, &words(text), None)?.post)
        })
        .await
}

story! {
    async fn words_that_do_not_stand_there_are_not_nominated(town) {
        let scene = Scene::set(town).await;
        let quoting = replied(&scene, "> The tide was early today.\n\nIndeed it was.").await;
        let wrong = WORDS.replace("hour", "day");
        for (post, said, code, sentence) in [
            (scene.post, wrong.as_str(), "excerpt-not-there", "These words do not stand in the post like this"),
            (quoting, "The tide was early today.", "excerpt-not-own", "words that the post quotes from somebody else"),
        ] {
            let form = scene.nia.opens(&format!("/p/{post}/nominate")).await.form("Nominate");
            let form = form.fill("title", "A quiet hour").fill("reason", "It is quiet.").fill("excerpt", said);
            let page = form.submit().await;
            page.is(422).sees(sentence);
            let again = page.form("Nominate");
            assert_eq!(again.value("title"), Some("A quiet hour"));
            assert_eq!(again.value("reason"), Some("It is quiet."));
            assert_eq!(again.value("excerpt").map(str::trim), Some(said), "what was typed stays");
            let body = json!({ "post_id": post.0, "excerpt": said, "title": "A quiet hour", "reason": "It is quiet." });
            let refused = scene.nia.api().await.post("/highlights", body).await.is(422);
            is_problem(&refused);
            assert_eq!(field_of(&refused, code), "excerpt");
            assert!(refused.json.to_string().contains(sentence), "{}", refused.json);
        }
        let mine = scene.nia.api().await.get("/highlights?status=mine").await.is(200);
        assert_eq!(mine.json["items"], json!([]), "nothing was kept");
    }
}

/// A letter's body as it is read.
fn read(letter: &Heard) -> String {
    let whole = letter.body.join("\n");
    whole.replace("=\n", "").replace("=3D", "=")
}

async fn a_letter_asks_and_reminds_once(town: Town, smtp: FakeSmtp) {
    let scene = Scene::set(town).await;
    let to_ada = || {
        let all = smtp.heard().into_iter();
        let hers = all.filter(|heard| heard.to == ["<ada@example.org>"]);
        let of = |kind: &str, all: &[Heard]| -> Vec<Heard> {
            let subject = |heard: &Heard| heard.header("subject").unwrap_or_default().to_owned();
            all.iter()
                .filter(|heard| subject(heard).starts_with(kind))
                .cloned()
                .collect()
        };
        let hers: Vec<Heard> = hers.collect();
        (of("May we carry", &hers), of("A reminder", &hers))
    };
    let id = scene.nominated().await;
    scene.town.work().await;
    let (asked, reminded) = to_ada();
    assert_eq!((asked.len(), reminded.len()), (1, 0));
    let question = format!("{}/my/consents/{id}", scene.town.base_url());
    let body = read(&asked[0]);
    assert!(body.contains(&question), "{body}");
    assert!(body.contains(WORDS), "the words it is about: {body}");
    scene
        .ada
        .opens("/my/notices")
        .await
        .sees("A kingfisher")
        .hides(WORDS);
    // The link leads to the question.
    let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
    page.is(200).sees("Yes, as chosen above").sees(WORDS);

    for days in [6, 2, 1, 1] {
        scene.town.clock.advance(days * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        scene.town.work().await;
        let (asked, reminded) = to_ada();
        let wanted = usize::from(days != 6);
        assert_eq!((asked.len(), reminded.len()), (1, wanted), "{days}");
    }
    let (_, reminded) = to_ada();
    let body = read(&reminded[0]);
    assert!(body.contains(&question) && body.contains(WORDS), "{body}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_asks_and_reminds_once_on_sqlite() {
    let smtp = FakeSmtp::start();
    a_letter_asks_and_reminds_once(Town::with_mail(&smtp.url()).await, smtp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_asks_and_reminds_once_on_postgres() {
    let smtp = FakeSmtp::start();
    if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
        a_letter_asks_and_reminds_once(town, smtp).await;
    }
}

story! {
    async fn other_places_can_show_where_a_link_leads(town) {
        let scene = Scene::set(town).await;
        scene.announced().await;
        let guest = scene.town.guest();
        let base = scene.town.base_url().to_owned();
        let tag = |page: &crate::town::Page, name: &str| {
            let found = page.attributes(&format!("head meta[property='og:{name}']"), "content");
            assert_eq!(found.len(), 1, "{} has og:{name} once: {found:?}", page.path);
            found[0].clone()
        };
        let thread = guest.open(&format!("/p/{}", scene.post)).await;
        assert_eq!((tag(&thread, "title").as_str(), tag(&thread, "type").as_str()), ("A kingfisher in the courtyard", "article"));
        assert!(tag(&thread, "url").starts_with(&format!("{base}/t/")), "{}", tag(&thread, "url"));
        assert!(WORDS.starts_with(tag(&thread, "description").trim_end_matches('…')) || tag(&thread, "description").contains("kingfisher"));
        let page = guest.open("/announcements").await;
        assert_eq!(tag(&page, "url"), format!("{base}/announcements"));
        assert!(!tag(&page, "title").is_empty() && !tag(&page, "site_name").is_empty());
        // What a network fetches behind the link of an announcement is the conversation, with its own tags.
        let link = page.link("Read the conversation");
        let robot = [("user-agent", "Mastodon/4.5.0 (http.rb/5.3.1; +https://social.example/)")];
        let way = guest.send("GET", &link, None, &robot).await;
        assert_eq!(way.status, 302);
        let shown = guest.open(&way.leads_to().expect("a way")).await;
        assert_eq!(tag(&shown, "title"), "A kingfisher in the courtyard");
    }
}

story! {
    async fn a_card_for_other_websites_says_what_it_is(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let mut leave = yes();
        leave["channels"] = json!(["embed"]);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), leave).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let item = scene.pia.opens(&format!("/outreach/library/{id}")).await;
        item.form("Card for a website").fill("purpose", "Front page").submit().await.is(200);
        let card = scene.town.guest().open(&format!("/embed/highlight/{id}")).await;
        card.is(200);
        let tag = |page: &crate::town::Page, name: &str| page.attributes(&format!("head meta[property='og:{name}']"), "content");
        assert_eq!((tag(&card, "title"), tag(&card, "type")), (vec!["A kingfisher".to_owned()], vec!["article".to_owned()]));
        assert!(tag(&card, "url")[0].starts_with(scene.town.base_url()), "{:?}", tag(&card, "url"));
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), json!({ "decision": "withdraw" })).await.is(200);
        let gone = scene.town.guest().open(&format!("/embed/highlight/{id}")).await;
        assert_eq!((gone.status, tag(&gone, "title")), (410, Vec::new()), "a recall empties it");
    }
}

story! {
    async fn the_library_finds_what_has_a_picture(town) {
        let scene = Scene::set(town).await;
        let base = scene.town.base_url().to_owned();
        scene.approved().await;
        let sent = crate::uploads::sends(&scene.ada, &base, &crate::uploads::png(64, 48), "A heron at dawn").await;
        let (line, _) = crate::uploads::line(&sent);
        let post = scene.post;
        let pictured = scene.as_member(scene.ada.id, move |tx, ada| {
            let thread = forum::post_facts(tx, post)?.thread.id;
            let text = words(&format!("The heron stood there at dawn.\n\n{line}"));
            Ok(forum::reply(tx, ada, thread, &text, None)?.post)
        }).await;
        let body = json!({ "post_id": pictured.0, "excerpt": "The heron stood there at dawn.", "title": "At dawn", "reason": "It shows." });
        let id = scene.nia.api().await.post("/highlights", body).await.is(201).number("/id");
        let mut leave = yes();
        leave["pictures"] = json!(true);
        scene.ada.api().await.post(&format!("/highlights/{id}/consent"), leave).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        scene.pia.opens("/outreach/library").await.is(200).sees("stood there at dawn").sees(WORDS);
        scene.pia.opens("/outreach/library?pictured=1").await.is(200).sees("stood there at dawn").hides(WORDS);
        let found = scene.pia.api().await.get("/library?with_picture=true").await.is(200);
        assert_eq!(found.json["items"].as_array().map(Vec::len), Some(1), "{}", found.json);
        assert_eq!(found.number("/items/0/id"), id);
    }
}

story! {
    async fn an_author_reads_and_answers_by_api(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        let api = scene.ada.api().await;
        let mine = api.get("/consents").await.is(200);
        assert_eq!(mine.number("/items/0/highlight_id"), id);
        assert_eq!((mine.text("/items/0/state"), &mine.json["items"][0]["waits"]), ("asked", &json!(true)));
        assert_eq!(mine.json["items"][0]["words"], json!([WORDS]));
        assert_eq!(mine.json["next"], Value::Null);
        let hers = scene.nia.api().await.get("/consents").await.is(200);
        assert_eq!(hers.json["items"], json!([]), "nobody else's");
        scene.town.api(None).get("/consents").await.is(401);
        api.get("/consents?after=%25").await.is(400);
        let answer = format!("/highlights/{id}/consent");
        // Nothing was edited: there is nothing to decide about that.
        api.post(&answer, json!({ "decision": "may_stand" })).await.is(409);
        api.post(&answer, json!({ "decision": "perhaps" })).await.is(422);
        api.post(&answer, yes()).await.is(200);
        scene.mo.api().await.post(&format!("/highlights/{id}/approval"), json!({ "decision": "approve" })).await.is(200);
        let one = scene.pia.api().await.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201).number("/id");
        scene.deliver().await;
        scene.edits("A heron sat on the kingfisher.").await;
        let mine = api.get("/consents").await.is(200);
        assert_eq!(mine.json["items"][0]["edited"], json!(true), "{}", mine.json);
        assert_eq!(mine.number("/items/0/announcements/0/id"), one);
        scene.nia.api().await.post(&answer, json!({ "decision": "may_stand" })).await.is(404);
        api.post(&answer, json!({ "decision": "may_stand" })).await.is(200);
        let mine = api.get("/consents").await.is(200);
        assert_eq!(mine.json["items"][0]["edited"], json!(false), "{}", mine.json);
        // What may stand outlives the day on which it would have been taken down.
        scene.town.clock.advance(15 * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1, "it stands");
        scene.ada.api().await.post(&answer, json!({ "decision": "take_down" })).await.is(200);
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
    }
}

story! {
    /// From the link to the first post, in numbers, without a name.
    async fn what_a_link_brings_is_counted(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let page = format!("/outreach/announcements/{one}");
        scene.pia.opens(&page).await.is(200).sees("Nobody has come by it yet");
        let guest = scene.town.guest();
        let link = guest.open("/announcements").await.link("Read the conversation");
        let person = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")];
        let robot = [("user-agent", "Mastodon/4.5.0 (http.rb/5.3.1)")];
        for agent in [&person[..], &person, &robot] {
            assert_eq!(guest.send("GET", &link, None, agent).await.status, 302);
        }
        let code = link.rsplit('/').next().expect("a code").to_owned();
        // Whoever comes that way signs up, and writes.
        let way = guest.send("GET", &link, None, &person).await.leads_to().expect("a way");
        assert!(way.contains(&format!("via={code}")), "{way}");
        let join = guest.open(&way).await.link("Join");
        let form = guest.open(&join).await.form("Join");
        assert_eq!(form.value("via"), Some(code.as_str()), "{join}");
        let form = form.fill("name", "tova").fill("email", "tova@example.org").fill("password", crate::town::PASSWORD);
        form.submit().await.is(200);
        let app = &scene.town.node.app;
        app.clicks.flush(&app.db).await.expect("written");
        let api = scene.pia.api().await;
        let path = format!("/announcements/{one}/clicks");
        let came = api.get(&path).await.is(200);
        let figures = |came: &crate::town::Reply| ["visits", "previews", "sign_ups", "first_posts"].map(|n| came.number(&format!("/items/0/{n}")));
        assert_eq!(figures(&came), [3, 1, 1, 0], "{}", came.json);
        let post = scene.post;
        let tova = scene.town.inside(|tx| {
            let id = members::seek_by_name(tx, "tova")?.expect("tova").id;
            members::acknowledged(tx, id, loggia::kit::stop::Document::Community, 1_000)?;
            diesel::update(loggia::db::schema::members::table.find(id))
                .set(loggia::db::schema::members::email_confirmed_at.eq(Some(tx.now())))
                .execute(tx.conn)?;
            Ok(id)
        }).await;
        for said in ["What a bird.", "And what a sculpture."] {
            scene.as_member(tova, move |tx, tova| {
                let thread = forum::post_facts(tx, post)?.thread.id;
                forum::reply(tx, tova, thread, &words(said), None)
            }).await;
        }
        let came = api.get(&path).await.is(200);
        assert_eq!(figures(&came), [3, 1, 1, 1], "{}", came.json);
        assert!(!came.json.to_string().contains("tova"));
        // The next day stands on a line of its own, above.
        scene.town.clock.advance(DAY);
        guest.send("GET", &link, None, &person).await;
        app.clicks.flush(&app.db).await.expect("written");
        let came = api.get(&path).await.is(200);
        assert_eq!(came.json["items"].as_array().map(Vec::len), Some(2), "{}", came.json);
        assert_eq!((came.number("/items/0/visits"), came.number("/items/1/visits")), (1, 3));
        let shown = scene.pia.opens(&page).await;
        shown.is(200).sees("What its link brought").hides("tova");
        let all = shown.all("#brought tfoot td");
        assert_eq!(all, ["4", "1", "1"], "{}", shown.words());
        assert_eq!(shown.all("#brought tbody tr").len(), 2);
        // Figures are for those who work outward.
        let refused = scene.ada.api().await.get(&path).await.status;
        assert!([403, 404].contains(&refused), "{refused}");
        scene.town.api(None).get(&path).await.is(401);
    }
}

story! {
    async fn one_channel_is_kept_by_api(town) {
        let hook = Endpoint::open();
        let (ada, pia, ruth) = (town.admin("ada").await, town.publisher("pia").await, town.member("ruth").await);
        let (ada, pia, ruth) = (ada.api().await, pia.api().await, ruth.api().await);
        let (channel, secret) = webhook(&town, &hook).await;
        let path = format!("/channels/{channel}");
        let shown = pia.get(&path).await.is(200);
        assert_eq!((shown.text("/name"), shown.number("/queue")), ("Newsroom", 0));
        assert!(!shown.json.to_string().contains("whsec_"));
        ruth.get(&path).await.is(403);
        pia.get("/channels/999999").await.is(404);

        let change = json!({ "min_gap_seconds": 90, "daily_cap": 4 });
        pia.patch(&path, change.clone()).await.is(403);
        let changed = ada.patch(&path, change).await.is(200);
        assert_eq!((changed.number("/min_gap_seconds"), changed.number("/daily_cap")), (90, 4));
        assert_eq!(changed.text("/name"), "Newsroom", "what is left out stays");
        assert_eq!(changed.number("/max_lateness_seconds"), shown.number("/max_lateness_seconds"));
        let wrong = ada.patch(&path, json!({ "daily_cap": -1 })).await.is(422);
        assert_eq!(field_of(&wrong, "out-of-range"), "daily_cap");
        let stale = json!({ "revision": shown.number("/revision"), "name": "The newsroom" });
        ada.patch(&path, stale).await.is(409);
        ada.patch(&path, json!({ "colour": "red" })).await.is(422);
        ada.patch(&path, json!({ "secret": "mine" })).await.is(409);

        let rotation = format!("{path}/secret");
        pia.post(&rotation, json!({})).await.is(403);
        let fresh = ada.post(&rotation, json!({})).await.is(200).text("/secret").to_owned();
        assert!(fresh.starts_with("whsec_") && fresh != secret);
        ada.patch(&path, json!({ "min_gap_seconds": 0, "daily_cap": 0 })).await.is(200);
        tells(&town, channel, 1).await;
        ada.delete(&path).await.is(409);
        carry(&town).await;
        let posts = hook.posts();
        assert!(posts[0].verified_by(&secret) && posts[0].verified_by(&fresh), "both sign for a day");
        pia.delete(&path).await.is(403);
        ada.delete(&path).await.is(204);
        pia.get(&path).await.is(404);

        // A token that a channel gave is entered and never read again.
        let body = json!({ "kind": "telegram", "name": "Telegram", "config": { "chat": "@museum" }, "secret": "123456789:AAtelltaleAAaBcDeFgHiJkLm" });
        let made = ada.post("/channels", body).await.is(201);
        let path = format!("/channels/{}", made.number("/id"));
        let token = json!({ "secret": "123456789:AAanothertoldAaBcDeFgHi9876" });
        let changed = ada.patch(&path, token).await.is(200);
        assert!(!changed.json.to_string().contains("anothertold"), "{}", changed.json);
        assert_ne!(changed.text("/secret_hint"), made.text("/secret_hint"));
    }
}

story! {
    async fn deliveries_of_one_announcement_are_listed(town) {
        let scene = Scene::set(town).await;
        let (_, one) = scene.announced().await;
        let second = another_approved(&scene).await;
        let text = json!({ "channel_id": scene.page.0, "text": format!("“{AROUND}” Ada"), "reasons": { "dup.link": "Two voices of one talk." } });
        let api = scene.pia.api().await;
        let other = api.post(&format!("/highlights/{second}/announcements"), text).await.is(201).number("/id");
        let all = api.get("/deliveries").await.is(200);
        assert_eq!(all.json["items"].as_array().map(Vec::len), Some(2), "{}", all.json);
        for wanted in [one, other] {
            let found = api.get(&format!("/deliveries?announcement_id={wanted}")).await.is(200);
            assert_eq!(found.json["items"].as_array().map(Vec::len), Some(1), "{}", found.json);
            assert_eq!(found.number("/items/0/origin_id"), wanted);
        }
        let none = api.get("/deliveries?announcement_id=999999").await.is(200);
        assert_eq!(none.json["items"], json!([]));
        api.get("/deliveries?announcement_id=one").await.is(422);
    }
}
