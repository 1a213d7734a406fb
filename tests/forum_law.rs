//! What must hold of the forum whatever people do: nothing hidden shows anywhere, counters equal a recount, pages lose
//! and double nothing, and hot pages ask few questions.

use std::collections::BTreeMap;

use diesel::prelude::*;
use loggia::db::Tx;
use loggia::db::schema::{categories, members as people, posts, threads};
use loggia::forum::{self, CategoryDraft, Grant, Listing, NewThread, Tags, Title, Who, Words};
use loggia::kit::Result;
use loggia::kit::clock::SECOND;
use loggia::kit::ids::{CategoryId, GroupId, MemberId, PostId, ThreadId};
use loggia::members;
use loggia::policy::{Action, Actor, PostState};

use crate::story;
use crate::support::queries::asked;

const HOUSE: Actor = Actor::System("scene");
const BASE: &str = "http://town.example";

fn words(text: &str) -> Words {
    Words::parse(text, BASE).expect("words")
}

fn start(
    tx: &mut Tx<'_>,
    by: &Actor,
    category: CategoryId,
    title: &str,
    body: &str,
) -> Result<(ThreadId, PostId)> {
    let new = NewThread {
        category,
        title: Title::parse(title).expect("a title"),
        words: words(body),
        tags: Tags::parse("canary-tag").expect("tags"),
    };
    let started = forum::start(tx, by, &new)?;
    Ok((started.thread, started.post))
}

fn category(
    tx: &mut Tx<'_>,
    name: &str,
    who: Option<(Who, Option<GroupId>)>,
) -> Result<CategoryId> {
    let grants = who.map(|(who, group)| Grant {
        who,
        group,
        see: true,
        reply: true,
        start: true,
        moderate: false,
    });
    let draft = CategoryDraft {
        name: name.to_owned(),
        grants: grants.into_iter().collect(),
        ..CategoryDraft::default()
    };
    forum::create_category(tx, &HOUSE, &draft)
}

/// A word that stands only in what the reader must not see.
const CANARY: &str = "zyzzyva";

story! {
    async fn nothing_hidden_shows_on_any_surface(town) {
        let ruth = town.member("ruth").await;
        let eve = town.member("evelyn").await;
        let ruth_id = ruth.id;
        // One verb a transaction: locks are taken in one order, and a scene is no exception.
        let (open, circle) = town.inside(move |tx| {
            let group = members::create_group(tx, &HOUSE, "Keepers", "")?;
            members::join_group(tx, &HOUSE, group, ruth_id)?;
            let circle = Some((Who::Group, Some(group)));
            Ok((category(tx, "Open", None)?, category(tx, "Circle zyzzyva", circle)?))
        }).await;
        let author = ruth.actor(&town).await;
        let starts = async |room: CategoryId, title: &'static str, body: String| {
            let author = author.clone();
            town.inside(move |tx| start(tx, &author, room, title, &body)).await
        };
        let whole = "Whole zyzzyva";
        let body = format!("The word is {CANARY}.");
        let mut all = Vec::new();
        let (shown, _) = starts(open, "Shown", "A plain beginning".to_owned()).await;
        for hide in [true, false] {
            let (me, said) = (author.clone(), words(&body));
            let post = town.inside(move |tx| forum::reply(tx, &me, shown, &said, None)).await.post;
            let (me, said) = (author.clone(), words(&format!("{body} Again.")));
            town.inside(move |tx| forum::edit_post(tx, &me, post, &said, 1, CANARY)).await;
            let reason = Some(CANARY);
            town.inside(move |tx| match hide {
                true => forum::hide_post(tx, &HOUSE, post, reason),
                false => forum::delete_post(tx, &HOUSE, post, reason),
            }).await;
            all.push((shown, post));
        }
        let (first_hidden, post) = starts(open, "First hidden", body.clone()).await;
        let me = author.clone();
        town.inside(move |tx| forum::reply(tx, &me, first_hidden, &words("An answer"), None)).await;
        town.inside(move |tx| forum::hide_post(tx, &HOUSE, post, None)).await;
        all.push((first_hidden, post));
        let hidden = starts(open, whole, body.clone()).await;
        town.inside(move |tx| forum::hide_thread(tx, &HOUSE, hidden.0, None)).await;
        let deleted = starts(open, whole, body.clone()).await;
        town.inside(move |tx| forum::delete_thread(tx, &HOUSE, deleted.0, None)).await;
        let inner = starts(circle, whole, body.clone()).await;
        let moved = starts(open, whole, body.clone()).await;
        town.inside(move |tx| forum::move_thread(tx, &HOUSE, moved.0, circle, None)).await;
        all.extend([hidden, deleted, inner, moved]);
        let rooms = [open, circle];

        let mut pages: Vec<String> = ["/", "/latest", "/new", "/categories", "/tag/canary-tag", "/latest.rss", "/latest.atom", "/latest.json",
            "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/1.xml", "/u/ruth", "/new-thread",
            "/search?q=zyzzyv", "/search?q=the+word+is+&order=newest"].map(str::to_owned).into();
        let mut programs: Vec<String> = ["/categories", "/threads", "/threads?tag=canary-tag", "/members/ruth", "/search?q=zyzzyv", "/search?q=%40ruth"].map(str::to_owned).into();
        for room in rooms {
            pages.extend(["", ".rss", ".atom", ".json"].map(|end| format!("/c/x/{room}{end}")));
            programs.push(format!("/threads?category={room}"));
        }
        for (thread, post) in &all {
            for end in ["", ".rss", ".atom", ".json", "/1", "/2", "/3", "?quote=1", "?quote=2", "?quote=3", "?reply_to=2"] {
                pages.push(format!("/t/x/{thread}{end}"));
            }
            for act in ["lock", "move", "edit", "restore"] {
                pages.push(format!("/threads/{thread}/{act}"));
            }
            for end in ["", "/revisions", "/edit", "/delete", "/hide", "/restore"] {
                pages.push(format!("/p/{post}{end}"));
            }
            programs.extend([format!("/threads/{thread}"), format!("/threads/{thread}/posts"), format!("/posts/{post}")]);
        }
        for path in &pages {
            for (who, browser) in [("guest", town.guest()), ("evelyn", eve.browser.clone())] {
                let page = browser.open(path).await;
                assert!(page.status < 500, "{who} {path}: {}", page.status);
                assert!(!page.html.contains(CANARY), "{who} finds the word at {path} ({})", page.path);
            }
        }
        let api = eve.api().await;
        for path in &programs {
            for (who, program) in [("nobody", town.api(None)), ("evelyn", api.clone())] {
                let reply = program.get(path).await;
                assert!(reply.status < 500, "{who} {path}: {}", reply.status);
                assert!(!reply.json.to_string().contains(CANARY), "{who} finds the word at {path}: {}", reply.json);
            }
        }
        // What is not for somebody and what never was are told apart by nothing.
        let (inner, post) = all[5];
        for (forbidden, unknown) in [(format!("/t/x/{inner}"), "/t/x/99999".to_owned()), (format!("/p/{post}"), "/p/99999".to_owned()), (format!("/c/x/{}", rooms[1]), "/c/x/99999".to_owned())] {
            let (one, other) = (town.guest().open(&forbidden).await, town.guest().open(&unknown).await);
            assert_eq!((one.status, other.status), (404, 404), "{forbidden}");
            assert_eq!(one.words_of("h1"), other.words_of("h1"));
        }
    }
}

