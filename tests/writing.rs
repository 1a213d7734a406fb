//! Stories of writing and of answering without words: reactions, polls, drafts, previews, and what is done to a post
//! afterwards.

use loggia::forum::{self, Grant, PollDraft, Who};
use loggia::kit::Clock;
use loggia::kit::clock::DAY;
use loggia::kit::event::Event;
use loggia::kit::ids::{CategoryId, PostId, ThreadId};
use loggia::members;
use serde_json::json;

use crate::story;
use crate::support::outside::{Outside, Reply as Answered};
use crate::support::queries::asked;
use crate::town::talk::{HOUSE, category, reply, started};
use crate::town::{Person, Town};
use crate::uploads::png;

/// A thread started by somebody, without a browser.
async fn thread(town: &Town, by: &Person, place: CategoryId, body: &str) -> (ThreadId, PostId) {
    started(town, by, place, ("A kingfisher", ""), body).await
}

story! {
    async fn what_is_hidden_in_a_post_does_not_stand_open_in_its_feeds(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let words = "He ||did it|| and left.\n\n> [!spoiler] The end\n> It was the gardener.\n\nOpen words.";
        let (thread, _) = started(&town, &ruth, field, ("A play", "birds"), words).await;
        let guest = town.guest();
        let page = format!("/t/a-play/{thread}");
        guest.open(&page).await.is(200).sees("did it");
        for feed in ["/latest".to_owned(), format!("/c/field-notes/{field}"), "/tag/birds".to_owned(), page] {
            for ending in ["rss", "atom", "json"] {
                let told = guest.send("GET", &format!("{feed}.{ending}"), None, &[]).await;
                told.is(200);
                for open in ["Open words.", "and left.", "The end", "[hidden: open the post to read it]"] {
                    assert!(told.html.contains(open), "{feed}.{ending}: {open}: {}", told.html);
                }
                for hidden in ["did it", "gardener", "spoiler"] {
                    assert!(!told.html.contains(hidden), "{feed}.{ending}: {hidden}: {}", told.html);
                }
            }
        }
    }
}

story! {
    async fn a_post_is_answered_without_words(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, ada) = (town.member("ruth").await, town.member("tomas").await, town.member("ada").await);
        let (id, post) = thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        let path = format!("/t/a-kingfisher/{id}");

        let page = tomas.opens(&path).await;
        let page = page.form("Thanks").submit().await;
        page.is(200).sees("one reaction");
        assert_eq!(page.attributes("button[name=reaction][aria-pressed=true]", "title"), ["Thanks"]);
        let page = page.form("Well done").submit().await;
        assert_eq!(page.attributes("button[name=reaction][aria-pressed=true]", "title"), ["Well done"], "another one takes its place");
        page.sees("one reaction");
        ada.opens(&path).await.form("Well done").submit().await.sees("2 reactions");

        let page = ruth.opens(&path).await;
        assert!(page.attributes("button[name=reaction]", "value").is_empty(), "never on own posts");
        page.sees("2 reactions");
        ruth.opens("/my/notices").await.sees("Ada and others reacted to your post: A kingfisher (2)");
        assert_eq!(ruth.opens("/my/notices").await.all(".notices > li").len(), 1, "one line for all of them");
        town.guest().open(&format!("/p/{post}/reactions")).await.is(200).sees("Tomas").sees("Ada").sees("Well done");

        let page = tomas.opens(&path).await.form("Well done").submit().await;
        page.sees("one reaction");
        assert!(page.attributes("button[name=reaction][aria-pressed=true]", "title").is_empty(), "pressed again it is taken back");

        let own = ruth.api().await.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "like" })).await.is(403);
        assert!(own.text("/type").contains("own-words"), "{}", own.json);
        let api = tomas.api().await;
        api.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "care" })).await.is(422);
        api.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "like" })).await.is(204);
        let told = api.get(&format!("/posts/{post}/reactions")).await.is(200);
        assert_eq!((told.number("/counts/like"), told.number("/counts/celebrate"), told.text("/mine")), (1, 1, "like"));
        api.delete(&format!("/posts/{post}/reactions")).await.is(204);
        assert_eq!(api.get(&format!("/posts/{post}/reactions")).await.json.pointer("/counts/like"), None);

        let gone = ada.id;
        town.inside(move |tx| tx.tell(&Event::MemberErased { member: gone })).await;
        town.guest().open(&path).await.hides("one reaction");
    }
}

