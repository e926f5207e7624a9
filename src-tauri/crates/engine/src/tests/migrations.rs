//! Settings files of other versions: earlier ones are brought forward, later
//! ones read as far as they are known, and neither loses anything.

use crate::settings::environment::Environment;
use crate::settings::layers::Loaded;
use crate::settings::{self, migrate};
use crate::{Home, Settings};

fn home(text: &str) -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    std::fs::create_dir_all(&home.config).unwrap();
    std::fs::write(home.settings_file(), text).unwrap();
    (folder, home)
}

fn load(home: &Home) -> Loaded {
    settings::load(home, &Environment::new())
}

fn mute(home: &Home) -> String {
    let before = load(home).settings;
    let after = Settings {
        sounds: false,
        ..before.clone()
    };
    settings::save(home, &before, &after).unwrap();
    std::fs::read_to_string(home.settings_file()).unwrap()
}

#[test]
fn steps_run_once_in_order_and_keep_comments() {
    fn rename(document: &mut toml_edit::Table) {
        if let Some((key, item)) = document.remove_entry("volume") {
            let key = toml_edit::Key::new("loudness").with_leaf_decor(key.leaf_decor().clone());
            document.insert_formatted(&key, item);
        }
    }
    fn percent(document: &mut toml_edit::Table) {
        if let Some(share) = document.get("loudness").and_then(|item| item.as_float()) {
            document["loudness"] = toml_edit::value((share * 100.0) as i64);
        }
    }
    let cases = [
        (
            "# loud\nvolume = 0.5\nelse = 1\n",
            0,
            "else = 1\n# loud\nloudness = 50\n",
        ),
        (
            "version = 1\nloudness = 0.5\n",
            1,
            "version = 1\nloudness = 50\n",
        ),
        (
            "version = 2\nvolume = 0.5\n",
            2,
            "version = 2\nvolume = 0.5\n",
        ),
        (
            "version = 9\nvolume = 0.5\n",
            9,
            "version = 9\nvolume = 0.5\n",
        ),
    ];
    for (before, version, after) in cases {
        let mut document: toml_edit::DocumentMut = before.parse().unwrap();
        let migrated = migrate::apply(document.as_table_mut(), &[rename, percent]);
        assert_eq!(migrated.from, version);
        assert_eq!(migrated.changed, before != after);
        assert_eq!(document.to_string(), after);
    }
}

#[test]
fn an_old_file_loses_the_defaults_nobody_chose_and_is_kept_once() {
    let old = "provider = \"offline\"\npermission_mode = \"ask\"\npet_size = 112\n# as it is\nvoice_enabled = true\ntheme = \"system\"\nmicrophone = \"x\"\n\n[rules]\ndeny = [\"Edit\"]\n";
    let (_folder, home) = home(old);
    assert_eq!(load(&home).notices, []);
    let text = mute(&home);
    assert_eq!(
        text,
        "provider = \"offline\"\npermission_mode = \"ask\"\n# as it is\nvoice_enabled = true\nmicrophone = \"x\"\nversion = 1\nsounds = false\n\n[rules]\ndeny = [\"Edit\"]\n"
    );
    let copy = home.config.join("settings.toml.version-0");
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), old);
    mute(&home);
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), old);
}

#[test]
fn a_newer_file_is_read_as_far_as_known_and_never_cut() {
    let newer = "version = 99\nprovider = \"offline\"\nmood = \"sunny\"\ntheme = \"aurora\"\n";
    let (_folder, home) = home(newer);
    let loaded = load(&home);
    assert_eq!(loaded.settings.provider, "offline");
    let named: Vec<&str> = loaded
        .notices
        .iter()
        .map(|notice| notice.message.as_str())
        .collect();
    assert!(
        named.iter().any(|text| text.contains("newer version")),
        "{named:?}"
    );
    let text = mute(&home);
    assert_eq!(text, format!("{newer}sounds = false\n"));
    let copy = home.config.join("settings.toml.version-99");
    assert_eq!(std::fs::read_to_string(copy).unwrap(), newer);
}
