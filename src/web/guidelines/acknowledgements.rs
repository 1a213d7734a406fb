//! Who acknowledged the version in force and who has yet to, for those who keep the document; reminders, and a file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::path;
use crate::db::Tx;
use crate::guidelines::{self, Missing, Version};
use crate::kit::cursor::Cursor;
use crate::kit::ids::VersionId;
use crate::kit::stop::{Document, OrRefuse};
use crate::kit::{At, Result};
use crate::members::{self, Card};
use crate::policy::Action;
use crate::web::answer::Bytes;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Members on one page.
const PER_PAGE: i64 = 50;
/// Lines of one file; a larger community takes several.
const PER_FILE: i64 = 5_000;
/// Lines that are read at a time for a file.
const PER_PIECE: i64 = 500;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    /// `missing` for those who have yet to.
    show: String,
}

/// One member who acknowledged.
#[derive(Debug, Clone, Serialize)]
struct Line {
    member: Card,
    label: String,
    at: At,
}

/// One member who has yet to.
#[derive(Debug, Clone, Serialize)]
struct MissingLine {
    member: Card,
    /// The major version acknowledged last; 0 where there was none.
    major: i64,
    times: i64,
    reminded_at: Option<At>,
}

impl From<Missing> for MissingLine {
    fn from(missing: Missing) -> Self {
        Self {
            member: missing.who.card,
            major: missing.who.major,
            times: missing.times,
            reminded_at: missing.reminded_at,
        }
    }
}

/// Who acknowledged the version in force, or who has yet to.
#[derive(Debug, Clone, Serialize)]
pub struct AcknowledgementsPage {
    kind: Document,
    path: &'static str,
    label: String,
    count: i64,
    /// Those who have yet to are shown.
    missing: bool,
    /// Somebody is asked for it at all: nobody is asked for the charter.
    asked: bool,
    lines: Vec<Line>,
    behind: Vec<MissingLine>,
    next: Option<String>,
    most_times: i64,
}

impl Page for AcknowledgementsPage {
    const TEMPLATE: &'static str = "guidelines/acknowledgements";

    fn head(&self) -> Head {
        Head::new("guidelines-acknowledgements-title").no_index()
    }

    fn samples() -> Vec<Self> {
        let line = Line {
            member: Card::nobody(),
            label: "1.0".to_owned(),
            at: At(1_790_000_000_000_000),
        };
        let empty = Self {
            kind: Document::Messaging,
            path: path(Document::Messaging),
            label: "1.0".to_owned(),
            count: 0,
            missing: false,
            asked: true,
            lines: Vec::new(),
            behind: Vec::new(),
            next: None,
            most_times: 3,
        };
        let usual = Self {
            count: 1,
            lines: vec![line.clone()],
            ..empty.clone()
        };
        let mut long = Card::nobody();
        long.name = "w".repeat(40);
        long.display = "ש".repeat(255);
        let worst = Self {
            count: 123_456,
            lines: vec![Line {
                member: long.clone(),
                ..line
            }],
            next: Some("/guidelines/messaging/acknowledgements?after=x".to_owned()),
            ..empty.clone()
        };
        let none_missing = Self {
            missing: true,
            ..usual.clone()
        };
        let missing = Self {
            missing: true,
            behind: vec![
                MissingLine {
                    member: long,
                    major: 1,
                    times: 3,
                    reminded_at: Some(At(1_790_000_000_000_000)),
                },
                MissingLine {
                    member: Card::nobody(),
                    major: 0,
                    times: 0,
                    reminded_at: None,
                },
            ],
            ..worst.clone()
        };
        let charter = Self {
            kind: Document::Charter,
            path: path(Document::Charter),
            asked: false,
            ..empty.clone()
        };
        vec![empty, usual, worst, none_missing, missing, charter]
    }
}

/// Lists who acknowledged the version in force, or who has yet to.
pub(super) async fn show(call: Call, kind: Document) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| page(tx, viewer, kind, &asked).map(Shown::from))
        .await
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    kind: Document,
    asked: &Asked,
) -> Result<AcknowledgementsPage> {
    viewer.actor.may(&Action::SeeAcknowledgements(kind))?;
    let version = guidelines::current(tx, kind)?.or_not_found()?;
    let path = path(kind);
    let after = Cursor::decode(&asked.after);
    let mut page = AcknowledgementsPage {
        kind,
        path,
        label: version.label(),
        count: guidelines::acknowledged_count(tx, kind, version.major)?,
        missing: asked.show == "missing" && kind != Document::Charter,
        asked: kind != Document::Charter,
        lines: Vec::new(),
        behind: Vec::new(),
        next: None,
        most_times: guidelines::MOST_TIMES,
    };
    if page.missing {
        let (found, next) = guidelines::missing(tx, &viewer.actor, kind, after.as_ref(), PER_PAGE)?;
        page.behind = found.into_iter().map(MissingLine::from).collect();
        page.next = next.map(|next| {
            format!(
                "{path}/acknowledgements?show=missing&after={}",
                next.encode()
            )
        });
    } else {
        let (lines, next) = lines(
            tx,
            viewer,
            &version,
            after.and_then(|c| c.as_one()),
            PER_PAGE,
        )?;
        page.lines = lines;
        page.next =
            next.map(|id| format!("{path}/acknowledgements?after={}", Cursor::one(id).encode()));
    }
    Ok(page)
}

