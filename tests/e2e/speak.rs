//! The main job, once for real: hold the key, speak, it thinks, asks, acts.

use std::time::Duration;

use serde_json::json;
use testkit::{ModelServer, Reply};

use crate::app::{App, Home};
use crate::desktop::{Desktop, wait_for};

const SPOKEN: &str = "create a file called hello dot text";
const WRITTEN: &str = "Create a file called hello.txt.";
const DIALOG: &str = "Familiar asks for permission";

/// Middle of the dialog's buttons, from its lower right: "Allow once" is the
/// last, "Deny" the first of its row.
const ALLOW_ONCE: (i32, i32) = (-70, -28);
const DENY: (i32, i32) = (-460, -28);

enum Provider {
    Anthropic,
    Offline,
}

/// Holds the hotkey, says the sentence, lets go.
fn hold_and_speak(desktop: &Desktop, app: &App) {
    desktop.xdotool(&["keydown", "ctrl", "keydown", "alt", "keydown", "space"]);
    app.wait_for_css("[data-testid=voice-state][data-ready=true]");
    desktop.microphone.say(SPOKEN).unwrap();
    // The last sample is still on its way through the sound server.
    std::thread::sleep(Duration::from_millis(250));
    desktop.screenshot("1-listening");
    desktop.xdotool(&["keyup", "space", "keyup", "alt", "keyup", "ctrl"]);
}

fn script() -> Vec<Reply> {
    vec![
        Reply::tool(
            "write",
            json!({ "path": "hello.txt", "content": "Hello.\n" }),
        ),
        Reply::text("That is settled: see `hello.txt`."),
    ]
}

/// Runs up to the dialog; the test clicks it.
fn until_the_dialog(name: &str, provider: Provider) -> (Desktop, Home, App, ModelServer, String) {
    let desktop = Desktop::start(name);
    let server = ModelServer::start_blocking(script());
    let id = match provider {
        Provider::Anthropic => "anthropic",
        Provider::Offline => "offline",
    };
    let home = Home::new(&format!("provider = \"{id}\""));
    let app = App::answered_from(&server.base_url(), &desktop, &home, &[]);
    desktop.wait_for_window("Familiar pet");
    // The user works in another window all the while.
    let elsewhere = desktop.focus_elsewhere();
    hold_and_speak(&desktop, &app);
    app.wait_for_text("[data-role=user]", WRITTEN);
    let dialog = desktop.wait_for_window(DIALOG);
    app.wait_for_css("[data-testid=ask-card]");
    desktop.screenshot("2-dialog");
    assert!(
        !home.workspace.path("hello.txt").exists(),
        "nothing is written before the answer"
    );
    drop(elsewhere);
    (desktop, home, app, server, dialog)
}

fn allowed(name: &str, provider: Provider, answer: &str) -> (Desktop, Home, App, ModelServer) {
    let (desktop, home, app, server, dialog) = until_the_dialog(name, provider);
    let elsewhere = desktop.focus_elsewhere();
    desktop.click(&dialog, ALLOW_ONCE);
    wait_for("hello.txt", || home.workspace.read("hello.txt"));
    app.wait_for_text("[data-role=assistant]", answer);
    wait_for("the dialog to go", || {
        desktop.window(DIALOG).is_none().then_some(())
    });
    desktop.screenshot("3-answer");
    wait_for("the pet's moods", || {
        in_order(
            &home.moods(),
            &["listening", "thinking", "waiting", "happy"],
        )
        .then_some(())
    });
    wait_for("the notification", || {
        desktop
            .notifications()
            .contains("Familiar has an answer")
            .then_some(())
    });
    drop(elsewhere);
    (desktop, home, app, server)
}

/// True when `wanted` is a subsequence of `seen`.
fn in_order(seen: &[String], wanted: &[&str]) -> bool {
    let mut seen = seen.iter();
    wanted.iter().all(|mood| seen.any(|other| other == mood))
}

#[test]
fn a_spoken_request_is_asked_about_done_and_answered() {
    let (desktop, home, _app, server) = allowed("model", Provider::Anthropic, "That is settled");
    assert_eq!(
        home.workspace.read("hello.txt").as_deref(),
        Some("Hello.\n")
    );
    assert!(
        desktop
            .notifications()
            .contains("Familiar asks for permission")
    );
    let requests = server.requests();
    assert!(requests[0].last_text().contains(WRITTEN));
    let results = requests[1].tool_results();
    assert_ne!(results[0]["is_error"], json!(true), "{results:?}");
}

#[test]
fn the_offline_commander_does_the_same_without_a_model() {
    let (_desktop, home, _app, server) = allowed("offline", Provider::Offline, "hello.txt");
    assert!(home.workspace.read("hello.txt").is_some());
    assert!(server.requests().is_empty(), "nothing leaves the machine");
}

#[test]
fn a_denied_request_leaves_no_file_and_tells_the_model() {
    let (desktop, home, app, server, dialog) = until_the_dialog("denied", Provider::Anthropic);
    desktop.click(&dialog, DENY);
    app.wait_for_text("[data-role=assistant]", "That is settled");
    desktop.screenshot("3-denied");
    assert!(
        home.workspace.files().is_empty(),
        "{:?}",
        home.workspace.files()
    );
    let results = server.requests()[1].tool_results();
    assert_eq!(results[0]["is_error"], json!(true));
    assert!(
        results[0].to_string().contains("The user said no"),
        "{results:?}"
    );
}
