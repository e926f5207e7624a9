//! Tools whose effects reach beyond the workspace, as `fam run` has them: the
//! trash of the desktop, and commands that go on in the background.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::Reply;

use crate::fam::Fam;

#[cfg(target_os = "linux")]
#[test]
fn what_is_deleted_can_be_taken_back_from_the_trash() {
    let fam = Fam::new(vec![
        Reply::tool("delete", json!({ "path": "notes.txt" })),
        Reply::text("Gone."),
    ]);
    let data = tempfile::tempdir_in(fam.home()).unwrap();
    let output = fam
        .command(&["run", "--permission-mode", "bypass", "delete it"])
        .env("XDG_DATA_HOME", data.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let told = fam.server.requests()[1].result_texts();
    assert_eq!(told, ["Moved `notes.txt` to the trash."]);
    assert!(!fam.workspace.path("notes.txt").exists());
    let kept = std::fs::read_to_string(data.path().join("Trash/files/notes.txt")).unwrap();
    assert_eq!(kept, "one\ntwo\n");
    let info = std::fs::read_to_string(data.path().join("Trash/info/notes.txt.trashinfo"));
    assert!(info.unwrap().contains("notes.txt"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_background_job_ends_with_the_program() {
    let fam = Fam::new(vec![
        Reply::tool(
            "bash",
            json!({ "command": "echo $$ > pid; exec sleep 1000", "background": true }),
        ),
        Reply::tool("job_list", json!({})),
        Reply::text("It runs."),
    ]);
    let output = fam.call(&["run", "--permission-mode", "bypass", "start it"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let listed = fam.server.requests()[2].result_texts().pop().unwrap();
    assert!(listed.contains("job-1  running for"), "{listed}");
    let pid = std::fs::read_to_string(fam.workspace.path("pid")).unwrap();
    let process = format!("/proc/{}", pid.trim());
    let patience = Instant::now() + Duration::from_secs(20);
    while Path::new(&process).exists() {
        assert!(Instant::now() < patience, "the job outlives the program");
        std::thread::sleep(Duration::from_millis(20));
    }
}