/// A row of small numbers that is the same at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Everything that is counted in a row, counted again.
fn recounted(tx: &mut Tx<'_>) -> Result<()> {
    let all: Vec<(
        ThreadId,
        Option<CategoryId>,
        Option<MemberId>,
        PostState,
        i64,
        i64,
        i64,
    )> = threads::table
        .select((
            threads::id,
            threads::category_id,
            threads::author_id,
            threads::state,
            threads::post_count,
            threads::last_post_number,
            threads::last_post_at,
        ))
        .load(tx.conn)?;
    let said: Vec<(ThreadId, i64, Option<MemberId>, PostState, i64)> = posts::table
        .select((
            posts::thread_id,
            posts::number,
            posts::author_id,
            posts::state,
            posts::created_at,
        ))
        .order(posts::number)
        .load(tx.conn)?;
    let mut rooms: BTreeMap<i64, (i64, i64, Option<i64>)> = BTreeMap::new();
    let mut by: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for (id, room, author, state, count, last_number, last_at) in &all {
        let visible: Vec<_> = said
            .iter()
            .filter(|p| p.0 == *id && p.3 == PostState::Visible)
            .collect();
        assert_eq!(*count, visible.len() as i64, "posts of thread {id}");
        assert_eq!(
            *last_number,
            visible.last().map_or(0, |p| p.1),
            "last number of thread {id}"
        );
        if let Some(last) = visible.last() {
            assert_eq!(*last_at, last.4, "last activity of thread {id}");
        }
        if *state == PostState::Visible {
            let room = rooms.entry(room.map_or(0, |r| r.0)).or_default();
            *room = (room.0 + 1, room.1 + count, room.2.max(Some(*last_at)));
            by.entry(author.map_or(0, |a| a.0)).or_default().0 += 1;
        }
    }
    for post in said.iter().filter(|p| p.3 == PostState::Visible) {
        by.entry(post.2.map_or(0, |a| a.0)).or_default().1 += 1;
    }
    let kept: Vec<(i64, i64, i64, Option<i64>)> = categories::table
        .select((
            categories::id,
            categories::thread_count,
            categories::post_count,
            categories::last_post_at,
        ))
        .load(tx.conn)?;
    for (id, thread_count, post_count, last) in kept {
        assert_eq!(
            (thread_count, post_count, last),
            rooms.get(&id).copied().unwrap_or_default(),
            "category {id}"
        );
    }
    let kept: Vec<(i64, i64, i64)> = people::table
        .select((people::id, people::thread_count, people::post_count))
        .load(tx.conn)?;
    for (id, thread_count, post_count) in kept {
        assert_eq!(
            (thread_count, post_count),
            by.get(&id).copied().unwrap_or_default(),
            "member {id}"
        );
    }
    Ok(())
}

