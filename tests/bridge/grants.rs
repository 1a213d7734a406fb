//! Signing in at a vendor: the application made there by ourselves, the proof key, the state that is good once, in time
//! and in one browser, and what is sealed in the end.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use loggia::bridge::{
    self, Bases, CALLBACK, ChannelState, Engine, Health, Invited, NewChannel, Returned,
};
use loggia::db::schema::channels;
use loggia::kit::http::{AllowList, Outbound};
use loggia::kit::ids::ChannelId;
use loggia::kit::stop::Refusal;
use loggia::kit::{At, Stop};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fake::seconds;
use super::world::{Ground, HOUSE};
use crate::support::outside::{Asked, Outside, Reply};

/// Every secret in these stories holds this run, so that one search finds a leak.
const TELLTALE: &str = "BBtelltaleBB";

struct Scene {
    ground: Ground,
    engine: Engine,
    outside: Outside,
    /// The challenge that was taken along last.
    challenge: Arc<Mutex<String>>,
}

/// A server of the Mastodon API. Documentation: "apps", "oauth", "Obtain a token", "Discover OAuth Server Configuration".
fn mastodon(asked: &Asked, challenge: &Mutex<String>) -> Reply {
    match (asked.method.as_str(), asked.place()) {
        ("POST", "/api/v1/apps") => {
            let wanted = asked.json();
            assert!(
                wanted["redirect_uris"][0]
                    .as_str()
                    .is_some_and(|back| back.ends_with(CALLBACK))
            );
            assert_eq!(
                wanted["scopes"],
                "read:accounts read:statuses write:statuses write:media"
            );
            Reply::json(
                200,
                &json!({ "id": "1", "name": "Loggia", "client_id": "client-1", "client_secret": format!("app-{TELLTALE}"), "client_secret_expires_at": 0 }),
            )
        }
        ("GET", "/.well-known/oauth-authorization-server") => Reply::json(
            200,
            &json!({ "issuer": "https://social.example/", "code_challenge_methods_supported": ["S256"] }),
        ),
        ("POST", "/oauth/token") => {
            let proof = asked.field("code_verifier").unwrap_or_default();
            let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(proof.as_bytes()));
            let good = shown == *challenge.lock().expect("not poisoned")
                && proof.len() >= 43
                && asked.field("grant_type").as_deref() == Some("authorization_code")
                && asked.field("client_id").as_deref() == Some("client-1")
                && asked.field("client_secret") == Some(format!("app-{TELLTALE}"))
                && asked
                    .field("redirect_uri")
                    .is_some_and(|back| back.ends_with(CALLBACK))
                && asked.field("code").as_deref() == Some("good-code");
            if !good {
                return Reply::json(
                    400,
                    &json!({ "error": "invalid_grant", "error_description": "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client." }),
                );
            }
            Reply::json(
                200,
                &json!({ "access_token": format!("token-{TELLTALE}"), "token_type": "Bearer", "scope": "read write", "created_at": 1_700_000_000 }),
            )
        }
        ("GET", "/api/v1/accounts/verify_credentials") => {
            if asked.header("authorization") != format!("Bearer token-{TELLTALE}") {
                return Reply::json(401, &json!({ "error": "The access token is invalid" }));
            }
            Reply::json(
                200,
                &json!({ "id": "42", "acct": "museum", "url": "https://social.example/@museum" }),
            )
        }
        _ => Reply::json(404, &json!({ "error": "Not Found" })),
    }
}

