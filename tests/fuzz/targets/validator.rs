//! libFuzzer before `fuzz::validator`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::validator(data));
