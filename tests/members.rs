//! Stories of people and their accounts, told through the verbs.

use std::sync::{Arc, Barrier};

use loggia::db::{DatabaseUrl, Db, DbOptions, House, Joints, Tx, migrate};
use loggia::kit::Clock;
use loggia::kit::clock::{DAY, HOUR, MINUTE, ManualClock, SECOND};
use loggia::kit::ids::MemberId;
use loggia::kit::seal::Keyring;
use loggia::kit::{At, Refusal, Result, Stop};
use loggia::members::{self, Added, Applicant, Arrival, Credential, NewPassword, SignedIn};
use loggia::policy::{Actor, Role, Roles, Trust};
use loggia::site::{self, Registration};
use serde_json::Value;

const PASSWORD: &str = "seven herons over the mole";
const SYSTEM: Actor = Actor::System("test");

/// A small house: a database of its own and a clock that is set by hand.
struct Street {
    db: Db,
    clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

fn street() -> Street {
    let folder = tempfile::tempdir().unwrap();
    let url =
        DatabaseUrl::parse(&format!("sqlite://{}/street.db", folder.path().display())).unwrap();
    migrate::run(&url).unwrap();
    let clock = Arc::new(ManualClock::at(At(1_800_000_000 * SECOND)));
    let house = House {
        joints: Joints::default(),
        clock: clock.clone(),
        base_url: "https://commons.example".to_owned(),
        ring: Keyring::from_bytes(Keyring::new_file().as_bytes()).unwrap(),
        secret: [7; 32],
    };
    let db = Db::open(&url, Arc::new(house), DbOptions::default()).unwrap();
    Street {
        db,
        clock,
        _folder: folder,
    }
}

impl Street {
    fn write<T: Send + 'static>(
        &self,
        verb: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.write_blocking(verb)
    }

    fn sign_up(&self, name: &str, email: &str, client: &str) -> Result<SignedIn> {
        let applicant = Applicant::check(name, "", email, PASSWORD, "Commons")?;
        let arrival = Arrival {
            client: client.to_owned(),
            lang: "en".to_owned(),
            ..Arrival::default()
        };
        self.write(move |tx| members::sign_up(tx, &applicant, &arrival))
    }

    fn add(&self, name: &str, roles: &[Role]) -> MemberId {
        let mut added = Added::named(name);
        added.email = Some(format!("{name}@example.org"));
        added.roles = roles.to_vec();
        added.password = Some(NewPassword::check(PASSWORD, &[]).unwrap());
        self.write(move |tx| members::add(tx, &SYSTEM, &added))
            .unwrap()
    }

    fn sign_in(&self, login: &str, password: &str, client: &str) -> Result<SignedIn> {
        let (login, client) = (login.to_owned(), client.to_owned());
        let claim = self.write(move |tx| members::claim(tx, &login, &client, None))?;
        let proof = claim.prove(password);
        self.write(move |tx| members::sign_in(tx, &proof, "a browser", None))
    }

    fn actor(&self, id: MemberId) -> Actor {
        self.write(move |tx| members::actor(tx, id)).unwrap()
    }

    fn knows_session(&self, token: &str) -> bool {
        let token = token.to_owned();
        self.write(move |tx| members::recognise(tx, &Credential::Session(&token)))
            .unwrap()
            .is_some()
    }

    fn knows_token(&self, token: &str) -> bool {
        let token = token.to_owned();
        self.write(move |tx| members::recognise(tx, &Credential::Bearer(&token)))
            .unwrap()
            .is_some()
    }

    /// The letters that wait, oldest first.
    fn letters(&self) -> Vec<Value> {
        let jobs = self
            .write(|tx| {
                let claimed = loggia::db::jobs::claim(tx, 1_000, loggia::db::jobs::Lane::Every)?;
                for job in &claimed {
                    loggia::db::jobs::finish(tx, job)?;
                }
                Ok(claimed)
            })
            .unwrap();
        let ring = self.write(|tx| Ok(tx.house().clone())).unwrap();
        jobs.iter()
            .filter(|job| job.kind == "mail")
            .map(|job| loggia::mail::open(&ring.ring, &job.payload).unwrap())
            .map(|letter| serde_json::to_value(letter).unwrap())
            .collect()
    }

