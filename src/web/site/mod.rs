//! What the community says of itself and how it is set up: its three pages, the admin's overview, settings, first steps.

pub mod admin;
pub mod first_steps;
pub mod mail_test;
pub mod page;
pub mod settings;
