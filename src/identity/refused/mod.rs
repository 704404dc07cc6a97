//! Every "no" of the identity rules: a stable code, and no HTTP; the sentences are next door.

mod list;
mod words;

pub use words::field_name;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    holder::HolderKind, level::Level, lock::LockReason, papers::PaperKind, secrets::SecretError,
};
use crate::clock::Timestamp;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The state has no answer to the command: the default of every table.
    OutOfTurn {
        /// The state, as documents name it.
        state: Cow<'static, str>,
        /// The command, as documents name it.
        command: Cow<'static, str>,
    },
    /// Unknown ID number or wrong password; the two are not told apart.
    WrongCredentials {
        /// Tries before the temporary lock.
        left: u8,
    },
    /// Five wrong passwords (facts §5.2), or too many wrong OTPs.
    TemporarilyLocked {
        /// When it ends.
        until: Timestamp,
    },
    /// Locked for a reason of the law.
    Locked {
        /// The ground.
        reason: LockReason,
    },
    /// The OTP is not the one that was sent.
    WrongOtp {
        /// Tries before this OTP dies.
        left: u8,
    },
    /// The OTP is older than 180 seconds.
    OtpExpired,
    /// The OTP died of wrong tries.
    OtpUsedUp,
    /// The OTP was accepted before.
    OtpAlreadyUsed,
    /// What was typed is no OTP: six digits. It costs no try.
    OtpMalformed,
    /// What was typed is no ID number: twelve digits. It costs no try.
    NumberMalformed,
    /// Less than 60 seconds since the last OTP.
    ResendTooSoon {
        /// When the next may be asked for.
        after: Timestamp,
    },
    /// Approved, but not activated yet.
    ActivationRequired,
    /// More than 7 days since the approval (Decree 69/2024 Art. 14.1).
    ActivationOverdue,
    /// The account is active already.
    AlreadyActivated,
    /// No level-1 or level-2 account yet.
    RegistrationRequired,
    /// Password, passcode or security questions break a rule.
    BadSecret(SecretError),
    /// The population database does not know the ID number.
    UnknownCitizen,
    /// The phone number belongs to another account.
    PhoneTaken,
    /// The phone number is not the one of the account.
    PhoneMismatch,
    /// Level 2 at this desk needs a valid chip card.
    CardRequired,
    /// The card is still valid: level 2 needs no new one.
    CardStillValid,
    /// The card is out of date.
    CardExpired,
    /// The card was revoked, seized or reported lost.
    CardRevoked,
    /// The account was locked, re-activated or changed by force since the password was typed.
    SignInEnded,
    /// Without a valid card only a desk of the place of residence may register (facts 1.9).
    WrongPlace,
    /// Another registration of this person is still open.
    RegistrationOpen,
    /// The account has this level or a higher one already.
    LevelNotHigher,
    /// The person who asks may not lift this lock (Law 26/2023 Art. 34).
    MayNotUnlock {
        /// The ground of the lock.
        reason: LockReason,
    },
    /// A lock for death is never lifted.
    DeathIsFinal,
    /// The portal asks for level 2 and the account has level 1.
    LevelTooLow,
    /// This kind of holder never has this level (Decree 69/2024 Art. 7).
    LevelNotForHolder {
        /// The kind of holder.
        holder: HolderKind,
        /// The level.
        level: Level,
    },
    /// This kind of holder has no such command.
    NotForHolder {
        /// The kind of holder.
        holder: HolderKind,
        /// The command, as documents name it.
        command: Cow<'static, str>,
    },
    /// This ground does not exist for this kind of holder under the decree in force.
    GroundNotForHolder {
        /// The kind of holder.
        holder: HolderKind,
        /// The ground.
        reason: LockReason,
    },
    /// A child under 14 or a ward acts through a representative (Decree 69/2024 Art. 10).
    RepresentativeRequired,
    /// Who acts is not the registered parent or guardian.
    NotRepresentative,
    /// A representative acts with an active level-2 account of his own (Decree 69/2024 Art. 10.1, 12).
    RepresentativeLevel,
    /// The account of a child or ward is used with the representative's consent (Decree 69/2024 Art. 14.2).
    ConsentRequired,
    /// The representative said no.
    ConsentRefused,
    /// A foreigner's level 2 is given by the immigration authority (Decree 69/2024 Art. 11).
    WrongAuthority,
    /// A foreigner needs a valid passport and residence card (Decree 69/2024 Art. 7, 11).
    ResidenceRequired,
    /// The declared data differ from the database.
    DataMismatch {
        /// Which fields.
        fields: Vec<Cow<'static, str>>,
    },
    /// The device is bound to another account; going on drops that binding (facts §5.1, TH3.2).
    DeviceBound,
    /// The app is not signed in, or no longer.
    AppSignInRequired,
    /// The passcode is wrong.
    WrongPasscode {
        /// Tries before the temporary lock.
        left: u8,
    },
    /// The chip of the card could not be read, or is another's.
    ChipMismatch,
    /// The owning database holds no such paper of this person.
    PaperUnknown {
        /// Which paper.
        kind: PaperKind,
    },
    /// The presented paper is not what the owning database holds.
    PaperMismatch {
        /// Which paper.
        kind: PaperKind,
    },
    /// A service of level 2, asked for with level 1 (facts §5.4).
    ServiceNeedsLevel2 {
        /// The service's name.
        service: Cow<'static, str>,
    },
    /// The QR code is older than five minutes.
    QrExpired,
    /// The sign-in that was pushed to the app is older than five minutes.
    ConfirmationExpired,
    /// The sign-in was not confirmed in the app yet.
    ConfirmationRequired,
    /// The holder refused the sign-in in her app.
    ConfirmationRefused,
    /// The face is not the holder's.
    FaceMismatch {
        /// Tries before the temporary lock.
        left: u8,
    },
    /// Only who manages the organisation may do this.
    ManagerRequired,
    /// Other legal representatives have not consented yet (Decree 69/2024 Art. 12).
    CoRepresentativesPending,
    /// The ID number was re-established; the person has another now.
    NumberReplaced,
    /// The phone number is the account's already.
    PhoneUnchanged,
    /// An earlier request of this kind is still open.
    RequestOpen,
}

