//! Out of a kind of letter with one click (RFC 8058).

use serde::Serialize;

use crate::notifications;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Leaving a kind of letter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeavePage {
    left: bool,
}

impl Page for LeavePage {
    const TEMPLATE: &'static str = "notifications/leave";

    fn head(&self) -> Head {
        Head::new("notices-leave-title").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![Self { left: false }, Self { left: true }, Self::default()]
    }
}

/// Does the link lead out of notices or the digest?
///
/// # Errors
/// A fault where the database fails.
pub async fn is_ours(call: &Call, token: &str) -> crate::kit::Result<bool> {
    let token = token.to_owned();
    let ask = move |tx: &mut crate::db::Tx<'_>| Ok(notifications::is_leave_link(tx, &token));
    call.app().db.read(ask).await
}

/// Asks; opening a link changes nothing, since mail programs open links by themselves.
pub async fn ask(call: Call) -> Answer {
    call.page(|_, _| Ok(Shown::from(LeavePage { left: false })))
        .await
}

/// Leaves it: by the page's button, or by the one click of a mail program.
pub async fn leave(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    call.app()
        .db
        .write(move |tx| notifications::leave_letters(tx, &token))
        .await?;
    call.page(|_, _| Ok(Shown::from(LeavePage { left: true })))
        .await
}
