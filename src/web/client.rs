//! Who is at the other end of the line, as far as that can be believed.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;

/// The client's address: the peer's, or what a trusted proxy in front says.
#[must_use]
pub fn address(req: &HttpRequest, trusted: &[String]) -> Option<IpAddr> {
    let mut address = req.peer_addr()?.ip();
    if trusted.is_empty() || !is_trusted(address, trusted) {
        return Some(address);
    }
    let chain = req
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|h| h.to_str().ok());
    let hops: Vec<IpAddr> = chain
        .flat_map(|h| h.split(','))
        .filter_map(|h| h.trim().parse().ok())
        .collect();
    for hop in hops.into_iter().rev() {
        address = hop;
        if !is_trusted(hop, trusted) {
            break;
        }
    }
    Some(address)
}

/// The address as limits count it: IPv6 by its /64, since one customer has that many.
#[must_use]
pub fn bucket(address: Option<IpAddr>) -> String {
    match address {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let bits = ip.to_bits() & !((1_u128 << 64) - 1);
                format!("{}/64", Ipv6Addr::from_bits(bits))
            }
        },
    }
}

fn is_trusted(address: IpAddr, trusted: &[String]) -> bool {
    trusted.iter().any(|range| match range.split_once('/') {
        None => range.parse::<IpAddr>().is_ok_and(|t| t == address),
        Some((net, bits)) => match (net.parse::<IpAddr>(), bits.parse::<u32>(), address) {
            (Ok(IpAddr::V4(net)), Ok(bits @ 0..=32), IpAddr::V4(ip)) => {
                let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            (Ok(IpAddr::V6(net)), Ok(bits @ 0..=128), IpAddr::V6(ip)) => {
                let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            _ => false,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_of_ipv6_is_one_bucket() {
        let of = |text: &str| bucket(text.parse().ok());
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.1.2.3"), "10.1.2.3");
    }

    #[test]
    fn ranges_cover_what_they_say() {
        let trusted = ["10.0.0.0/8".to_owned(), "::1".to_owned()];
        assert!(is_trusted(
            "10.9.8.7".parse().unwrap_or(IpAddr::V4(0.into())),
            &trusted
        ));
        assert!(!is_trusted(
            "11.0.0.1".parse().unwrap_or(IpAddr::V4(0.into())),
            &trusted
        ));
    }
}
