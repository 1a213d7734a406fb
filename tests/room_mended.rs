//! Stories of the room where it once went wrong: counts that told of what nobody could see, marks that an undoing took
//! along, words that the later of two never saw.

use loggia::forum::{self, Grant, Level, Who};
use loggia::kit::clock::MINUTE;
use loggia::kit::ids::{CategoryId, ThreadId};
use loggia::policy::PostState;
use serde_json::json;

use crate::story;
use crate::support::queries::asked;
use crate::town::talk::{HOUSE, category, reply, reply_to, started};
use crate::town::{Page, Person, Town};

async fn thread(town: &Town, by: &Person, category: CategoryId, title: &str) -> ThreadId {
    started(town, by, category, (title, ""), "First words")
        .await
        .0
}

/// Gives the moderators alone a room.
async fn back_room(town: &Town) -> CategoryId {
    let group = town
        .inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", ""))
        .await;
    let grants = vec![Grant {
        who: Who::Group,
        group: Some(group),
        see: true,
        reply: true,
        start: true,
        moderate: false,
    }];
    category(town, "Back room", grants).await
}

story! {
    async fn a_title_changed_by_two_shows_the_later_what_the_earlier_saved(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let ruth = town.member("ruth").await;
        let mo = town.moderator("mo").await;
        let ada = town.admin("ada").await;
        let id = thread(&town, &ruth, field, "A ring").await;
        let late = ada.opens(&format!("/threads/{id}/edit")).await.form("Save").fill("title", "Ada's ring");
        let page = mo.opens(&format!("/threads/{id}/edit")).await;
        page.form("Save").fill("title", "Mo's ring").fill("tags", "birds").submit().await.is(200);
        let page = late.submit().await;
        page.is(422).sees("Title and tags as they were saved meanwhile").sees("Mo's ring").sees("birds");
        let form = page.form("Save");
        assert_eq!(form.value("title"), Some("Ada's ring"), "nothing typed is lost");
        form.submit().await.is(200).sees("Ada's ring");
    }
}

story! {
    async fn a_reply_keeps_whom_it_answers_through_preview_and_refusal(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        reply(&town, &ruth, id, "It was silver, with a bird on it").await;
        reply(&town, &ruth, id, "And one more").await;
        let page = tomas.opens(&format!("/t/a-ring/{id}?reply_to=2")).await;
        page.sees("It was silver, with a bird");
        let page = page.form("Preview").fill("body", "I saw it too").submit().await;
        page.is(200);
        let shown = page.words_of(".reply form").unwrap_or_default();
        assert!(shown.contains("Ruth") && shown.contains("It was silver"), "{shown}");
        let page = page.form("Send the reply").fill("body", " ").submit().await;
        page.is(422);
        let shown = page.words_of(".reply form").unwrap_or_default();
        assert!(shown.contains("It was silver"), "{shown}");
    }
}

story! {
    async fn another_draft_for_the_same_place_is_not_written_over_unseen(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        let path = format!("/t/a-ring/{id}");
        let (first, second) = (tomas.opens(&path).await, tomas.opens(&path).await);
        first.form("Save as draft").fill("body", "From the train").submit().await.sees("Your draft is saved");
        let page = second.form("Save as draft").fill("body", "From home").submit().await;
        page.is(422).sees("Another draft of yours was saved here before");
        assert_eq!(page.form("Save as draft").value("body"), Some("From home"), "nothing typed is lost");
        let page = tomas.opens(&format!("{path}?draft=1")).await;
        let form = page.form("Save as draft");
        assert_eq!(form.value("body"), Some("From the train"));
        form.fill("body", "From the train, later").submit().await.sees("Your draft is saved");
    }
}

story! {
    async fn figures_on_a_profile_tell_only_of_what_the_reader_sees(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let room = back_room(&town).await;
        let (ruth, ada) = (town.member("ruth").await, town.admin("ada").await);
        let open = thread(&town, &ada, field, "A ring").await;
        let closed = thread(&town, &ada, room, "A leak").await;
        reply(&town, &ada, closed, "Again").await;
        let gone = reply(&town, &ada, open, "Not for long").await;
        let actor = ada.actor(&town).await;
        town.inside(move |tx| forum::delete_post(tx, &actor, gone, None)).await;
        let figures = |page: Page| page.all(".tile b");
        assert_eq!(figures(town.guest().open("/u/ada").await)[..2], ["1", "1"]);
        assert_eq!(figures(ruth.opens("/u/ada").await)[..2], ["1", "1"]);
        assert_eq!(figures(ada.opens("/u/ada").await)[..2], ["3", "2"], "who sees the room counts it");
        let told = ruth.api().await.get("/members/ada").await.is(200);
        assert_eq!((told.number("/posts"), told.number("/threads")), (1, 1));
    }
}

