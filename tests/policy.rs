//! The law book, printed: who may do what, as a table that is reviewed as a diff of words.
//!
//! `tests/policy_matrix.txt` is the printed table; `LOGGIA_WRITE_SNAPSHOT=1` writes it anew. The second half holds the
//! two faces of policy together: what `may` says of one thing and what `Sight` says of rows.

use std::fmt::Write;

use loggia::kit::At;
use loggia::kit::ids::{CategoryId, GroupId, MemberId, PostId, ThreadId};
use loggia::kit::stop::Document;
use loggia::policy::{
    Access, Action, Actor, CategoryFacts, ConsentFacts, HighlightFacts, Person, PostFacts,
    PostState, Role, Roles, Sight, ThreadFacts, Trust,
};
use proptest::prelude::*;

const ME: MemberId = MemberId(1);
const OTHER: MemberId = MemberId(2);

fn person(roles: &[Role], trust: Trust) -> Person {
    Person {
        id: ME,
        name: "me".to_owned(),
        display: "Me".to_owned(),
        roles: Roles::of(roles),
        groups: Vec::new(),
        trust,
        email_confirmed: true,
        silenced: None,
        suspended: None,
        community_acknowledged: true,
        messaging_acknowledged: true,
    }
}

fn member(person: Person) -> Actor {
    Actor::Member(Box::new(person))
}

fn actors() -> Vec<(&'static str, Actor)> {
    let plain = || person(&[], Trust::Member);
    let with = |roles: &[Role]| member(person(roles, Trust::Member));
    vec![
        ("guest", Actor::Guest),
        (
            "unconfirmed",
            member(Person {
                email_confirmed: false,
                ..plain()
            }),
        ),
        (
            "unacknowledged",
            member(Person {
                community_acknowledged: false,
                messaging_acknowledged: false,
                ..plain()
            }),
        ),
        (
            "silenced",
            member(Person {
                silenced: Some(At(i64::MAX)),
                ..plain()
            }),
        ),
        (
            "suspended",
            member(Person {
                suspended: Some(At(i64::MAX)),
                ..plain()
            }),
        ),
        ("new", member(person(&[], Trust::New))),
        ("member", member(plain())),
        ("established", member(person(&[], Trust::Established))),
        ("champion", with(&[Role::Champion])),
        ("moderator", with(&[Role::Moderator])),
        ("publisher", with(&[Role::Publisher])),
        ("lead", with(&[Role::LeadPublisher])),
        ("admin", with(&[Role::Admin])),
        ("house", Actor::System("test")),
    ]
}

fn open() -> CategoryFacts {
    CategoryFacts {
        id: CategoryId(1),
        see: vec![Access {
            everyone: true,
            ..Access::default()
        }],
        reply: Access {
            members: true,
            ..Access::default()
        },
        start: Access {
            members: true,
            ..Access::default()
        },
        moderate: Access::default(),
        closed: false,
        nominable: true,
    }
}

fn circle() -> CategoryFacts {
    let group = Access {
        groups: vec![GroupId(9)],
        ..Access::default()
    };
    CategoryFacts {
        id: CategoryId(2),
        see: vec![group.clone()],
        reply: group.clone(),
        start: group,
        ..open()
    }
}

fn members_only() -> CategoryFacts {
    CategoryFacts {
        id: CategoryId(3),
        see: vec![Access {
            members: true,
            ..Access::default()
        }],
        ..open()
    }
}

fn thread(category: CategoryFacts, author: MemberId, state: PostState) -> ThreadFacts {
    ThreadFacts {
        id: ThreadId(1),
        author: Some(author),
        category,
        state,
        locked: false,
    }
}

fn post(category: CategoryFacts, author: MemberId, state: PostState) -> PostFacts {
    PostFacts {
        id: PostId(1),
        author: Some(author),
        thread: thread(category, OTHER, PostState::Visible),
        state,
        wiki: false,
    }
}

