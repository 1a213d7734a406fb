//! Floor 6. The charter and the two guidelines (law 4): versioned documents, each with its own page, editors and
//! acknowledgements.
//!
//! *Community guidelines* say how we speak in here and gate posting; *messaging guidelines* say how we speak about the
//! community out there and gate everything that leads outside. The *charter* says what the community is, and gates nothing.
//! A new major version asks everybody again; a minor one mends words and asks nobody.

mod acknowledge;
mod draft;
mod publish;
mod seed;
mod version;
mod words;

pub use acknowledge::{
    Acknowledgement, Mine, acknowledge, acknowledged_by, acknowledged_count, mine,
};
pub use draft::{drop_draft, save_draft};
pub use publish::{Change, JOB, Publication, in_force, publish, recall};
pub use seed::seed;
pub use version::{
    Line, State, Version, base_of, by_id, current, draft, history, upcoming, version,
};
pub use words::Words;
