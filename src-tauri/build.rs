//! Hands tauri its configuration and capabilities at build time. An error
//! stops the build: a window without its permissions would look like a bug.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/**/*")
            // The page is compressed here, once: several targets that are
            // compiled at the same time would write and read the same files.
            .codegen(tauri_build::CodegenContext::new()),
    )?;
    Ok(())
}
