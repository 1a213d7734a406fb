//! What a member says of themselves, how they like to read, and by which name they go.

use diesel::prelude::*;
use serde_json::json;

use super::account::name_is_free;
use super::applicant::{read_display, read_name};
use super::card::{self, Card};
use super::session::own;
use crate::audit;
use crate::content::{self, RenderOptions};
use crate::db::limits::{self, Limit};
use crate::db::schema::{member_names, members, standings};
use crate::db::{Lock, Tx, violated};
use crate::each_backend;
use crate::kit::event::Event;
use crate::kit::ids::MemberId;
use crate::kit::names::Name;
use crate::kit::stop::OrRefuse;
use crate::kit::{At, Problems, Result, Stop};
use crate::policy::{Action, Actor};

/// Most characters of what a member says of themselves.
pub const BIO_MAX: usize = 2_000;
/// Names that one member may take in a month.
const RENAMES: Limit = Limit {
    most: 3,
    seconds: 30 * 86_400,
};

crate::text_enum! {
    /// What a member usually answers to requests for consent.
    pub enum ConsentPreference {
        /// Ask me each time.
        Ask = "ask",
        /// Do not ask me: the answer is no.
        Never = "never",
    }
}

/// What a member says of themselves, checked and rendered before the transaction.
#[derive(Debug, Clone)]
pub struct ProfileWords {
    display: String,
    source: String,
    html: String,
    hue: i64,
}

impl ProfileWords {
    /// Checks and renders. `base_url` is the community's address, so that its own links are known.
    ///
    /// # Errors
    /// Problems with `display`, `bio` or `hue`.
    pub fn check(display: &str, bio: &str, hue: i64, base_url: &str) -> Result<Self> {
        let mut problems = Problems::default();
        let display = read_display(&mut problems, display);
        if display.as_ref().is_some_and(String::is_empty) {
            problems.add("display", "display-missing", &[]);
        }
        let source = bio.trim();
        if source.chars().count() > BIO_MAX || content::check_source(source, 4 * BIO_MAX).is_err() {
            problems.add("bio", "bio-too-long", &[("most", BIO_MAX.to_string())]);
        }
        if !(0..360).contains(&hue) {
            problems.add("hue", "hue", &[]);
        }
        problems.check()?;
        let options = RenderOptions {
            post_prefix: "bio".to_owned(),
            base_url: base_url.to_owned(),
            ..RenderOptions::default()
        };
        let html = if source.is_empty() {
            String::new()
        } else {
            content::render(source, &options).html
        };
        Ok(Self {
            display: display.unwrap_or_default(),
            source: source.to_owned(),
            html,
            hue,
        })
    }
}

/// How a member likes to read.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// Language (BCP 47).
    pub lang: String,
    /// Time zone (IANA); empty: the site's.
    pub zone: String,
    /// `light`, `dark` or empty: as the device does.
    pub theme: String,
    /// The usual answer to requests for consent.
    pub consent: String,
    /// Single keys do something, where scripts run.
    pub keys: bool,
}

