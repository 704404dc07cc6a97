//! Every refusal → every response: the only place that knows both.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    refusal_note::{Cause, LoggedRefusal, RefusalNote},
    untrusted::untrusted_text,
};
use crate::{
    flow::Error,
    identity::Refused,
    oidc::error::{self, Code},
    telemetry::chain,
};

/// The body of `application/problem+json` (RFC 9457) with our `code`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// A URN of the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable; tools match on it.
    pub code: String,
    /// One English sentence.
    pub detail: String,
    /// The same sentence in Vietnamese, where a person may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_vi: Option<String>,
    /// The field that breaks a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A refusal of the citizen and admin APIs.
#[derive(Debug)]
pub struct Problem {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) detail: String,
    pub(super) detail_vi: Option<String>,
    field: Option<String>,
    pub(super) cause: Option<String>,
    /// Whether the rules refuse, not the door.
    by_the_rules: bool,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            status,
            code,
            detail,
            detail_vi: None,
            field: None,
            cause: None,
            by_the_rules: false,
        }
    }

    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("{field} {message}"));
        problem.field = Some(field);
        problem
    }

    /// The English sentence.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    fn hidden(status: StatusCode, code: &'static str, cause: &Error) -> Self {
        let mut problem = Self::new(status, code, generic(status));
        problem.cause = Some(chain(cause));
        problem
    }
}

fn generic(status: StatusCode) -> &'static str {
    if status == StatusCode::SERVICE_UNAVAILABLE {
        "the simulator cannot answer right now; try again"
    } else {
        "a fault of the simulator; its log says more"
    }
}

