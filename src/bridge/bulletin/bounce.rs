//! Asks nobody because only the command line calls it: the mail server of this house hands over what came back.
//!
//! Reads a report on a letter that could not be delivered (RFC 3464). Which letter it was is read from the name that
//! only we can have given it, so nobody can condemn a mailbox by writing to us.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde_json::json;

use super::letter::{named, seek};
use super::settle::{blame, close, suppress};
use super::state::LetterState;
use crate::audit::{self, subject};
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::LetterId;
use crate::mail::{enhanced, is_dead_mailbox};
use crate::policy::Actor;

/// What a message that came back meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bounced {
    /// This letter did not arrive, and the mailbox is dead.
    Hard(LetterId),
    /// This letter did not arrive; the mailbox may be fine another time.
    Soft(LetterId),
    /// A letter is late, or arrived after all: nothing is changed.
    Nothing,
    /// It is no report, or on no letter of ours.
    NotOurs,
}

/// What a report says of one recipient.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    failed: bool,
    status: Option<(u16, u16, u16)>,
}

/// The fields of `message/delivery-status`: the first recipient that failed, else the first.
fn report(fields: &str) -> Option<Report> {
    let mut found: Option<Report> = None;
    for block in fields.replace("\r\n", "\n").split("\n\n") {
        let field = |name: &str| {
            block.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim()
                    .eq_ignore_ascii_case(name)
                    .then_some(value.trim())
            })
        };
        let Some(action) = field("action") else {
            continue;
        };
        let this = Report {
            failed: action.eq_ignore_ascii_case("failed"),
            status: field("status").and_then(enhanced),
        };
        if this.failed {
            return Some(this);
        }
        found = found.or(Some(this));
    }
    found
}

/// Reads what came back and writes down what it means.
///
/// # Errors
/// A fault where the database fails.
pub fn bounced(tx: &mut Tx<'_>, message: &[u8]) -> Result<Bounced> {
    let Some(parsed) = MessageParser::default().parse(message) else {
        return Ok(Bounced::NotOurs);
    };
    let status = parsed.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind
                    .subtype()
                    .is_some_and(|sub| sub.eq_ignore_ascii_case("delivery-status"))
        })
    });
    let fields = status.map(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        PartType::Message(inner) => String::from_utf8_lossy(&inner.raw_message).into_owned(),
        PartType::Multipart(_) => String::new(),
    });
    let Some(report) = fields.as_deref().and_then(report) else {
        return Ok(Bounced::NotOurs);
    };
    // The letter is named in the address that it came back to, or in the part that quotes it.
    let whole = String::from_utf8_lossy(message)
        .replace("=\r\n", "")
        .replace("=\n", "");
    let Some(id) = named(tx.house(), &whole).first().copied() else {
        return Ok(Bounced::NotOurs);
    };
    let Some(row) = seek(tx, id)? else {
        return Ok(Bounced::NotOurs);
    };
    if !report.failed {
        return Ok(Bounced::Nothing);
    }
    if row.state == LetterState::Bounced {
        // The same report again.
        return Ok(Bounced::Nothing);
    }
    let said = report
        .status
        .map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"))
        .unwrap_or_default();
    close(tx, &row, LetterState::Bounced, None, &said)?;
    let hard = report
        .status
        .is_some_and(|(class, subject, detail)| is_dead_mailbox(class, subject, detail));
    if hard {
        suppress(tx, row.subscriber, "bounced")?;
    } else {
        blame(tx, row.subscriber)?;
    }
    let facts = json!({ "status": said, "hard": hard });
    audit::record(
        tx,
        &Actor::System("bounce"),
        "bulletin.bounced",
        subject("letter", id.0),
        facts,
        None,
    )?;
    Ok(if hard {
        Bounced::Hard(id)
    } else {
        Bounced::Soft(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_by_recipient() {
        let fields = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\nFinal-Recipient: rfc822; c@b.example\r\nAction: failed\r\nStatus: 5.1.1 (no such user)\r\n";
        assert_eq!(
            report(fields),
            Some(Report {
                failed: true,
                status: Some((5, 1, 1))
            })
        );
        assert_eq!(report("Subject: hello\n\nAction\n"), None);
    }
}
