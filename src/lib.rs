//! Loggia: a community forum with a one-way bridge. One line per room, lowest floor first.
#![forbid(unsafe_code)]

// 0: the tools
pub mod kit;

// 1: the database
pub mod db;

// 2: who may do what
pub mod policy;

// 3: the log, the community's own words about itself
pub mod audit;
pub mod content;
pub mod mail;
pub mod site;

// 4: people
pub mod members;

// 5: what they are told, and finding what was said
pub mod notifications;
pub mod search;

// 6: the three documents
pub mod guidelines;

// 7: the bridge to the outside
pub mod bridge;

// 7: the places to talk
pub mod forum;

// 8: reports and what follows
pub mod moderation;

// 9: the door
pub mod highlights;

// 11: the roof, and what joins everything
pub mod app;
pub mod cli;
pub mod config;
pub mod jobs;
pub mod web;