/// Writes what the actor says of themselves.
///
/// # Errors
/// Refused for guests, and while the actor is silenced: everybody reads it. The picture's colour alone is no speech.
pub fn edit_profile(tx: &mut Tx<'_>, actor: &Actor, words: &ProfileWords) -> Result<()> {
    let me = own(actor)?;
    let before: (String, String) = members::table
        .find(me)
        .select((members::display_name, members::bio_source))
        .first(tx.conn)?;
    if (&before.0, &before.1) != (&words.display, &words.source) {
        actor.may(&Action::TellOfSelf(me))?;
    }
    diesel::update(members::table.filter(members::id.eq(me)))
        .set((
            members::display_name.eq(&words.display),
            members::bio_source.eq(&words.source),
            members::bio_html.eq(&words.html),
            members::avatar_hue.eq(words.hue),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The same for any member, where the house fills a community (the demo, an import).
///
/// # Errors
/// Refused for everybody but those who manage members.
pub fn write_profile(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    words: &ProfileWords,
) -> Result<()> {
    actor.may(&Action::ManageMembers)?;
    diesel::update(members::table.filter(members::id.eq(member)))
        .set((
            members::display_name.eq(&words.display),
            members::bio_source.eq(&words.source),
            members::bio_html.eq(&words.html),
            members::avatar_hue.eq(words.hue),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes how the actor likes to read.
///
/// # Errors
/// Refused for guests; problems with `lang`, `zone`, `theme` or `consent`.
pub fn prefer(tx: &mut Tx<'_>, actor: &Actor, wanted: &Preferences) -> Result<()> {
    let me = own(actor)?;
    let mut problems = Problems::default();
    if wanted
        .lang
        .parse::<unic_langid::LanguageIdentifier>()
        .is_err()
        || wanted.lang.len() > 35
    {
        problems.add("lang", "lang", &[]);
    }
    if !wanted.zone.is_empty() && jiff::tz::TimeZone::get(&wanted.zone).is_err() {
        problems.add("zone", "zone", &[]);
    }
    if !matches!(wanted.theme.as_str(), "" | "light" | "dark") {
        problems.add("theme", "theme", &[]);
    }
    if ConsentPreference::parse(&wanted.consent).is_none() {
        problems.add("consent", "consent-preference", &[]);
    }
    problems.check()?;
    diesel::update(members::table.filter(members::id.eq(me)))
        .set((
            members::lang.eq(&wanted.lang),
            members::zone.eq(&wanted.zone),
            members::theme.eq(&wanted.theme),
            members::consent_preference.eq(&wanted.consent),
            members::single_keys.eq(wanted.keys),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives a member another name. The old one leads to the new one from now on and is kept from everybody else.
///
/// # Errors
/// Problems with `name`; [`crate::kit::Refusal::TooMany`] after three names in a month; refused for everybody but the
/// member, unless silenced, and those who manage members.
pub fn rename(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, wanted: &str) -> Result<Name> {
    // find
    let mut problems = Problems::default();
    let name = read_name(&mut problems, wanted);
    problems.check()?;
    let name = name.ok_or_else(|| Stop::fault("a name was neither read nor refused"))?;
    tx.lock(Lock::Member(member))?;
    let before: Option<(String, String)> = members::table
        .filter(members::id.eq(member))
        .filter(members::erased_at.is_null())
        .select((members::name, members::name_key))
        .first(tx.conn)
        .optional()?;
    let (old, old_key) = before.or_not_found()?;
    // may
    if actor.id() == Some(member) {
        actor.may(&Action::TellOfSelf(member))?;
        limits::count(tx, &format!("rename:{member}"), RENAMES)?;
    } else {
        actor.may(&Action::ManageMembers)?;
    }
    if old == name.as_str() {
        return Ok(name);
    }
    let key = name.key();
    if !name_is_free(tx, &key, Some(member))? {
        return Err(Stop::invalid("name", "name-taken"));
    }
    // change
    let now = tx.now();
    if key != old_key {
        diesel::delete(member_names::table.filter(member_names::name_key.eq(&key)))
            .execute(tx.conn)?;
        let row = (
            member_names::name_key.eq(&old_key),
            member_names::name.eq(&old),
            member_names::member_id.eq(member),
            member_names::reserved_at.eq(now),
        );
        each_backend!(tx.conn, c => diesel::insert_into(member_names::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    diesel::update(members::table.filter(members::id.eq(member)))
        .set((members::name.eq(name.as_str()), members::name_key.eq(&key)))
        .execute(tx.conn)
        .map_err(|error| match violated(&error) {
            Some(_) => Stop::invalid("name", "name-taken"),
            None => error.into(),
        })?;
    // record, tell
    audit::record(
        tx,
        actor,
        "member.renamed",
        audit::subject("member", member.0),
        json!({}),
        None,
    )?;
    tx.tell(&Event::MemberRenamed {
        member,
        name: name.as_str().to_owned(),
    })?;
    Ok(name)
}

/// What everybody may read of a member.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Name, roles, badges.
    pub card: Card,
    /// What the member says of themselves, rendered.
    pub bio_html: String,
    /// The same as it was typed.
    pub bio_source: String,
    /// When the member joined.
    pub joined_at: At,
    /// Threads started.
    pub thread_count: i64,
    /// Posts written.
    pub post_count: i64,
    /// When the latest of them was written.
    pub last_post_at: Option<At>,
    /// A silence in force, for staff.
    pub silenced_until: Option<At>,
    /// A suspension in force.
    pub suspended_until: Option<At>,
}

type Facts = ((String, String), At, i64, i64, Option<At>);

/// The profile of whoever carries this name or carried it before; compare `card.name` to see whether to redirect.
///
/// # Errors
/// Not found.
pub fn find_profile(tx: &mut Tx<'_>, name: &str) -> Result<Profile> {
    let card = card::find_by_name(tx, name)?;
    let now = tx.now();
    let (facts, sanctions): (Facts, (Option<At>, Option<At>)) = members::table
        .inner_join(standings::table)
        .filter(members::id.eq(card.id))
        .select((
            (
                (members::bio_html, members::bio_source),
                members::joined_at,
                members::thread_count,
                members::post_count,
                members::last_post_at,
            ),
            (standings::silenced_until, standings::suspended_until),
        ))
        .first(tx.conn)?;
    let ((bio_html, bio_source), joined_at, thread_count, post_count, last_post_at) = facts;
    let in_force = |until: Option<At>| until.filter(|at| *at > now);
    Ok(Profile {
        card,
        bio_html,
        bio_source,
        joined_at,
        thread_count,
        post_count,
        last_post_at,
        silenced_until: in_force(sanctions.0),
        suspended_until: in_force(sanctions.1),
    })
}

/// What a member sees and changes of their own.
#[derive(Debug, Clone)]
pub struct Own {
    /// Name, roles, badges.
    pub card: Card,
    /// The address given.
    pub email: Option<String>,
    /// Is it confirmed?
    pub email_confirmed: bool,
    /// The Markdown of what the member says of themselves.
    pub bio_source: String,
    /// How the member likes to read.
    pub preferences: Preferences,
}

/// The actor's own account.
///
/// # Errors
/// Refused for guests.
pub fn own_account(tx: &mut Tx<'_>, actor: &Actor) -> Result<Own> {
    let me = own(actor)?;
    let card = card::card(tx, me)?;
    let (email, confirmed, bio_source, (lang, zone, theme, consent, keys)): (
        Option<String>,
        Option<At>,
        String,
        (String, String, String, String, bool),
    ) = members::table
        .find(me)
        .select((
            members::email,
            members::email_confirmed_at,
            members::bio_source,
            (
                members::lang,
                members::zone,
                members::theme,
                members::consent_preference,
                members::single_keys,
            ),
        ))
        .first(tx.conn)?;
    let preferences = Preferences {
        lang,
        zone,
        theme,
        consent,
        keys,
    };
    Ok(Own {
        card,
        email,
        email_confirmed: confirmed.is_some(),
        bio_source,
        preferences,
    })
}
