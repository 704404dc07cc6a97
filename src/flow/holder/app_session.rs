//! The signed-in app: who holds its token, and the passcode that confirms what matters.

use crate::{
    clock::Timestamp,
    flow::{
        Error, Realm,
        base::loaded_account::LoadedAccount,
        kinds::{AppSession, DeviceHolder},
        retry,
    },
    identity::{Account, IdNumber, Password, Refused, life::AccountCommand, secrets},
    oidc::digest::{constant_time_eq, sha256_base64url},
    store::Change,
};

/// Seconds the app stays signed in. Invented.
pub const APP_SECONDS: i64 = 30 * 24 * 3600;

impl Realm {
    /// The account whose app holds this token, as long as nothing has ended its sign-in: a lock, a new password or
    /// phone, another device.
    pub async fn app(&self, token: &str) -> Result<LoadedAccount, Error> {
        let gone = || Error::Refused(Refused::AppSignInRequired);
        let name = sha256_base64url(token);
        let found = self.get::<AppSession>(name).await?;
        let session = found.ok_or_else(gone)?.record;
        let held = self.load_account(&session.number).await?.ok_or_else(gone)?;
        let bound = held.account.device().is_some_and(|device| device.id == session.device);
        if held.account.epoch == session.epoch && bound { Ok(held) } else { Err(gone()) }
    }

    /// Opens the app on a device: writes its token into the batch.
    pub(crate) fn open_app(
        change: &mut Change,
        held: &LoadedAccount,
        device: &str,
        token: &str,
        now: Timestamp,
    ) {
        let session = AppSession {
            number: held.account.number,
            device: device.to_owned(),
            epoch: held.account.epoch,
        };
        let until = Some(now.plus_seconds(APP_SECONDS));
        change.put(sha256_base64url(token), &session, until);
    }

    /// The account of who proves the password; a wrong one counts, as on the sign-in page.
    pub(crate) async fn proven(
        &self,
        number: &IdNumber,
        password: &str,
    ) -> Result<LoadedAccount, Error> {
        let held = self.load_account(number).await?;
        let held = held.filter(|held| held.subject.person().is_some());
        let Some(held) = held else {
            self.is_password(password, None).await?;
            return Err(Refused::WrongCredentials { left: 0 }.into());
        };
        let correct = self.is_password(password, Some((held.person()?, &held.account))).await?;
        self.count_attempt(number, correct).await
    }

    /// Counts a password or passcode.
    async fn count_attempt(
        &self,
        number: &IdNumber,
        correct: bool,
    ) -> Result<LoadedAccount, Error> {
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            let before = held.account.clone();
            let lock_until = self.lock_until();
            let answer =
                held.decide(AccountCommand::CheckPassword { correct, lock_until }, self.now);
            if held.account != before {
                let mut change = self.change();
                self.save(&mut change, &mut held);
                self.commit(change).await?;
            }
            answer?;
            // The version has moved on: what follows reads anew.
            self.load_known_account(number).await
        })
    }

    /// The passcode, which confirms papers and consents (facts §5.2); wrong ones count like wrong passwords. Somebody who
    /// never chose one has the last six digits of the ID number.
    pub async fn confirm(
        &self,
        held: &LoadedAccount,
        passcode: &str,
    ) -> Result<LoadedAccount, Error> {
        self.confirm_with_face(held, passcode, true).await
    }

    /// The same with a face beside the passcode: both are right or the try counts, once.
    pub async fn confirm_with_face(
        &self,
        held: &LoadedAccount,
        passcode: &str,
        face: bool,
    ) -> Result<LoadedAccount, Error> {
        secrets::check_passcode(passcode).map_err(Refused::from)?;
        let number = held.account.number;
        let right = match &held.account.passcode {
            Some(hash) => self.is_hash(passcode, hash).await?,
            None if held.account.password == Password::Initial => {
                constant_time_eq(passcode.as_bytes(), number.last_six().as_bytes())
            }
            None => false,
        };
        let counted = self.count_attempt(&number, right && face).await;
        counted.map_err(|error| match error {
            Error::Refused(Refused::WrongCredentials { left }) if right => {
                Refused::FaceMismatch { left }.into()
            }
            Error::Refused(Refused::WrongCredentials { left }) => {
                Refused::WrongPasscode { left }.into()
            }
            other => other,
        })
    }

    /// Unbinds a device; the app on it is signed out.
    pub async fn unbind_device(&self, number: &IdNumber, device: &str) -> Result<Account, Error> {
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            if !held.account.unbind(device) {
                return Err(Error::Missing("device"));
            }
            let mut change = self.change();
            change.put(device, &DeviceHolder(None), None);
            self.save(&mut change, &mut held);
            self.commit(change).await?;
            Ok(held.account)
        })
    }

    /// Another password for the one that is known; every other session ends.
    pub async fn change_password(
        &self,
        number: &IdNumber,
        old: &str,
        new: &str,
    ) -> Result<(), Error> {
        secrets::check_password(new).map_err(Refused::from)?;
        self.proven(number, old).await?;
        let hash = self.hash(new).await?;
        retry!(async {
            let mut held = self.load_known_account(number).await?;
            let effects = held.decide(AccountCommand::ResetPassword, self.now)?;
            held.account.password = Password::Hash(hash.clone());
            let mut change = self.change();
            self.save(&mut change, &mut held);
            self.carry_out(&mut change, &held, &effects);
            self.commit(change).await
        })
    }
}
