//! The admin's overview: what can be set up where, and what is still to be done.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::first_steps::{Step, steps};
use crate::audit;
use crate::db::jobs;
use crate::kit::ids::JobId;
use crate::kit::stop::OrRefuse;
use crate::policy::Action;
use crate::site;
use crate::web::{Answer, Call, Head, Page, See, Shown};

/// Jobs on the page that were given up.
const PARKED_SHOWN: i64 = 20;

/// A job that was given up.
#[derive(Debug, Clone, Serialize)]
struct ParkedJob {
    id: i64,
    kind: String,
    why: String,
    asked_at: i64,
}

impl ParkedJob {
    fn of(job: jobs::Parked) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind,
            why: job.why.unwrap_or_default(),
            asked_at: job.asked_at,
        }
    }

    fn sample() -> Self {
        Self {
            id: 7,
            kind: "mail".to_owned(),
            why: "<b>".repeat(160),
            asked_at: 1_790_000_000_000_000,
        }
    }
}

/// The overview.
#[derive(Debug, Clone, Serialize)]
pub struct AdminPage {
    name: String,
    base_url: String,
    /// What is still to be done, until the list is put away.
    steps: Vec<Step>,
    jobs_waiting: i64,
    jobs_parked: i64,
    /// The latest of those that were given up.
    parked: Vec<ParkedJob>,
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
            parked: Vec::new(),
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
            parked: vec![ParkedJob::sample()],
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
            parked: match jobs_parked {
                0 => Vec::new(),
                _ => jobs::parked(tx, PARKED_SHOWN)?
                    .into_iter()
                    .map(ParkedJob::of)
                    .collect(),
            },
            mail_server,
            version: env!("CARGO_PKG_VERSION"),
        }))
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct JobForm {
    /// Tried again; dropped where it is not.
    again: String,
}

/// Tries a job again that was given up, or drops it.
pub async fn job(call: Call) -> Answer {
    let id: JobId = call.segment("id")?;
    let form: JobForm = call.form()?;
    call.act(move |tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        let (done, what, flash) = if form.again == "1" {
            (jobs::retry(tx, id)?, "job.retried", "job-retried")
        } else {
            (jobs::give_up(tx, id)?, "job.dropped", "job-dropped")
        };
        done.then_some(()).or_not_found()?;
        let about = audit::subject("job", id.0);
        audit::record(tx, &viewer.actor, what, about, json!({}), None)?;
        Ok(See::to("/admin").flash(flash))
    })
    .await
}
