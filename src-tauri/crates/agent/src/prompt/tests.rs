use super::*;

fn prompt(undercover: bool) -> String {
    system_prompt(&Surroundings {
        workspace: "/home/jane/work".into(),
        os: "linux",
        date: "2031-01-02".into(),
        mode: PermissionMode::Ask,
        undercover,
    })
}

#[test]
fn a_session_is_told_where_it_works() {
    let prompt = prompt(false);
    assert!(prompt.starts_with(NAMED), "{prompt}");
    for fact in ["/home/jane/work", "linux", "2031-01-02", "ask"] {
        assert!(prompt.contains(fact), "{fact}");
    }
}

#[test]
fn under_cover_neither_program_nor_machine_is_named_and_no_lie_is_asked_for() {
    let prompt = prompt(true);
    assert!(prompt.starts_with(UNNAMED), "{prompt}");
    for fact in ["Familiar", "/home/jane", "linux"] {
        assert!(!prompt.contains(fact), "{fact}");
    }
    for duty in ["say truthfully that you are an AI", "require"] {
        assert!(prompt.contains(duty), "{duty}");
    }
}
