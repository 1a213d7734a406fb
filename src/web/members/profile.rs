//! What everybody may read of a member.

use serde::{Deserialize, Serialize};

use crate::forum::{self, RecentPost};
use crate::kit::At;
use crate::kit::ids::MemberId;
use crate::members::{self, Card};
use crate::policy::{Action, Trust};
use crate::web::{Answer, Call, Head, Page, Shown};

/// Posts on one page.
const POSTS: i64 = 20;

/// A member's page.
#[derive(Debug, Clone, Serialize)]
pub struct ProfilePage {
    person: Card,
    new_here: bool,
    bio_html: String,
    pronouns: String,
    place: String,
    links: Vec<String>,
    badges: Vec<members::Badge>,
    /// Reactions to the member's posts, and the member's own.
    received: i64,
    given: i64,
    /// Threads only.
    only_threads: bool,
    /// The viewer may ignore them, and does.
    may_ignore: bool,
    ignored: bool,
    joined_at: At,
    threads: i64,
    posts: i64,
    /// Is it the viewer's own?
    own: bool,
    /// May the viewer give roles and the like?
    may_manage: bool,
    /// A silence or suspension in force, for staff and the member.
    silenced_until: Option<At>,
    suspended_until: Option<At>,
    recent: Vec<RecentPost>,
    pager: Option<Pager>,
}

/// The way through a list that is not numbered.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    label: String,
    prev: Option<String>,
    next: Option<String>,
    pages: Vec<()>,
}

impl Pager {
    /// A pager of a list at `path`, where there is a further page; `label` says of what.
    #[must_use]
    pub fn onward(label: &str, path: &str, after: Option<String>) -> Option<Self> {
        let next = after.map(|after| {
            let mark = if path.contains('?') { '&' } else { '?' };
            format!("{path}{mark}after={after}")
        });
        next.map(|next| Self {
            label: label.to_owned(),
            prev: None,
            next: Some(next),
            pages: Vec::new(),
        })
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "members/profile";

    fn head(&self) -> Head {
        let head = Head::text(&self.person.display).canonical(&format!("/u/{}", self.person.name));
        // Search engines are shown people who have said something.
        if self.posts == 0 || self.suspended_until.is_some() {
            head.no_index()
        } else {
            head
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "three profiles with everything on them"
    )]
    fn samples() -> Vec<Self> {
        let mut card = Card::nobody();
        card.erased = false;
        card.name = "ruth".to_owned();
        card.display = "Ruth Okoro".to_owned();
        card.hue = 200;
        let quiet = Self {
            person: card.clone(),
            new_here: true,
            bio_html: String::new(),
            pronouns: String::new(),
            place: String::new(),
            links: Vec::new(),
            badges: Vec::new(),
            received: 0,
            given: 0,
            only_threads: false,
            may_ignore: false,
            ignored: false,
            joined_at: At(1_700_000_000_000_000),
            threads: 0,
            posts: 0,
            own: false,
            may_manage: false,
            silenced_until: None,
            suspended_until: None,
            recent: Vec::new(),
            pager: None,
        };
        let post = RecentPost {
            id: crate::kit::ids::PostId(1),
            path: "/t/kingfisher/12/2".to_owned(),
            title: "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(60),
            started: true,
            category: forum::CategoryTag {
                id: crate::kit::ids::CategoryId(3),
                name: "Field notes".to_owned(),
                path: "/c/field-notes/3".to_owned(),
            },
            words: "x".repeat(240),
            at: At(1_700_000_000_000_000),
        };
        let badge = |name: &str| members::Badge {
            id: crate::kit::ids::BadgeId(1),
            name: name.to_owned(),
            description: "For a steady hand.".to_owned(),
            rule: members::BadgeRule::Hand,
        };
        let mut loud = card;
        loud.staff = true;
        loud.champion = true;
        loud.display = "W".repeat(60);
        let usual = Self {
            new_here: false,
            bio_html: "<p>Ringing birds since 1994.</p>".to_owned(),
            pronouns: "she/her".to_owned(),
            place: "Coalhythe".to_owned(),
            links: vec!["https://ruth.example/".to_owned()],
            badges: vec![badge("Boat hook")],
            received: 12,
            given: 1,
            may_ignore: true,
            threads: 1,
            posts: 2,
            recent: vec![post.clone()],
            ..quiet.clone()
        };
        let worst = Self {
            person: loud,
            links: vec!["https://ruth.example/".repeat(14)],
            badges: vec![badge(&"\u{5e9}".repeat(40)); 9],
            only_threads: true,
            may_ignore: true,
            ignored: true,
            new_here: false,
            bio_html: "<p>Ringing birds since 1994.</p>".to_owned(),
            threads: 1_234,
            posts: 56_789,
            own: true,
            may_manage: true,
            silenced_until: Some(At(1_800_000_000_000_000)),
            suspended_until: Some(At(i64::MAX)),
            recent: vec![
                post.clone(),
                RecentPost {
                    started: false,
                    ..post
                },
            ],
            pager: Pager::onward("posts", "/u/ruth", Some("abc".to_owned())),
            ..quiet.clone()
        };
        vec![quiet, usual, worst]
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: String,
    /// `threads`, or everything.
    show: String,
}

/// The page; a former name leads to the present one.
pub async fn show(call: Call) -> Answer {
    let (name, query): (String, Query) = (call.segment("name")?, call.query()?);
    call.page(move |tx, viewer| {
        let profile = members::find_profile(tx, &name)?;
        if profile.card.name != name {
            return Ok(Shown::Moved(format!("/u/{}", profile.card.name)));
        }
        let id: MemberId = profile.card.id;
        let own = viewer.actor.id() == Some(id);
        let staff = viewer.actor.is_staff();
        let after = Some(query.after.as_str()).filter(|after| !after.is_empty());
        let only_threads = query.show == "threads";
        let (recent, next) = if only_threads {
            forum::recent_threads(tx, &viewer.actor, id, after, POSTS)?
        } else {
            forum::recent_posts(tx, &viewer.actor, id, after, POSTS)?
        };
        let details = members::details_of(tx, id)?;
        let figures = forum::figures(tx, &viewer.actor, id)?;
        let ignored = match viewer.actor.id() {
            Some(me) if !own => members::is_ignored(tx, id, me)?,
            _ => false,
        };
        let shown_to = |until: Option<At>| until.filter(|_| own || staff);
        Ok(ProfilePage {
            new_here: profile.card.trust == Trust::New,
            bio_html: profile.bio_html,
            pronouns: details.pronouns,
            place: details.place,
            links: details.links,
            badges: members::badges_of(tx, id)?,
            received: figures.received,
            given: figures.given,
            only_threads,
            may_ignore: viewer.actor.id().is_some() && !own && !profile.card.staff,
            ignored,
            joined_at: profile.joined_at,
            threads: figures.threads,
            posts: figures.posts,
            own,
            may_manage: viewer.can(&Action::ManageMembers),
            silenced_until: shown_to(profile.silenced_until),
            suspended_until: shown_to(profile.suspended_until),
            pager: Pager::onward(
                &profile.card.display,
                &format!(
                    "/u/{}{}",
                    profile.card.name,
                    if only_threads { "?show=threads" } else { "" }
                ),
                next,
            ),
            person: profile.card,
            recent,
        }
        .into())
    })
    .await
}
