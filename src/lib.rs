//! `mock-vneid` simulates VNeID, Viet Nam's national e-ID: registration, approval, SMS, activation, sign-in with
//! password and OTP, and OpenID Connect tokens. **It is a simulation for tests and proves nothing about anybody.**
//!
//! ```text
//! main → cli → app → http → flow → { identity, population, oidc, store, outbox, clock, dice }
//!               app → { config, store/<backends> }
//! ```
//!
//! The stable face is [`App`], [`Config`] and the clocks. The rooms are public for this project's tests and benches.

pub mod clock;
pub mod dice;
pub mod flow;
pub mod identity;
pub mod oidc;
pub mod outbox;
pub mod population;
pub mod store;
