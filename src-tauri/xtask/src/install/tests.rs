use super::*;

#[test]
fn node_is_held_to_its_oldest_version() {
    let check = |node: &str, expected: bool| assert_eq!(is_new_enough(node), expected, "{node}");
    check("node v20.20.2", true);
    check("node v22.1.0", true);
    check("node v20.18.3", false);
    check("node v18.19.0", false);
    check("node ?", false);
}

#[test]
fn a_version_is_read_from_what_the_program_prints() {
    let cargo = version("cargo", "").unwrap();
    let number = cargo.strip_prefix("cargo ").unwrap();
    assert!(number.starts_with(char::is_numeric), "{cargo}");
}

#[test]
fn tests_need_more_than_building_does() {
    let (check, test) = (
        system_packages(Purpose::Check),
        system_packages(Purpose::Test),
    );
    assert!(check.iter().all(|name| test.contains(name)));
    assert!(test.contains(&"xvfb") && !check.contains(&"xvfb"));
}
