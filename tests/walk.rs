//! The main job, walked in a browser without JavaScript: from the front page as a guest to the announcement outside,
//! and back to its withdrawal. One window, one person after the other, and nothing but visible links and buttons; a
//! picture of every step lies in `target/walk/`.

use loggia::forum::{self, CategoryDraft, NewThread, Tags, Title};
use loggia::guidelines::{self, Change, Publication};
use loggia::kit::stop::Document;
use loggia::members::{self, Added, NewPassword};
use loggia::policy::{Actor, Role, Trust};
use loggia::site::{self, Settings};

use crate::support::browser::{self, Browser, Look};
use crate::support::endpoint::Endpoint;
use crate::support::smtp::FakeSmtp;
use crate::town::{PASSWORD, Town};

const TITLE: &str = "A kingfisher in the courtyard";
const BEFORE: &str = "I only came to change the water in the font.";
const WORDS: &str = "This morning a kingfisher sat on the bronze heron for an hour.";
const AFTER: &str = "Then the gulls came, and that was that.";

const CHARTER: &str = "## What this is\n\nA place for people who love the harbour.\n\n## What it is not\n\nA shop window.";
const COMMUNITY: &str =
    "## How we speak in here\n\n1. Speak to a person, not to a post.\n2. Say how you know.";
const MESSAGING: &str =
    "## How we speak out there\n\n1. Their words, unchanged.\n2. Never laugh at anybody.";

/// Somebody who has been here for a while; what they have acknowledged is for the walk to find out.
struct Neighbour {
    name: &'static str,
    display: &'static str,
    roles: &'static [Role],
    at_home: bool,
}

const NEIGHBOURS: [Neighbour; 4] = [
    Neighbour {
        name: "ada",
        display: "Ada Lind",
        roles: &[Role::Admin],
        at_home: true,
    },
    Neighbour {
        name: "nia",
        display: "Nia Brandt",
        roles: &[Role::Champion],
        at_home: true,
    },
    Neighbour {
        name: "mona",
        display: "Mona Ferrer",
        roles: &[Role::Moderator],
        at_home: true,
    },
    Neighbour {
        name: "pia",
        display: "Pia Sorel",
        roles: &[Role::Publisher],
        at_home: false,
    },
];

/// A museum's community on the day on which something worth telling is said.
async fn town(mail: &FakeSmtp) -> Town {
    let town = Town::with_mail(&mail.url()).await;
    town.inside(|tx| {
        let house = Actor::System("scene");
        let settings = Settings {
            name: "Harbour Museum Commons".to_owned(),
            tagline: "Where people who love the harbour talk to one another.".to_owned(),
            set_up: true,
            ..Settings::default()
        };
        site::change(tx, &house, &settings)?;
        for (kind, text) in [
            (Document::Charter, CHARTER),
            (Document::Community, COMMUNITY),
            (Document::Messaging, MESSAGING),
        ] {
            let publication = Publication {
                words: guidelines::Words::parse(text, "http://town.example")?,
                change: Change::Major,
                note: "Written together in the reading room.".to_owned(),
                effective_at: None,
                base: guidelines::base_of(tx, kind)?
                    .map(|version| version.fingerprint())
                    .unwrap_or_default(),
            };
            guidelines::publish(tx, &house, kind, &publication)?;
        }
        let category = CategoryDraft {
            name: "Field notes".to_owned(),
            description: "Birds, tides, rust: what you saw at the harbour.".to_owned(),
            ..CategoryDraft::default()
        };
        let category = forum::create_category(tx, &house, &category)?;
        let mut first = None;
        for neighbour in NEIGHBOURS {
            let mut added = Added::named(neighbour.name);
            neighbour.display.clone_into(&mut added.display);
            added.email = Some(format!("{}@museum.example", neighbour.name));
            added.password = Some(NewPassword::check(PASSWORD, &[])?);
            added.roles = neighbour.roles.to_vec();
            added.trust = Trust::Established;
            let id = members::add(tx, &house, &added)?;
            if neighbour.at_home {
                let major = guidelines::current(tx, Document::Community)?.map_or(1, |v| v.major);
                members::acknowledged(tx, id, Document::Community, major)?;
            }
            first.get_or_insert(id);
        }
        let ada = members::actor(tx, first.expect("somebody lives here"))?;
        let new = NewThread {
            category,
            title: Title::parse("What did you see on the quay this week?")?,
            words: forum::Words::parse(
                "A heron, two cormorants and the pilot boat in a hurry. And you?",
                "http://town.example",
            )?,
            tags: Tags::default(),
        };
        forum::start(tx, &ada, &new)?;
        Ok(())
    })
    .await;
    town
}

