//! Drives somebody's own application through the menu of faults, over its real login, and grades what it does.

mod cases;
mod judge;
mod party;
mod plan;
mod provider;
mod report;
mod run;
mod trial;

pub use cases::{Case, cases};
pub use plan::GauntletPlan;
pub use report::{CaseRow, GauntletReport, Grade};
pub use run::{run, run_until};
