//! Processes and the machine itself: ended, stopped, restarted.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

/// Verbs of service managers that end or hold back something.
const STOPS: &str = "stop disable mask kill restart isolate poweroff reboot halt suspend hibernate unload bootout \
    rescue emergency delete";

/// Programs of administrators that change the machine, its users or guards.
const ADMIN: &str = "groupdel groupmod pwconv grpconv newusers semanage setsebool faillock ipmitool efivar \
    mkcert kextload kextunload dseditgroup sysadminctl systemsetup installer pkgutil softwareupdate sharing \
    deltree diskpart fsutil auditpol manage-bde wmic msiexec setx cipher wevtutil schtasks wsl";

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<String> {
    let name = leaf.name();
    let ends = match name.as_str() {
        "shutdown" | "reboot" | "halt" | "poweroff" | "killall" | "killall5" | "pkill"
        | "skill" | "xkill" | "kexec" | "taskkill" | "rfkill" | "chage" | "ifdown" | "rtcwake"
        | "pm-suspend" | "ctrlaltdel" | "kmod" => true,
        "net" | "nmcli" | "ifconfig" => {
            leaf.args().len() > 1 && !leaf.has_arg(&["list", "show", "view", "-a"])
        }
        "fuser" => leaf.short('k'),
        "resolvectl" => leaf.has_arg(&["dns", "domain", "revert", "flush-caches", "default-route"]),
        _ if leaf
            .words
            .first()
            .is_some_and(|word| word.text.starts_with("/etc/init.d/")) =>
        {
            !leaf.has_arg(&["status"])
        }
        "init" | "telinit" => leaf.has_arg(&["0", "1", "6", "s", "S"]),
        "kill" => leaf
            .args()
            .iter()
            .skip(1)
            .chain(leaf.args().first().filter(|_| leaf.args().len() == 1))
            .any(|word| {
                word.text.starts_with('-') && word.text[1..].bytes().all(|b| b.is_ascii_digit())
                    || word.computed()
                    || matches!(word.text.as_str(), "1" | "0" | "--")
            }),
        "dbus-send" => true,
        "busctl" | "gdbus" => leaf.has_arg(&["call", "set-property", "emit"]),
        "launchctl" if leaf.has_arg(&["setenv", "unsetenv"]) => true,
        "sc" if leaf.has_arg(&["create", "config", "start", "failure"]) => true,
        "systemctl" | "service" | "rc-service" | "launchctl" | "initctl" | "sc" => {
            leaf.args().iter().any(|word| among(STOPS, &word.text))
        }
        "loginctl" => leaf.args().iter().any(|word| {
            word.text.starts_with("terminate")
                || word.text.starts_with("kill")
                || word.text == "poweroff"
                || word.text == "reboot"
        }),
        "xdotool" | "ydotool" | "wmctrl" | "xinput" => true,
        "sysctl" => {
            leaf.short('w')
                || leaf.short('p')
                || leaf.long("load")
                || leaf.long("system")
                || leaf.args().iter().any(|word| word.text.contains('='))
        }
        "hwclock" if leaf.long("set") || leaf.short('w') || leaf.short('s') => true,
        "lastlog" => leaf.short('C') || leaf.short('S'),
        "tmutil" => leaf.has_arg_start("delete") || leaf.has_arg_start("disable"),
        "setfattr" => leaf
            .args()
            .iter()
            .any(|word| word.text.contains("security.")),
        "netsh" => leaf.has_arg(&["add", "set", "delete", "export", "key=clear"]),
        "rmmod" | "insmod" | "modprobe" => true,
        "hwclock" | "timedatectl" | "hostnamectl" => leaf
            .args()
            .iter()
            .any(|word| word.text.starts_with("set") || word.text == "--systohc"),
        name => among(ADMIN, name),
    };
    ends.then(|| format!("`{name}` ends processes or changes the running machine."))
}
