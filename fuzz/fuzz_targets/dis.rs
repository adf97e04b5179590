//! `cargo fuzz run dis`: see `pyfuzz::targets::dis`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pyfuzz::targets::dis(data);
});
