use std::cell::RefCell;
use std::rc::Rc;

use super::*;

/// A plan of steps that write down that they ran; the ones named end badly.
fn carried_out(names: &[&'static str], failing: &[&str]) -> (ExitCode, Vec<&'static str>) {
    let ran = Rc::new(RefCell::new(Vec::new()));
    let steps = names.iter().map(|&name| {
        let (ran, fails) = (Rc::clone(&ran), failing.contains(&name));
        Step::new(name, move || {
            ran.borrow_mut().push(name);
            if fails {
                return Err(Failure::new("It broke."));
            }
            Ok(Note::Done)
        })
    });
    let code = Plan::new("All well.").steps(steps).carry_out();
    (code, ran.take())
}

#[test]
fn every_step_runs_in_order_when_all_is_well() {
    let (code, ran) = carried_out(&["one", "two", "three"], &[]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert_eq!(ran, ["one", "two", "three"]);
}

#[test]
fn the_first_failure_ends_the_plan() {
    let (code, ran) = carried_out(&["one", "two", "three"], &["two"]);
    assert_eq!(code, ExitCode::FAILURE);
    assert_eq!(ran, ["one", "two"]);
}

#[test]
fn a_failure_shows_command_and_remedy() {
    let shown = Failure::of(&Invocation::new("npm").args(&["ci"]), "It ended badly.")
        .or_fix(Some("Try again.\nOr ask.".to_owned()))
        .to_string();
    assert_eq!(
        shown,
        "It ended badly.\n  command:    npm ci\n  what to do: Try again.\n              Or ask."
    );
}

#[test]
fn a_remedy_that_the_failure_knows_wins_over_the_steps() {
    let shown = Failure::new("No.")
        .fix("Mine.")
        .or_fix(Some("Yours.".to_owned()))
        .to_string();
    assert!(shown.ends_with("Mine."), "{shown}");
}

#[test]
fn times_read_as_a_person_says_them() {
    assert_eq!(human(Duration::from_millis(340)), "0.3 s");
    assert_eq!(human(Duration::from_secs(125)), "2 min 05 s");
}
