//! Guards of the system turned off.

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
    let off = match leaf.name().as_str() {
        "setenforce" => leaf.has_arg(&["0", "Permissive", "permissive"]),
        "csrutil" | "spctl" => {
            leaf.has_arg_start("disable")
                || leaf.has_arg_start("--master-disable")
                || leaf.has_arg_start("--global-disable")
                || leaf.has_arg(&["--add", "--remove"])
        }
        "auditctl" => ['D', 'e', 'a', 'A'].iter().any(|rule| leaf.short(*rule)),
        "aa-disable" | "aa-complain" | "aa-teardown" | "disable-defender" | "set-mppreference" => {
            true
        }
        "tccutil" | "fdesetup" | "nvram" | "bputil" | "bcdedit" | "vssadmin" => true,
        "apparmor_parser" => leaf.short('R'),
        "git" => leaf.args().iter().any(|word| {
            word.text.to_ascii_lowercase().contains("sslverify=false")
                || word.text.eq_ignore_ascii_case("http.sslverify")
        }),
        "npm" | "yarn" => leaf.has_arg(&["strict-ssl"]),
        "curl" => leaf.short('k') || leaf.long("insecure"),
        "wget" => leaf.long("no-check-certificate"),
        "export" => leaf.args().iter().any(|word| {
            word.text.starts_with("NODE_TLS_REJECT_UNAUTHORIZED")
                || word.text.starts_with("PYTHONHTTPSVERIFY")
        }),
        "keytool" | "update-ca-certificates" | "update-ca-trust" | "trust" => true,
        _ => false,
    };
    off.then(|| format!("`{}` turns off a guard.", leaf.name()))
}
