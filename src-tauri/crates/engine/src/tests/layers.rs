//! Defaults, system, user, project, environment, flags: who wins, and that
//! nothing gets looser by a mistake in any of them.

use std::collections::BTreeMap;

use protocol::{ErrorKind, PermissionMode};
use testkit::Workspace;

use crate::settings;
use crate::settings::environment::Environment;
use crate::settings::layers::Loaded;
use crate::{Engine, Home, Options, SettingLayer, Settings, environment_variables};

struct Machine {
    _folder: tempfile::TempDir,
    home: Home,
    environment: Environment,
}

fn machine(system: &str, user: &str, environment: &[(&str, &str)]) -> Machine {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    for (path, text) in [
        (home.system_settings_file(), system),
        (home.settings_file(), user),
    ] {
        if !text.is_empty() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Machine {
        _folder: folder,
        home,
        environment,
    }
}

impl Machine {
    fn load(&self) -> Loaded {
        settings::load(&self.home, &self.environment)
    }

    fn saved(&self) -> String {
        std::fs::read_to_string(self.home.settings_file()).unwrap_or_default()
    }
}

fn layer_of(loaded: &Loaded, key: &str) -> SettingLayer {
    let origins = loaded.layers.origins(&loaded.settings, &Options::default());
    let origin = origins.iter().find(|origin| origin.key == key);
    origin.expect("every key has an origin").layer
}

#[test]
fn the_strongest_layer_wins_and_is_named() {
    let cases = [
        ("", "", "", "", SettingLayer::Default),
        ("a", "", "", "a", SettingLayer::System),
        ("a", "b", "", "b", SettingLayer::User),
        ("a", "b", "c", "c", SettingLayer::Environment),
        ("", "b", "", "b", SettingLayer::User),
    ];
    let line = |value: &str| match value {
        "" => String::new(),
        value => format!("model = \"{value}\"\n"),
    };
    for (system, user, variable, expected, layer) in cases {
        let machine = machine(&line(system), &line(user), &[("FAMILIAR_MODEL", variable)]);
        let loaded = machine.load();
        assert_eq!(loaded.notices, [], "{system}/{user}/{variable}");
        assert_eq!(loaded.settings.model, expected);
        assert_eq!(layer_of(&loaded, "model"), layer);
    }
}

#[test]
fn variables_of_every_kind_are_read_and_mistakes_named() {
    let machine = machine(
        "",
        "permission_mode = \"plan\"\n",
        &[
            ("FAMILIAR_SOUNDS", "off"),
            ("FAMILIAR_CONTEXT_WINDOW", "1000"),
            ("FAMILIAR_THEME", "dark"),
            ("FAMILIAR_DAILY_BUDGET_USD", "-3"),
            ("FAMILIAR_PET_SIZE", "big"),
            ("FAMILIAR_PERMISSION_MODE", "yolo"),
            ("FAMILIAR_WORKSPACE", "/somewhere"),
        ],
    );
    let loaded = machine.load();
    let settings = &loaded.settings;
    assert!(!settings.sounds);
    assert_eq!(settings.context_window, 1000);
    assert_eq!(settings.theme, crate::Theme::Dark);
    assert_eq!(settings.pet_size, Settings::default().pet_size);
    assert_eq!(settings.permission_mode, PermissionMode::Plan, "not looser");
    assert!(settings.daily_budget_usd > 0.0, "no free hand");
    assert_eq!(settings.workspace, None);
    assert_eq!(loaded.notices.len(), 3, "{:?}", loaded.notices);
}

#[test]
fn no_variable_of_ours_has_the_name_of_a_setting() {
    let names: Vec<String> = environment_variables()
        .into_iter()
        .map(|variable| variable.name)
        .collect();
    assert!(names.contains(&"FAMILIAR_PROVIDER".to_owned()), "{names:?}");
    for taken in ["HOME", "LOG", "BIN", "RUN", "SOAK", "WRITE_BINDINGS"] {
        assert!(!names.contains(&format!("FAMILIAR_{taken}")));
    }
}

#[test]
fn what_the_system_locks_no_later_layer_changes() {
    let system = "model = \"house\"\npermission_mode = \"edits\"\nlocked = [\"model\", \"permission_mode\", \"base_url\", \"modell\"]\n";
    let machine = machine(
        system,
        "model = \"mine\"\npermission_mode = \"bypass\"\nbase_url = \"http://mine\"\n",
        &[("FAMILIAR_MODEL", "theirs")],
    );
    let loaded = machine.load();
    assert_eq!(loaded.settings.model, "house");
    assert_eq!(loaded.settings.base_url, "");
    assert_eq!(loaded.settings.permission_mode, PermissionMode::Edits);
    assert_eq!(loaded.layers.system.loosest, Some(PermissionMode::Edits));
    // The typing mistake, and three values that were passed over.
    assert_eq!(loaded.notices.len(), 4, "{:?}", loaded.notices);

    let mut options = Options {
        model: Some("flag".into()),
        permission_mode: Some(PermissionMode::Bypass),
        ..Options::default()
    };
    let mut notices = Vec::new();
    loaded.layers.keep_to(&mut options, &mut notices);
    assert_eq!(options.model, None);
    assert_eq!(options.permission_mode, Some(PermissionMode::Edits));
    assert_eq!(notices.len(), 2);
    for (change, allowed) in [
        (
            Settings {
                model: "mine".into(),
                ..loaded.settings.clone()
            },
            false,
        ),
        (
            Settings {
                permission_mode: PermissionMode::Auto,
                ..loaded.settings.clone()
            },
            false,
        ),
        (
            Settings {
                permission_mode: PermissionMode::Plan,
                ..loaded.settings.clone()
            },
            true,
        ),
        (
            Settings {
                sounds: false,
                ..loaded.settings.clone()
            },
            true,
        ),
    ] {
        let checked = loaded.layers.check(&loaded.settings, &change);
        assert_eq!(checked.is_ok(), allowed, "{change:?}");
    }
}

#[tokio::test]
async fn sessions_keep_to_the_systems_mode_and_rules() {
    let machine = machine(
        "permission_mode = \"edits\"\nlocked = [\"permission_mode\"]\n[rules]\ndeny = [\"Edit(secret*)\"]\n",
        "permission_mode = \"plan\"\n[rules]\nallow = [\"Edit(secret*)\"]\n",
        &[],
    );
    let workspace = Workspace::new();
    let engine = Engine::open(machine.home.clone(), Options::default())
        .await
        .unwrap();
    let session = engine.start_session(workspace.root()).unwrap().id;
    let refused = engine.set_mode(&session, PermissionMode::Bypass).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Usage);
    engine
        .set_mode(&session, PermissionMode::Edits)
        .await
        .unwrap();
    let origins = engine.setting_origins();
    let mode = origins
        .iter()
        .find(|origin| origin.key == "permission_mode")
        .unwrap();
    assert_eq!(
        (mode.layer, mode.value_text.as_str(), mode.locked),
        (SettingLayer::User, "\"plan\"", true)
    );
    let rules: Vec<(&str, SettingLayer)> = origins
        .iter()
        .filter(|origin| origin.key.starts_with("rules."))
        .map(|origin| (origin.key.as_str(), origin.layer))
        .collect();
    assert_eq!(
        rules,
        [
            ("rules.deny", SettingLayer::System),
            ("rules.allow", SettingLayer::User)
        ]
    );
    // Nothing that the user saves takes the system's rule away.
    let mut settings = engine.settings();
    settings.rules.allow = vec!["Edit".into()];
    engine.update_settings(settings).await.unwrap();
    engine.shutdown().await;
}

