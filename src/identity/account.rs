//! What is kept of an account once it differs from the population's first day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    device::Device,
    holder::Who,
    life::{AccountCommand, AccountEffect, AccountState, Life},
    number::IdNumber,
    papers::PaperKind,
    phone::Phone,
    refused::Refused,
};
use crate::clock::Timestamp;

/// How the password is known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// None set.
    None,
    /// The published one of every synthetic citizen: `Vn@`, the last six digits, `a`.
    Initial,
    /// An argon2id PHC string.
    Hash(String),
}

impl std::fmt::Debug for Password {
    /// Never prints the hash.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Initial => "Initial",
            Self::Hash(_) => "Hash([redacted])",
        })
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The user name: the holder's ID number.
    pub number: IdNumber,
    /// What portals know the holder by; opaque, and stays when the ID number changes (facts §2.9).
    pub subject: String,
    /// Where its SMS go; one phone, one account.
    pub phone: Option<Phone>,
    /// Where they went before, if the number ever changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_phone: Option<Phone>,
    /// Where its e-mail goes.
    pub email: Option<String>,
    /// The password.
    pub password: Password,
    /// The passcode's hash, once chosen.
    pub passcode: Option<String>,
    /// The two security questions: place in the list, hash of the answer.
    pub questions: Vec<(u8, String)>,
    /// State and tries.
    pub life: Life,
    /// Sessions and tokens of an earlier epoch are dead.
    pub epoch: u32,
    /// The app's devices, newest last; at most one is active.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// The papers integrated into it, and since when; `None` = everything that the databases hold, as of the first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet: Option<BTreeMap<PaperKind, Timestamp>>,
    /// When the app account of level 0 was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level0_since: Option<Timestamp>,
    /// The card expiry that the holder was warned of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_of: Option<Date>,
    /// When time alone changes something about it next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl Account {
    /// An account that nobody has asked for yet.
    pub const fn unregistered(number: IdNumber, subject: String) -> Self {
        Self {
            number,
            subject,
            phone: None,
            former_phone: None,
            email: None,
            password: Password::None,
            passcode: None,
            questions: Vec::new(),
            life: Life::new(AccountState::Unregistered),
            epoch: 0,
            devices: Vec::new(),
            wallet: None,
            level0_since: None,
            warned_of: None,
            due: None,
        }
    }

    /// The active device.
    pub fn device(&self) -> Option<&Device> {
        self.devices.iter().find(|device| device.active)
    }

    /// Moves the life and applies the effect that is the account's own.
    pub fn decide(
        &mut self,
        command: AccountCommand,
        who: Who,
        now: Timestamp,
    ) -> Result<Vec<AccountEffect>, Refused> {
        let (life, answer) = self.life.decide(command, who, now);
        self.life = life;
        if answer.as_ref().is_ok_and(|effects| effects.contains(&AccountEffect::RevokeSessions)) {
            self.epoch = self.epoch.wrapping_add(1);
        }
        answer
    }
}
