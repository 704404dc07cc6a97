//! How each enrolment begins: who may, with what in hand, and where the OTP goes.

use super::{EnrolmentProgress, reference};
use crate::{
    dice::DrawPurpose,
    flow::{
        Error, Realm, base::loaded_account::LoadedAccount, holder::may_enter::may_enter, invalid,
        kinds::DeviceHolder, retry,
    },
    identity::{
        FullName, IdNumber, Password, Phone, Refused,
        device::is_device_id,
        enrolment::{Enrolment, EnrolmentStep, Goal},
        life::{self, AccountState, Standing},
        lock::LockReason,
        registration::Evidence,
        secret::Secret,
        services::Service,
    },
};

/// ID number and phone, and the device in hand.
#[derive(Debug, Clone)]
pub struct ActivationRequest {
    /// Whose account.
    pub number: IdNumber,
    /// Its phone.
    pub phone: Phone,
    /// The device to bind; none on the web.
    pub device: Option<String>,
    /// Whether the device's binding to another account may be dropped.
    pub confirmed: bool,
    /// The parent or guardian who is signed in to the app.
    pub representative: Option<IdNumber>,
}

/// What somebody who forgot a password says of herself (facts §5.2, newer form).
#[derive(Debug, Clone, Default)]
pub struct Recollection {
    /// Her name.
    pub full_name: Option<FullName>,
    /// Her birth date.
    pub birth_date: Option<jiff::civil::Date>,
    /// The day on which her card was issued.
    pub card_issued: Option<jiff::civil::Date>,
}

/// The app signs in.
#[derive(Debug, Clone)]
pub struct AppSignIn {
    /// Whose account.
    pub number: IdNumber,
    /// Its password.
    pub password: Secret,
    /// The device in hand.
    pub device: String,
    /// How the chip of the card compares, when the old device is gone (facts §5.3).
    pub chip: Option<Evidence>,
    /// The parent or guardian who consents.
    pub representative: Option<IdNumber>,
}

fn enrolment(
    held: &LoadedAccount,
    phone: Phone,
    goal: Goal,
) -> impl FnOnce(EnrolmentStep) -> Enrolment + Send {
    let (number, has_password) = (held.account.number, held.account.password != Password::None);
    let epoch = held.account.epoch;
    move |step| Enrolment {
        number,
        phone,
        goal,
        epoch,
        has_password,
        device: None,
        by_app: false,
        step,
        password: None,
        passcode: None,
        questions: Vec::new(),
    }
}

impl Realm {
    /// The app account of level 0: ID number and phone, then OTP and password (facts §5.1).
    pub async fn begin_level0(
        &self,
        number: &IdNumber,
        phone: &Phone,
    ) -> Result<EnrolmentProgress, Error> {
        let held = self.load_account(number).await?.ok_or(Refused::UnknownCitizen)?;
        held.clone().decide(life::AccountCommand::OpenLevel0, self.now)?;
        if self.holder_of(phone).await?.is_some_and(|holder| holder != *number) {
            return Err(Refused::PhoneTaken.into());
        }
        self.begin(&held.account, enrolment(&held, *phone, Goal::Level0)).await
    }

    /// Activation: ID number and phone, then the documented branches (facts §5.1).
    pub async fn begin_activation(
        &self,
        beginning: &ActivationRequest,
    ) -> Result<EnrolmentProgress, Error> {
        // An unknown number and an unregistered one are not told apart.
        let held = self.load_account(&beginning.number).await?;
        let held = held.filter(|held| held.subject.person().is_some());
        let held = held.ok_or(Refused::RegistrationRequired)?;
        if matches!(held.account.life.state, AccountState::Unregistered) {
            return Err(Refused::RegistrationRequired.into());
        }
        if held.account.phone != Some(beginning.phone) {
            return Err(Refused::PhoneMismatch.into());
        }
        self.is_represented(&held, beginning.representative.as_ref()).await?;
        held.clone().decide(life::AccountCommand::Activate, self.now)?;
        if let Some(device) = &beginning.device {
            self.may_bind(device, &beginning.number, beginning.confirmed).await?;
        }
        let begun = enrolment(&held, beginning.phone, Goal::Activation);
        let device = beginning.device.clone();
        let begun = move |step| Enrolment { device, ..begun(step) };
        self.begin(&held.account, begun).await
    }

    /// A child's or ward's account is activated and used with the representative (Decree 69/2024 Art. 14.2).
    pub(crate) async fn is_represented(
        &self,
        held: &LoadedAccount,
        representative: Option<&IdNumber>,
    ) -> Result<(), Error> {
        if !held.who.kind.is_represented() {
            return Ok(());
        }
        let Some(representative) = representative else {
            return Err(Refused::ConsentRequired.into());
        };
        if self.acts_for(representative, held).await? {
            Ok(())
        } else {
            Err(Refused::NotRepresentative.into())
        }
    }

    /// Whether somebody is the parent or guardian of a child or ward, or the parent's spouse.
    pub(crate) async fn acts_for(
        &self,
        somebody: &IdNumber,
        held: &LoadedAccount,
    ) -> Result<bool, Error> {
        let Some(known) = held.subject.representative(held.who) else { return Ok(false) };
        if known == *somebody {
            return Ok(true);
        }
        let spouse = self.citizen(&known).await?.and_then(|parent| parent.spouse);
        Ok(spouse == Some(*somebody))
    }

    /// Facts §5.1, TH3.2: a device that is bound to another account is taken over when that is confirmed.
    async fn may_bind(
        &self,
        device: &str,
        number: &IdNumber,
        confirmed: bool,
    ) -> Result<(), Error> {
        if !is_device_id(device) {
            return Err(invalid("device", "must be 1 to 64 of A-Z a-z 0-9 - _ ."));
        }
        let holder = self.get::<DeviceHolder>(device).await?;
        let other = holder.and_then(|found| found.record.0).filter(|other| other != number);
        if other.is_some() && !confirmed { Err(Refused::DeviceBound.into()) } else { Ok(()) }
    }

