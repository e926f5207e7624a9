use super::*;

#[test]
fn a_card_is_a_render_node_and_nothing_else() {
    let devices = tempfile::tempdir().unwrap();
    assert!(!has_render_node(devices.path()));
    std::fs::write(devices.path().join("card0"), "").unwrap();
    assert!(!has_render_node(devices.path()), "a card that only shows");
    std::fs::write(devices.path().join("renderD128"), "").unwrap();
    assert!(has_render_node(devices.path()));
    assert!(!has_render_node(&devices.path().join("absent")));
}