impl From<SecretError> for Refused {
    fn from(fault: SecretError) -> Self {
        Self::BadSecret(fault)
    }
}

impl Refused {
    /// The stable code that tools match on.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OutOfTurn { .. } => "out_of_turn",
            Self::WrongCredentials { .. } => "wrong_credentials",
            Self::TemporarilyLocked { .. } => "temporarily_locked",
            Self::Locked { .. } => "locked",
            Self::WrongOtp { .. } => "wrong_otp",
            Self::OtpExpired => "otp_expired",
            Self::OtpUsedUp => "otp_used_up",
            Self::OtpAlreadyUsed => "otp_already_used",
            Self::OtpMalformed => "otp_malformed",
            Self::NumberMalformed => "number_malformed",
            Self::ResendTooSoon { .. } => "resend_too_soon",
            Self::ActivationRequired => "activation_required",
            Self::ActivationOverdue => "activation_overdue",
            Self::AlreadyActivated => "already_activated",
            Self::RegistrationRequired => "registration_required",
            Self::BadSecret(fault) => fault.code(),
            Self::UnknownCitizen => "unknown_citizen",
            Self::PhoneTaken => "phone_taken",
            Self::PhoneMismatch => "phone_mismatch",
            Self::CardRequired => "card_required",
            Self::CardStillValid => "card_still_valid",
            Self::CardExpired => "card_expired",
            Self::CardRevoked => "card_revoked",
            Self::SignInEnded => "sign_in_ended",
            Self::WrongPlace => "wrong_place",
            Self::RegistrationOpen => "registration_open",
            Self::LevelNotHigher => "level_not_higher",
            Self::MayNotUnlock { .. } => "may_not_unlock",
            Self::DeathIsFinal => "death_is_final",
            Self::LevelTooLow => "level_too_low",
            Self::LevelNotForHolder { .. } => "level_not_for_holder",
            Self::NotForHolder { .. } => "not_for_holder",
            Self::GroundNotForHolder { .. } => "ground_not_for_holder",
            Self::RepresentativeRequired => "representative_required",
            Self::NotRepresentative => "not_representative",
            Self::RepresentativeLevel => "representative_level",
            Self::ConsentRequired => "consent_required",
            Self::ConsentRefused => "consent_refused",
            Self::ResidenceRequired => "residence_required",
            Self::WrongAuthority => "wrong_authority",
            Self::DataMismatch { .. } => "data_mismatch",
            Self::DeviceBound => "device_bound",
            Self::AppSignInRequired => "app_sign_in_required",
            Self::WrongPasscode { .. } => "wrong_passcode",
            Self::ChipMismatch => "chip_mismatch",
            Self::PaperUnknown { .. } => "paper_unknown",
            Self::PaperMismatch { .. } => "paper_mismatch",
            Self::ServiceNeedsLevel2 { .. } => "service_needs_level_2",
            Self::QrExpired => "qr_expired",
            Self::ConfirmationExpired => "confirmation_expired",
            Self::ConfirmationRequired => "confirmation_required",
            Self::ConfirmationRefused => "confirmation_refused",
            Self::FaceMismatch { .. } => "face_mismatch",
            Self::ManagerRequired => "manager_required",
            Self::CoRepresentativesPending => "co_representatives_pending",
            Self::NumberReplaced => "number_replaced",
            Self::PhoneUnchanged => "phone_unchanged",
            Self::RequestOpen => "request_open",
        }
    }
}
