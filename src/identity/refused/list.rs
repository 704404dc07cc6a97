//! One of every refusal, as the list of error codes shows them; each ground of a lock, each broken rule of a secret.

use super::{Refused, words::FIELDS};
use crate::{
    clock::Timestamp,
    identity::{
        holder::HolderKind, level::Level, lock::LockReason, papers::PaperKind,
        secrets::SecretError, services::Service,
    },
};

/// 2026-03-02 08:00 in Viet Nam.
const MOMENT: Timestamp = Timestamp::from_millis(1_772_413_200_000);

impl Refused {
    /// One of every refusal, in the order of its declaration.
    pub fn every() -> Vec<Self> {
        let (holder, reason, kind) =
            (HolderKind::Child, LockReason::HoldersRequest, PaperKind::Driving);
        let mut all = vec![
            Self::OutOfTurn { state: "active".into(), command: "approve".into() },
            Self::WrongCredentials { left: 4 },
            Self::TemporarilyLocked { until: MOMENT },
        ];
        all.extend(LockReason::ALL.iter().copied().map(|reason| Self::Locked { reason }));
        all.extend([
            Self::WrongOtp { left: 2 },
            Self::OtpExpired,
            Self::OtpUsedUp,
            Self::OtpAlreadyUsed,
            Self::OtpMalformed,
            Self::NumberMalformed,
            Self::ResendTooSoon { after: MOMENT },
            Self::ActivationRequired,
            Self::ActivationOverdue,
            Self::AlreadyActivated,
            Self::RegistrationRequired,
        ]);
        all.extend(SecretError::ALL.iter().copied().map(Self::BadSecret));
        all.extend([
            Self::UnknownCitizen,
            Self::PhoneTaken,
            Self::PhoneMismatch,
            Self::CardRequired,
            Self::CardStillValid,
            Self::CardExpired,
            Self::CardRevoked,
            Self::SignInEnded,
            Self::WrongPlace,
            Self::RegistrationOpen,
            Self::LevelNotHigher,
            Self::MayNotUnlock { reason },
            Self::DeathIsFinal,
            Self::LevelTooLow,
            Self::LevelNotForHolder { holder, level: Level::Two },
            Self::NotForHolder { holder, command: "sign_in".into() },
            Self::GroundNotForHolder { holder, reason },
            Self::RepresentativeRequired,
            Self::NotRepresentative,
            Self::RepresentativeLevel,
            Self::ConsentRequired,
            Self::ConsentRefused,
            Self::WrongAuthority,
            Self::ResidenceRequired,
            Self::DataMismatch { fields: FIELDS.map(|(name, _)| name.into()).to_vec() },
            Self::DeviceBound,
            Self::AppSignInRequired,
            Self::WrongPasscode { left: 4 },
            Self::ChipMismatch,
            Self::PaperUnknown { kind },
            Self::PaperMismatch { kind },
            Self::ServiceNeedsLevel2 { service: Service::ALL[15].vietnamese().into() },
            Self::QrExpired,
            Self::ConfirmationExpired,
            Self::ConfirmationRequired,
            Self::ConfirmationRefused,
            Self::FaceMismatch { left: 4 },
            Self::ManagerRequired,
            Self::CoRepresentativesPending,
            Self::NumberReplaced,
            Self::PhoneUnchanged,
            Self::RequestOpen,
        ]);
        all
    }
}
