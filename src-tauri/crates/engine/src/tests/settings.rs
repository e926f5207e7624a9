use protocol::{ErrorKind, PermissionMode};

use crate::settings;
use crate::settings::environment::Environment;
use crate::settings::layers::Loaded;
use crate::{Home, Settings, Theme};

fn load(home: &Home) -> Loaded {
    settings::load(home, &Environment::new())
}

/// Saves as a window does that began with what was in force.
fn save(home: &Home, after: &Settings) -> Result<(), protocol::ErrorInfo> {
    settings::save(home, &load(home).settings, after)
}

fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    (folder, home)
}

fn write(home: &Home, text: &str) {
    std::fs::create_dir_all(&home.config).unwrap();
    std::fs::write(home.settings_file(), text).unwrap();
}

#[test]
fn no_file_is_the_first_start() {
    let (_folder, home) = home();
    let loaded = load(&home);
    assert!(loaded.first_start && loaded.notices.is_empty());
    assert_eq!(loaded.settings, Settings::default());
}

#[test]
fn what_is_saved_is_loaded_again() {
    let (_folder, home) = home();
    let settings = Settings {
        provider: "anthropic".into(),
        permission_mode: PermissionMode::Edits,
        microphone: Some("pulse:1".into()),
        theme: Theme::Dark,
        workspace: Some("/tmp/a b".into()),
        ..Settings::default()
    };
    save(&home, &settings).unwrap();
    let loaded = load(&home);
    assert!(!loaded.first_start && loaded.notices.is_empty());
    assert_eq!(loaded.settings, settings);
}

#[test]
fn comments_and_unknown_keys_survive_a_save() {
    let (_folder, home) = home();
    write(
        &home,
        "# mine\nprovider = \"offline\" # for now\nfuture = 1\nmicrophone = \"x\"\n",
    );
    save(
        &home,
        &Settings {
            provider: "anthropic".into(),
            ..Settings::default()
        },
    )
    .unwrap();
    let text = std::fs::read_to_string(home.settings_file()).unwrap();
    assert!(
        text.starts_with("# mine\nprovider = \"anthropic\" # for now\nfuture = 1\n"),
        "{text}"
    );
    assert!(
        !text.contains("microphone"),
        "an unset microphone leaves the file: {text}"
    );
}

#[test]
fn one_wrong_value_costs_only_itself() {
    let (_folder, home) = home();
    write(
        &home,
        "provider = \"offline\"\npermission_mode = \"yolo\"\npet_size = \"big\"\nsounds = false\n",
    );
    let loaded = load(&home);
    assert_eq!(loaded.settings.provider, "offline");
    assert!(!loaded.settings.sounds);
    assert_eq!(loaded.settings.permission_mode, PermissionMode::Ask);
    let named: Vec<_> = loaded
        .notices
        .iter()
        .map(|notice| (notice.kind, notice.message.contains('`')))
        .collect();
    assert_eq!(
        named,
        [(ErrorKind::Config, true), (ErrorKind::Config, true)]
    );
}

#[test]
fn a_file_that_is_no_toml_is_reported_and_set_aside_on_save() {
    let (_folder, home) = home();
    write(&home, "provider = \n[[[");
    let loaded = load(&home);
    assert_eq!(loaded.settings, Settings::default());
    assert_eq!(loaded.notices[0].kind, ErrorKind::Config);
    save(&home, &Settings::default()).unwrap();
    let kept: Vec<_> = std::fs::read_dir(&home.config)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("broken-"))
        .collect();
    assert_eq!(
        std::fs::read_to_string(&kept[0]).unwrap(),
        "provider = \n[[["
    );
    assert!(load(&home).notices.is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_is_a_disk_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("config"),
        "a file where the folder should be",
    )
    .unwrap();
    let error = save(&Home::below(folder.path()), &Settings::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Disk);
    assert!(!error.hints.is_empty());
}

/// What the gate says of a call that writes `secretary.txt`, in a mode that
/// would let it.
fn says_of_a_write(home: &Home) -> &'static str {
    let workspace = tempfile::tempdir().unwrap();
    let root = workspace.path().canonicalize().unwrap();
    let gate = permission::Gate::with_rules(root.clone(), load(home).rules);
    let path = root.join("secretary.txt").display().to_string();
    let call = protocol::ToolCall {
        id: protocol::ToolCallId::from("call-1"),
        name: "write".into(),
        input: serde_json::json!({ "path": path }),
    };
    let plan = permission::CallPlan {
        title: "Create".into(),
        subject: path.clone(),
        question: "Create it?".into(),
        accesses: vec![protocol::Access::Write { path }],
    };
    match gate.judge(&call, &plan, PermissionMode::Edits) {
        permission::Verdict::Allow(_) => "allow",
        permission::Verdict::Ask(_) => "ask",
        permission::Verdict::Deny(_) => "deny",
    }
}

