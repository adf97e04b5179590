//! `cargo fuzz run source`: see `pyfuzz::targets::source`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pyfuzz::targets::source(data);
});
