//! Words that threads are found by.

use diesel::prelude::*;

use super::limits::{TAG_CHARS, TAGS};
use super::pace;
use super::places::places;
use crate::db::Tx;
use crate::db::schema::{tags, thread_tags};
use crate::each_backend;
use crate::kit::ids::{CategoryId, TagId, ThreadId};
use crate::kit::names::name_key;
use crate::kit::slug::slugify;
use crate::kit::{Problems, Result};
use crate::policy::{Actor, Roles, Trust};
use crate::site::{self, TagMakers};

/// A tag as it was typed, tidied: lower case, letters and digits of any script, `-` between words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub(super) name: String,
    pub(super) key: String,
}

impl Tag {
    /// Tidies one tag; `None` where nothing is left of it or it is too long.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let bare = typed.trim().trim_start_matches('#');
        // Longer input than a tag of the widest letters can be is refused before it is worked on.
        if bare.is_empty() || bare.len() > TAG_CHARS * 8 {
            return None;
        }
        let name = slugify(bare);
        let fits = name.chars().any(char::is_alphanumeric) && name.chars().count() <= TAG_CHARS;
        fits.then(|| Self {
            key: name_key(&name),
            name,
        })
    }

    /// The tag as it is shown and stands in its address.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Up to five different tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Reads tags separated by commas.
    ///
    /// # Errors
    /// Problems with the field `tags`.
    pub fn parse(typed: &str) -> Result<Self, Problems> {
        if typed.len() > TAGS * TAG_CHARS * 16 {
            return Err(too_many());
        }
        let words: Vec<&str> = typed
            .split([',', '\u{3001}', '\u{ff0c}', '\u{60c}'])
            .collect();
        Self::of(&words)
    }

    /// Reads tags that come one by one.
    ///
    /// # Errors
    /// Problems with the field `tags`.
    pub fn of(typed: &[impl AsRef<str>]) -> Result<Self, Problems> {
        let mut found: Vec<Tag> = Vec::new();
        let words = typed.iter().map(|w| w.as_ref().trim());
        for word in words.filter(|word| !word.is_empty()) {
            let tag = Tag::parse(word).ok_or_else(|| with("tag-unusable", word))?;
            if !found.iter().any(|other| other.key == tag.key) {
                found.push(tag);
            }
            if found.len() > TAGS {
                return Err(too_many());
            }
        }
        Ok(Self(found))
    }

    /// Any number of tags separated by commas, as an admin names them; what cannot be one is left out.
    pub(super) fn list(typed: &str) -> Vec<Tag> {
        typed.split(',').filter_map(Tag::parse).collect()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn too_many() -> Problems {
    let mut problems = Problems::default();
    problems.add("tags", "tags-too-many", &[("max", TAGS.to_string())]);
    problems
}

fn with(key: &str, tag: &str) -> Problems {
    let mut problems = Problems::default();
    let shown: String = tag.chars().take(TAG_CHARS).collect();
    problems.add("tags", key, &[("tag", shown)]);
    problems
}

/// May the actor make tags that were not there before? If not, the problem's key.
fn makes(tx: &mut Tx<'_>, actor: &Actor) -> Result<Option<&'static str>> {
    if pace::newcomer(actor).is_some() {
        return Ok(Some("tag-unknown"));
    }
    let Some(person) = actor.person() else {
        return Ok(None);
    };
    let may = match site::settings(tx)?.tag_makers {
        TagMakers::Members => true,
        TagMakers::Established => {
            person.trust == Trust::Established || person.roles != Roles::default()
        }
        TagMakers::Staff => actor.is_staff(),
    };
    Ok((!may).then_some("tag-makers"))
}

/// What a category lets its threads have; what a thread has already it keeps.
fn fits(tx: &mut Tx<'_>, category: CategoryId, wanted: &Tags, before: &[TagId]) -> Result<()> {
    let places = places(tx)?;
    let category = places.find(category)?;
    let most = usize::try_from(category.tag_limit).unwrap_or(TAGS);
    if wanted.0.len() > most && wanted.0.len() > before.len() {
        let mut problems = Problems::default();
        problems.add("tags", "tags-limit", &[("max", most.to_string())]);
        return Err(problems.into());
    }
    let allowed = Tags::list(&category.allowed_tags);
    if allowed.is_empty() {
        return Ok(());
    }
    for tag in &wanted.0 {
        let there = seek(tx, &tag.key)?.is_some_and(|id| before.contains(&id));
        if !there && !allowed.iter().any(|other| other.key == tag.key) {
            let names: Vec<&str> = allowed.iter().take(20).map(Tag::name).collect();
            let mut problems = with("tag-not-here", &tag.name);
            if let Some(problem) = problems.0.first_mut() {
                problem.args.insert("allowed".to_owned(), names.join(", "));
            }
            return Err(problems.into());
        }
    }
    Ok(())
}

/// Gives a thread exactly these tags, as far as its category takes them. Who may not make new ones takes those that are
/// there.
pub(super) fn put(
    tx: &mut Tx<'_>,
    actor: &Actor,
    category: CategoryId,
    thread: ThreadId,
    wanted: &Tags,
) -> Result<()> {
    let before: Vec<TagId> = thread_tags::table
        .filter(thread_tags::thread_id.eq(thread))
        .select(thread_tags::tag_id)
        .load(tx.conn)?;
    fits(tx, category, wanted, &before)?;
    let unmade = makes(tx, actor)?;
    let mut after = Vec::with_capacity(wanted.0.len());
    for tag in &wanted.0 {
        after.push(find_or_make(tx, unmade, tag)?);
    }
    for gone in before.iter().filter(|id| !after.contains(id)) {
        diesel::delete(thread_tags::table.find((thread, *gone))).execute(tx.conn)?;
        count(tx, *gone, -1)?;
    }
    for new in after.iter().filter(|id| !before.contains(id)) {
        diesel::insert_into(thread_tags::table)
            .values((
                thread_tags::thread_id.eq(thread),
                thread_tags::tag_id.eq(*new),
            ))
            .execute(tx.conn)?;
        count(tx, *new, 1)?;
    }
    Ok(())
}

/// The tags of a thread by their ids, as the log keeps them.
pub(super) fn ids_of(tx: &mut Tx<'_>, thread: ThreadId) -> Result<Vec<i64>> {
    let ids: Vec<TagId> = thread_tags::table
        .filter(thread_tags::thread_id.eq(thread))
        .order(thread_tags::tag_id)
        .select(thread_tags::tag_id)
        .load(tx.conn)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// What these tags are called.
pub(super) fn names_of(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<String>> {
    Ok(tags::table
        .filter(tags::id.eq_any(ids.iter().copied().map(TagId)))
        .order(tags::name_key)
        .select(tags::name)
        .load(tx.conn)?)
}

/// The tags of a thread, for rooms above.
///
/// # Errors
/// A fault where the database fails.
pub fn tags_of(tx: &mut Tx<'_>, thread: ThreadId) -> Result<Vec<String>> {
    Ok(thread_tags::table
        .inner_join(tags::table)
        .filter(thread_tags::thread_id.eq(thread))
        .order(tags::name_key)
        .limit(i64::try_from(TAGS).unwrap_or(5))
        .select(tags::name)
        .load(tx.conn)?)
}

fn count(tx: &mut Tx<'_>, tag: TagId, more: i64) -> Result<()> {
    diesel::update(tags::table.find(tag))
        .set(tags::thread_count.eq(tags::thread_count + more))
        .execute(tx.conn)?;
    Ok(())
}

fn seek(tx: &mut Tx<'_>, key: &str) -> Result<Option<TagId>> {
    Ok(tags::table
        .filter(tags::name_key.eq(key))
        .select(tags::id)
        .first(tx.conn)
        .optional()?)
}

fn find_or_make(tx: &mut Tx<'_>, unmade: Option<&'static str>, tag: &Tag) -> Result<TagId> {
    if let Some(id) = seek(tx, &tag.key)? {
        return Ok(id);
    }
    if let Some(key) = unmade {
        return Err(with(key, &tag.name).into());
    }
    let row = (
        tags::name.eq(&tag.name),
        tags::name_key.eq(&tag.key),
        tags::created_at.eq(tx.now()),
    );
    // Somebody else may have made the same tag in this moment.
    each_backend!(tx.conn, c => diesel::insert_into(tags::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    seek(tx, &tag.key)?.ok_or_else(|| crate::kit::Stop::fault("a tag vanished while it was made"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(typed: &str) -> Result<Vec<String>, String> {
        Tags::parse(typed)
            .map(|t| t.0.into_iter().map(|t| t.name).collect())
            .map_err(|p| p.0.first().map(|p| p.key.clone()).unwrap_or_default())
    }

    #[test]
    fn tags_are_tidied_and_told_apart() {
        assert_eq!(
            names(" #Ship Models, ship-models ,,Über"),
            Ok(vec!["ship-models".to_owned(), "über".to_owned()])
        );
        assert_eq!(names(""), Ok(vec![]));
    }

    #[test]
    fn five_are_enough() {
        assert_eq!(names("a,b,c,d,e").map(|t| t.len()), Ok(5));
        assert_eq!(names("a,b,c,d,e,f"), Err("tags-too-many".to_owned()));
        assert_eq!(names("!!!"), Err("tag-unusable".to_owned()));
        assert_eq!(names(&"x".repeat(9_999)), Err("tags-too-many".to_owned()));
    }
}
