#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;
use crate::{
    choreography::Choreographies,
    mood::{Look, Mood},
    pose::{Moment, pose},
};

const DRAWING: &str = include_str!("../../../../../assets/species/hedgehog/drawing.svg");
const PROPS: &str = include_str!("../../../../../assets/species/_rig/props.svg");
const TABLE: &str = include_str!("../../../../../assets/species/_rig/choreography.toml");

fn posed(mood: Mood) -> Pose {
    let table = Choreographies::parse(TABLE).unwrap();
    pose(&table, &Moment::still(Look::plain(mood), 0))
}

/// A drawing with nothing but what the rig needs.
fn bare(skip: &str) -> String {
    let groups = REQUIRED_GROUPS.iter().filter(|name| **name != skip);
    let groups = groups.map(|name| format!(r#"<g id="{name}"><circle r="4" fill="{name}"/></g>"#));
    let anchors = REQUIRED_ANCHORS.iter().filter(|name| **name != skip);
    let anchors = anchors.map(|name| {
        format!(r#"<g id="anchor-{name}" data-at="1 2" data-span="82" data-rise="36"/>"#)
    });
    let inside: String = groups.chain(anchors).collect();
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>"#)
}

#[test]
fn a_drawing_without_a_needed_part_is_refused_by_name() {
    assert!(Rig::parse(&bare(""), PROPS).is_ok());
    for group in REQUIRED_GROUPS {
        let refused = Rig::parse(&bare(group), PROPS);
        assert!(matches!(refused, Err(RigError::MissingGroup(name)) if name == *group));
    }
    for anchor in REQUIRED_ANCHORS {
        let refused = Rig::parse(&bare(anchor), PROPS);
        assert!(matches!(refused, Err(RigError::MissingAnchor(name)) if name == *anchor));
    }
}

#[test]
fn broken_drawings_are_refused() {
    let numbers = bare("").replace(r#"data-at="1 2""#, r#"data-at="1 NaN""#);
    let deep = format!("<svg>{}{}</svg>", "<g>".repeat(100), "</g>".repeat(100));
    assert!(matches!(
        Rig::parse(&numbers, PROPS),
        Err(RigError::BadNumbers { .. })
    ));
    assert!(matches!(Rig::parse(&deep, PROPS), Err(RigError::TooDeep)));
    assert!(matches!(
        Rig::parse("<svg><g></svg>", PROPS),
        Err(RigError::Xml(_))
    ));
}

#[test]
fn one_face_shows_and_props_only_when_asked_for() {
    let rig = Rig::parse(&bare(""), PROPS).unwrap();
    let asleep = rig.svg(&posed(Mood::Asleep));
    for (name, shows) in [
        ("eyes-closed", true),
        ("eyes-open", false),
        ("eyes-happy", false),
        ("mouth-flat", true),
        ("mouth-smile", false),
        ("head", true),
    ] {
        assert_eq!(
            asleep.contains(&format!(r#"fill="{name}""#)),
            shows,
            "{name}"
        );
    }
    let laptop = "url(#rig-lid)";
    assert!(!asleep.contains(laptop));
    assert!(rig.svg(&posed(Mood::Working)).contains(laptop));
}

#[test]
fn parts_turn_about_their_pivot() {
    let drawing = bare("").replace(r#"<g id="head""#, r#"<g id="head" data-pivot="64 80""#);
    let asleep = Rig::parse(&drawing, PROPS)
        .unwrap()
        .svg(&posed(Mood::Asleep));
    assert!(
        asleep.contains("translate(64.5 82.5) rotate(9) scale(1 1) translate(-64 -80)"),
        "{asleep}"
    );
}

#[test]
fn moves_of_parts_that_an_animal_lacks_are_skipped() {
    let rig = Rig::parse(DRAWING, PROPS).unwrap();
    for mood in [Mood::Idle, Mood::Happy, Mood::Alarmed] {
        let svg = rig.svg(&posed(mood));
        resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
    }
}
