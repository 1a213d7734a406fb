//! The review page in every state that it knows.

use super::{
    AppealCard, DecidedLine, DecisionForm, Opened, QueueLine, ReportLine, ReviewPage, StepLine,
    Undoable,
};
use crate::guidelines::Numbered;
use crate::kit::ids::ReviewItemId;
use crate::kit::{At, Problems};
use crate::members::Card;
use crate::moderation::spam::Hint;
use crate::moderation::{
    AppealState, AuthorChoice, ContentChoice, Finding, ItemState, Kind, Record, ReportState,
    UNDO_SECONDS,
};
use crate::policy::PostState;
use crate::web::moderation::kept::{ShownReason, spans};
use crate::web::moderation::says::Says;

#[expect(
    clippy::too_many_lines,
    reason = "samples are long because the page is"
)]
pub(super) fn all() -> Vec<ReviewPage> {
    let rule = Numbered {
        number: 7,
        title: "No selling, no begging".to_owned(),
        text: "No selling, no begging, no repeating.".to_owned(),
    };
    let empty = ReviewPage {
        state: "waiting".to_owned(),
        kind: String::new(),
        mine: false,
        sifted: false,
        kinds: super::kinds(),
        categories: Vec::new(),
        assignees: Vec::new(),
        same_list: String::new(),
        lines: Vec::new(),
        next: None,
        undoable: Vec::new(),
        undo: String::new(),
        undo_seconds: UNDO_SECONDS,
        several: false,
        item: None,
        form: DecisionForm::default(),
        findings: Finding::ALL,
        contents: ContentChoice::ALL,
        authors: AuthorChoice::ALL,
        spans: spans(),
        rules: vec![rule.clone()],
        problems: Problems::default(),
        too_late: false,
    };
    let at = At(1_790_000_000_000_000);
    let line = QueueLine {
        id: ReviewItemId(4),
        href: "/desk/review/4".to_owned(),
        outward: false,
        title: "A kingfisher in the courtyard".to_owned(),
        told: String::new(),
        author: Card::nobody(),
        kind: Kind::Report,
        urgent: false,
        legal: false,
        held_for: String::new(),
        pending: false,
        several: true,
        pick: "4.1".to_owned(),
        picked: false,
        queued: 0,
        sent: 0,
        state: ItemState::Open,
        reports: 2,
        updated_at: at,
        current: true,
    };
    let opened = Opened {
        id: ReviewItemId(4),
        version: 1,
        state: ItemState::Open,
        kind: Kind::Report,
        about: "post",
        priority: 3,
        held_for: String::new(),
        hint: None,
        says: Says::default(),
        history: Vec::new(),
        pending_until: None,
        appeal: None,
        waits: true,
        title: "A kingfisher in the courtyard".to_owned(),
        snapshot: vec!["Cheap sunglasses here.".to_owned()],
        now_html: String::new(),
        post_state: PostState::Visible,
        post_href: "/p/88".to_owned(),
        post: 88,
        pictured: true,
        poll: Vec::new(),
        category: "Field notes".to_owned(),
        author: Card::nobody(),
        author_posts: false,
        assignee: None,
        colleagues: Vec::new(),
        mine: false,
        own: false,
        reports: vec![ReportLine {
            by: Card::nobody(),
            guest: false,
            record: Record::default(),
            reason: ShownReason::sample(),
            message: String::new(),
            rule: Some(rule.clone()),
            state: ReportState::Pending,
            at,
        }],
        decided: None,
        sanctions: 0,
    };
    let offered = super::Offered {
        value: 3,
        name: "ש".repeat(99),
        chosen: true,
    };
    let picking = ReviewPage {
        lines: vec![QueueLine {
            picked: true,
            queued: 1,
            sent: 2,
            current: false,
            ..line.clone()
        }],
        several: true,
        categories: vec![offered.clone()],
        assignees: vec![offered.clone()],
        problems: Problems::one("reason", "rule-or-words"),
        ..empty.clone()
    };
    let usual = ReviewPage {
        same_list: "?state=waiting&kind=report&mine=&category=3&assignee=".to_owned(),
        lines: vec![line.clone()],
        several: true,
        item: Some(opened.clone()),
        undoable: vec![Undoable {
            id: ReviewItemId(3),
            title: "Boats to the lightship".to_owned(),
        }],
        undo: "3".to_owned(),
        ..empty.clone()
    };
    let long = "ש".repeat(255);
    let worst = ReviewPage {
        state: "decided".to_owned(),
        kind: "held".to_owned(),
        mine: true,
        lines: vec![QueueLine {
            title: long.clone(),
            outward: true,
            urgent: true,
            legal: true,
            held_for: "reports".to_owned(),
            pending: true,
            several: false,
            state: ItemState::Upheld,
            ..line
        }],
        next: Some("/desk/review?after=x".to_owned()),
        item: Some(Opened {
            state: ItemState::Upheld,
            waits: false,
            title: long.clone(),
            snapshot: Vec::new(),
            now_html: "<p>Other words.</p>".to_owned(),
            post_state: PostState::Deleted,
            assignee: Some(Card::nobody()),
            own: true,
            pending_until: Some(at),
            decided: Some(DecidedLine {
                finding: Finding::Upheld,
                content: ContentChoice::Delete,
                author: AuthorChoice::Silence,
                until: Some(at),
                reason: long.clone(),
                rule: Some(rule),
                by: Card::nobody(),
                at: Some(at),
            }),
            sanctions: 7,
            ..opened.clone()
        }),
        problems: Problems::one("reason", "needed"),
        too_late: true,
        form: DecisionForm {
            author: "silence".to_owned(),
            reason: long,
            ..DecisionForm::default()
        },
        ..empty.clone()
    };
    let mine = ReviewPage {
        item: Some(Opened {
            state: ItemState::InProgress,
            kind: Kind::Held,
            held_for: "watched".to_owned(),
            hint: Some(Hint {
                score: 97,
                reasons: vec!["casino".to_owned(), "~links-3".to_owned()],
            }),
            says: Says {
                reporters: 2,
                queued: 1,
                sent: 2,
                author_queued: 1,
                author_sent: 3,
            },
            history: ["opened", "taken", "note"]
                .map(|kind| StepLine {
                    at,
                    by: Some(Card::nobody()),
                    kind: kind.to_owned(),
                    words: "ש".repeat(99),
                })
                .to_vec(),
            mine: true,
            colleagues: vec![offered],
            poll: vec!["Which boat?".to_owned(), "ש".repeat(99)],
            assignee: Some(Card::nobody()),
            author_posts: true,
            ..opened.clone()
        }),
        ..usual.clone()
    };
    let appealed = ReviewPage {
        item: Some(Opened {
            kind: Kind::Appeal,
            about: "decision",
            appeal: Some(AppealCard {
                what: "hide".to_owned(),
                grants: "words",
                title: "A kingfisher in the courtyard".to_owned(),
                href: "/p/88".to_owned(),
                said: vec!["The nest is in the third arch.".to_owned()],
                rule: None,
                reason: "Rule 7.".to_owned(),
                by: Card::nobody(),
                at,
                words: "I sell nothing.".to_owned(),
                state: AppealState::Pending,
                answer: String::new(),
                party: false,
                others: Vec::new(),
                admins: Vec::new(),
                can_invite: false,
            }),
            ..opened
        }),
        ..usual.clone()
    };
    let apart = |others: Vec<Card>, admins: Vec<Card>, can_invite: bool| {
        let mut page = appealed.clone();
        if let Some(appeal) = page.item.as_mut().and_then(|item| item.appeal.as_mut()) {
            appeal.party = true;
            (appeal.others, appeal.admins, appeal.can_invite) = (others, admins, can_invite);
        }
        page
    };
    let nobody = || vec![Card::nobody()];
    let left_to_others = apart(nobody(), Vec::new(), false);
    let alone = apart(Vec::new(), nobody(), false);
    let inviting = apart(Vec::new(), Vec::new(), true);
    vec![
        empty,
        picking,
        usual,
        mine,
        appealed,
        left_to_others,
        alone,
        inviting,
        worst,
    ]
}
