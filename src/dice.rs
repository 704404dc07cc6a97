//! Seeded chance: ids, codes, tokens, salts; one child stream per purpose, so one more SMS shifts no later id.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::clock::Timestamp;

/// What a draw is for. Each purpose has its own stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
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
}

const PURPOSES: usize = 10;

/// The chance of one realm.
#[derive(Debug)]
pub struct Dice {
    seed: Option<[u8; 32]>,
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
        Self { seed, streams: Default::default() }
    }

    fn fresh(&self, purpose: Purpose) -> Box<StdRng> {
        let Some(seed) = self.seed else {
            return Box::new(rand::make_rng());
        };
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(&seed);
        hash.update(&[purpose as u8]);
        Box::new(StdRng::from_seed(finished(hash)))
    }

    fn with<T>(&self, purpose: Purpose, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        let mut stream = self.streams[purpose as usize].lock();
        draw(stream.get_or_insert_with(|| self.fresh(purpose)))
    }

    /// `N` bytes.
    pub fn bytes<const N: usize>(&self, purpose: Purpose) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(purpose, |rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// 256 bits as base64url: what RFC 6749 §10.10 asks of codes and tokens, twice over.
    pub fn token(&self, purpose: Purpose) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>(purpose))
    }

    /// A number below `bound` (0 when `bound` is 0).
    pub fn below(&self, purpose: Purpose, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.with(purpose, |rng| rng.random_range(0..bound)) }
    }

    /// Six digits.
    pub fn otp(&self) -> String {
        format!("{:06}", self.below(Purpose::Otp, 1_000_000))
    }

    /// A ULID that sorts by `now`.
    pub fn id(&self, now: Timestamp) -> String {
        let random = u128::from_be_bytes(self.bytes::<16>(Purpose::Id));
        ulid::Ulid::from_parts(now.as_millis().unsigned_abs(), random).to_string()
    }
}

fn finished(hash: digest::Context) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.finish().as_ref());
    bytes
}
