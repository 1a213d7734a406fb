//! Stories at the door: words go out with everybody's leave, and come back when it is taken back.

use loggia::bridge;
use loggia::forum::{self, CategoryDraft, NewThread, Tags, Title, Words};
use loggia::guidelines::{self, Change, Publication};
use loggia::kit::clock::DAY;
use loggia::kit::ids::{ChannelId, MemberId, PostId};
use loggia::kit::stop::Document;
use loggia::members;
use loggia::policy::Actor;
use serde_json::{Value, json};

use crate::story;
use crate::town::{Api, Person, Town};

pub const WORDS: &str = "This morning a kingfisher sat on the bronze heron for an hour.";
pub const AROUND: &str = "I had walked past that sculpture for eleven years.";

/// A community in which something worth telling was said.
pub struct Scene {
    pub town: Town,
    pub ada: Person,
    pub nia: Person,
    pub mo: Person,
    pub pia: Person,
    pub post: PostId,
    pub page: ChannelId,
}

pub fn words(text: &str) -> Words {
    Words::parse(text, "http://town.example").expect("words")
}

impl Scene {
    pub async fn set(town: Town) -> Self {
        let (category, page) = town
            .inside(|tx| {
                let house = Actor::System("scene");
                let draft = CategoryDraft {
                    name: "Field notes".into(),
                    ..CategoryDraft::default()
                };
                let category = forum::create_category(tx, &house, &draft)?;
                let rules = Publication {
                    words: guidelines::Words::parse(
                        "Speak quietly of others.",
                        "http://town.example",
                    )?,
                    change: Change::Major,
                    note: String::new(),
                    effective_at: None,
                    base: guidelines::base_of(tx, Document::Messaging)?
                        .map(|v| v.fingerprint())
                        .unwrap_or_default(),
                };
                guidelines::publish(tx, &house, Document::Messaging, &rules)?;
                let page = bridge::channels(tx)?
                    .into_iter()
                    .find(|c| c.kind == "page")
                    .expect("the page")
                    .id;
                Ok((category, page))
            })
            .await;
        let ada = town.member("ada").await;
        let nia = town.champion("nia").await;
        let mo = town.moderator("mona").await;
        let pia = town.publisher("pia").await;
        let author = ada.id;
        let post = town
            .inside(move |tx| {
                let actor = members::actor(tx, author)?;
                let new = NewThread {
                    category,
                    title: Title::parse("A kingfisher in the courtyard")?,
                    words: words(&format!("{WORDS} {AROUND}")),
                    tags: Tags::default(),
                };
                Ok(forum::start(tx, &actor, &new)?.post)
            })
            .await;
        Self {
            town,
            ada,
            nia,
            mo,
            pia,
            post,
            page,
        }
    }

    pub async fn nominated(&self) -> i64 {
        let body = json!({ "post_id": self.post.0, "excerpt": WORDS, "title": "A kingfisher", "reason": "It is quiet." });
        self.nia
            .api()
            .await
            .post("/highlights", body)
            .await
            .is(201)
            .number("/id")
    }

    pub async fn consented(&self) -> i64 {
        let id = self.nominated().await;
        self.ada
            .api()
            .await
            .post(&format!("/highlights/{id}/consent"), yes())
            .await
            .is(200);
        id
    }

    pub async fn approved(&self) -> i64 {
        let id = self.consented().await;
        let body = json!({ "decision": "approve" });
        self.mo
            .api()
            .await
            .post(&format!("/highlights/{id}/approval"), body)
            .await
            .is(200);
        id
    }

    pub fn text(&self) -> Value {
        json!({ "channel_id": self.page.0, "text": format!("“{WORDS}” Ada, in our community.") })
    }

    pub async fn scheduled(&self) -> (i64, i64) {
        let id = self.approved().await;
        let made = self
            .pia
            .api()
            .await
            .post(&format!("/highlights/{id}/announcements"), self.text())
            .await
            .is(201);
        (id, made.number("/id"))
    }

    pub async fn announced(&self) -> (i64, i64) {
        let (id, one) = self.scheduled().await;
        self.deliver().await;
        assert_eq!(self.outside().await.len(), 1, "it is on the page");
        (id, one)
    }

    /// Lets the bridge do what is due.
    pub async fn deliver(&self) {
        for _ in 0..4 {
            self.town
                .node
                .app
                .bridge
                .serve_due()
                .await
                .expect("the bridge runs");
        }
    }

    /// What stands on the announcements page: the bytes that left.
    pub async fn outside(&self) -> Vec<bridge::Entry> {
        let db = self.town.node.app.db.clone();
        db.read(|tx| bridge::entries(tx, None, 50))
            .await
            .expect("the page is read")
    }

    pub async fn state(&self, id: i64) -> String {
        self.mo
            .api()
            .await
            .get(&format!("/highlights/{id}"))
            .await
            .is(200)
            .text("/state")
            .to_owned()
    }

    pub async fn announcement(&self, id: i64) -> String {
        let path = format!("/announcements/{id}");
        self.pia
            .api()
            .await
            .get(&path)
            .await
            .is(200)
            .text("/state")
            .to_owned()
    }

    pub async fn as_member<T: Send + 'static>(
        &self,
        who: MemberId,
        mut verb: impl FnMut(&mut loggia::db::Tx<'_>, &Actor) -> loggia::kit::Result<T> + Send + 'static,
    ) -> T {
        self.town
            .inside(move |tx| {
                let actor = members::actor(tx, who)?;
                verb(tx, &actor)
            })
            .await
    }

