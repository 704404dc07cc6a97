//! A keyed permutation of `0..size`, both ways in constant time: an unbalanced Feistel network with cycle walking.
//!
//! A mixer, not a cipher: it makes neighbours look unrelated and keeps no secret.

/// Pairs of rounds; three spread every input over the whole range.
const PAIRS: usize = 3;

/// Scrambles 64 bits (the finaliser of `splitmix64`); itself a bijection.
pub(crate) const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The `stream`-th key derived from a key.
pub(crate) const fn derive(key: u64, stream: u64) -> u64 {
    mix(mix(key ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(stream.wrapping_mul(0xd1b5_4a32_d192_ed03)))
}

/// Scales 64 random bits to `0..bound`; 0 if the bound is 0.
pub(crate) const fn below(bits: u64, bound: u64) -> u64 {
    ((bits as u128 * bound as u128) >> 64) as u64
}

/// A permutation of `0..size`.
///
/// A value is written as (left, right) with `left < lefts`, `right < rights`; `lefts × rights` exceeds the size by less
/// than its square root, so a walk out of the range and back is rare.
#[derive(Clone, Debug)]
pub(crate) struct Shuffle {
    size: u64,
    lefts: u64,
    rights: u64,
    keys: [(u64, u64); PAIRS],
}

impl Shuffle {
    /// The permutation of `0..size` that a key names.
    pub(crate) fn new(size: u64, key: u64) -> Self {
        let rights = size.isqrt().max(1);
        let lefts = size.div_ceil(rights).max(1);
        let mut keys = [(0, 0); PAIRS];
        for (stream, pair) in (0..).step_by(2).zip(&mut keys) {
            *pair = (derive(key, stream), derive(key, stream + 1));
        }
        Self { size, lefts, rights, keys }
    }

    /// The same keys over `0..size`: for groups of many sizes, each told apart by its tweak.
    pub(crate) fn over(&self, size: u64) -> Self {
        let rights = size.isqrt().max(1);
        Self { size, lefts: size.div_ceil(rights).max(1), rights, keys: self.keys }
    }

    /// Where a value goes under a tweak (each tweak names another permutation); `None` from `size` on.
    pub(crate) fn forward(&self, tweak: u64, value: u64) -> Option<u64> {
        self.walk(value, |value| self.once(tweak, value))
    }

    /// Where a value came from: the inverse of [`Shuffle::forward`].
    pub(crate) fn back(&self, tweak: u64, value: u64) -> Option<u64> {
        self.walk(value, |value| self.unonce(tweak, value))
    }

    /// Steps until the value is in range again; it must come back, since steps permute a finite set that it left from inside.
    fn walk(&self, value: u64, step: impl Fn(u64) -> u64) -> Option<u64> {
        if value >= self.size {
            return None;
        }
        let mut value = step(value);
        while value >= self.size {
            value = step(value);
        }
        Some(value)
    }

    fn once(&self, tweak: u64, value: u64) -> u64 {
        let (mut left, mut right) = (value / self.rights, value % self.rights);
        for (one, two) in self.keys {
            left = add(left, round(right, one ^ tweak, self.lefts), self.lefts);
            right = add(right, round(left, two ^ tweak, self.rights), self.rights);
        }
        left * self.rights + right
    }

    fn unonce(&self, tweak: u64, value: u64) -> u64 {
        let (mut left, mut right) = (value / self.rights, value % self.rights);
        for (one, two) in self.keys.into_iter().rev() {
            right = subtract(right, round(left, two ^ tweak, self.rights), self.rights);
            left = subtract(left, round(right, one ^ tweak, self.lefts), self.lefts);
        }
        left * self.rights + right
    }
}

const fn round(half: u64, key: u64, bound: u64) -> u64 {
    below(mix(half.wrapping_add(key)), bound)
}

const fn add(value: u64, other: u64, bound: u64) -> u64 {
    let sum = value + other;
    if sum >= bound { sum - bound } else { sum }
}

const fn subtract(value: u64, other: u64, bound: u64) -> u64 {
    if value >= other { value - other } else { value + bound - other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_size_is_permuted_and_undone() {
        for size in 0..300 {
            let shuffle = Shuffle::new(size, 7);
            let mut seen: Vec<u64> =
                (0..size).filter_map(|value| shuffle.forward(size, value)).collect();
            for (value, image) in (0..size).zip(&seen) {
                assert_eq!(shuffle.back(size, *image), Some(value));
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..size).collect::<Vec<_>>());
            assert_eq!(shuffle.forward(0, size), None);
            assert_eq!(shuffle.back(0, u64::MAX), None);
            let same = Shuffle::new(1_000, 7).over(size);
            assert!((0..size).all(|value| same.forward(3, value) == shuffle.forward(3, value)));
        }
    }
}
