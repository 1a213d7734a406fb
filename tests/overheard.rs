//! Nobody is told of what is not theirs to see: whatever people hide, move, close and ignore in whatever order, notices,
//! their letters, digests and live events hold only what their reader may see at that moment, and nothing of whom the
//! reader ignores.

use std::collections::BTreeMap;

use loggia::forum::{self, CategoryDraft, Grant, Level, NewThread, Tags, Title, Who, Words};
use loggia::kit::clock::{DAY, MINUTE};
use loggia::kit::ids::{CategoryId, GroupId, MemberId, PostId, ThreadId};
use loggia::kit::{Refusal, Result, Stop};
use loggia::notifications::{self, Pace};
use loggia::policy::{Action, Actor, PostState};
use loggia::{db::Tx, members};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::smtp::{FakeSmtp, Heard};
use crate::town::{Person, Town};

const HOUSE: Actor = Actor::System("scene");

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    Start {
        eve: bool,
        closed: bool,
    },
    Say {
        thread: usize,
        eve: bool,
        calls: bool,
    },
    Hide(usize),
    Bring(usize),
    Delete(usize),
    HideThread(usize),
    Unlist(usize),
    Move {
        thread: usize,
        closed: bool,
    },
    Ignore(bool),
    Inside(bool),
    Follow {
        thread: usize,
        watching: bool,
    },
    WatchPlace {
        closed: bool,
    },
    Tell,
    Digest,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let at = 0..8_usize;
    let step = prop_oneof![
        3 => any::<(bool, bool)>().prop_map(|(eve, closed)| Step::Start { eve, closed }),
        6 => (at.clone(), any::<bool>(), any::<bool>()).prop_map(|(thread, eve, calls)| Step::Say { thread, eve, calls }),
        2 => at.clone().prop_map(Step::Hide),
        1 => at.clone().prop_map(Step::Bring),
        1 => at.clone().prop_map(Step::Delete),
        1 => at.clone().prop_map(Step::HideThread),
        1 => at.clone().prop_map(Step::Unlist),
        2 => (at.clone(), any::<bool>()).prop_map(|(thread, closed)| Step::Move { thread, closed }),
        2 => any::<bool>().prop_map(Step::Ignore),
        2 => any::<bool>().prop_map(Step::Inside),
        3 => (at, any::<bool>()).prop_map(|(thread, watching)| Step::Follow { thread, watching }),
        1 => any::<bool>().prop_map(|closed| Step::WatchPlace { closed }),
        4 => Just(Step::Tell),
        2 => Just(Step::Digest),
    ];
    proptest::collection::vec(step, 10..28)
}

#[derive(Debug, Clone, Copy)]
struct Said {
    post: PostId,
    thread: ThreadId,
    number: i64,
    by: MemberId,
}

struct World {
    town: Town,
    smtp: FakeSmtp,
    ruth: Person,
    eve: Person,
    tomas: Person,
    open: CategoryId,
    closed: CategoryId,
    group: GroupId,
    threads: Vec<ThreadId>,
    posts: Vec<Said>,
    heard: usize,
    ignoring: bool,
    /// What was looked at, so that a run in which nothing was said is found out.
    looked: BTreeMap<&'static str, usize>,
}