    /// The token in the link of the latest letter of a kind.
    fn token(&self, kind: &str) -> String {
        let letters = self.letters();
        let letter = letters
            .iter()
            .rev()
            .find(|letter| letter["kind"] == kind)
            .unwrap_or_else(|| panic!("no {kind} in {letters:?}"));
        let link = letter["data"]["link"].as_str().unwrap();
        assert!(link.starts_with("https://commons.example/"), "{link}");
        link.rsplit('/')
            .next()
            .unwrap()
            .split('?')
            .next()
            .unwrap()
            .to_owned()
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T>) -> Refusal {
    match outcome {
        Err(Stop::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn problem<T: std::fmt::Debug>(outcome: Result<T>) -> (String, String) {
    match outcome {
        Err(Stop::Invalid(problems)) => (problems.0[0].field.clone(), problems.0[0].key.clone()),
        other => panic!("nothing wrong: {other:?}"),
    }
}

#[test]
fn somebody_signs_up_confirms_and_signs_in() {
    let street = street();
    let begun = street.sign_up("ruth", "Ruth@Example.org", "a").unwrap();
    assert!(street.knows_session(&begun.token));
    let actor = street.actor(begun.member);
    assert!(!actor.person().unwrap().email_confirmed);
    assert_eq!(actor.person().unwrap().trust, Trust::New);
    let token = street.token("confirm-email");
    // Mail programs look at links: looking changes nothing.
    for _ in 0..3 {
        let token = token.clone();
        street
            .write(move |tx| members::link_is_good(tx, members::Purpose::Confirm, &token))
            .unwrap();
    }
    assert!(!street.actor(begun.member).person().unwrap().email_confirmed);
    let once = token.clone();
    street
        .write(move |tx| members::confirm_email(tx, &once))
        .unwrap();
    assert!(street.actor(begun.member).person().unwrap().email_confirmed);
    assert_eq!(
        refused(street.write(move |tx| members::confirm_email(tx, &token))),
        Refusal::LinkDead
    );
    assert_eq!(
        street
            .sign_in("ruth@example.ORG", PASSWORD, "a")
            .unwrap()
            .member,
        begun.member
    );
    assert_eq!(
        street.sign_in("RUTH", PASSWORD, "a").unwrap().member,
        begun.member
    );
}

#[test]
fn signing_up_with_a_known_address_looks_the_same() {
    let street = street();
    street.add("ruth", &[]);
    let known = street.sign_up("eve", "ruth@example.org", "a").unwrap();
    let unknown = street.sign_up("eva", "nobody@example.org", "a").unwrap();
    let letters = street.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0]["kind"], "known-address");
    assert_eq!(letters[1]["kind"], "confirm-email");
    for begun in [&known, &unknown] {
        assert!(street.knows_session(&begun.token));
        assert!(!street.actor(begun.member).person().unwrap().email_confirmed);
    }
    // Neither can be signed in to by an address that is not theirs, with the same answer.
    for address in ["nobody@example.org", "ruth@example.org"] {
        let outcome = street.sign_in(address, "some other password", "b");
        assert_eq!(refused(outcome), Refusal::WrongPassword);
    }
    assert_eq!(
        street.sign_in("eve", PASSWORD, "c").unwrap().member,
        known.member
    );
}

#[test]
fn nobody_occupies_anothers_address() {
    let street = street();
    street.sign_up("squatter", "ruth@example.org", "a").unwrap();
    let squatters = street.token("confirm-email");
    let ruth = street.sign_up("ruth", "ruth@example.org", "b").unwrap();
    let hers = street.token("confirm-email");
    assert_ne!(squatters, hers);
    street
        .write(move |tx| members::confirm_email(tx, &hers))
        .unwrap();
    assert_eq!(
        street
            .sign_in("ruth@example.org", PASSWORD, "b")
            .unwrap()
            .member,
        ruth.member
    );
    assert_eq!(
        refused(street.write(move |tx| members::confirm_email(tx, &squatters))),
        Refusal::LinkDead
    );
}

#[test]
fn names_are_taken_once_whatever_they_look_like() {
    let street = street();
    street.sign_up("ruth", "a@example.org", "a").unwrap();
    for name in ["ruth", "RUTH", "Ruth"] {
        assert_eq!(
            problem(street.sign_up(name, "b@example.org", "a")),
            ("name".to_owned(), "name-taken".to_owned())
        );
    }
    let fields = match Applicant::check("x", "", "nowhere", "123", "Commons") {
        Err(Stop::Invalid(problems)) => problems.0.into_iter().map(|p| p.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields, ["name", "email", "password"]);
}

#[test]
fn passwords_are_tried_only_so_often() {
    let street = street();
    street.add("ruth", &[]);
    // One account from many clients.
    let mut compared = 0;
    for number in 0..40 {
        match street.sign_in("ruth", "wrong wrong wrong", &format!("client-{number}")) {
            Err(Stop::Refused(Refusal::WrongPassword)) => compared += 1,
            Err(Stop::Refused(Refusal::TooMany { retry_after })) => {
                assert!((1..=60).contains(&retry_after))
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(compared, 10);
    // The owner still gets in from a browser that has signed in before.
    let id = street
        .write(|tx| members::find_by_name(tx, "ruth"))
        .unwrap()
        .id;
    let claim = street
        .write(move |tx| members::claim(tx, "ruth", "home", Some(id)))
        .unwrap();
    let proof = claim.prove(PASSWORD);
    street
        .write(move |tx| members::sign_in(tx, &proof, "", None))
        .unwrap();
    // Many accounts from one client; names that nobody carries count alike.
    let mut compared = 0;
    for number in 0..60 {
        if refused(street.sign_in(&format!("nobody{number}"), "wrong wrong wrong", "attacker"))
            == Refusal::WrongPassword
        {
            compared += 1;
        }
    }
    assert_eq!(compared, 20);
    // An unknown name is held back like a known one.
    let mut compared = 0;
    for number in 0..20 {
        if refused(street.sign_in("nobody", "wrong wrong wrong", &format!("other-{number}")))
            == Refusal::WrongPassword
        {
            compared += 1;
        }
    }
    assert_eq!(compared, 10);
    street.clock.advance(MINUTE);
    street.sign_in("ruth", PASSWORD, "client-1").unwrap();
}

#[test]
fn who_signs_in_well_is_not_held_back() {
    let street = street();
    street.add("ruth", &[]);
    for _ in 0..25 {
        street.sign_in("ruth", PASSWORD, "home").unwrap();
    }
}

#[test]
fn sessions_end_by_rest_by_age_by_hand_and_by_suspension() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let idle = street.sign_in("ruth", PASSWORD, "a").unwrap();
    street.clock.advance(29 * DAY);
    assert!(street.knows_session(&idle.token));
    street.clock.advance(2 * DAY);
    assert!(!street.knows_session(&idle.token), "thirty days of rest");
    let used = street.sign_in("ruth", PASSWORD, "a").unwrap();
    for _ in 0..8 {
        street.clock.advance(20 * DAY);
        let token = used.token.clone();
        let known = street.write(move |tx| {
            let known = members::recognise(tx, &Credential::Session(&token))?.expect("in use");
            assert!(known.touch);
            members::touch(tx, known.session.expect("a session"))
        });
        known.unwrap();
    }
    street.clock.advance(21 * DAY);
    assert!(
        !street.knows_session(&used.token),
        "half a year, however much used"
    );
    let (one, two) = (
        street.sign_in("ruth", PASSWORD, "a").unwrap(),
        street.sign_in("ruth", PASSWORD, "a").unwrap(),
    );
    let actor = street.actor(ruth);
    let mine = actor.clone();
    let lines = street
        .write(move |tx| members::sessions(tx, &mine))
        .unwrap();
    assert_eq!(lines.len(), 2);
    let (mine, first) = (actor.clone(), lines[1].id);
    street
        .write(move |tx| members::end_session(tx, &mine, first))
        .unwrap();
    assert!(!street.knows_session(&one.token) && street.knows_session(&two.token));
    let stranger = street.add("mallory", &[]);
    let (stranger, second) = (street.actor(stranger), lines[0].id);
    assert_eq!(
        refused(street.write(move |tx| members::end_session(tx, &stranger, second))),
        Refusal::NotFound
    );
    street
        .write(move |tx| members::set_sanction(tx, ruth, None, Some(At(i64::MAX))))
        .unwrap();
    assert!(!street.knows_session(&two.token));
    assert_eq!(
        refused(street.sign_in("ruth", PASSWORD, "a")),
        Refusal::Suspended(Some(At(i64::MAX)))
    );
    assert_eq!(
        refused(street.sign_in("ruth", "not her password", "a")),
        Refusal::WrongPassword
    );
}

#[test]
fn a_session_never_outlives_a_sign_in() {
    let street = street();
    street.add("ruth", &[]);
    let first = street.sign_in("ruth", PASSWORD, "a").unwrap();
    let token = first.token.clone();
    let session = street
        .write(move |tx| members::recognise(tx, &Credential::Session(&token)))
        .unwrap()
        .unwrap()
        .session;
    let claim = street
        .write(|tx| members::claim(tx, "ruth", "a", None))
        .unwrap();
    let proof = claim.prove(PASSWORD);
    let second = street
        .write(move |tx| members::sign_in(tx, &proof, "", session))
        .unwrap();
    assert!(!street.knows_session(&first.token) && street.knows_session(&second.token));
}

#[test]
fn a_reset_link_works_once_and_ends_everything_else() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let session = street.sign_in("ruth", PASSWORD, "a").unwrap();
    let actor = street.actor(ruth);
    let api = street
        .write(move |tx| members::create_token(tx, &actor, "script", 30))
        .unwrap();
    assert!(street.knows_token(&api));
    street
        .write(|tx| members::request_reset(tx, "RUTH@example.org", "a"))
        .unwrap();
    let older = street.token("reset-password");
    street
        .write(|tx| members::request_reset(tx, "ruth@example.org", "a"))
        .unwrap();
    let token = street.token("reset-password");
    let fresh = NewPassword::check("eight herons over the mole", &[]).unwrap();
    for (dead, why) in [(older, "an older link"), ("nonsense".to_owned(), "no link")] {
        let fresh = fresh.clone();
        assert_eq!(
            refused(street.write(move |tx| members::reset(tx, &dead, &fresh))),
            Refusal::LinkDead,
            "{why}"
        );
    }
    let other_purpose = token.clone();
    assert_eq!(
        refused(street.write(move |tx| members::confirm_email(tx, &other_purpose))),
        Refusal::LinkDead
    );
    let (once, password) = (token.clone(), fresh.clone());
    street
        .write(move |tx| members::reset(tx, &once, &password))
        .unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::reset(tx, &token, &fresh))),
        Refusal::LinkDead
    );
    assert!(!street.knows_session(&session.token));
    assert!(!street.knows_token(&api));
    assert_eq!(
        refused(street.sign_in("ruth", PASSWORD, "a")),
        Refusal::WrongPassword
    );
    street
        .sign_in("ruth", "eight herons over the mole", "a")
        .unwrap();
    assert_eq!(street.letters().last().unwrap()["kind"], "password-changed");
}

#[test]
fn a_reset_link_dies_in_an_hour_and_with_its_address() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    street
        .write(|tx| members::request_reset(tx, "ruth@example.org", "a"))
        .unwrap();
    let token = street.token("reset-password");
    let fresh = NewPassword::check("eight herons over the mole", &[]).unwrap();
    street.clock.advance(HOUR);
    let (late, password) = (token, fresh.clone());
    assert_eq!(
        refused(street.write(move |tx| members::reset(tx, &late, &password))),
        Refusal::LinkDead
    );
    street
        .write(|tx| members::request_reset(tx, "ruth@example.org", "a"))
        .unwrap();
    let token = street.token("reset-password");
    // She goes by another address in the meantime.
    let actor = street.actor(ruth);
    let who = actor.clone();
    let claim = street
        .write(move |tx| members::claim_self(tx, &who, "a"))
        .unwrap();
    let wrong = claim.prove("not her password");
    let email = loggia::kit::names::parse_email("new@example.org").unwrap();
    let (who, address) = (actor.clone(), email.clone());
    assert_eq!(
        refused(street.write(move |tx| members::change_email(tx, &who, &wrong, &address, "a"))),
        Refusal::WrongPassword
    );
    let proof = claim.prove(PASSWORD);
    street
        .write(move |tx| members::change_email(tx, &actor, &proof, &email, "a"))
        .unwrap();
    let change = street.token("email-change");
    street
        .write(move |tx| members::confirm_new_email(tx, &change))
        .unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::reset(tx, &token, &fresh))),
        Refusal::LinkDead
    );
    assert!(street.sign_in("new@example.org", PASSWORD, "a").is_ok());
    assert_eq!(
        refused(street.sign_in("ruth@example.org", PASSWORD, "a")),
        Refusal::WrongPassword
    );
    let told = street.letters();
    let told = told.iter().find(|letter| letter["kind"] == "email-changed");
    assert!(told.is_none_or(|letter| letter["to"] == "ruth@example.org"));
}

