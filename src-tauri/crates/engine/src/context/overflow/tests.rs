use super::stated_share;

#[test]
fn the_share_that_fits_is_read_from_what_providers_say() {
    let check = |said: &str, expected: Option<f64>| {
        let share = stated_share(said);
        let is_near = match (share, expected) {
            (Some(share), Some(expected)) => (share - expected).abs() < 0.01,
            (share, expected) => share == expected,
        };
        assert!(is_near, "{said}: {share:?}");
    };
    check(
        "(400): prompt is too long: 250000 tokens > 200000 maximum.",
        Some(0.8),
    );
    check(
        "The input token count (20000) exceeds the maximum number of tokens allowed (10000).",
        Some(0.5),
    );
    check(
        "the request (16384 tokens) exceeds the available context size (8192 tokens)",
        Some(0.5),
    );
    check(
        "This model's maximum context length is 8192 tokens. However, you requested 81920 tokens (900 in the completion).",
        Some(0.1),
    );
    check("claude-3-20240229 takes no more than 200000 tokens", None);
    check("Your input exceeds the context window of this model.", None);
    check("", None);
}
