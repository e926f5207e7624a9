//! Who may do what, in the window: the card, rules, trust, modes, the ledger.

use serde_json::json;
use testkit::{ModelServer, Reply};

use crate::app::{App, Home, built};
use crate::desktop::{Desktop, wait_for};

fn touch(name: &str) -> Reply {
    Reply::tool("bash", json!({ "command": format!("touch {name}") }))
}

fn saved_rules(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("config/settings.toml")).unwrap()
}

/// Scrolls there. The page holds on to the section it was opened at until a
/// key is pressed.
#[test]
fn an_answer_becomes_a_rule_that_is_listed_tried_and_taken_back() {
    let desktop = Desktop::start("rules");
    let server = ModelServer::start_blocking(vec![
        touch("one.txt"),
        Reply::text("First is made."),
        touch("one.txt"),
        Reply::text("Again is made."),
    ]);
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);

    app.type_and_send("make it");
    app.wait_for_css("[data-testid=ask-card][data-armed=true]");
    app.click("[data-testid=ask-always]");
    app.wait_for_css("[data-testid=ask-allow-project]");
    desktop.screenshot("card");
    app.click("[data-testid=ask-allow-project]");
    app.wait_for_text("[data-role=assistant]", "First is made.");
    let rules = saved_rules(&home);
    assert!(rules.contains("Bash(touch one.txt)"), "{rules}");
    assert!(rules.contains("project ="), "{rules}");

    app.type_and_send("make it again");
    app.wait_for_text("[data-role=assistant]", "Again is made.");

    app.type_and_send("/permissions");
    app.wait_for_text("[data-testid=rule]", "used 1 time");
    app.execute(
        "const field = document.querySelector('[data-testid=policy-what]');\
         field.value = arguments[0];\
         field.dispatchEvent(new Event('input', { bubbles: true }));\
         field.form.requestSubmit();",
        vec![json!("rm -rf ~")],
    );
    app.wait_for_css("[data-testid=policy-answer]:not([data-decision=allow])");
    desktop.screenshot("permissions");
    app.bring_into_sight("[data-testid=policy-answer]");
    desktop.screenshot("tried");
    app.click("[data-testid=rule-remove]");
    wait_for("the rule to go", || {
        (!saved_rules(&home).contains("Bash(touch one.txt)")).then_some(())
    });
}

#[test]
fn a_folder_shows_what_it_brings_before_it_is_trusted() {
    let desktop = Desktop::start("trust");
    let server = ModelServer::start_blocking(Vec::<Reply>::new());
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");
    let servers = r#"{"mcpServers": {"tickets": {"command": "npx", "args": ["tickets-mcp"]}}}"#;
    std::fs::write(home.workspace.path(".mcp.json"), servers).unwrap();
    std::fs::write(home.workspace.path("AGENTS.md"), "Be brief.\n").unwrap();
    let app = App::answered_from(&server.base_url(), &desktop, &home, &[]);

    app.wait_for_text("[data-testid=trust-chip]", "Restricted");
    app.click("[data-testid=trust-chip]");
    app.wait_for_text("[data-testid=trust-found]", "npx tickets-mcp");
    desktop.screenshot("asked");
    app.click("[data-testid=trust-give]");
    wait_for("the chip to go", || {
        app.texts("[data-testid=trust-chip]")
            .is_empty()
            .then_some(())
    });

    app.type_and_send("/permissions");
    let root = home.workspace.root().display().to_string();
    app.wait_for_text("[data-testid=trusted]", &root);
    app.bring_into_sight("[data-testid=trusted]");
    desktop.screenshot("list");
}

#[test]
fn what_was_asked_and_decided_is_in_the_ledger() {
    let desktop = Desktop::start("ledger");
    let server = ModelServer::start_blocking(vec![touch("one.txt"), Reply::text("So be it.")]);
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);
    app.type_and_send("make it");
    app.wait_for_css("[data-testid=ask-card][data-armed=true]");
    app.click("[data-testid=ask-deny]");
    app.wait_for_text("[data-role=assistant]", "So be it.");
    assert!(!home.workspace.path("one.txt").exists());

    app.type_and_send("/audit");
    app.wait_for_text("[data-testid=audit-entry]", "touch one.txt");
    app.wait_for_text("[data-testid=audit-chain]", "holds");
    desktop.screenshot("audit");
    let verified = std::process::Command::new(built("FAM_BIN", "fam"))
        .args(["audit", "verify"])
        .env("FAMILIAR_HOME", home.path())
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_command_in_the_sandbox_asks_for_the_host_it_needs() {
    let desktop = Desktop::start("host");
    let call = json!({
        "command": "curl -sS http://crates.invalid/index; touch fetched.txt",
        "network": ["crates.invalid"],
    });
    let server = ModelServer::start_blocking(vec![
        Reply::tool("bash", call),
        Reply::text("It is fetched."),
    ]);
    let settings = "provider = \"anthropic\"\npet_shown = false\npermission_mode = \"auto\"\n";
    let home = Home::new(settings);
    let trusted = std::process::Command::new(built("FAM_BIN", "fam"))
        .args(["trust", "--give"])
        .arg(home.workspace.root())
        .env("FAMILIAR_HOME", home.path())
        .output()
        .unwrap();
    assert!(trusted.status.success(), "{trusted:?}");
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);
    app.type_and_send("fetch it");
    app.wait_for_css("[data-testid=ask-card][data-armed=true]");
    app.wait_for_text("[data-testid=ask-card]", "reaches crates.invalid");
    app.wait_for_text("[data-testid=ask-card]", "stays in the sandbox");
    desktop.screenshot("asked");
    app.click("[data-testid=ask-allow-session]");
    app.wait_for_text("[data-role=assistant]", "It is fetched.");
    let said = server.requests().last().unwrap().result_texts().concat();
    assert!(said.contains("Familiar: `crates.invalid`: "), "{said}");
    assert!(home.workspace.path("fetched.txt").exists());
}
