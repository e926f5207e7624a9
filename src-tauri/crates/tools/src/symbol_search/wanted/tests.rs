use super::{distance, split};

#[test]
fn members_are_named_with_what_they_lie_in() {
    assert_eq!(split("run"), (None, "run"));
    assert_eq!(split("Grep.run"), (Some("Grep"), "run"));
    assert_eq!(split("tools::grep::Grep::run"), (Some("Grep"), "run"));
    assert_eq!(split("Shape#area?"), (Some("Shape"), "area?"));
    assert_eq!(split("#sides"), (None, "#sides"));
    assert_eq!(split("::run"), (None, "run"));
    assert_eq!(split("has an area."), (None, "has an area."));
    assert_eq!(split("Grep."), (Some("Grep"), ""));
}

#[test]
fn near_names_cost_less() {
    let cost = |name: &str| distance(name, &['f', 'o', 'u'] as &[char]);
    assert_eq!(cost("nothing"), None);
    assert_eq!(cost("fou"), Some(0));
    let order = ["found", "fuel_of_us", "FirstOfUs", "aafxoxu"].map(cost);
    assert_eq!(order, [Some(1), Some(5), Some(6), Some(12)]);
    assert_eq!(distance("İ", &['i']), None);
}