story! {
    async fn nobody_reacts_to_what_is_not_theirs_to_see(town) {
        let inner = [Grant { who: Who::Group, group: None, see: true, reply: true, start: true, moderate: false }];
        let admin = town.admin("anna").await;
        let group = town.inside(|tx| members::create_group(tx, &HOUSE, "Circle", "")).await;
        let snug = category(&town, "Snug", vec![Grant { group: Some(group), ..inner[0].clone() }]).await;
        let (_, post) = thread(&town, &admin, snug, "Among us.").await;
        let outside = town.member("otto").await;
        let api = outside.api().await;
        api.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "like" })).await.is(404);
        api.get(&format!("/posts/{post}/reactions")).await.is(404);
        api.get(&format!("/posts/{post}/poll")).await.is(404);
        api.post(&format!("/posts/{post}/vote"), json!({ "choice": [0] })).await.is(404);
        outside.opens(&format!("/p/{post}/reactions")).await.is(404);
        outside.opens(&format!("/p/{post}/poll")).await.is(404);
    }
}

story! {
    async fn a_poll_is_asked_answered_and_closed(town) {
        category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, ada) = (town.member("ruth").await, town.member("tomas").await, town.member("ada").await);
        let form = ruth.opens("/new-thread").await.form("Start a thread");
        let form = form.choose("category", "1").fill("title", "Where to meet").fill("body", "Let us decide.");
        let page = form.fill("poll_question", "Where?").fill("poll_options", "Slipway").fill("poll_days", "2").submit().await;
        page.is(422).sees("at least two different options");
        let page = page.form("Start a thread").fill("poll_options", "Slipway\nBoat house\nLightship").choose("poll_kind", "single").submit().await;
        page.is(200).sees("Where?").sees("Nobody has voted so far").sees("Boat house");
        let post = 1;
        // What it offers is found, and stands on paper.
        tomas.opens("/search?q=lightship").await.sees("Where to meet");
        tomas.opens("/t/where-to-meet/1/print").await.sees("Where?").sees("Boat house").hides("Change my vote");

        let page = tomas.opens("/t/where-to-meet/1").await;
        page.form("Vote").submit().await.is(422).sees("Please choose something");
        let page = page.form("Vote").choose("choice", "1").submit().await;
        page.is(200).sees("One member has voted").sees("my choice").sees("100 %");
        let page = page.form("Change my vote").choose("choice", "0").submit().await;
        page.is(200).sees("One member has voted");
        ada.opens("/t/where-to-meet/1").await.form("Vote").choose("choice", "0").submit().await.sees("2 members have voted");
        ruth.opens(&format!("/p/{post}/poll")).await.is(200).sees("Who voted for what").sees("Tomas").sees("Slipway");

        let refused = ruth.api().await.post(&format!("/posts/{post}/poll"), json!({ "kind": "multiple", "question": "Else?", "options": ["a", "b"] })).await.is(422);
        assert!(refused.json.to_string().contains("Somebody has voted already"), "{}", refused.json);
        tomas.api().await.post(&format!("/posts/{post}/poll"), json!({ "kind": "multiple", "question": "Mine?", "options": ["a", "b"] })).await.is(403);

        let before = tomas.opens("/t/where-to-meet/1").await;
        town.clock.advance(3 * DAY);
        before.form("Change my vote").choose("choice", "2").submit().await.is(422).sees("This poll is closed");
        let page = town.guest().open("/t/where-to-meet/1").await;
        page.is(200).sees("Closed").sees("2 members have voted");
        assert_eq!(page.all(".poll td.num").first().map(String::as_str), Some("2"), "Slipway");

        let gone = ada.id;
        town.inside(move |tx| tx.tell(&Event::MemberErased { member: gone })).await;
        town.guest().open("/t/where-to-meet/1").await.sees("One member has voted");
    }
}