story! {
    async fn the_bell_does_not_count_what_its_page_leaves_out(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, pia) = (town.member("ruth").await, town.member("tomas").await, town.member("pia").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        reply(&town, &ruth, id, "Look, @tomas").await;
        reply(&town, &pia, id, "You too, @tomas").await;
        town.work().await;
        tomas.opens("/my/notices").await.sees("2 are new");
        let (me, them) = (tomas.actor(&town).await, ruth.id);
        town.inside(move |tx| loggia::members::ignore(tx, &me, them)).await;
        tomas.opens("/my/notices").await.sees("One is new").hides("Ruth called");
        assert_eq!(tomas.opens("/latest").await.all(".top .count"), ["1"]);
    }
}

story! {
    async fn unread_posts_are_those_that_are_there(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("mo").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        tomas.opens(&format!("/t/a-ring/{id}")).await.is(200);
        let follower = tomas.actor(&town).await;
        town.inside(move |tx| forum::follow_thread(tx, &follower, id, Level::Tracking)).await;
        let mut posts = Vec::new();
        for n in 2..=5 {
            posts.push(reply(&town, &ruth, id, &format!("words {n}")).await);
        }
        let actor = mo.actor(&town).await;
        town.inside(move |tx| {
            for post in posts.iter().take(3) {
                forum::delete_post(tx, &actor, *post, Some("twice"))?;
            }
            Ok(())
        })
        .await;
        let page = tomas.opens("/unread").await;
        assert!(page.all(".threads .count")[0].starts_with('1'), "{:?}", page.all(".threads .count"));
        let told = tomas.api().await.get(&format!("/threads/{id}")).await.is(200);
        assert_eq!(told.number("/unread_count"), 1);
    }
}

story! {
    async fn what_was_opened_after_marking_all_stays_read_when_that_is_undone(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let mut ids = Vec::new();
        for title in ["A ring", "A gull"] {
            let id = thread(&town, &ruth, field, title).await;
            reply(&town, &tomas, id, "Mine").await;
            town.clock.advance(MINUTE);
            reply(&town, &ruth, id, "Yours").await;
            ids.push(id);
        }
        let page = tomas.opens("/unread").await;
        page.sees("A ring").sees("A gull");
        page.form("Mark all as read").submit().await.is(200);
        tomas.opens(&format!("/t/a-ring/{}", ids[0])).await.is(200);
        let page = tomas.opens("/unread").await.form("Undo").submit().await;
        page.sees("A gull").hides("A ring");
    }
}

story! {
    async fn a_category_turned_up_and_down_leaves_tracked_what_one_wrote_in(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        let other = thread(&town, &ruth, field, "A gull").await;
        tomas.opens(&format!("/t/a-gull/{other}")).await.is(200);
        reply(&town, &tomas, id, "Mine").await;
        for level in [Level::Watching, Level::Normal] {
            let actor = tomas.actor(&town).await;
            town.inside(move |tx| forum::follow_category(tx, &actor, field, level)).await;
        }
        reply(&town, &ruth, id, "Yours").await;
        reply(&town, &ruth, other, "Also yours").await;
        tomas.opens("/unread").await.sees("A ring").hides("A gull");
    }
}

story! {
    async fn a_muted_category_is_silent_even_where_somebody_calls(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let id = thread(&town, &ruth, field, "A ring").await;
        let kept = thread(&town, &ruth, field, "A gull").await;
        let actor = tomas.actor(&town).await;
        town.inside(move |tx| {
            forum::follow_category(tx, &actor, field, Level::Muted)?;
            forum::follow_thread(tx, &actor, kept, Level::Tracking)
        })
        .await;
        reply(&town, &ruth, id, "Look, @tomas").await;
        reply(&town, &ruth, kept, "Here, @tomas").await;
        town.work().await;
        tomas.opens("/my/notices").await.sees("A gull").hides("A ring");
    }
}

