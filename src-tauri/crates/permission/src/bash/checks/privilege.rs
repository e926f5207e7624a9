//! More rights than the user gave, or a way out of a container.

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
    let name = leaf.name();
    let gains = match name.as_str() {
        "sudo" | "su" | "doas" | "pkexec" | "run0" | "sudoedit" | "visudo" | "gksudo" | "kdesu"
        | "runuser" | "gosu" | "runas" | "dzdo" | "su-exec" | "sg" | "systemd-nspawn"
        | "nspawn" | "setuidgid" | "s6-setuidgid" | "chpst" | "userdbctl" | "newuidmap" => true,
        "passwd" | "chpasswd" | "useradd" | "adduser" | "userdel" | "deluser" | "usermod"
        | "groupadd" | "gpasswd" | "vipw" | "newgrp" | "dscl" | "vigr" => true,
        "setcap" | "capsh" | "nsenter" | "unshare" | "chroot" | "pivot_root" | "setpriv"
        | "umount" | "bpftool" => true,
        "mount" => !leaf.args().is_empty(),
        "gdb" | "lldb" | "strace" => leaf.short('p'),
        "docker" | "podman" | "nerdctl" | "ctr" => escapes(leaf),
        "kubectl" => leaf.has_arg(&[
            "exec",
            "proxy",
            "port-forward",
            "edit",
            "patch",
            "run",
            "debug",
            "cp",
        ]),
        "lxc" | "incus"
            if leaf
                .args()
                .iter()
                .any(|word| word.text.contains("privileged")) =>
        {
            true
        }
        "lxc" | "incus" | "machinectl" => leaf.has_arg(&["exec", "shell", "init", "config"]),
        "install" => leaf.args().iter().any(|word| {
            word.text.starts_with("-m4") || word.text.starts_with("4") && word.text.len() == 4
        }),
        _ => false,
    };
    gains.then(|| format!("`{name}` acts with other or more rights."))
}

fn escapes(leaf: &Leaf) -> bool {
    leaf.args().iter().any(|word| {
        let text = word.text.as_str();
        let mounts = text.starts_with("/:")
            || text.contains("=/:")
            || text.contains("docker.sock")
            || text.contains("source=/,")
            || text.contains("src=/,")
            || text.starts_with("/etc")
            || text.starts_with("/root")
            || text.starts_with("~")
            || text.starts_with("$HOME");
        mounts
            || text.starts_with("--privileged")
            || text.starts_with("--cap-add")
            || text.starts_with("--pid=host")
            || text.starts_with("--net=host")
            || text.starts_with("--network=host")
            || text.starts_with("--device")
            || text.starts_with("--security-opt")
            || text.starts_with("--userns=host")
            || text.starts_with("--ipc=host")
    })
}
