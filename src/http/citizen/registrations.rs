//! `/app/v1/registrations` (level 1, in the app) and `/desk/v1/registrations` (level 2, at the police).

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ById;
use crate::{
    flow::register::Application,
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, phone},
        state::Ask,
        views::RegistrationView,
    },
    identity::{
        FullName, Gender, Province,
        registration::{Channel, Declared, Evidence},
    },
};

/// A registration as it is handed in. Fields of identity that are left out count as read from the card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRegistration {
    /// 12 digits.
    pub number: String,
    /// The applicant's own mobile number.
    pub phone: String,
    /// An e-mail address, if any.
    pub email: Option<String>,
    /// Declared full name.
    pub full_name: Option<String>,
    /// Declared date of birth, `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Declared gender.
    pub gender: Option<Gender>,
    /// Simulated: how the portrait compares with the database.
    #[serde(default)]
    pub portrait: Evidence,
}

/// A registration at a desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskRegistration {
    /// 12 digits.
    pub number: String,
    /// The applicant's own mobile number.
    pub phone: String,
    /// An e-mail address, if any.
    pub email: Option<String>,
    /// Declared full name.
    pub full_name: Option<String>,
    /// Declared date of birth, `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Declared gender.
    pub gender: Option<Gender>,
    /// Simulated: how the portrait compares with the database.
    #[serde(default)]
    pub portrait: Evidence,
    /// Simulated: how the fingerprints compare with the database.
    #[serde(default)]
    pub fingerprints: Evidence,
    /// Card and level 2 together, for somebody without a valid chip card.
    #[serde(default)]
    pub with_card: bool,
    /// The desk's province, a current two-digit code; needed with `with_card`.
    pub desk_province: Option<u8>,
}

impl NewRegistration {
    fn application(self) -> Result<Application, Problem> {
        Ok(Application {
            number: number("number", &self.number)?,
            channel: Channel::App,
            phone: phone("phone", &self.phone)?,
            email: self.email,
            declared: declared(self.full_name, self.birth_date, self.gender)?,
            portrait: self.portrait,
            fingerprints: Evidence::Match,
            desk_province: None,
        })
    }
}

impl DeskRegistration {
    fn application(self) -> Result<Application, Problem> {
        if self.desk_province.is_some_and(|code| Province::by_code(code).is_none()) {
            let message = "is one of the 34 current two-digit codes";
            return Err(Problem::invalid("desk_province", message));
        }
        Ok(Application {
            number: number("number", &self.number)?,
            channel: if self.with_card { Channel::DeskWithCard } else { Channel::Desk },
            phone: phone("phone", &self.phone)?,
            email: self.email,
            declared: declared(self.full_name, self.birth_date, self.gender)?,
            portrait: self.portrait,
            fingerprints: self.fingerprints,
            desk_province: self.desk_province,
        })
    }
}

fn declared(
    full_name: Option<String>,
    birth_date: Option<String>,
    gender: Option<Gender>,
) -> Result<Declared, Problem> {
    let full_name = full_name
        .map(|name| FullName::parse(&name))
        .transpose()
        .map_err(|error| Problem::invalid("full_name", format!("is no name: {error}")))?;
    let birth_date = birth_date
        .map(|date| date.parse::<Date>())
        .transpose()
        .map_err(|_| Problem::invalid("birth_date", "is a date such as 1990-01-31"))?;
    Ok(Declared { full_name, birth_date, gender })
}

/// Asks for a level-1 account in the app (Decree 69/2024 Art. 10.1).
#[utoipa::path(post, path = "/app/v1/registrations", tag = "app",
    request_body = NewRegistration,
    responses((status = 201, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create(
    ask: Ask,
    Json(body): Json<NewRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let registration = ask.realm.register(&body.application()?, ask.now).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Asks for a level-2 account at a police desk (Decree 69/2024 Art. 10.2).
#[utoipa::path(post, path = "/desk/v1/registrations", tag = "desk",
    request_body = DeskRegistration,
    responses((status = 201, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create_at_desk(
    ask: Ask,
    Json(body): Json<DeskRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let registration = ask.realm.register(&body.application()?, ask.now).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Where a registration stands.
#[utoipa::path(get, path = "/app/v1/registrations/{id}", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    ask: Ask,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = ask.realm.registration(&path.id, ask.now).await?;
    Ok(axum::Json((&registration).into()))
}

/// Takes a registration back.
#[utoipa::path(post, path = "/app/v1/registrations/{id}/withdraw", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn withdraw(
    ask: Ask,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = ask.realm.withdraw_registration(&path.id, ask.now).await?;
    Ok(axum::Json((&registration).into()))
}
