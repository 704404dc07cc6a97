//! Scripts in TOML: who is there, what is done, what must come of it; played through the doors, like everybody else.

mod act;
mod browser;
mod expect;
mod ground;
mod list;
mod portal;
mod report;
mod run;
mod schema;
mod script;
mod source;
mod variables;
mod verbs;
mod world;

pub use ground::Target;
#[cfg(feature = "gauntlet")]
pub(crate) use ground::{Caller, RequestBody};
pub use list::document;
pub use report::{RunFailure, ScenarioReport, ScenarioRun, junit};
pub use run::{PlayPlace, run};
pub use schema::schema;
pub use script::Script;
pub use source::{LARGEST, Mistake};
