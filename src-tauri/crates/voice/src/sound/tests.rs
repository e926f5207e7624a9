use super::*;

#[test]
fn cues_are_short_soft_and_differ() {
    let all = [Cue::Start, Cue::Stop, Cue::Error].map(|cue| samples(cue, 1.0));
    for cue in &all {
        assert!(cue.len() < RATE as usize * 3 / 10);
        assert!(cue.iter().all(|x| x.abs() <= LOUDEST));
        assert!(cue.iter().any(|x| x.abs() > LOUDEST * 0.9));
        assert!(cue.first().is_some_and(|x| x.abs() < 0.01));
        assert!(cue.last().is_some_and(|x| x.abs() < 0.01));
    }
    assert_ne!(all[0], all[1]);
}

#[test]
fn volume_scales_and_zero_is_silence() {
    let most = |volume| {
        samples(Cue::Start, volume)
            .into_iter()
            .fold(0.0_f32, |most, x| most.max(x.abs()))
    };
    assert!((most(0.5) * 2.0 - most(1.0)).abs() < 1e-3);
    assert!(most(0.0) <= 0.0);
}

#[test]
fn cues_on_a_machine_without_output_do_no_harm() {
    let sounds = Sounds::start();
    assert!(sounds.is_some());
    if let Some(sounds) = sounds {
        for _ in 0..20 {
            sounds.play(Cue::Error, 0.0);
        }
    }
}
