use std::fs;
use std::path::Path;

use super::{MemoryFile, find, prompt_part};

struct Ground {
    dir: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let ground = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        ground.folder("config");
        ground.folder("repo/.git");
        ground.folder("repo/app/src");
        ground
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn folder(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn found(&self) -> Vec<MemoryFile> {
        find(&self.path("config"), &self.path("repo/app"))
    }

    fn names(&self) -> Vec<String> {
        let root = self.dir.path();
        let relative = |file: &MemoryFile| {
            let path = Path::new(&file.path).strip_prefix(root).unwrap();
            path.display().to_string()
        };
        self.found().iter().map(relative).collect()
    }
}

#[test]
fn the_users_notes_come_first_then_the_project_from_its_root_down() {
    let ground = Ground::new();
    ground.write("AGENTS.md", "above the repository\n");
    ground.write("config/AGENTS.md", "mine\n");
    ground.write("repo/CLAUDE.md", "root\n");
    ground.write("repo/app/AGENTS.md", "app\n");
    ground.write("repo/app/CLAUDE.md", "the same again\n");
    ground.write("repo/app/src/AGENTS.md", "deeper\n");
    assert_eq!(
        ground.names(),
        ["config/AGENTS.md", "repo/CLAUDE.md", "repo/app/AGENTS.md"]
    );
    let part = prompt_part(&ground.found());
    let at = |text: &str| part.find(text).unwrap();
    assert!(at("mine") < at("root") && at("root") < at("app\n"));
    assert!(!part.contains("above the repository"));
}

#[test]
fn without_files_the_prompt_has_no_such_part() {
    assert_eq!(prompt_part(&Ground::new().found()), "");
}

#[test]
fn every_known_name_is_found() {
    for name in super::NAMES {
        let ground = Ground::new();
        ground.write(&format!("repo/app/{name}"), "hello\n");
        assert_eq!(ground.names(), [format!("repo/app/{name}")]);
    }
}

#[test]
fn an_import_stands_for_its_text_and_stays_in_its_folder() {
    let ground = Ground::new();
    ground.write("secret.md", "outside\n");
    ground.write("repo/app/.env", "KEY=1\n");
    ground.write("repo/app/docs/style.md", "tabs\n@style.md\n@deeper.md\n");
    ground.write("repo/app/docs/deeper.md", "deep\n");
    ground.write(
        "repo/app/AGENTS.md",
        "before\n@docs/style.md\n@../../secret.md\n@.env\n@docs/none.md\n@someone said so\n```\n@docs/style.md\n```\nafter\n",
    );
    let found = ground.found();
    let file = found.first().unwrap();
    assert_eq!(
        file.text,
        "before\ntabs\ndeep\n@someone said so\n```\n@docs/style.md\n```\nafter\n"
    );
    let notes = file.notes.join("\n");
    for left_out in ["@style.md", "@../../secret.md", "@.env", "@docs/none.md"] {
        assert!(notes.contains(left_out), "{left_out}: {notes}");
    }
}

#[test]
fn odd_files_do_no_harm() {
    let ground = Ground::new();
    ground.write("repo/AGENTS.md", &"long line of notes\n".repeat(10_000));
    ground.write("repo/app/AGENTS.md", "binary\0\n");
    let found = ground.found();
    assert!(found[0].text.len() <= super::FILE_BYTES);
    assert!(
        found[0].notes[0].contains("too long"),
        "{:?}",
        found[0].notes
    );
    assert!(found[1].text.is_empty());
    assert!(
        found[1].notes[0].contains("not text"),
        "{:?}",
        found[1].notes
    );
}

#[test]
fn a_link_out_of_the_project_is_not_followed() {
    let ground = Ground::new();
    ground.write("secret.md", "outside\n");
    std::os::unix::fs::symlink(ground.path("secret.md"), ground.path("repo/app/AGENTS.md"))
        .unwrap();
    let found = ground.found();
    assert!(found[0].text.is_empty());
    assert!(found[0].notes[0].contains("link"), "{:?}", found[0].notes);
}
