//! The sessions in the window: branches, search, the trash and back.

use serde_json::json;

use crate::app::{App, Home};
use crate::desktop::{Desktop, wait_for};

#[test]
fn what_was_said_is_found_on_every_branch_and_comes_back_from_the_trash() {
    let desktop = Desktop::start("shelf");
    let home = Home::new("provider = \"offline\"\n");
    let app = App::start(&desktop, &home, &[]);
    app.type_and_send("what is in README");
    say_instead(&app, "list the files here");
    app.wait_for_text("[data-testid=fork]", "2/2");
    // It is there again when the turn has ended.
    app.wait_for_css("[data-testid=edit-message]");
    click(&app, "[data-testid=fork-back]", "");
    app.wait_for_text("[data-testid=fork]", "1/2");
    app.wait_for_text("[data-role=user]", "what is in README");

    let script = "const field = document.querySelector('[data-testid=session-search]');
        field.value = 'list the files';
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    app.execute(script, vec![]);
    app.wait_for_text("[data-testid=search-hit]", "on another branch");
    desktop.screenshot("search");
    click(&app, "[data-testid=search-hit]", "on another branch");
    app.wait_for_css("[data-found]");
    app.wait_for_text("[data-testid=fork]", "2/2");
    desktop.screenshot("found");

    click(&app, "[aria-label='End the search']", "");
    let script = "document.querySelector('[data-testid=session-item]')
        .dispatchEvent(new KeyboardEvent('keydown', { key: 'Delete', bubbles: true }))";
    app.execute(script, vec![]);
    app.wait_for_text("[data-testid=banner]", "in the trash");
    app.wait_for_text("[data-testid=shelf-trashed]", "1");
    click(&app, "[data-testid=banner] button", "Undo");
    app.wait_for_text("[data-testid=session-item]", "README");
}

/// Edits the last message once its turn has ended, and sends it again.
fn say_instead(app: &App, text: &str) {
    app.wait_for_css("[data-testid=edit-message]");
    click(app, "[data-testid=edit-message]", "");
    let composer = "document.querySelector('[data-testid=composer-input]')";
    wait_for("the message to wait in the composer", || {
        let value = app.execute(&format!("return {composer}.value"), vec![]);
        (value != "").then_some(())
    });
    app.execute(&format!("{composer}.select()"), vec![]);
    app.type_and_send(text);
}

/// Clicks the first element of this kind that holds the words.
fn click(app: &App, css: &str, words: &str) {
    let script = "[...document.querySelectorAll(arguments[0])]
        .find(element => element.innerText.includes(arguments[1])).click()";
    app.execute(script, vec![json!(css), json!(words)]);
}