story! {
    async fn ranked_polls_show_their_rounds_and_secret_ones_nobodys_vote(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, post) = thread(&town, &ruth, field, "Let us decide.").await;
        let page = ruth.opens(&format!("/p/{post}/poll")).await;
        let form = page.form("Ask this").fill("poll_question", "Which first?").fill("poll_options", "Oak\nElm\nAsh");
        form.choose("poll_kind", "ranked").choose("poll_secret", "1").submit().await.is(200).sees("Which first?").sees("Secret");
        // Four for the oak, three for the elm, two for the ash and then the elm.
        for (n, ballot) in [vec![0], vec![0, 1], vec![0], vec![0, 2], vec![1], vec![1], vec![1, 0], vec![2, 1], vec![2, 1]].into_iter().enumerate() {
            let who = town.member(&format!("voter{n}")).await;
            who.api().await.post(&format!("/posts/{post}/vote"), json!({ "choice": ballot })).await.is(204);
        }
        let tomas = town.member("tomas").await;
        let path = format!("/t/a-kingfisher/{id}");
        let page = tomas.opens(&path).await;
        page.sees("9 members have voted").sees("Round 2").sees("Elm");
        let poll = tomas.api().await.get(&format!("/posts/{post}/poll")).await.is(200);
        assert_eq!(poll.text("/winner"), "Elm");
        assert_eq!(poll.json.pointer("/rounds/0/counts"), Some(&json!([4, 3, 2])));
        assert_eq!(poll.json.pointer("/rounds/1/counts"), Some(&json!([4, 5, null])));
        let page = ruth.opens(&format!("/p/{post}/poll")).await;
        page.is(200).hides("Voter0").hides("Who voted for what");
        tomas.api().await.post(&format!("/posts/{post}/vote"), json!({ "choice": [1, 1] })).await.is(422);
        tomas.api().await.post(&format!("/posts/{post}/vote"), json!({ "choice": [7] })).await.is(422);
    }
}

story! {
    async fn a_page_with_reactions_and_a_poll_asks_no_more_however_many_answered(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, post) = thread(&town, &ruth, field, "Let us decide.").await;
        let author = ruth.actor(&town).await;
        let poll = PollDraft::parse("ranked", false, "Where?", "a\nb\nc", "").expect("a poll");
        town.inside(move |tx| forum::put_poll(tx, &author, post, &poll)).await;
        for n in 0..5 {
            reply(&town, &ruth, id, &format!("words {n}")).await;
        }
        let mut counts = Vec::new();
        for n in 0..8 {
            let who = town.member(&format!("one{n}")).await.actor(&town).await;
            let actor = who.clone();
            town.inside(move |tx| {
                forum::vote(tx, &actor, post, &[n % 3])?;
                forum::react(tx, &actor, post, forum::Reaction::Thanks)
            }).await;
            let (page, queries) = town.inside(move |tx| asked(tx, |tx| forum::thread_page(tx, &who, id, 1))).await;
            let first = page.posts.first().expect("the first post");
            assert_eq!(first.poll.as_ref().map(|p| p.voters), Some(i64::try_from(n).unwrap() + 1));
            counts.push(queries);
        }
        assert!(counts.iter().all(|n| n == counts.first().unwrap() && *n <= 6), "{counts:?}");
    }
}

story! {
    async fn what_was_begun_here_goes_on_elsewhere(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let (id, _) = thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        let path = format!("/t/a-kingfisher/{id}");

        let form = tomas.opens(&path).await.form("Save as draft");
        let page = form.fill("body", "I saw it *too*").submit().await;
        page.is(200).sees("Your draft is saved").sees("A kingfisher").sees("I saw it *too*");
        let page = page.follow("Go on with it").await;
        let form = page.form("Send the reply");
        assert_eq!((form.value("body"), form.value("draft_revision")), (Some("I saw it *too*"), Some("1")));

        // Another device saves what it has; the first one does not overwrite it.
        let api = tomas.api().await;
        let saved = api.post("/drafts", json!({ "thread_id": id.0, "body": "From the train", "revision": 1 })).await.is(200);
        assert_eq!(saved.number("/revision"), 2);
        api.post("/drafts", json!({ "thread_id": id.0, "body": "From home", "revision": 1 })).await.is(409);
        let kept = tomas.opens(&format!("/my/drafts/t{id}-reply")).await;
        kept.is(200).sees("From the train");
        assert_eq!(kept.attributes("textarea[data-draft]", "data-draft"), ["2"]);
        ruth.opens(&format!("/my/drafts/t{id}-reply")).await.is(404);
        assert_eq!(ruth.api().await.get("/drafts").await.json.pointer("/items/0"), None);

        form.submit().await.is(200).sees("I saw it too");
        tomas.opens("/my/drafts").await.sees("No drafts").hides("From the train");

        let form = tomas.opens("/new-thread").await.form("Save as draft");
        form.fill("title", "A heron").fill("body", "").fill("tags", "birds").submit().await.sees("A heron");
        let page = tomas.opens("/new-thread?draft=1").await;
        assert_eq!(page.form("Start a thread").value("tags"), Some("birds"));
        tomas.opens("/my/drafts").await.form("Discard").submit().await.is(200).sees("The draft is gone");

        let gone = tomas.id;
        api.post("/drafts", json!({ "title": "x", "body": "y" })).await.is(200);
        town.inside(move |tx| tx.tell(&Event::MemberErased { member: gone })).await;
        assert_eq!(api.get("/drafts").await.json.pointer("/items/0"), None);
    }
}

