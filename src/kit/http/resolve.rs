//! From a name to the addresses that may be connected to.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Barred;
use super::address::is_public;
use super::allow::AllowList;

/// A lookup under way.
pub(super) type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a name; a parameter, so that tests can answer.
pub(super) trait Directory: Send + Sync {
    fn lookup(&self, name: &str) -> Lookup;
}

/// The directory of the machine: hosts file and DNS.
pub(super) struct System;

impl Directory for System {
    fn lookup(&self, name: &str) -> Lookup {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What the addresses of a name must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Public, or in a named range: for the usual ports.
    PublicOrNamed,
    /// In a named range: for plain http where TLS is required, and for unusual ports.
    NamedRange,
    /// Anything: the name itself is named.
    Anything,
}

impl Rule {
    /// Holds **all** answers against the rule: one forbidden address refuses the name, or a client could be led
    /// to it by the order of the answers.
    pub(super) fn judge(self, allow: &AllowList, found: &[IpAddr]) -> Result<(), Barred> {
        let good = |address: &IpAddr| match self {
            Rule::PublicOrNamed => is_public(*address) || allow.covers(*address),
            Rule::NamedRange => allow.covers(*address),
            Rule::Anything => true,
        };
        if found.iter().all(good) {
            Ok(())
        } else {
            Err(Barred::Address)
        }
    }
}

/// The resolver inside the client: it runs again for each connection, so a name that changes its mind between
/// check and connect gains nothing.
pub(super) struct Guard {
    pub(super) directory: Arc<dyn Directory>,
    pub(super) allow: Arc<AllowList>,
    pub(super) rule: Rule,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.directory.lookup(name.as_str());
        let (allow, rule) = (Arc::clone(&self.allow), self.rule);
        Box::pin(async move {
            let found = lookup.await?;
            rule.judge(&allow, &found).map_err(BarredByGuard)?;
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

/// Carries the refusal through the layers of the client.
#[derive(Debug)]
pub(super) struct BarredByGuard(pub(super) Barred);

impl fmt::Display for BarredByGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for BarredByGuard {}