#[test]
fn rules_of_the_file_reach_the_gate_and_a_mistake_never_loosens_it() {
    let cases = [
        ("", "allow", 0),
        ("[rules]\ndeny = [\"Edit(secret*)\"]\n", "deny", 0),
        ("[rules]\nask = [\"Edit\"]\n", "ask", 0),
        ("[rules]\ndeny = [\"Edit(secret*\"]\n", "ask", 1),
        ("[rules]\ndeny = [\"Edit()\"]\n", "ask", 1),
        ("[rules]\ndeny = [\"(secret*)\"]\n", "ask", 1),
        ("[rules]\nallow = [\"Bash(\"]\n", "allow", 1),
        ("[rules]\ndeni = [\"Edit(secret*)\"]\n", "ask", 1),
        ("[rules]\ndeny = \"Edit(secret*)\"\n", "ask", 1),
        ("rules = 3\n", "ask", 1),
        ("[rules\ndeny = [\"Edit(secret*)\"]\n", "ask", 1),
    ];
    for (text, expected, notices) in cases {
        let (_folder, home) = home();
        write(&home, text);
        assert_eq!(says_of_a_write(&home), expected, "{text}");
        let loaded = load(&home);
        assert_eq!(loaded.notices.len(), notices, "{text}");
    }
}

#[test]
fn rules_nobody_could_read_outlive_a_save() {
    let (_folder, home) = home();
    write(&home, "[rules]\ndeni = [\"Edit(secret*)\"] # mine\n");
    let settings = load(&home).settings;
    save(&home, &settings).unwrap();
    let text = std::fs::read_to_string(home.settings_file()).unwrap();
    assert!(text.contains("deni = [\"Edit(secret*)\"] # mine"), "{text}");
    assert_eq!(says_of_a_write(&home), "ask");
}

#[test]
fn rules_are_saved_and_comments_among_them_stay() {
    let (_folder, home) = home();
    write(
        &home,
        "[rules]\n# never\ndeny = [\"Bash(rm *)\"] # really\n",
    );
    let mut settings = load(&home).settings;
    assert_eq!(settings.rules.deny, ["Bash(rm *)".into()]);
    settings.rules.deny.push("Bash(dd *)".into());
    save(&home, &settings).unwrap();
    let text = std::fs::read_to_string(home.settings_file()).unwrap();
    assert!(
        text.contains("# never") && text.contains("# really"),
        "{text}"
    );
    assert_eq!(load(&home).settings.rules, settings.rules);
}

#[test]
fn unknown_keys_are_named_with_what_was_meant_and_kept() {
    let (_folder, home) = home();
    write(&home, "permision_mode = \"plan\"\nfrom_the_future = 1\n");
    let loaded = load(&home);
    let words: Vec<String> = loaded
        .notices
        .iter()
        .map(|notice| format!("{} {}", notice.message, notice.hints[0]))
        .collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(
        words
            .iter()
            .any(|words| words.contains("Did you mean `permission_mode`?"))
    );
    assert!(
        words
            .iter()
            .any(|words| words.contains("`from_the_future`"))
    );
    save(&home, &loaded.settings).unwrap();
    let text = std::fs::read_to_string(home.settings_file()).unwrap();
    assert!(text.contains("from_the_future = 1"), "{text}");
}

#[test]
fn a_budget_that_makes_no_sense_is_no_free_hand() {
    for text in ["daily_budget_usd = -1.0\n", "daily_budget_usd = nan\n"] {
        let (_folder, home) = home();
        write(&home, text);
        let loaded = load(&home);
        assert!(loaded.settings.daily_budget_usd > 0.0, "{text}");
        assert_eq!(loaded.notices.len(), 1, "{text}");
    }
}

/// Guards: owner and rights of the file, and of its folder.
#[cfg(unix)]
#[test]
fn cve_2026_35603_what_anybody_may_write_is_not_the_machines_word() {
    use std::os::unix::fs::PermissionsExt;

    let (_folder, home) = home();
    let file = home.system_settings_file();
    let folder = file.parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(&file, "permission_mode = \"edits\"\n").unwrap();
    let with = |of_folder, of_file| {
        for (path, mode) in [(folder, of_folder), (file.as_path(), of_file)] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        load(&home)
    };
    let kept = with(0o755, 0o644);
    assert_eq!(kept.settings.permission_mode, PermissionMode::Edits);
    for (of_folder, of_file) in [(0o777, 0o644), (0o755, 0o666), (0o775, 0o644)] {
        let loaded = with(of_folder, of_file);
        assert_eq!(loaded.settings.permission_mode, PermissionMode::Ask);
        let said = |notice: &protocol::ErrorInfo| notice.message.contains("changed by others");
        assert!(loaded.notices.iter().any(said), "{:?}", loaded.notices);
    }
}
