//! Writes the table of species, one line per folder of `assets/species`,
//! so that a new animal needs no Rust change.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("../../../assets/species")
        .canonicalize()?;
    println!("cargo:rerun-if-changed={}", root.display());
    let mut names: Vec<String> = fs::read_dir(&root)?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("species.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('_'))
        .collect();
    names.sort();
    let mut table = String::from("&[\n");
    for name in &names {
        let sheet = root.join(name).join("species.toml");
        let drawing = root.join(name).join("drawing.svg");
        writeln!(
            table,
            "    Source {{ sheet: include_str!({:?}), drawing: include_str!({:?}) }},",
            sheet.display().to_string(),
            drawing.display().to_string(),
        )?;
    }
    table.push(']');
    let out = PathBuf::from(env::var("OUT_DIR")?).join("species_table.rs");
    fs::write(out, table)?;
    Ok(())
}
