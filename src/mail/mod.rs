//! Floor 3. Letters: enqueued in the transaction that causes them, put into words and sent afterwards.
//!
//! A letter goes to one address, in the reader's language, as text and HTML. Without a mail server it goes to the log,
//! so that the first admin of a small community finds the link there.

mod bounce;
mod clean;
mod compose;
mod counter;
mod letter;
mod limit;
mod mailing;
mod office;
mod smtp;
mod suppression;

pub use bounce::{Report, mark, read_report};
pub use compose::Composed;
pub use counter::{Handed, Line, Reply, enhanced, is_dead_mailbox};
pub use letter::{About, JOB, Letter, Waiting, enqueue, enqueue_about, open, seal_again};
pub use limit::may_send;
pub use mailing::{KeyPair, Mailing, Signature, new_key_pair, writes_to};
pub use office::{Office, Say, Sender, deliver};
pub use suppression::{lift_suppression, suppress, suppressed};
