//! Buttons that take a post or thread from sight, close or move a thread, or undo that: each asks once more on a page
//! of its own, where a reason can be given.
//!
//! Long because every such step stands in one place, with the page that asks.

use serde::{Deserialize, Serialize};

use super::kept::kept;
use super::samples;
use crate::db::Tx;
use crate::forum::{self, Title};
use crate::guidelines::Numbered;
use crate::highlights;
use crate::kit::ids::{CategoryId, PostId, ThreadId};
use crate::kit::{Problems, Refusal, Result, Stop};
use crate::moderation::{self, APPEAL_DAYS, Because, ContentChoice};
use crate::policy::{Action, Actor};
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// Asks whether it is meant.
#[derive(Debug, Clone, Serialize)]
pub struct ActPage {
    /// `post` or `thread`.
    kind: &'static str,
    /// Such as `delete`; names the sentences.
    act: &'static str,
    action: String,
    title: String,
    number: i64,
    path: String,
    takes_reason: bool,
    dangerous: bool,
    /// It takes somebody else's words from sight: a rule, or words where none fits, is needed.
    must_say: bool,
    /// The rules that can be named then.
    rules: Vec<Numbered>,
    /// Until when its author can appeal, in days.
    days: i64,
    /// Where a thread can be moved to; empty for everything else.
    choices: Vec<Choice>,
    reason: String,
    /// The number of the rule, or `other`.
    rule: String,
    /// What was typed beside it.
    typed: Typed,
    /// What it does to announcements; nothing where it takes nothing from sight.
    outside: Option<Outside>,
    problems: Problems,
}

/// What an act does to announcements.
#[derive(Debug, Clone, Serialize)]
struct Outside {
    /// Those that have not left.
    queued: i64,
    /// Those that stand outside.
    sent: i64,
    /// Where a thread would have to go for that: places that not everybody may read. Empty where it happens in any case.
    places: String,
}

/// What slowing down, splitting and merging ask for.
#[derive(Debug, Clone, Default, Serialize)]
struct Typed {
    minutes: String,
    posts: String,
    title: String,
    into: String,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    id: CategoryId,
    name: String,
    chosen: bool,
}

impl Page for ActPage {
    const TEMPLATE: &'static str = "forum/act";

    fn head(&self) -> Head {
        Head::new(&format!("forum-{}-{}", self.kind, self.act))
            .nav("latest")
            .form()
    }

