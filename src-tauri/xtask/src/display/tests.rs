use super::*;

#[test]
fn the_display_takes_windows_and_ends_with_its_holder() {
    let display = VirtualDisplay::open().unwrap();
    let size = Invocation::new("xdotool")
        .args(&["getdisplaygeometry"])
        .env("DISPLAY", &display.name);
    assert_eq!(size.output().unwrap().trim(), "1440 900");
    drop(display);
    assert!(size.output().is_err(), "the display is still there");
}

#[test]
fn a_program_gets_a_session_bus() {
    let bus = in_session("printenv", &["DBUS_SESSION_BUS_ADDRESS".to_owned()]);
    let address = bus.output().unwrap();
    assert!(address.starts_with("unix:"), "{address}");
}
