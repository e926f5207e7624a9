//! Mode `auto` as a script uses it: what it runs unasked is confined, and
//! what needs more is refused where nobody can be asked.

use testkit::{Reply, Workspace};

use crate::fam::{Fam, bash};
use crate::installed::installed;

#[cfg(target_os = "linux")]
#[test]
fn auto_runs_unasked_behind_walls() {
    let outside = std::path::Path::new("/var/tmp/familiar-it-outside");
    let fam = Fam::new(vec![
        bash("make inside && cat made.txt"),
        bash("make outside"),
        Reply::text("Done."),
    ]);
    let makefile = format!(
        "inside:\n\t@echo made > made.txt\noutside:\n\t@echo x > {}\n",
        outside.display()
    );
    std::fs::write(fam.workspace.path("Makefile"), makefile).unwrap();
    let output = fam.call(&["run", "--permission-mode", "auto", "go"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let requests = fam.server.requests();
    assert_eq!(requests[1].result_texts(), ["made\n"]);
    let refused = requests[2].result_texts().pop().unwrap();
    assert!(refused.contains("Read-only file system"), "{refused}");
    assert!(refused.contains("outside_sandbox"), "{refused}");
    assert!(!outside.exists());
    let made = std::fs::read_to_string(fam.workspace.path("made.txt")).unwrap();
    assert_eq!(made, "made\n");
}

/// Debian's `nobody`.
#[cfg(target_os = "linux")]
const NOBODY: u32 = 65534;

/// Gives everything below a folder to the user, folder included.
#[cfg(target_os = "linux")]
fn give(path: &std::path::Path, user: u32) {
    std::os::unix::fs::lchown(path, Some(user), Some(user)).unwrap();
    if path.is_dir() && !path.is_symlink() {
        for entry in std::fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

/// People are not root, whose tests these often are: their sandbox stands on
/// user namespaces. Where the system forbids those, `auto` is refused.
#[cfg(target_os = "linux")]
#[test]
fn an_ordinary_user_is_confined_or_refused() {
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::process::CommandExt as _;

    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        // Then all tests here are run by an ordinary user.
        return;
    }
    let fam = Fam::new(vec![bash("make"), Reply::text("Done.")]);
    let makefile = "all:\n\
        \t-@echo made > made.txt\n\
        \t-@echo x > /var/tmp/familiar-it-nobody\n\
        \t-@curl -sS -m 5 http://198.51.100.7/\n\
        \t-@cat ~/.ssh/id_ed25519\n\
        \t-@id -u\n";
    std::fs::write(fam.workspace.path("Makefile"), makefile).unwrap();
    // The checkout may lie where others cannot look.
    let programs = tempfile::tempdir().unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(programs.path(), open).unwrap();
    let built = installed("FAM_BIN", "release/fam");
    for name in ["fam", "familiar-confine"] {
        std::fs::copy(built.with_file_name(name), programs.path().join(name)).unwrap();
    }
    let own = Workspace::new().with_file(".ssh/id_ed25519", "hunter2");
    for folder in [own.root(), fam.workspace.root(), fam.home()] {
        give(folder, NOBODY);
    }
    let output = fam
        .command_of(
            &programs.path().join("fam"),
            &["run", "--permission-mode", "auto", "go"],
        )
        .env("HOME", own.root())
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!std::path::Path::new("/var/tmp/familiar-it-nobody").exists());
    if !output.status.success() {
        assert!(errors.contains("sandbox"), "{errors}");
        assert!(!fam.workspace.path("made.txt").exists(), "{errors}");
        return;
    }
    let said = fam.server.requests()[1].result_texts().pop().unwrap();
    assert!(said.contains("Read-only file system"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    assert!(said.contains("65534"), "{said}");
    let made = std::fs::read_to_string(fam.workspace.path("made.txt")).unwrap();
    assert_eq!(made, "made\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_rule_opens_the_sandbox_towards_one_host() {
    let call = |host: &str| {
        let command = "curl -sS http://pack.invalid/; curl -sS http://evil.invalid/; true";
        Reply::tool(
            "bash",
            serde_json::json!({ "command": command, "network": [host] }),
        )
    };
    let script = vec![
        call("pack.invalid"),
        call("evil.invalid"),
        call("10.0.0.1"),
        Reply::text("Done."),
    ];
    let fam = Fam::new(script);
    let settings = "[rules]\nallow = [\"WebFetch(domain:pack.invalid)\"]\n";
    let config = fam.home().join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("settings.toml"), settings).unwrap();
    let output = fam.call(&["run", "--permission-mode", "auto", "go"]);
    // The second call asks, and nobody is there.
    assert_eq!(output.status.code(), Some(3));
    let requests = fam.server.requests();
    let said = requests[1].result_texts().pop().unwrap();
    // It got through to the name server, which knows no such name.
    assert!(said.contains("Familiar: `pack.invalid`: "), "{said}");
    assert!(
        said.contains("The sandbox is not open towards `evil.invalid`."),
        "{said}"
    );
    assert!(
        said.contains("did not let it reach evil.invalid; name a host"),
        "{said}"
    );
    // No rule speaks of the second host.
    let said = requests[2].result_texts().pop().unwrap();
    assert!(said.contains("nobody is here"), "{said}");
    assert!(said.contains("`evil.invalid`"), "{said}");
    let said = requests[3].result_texts().pop().unwrap();
    assert!(said.contains("is an address; name the host"), "{said}");
    let ledger = fam.call(&["audit"]);
    let ledger = String::from_utf8_lossy(&ledger.stdout).into_owned();
    assert!(
        ledger.contains("It is open towards pack.invalid."),
        "{ledger}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_is_there_to_let_it_out() {
    let call = serde_json::json!({ "command": "make", "outside_sandbox": true });
    let fam = Fam::new(vec![Reply::tool("bash", call), Reply::text("A pity.")]);
    std::fs::write(fam.workspace.path("Makefile"), "all:\n\t@touch made\n").unwrap();
    let output = fam.call(&["run", "--permission-mode", "auto", "go"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!fam.workspace.path("made").exists());
}

/// The app looks for its helper beside itself, and for bubblewrap in the
/// system; without one of them mode `auto` would be refused to everybody.
#[test]
fn the_package_brings_the_sandbox_along() {
    let config = include_str!("../../tauri.conf.json");
    let config: serde_json::Value = serde_json::from_str(config).unwrap();
    let package = &config["bundle"]["linux"]["deb"];
    for program in ["fam", "familiar-confine"] {
        let built = package["files"][format!("/usr/bin/{program}")].as_str();
        let built = built.unwrap_or_else(|| panic!("`{program}` is not in the package"));
        assert_eq!(built, format!("target/release/{program}"));
    }
    let needed = package["depends"].as_array().unwrap();
    assert!(needed.iter().any(|name| name == "bubblewrap"), "{needed:?}");
}
