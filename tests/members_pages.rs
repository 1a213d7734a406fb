//! Stories of people and their accounts, told with a browser.

use loggia::bridge;
use loggia::kit::clock::DAY;
use loggia::kit::event::Origin;
use loggia::members::{self, Credential};
use serde_json::json;

use crate::story;
use crate::town::{Page, Town};

/// The token of the latest link in a letter of this kind.
async fn link(town: &Town, kind: &'static str) -> String {
    let found = town
        .inside(move |tx| {
            let mut found = None;
            for job in loggia::db::jobs::claim(tx, 100, loggia::db::jobs::Lane::Every)? {
                // What waits is sealed: whoever reads a copy of the database alone must not find links in it.
                assert!(!job.payload.contains("link"), "{}", job.payload);
                let letter = loggia::mail::open(&tx.house().ring, &job.payload)?;
                if letter.kind == kind {
                    found = letter.data["link"].as_str().map(str::to_owned);
                }
                loggia::db::jobs::finish(tx, &job)?;
            }
            Ok(found)
        })
        .await;
    let link = found.unwrap_or_else(|| panic!("no letter {kind}"));
    link.strip_prefix(town.base_url())
        .unwrap_or_else(|| panic!("{link} leads elsewhere"))
        .to_owned()
}

fn session_of(page: &Page) -> Option<String> {
    let cookies = page.headers.iter().filter(|(name, _)| name == "set-cookie");
    cookies
        .filter_map(|(_, value)| {
            value
                .split(';')
                .next()?
                .strip_prefix("__Host-loggia=")
                .map(str::to_owned)
        })
        .next()
}

story! {
    async fn a_second_click_joins_no_second_time(town) {
        let ada = town.admin("ada").await;
        let invited = ada.opens("/admin/invitations").await.form("Invite").fill("note", "Come").tick("roles", "moderator").submit().await;
        let invitation = invited.words_of("#secret").expect("the link");
        let invitation = invitation.strip_prefix(town.base_url()).expect("our own link").to_owned();
        for (path, name) in [("/sign-up?next=%2Flatest".to_owned(), "ruth"), (invitation, "mona")] {
            let browser = town.guest();
            let page = browser.open(&path).await;
            let form = page.form("Join").fill("name", name).fill("email", &format!("{name}@example.org")).fill("password", "a heron on berth four");
            let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
            // All three clicks carry what the browser had before it heard an answer.
            let cookie = browser.cookie_header();
            let (base, to) = (town.base_url().to_owned(), form.action.clone());
            let click = async || {
                let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", base.as_str()), ("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
                town.guest().send("POST", &to, Some(body.clone()), &headers).await
            };
            let (one, other) = tokio::join!(click(), click());
            for answer in [one, other, click().await] {
                assert!(answer.leads_to().is_some(), "{name}: {} {}", answer.status, answer.words());
                assert!(session_of(&answer).is_some(), "{name} is in");
            }
        }
        // Somebody else who likes the name is told as before, with what they typed.
        let other = town.guest().open("/sign-up").await.form("Join").fill("name", "ruth").fill("email", "ruth@example.org").fill("password", "another heron on berth five").submit().await;
        other.is(422).sees("Somebody carries this name");
        assert_eq!(other.form("Join").value("name"), Some("ruth"));
    }
}

story! {
    async fn somebody_joins_confirms_and_comes_back(town) {
        let browser = town.guest();
        let page = browser.open("/sign-up?next=%2Fu%2Fruth").await;
        let form = page.form("Join").fill("name", "ruth").fill("email", "nowhere").fill("password", "short");
        let page = form.submit().await;
        page.is(422).sees("This is not one e-mail address").sees("at least 8 characters");
        assert_eq!(page.form("Join").value("name"), Some("ruth"), "what was typed is kept");
        let form = page.form("Join").fill("email", "ruth@example.org").fill("password", "a heron on berth four");
        let page = form.submit().await;
        page.is(200).sees("We have sent you a letter").sees("ruth");
        assert_eq!(page.path, "/u/ruth");
        let path = link(&town, "confirm-email").await;
        let page = browser.open(&path).await;
        page.is(200);
        browser.open(&path).await.is(200);
        let page = page.form("Yes, confirm it").submit().await;
        page.sees("your address is confirmed");
        browser.open(&path).await.is(410);
        let page = browser.open("/u/ruth").await.form("Sign out").submit().await;
        page.sees("You are signed out");
        let page = town.guest().open("/sign-in?next=%2Fmy%2Fnotices").await.form("Sign in").fill("login", "ruth@example.org").fill("password", "wrong wrong").submit().await;
        page.is(422).sees("do not belong together");
        let page = page.form("Sign in").fill("password", "a heron on berth four").submit().await;
        page.is(200);
        assert!(page.has("Sign out"));
    }
}

story! {
    async fn who_came_by_a_link_is_counted_without_being_known(town) {
        let origin = Origin { kind: "test".to_owned(), id: 1 };
        let code = town.inside(move |tx| bridge::new_code(tx, &origin, None, "/charter")).await;
        for (name, via) in [("ruth", code.as_str()), ("eva", "x7Qm2xyz"), ("tom", "")] {
            let page = town.guest().open(&format!("/sign-up?via={via}")).await;
            let form = page.form("Join").fill("name", name).fill("email", &format!("{name}@example.org"));
            form.fill("password", "a heron on berth four").submit().await.is(200);
        }
        let counted = town.inside(move |tx| bridge::clicks_of(tx, std::slice::from_ref(&code))).await;
        let sums: Vec<i64> = counted.values().map(|clicks| clicks.sign_ups).collect();
        assert_eq!(sums, [1], "one came by the code; a code that is none of ours counts nothing");
    }
}

