use crate::clock::utc_date;
use crate::title::from_request;

#[test]
fn dates_are_civil_dates() {
    for (ms, date) in [
        (0, "1970-01-01"),
        (951_782_400_000, "2000-02-29"),
        (1_709_251_199_000, "2024-02-29"),
        (1_709_251_200_000, "2024-03-01"),
        (1_798_761_599_999, "2026-12-31"),
        (4_107_542_400_000, "2100-03-01"),
    ] {
        assert_eq!(utc_date(ms), date);
    }
}

#[test]
fn a_title_is_one_line_cut_at_a_word() {
    for (request, title) in [
        ("  Fix the\nparser, please. ", "Fix the parser, please"),
        ("", "New session"),
        ("...", "New session"),
        (
            "Find out why the parser times out on long lines and then mend it for good",
            "Find out why the parser times out on long lines and then…",
        ),
    ] {
        assert_eq!(from_request(request), title);
    }
    assert_eq!(
        from_request(&"é".repeat(200)).chars().count(),
        61,
        "a word without spaces is cut by length"
    );
}