    fn samples() -> Vec<Self> {
        let of = |kind: &'static str, act: &'static str| Self {
            kind,
            act,
            action: format!("/{kind}/{act}"),
            title: samples::long_title(),
            number: 2,
            path: "/t/a-kingfisher/12".to_owned(),
            takes_reason: true,
            dangerous: act == "delete",
            must_say: false,
            rules: Vec::new(),
            days: APPEAL_DAYS,
            choices: Vec::new(),
            reason: String::new(),
            rule: String::new(),
            typed: Typed::default(),
            outside: taking(act).then(|| Outside {
                queued: 1,
                sent: 2,
                places: String::new(),
            }),
            problems: Problems::default(),
        };
        let posts = ["delete", "restore", "hide", "unhide"];
        let threads = [
            "delete",
            "restore",
            "hide",
            "unhide",
            "lock",
            "unlock",
            "pin",
            "unpin",
            "archive",
            "unarchive",
            "unlist",
            "list",
        ];
        let mut all: Vec<Self> = posts.map(|act| of("post", act)).into();
        all.extend(threads.map(|act| of("thread", act)));
        all.push(Self {
            must_say: true,
            ..of("post", "hide")
        });
        all.push(Self {
            must_say: true,
            rules: vec![Numbered {
                number: 7,
                title: samples::long_title(),
                text: String::new(),
            }],
            rule: "7".to_owned(),
            problems: Problems::one("rule", "rule-or-other"),
            ..of("post", "delete")
        });
        for act in ["slow", "split", "merge"] {
            all.push(Self {
                problems: Problems::one("posts", "split-some"),
                ..of("thread", act)
            });
        }
        all.push(Self {
            choices: vec![Choice {
                id: CategoryId(3),
                name: samples::long_title(),
                chosen: true,
            }],
            outside: Some(Outside {
                queued: 0,
                sent: 3,
                places: samples::long_title(),
            }),
            problems: Problems::one("category", "category-missing"),
            ..of("thread", "move")
        });
        all
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ActForm {
    reason: String,
    rule: String,
    category: String,
    minutes: String,
    posts: String,
    title: String,
    into: String,
}

impl ActForm {
    fn typed(&self) -> Typed {
        Typed {
            minutes: self.minutes.clone(),
            posts: self.posts.clone(),
            title: self.title.clone(),
            into: self.into.clone(),
        }
    }

    /// Seconds of a slow thread.
    fn seconds(&self) -> Result<i64> {
        let minutes: i64 = self
            .minutes
            .trim()
            .parse()
            .map_err(|_| Stop::invalid("minutes", "number-needed"))?;
        Ok(minutes.saturating_mul(60))
    }

    /// Numbers of posts: `3, 5-9`.
    fn numbers(&self) -> Result<Vec<i64>> {
        let unclear = || Stop::invalid("posts", "split-unclear");
        let mut found = Vec::new();
        for part in self.posts.split([',', ' ', ';']).filter(|p| !p.is_empty()) {
            let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
            let number = |text: &str| text.trim().trim_start_matches('#').parse::<i64>();
            let (first, last) = (
                number(first).map_err(|_| unclear())?,
                number(last).map_err(|_| unclear())?,
            );
            if first < 1 || last < first || last - first > 500 {
                return Err(unclear());
            }
            found.extend(first..=last);
        }
        Ok(found)
    }

    /// The thread to merge into: its address, or its number.
    fn target(&self) -> Result<ThreadId> {
        let text = self.into.trim();
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let id = match text.split_once("/t/") {
            Some((_, rest)) => rest.split('/').nth(1).unwrap_or_default(),
            None => text,
        };
        id.parse()
            .map_err(|_| Stop::invalid("into", "merge-unknown"))
    }
}

/// What can be done with a post.
const POST_ACTS: &[&str] = &["delete", "restore", "hide", "unhide"];
/// What can be done with a thread.
const THREAD_ACTS: &[&str] = &[
    "lock",
    "unlock",
    "pin",
    "unpin",
    "hide",
    "unhide",
    "delete",
    "restore",
    "move",
    "archive",
    "unarchive",
    "unlist",
    "list",
    "slow",
    "split",
    "merge",
];
/// Acts for which a reason can be given.
const WITH_REASON: &[&str] = &[
    "delete", "hide", "lock", "move", "archive", "unlist", "slow", "split", "merge",
];

fn known(acts: &[&'static str], act: &str) -> Result<&'static str> {
    acts.iter()
        .copied()
        .find(|known| *known == act)
        .ok_or_else(|| Refusal::NotFound.into())
}

fn post_page(tx: &mut Tx<'_>, viewer: &Viewer, id: PostId, act: &'static str) -> Result<ActPage> {
    let law = forum::post_facts(tx, id)?;
    viewer.actor.may(&match act {
        "delete" => Action::DeletePost(&law),
        "restore" if !viewer.can(&Action::SeePost(&law)) => Action::RestorePost(&law, true),
        _ => Action::HidePost(&law),
    })?;
    let (thread, post) = forum::post(tx, &viewer.actor, id)?;
    let outside = match act {
        "hide" | "delete" => {
            let (queued, sent) = highlights::reach_of_post(tx, id)?;
            let places = String::new();
            Some(Outside {
                queued,
                sent,
                places,
            })
        }
        _ => None,
    };
    Ok(ActPage {
        outside,
        kind: "post",
        act,
        action: format!("/p/{id}/{act}"),
        title: thread.title,
        number: post.number,
        path: post.path,
        takes_reason: WITH_REASON.contains(&act),
        dangerous: act == "delete",
        must_say: taking(act) && law.author != viewer.actor.id(),
        rules: rules_for(tx, act)?,
        days: APPEAL_DAYS,
        choices: Vec::new(),
        reason: String::new(),
        rule: String::new(),
        typed: Typed::default(),
        problems: Problems::default(),
    })
}

/// Does this act take words from sight?
fn taking(act: &str) -> bool {
    matches!(act, "hide" | "delete")
}

fn rules_for(tx: &mut Tx<'_>, act: &str) -> Result<Vec<Numbered>> {
    if taking(act) {
        moderation::citable(tx)
    } else {
        Ok(Vec::new())
    }
}

fn thread_page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    id: ThreadId,
    act: &'static str,
) -> Result<ActPage> {
    let law = forum::thread_facts(tx, id)?;
    viewer.actor.may(&Action::ModerateThread(&law))?;
    let thread = forum::thread_view(tx, &viewer.actor, id)?;
    let mut hidden_places: Vec<String> = Vec::new();
    let choices = if act == "move" {
        let all = forum::places(tx)?;
        let able: Vec<_> = all
            .iter()
            .filter(|c| viewer.can(&Action::MoveThread(&law, &c.facts)))
            .collect();
        if law.category.is_public() {
            let hidden = able.iter().filter(|c| !c.facts.is_public());
            hidden_places = hidden.map(|c| c.name.clone()).collect();
        }
        able.into_iter()
            .map(|c| Choice {
                id: c.id,
                name: c.name.clone(),
                chosen: c.id == law.category.id,
            })
            .collect()
    } else {
        Vec::new()
    };
    let outside = if taking(act) || !hidden_places.is_empty() {
        let (queued, sent) = highlights::reach_of_thread(tx, id)?;
        let places = hidden_places.join(", ");
        Some(Outside {
            queued,
            sent,
            places,
        })
    } else {
        None
    };
    Ok(ActPage {
        outside,
        kind: "thread",
        act,
        action: format!("/threads/{id}/{act}"),
        title: thread.title,
        number: 1,
        path: thread.path,
        takes_reason: WITH_REASON.contains(&act),
        dangerous: act == "delete",
        must_say: taking(act) && law.author != viewer.actor.id(),
        rules: rules_for(tx, act)?,
        days: APPEAL_DAYS,
        choices,
        reason: String::new(),
        rule: String::new(),
        typed: Typed::default(),
        problems: Problems::default(),
    })
}

/// Asks about a post.
pub async fn ask_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    // Each act has a row of its own in the table of addresses, so that others can stand beside them.
    let act = known(
        POST_ACTS,
        call.path().rsplit('/').next().unwrap_or_default(),
    )?;
    call.page(move |tx, viewer| Ok(post_page(tx, viewer, id, act)?.into()))
        .await
}

/// Asks about a thread.
pub async fn ask_thread(call: Call) -> Answer {
    let (id, act): (ThreadId, String) = (call.segment("id")?, call.segment("act")?);
    let act = known(THREAD_ACTS, &act)?;
    call.page(move |tx, viewer| Ok(thread_page(tx, viewer, id, act)?.into()))
        .await
}

/// Does it to a post.
pub async fn do_post(call: Call) -> Answer {
    let id: PostId = call.segment("id")?;
    // Each act has a row of its own in the table of addresses, so that others can stand beside them.
    let act = known(
        POST_ACTS,
        call.path().rsplit('/').next().unwrap_or_default(),
    )?;
    let form: ActForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let (actor, reason) = (&viewer.actor, Some(form.reason.as_str()));
            let spot = forum::spot(tx, actor, id)?;
            let own = forum::post_facts(tx, id)?.author == actor.id();
            kept(match act {
                "delete" if own => forum::delete_post(tx, actor, id, reason),
                "restore" if own => forum::restore_post(tx, actor, id),
                act => {
                    let why = because(tx, &form, taking(act) && !own)?;
                    treat(tx, actor, id, choice_of(act), &why)
                }
            })?;
            let path = forum::post_anchor_path(&spot.slug, spot.thread, spot.number);
            way_back(tx, actor, spot.thread, path, &format!("post-{act}"))
        },
        move |tx, viewer, problems| {
            let mut page = post_page(tx, viewer, id, act)?;
            page.reason.clone_from(&typed.reason);
            page.rule.clone_from(&typed.rule);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

/// Does it to a thread.
pub async fn do_thread(call: Call) -> Answer {
    let (id, act): (ThreadId, String) = (call.segment("id")?, call.segment("act")?);
    let act = known(THREAD_ACTS, &act)?;
    let form: ActForm = call.form()?;
    let typed = form.clone();
    call.submit(
        move |tx, viewer| {
            let (actor, reason) = (&viewer.actor, Some(form.reason.as_str()));
            let path = forum::thread_line(tx, id)?.path;
            kept(match act {
                "lock" => forum::lock_thread(tx, actor, id, reason),
                "unlock" => forum::unlock_thread(tx, actor, id),
                "pin" => forum::pin_thread(tx, actor, id),
                "unpin" => forum::unpin_thread(tx, actor, id),
                "hide" | "unhide" | "delete" | "restore" => {
                    let own = forum::thread_facts(tx, id)?.author == actor.id();
                    let why = because(tx, &form, taking(act) && !own)?;
                    treat_all(tx, actor, id, choice_of(act), &why)
                }
                "archive" => forum::archive_thread(tx, actor, id, reason),
                "unarchive" => forum::unarchive_thread(tx, actor, id),
                "unlist" => forum::unlist_thread(tx, actor, id, reason),
                "list" => forum::list_thread(tx, actor, id),
                "slow" => forum::slow_thread(tx, actor, id, form.seconds()?, reason),
                "split" => {
                    let title = Title::parse(&form.title)?;
                    let new = forum::split_thread(tx, actor, id, &form.numbers()?, &title, reason)?;
                    let path = forum::thread_line(tx, new)?.path;
                    return Ok(See::to(path).flash("thread-split"));
                }
                "merge" => {
                    let into = form.target()?;
                    forum::merge_threads(tx, actor, id, into, reason)?;
                    let path = forum::thread_line(tx, into)?.path;
                    return Ok(See::to(path).flash("thread-merge"));
                }
                _ => {
                    let to: CategoryId = form
                        .category
                        .parse()
                        .map_err(|_| Stop::invalid("category", "category-missing"))?;
                    forum::move_thread(tx, actor, id, to, reason)
                }
            })?;
            way_back(tx, actor, id, path, &format!("thread-{act}"))
        },
        move |tx, viewer, problems| {
            let mut page = thread_page(tx, viewer, id, act)?;
            page.typed = typed.typed();
            page.reason.clone_from(&typed.reason);
            page.rule.clone_from(&typed.rule);
            page.problems = problems.clone();
            Ok(Shown::from(page))
        },
    )
    .await
}

fn choice_of(act: &str) -> ContentChoice {
    match act {
        "hide" => ContentChoice::Hide,
        "delete" => ContentChoice::Delete,
        _ => ContentChoice::Keep,
    }
}

/// Why, as the form says it. Where it has to be said, the form has asked for a rule, or for `other` and words.
fn because(tx: &mut Tx<'_>, form: &ActForm, must_say: bool) -> Result<Because> {
    let rule = form.rule.trim();
    if must_say && rule.is_empty() && !moderation::citable(tx)?.is_empty() {
        return Err(Stop::invalid("rule", "rule-or-other"));
    }
    let rule = match rule {
        "" | "other" => None,
        number => Some(
            number
                .parse()
                .map_err(|_| Stop::invalid("rule", "no-such-rule"))?,
        ),
    };
    Ok(Because {
        reason: form.reason.trim().to_owned(),
        rule: moderation::rule_today(tx, rule)?,
        item: None,
    })
}

/// A moderator's step, of which the author hears.
fn treat(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PostId,
    choice: ContentChoice,
    why: &Because,
) -> Result<()> {
    let changed = moderation::treat_post(tx, actor, id, choice, why)?;
    changed
        .then_some(())
        .ok_or_else(|| Refusal::WrongState("done").into())
}

fn treat_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ThreadId,
    choice: ContentChoice,
    why: &Because,
) -> Result<()> {
    let changed = moderation::treat_thread(tx, actor, id, choice, why)?;
    changed
        .then_some(())
        .ok_or_else(|| Refusal::WrongState("done").into())
}

/// Back to where it was, or to the front page where there is nothing left to see.
fn way_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    thread: ThreadId,
    path: String,
    flash: &str,
) -> Result<See> {
    let law = forum::thread_facts(tx, thread)?;
    let path = if actor.can(&Action::SeeThread(&law)) {
        path
    } else {
        "/latest".to_owned()
    };
    Ok(See::to(path).flash(flash))
}
