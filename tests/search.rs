//! Finding what was said: stories, prepared needles among decoys, and the index held against the rows.
//!
//! `LOGGIA_NEEDLE_POSTS=100000` hides the needles among so many posts.

use diesel::prelude::*;
use loggia::db::Tx;
use loggia::db::schema::{posts, search_posts, search_threads, threads};
use loggia::forum::{self, Grant, Heading, Tags, Title, Who, Words};
use loggia::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use loggia::kit::{At, Result};
use loggia::policy::{PostState, Sight};
use loggia::search::{self, Filter, Order, PostEntry, Query, ThreadEntry};

use crate::story;
use crate::town::Town;
use crate::town::talk::{category, reply, started as thread};

fn found(q: &str) -> String {
    format!(
        "/search?{}",
        serde_urlencoded::to_string([("q", q)]).expect("a query")
    )
}

story! {
    async fn words_names_tags_and_days_narrow_what_is_found(town) {
        let notes = category(&town, "Field notes", vec![]).await;
        let yard = category(&town, "Workshop", vec![]).await;
        let ada = town.member("ada").await;
        let ben = town.member("benno").await;
        let (heron, _) = thread(&town, &ada, notes, ("The bronze heron", "birds"), "A **kingfisher** sat on it for an hour.").await;
        let answer = reply(&town, &ben, heron, "Two kingfishers nest behind the blue door, not one.").await;
        thread(&town, &ben, yard, ("Rust on the crane", "cranes"), "The door of the crane is rusty. Blue paint helps.").await;

        let guest = town.guest();
        // The box stands on every page, and leads to how to ask.
        let front = guest.open("/").await;
        assert_eq!(front.attributes("header form[role=search]", "action"), ["/search"]);
        assert_eq!(front.attributes("header form[role=search] input", "name"), ["q"]);
        let asked = guest.open(&found("kingfisher ")).await;
        asked.sees("2 posts").sees("The bronze heron");
        assert_eq!(asked.all("ol.found mark").len(), 2, "{}", asked.words());
        guest.open("/search").await.sees("How to ask").sees("in:category");
        guest.open(&found("kingfisher @benno")).await.sees("One post").sees("behind the blue door");
        guest.open(&found("\"blue door\"")).await.sees("One post").sees("#2");
        guest.open(&found("blue door")).await.sees("2 posts");
        guest.open(&found("door in:workshop")).await.sees("One post").sees("crane");
        guest.open(&found("door #birds")).await.sees("One post").sees("heron");
        guest.open(&found("door -crane")).await.sees("One post").sees("heron");
        guest.open(&found("in:title heron")).await.sees("One post").sees("an hour");
        guest.open(&found("in:title kingfisher")).await.sees("Nothing found");
        guest.open(&found("door after:2000 before:2999-01-01")).await.sees("2 posts");
        guest.open(&found("door before:2000")).await.sees("Nothing found");
        guest.open(&found("door before:soon")).await.sees("2 posts").sees("was not understood");
        guest.open(&found("@nobody-here")).await.sees("There is no member called").sees("Nothing found");
        guest.open(&found("#nothing")).await.sees("There is no tag");
        guest.open(&found("in:nowhere door")).await.sees("There is no category");
        guest.open(&found("is:solved kingfisher ")).await.sees("Nothing found");
        let by = ada.actor(&town).await;
        town.inside(move |tx| forum::mark_answer(tx, &by, answer)).await;
        guest.open(&found("is:solved kingfisher ")).await.sees("2 posts").sees("Answered");
        // One thread alone, and from there everywhere.
        let within = guest.open(&format!("/search?q=door&thread={heron}")).await;
        within.sees("One post").sees("Only in").follow("Search everywhere").await.sees("2 posts");

        let api = town.api(None);
        let answer = api.get("/search?q=kingfisher%20&order=newest").await.is(200);
        assert_eq!(answer.number("/count"), 2);
        assert!(answer.text("/items/0/words").contains("nest behind"));
        // What was edited is found by its new words only.
        let me = ben.actor(&town).await;
        let words = Words::parse("An **otter**, as it turned out.", town.base_url()).expect("words");
        let answer = answer.number("/items/0/post_id");
        town.inside(move |tx| forum::edit_post(tx, &me, PostId(answer), &words, 1, "")).await;
        guest.open(&found("otter")).await.sees("One post");
        guest.open(&found("\"nest behind\"")).await.sees("Nothing found");
        // Strange questions are answered.
        for odd in ["\"", "-", "'; DROP TABLE posts; --", "* OR *", "NEAR(a b)", "title : x", "'a' & !", ":*", "\u{0}", "\\", "((((", "#", "@", "日", "\u{e000}x"] {
            guest.open(&found(odd)).await.is(200);
        }
        guest.open("/search?q=door&after=nonsense").await.is(400);
    }
}