/// Whoever knew the password asked for an address of their own; the owner notices and chooses another password.
#[test]
fn another_password_ends_a_change_of_address_that_waits() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let asks = |password: &str| {
        let actor = street.actor(ruth);
        let who = actor.clone();
        let claim = street
            .write(move |tx| members::claim_self(tx, &who, "a"))
            .unwrap();
        let proof = claim.prove(password);
        let email = loggia::kit::names::parse_email("mine@example.org").unwrap();
        street
            .write(move |tx| members::change_email(tx, &actor, &proof, &email, "a"))
            .unwrap();
        street.token("email-change")
    };
    let change = asks(PASSWORD);
    street
        .write(|tx| members::request_reset(tx, "ruth@example.org", "a"))
        .unwrap();
    let token = street.token("reset-password");
    let fresh = NewPassword::check("eight herons over the mole", &[]).unwrap();
    street
        .write(move |tx| members::reset(tx, &token, &fresh))
        .unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::confirm_new_email(tx, &change))),
        Refusal::LinkDead
    );
    // A suspension ends it as well.
    let change = asks("eight herons over the mole");
    let until = street.clock.now().plus(DAY);
    street
        .write(move |tx| members::set_sanction(tx, ruth, None, Some(until)))
        .unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::confirm_new_email(tx, &change))),
        Refusal::LinkDead
    );
}

