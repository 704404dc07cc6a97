//! The signed-in app: who holds its token, and the passcode that confirms what matters.

use super::{Error, Realm, people::Held, retry};
use crate::{
    clock::Timestamp,
    identity::{Account, IdNumber, Password, Refused, life::Command, secrets},
    oidc::digest::{constant_time_eq, sha256_base64url},
    store::{
        Change,
        kinds::{AppSession, DeviceHolder},
    },
};

/// Seconds the app stays signed in. Invented.
pub const APP_SECONDS: i64 = 30 * 24 * 3600;

impl Realm {
    /// The account whose app holds this token, as long as nothing has ended its sign-in: a lock, a new password or
    /// phone, another device.
    pub async fn app(&self, token: &str, now: Timestamp) -> Result<Held, Error> {
        let gone = || Error::Refused(Refused::AppSignInRequired);
        let name = sha256_base64url(token);
        let found = self.store().get::<AppSession>(self.id(), name, now).await?;
        let session = found.ok_or_else(gone)?.record;
        let held = self.held(&session.number, now).await?.ok_or_else(gone)?;
        let bound = held.account.device().is_some_and(|device| device.id == session.device);
        if held.account.epoch == session.epoch && bound { Ok(held) } else { Err(gone()) }
    }

    /// Opens the app on a device: writes its token into the batch.
    pub(crate) fn open_app(
        change: &mut Change,
        held: &Held,
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
        now: Timestamp,
    ) -> Result<Held, Error> {
        let held = self.held(number, now).await?;
        let held = held.filter(|held| held.subject.person().is_some());
        let Some(held) = held else {
            self.is_password(password, None).await?;
            return Err(Refused::WrongCredentials { left: 0 }.into());
        };
        let correct = self.is_password(password, Some((held.person()?, &held.account))).await?;
        retry!(self.try_count(number, correct, now).await)
    }

    /// Counts a password or passcode.
    async fn try_count(
        &self,
        number: &IdNumber,
        correct: bool,
        now: Timestamp,
    ) -> Result<Held, Error> {
        let mut held = self.known_held(number, now).await?;
        let before = held.account.clone();
        let lock_until = self.lock_until(now);
        let answer = held.decide(Command::CheckPassword { correct, lock_until }, now);
        if held.account != before {
            let mut change = self.change(now);
            self.save(&mut change, &mut held, now);
            self.commit(change).await?;
        }
        answer?;
        // The version has moved on: what follows reads anew.
        self.known_held(number, now).await
    }

    /// The passcode, which confirms papers and consents (facts §5.2); wrong ones count like wrong passwords. Somebody who
    /// never chose one has the last six digits of the ID number.
    pub async fn confirm(
        &self,
        held: &Held,
        passcode: &str,
        now: Timestamp,
    ) -> Result<Held, Error> {
        self.confirm_with_face(held, passcode, true, now).await
    }

    /// The same with a face beside the passcode: both are right or the try counts, once.
    pub async fn confirm_with_face(
        &self,
        held: &Held,
        passcode: &str,
        face: bool,
        now: Timestamp,
    ) -> Result<Held, Error> {
        secrets::check_passcode(passcode)?;
        let number = held.account.number;
        let right = match &held.account.passcode {
            Some(hash) => self.is_hash(passcode, hash).await?,
            None if held.account.password == Password::Initial => {
                constant_time_eq(passcode.as_bytes(), number.last_six().as_bytes())
            }
            None => false,
        };
        let counted = retry!(self.try_count(&number, right && face, now).await);
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
    pub async fn unbind_device(
        &self,
        number: &IdNumber,
        device: &str,
        now: Timestamp,
    ) -> Result<Account, Error> {
        retry!(self.try_unbind(number, device, now).await)
    }

    async fn try_unbind(
        &self,
        number: &IdNumber,
        device: &str,
        now: Timestamp,
    ) -> Result<Account, Error> {
        let mut held = self.known_held(number, now).await?;
        if !held.account.unbind(device) {
            return Err(Error::Missing("device"));
        }
        let mut change = self.change(now);
        change.put(device, &DeviceHolder(None), None);
        self.save(&mut change, &mut held, now);
        self.commit(change).await?;
        Ok(held.account)
    }

    /// Another password for the one that is known; every other session ends.
    pub async fn change_password(
        &self,
        number: &IdNumber,
        (old, new): (&str, &str),
        now: Timestamp,
    ) -> Result<(), Error> {
        secrets::check_password(new)?;
        self.proven(number, old, now).await?;
        let hash = self.hash(new).await?;
        retry!(self.try_set_password(number, &hash, now).await)
    }

    async fn try_set_password(
        &self,
        number: &IdNumber,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut held = self.known_held(number, now).await?;
        let effects = held.decide(Command::ResetPassword, now)?;
        held.account.password = Password::Hash(hash.to_owned());
        let mut change = self.change(now);
        self.save(&mut change, &mut held, now);
        self.carry_out(&mut change, &held, &effects, now);
        self.commit(change).await
    }
}
