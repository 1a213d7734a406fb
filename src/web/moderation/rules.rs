//! What the desk goes by: the reasons of reports, watched words with a tester, and what is held back.

use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::forum;
use crate::guidelines::Numbered;
use crate::kit::ids::CategoryId;
use crate::kit::{At, Problems, Result, Stop};
use crate::moderation::{self, DeskSettings, Reason, ReasonDraft, WatchAction, Watched};
use crate::policy::Action;
use crate::web::{Answer, Call, Head, Page, See, Shown, Viewer};

/// What the forms of the page send; a box that is not ticked is not sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesForm {
    #[serde(skip_serializing)]
    act: String,
    /// The reason that is changed; empty for a new one.
    id: String,
    title: String,
    more: String,
    rule: String,
    needs_words: String,
    legal: String,
    retired: String,
    pattern: String,
    is_regex: String,
    action: String,
    note: String,
    text: String,
    first_posts: String,
    links: String,
    media: String,
    fast_seconds: String,
    edits: String,
    auto_hide: String,
    late_hours: String,
    public_log: String,
    categories: Vec<i64>,
}

/// A watched word as the page shows it.
#[derive(Debug, Clone, Serialize)]
struct Word {
    id: i64,
    pattern: String,
    is_regex: bool,
    action: WatchAction,
    note: String,
}

impl From<Watched> for Word {
    fn from(word: Watched) -> Self {
        Self {
            id: word.id,
            pattern: word.pattern,
            is_regex: word.is_regex,
            action: word.action,
            note: word.note,
        }
    }
}

/// A reason as its form shows it: as it is kept, or as it was typed where that could not be kept.
#[derive(Debug, Clone, Serialize)]
struct ReasonLine {
    #[serde(flatten)]
    reason: Reason,
    /// What it is called now.
    called: String,
    /// Its form is the one that was sent.
    open: bool,
}

impl ReasonLine {
    fn of(reason: Reason, sent: Option<&RulesForm>) -> Self {
        let called = reason.title.clone();
        let typed = sent.filter(|form| form.act == "reason" && form.id == reason.id.to_string());
        let Some(form) = typed else {
            return Self {
                reason,
                called,
                open: false,
            };
        };
        let ticked = |sent: &str| !sent.is_empty();
        Self {
            reason: Reason {
                title: form.title.clone(),
                more: form.more.clone(),
                rule: form.rule.trim().parse().ok(),
                needs_words: ticked(&form.needs_words),
                legal: ticked(&form.legal),
                retired_at: ticked(&form.retired).then(|| reason.retired_at.unwrap_or(At(0))),
                ..reason
            },
            called,
            open: true,
        }
    }
}

/// What is held back, as the form shows it: as it is set, or as it was typed where that could not be kept.
#[derive(Debug, Clone, Serialize)]
struct Held {
    first_posts: String,
    links: bool,
    media: bool,
    fast_seconds: String,
    edits: bool,
    auto_hide: String,
    late_hours: String,
    public_log: bool,
}

impl Held {
    fn of(settings: &DeskSettings, sent: Option<&RulesForm>) -> Self {
        let Some(form) = sent.filter(|form| form.act == "set") else {
            return Self {
                first_posts: settings.first_posts.to_string(),
                links: settings.links,
                media: settings.media,
                fast_seconds: settings.fast_seconds.to_string(),
                edits: settings.edits,
                auto_hide: settings.auto_hide.to_string(),
                late_hours: settings.late_hours.to_string(),
                public_log: settings.public_log,
            };
        };
        let ticked = |sent: &str| !sent.is_empty();
        Self {
            first_posts: form.first_posts.clone(),
            links: ticked(&form.links),
            media: ticked(&form.media),
            fast_seconds: form.fast_seconds.clone(),
            edits: ticked(&form.edits),
            auto_hide: form.auto_hide.clone(),
            late_hours: form.late_hours.clone(),
            public_log: ticked(&form.public_log),
        }
    }
}