/// An invitation is worth what its maker may still do.
#[test]
fn an_invitation_ends_with_its_makers_office() {
    let street = street();
    let (ada, _) = (
        street.add("ada", &[Role::Admin]),
        street.add("bea", &[Role::Admin]),
    );
    let admin = street.actor(ada);
    let link = street
        .write(move |tx| members::invite(tx, &admin, None, Roles::of(&[Role::Admin]), "", "a"))
        .unwrap();
    let token = link.rsplit('/').next().unwrap().to_owned();
    let joins = |name: &str| {
        let applicant = Applicant::check(
            name,
            "",
            &format!("{name}@example.org"),
            PASSWORD,
            "Commons",
        )
        .unwrap();
        let arrival = Arrival {
            invitation: Some(token.clone()),
            ..Arrival::default()
        };
        street.write(move |tx| members::sign_up(tx, &applicant, &arrival))
    };
    street
        .write(move |tx| members::take_role(tx, &SYSTEM, ada, Role::Admin))
        .unwrap();
    assert_eq!(refused(joins("carl")), Refusal::LinkDead);
    let shown = token.clone();
    assert_eq!(
        refused(street.write(move |tx| members::read_invitation(tx, &shown))),
        Refusal::LinkDead
    );
    street
        .write(move |tx| members::give_role(tx, &SYSTEM, ada, Role::Admin))
        .unwrap();
    let until = street.clock.now().plus(DAY);
    street
        .write(move |tx| members::set_sanction(tx, ada, None, Some(until)))
        .unwrap();
    assert_eq!(refused(joins("carl")), Refusal::LinkDead);
    street.clock.advance(2 * DAY);
    joins("carl").unwrap();
}

