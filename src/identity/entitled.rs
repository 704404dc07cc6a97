//! Which account levels a holder may have at all, as a refusal.

use super::{
    holder::{Entitled, HolderKind, Regime},
    level::Level,
    refused::Refused,
};

impl HolderKind {
    /// Whether this kind of holder may have this level at all.
    pub const fn may_have(self, level: Level, regime: Regime) -> Result<(), Refused> {
        match self.entitled(level, regime) {
            Entitled::Yes | Entitled::OnRequest => Ok(()),
            Entitled::No => Err(Refused::LevelNotForHolder { holder: self, level }),
        }
    }
}