story! {
    async fn who_was_writing_is_told_what_others_said_meanwhile(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let (id, _) = thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        let path = format!("/t/a-kingfisher/{id}");
        let writing = tomas.opens(&format!("{path}?reply_to=1")).await;
        writing.sees("Ruth").sees("It sat on the bronze heron.");
        let writing = writing.form("Send the reply").fill("body", "Who saw it?");
        reply(&town, &tomas, id, "My own words do not count.").await;
        reply(&town, &ruth, id, "It was me ||and Ada||.").await;
        let page = writing.submit().await;
        page.is(422).sees("Others replied while you were writing").sees("It was me");
        let newer = page.all("#newer .post-text").join(" ");
        assert!(newer.contains("It was me") && !newer.contains("My own words"), "{newer}");
        let form = page.form("Send it all the same");
        assert_eq!(form.value("body"), Some("Who saw it?"));
        form.submit().await.is(200).sees("Who saw it?").sees("4 / 4");
    }
}

story! {
    async fn a_preview_is_the_servers_own_and_shows_what_is_alike(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        let csrf = tomas.opens("/new-thread").await.form("Preview").fill("title", "The kingfisher").fill("body", "> [!warning] Wet\n> paint\n\n:tada: ||secret||").choose("category", "1");
        let page = csrf.submit().await;
        page.is(200).sees("Perhaps this has been talked about").sees("A kingfisher");
        assert_eq!(page.words_of(".callout-warning .callout-title").as_deref(), Some("Wet"));
        assert_eq!(page.words_of(".spoiler").as_deref(), Some("secret"));
        page.sees("\u{1f389}");
        let token = page.form("Preview").value("csrf").unwrap_or_default().to_owned();
        let fields = [("csrf".to_owned(), token), ("title".to_owned(), "kingfisher".to_owned()), ("body".to_owned(), "*soft*".to_owned())];
        let page = tomas.browser.post("/preview", &fields).await;
        assert_eq!(page.words_of("[data-made] em").as_deref(), Some("soft"));
        page.sees("A kingfisher");
        tomas.opens("/complete?kind=member&q=ru").await.is(200).sees("@ruth");
        tomas.opens("/complete?kind=emoji&q=tad").await.is(200).sees("\u{1f389}");
        town.guest().open("/complete?kind=member&q=ru").await.hides("@ruth");
        // What is veiled stands beside no title.
        let (id, post) = thread(&town, &ruth, field, "The ||butler|| did it.").await;
        let path = format!("/t/a-kingfisher/{id}");
        let described = async || {
            let page = town.guest().open(&path).await;
            page.is(200).sees("butler").attributes("meta[name=description]", "content").join(" ")
        };
        let said = described().await;
        assert!(said.contains("did it") && !said.contains("butler"), "{said}");
        for place in ["/u/ruth", "/search?q=butler"] {
            town.guest().open(place).await.is(200).sees("did it").hides("butler did").hides("butler</mark>");
        }
        tomas.opens(&path).await.form("Save").submit().await.is(200);
        tomas.opens("/my/bookmarks").await.sees("did it").hides("butler");
        let mo = town.moderator("moni").await.api().await;
        mo.post(&format!("/posts/{post}/acts/hide"), json!({ "reason": "Away for a moment." })).await.is(200);
        mo.post(&format!("/posts/{post}/acts/unhide"), json!({ "reason": "Back again." })).await.is(200);
        let said = described().await;
        assert!(said.contains("did it") && !said.contains("butler"), "{said}");
    }
}

