//! Every page is rendered with every sample, strictly, for a guest and for a member.

use loggia::kit::ids::MemberId;
use loggia::policy::{Actor, Person, Role, Roles, Trust};
use loggia::site::Settings;
use loggia::web::Viewer;
use loggia::web::files::Files;
use loggia::web::templates::{Chrome, Ui};

/// A guest, and a member who may do nearly everything.
pub fn viewers() -> Vec<Viewer> {
    let guest = Viewer {
        actor: Actor::Guest,
        lang: "en".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        theme: String::new(),
        keys: true,
        session: None,
        joined: loggia::kit::At(0),
        unread: 0,
        told_of: Vec::new(),
        touch: false,
        settings: Settings::default(),
    };
    let person = Person {
        id: MemberId(1),
        name: "ada".to_owned(),
        display: "Ada <b>Lovelace</b>".to_owned(),
        roles: Roles::of(&[Role::Admin, Role::Moderator, Role::LeadPublisher]),
        groups: Vec::new(),
        trust: Trust::Established,
        email_confirmed: true,
        silenced: None,
        suspended: None,
        community_acknowledged: true,
        messaging_acknowledged: true,
    };
    let member = Viewer {
        actor: Actor::Member(Box::new(person)),
        joined: loggia::kit::At(0),
        unread: 120,
        told_of: Vec::new(),
        touch: false,
        theme: "dark".to_owned(),
        ..guest.clone()
    };
    vec![guest, member]
}

#[test]
fn every_page_renders_with_every_sample() {
    let ui = Ui::of(&Files::default()).expect("templates and sentences are well formed");
    let chrome = Chrome {
        base_url: "https://commons.example".to_owned(),
        path: "/".to_owned(),
        ..Chrome::default()
    };
    let mut failed = Vec::new();
    for page in loggia::web::pages::all() {
        let samples = (page.samples)();
        assert!(
            samples.len() >= 3,
            "{} has {} samples: empty, usual and worst are the least",
            page.name,
            samples.len()
        );
        for (number, sample) in samples.into_iter().enumerate() {
            let filled = sample.expect("a page is plain data");
            for viewer in viewers() {
                match ui.templates.render(filled.clone(), &chrome, &ui, &viewer) {
                    Err(stop) => failed.push(format!("{} sample {number}: {stop}", page.name)),
                    Ok(html) => {
                        let whole = html.trim_end().ends_with("</html>") && html.contains("<h1");
                        if !whole {
                            failed.push(format!(
                                "{} sample {number}: no whole page with a heading",
                                page.name
                            ));
                        }
                        if html.contains("<b>Lovelace") || html.contains(" style=") {
                            failed.push(format!(
                                "{} sample {number}: unescaped words or inline style",
                                page.name
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
