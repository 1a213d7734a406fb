//! What the tests stand on: a throw-away PostgreSQL cluster, a scripted browser.

pub mod browser;
pub mod endpoint;
pub mod http;
pub mod outside;
pub mod postgres;
pub mod queries;
pub mod server;
pub mod smtp;
