//! The steps of whatever a holder does one step after another: which run has which, and what is sent at each.

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{EnrolmentView};
use crate::{
    flow::{Realm, holder::enrol::EnrolmentInput},
    http::{
        error::Problem,
        extract::{Json, Path, objects, ById},
        state::HttpState,
    },
    identity::{enrolment::Goal, secret::Secret, secrets::SecurityAnswer},
};

/// An OTP.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"otp": "123456"}))]
pub struct Otp {
    /// Six digits.
    pub otp: Secret,
}

/// A password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "Mat#khau2026"}))]
pub struct NewPassword {
    /// 8 to 20 characters with digit, upper, lower and special.
    pub password: Secret,
}

/// A passcode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"passcode": "135790"}))]
pub struct NewPasscode {
    /// Six digits.
    pub passcode: Secret,
}

/// The two security questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": [{"question": 0, "answer": "Trường Hoa Sen"}, {"question": 3, "answer": "Bạch Mai"}]}))]
pub struct Answers {
    /// Exactly two, different.
    #[serde(deserialize_with = "objects")]
    pub answers: Vec<AnswerBody>,
}

/// One security question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Place in `/app/v1/security-questions`, from 0.
    pub question: u8,
    /// 1 to 100 characters.
    pub answer: Secret,
}

impl From<Otp> for EnrolmentInput {
    fn from(body: Otp) -> Self {
        Self::Otp(body.otp)
    }
}

impl From<NewPassword> for EnrolmentInput {
    fn from(body: NewPassword) -> Self {
        Self::Password(body.password)
    }
}

impl From<NewPasscode> for EnrolmentInput {
    fn from(body: NewPasscode) -> Self {
        Self::Passcode(body.passcode)
    }
}

impl From<Answers> for EnrolmentInput {
    fn from(body: Answers) -> Self {
        let answer = |it: AnswerBody| SecurityAnswer {
            question: it.question,
            answer: it.answer.into_revealed(),
        };
        Self::Questions(body.answers.into_iter().map(answer).collect())
    }
}

/// A door of a step: `otp`, `password`, `passcode` and `questions` take what is due, `resend` sends another OTP.
macro_rules! step {
    ($goal:path, $path:literal, resend, $($about:meta),*) => {
        $(#[$about])*
        #[utoipa::path(post, path = $path, tag = "app",
            params(("id" = String, Path, description = "from the beginning")),
            responses((status = 200, body = EnrolmentView)))]
        pub(crate) async fn resend(
            realm: Realm,
            Path(path): Path<ById>,
        ) -> Result<axum::Json<EnrolmentView>, Problem> {
            let progress = realm.resend_enrolment_otp(&path.id, $goal).await?;
            Ok(axum::Json(EnrolmentView::of(progress, None)))
        }
    };
    ($goal:path, $path:literal, otp, $($about:meta),*) => {
        step!($goal, $path, otp takes Otp, $($about),*);
    };
    ($goal:path, $path:literal, password, $($about:meta),*) => {
        step!($goal, $path, password takes NewPassword, $($about),*);
    };
    ($goal:path, $path:literal, passcode, $($about:meta),*) => {
        step!($goal, $path, passcode takes NewPasscode, $($about),*);
    };
    ($goal:path, $path:literal, questions, $($about:meta),*) => {
        step!($goal, $path, questions takes Answers, $($about),*);
    };
    ($goal:path, $path:literal, $step:ident takes $body:ident, $($about:meta),*) => {
        $(#[$about])*
        #[utoipa::path(post, path = $path, tag = "app", request_body = $body,
            params(("id" = String, Path, description = "from the beginning")),
            responses((status = 200, body = EnrolmentView)))]
        pub(crate) async fn $step(
            realm: Realm,
            Path(path): Path<ById>,
            Json(body): Json<$body>,
        ) -> Result<axum::Json<EnrolmentView>, Problem> {
            let progress = realm.enrol(&path.id, $goal, body.into()).await?;
            Ok(axum::Json(EnrolmentView::of(progress, None)))
        }
    };
}

/// Every run with its steps: doors and their routes.
macro_rules! runs {
    ($($run:ident = $goal:path { $($(#[$about:meta])* $step:ident $path:literal;)* })*) => {
        $(mod $run {
            use super::*;
            $(step!($goal, $path, $step, $($about),*);)*
        })*

        /// The doors of all steps.
        pub(crate) fn routes() -> OpenApiRouter<HttpState> {
            OpenApiRouter::new()$($(.routes(routes!($run::$step)))*)*
        }
    };
}

runs! {
    level0 = Goal::Level0 {
        /// The OTP.
        otp "/app/v1/level0/{id}/otp";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/level0/{id}/resend";
        /// The password.
        password "/app/v1/level0/{id}/password";
    }
    activations = Goal::Activation {
        /// The OTP.
        otp "/app/v1/activations/{id}/otp";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/activations/{id}/resend";
        /// The password.
        password "/app/v1/activations/{id}/password";
        /// The passcode.
        passcode "/app/v1/activations/{id}/passcode";
        /// The two security questions; the account is active after them.
        questions "/app/v1/activations/{id}/questions";
    }
    sign_ins = Goal::Device {
        /// The OTP of another device's sign-in; the answer holds the token.
        otp "/app/v1/sign-ins/{id}/otp";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/sign-ins/{id}/resend";
    }
    password_resets = Goal::Password {
        /// The OTP.
        otp "/app/v1/password-resets/{id}/otp";
        /// The new password; every session ends.
        password "/app/v1/password-resets/{id}/password";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/password-resets/{id}/resend";
    }
    passcode_resets = Goal::Passcode {
        /// The OTP.
        otp "/app/v1/passcode-resets/{id}/otp";
        /// The new passcode.
        passcode "/app/v1/passcode-resets/{id}/passcode";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/passcode-resets/{id}/resend";
    }
    phone_changes = Goal::Phone {
        /// The OTP that the new number received.
        otp "/app/v1/phone-changes/{id}/otp";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/phone-changes/{id}/resend";
    }
    unlocks = Goal::Unlock {
        /// The OTP; the account is unlocked at once.
        otp "/app/v1/unlocks/{id}/otp";
        /// Sends another OTP, 60 seconds after the last.
        resend "/app/v1/unlocks/{id}/resend";
    }
}
