//! `/app/v1/sign-ins` and `/app/v1/account`: the app signs in, and whoever holds its token is its holder.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, header, request::Parts},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::EnrolmentView;
use crate::{
    flow::{Realm, base::loaded_account::LoadedAccount, holder::enrol::AppSignIn},
    http::{
        error::Problem,
        extract::{Json, number},
        state::HttpState,
        views::AccountView,
    },
    identity::{Refused, registration::Evidence, secret::Secret},
};

/// A request of the signed-in app.
pub struct SignedInApp(pub(crate) Realm, pub(crate) LoadedAccount);

/// A request that may come from a signed-in app: a representative's.
pub struct MaybeApp(pub(crate) Realm, pub(crate) Option<LoadedAccount>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeApp
where
    HttpState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let realm = Realm::from_request_parts(parts, state).await?;
        let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (header, second) = (given.next(), given.next());
        let Some(header) = header else { return Ok(Self(realm, None)) };
        let text = header.to_str().unwrap_or_default();
        let token = text.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        match token.filter(|_| second.is_none()) {
            Some((_, token)) if token.len() <= 256 => {
                let held = realm.app(token.trim()).await?;
                Ok(Self(realm, Some(held)))
            }
            _ => Err(Refused::AppSignInRequired.into()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedInApp
where
    HttpState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let MaybeApp(realm, held) = MaybeApp::from_request_parts(parts, state).await?;
        Ok(Self(realm, held.ok_or(Refused::AppSignInRequired)?))
    }
}

/// The app signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011", "password": "Vn@000011a", "device": "phone-1"}))]
pub struct AppSignInBody {
    /// 12 digits.
    #[schema(example = "097190000011")]
    pub number: String,
    /// The account's password.
    pub password: Secret,
    /// The device in hand: 1 to 64 of `A-Z a-z 0-9 - _ .`.
    #[schema(example = "phone-1")]
    pub device: String,
    /// If the old device is lost. Simulated: how the chip of the card compares when it is read by NFC. The OTP comes by SMS.
    pub chip: Option<Evidence>,
}

/// A passcode that confirms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"passcode": "000011"}))]
pub struct Passcode {
    /// Six digits; somebody who never chose one has the last six of the ID number.
    pub passcode: Secret,
}

/// Signs the app in: at once on its own device; on another an OTP appears in the app of the old one, or by SMS once the
/// chip was read. A child's or ward's app is opened with the representative's token.
#[utoipa::path(post, path = "/app/v1/sign-ins", tag = "app", request_body = AppSignInBody,
    responses((status = 201, body = EnrolmentView)))]
pub(crate) async fn begin(
    MaybeApp(realm, app): MaybeApp,
    Json(body): Json<AppSignInBody>,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Problem> {
    let sign_in = AppSignIn {
        number: number("number", &body.number)?,
        password: body.password,
        device: body.device,
        chip: body.chip,
        representative: app.map(|held| held.account.number),
    };
    let progress = realm.begin_app_sign_in(&sign_in).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView::of(progress, None))))
}

/// The holder's own account.
#[utoipa::path(get, path = "/app/v1/account", tag = "app",
    responses((status = 200, body = AccountView)))]
pub(crate) async fn account(SignedInApp(realm, held): SignedInApp) -> axum::Json<AccountView> {
    axum::Json(AccountView::at(&held.subject, &held.account, realm.now))
}
