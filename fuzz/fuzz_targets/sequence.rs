//! `cargo fuzz run sequence`: see `pyfuzz::targets::sequence`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pyfuzz::targets::sequence(data);
});
