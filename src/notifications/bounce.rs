//! Asks nobody because only the command line calls it: the mail server of this house hands over what came back.
//!
//! Notices and digests carry a name that says whose they were, with a mark that only we can have made for the address
//! they went to. So nobody can condemn a mailbox by writing to us, and a report on an address that its owner left is
//! taken for what it is.

use super::tell::Notice;
use crate::db::Tx;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::mail::{self, Report, read_report};
use crate::members;

/// What a letter's name begins with.
const NAME: &str = "notice.";

/// What a message that came back meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// Nobody reads mail at this member's address; no more notices go there.
    Dead(MemberId),
    /// A letter to this member is late, did not fit, or went to an address that they do not have any more.
    Nothing(MemberId),
    /// It is no report, or on no letter of ours.
    NotOurs,
}

/// The name of a notice's letter.
pub(super) fn of_notice(tx: &Tx<'_>, notice: &Notice, address: &str) -> String {
    let kind: String = notice.kind.chars().filter(|c| *c != '-').collect();
    let nonce = format!("{}{kind}{}", tx.now().0, notice.subject_id);
    name(tx, notice.member, &nonce, address)
}

/// The name of a digest's letter.
#[must_use]
pub fn digest_name(tx: &Tx<'_>, member: MemberId, address: &str) -> String {
    let nonce = format!("{}digest", tx.now().0);
    name(tx, member, &nonce, address)
}

fn name(tx: &Tx<'_>, member: MemberId, nonce: &str, address: &str) -> String {
    let mark = mark(tx, member, nonce, address);
    format!("<{NAME}{member}.{nonce}.{mark}@{}>", host(tx))
}

/// The community's host, without its port.
pub(super) fn host<'t>(tx: &'t Tx<'_>) -> &'t str {
    let base = &tx.house().base_url;
    let host = base
        .split_once("://")
        .map_or(base.as_str(), |(_, host)| host);
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

fn mark(tx: &Tx<'_>, member: MemberId, nonce: &str, address: &str) -> String {
    mail::mark(tx.house(), &format!("notice:{member}:{nonce}:{address}"))
}

/// The names of letters that stand somewhere in a report, as member, nonce and mark.
fn named(text: &str) -> impl Iterator<Item = (MemberId, &str, &str)> {
    text.match_indices(NAME).filter_map(|(at, _)| {
        let rest = text.get(at + NAME.len()..)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.')?;
        let mut parts = rest.get(..end)?.split('.');
        let (member, nonce, mark) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && rest.get(end..)?.starts_with('@');
        whole.then_some((MemberId(member.parse().ok()?), nonce, mark))
    })
}

/// Reads what came back; a mailbox where nobody reads mail gets no more notices, which its owner sees in the settings.
///
/// # Errors
/// A fault where the database fails.
pub fn returned(tx: &mut Tx<'_>, message: &[u8]) -> Result<Returned> {
    let Some(report) = read_report(message) else {
        return Ok(Returned::NotOurs);
    };
    let Some((member, nonce, said)) = named(&report.whole).next() else {
        return Ok(Returned::NotOurs);
    };
    let address = members::seek_mailbox(tx, member)?.and_then(|found| found.confirmed);
    let ours = address.filter(|address| {
        let own = mark(tx, member, nonce, address);
        crate::kit::token::same_secret(said.as_bytes(), own.as_bytes())
    });
    match ours {
        None => Ok(Returned::NotOurs),
        Some(address) => came_back(tx, member, &address, &report),
    }
}

fn came_back(
    tx: &mut Tx<'_>,
    member: MemberId,
    address: &str,
    report: &Report,
) -> Result<Returned> {
    if !report.is_hard() {
        return Ok(Returned::Nothing(member));
    }
    mail::suppress(tx, address, &report.said())?;
    Ok(Returned::Dead(member))
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::kit::ids::MemberId;

    #[test]
    fn names_are_found_wherever_they_stand() {
        let text = "Message-ID: <notice.12.17mention3.ab@h.example>\nnotice.x.1.2@ notice.4.1 notice.5.a.b.c@";
        let found: Vec<_> = named(text).collect();
        assert_eq!(found, [(MemberId(12), "17mention3", "ab")]);
    }
}