story! {
    async fn early_edits_leave_no_history_and_wikis_are_edited_by_many(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, nora) = (town.member("ruth").await, town.member("tomas").await, town.newcomer("nora").await);
        let (id, post) = thread(&town, &ruth, field, "Teh first").await;
        ruth.opens(&format!("/p/{post}/edit")).await.form("Save").fill("body", "The first").submit().await.is(200);
        ruth.opens(&format!("/p/{post}/revisions")).await.is(200).hides("Teh first");
        reply(&town, &tomas, id, "An answer").await;
        ruth.opens(&format!("/p/{post}/edit")).await.form("Save").fill("body", "The second").submit().await.is(200);
        ruth.opens(&format!("/p/{post}/revisions")).await.sees("The first").sees("The second").hides("Teh first");

        tomas.opens(&format!("/p/{post}/edit")).await.is(403);
        ruth.opens(&format!("/t/a-kingfisher/{id}")).await.form("Let others edit this").submit().await.is(200).sees("Established members may edit this");
        let page = tomas.opens(&format!("/p/{post}/edit")).await;
        page.is(200).form("Save").fill("body", "The third").submit().await.is(200).sees("The third");
        nora.opens(&format!("/p/{post}/edit")).await.is(403);
        let api = tomas.api().await;
        api.post("/highlights", json!({ "post_id": post.0, "excerpt": "The third" })).await.is(422);
        api.delete(&format!("/posts/{post}/wiki")).await.is(403);
        ruth.api().await.delete(&format!("/posts/{post}/wiki")).await.is(204);
        tomas.opens(&format!("/p/{post}/edit")).await.is(403);
    }
}

story! {
    async fn own_words_are_taken_back_and_brought_back(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("moni").await);
        let (id, _) = thread(&town, &ruth, field, "The first").await;
        let post = reply(&town, &tomas, id, "Hasty words").await;
        let path = format!("/t/a-kingfisher/{id}");
        tomas.opens(&format!("/p/{post}/delete")).await.form("Delete").submit().await.is(200).hides("Hasty words");
        ruth.opens(&path).await.hides("Restore").hides("Hasty words");
        ruth.api().await.post(&format!("/posts/{post}/restoration"), json!({})).await.is(403);
        tomas.opens(&path).await.form("Restore").submit().await.is(200).sees("Hasty words");
        mo.opens(&format!("/p/{post}/delete")).await.form("Delete").choose("rule", "1").submit().await.is(200);
        let page = tomas.opens(&path).await;
        page.hides("Hasty words").hides("Restore");
        tomas.api().await.post(&format!("/posts/{post}/restoration"), json!({})).await.is(403);
    }
}

story! {
    async fn saved_posts_come_back_on_their_day_and_staff_speak_officially(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, mo) = (town.member("ruth").await, town.moderator("moni").await);
        let (id, post) = thread(&town, &mo, field, "We open at nine.").await;
        let path = format!("/t/a-kingfisher/{id}");
        mo.opens(&path).await.form("Mark as said for the community").submit().await.is(200).sees("Official");
        town.guest().open(&path).await.sees("Official");
        ruth.opens(&path).await.form("Save").submit().await.is(200);
        let page = ruth.opens("/my/bookmarks").await;
        page.form("Remind me").fill("remind", "2001-01-01").submit().await.is(422).sees("Please choose a day from tomorrow on");
        let day = jiff::Timestamp::from_microsecond(town.clock.now().0 + 3 * DAY).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
        page.form("Remind me").fill("remind", &day.to_string()).submit().await.is(200).sees("You will be reminded");
        town.inside(forum::send_reminders).await;
        ruth.opens("/my/notices").await.hides("You wanted to be reminded");
        town.clock.advance(4 * DAY);
        let _ = post;
        town.inside(forum::send_reminders).await;
        town.inside(forum::send_reminders).await;
        let page = ruth.opens("/my/notices").await;
        page.sees("You wanted to be reminded of this: A kingfisher");
        assert_eq!(page.all(".notices > li").len(), 1, "once");
    }
}

