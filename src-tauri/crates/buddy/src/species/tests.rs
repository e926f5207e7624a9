#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::{collections::BTreeSet, fs, path::Path};

use super::*;
use crate::{
    mood::Look,
    pose::FRAME_MS,
    raster::{Frame, draw},
};

/// Small, since drawing without optimisation is slow.
const SIDE_PX: u32 = 64;

fn folders() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/species");
    let names = fs::read_dir(root).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('_')).collect()
}

fn frame(species: &Species, palette: &str, moment: &Moment) -> Frame {
    Frame::from(&draw(species, palette, &species.pose(moment), SIDE_PX).unwrap())
}

#[test]
fn every_folder_is_a_species_that_parses() {
    for source in SOURCES {
        Species::parse(source.sheet, source.drawing).unwrap();
    }
    let names: BTreeSet<String> = species()
        .iter()
        .map(|species| species.name.clone())
        .collect();
    assert_eq!(names, folders());
    assert!(names.len() >= 3);
    assert!(find("hedgehog").is_some() && find("unicorn").is_none());
}

#[test]
fn every_look_of_every_species_is_a_picture_of_its_own_within_the_frame() {
    for species in species() {
        let mut seen: Vec<(Look, Frame)> = Vec::new();
        for look in Look::ALL {
            let frame = frame(species, "natural", &Moment::still(look, 3 * FRAME_MS));
            let solid = frame
                .argb_premultiplied
                .chunks(4)
                .filter(|pixel| pixel != &[0; 4])
                .count();
            assert!(solid > 900, "{} {look:?} is nearly empty", species.name);
            let edge = (0..SIDE_PX).flat_map(|i| [(i, 0), (0, i), (SIDE_PX - 1, i)]);
            let cut = edge.map(|(x, y)| frame.alpha(x, y)).max().unwrap();
            assert!(cut < 96, "{} {look:?} leaves its frame", species.name);
            for (other, picture) in &seen {
                assert!(
                    *picture != frame,
                    "{}: {look:?} looks like {other:?}",
                    species.name
                );
            }
            seen.push((look, frame));
        }
    }
}

#[test]
fn every_palette_is_another_picture() {
    for species in species() {
        assert_eq!(species.palettes[0].name, "natural");
        let moment = Moment::still(Look::default(), 0);
        let frames: Vec<Frame> = species
            .palettes
            .iter()
            .map(|palette| frame(species, &palette.name, &moment))
            .collect();
        for (index, one) in frames.iter().enumerate() {
            assert!(!frames[..index].contains(one), "{}", species.name);
        }
        assert_eq!(species.palette_index("no such palette"), 0);
    }
}

#[test]
fn lines_are_short_kind_and_end_quietly() {
    for species in species() {
        for (mood, line) in species
            .lines
            .iter()
            .flat_map(|(mood, lines)| lines.iter().map(move |l| (mood, l)))
        {
            assert!(
                line.len() <= 40 && !line.contains('!'),
                "{} {mood:?}: {line}",
                species.name
            );
            assert!(line.ends_with(['.', '?']), "{line}");
        }
        assert!(species.line(Mood::Waiting, 5).is_some());
        assert_eq!(species.line(Mood::Thinking, 5), None);
    }
}

#[test]
fn a_palette_may_only_swap_colours_that_are_there() {
    let source = &SOURCES[0];
    let sheet = format!("{}\n\"#010203\" = \"#ffffff\"\n", source.sheet);
    let refused = Species::parse(&sheet, source.drawing);
    assert!(
        matches!(refused, Err(SpeciesError::UnusedColour { colour, .. }) if colour == "#010203")
    );
}

#[test]
fn a_still_animal_asks_for_no_frame_at_once() {
    let idle = Look::default();
    for species in species() {
        let still = (0..200)
            .map(|frame| Moment::still(idle, frame * FRAME_MS))
            .find(|moment| !species.is_moving(moment));
        let still = still.expect("idle rests");
        let next = species.next_frame_at(&still).expect("it will blink");
        assert!(next > still.now_ms + FRAME_MS);
    }
}
