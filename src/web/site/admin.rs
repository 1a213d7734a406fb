//! The admin's overview: what can be set up where, and what is still to be done.

use serde::Serialize;

use super::first_steps::{Step, steps};
use crate::db::jobs;
use crate::policy::Action;
use crate::site;
use crate::web::{Answer, Call, Head, Page, Shown};

/// The overview.
#[derive(Debug, Clone, Serialize)]
pub struct AdminPage {
    name: String,
    base_url: String,
    /// What is still to be done, until the list is put away.
    steps: Vec<Step>,
    jobs_waiting: i64,
    jobs_parked: i64,
    mail_server: bool,
    version: &'static str,
}

impl Page for AdminPage {
    const TEMPLATE: &'static str = "site/admin";

    fn head(&self) -> Head {
        Head::new("site-admin-title").nav("admin").no_index()
    }

    fn samples() -> Vec<Self> {
        let empty = Self {
            name: "Loggia".to_owned(),
            base_url: "http://127.0.0.1:8080".to_owned(),
            steps: Vec::new(),
            jobs_waiting: 0,
            jobs_parked: 0,
            mail_server: true,
            version: "0.1.0",
        };
        let usual = Self {
            steps: vec![Step::sample("charter")],
            ..empty.clone()
        };
        let worst = Self {
            name: "ש".repeat(255),
            jobs_waiting: 123_456,
            jobs_parked: 3,
            mail_server: false,
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

/// Shows the overview.
pub async fn show(call: Call) -> Answer {
    let config = &call.app().config;
    let (base_url, mail_server) = (config.base_url.clone(), config.smtp_url.is_some());
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        let settings = site::settings(tx)?;
        let open = if settings.set_up {
            Vec::new()
        } else {
            steps(tx, viewer)?
                .into_iter()
                .filter(Step::is_open)
                .collect()
        };
        let (jobs_waiting, _, jobs_parked) = jobs::counts(tx)?;
        Ok(Shown::from(AdminPage {
            name: settings.name,
            base_url: base_url.clone(),
            steps: open,
            jobs_waiting,
            jobs_parked,
            mail_server,
            version: env!("CARGO_PKG_VERSION"),
        }))
    })
    .await
}