/// Up to `most` lines of those who acknowledged a version's major, and where the list goes on.
fn lines(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    version: &Version,
    after: Option<i64>,
    most: i64,
) -> Result<(Vec<Line>, Option<i64>)> {
    let of = (version.kind, version.major);
    let mut found = guidelines::acknowledged_by(tx, &viewer.actor, of, after, most + 1)?;
    let page = usize::try_from(most).unwrap_or(0);
    let more = found.len() > page;
    found.truncate(page);
    let next = found.last().filter(|_| more).map(|last| last.id);
    let ids: Vec<_> = found.iter().map(|line| line.member).collect();
    let cards = members::cards(tx, &ids)?;
    let mut labels: HashMap<VersionId, String> = HashMap::new();
    let mut lines = Vec::new();
    for line in found {
        let label = match labels.get(&line.version) {
            Some(label) => label.clone(),
            None => {
                let label = guidelines::by_id(tx, line.version)?.label();
                labels.insert(line.version, label.clone());
                label
            }
        };
        lines.push(Line {
            member: cards
                .get(&line.member)
                .cloned()
                .unwrap_or_else(Card::nobody),
            label,
            at: line.at,
        });
    }
    Ok((lines, next))
}

/// Reminds those who have yet to.
pub(super) async fn remind(call: Call, kind: Document) -> Answer {
    call.act(move |tx, viewer| {
        guidelines::remind(tx, &viewer.actor, kind)?;
        let back = format!("{}/acknowledgements?show=missing", path(kind));
        Ok(See::to(back).flash("guidelines-reminded"))
    })
    .await
}

/// The list as a file for spreadsheets.
pub(super) async fn export(call: Call, kind: Document) -> Answer {
    let asked: Asked = call.query()?;
    call.page(move |tx, viewer| {
        viewer.actor.may(&Action::SeeAcknowledgements(kind))?;
        let version = guidelines::current(tx, kind)?.or_not_found()?;
        let mut rows = String::new();
        let mut after = Cursor::decode(&asked.after);
        let mut written = 0;
        let missing = asked.show == "missing";
        rows.push_str(if missing {
            "name,display_name,acknowledged_major,reminded,last_reminded_at\r\n"
        } else {
            "name,display_name,version,acknowledged_at\r\n"
        });
        // A guard besides the end of the list: a file is no place for a whole city.
        while written < PER_FILE {
            written += PER_PIECE;
            if missing {
                let (found, next) =
                    guidelines::missing(tx, &viewer.actor, kind, after.as_ref(), PER_PIECE)?;
                for line in found {
                    let at = line.reminded_at.map(At::rfc3339).unwrap_or_default();
                    let cells = [
                        line.who.card.name,
                        line.who.card.display,
                        line.who.major.to_string(),
                        line.times.to_string(),
                        at,
                    ];
                    row(&mut rows, &cells);
                }
                after = next;
            } else {
                let from = after.and_then(|c| c.as_one());
                let (found, next) = lines(tx, viewer, &version, from, PER_PIECE)?;
                for line in found {
                    let cells = [
                        line.member.name,
                        line.member.display,
                        line.label,
                        line.at.rfc3339(),
                    ];
                    row(&mut rows, &cells);
                }
                after = next.map(Cursor::one);
            }
            if after.is_none() {
                break;
            }
        }
        let mut bytes = Bytes::new("text/csv; charset=utf-8", rows.into_bytes());
        let name = format!("attachment; filename=\"{kind}-acknowledgements.csv\"");
        bytes.headers.push(("Content-Disposition", name));
        if let Some(after) = after {
            let show = if missing { "show=missing&" } else { "" };
            let next = format!(
                "{}/acknowledgements.csv?{show}after={}",
                path(kind),
                after.encode()
            );
            bytes
                .headers
                .push(("Link", format!("<{}>; rel=\"next\"", tx.link(&next))));
        }
        bytes.cache = Some("no-store");
        Ok(Shown::Bytes(bytes))
    })
    .await
}

/// One row (RFC 4180). What a spreadsheet would take for a formula is shown as text.
fn row(rows: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| written(cell)).collect();
    rows.push_str(&cells.join(","));
    rows.push_str("\r\n");
}

fn written(cell: &str) -> String {
    let guard = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = cell.replace('"', "\"\"");
    if guard {
        format!("\"'{cell}\"")
    } else if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{cell}\"")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn no_name_becomes_a_formula() {
        assert_eq!(written("Mia Brandvold"), "Mia Brandvold");
        assert_eq!(written("=1+1"), "\"'=1+1\"");
        assert_eq!(written("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
