use super::*;

#[test]
fn debian_and_its_children_are_known() {
    let check = |text: &str, expected: bool| assert_eq!(is_debian(text), expected, "{text}");
    check("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", true);
    check("ID=ubuntu\nID_LIKE=debian\n", true);
    check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true);
    check("ID=fedora\nID_LIKE=\"rhel centos\"\n", false);
    check("NAME=\"not debian\"\nID=arch\n", false);
    check("", false);
}

#[test]
fn only_a_whole_installation_counts() {
    let table = "cmake\tinstalled\nxvfb\tconfig-files\nlibrsvg2-dev\tinstalled\n";
    assert_eq!(
        missing(table, &["cmake", "xvfb", "openbox"]),
        ["xvfb", "openbox"]
    );
    assert!(missing(table, &["cmake", "librsvg2-dev"]).is_empty());
}

#[test]
fn installing_never_asks_and_takes_nothing_extra() {
    let as_root = install(Rights::Root, &["xvfb"]).to_string();
    assert!(
        as_root.starts_with("env DEBIAN_FRONTEND=noninteractive apt-get"),
        "{as_root}"
    );
    assert!(
        as_root.ends_with("install --no-install-recommends xvfb"),
        "{as_root}"
    );
    let with_sudo = install(Rights::Sudo, &["xvfb"]).to_string();
    assert!(with_sudo.starts_with("sudo -n env "), "{with_sudo}");
}

#[test]
fn the_command_to_paste_names_what_is_missing() {
    assert_eq!(
        by_hand(&["xvfb", "dunst"]),
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb dunst"
    );
}
