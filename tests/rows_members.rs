//! Stories of settings, of admins among their members, and of documents that people acknowledge.

use loggia::kit::clock::DAY;

use crate::story;
use crate::support::smtp::FakeSmtp;
use crate::town::{PASSWORD, Town};

async fn another_address(town: Town, smtp: &FakeSmtp) {
    let ruth = town.member("ruth").await;
    let page = ruth.opens("/my/settings").await;
    let form = page.form("Change address");
    let wrong = form
        .clone()
        .fill("email", "new@example.org")
        .fill("proof", "not my password")
        .submit()
        .await;
    wrong.is(422);
    assert_eq!(
        wrong.form("Change address").value("email"),
        Some("new@example.org"),
        "what was typed is kept"
    );
    wrong
        .form("Change address")
        .fill("email", "nonsense")
        .fill("proof", PASSWORD)
        .submit()
        .await
        .is(422);
    let page = wrong
        .form("Change address")
        .fill("email", "new@example.org")
        .fill("proof", PASSWORD)
        .submit()
        .await;
    page.is(200).sees("A letter is on its way");
    town.work().await;
    let links = crate::desk_rest::links_to(smtp, "new@example.org", "/confirm/");
    assert_eq!(links.len(), 1, "{links:?}");
    let opened = ruth.browser.open(&links[0]).await;
    opened.is(200);
    let page = opened.form("Yes, confirm it").submit().await;
    page.is(200).sees("your address is confirmed");
    ruth.opens("/my/settings")
        .await
        .sees("new@example.org")
        .hides("Send the letter again");
    letters_sent_again(&town, smtp).await;
}

/// Whoever has not confirmed an address yet has the letter sent once more, and so does an admin for them.
async fn letters_sent_again(town: &Town, smtp: &FakeSmtp) {
    let guest = town.guest();
    let form = guest.open("/sign-up").await.form("Join");
    let form = form
        .fill("name", "ines")
        .fill("email", "ines@example.org")
        .fill("password", PASSWORD);
    form.submit().await.is(200);
    let letters = || crate::desk_rest::links_to(smtp, "ines@example.org", "/confirm/").len();
    town.work().await;
    assert_eq!(letters(), 1);
    town.clock.advance(DAY);
    guest
        .open("/my/settings")
        .await
        .form("Send the letter again")
        .submit()
        .await
        .is(200)
        .sees("A letter is on its way");
    town.work().await;
    assert_eq!(letters(), 2);
    let ada = town.admin("ada").await;
    let ines = town
        .inside(|tx| loggia::members::find_by_name(tx, "ines"))
        .await
        .id;
    town.clock.advance(DAY);
    let page = ada.opens(&format!("/admin/members/{ines}")).await;
    page.form("Send the letter again").submit().await.is(200);
    town.work().await;
    assert_eq!(letters(), 3);
}

#[tokio::test]
async fn a_member_goes_by_another_address_on_sqlite() {
    let smtp = FakeSmtp::start();
    another_address(Town::with_mail(&smtp.url()).await, &smtp).await;
}

#[tokio::test]
async fn a_member_goes_by_another_address_on_postgres() {
    let smtp = FakeSmtp::start();
    if let Some(town) = Town::on_postgres_with_mail(&smtp.url()).await {
        another_address(town, &smtp).await;
    }
}

story! {
    async fn other_browsers_are_signed_out_one_by_one_and_all_at_once(town) {
        let ruth = town.member("ruth").await;
        let mut others = Vec::new();
        for _ in 0..3 {
            let other = town.guest();
            let form = other.open("/sign-in?next=%2Fmy%2Fsettings").await.form("Sign in");
            form.fill("login", "ruth").fill("password", PASSWORD).submit().await.is(200);
            others.push(other);
        }
        let inside = async |others: &[crate::town::Browser]| {
            let mut count = 0;
            for other in others {
                count += usize::from(other.open("/my/settings").await.path.starts_with("/my/settings"));
            }
            count
        };
        assert_eq!(inside(&others).await, 3);
        let page = ruth.opens("/my/settings").await;
        assert_eq!(page.attributes("form[action$='/end']", "action").len(), 4);
        // One that is not mine is nobody's business.
        let tomas = town.member("tomas").await;
        let mine = page.attributes("form[action$='/end']", "action").remove(0);
        let csrf = tomas.opens("/my/settings").await.attributes("input[name=csrf]", "value").remove(0);
        let answer = tomas.browser.post(&mine, &[("csrf".to_owned(), csrf)]).await;
        assert_eq!(answer.status, 404);
        let lines = page.all("#sessions-settings li");
        let ends = page.attributes("#sessions-settings li form", "action");
        let (_, other) = lines.iter().zip(ends).find(|(line, _)| !line.contains("This browser")).expect("another one");
        let form = page.forms_to(&other).remove(0);
        form.submit().await.is(200).sees("That browser is signed out");
        assert_eq!(inside(&others).await, 2);
        ruth.opens("/my/settings").await.form("Sign out everywhere else").submit().await.is(200).sees("You are signed out everywhere else");
        assert_eq!(inside(&others).await, 0);
        assert_eq!(ruth.opens("/my/settings").await.attributes("form[action$='/end']", "action").len(), 1);
    }
}

