//! `/desk/v1`: what an officer does beyond registrations: cards, phones, locks, civil status.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    flow::{
        Error, Realm,
        holder::{accounts::AdminCommand, civil::CivilChange},
    },
    http::{
        admin::citizens::{date, name},
        error::Problem,
        extract::{Json, number, phone},
        views::{AccountView, CitizenView, RequestView},
    },
    identity::{Gender, Refused, lock::By, registration::Evidence, request::Ask as Wish},
};

/// Whom an officer serves, after an identity check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011"}))]
pub struct Served {
    /// 12 digits.
    pub number: String,
    /// Simulated: how the portrait compares with the database.
    #[serde(default)]
    pub portrait: Evidence,
}

/// Another phone number, asked for at a desk or by the hotline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011", "phone": "0987654390"}))]
pub struct DeskPhoneChange {
    /// 12 digits.
    pub number: String,
    /// The new number.
    pub phone: String,
    /// Simulated: how the portrait compares with the database.
    #[serde(default)]
    pub portrait: Evidence,
}

/// What an agency asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgencyAsk {
    /// A lock.
    Lock,
    /// The end of a lock that an agency asked for.
    Unlock,
}

/// An agency's request (Law 26/2023 Art. 34.1.đ; Decree 69/2024 Art. 30).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011", "ask": "lock", "body": "Cơ quan điều tra thử nghiệm"}))]
pub struct AgencyRequest {
    /// 12 digits.
    pub number: String,
    /// `lock` or `unlock`.
    pub ask: AgencyAsk,
    /// Which body asks: 1 to 200 characters.
    pub body: Option<String>,
}

/// A change of civil status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"number": "097190000011", "full_name": "Nguyễn Thị Mỹ Lan"}))]
pub struct CivilBody {
    /// 12 digits.
    pub number: String,
    /// Another name.
    pub full_name: Option<String>,
    /// Gender re-determined: the ID number is re-established.
    pub gender: Option<Gender>,
    /// Birth date corrected; another year re-establishes the ID number.
    pub birth_date: Option<String>,
}

/// Nobody is served who is somebody else.
fn checked(portrait: Evidence) -> Result<(), Problem> {
    match portrait {
        Evidence::Match => Ok(()),
        _ => Err(Refused::ChipMismatch.into()),
    }
}

/// Issues a card in place of one that is lost, damaged, expiring or expired; a lock for its sake ends by itself.
#[utoipa::path(post, path = "/desk/v1/cards", tag = "desk", request_body = Served,
    responses((status = 201, body = CitizenView)))]
pub(crate) async fn renew_card(
    realm: Realm,
    Json(body): Json<Served>,
) -> Result<(StatusCode, axum::Json<CitizenView>), Problem> {
    checked(body.portrait)?;
    let citizen = realm.renew_card(&number("number", &body.number)?).await?;
    Ok((StatusCode::CREATED, axum::Json(CitizenView::at(&citizen, realm.now))))
}

/// Reports a card lost: it is revoked, and the account locked with it (Law 26/2023 Art. 34.1.c).
#[utoipa::path(post, path = "/desk/v1/cards/lost", tag = "desk", request_body = Served,
    responses((status = 200, body = CitizenView)))]
pub(crate) async fn lose_card(
    realm: Realm,
    Json(body): Json<Served>,
) -> Result<axum::Json<CitizenView>, Problem> {
    checked(body.portrait)?;
    let citizen = realm.lose_card(&number("number", &body.number)?).await?;
    Ok(axum::Json(CitizenView::at(&citizen, realm.now)))
}

/// Asks for another phone number, at a desk or by the hotline 1900 0368; the holder activates the account again with it.
#[utoipa::path(post, path = "/desk/v1/phone-changes", tag = "desk", request_body = DeskPhoneChange,
    responses((status = 201, body = RequestView)))]
pub(crate) async fn change_phone(
    realm: Realm,
    Json(body): Json<DeskPhoneChange>,
) -> Result<(StatusCode, axum::Json<RequestView>), Problem> {
    checked(body.portrait)?;
    let (number, phone) = (number("number", &body.number)?, phone("phone", &body.phone)?);
    let request = realm.ask(&number, Wish::ChangePhone { phone }, None).await?;
    Ok((StatusCode::CREATED, axum::Json((&request).into())))
}

/// Receives an agency's request: forwarded within 1 working day, decided within 2 (Decree 69/2024 Art. 30).
#[utoipa::path(post, path = "/desk/v1/requests", tag = "desk", request_body = AgencyRequest,
    responses((status = 201, body = RequestView)))]
pub(crate) async fn agency_request(
    realm: Realm,
    Json(body): Json<AgencyRequest>,
) -> Result<(StatusCode, axum::Json<RequestView>), Problem> {
    let wish = match body.ask {
        AgencyAsk::Lock => Wish::Lock,
        AgencyAsk::Unlock => Wish::Unlock,
    };
    let number = number("number", &body.number)?;
    let request = realm.ask(&number, wish, body.body.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json((&request).into())))
}

/// Locks an account at its holder's request.
#[utoipa::path(post, path = "/desk/v1/locks", tag = "desk", request_body = Served,
    responses((status = 200, body = AccountView)))]
pub(crate) async fn lock(
    realm: Realm,
    Json(body): Json<Served>,
) -> Result<axum::Json<AccountView>, Problem> {
    use crate::identity::lock::LockReason::HoldersRequest;
    checked(body.portrait)?;
    served(&realm, &body, AdminCommand::Lock(HoldersRequest, Some(By::Holder))).await
}

/// Unlocks an account at its holder's request, at once after the check (form TK03; Decree 69/2024 Art. 30).
#[utoipa::path(post, path = "/desk/v1/unlocks", tag = "desk", request_body = Served,
    responses((status = 200, body = AccountView)))]
pub(crate) async fn unlock(
    realm: Realm,
    Json(body): Json<Served>,
) -> Result<axum::Json<AccountView>, Problem> {
    checked(body.portrait)?;
    served(&realm, &body, AdminCommand::Unlock(Some(By::Holder))).await
}

async fn served(
    realm: &Realm,
    body: &Served,
    command: AdminCommand,
) -> Result<axum::Json<AccountView>, Problem> {
    let number = number("number", &body.number)?;
    realm.command_account(&number, command).await?;
    Ok(axum::Json(crate::http::admin::accounts::view(realm, &number).await?))
}

/// Changes civil status: the account follows at once, its `sub` stays (Decree 69/2024 Art. 8; Circular 59/2021 Art. 6).
#[utoipa::path(post, path = "/desk/v1/civil-changes", tag = "desk", request_body = CivilBody,
    responses((status = 200, body = CitizenView)))]
pub(crate) async fn change_civil(
    realm: Realm,
    Json(body): Json<CivilBody>,
) -> Result<axum::Json<CitizenView>, Problem> {
    let number = number("number", &body.number)?;
    if number.is_organisation() {
        return Err(Error::Missing("citizen").into());
    }
    realm.is_current(&number).await?;
    let change = CivilChange {
        full_name: body.full_name.as_deref().map(name).transpose()?,
        gender: body.gender,
        birth_date: body.birth_date.as_deref().map(|it| date("birth_date", it)).transpose()?,
    };
    let (citizen, _) = realm.change_civil(&number, &change).await?;
    Ok(axum::Json(CitizenView::at(&citizen, realm.now)))
}
