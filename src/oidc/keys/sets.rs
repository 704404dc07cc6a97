//! The development key sets: a ring of eight, public on purpose, the same in every copy.
//!
//! Anyone can read them and a token signed by them proves nothing, see `dev/README.md`. They ship so that a rotation makes
//! no key, is the same in every run, and costs a start nothing: each key is parsed when it first signs or is published.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::KeyRing;

/// How many sets there are; a rotation goes from each to the next, and from the last to the first.
pub(super) const SETS: u8 = 8;

macro_rules! set {
    ($folder:literal) => {
        KeyRing::new(
            Cow::Borrowed(include_bytes!(concat!($folder, "rs256.der"))),
            Cow::Borrowed(include_bytes!(concat!($folder, "es256.der"))),
            Cow::Borrowed(include_bytes!(concat!($folder, "eddsa.der"))),
        )
    };
}

static RING: LazyLock<[KeyRing; SETS as usize]> = LazyLock::new(|| {
    [
        set!("dev/"),
        set!("dev/1/"),
        set!("dev/2/"),
        set!("dev/3/"),
        set!("dev/4/"),
        set!("dev/5/"),
        set!("dev/6/"),
        set!("dev/7/"),
    ]
});

/// The set of that number; numbers go round.
pub(super) fn set(number: u8) -> &'static KeyRing {
    &RING[usize::from(number % SETS)]
}
