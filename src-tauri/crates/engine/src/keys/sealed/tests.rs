use super::{Opened, SealedFile};
use crate::keys::{Found, Keys};

/// No keyring has an entry of this name.
const NAME: &str = "provider-of-a-test";
const KEY: &str = "sk-test-0123456789";
const WORDS: &str = "four badgers read a map";

fn keys(folder: &tempfile::TempDir) -> Keys {
    Keys::new(folder.path().join("keys.sealed"))
}

fn sealed() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    keys(&folder).seal(NAME, KEY, WORDS).expect("sealed");
    let path = folder.path().join("keys.sealed");
    (folder, path)
}

#[test]
fn a_key_comes_back_with_the_passphrase_and_only_with_it() {
    let (folder, path) = sealed();
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(!text.contains(KEY), "{text}");

    let later = keys(&folder);
    assert_eq!(later.find(NAME), Found::Locked);
    assert!(later.is_locked_for(NAME));
    assert_eq!(later.find("another-provider-of-a-test"), Found::Nowhere);
    let error = later.unlock("four badgers read a book").expect_err("wrong");
    assert!(error.message.contains("does not open"), "{error}");
    assert_eq!(later.find(NAME), Found::Locked);
    later.unlock(WORDS).expect("unlocked");
    assert_eq!(later.find(NAME), Found::File(KEY.to_owned()));
    assert!(!later.is_locked_for(NAME));
}

#[test]
fn only_the_user_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = sealed();
    let mode = std::fs::metadata(path)
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_second_key_needs_the_same_passphrase_and_keeps_the_first() {
    let (folder, _path) = sealed();
    let other = "another-provider-of-a-test";
    let later = keys(&folder);
    assert!(later.seal(other, "second", "some other words").is_err());
    later.seal(other, "second", WORDS).expect("sealed");
    assert_eq!(later.find(NAME), Found::File(KEY.to_owned()));
    assert_eq!(later.find(other), Found::File("second".to_owned()));
}

#[test]
fn what_two_programs_keep_at_once_is_kept() {
    let (folder, _path) = sealed();
    let (one, two) = (keys(&folder), keys(&folder));
    one.unlock(WORDS).expect("unlocked");
    two.unlock(WORDS).expect("unlocked");
    one.seal("one-of-a-test", "1", WORDS).expect("sealed");
    two.seal("two-of-a-test", "2", WORDS).expect("sealed");
    assert_eq!(two.find("one-of-a-test"), Found::File("1".to_owned()));
}

#[test]
fn a_deleted_key_is_gone_and_the_others_stay() {
    let (folder, path) = sealed();
    let keys = keys(&folder);
    keys.seal("other-of-a-test", "2", WORDS).expect("sealed");
    // Without a keyring this says so, but the file is changed before.
    let _ = keys.delete(NAME);
    assert_eq!(keys.find(NAME), Found::Nowhere);
    let file = SealedFile::read(&path).expect("read").expect("a file");
    assert!(file.has("other-of-a-test") && !file.has(NAME));
}

#[test]
fn a_locked_file_loses_no_key() {
    let (folder, path) = sealed();
    let before = std::fs::read(&path).expect("the file");
    let error = keys(&folder).delete(NAME).expect_err("locked");
    assert!(error.message.contains("locked"), "{error}");
    assert_eq!(std::fs::read(&path).expect("the file"), before);
}

#[test]
fn no_byte_of_the_file_can_be_exchanged() {
    let (_folder, path) = sealed();
    let text = std::fs::read_to_string(&path).expect("the file");
    let changes = [
        (NAME.to_owned(), "anthropic-of-a-test".to_owned()),
        ("\"passes\":3".to_owned(), "\"passes\":2".to_owned()),
        (
            "\"memory_kib\":65536".to_owned(),
            "\"memory_kib\":8192".to_owned(),
        ),
    ];
    for (from, to) in changes {
        let changed = text.replace(&from, &to);
        assert_ne!(changed, text, "{from}");
        std::fs::write(&path, changed).expect("written");
        let file = SealedFile::read(&path).expect("read").expect("a file");
        assert!(file.open(&path, WORDS).is_err(), "{from}");
    }
}

#[test]
fn a_damaged_or_greedy_file_is_named_and_opens_nothing() {
    let (folder, path) = sealed();
    let text = std::fs::read_to_string(&path).expect("the file");
    let greedy = text.replace("65536", "4000000000");
    let newer = text.replace("\"version\":1", "\"version\":2");
    let half = &text[..text.len() / 2];
    let unknown = text.replacen('{', "{\"more\":1,", 1);
    for bad in [&greedy, &newer, half, &unknown, "", "null"] {
        std::fs::write(&path, bad).expect("written");
        let error = keys(&folder).unlock(WORDS).expect_err("damaged");
        assert!(error.message.contains("is damaged"), "{error}");
        assert_eq!(keys(&folder).find(NAME), Found::Nowhere);
        // It may hold keys that somebody can still save: it stays.
        assert!(keys(&folder).seal(NAME, KEY, WORDS).is_err());
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), bad);
    }
}

#[test]
fn a_short_passphrase_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = keys(&folder).seal(NAME, KEY, "secret").expect_err("short");
    assert!(error.message.contains("8 characters"), "{error}");
    assert!(!folder.path().join("keys.sealed").exists());
    assert!(
        Opened::new("        ").is_ok(),
        "blanks are the user's choice"
    );
}
