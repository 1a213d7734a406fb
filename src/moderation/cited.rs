//! The numbered rule of the community guidelines that a report has in mind or a decision rests on. Reads only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::guidelines::{self, Numbered, Version};
use crate::kit::ids::VersionId;
use crate::kit::stop::{Document, Refusal};
use crate::kit::{Result, Stop};

/// One rule, for ever: a version is never changed, so its number is the rule's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The version of the community guidelines.
    pub version: VersionId,
    /// The rule's number in it.
    pub number: i64,
}

impl Cited {
    /// As it stands in two columns.
    #[must_use]
    pub fn of((version, number): (Option<i64>, Option<i64>)) -> Option<Self> {
        Some(Self {
            version: VersionId(version?),
            number: number?,
        })
    }
}

/// The rules that can be cited now: those of the community guidelines in force.
///
/// # Errors
/// A fault where the database fails.
pub fn citable(tx: &mut Tx<'_>) -> Result<Vec<Numbered>> {
    let version = guidelines::current(tx, Document::Community)?;
    Ok(version.map(|v| v.numbered()).unwrap_or_default())
}

/// What a number means today; nothing for no number.
///
/// # Errors
/// Invalid where the guidelines in force have no such rule.
pub fn cited(tx: &mut Tx<'_>, number: Option<i64>) -> Result<Option<Cited>> {
    let Some(number) = number else {
        return Ok(None);
    };
    let unknown = || Stop::invalid("rule", "no-such-rule");
    let version = guidelines::current(tx, Document::Community)?.ok_or_else(unknown)?;
    version.rule(number).ok_or_else(unknown)?;
    Ok(Some(Cited {
        version: version.id,
        number,
    }))
}

/// What the rule says; nothing where the version is gone.
///
/// # Errors
/// A fault where the database fails.
pub fn words_of(tx: &mut Tx<'_>, cited: Cited) -> Result<Option<Numbered>> {
    match guidelines::by_id(tx, cited.version) {
        Ok(version) => Ok(version.rule(cited.number)),
        Err(Stop::Refused(Refusal::NotFound)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The guidelines that many decisions rest on, read at once.
pub struct Rulebook(BTreeMap<VersionId, Version>);

impl Rulebook {
    /// With everything in it that these cite.
    ///
    /// # Errors
    /// A fault where the database fails.
    pub fn of(tx: &mut Tx<'_>, cited: impl Iterator<Item = Cited>) -> Result<Self> {
        let mut ids: Vec<VersionId> = cited.map(|rule| rule.version).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let found = guidelines::by_ids(tx, &ids)?;
        Ok(Self(found.into_iter().map(|v| (v.id, v)).collect()))
    }

    /// What the rule says; nothing where the version is gone.
    #[must_use]
    pub fn words(&self, cited: Cited) -> Option<Numbered> {
        self.0.get(&cited.version)?.rule(cited.number)
    }
}
