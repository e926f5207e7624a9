use super::*;

#[test]
fn the_model_takes_the_cores_that_are_free() {
    for (cores, running, threads) in [
        (4, None, 4),
        (4, Some(1), 4),
        (4, Some(0), 4),
        (4, Some(3), 2),
        (4, Some(9), 1),
        (2, Some(2), 1),
        (64, Some(1), 8),
        (0, Some(1), 1),
    ] {
        assert_eq!(count(cores, running), threads, "{cores} {running:?}");
    }
}

#[test]
fn the_running_threads_are_read_from_the_load() {
    assert_eq!(parse("7.08 9.02 10.01 5/812 4242\n"), Some(5));
    assert_eq!(parse("nonsense"), None);
    assert_eq!(parse(""), None);
    assert!(free() >= 1);
}