/// Prints one line of the table.
fn line(table: &mut String, name: &str, action: &Action<'_>) {
    let _ = write!(table, "{name:<44}");
    for (_, actor) in actors() {
        let said = match actor.may(action) {
            Ok(()) => "yes".to_owned(),
            Err(loggia::kit::Stop::Refused(refusal)) => refusal.key().to_owned(),
            Err(other) => other.to_string(),
        };
        let _ = write!(table, " {said:<19}");
    }
    let end = table.trim_end().len();
    table.truncate(end);
    table.push('\n');
}

fn printed() -> String {
    let mut table = format!("{:<44}", "");
    for (name, _) in actors() {
        let _ = write!(table, " {name:<19}");
    }
    let end = table.trim_end().len();
    table.truncate(end);
    table.push('\n');
    let t = &mut table;

    t.push_str("\n# reading\n");
    line(t, "see a public category", &Action::SeeCategory(&open()));
    line(
        t,
        "see a members' category",
        &Action::SeeCategory(&members_only()),
    );
    line(t, "see a closed circle", &Action::SeeCategory(&circle()));
    for (name, author) in [("own", ME), ("another's", OTHER)] {
        for state in PostState::ALL {
            let post = post(open(), author, *state);
            line(
                t,
                &format!("see {name} {state} post"),
                &Action::SeePost(&post),
            );
            line(
                t,
                &format!("see {name} {state} thread"),
                &Action::SeeThread(&thread(open(), author, *state)),
            );
        }
    }
    let hidden = ThreadFacts {
        state: PostState::Hidden,
        ..thread(open(), OTHER, PostState::Visible)
    };
    let inside = PostFacts {
        thread: hidden,
        ..post(open(), ME, PostState::Visible)
    };
    line(
        t,
        "see own post in another's hidden thread",
        &Action::SeePost(&inside),
    );
    let theirs = post(open(), OTHER, PostState::Visible);
    line(
        t,
        "see another's earlier revisions",
        &Action::SeeRevisions(&theirs),
    );

    t.push_str("\n# taking part\n");
    let talk = thread(open(), OTHER, PostState::Visible);
    let mine = post(open(), ME, PostState::Visible);
    line(t, "start a thread", &Action::Start(&open()));
    let closed = CategoryFacts {
        closed: true,
        ..open()
    };
    line(
        t,
        "start a thread in a closed category",
        &Action::Start(&closed),
    );
    line(
        t,
        "start a thread in a closed circle",
        &Action::Start(&circle()),
    );
    line(t, "reply", &Action::Reply(&talk));
    let locked = ThreadFacts {
        locked: true,
        ..talk.clone()
    };
    line(t, "reply in a locked thread", &Action::Reply(&locked));
    line(t, "edit own post", &Action::EditPost(&mine));
    let mine_locked = PostFacts {
        thread: locked,
        ..mine.clone()
    };
    line(
        t,
        "edit own post in a locked thread",
        &Action::EditPost(&mine_locked),
    );
    line(t, "edit another's post", &Action::EditPost(&theirs));
    let opened = PostFacts {
        wiki: true,
        ..theirs.clone()
    };
    line(t, "edit another's wiki post", &Action::EditPost(&opened));
    line(t, "open own post for editing", &Action::OpenPost(&mine));
    line(
        t,
        "open another's post for editing",
        &Action::OpenPost(&opened),
    );
    line(
        t,
        "speak for the community",
        &Action::SpeakOfficially(&mine),
    );
    let taken = post(open(), ME, PostState::Deleted);
    line(
        t,
        "restore what one deleted oneself",
        &Action::RestorePost(&taken, true),
    );
    line(
        t,
        "restore what moderators deleted",
        &Action::RestorePost(&taken, false),
    );
    let own_thread = thread(open(), ME, PostState::Visible);
    line(t, "edit own thread", &Action::EditThread(&own_thread));
    line(t, "edit another's thread", &Action::EditThread(&talk));
    line(t, "delete own post", &Action::DeletePost(&mine));
    line(t, "delete another's post", &Action::DeletePost(&theirs));
    line(t, "react", &Action::React(&theirs));
    line(t, "react to another's post", &Action::ReactTo(&theirs));
    line(t, "react to own post", &Action::ReactTo(&mine));
    line(t, "report", &Action::Report(&theirs));
    line(t, "report a profile", &Action::ReportMember);
    let own_talk = thread(open(), ME, PostState::Visible);
    line(t, "send a picture", &Action::Upload);
    line(
        t,
        "mark the answer in own thread",
        &Action::MarkAnswer(&own_talk),
    );
    line(
        t,
        "mark the answer in another's thread",
        &Action::MarkAnswer(&talk),
    );

    t.push_str("\n# moderating\n");
    line(t, "hide a post", &Action::HidePost(&theirs));
    line(
        t,
        "lock, pin, hide, delete a thread",
        &Action::ModerateThread(&talk),
    );
    line(
        t,
        "move a thread",
        &Action::MoveThread(&talk, &members_only()),
    );
    line(
        t,
        "move a thread into a closed circle",
        &Action::MoveThread(&talk, &circle()),
    );
    line(t, "review", &Action::Review);
    line(t, "sanction another", &Action::Sanction(OTHER));
    line(t, "sanction oneself", &Action::Sanction(ME));

    t.push_str("\n# the door\n");
    line(t, "nominate own words", &Action::Nominate(&mine));
    line(t, "nominate another's words", &Action::Nominate(&theirs));
    let inner = post(members_only(), OTHER, PostState::Visible);
    line(
        t,
        "nominate what only members read",
        &Action::Nominate(&inner),
    );
    line(t, "nominate a thread", &Action::NominateThread(&talk));
    line(t, "nominate a milestone", &Action::NominateMilestone);
    line(t, "choose candidates", &Action::SeeCandidates);
    line(
        t,
        "decide about own words",
        &Action::DecideConsent(ConsentFacts { member: ME }),
    );
    line(
        t,
        "decide about another's words",
        &Action::DecideConsent(ConsentFacts { member: OTHER }),
    );
    line(
        t,
        "take own words back",
        &Action::TakeWordsBack(ConsentFacts { member: ME }),
    );
    line(
        t,
        "take another's words back",
        &Action::TakeWordsBack(ConsentFacts { member: OTHER }),
    );
    let far = HighlightFacts {
        nominator: Some(OTHER),
        revisers: vec![OTHER],
        authors: vec![OTHER],
        in_library: true,
        approver: Some(OTHER),
        approver_may_send: false,
    };
    let on_its_way = HighlightFacts {
        in_library: false,
        ..far.clone()
    };
    let rewritten = HighlightFacts {
        revisers: vec![OTHER, ME],
        ..on_its_way.clone()
    };
    let nominated = HighlightFacts {
        nominator: Some(ME),
        ..far.clone()
    };
    let quoted = HighlightFacts {
        authors: vec![ME],
        ..far.clone()
    };
    let approved = HighlightFacts {
        approver: Some(ME),
        ..far.clone()
    };
    let may_send = HighlightFacts {
        approver_may_send: true,
        ..approved.clone()
    };
    line(t, "see others' highlight", &Action::SeeHighlight(&far));
    line(
        t,
        "see one that is not in the library",
        &Action::SeeHighlight(&on_its_way),
    );
    line(
        t,
        "see what oneself wrote anew",
        &Action::SeeHighlight(&rewritten),
    );
    line(
        t,
        "see a highlight of own words",
        &Action::SeeHighlight(&quoted),
    );
    line(t, "suggest a text", &Action::SuggestText);
    line(t, "see the approval desk", &Action::SeeApprovals);
    line(t, "approve", &Action::Approve(&far));
    line(t, "approve own nomination", &Action::Approve(&nominated));
    line(t, "approve own words", &Action::Approve(&quoted));
    line(
        t,
        "approve what oneself wrote anew",
        &Action::Approve(&rewritten),
    );
    line(t, "see the library", &Action::SeeLibrary);
    line(t, "pull", &Action::Pull);
    line(t, "announce", &Action::Announce(&far));
    line(
        t,
        "announce what oneself approved",
        &Action::Announce(&approved),
    );
    line(
        t,
        "the same where the site allows it",
        &Action::Announce(&may_send),
    );
    line(t, "see outreach", &Action::SeeOutreach);
    line(t, "set the hours of a channel", &Action::KeepCalendar);
    line(t, "ask for voices", &Action::AskForVoices);
    line(t, "see requests for voices", &Action::SeeVoices);
    line(t, "answer a request for voices", &Action::AnswerVoices);
    line(t, "resolve a delivery", &Action::ResolveDelivery);
    line(t, "withdraw an announcement", &Action::WithdrawAnnouncement);
    line(t, "pause channels", &Action::PauseChannels);

    t.push_str("\n# documents and house\n");
    for kind in Document::ALL {
        line(
            t,
            &format!("edit the {kind} document"),
            &Action::EditDocument(*kind),
        );
        let who = Action::SeeAcknowledgements(*kind);
        line(t, &format!("see who acknowledged {kind}"), &who);
    }
    line(t, "acknowledge", &Action::Acknowledge);
    line(t, "manage categories", &Action::ManageCategories);
    line(t, "manage groups", &Action::ManageGroups);
    line(t, "manage members", &Action::ManageMembers);
    line(t, "manage channels", &Action::ManageChannels);
    line(t, "manage the site", &Action::ManageSite);
    line(t, "edit pages", &Action::EditPages);
    line(t, "see insights", &Action::SeeInsights);
    line(t, "manage oneself", &Action::ManageSelf(ME));
    line(t, "manage another", &Action::ManageSelf(OTHER));
    line(t, "tell of oneself", &Action::TellOfSelf(ME));
    line(t, "tell of another", &Action::TellOfSelf(OTHER));
    table
}

