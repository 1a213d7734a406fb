//! The bulletin: the channel that goes by mail to people who asked for it and said so twice.
//!
//! For the engine a bulletin is a channel like any other: its adapter ([`adapter`]) writes one row per recipient, and
//! these rows are what stands there. The letters are carried by the [`Post`]: each is claimed, looked at once more with
//! the same gate as any delivery, committed as `sending`, and only then handed to the mail server. A letter goes to an
//! address at most once per announcement: the row is unique, and one whose outcome nobody knows is shown, never repeated.
//!
//! Of a subscriber there is an address as long as there are letters to send. Whoever leaves, and whose mailbox is dead,
//! leaves a keyed hash, so that nobody is written to against their will; after a while that goes as well.

mod adapter;
mod again;
mod bounce;
mod claim;
mod confirm;
mod keys;
mod leave;
mod letter;
mod listing;
mod mine;
mod post;
mod remove;
mod settle;
mod state;
mod subscribe;
mod subscriber;
mod sweep;

pub use adapter::adapter as bulletin_adapter;
pub use again::send_again;
pub use bounce::{Bounced, bounced};
pub use confirm::{Waiting, confirm, to_confirm};
pub use keys::{Key, keep_key, keys, seal_keys_again, use_key};
pub use leave::{LeftWhat, is_ours, leave, what_is_left};
pub use letter::LetterLine;
pub use listing::{
    Bulletin, LettersWanted, SubscriberLine, SubscribersWanted, bulletin, bulletins, letter_counts,
    letters, subscriber_counts, subscribers,
};
pub use mine::{Mine, choose, mine};
pub use post::Post;
pub use remove::remove_subscriber;
pub use state::{LetterState, SubscriberState};
pub use subscribe::subscribe;
pub use sweep::sweep as sweep_bulletins;

pub(super) use subscriber::forget_member;
