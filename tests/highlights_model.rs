//! Random histories at the door against a shadow model: what stands on the announcements page (the bytes that left) is
//! judged by a few plain facts that the test keeps for itself. It asks nothing of the room it judges.

use loggia::bridge;
use loggia::forum;
use loggia::highlights::{
    self, AfterEdit, Answer, Attribution, Draft, Places, QuoteWish, Run, Scope, Verdict, When, Wish,
};
use loggia::kit::Result;
use loggia::kit::ids::{HighlightId, MemberId};
use loggia::members;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::highlights::{AROUND, Scene, WORDS, words};
use crate::town::Town;

/// What the test knows by itself.
#[derive(Debug, Default)]
struct Shadow {
    highlight: Option<HighlightId>,
    nominator: Option<MemberId>,
    /// The author's last word: a live yes, and whether the page is ticked.
    yes: bool,
    page: bool,
    /// Somebody who may, approved what stands now.
    approved: bool,
    hidden: bool,
    /// The words stand in the post.
    intact: bool,
    /// The words were edited after the announcement went out, and the author has not taken it down.
    tolerated: bool,
    sent: usize,
    recalled: usize,
}

/// How many histories; `LOGGIA_HISTORIES` says otherwise.
fn histories() -> u64 {
    std::env::var("LOGGIA_HISTORIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10)
}

async fn tries<T: Send + 'static>(
    scene: &Scene,
    who: MemberId,
    mut verb: impl FnMut(&mut loggia::db::Tx<'_>, &loggia::policy::Actor) -> Result<T> + Send + 'static,
) -> bool {
    let tried = scene
        .town
        .try_inside(move |tx| {
            let actor = members::actor(tx, who)?;
            verb(tx, &actor)
        })
        .await;
    tried.is_ok()
}

fn scope(page: bool) -> Scope {
    let places = if page { vec!["page", "x"] } else { vec!["x"] };
    Scope {
        attribution: Attribution::Name,
        trimming: false,
        by_hand: true,
        places: Places::parse(places).expect("places"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_only_agreed_and_approved_words_stand_outside() {
    let (mut sent, mut recalled) = (0, 0);
    for seed in 0..histories() {
        let scene = Scene::set(Town::on_sqlite().await).await;
        let shadow = history(&scene, seed).await;
        sent += usize::from(shadow.sent > 0);
        recalled += usize::from(shadow.recalled > 0);
    }
    let enough = usize::try_from(histories()).unwrap_or(usize::MAX);
    assert!(
        sent * 5 >= enough,
        "only {sent} of {enough} histories sent anything"
    );
    assert!(
        recalled * 10 >= enough,
        "only {recalled} of {enough} histories took anything back"
    );
}

async fn history(scene: &Scene, seed: u64) -> Shadow {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut shadow = Shadow {
        intact: true,
        ..Shadow::default()
    };
    // Every history begins on the way out, so that enough of them get there.
    let mut steps: Vec<u32> = vec![0, 1, 3, 4, 5];
    steps.extend((0..20).map(|_| chance.random_range(0..12_u32)));
    for (number, step) in steps.into_iter().enumerate() {
        let forced = number < 5;
        take(
            scene,
            &mut shadow,
            step,
            forced || chance.random_range(0..4_u32) > 0,
        )
        .await;
        judge(scene, &mut shadow, (seed, number, step)).await;
    }
    shadow
}

async fn take(scene: &Scene, shadow: &mut Shadow, step: u32, usual: bool) {
    let (ada, nia, mo, pia, post, page) = (
        scene.ada.id,
        scene.nia.id,
        scene.mo.id,
        scene.pia.id,
        scene.post,
        scene.page,
    );
    let id = shadow.highlight;
    match (step, id) {
        (0, _) => {
            let who = if usual { nia } else { ada };
            let made = scene
                .town
                .try_inside(move |tx| {
                    let actor = members::actor(tx, who)?;
                    let wish = Wish {
                        title: "A kingfisher".into(),
                        reason: "It is quiet.".into(),
                        quotes: vec![QuoteWish {
                            post,
                            run: Run::Words(WORDS.into()),
                        }],
                        ..Wish::default()
                    };
                    highlights::nominate(tx, &actor, &wish, None)
                })
                .await;
            if let Ok(new) = made {
                assert!(
                    !shadow.hidden && shadow.intact,
                    "hidden or missing words were nominated"
                );
                (shadow.highlight, shadow.nominator) = (Some(new), Some(who));
                (shadow.yes, shadow.page, shadow.approved, shadow.tolerated) =
                    (false, false, false, false);
            }
        }
        (1 | 2, Some(id)) => {
            if tries(scene, ada, move |tx, me| {
                highlights::answer(tx, me, id, Answer::Grant, Some(&scope(usual)))
            })
            .await
            {
                // Saying it again in the same way changes nothing; in another way it voids the approval.
                shadow.approved &= shadow.yes && shadow.page == usual;
                (shadow.yes, shadow.page) = (true, usual);
            }
        }
        (3, Some(id)) => {
            let who = if usual { mo } else { nia };
            if tries(scene, who, move |tx, me| {
                highlights::decide(tx, me, id, Verdict::Approve, "", None)
            })
            .await
            {
                assert_eq!(who, mo, "somebody without the role approved");
                assert!(
                    shadow.yes && shadow.intact && !shadow.hidden,
                    "approved without ground"
                );
                shadow.approved = true;
            }
        }
        (4, Some(id)) => {
            let text = if usual {
                format!("“{WORDS}” Ada")
            } else {
                "“A heron sat on a kingfisher.” Ada".to_owned()
            };
            let made = tries(scene, pia, move |tx, me| {
                let draft = Draft {
                    channel: page,
                    text: text.clone(),
                    when: When::Now,
                    nameless: "a member".into(),
                };
                highlights::announce(tx, me, id, &draft)
            })
            .await;
            assert!(
                !made || (usual && shadow.approved && shadow.page),
                "scheduled what nobody agreed to"
            );
        }
        (5, _) => scene.deliver().await,
        (6, Some(id)) => {
            let what = if usual {
                Answer::Withdraw
            } else {
                Answer::Decline
            };
            if tries(scene, ada, move |tx, me| {
                highlights::answer(tx, me, id, what, None)
            })
            .await
            {
                (shadow.yes, shadow.approved, shadow.tolerated) = (false, false, false);
            }
        }
        (7, _) => {
            if tries(scene, mo, move |tx, me| {
                forum::hide_post(tx, me, post, None)
            })
            .await
            {
                (shadow.hidden, shadow.yes, shadow.approved, shadow.tolerated) =
                    (true, false, false, false);
            }
        }
        (8, _) => {
            if tries(scene, mo, move |tx, me| forum::unhide_post(tx, me, post)).await {
                shadow.hidden = false;
            }
        }
        (9, _) => {
            let text = if usual {
                format!("Well. {WORDS} {AROUND}")
            } else {
                AROUND.to_owned()
            };
            let done = tries(scene, ada, move |tx, me| {
                let now = forum::said(tx, post)?.revision;
                forum::edit_post(tx, me, post, &words(&text), now, "")
            })
            .await;
            if done && !usual && shadow.intact {
                // What is out may stand until she has spoken; nothing new goes out.
                (shadow.intact, shadow.approved, shadow.tolerated) = (false, false, true);
            }
            shadow.intact |= done && usual;
        }
        (10, Some(id)) => {
            let choice = if usual {
                AfterEdit::TakeDown
            } else {
                AfterEdit::MayStand
            };
            let done = tries(scene, ada, move |tx, me| {
                highlights::after_edit(tx, me, id, choice)
            })
            .await;
            if done && choice == AfterEdit::TakeDown {
                (shadow.yes, shadow.approved, shadow.tolerated) = (false, false, false);
            }
        }
        _ => {}
    }
}

async fn judge(scene: &Scene, shadow: &mut Shadow, place: (u64, usize, u32)) {
    let before = scene.outside().await.len();
    scene.deliver().await;
    let outside: Vec<bridge::Entry> = scene.outside().await;
    shadow.sent += outside.len();
    shadow.recalled += before.saturating_sub(outside.len());
    for entry in &outside {
        assert!(
            entry.text.contains(WORDS),
            "{place:?}: other words stand outside: {entry:?}"
        );
        let ground = shadow.tolerated || (shadow.yes && shadow.page && shadow.intact);
        assert!(
            ground && !shadow.hidden,
            "{place:?}: {entry:?} stands outside against {shadow:?}"
        );
    }
}
