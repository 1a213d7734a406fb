//! People as values: a name, a browser that is signed in, and what they do.

use loggia::kit::ids::MemberId;
use loggia::kit::stop::Document;
use loggia::members::{self, Added, NewPassword};
use loggia::policy::{Actor, Role, Trust};

use super::{Api, Browser, Page, Town};

/// Somebody with an account, signed in through the real form.
#[derive(Clone)]
pub struct Person {
    /// Whose account it is.
    pub id: MemberId,
    /// The handle.
    pub name: String,
    /// A signed-in browser.
    pub browser: Browser,
    town_addr: std::net::SocketAddr,
    base: String,
}

/// Everybody's password in stories.
pub const PASSWORD: &str = "a kingfisher over berth four";

impl Town {
    /// Somebody with these roles.
    pub async fn person(&self, name: &str, roles: &[Role], trust: Trust) -> Person {
        let (handle, roles) = (name.to_owned(), roles.to_vec());
        let id = self
            .inside(move |tx| {
                let mut added = Added::named(&handle);
                added.display = capital(&handle);
                added.email = Some(format!("{handle}@example.org"));
                added.password = Some(NewPassword::check(PASSWORD, &[])?);
                added.roles.clone_from(&roles);
                added.trust = trust;
                let id = members::add(tx, &Actor::System("scene"), &added)?;
                members::acknowledged(tx, id, Document::Community, 1_000)?;
                members::acknowledged(tx, id, Document::Messaging, 1_000)?;
                Ok(id)
            })
            .await;
        let browser = self.guest();
        let form = browser
            .open("/sign-in?next=%2Fmy%2Fnotices")
            .await
            .form("Sign in");
        let page = form
            .fill("login", name)
            .fill("password", PASSWORD)
            .submit()
            .await;
        assert_eq!(page.status, 200, "{name} signs in: {}", page.words());
        Person {
            id,
            name: name.to_owned(),
            browser,
            town_addr: self.node.addr,
            base: self.base_url().to_owned(),
        }
    }

    /// An established member who has acknowledged both guidelines.
    pub async fn member(&self, name: &str) -> Person {
        self.person(name, &[], Trust::Established).await
    }

    /// A member who has just arrived.
    pub async fn newcomer(&self, name: &str) -> Person {
        self.person(name, &[], Trust::New).await
    }

    /// A champion.
    pub async fn champion(&self, name: &str) -> Person {
        self.person(name, &[Role::Champion], Trust::Established)
            .await
    }

    /// A community manager.
    pub async fn moderator(&self, name: &str) -> Person {
        self.person(name, &[Role::Moderator], Trust::Established)
            .await
    }

    /// Somebody from marketing.
    pub async fn publisher(&self, name: &str) -> Person {
        self.person(name, &[Role::Publisher], Trust::Established)
            .await
    }

    /// An administrator.
    pub async fn admin(&self, name: &str) -> Person {
        self.person(name, &[Role::Admin], Trust::Established).await
    }
}

impl Person {
    /// Opens a page.
    pub async fn opens(&self, path: &str) -> Page {
        self.browser.open(path).await
    }

    /// A program that acts for this person, with a token from the API's own sign-in.
    pub async fn api(&self) -> Api {
        let nobody = Api::new(self.town_addr, &self.base, None);
        let reply = nobody
            .post(
                "/session",
                serde_json::json!({ "login": self.name, "password": PASSWORD }),
            )
            .await;
        assert!(
            reply.status == 200 || reply.status == 201,
            "{} gets a token: {} {}",
            self.name,
            reply.status,
            reply.json
        );
        Api::new(self.town_addr, &self.base, Some(reply.text("/token")))
    }

    /// The actor as rooms see it.
    pub async fn actor(&self, town: &Town) -> Actor {
        let id = self.id;
        town.inside(move |tx| members::actor(tx, id)).await
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