    /// A forgotten password: ID number, phone, then (newer) name, birth date and card issue date (facts §5.2).
    pub async fn begin_password(
        &self,
        number: &IdNumber,
        phone: &Phone,
        recalled: &Recollection,
    ) -> Result<EnrolmentProgress, Error> {
        let held = self.load_account(number).await?;
        let held = held.filter(|held| held.subject.person().is_some());
        let held = held.ok_or(Refused::RegistrationRequired)?;
        if held.account.phone != Some(*phone) {
            return Err(Refused::PhoneMismatch.into());
        }
        let person = held.person()?;
        let issued = person.card.as_ref().map(|card| card.issued);
        let fields = [
            ("full_name", recalled.full_name.as_ref().is_some_and(|it| *it != person.full_name)),
            ("birth_date", recalled.birth_date.is_some_and(|it| it != person.birth_date)),
            ("card_issued", recalled.card_issued.is_some_and(|it| Some(it) != issued)),
        ];
        let fields: Vec<_> =
            fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
        if !fields.is_empty() {
            let fields = fields.into_iter().map(Into::into).collect();
            return Err(Refused::DataMismatch { fields }.into());
        }
        held.clone().decide(life::AccountCommand::ResetPassword, self.now)?;
        self.begin(&held.account, enrolment(&held, *phone, Goal::Password)).await
    }

    /// A forgotten passcode, in the signed-in app (facts §5.2).
    pub async fn begin_passcode(&self, held: &LoadedAccount) -> Result<EnrolmentProgress, Error> {
        let phone = held.account.phone.ok_or(Refused::PhoneMismatch)?;
        self.begin(&held.account, enrolment(held, phone, Goal::Passcode)).await
    }

    /// Another phone number, in the signed-in app: the OTP goes to the new one (service 8 of level 1).
    pub async fn begin_phone(
        &self,
        held: &LoadedAccount,
        phone: Phone,
    ) -> Result<EnrolmentProgress, Error> {
        self.may_use(held, Service::ChangePhone)?;
        if held.account.phone == Some(phone) {
            return Err(Refused::PhoneUnchanged.into());
        }
        self.may_hold(&phone, &held.account.number).await?;
        held.clone().decide(life::AccountCommand::ChangePhone { reactivate: false }, self.now)?;
        self.begin(&held.account, enrolment(held, phone, Goal::Phone)).await
    }

    /// The holder asks in the app for the end of a lock she asked for (form TK03; Decree 69/2024 Art. 30).
    pub async fn begin_unlock(
        &self,
        number: &IdNumber,
        password: &str,
    ) -> Result<EnrolmentProgress, Error> {
        let held = self.proven(number, password).await?;
        match held.account.life.state {
            AccountState::Locked { reason: LockReason::HoldersRequest, .. } => {}
            AccountState::Locked { reason, .. } => {
                return Err(Refused::MayNotUnlock { reason }.into());
            }
            other => {
                let (state, command) = (other.name(), "unlock");
                return Err(Refused::OutOfTurn { state: state.into(), command: command.into() }.into());
            }
        }
        let phone = held.account.phone.ok_or(Refused::PhoneMismatch)?;
        self.begin(&held.account, enrolment(&held, phone, Goal::Unlock)).await
    }

    /// The app signs in: at once on its own device, by an OTP on another (facts §5.3).
    pub async fn begin_app_sign_in(&self, sign_in: &AppSignIn) -> Result<EnrolmentProgress, Error> {
        if !is_device_id(&sign_in.device) {
            return Err(invalid("device", "must be 1 to 64 of A-Z a-z 0-9 - _ ."));
        }
        self.proven(&sign_in.number, sign_in.password.reveal()).await?;
        retry!(async {
            let held = self.load_known_account(&sign_in.number).await?;
            match held.account.life.state {
                // Level 0 has the app and nothing else.
                AccountState::Open(Standing::Level0) => {}
                _ => may_enter(&held, self.now).map(drop)?,
            }
            self.is_represented(&held, sign_in.representative.as_ref()).await?;
            let old = held.account.device().filter(|device| device.id != sign_in.device);
            let phone = held.account.phone.ok_or(Refused::PhoneMismatch)?;
            if old.is_none() {
                let (id, token) = self.app_signed_in(&held, &sign_in.device).await?;
                let reference = reference(&id);
                return Ok(EnrolmentProgress {
                    id,
                    next: EnrolmentStep::Done.name(),
                    reference,
                    token: Some(token.into()),
                });
            }
            let by_app = match sign_in.chip {
                None => true,
                Some(Evidence::Match) => false,
                Some(_) => return Err(Refused::ChipMismatch.into()),
            };
            let begun = enrolment(&held, phone, Goal::Device);
            let device = Some(sign_in.device.clone());
            let begun = move |step| Enrolment { device, by_app, ..begun(step) };
            self.begin(&held.account, begun).await
        })
    }

    async fn app_signed_in(
        &self,
        held: &LoadedAccount,
        device: &str,
    ) -> Result<(String, String), Error> {
        let id = self.dice().token(DrawPurpose::Session);
        let token = self.dice().token(DrawPurpose::Session);
        let mut held = held.clone();
        let mut change = self.change();
        self.bind_device(&mut change, &mut held, device).await?;
        Self::open_app(&mut change, &held, device, &token, self.now);
        self.save(&mut change, &mut held);
        self.commit(change).await?;
        Ok((id, token))
    }
}
