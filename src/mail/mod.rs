//! Floor 3. Letters: enqueued in the transaction that causes them, put into words and sent afterwards.
//!
//! A letter goes to one address, in the reader's language, as text and HTML. Without a mail server it goes to the log,
//! so that the first admin of a small community finds the link there.

mod clean;
mod compose;
mod letter;
mod limit;
mod office;
mod smtp;

pub use compose::Composed;
pub use letter::{About, JOB, Letter, Waiting, enqueue, enqueue_about, open};
pub use limit::may_send;
pub use office::{Office, Say, Sender, deliver};
