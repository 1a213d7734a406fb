//! What the samples of this room's pages are made of: people and threads as they are, and at their worst.

use crate::forum::{
    Announced, AnswerLine, CategoryTag, Level, Mark, OptionView, PollKind, PollView, PostView,
    Rank, Reaction, ReplyTo, RoundView, TagLink, Tally, ThreadItem, ThreadView,
};
use crate::kit::At;
use crate::kit::ids::{CategoryId, MemberId, PostId, ThreadId};
use crate::members::Card;
use crate::policy::{PostState, Trust};

/// A moment in autumn 2026.
pub(super) const THEN: At = At(1_792_000_000_000_000);

/// A title of 255 graphemes, right to left.
pub(super) fn long_title() -> String {
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} "
        .repeat(51)
        .chars()
        .take(255)
        .collect()
}

/// Somebody with a badge.
pub(super) fn card() -> Card {
    Card {
        id: MemberId(7),
        name: "ruth".to_owned(),
        display: "Ruth Okoro".to_owned(),
        trust: Trust::Established,
        hue: 190,
        erased: false,
        staff: true,
        champion: true,
        ..Card::nobody()
    }
}

/// A category.
pub(super) fn category() -> CategoryTag {
    CategoryTag {
        id: CategoryId(3),
        name: "Field notes".to_owned(),
        path: "/c/field-notes/3".to_owned(),
    }
}

/// A tag.
pub(super) fn tag() -> TagLink {
    TagLink {
        name: "birds".to_owned(),
        path: "/tag/birds".to_owned(),
    }
}

/// A thread in a list, as usual and at its worst.
pub(super) fn items() -> Vec<ThreadItem> {
    let usual = ThreadItem {
        id: ThreadId(12),
        title: "A kingfisher in the courtyard".to_owned(),
        slug: "a-kingfisher-in-the-courtyard".to_owned(),
        path: "/t/a-kingfisher-in-the-courtyard/12".to_owned(),
        entrance: "/t/a-kingfisher-in-the-courtyard/12?page=2#post-36".to_owned(),
        last_read: 35,
        unread: 7,
        fresh: false,
        category: category(),
        tags: vec![tag()],
        author: card(),
        faces: vec![card()],
        replies: 41,
        created_at: THEN,
        last_at: THEN,
        last_path: "/t/a-kingfisher-in-the-courtyard/12?page=3#post-42".to_owned(),
        pinned: true,
        locked: true,
        solved: true,
    };
    let worst = ThreadItem {
        title: long_title(),
        last_read: 0,
        unread: 0,
        fresh: true,
        author: Card::nobody(),
        faces: vec![Card::nobody(), Card::nobody()],
        tags: vec![tag(); 5],
        ..usual.clone()
    };
    vec![usual, worst]
}

/// A thread's heading.
pub(super) fn thread() -> ThreadView {
    ThreadView {
        id: ThreadId(12),
        title: "A kingfisher in the courtyard".to_owned(),
        slug: "a-kingfisher".to_owned(),
        path: "/t/a-kingfisher/12".to_owned(),
        category: category(),
        parent: Some(category()),
        tags: vec![tag()],
        summary: "It sat on the bronze heron.".to_owned(),
        lang: "en".to_owned(),
        author: card(),
        state: PostState::Visible,
        locked: false,
        pinned: true,
        archived: false,
        unlisted: false,
        slow: 0,
        revision: 1,
        answer: Some(AnswerLine {
            number: 7,
            path: "/t/a-kingfisher/12/7".to_owned(),
        }),
        post_count: 42,
        last_number: 43,
        counter: 43,
        marks: vec![Mark {
            number: 21,
            path: "/t/a-kingfisher/12?page=2#post-21".to_owned(),
            at: THEN,
        }],
        created_at: THEN,
        last_at: THEN,
        last_read: 35,
        unread: 2,
        read_unopened: false,
        level: Some(Level::Tracking),
        public: true,
        can_reply: true,
        why_not: String::new(),
        can_edit: true,
        can_nominate: true,
        can_moderate: true,
    }
}

/// A thread that nobody may do anything in.
pub(super) fn worst_thread() -> ThreadView {
    ThreadView {
        title: long_title(),
        parent: None,
        tags: vec![tag(); 5],
        author: Card::nobody(),
        answer: None,
        state: PostState::Deleted,
        locked: true,
        pinned: false,
        archived: true,
        unlisted: true,
        slow: 600,
        can_reply: false,
        why_not: "locked".to_owned(),
        can_edit: false,
        can_nominate: false,
        can_moderate: false,
        ..thread()
    }
}