async fn comes_in(window: &Browser, display: &str, name: &str) {
    window.follow_in("header", "Sign in").await;
    window.fill("Name or e-mail address", name).await;
    window.fill("Password", PASSWORD).await;
    window.follow_in("main form", "Sign in").await;
    window.see(display).await;
}

async fn leaves(window: &Browser) {
    window
        .follow_start("header summary, header", "Your menu")
        .await;
    window.follow_in("header", "Sign out").await;
    window.see("You are signed out").await;
    window.follow_in("header", "Latest").await;
}

/// Everything that is due, until nothing is any more.
async fn time_passes(town: &Town) {
    for _ in 0..4 {
        town.work().await;
    }
}

/// The link in the letter that somebody got last.
fn link_for(mail: &FakeSmtp, address: &str, path: &str) -> String {
    let heard = mail.heard();
    let letter = heard
        .iter()
        .rev()
        .find(|letter| letter.to.iter().any(|to| to.contains(address)))
        .unwrap_or_else(|| panic!("no letter for {address}"));
    let text = letter
        .body
        .join("\n")
        .replace("=\n", "")
        .replace("=3D", "=");
    let at = text
        .find(path)
        .unwrap_or_else(|| panic!("no {path} in {text}"));
    let start = text[..at].rfind("http").expect("a whole address");
    let rest = &text[start..];
    let end = rest
        .find(|c: char| c.is_whitespace() || c == '"' || c == '<')
        .unwrap_or(rest.len());
    rest[..end].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_post_to_the_announcement_and_back() {
    let (mail, hook) = (FakeSmtp::start(), Endpoint::open());
    let town = town(&mail).await;
    let Some(mut window) = browser::open(town.base_url(), "main-job", Look::default()).await else {
        return;
    };
    let w = &mut window;

    a_guest_joins_and_posts(w, &town, &mail).await;
    let secret = an_admin_adds_a_webhook(w, &hook).await;
    a_champion_nominates(w).await;
    the_author_agrees(w).await;
    a_moderator_approves(w).await;
    a_publisher_announces(w, &town).await;

    // Outside: the page for everybody, and what the webhook received.
    w.follow_in("header", "Announcements").await;
    w.see(WORDS).await;
    w.see("Ruth Okoro").await;
    w.shot("the-announcements-page");
    w.follow("Read the conversation").await;
    w.see(AFTER).await;
    let path = w.path().await;
    // A scripted browser is taken for a previewer: it is led there and not counted.
    assert!(path.starts_with("/t/"), "{path} is the conversation");
    w.shot("the-conversation-behind-it");
    let posts = hook.posts();
    let posts: Vec<_> = posts
        .into_iter()
        .filter(|post| String::from_utf8_lossy(&post.body).contains("highlight.published"))
        .collect();
    assert_eq!(posts.len(), 1, "said once");
    assert!(
        posts[0].verified_by(&secret),
        "signed with the secret that was shown"
    );
    let body: serde_json::Value = serde_json::from_slice(&posts[0].body).expect("JSON");
    assert_eq!(body["type"], "highlight.published");
    assert_eq!(body["data"]["quotes"][0]["text"], WORDS);
    let link = body["data"]["link"].as_str().expect("a link").to_owned();

    the_author_takes_it_back(w, &town).await;

    // The words are gone, the fact stays, and a link that somebody kept says so.
    w.follow_in("header", "Announcements").await;
    w.miss(WORDS).await;
    w.see("taken back").await;
    w.shot("the-fact-stays");
    let told: Vec<String> = hook
        .posts()
        .iter()
        .map(|post| String::from_utf8_lossy(&post.body).into_owned())
        .filter(|told| told.contains("highlight.withdrawn") && told.contains("\"announcement\""))
        .collect();
    assert_eq!(told.len(), 1, "the other side is told to take it down");
    assert!(!told[0].contains("kingfisher"), "{told:?}");
    w.goto(&link).await;
    w.see("This was taken back").await;
    w.shot("an-old-link");
    let path = link.strip_prefix(town.base_url()).expect("our own link");
    town.guest().open(path).await.is(410);
    w.follow("See what we are talking about").await;
    w.follow(TITLE).await;
    w.see(WORDS).await;

    // Typed in were only the front page, the link in a letter, and the link that went outside.
    assert_eq!(w.typed().len(), 3, "{:?}", w.typed());
    assert!(w.clicked() > 70, "{} clicks", w.clicked());
}

async fn a_guest_joins_and_posts(w: &mut Browser, town: &Town, mail: &FakeSmtp) {
    w.goto("/").await;
    w.see("What we are talking about").await;
    w.shot("the-front-page-as-a-guest");
    w.follow("What did you see on the quay this week?").await;
    w.see("two cormorants").await;
    w.shot("reading-without-an-account");
    w.follow("Join to reply").await;
    w.fill("Name", "ruth").await;
    w.fill("Display name", "Ruth Okoro").await;
    w.fill("E-mail address", "ruth@harbour.example").await;
    w.fill("Password", PASSWORD).await;
    w.shot("joining");
    w.follow_in("main form", "Join").await;
    w.see("We have sent you a letter").await;
    time_passes(town).await;
    w.goto(&link_for(mail, "ruth@harbour.example", "/confirm/"))
        .await;
    w.shot("the-link-in-the-letter");
    w.follow("Yes, confirm it").await;
    w.see("your address is confirmed").await;
    w.follow("Start a thread").await;
    w.see("Will you keep to this?").await;
    w.shot("the-community-guidelines");
    w.tick("I have read the community guidelines, version")
        .await;
    w.follow("I will").await;
    w.choose("Category", "Field notes").await;
    w.fill("Title", TITLE).await;
    w.fill("What you want to say", &format!("{BEFORE} {WORDS} {AFTER}"))
        .await;
    w.shot("writing");
    w.follow_in("main form", "Start a thread").await;
    w.see(WORDS).await;
    w.shot("said-inside");
    leaves(w).await;
}

async fn an_admin_adds_a_webhook(w: &mut Browser, hook: &Endpoint) -> String {
    comes_in(w, "Ada Lind", "ada").await;
    w.follow_in("header", "Admin").await;
    w.follow_in("main nav", "Channels").await;
    w.follow_in("main .cards", "Webhook").await;
    w.fill("Name", "Newsroom").await;
    w.fill("Address", &hook.url).await;
    w.follow("Connect").await;
    w.see("Shown once.").await;
    w.shot("a-webhook-and-its-secret");
    let text = w.text().await;
    let secret = text
        .split_whitespace()
        .find(|word| word.starts_with("whsec_"))
        .expect("the secret")
        .to_owned();
    w.follow("I have it").await;
    w.miss(&secret).await;
    leaves(w).await;
    secret
}

async fn a_champion_nominates(w: &mut Browser) {
    comes_in(w, "Nia Brandt", "nia").await;
    w.follow(TITLE).await;
    w.follow_in("#post-1", "More").await;
    w.follow_in("#post-1", "Nominate as a highlight").await;
    w.choose("From sentence", "2").await;
    w.choose("To sentence", "2").await;
    w.fill("Heading", TITLE).await;
    w.fill(
        "Why it is worth telling",
        "A quiet wonder, five steps from the ticket desk.",
    )
    .await;
    w.fill("For whom", "Families").await;
    w.shot("nominating");
    w.follow_in("main form", "Nominate").await;
    w.see("Everybody quoted is asked").await;
    w.see("Waiting for consent").await;
    w.shot("nominated");
    leaves(w).await;
}

async fn the_author_agrees(w: &mut Browser) {
    comes_in(w, "Ruth Okoro", "ruth").await;
    w.follow_start("header", "Your menu").await;
    w.follow_in("header", "Your words outside").await;
    w.follow("Answer").await;
    w.see(WORDS).await;
    for box_ in [
        "Our announcements page",
        "Other systems of ours",
        "taken by hand",
    ] {
        assert!(!w.is_ticked(box_).await, "{box_} is ticked beforehand");
    }
    w.tick("Ruth Okoro").await;
    w.tick("Our announcements page").await;
    w.tick("Other systems of ours").await;
    w.follow("Show how this looks").await;
    assert!(
        w.is_ticked("Our announcements page").await,
        "the choice is kept"
    );
    w.shot("the-author-is-asked");
    w.follow("Yes, as chosen above").await;
    w.see("We keep to exactly what you chose").await;
    w.shot("consent-granted");
    leaves(w).await;
}

async fn a_moderator_approves(w: &mut Browser) {
    comes_in(w, "Mona Ferrer", "mona").await;
    w.follow_in("header", "Desk").await;
    w.shot("the-desk");
    w.follow("Open the approvals").await;
    w.follow_start("main .queue", TITLE).await;
    w.follow_start("main aside", "Messaging guidelines").await;
    w.shot("the-messaging-guidelines");
    w.tick("I have read the messaging guidelines, version")
        .await;
    w.follow("I will").await;
    w.see("Your decision").await;
    w.shot("deciding");
    w.follow("Approve").await;
    w.see("Approved: it stands in the library now").await;
    leaves(w).await;
}

async fn a_publisher_announces(w: &mut Browser, town: &Town) {
    comes_in(w, "Pia Sorel", "pia").await;
    w.follow_in("header", "Outreach").await;
    w.tick("I have read the messaging guidelines, version")
        .await;
    w.follow("I will").await;
    w.see(WORDS).await;
    w.shot("the-library");
    w.follow("Write a text").await;
    w.see("It follows the text above").await;
    w.fill(
        "The text for all channels",
        &format!("Look twice at the bronze heron. “{WORDS}” Ruth Okoro, in our community."),
    )
    .await;
    w.follow("Save and check").await;
    w.see("Nothing stands against it").await;
    w.shot("the-text-is-checked");
    w.follow("Schedule all of them").await;
    w.see("On its way").await;
    time_passes(town).await;
    w.follow_in("main nav", "Announcements").await;
    w.see("Sent").await;
    w.miss("Scheduled").await;
    w.shot("said-at-two-places");
    w.follow_in("main nav", "Deliveries").await;
    w.see("Arrived").await;
    w.shot("deliveries");
    leaves(w).await;
}

async fn the_author_takes_it_back(w: &mut Browser, town: &Town) {
    w.follow_in("header", "Latest").await;
    comes_in(w, "Ruth Okoro", "ruth").await;
    w.follow_start("header", "Your menu").await;
    w.follow_in("header", "Your words outside").await;
    w.follow(TITLE).await;
    w.see("What was said where").await;
    w.shot("the-author-sees-where");
    w.follow("Take my consent back").await;
    w.see("is being taken down").await;
    w.shot("consent-taken-back");
    time_passes(town).await;
    leaves(w).await;
}
