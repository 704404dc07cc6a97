//! An account as it was loaded, with whom it is about.

use crate::{
    clock::Timestamp,
    flow::Error,
    identity::{
        Account, Citizen, Refused, Subject, Who,
        life::{AccountCommand, Life},
    },
};

/// An account, whom it is about, and the versions they were read at; without one they were never stored. Whoever writes
/// either expects these, so that what was decided rests on the same read.
#[derive(Debug, Clone)]
pub struct LoadedAccount {
    pub(crate) account: Account,
    pub(crate) version: Option<u64>,
    pub(crate) subject: Subject,
    pub(crate) subject_version: Option<u64>,
    pub(crate) who: Who,
    /// The life it had when it was loaded, as time alone left it.
    pub(crate) was: Life,
    /// The epoch it had then: another one ends every session of before.
    pub(crate) epoch_was: u32,
}

impl LoadedAccount {
    /// Moves the account by one command.
    pub(crate) fn decide(
        &mut self,
        command: AccountCommand,
        now: Timestamp,
    ) -> Result<Vec<crate::identity::life::AccountEffect>, Refused> {
        self.account.decide(command, self.who, now)
    }

    /// The person, of an account that is a person's.
    pub(crate) fn person(&self) -> Result<&Citizen, Error> {
        self.subject.person().ok_or(Error::Missing("citizen"))
    }
}