story! {
    async fn pages_lose_and_double_nothing_in_both_orders(town) {
        let notes = category(&town, "Field notes", vec![]).await;
        let ada = town.member("ada").await;
        let (id, _) = thread(&town, &ada, notes, ("Counting", ""), "We count otters here.").await;
        for number in 0..44 {
            town.clock.advance(loggia::kit::clock::MINUTE);
            reply(&town, &ada, id, &format!("Number {number}: {} otters.", "otter ".repeat(number % 7))).await;
        }
        for order in ["", "&order=newest"] {
            let mut seen = Vec::new();
            let mut path = format!("/search?q=otter+{order}");
            for _ in 0..5 {
                let page = town.guest().open(&path).await;
                seen.extend(page.attributes("ol.found h2 a", "href"));
                match page.attributes("nav.pager a[rel=next]", "href").first() {
                    Some(next) => path.clone_from(next),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 45, "{order}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 45, "{order}: doubled");
        }
    }
}

/// What the index must hold, read from the rows.
fn index_equals_rows(tx: &mut Tx<'_>) -> Result<()> {
    type Post = (i64, i64, i64, Option<i64>, String, i64);
    let rows: Vec<(PostId, ThreadId, i64, Option<MemberId>, PostState, At)> = posts::table
        .order(posts::id)
        .select((
            posts::id,
            posts::thread_id,
            posts::number,
            posts::author_id,
            posts::state,
            posts::created_at,
        ))
        .load(tx.conn)?;
    let rows: Vec<Post> = rows
        .into_iter()
        .map(|r| {
            (
                r.0.0,
                r.1.0,
                r.2,
                r.3.map(|m| m.0),
                r.4.as_str().to_owned(),
                r.5.0,
            )
        })
        .collect();
    let index: Vec<Post> = search_posts::table
        .order(search_posts::post_id)
        .select((
            search_posts::post_id,
            search_posts::thread_id,
            search_posts::number,
            search_posts::author_id,
            search_posts::state,
            search_posts::at,
        ))
        .load(tx.conn)?;
    assert_eq!(rows, index);
    type Thread = (i64, Option<i64>, Option<i64>, String, bool);
    let rows: Vec<(
        ThreadId,
        Option<CategoryId>,
        Option<MemberId>,
        PostState,
        Option<PostId>,
    )> = threads::table
        .order(threads::id)
        .select((
            threads::id,
            threads::category_id,
            threads::author_id,
            threads::state,
            threads::answer_post_id,
        ))
        .load(tx.conn)?;
    let rows: Vec<Thread> = rows
        .into_iter()
        .map(|r| {
            (
                r.0.0,
                r.1.map(|c| c.0),
                r.2.map(|m| m.0),
                r.3.as_str().to_owned(),
                r.4.is_some(),
            )
        })
        .collect();
    let index: Vec<Thread> = search_threads::table
        .order(search_threads::thread_id)
        .select((
            search_threads::thread_id,
            search_threads::category_id,
            search_threads::author_id,
            search_threads::state,
            search_threads::solved,
        ))
        .load(tx.conn)?;
    assert_eq!(rows, index);
    Ok(())
}

story! {
    async fn the_index_says_what_the_rows_say(town) {
        let notes = category(&town, "Field notes", vec![]).await;
        let inner = category(&town, "Keepers", vec![Grant { who: Who::Members, group: None, see: true, reply: true, start: true, moderate: false }]).await;
        let ada = town.member("ada").await;
        let mo = town.moderator("mona").await;
        let (id, first) = thread(&town, &ada, notes, ("Otters", "otters"), "An otter in the dock.").await;
        let second = reply(&town, &mo, id, "A second otter.").await;
        let third = reply(&town, &ada, id, "A third otter.").await;
        let by = mo.actor(&town).await;
        let sees = async |q: &str| {
            let page = town.guest().open(&found(q)).await;
            page.all("ol.found li").len()
        };
        assert_eq!(sees("otter ").await, 3);
        let me = by.clone();
        town.inside(move |tx| forum::hide_post(tx, &me, second, None)).await;
        town.inside(index_equals_rows).await;
        assert_eq!(sees("otter ").await, 2);
        let me = by.clone();
        town.inside(move |tx| forum::mark_answer(tx, &me, third)).await;
        town.inside(index_equals_rows).await;
        let me = by.clone();
        town.inside(move |tx| forum::delete_post(tx, &me, third, None)).await;
        town.inside(index_equals_rows).await;
        assert_eq!(sees("is:solved otter ").await, 0);
        let me = by.clone();
        town.inside(move |tx| forum::unhide_post(tx, &me, second)).await;
        let me = by.clone();
        town.inside(move |tx| {
            let heading = Heading { title: Title::parse("Beavers, after all")?, tags: Tags::parse("beavers")?, revision: 1 };
            forum::edit_thread(tx, &me, id, &heading).map(drop)
        }).await;
        town.inside(index_equals_rows).await;
        assert_eq!((sees("in:title otter ").await, sees("in:title beaver ").await, sees("#beavers").await, sees("#otters").await), (0, 1, 2, 0));
        let me = by.clone();
        town.inside(move |tx| forum::move_thread(tx, &me, id, inner, None)).await;
        town.inside(index_equals_rows).await;
        assert_eq!(sees("otter ").await, 0);
        assert_eq!(ada.opens(&found("otter ")).await.all("ol.found li").len(), 2);
        let me = by.clone();
        town.inside(move |tx| forum::hide_thread(tx, &me, id, None)).await;
        town.inside(index_equals_rows).await;
        let ben = town.member("benno").await;
        assert_eq!(ben.opens(&found("otter ")).await.all("ol.found li").len(), 0);

        // Filled again from nothing, it is the same, and everything is found that was.
        town.inside(search::begin_again).await;
        assert!(town.inside(search::progress).await.is_some());
        while town.inside(forum::index_some).await > 0 {}
        assert!(town.inside(search::progress).await.is_none());
        town.inside(index_equals_rows).await;
        assert_eq!(mo.opens(&found("otter ")).await.all("ol.found li").len(), 3);
        let _ = first;
    }
}

/// Words of a needle, a text that holds them (`{0}`, `{1}`, `{2}`), and words that decoys have instead of one of them.
type Needles = (
    &'static [[&'static str; 3]],
    &'static [&'static str],
    &'static [&'static str],
);

