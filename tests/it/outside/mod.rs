//! Against what others wrote: a real browser, relying parties in other languages. Wants their programs, which
//! `scripts/tools` installs; `scripts/test --without-tools` leaves this module out and counts it as skipped.

mod browser;
mod relying_parties;
