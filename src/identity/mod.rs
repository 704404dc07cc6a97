//! PURE: who a citizen is and what may happen to an account.

pub mod account;
pub mod citizen;
pub mod enrolment;
pub mod level;
pub mod life;
pub mod lifecycle;
pub mod lock;
pub mod name;
pub mod number;
pub mod otp;
pub mod phone;
pub mod policy;
pub mod province;
pub mod refused;
pub mod registration;
pub mod secrets;
pub mod wanted;

pub use account::{Account, Password};
pub use citizen::{Address, Card, CardStatus, Citizen, birthday};
pub use level::Level;
pub use name::{FullName, NameError, unaccent};
pub use number::{Gender, IdNumber, NumberError};
pub use phone::{Phone, PhoneError};
pub use policy::Policy;
pub use province::{BirthProvince, Province, UNASSIGNED_CODES};
pub use refused::Refused;
