//! Floor 7. The one-way bridge: channels, deliveries and the engine that carries them; nothing comes back over it.
//!
//! The bridge knows no highlight: it is given finished messages with an opaque origin, keeps their bytes as they were
//! when planned, asks the room behind the origin once more before a byte leaves, and says truly what became of them:
//! it is there, it is not, or nobody knows and a person has to look.
//!
//! * [`plan`] and [`recall`] are what other rooms call; [`Engine`] does the rest.
//! * [`machine`] is the life of a delivery as pure functions.
//! * A new channel is one file in [`kinds`] (a [`Kind`] and an [`Adapter`]) and one line in its table; `docs/CHANNELS.md` shows it.

pub mod adapter;
mod budget;
mod bulletin;
mod channel;
mod clicks;
mod codes;
mod delivery;
mod engine;
mod entries;
mod joints;
mod kinds;
pub mod machine;
mod message;
mod pace;
mod state;
mod websub;

pub use adapter::{
    Adapter, Adapters, Contract, Destination, Granted, Grants, Health, Invitation, Job, Known,
    Look, Observed, Outcome, Remote, Secret, Seen,
};
pub use budget::{Spending, price, spending};
pub use bulletin::{
    Bounced, Bulletin, Key, LeftWhat, LetterLine, LetterState, LettersWanted, Mine, Post,
    SubscriberLine, SubscriberState, SubscribersWanted, Waiting, bounced, bulletin,
    bulletin_adapter, bulletins, choose, confirm, is_ours, keep_key, keys, leave, letter_counts,
    letters, mine, remove_subscriber, seal_keys_again, send_again, subscribe, subscriber_counts,
    subscribers, sweep_bulletins, to_confirm, use_key, what_is_left,
};
pub use channel::{
    Changes, Channel, ChannelLine, Holder, Made, NewChannel, Verified, Watch, change_channel,
    channel, channels, check_keys, create_channel, destination_to_verify, ensure_page, health,
    holder_of_member, holder_of_session, overview, pause, pause_all, record_verification,
    remind_of_tokens, remove_channel, resume, resume_all, rotate_secret, seal_again, sealed_before,
    set_secret, warn_of_versions, watch,
};
pub use clicks::{
    Clicks, Counter, DayClicks, Visitor, clicks_by_day, clicks_of, count_sign_up, visitor,
};
pub use codes::{Target, code_of, new_code, target};
pub use delivery::{
    AttemptLine, Counts, DeliveryDetail, DeliveryLine, Resolution, Row, Wanted, cancel, counts,
    deliveries_of, delivery, differences, forget, list as deliveries, note_difference, notify,
    plan, recall, replan, requeue, resolve, standing,
};
pub use engine::{
    Brought, CALLBACK, Claim, Claimed, Engine, Invited, LEASE, LOOK, Parting, Probe, RENEW,
    REQUEST, Redeemed, Returned, Started, Stopper, Task, look_tonight, renew_soon,
};
pub use entries::{Entry, Published, entries, entries_by_code, published};
pub use joints::on_event;
pub use kinds::{
    Bases, Carriage, Field, Interface, Kind, Letter, Manner, Role, SecretRule, Sort, adapters,
    kind, kinds, new_secret, secret_of, sign,
};
pub use message::{Message, Notice, Picture, Plan, Quote};
pub use pace::{BREAKER_FAILURES, Retry};
pub use state::{AttemptKind, ChannelState, Class, Ending, Operation, State};
pub use websub::{TELL_HUB, tell_hub};
