//! Floor 3. Letters: enqueued in the transaction that causes them, rendered and sent afterwards.

mod letter;

pub use letter::{About, JOB, Letter, Waiting, enqueue, enqueue_about, still_due};
