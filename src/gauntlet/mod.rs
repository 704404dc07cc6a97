//! Drives somebody's own application through the menu of faults, over its real login, and grades what it does.

mod cases;
mod judge;
mod party;
mod plan;
mod provider;
mod report;
mod run;
mod trial;

#[cfg(feature = "internals")]
pub use cases::cases;
pub use plan::GauntletPlan;
#[cfg(feature = "internals")]
pub use report::{CaseRow, GauntletReport, Grade};
#[cfg(feature = "internals")]
pub use run::run;
pub use run::run_until;
