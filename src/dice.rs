//! Seeded chance: ids, codes, tokens, salts; one child stream per purpose, so one more SMS shifts no later id.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::clock::Timestamp;

/// What a draw is for. Each purpose has its own stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawPurpose {
    /// Record ids.
    Id,
    /// OTP codes.
    Otp,
    /// Authorization codes.
    Code,
    /// Access tokens.
    Token,
    /// Browser sessions, interactions and their form tokens.
    Session,
    /// Password salts.
    Salt,
    /// Passwords that travel by SMS, client secrets.
    Secret,
    /// Who "an account like this" is.
    Person,
    /// Refresh tokens and their families.
    Refresh,
    /// Ids of explanations.
    Explain,
    /// Whether a fault that comes by chance comes.
    Fault,
}

const PURPOSES: usize = 11;

/// The chance of one realm.
#[derive(Debug)]
pub struct Dice {
    seed: Option<[u8; 32]>,
    /// How often each purpose drew. With a seed a draw follows from its number alone, so a snapshot can go on from here.
    drawn: [AtomicU64; PURPOSES],
    /// Without a seed: the operating system's chance, buffered.
    streams: [Mutex<Option<Box<StdRng>>>; PURPOSES],
}

impl Dice {
    /// The same `seed` and `epoch` give the same draws; without a seed they come from the operating system.
    ///
    /// `epoch` counts the starts of a stored realm, so that a restart does not repeat the ids before it.
    pub fn new(seed: Option<&str>, realm: &str, epoch: u64) -> Self {
        let seed = seed.map(|seed| {
            let mut hash = digest::Context::new(&digest::SHA256);
            for part in [seed.as_bytes(), realm.as_bytes(), &epoch.to_be_bytes()] {
                hash.update(&(part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            finished(hash)
        });
        Self { seed, drawn: Default::default(), streams: Default::default() }
    }

    /// How often each purpose has drawn, in the order of [`DrawPurpose`].
    pub fn position(&self) -> Vec<u64> {
        self.drawn.iter().map(|drawn| drawn.load(Ordering::SeqCst)).collect()
    }

    /// Goes on from such a position; purposes it does not name begin anew.
    pub fn go_to(&self, position: &[u64]) {
        for (at, drawn) in self.drawn.iter().enumerate() {
            drawn.store(position.get(at).copied().unwrap_or(0), Ordering::SeqCst);
        }
    }

    fn with<T>(&self, purpose: DrawPurpose, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        let number = self.drawn[purpose as usize].fetch_add(1, Ordering::SeqCst);
        if let Some(seed) = self.seed {
            let mut hash = digest::Context::new(&digest::SHA256);
            hash.update(&seed);
            hash.update(&[purpose as u8]);
            hash.update(&number.to_be_bytes());
            return draw(&mut StdRng::from_seed(finished(hash)));
        }
        let mut stream = self.streams[purpose as usize].lock();
        draw(stream.get_or_insert_with(|| Box::new(rand::make_rng())))
    }

    /// `N` bytes.
    pub fn bytes<const N: usize>(&self, purpose: DrawPurpose) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(purpose, |rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// 256 bits as base64url: what RFC 6749 §10.10 asks of codes and tokens, twice over.
    pub fn token(&self, purpose: DrawPurpose) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>(purpose))
    }

    /// A number below `bound` (0 when `bound` is 0).
    pub fn below(&self, purpose: DrawPurpose, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.with(purpose, |rng| rng.random_range(0..bound)) }
    }

    /// Six digits.
    pub fn otp(&self) -> String {
        format!("{:06}", self.below(DrawPurpose::Otp, 1_000_000))
    }

    /// A ULID that sorts by `at`.
    pub fn id(&self, at: Timestamp) -> String {
        let random = u128::from_be_bytes(self.bytes::<16>(DrawPurpose::Id));
        ulid::Ulid::from_parts(at.as_millis().unsigned_abs(), random).to_string()
    }
}

fn finished(hash: digest::Context) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.finish().as_ref());
    bytes
}
