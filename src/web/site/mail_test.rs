//! Proving that mail works: a letter to oneself, and saying that it arrived.

use crate::kit::Refusal;
use crate::policy::Action;
use crate::site;
use crate::web::{Answer, Call, See};
use crate::{mail, members};

/// Sends a letter to the admin's own address.
pub async fn send(call: Call) -> Answer {
    call.act(|tx, viewer| {
        viewer.actor.may(&Action::ManageSite)?;
        let me = viewer.actor.id().ok_or(Refusal::SignInFirst)?;
        let mailbox = members::seek_mailbox(tx, me)?;
        let Some(to) = mailbox.and_then(|mailbox| mailbox.confirmed) else {
            return Ok(See::to("/admin/site#mail").flash("site-mail-no-address"));
        };
        let letter = mail::Letter {
            to,
            lang: viewer.lang.clone(),
            kind: "test",
            data: serde_json::json!({ "site": viewer.settings.name }),
            message_id: None,
            references: None,
            unsubscribe: None,
        };
        mail::enqueue(tx, &letter)?;
        Ok(See::to("/admin/site#mail").flash("site-mail-sent"))
    })
    .await
}

/// The admin says that the letter arrived; the first steps count it.
pub async fn arrived(call: Call) -> Answer {
    call.act(|tx, viewer| {
        site::mail_arrived(tx, &viewer.actor)?;
        Ok(See::to("/admin/first-steps").flash("site-mail-arrived"))
    })
    .await
}
