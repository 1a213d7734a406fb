//! Reports on letters that could not be delivered (RFC 3464), as a mail server hands them over. Reads only.

use hmac::{Hmac, KeyInit, Mac};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use sha2::Sha256;

use super::{enhanced, is_dead_mailbox};
use crate::db::House;

/// What a message that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The letter did not arrive; otherwise it is late, or arrived after all.
    pub failed: bool,
    /// What the mail server says of that, as class, subject and detail (RFC 3463).
    pub status: Option<(u16, u16, u16)>,
    /// The message with its broken lines put together: somewhere in it stands the name of the letter.
    pub whole: String,
}

impl Report {
    /// The status as it is written, or nothing.
    #[must_use]
    pub fn said(&self) -> String {
        self.status
            .map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"))
            .unwrap_or_default()
    }

    /// Does nobody read mail there, for good?
    #[must_use]
    pub fn is_hard(&self) -> bool {
        self.failed
            && self
                .status
                .is_some_and(|(class, subject, detail)| is_dead_mailbox(class, subject, detail))
    }
}

/// Reads a message that came back; nothing where it is no report.
#[must_use]
pub fn read_report(message: &[u8]) -> Option<Report> {
    let parsed = MessageParser::default().parse(message)?;
    let part = parsed.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind
                    .subtype()
                    .is_some_and(|sub| sub.eq_ignore_ascii_case("delivery-status"))
        })
    })?;
    let fields = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        PartType::Message(inner) => String::from_utf8_lossy(&inner.raw_message).into_owned(),
        PartType::Multipart(_) => String::new(),
    };
    let (failed, status) = recipient(&fields)?;
    let whole = String::from_utf8_lossy(message)
        .replace("=\r\n", "")
        .replace("=\n", "");
    Some(Report {
        failed,
        status,
        whole,
    })
}

/// What the fields of `message/delivery-status` say of one recipient: the first that failed, else the first.
fn recipient(fields: &str) -> Option<(bool, Option<(u16, u16, u16)>)> {
    let mut found = None;
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
        let failed = action.eq_ignore_ascii_case("failed");
        let this = (failed, field("status").and_then(enhanced));
        if failed {
            return Some(this);
        }
        found = found.or(Some(this));
    }
    found
}

/// What only this house can have written about something: 32 characters, the same whenever it is asked.
#[must_use]
pub fn mark(house: &House, about: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&house.secret) else {
        // HMAC takes keys of every length.
        return String::new();
    };
    mac.update(about.as_bytes());
    let bytes = mac.finalize().into_bytes();
    crate::kit::hex(bytes.iter().take(16))
}

#[cfg(test)]
mod tests {
    use super::recipient;

    #[test]
    fn a_report_is_read_by_recipient() {
        let fields = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\nFinal-Recipient: rfc822; c@b.example\r\nAction: failed\r\nStatus: 5.1.1 (no such user)\r\n";
        assert_eq!(recipient(fields), Some((true, Some((5, 1, 1)))));
        assert_eq!(recipient("Subject: hello\n\nAction\n"), None);
    }
}
