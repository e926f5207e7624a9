#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;

const LONG: Context<'static> = Context {
    vocabulary: "familiar, tokio runtime, push to talk, WhisperState",
    voiced_ms: 2_000,
    clip_ms: 3_000,
};

fn raw(text: &str) -> Raw {
    Raw {
        text: text.to_owned(),
        confidence: -0.1,
        no_speech: 0.01,
    }
}

#[track_caller]
fn check(text: &str, context: &Context<'_>, wanted: Result<&str, Doubt>) {
    assert_eq!(
        judge(&raw(text), context),
        wanted.map(str::to_owned),
        "{text}"
    );
}

#[test]
fn ordinary_text_passes_with_clean_spaces() {
    check(
        " Create a  file\ncalled hello.txt.",
        &LONG,
        Ok("Create a file called hello.txt."),
    );
    check("No, no, no, leave it.", &LONG, Ok("No, no, no, leave it."));
    check(
        "Run the tokio runtime tests.",
        &LONG,
        Ok("Run the tokio runtime tests."),
    );
    check("Tokio runtime.", &LONG, Ok("Tokio runtime."));
}

#[test]
fn sounds_in_brackets_are_no_words() {
    for text in [
        "[BLANK_AUDIO]",
        " (wind blowing) ",
        "♪ ♪",
        "*sighs",
        "[Music] .",
        "...",
        "",
    ] {
        let wanted = if text == "*sighs" {
            Ok("sighs")
        } else {
            Err(Doubt::Nothing)
        };
        check(text, &LONG, wanted);
    }
    check("[cough] Stop it.", &LONG, Ok("Stop it."));
}

#[test]
fn the_models_own_doubt_counts() {
    let mut silent = raw("Allow.");
    silent.no_speech = 0.99;
    assert_eq!(
        judge(&silent, &LONG),
        Err(Doubt::NobodySpoke { probability: 0.99 })
    );
    let mut guess = raw("Xylophone quantum.");
    guess.confidence = -1.5;
    assert_eq!(
        judge(&guess, &LONG),
        Err(Doubt::Guessed { confidence: -1.5 })
    );
}

#[test]
fn loops_are_refused() {
    check("go go go go go go go", &LONG, Err(Doubt::Loop));
    check(
        "and then and then and then and then and then",
        &LONG,
        Err(Doubt::Loop),
    );
    check(
        "Open it. I will open it now. I will open it now. I will open it now. I will open it now.",
        &LONG,
        Err(Doubt::Loop),
    );
    check("left right left right", &LONG, Ok("left right left right"));
}

#[test]
fn the_vocabulary_read_aloud_is_refused() {
    check("tokio runtime, push to talk", &LONG, Err(Doubt::Echo));
    check("push to talk", &LONG, Err(Doubt::Echo));
    check("explain push to talk", &LONG, Ok("explain push to talk"));
}

#[test]
fn stock_phrases_need_real_sound() {
    let short = Context {
        clip_ms: 700,
        ..LONG
    };
    let faint = Context {
        voiced_ms: 100,
        ..LONG
    };
    check("Thank you.", &short, Err(Doubt::Stock));
    check("Thanks for watching!", &faint, Err(Doubt::Stock));
    check("Thank you.", &LONG, Ok("Thank you."));
    check("Allow.", &short, Ok("Allow."));
}