/// 500 = our bug; 503 = try again.
fn failure_status(error: &Error) -> StatusCode {
    if error.is_temporary() {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// What a refusal of identity is in HTTP's words.
pub(crate) fn refused_status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::WrongCredentials { .. }
        | Refused::WrongOtp { .. }
        | Refused::OtpExpired
        | Refused::OtpUsedUp
        | Refused::OtpAlreadyUsed
        | Refused::SignInEnded
        | Refused::AppSignInRequired
        | Refused::WrongPasscode { .. }
        | Refused::FaceMismatch { .. }
        | Refused::ChipMismatch => StatusCode::UNAUTHORIZED,
        Refused::TemporarilyLocked { .. }
        | Refused::Locked { .. }
        | Refused::ActivationRequired
        | Refused::ActivationOverdue
        | Refused::RegistrationRequired
        | Refused::CardExpired
        | Refused::CardRevoked
        | Refused::CardRequired
        | Refused::WrongPlace
        | Refused::MayNotUnlock { .. }
        | Refused::DeathIsFinal
        | Refused::LevelTooLow
        | Refused::LevelNotForHolder { .. }
        | Refused::RepresentativeRequired
        | Refused::NotRepresentative
        | Refused::RepresentativeLevel
        | Refused::ConsentRequired
        | Refused::ConsentRefused
        | Refused::ConfirmationRequired
        | Refused::ConfirmationRefused
        | Refused::WrongAuthority
        | Refused::ResidenceRequired
        | Refused::ServiceNeedsLevel2 { .. }
        | Refused::ManagerRequired => StatusCode::FORBIDDEN,
        Refused::ResendTooSoon { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refused::BadSecret(_) | Refused::OtpMalformed | Refused::NumberMalformed => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refused::UnknownCitizen | Refused::PaperUnknown { .. } => StatusCode::NOT_FOUND,
        Refused::NumberReplaced | Refused::QrExpired | Refused::ConfirmationExpired => {
            StatusCode::GONE
        }
        Refused::OutOfTurn { .. }
        | Refused::AlreadyActivated
        | Refused::PhoneTaken
        | Refused::PhoneMismatch
        | Refused::CardStillValid
        | Refused::RegistrationOpen
        | Refused::LevelNotHigher
        | Refused::NotForHolder { .. }
        | Refused::GroundNotForHolder { .. }
        | Refused::DataMismatch { .. }
        | Refused::DeviceBound
        | Refused::PaperMismatch { .. }
        | Refused::CoRepresentativesPending
        | Refused::PhoneUnchanged
        | Refused::RequestOpen => StatusCode::CONFLICT,
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let mut problem = Self::new(refused_status(&refused), refused.code(), refused.english());
        problem.detail_vi = Some(refused.vietnamese());
        problem.by_the_rules = true;
        problem
    }
}

impl Problem {
    /// RFC 6750 §3: what a bearer API says to whoever has no token, or no longer.
    fn challenge(&self) -> Option<&'static str> {
        (self.code == "app_sign_in_required").then_some(r#"Bearer realm="mock-vneid app""#)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(Refused::DataMismatch { ref fields }) => {
                let refused = Refused::DataMismatch { fields: fields.clone() };
                let mut problem = Self::from(refused);
                problem.field = fields.first().map(|field| field.clone().into_owned());
                problem
            }
            Error::Refused(refused) => Self::from(refused),
            Error::Protocol(error) => {
                Self::new(StatusCode::BAD_REQUEST, error.code.as_str(), error.description)
            }
            Error::Untrusted(untrusted) => {
                let (_, english) = untrusted_text(untrusted);
                Self::new(StatusCode::BAD_REQUEST, "invalid_request", english)
            }
            Error::Missing(what) => {
                Self::new(StatusCode::NOT_FOUND, "not_found", format!("no such {what}"))
            }
            Error::Exists(what) => {
                Self::new(StatusCode::CONFLICT, "exists", format!("this {what} exists already"))
            }
            Error::Invalid(it) => Self::invalid(it.field, it.message),
            Error::StaleForm => Self::new(StatusCode::CONFLICT, "stale", "sent before, or too old"),
            Error::Limit(limit) => {
                let detail = format!("limit reached: {limit}");
                Self::new(StatusCode::TOO_MANY_REQUESTS, "limit_reached", detail)
            }
            Error::Store(_) => {
                let status = failure_status(&error);
                Self::hidden(status, "store_failed", &error)
            }
            Error::Key(_) | Error::Hash(_) => {
                Self::hidden(StatusCode::INTERNAL_SERVER_ERROR, "internal", &error)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let challenge = self.challenge();
        let told = self.by_the_rules.then(|| RefusalNote::of(self.code, &self.detail));
        let body = ProblemBody {
            kind: format!("urn:mock-vneid:{}", self.code),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            detail_vi: self.detail_vi,
            field: self.field,
        };
        let mut response = (self.status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(challenge) = challenge {
            let challenge = HeaderValue::from_static(challenge);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        if let Some(told) = told {
            response.extensions_mut().insert(told);
        }
        response.extensions_mut().insert(LoggedRefusal::code(self.code));
        response
    }
}

#[derive(Serialize)]
struct OAuthBody<'a> {
    error: &'a str,
    error_description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_uri: Option<&'a str>,
}

impl<'a> OAuthBody<'a> {
    fn of(error: &'a error::Error, explained: Option<&'a str>) -> Self {
        let (code, description) = (error.code.as_str(), &*error.description);
        Self { error: code, error_description: description, error_uri: explained }
    }
}

/// A refusal of the back-channel endpoints (RFC 6749 §5.2), and where it is explained.
#[derive(Debug)]
pub struct TokenRefusal(pub(crate) Error, pub(crate) Option<String>);

impl IntoResponse for TokenRefusal {
    fn into_response(self) -> Response {
        let Error::Protocol(error) = self.0 else {
            return Problem::from(self.0).into_response();
        };
        // RFC 6749 §5.2: 401 for a failed client, with the challenge of a scheme it may use.
        let status = match error.code {
            Code::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = OAuthBody::of(&error, self.1.as_deref());
        let mut response = (status, Json(body)).into_response();
        response.extensions_mut().insert(LoggedRefusal::of(&error));
        if status == StatusCode::UNAUTHORIZED {
            let challenge =
                HeaderValue::from_static(r#"Basic realm="mock-vneid", charset="UTF-8""#);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A refusal of a bearer API (RFC 6750 §3), and where it is explained.
#[derive(Debug)]
pub struct BearerRefusal(pub(crate) Option<Error>, pub(crate) Option<String>);

impl IntoResponse for BearerRefusal {
    fn into_response(self) -> Response {
        let explained = self.1.as_deref();
        let (status, challenge, body) = match self.0 {
            // RFC 6750 §3.1: no error code when the request has no authentication at all.
            None => (StatusCode::UNAUTHORIZED, r#"Bearer realm="mock-vneid""#.to_owned(), None),
            Some(Error::Protocol(error)) => {
                let status = match error.code {
                    Code::InvalidToken => StatusCode::UNAUTHORIZED,
                    Code::InsufficientScope => StatusCode::FORBIDDEN,
                    _ => StatusCode::BAD_REQUEST,
                };
                (status, bearer_challenge(&error, explained), Some(error))
            }
            Some(other) => return Problem::from(other).into_response(),
        };
        let mut response = match body {
            Some(error) => {
                let mut response = Json(OAuthBody::of(&error, explained)).into_response();
                response.extensions_mut().insert(LoggedRefusal::of(&error));
                response
            }
            None => StatusCode::UNAUTHORIZED.into_response(),
        };
        *response.status_mut() = status;
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn bearer_challenge(error: &error::Error, explained: Option<&str>) -> String {
    let uri = explained.map(|uri| format!(r#", error_uri="{uri}""#)).unwrap_or_default();
    format!(
        r#"Bearer realm="mock-vneid", error="{}", error_description="{}"{uri}"#,
        error.code.as_str(),
        error.description
    )
}