#[test]
fn an_unknown_address_is_answered_like_a_known_one() {
    let street = street();
    street
        .write(|tx| members::request_reset(tx, "nobody@example.org", "a"))
        .unwrap();
    street
        .write(|tx| members::request_reset(tx, "no address at all", "a"))
        .unwrap();
    assert!(street.letters().is_empty());
}

#[test]
fn an_address_gets_three_letters_an_hour_from_each_door() {
    let street = street();
    let ruth = street.add("ruth", &[Role::Admin]);
    for number in 0..20 {
        let client = format!("client-{number}");
        street
            .write(move |tx| members::request_reset(tx, "ruth@example.org", &client))
            .unwrap();
    }
    assert_eq!(street.letters().len(), 3, "forgotten");
    for number in 0..20 {
        street
            .sign_up(
                &format!("somebody{number}"),
                "target@example.org",
                &format!("client-{number}"),
            )
            .unwrap();
    }
    assert_eq!(street.letters().len(), 3, "sign-up");
    let admin = street.actor(ruth);
    for number in 0..20 {
        let (admin, client) = (admin.clone(), format!("client-{number}"));
        let email = loggia::kit::names::parse_email("target@example.org").unwrap();
        street
            .write(move |tx| {
                members::invite(tx, &admin, Some(&email), Roles::default(), "", &client)
            })
            .unwrap();
    }
    assert_eq!(street.letters().len(), 3, "invitation");
    let target = street
        .write(|tx| members::find_by_name(tx, "somebody0"))
        .unwrap()
        .id;
    for number in 0..20 {
        let (admin, client) = (admin.clone(), format!("client-{number}"));
        street
            .write(move |tx| members::resend_confirmation(tx, &admin, target, &client))
            .unwrap();
    }
    assert_eq!(street.letters().len(), 3, "resend");
    for number in 0..20 {
        let (admin, client) = (admin.clone(), format!("client-{number}"));
        let who = admin.clone();
        let proof = street
            .write(move |tx| members::claim_self(tx, &who, "home"))
            .unwrap()
            .prove(PASSWORD);
        let email = loggia::kit::names::parse_email("target@example.org").unwrap();
        street.clock.advance(7 * SECOND);
        street
            .write(move |tx| members::change_email(tx, &admin, &proof, &email, &client))
            .unwrap();
    }
    assert_eq!(street.letters().len(), 3, "change of address");
    // One client cannot write to everybody either.
    let mut held = 0;
    for number in 0..100 {
        let address = format!("a{number}@example.org");
        if street
            .write(move |tx| members::request_reset(tx, &address, "one-client"))
            .is_err()
        {
            held += 1;
        }
    }
    assert_eq!(held, 40);
}

