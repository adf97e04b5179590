//! `cargo fuzz run marshal`: see `pyfuzz::targets::marshal`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pyfuzz::targets::marshal(data);
});
