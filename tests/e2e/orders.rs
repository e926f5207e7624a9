//! Slash commands in the window: what they show and what they put back.

use crate::app::{App, Home};
use crate::desktop::{Desktop, wait_for};

#[test]
fn what_the_agent_did_is_undone_and_rewound_from_the_window() {
    let desktop = Desktop::start("orders");
    let home = Home::new("provider = \"offline\"\npermission_mode = \"edits\"\n");
    let app = App::start(&desktop, &home, &[]);
    let file = home.workspace.path("notes.txt");
    app.type_and_send("create a file called notes.txt");
    wait_for("the file", || file.exists().then_some(()));
    app.wait_for_text("[data-role=assistant]", "notes.txt");
    app.type_and_send("/undo");
    wait_for("the file to go", || (!file.exists()).then_some(()));
    app.wait_for_text("body", "Removed: notes.txt.");
    app.type_and_send("/redo");
    wait_for("the file to come back", || file.exists().then_some(()));
    app.type_and_send("/rewind");
    app.wait_for_text("[data-testid=rewind-plan]", "notes.txt");
    desktop.screenshot("rewind");
    app.click("[data-testid=rewind-go]");
    wait_for("the file to go again", || (!file.exists()).then_some(()));
    wait_for("the message to wait in the composer", || {
        let script = "return document.querySelector('[data-testid=composer-input]').value";
        (app.execute(script, vec![]) == "create a file called notes.txt").then_some(())
    });
    wait_for("the conversation to be empty", || {
        app.texts("[data-role=user]").is_empty().then_some(())
    });
    app.execute(
        "document.querySelector('[data-testid=composer-input]').select()",
        vec![],
    );
    app.type_and_send("/context");
    app.wait_for_css("[data-testid=context-bar]");
    desktop.screenshot("context");
}
