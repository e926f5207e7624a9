//! Which addresses belong to the internet: the one list that the sandbox's
//! way out and the web tools go by.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// True for an address that anybody on the internet may have. All others,
/// from the special-purpose registries of IANA (RFC 6890 and its updates),
/// are this machine, the house, the cloud's own services, or nothing.
#[must_use]
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,
        // Shared by the customers of a provider: RFC 6598.
        (100, 64..=127, _) => true,
        // Link-local, where clouds keep their metadata.
        (169, 254, _) => true,
        (172, 16..=31, _) => true,
        // IETF protocols, documentation, the old 6to4 relays.
        (192, 0, 0 | 2) | (192, 88, 99) => true,
        (192, 168, _) => true,
        // Azure's own services, at a public-looking address.
        (168, 63, 129) => true,
        // Benchmarks, documentation.
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224.., ..) => true,
        _ => false,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only this block is given out at all; what others stand for, such as an
    // IPv4 address in another spelling, is not asked about.
    let is_given_out = a & 0xe000 == 0x2000;
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() {
        // How a network without IPv4 reaches it: RFC 6052.
        return is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    }
    let is_special = match (a, b) {
        // Protocols, Teredo and benchmarks: all of 2001::/23.
        (0x2001, 0..=0x01ff) => true,
        // Documentation.
        (0x2001, 0x0db8) | (0x3fff, 0..=0x0fff) => true,
        // 6to4: an IPv4 address in another spelling.
        (0x2002, _) => true,
        _ => false,
    };
    is_given_out && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = "\
        0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 \
        127.255.255.254 169.254.169.254 169.254.0.1 168.63.129.16 172.16.0.1 172.31.255.255 192.0.0.1 \
        192.0.0.171 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 \
        198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 \
        255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 \
        ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 \
        2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 \
        fd00:ec2::254 fdff::1 fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 ff02::1 ff0e::1";

    const PUBLIC: &str = "\
        1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 \
        128.0.0.1 169.253.1.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.1.1 192.169.0.1 \
        198.17.0.1 198.20.0.1 203.0.112.1 223.255.255.255 2001:4860:4860::8888 2606:4700::1111 \
        2a00:1450::1 64:ff9b::808:808 2001:200::1 2400:cb00::1 3ffe:ffff::1";

    #[test]
    fn what_is_not_the_internet_is_told_apart() {
        for (list, expected) in [(PRIVATE, false), (PUBLIC, true)] {
            for address in list.split_whitespace() {
                let parsed: Result<IpAddr, _> = address.parse();
                assert_eq!(parsed.map(is_public_address), Ok(expected), "{address}");
            }
        }
    }
}