const ENGLISH: Needles = (
    &[
        ["kingfisher", "scaffold", "Tuesday"],
        ["harbour", "ledger", "ink"],
        ["rope", "lantern", "attic"],
        ["curator", "umbrella", "stairs"],
        ["tide", "photograph", "bicycle"],
        ["anchor", "recipe", "grandmother"],
        ["lighthouse", "battery", "repair"],
        ["mussel", "jetty", "bucket"],
        ["archive", "moth", "wool"],
        ["ferry", "timetable", "strike"],
        ["compass", "drawer", "brass"],
        ["sailcloth", "needle", "thimble"],
    ],
    &[
        "Yesterday the {0} was seen beside the {1}, and the {2} came later.",
        "Does anybody remember the {1}? It had a {0} and a {2} painted on it.",
        "{2}s and {0}s: a short note about our {1}.",
    ],
    &[
        "gull", "window", "carpet", "spoon", "marble", "ladder", "violin", "pepper",
    ],
);

const GERMAN: Needles = (
    &[
        ["Dampfkran", "Schmierfett", "Öl"],
        ["Möwe", "Fischkutter", "Netz"],
        ["Leuchtturm", "Wärter", "Tagebuch"],
        ["Straße", "Kopfstein", "Regen"],
        ["Schlüssel", "Werkstatt", "Geländer"],
        ["Ausstellung", "Führung", "Gebärden"],
        ["Übersee", "Koffer", "Etikett"],
        ["Hafenbecken", "Taucher", "Glocke"],
        ["Großmutter", "Rezept", "Grünkohl"],
        ["Segel", "Flicken", "Ahle"],
        ["Lochkarte", "Rechner", "Keller"],
        ["Fähre", "Brücke", "Umleitung"],
    ],
    &[
        "Gestern lag {0} neben {1}, und {2} kam dazu.",
        "Wer weiß etwas über {1}? Dazu gehören {0} und {2}.",
        "{2}, {0} und {1}: eine kurze Frage an alle.",
    ],
    &[
        "Teppich", "Geige", "Löffel", "Fenster", "Hammer", "Zwiebel", "Wiese", "Schrank",
    ],
);