story! {
    async fn counters_always_equal_a_recount(town) {
        let authors = [town.member("ruth").await.id, town.member("tomas").await.id];
        let rooms = town.inside(|tx| Ok([category(tx, "One", None)?, category(tx, "Two", None)?])).await;
        for seed in 1..=4_u64 {
            let mut dice = Dice(seed);
            for _ in 0..60 {
                town.clock.advance(SECOND);
                let (what, which, room, who) = (dice.roll(14), dice.roll(60) as i64 + 1, dice.roll(2) as usize, dice.roll(2) as usize);
                let (room, who) = (rooms[room], authors[who]);
                // Most of these are refused at some time; a refusal must change nothing either.
                let done = town.try_inside(move |tx| {
                    let me = members::actor(tx, who)?;
                    let (post, thread) = (PostId(which), ThreadId(which / 3));
                    match what {
                        0..=1 => start(tx, &me, room, "A talk", "words").map(drop),
                        2..=5 => forum::reply(tx, &me, thread, &words("an answer"), None).map(drop),
                        6 => forum::hide_post(tx, &HOUSE, post, None),
                        7 => forum::unhide_post(tx, &HOUSE, post),
                        8 => forum::delete_post(tx, &HOUSE, post, None),
                        9 => forum::restore_post(tx, &HOUSE, post),
                        10 => forum::hide_thread(tx, &HOUSE, thread, None),
                        11 => forum::unhide_thread(tx, &HOUSE, thread),
                        12 => forum::move_thread(tx, &HOUSE, thread, room, None),
                        _ => forum::pin_thread(tx, &HOUSE, thread),
                    }
                }).await;
                assert!(!matches!(done, Err(loggia::kit::Stop::Fault(_))), "{done:?}");
                town.inside(recounted).await;
            }
        }
    }
}

story! {
    async fn pages_lose_and_double_nothing_while_people_write(town) {
        let ruth = town.member("ruth").await;
        let me = ruth.actor(&town).await;
        let room = town.inside(|tx| category(tx, "One", None)).await;
        for n in 0..30 {
            let me = me.clone();
            town.clock.advance(SECOND);
            town.inside(move |tx| start(tx, &me, room, &format!("Talk {n}"), "words")).await;
        }
        for listing in [Listing::Latest, Listing::New, Listing::Category(room)] {
            let (mut found, mut after) = (Vec::new(), None::<String>);
            loop {
                let key = after.clone();
                let page = town.inside(move |tx| {
                    let places = forum::places(tx)?;
                    forum::list(tx, &HOUSE, &places, listing, key.as_deref(), 7)
                }).await;
                found.extend(page.items.into_iter().map(|item| item.id.0));
                after = page.next;
                if after.is_none() { break }
                // Somebody starts a thread, and an old one is taken away, while the reader turns the page.
                let me = me.clone();
                town.clock.advance(SECOND);
                town.inside(move |tx| start(tx, &me, room, "In between", "words")).await;
            }
            let mut once = found.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), found.len(), "{listing:?} doubles a thread: {found:?}");
            for id in 1..=30 {
                assert!(found.contains(&id), "{listing:?} loses thread {id}");
            }
        }
        // A post's page never changes, whatever is taken away before it.
        let me2 = me.clone();
        let id = town.inside(move |tx| {
            let (id, _) = start(tx, &me2, room, "Long", "words")?;
            for n in 2..=50 {
                forum::reply(tx, &me2, id, &words(&format!("number {n}")), None)?;
            }
            Ok(id)
        }).await;
        let mut dice = Dice(7);
        for _ in 0..20 {
            let number = dice.roll(49) as i64 + 2;
            let _refused_twice = town.try_inside(move |tx| {
                let spot = forum::address(tx, &HOUSE, id, number)?;
                let page = forum::thread_page(tx, &HOUSE, id, forum::page_of(spot.number))?;
                let post = page.posts.iter().find(|p| p.number == number).map(|p| p.id).unwrap_or(PostId(0));
                forum::delete_post(tx, &HOUSE, post, None)
            }).await;
            for page in 1..=3_i64 {
                let numbers: Vec<i64> = town.inside(move |tx| forum::thread_page(tx, &Actor::Guest, id, page)).await.posts.iter().map(|p| p.number).collect();
                let expected: Vec<i64> = ((page - 1) * 20 + 1..=(page * 20).min(50)).collect();
                assert_eq!(numbers, expected);
            }
        }
    }
}

