//! What a member tells of themselves beside their words: how to speak of them, where they are, where else they are.

use diesel::prelude::*;

use super::session::own;
use crate::db::Tx;
use crate::db::schema::members;
use crate::kit::ids::MemberId;
use crate::kit::{Problems, Result};
use crate::policy::{Action, Actor};

/// Longest line, in characters.
const LINE: usize = 60;
/// Most links, and the longest, in bytes.
const LINKS: usize = 5;
const LINK_BYTES: usize = 300;

/// What is told, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// How to speak of them.
    pub pronouns: String,
    /// Where they are.
    pub place: String,
    /// Where else they are: web addresses.
    pub links: Vec<String>,
}

impl Details {
    /// Checks what was typed; links stand one a line.
    ///
    /// # Errors
    /// Problems with `pronouns`, `place` or `links`.
    pub fn parse(pronouns: &str, place: &str, links: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut line = |field: &str, typed: &str| {
            let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.chars().count() > LINE || text.contains('\0') {
                problems.add(field, "too-long", &[("most", LINE.to_string())]);
            }
            text
        };
        let (pronouns, place) = (line("pronouns", pronouns), line("place", place));
        let mut kept: Vec<String> = Vec::new();
        for typed in links
            .lines()
            .map(str::trim)
            .filter(|typed| !typed.is_empty())
        {
            match web_address(typed) {
                Some(link) if !kept.contains(&link) => kept.push(link),
                Some(_) => {}
                None => {
                    problems.add("links", "no-web-address", &[]);
                    break;
                }
            }
        }
        if kept.len() > LINKS {
            problems.add("links", "links-many", &[("most", LINKS.to_string())]);
        }
        if problems.0.is_empty() {
            Ok(Self {
                pronouns,
                place,
                links: kept,
            })
        } else {
            Err(problems)
        }
    }
}

/// An address of the web, without a name and password in it.
fn web_address(typed: &str) -> Option<String> {
    let url = url::Url::parse(typed).ok()?;
    let good = matches!(url.scheme(), "https" | "http")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none();
    Some(url.to_string()).filter(|text| good && text.len() <= LINK_BYTES)
}

/// Writes what the actor tells of themselves.
///
/// # Errors
/// Refused for guests, and while the actor is silenced.
pub fn tell_details(tx: &mut Tx<'_>, actor: &Actor, details: &Details) -> Result<()> {
    let me = own(actor)?;
    actor.may(&Action::TellOfSelf(me))?;
    diesel::update(members::table.find(me))
        .set((
            members::pronouns.eq(&details.pronouns),
            members::place.eq(&details.place),
            members::links.eq(details.links.join("\n")),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// What a member tells of themselves.
///
/// # Errors
/// A fault where the database fails or there is no such member.
pub fn details_of(tx: &mut Tx<'_>, member: MemberId) -> Result<Details> {
    let (pronouns, place, links): (String, String, String) = members::table
        .find(member)
        .select((members::pronouns, members::place, members::links))
        .first(tx.conn)?;
    Ok(Details {
        pronouns,
        place,
        links: links.lines().map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(links: &str) -> Vec<String> {
        match Details::parse("", "", links) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.0.into_iter().map(|p| p.key).collect(),
        }
    }

    #[test]
    fn links_lead_to_the_web_and_nowhere_else() {
        for bad in [
            "javascript:alert(1)",
            "https://a:b@c.example",
            "data:text/html,x",
            "example.org",
            "ftp://a.example",
        ] {
            assert_eq!(keys(bad), ["no-web-address"], "{bad}");
        }
        assert!(keys("https://a.example\n\nhttp://b.example/x").is_empty());
        let six: Vec<String> = (0..6).map(|n| format!("https://a.example/{n}")).collect();
        assert_eq!(keys(&six.join("\n")), ["links-many"]);
        assert!(Details::parse(&"x".repeat(61), "", "").is_err());
    }
}