#[test]
fn tokens_of_the_api_are_revoked_one_by_one_and_bound_to_this_house() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let actor = street.actor(ruth);
    let who = actor.clone();
    let one = street
        .write(move |tx| members::create_token(tx, &who, "one", 30))
        .unwrap();
    let who = actor.clone();
    let two = street
        .write(move |tx| members::create_token(tx, &who, "two", 1))
        .unwrap();
    assert!(street.knows_token(&one) && street.knows_token(&two));
    assert!(!street.knows_session(&one));
    let mut forged = one.clone();
    forged.push('A');
    assert!(!street.knows_token(&forged));
    let who = actor.clone();
    let lines = street.write(move |tx| members::tokens(tx, &who)).unwrap();
    assert_eq!(
        lines.iter().map(|l| l.label.as_str()).collect::<Vec<_>>(),
        ["two", "one"]
    );
    let (stranger, first) = (street.add("mallory", &[]), lines[1].id);
    let stranger = street.actor(stranger);
    assert_eq!(
        refused(street.write(move |tx| members::revoke_token(tx, &stranger, first))),
        Refusal::NotFound
    );
    let who = actor.clone();
    street
        .write(move |tx| members::revoke_token(tx, &who, first))
        .unwrap();
    assert!(!street.knows_token(&one) && street.knows_token(&two));
    street.clock.advance(DAY);
    assert!(!street.knows_token(&two), "its day is over");
    assert_eq!(
        problem(street.write(move |tx| members::create_token(tx, &actor, "", 9_999))).0,
        "label"
    );
}

#[test]
fn a_community_by_invitation_lets_in_whoever_holds_one() {
    let street = street();
    let ada = street.add("ada", &[Role::Admin]);
    let admin = street.actor(ada);
    let who = admin.clone();
    street
        .write(move |tx| {
            let mut settings = site::settings(tx)?;
            settings.registration = Registration::Invite;
            site::change(tx, &who, &settings)
        })
        .unwrap();
    assert_eq!(
        problem(street.sign_up("eve", "eve@example.org", "a")).1,
        "invitation-needed"
    );
    let who = admin.clone();
    let link = street
        .write(move |tx| {
            let email = loggia::kit::names::parse_email("guest@example.org").expect("an address");
            members::invite(
                tx,
                &who,
                Some(&email),
                Roles::of(&[Role::Champion]),
                "Welcome!",
                "a",
            )
        })
        .unwrap();
    let token = link.rsplit('/').next().unwrap().to_owned();
    assert_eq!(street.token("invitation"), token);
    let read = token.clone();
    let invited = street
        .write(move |tx| members::read_invitation(tx, &read))
        .unwrap();
    assert_eq!(
        (invited.note.as_str(), invited.roles),
        ("Welcome!", vec![Role::Champion])
    );
    let arrival = Arrival {
        invitation: Some(token),
        client: "b".to_owned(),
        lang: "en".to_owned(),
        ..Arrival::default()
    };
    let applicant = Applicant::check(
        "guest.one",
        "Guest",
        "guest@example.org",
        PASSWORD,
        "Commons",
    )
    .unwrap();
    let (first, way) = (applicant, arrival.clone());
    let begun = street
        .write(move |tx| members::sign_up(tx, &first, &way))
        .unwrap();
    let actor = street.actor(begun.member);
    assert!(actor.has(Role::Champion));
    assert!(
        actor.person().unwrap().email_confirmed,
        "the invitation was sent to that address"
    );
    let second = Applicant::check("guest.two", "", "two@example.org", PASSWORD, "Commons").unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::sign_up(tx, &second, &arrival))),
        Refusal::LinkDead
    );
    let member = street.actor(begun.member);
    assert_eq!(
        refused(street.write(move |tx| members::invite(
            tx,
            &member,
            None,
            Roles::default(),
            "",
            "a"
        ))),
        Refusal::RoleNeeded("admin")
    );
}

