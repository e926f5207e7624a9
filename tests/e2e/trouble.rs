//! What does not work is said, with something to do about it, and the app
//! keeps running.

use serde_json::json;
use testkit::model_server::refused_url;

use crate::app::{App, Home, app_pid};
use crate::desktop::{Desktop, wait_for};

#[test]
fn an_unreachable_provider_is_said_and_the_message_kept() {
    let desktop = Desktop::start("unreachable");
    let home = Home::new("provider = \"anthropic\"\n");
    let app = App::answered_from(&refused_url(), &desktop, &home, &[]);
    app.type_and_send("what is in README");
    app.wait_for_text("[data-role=user]", "what is in README");
    app.wait_for_css("[data-testid=turn-error]");
    desktop.screenshot("error");
    // The same window goes on with another provider.
    let state = app.invoke("app_state", json!({})).unwrap();
    let mut settings = state["settings"].clone();
    settings["provider"] = json!("offline");
    app.invoke("settings_update", json!({ "settings": settings }))
        .unwrap();
    app.type_and_send("list the files");
    app.wait_for_css("[data-role=assistant]");
}

#[test]
fn a_broken_settings_file_and_a_missing_speech_model_are_named() {
    let desktop = Desktop::start("broken-settings");
    let home = Home::new("");
    std::fs::write(home.path().join("config/settings.toml"), "provider = [[[").unwrap();
    let app = App::start(&desktop, &home, &[]);
    let state = app.invoke("app_state", json!({})).unwrap();
    let notices = state["notices"].to_string();
    assert!(notices.contains("settings.toml"), "{notices}");
    app.wait_for_text("body", "settings.toml");
    app.invoke("voice_press", json!({})).unwrap();
    app.wait_for_css("[data-testid=voice-state][data-ready=true]");
    desktop.microphone.say("redo that").unwrap();
    app.invoke("voice_release", json!({})).unwrap();
    app.wait_for_css("[data-testid=voice-state][data-state=error]");
    desktop.screenshot("notices");
}

#[test]
fn a_vanished_workspace_is_an_error_with_a_hint() {
    let desktop = Desktop::start("workspace-gone");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start(&desktop, &home, &[]);
    let session = app
        .invoke("session_start", json!({ "workspace": null }))
        .unwrap();
    std::fs::remove_dir_all(home.workspace.root()).unwrap();
    let submit = json!({ "sessionId": session["id"], "text": "list the files", "origin": "typed" });
    let error = app.invoke("session_submit", submit).unwrap_err();
    assert_eq!(error["kind"], json!("workspace_gone"), "{error}");
    assert!(!error["hints"].as_array().unwrap().is_empty());
}

#[test]
fn closing_the_window_releases_the_web_view_and_a_second_start_brings_it_back() {
    let desktop = Desktop::start("closed");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start(&desktop, &home, &[]);
    let window = desktop.wait_for_window("Familiar");
    let pid = app_pid(&home).unwrap();
    assert!(has_web_process(pid), "an open window has a web process");
    desktop.close(&window);
    wait_for("the web process to go", || {
        (!has_web_process(pid)).then_some(())
    });
    assert_eq!(app_pid(&home), Some(pid), "the app lives on");
    desktop.wait_for_window("Familiar pet");
    let mut second = desktop.command(crate::app::built("FAMILIAR_BIN", "familiar"));
    let status = second.env("FAMILIAR_HOME", home.path()).status().unwrap();
    assert!(status.success());
    desktop.wait_for_window("Familiar");
    assert_eq!(app_pid(&home), Some(pid), "there is still one app");
    drop(app);
}

/// Whether a WebKit web process descends from `pid`.
fn has_web_process(pid: u32) -> bool {
    let mut descendants = vec![pid];
    let mut found = false;
    while let Some(parent) = descendants.pop() {
        let list = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))
            .unwrap_or_default();
        for child in list
            .split_whitespace()
            .filter_map(|child| child.parse::<u32>().ok())
        {
            let name = std::fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
            found |= name.starts_with("WebKitWebProces");
            descendants.push(child);
        }
    }
    found
}
