//! Living through the demo's year: every line of the script by the verb a person would have used, at its own time.
//! Long because it is one year told in one breath: people, places, documents, talk.

use std::collections::HashMap;
use std::sync::Arc;

use super::PASSWORD;
use super::script::{self, Script, Thread};
use crate::app::App;
use crate::bridge;
use crate::content::{RenderOptions, render_document};
use crate::db::Tx;
use crate::forum::{self, CategoryDraft, Grant, NewThread, Tags, Title, Who};
use crate::guidelines::{self, Change, Publication};
use crate::kit::clock::{DAY, HOUR, MINUTE, SteppedClock};
use crate::kit::ids::{CategoryId, GroupId, HighlightId, MemberId, PostId, ThreadId};
use crate::kit::stop::Document;
use crate::kit::{At, Clock, Result, Stop};
use crate::members::{self, Added, NewPassword};
use crate::policy::{Actor, Role, Trust};
use crate::site::{self, PageWords, Settings};

/// What was filled in.
pub struct Told {
    pub members: usize,
    pub threads: usize,
    pub posts: usize,
    pub highlights: usize,
}

/// The house acting before anybody has joined.
const HOUSE: Actor = Actor::System("demo");

pub(super) struct Filling<'a> {
    pub(super) app: &'a Arc<App>,
    pub(super) clock: &'a SteppedClock,
    /// The beginning of the demo's day.
    pub(super) day: At,
    pub(super) members: HashMap<String, MemberId>,
    pub(super) groups: HashMap<String, GroupId>,
    pub(super) categories: HashMap<String, CategoryId>,
    pub(super) threads: HashMap<String, ThreadId>,
    pub(super) posts: HashMap<(String, usize), (PostId, At)>,
    /// By their headings.
    pub(super) highlights: tokio::sync::Mutex<HashMap<String, HighlightId>>,
}

pub(super) fn wrong(why: impl Into<String>) -> Stop {
    Stop::fault(why)
}

/// Fills the database behind `app`; the clock runs ahead through the year and is released by the caller.
pub async fn fill(app: &Arc<App>, clock: &SteppedClock) -> Result<Told> {
    let script = script::read().map_err(wrong)?;
    let now = clock.now();
    let last = script
        .threads
        .iter()
        .flat_map(|t| &t.posts)
        .map(|p| p.at)
        .max()
        .unwrap_or(0);
    // The script's last words are spoken before now, whatever the time of the day is.
    let mut day = At(now.0.div_euclid(DAY) * DAY);
    while day.plus(last * MINUTE).0 > now.0 - 3 * HOUR {
        day = day.plus(-DAY);
    }
    let mut filling = Filling {
        app,
        clock,
        day,
        members: HashMap::new(),
        groups: HashMap::new(),
        categories: HashMap::new(),
        threads: HashMap::new(),
        posts: HashMap::new(),
        highlights: tokio::sync::Mutex::default(),
    };
    filling.house().await?;
    filling.people(&script).await?;
    filling.places(&script).await?;
    filling.documents(&script).await?;
    filling.hours(&script.outreach).await?;
    filling.bulletin().await?;
    filling.later_versions().await?;
    filling.talk(&script).await?;
    filling.marks(&script).await?;
    for highlight in &script.highlights {
        filling
            .highlight(highlight)
            .await
            .map_err(|stop| wrong(format!("highlight {:?}: {stop}", highlight.title)))?;
    }
    filling.writing(&script.outreach).await?;
    filling
        .requests(&script.outreach)
        .await
        .map_err(|stop| wrong(format!("requests: {stop}")))?;
    filling.milestones().await?;
    filling.learning(&script).await?;
    filling.feed().await?;
    filling.reports(&script).await?;
    clock.release();
    crate::jobs::weigh(app).await?;
    let posts = filling.posts.len();
    Ok(Told {
        members: script.members.len(),
        threads: script.threads.len(),
        posts,
        highlights: script.highlights.len(),
    })
}