const JAPANESE: Needles = (
    &[
        ["東京", "灯台", "写真"],
        ["港", "古地図", "修復"],
        ["学芸員", "雨傘", "階段"],
        ["漁船", "網", "朝市"],
        ["カワセミ", "足場", "火曜日"],
        ["羅針盤", "引き出し", "真鍮"],
        ["博物館", "案内", "手話"],
        ["祖母", "味噌", "料理"],
        ["蒸気", "クレーン", "油"],
        ["海図", "鉛筆", "航路"],
        ["帆", "針", "糸"],
        ["倉庫", "鍵", "番号"],
    ],
    &[
        "昨日、{0}の近くで{1}を見ました。{2}も一緒でした。",
        "{1}について教えてください。{0}と{2}があるそうです。",
        "{2}と{0}、そして{1}の話です。",
    ],
    &["絨毯", "窓", "匙", "金槌", "玉葱", "草原", "戸棚", "硝子"],
);

const CHINESE: Needles = (
    &[
        ["北京", "灯塔", "照片"],
        ["港口", "地图", "修复"],
        ["馆长", "雨伞", "楼梯"],
        ["渔船", "渔网", "早市"],
        ["翠鸟", "脚手架", "星期二"],
        ["罗盘", "抽屉", "黄铜"],
        ["博物馆", "导览", "手语"],
        ["祖母", "酱油", "食谱"],
        ["蒸汽", "起重机", "机油"],
        ["航海图", "铅笔", "航线"],
        ["船帆", "针线", "补丁"],
        ["仓库", "钥匙", "编号"],
    ],
    &[
        "昨天在{0}旁边看到了{1}，还有{2}。",
        "有人知道{1}吗？听说有{0}和{2}。",
        "{2}、{0}和{1}的故事。",
    ],
    &[
        "地毯", "窗户", "勺子", "锤子", "洋葱", "草地", "橱柜", "玻璃",
    ],
);

const CODE: Needles = (
    &[
        ["C++", "crane", "schedule"],
        ["#[derive]", "ledger", "macro"],
        ["std::mem", "swap", "tide"],
        ["--no-sandbox", "walk", "browser"],
        ["a->b", "pointer", "rope"],
        ["Vec<u8>", "bytes", "sail"],
        ["UK", "ferry", "to"],
        ["AI", "is", "on"],
        ["QR", "at", "door"],
        ["$HOME", "shell", "boat"],
        [".gitignore", "folder", "mast"],
        ["x86_64", "engine", "dock"],
    ],
    &[
        "We tried {0} with the {1} and then {2} again.",
        "Is {0} any good for {1}? I have {2}.",
        "About {2}: see {1}, {0}, and the rest.",
    ],
    &[
        "C", "derive", "mem", "sandbox", "pointers", "Vec", "vessel", "plank",
    ],
);

fn filled(text: &str, words: [&str; 3]) -> String {
    let mut text = text.to_owned();
    for (at, word) in words.iter().enumerate() {
        text = text.replace(&format!("{{{at}}}"), word);
    }
    text
}

const ROOM: CategoryId = CategoryId(7);

fn sight() -> Sight {
    Sight {
        categories: vec![ROOM],
        moderated: vec![],
        moderates_all: false,
        me: None,
    }
}