#[test]
fn the_whole_table_is_as_printed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy_matrix.txt");
    let now = printed();
    if std::env::var_os("LOGGIA_WRITE_SNAPSHOT").is_some() {
        std::fs::write(path, &now).expect("the snapshot is written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let changed: Vec<(&str, &str)> = kept
        .lines()
        .zip(now.lines())
        .filter(|(before, after)| before != after)
        .collect();
    assert!(
        kept == now,
        "the law has changed; if that is meant, run again with LOGGIA_WRITE_SNAPSHOT=1 and read the diff: {changed:#?}"
    );
}

/// Lines of DESIGN §3, written down by hand: the snapshot can be rewritten by mistake, these cannot.
#[test]
fn the_table_says_what_was_agreed() {
    let table = printed();
    let names: Vec<&str> = actors().iter().map(|(name, _)| *name).collect();
    let cell = |action: &str, actor: &str| {
        let row = table
            .lines()
            .find(|row| row.trim_end().starts_with(action) && row.get(44..45) == Some(" "))
            .unwrap_or_else(|| panic!("no row {action}"));
        let words: Vec<&str> = row
            .get(44..)
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let at = names
            .iter()
            .position(|name| *name == actor)
            .expect("an actor");
        words
            .get(at)
            .map(|word| (*word).to_owned())
            .unwrap_or_default()
    };
    let yes = |action: &str, who: &[&str]| {
        for name in &names {
            let allowed = cell(action, name) == "yes";
            let agreed = who.contains(name) || *name == "house";
            assert_eq!(allowed, agreed, "{action}: {name}");
        }
    };
    yes("approve  ", &["moderator"]);
    yes("pull", &["publisher", "lead"]);
    yes("announce  ", &["publisher", "lead"]);
    yes("suggest a text", &["champion", "publisher", "lead"]);
    yes("review", &["moderator", "admin"]);
    yes(
        "withdraw an announcement",
        &["moderator", "publisher", "lead", "admin"],
    );
    yes("edit the messaging document", &["lead", "admin"]);
    yes("edit the community document", &["moderator", "admin"]);
    yes("manage channels", &["admin"]);
    yes(
        "nominate another's words",
        &[
            "established",
            "champion",
            "moderator",
            "publisher",
            "lead",
            "admin",
        ],
    );
    yes("approve own nomination", &[]);
    yes("approve own words", &[]);
    yes("nominate what only members read", &[]);
    assert_eq!(cell("approve own words", "moderator"), "four-eyes");
    assert_eq!(
        cell("announce what oneself approved", "publisher"),
        "four-eyes"
    );
}

fn access() -> impl Strategy<Value = Access> {
    (
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(1_i64..4, 0..3),
    )
        .prop_map(|(everyone, members, groups)| Access {
            everyone,
            members,
            groups: groups.into_iter().map(GroupId).collect(),
        })
}

fn categories() -> impl Strategy<Value = Vec<CategoryFacts>> {
    let one = (
        prop::collection::vec(access(), 1..3),
        access(),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..6).prop_map(|all| {
        (1_i64..)
            .zip(all)
            .map(|(id, (see, moderate, closed))| CategoryFacts {
                id: CategoryId(id),
                see,
                moderate,
                closed,
                ..open()
            })
            .collect()
    })
}

fn anybody() -> impl Strategy<Value = Actor> {
    let groups = prop::collection::vec(1_i64..4, 0..3);
    let someone = (0_i64..32, groups, any::<bool>(), any::<bool>()).prop_map(
        |(roles, groups, suspended, silenced)| {
            member(Person {
                roles: Roles(roles),
                groups: groups.into_iter().map(GroupId).collect(),
                suspended: suspended.then_some(At(i64::MAX)),
                silenced: silenced.then_some(At(i64::MAX)),
                ..person(&[], Trust::Member)
            })
        },
    );
    prop_oneof![1 => Just(Actor::Guest), 6 => someone, 1 => Just(Actor::System("test"))]
}

/// What a row's reader does with a sight, said without the law.
fn in_sight(sight: &Sight, post: &PostFacts) -> bool {
    let category = post.thread.category.id;
    let moderated = sight.moderated.contains(&category);
    let own = |author: Option<MemberId>| author.is_some() && author == sight.me;
    let shown = |state: PostState, author| {
        state == PostState::Visible || moderated || (state == PostState::Hidden && own(author))
    };
    sight.categories.contains(&category)
        && shown(post.thread.state, post.thread.author)
        && shown(post.state, post.author)
}

proptest! {
    #[test]
    fn both_faces_of_policy_say_the_same(actor in anybody(), all in categories()) {
        let sight = Sight::of(&actor, &all);
        let authors = [Some(ME), Some(OTHER), None];
        for category in &all {
            let sees = actor.can(&Action::SeeCategory(category));
            prop_assert_eq!(sees, sight.categories.contains(&category.id));
            for thread_state in PostState::ALL {
                for post_state in PostState::ALL {
                    for (starter, author) in authors.iter().flat_map(|a| authors.map(|b| (*a, b))) {
                        let post = PostFacts {
                            id: PostId(1),
                            author,
                            thread: ThreadFacts {
                                author: starter,
                                ..thread(category.clone(), OTHER, *thread_state)
                            },
                            state: *post_state,
                            wiki: false,
                        };
                        let may = actor.can(&Action::SeePost(&post));
                        prop_assert_eq!(may, in_sight(&sight, &post), "{:?}", post);
                    }
                }
            }
        }
    }

    #[test]
    fn a_guest_sees_nothing_that_a_member_does_not(all in categories()) {
        let guest = Sight::of(&Actor::Guest, &all);
        let someone = Sight::of(&member(person(&[], Trust::New)), &all);
        prop_assert!(guest.moderated.is_empty() && guest.me.is_none());
        for id in &guest.categories {
            prop_assert!(someone.categories.contains(id));
        }
    }
}
