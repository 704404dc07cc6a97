//! `mock-vneid` simulates VNeID, Viet Nam's national e-ID: registration, approval, SMS, activation, sign-in with
//! password and OTP, and OpenID Connect tokens. **It is a simulation for tests and proves nothing about anybody.**
//!
//! ```text
//! main → cli → app → http → flow → { identity, population, oidc, store, outbox, faults, journal, clock, dice }
//!               app → { config, store/<backends> }
//! ```
//!
//! | room | what it is for |
//! |---|---|
//! | [`identity`] | pure: who a citizen is and what may happen to an account |
//! | [`population`] | pure: the synthetic country, index ↔ number ↔ citizen |
//! | [`oidc`] | pure: the protocol without a framework |
//! | [`flow`] | use cases: load, draw, decide, commit, then send |
//! | [`store`] | the narrow waist: records over a compare-and-swap backend |
//! | [`faults`] | pure: rules for what goes wrong, and the menu |
//! | [`journal`] | pure: what happened, linked, masked, exported, asserted |
//! | [`visitor`] | a browser without a window |
//! | [`scenario`], `play` | scripts in TOML, played through the doors |
//! | [`gauntlet`] | drives somebody's own application through the menu, and grades it |
//! | [`outbox`] | SMS, e-mail and app notices as data |
//! | [`http`] | the doors |
//! | [`serve`], `fetch` | the sockets, inward and outward, and how long a peer may take |
//! | [`app`], [`config`], [`cli`] | how it is put together and started |
//! | [`testing`], `exec` | a simulator inside a test process, and around a command |
//! | [`clock`], [`dice`] | time and chance, which come in by the door |
//!
//! A test that only starts a simulator in its own process ([`MockVneid`]) turns the default features off and builds a
//! quarter fewer crates: `demo`, `viewer` (`/admin/docs`), `scenarios` and `gauntlet`.
//!
//! The stable face is [`MockVneid`], [`App`], [`Config`] and the clocks. The rooms are public under the feature `internals` alone, for this
//! project's tests and benches.

#![cfg_attr(
    not(feature = "internals"),
    expect(unreachable_pub, reason = "what the rooms show is seen under `internals`")
)]

/// Rooms that only this project's own tests and benches look into.
macro_rules! rooms {
    ($($(#[$when:meta])* $room:ident),* $(,)?) => {$(
        $(#[$when])*
        #[cfg(feature = "internals")]
        pub mod $room;
        $(#[$when])*
        #[cfg(not(feature = "internals"))]
        mod $room;
    )*};
}

rooms! {
    dice,
    faults,
    flow,
    #[cfg(feature = "gauntlet")]
    gauntlet,
    http,
    identity,
    journal,
    oidc,
    outbox,
    population,
    #[cfg(feature = "scenarios")]
    scenario,
    serve,
    store,
    telemetry,
    #[cfg(feature = "scenarios")]
    visitor,
}

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
mod cookies;
#[cfg(feature = "demo")]
mod demo;
mod exec;
mod fetch;
mod guests;
mod home;
#[cfg(feature = "scenarios")]
mod play;
pub mod testing;

pub use app::App;
pub use config::Config;
pub use testing::MockVneid;
