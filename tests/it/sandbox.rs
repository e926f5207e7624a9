//! Mode `auto` as a script uses it: what it runs unasked is confined, and
//! what needs more is refused where nobody can be asked.

use testkit::Reply;

use crate::fam::{Fam, bash};

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