fn entry<'t>(id: i64, title: &'t str, text: &'t str) -> PostEntry<'t> {
    PostEntry {
        id: PostId(id),
        thread: ThreadId(id),
        number: 1,
        author: None,
        state: PostState::Visible,
        at: At(1_700_000_000_000_000 + id * 60_000_000),
        title,
        text,
    }
}

fn put(tx: &mut Tx<'_>, entries: &[(i64, String, String)]) -> Result<()> {
    for (id, title, text) in entries {
        let thread = ThreadEntry {
            id: ThreadId(*id),
            category: Some(ROOM),
            author: None,
            state: PostState::Visible,
            solved: false,
            tags: vec![],
        };
        search::put_thread(tx, &thread)?;
        search::put_post(tx, &entry(*id, title, text))?;
    }
    Ok(())
}

fn posts_wanted(usual: i64) -> i64 {
    std::env::var("LOGGIA_NEEDLE_POSTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(usual)
}

/// Ordinary talk, made of the words of all needles, so that none of them is rare.
fn noise(number: i64) -> String {
    let mut state = u64::try_from(number)
        .expect("a number")
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut text = String::new();
    for _ in 0..9 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let (needles, _, others) =
            [ENGLISH, GERMAN, JAPANESE, CHINESE, CODE][usize::try_from(state >> 33).unwrap() % 5];
        let at = usize::try_from(state >> 40).unwrap();
        let word = if at.is_multiple_of(3) {
            others[at % others.len()]
        } else {
            needles[at % needles.len()][at % 3]
        };
        text.push_str(word);
        text.push(if at.is_multiple_of(2) { ' ' } else { '。' });
        // At most two words of any needle stand side by side by chance; a whole needle does not.
        if at.is_multiple_of(5) {
            text.push_str("and so on. ");
        }
    }
    text
}

async fn written(town: &Town, entries: Vec<(i64, String, String)>) {
    for piece in entries.chunks(500) {
        let piece = piece.to_vec();
        town.inside(move |tx| put(tx, &piece)).await;
    }
}

story! {
    async fn sixty_needles_are_found_among_their_decoys(town) {
        let mut entries = Vec::new();
        let mut needles = Vec::new();
        let mut id = 1_000_000;
        for (all, texts, others) in [ENGLISH, GERMAN, JAPANESE, CHINESE, CODE] {
            for (number, words) in all.iter().enumerate() {
                id += 1;
                entries.push((id, "A thread".to_owned(), filled(texts[number % texts.len()], *words)));
                needles.push((id, words.join(" ")));
                for decoy in 0..20 {
                    id += 1;
                    let mut other = *words;
                    other[decoy % 3] = others[(decoy + number) % others.len()];
                    // Newer than the needle, and with its other words twice.
                    let text = format!("{} {}", filled(texts[decoy % texts.len()], other), other.join(", "));
                    entries.push((id, "A thread".to_owned(), text));
                }
            }
        }
        assert_eq!(needles.len(), 60);
        let most = posts_wanted(3_000);
        let rest = most - i64::try_from(entries.len()).expect("a number");
        written(&town, (1..=rest.max(0)).map(|n| (n, "Talk".to_owned(), noise(n))).collect()).await;
        written(&town, entries).await;
        for (id, words) in needles {
            let asked = words.clone();
            let hits = town.inside(move |tx| {
                let query = Query::parse(&asked, "UTC");
                search::find(tx, &sight(), &query, &Filter::default(), Order::Best, None, 20)
            }).await.hits;
            assert!(hits.iter().any(|hit| hit.post == PostId(id)), "{words:?} is not on the first page: {hits:?}");
        }
    }
}

