//! The windows: the main one, a web view that lives only while it is open,
//! and the pet, drawn natively.

#[cfg(target_os = "linux")]
mod graphics;
pub mod main;
#[cfg(all(target_os = "linux", feature = "buddy"))]
pub mod pet;
#[cfg(not(all(target_os = "linux", feature = "buddy")))]
#[path = "window/no_pet.rs"]
pub mod pet;