/// A post with everything on it.
pub(super) fn post() -> PostView {
    PostView {
        id: PostId(88),
        number: 2,
        path: "/t/a-kingfisher/12/2".to_owned(),
        state: PostState::Visible,
        gone: false,
        by_author: false,
        reason: String::new(),
        author: card(),
        html: "<p>It sat on the bronze heron for an hour.</p>".to_owned(),
        source: String::new(),
        revision: 2,
        created_at: THEN,
        edited_at: Some(THEN),
        reply_to: Some(ReplyTo {
            number: 1,
            path: "/t/a-kingfisher/12/1".to_owned(),
            author: Card::nobody(),
        }),
        can_edit: true,
        can_restore: true,
        wiki: true,
        can_open: true,
        official: true,
        can_speak: true,
        can_delete: true,
        can_hide: true,
        can_unpicture: true,
        can_report: true,
        can_nominate: true,
        saves: 3,
        saved: true,
        can_save: true,
        reactions: reactions(),
        reacted: 1_203,
        can_react: true,
        poll: Some(poll()),
        answer: true,
        can_answer: true,
        cards: vec![crate::content::links::Card {
            url: "https://birds.example/kingfisher".to_owned(),
            title: long_title(),
            description: "<b>Small and blue.</b>".to_owned(),
            site: "birds.example".to_owned(),
            picture: "/link-pictures/link-x-w480.jpg".to_owned(),
        }],
        announced: vec![
            Announced {
                href: "/announcements".to_owned(),
                channel: "Announcements".to_owned(),
                at: At(1_700_000_000_000_000),
                state: "sent",
                withdrawn_at: None,
                corrections: 1,
            },
            Announced {
                href: String::new(),
                channel: "م".repeat(60),
                at: At(1_700_000_000_000_000),
                state: "withdrawn",
                withdrawn_at: Some(At(1_700_000_000_000_000)),
                corrections: 0,
            },
        ],
    }
}

/// Reactions, chosen and not.
pub(super) fn reactions() -> Vec<Tally> {
    let of = |kind: Reaction, count, mine| Tally {
        kind,
        sign: kind.sign(),
        count,
        mine,
    };
    vec![
        of(Reaction::Thanks, 1_200, true),
        of(Reaction::Like, 3, false),
        of(Reaction::Laugh, 0, false),
    ]
}

/// A ranked poll that somebody voted in.
pub(super) fn poll() -> PollView {
    let option = |index: usize, text: String, votes, percent, mine| OptionView {
        index,
        text,
        votes,
        percent,
        mine,
        ranks: vec![
            Rank {
                rank: 1,
                given: mine == 1,
            },
            Rank {
                rank: 2,
                given: false,
            },
        ],
    };
    PollView {
        kind: PollKind::Ranked,
        secret: false,
        question: "Where shall we meet?".to_owned(),
        options: vec![
            option(0, "On the slipway".to_owned(), 4, 57, 1),
            option(1, long_title(), 3, 42, 0),
        ],
        closes_at: Some(THEN),
        closed: false,
        voters: 7,
        rounds: vec![
            RoundView {
                number: 1,
                counts: vec![Some(4), Some(3)],
                out: "The café".to_owned(),
            },
            RoundView {
                number: 2,
                counts: vec![Some(5), None],
                out: String::new(),
            },
        ],
        winner: "On the slipway".to_owned(),
        voted: true,
        can_vote: true,
        can_change: true,
    }
}

/// A post by nobody, hidden, with no permission; and one that is gone.
pub(super) fn worst_posts() -> Vec<PostView> {
    let hidden = PostView {
        author: Card::nobody(),
        state: PostState::Hidden,
        reason: "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(40),
        edited_at: None,
        reply_to: None,
        can_edit: false,
        wiki: false,
        can_open: false,
        official: false,
        can_speak: false,
        can_delete: false,
        can_hide: false,
        can_unpicture: false,
        can_report: false,
        can_nominate: false,
        saved: false,
        can_save: false,
        can_react: false,
        poll: Some(PollView {
            kind: PollKind::Multiple,
            closed: true,
            can_vote: false,
            can_change: false,
            question: long_title(),
            rounds: Vec::new(),
            ..poll()
        }),
        answer: false,
        can_answer: false,
        ..post()
    };
    let gone = PostView {
        gone: true,
        html: String::new(),
        state: PostState::Deleted,
        ..hidden.clone()
    };
    vec![hidden, gone]
}
