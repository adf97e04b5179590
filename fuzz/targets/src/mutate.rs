//! Good inputs made bad, a little.

/// Numbers that look random and depend on a seed alone (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Lengths, counts and indices that are worth a try.
const NUMBERS: [i32; 12] = [0, 1, 2, 3, 127, 128, 255, 256, 65_535, i32::MAX, -1, i32::MIN];

/// One of the seeds, changed in one to five places. `pieces` are what its language is made of.
pub fn mutant(seeds: &[Vec<u8>], pieces: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let mut data = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(5) {
        change(&mut data, seeds, pieces, random);
    }
    data
}

fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], pieces: &[&[u8]], random: &mut Random) {
    let at = random.below(data.len());
    let end = (at + 1 + random.below(16)).min(data.len());
    let piece = || pieces[Random(data.len() as u64 ^ at as u64).below(pieces.len())];
    match random.below(10) {
        0 => replace(data, at, &[random.next() as u8]),
        1 => replace(data, at, &[data.get(at).copied().unwrap_or(0) ^ 1 << random.below(8)]),
        2 => replace(data, at, &NUMBERS[random.below(NUMBERS.len())].to_le_bytes()),
        3 => replace(data, at, pieces[random.below(pieces.len())]),
        4 => insert(data, at, pieces[random.below(pieces.len())]),
        5 => insert(data, at, &[piece(), pieces[random.below(pieces.len())]].concat()),
        6 => drop(data.drain(at.min(end)..end)),
        7 => data.truncate(at),
        8 => {
            let copy = data[at.min(end)..end].to_vec();
            let to = random.below(data.len());
            insert(data, to, &copy);
        }
        _ => {
            let other = &seeds[random.below(seeds.len())];
            let from = random.below(other.len());
            let length = random.below(64).min(other.len() - from);
            insert(data, at, &other[from..from + length]);
        }
    }
}

/// Writes over what is at a place.
fn replace(data: &mut Vec<u8>, at: usize, new: &[u8]) {
    let end = (at + new.len()).min(data.len());
    data.splice(at.min(end)..end, new.iter().copied());
}

fn insert(data: &mut Vec<u8>, at: usize, new: &[u8]) {
    let at = at.min(data.len());
    data.splice(at..at, new.iter().copied());
}
