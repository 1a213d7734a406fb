//! Stories of tags and their rules, and of threads that are put away or kept out of lists.

use loggia::forum::{self, CategoryDraft, Grant, NewThread, Tags, Title, Who, Words};
use loggia::kit::ids::{CategoryId, ThreadId};
use loggia::policy::Actor;
use serde_json::json;

use crate::story;
use crate::town::{Person, Town};

const HOUSE: Actor = Actor::System("scene");

async fn category(town: &Town, draft: CategoryDraft) -> CategoryId {
    town.inside(move |tx| forum::create_category(tx, &HOUSE, &draft))
        .await
}

async fn thread(
    town: &Town,
    by: &Person,
    category: CategoryId,
    title: &str,
    tags: &str,
) -> ThreadId {
    let actor = by.actor(town).await;
    let new = NewThread {
        category,
        title: Title::parse(title).expect("a title"),
        words: Words::parse("First words", town.base_url()).expect("words"),
        tags: Tags::parse(tags).expect("tags"),
    };
    town.inside(move |tx| forum::start(tx, &actor, &new))
        .await
        .thread
}

fn named(name: &str) -> CategoryDraft {
    CategoryDraft {
        name: name.to_owned(),
        ..CategoryDraft::default()
    }
}

story! {
    async fn tags_have_pages_feeds_and_a_list_of_what_the_reader_sees(town) {
        let field = category(&town, named("Field notes")).await;
        let group = town.inside(|tx| loggia::members::create_group(tx, &HOUSE, "Keepers", "")).await;
        let closed = Grant { who: Who::Group, group: Some(group), see: true, reply: true, start: true, moderate: false };
        let room = category(&town, CategoryDraft { grants: vec![closed], ..named("Back room") }).await;
        let ruth = town.member("ruth").await;
        let ada = town.admin("ada").await;
        thread(&town, &ruth, field, "A gull", "birds, harbour").await;
        thread(&town, &ruth, field, "A heron", "birds").await;
        thread(&town, &ada, room, "Inside", "secret, birds").await;
        let page = town.guest().open("/tags").await;
        assert_eq!(page.all(".tags .tag"), ["birds", "harbour"]);
        assert_eq!(page.all(".tags .num"), ["2", "1"]);
        assert_eq!(ada.opens("/tags").await.all(".tags .num"), ["3", "1", "1"]);
        let page = town.guest().open("/tag/birds.rss").await;
        page.is(200).sees("A gull").sees("A heron").hides("Inside");
        assert_eq!(town.guest().open("/tag/birds").await.attributes("link[type='application/rss+xml']", "href"), ["/tag/birds.rss"]);
        town.guest().open("/tag/nothing.rss").await.is(404);

        // A tag behind closed doors is like one that does not exist, whatever is asked.
        for name in ["secret", "Secret", "nothing"] {
            town.guest().open(&format!("/tag/{name}")).await.is(404);
            town.guest().open(&format!("/tag/{name}.rss")).await.is(404);
            ruth.opens(&format!("/search?q=%23{name}")).await.is(200).sees("There is no tag");
            let api = ruth.api().await;
            api.get(&format!("/threads?tag={name}")).await.is(404);
        }
        ada.opens("/tag/Secret").await.is(200).sees("Inside");
        let form = ada.opens("/tag/secret").await.form("Watch");
        form.submit().await.is(200);
        let mut form = ruth.opens("/tag/birds").await.form("Watch");
        form.action = form.action.replace("birds", "secret");
        form.submit().await.is(404);
    }
}

story! {
    async fn admins_say_which_tags_a_category_takes_and_who_makes_new_ones(town) {
        let field = category(&town, named("Field notes")).await;
        let ada = town.admin("ada").await;
        let ruth = town.member("ruth").await;
        thread(&town, &ruth, field, "Before", "old").await;
        let page = ada.opens(&format!("/admin/categories/{field}")).await;
        let form = page.form("Save").fill("allowed_tags", "Birds, Ship models").fill("tag_limit", "9");
        let page = form.submit().await;
        page.is(422).sees("0 to 5 tags");
        page.form("Save").fill("tag_limit", "1").submit().await.is(200);
        let try_with = async |tags: &str| {
            let page = ruth.opens("/new-thread").await;
            let form = page.form("Start a thread").fill("title", "A gull").fill("body", "x").choose("category", &field.to_string());
            form.fill("tags", tags).submit().await
        };
        try_with("birds, ship-models").await.is(422).sees("at most 1 tags");
        try_with("ropes").await.is(422).sees("cannot be used in this category").sees("birds, ship-models");
        try_with("birds").await.is(200).sees("A gull");
        // What a thread has already it keeps.
        let page = ruth.opens("/threads/1/edit").await;
        page.form("Save").fill("title", "Before all that").submit().await.is(200).sees("Before all that");
        let page = ada.opens("/admin/site").await;
        page.form("Save").choose("tag_makers", "staff").submit().await.is(200);
        let other = category(&town, named("Quay")).await;
        let page = ruth.opens("/new-thread").await;
        let form = page.form("Start a thread").fill("title", "A rope").fill("body", "x").choose("category", &other.to_string());
        form.fill("tags", "ropes").submit().await.is(422).sees("is a new tag");
        // Programs say the same.
        let (ada, ruths) = (ada.api().await, ruth.api().await);
        assert_eq!(ada.get("/tag-settings").await.is(200).text("/makers"), "staff");
        ruths.get("/tag-settings").await.is(403);
        ruths.patch("/tag-settings", json!({ "makers": "members" })).await.is(403);
        ada.patch("/tag-settings", json!({ "makers": "everybody" })).await.is(422);
        ada.patch("/tag-settings", json!({ "makers": "members" })).await.is(204);
        let new = json!({ "category_id": other, "title": "A rope", "body": "x", "tags": ["ropes"] });
        ruths.post("/threads", new).await.is(201);
    }
}

