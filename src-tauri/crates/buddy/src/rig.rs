//! The rig: a drawing cut into named parts, with the props hung on its
//! anchors, put into a pose by rewriting transforms and leaving out what does
//! not show.
//!
//! It knows groups, pivots and anchors, nothing about moods or species.

use std::{collections::BTreeMap, fmt::Write as _};

use resvg::usvg::roxmltree::{Document, Node};

use crate::{
    choreography::{Eyes, Mouth},
    pose::{Pose, Shift},
};

/// Groups without which an animal cannot act.
pub const REQUIRED_GROUPS: &[&str] = &[
    "shadow",
    "pet",
    "body",
    "feet",
    "head",
    "blush",
    "eyes-open",
    "eyes-closed",
    "eyes-happy",
    "eyes-focus",
    "eyes-wide",
    "mouth-smile",
    "mouth-open",
    "mouth-flat",
];

/// Where props hang: each drawing says where these are on its own body.
pub const REQUIRED_ANCHORS: &[&str] = &["head-top", "ear-line", "eye", "lap", "above"];

/// Nesting that no honest drawing needs; the walk is recursive.
const MAX_DEPTH: usize = 32;

/// Why a drawing does not fit the rig.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    #[error("the drawing is not well-formed XML")]
    Xml(#[from] resvg::usvg::roxmltree::Error),
    #[error("the group `{0}` is missing")]
    MissingGroup(&'static str),
    #[error("the anchor `{0}` is missing")]
    MissingAnchor(String),
    #[error("`{attribute}` of `{group}` should be numbers")]
    BadNumbers {
        group: String,
        attribute: &'static str,
    },
    #[error("the drawing is nested too deeply")]
    TooDeep,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Part(Part),
}

#[derive(Debug, Clone)]
struct Part {
    name: Option<String>,
    pivot: (f32, f32),
    /// Attributes of the group that the rig does not own.
    attributes: String,
    /// Where the part is put before any pose moves it.
    place: String,
    children: Vec<Piece>,
}

/// A drawing ready to be posed.
#[derive(Debug, Clone)]
pub struct Rig {
    pieces: Vec<Piece>,
    size_hint: usize,
}

impl Rig {
    /// Cuts a drawing into parts and hangs the props on its anchors.
    pub fn parse(drawing: &str, props: &str) -> Result<Self, RigError> {
        let props = read_props(props)?;
        let document = Document::parse(drawing)?;
        let mut cutter = Cutter {
            source: drawing,
            props: &props,
            names: Vec::new(),
            anchors: Vec::new(),
        };
        let mut pieces = cutter.children(document.root_element(), 0)?;
        let missing = REQUIRED_GROUPS
            .iter()
            .find(|group| !cutter.names.iter().any(|name| name == *group));
        if let Some(group) = missing {
            return Err(RigError::MissingGroup(group));
        }
        let missing = REQUIRED_ANCHORS
            .iter()
            .map(|anchor| (*anchor).to_owned())
            .chain(props.by_anchor.keys().cloned())
            .find(|anchor| !cutter.anchors.contains(anchor));
        if let Some(anchor) = missing {
            return Err(RigError::MissingAnchor(anchor));
        }
        pieces.insert(0, Piece::Text(props.defs.clone()));
        Ok(Self {
            pieces,
            size_hint: drawing.len() * 2,
        })
    }

    /// The drawing in a pose, as SVG text.
    #[must_use]
    pub fn svg(&self, pose: &Pose) -> String {
        let mut out = String::with_capacity(self.size_hint);
        out.push_str(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">"#);
        write_pieces(&self.pieces, pose, &mut out);
        out.push_str("</svg>");
        out
    }
}

struct Props {
    defs: String,
    by_anchor: BTreeMap<String, Vec<Prop>>,
}

struct Prop {
    part: Part,
    /// The width and height of the anchor it was drawn for, when it adapts.
    fits: Option<(f32, f32)>,
}

fn read_props(text: &str) -> Result<Props, RigError> {
    let document = Document::parse(text)?;
    let empty = Props {
        defs: String::new(),
        by_anchor: BTreeMap::new(),
    };
    let mut cutter = Cutter {
        source: text,
        props: &empty,
        names: Vec::new(),
        anchors: Vec::new(),
    };
    let mut defs = String::new();
    let mut by_anchor: BTreeMap<String, Vec<Prop>> = BTreeMap::new();
    for node in document.root_element().children().filter(Node::is_element) {
        let Some(anchor) = node.attribute("data-anchor") else {
            defs.push_str(&text[node.range()]);
            continue;
        };
        let fits = match node.attribute("data-span") {
            Some(_) => Some((number(node, "data-span")?, number(node, "data-rise")?)),
            None => None,
        };
        let part = cutter.part(node, 0)?;
        by_anchor
            .entry(anchor.to_owned())
            .or_default()
            .push(Prop { part, fits });
    }
    Ok(Props { defs, by_anchor })
}

struct Cutter<'a> {
    source: &'a str,
    props: &'a Props,
    names: Vec<String>,
    anchors: Vec<String>,
}

impl Cutter<'_> {
    fn children(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Vec<Piece>, RigError> {
        if depth > MAX_DEPTH {
            return Err(RigError::TooDeep);
        }
        let mut pieces = Vec::new();
        for child in node.children().filter(Node::is_element) {
            if !child.has_tag_name("g") {
                push_text(&mut pieces, &self.source[child.range()]);
                continue;
            }
            let anchor = child
                .attribute("id")
                .and_then(|id| id.strip_prefix("anchor-"));
            match anchor {
                Some(anchor) => self.hang(child, anchor, &mut pieces)?,
                None => pieces.push(Piece::Part(self.part(child, depth + 1)?)),
            }
        }
        Ok(pieces)
    }

    fn part(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Part, RigError> {
        let name = node.attribute("id").map(str::to_owned);
        self.names.extend(name.clone());
        let pivot = match node.attribute("data-pivot") {
            Some(_) => pair(node, "data-pivot")?,
            None => (0.0, 0.0),
        };
        let mut attributes = String::new();
        for attribute in node.attributes() {
            let key = attribute.name();
            if key == "id" || key == "display" || key.starts_with("data-") {
                continue;
            }
            attributes.push(' ');
            attributes.push_str(&self.source[attribute.range()]);
        }
        Ok(Part {
            name,
            pivot,
            attributes,
            place: String::new(),
            children: self.children(node, depth)?,
        })
    }

    fn hang(
        &mut self,
        node: Node<'_, '_>,
        anchor: &str,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), RigError> {
        let (x, y) = pair(node, "data-at")?;
        self.anchors.push(anchor.to_owned());
        for prop in self.props.by_anchor.get(anchor).into_iter().flatten() {
            let mut part = prop.part.clone();
            part.place = format!("translate({x} {y})");
            if let Some((span, rise)) = prop.fits {
                let (wide, high) = (
                    number(node, "data-span")? / span,
                    number(node, "data-rise")? / rise,
                );
                part.place = format!("{} scale({wide} {high})", part.place);
            }
            pieces.push(Piece::Part(part));
        }
        Ok(())
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

fn numbers(
    node: Node<'_, '_>,
    attribute: &'static str,
    count: usize,
) -> Result<Vec<f32>, RigError> {
    let text = node.attribute(attribute).unwrap_or_default();
    let parsed: Vec<f32> = text
        .split_ascii_whitespace()
        .map_while(|word| word.parse().ok())
        .filter(|value: &f32| value.is_finite())
        .collect();
    if parsed.len() == count {
        return Ok(parsed);
    }
    Err(RigError::BadNumbers {
        group: node.attribute("id").unwrap_or_default().to_owned(),
        attribute,
    })
}

fn pair(node: Node<'_, '_>, attribute: &'static str) -> Result<(f32, f32), RigError> {
    let both = numbers(node, attribute, 2)?;
    Ok((both[0], both[1]))
}

fn number(node: Node<'_, '_>, attribute: &'static str) -> Result<f32, RigError> {
    Ok(numbers(node, attribute, 1)?[0])
}

fn write_pieces(pieces: &[Piece], pose: &Pose, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Part(part) => write_part(part, pose, out),
        }
    }
}

fn write_part(part: &Part, pose: &Pose, out: &mut String) {
    let name = part.name.as_deref().unwrap_or_default();
    let shift = pose.shift(name).unwrap_or_default();
    let prop = if part.place.is_empty() {
        1.0
    } else {
        pose.prop(name)
    };
    let opacity = shift.opacity() * prop;
    if opacity <= 0.0 || !shows(name, pose) {
        return;
    }
    out.push_str("<g");
    out.push_str(&part.attributes);
    write_transform(part, shift, out);
    if opacity < 1.0 {
        push_fmt(out, format_args!(r#" opacity="{opacity}""#));
    }
    out.push('>');
    write_pieces(&part.children, pose, out);
    out.push_str("</g>");
}

fn write_transform(part: &Part, shift: Shift, out: &mut String) {
    let moved = shift != Shift::default();
    if !moved && part.place.is_empty() {
        return;
    }
    out.push_str(r#" transform=""#);
    out.push_str(&part.place);
    if moved {
        let (x, y) = part.pivot;
        push_fmt(
            out,
            format_args!(" translate({} {})", x + shift.dx(), y + shift.dy()),
        );
        if shift.degrees() != 0.0 {
            push_fmt(out, format_args!(" rotate({})", shift.degrees()));
        }
        push_fmt(
            out,
            format_args!(" scale({} {})", shift.scale_x(), shift.scale_y()),
        );
        push_fmt(out, format_args!(" translate({} {})", -x, -y));
    }
    out.push('"');
}

fn push_fmt(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

fn shows(name: &str, pose: &Pose) -> bool {
    if let Some(eyes) = name.strip_prefix("eyes-") {
        return eyes == eyes_name(pose.eyes);
    }
    match name.strip_prefix("mouth-") {
        Some(mouth) => mouth == mouth_name(pose.mouth),
        None => true,
    }
}

fn eyes_name(eyes: Eyes) -> &'static str {
    match eyes {
        Eyes::Open => "open",
        Eyes::Closed => "closed",
        Eyes::Happy => "happy",
        Eyes::Focus => "focus",
        Eyes::Wide => "wide",
    }
}

fn mouth_name(mouth: Mouth) -> &'static str {
    match mouth {
        Mouth::Smile => "smile",
        Mouth::Open => "open",
        Mouth::Flat => "flat",
    }
}

#[cfg(test)]
mod tests;