impl Filling<'_> {
    pub(super) async fn write<T: Send + 'static>(
        &self,
        verb: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.db.write(verb).await
    }

    pub(super) fn set(&self, at: At) {
        self.clock.set(at);
    }

    pub(super) fn base_url(&self) -> String {
        self.app.config.base_url.clone()
    }

    pub(super) fn member(&self, name: &str) -> Result<MemberId> {
        self.members
            .get(name)
            .copied()
            .ok_or_else(|| wrong(format!("nobody is called {name:?}")))
    }

    /// Settings, pages and the announcements page, a day before the first member.
    async fn house(&self) -> Result<()> {
        self.set(self.day.plus(-420 * DAY));
        let settings = Settings {
            name: "Harbour Museum Commons".to_owned(),
            tagline: "Where the harbour talks about itself".to_owned(),
            description: "The community of the Harbour Museum: neighbours, volunteers and staff talking about ships, birds, boats and the town.".to_owned(),
            contact: "commons@harbour-museum.example".to_owned(),
            zone: "Europe/Amsterdam".to_owned(),
            set_up: true,
            ..Settings::default()
        };
        let base_url = self.base_url();
        let mut pages = Vec::new();
        for (slug, title) in [
            ("privacy", "Privacy"),
            ("imprint", "Imprint"),
            ("accessibility", "Accessibility"),
        ] {
            let source = script::text(&format!("pages/{slug}.md")).map_err(wrong)?;
            let html = render_document(
                &source,
                &RenderOptions {
                    post_prefix: slug.to_owned(),
                    base_url: base_url.clone(),
                    ..RenderOptions::default()
                },
            )
            .html;
            pages.push((slug, title, PageWords { source, html }));
        }
        self.write(move |tx| {
            site::change(tx, &HOUSE, &settings)?;
            for (slug, title, words) in &pages {
                site::seed_page(tx, slug, title, words)?;
            }
            bridge::ensure_page(tx, "Announcements").map(drop)
        })
        .await
    }

    async fn people(&mut self, script: &Script) -> Result<()> {
        let password = NewPassword::check(PASSWORD, &[])?;
        for member in &script.members {
            let at = self.day.plus(-member.joined_days_ago * DAY + 8 * HOUR);
            self.set(at);
            let roles: Vec<Role> = member.roles.iter().filter_map(|r| Role::parse(r)).collect();
            let added = Added {
                display: member.display.clone(),
                email: Some(format!("{}@harbour-museum.example", member.name)),
                password: Some(password.clone()),
                roles,
                trust: Trust::parse(&member.trust)
                    .ok_or_else(|| wrong(format!("{}: trust", member.name)))?,
                lang: member.lang.clone(),
                joined_at: Some(at),
                hue: Some(member.hue),
                ..Added::named(&member.name)
            };
            let words = members::ProfileWords::check(
                &member.display,
                &member.bio,
                member.hue,
                &self.base_url(),
            )?;
            let id = self
                .write(move |tx| {
                    let id = members::add(tx, &HOUSE, &added)?;
                    members::write_profile(tx, &HOUSE, id, &words)?;
                    Ok(id)
                })
                .await?;
            self.members.insert(member.name.clone(), id);
        }
        self.set(self.day.plus(-400 * DAY));
        for group in script.groups.clone() {
            let ids = group
                .members
                .iter()
                .map(|name| self.member(name))
                .collect::<Result<Vec<_>>>()?;
            let name = group.name.clone();
            let id = self
                .write(move |tx| {
                    let id = members::create_group(tx, &HOUSE, &group.name, &group.description)?;
                    ids.iter()
                        .try_for_each(|member| members::join_group(tx, &HOUSE, id, *member))?;
                    Ok(id)
                })
                .await?;
            self.groups.insert(name, id);
        }
        Ok(())
    }

    async fn places(&mut self, script: &Script) -> Result<()> {
        let staff = self.groups.get("Staff").copied();
        for category in script.categories.clone() {
            let parent = match category.parent.as_str() {
                "" => None,
                slug => Some(
                    *self
                        .categories
                        .get(slug)
                        .ok_or_else(|| wrong(format!("no category {slug}")))?,
                ),
            };
            let line = |who, group| Grant {
                who,
                group,
                see: true,
                reply: true,
                start: true,
                moderate: false,
            };
            let grants = match category.see.as_str() {
                "staff" => vec![line(Who::Group, staff)],
                "members" => vec![line(Who::Members, None)],
                _ if category.start == "staff" => vec![
                    Grant {
                        reply: false,
                        start: false,
                        ..line(Who::Everyone, None)
                    },
                    Grant {
                        start: false,
                        ..line(Who::Members, None)
                    },
                    line(Who::Group, staff),
                ],
                _ => Vec::new(),
            };
            let draft = CategoryDraft {
                parent,
                name: category.name.clone(),
                description: category.description.clone(),
                colour: category.colour.clone(),
                nominable: category.nominable,
                grants,
                ..CategoryDraft::default()
            };
            let id = self
                .write(move |tx| forum::create_category(tx, &HOUSE, &draft))
                .await?;
            self.categories.insert(category.slug, id);
        }
        Ok(())
    }

    /// The charter and both guidelines, published and read by everybody who has to have read them.
    async fn documents(&self, script: &Script) -> Result<()> {
        for kind in [Document::Charter, Document::Community, Document::Messaging] {
            let source = script::text(&format!("documents/{kind}.md")).map_err(wrong)?;
            // The first charter did not know champions yet; see `later_versions`.
            let source = super::learning::without_section(&source, "## Champions");
            let words = guidelines::Words::parse(&source, &self.base_url())?;
            self.set(self.day.plus(-399 * DAY));
            let version = self
                .write(move |tx| {
                    let wanted = Publication {
                        words: words.clone(),
                        change: Change::Major,
                        note: "Written for our harbour, in place of the text a new community starts with.".to_owned(),
                        effective_at: None,
                        base: guidelines::base_of(tx, kind)?.map(|v| v.fingerprint()).unwrap_or_default(),
                    };
                    guidelines::publish(tx, &HOUSE, kind, &wanted)
                })
                .await?;
            for member in &script.members {
                let outward = ["moderator", "publisher", "lead_publisher"];
                let reads = match kind {
                    Document::Charter => false,
                    Document::Community => true,
                    Document::Messaging => {
                        member.roles.iter().any(|r| outward.contains(&r.as_str()))
                    }
                };
                if !reads {
                    continue;
                }
                let (id, version) = (self.member(&member.name)?, version.id);
                self.set(
                    self.day
                        .plus(-member.joined_days_ago.min(398) * DAY + 9 * HOUR),
                );
                self.write(move |tx| {
                    let actor = members::actor(tx, id)?;
                    guidelines::acknowledge(tx, &actor, kind, version)
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Every post of every thread, in the order of time over all threads.
    async fn talk(&mut self, script: &Script) -> Result<()> {
        let mut moments: Vec<(i64, &Thread, usize)> = Vec::new();
        for thread in &script.threads {
            moments.extend(
                thread
                    .posts
                    .iter()
                    .enumerate()
                    .map(|(index, post)| (post.at, thread, index)),
            );
        }
        moments.sort_by_key(|(at, thread, index)| (*at, thread.file.clone(), *index));
        for (at, thread, index) in moments {
            let done = self.say(at, thread, index).await;
            done.map_err(|stop| wrong(format!("{} post {}: {stop}", thread.file, index + 1)))?;
        }
        Ok(())
    }

    async fn say(&mut self, minutes: i64, thread: &Thread, index: usize) -> Result<()> {
        let Some(post) = thread.posts.get(index) else {
            return Ok(());
        };
        let at = self.day.plus(minutes * MINUTE);
        self.set(at);
        let author = self.member(&post.author)?;
        let body = self.with_pictures(author, &post.body).await?;
        let words = forum::Words::parse(&body, &self.base_url())?;
        let key = (thread.file.clone(), index + 1);
        if index == 0 {
            let category = *self
                .categories
                .get(&thread.category)
                .ok_or_else(|| wrong(format!("no category {}", thread.category)))?;
            let new = NewThread {
                category,
                title: Title::parse(&thread.title)?,
                words,
                tags: Tags::of(&thread.tags)?,
            };
            let started = self
                .write(move |tx| {
                    let actor = members::actor(tx, author)?;
                    // Newcomers make no tags of their own.
                    let newcomer = actor.person().is_some_and(|p| p.trust == Trust::New);
                    let mut new = new.clone();
                    if newcomer {
                        new.tags = Tags::default();
                    }
                    forum::start(tx, &actor, &new)
                })
                .await?;
            self.threads.insert(thread.file.clone(), started.thread);
            self.posts.insert(key, (started.post, at));
        } else {
            let id = self.thread(&thread.file)?;
            let reply_to = post
                .reply_to
                .and_then(|n| self.posts.get(&(thread.file.clone(), n)))
                .map(|(id, _)| *id);
            let replied = self
                .write(move |tx| {
                    let actor = members::actor(tx, author)?;
                    forum::reply(tx, &actor, id, &words, reply_to)
                })
                .await?;
            self.posts.insert(key, (replied.post, at));
        }
        if index + 1 == thread.posts.len() {
            let (id, pinned, locked) = (self.thread(&thread.file)?, thread.pinned, thread.locked);
            let moderator = self.member("mo")?;
            self.write(move |tx| {
                let mo = members::actor(tx, moderator)?;
                if pinned {
                    forum::pin_thread(tx, &mo, id)?;
                }
                if locked {
                    forum::lock_thread(tx, &mo, id, None)?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    fn thread(&self, file: &str) -> Result<ThreadId> {
        self.threads
            .get(file)
            .copied()
            .ok_or_else(|| wrong(format!("no thread {file}")))
    }
}
