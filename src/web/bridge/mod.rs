//! Pages of the bridge: what was said outside, its feeds and link codes, channels and deliveries.

pub mod admin;
pub mod announcements;
pub mod channels;
pub mod connect;
pub mod deliveries;
pub mod feeds;
pub mod grant;
pub mod leave;
pub mod letters;
pub mod link;
mod parts;
pub mod signing;
pub mod subscribe;
pub mod subscribers;
mod whys;

pub use parts::ChannelRow;
pub(in crate::web) use parts::dollars;
