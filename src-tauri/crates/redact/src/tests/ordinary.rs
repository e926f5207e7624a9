//! Text that people work on. What is hidden in it by mistake cannot be edited
//! any more, so all of this must stay as it is.

use std::fs;
use std::path::{Path, PathBuf};

use super::samples::{uuid, write};
use super::stays;
use crate::Redactor;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Without the tests of this crate, which plant secrets.
fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the folder is there");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let is_own = path.ends_with("redact/src/tests");
        if path.is_dir() && !is_own {
            files(&path, extensions, found);
        }
        let extension = path.extension().unwrap_or_default();
        if path.is_file() && extensions.iter().any(|one| extension == *one) {
            found.push(path);
        }
    }
}

/// All files in which something is found, and what.
fn hits(paths: &[PathBuf]) -> Vec<String> {
    let redactor = Redactor::new();
    let mut hits = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path).unwrap_or_default();
        for found in redactor.find(&text) {
            let secret = &text[found.range.clone()];
            hits.push(format!("{}: {} `{secret}`", path.display(), found.shape));
        }
    }
    hits
}

#[test]
fn the_sources_of_this_repository_stay() {
    let mut paths = Vec::new();
    files(
        &root().join("src-tauri"),
        &["rs", "toml", "md", "sql", "json"],
        &mut paths,
    );
    assert!(paths.len() > 100, "{} files", paths.len());
    assert_eq!(hits(&paths), Vec::<String>::new());
}

#[test]
fn lock_files_and_the_interface_stay() {
    let root = root();
    let mut paths = vec![root.join("Cargo.lock"), root.join("ui/package-lock.json")];
    files(&root.join("ui/src"), &["ts", "svelte", "css"], &mut paths);
    files(
        &root.join("assets"),
        &["toml", "json", "svg", "md"],
        &mut paths,
    );
    assert!(paths.len() > 50, "{} files", paths.len());
    assert_eq!(hits(&paths), Vec::<String>::new());
}

#[test]
fn digests_and_identifiers_stay() {
    for number in 0..200 {
        stays(&uuid(number));
        stays(&write(
            "index {h7}..{h7} 100644\ncommit {h40}\nsha256:{h64}",
            number,
        ));
        stays(&write(
            "integrity sha512-{b86}==\nmd5 {h32}\netag W/\"{h16}-{b27}\"",
            number,
        ));
    }
}

#[test]
fn pictures_in_text_stay() {
    for number in 0..20 {
        stays(&write(
            "![a](data:image/png;base64,iVBORw0KGgo{b4000}=)",
            number,
        ));
        stays(&write(
            "src:url(data:font/woff2;base64,d09GMg{b4000}==)format('woff2')",
            number,
        ));
    }
}

#[test]
fn packed_scripts_stay() {
    for text in [
        r#"!function(e,t){"object"==typeof exports?t(exports):t((e=e||self).a={})}(this,function(e){"use strict";var t={token:function(e){return e.token||n.secret},key:"a1",apiKey:e.apiKey2};"#,
        r#"var s=function(e){return{password:e.password1,csrfToken:c[e.t0],secret:r(2)[i++]}},o="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=";"#,
        r#"const tokens={colorTokenV2:"rgba(0,0,0,.5)",keyframesToken:"a0b1"};t.pass=u8?d(16):x32[k],e.exports={pwd:()=>p}"#,
    ] {
        stays(text);
    }
}

#[test]
fn prose_about_secrets_stays() {
    for text in [
        "Set `ANTHROPIC_API_KEY` or paste the key; it begins with `sk-ant-`.",
        "Tokens such as ghp_…, glpat-… and xoxb-… are marked as [secret: GitHub token].",
        "Authorization: Bearer and Basic are the schemes; the cookie: is a header.",
        "The password must have 12 characters, e.g. a1B2! is too short.",
        "-----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- frame a key.",
        "https://docs.internal/token?page=2&key=value#secret-key",
    ] {
        stays(text);
    }
}
