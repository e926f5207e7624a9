//! A machine without a keyring: a passphrase locks the key into a file.

use std::path::Path;

use serde_json::json;
use testkit::{ModelServer, Reply};

use crate::app::{App, Home, built};
use crate::desktop::{Desktop, wait_for};

const KEY: &str = "sk-of-a-test-0123456789";
const WORDS: &str = "four badgers read a map";

/// Types into a field and sends its form.
fn fill(app: &App, css: &str, text: &str) {
    app.wait_for_css(css);
    app.execute(
        "const field = document.querySelector(arguments[0]);\
         field.value = arguments[1];\
         field.dispatchEvent(new Event('input', { bubbles: true }));",
        vec![json!(css), json!(text)],
    );
    app.execute(
        "document.querySelector(arguments[0]).form.requestSubmit()",
        vec![json!(css)],
    );
}

fn start(desktop: &Desktop, home: &Home, server: &ModelServer) -> App {
    let url = server.base_url();
    let environment = [
        ("ANTHROPIC_BASE_URL", url.as_str()),
        ("FAMILIAR_FLAGS", "-background_titles"),
    ];
    App::start(desktop, home, &environment)
}

/// Waits for the settings to say so. What the program loads at its start may
/// come after the click that opened them, and show the conversation again.
fn settings_say(app: &App, words: &str) {
    wait_for(words, || {
        let said = app.texts("[data-testid=settings]");
        if said.is_empty() {
            app.click("[data-testid=settings-open]");
        }
        said.iter().any(|text| text.contains(words)).then_some(())
    });
}

fn ask(app: &App, text: &str, answer: &str) {
    app.click("[data-testid=session-new]");
    app.wait_for_css("[data-testid=composer-input]");
    app.type_and_send(text);
    app.wait_for_text("[data-role=assistant]", answer);
}

fn files_with(folder: &Path, text: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_key_is_kept_in_a_file_that_a_passphrase_locks() {
    let desktop = Desktop::start("sealed");
    let answers = ["First.", "Second.", "Third."].map(Reply::text).to_vec();
    let server = ModelServer::start_blocking(answers);
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");

    let app = start(&desktop, &home, &server);
    settings_say(&app, "None yet");
    fill(&app, "[data-testid=key-input]", KEY);
    app.wait_for_css("[data-testid=key-passphrase]");
    app.bring_into_sight("[data-testid=key-passphrase]");
    desktop.screenshot("1-no-keyring");
    fill(&app, "[data-testid=key-passphrase]", WORDS);
    app.wait_for_text("[data-testid=settings]", "Kept in the file of keys");
    ask(&app, "hello", "First.");
    drop(app);

    // After the next start it is locked.
    let app = start(&desktop, &home, &server);
    settings_say(&app, "which is locked");
    app.bring_into_sight("[data-testid=key-passphrase]");
    desktop.screenshot("2-locked");
    fill(&app, "[data-testid=key-passphrase]", "some other words");
    app.wait_for_text("[data-testid=banner]", "does not open");
    fill(&app, "[data-testid=key-passphrase]", WORDS);
    wait_for("the file to open", || {
        app.texts("[data-testid=key-passphrase]")
            .is_empty()
            .then_some(())
    });
    ask(&app, "hello again", "Second.");
    drop(app);

    // In a terminal the environment opens it.
    let fam = |passphrase: &str| {
        std::process::Command::new(built("FAM_BIN", "fam"))
            .args(["run", "hello from the terminal"])
            .current_dir(home.workspace.root())
            .env("FAMILIAR_HOME", home.path())
            .env("ANTHROPIC_BASE_URL", server.base_url())
            .env("FAMILIAR_PASSPHRASE", passphrase)
            .env_remove("ANTHROPIC_API_KEY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()
            .unwrap()
    };
    let refused = fam("some other words");
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("locked") && said.contains("FAMILIAR_PASSPHRASE"),
        "{said}"
    );
    let answered = fam(WORDS);
    let said = String::from_utf8_lossy(&answered.stdout).into_owned();
    assert!(said.contains("Third."), "{said}");

    for request in server.requests() {
        assert_eq!(request.header("x-api-key"), Some(KEY));
    }
    for secret in [KEY, WORDS] {
        assert_eq!(
            files_with(home.path(), secret),
            Vec::<std::path::PathBuf>::new()
        );
    }
}
