//! PURE: who a citizen is and what may happen to an account.

pub mod account;
pub mod calendar;
pub mod citizen;
pub mod consent;
pub mod device;
pub mod due;
pub mod enrolment;
mod entitled;
pub mod foreign;
pub mod grounds;
pub mod holder;
pub mod invalid;
pub mod level;
pub mod life;
pub mod lifecycle;
pub mod lock;
pub mod name;
pub mod number;
pub mod organisation;
pub mod otp;
pub mod papers;
pub mod phone;
pub mod policy;
pub mod province;
pub mod qr;
pub mod refused;
pub mod registration;
pub mod request;
pub mod secret;
pub mod secrets;
pub mod services;
pub mod subject;
pub mod wanted;

/// What was typed without its spaces: people group digits as they are printed.
pub fn without_spaces(typed: &str) -> String {
    typed.chars().filter(|it| !it.is_whitespace()).collect()
}

pub use account::{Account, Password};
pub use citizen::{Address, Card, CardStatus, Citizen, birthday};
pub use foreign::Foreign;
pub use holder::{HolderKind, Regime, Who};
pub use level::Level;
pub use name::{FullName, unaccent};
pub use number::{Gender, IdNumber};
pub use organisation::Organisation;
pub use papers::{PaperKind, Papers};
pub use phone::Phone;
#[cfg(feature = "internals")]
pub use {name::NameError, number::NumberError, phone::PhoneError};
pub use policy::Policy;
pub use province::{BirthProvince, Province, UNASSIGNED_CODES};
pub use refused::Refused;
pub use subject::Subject;
