//! Floor 6. The charter and the two guidelines (law 4): versioned documents, each with its own page, editors and
//! acknowledgements.
//!
//! *Community guidelines* say how we speak in here and gate posting; *messaging guidelines* say how we speak about the
//! community out there and gate everything that leads outside. The *charter* says what the community is, and gates nothing.
//! A new major version asks everybody again; a minor one mends words and asks nobody.

mod acknowledge;
mod draft;
mod house_style;
mod numbered;
mod problem;
mod publish;
mod reminder;
mod seed;
mod slide;
mod style;
mod version;
mod words;

pub use acknowledge::{
    Acknowledgement, Mine, acknowledge, acknowledged_by, acknowledged_count, mine,
};
pub use draft::{drop_draft, save_draft};
pub use house_style::{draft_style, house_style, save_style, style_of};
pub use numbered::{Numbered, numbered};
pub use problem::{
    Statement, add_statement, change_statement, problem_statements, remove_statement,
};
pub use publish::{Change, JOB, Publication, in_force, publish, recall};
pub use reminder::{MOST_TIMES, Missing, REMIND, missing, remind, remind_some};
pub use seed::seed;
pub use slide::{Section, Slide};
pub use style::{
    BUILT_IN, BuiltIn, BuiltInSource, Earlier, Finding, HouseStyle, Kind, LINK_MARK, Length, Level,
    Measured, Opening, Per, Picture, Report, Rule, RuleSource, Span, Stranger, StyleSource, Text,
    Voice, check, opening, strangers,
};
pub use version::{
    Line, State, Version, base_of, by_id, by_ids, current, draft, history, upcoming, version,
};
pub use words::Words;
