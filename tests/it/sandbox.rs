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
fn nobody_is_there_to_let_it_out() {
    let call = serde_json::json!({ "command": "make", "outside_sandbox": true });
    let fam = Fam::new(vec![Reply::tool("bash", call), Reply::text("A pity.")]);
    std::fs::write(fam.workspace.path("Makefile"), "all:\n\t@touch made\n").unwrap();
    let output = fam.call(&["run", "--permission-mode", "auto", "go"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!fam.workspace.path("made").exists());
}