story! {
    async fn members_tell_of_themselves_wear_badges_and_are_found(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, admin) = (town.member("ruth").await, town.admin("anna").await);
        thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        let page = ruth.opens("/my/details").await;
        let page = page.form("Save").fill("pronouns", "she/her").fill("place", "Coalhythe").fill("links", "javascript:alert(1)").submit().await;
        page.is(422).sees("web addresses that begin with https");
        assert_eq!(page.form("Save").value("place"), Some("Coalhythe"));
        page.form("Save").fill("links", "https://ruth.example/birds").submit().await.is(200);
        let page = admin.opens("/admin/badges").await;
        page.form("Make it").fill("name", "Boat hook").choose("rule", "hand").submit().await.is(200).sees("Boat hook");
        ruth.opens("/admin/badges").await.is(403);
        admin.opens("/admin/badges").await.form("Give it: Boat hook").fill("member", "@ruth").submit().await.is(200).sees("Boat hook");
        town.inside(members::give_earned).await;
        town.inside(members::give_earned).await;
        let page = town.guest().open("/u/ruth").await;
        page.is(200).sees("she/her").sees("Coalhythe").sees("Boat hook").sees("First post").hides("A year here");
        assert_eq!(page.attributes("a[rel~=nofollow][rel~=ugc]", "href"), ["https://ruth.example/birds"]);
        let page = page.follow("Threads").await;
        page.is(200).sees("A kingfisher");
        ruth.opens("/members").await.is(200).sees("Anna");
        ruth.opens("/members?q=ann").await.is(200).sees("Anna").hides("Moni");
        town.guest().open("/members").await.hides("Anna");
        town.clock.advance(366 * DAY);
        town.inside(members::give_earned).await;
        town.guest().open("/u/ruth").await.sees("A year here");
        let gone = ruth.id;
        town.inside(move |tx| tx.tell(&Event::MemberErased { member: gone })).await;
        let left = town.inside(move |tx| Ok((members::badges_of(tx, gone)?.len(), members::details_of(tx, gone)?.place))).await;
        assert_eq!(left, (0, String::new()));
    }
}

story! {
    async fn whoever_is_ignored_is_folded_and_not_told_of_and_staff_never_are(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("moni").await);
        let (id, post) = thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        reply(&town, &tomas, id, "Loud words").await;
        let path = format!("/t/a-kingfisher/{id}");
        ruth.opens("/u/tomas").await.form("Ignore").submit().await.is(200).sees("Their posts are folded");
        let page = ruth.opens(&path).await;
        assert_eq!(page.words_of("details.folded .post-text").as_deref(), Some("Loud words"));
        // What an ignored member asks everybody is folded with the words.
        ruth.opens("/u/tomas").await.form("Hear them again").submit().await.is(200);
        let asked = tomas.api().await.post("/threads", json!({ "category_id": field.0, "title": "Loud or quiet", "body": "Say." })).await.is(201).number("/id");
        let first = tomas.api().await.get(&format!("/threads/{asked}/posts")).await.number("/items/0/id");
        tomas.api().await.post(&format!("/posts/{first}/poll"), json!({ "kind": "single", "question": "Which?", "options": ["Loud", "Quiet"] })).await.is(200);
        ruth.opens("/u/tomas").await.form("Ignore").submit().await.is(200);
        let folded = ruth.opens(&format!("/t/loud-or-quiet/{asked}")).await;
        assert!(folded.words_of("details.folded .poll").is_some(), "{}", folded.words());
        assert!(tomas.opens(&path).await.words_of("details.folded").is_none(), "nobody else's page changes");
        tomas.api().await.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "like" })).await.is(204);
        ruth.opens("/my/notices").await.hides("Tomas");
        assert!(!ruth.opens("/u/moni").await.has_button("Ignore"));
        let page = ruth.opens("/u/tomas").await;
        page.form("Hear them again").submit().await.is(200);
        assert!(ruth.opens(&path).await.words_of("details.folded").is_none());
        let (me, them) = (ruth.actor(&town).await, mo.id);
        assert!(town.try_inside(move |tx| members::ignore(tx, &me, them)).await.is_err());
    }
}

