//! The one integration-test binary; every other file here is a module of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    clippy::await_holding_refcell_ref,
    clippy::collapsible_match,
    clippy::collapsible_if,
    clippy::comparison_to_empty,
    reason = "a test may burst, look at the real clock and read its own environment"
)]

mod admin_pages;
mod architecture;
mod axe;
mod bad_input;
mod beside;
mod bridge;
mod bridge_pages;
mod bridge_watch;
mod bulletin;
mod calendar;
mod commands;
mod compose;
mod costly;
mod database;
mod dependencies;
mod desk;
mod desk_acts;
mod desk_between;
mod desk_hardened;
mod desk_held;
mod desk_holds;
mod desk_lines;
mod desk_mended;
mod desk_queue;
mod desk_rest;
mod desk_walk;
mod forum;
mod forum_law;
mod gates;
mod guidelines;
mod highlights;
mod highlights_api;
mod highlights_back;
mod highlights_library;
mod highlights_lists;
mod highlights_mended;
mod highlights_model;
mod highlights_races;
mod house_style;
mod kill9;
mod laws;
mod learning;
mod live;
mod mail;
mod main_job;
mod members;
mod members_pages;
mod metrics;
mod migrated;
mod moderation;
mod out_mended;
mod outages;
mod overheard;
mod pages;
mod policy;
mod reading;
mod requests;
mod returning;
mod room_discreet;
mod room_kept;
mod room_mended;
mod room_walk;
mod rows_members;
mod rows_out;
mod rows_room;
mod search;
mod spam_hint;
mod support;
mod tagging;
mod told;
mod torn;
mod town;
mod uploads;
mod walk;
mod web;
mod wire;
mod writing;