/// Threads that somebody judged to be about the same: two titles, two texts.
const PAIRS: [(&str, &str, &str, &str); 20] = [
    (
        "Kingfisher on the bronze heron",
        "It sat there for an hour.",
        "Has anybody photographed the kingfisher?",
        "The one near the heron statue.",
    ),
    (
        "Grease for the steam crane",
        "Which tin was it?",
        "Steam crane: what do we oil it with",
        "Grease or oil.",
    ),
    (
        "Opening hours at Easter",
        "Are you open?",
        "Is the museum open on Easter Monday",
        "Opening hours are not on the page.",
    ),
    (
        "Sign language tours",
        "When is the next one?",
        "A tour in sign language for school classes",
        "We are twenty.",
    ),
    (
        "Lighthouse keeper's diary transcribed",
        "Pages 1 to 40.",
        "Help to transcribe the diary of the keeper",
        "The lighthouse years.",
    ),
    (
        "Moths in the wool store",
        "We found holes.",
        "Moth traps: which ones work",
        "For wool and felt.",
    ),
    (
        "Wheelchair access to the quay",
        "The ramp is steep.",
        "Ramp at the quay too steep for my wheelchair",
        "Who can help?",
    ),
    (
        "Knots for beginners",
        "Bowline first.",
        "How do I tie a bowline",
        "And other knots.",
    ),
    (
        "Lost umbrella, blue with dots",
        "Left it in the café.",
        "Found: an umbrella with dots",
        "At the café till.",
    ),
    (
        "Punched cards in the cellar",
        "Two boxes.",
        "Reading punched cards without the machine",
        "Found in a cellar.",
    ),
    (
        "Scanning glass negatives",
        "Which scanner?",
        "Glass negatives: scanner or camera",
        "They are fragile.",
    ),
    (
        "Volunteers for the harbour festival",
        "Two shifts free.",
        "Harbour festival: who takes a shift",
        "Volunteers wanted.",
    ),
    (
        "Fish soup of my grandmother",
        "With saffron.",
        "Recipes: fish soup as at home",
        "Saffron or not?",
    ),
    (
        "Naming the two ferries",
        "Who were they named after?",
        "Whose name does the old ferry carry",
        "Naming of ships.",
    ),
    (
        "Bells of the drowned church",
        "A legend?",
        "The legend of the drowned church",
        "With bells at low tide.",
    ),
    (
        "Ring numbers of the goldcrest",
        "Ringed in autumn.",
        "Goldcrests ringed this autumn",
        "Thirty-one of them.",
    ),
    (
        "Repairing a sextant mirror",
        "Silvering is gone.",
        "Where to have a sextant mirror silvered",
        "It is blind.",
    ),
    (
        "Tar smell in the rope hall",
        "Stronger this week.",
        "Why does the rope hall smell of tar",
        "Visitors ask.",
    ),
    (
        "Donating a ship model",
        "It is in a bottle.",
        "Ship models: do you take donations",
        "Mine is a bottle ship.",
    ),
    (
        "Tide tables before 1900",
        "Looking for prints.",
        "Old tide tables as a data set",
        "From before 1900.",
    ),
];

story! {
    async fn threads_about_the_same_are_found_by_each_other(town) {
        let mut entries: Vec<(i64, String, String)> = (1..=400).map(|n| (n, format!("Talk of day {n}"), noise(n))).collect();
        for (number, (title, text, other, words)) in PAIRS.iter().enumerate() {
            let id = 1_000 + i64::try_from(number).expect("a number") * 2;
            entries.push((id, (*title).to_owned(), (*text).to_owned()));
            entries.push((id + 1, (*other).to_owned(), (*words).to_owned()));
        }
        written(&town, entries).await;
        for (number, (title, text, other, _)) in PAIRS.iter().enumerate() {
            let id = 1_000 + i64::try_from(number).expect("a number") * 2;
            let alike = town.inside(move |tx| search::alike(tx, &sight(), title, text, Some(ThreadId(id)), 5)).await;
            assert!(alike.contains(&ThreadId(id + 1)), "{title:?} does not lead to {other:?}: {alike:?}");
            // While the title is typed, there is nothing else yet.
            let typed = town.inside(move |tx| search::alike(tx, &sight(), other, "", None, 5)).await;
            assert!(typed.contains(&ThreadId(id)) || typed.contains(&ThreadId(id + 1)), "{other:?}: {typed:?}");
        }
        let nowhere = Sight { categories: vec![], ..sight() };
        let (title, text, ..) = PAIRS[0];
        assert!(town.inside(move |tx| search::alike(tx, &nowhere, title, text, None, 5)).await.is_empty());
    }
}