/// What Meta's and LinkedIn's token addresses answer. Documentation: "Long-Lived Access Tokens", "Authorization Code Flow".
fn companies(asked: &Asked) -> Reply {
    let token = |name: &str| format!("{name}-{TELLTALE}");
    let has = |name: &str, value: &str| asked.field(name).as_deref() == Some(value);
    match (asked.method.as_str(), asked.place()) {
        // Facebook: a person's short token, their long one, the page's.
        ("GET", "/oauth/access_token") if has("code", "good-code") => Reply::json(
            200,
            &json!({ "access_token": token("short"), "token_type": "bearer", "expires_in": 5183944 }),
        ),
        ("GET", "/oauth/access_token")
            if has("grant_type", "fb_exchange_token")
                && has("fb_exchange_token", &token("short")) =>
        {
            Reply::json(
                200,
                &json!({ "access_token": token("long"), "token_type": "bearer" }),
            )
        }
        ("GET", "/1755") if has("access_token", &token("long")) => {
            Reply::json(200, &json!({ "access_token": token("page"), "id": "1755" }))
        }
        ("GET", "/1755") if has("access_token", &token("page")) => {
            Reply::json(200, &json!({ "id": "1755", "name": "The Museum" }))
        }
        // Threads: a token of an hour without a type, and one of sixty days in its place.
        ("POST", "/oauth/access_token") if has("code", "good-code") => Reply::json(
            200,
            &json!({ "access_token": token("hour"), "user_id": 17841 }),
        ),
        ("GET", "/access_token") if has("access_token", &token("hour")) => Reply::json(
            200,
            &json!({ "access_token": token("sixty"), "token_type": "bearer", "expires_in": 5_184_000 }),
        ),
        ("GET", "/refresh_access_token") if has("access_token", &token("sixty")) => Reply::json(
            200,
            &json!({ "access_token": token("sixty-more"), "token_type": "bearer", "expires_in": 5_184_000 }),
        ),
        ("GET", "/v1.0/me") => Reply::json(200, &json!({ "id": "1", "username": "museum" })),
        // LinkedIn: no type either.
        ("POST", "/oauth/v2/accessToken") if has("code", "good-code") => Reply::json(
            200,
            &json!({ "access_token": token("linked"), "expires_in": 5_184_000, "refresh_token": token("again"), "refresh_token_expires_in": 31_536_000, "scope": "w_organization_social" }),
        ),
        ("GET", "/rest/posts") => Reply::json(200, &json!({ "elements": [] })),
        // X.
        ("POST", "/2/oauth2/token") if has("code", "good-code") => {
            assert!(
                asked
                    .field("code_verifier")
                    .is_some_and(|proof| proof.len() >= 43)
            );
            Reply::json(
                200,
                &json!({ "token_type": "bearer", "expires_in": 7200, "access_token": token("x"), "refresh_token": token("x-again") }),
            )
        }
        ("GET", "/2/users/me") => {
            Reply::json(200, &json!({ "data": { "id": "1", "username": "museum" } }))
        }
        _ => Reply::json(
            400,
            &json!({ "error": { "message": "Invalid verification code", "code": 100 } }),
        ),
    }
}

impl Scene {
    fn set() -> Self {
        let challenge: Arc<Mutex<String>> = Arc::default();
        let seen = challenge.clone();
        let outside = Outside::open(move |asked| {
            if asked.place().starts_with("/mastodon/") {
                let inner = Asked {
                    path: asked.path.replacen("/mastodon", "", 1),
                    ..asked.clone()
                };
                return mastodon(&inner, &seen);
            }
            companies(asked)
        });
        let ground = Ground::sqlite();
        let outbound =
            Outbound::new(AllowList::parse("127.0.0.1").unwrap(), "Loggia/test", None).unwrap();
        let kinds = [
            "linkedin",
            "linkedin-home",
            "facebook",
            "facebook-home",
            "threads",
            "threads-home",
            "x",
            "x-home",
        ];
        let bases: Vec<String> = kinds
            .iter()
            .map(|kind| format!("{kind}={}", outside.base))
            .collect();
        let bases = Bases::parse(&bases.join(",")).unwrap();
        let adapters = bridge::adapters(&ground.db, &outbound, &ground.pictures(), &bases);
        let engine = Engine::seeded(ground.db.clone(), adapters, [5; 32]);
        Self {
            ground,
            engine,
            outside,
            challenge,
        }
    }

    async fn channel(&self, kind: &str, config: Value, secret: Option<Value>) -> ChannelId {
        let wanted = NewChannel {
            kind: kind.to_owned(),
            name: "Outside".to_owned(),
            config,
            secret: secret.map(|secret| secret.to_string()),
        };
        let made = self
            .ground
            .db
            .write(move |tx| bridge::create_channel(tx, &HOUSE, &wanted))
            .await
            .expect("made");
        assert_eq!(made.channel.state, ChannelState::NeedsReauth);
        made.channel.id
    }

    async fn mastodon(&self) -> ChannelId {
        let site = format!("{}/mastodon", self.outside.base);
        self.channel("mastodon", json!({ "site": site }), None)
            .await
    }