story! {
    async fn lists_of_a_category_and_a_tag_say_what_is_new(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        town.clock.advance(MINUTE);
        started(&town, &ruth, field, ("A ring", "birds"), "First words").await;
        let fresh = |page: Page| page.all(".threads .fresh").len();
        let latest = fresh(tomas.opens("/latest").await);
        assert_eq!(latest, 1, "one new thread");
        assert_eq!(fresh(tomas.opens(&format!("/c/field-notes/{field}")).await), 1);
        assert_eq!(fresh(tomas.opens("/tag/birds").await), 1);
        assert_eq!(fresh(ruth.opens("/tag/birds").await), 0, "one's own threads are not new");
        assert_eq!(fresh(town.guest().open("/tag/birds").await), 0);
    }
}

story! {
    async fn a_category_pins_as_many_threads_as_its_page_shows(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, mo) = (town.member("ruth").await, town.moderator("mo").await);
        let mut ids = Vec::new();
        for n in 0..21 {
            ids.push(thread(&town, &ruth, field, &format!("Thread {n}")).await);
        }
        let (last, actor) = (ids.pop().expect("a thread"), mo.actor(&town).await);
        town.inside(move |tx| {
            for id in &ids {
                forum::pin_thread(tx, &actor, *id)?;
            }
            Ok(())
        })
        .await;
        let page = mo.opens(&format!("/threads/{last}/pin")).await;
        page.form("Pin this thread").submit().await.is(422).sees("20 threads are pinned in this category");
    }
}

story! {
    async fn programs_are_told_of_a_thread_and_a_post_what_readers_see(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas, mo) = (town.member("ruth").await, town.member("tomas").await, town.moderator("mo").await);
        let (id, first) = started(&town, &ruth, field, ("A ring", ""), "First words").await;
        let answer = reply_to(&town, &mo, id, "It is mine", None).await;
        let (asker, staff) = (ruth.actor(&town).await, mo.actor(&town).await);
        town.inside(move |tx| {
            forum::mark_answer(tx, &asker, answer)?;
            forum::set_official(tx, &staff, answer, true)
        })
        .await;
        let api = tomas.api().await;
        api.post(&format!("/posts/{answer}/reactions"), json!({ "reaction": "thanks" })).await.is(204);
        let told = api.get(&format!("/threads/{id}")).await.is(200);
        assert_eq!(told.number("/answer_number"), 2);
        assert_eq!(told.json.pointer("/archived"), Some(&json!(false)));
        assert_eq!(told.text("/level"), "normal");
        let told = api.get(&format!("/posts/{answer}")).await.is(200);
        assert_eq!(told.json.pointer("/official"), Some(&json!(true)));
        assert_eq!(told.json.pointer("/author/staff"), Some(&json!(true)));
        assert_eq!(told.json.pointer("/answer"), Some(&json!(true)));
        assert_eq!(told.number("/reactions/thanks"), 1);
        assert_eq!(told.text("/my_reaction"), "thanks");
        let told = api.get(&format!("/posts/{first}")).await.is(200);
        assert_eq!(told.json.pointer("/poll"), Some(&json!(null)));
        assert_eq!(told.text("/state"), PostState::Visible.as_str());
    }
}

story! {
    async fn a_page_of_notices_costs_the_same_however_many_there_are(town) {
        let field = category(&town, "Field notes", vec![]).await;
        let (ruth, tomas) = (town.member("ruth").await, town.member("tomas").await);
        let mut costs = Vec::new();
        for calls in [2, 12] {
            for n in 0..calls {
                let id = thread(&town, &ruth, field, &format!("Thread {calls} {n}")).await;
                reply(&town, &ruth, id, "Look, @tomas").await;
            }
            town.work().await;
            let actor = tomas.actor(&town).await;
            let (found, queries) = town
                .inside(move |tx| asked(tx, |tx| loggia::notifications::list(tx, &actor, None)))
                .await;
            costs.push((found.lines.len(), queries));
        }
        assert!(costs[1].0 > costs[0].0 + 5, "{costs:?}");
        assert_eq!(costs[0].1, costs[1].1, "as many queries");
    }
}
