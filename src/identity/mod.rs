//! PURE: who a citizen is and what may happen to an account.

pub mod account;
pub mod citizen;
pub mod enrolment;
pub mod foreign;
pub mod holder;
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
pub mod refused;
pub mod registration;
pub mod secrets;
pub mod wanted;

pub use account::{Account, Password};
pub use citizen::{Address, Card, CardStatus, Citizen, birthday};
pub use foreign::Foreign;
pub use holder::{HolderKind, Regime, Who};
pub use level::Level;
pub use name::{FullName, NameError, unaccent};
pub use number::{Gender, IdNumber, NumberError};
pub use organisation::Organisation;
pub use papers::{PaperKind, Papers};
pub use phone::{Phone, PhoneError};
pub use policy::Policy;
pub use province::{BirthProvince, Province, UNASSIGNED_CODES};
pub use refused::Refused;
