//! `/app/v1/registrations` (level 1, in the app) and `/desk/v1/registrations` (level 2, at the police).

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ById, app::MaybeApp};
use crate::{
    flow::{Realm, holder::register::Application},
    http::{
        error::{Problem, ProblemBody},
        extract::{Json, Path, number, objects, phone},
        views::RegistrationView,
    },
    identity::{
        FullName, Gender, IdNumber, PaperKind, Province,
        registration::{Declared, Evidence, RegistrationChannel, ResultBy},
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
    /// Declared nationality of a foreigner, ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// Declared passport number of a foreigner.
    pub passport_number: Option<String>,
    /// Simulated: how the portrait compares with the database.
    #[serde(default)]
    pub portrait: Evidence,
    /// Where the result goes: `app`, `sms`, `email`; everywhere if left out.
    #[serde(default)]
    pub result_by: Vec<ResultBy>,
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
    /// At the immigration authority, which serves foreigners; every other desk serves citizens.
    #[serde(default)]
    pub immigration: bool,
    /// Declared nationality of a foreigner, ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// Declared passport number of a foreigner.
    pub passport_number: Option<String>,
    /// The parent or guardian who comes along with a child or ward: 12 digits.
    pub representative: Option<String>,
    /// Where the result goes: `app`, `sms`, `email`; everywhere if left out.
    #[serde(default)]
    pub result_by: Vec<ResultBy>,
    /// Papers brought for integration, compared with their owners' databases.
    #[serde(default, deserialize_with = "objects")]
    pub papers: Vec<PaperBody>,
}

/// A paper brought along.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperBody {
    /// Which paper.
    pub kind: PaperKind,
    /// The number printed on it, if the officer compares it.
    pub number: Option<String>,
}

impl PaperBody {
    /// The paper, with a number such as may be printed.
    pub(crate) fn printed(self) -> Result<(PaperKind, Option<String>), Problem> {
        let fits = |text: &String| text.len() <= 50 && !text.contains(char::is_control);
        if !self.number.as_ref().is_none_or(fits) {
            return Err(Problem::invalid("number", "of a paper has at most 50 characters"));
        }
        Ok((self.kind, self.number))
    }
}

impl NewRegistration {
    fn application(self, representative: Option<IdNumber>) -> Result<Application, Problem> {
        let declared = Identity {
            full_name: self.full_name,
            birth_date: self.birth_date,
            gender: self.gender,
            nationality: self.nationality,
            passport_number: self.passport_number,
        };
        Ok(Application {
            number: number("number", &self.number)?,
            channel: RegistrationChannel::App,
            phone: phone("phone", &self.phone)?,
            email: self.email,
            declared: declared.checked()?,
            portrait: self.portrait,
            fingerprints: Evidence::Match,
            desk_province: None,
            representative,
            result_by: self.result_by,
            papers: Vec::new(),
        })
    }
}

impl DeskRegistration {
    fn application(self) -> Result<Application, Problem> {
        if self.desk_province.is_some_and(|code| Province::by_code(code).is_none()) {
            let message = "is one of the 34 current two-digit codes";
            return Err(Problem::invalid("desk_province", message));
        }
        let channel = match (self.with_card, self.immigration) {
            (true, true) => {
                return Err(Problem::invalid("with_card", "is for citizens, not for foreigners"));
            }
            (true, false) => RegistrationChannel::DeskWithCard,
            (false, true) => RegistrationChannel::Immigration,
            (false, false) => RegistrationChannel::Desk,
        };
        let representative = self.representative.as_deref();
        let declared = Identity {
            full_name: self.full_name,
            birth_date: self.birth_date,
            gender: self.gender,
            nationality: self.nationality,
            passport_number: self.passport_number,
        };
        Ok(Application {
            number: number("number", &self.number)?,
            channel,
            phone: phone("phone", &self.phone)?,
            email: self.email,
            declared: declared.checked()?,
            portrait: self.portrait,
            fingerprints: self.fingerprints,
            desk_province: self.desk_province,
            representative: representative.map(|it| number("representative", it)).transpose()?,
            result_by: self.result_by,
            papers: self.papers.into_iter().map(PaperBody::printed).collect::<Result<_, _>>()?,
        })
    }
}

/// What an applicant says of herself; the last two, of a foreigner.
struct Identity {
    full_name: Option<String>,
    birth_date: Option<String>,
    gender: Option<Gender>,
    nationality: Option<String>,
    passport_number: Option<String>,
}

impl Identity {
    fn checked(self) -> Result<Declared, Problem> {
        let Self { full_name, birth_date, gender, nationality, passport_number } = self;
        let short = |text: &Option<String>| {
            text.as_ref().is_none_or(|text| text.len() <= 20 && !text.contains(char::is_control))
        };
        if !short(&nationality) || !short(&passport_number) {
            return Err(Problem::invalid(
                "passport_number",
                "and nationality have at most 20 characters on one line",
            ));
        }
        let full_name = full_name
            .map(|name| FullName::parse(&name))
            .transpose()
            .map_err(|error| Problem::invalid("full_name", format!("is no name: {error}")))?;
        let birth_date = birth_date
            .map(|date| date.parse::<Date>())
            .transpose()
            .map_err(|_| Problem::invalid("birth_date", "is a date such as 1990-01-31"))?;
        let organisation = None;
        Ok(Declared { full_name, birth_date, gender, nationality, passport_number, organisation })
    }
}

/// Asks for a level-1 account in the app (Decree 69/2024 Art. 10.1, 11). With the app's bearer token its holder registers a
/// child or ward, with a phone of her own.
#[utoipa::path(post, path = "/app/v1/registrations", tag = "app",
    request_body = NewRegistration,
    responses((status = 201, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create(
    MaybeApp(realm, app): MaybeApp,
    Json(body): Json<NewRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let application = body.application(app.map(|held| held.account.number))?;
    let registration = realm.register(&application).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Asks for a level-2 account at a police desk (Decree 69/2024 Art. 10.2).
#[utoipa::path(post, path = "/desk/v1/registrations", tag = "desk",
    request_body = DeskRegistration,
    responses((status = 201, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn create_at_desk(
    realm: Realm,
    Json(body): Json<DeskRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let registration = realm.register(&body.application()?).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Where a registration stands.
#[utoipa::path(get, path = "/app/v1/registrations/{id}", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.registration(&path.id).await?;
    Ok(axum::Json((&registration).into()))
}

/// Takes a registration back.
#[utoipa::path(post, path = "/app/v1/registrations/{id}/withdraw", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn withdraw(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.withdraw_registration(&path.id).await?;
    Ok(axum::Json((&registration).into()))
}