story! {
    async fn hot_pages_ask_few_questions(town) {
        let ruth = town.member("ruth").await;
        let me = ruth.actor(&town).await;
        let counts = town.inside(move |tx| {
            let room = category(tx, "One", None)?;
            let (id, _) = start(tx, &me, room, "Talk", "words")?;
            for n in 0..19 {
                forum::reply(tx, &me, id, &words(&format!("number {n}")), None)?;
            }
            for n in 0..20 {
                start(tx, &me, room, &format!("Talk {n}"), "words")?;
            }
            let page = asked(tx, |tx| forum::thread_page(tx, &Actor::Guest, id, 1))?.1;
            let latest = asked(tx, |tx| {
                let places = forum::places(tx)?;
                forum::list(tx, &Actor::Guest, &places, Listing::Latest, None, 30)
            })?.1;
            Ok((page, latest))
        }).await;
        assert_eq!(counts, (5, 4), "a thread page of twenty posts, and the latest list");
    }
}

story! {
    async fn rows_and_law_agree_on_who_sees_what(town) {
        let groups = town.inside(|tx| Ok([members::create_group(tx, &HOUSE, "Gulls", "")?, members::create_group(tx, &HOUSE, "Herons", "")?])).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let moni = town.moderator("moni").await;
        let (a, b) = (ruth.id, tomas.id);
        town.inside(move |tx| members::join_group(tx, &HOUSE, groups[0], a)).await;
        let mut dice = Dice(11);
        for n in 0..8 {
            let who = match dice.roll(4) { 0 => None, 1 => Some((Who::Members, None)), k => Some((Who::Group, Some(groups[(k - 2) as usize]))) };
            let states: Vec<u64> = (0..6).map(|_| dice.roll(6)).collect();
            let room = town.inside(move |tx| category(tx, &format!("Room {n}"), who)).await;
            for (at, state) in states.into_iter().enumerate() {
                let started = town.inside(move |tx| {
                    let new = NewThread { category: room, title: Title::parse("Talk").expect("a title"), words: words("one"), tags: Tags::default() };
                    let me = members::actor(tx, if at % 2 == 0 { a } else { b })?;
                    // Whoever cannot start there has the house start it.
                    let by = if me.can(&Action::Start(&forum::category_facts(tx, room)?)) { me } else { HOUSE };
                    let started = forum::start(tx, &by, &new)?;
                    forum::reply(tx, &by, started.thread, &words("two"), None)?;
                    Ok(started)
                }).await;
                town.inside(move |tx| match state {
                    0 => forum::hide_post(tx, &HOUSE, started.post, None),
                    1 => forum::delete_post(tx, &HOUSE, started.post, None),
                    2 => forum::hide_thread(tx, &HOUSE, started.thread, None),
                    3 => forum::delete_thread(tx, &HOUSE, started.thread, None),
                    _ => Ok(()),
                }).await;
            }
        }
        for actor in [Actor::Guest, ruth.actor(&town).await, tomas.actor(&town).await, moni.actor(&town).await] {
            town.inside(move |tx| {
                let places = forum::places(tx)?;
                let (mut listed, mut after) = (Vec::new(), None::<String>);
                loop {
                    let page = forum::list(tx, &actor, &places, Listing::Latest, after.as_deref(), 20)?;
                    listed.extend(page.items.iter().map(|t| t.id));
                    after = page.next;
                    if after.is_none() { break }
                }
                let all: Vec<ThreadId> = threads::table.select(threads::id).order(threads::id).load(tx.conn)?;
                for id in all {
                    let law = forum::thread_facts(tx, id)?;
                    let sees = actor.can(&Action::SeeThread(&law));
                    assert_eq!(listed.contains(&id), sees && law.state == PostState::Visible, "{law:?}");
                    assert_eq!(forum::thread_page(tx, &actor, id, 1).is_ok(), sees);
                }
                for author in [a, b] {
                    let (found, _) = forum::recent_posts(tx, &actor, author, None, 100)?;
                    let found: Vec<PostId> = found.into_iter().map(|p| p.id).collect();
                    let said: Vec<PostId> = posts::table.filter(posts::author_id.eq(author)).select(posts::id).load(tx.conn)?;
                    for id in said {
                        let law = forum::post_facts(tx, id)?;
                        let shown = law.state == PostState::Visible && law.thread.state == PostState::Visible;
                        assert_eq!(found.contains(&id), shown && actor.can(&Action::SeePost(&law)), "{law:?}");
                    }
                }
                Ok(())
            }).await;
        }
    }
}
