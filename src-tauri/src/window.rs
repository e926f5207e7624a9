//! The windows: the main one, a web view that lives only while it is open,
//! and the pet, drawn natively.

#[cfg(target_os = "linux")]
mod graphics;
pub mod main;
#[cfg(target_os = "linux")]
pub mod pet;
#[cfg(not(target_os = "linux"))]
#[path = "window/no_pet.rs"]
pub mod pet;