/// What is refused does not happen.
fn allowed<T>(done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

impl World {
    async fn new(town: Town, smtp: FakeSmtp) -> Self {
        let (ruth, eve, tomas) = (
            town.member("ruth").await,
            town.member("eve").await,
            town.member("tomas").await,
        );
        let (a, b, me) = (ruth.id, eve.id, tomas.id);
        let (open, closed, group) = town
            .inside(move |tx| {
                let group = members::create_group(tx, &HOUSE, "Keepers", "")?;
                members::join_group(tx, &HOUSE, group, a)?;
                members::join_group(tx, &HOUSE, group, b)?;
                let grant = Grant {
                    who: Who::Group,
                    group: Some(group),
                    see: true,
                    reply: true,
                    start: true,
                    moderate: false,
                };
                let place = |name: &str, grants| CategoryDraft {
                    name: name.to_owned(),
                    grants,
                    ..CategoryDraft::default()
                };
                let open = forum::create_category(tx, &HOUSE, &place("Open", Vec::new()))?;
                let closed = forum::create_category(tx, &HOUSE, &place("Closed", vec![grant]))?;
                let me = members::actor(tx, me)?;
                notifications::choose_ways(tx, &me, &[], Some(Pace::Daily))?;
                Ok((open, closed, group))
            })
            .await;
        town.clock.advance(MINUTE);
        let heard = smtp.heard().len();
        Self {
            town,
            smtp,
            ruth,
            eve,
            tomas,
            open,
            closed,
            group,
            threads: Vec::new(),
            posts: Vec::new(),
            heard,
            ignoring: false,
            looked: BTreeMap::new(),
        }
    }

    const fn place(&self, closed: bool) -> CategoryId {
        if closed { self.closed } else { self.open }
    }

    fn thread(&self, at: usize) -> Option<ThreadId> {
        let many = self.threads.len().max(1);
        self.threads.get(at % many).copied()
    }

    fn post(&self, at: usize) -> Option<Said> {
        // The latest first: what was just said is what is hidden before it is told.
        let many = self.posts.len().max(1);
        self.posts.iter().rev().nth(at % many).copied()
    }

    async fn step(&mut self, step: Step) -> std::result::Result<(), String> {
        let me = self.tomas.id;
        let base = self.town.base_url().to_owned();
        match step {
            Step::Start { eve, closed } => {
                let by = if eve { self.eve.id } else { self.ruth.id };
                let (category, nth) = (self.place(closed), self.threads.len());
                let new = NewThread {
                    category,
                    title: Title::parse(&format!("Talk zt{nth}")).expect("good words"),
                    words: Words::parse("First words", &base).expect("good words"),
                    tags: Tags::default(),
                };
                let started = self
                    .town
                    .inside(move |tx| {
                        let by = members::actor(tx, by)?;
                        forum::start(tx, &by, &new)
                    })
                    .await;
                self.threads.push(started.thread);
                self.posts.push(Said {
                    post: started.post,
                    thread: started.thread,
                    number: 1,
                    by,
                });
            }
            Step::Say { thread, eve, calls } => {
                let Some(thread) = self.thread(thread) else {
                    return Ok(());
                };
                let by = if eve { self.eve.id } else { self.ruth.id };
                let said = if calls { "Look, @tomas" } else { "More words" };
                let words = Words::parse(said, &base).expect("good words");
                let done = self
                    .town
                    .inside(move |tx| {
                        let by = members::actor(tx, by)?;
                        allowed(forum::reply(tx, &by, thread, &words, None))
                    })
                    .await;
                if let Some(done) = done {
                    let (post, number) = (done.post, done.number);
                    self.posts.push(Said {
                        post,
                        thread,
                        number,
                        by,
                    });
                }
            }
            Step::Hide(at) | Step::Bring(at) | Step::Delete(at) => {
                let Some(said) = self.post(at) else {
                    return Ok(());
                };
                self.town
                    .inside(move |tx| {
                        allowed(match step {
                            Step::Hide(_) => forum::hide_post(tx, &HOUSE, said.post, None),
                            Step::Bring(_) => forum::unhide_post(tx, &HOUSE, said.post),
                            _ => forum::delete_post(tx, &HOUSE, said.post, None),
                        })
                    })
                    .await;
            }
            Step::HideThread(at) | Step::Unlist(at) | Step::Move { thread: at, .. } => {
                let Some(thread) = self.thread(at) else {
                    return Ok(());
                };
                let to = match step {
                    Step::Move { closed, .. } => Some(self.place(closed)),
                    _ => None,
                };
                self.town
                    .inside(move |tx| {
                        allowed(match (step, to) {
                            (_, Some(to)) => forum::move_thread(tx, &HOUSE, thread, to, None),
                            (Step::HideThread(_), _) => {
                                forum::hide_thread(tx, &HOUSE, thread, None)
                            }
                            _ => forum::unlist_thread(tx, &HOUSE, thread, None),
                        })
                    })
                    .await;
            }
            Step::Ignore(on) => {
                let eve = self.eve.id;
                self.town
                    .inside(move |tx| {
                        let actor = members::actor(tx, me)?;
                        match on {
                            true => members::ignore(tx, &actor, eve),
                            false => members::unignore(tx, &actor, eve),
                        }
                    })
                    .await;
                self.ignoring = on;
            }
            Step::Inside(on) => {
                let group = self.group;
                self.town
                    .inside(move |tx| {
                        allowed(match on {
                            true => members::join_group(tx, &HOUSE, group, me),
                            false => members::leave_group(tx, &HOUSE, group, me),
                        })
                    })
                    .await;
            }
            Step::Follow { thread, watching } => {
                let Some(thread) = self.thread(thread) else {
                    return Ok(());
                };
                let level = match watching {
                    true => Level::Watching,
                    false => Level::Tracking,
                };
                self.town
                    .inside(move |tx| {
                        let actor = members::actor(tx, me)?;
                        allowed(forum::follow_thread(tx, &actor, thread, level))
                    })
                    .await;
            }
            Step::WatchPlace { closed } => {
                let category = self.place(closed);
                self.town
                    .inside(move |tx| {
                        let actor = members::actor(tx, me)?;
                        allowed(forum::follow_category(
                            tx,
                            &actor,
                            category,
                            Level::Watching,
                        ))
                    })
                    .await;
            }
            Step::Tell => self.town.work().await,
            Step::Digest => {
                self.town.work().await;
                self.look().await?;
                self.town.clock.advance(DAY + MINUTE);
                self.town.inside(forum::send_digests).await;
                self.town.work().await;
            }
        }
        self.look().await
    }

    /// Looks at everything that Tomas is shown, with the eyes of the law.
    async fn look(&mut self) -> std::result::Result<(), String> {
        let me = self.tomas.id;
        let silent = self.ignoring.then_some(self.eve.id);
        let said = self.posts.clone();
        let seen = self
            .town
            .inside(move |tx| {
                let actor = members::actor(tx, me)?;
                said.iter()
                    .filter(|one| Some(one.by) != silent)
                    .map(|one| sees(tx, &actor, one))
                    .collect::<Result<Vec<_>>>()
            })
            .await;
        let letters: Vec<Heard> = self.smtp.heard().split_off(self.heard);
        self.heard += letters.len();
        for letter in &letters {
            self.read(letter, &seen)?;
        }
        self.notices(&seen).await?;
        self.live(&seen).await
    }

    fn count(&mut self, what: &'static str) {
        *self.looked.entry(what).or_default() += 1;
    }

    fn read(&mut self, letter: &Heard, seen: &[(Said, Shown)]) -> std::result::Result<(), String> {
        let whole = letter.body.join("\n").replace("=\n", "");
        let list = letter.header("list-id").unwrap_or_default();
        let is_digest = list.starts_with("<digest.");
        self.count(if is_digest { "digest" } else { "letter" });
        for (at, _) in whole.match_indices("/t/") {
            let rest = whole.get(at + 3..).unwrap_or_default();
            let mut parts = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let thread = parts.nth(1).and_then(|id| id.parse().ok()).map(ThreadId);
            let number: Option<i64> = parts.next().and_then(|n| n.parse().ok());
            let Some(thread) = thread else {
                return Err(format!("a letter leads nowhere: {rest}"));
            };
            let shown = seen.iter().any(|(one, ok)| {
                // A thread's title stands in lists although its first post is hidden.
                let here = ok.post || (is_digest && ok.thread);
                here && one.thread == thread && (is_digest || Some(one.number) == number)
            });
            if !shown {
                return Err(format!("a letter tells of {thread}/{number:?}:\n{whole}"));
            }
        }
        Ok(())
    }

    async fn notices(&mut self, seen: &[(Said, Shown)]) -> std::result::Result<(), String> {
        let me = self.tomas.id;
        let all = self
            .town
            .inside(move |tx| {
                let actor = members::actor(tx, me)?;
                notifications::list(tx, &actor, None)
            })
            .await;
        for line in all.lines.iter().filter(|line| line.subject_kind == "post") {
            self.count("notice");
            let shown = seen
                .iter()
                .any(|(one, ok)| ok.post && one.post.0 == line.subject_id);
            if !shown {
                return Err(format!(
                    "a notice tells of post {}: {line:?}",
                    line.subject_id
                ));
            }
        }
        Ok(())
    }

    async fn live(&mut self, seen: &[(Said, Shown)]) -> std::result::Result<(), String> {
        let me = self.tomas.id;
        for thread in self.threads.clone() {
            let (news, visible) = self
                .town
                .inside(move |tx| {
                    let actor = members::actor(tx, me)?;
                    let law = forum::thread_facts(tx, thread)?;
                    let visible = actor.may(&Action::SeeThread(&law)).is_ok();
                    Ok((forum::news_of(tx, &actor, thread, 0), visible))
                })
                .await;
            match news {
                Err(Stop::Refused(Refusal::NotFound)) if !visible => {}
                Ok(news) if visible => {
                    self.count("live");
                    let heard = seen
                        .iter()
                        .filter(|(one, ok)| ok.post && one.thread == thread);
                    let heard = i64::try_from(heard.count()).unwrap_or(0);
                    if news.count != heard {
                        return Err(format!("{thread}: {} of {heard} posts", news.count));
                    }
                }
                other => return Err(format!("{thread}: {other:?}, visible: {visible}")),
            }
        }
        Ok(())
    }
}

/// What the law shows of a post to the reader.
#[derive(Debug, Clone, Copy)]
struct Shown {
    post: bool,
    thread: bool,
}

fn sees(tx: &mut Tx<'_>, actor: &Actor, one: &Said) -> Result<(Said, Shown)> {
    let law = forum::post_facts(tx, one.post)?;
    let thread = law.thread.state == PostState::Visible
        && actor.may(&Action::SeeThread(&law.thread)).is_ok();
    let post = law.state == PostState::Visible && actor.may(&Action::SeePost(&law)).is_ok();
    let post = thread && post;
    Ok((*one, Shown { post, thread }))
}

fn runs(cases: u32, on_postgres: bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let looked = std::cell::RefCell::new(BTreeMap::<&'static str, usize>::new());
    let outcome = TestRunner::new_with_rng(config, rng).run(&steps(), |all| {
        let result = runtime.block_on(async {
            let smtp = FakeSmtp::start();
            let town = match on_postgres {
                true => Town::on_postgres_with_mail(&smtp.url()).await,
                false => Some(Town::with_mail(&smtp.url()).await),
            };
            let Some(town) = town else {
                return Ok(());
            };
            let mut world = World::new(town, smtp).await;
            for step in &all {
                world.step(*step).await?;
            }
            for (what, many) in &world.looked {
                *looked.borrow_mut().entry(what).or_default() += many;
            }
            Ok::<(), String>(())
        });
        result.map_err(TestCaseError::fail)
    });
    if let Err(why) = outcome {
        panic!("{why}");
    }
    let looked = looked.into_inner();
    if !on_postgres {
        for what in ["notice", "letter", "digest", "live"] {
            assert!(
                looked.contains_key(what),
                "nothing of this kind: {what}, {looked:?}"
            );
        }
    }
}

#[test]
fn whatever_happens_nobody_is_told_of_what_is_not_theirs_on_sqlite() {
    runs(16, false);
}

#[test]
fn whatever_happens_nobody_is_told_of_what_is_not_theirs_on_postgres() {
    runs(4, true);
}
