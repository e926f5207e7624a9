//! A picture on its way from the clipboard to the model, and what the window
//! then shows of the spending and of the flags.

use std::path::Path;

use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use crate::app::{App, Home};
use crate::desktop::{Desktop, wait_for};

#[test]
fn a_picture_is_pasted_sent_and_paid_for() {
    let desktop = Desktop::start("files");
    let server = ModelServer::start_blocking([
        Reply::text("It is the program's own picture."),
        Reply::tool("bash", json!({ "command": "true" })),
        Reply::text("Nothing to do."),
    ]);
    let home = Home::trusting("provider = \"anthropic\"\npermission_mode = \"bypass\"\n");
    // A title would be asked for between the answers of the script.
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);
    desktop.wait_for_window("Familiar pet");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/icons/icon.png");
    let _clipboard = desktop.copy_picture(&picture);
    app.execute(
        "document.querySelector('[data-testid=composer-input]').focus()",
        vec![],
    );
    wait_for("the pasted picture", || {
        desktop.xdotool(&["key", "ctrl+v"]);
        std::thread::sleep(std::time::Duration::from_millis(500));
        (!app.texts("[data-testid=file-draft]").is_empty()).then_some(())
    });
    desktop.screenshot("1-pasted");
    app.type_and_send("What is this?");
    app.wait_for_text("[data-role=assistant]", "own picture");
    desktop.screenshot("2-answered");
    assert!(has_image(&server.requests()[0].body), "no image was sent");

    app.type_and_send("And now?");
    app.wait_for_text("[data-role=assistant]", "Nothing to do.");
    app.type_and_send("/usage");
    app.wait_for_css("[data-testid=usage-turns]");
    desktop.screenshot("3-usage");
    desktop.xdotool(&["key", "Escape"]);

    app.click("[data-testid=settings-open]");
    app.wait_for_css("[data-testid=flag][data-name=voice]");
    app.bring_into_sight("[data-testid=flag][data-name=decoys]");
    desktop.screenshot("4-flags");
    switch(&app, "buddy");
    wait_for("the pet to go", || {
        desktop.window("Familiar pet").is_none().then_some(())
    });
    switch(&app, "buddy");
    desktop.wait_for_window("Familiar pet");
    switch(&app, "voice");
    wait_for("the key to be let go", || {
        let state = app.invoke("app_state", json!({})).unwrap();
        (state["voice"]["hotkey"]["active"] == false).then_some(())
    });
}

/// Turns a flag over once the page takes it.
fn switch(app: &App, flag: &str) {
    let switch = format!("[data-testid=flag][data-name={flag}] [role=switch]:not([disabled])");
    app.wait_for_css(&switch);
    app.click(&switch);
}

fn has_image(body: &Value) -> bool {
    body["messages"][0]["content"]
        .as_array()
        .is_some_and(|parts| parts.iter().any(|part| part["type"] == "image"))
}
