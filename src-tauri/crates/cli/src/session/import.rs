//! `fam session import`: what came in, and what could not be read.

use engine::{Engine, ImportSource, Imported, Skipped};
use protocol::{ErrorInfo, ErrorKind};

use crate::args::SessionImportArgs;

pub(super) async fn import(engine: &Engine, args: SessionImportArgs) -> Result<String, ErrorInfo> {
    let Some(source) = args.source.map(ImportSource::from) else {
        return import_all(engine).await;
    };
    let imported = engine.import_sessions(source, args.from.as_deref()).await?;
    Ok(report(source, &imported))
}

/// A program that was never used on this account is passed over.
async fn import_all(engine: &Engine) -> Result<String, ErrorInfo> {
    let mut lines = Vec::new();
    for source in ImportSource::ALL {
        match engine.import_sessions(source, None).await {
            Ok(imported) => lines.push(report(source, &imported)),
            Err(error) if error.kind == ErrorKind::NotFound => {
                lines.push(format!("{}: nothing found.", source.name()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(lines.join("\n"))
}

fn report(source: ImportSource, imported: &Imported) -> String {
    let mut lines = vec![format!(
        "{}: {} brought in, {} here before, {} without messages.",
        source.name(),
        imported.sessions.len(),
        imported.known,
        imported.empty
    )];
    lines.extend(imported.sessions.iter().map(|one| {
        format!(
            "  {}  {:>4} messages  {}",
            one.id, one.message_count, one.title
        )
    }));
    lines.extend(imported.skipped.iter().flat_map(left_out));
    lines.join("\n")
}

fn left_out(skipped: &Skipped) -> Vec<String> {
    let file = skipped.file.display();
    let mut lines: Vec<String> = skipped
        .unknown
        .iter()
        .map(|(kind, count)| {
            format!("  {file}: {count} entries of the unknown kind `{kind}` left out")
        })
        .collect();
    lines.extend(skipped.broken.iter().map(|(line, why)| match line {
        0 => format!("  {file}: not readable: {why}"),
        line => format!("  {file}: line {line} is not readable: {why}"),
    }));
    let unnamed = skipped.broken_count - skipped.broken.len() as u64;
    if unnamed > 0 {
        lines.push(format!(
            "  {file}: {unnamed} further entries are not readable"
        ));
    }
    lines
}