#[test]
fn a_systems_file_that_cannot_be_read_asks_about_everything() {
    for system in ["[[[", "locked = 3\n", "[rules]\ndeny = 1\n"] {
        let machine = machine(system, "permission_mode = \"bypass\"\n", &[]);
        let loaded = machine.load();
        assert_eq!(loaded.notices.len(), 1, "{system}: {:?}", loaded.notices);
        let root = std::path::PathBuf::from("/nowhere");
        let gate = permission::Gate::with_rules(root, loaded.rules.clone());
        let call = protocol::ToolCall {
            id: "call".into(),
            name: "write".into(),
            input: serde_json::json!({}),
        };
        let plan = permission::CallPlan {
            title: String::new(),
            subject: String::new(),
            question: String::new(),
            accesses: vec![protocol::Access::Write {
                path: "/nowhere/x".into(),
            }],
        };
        let verdict = gate.judge(&call, &plan, PermissionMode::Bypass);
        assert!(
            matches!(verdict, permission::Verdict::Ask(_)),
            "{system}: {verdict:?}"
        );
    }
    let lost = machine("[[[", "permission_mode = \"bypass\"\n", &[]).load();
    assert_eq!(lost.settings.permission_mode, PermissionMode::Ask);
}

#[test]
fn a_users_mistake_does_not_open_the_systems_looser_value() {
    for user in ["permission_mode = \"yolo\"\n", "permission_mode = 3\n"] {
        let machine = machine("permission_mode = \"bypass\"\n", user, &[]);
        let loaded = machine.load();
        assert_eq!(
            loaded.settings.permission_mode,
            PermissionMode::Ask,
            "{user}"
        );
    }
}

