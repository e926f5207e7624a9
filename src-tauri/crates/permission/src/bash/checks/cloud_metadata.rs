//! Addresses and sockets that hand out rights: the metadata of a cloud
//! machine, the socket of a container engine, stored logins.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::Leaf;
use crate::bash::word::Live;

const ADDRESSES: &[&str] = &[
    "169.254.169.254",
    "169.254.170.2",
    "169.254.169.253",
    "metadata.google.internal",
    "metadata.azure",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "0xa9fea9fe",
    "2852039166",
    "instance-data",
    "/computemetadata/",
    "/latest/meta-data",
    "/latest/user-data",
    "/latest/api/token",
    "/metadata/identity",
    "/metadata/instance",
];
/// They ask a server that anybody may own.
const RESOLVERS: &[&str] = &[
    "dig",
    "nslookup",
    "host",
    "drill",
    "kdig",
    "delv",
    "resolvectl",
    "ping",
    "ping6",
    "getent",
    "traceroute",
    "avahi-resolve",
    "systemd-resolve",
    "mtr",
    "fping",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if reading.listed || leaf.is(&["git", "echo", "gh"]) {
            continue;
        }
        let metadata = leaf.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            ADDRESSES.iter().any(|address| text.contains(address))
        });
        if metadata {
            hits.danger(
                leaf.span,
                "It asks the machine's cloud, which hands out access keys.",
            );
        }
        if logs_in(leaf) {
            hits.danger(
                leaf.span,
                "It uses stored logins or a socket of the system.",
            );
        }
        let named = leaf.args().iter().any(|word| {
            word.live
                .iter()
                .any(|live| matches!(live, Live::Parameter(_)))
        });
        if named && leaf.is(RESOLVERS) {
            hits.danger(
                leaf.span,
                "It sends a variable away as the name of a machine.",
            );
        }
    }
}

fn logs_in(leaf: &Leaf) -> bool {
    let client = leaf.is(&["curl", "wget", "curlie", "http", "https", "xh"]);
    let named = leaf.args().iter().any(|word| word.text.ends_with(".sock"));
    let options = leaf.long("netrc")
        || leaf.long("netrc-file")
        || leaf.long("netrc-optional")
        || leaf.long("unix-socket")
        || leaf.long("abstract-unix-socket")
        || leaf.is(&["curl"]) && leaf.options().any(|word| cluster(&word.text, 'n'));
    client && (named || options)
        || names::NETWORK.contains(&leaf.name().as_str())
            && named
            && leaf.is(&["nc", "ncat", "socat"])
}

/// The letter in a cluster without values: `-sn`.
fn cluster(text: &str, letter: char) -> bool {
    let letters = text.strip_prefix('-').unwrap_or_default();
    letters.contains(letter) && letters.chars().all(|c| "sSfLnkgIvi#0146".contains(c))
}
