//! A machine that lacks something: a microphone, a session bus, a display, a
//! speech model that can be read, a disk with room. Each is said in the window
//! with something to do about it, and what does not need it goes on.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use crate::app::{App, Home, app_pid, built};
use crate::desktop::{Desktop, wait_for};

/// The agent answers what is typed, whatever else is broken.
fn still_answers(app: &App) {
    app.type_and_send("list the files");
    app.wait_for_css("[data-role=assistant]");
}

/// Holds the key of the window until the microphone has failed; what is said.
fn trouble_with_the_microphone(app: &App) -> String {
    app.invoke("voice_press", json!({})).unwrap();
    app.wait_for_css("[data-testid=voice-error]")
}

#[test]
fn without_a_microphone_the_window_says_so_and_typing_works() {
    let desktop = Desktop::start("no-microphone");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start(&desktop, &home, &[("PULSE_SERVER", "unix:/nowhere/at-all")]);
    let said = trouble_with_the_microphone(&app);
    desktop.screenshot("said");
    assert!(said.to_lowercase().contains("microphone"), "{said}");
    still_answers(&app);
}

#[test]
fn a_microphone_that_another_program_holds_is_named() {
    let desktop = Desktop::start("held-microphone");
    let home = Home::new("provider = \"offline\"\n");
    desktop.microphone.fall_silent().unwrap();
    let app = App::start(&desktop, &home, &[]);
    let said = trouble_with_the_microphone(&app);
    desktop.screenshot("said");
    assert!(said.to_lowercase().contains("microphone"), "{said}");
    still_answers(&app);
}

#[test]
fn a_speech_model_that_is_none_is_named() {
    let desktop = Desktop::start("corrupt-model");
    let home = Home::new("provider = \"offline\"\n");
    let model = home.path().join("ggml-broken.bin");
    std::fs::write(&model, [0x6d; 4096]).unwrap();
    home.set("speech_model", &model.display().to_string());
    let app = App::start(&desktop, &home, &[]);
    app.invoke("voice_press", json!({})).unwrap();
    app.wait_for_css("[data-testid=voice-state][data-ready=true]");
    desktop.microphone.say("redo that").unwrap();
    app.invoke("voice_release", json!({})).unwrap();
    let said = app.wait_for_css("[data-testid=voice-error]");
    desktop.screenshot("said");
    assert!(said.contains("ggml-broken.bin"), "{said}");
    still_answers(&app);
}

#[test]
fn without_a_session_bus_the_window_says_what_is_missing() {
    let desktop = Desktop::start("no-bus");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start(
        &desktop,
        &home,
        &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at-all")],
    );
    app.wait_for_text("body", "D-Bus");
    desktop.screenshot("said");
    still_answers(&app);
    let pid = app_pid(&home);
    let window = desktop.wait_for_window("Familiar");
    desktop.close(&window);
    // Nothing could bring it back: no tray, and no way to find it.
    wait_for("the app to end with its window", || {
        (app_pid(&home) != pid).then_some(())
    });
}

#[test]
fn without_a_display_the_app_says_so_and_ends() {
    let home = Home::new("");
    for (display, said) in [(None, "no display"), (Some(":4711"), "`:4711`")] {
        let mut command = Command::new(built("FAMILIAR_BIN", "familiar"));
        command
            .env("FAMILIAR_HOME", home.path())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .envs(display.map(|display| ("DISPLAY", display)));
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(said) && text.contains("hint:"), "{text}");
    }
}

#[test]
fn a_wrong_key_is_named_and_a_better_one_goes_on() {
    let desktop = Desktop::start("wrong-key");
    let server = ModelServer::start_blocking(vec![
        Reply::status(401).with_error("authentication_error"),
        Reply::text("That key fits."),
    ]);
    let home = Home::new("provider = \"anthropic\"\n");
    let url = server.base_url();
    let environment = [
        ("ANTHROPIC_API_KEY", "wrong-key-of-the-test"),
        ("ANTHROPIC_BASE_URL", url.as_str()),
    ];
    let app = App::start(&desktop, &home, &environment);
    app.type_and_send("hello");
    let said = app.wait_for_css("[data-testid=turn-error]");
    assert!(said.to_lowercase().contains("key"), "{said}");
    assert!(!app.texts("body").concat().contains("wrong-key-of-the-test"));
    desktop.screenshot("said");
    app.type_and_send("hello again");
    app.wait_for_text("[data-role=assistant]", "That key fits.");
}

#[test]
fn a_disk_that_fills_up_costs_no_acknowledged_message() {
    let desktop = Desktop::start("full-disk");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start_through(&on_a_disk(&home, "size=8M"), &desktop, &home, &[]);
    app.type_and_send("list the files");
    app.wait_for_css("[data-role=assistant]");
    let data = data_of(&home);
    let filler = data.join("filler");
    fill(&filler);
    let session = sessions(&app)[0]["id"].clone();
    let submit = json!({ "sessionId": session, "text": "what is in README", "origin": "typed" });
    let error = app.invoke("session_submit", submit.clone()).unwrap_err();
    assert_eq!(error["kind"], json!("disk"), "{error}");
    assert!(!error["hints"].as_array().unwrap().is_empty(), "{error}");
    app.type_and_send("what is in README");
    wait_for("the window to say that the disk is full", || {
        let text = app.texts("body").concat().to_lowercase();
        (text.contains("disk") && text.contains("full")).then_some(())
    });
    desktop.screenshot("said");
    std::fs::remove_file(&filler).unwrap();
    app.invoke("session_submit", submit).unwrap();
    wait_for("the turn after room was made", || {
        let view = app
            .invoke("session_open", json!({ "sessionId": session }))
            .ok()?;
        let messages = view["messages"].as_array()?.len();
        (messages >= 4).then_some(())
    });
}

#[test]
fn a_disk_that_cannot_be_written_is_said_at_the_start() {
    let desktop = Desktop::start("read-only-disk");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start_through(&on_a_disk(&home, "ro"), &desktop, &home, &[]);
    app.wait_for_text("body", "Sessions of this run are not kept");
    desktop.screenshot("said");
    still_answers(&app);
}

fn sessions(app: &App) -> Vec<Value> {
    let page = app.invoke("shelf", json!({ "query": {} })).unwrap();
    page["entries"].as_array().unwrap().clone()
}

/// A program that gives the data folder a disk of its own, which nobody else
/// sees, and becomes the app.
fn on_a_disk(home: &Home, options: &str) -> PathBuf {
    let data = home.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let program = home.path().join("start.sh");
    let app = built("FAMILIAR_BIN", "familiar");
    let script = format!(
        "#!/bin/sh\n\
         [ \"$(id -u)\" = 0 ] || become=\"--user --map-root-user\"\n\
         exec unshare $become --mount sh -c 'mount -t tmpfs -o {options} none {data} && exec \"$0\" \"$@\"' {app} \"$@\"\n",
        data = data.display(),
        app = app.display(),
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

/// The data folder as the app sees it.
fn data_of(home: &Home) -> PathBuf {
    let pid = app_pid(home).unwrap();
    let data = home.path().join("data");
    let inside = data.strip_prefix("/").unwrap();
    Path::new("/proc")
        .join(pid.to_string())
        .join("root")
        .join(inside)
}

/// Writes until not one more byte fits.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    for size in [1 << 16, 1 << 12, 1] {
        while file.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
    }
}
