use protocol::{ErrorKind, PermissionMode};

use crate::settings::{load, save};
use crate::{Home, Settings, Theme};

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
