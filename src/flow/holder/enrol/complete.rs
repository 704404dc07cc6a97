//! The last step: the account takes over what was chosen.

use crate::{
    flow::{Error, Realm, base::loaded_account::LoadedAccount, kinds::DeviceHolder},
    identity::{
        Password, Refused,
        enrolment::{Enrolment, Goal},
        life::AccountCommand,
        lock::By,
    },
    store::Change,
};

impl Realm {
    /// Writes what the enrolment leads to into the batch; `token` names the app's session, if it ends in one.
    pub(super) async fn complete(
        &self,
        change: &mut Change,
        enrolment: &Enrolment,
        token: &str,
    ) -> Result<Option<String>, Error> {
        let now = self.now;
        let mut held = self.load_known_account(&enrolment.number).await?;
        // The OTP went to the phone of the beginning; it proves nothing about another.
        let keeps = !matches!(enrolment.goal, Goal::Level0 | Goal::Phone);
        if keeps && held.account.phone != Some(enrolment.phone) {
            return Err(Refused::PhoneMismatch.into());
        }
        let signed_in = matches!(enrolment.goal, Goal::Passcode | Goal::Phone | Goal::Device);
        if signed_in && held.account.epoch != enrolment.epoch {
            return Err(Refused::SignInEnded.into());
        }
        let command = match enrolment.goal {
            Goal::Level0 => Some(AccountCommand::OpenLevel0),
            Goal::Activation => Some(AccountCommand::Activate),
            Goal::Password => Some(AccountCommand::ResetPassword),
            Goal::Phone => Some(AccountCommand::ChangePhone { reactivate: false }),
            Goal::Unlock => Some(AccountCommand::Unlock { by: By::Holder }),
            Goal::Passcode | Goal::Device => None,
        };
        let effects = match command {
            Some(command) => held.decide(command, now)?,
            None => Vec::new(),
        };
        if enrolment.goal == Goal::Level0 {
            held.account.level0_since = Some(now);
            self.move_phone(change, &mut held, enrolment.phone).await?;
        }
        if enrolment.goal == Goal::Phone {
            self.may_hold(&enrolment.phone, &held.account.number).await?;
            self.take_phone(change, &mut held, enrolment.phone).await?;
        }
        if let Some(hash) = &enrolment.password {
            held.account.password = Password::Hash(hash.clone());
        }
        if enrolment.passcode.is_some() {
            held.account.passcode.clone_from(&enrolment.passcode);
        }
        if !enrolment.questions.is_empty() {
            held.account.questions.clone_from(&enrolment.questions);
        }
        if let Some(device) = &enrolment.device {
            self.bind_device(change, &mut held, device).await?;
        }
        let signed_in = (enrolment.goal == Goal::Device).then(|| token.to_owned());
        if let Some(token) = &signed_in {
            let device = enrolment.device.as_deref().unwrap_or_default();
            Self::open_app(change, &held, device, token, now);
        }
        self.save(change, &mut held);
        self.carry_out(change, &held, &effects);
        Ok(signed_in)
    }

    /// Binds a device to an account; another account's binding to it is dropped (facts §5.1, TH3.2).
    pub(super) async fn bind_device(
        &self,
        change: &mut Change,
        held: &mut LoadedAccount,
        device: &str,
    ) -> Result<(), Error> {
        let stored = self.get::<DeviceHolder>(device).await?;
        let other = stored.as_ref().and_then(|found| found.record.0);
        if let Some(other) = other.filter(|other| *other != held.account.number)
            && let Some(mut before) = self.load_account(&other).await?
        {
            before.account.unbind(device);
            self.save(change, &mut before);
        }
        held.account.bind(device, self.now);
        let mine = DeviceHolder(Some(held.account.number));
        change.write_over(device, stored.map(|found| found.version), &mine, None);
        Ok(())
    }
}