    pub async fn edits(&self, text: &str) {
        let (post, text) = (self.post, words(text));
        self.as_member(self.ada.id, move |tx, ada| {
            let now = forum::said(tx, post)?.revision;
            forum::edit_post(tx, ada, post, &text, now, "")
        })
        .await;
    }
}

pub fn yes() -> Value {
    json!({ "decision": "grant", "attribution": "name", "trimming": false, "by_hand": true, "channels": ["page"] })
}

async fn withdraws(api: &Api, id: i64) {
    api.post(
        &format!("/highlights/{id}/consent"),
        json!({ "decision": "withdraw" }),
    )
    .await
    .is(200);
}

story! {
    async fn a_voice_goes_out_and_comes_back(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        let outside = scene.outside().await;
        assert!(outside[0].text.contains(WORDS), "{:?}", outside[0]);
        assert_eq!(outside[0].quotes[0].attribution, "Ada");
        assert_eq!(scene.announcement(one).await, "sent");
        let feed = scene.pia.api().await.get("/highlights?status=approved").await.is(200);
        assert_eq!(feed.text("/items/0/quotes/0/excerpt"), WORDS);

        withdraws(&scene.ada.api().await, id).await;
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "it is gone from the page");
        assert_eq!(scene.announcement(one).await, "withdrawn");
        let since = feed.text("/next").to_owned();
        let feed = scene.pia.api().await.get(&format!("/highlights?status=approved&since={since}")).await.is(200);
        assert_eq!(feed.json["items"], json!([{ "id": id, "status": "withdrawn" }]), "no words come back");
        // The same words are not asked for again.
        let again = json!({ "post_id": scene.post.0, "excerpt": WORDS, "title": "Again", "reason": "Still." });
        scene.nia.api().await.post("/highlights", again).await.is(422);
    }
}

story! {
    async fn what_a_moderator_hides_is_not_announced(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.scheduled().await;
        let post = scene.post;
        scene.as_member(scene.mo.id, move |tx, mo| forum::hide_post(tx, mo, post, Some("not yet"))).await;
        scene.deliver().await;
        assert!(scene.outside().await.is_empty());
        assert_eq!(scene.state(id).await, "withdrawn");
        assert_eq!(scene.announcement(one).await, "cancelled");
    }
}

story! {
    async fn an_edit_elsewhere_moves_the_consent_along(town) {
        let scene = Scene::set(town).await;
        let (id, _) = scene.scheduled().await;
        scene.edits(&format!("Note: {WORDS} {AROUND}")).await;
        assert_eq!(scene.state(id).await, "approved");
        scene.deliver().await;
        assert_eq!(scene.outside().await.len(), 1);
    }
}

story! {
    async fn an_edit_of_announced_words_asks_the_author(town) {
        let scene = Scene::set(town).await;
        let (id, one) = scene.announced().await;
        scene.edits("A heron sat on the kingfisher.").await;
        scene.deliver().await;
        assert_eq!(scene.state(id).await, "stale");
        assert_eq!(scene.outside().await.len(), 1, "it stands until the author has spoken");
        let page = scene.ada.opens(&format!("/my/consents/{id}")).await;
        assert_eq!(page.status, 200, "{}", page.words());
        let page = page.form("Save my choice").submit().await;
        assert_eq!(page.status, 200, "{}", page.words());
        scene.deliver().await;
        assert!(scene.outside().await.is_empty(), "taking down is the default");
        assert_eq!(scene.announcement(one).await, "withdrawn");
    }
}

story! {
    async fn silence_means_no(town) {
        let scene = Scene::set(town).await;
        let id = scene.nominated().await;
        scene.town.clock.advance(8 * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        assert_eq!(scene.state(id).await, "consent_pending");
        scene.town.clock.advance(7 * DAY);
        scene.town.inside(loggia::highlights::keep_deadlines).await;
        let state = scene.town.inside(move |tx| {
            let mo = Actor::System("scene");
            Ok(loggia::highlights::view(tx, &mo, loggia::kit::ids::HighlightId(id)).map(|v| v.highlight.state))
        }).await;
        assert!(matches!(state, Ok(loggia::highlights::State::Lapsed)) || state.is_err());
    }
}

story! {
    async fn a_text_says_only_what_was_agreed(town) {
        let scene = Scene::set(town).await;
        let id = scene.approved().await;
        let api = scene.pia.api().await;
        for text in [
            format!("“{}” Ada", WORDS.replace("hour", "day")),
            format!("“{WORDS}” a visitor"),
            format!("“{WORDS}” Ada, more at elsewhere.example"),
            format!("“{WORDS}” Ada, thanks @everyone"),
            format!("Ada saw how {WORDS}"),
        ] {
            let body = json!({ "channel_id": scene.page.0, "text": text });
            let reply = api.post(&format!("/highlights/{id}/announcements"), body).await;
            assert_eq!(reply.status, 422, "{text}: {}", reply.json);
        }
        api.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(201);
        api.post(&format!("/highlights/{id}/announcements"), scene.text()).await.is(422);
    }
}

story! {
    async fn a_member_answers_in_the_browser(town) {
        let scene = Scene::set(town).await;
        let nominate = scene.nia.opens(&format!("/p/{}/nominate", scene.post)).await;
        assert_eq!(nominate.status, 200, "{}", nominate.words());
        let page = nominate.form("Nominate").fill("title", "A kingfisher").fill("reason", "It is quiet.").submit().await;
        assert_eq!(page.status, 200, "{}", page.words());
        let mine = scene.ada.opens("/my/consents").await;
        assert!(mine.words().contains("A kingfisher"), "{}", mine.words());
        let id = scene.mo.api().await.get("/highlights?status=consented").await.is(200);
        assert_eq!(id.json["items"], json!([]), "nothing was ticked for her");
    }
}
