//! `/unsubscribe/{token}`: out of a mailing with one click (RFC 8058). The link says which mailing it leads out of.

use serde::Serialize;

use crate::bridge;
use crate::web::highlights::letter;
use crate::web::notifications;
use crate::web::{Answer, Call, Head, Page, Shown};

/// Leaving a bulletin.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeavePage {
    name: String,
    left: bool,
}

impl Page for LeavePage {
    const TEMPLATE: &'static str = "bridge/leave";

    fn head(&self) -> Head {
        Head::new("bulletin-leave-title").no_index()
    }

    fn samples() -> Vec<Self> {
        vec![
            Self::default(),
            Self {
                name: "What we talk about".to_owned(),
                left: false,
            },
            Self {
                name: super::parts::longest(),
                left: true,
            },
        ]
    }
}

/// Does the link lead out of a bulletin?
async fn is_bulletin(call: &Call, token: &str) -> crate::kit::Result<bool> {
    let token = token.to_owned();
    let ask = move |tx: &mut crate::db::Tx<'_>| Ok(bridge::is_ours(tx, &token));
    call.app().db.read(ask).await
}

/// Asks; opening a link changes nothing, since mail programs open links by themselves.
pub async fn ask(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    if notifications::leave::is_ours(&call, &token).await? {
        return notifications::leave::ask(call).await;
    }
    if !is_bulletin(&call, &token).await? {
        return letter::ask(call).await;
    }
    call.page(move |tx, _| {
        let found = bridge::what_is_left(tx, &token)?;
        Ok(Shown::from(LeavePage {
            left: !found.subscribed,
            name: found.name,
        }))
    })
    .await
}

/// Leaves it: by the page's button, or by the one click of a mail program.
pub async fn leave(call: Call) -> Answer {
    let token: String = call.segment("token")?;
    if notifications::leave::is_ours(&call, &token).await? {
        return notifications::leave::leave(call).await;
    }
    if !is_bulletin(&call, &token).await? {
        return letter::leave(call).await;
    }
    let mine = token.clone();
    call.app()
        .db
        .write(move |tx| bridge::leave(tx, &mine))
        .await?;
    call.page(move |tx, _| {
        let found = bridge::what_is_left(tx, &token)?;
        Ok(Shown::from(LeavePage {
            left: true,
            name: found.name,
        }))
    })
    .await
}
