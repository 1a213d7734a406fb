//! The forum's pages, forms and feeds. File for file what a reader meets: lists, categories, threads, writing, editing,
//! the moderators' buttons, history, feeds, the sitemap, and the admins' page of categories.

pub mod act;
pub mod admin;
pub mod category;
pub mod drafts;
pub mod edit;
pub mod events;
pub mod feed;
pub mod follow;
mod grants;
pub mod history;
pub mod kept;
mod linked_data;
pub mod list;
pub mod marks;
pub mod pager;
pub mod polls;
pub mod print;
pub mod reactions;
mod samples;
pub mod search;
pub mod sitemap;
pub mod summary;
pub mod tags;
pub mod thread;
pub mod words;
pub mod write;
