//! Loggia: a community forum with a one-way bridge. One line per room, lowest floor first.
#![forbid(unsafe_code)]

pub mod audit;
pub mod db;
pub mod kit;
pub mod policy;
pub mod site;
pub mod config;
