//! Draws every look of every species onto one sheet:
//! `cargo run -p buddy --example contact_sheet -- OUT.png [PALETTE] [ASSETS]`.
//! With a folder of species given, its files are read instead of the embedded
//! ones, so that a drawing can be judged without a build.

use std::{env, error::Error, fs, path::Path};

use buddy::{Atlas, FRAME_MS, Look, Moment, Species, draw, species};
use resvg::tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

const CELL: u32 = 136;
const SMALL: u32 = 64;
/// Late enough for hops to be in the air and props to be out.
const AT_MS: u64 = 4 * FRAME_MS;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let out = args
        .next()
        .ok_or("usage: contact_sheet OUT.png [PALETTE] [ASSETS]")?;
    let palette = args.next().unwrap_or_else(|| "natural".to_owned());
    let read = args
        .next()
        .map(|folder| read_species(Path::new(&folder)))
        .transpose()?;
    let animals: Vec<&Species> = match &read {
        Some(read) => read.iter().collect(),
        None => species().iter().collect(),
    };
    let columns = Look::ALL.len() as u32;
    let row = CELL + SMALL + 12;
    let sheet = Pixmap::new(columns * CELL, animals.len() as u32 * row);
    let mut sheet = sheet.ok_or("the sheet is empty")?;
    sheet.fill(Color::from_rgba8(250, 248, 244, 255));
    for (line, animal) in animals.iter().enumerate() {
        for (column, look) in Look::ALL.into_iter().enumerate() {
            let pose = animal.pose(&Moment::still(look, AT_MS));
            let (x, y) = (column as u32 * CELL, line as u32 * row);
            paste(
                &draw(animal, &palette, &pose, 128)?,
                &mut sheet,
                (x + 4, y + 4),
            );
            paste(
                &draw(animal, &palette, &pose, SMALL)?,
                &mut sheet,
                (x + 36, y + CELL),
            );
        }
        time(animal, &palette)?;
    }
    fs::write(out, sheet.encode_png()?)?;
    Ok(())
}

fn paste(picture: &Pixmap, sheet: &mut Pixmap, (x, y): (u32, u32)) {
    let (x, y) = (x as i32, y as i32);
    sheet.draw_pixmap(
        x,
        y,
        picture.as_ref(),
        &PixmapPaint::default(),
        Transform::identity(),
        None,
    );
}

fn time(animal: &Species, palette: &str) -> Result<(), Box<dyn Error>> {
    let mut atlas = Atlas::with_limit(0);
    let mut slowest = 0.0_f64;
    let begin = std::time::Instant::now();
    let mut frames = 0;
    for look in Look::ALL {
        for frame in 0..12 {
            let pose = animal.pose(&Moment::still(look, frame * FRAME_MS));
            let start = std::time::Instant::now();
            atlas.frame(animal, palette, &pose, 96)?;
            slowest = slowest.max(start.elapsed().as_secs_f64() * 1e3);
            frames += 1;
        }
    }
    let mean = begin.elapsed().as_secs_f64() * 1e3 / f64::from(frames);
    eprintln!(
        "{}: {mean:.2} ms a frame of 96 px, slowest {slowest:.2} ms",
        animal.name
    );
    Ok(())
}

fn read_species(folder: &Path) -> Result<Vec<Species>, Box<dyn Error>> {
    let mut animals = Vec::new();
    for entry in fs::read_dir(folder)? {
        let folder = entry?.path();
        let sheet = folder.join("species.toml");
        if sheet.is_file() {
            let drawing = fs::read_to_string(folder.join("drawing.svg"))?;
            animals.push(Species::parse(&fs::read_to_string(sheet)?, &drawing)?);
        }
    }
    animals.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(animals)
}
