//! `cargo fuzz run verify`: see `pyfuzz::targets::verify`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pyfuzz::targets::verify(data);
});
