//! The animals: a sheet and a drawing each, embedded from `assets/species`.
//!
//! A species is data. It knows its name, its rarity, its few kind lines, its
//! palettes and where it departs from the common choreography.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    choreography::{Choreographies, ChoreographyError, Override},
    mood::Mood,
    pose::{self, FRAME_MS, Moment, Pose},
    rig::{Rig, RigError},
};

struct Source {
    sheet: &'static str,
    drawing: &'static str,
}

const SOURCES: &[Source] = include!(concat!(env!("OUT_DIR"), "/species_table.rs"));
const PROPS: &str = include_str!("../../../../assets/species/_rig/props.svg");
const CHOREOGRAPHY: &str = include_str!("../../../../assets/species/_rig/choreography.toml");

/// How seldom an animal is met; it shows in light and detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rarity {
    Common,
    Uncommon,
    Rare,
    Epic,
    Legendary,
}

/// Another set of colours for the same drawing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    pub name: String,
    pub label: String,
    /// Colour of the drawing to colour of the palette, both `#rrggbb`.
    #[serde(default)]
    pub swap: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    name: String,
    label: String,
    rarity: Rarity,
    lines: BTreeMap<Mood, Vec<String>>,
    palettes: Vec<Palette>,
    #[serde(default)]
    overrides: Vec<Override>,
}

/// Why a species cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpeciesError {
    #[error("the species sheet does not parse")]
    Sheet(#[from] toml::de::Error),
    #[error("the drawing does not fit the rig")]
    Drawing(#[from] RigError),
    #[error("the choreography does not fit")]
    Choreography(#[from] ChoreographyError),
    #[error("the species has no palette")]
    NoPalette,
    #[error("the palette `{palette}` swaps {colour}, which the drawing does not use")]
    UnusedColour { palette: String, colour: String },
}

/// One animal, ready to be posed.
#[derive(Debug)]
pub struct Species {
    pub name: String,
    pub label: String,
    pub rarity: Rarity,
    /// Rare, short, kind; what it may say in a mood.
    pub lines: BTreeMap<Mood, Vec<String>>,
    /// The first is its natural one.
    pub palettes: Vec<Palette>,
    choreographies: Choreographies,
    /// One per palette.
    rigs: Vec<Rig>,
}

static SPECIES: LazyLock<Vec<Species>> = LazyLock::new(|| {
    SOURCES
        .iter()
        .filter_map(|source| Species::parse(source.sheet, source.drawing).ok())
        .collect()
});

/// Every animal that ships, by name. A test holds that none is left out.
#[must_use]
pub fn species() -> &'static [Species] {
    &SPECIES
}

/// The animal of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Species> {
    SPECIES.iter().find(|species| species.name == name)
}

impl Species {
    /// Reads a sheet and its drawing; props and moves come from the rig.
    pub fn parse(sheet: &str, drawing: &str) -> Result<Self, SpeciesError> {
        let sheet: Sheet = toml::from_str(sheet)?;
        let choreographies =
            Choreographies::parse(CHOREOGRAPHY)?.with_overrides(&sheet.overrides)?;
        if sheet.palettes.is_empty() {
            return Err(SpeciesError::NoPalette);
        }
        let mut rigs = Vec::with_capacity(sheet.palettes.len());
        for palette in &sheet.palettes {
            rigs.push(Rig::parse(&recolour(drawing, palette)?, PROPS)?);
        }
        Ok(Self {
            name: sheet.name,
            label: sheet.label,
            rarity: sheet.rarity,
            lines: sheet.lines,
            palettes: sheet.palettes,
            choreographies,
            rigs,
        })
    }

    /// How it stands at a moment.
    #[must_use]
    pub fn pose(&self, moment: &Moment) -> Pose {
        pose::pose(&self.choreographies, moment)
    }

    /// When it has to be painted again; none while nothing moves by itself.
    #[must_use]
    pub fn next_frame_at(&self, moment: &Moment) -> Option<u64> {
        pose::next_frame_at(&self.choreographies, moment)
    }

    /// Whether the next frame already differs.
    #[must_use]
    pub fn is_moving(&self, moment: &Moment) -> bool {
        self.next_frame_at(moment)
            .is_some_and(|at| at <= moment.now_ms + FRAME_MS)
    }

    /// Its drawing in a pose. An unknown palette is the natural one.
    #[must_use]
    pub fn svg(&self, palette: &str, pose: &Pose) -> String {
        self.rigs[self.palette_index(palette)].svg(pose)
    }

    /// A line for a mood, chosen by `seed`; most moods have few, some none.
    #[must_use]
    pub fn line(&self, mood: Mood, seed: u64) -> Option<&str> {
        let lines = self.lines.get(&mood).filter(|lines| !lines.is_empty())?;
        let index = usize::try_from(seed % lines.len() as u64).unwrap_or(0);
        lines.get(index).map(String::as_str)
    }

    pub(crate) fn palette_index(&self, name: &str) -> usize {
        self.palettes
            .iter()
            .position(|palette| palette.name == name)
            .unwrap_or(0)
    }
}

fn recolour(drawing: &str, palette: &Palette) -> Result<String, SpeciesError> {
    let unused = palette
        .swap
        .keys()
        .find(|colour| !drawing.contains(colour.as_str()));
    if let Some(colour) = unused {
        return Err(SpeciesError::UnusedColour {
            palette: palette.name.clone(),
            colour: colour.clone(),
        });
    }
    let mut out = String::with_capacity(drawing.len());
    let mut rest = drawing;
    while let Some(at) = rest.find('#') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let colour = tail.get(..7).unwrap_or("#");
        match palette.swap.get(colour) {
            Some(other) => out.push_str(other),
            None => out.push_str(colour),
        }
        rest = &tail[colour.len()..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests;