#[test]
fn the_last_admin_stays() {
    let street = street();
    let (ada, bob) = (street.add("ada", &[Role::Admin]), street.add("bob", &[]));
    let admin = street.actor(ada);
    let who = admin.clone();
    assert_eq!(
        refused(street.write(move |tx| members::take_role(tx, &who, ada, Role::Admin))),
        Refusal::LastOne
    );
    let who = admin.clone();
    street
        .write(move |tx| members::give_role(tx, &who, bob, Role::Admin))
        .unwrap();
    let who = admin.clone();
    street
        .write(move |tx| members::take_role(tx, &who, ada, Role::Admin))
        .unwrap();
    assert_eq!(
        refused(street.write(move |tx| members::take_role(tx, &SYSTEM, bob, Role::Admin))),
        Refusal::LastOne
    );
    let nobody = street.actor(ada);
    assert_eq!(
        refused(street.write(move |tx| members::give_role(tx, &nobody, ada, Role::Admin))),
        Refusal::RoleNeeded("admin")
    );
    let holders = street
        .write(|tx| members::with_role(tx, Role::Admin))
        .unwrap();
    assert_eq!(
        holders
            .iter()
            .map(|card| card.name.as_str())
            .collect::<Vec<_>>(),
        ["bob"]
    );
}

#[test]
fn of_fifty_who_set_up_one_does() {
    let street = street();
    let link = street.write(members::set_up_link).unwrap().unwrap();
    let token = link.rsplit('/').next().unwrap().to_owned();
    let gate = Arc::new(Barrier::new(50));
    let runs: Vec<_> = (0..50)
        .map(|number| {
            let (db, gate, token) = (street.db.clone(), gate.clone(), token.clone());
            std::thread::spawn(move || {
                let applicant = Applicant::check(
                    &format!("admin{number}x"),
                    "",
                    &format!("a{number}@example.org"),
                    PASSWORD,
                    "Commons",
                )
                .unwrap();
                gate.wait();
                db.write_blocking(move |tx| members::set_up(tx, &token, &applicant, ""))
            })
        })
        .collect();
    let outcomes: Vec<_> = runs.into_iter().map(|run| run.join().unwrap()).collect();
    let (made, rest): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for outcome in rest {
        assert_eq!(refused(outcome), Refusal::SetUpAlready);
    }
    assert_eq!(
        street
            .write(|tx| members::with_role(tx, Role::Admin))
            .unwrap()
            .len(),
        1
    );
    assert!(street.write(members::set_up_link).unwrap().is_none());
    assert_eq!(
        refused(street.write(move |tx| members::may_set_up(tx, &token))),
        Refusal::SetUpAlready
    );
}

#[test]
fn an_old_name_leads_to_the_new_one_and_is_kept() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let actor = street.actor(ruth);
    for name in ["Ruth", "ruth-okoro", "okoro"] {
        let actor = actor.clone();
        street
            .write(move |tx| members::rename(tx, &actor, ruth, name))
            .unwrap();
    }
    for name in ["ruth", "ruth-okoro", "OKORO"] {
        assert_eq!(
            street
                .write(move |tx| members::find_by_name(tx, name))
                .unwrap()
                .name,
            "okoro"
        );
    }
    assert_eq!(
        problem(street.sign_up("ruth", "x@example.org", "a")).1,
        "name-taken"
    );
    let again = actor.clone();
    assert!(matches!(
        refused(street.write(move |tx| members::rename(tx, &again, ruth, "ruth"))),
        Refusal::TooMany { .. }
    ));
    street
        .write(move |tx| members::rename(tx, &SYSTEM, ruth, "ruth"))
        .unwrap();
    let mallory = street.actor(street.add("mallory", &[]));
    assert_eq!(
        refused(street.write(move |tx| members::rename(tx, &mallory, ruth, "victim"))),
        Refusal::RoleNeeded("admin")
    );
    assert!(street.sign_in("ruth", PASSWORD, "a").is_ok());
}

#[test]
fn groups_are_part_of_the_standing() {
    let street = street();
    let (ada, ruth) = (street.add("ada", &[Role::Admin]), street.add("ruth", &[]));
    let admin = street.actor(ada);
    let who = admin.clone();
    let staff = street
        .write(move |tx| members::create_group(tx, &who, "Staff", "Who works here"))
        .unwrap();
    let who = admin.clone();
    assert_eq!(
        problem(street.write(move |tx| members::create_group(tx, &who, "staff", ""))).1,
        "group-name-taken"
    );
    let who = admin.clone();
    street
        .write(move |tx| members::join_group(tx, &who, staff, ruth))
        .unwrap();
    let who = admin.clone();
    street
        .write(move |tx| members::join_group(tx, &who, staff, ruth))
        .unwrap();
    assert_eq!(street.actor(ruth).person().unwrap().groups, [staff]);
    let who = admin.clone();
    let (cards, next) = street
        .write(move |tx| members::members_of(tx, &who, staff, None))
        .unwrap();
    assert_eq!((cards.len(), next), (1, None));
    street
        .write(move |tx| members::leave_group(tx, &admin, staff, ruth))
        .unwrap();
    assert!(street.actor(ruth).person().unwrap().groups.is_empty());
}

