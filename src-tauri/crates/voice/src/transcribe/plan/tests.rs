use super::*;

const RATE: usize = SAMPLE_RATE as usize;

#[test]
fn the_window_follows_the_clip_between_its_bounds() {
    for (seconds, positions) in [
        (0.2, 512),
        (3.0, 512),
        (7.0, 512),
        (10.0, 640),
        (20.0, 1_152),
        (25.0, 1_408),
        (26.0, 1_500),
        (40.0, 1_500),
    ] {
        let samples = (seconds * RATE as f64) as usize;
        assert_eq!(audio_ctx(samples, 1_500), positions, "{seconds} s");
    }
    assert_eq!(audio_ctx(RATE, 400), 400, "a model with a small window");
}

#[test]
fn the_token_bound_grows_with_the_clip() {
    assert_eq!(max_tokens(0), 16);
    assert_eq!(max_tokens(3 * RATE), 46);
}

#[test]
fn short_clips_stay_whole_and_long_ones_are_cut_in_the_pauses() {
    let short = pieces(&vec![0.1; 28 * RATE]);
    assert_eq!((short.len(), &short[0]), (1, &(0..28 * RATE)));
    let mut long = vec![0.1; 70 * RATE];
    long[25 * RATE..25 * RATE + RATE / 2].fill(0.0);
    long[48 * RATE..48 * RATE + RATE / 2].fill(0.0);
    let cut = pieces(&long);
    assert_eq!(cut.len(), 3);
    assert!((25 * RATE..25 * RATE + RATE / 2).contains(&cut[0].end));
    assert!((48 * RATE..48 * RATE + RATE / 2).contains(&cut[1].end));
    assert_eq!(cut[2].end, long.len());
    assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start));
}
