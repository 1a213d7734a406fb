//! The weekly letter to publishers: choosing it, and leaving it with one click from the letter itself.

use serde::{Deserialize, Serialize};

use crate::highlights;
use crate::web::{Answer, Call, Head, Page, See, Shown};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Form {
    wanted: bool,
}

/// Says whether I want it.
pub async fn choose(call: Call) -> Answer {
    let form: Form = call.form()?;
    call.act(move |tx, viewer| {
        highlights::want_letter(tx, &viewer.actor, form.wanted)?;
        let flash = if form.wanted {
            "library-letter-on"
        } else {
            "library-letter-off"
        };
        Ok(See::to("/outreach/library").flash(flash))
    })
    .await
}

/// Leaving a mailing.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeavePage {
    left: bool,
}

impl Page for LeavePage {
    const TEMPLATE: &'static str = "highlights/leave";

    fn head(&self) -> Head {
        Head::new("highlights-leave-title").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![Self { left: false }, Self { left: true }, Self::default()]
    }
}

/// Asks; opening a link changes nothing, since mail programs open links by themselves.
pub async fn ask(call: Call) -> Answer {
    let _token: String = call.segment("token")?;
    call.page(|_, _| Ok(Shown::from(LeavePage { left: false })))
        .await
}

/// Leaves it: by the page's button, or by the one click of a mail program (RFC 8058).
pub async fn leave(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.app()
        .db
        .write(move |tx| highlights::unsubscribe_letter(tx, &token))
        .await?;
    call.page(|_, _| Ok(Shown::from(LeavePage { left: true })))
        .await
}