story! {
    async fn a_bare_link_gets_a_card_and_no_page_loads_from_another_host(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let outside = Outside::open(|asked| match asked.place() {
            "/kingfisher" => Answered::text(200, "<!doctype html><head><title>plain</title><meta property=og:title content='The kingfisher &lt;b&gt;'><meta property=og:description content='Small and blue.'><meta property=og:image content='/bird.png'></head>").with("content-type", "text/html; charset=utf-8"),
            "/bird.png" => Answered::Answer { status: 200, headers: vec![("content-type".to_owned(), "image/png".to_owned())], body: png(1_200, 800) },
            _ => Answered::text(404, "no").with("content-type", "text/html"),
        });
        let url = format!("{}/kingfisher", outside.base);
        let (id, _) = thread(&town, &ruth, field, &format!("Look:\n\n{url}\n\nand [this]({url}/other)\n\n{}/missing", outside.base)).await;
        let path = format!("/t/a-kingfisher/{id}");
        let page = town.guest().open(&path).await;
        assert!(page.all(".link-card").is_empty(), "nothing is fetched while a page is read");
        assert!(outside.asked().is_empty());
        town.work().await;
        let page = town.guest().open(&path).await;
        assert_eq!(page.all(".link-card b"), ["The kingfisher <b>"]);
        page.sees("Small and blue.");
        let pictures = page.attributes(".link-card img", "src");
        assert_eq!(pictures.len(), 1);
        assert!(pictures[0].starts_with("/link-pictures/link-"), "{pictures:?}");
        let picture = town.guest().send("GET", &pictures[0], None, &[]).await;
        assert!(picture.status == 200 && picture.header("content-type").is_some_and(|kind| kind.starts_with("image/")));
        assert!(page.attributes("img[src]", "src").iter().all(|src| src.starts_with('/')));
        assert_eq!(outside.asked().len(), 3, "the page, its picture, and what is missing; each once");
        thread(&town, &ruth, field, &url).await;
        town.work().await;
        assert_eq!(outside.asked().len(), 3, "what is known is not fetched again");
        loggia::jobs::tidy(&town.node.app).await.expect("tidied");
        town.guest().send("GET", &pictures[0], None, &[]).await.is(200);
    }
}

story! {
    async fn links_to_private_places_are_never_called(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let inner = ["http://10.0.0.1/x", "http://[::1]/x", "http://169.254.169.254/latest/meta-data", "http://localhost.localdomain:22/x", "http://2130706434/x"];
        for link in inner {
            let (id, _) = thread(&town, &ruth, field, link).await;
            town.work().await;
            let page = town.guest().open(&format!("/t/a-kingfisher/{id}")).await;
            assert!(page.all(".link-card").is_empty(), "{link}");
        }
        let [_, barred, _] = town.node.app.outbound.counts();
        assert!(barred.1 >= 4, "{:?}", town.node.app.outbound.counts());
    }
}

story! {
    async fn a_thread_is_printed_a_size_chosen_and_the_place_put_on_a_home_screen(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let (id, _) = thread(&town, &ruth, field, "It sat on the bronze heron.").await;
        for n in 2..=102 {
            reply(&town, &ruth, id, &format!("words number {n} end")).await;
        }
        let page = town.guest().open(&format!("/t/a-kingfisher/{id}/print")).await;
        page.is(200).sees("bronze heron").sees("words number 100 end").hides("words number 101 end");
        page.follow("The next sheet").await.sees("words number 102 end").hides("words number 100 end");
        let page = ruth.opens("/appearance").await.form("Larger").submit().await;
        page.is(200);
        assert_eq!(ruth.opens("/latest").await.attributes("html", "data-size"), ["larger"]);
        ruth.opens("/appearance").await.form("As usual").submit().await;
        assert!(ruth.opens("/latest").await.attributes("html[data-size]", "data-size").is_empty());
        let told = town.guest().open("/manifest.webmanifest").await;
        assert_eq!(told.header("content-type"), Some("application/manifest+json"));
        town.guest().open("/offline").await.is(200).sees("No connection");
        let worker = town.guest().open("/sw.js").await;
        assert!(worker.status == 200 && worker.header("content-type").is_some_and(|kind| kind.contains("javascript")));
    }
}
