//! Scripts in TOML: who is there, what is done, what must come of it; played through the doors, like everybody else.

mod act;
mod browser;
mod expect;
mod list;
mod portal;
mod report;
mod run;
mod run_session;
mod schema;
mod script;
mod source;
mod target;
mod variables;
mod verbs;

pub use list::document;
pub use report::{ScenarioReport, junit};
pub use run::{PlayPlace, run};
pub use schema::schema;
pub use script::Script;
pub use source::{LARGEST, Mistake};
pub use target::Target;
#[cfg(feature = "gauntlet")]
pub(crate) use target::{Caller, RequestBody};