story! {
    async fn an_admin_gives_roles_groups_and_badges(town) {
        let (ada, ruth) = (town.admin("ada").await, town.member("ruth").await);
        let path = format!("/admin/members/{}", ruth.id);
        let page = ada.opens(&path).await;
        page.form("Give Champion").submit().await.is(200).sees("The role is given");
        assert!(ruth.opens("/u/ruth").await.words_of(".badge.champion").is_some());
        ada.opens(&path).await.form("Take Champion").submit().await.is(200).sees("The role is taken");
        assert!(ruth.opens("/u/ruth").await.words_of(".badge.champion").is_none());
        ada.opens("/admin/groups").await.form("Make").fill("name", "Keepers").submit().await.is(200).sees("The group is made");
        ada.opens(&path).await.form("Put in Keepers").submit().await.is(200).sees("The groups are changed");
        ada.opens(&path).await.form("Take out Keepers").submit().await.is(200).sees("The groups are changed");
        let csrf = ruth.opens("/my/settings").await.attributes("input[name=csrf]", "value").remove(0);
        for act in ["role", "group", "resend"] {
            let fields = [("csrf".to_owned(), csrf.clone()), ("role".to_owned(), "admin".to_owned()), ("give".to_owned(), "1".to_owned())];
            assert_eq!(ruth.browser.post(&format!("{path}/{act}"), &fields).await.status, 403, "{act}");
        }
        let page = ada.opens("/admin/badges").await;
        let page = page.form("Make").fill("name", "Net mender").fill("description", "Mends nets.").submit().await;
        page.is(200).sees("The badge can be given").sees("Net mender");
        let page = page.form("Remove this badge from everybody: Net mender").submit().await;
        page.is(200).sees("The badge is gone").hides("Mends nets.");
    }
}

story! {
    async fn the_charter_is_acknowledged_and_a_version_to_come_taken_back(town) {
        let (ada, ruth) = (town.admin("ada").await, town.member("ruth").await);
        ada.opens("/charter/edit").await.form("Publish").fill("body", "A harbour for all talk.").submit().await.is(200);
        let charter = ruth.opens("/charter").await;
        charter.form("I will").submit().await.is(422);
        let page = charter.form("I will").tick("agree", "1").submit().await;
        page.is(200);
        assert!(!ruth.opens("/charter").await.has_button("I will"));
        // Nobody is asked for it, so nobody is reminded.
        let page = ada.opens("/charter/acknowledgements").await;
        page.is(200).sees("Ruth");
        assert!(!page.has_button("Remind them"));
        // A version that is to come is taken back into the drafts.
        let form = ada.opens("/charter/edit").await.form("Publish").fill("body", "A harbour for talk and for silence.").fill("note", "Silence.");
        let later = town.inside(|tx| Ok(tx.now().plus(3 * DAY))).await.timestamp().to_zoned(jiff::tz::TimeZone::UTC);
        form.fill("effective_on", &later.strftime("%Y-%m-%d").to_string()).submit().await.is(200);
        town.guest().open("/charter").await.sees("A harbour for all talk.").hides("silence");
        let page = ada.opens("/charter/edit").await;
        page.form("Take it back into the drafts").submit().await.is(200);
        assert!(!ada.opens("/charter/edit").await.has_button("Take it back into the drafts"));
        town.clock.advance(4 * DAY);
        town.guest().open("/charter").await.sees("A harbour for all talk.").hides("silence");
        let csrf = ruth.opens("/my/settings").await.attributes("input[name=csrf]", "value").remove(0);
        let fields = [("csrf".to_owned(), csrf)];
        assert_eq!(ruth.browser.post("/charter/remind", &fields).await.status, 403);
    }
}

story! {
    async fn the_first_steps_are_put_away(town) {
        let ada = town.admin("ada").await;
        ada.opens("/admin").await.is(200);
        let page = ada.opens("/admin/first-steps").await;
        page.is(200).form("Put this list away").submit().await.is(200);
        assert!(!ada.opens("/admin/first-steps").await.has_button("Put this list away"));
    }
}
