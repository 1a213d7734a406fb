//! Stories of settings, notices, groups and invitations, by the forms people are given.

use crate::highlights::Scene;
use crate::story;
use crate::town::PASSWORD;

story! {
    async fn somebody_settles_in(town) {
        let ruth = town.member("ruth").await;
        let page = ruth.opens("/my/settings").await;
        page.is(200);
        let page = page.form("Save profile").fill("display", "").submit().await;
        page.is(422);
        let page = page.form("Save profile").fill("display", "Ruth Okoro").fill("bio", "I count *herons*.").submit().await;
        page.is(200).sees("Your profile is saved");
        let mine = ruth.opens("/u/ruth").await;
        mine.sees("Ruth Okoro").sees("I count herons.");
        assert_eq!(mine.words_of(".post-text em").as_deref(), Some("herons"));

        let page = page.form("Save preferences").fill("zone", "Berth/Four").choose("theme", "dark").submit().await;
        page.is(422).sees("This is not a time zone");
        assert_eq!(page.form("Save preferences").value("theme"), Some("dark"), "the choice is kept");
        let page = page.form("Save preferences").fill("zone", "Europe/Berlin").submit().await;
        page.is(200).sees("Your preferences are saved");
        assert_eq!(page.attributes("html", "data-theme"), ["dark"]);

        let page = page.form("Take this name").fill("name", "r").submit().await;
        page.is(422);
        let page = page.form("Take this name").fill("name", "okoro").submit().await;
        page.is(200).sees("You go by your new name now");
        assert_eq!(ruth.opens("/u/ruth").await.path, "/u/okoro");
    }
}

story! {
    async fn a_password_is_changed_and_the_rest_signed_out(town) {
        let ruth = town.member("ruth").await;
        let other = town.guest();
        let form = other.open("/sign-in?next=%2Fmy%2Fsettings").await.form("Sign in");
        let elsewhere = form.fill("login", "ruth").fill("password", PASSWORD).submit().await;
        elsewhere.is(200);
        let page = ruth.opens("/my/settings").await;
        assert_eq!(page.attributes("form[action$='/end']", "action").len(), 2, "both browsers are listed");
        let wrong = page.form("Change password").fill("current", "wrong wrong").fill("password", "two herons on berth five").submit().await;
        wrong.is(422);
        assert!(!wrong.html.contains("two herons"), "a password is not sent back");
        let right = wrong.form("Change password").fill("current", PASSWORD).fill("password", "two herons on berth five").submit().await;
        right.is(200).sees("Everything else was signed out");
        assert_eq!(other.open("/my/settings").await.path.split('?').next(), Some("/sign-in"));
        assert_eq!(right.attributes("form[action$='/end']", "action").len(), 1);
    }
}

story! {
    async fn a_token_is_shown_once_and_revoked(town) {
        let ruth = town.member("ruth").await;
        let page = ruth.opens("/my/settings").await.form("Make a token").fill("label", "Tide clock").fill("days", "0").fill("token_proof", PASSWORD).submit().await;
        page.is(422);
        // An unattended browser makes none.
        let page = page.form("Make a token").fill("days", "30").fill("token_proof", "two herons on berth five").submit().await;
        page.is(422).hides("Shown once");
        let page = page.form("Make a token").fill("token_proof", PASSWORD).submit().await;
        page.is(200).sees("Shown once");
        let token = page.words_of("#secret").expect("the token");
        let api = town.api(Some(&token));
        assert_eq!(api.get("/me").await.is(200).text("/name"), "ruth");
        let page = ruth.opens("/my/settings").await;
        page.sees("Tide clock").hides(&token);
        page.form("Revoke").submit().await.is(200).sees("The token is revoked");
        api.get("/me").await.is(401);
    }
}

story! {
    async fn a_notice_leads_to_what_it_is_about(town) {
        let scene = Scene::set(town).await;
        scene.ada.opens("/my/notices").await.is(200).sees("Nothing");
        scene.nominated().await;
        let page = scene.ada.opens("/my/notices").await;
        page.is(200).sees("May your words be carried outside?").sees("new");
        let there = page.form("Go there").submit().await;
        there.is(200).sees("Where may it be said?");
        let page = scene.ada.opens("/my/notices").await;
        assert!(!page.has_button("Mark all as read"), "it was read by going there");
        scene.mo.opens("/my/notices").await.hides("May your words");
    }
}

story! {
    async fn an_admin_makes_a_group(town) {
        let (ada, ruth) = (town.admin("ada").await, town.member("ruth").await);
        ruth.opens("/admin/groups").await.is(403);
        let page = ada.opens("/admin/groups").await.form("Make the group").fill("name", " ").submit().await;
        page.is(422).sees("Please give the group a name");
        let page = page.form("Make the group").fill("name", "Volunteers").fill("description", "They water the font").submit().await;
        page.is(200).sees("The group is made");
        let page = page.form("Put in").fill("member", "@nobody-here").submit().await;
        page.is(422).sees("Nobody here carries this name");
        let page = page.form("Put in").fill("member", "@ruth").submit().await;
        page.is(200).sees("Ruth");
        let listed = ada.opens("/admin/groups").await;
        listed.sees("Volunteers").sees("1");
        let page = page.form("Take out").submit().await;
        page.is(200).sees("Nobody yet");
        let page = page.form("Save").fill("name", "Friends of the font").submit().await;
        page.is(200).sees("The group is saved").sees("Friends of the font");
        let twice = ada.opens("/admin/groups").await.form("Make the group").fill("name", "friends of the font").submit().await;
        twice.is(422).sees("There is a group of this name already");
    }
}

story! {
    async fn an_invitation_brings_a_role_once(town) {
        let ada = town.admin("ada").await;
        let page = ada.opens("/admin/invitations").await;
        let page = page.form("Invite").fill("email", "nowhere").submit().await;
        page.is(422);
        let page = page.form("Invite").fill("email", "").fill("note", "Come and keep the desk").tick("roles", "moderator").submit().await;
        page.is(200).sees("The link of the invitation");
        let link = page.words_of("#secret").expect("the link");
        let path = link.strip_prefix(town.base_url()).expect("our own link").to_owned();

        let guest = town.guest();
        let page = guest.open(&path).await;
        page.is(200).sees("You are invited").sees("Come and keep the desk").sees("Community manager");
        let form = page.form("Join").fill("name", "mona").fill("email", "mona@example.org").fill("password", PASSWORD);
        form.submit().await.is(200).sees("Welcome!");
        guest.open("/desk").await.is(200);
        let late = town.guest().open(&path).await;
        assert!(late.status >= 400, "an invitation works once: {}", late.words());
        ada.opens("/admin/invitations").await.sees("taken by");

        let page = ada.opens("/admin/invitations").await.form("Invite").fill("note", "Perhaps you?").submit().await;
        let link = page.words_of("#secret").expect("the link");
        let path = link.strip_prefix(town.base_url()).expect("our own link").to_owned();
        let page = ada.opens("/admin/invitations").await.form("Take back").submit().await;
        page.is(200).sees("The invitation is taken back");
        assert!(town.guest().open(&path).await.status >= 400);
    }
}