story! {
    async fn who_only_reads_stays_signed_in(town) {
        let ruth = town.member("ruth").await;
        // A session ends when it is not used for thirty days; reading is using.
        for _ in 0..3 {
            town.clock.advance(20 * DAY);
            assert!(ruth.opens("/my/settings").await.is(200).has("Sign out"));
        }
        town.clock.advance(31 * DAY);
        assert!(!ruth.opens("/").await.has("Sign out"));
    }
}

story! {
    async fn a_forgotten_password_is_replaced(town) {
        let ruth = town.member("ruth").await;
        let browser = town.guest();
        for address in ["nobody@example.org", "ruth@example.org"] {
            let page = browser.open("/forgot").await.form("Send me a link").fill("email", address).submit().await;
            page.is(200).sees("a letter with a link is on its way");
        }
        let path = link(&town, "reset-password").await;
        let page = browser.open(&path).await.form("Keep this password").fill("password", "password1").submit().await;
        page.is(422).sees("tried first");
        let page = page.form("Keep this password").fill("password", "two herons on berth five").submit().await;
        page.is(200).sees("Your password is changed");
        browser.open(&path).await.is(410);
        let page = ruth.opens("/u/ruth").await;
        assert!(!page.has("Sign out"), "her other browser is signed out");
        let page = browser.open("/sign-in?next=%2Fmy%2Fnotices").await.form("Sign in").fill("login", "ruth").fill("password", "two herons on berth five").submit().await;
        assert!(page.has("Sign out"));
    }
}

story! {
    async fn the_first_admin_sets_up(town) {
        let link = town.inside(members::set_up_link).await.expect("nobody runs it yet");
        let path = link.strip_prefix(town.base_url()).expect("own address").to_owned();
        let browser = town.guest();
        let page = browser.open(&path).await;
        let form = page.form("Begin").fill("name", "ada").fill("email", "ada@example.org").fill("password", "a heron on berth four");
        let page = form.submit().await;
        assert_eq!(page.path, "/admin");
        browser.open(&path).await.is(404);
        town.guest().open(&path).await.is(404);
    }
}

story! {
    async fn a_session_is_new_at_every_sign_in(town) {
        let ruth = town.member("ruth").await;
        let before = ruth.browser.cookie_header();
        let body = "login=ruth&password=a+kingfisher+over+berth+four";
        let page = ruth.browser.send("POST", "/sign-in", Some(body.to_owned()), &[("content-type", "application/x-www-form-urlencoded"), ("origin", town.base_url())]).await;
        page.is(403);
        assert!(session_of(&page).is_none(), "without its guard the form does nothing");
        assert_eq!(before, ruth.browser.cookie_header());
        let other = town.guest();
        let form = other.open("/sign-in").await.form("Sign in").fill("login", "ruth").fill("password", crate::town::PASSWORD);
        form.submit().await;
        let token = other.cookie_header().split("; ").find_map(|c| c.strip_prefix("__Host-loggia=").map(str::to_owned)).expect("a session");
        assert!(!before.contains(&token));
        let known = town.inside(move |tx| Ok(members::recognise(tx, &Credential::Session(&token))?.is_some())).await;
        assert!(known);
    }
}

story! {
    async fn a_program_signs_in_for_a_token(town) {
        let ruth = town.member("ruth").await;
        let api = ruth.api().await;
        let me = api.get("/me").await;
        assert_eq!((me.status, me.text("/name")), (200, "ruth"));
        let other = api.get("/members/RUTH").await;
        assert_eq!(other.text("/name"), "ruth");
        assert_eq!(api.get("/members/nobody").await.status, 404);
        assert_eq!(api.get("/notifications").await.json["items"], json!([]));
        let nobody = town.api(None);
        assert_eq!(nobody.get("/me").await.status, 401);
        assert_eq!(nobody.get("/notifications").await.status, 401);
        let wrong = nobody.post("/session", json!({ "login": "ruth", "password": "wrong wrong wrong" })).await;
        let unknown = nobody.post("/session", json!({ "login": "nobody", "password": "wrong wrong wrong" })).await;
        assert_eq!((wrong.status, unknown.status), (401, 401));
        assert_eq!(wrong.text("/type"), unknown.text("/type"));
        assert_eq!(nobody.post("/session", json!({ "login": "ruth" })).await.status, 422);
        assert_eq!(town.api(Some("forged")).get("/me").await.status, 401);
    }
}

story! {
    async fn a_renamed_member_is_found_and_portraits_are_drawn(town) {
        let ruth = town.member("ruth").await;
        let id = ruth.id;
        let actor = ruth.actor(&town).await;
        town.inside(move |tx| members::rename(tx, &actor, id, "okoro")).await;
        let page = town.guest().open("/u/ruth").await;
        assert_eq!((page.status, page.path.as_str()), (200, "/u/okoro"));
        let picture = town.guest().open("/u/okoro/avatar.svg").await;
        assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
        assert!(picture.html.starts_with("<svg") && !picture.html.contains("style"));
        town.guest().open("/u/-/avatar.svg").await.is(200);
        town.guest().open("/u/nobody/avatar.svg").await.is(404);
        town.guest().open("/u/nobody").await.is(404);
    }
}