/// A category that can be held as a whole.
#[derive(Debug, Clone, Serialize)]
struct Place {
    id: CategoryId,
    name: String,
    held: bool,
}

/// What the desk goes by.
#[derive(Debug, Clone, Serialize)]
pub struct RulesPage {
    reasons: Vec<ReasonLine>,
    /// The form of a new reason is the one that was sent.
    new_open: bool,
    rules: Vec<Numbered>,
    words: Vec<Word>,
    actions: &'static [WatchAction],
    settings: Held,
    places: Vec<Place>,
    may_open_log: bool,
    /// What of the watched words matches the text that was tried.
    tried: Option<Vec<Word>>,
    form: RulesForm,
    problems: Problems,
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "moderation/rules";

    fn head(&self) -> Head {
        Head::new("moderation-rules-title").nav("desk").no_index()
    }

    fn samples() -> Vec<Self> {
        let reason = Reason {
            id: 1,
            word: "spam".to_owned(),
            title: String::new(),
            more: String::new(),
            rule: Some(7),
            needs_words: false,
            legal: false,
            counts: true,
            position: 1,
            retired_at: None,
        };
        let empty = Self {
            reasons: vec![ReasonLine::of(reason.clone(), None)],
            new_open: false,
            rules: vec![Numbered {
                number: 7,
                title: "No selling, no begging".to_owned(),
                text: "No selling, no begging, no repeating.".to_owned(),
            }],
            words: Vec::new(),
            actions: WatchAction::ALL,
            settings: Held::of(&DeskSettings::default(), None),
            places: Vec::new(),
            may_open_log: false,
            tried: None,
            form: RulesForm::default(),
            problems: Problems::default(),
        };
        let word = Word {
            id: 1,
            pattern: "casino".to_owned(),
            is_regex: false,
            action: WatchAction::Hold,
            note: "Comes every night.".to_owned(),
        };
        let usual = Self {
            words: vec![word.clone()],
            tried: Some(Vec::new()),
            may_open_log: true,
            ..empty.clone()
        };
        let worst = Self {
            reasons: vec![ReasonLine {
                open: true,
                called: "<b>ש".repeat(40),
                reason: Reason {
                    title: "<b>ש".repeat(40),
                    more: "w".repeat(255),
                    legal: true,
                    retired_at: Some(At(1)),
                    ..reason
                },
            }],
            new_open: true,
            words: vec![Word {
                pattern: "<b>".repeat(90),
                is_regex: true,
                ..word.clone()
            }],
            places: vec![Place {
                id: CategoryId(3),
                name: "ש".repeat(255),
                held: true,
            }],
            tried: Some(vec![word]),
            problems: Problems::one("pattern", "no-pattern"),
            ..usual.clone()
        };
        vec![empty, usual, worst]
    }
}

fn page(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    form: RulesForm,
    problems: Problems,
) -> Result<RulesPage> {
    viewer.actor.may(&Action::Review)?;
    let settings = moderation::desk_settings(tx)?;
    // After a mistake the forms show what was typed, not what is kept.
    let sent = Some(&form).filter(|_| !problems.0.is_empty());
    let held = |id: CategoryId| match sent {
        Some(form) if form.act == "set" => form.categories.contains(&id.0),
        _ => settings.categories.contains(&id),
    };
    let places = forum::places(tx)?
        .iter()
        .filter(|category| viewer.can(&Action::SeeCategory(&category.facts)))
        .map(|category| Place {
            id: category.id,
            name: category.name.clone(),
            held: held(category.id),
        })
        .collect();
    let tried = if form.act == "try" {
        let found = moderation::try_words(tx, &viewer.actor, &form.text)?;
        Some(found.into_iter().map(Word::from).collect())
    } else {
        None
    };
    Ok(RulesPage {
        reasons: moderation::reasons(tx, true)?
            .into_iter()
            .map(|reason| ReasonLine::of(reason, sent))
            .collect(),
        new_open: sent.is_some_and(|form| form.act == "reason" && form.id.is_empty()),
        rules: moderation::citable(tx)?,
        words: moderation::watched(tx, &viewer.actor)?
            .into_iter()
            .map(Word::from)
            .collect(),
        actions: WatchAction::ALL,
        settings: Held::of(&settings, sent),
        places,
        may_open_log: viewer.can(&Action::ManageSite),
        tried,
        form,
        problems,
    })
}