#[test]
fn only_what_was_changed_is_saved() {
    let machine = machine(
        "provider = \"openai\"\n",
        "# mine\nsounds = false\n",
        &[("FAMILIAR_MODEL", "from-environment")],
    );
    let before = machine.load().settings;
    assert_eq!(before.model, "from-environment");
    let mut after = before.clone();
    after.theme = crate::Theme::Dark;
    after.sounds = true;
    settings::save(&machine.home, &before, &after).unwrap();
    assert_eq!(
        machine.saved(),
        "# mine\nsounds = true\nversion = 1\ntheme = \"dark\"\n"
    );
    assert_eq!(machine.load().settings, after);
}

#[tokio::test]
async fn what_could_not_be_saved_is_saved_with_the_next_change() {
    let machine = machine("", "", &[]);
    let blocked = &machine.home.config;
    std::fs::write(blocked, "a file where the folder should be").unwrap();
    let engine = Engine::open(machine.home.clone(), Options::default())
        .await
        .unwrap();
    let mut settings = engine.settings();
    settings.sounds = false;
    assert!(engine.update_settings(settings.clone()).await.is_err());
    assert!(!engine.settings().sounds, "in force all the same");
    std::fs::remove_file(blocked).unwrap();
    settings.notifications = false;
    engine.update_settings(settings).await.unwrap();
    let text = machine.saved();
    assert!(
        text.contains("sounds = false") && text.contains("notifications = false"),
        "{text}"
    );
    engine.shutdown().await;
}

#[test]
fn a_new_file_points_to_its_schema() {
    let machine = machine("", "", &[]);
    let before = machine.load().settings;
    let mut after = before.clone();
    after.flags = BTreeMap::from([("decoys".to_owned(), true)]);
    settings::save(&machine.home, &before, &after).unwrap();
    assert_eq!(
        machine.saved(),
        "#:schema ./settings.schema.json\nversion = 1\n\n[flags]\ndecoys = true\n"
    );
    let schema = std::fs::read_to_string(machine.home.config.join("settings.schema.json"));
    let schema: serde_json::Value = serde_json::from_str(&schema.unwrap()).unwrap();
    assert_eq!(schema, crate::settings_schema());
}

#[test]
fn the_kept_schema_is_that_of_the_types() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../assets/settings.schema.json");
    let mut text = serde_json::to_string_pretty(&crate::settings_schema()).unwrap();
    text.push('\n');
    if std::env::var_os("FAMILIAR_WRITE_BINDINGS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "assets/settings.schema.json is out of date: run `cargo xtask bindings`"
    );
}
