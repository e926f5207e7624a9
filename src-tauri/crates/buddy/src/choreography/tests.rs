#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;

const TABLE: &str = include_str!("../../../../../assets/species/_rig/choreography.toml");

#[test]
fn every_wave_starts_and_ends_at_rest_within_bounds() {
    for wave in [
        Wave::Sine,
        Wave::Swell,
        Wave::Hop,
        Wave::Tap,
        Wave::Glance,
        Wave::Tremble,
    ] {
        let values: Vec<f32> = (0..=100).map(|step| wave.at(step as f32 / 100.0)).collect();
        assert!(
            values[0].abs() < 1e-4 && values[100].abs() < 1e-4,
            "{wave:?}"
        );
        assert!(
            values.iter().all(|value| value.abs() <= 1.0 + 1e-6),
            "{wave:?}"
        );
        assert!(
            values.iter().any(|value| value.abs() > 0.7),
            "{wave:?} moves"
        );
    }
}

#[test]
fn a_table_that_does_not_fit_is_refused() {
    let missing = TABLE.replace("[looks.asleep]", "[looks.drowsy]");
    let short = TABLE.replace("every_frames = 150", "every_frames = 3");
    let endless = TABLE.replace("period_frames = 28", "period_frames = 0");
    let blinking = TABLE.replace("blink_every_frames = 54", "blink_every_frames = 0");
    assert!(matches!(
        Choreographies::parse(&blinking),
        Err(ChoreographyError::BadBlink { look: "idle" })
    ));
    let unknown = format!("{TABLE}\n[looks.dancing]\neyes = \"open\"\nmouth = \"open\"\n");
    assert!(matches!(
        Choreographies::parse(&missing),
        Err(ChoreographyError::MissingLook("asleep"))
    ));
    assert!(matches!(
        Choreographies::parse(&short),
        Err(ChoreographyError::BadCurve { .. })
    ));
    assert!(matches!(
        Choreographies::parse(&endless),
        Err(ChoreographyError::BadCurve { .. })
    ));
    assert!(matches!(
        Choreographies::parse(&unknown),
        Err(ChoreographyError::UnknownLook(_))
    ));
    assert!(matches!(
        Choreographies::parse("looks = 3"),
        Err(ChoreographyError::Parse(_))
    ));
}

#[test]
fn an_override_changes_one_look_and_leaves_the_rest() {
    let table = Choreographies::parse(TABLE).unwrap();
    let change: Override = toml::from_str(
        r#"
        look = "asleep"
        eyes = "happy"
        still = ["head"]
        hold = [{ parts = ["shell"], dy = 3 }]
        "#,
    )
    .unwrap();
    let changed = table.with_overrides(std::slice::from_ref(&change)).unwrap();
    let asleep = Look::plain(crate::Mood::Asleep);
    let head = PartName::from("head");
    assert_eq!(changed.of(asleep).eyes, Eyes::Happy);
    assert!(
        changed
            .of(asleep)
            .hold
            .iter()
            .all(|hold| !hold.parts.contains(&head))
    );
    assert!(
        changed
            .of(asleep)
            .curves
            .iter()
            .all(|curve| !curve.parts.contains(&head))
    );
    assert!(changed.of(asleep).hold.iter().any(|hold| hold.dy == 3.0));
    assert_eq!(changed.of(Look::default()), table.of(Look::default()));
    let lost = Override {
        look: "dancing".into(),
        ..change
    };
    assert!(matches!(
        table.with_overrides(&[lost]),
        Err(ChoreographyError::UnknownLook(_))
    ));
}
