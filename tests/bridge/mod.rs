//! The bridge, judged by what a channel outside received and by a shadow that knows nothing of the bridge's code.

mod crowd;
mod fake;
mod frozen;
mod grants;
mod law7;
mod mended;
mod nodes;
mod planted;
mod schedules;
mod vendors;
mod webhook;
mod world;
