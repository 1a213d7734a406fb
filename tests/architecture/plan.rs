//! The plan of the house: who lives on which floor, who owns which table, and the few
//! exceptions. A room or a table that is not written down here fails the test.

/// Rooms by floor, lowest first. A room opens doors to lower floors only: not to its own floor,
/// not upward.
pub const FLOORS: &[&[&str]] = &[
    &["kit"],
    &["db"],
    &["config"],
    &["policy"],
    // One floor of the house on paper; three steps here, because changes of the site are recorded
    // and mails carry the site's name.
    &["audit", "content"],
    &["site"],
    &["mail"],
    &["members"],
    &["notifications", "search"],
    &["guidelines"],
    &["forum", "bridge"],
    &["moderation"],
    &["highlights"],
    &["insights"],
    &["web", "jobs"],
];

/// What joins the house from above. These open every door.
pub const ROOF: &[&str] = &["app", "cli", "main", "lib"];

/// Who may open a part of the roof: pages and jobs are handed the joined application, and only
/// `main` and `cli` start it.
pub const MAY_OPEN_ROOF: &[(&str, &[&str])] = &[
    ("app", &["web", "jobs", "app", "cli", "main", "lib"]),
    ("cli", &["cli", "main"]),
];

/// Macros that Rust puts at the crate's root, and the room they belong to.
pub const ROOT_MACROS: &[(&str, &str)] = &[("each_backend", "db"), ("text_enum", "kit")];

/// Libraries that stay inside some rooms: library, rooms that may name it, why.
pub const KEPT_IN: &[(&str, &[&str], &str)] = &[
    (
        "actix_web",
        &["web", "app", "cli", "main"],
        "HTTP ends at the web floor",
    ),
    (
        "actix_http",
        &["web", "app", "cli", "main"],
        "HTTP ends at the web floor",
    ),
    (
        "handlebars",
        &["web", "mail"],
        "pages and mails are the only things written from templates",
    ),
];

/// Libraries that some rooms must not name: library, rooms, why.
pub const KEPT_OUT: &[(&str, &[&str], &str)] = &[(
    "diesel",
    &["web"],
    "a page asks a room; it never asks the database",
)];

/// Every table of `src/db/schema.rs` and the one room that reads and writes it. Other rooms ask
/// that room. This map is documentation, too.
pub const TABLES: &[(&str, &[&str])] = &[
    ("db", &["jobs", "leases", "idempotency_keys", "rate_limits"]),
    ("site", &["settings", "pages"]),
    ("audit", &["audit_entries"]),
    ("content", &["uploads", "link_cards"]),
    (
        "members",
        &[
            "members",
            "member_names",
            "badges",
            "member_badges",
            "ignores",
            "standings",
            "required_acknowledgements",
            "sessions",
            "mail_links",
            "api_tokens",
            "invitations",
            "groups",
            "group_members",
        ],
    ),
    ("notifications", &["notices", "notice_ways", "digests"]),
    ("mail", &["mail_suppressions"]),
    (
        "guidelines",
        &[
            "document_versions",
            "acknowledgements",
            "acknowledgement_reminders",
            "problem_statements",
        ],
    ),
    (
        "search",
        &[
            "search_threads",
            "search_tags",
            "search_posts",
            "search_progress",
        ],
    ),
    (
        "forum",
        &[
            "categories",
            "category_grants",
            "threads",
            "posts",
            "post_revisions",
            "post_addresses",
            "tags",
            "thread_tags",
            "bookmarks",
            "drafts",
            "reactions",
            "polls",
            "poll_votes",
            "thread_reads",
            "category_follows",
            "tag_follows",
            "reading_marks",
        ],
    ),
    (
        "bridge",
        &[
            "channels",
            "channel_grants",
            "deliveries",
            "attempts",
            "page_entries",
            "link_codes",
            "clicks",
            "bulletin_subscribers",
            "bulletin_letters",
            "bulletin_keys",
        ],
    ),
    (
        "moderation",
        &[
            "review_items",
            "review_events",
            "reports",
            "report_reasons",
            "guest_reports",
            "sanctions",
            "decisions",
            "appeals",
            "member_notes",
            "watched_words",
            "desk_settings",
            "spam_words",
            "spam_lessons",
        ],
    ),
    (
        "highlights",
        &[
            "highlights",
            "highlight_changes",
            "highlight_quotes",
            "highlight_revisers",
            "waiting_corrections",
            "consents",
            "consent_events",
            "declined_words",
            "highlight_decisions",
            "pulls",
            "pull_pictures",
            "announcements",
            "compositions",
            "composition_texts",
            "queue_slots",
            "voice_requests",
            "voice_answers",
            "voice_offers",
            "milestones",
            "candidates",
            "highlight_topics",
            "collections",
            "collection_items",
            "pull_feeds",
            "library_letters",
            "announcement_notes",
            "text_suggestions",
        ],
    ),
];

/// Where the schema stands.
pub const SCHEMA: &str = "src/db/schema.rs";

/// A file of more lines than this, tests at its end not counted, says why at its top
/// (`//! Long because …`).
pub const LONG: usize = 400;

/// No file has more lines than this. The schema is excepted: it is one list, in the order of the
/// migrations, and nobody reads it from top to bottom.
pub const TOO_LONG: usize = 600;
