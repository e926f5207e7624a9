//! Network settings, firewalls, name resolution.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<String> {
    let changes = match leaf.name().as_str() {
        "iptables" | "ip6tables" | "nft" | "pfctl" | "ipfw" | "iptables-restore" | "ebtables" => {
            !leaf.has_arg(&["-L", "list", "-S", "-s"])
        }
        "ufw" | "firewall-cmd" => !leaf.has_arg(&["status", "--list-all", "--state"]),
        "ip" => leaf.has_arg(&[
            "add", "del", "delete", "set", "flush", "down", "up", "change", "replace",
        ]),
        "route" => leaf.has_arg(&["add", "del", "delete", "flush"]),
        "ifconfig" => leaf.args().len() > 1,
        "nmcli" | "networksetup" | "netsh" => {
            leaf.has_arg_start("-set")
                || leaf.has_arg(&[
                    "off",
                    "down",
                    "delete",
                    "modify",
                    "add",
                    "set",
                    "advfirewall",
                    "disconnect",
                ])
        }
        "scutil" => leaf.has_arg(&["--set"]),
        "tc" | "arpspoof" | "ettercap" | "bettercap" | "tcpdump" | "tshark" | "wireshark" => true,
        _ => false,
    };
    changes.then(|| format!("`{}` changes or listens to the network.", leaf.name()))
}
