//! SipHash-1-3: the hash of strings, and of a source file in a hash-based `.pyc` (`_Py_KeyedHash` in
//! `Python/pyhash.c`).

/// SipHash-1-3 of `data` under the key (`k0`, `k1`).
pub fn siphash13(k0: u64, k1: u64, data: &[u8]) -> u64 {
    let mut state = State {
        v0: k0 ^ 0x736f_6d65_7073_6575,
        v1: k1 ^ 0x646f_7261_6e64_6f6d,
        v2: k0 ^ 0x6c79_6765_6e65_7261,
        v3: k1 ^ 0x7465_6462_7974_6573,
    };
    let mut blocks = data.chunks_exact(8);
    for block in &mut blocks {
        state.absorb(u64::from_le_bytes(block.try_into().expect("8 bytes")));
    }
    let mut last = (data.len() as u64) << 56;
    for (i, &byte) in blocks.remainder().iter().enumerate() {
        last |= u64::from(byte) << (8 * i);
    }
    state.absorb(last);
    state.finish()
}

struct State {
    v0: u64,
    v1: u64,
    v2: u64,
    v3: u64,
}

impl State {
    fn absorb(&mut self, block: u64) {
        self.v3 ^= block;
        self.round();
        self.v0 ^= block;
    }

    fn finish(mut self) -> u64 {
        self.v2 ^= 0xFF;
        for _ in 0..3 {
            self.round();
        }
        self.v0 ^ self.v1 ^ self.v2 ^ self.v3
    }

    fn round(&mut self) {
        self.v0 = self.v0.wrapping_add(self.v1);
        self.v1 = self.v1.rotate_left(13) ^ self.v0;
        self.v0 = self.v0.rotate_left(32);
        self.v2 = self.v2.wrapping_add(self.v3);
        self.v3 = self.v3.rotate_left(16) ^ self.v2;
        self.v0 = self.v0.wrapping_add(self.v3);
        self.v3 = self.v3.rotate_left(21) ^ self.v0;
        self.v2 = self.v2.wrapping_add(self.v1);
        self.v1 = self.v1.rotate_left(17) ^ self.v2;
        self.v2 = self.v2.rotate_left(32);
    }
}