story! {
    async fn programs_read_tags_and_say_which_a_category_takes(town) {
        let field = category(&town, named("Field notes")).await;
        let ada = town.admin("ada").await.api().await;
        let ruth = town.member("ruth").await;
        thread(&town, &ruth, field, "Before", "old").await;
        let tags = ruth.api().await.get("/tags").await.is(200);
        assert_eq!((tags.text("/items/0/name"), tags.number("/items/0/thread_count")), ("old", 1));
        let path = format!("/categories/{field}");
        let change = |revision: i64| json!({ "revision": revision, "tag_limit": 1, "allowed_tags": "Birds, Ship models" });
        ruth.api().await.patch(&path, change(1)).await.is(403);
        let changed = ada.patch(&path, change(1)).await.is(200);
        assert_eq!((changed.number("/tag_limit"), changed.text("/allowed_tags"), changed.text("/name")), (1, "birds, ship-models", "Field notes"));
        assert_eq!(ada.patch(&path, change(1)).await.status, 409, "somebody changed it meanwhile");
        ada.patch(&path, json!({ "revision": changed.number("/revision"), "tag_limit": 9 })).await.is(422);
        let api = ruth.api().await;
        let new = |tags: serde_json::Value| json!({ "category_id": field, "title": "A gull", "body": "x", "tags": tags });
        api.post("/threads", new(json!(["ropes"]))).await.is(422);
        api.post("/threads", new(json!(["birds"]))).await.is(201);
        let made = ada.post("/categories", json!({ "name": "Quay", "tag_limit": 0 })).await.is(201);
        assert_eq!(made.number("/tag_limit"), 0);
    }
}

story! {
    async fn what_is_off_the_lists_is_found_by_its_address_alone(town) {
        let field = category(&town, named("Field notes")).await;
        let ruth = town.member("ruth").await;
        let mo = town.moderator("mo").await;
        let id = thread(&town, &ruth, field, "A ring", "birds").await;
        let path = format!("/t/a-ring/{id}");
        mo.opens(&format!("/threads/{id}/unlist")).await.form("Take this thread off").submit().await.is(200).sees("Not listed");
        let guest = town.guest();
        guest.open(&path).await.is(200).sees("First words");
        assert_eq!(guest.open(&path).await.attributes("meta[name=robots]", "content"), ["noindex"]);
        for list in ["/latest", "/new", "/tags", "/latest.rss", "/sitemap/1.xml", "/search?q=words", "/categories"] {
            guest.open(list).await.hides("A ring").hides("a-ring");
        }
        guest.open("/tag/birds").await.is(404);
        mo.opens(&format!("/threads/{id}/list")).await.form("Put this thread back").submit().await.is(200);
        guest.open("/latest").await.sees("A ring");
    }
}

story! {
    async fn a_thread_at_a_glance_names_voices_what_was_saved_and_what_is_alike(town) {
        let field = category(&town, named("Field notes")).await;
        let ruth = town.member("ruth").await;
        let tomas = town.member("tomas").await;
        let id = thread(&town, &ruth, field, "The kingfisher of berth four", "").await;
        thread(&town, &ruth, field, "A kingfisher again at berth four", "").await;
        thread(&town, &ruth, field, "Rust", "").await;
        let page = ruth.opens(&format!("/t/the-kingfisher-of-berth-four/{id}")).await;
        page.form("Send the reply").fill("body", "It dives from the crane.").submit().await.is(200);
        tomas.api().await.post("/posts/4/bookmark", json!({})).await.is(204);
        let page = tomas.opens(&format!("/t/the-kingfisher-of-berth-four/{id}")).await.follow("At a glance").await;
        page.is(200).sees("It dives from the crane.").sees("saved once").sees("A kingfisher again at berth four").hides("Rust");
        // Answers without words count like saves: six posts stand there, the most answered among them.
        let api = ruth.api().await;
        let others = [town.member("nils").await.api().await, town.member("pia").await.api().await];
        for n in 0..6 {
            let post = api.post(&format!("/threads/{id}/posts"), json!({ "body": format!("Post {n}.") })).await.is(201).number("/id");
            for other in others.iter().take(if n == 0 { 1 } else { 2 }) {
                other.post(&format!("/posts/{post}/reactions"), json!({ "reaction": "thanks" })).await.is(204);
            }
        }
        let page = tomas.opens(&format!("/t/the-kingfisher-of-berth-four/{id}/summary")).await;
        page.is(200).sees("Post 5.").sees("It dives from the crane.").sees("2").hides("Post 0.");
        town.guest().open(&format!("/t/x/{id}/summary")).await.is(200).sees("Ruth");
        town.guest().open("/t/x/999/summary").await.is(404);
    }
}
