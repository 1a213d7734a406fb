//! Targets that the person who runs the server has named (`LOGGIA_OUTBOUND_ALLOW`).

use std::net::IpAddr;

use url::{Host, Url};

use super::address::contains;

/// Named targets: each may be private, plain http and on any port. Empty unless somebody fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// A name, compared label by label (never as an ending), with or without a port.
    Name(String, Option<u16>),
    /// Addresses, with or without a port. With a port it covers addresses that stand in the URL itself only.
    Net(IpAddr, u8, Option<u16>),
}

/// An entry that is none of host, host:port, address, address:port, range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a host, a host with port, an address nor a range such as 10.0.0.0/8")]
pub struct AllowProblem(pub String);

impl AllowList {
    /// Reads entries separated by commas or white space: `hooks.intern`, `hooks.intern:8080`, `10.1.2.3`,
    /// `127.0.0.1:9000`, `[::1]:9000`, `10.0.0.0/8`, `fd00::/8`.
    pub fn parse(text: &str) -> Result<Self, AllowProblem> {
        text.split([',', ' ', '\t', '\n', '\r'])
            .filter(|entry| !entry.is_empty())
            .map(|entry| read(entry).ok_or_else(|| AllowProblem(entry.to_owned())))
            .collect::<Result<_, _>>()
            .map(AllowList)
    }

    /// A list that names nothing but where this address leads.
    pub(super) fn only(url: &Url) -> Result<Self, AllowProblem> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        Self::parse(&format!("{host}:{port}"))
    }

    /// Whether a host, as it stands in a URL, is named for this port.
    pub(super) fn names(&self, host: &Host<&str>, port: u16) -> bool {
        self.0.iter().any(|entry| match (entry, host) {
            (Entry::Name(name, only), Host::Domain(domain)) => {
                name == trim_dot(domain) && only.is_none_or(|only| only == port)
            }
            (Entry::Net(net, prefix, only), Host::Ipv4(ip)) => {
                contains(*net, *prefix, IpAddr::V4(*ip)) && only.is_none_or(|only| only == port)
            }
            (Entry::Net(net, prefix, only), Host::Ipv6(ip)) => {
                contains(*net, *prefix, IpAddr::V6(*ip)) && only.is_none_or(|only| only == port)
            }
            _ => false,
        })
    }

    /// Whether any range (without port) is named.
    pub(super) fn has_ranges(&self) -> bool {
        self.0
            .iter()
            .any(|entry| matches!(entry, Entry::Net(_, _, None)))
    }

    /// Whether an address to which a name led lies in a named range (without port).
    pub(super) fn covers(&self, address: IpAddr) -> bool {
        self.0
            .iter()
            .any(|entry| matches!(entry, Entry::Net(net, prefix, None) if contains(*net, *prefix, address)))
    }
}

fn trim_dot(domain: &str) -> &str {
    domain.strip_suffix('.').unwrap_or(domain)
}

fn read(entry: &str) -> Option<Entry> {
    if let Ok(ip) = entry.parse::<IpAddr>() {
        return Some(Entry::Net(ip, full(ip), None));
    }
    if let Some((net, prefix)) = entry.split_once('/') {
        let net: IpAddr = net.parse().ok()?;
        let prefix: u8 = prefix.parse().ok()?;
        return (prefix <= full(net)).then_some(Entry::Net(net, prefix, None));
    }
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) => (
            host,
            Some(port.parse::<u16>().ok().filter(|port| *port != 0)?),
        ),
        None => (entry, None),
    };
    match Host::parse(host).ok()? {
        Host::Domain(name) => Some(Entry::Name(trim_dot(&name).to_owned(), port)),
        Host::Ipv4(ip) => Some(Entry::Net(ip.into(), 32, port)),
        Host::Ipv6(ip) => Some(Entry::Net(ip.into(), 128, port)),
    }
}

fn full(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(list: &str, host: &str, port: u16) -> bool {
        let list = AllowList::parse(list).expect("a list");
        let url = url::Url::parse(&format!("http://{host}/")).expect("a host");
        list.names(&url.host().expect("a host"), port)
    }

    #[test]
    fn one_address_names_nothing_else() {
        for (address, same, other) in [
            (
                "https://s3.example/x",
                "https://s3.example",
                "http://s3.example",
            ),
            (
                "http://127.0.0.1:9000",
                "http://127.0.0.1:9000",
                "http://127.0.0.1:9001",
            ),
            (
                "http://[::1]:9000",
                "http://[::1]:9000",
                "http://127.0.0.1:9000",
            ),
        ] {
            let list = AllowList::only(&Url::parse(address).unwrap()).unwrap();
            let names = |text: &str| {
                let url = Url::parse(text).unwrap();
                list.names(&url.host().unwrap(), url.port_or_known_default().unwrap())
            };
            assert!(names(same) && !names(other), "{address}");
        }
    }

    #[test]
    fn names_are_compared_label_by_label() {
        assert!(named("hooks.intern", "HOOKS.intern.", 1234));
        assert!(named("bücher.example", "xn--bcher-kva.example", 80));
        for other in [
            "evil-hooks.intern",
            "hooks.intern.evil.example",
            "a.hooks.intern",
            "intern",
        ] {
            assert!(!named("hooks.intern", other, 80), "{other}");
        }
    }

    #[test]
    fn a_port_narrows_an_entry() {
        assert!(named("hooks.intern:8080", "hooks.intern", 8080));
        assert!(!named("hooks.intern:8080", "hooks.intern", 80));
        assert!(named("127.0.0.1:9000", "127.0.0.1", 9000));
        assert!(!named("127.0.0.1:9000", "127.0.0.1", 9001));
        assert!(named("[::1]:9000, 10.0.0.0/8", "[::1]", 9000));
        assert!(named("[::1]:9000 10.0.0.0/8", "10.77.1.1", 25));
        assert!(!named("10.0.0.0/8", "11.0.0.1", 80));
        assert!(
            !AllowList::parse("127.0.0.1:9000")
                .expect("a list")
                .covers([127, 0, 0, 1].into())
        );
        assert!(
            AllowList::parse("127.0.0.1")
                .expect("a list")
                .covers([127, 0, 0, 1].into())
        );
    }

    #[test]
    fn what_is_not_an_entry_is_named() {
        for bad in [
            "http://x",
            "10.0.0.0/33",
            "x:0",
            "x:99999",
            "a b/c",
            "fd00::/129",
            "x:",
        ] {
            assert!(AllowList::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            AllowList::parse(" , ").expect("empty"),
            AllowList::default()
        );
    }
}
