//! Things that would run again later, by themselves.

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
    let stays = match leaf.name().as_str() {
        "crontab" => !leaf.has_arg(&["-l"]),
        "at" | "batch" | "atq" | "anacron" | "schtasks" | "chkconfig" | "update-rc.d"
        | "rc-update" => true,
        "systemctl" => {
            leaf.has_arg(&[
                "enable",
                "daemon-reload",
                "edit",
                "link",
                "set-default",
                "preset",
            ]) || leaf.has_arg(&["start"]) && leaf.has_arg(&["--user"])
        }
        "systemd-run" | "busybox" if leaf.has_arg(&["--install"]) => true,
        "systemd-run" => true,
        "git" => leaf.has_arg(&["maintenance"]) && leaf.has_arg(&["start", "register"]),
        "launchctl" => leaf.has_arg(&["load", "bootstrap", "enable", "submit"]),
        "loginctl" => leaf.has_arg(&["enable-linger"]),
        "update-alternatives" | "dpkg-divert" | "ldconfig" | "git-hook" | "defaults" => true,
        "ssh-copy-id" | "ssh-keygen" => true,
        "reg" | "regedit" | "set-itemproperty" | "new-service" => true,
        "gh" => {
            leaf.has_arg(&["alias", "extension"]) && leaf.has_arg(&["set", "import", "install"])
        }
        "direnv" => leaf.has_arg(&["allow"]),
        "pm2" | "supervisorctl" => leaf.has_arg(&["start", "startup", "save"]),
        "chsh" | "usermod" => true,
        _ => false,
    };
    stays.then(|| {
        format!(
            "`{}` arranges that something runs later, or opens a door for later.",
            leaf.name()
        )
    })
}