    /// Goes to the vendor and answers what is taken along.
    async fn goes(&self, id: ChannelId, browser: &str) -> Vec<(String, String)> {
        let holder = bridge::holder_of_session(browser);
        let invited = self
            .engine
            .invite(&HOUSE, id, holder)
            .await
            .expect("invited");
        let Invited::To(url) = invited else {
            panic!("{invited:?}");
        };
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let of = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, v)| v.clone())
        };
        *self.challenge.lock().unwrap() = of("code_challenge").unwrap_or_default();
        pairs
    }

    async fn comes_back(
        &self,
        browser: &str,
        returned: Returned,
    ) -> Result<bridge::Redeemed, Stop> {
        let holders = vec![bridge::holder_of_session(browser)];
        self.engine.redeem(&HOUSE, holders, returned).await
    }

    async fn row(&self, id: ChannelId) -> (ChannelState, String, String, Vec<u8>, Option<At>) {
        let read = self.ground.db.read(move |tx| {
            Ok(channels::table
                .find(id)
                .select((
                    channels::state,
                    channels::state_note,
                    channels::facts,
                    channels::secret_sealed.assume_not_null(),
                    channels::token_expires_at,
                ))
                .first(tx.conn)?)
        });
        read.await.expect("a row")
    }
}

fn of(pairs: &[(String, String)], name: &str) -> String {
    let found = pairs.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn with(state: &str, code: &str) -> Returned {
    Returned {
        state: state.to_owned(),
        code: code.to_owned(),
        ..Returned::default()
    }
}

fn is_dead<T: std::fmt::Debug>(answer: Result<T, Stop>) -> bool {
    matches!(answer, Err(Stop::Refused(Refusal::LinkDead)))
}

#[tokio::test]
async fn an_application_is_made_once_and_a_channel_knows_its_account() {
    let scene = Scene::set();
    let id = scene.mastodon().await;
    scene.goes(id, "browser").await;
    let along = scene.goes(id, "browser").await;
    let made = scene.outside.asked();
    let made = made
        .iter()
        .filter(|asked| asked.path.ends_with("/apps"))
        .count();
    assert_eq!(made, 1, "an application serves for ever");
    assert_eq!(of(&along, "response_type"), "code");
    assert_eq!(of(&along, "client_id"), "client-1");
    assert_eq!(of(&along, "code_challenge_method"), "S256");
    assert!(of(&along, "redirect_uri").ends_with(CALLBACK));
    assert!(!along.iter().any(|(_, value)| value.contains(TELLTALE)));
    assert_eq!(
        scene.row(id).await.0,
        ChannelState::NeedsReauth,
        "an application is no account"
    );

    let redeemed = scene
        .comes_back("browser", with(&of(&along, "state"), "good-code"))
        .await;
    let verified = redeemed.expect("redeemed").verified.expect("asked");
    assert!(
        matches!(verified.health, Health::Good(_)),
        "{:?}",
        verified.health
    );
    let (state, _, facts, sealed, _) = scene.row(id).await;
    assert_eq!(state, ChannelState::Open);
    assert!(facts.contains("@museum@"), "{facts}");
    let sealed = String::from_utf8_lossy(&sealed).into_owned();
    assert!(
        !sealed.contains(TELLTALE) && !facts.contains(TELLTALE),
        "sealed at rest"
    );
}

#[tokio::test]
async fn a_state_is_good_once_in_time_and_in_one_browser() {
    let scene = Scene::set();
    let id = scene.mastodon().await;
    let state = of(&scene.goes(id, "mine").await, "state");
    assert!(is_dead(
        scene.comes_back("mine", with("made-up", "good-code")).await
    ));
    assert!(is_dead(
        scene.comes_back("another", with(&state, "good-code")).await
    ));
    assert!(
        scene
            .comes_back("mine", with(&state, "good-code"))
            .await
            .is_ok()
    );
    assert!(
        is_dead(scene.comes_back("mine", with(&state, "good-code")).await),
        "used"
    );

    let late = of(&scene.goes(id, "mine").await, "state");
    scene.ground.clock.advance(seconds(601));
    assert!(
        is_dead(scene.comes_back("mine", with(&late, "good-code")).await),
        "too late"
    );
}

#[tokio::test]
async fn a_no_changes_nothing_and_uses_up_the_state() {
    let scene = Scene::set();
    let id = scene.mastodon().await;
    let state = of(&scene.goes(id, "mine").await, "state");
    let no = Returned {
        error: "access_denied".to_owned(),
        ..with(&state, "")
    };
    let redeemed = scene.comes_back("mine", no).await.expect("taken");
    assert!(redeemed.verified.is_none());
    assert_eq!(scene.row(id).await.0, ChannelState::NeedsReauth);
    assert!(is_dead(
        scene.comes_back("mine", with(&state, "good-code")).await
    ));
}

#[tokio::test]
async fn a_code_goes_to_nobody_but_the_one_it_came_from() {
    let scene = Scene::set();
    let id = scene.mastodon().await;
    let state = of(&scene.goes(id, "mine").await, "state");
    let mixed_up = Returned {
        issuer: "https://evil.example".to_owned(),
        ..with(&state, "good-code")
    };
    assert!(is_dead(scene.comes_back("mine", mixed_up).await));
    let asked = scene.outside.asked();
    assert!(
        !asked.iter().any(|one| one.path.ends_with("/oauth/token")),
        "nothing was exchanged"
    );
}

#[tokio::test]
async fn a_code_that_is_none_leaves_the_channel_closed() {
    let scene = Scene::set();
    let id = scene.mastodon().await;
    let state = of(&scene.goes(id, "mine").await, "state");
    let redeemed = scene
        .comes_back("mine", with(&state, "bad-code"))
        .await
        .expect("taken");
    assert!(matches!(
        redeemed.verified.expect("noted").health,
        Health::Bad(_)
    ));
    let (state, note, ..) = scene.row(id).await;
    assert_eq!(state, ChannelState::NeedsReauth);
    assert!(note.contains("invalid"), "{note}");
}

#[tokio::test]
async fn every_company_hands_out_tokens_in_its_own_way() {
    let scene = Scene::set();
    let app = json!({ "app_secret": format!("app-{TELLTALE}") });
    let kinds = [
        ("linkedin", json!({ "page": "77", "app": "id" }), true),
        ("facebook", json!({ "page": "1755", "app": "id" }), false),
        ("threads", json!({ "app": "id" }), true),
        (
            "x",
            json!({ "agreed": "yes", "monthly_cap": "5", "app": "id" }),
            false,
        ),
    ];
    for (kind, config, ends) in kinds {
        let id = scene.channel(kind, config, Some(app.clone())).await;
        let along = scene.goes(id, "mine").await;
        assert_eq!(of(&along, "client_id"), "id", "{kind}");
        assert!(
            !along.iter().any(|(_, value)| value.contains(TELLTALE)),
            "{kind}"
        );
        assert_eq!(
            of(&along, "code_challenge").is_empty(),
            kind != "x",
            "{kind}"
        );
        let redeemed = scene
            .comes_back("mine", with(&of(&along, "state"), "good-code"))
            .await;
        let verified = redeemed.expect("redeemed").verified.expect("asked");
        assert!(
            matches!(verified.health, Health::Good(_)),
            "{kind}: {:?}",
            verified.health
        );
        let (state, _, _, _, until) = scene.row(id).await;
        assert_eq!(
            (state, until.is_some()),
            (ChannelState::Open, ends),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_token_of_sixty_days_is_renewed_a_week_before() {
    let scene = Scene::set();
    let app = json!({ "app_secret": "s" });
    let id = scene
        .channel("threads", json!({ "app": "id" }), Some(app))
        .await;
    let along = scene.goes(id, "mine").await;
    scene
        .comes_back("mine", with(&of(&along, "state"), "good-code"))
        .await
        .expect("redeemed");
    let until = scene.row(id).await.4.expect("an end");
    let renewed = |scene: &Scene| {
        let asked = scene.outside.asked();
        asked
            .iter()
            .filter(|one| one.path.starts_with("/refresh_access_token"))
            .count()
    };
    scene.ground.clock.advance(seconds(50 * 86_400));
    scene.engine.verify(&HOUSE, id).await.expect("asked");
    assert_eq!(renewed(&scene), 0);
    // Nobody announces anything there; it is looked after all the same.
    let looked_after = scene.engine.renew_idle().await;
    assert_eq!(looked_after.expect("looked"), 0, "that is early");
    scene.ground.clock.advance(seconds(4 * 86_400));
    let looked_after = scene.engine.renew_idle().await;
    assert_eq!(looked_after.expect("looked"), 1);
    assert_eq!(renewed(&scene), 1);
    assert!(scene.row(id).await.4.is_some_and(|later| later > until));
}

#[tokio::test]
async fn without_an_application_there_is_no_way_there() {
    let scene = Scene::set();
    let id = scene
        .channel("linkedin", json!({ "page": "77" }), None)
        .await;
    let holder = bridge::holder_of_session("mine");
    let invited = scene
        .engine
        .invite(&HOUSE, id, holder)
        .await
        .expect("asked");
    assert!(matches!(invited, Invited::Not(_)), "{invited:?}");
}