/// Shows what the desk goes by.
pub async fn show(call: Call) -> Answer {
    call.page(|tx, viewer| {
        page(tx, viewer, RulesForm::default(), Problems::default()).map(Shown::from)
    })
    .await
}

/// Tries a text against the watched words; nothing is kept.
pub async fn try_text(call: Call) -> Answer {
    let mut form: RulesForm = call.form()?;
    "try".clone_into(&mut form.act);
    call.page(move |tx, viewer| {
        page(tx, viewer, form.clone(), Problems::default()).map(Shown::from)
    })
    .await
}

fn number(field: &'static str, text: &str) -> Result<i64> {
    match text.trim() {
        "" => Ok(0),
        text => text
            .parse()
            .map_err(|_| Stop::invalid(field, "number-needed")),
    }
}

/// Changes a reason, watches a word or watches it no more, or sets what is held back.
pub async fn change(call: Call) -> Answer {
    let form: RulesForm = call.form()?;
    let again = form.clone();
    call.submit(
        move |tx, viewer| {
            let actor = &viewer.actor;
            match form.act.as_str() {
                "reason" => {
                    let draft = ReasonDraft {
                        title: form.title.clone(),
                        more: form.more.clone(),
                        rule: super::report::rule_number(&form.rule)?,
                        needs_words: !form.needs_words.is_empty(),
                        legal: !form.legal.is_empty(),
                        retired: !form.retired.is_empty(),
                    };
                    moderation::keep_reason(tx, actor, form.id.parse().ok(), &draft)?;
                }
                "watch" => {
                    let action = WatchAction::parse(&form.action)
                        .ok_or_else(|| Stop::invalid("action", "choose"))?;
                    let pattern = (form.pattern.as_str(), !form.is_regex.is_empty());
                    moderation::watch(tx, actor, pattern, action, &form.note)?;
                }
                "unwatch" => moderation::unwatch(tx, actor, form.id.parse().unwrap_or(0))?,
                _ => set(tx, viewer, &form)?,
            }
            Ok(See::to("/desk/rules").flash("moderation-kept"))
        },
        move |tx, viewer, problems| {
            page(tx, viewer, again.clone(), problems.clone()).map(Shown::from)
        },
    )
    .await
}

fn set(tx: &mut Tx<'_>, viewer: &Viewer, form: &RulesForm) -> Result<()> {
    let before = moderation::desk_settings(tx)?;
    // Categories that this moderator does not see stay as they are.
    let mut categories: Vec<CategoryId> = Vec::new();
    for category in forum::places(tx)?.iter() {
        let seen = viewer.can(&Action::SeeCategory(&category.facts));
        let held = if seen {
            form.categories.contains(&category.id.0)
        } else {
            before.categories.contains(&category.id)
        };
        if held {
            categories.push(category.id);
        }
    }
    let public_log = if viewer.can(&Action::ManageSite) {
        !form.public_log.is_empty()
    } else {
        before.public_log
    };
    let wanted = DeskSettings {
        first_posts: number("first_posts", &form.first_posts)?,
        links: !form.links.is_empty(),
        media: !form.media.is_empty(),
        fast_seconds: number("fast_seconds", &form.fast_seconds)?,
        edits: !form.edits.is_empty(),
        auto_hide: number("auto_hide", &form.auto_hide)?,
        late_hours: number("late_hours", &form.late_hours)?,
        public_log,
        categories,
        words_version: before.words_version,
    };
    moderation::set_desk(tx, &viewer.actor, &wanted)
}