#[test]
fn acknowledgements_follow_the_major_version() {
    use loggia::kit::stop::Document;
    let street = street();
    let ruth = street.add("ruth", &[]);
    let acknowledged = |street: &Street| {
        let actor = street.actor(ruth);
        let person = actor.person().unwrap();
        (person.community_acknowledged, person.messaging_acknowledged)
    };
    assert_eq!(acknowledged(&street), (true, false));
    let require = |document, major| {
        street
            .write(move |tx| members::require_acknowledgement(tx, document, major))
            .unwrap()
    };
    let agree = |document, major| {
        street
            .write(move |tx| members::acknowledged(tx, ruth, document, major))
            .unwrap()
    };
    require(Document::Community, 1);
    require(Document::Messaging, 1);
    assert_eq!(acknowledged(&street), (false, false));
    agree(Document::Community, 1);
    agree(Document::Messaging, 1);
    assert_eq!(acknowledged(&street), (true, true));
    require(Document::Community, 2);
    assert_eq!(acknowledged(&street), (false, true));
    agree(Document::Community, 2);
    agree(Document::Community, 1);
    assert_eq!(acknowledged(&street), (true, true));
}

#[test]
fn trust_grows_and_hidden_posts_hold_it_back() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let trust = |street: &Street| street.actor(ruth).person().unwrap().trust;
    let post = |street: &Street| {
        street
            .write(move |tx| members::counted(tx, ruth, 0, 1))
            .unwrap()
    };
    for _ in 0..9 {
        post(&street);
    }
    assert_eq!(trust(&street), Trust::New);
    street.clock.advance(14 * DAY);
    post(&street);
    assert_eq!(trust(&street), Trust::Established);
    street
        .write(move |tx| members::hidden(tx, ruth, 1))
        .unwrap();
    assert_eq!(trust(&street), Trust::Member);
    post(&street);
    assert_eq!(trust(&street), Trust::Member);
    street
        .write(move |tx| members::hidden(tx, ruth, -1))
        .unwrap();
    assert_eq!(trust(&street), Trust::Established);
}

#[test]
fn the_code_of_the_link_is_kept_until_the_first_post() {
    let street = street();
    let applicant = Applicant::check("ruth", "", "ruth@example.org", PASSWORD, "Commons").unwrap();
    let arrival = Arrival {
        via: Some("k7Qm2xyz".to_owned()),
        client: "a".to_owned(),
        lang: "en".to_owned(),
        ..Arrival::default()
    };
    let ruth = street
        .write(move |tx| members::sign_up(tx, &applicant, &arrival))
        .unwrap()
        .member;
    assert_eq!(
        street
            .write(move |tx| members::first_post_code(tx, ruth))
            .unwrap()
            .as_deref(),
        Some("k7Qm2xyz")
    );
    assert_eq!(
        street
            .write(move |tx| members::first_post_code(tx, ruth))
            .unwrap(),
        None
    );
}

#[test]
fn an_account_that_is_never_confirmed_is_forgotten_after_a_week() {
    let street = street();
    let never = street.sign_up("squatter", "a@example.org", "a").unwrap();
    let confirmed = street.sign_up("ruth", "b@example.org", "b").unwrap();
    let hers = street.token("confirm-email");
    street
        .write(move |tx| members::confirm_email(tx, &hers))
        .unwrap();
    street.clock.advance(7 * DAY - SECOND);
    street.write(members::sweep).unwrap();
    assert!(street.knows_session(&never.token), "a week is a week");
    street.clock.advance(2 * SECOND);
    street.write(members::sweep).unwrap();
    assert!(!street.knows_session(&never.token));
    assert!(street.knows_session(&confirmed.token));
    let gone = street.write(|tx| members::find_by_name(tx, "squatter"));
    assert!(matches!(gone, Err(Stop::Refused(Refusal::NotFound))));
    // The name is free again, and so is the address.
    street.sign_up("squatter", "a@example.org", "c").unwrap();
}

#[test]
fn a_silence_ends_by_itself() {
    let street = street();
    let ruth = street.add("ruth", &[]);
    let until = At(1_800_000_000 * SECOND).plus(DAY);
    street
        .write(move |tx| members::set_sanction(tx, ruth, Some(until), None))
        .unwrap();
    assert_eq!(street.actor(ruth).person().unwrap().silenced, Some(until));
    street.clock.advance(DAY);
    assert_eq!(street.actor(ruth).person().unwrap().silenced, None);
}
