use std::collections::BTreeSet;

use super::samples::{SAMPLES, Sample, write};
use super::{redacted, stays};
use crate::{mark, shapes};

/// The places where secrets turn up.
fn contexts(text: &str) -> [String; 8] {
    let json = serde_json::json!({ "value": text, "count": 1 });
    [
        text.to_owned(),
        format!("let value = \"{text}\";"),
        json.to_string(),
        format!("PATH=/usr/bin\nexport VALUE={text}\nHOME=/root\n"),
        format!("GET https://service.internal/callback?state=1&v={text}"),
        format!("service:\n  value: {text}\n  count: 1\n"),
        format!("$ deploy --value {text} --verbose"),
        format!("Use `{text}` here."),
    ]
}

fn hides(sample: &Sample, number: u64) {
    let shape = shapes::all().find(|shape| shape.id == sample.id);
    let mark = mark::of(shape.expect("the shape is in the table").name);
    let text = write(sample.secret, number);
    let (before, secret, after) = match text.split_once(['«', '»']) {
        Some((before, rest)) => {
            let (secret, after) = rest.split_once('»').expect("the secret ends");
            (before, secret, after)
        }
        None => ("", text.as_str(), ""),
    };
    let plain = contexts(&format!("{before}{secret}{after}"));
    let marked = contexts(&format!("{before}{mark}{after}"));
    for (plain, marked) in plain.iter().zip(&marked) {
        assert_eq!(redacted(plain), *marked, "{}: {plain}", sample.id);
        stays(marked);
    }
}

#[test]
fn every_sample_is_hidden_wherever_it_stands() {
    for sample in SAMPLES {
        for number in 1..=5 {
            hides(sample, number);
        }
    }
}

#[test]
fn every_near_miss_stays() {
    for sample in SAMPLES {
        for text in contexts(&write(sample.near_miss, 1)) {
            assert_eq!(redacted(&text), text, "{}", sample.id);
        }
    }
}

#[test]
fn every_shape_has_a_sample() {
    let samples: Vec<&str> = SAMPLES.iter().map(|sample| sample.id).collect();
    let ids: Vec<&str> = shapes::all().map(|shape| shape.id).collect();
    assert_eq!(samples, ids);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.len() >= 40);
}

#[test]
fn a_token_keeps_its_name_under_any_other() {
    let token = write("ghp_{a36}", 1);
    let check = |text: String, expected: &str| assert_eq!(redacted(&text), expected);
    check(
        format!("API_TOKEN={token}"),
        "API_TOKEN=[secret: GitHub token]",
    );
    check(
        format!("Authorization: Bearer {token}"),
        "Authorization: Bearer [secret: GitHub token]",
    );
    check(
        format!("https://x-access-token:{token}@github.com/a/b"),
        "https://x-access-token:[secret: GitHub token]@github.com/a/b",
    );
    check(
        format!("{{\"token\":\"{token}\"}}"),
        "{\"token\":\"[secret: GitHub token]\"}",
    );
}

#[test]
fn a_letter_of_an_escape_is_no_part_of_a_word() {
    let token = write("ghp_{a36}", 1);
    for before in [
        "a\\n",
        "a\\t",
        "%3D",
        "\\x3d",
        "\\u003d",
        "\u{1b}[1;31m",
        "é",
    ] {
        let expected = format!("{before}[secret: GitHub token]\\n");
        assert_eq!(redacted(&format!("{before}{token}\\n")), expected);
    }
    stays(&format!("pre{token}"));
}

#[test]
fn placeholders_of_documentation_stay() {
    stays(&format!("ghp_{}", "x".repeat(36)));
    stays(&format!("sk-ant-api03-{}", "X".repeat(60)));
    stays(&format!("AKIA{}", "0".repeat(16)));
    stays(&write("sk-proj-your_key_here_{w40}", 1));
}

#[test]
fn all_forms_of_discord_numbers_are_read() {
    let encoded = [
        "MTIzNDU2Nzg5MDEyMzQ1Njc",
        "MTA5ODc2NTQzMjEwOTg3NjU0Mw",
        "OTg3NjU0MzIxMDEyMzQ1Njc4",
    ];
    for number in encoded {
        let token = write(&format!("{number}.{{w6}}.{{w38}}"), 3);
        assert_eq!(redacted(&token), "[secret: Discord bot token]");
    }
}

#[test]
fn keys_are_hidden_as_whole_blocks() {
    let check = |text: String, expected: &str| assert_eq!(redacted(&text), expected);
    let lines = write("{b64}\n{b64}\n{b64}", 1);
    let begin = concat!("-----BEGIN OPENSSH PRIVATE", " KEY-----");
    let end = concat!("-----END OPENSSH PRIVATE", " KEY-----");
    let key = format!("{begin}\n{lines}\n{end}");
    check(format!("a\n{key}\nb"), "a\n[secret: private key]\nb");
    check(
        format!("{key}\n{key}"),
        "[secret: private key]\n[secret: private key]",
    );
    // Cut off, as the output of a command may be.
    check(
        format!("{begin}\n{lines}\n[cut]"),
        "[secret: private key]\n[cut]",
    );
    check(
        format!("{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\n{lines}\n{end}"),
        "[secret: private key]",
    );
    check(
        format!("key = '{}'", key.replace('\n', "\\n")),
        "key = '[secret: private key]'",
    );
    let indented: String = key.lines().map(|line| format!("    {line}\n")).collect();
    check(
        format!("key: |\n{indented}"),
        "key: |\n    [secret: private key]\n",
    );
    let numbered: String = key.lines().map(|line| format!("  12\t{line}\n")).collect();
    check(numbered, "  12\t[secret: private key]\n");
    // Code that speaks of keys.
    stays(&format!(
        "if text.starts_with(\"{begin}\") && text.ends_with(\"{end}\") {{"
    ));
    stays(&format!("{begin}\n...\n{end}"));
}

#[test]
fn a_signed_or_encrypted_web_token_is_hidden_whole() {
    let mark = "[secret: JSON web token]";
    for pattern in [
        "eyJhbGciOiJub25lIn0.eyJ{w40}.",
        "eyJhbGciOiJSUzI1NiJ9.eyJ{w900}.{w342}",
        "eyJhbGciOiJkaXIifQ..{w16}.{w120}.{w22}",
        "eyJhbGciOiJSU0EifQ.{w342}.{w16}.{w120}.{w22}",
    ] {
        assert_eq!(redacted(&write(pattern, 1)), mark);
    }
}

#[test]
fn a_key_of_several_lines_is_hidden_where_its_lines_are_numbered() {
    let lines = [write("{b64}", 1), write("{b40}", 2)];
    // The second is cut off before its end.
    let heads = ["Private-Lines: 2", "-----BEGIN RSA PRIVATE KEY-----"];
    for before in [
        "",
        "12\t",
        "  12→",
        "    12\t",
        "notes/x.txt:12:",
        "a_b.txt-12-",
        "> ",
        "+",
        "\" +\n    \"",
    ] {
        for head in heads {
            stays_hidden(
                &format!(
                    "{before}{head}\n{before}{}\n{before}{}\n",
                    lines[0], lines[1]
                ),
                &lines,
            );
        }
    }
}

/// As it is, and in JSON that stands in JSON.
fn stays_hidden(text: &str, lines: &[String]) {
    let mut text = text.to_owned();
    for depth in 0..4 {
        let hidden = redacted(&text);
        assert!(
            !lines.iter().any(|line| hidden.contains(line)),
            "{depth}: {hidden}"
        );
        text = serde_json::to_string(&text).expect("JSON");
    }
}
