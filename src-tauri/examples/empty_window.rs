//! The smallest Tauri window there is: what the app's memory is compared with
//! in `cargo xtask bench`. It shows one page without content and does nothing
//! else. The page has an address of its own: for `about:blank` WebKit starts
//! no web process, and the comparison would be with half a window.

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &[u8] = b"<!doctype html><title>Empty</title>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = "empty://localhost/".parse()?;
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let mut page = Response::new(PAGE);
            page.headers_mut().insert(
                "content-type",
                tauri::http::HeaderValue::from_static("text/html"),
            );
            page
        })
        .setup(|app| {
            WebviewWindowBuilder::new(app, "empty", WebviewUrl::CustomProtocol(address))
                .title("Empty")
                .inner_size(1180.0, 780.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("tauri.conf.json"))?;
    Ok(())
}
