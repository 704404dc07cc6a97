//! `/app/v1/registrations` (level 1, in the app) and `/desk/v1/registrations` (level 2, at the police).

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{app::MaybeApp};
use crate::{
    flow::Realm,
    http::{
        admin::citizens::{date, name},
        error::Problem,
        extract::{Json, Path, number, objects, phone, ById},
        views::RegistrationView,
    },
    identity::{
        Gender, PaperKind, Province,
        registration::{Application, Brought, Declared, Evidence, RegistrationChannel, ResultBy},
    },
};

/// The fields that both doors take, once, and those that a door adds.
macro_rules! body {
    ($(#[$about:meta])* $name:ident { $($own:tt)* }) => {
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$about])*
        pub struct $name {
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
            $($own)*
        }

        impl $name {
            /// What both doors take.
            fn application(&self, channel: RegistrationChannel) -> Result<Application, Problem> {
                let (nationality, passport_number) = (&self.nationality, &self.passport_number);
                Ok(Application {
                    email: self.email.clone(),
                    declared: Declared {
                        full_name: self.full_name.as_deref().map(name).transpose()?,
                        birth_date: self
                            .birth_date
                            .as_deref()
                            .map(|text| date("birth_date", text))
                            .transpose()?,
                        gender: self.gender,
                        nationality: short("nationality", nationality.clone())?,
                        passport_number: short("passport_number", passport_number.clone())?,
                        organisation: None,
                    },
                    portrait: self.portrait,
                    result_by: self.result_by.clone(),
                    ..Application::new(
                        number("number", &self.number)?,
                        channel,
                        phone("phone", &self.phone)?,
                    )
                })
            }
        }
    };
}

body! {
    /// A registration as it is handed in. Fields of identity that are left out count as read from the card.
    #[schema(example = json!({"number": "097095000044", "phone": "0987654321", "full_name": "Đặng Đình Đạt", "birth_date": "1995-05-05"}))]
    NewRegistration {}
}

body! {
    /// A registration at a desk.
    #[schema(example = json!({"number": "097095000044", "phone": "0987654321", "papers": [{"kind": "tax"}]}))]
    DeskRegistration {
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
        /// The parent or guardian who comes along with a child or ward: 12 digits.
        pub representative: Option<String>,
        /// Papers brought for integration, compared with their owners' databases.
        #[serde(default, deserialize_with = "objects")]
        pub papers: Vec<PaperBody>,
    }
}

/// A paper brought for integration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "driving", "number": "310080000263"}))]
pub struct PaperBody {
    /// Which paper.
    pub kind: PaperKind,
    /// The number printed on it, if the officer compares it.
    pub number: Option<String>,
}

impl PaperBody {
    /// The paper, with a number such as may be printed.
    pub(crate) fn brought(self) -> Result<Brought, Problem> {
        let fits = |text: &String| text.len() <= 50 && !text.contains(char::is_control);
        if !self.number.as_ref().is_none_or(fits) {
            return Err(Problem::invalid("number", "of a paper must have at most 50 characters"));
        }
        Ok(Brought { kind: self.kind, number: self.number })
    }
}

impl DeskRegistration {
    fn at_desk(&self) -> Result<Application, Problem> {
        if self.desk_province.is_some_and(|code| Province::by_code(code).is_none()) {
            let message = "must be one of the 34 current two-digit codes";
            return Err(Problem::invalid("desk_province", message));
        }
        let channel = match (self.with_card, self.immigration) {
            (true, true) => {
                return Err(Problem::invalid("with_card", "is for citizens only"));
            }
            (true, false) => RegistrationChannel::DeskWithCard,
            (false, true) => RegistrationChannel::Immigration,
            (false, false) => RegistrationChannel::Desk,
        };
        let representative = self.representative.as_deref();
        Ok(Application {
            fingerprints: self.fingerprints,
            desk_province: self.desk_province,
            representative: representative.map(|it| number("representative", it)).transpose()?,
            ..self.application(channel)?
        })
    }
}

/// What a foreigner's passport says in one word.
fn short(field: &'static str, text: Option<String>) -> Result<Option<String>, Problem> {
    let is_short = |text: &String| text.len() <= 20 && !text.contains(char::is_control);
    if text.as_ref().is_none_or(is_short) {
        Ok(text)
    } else {
        Err(Problem::invalid(field, "must have at most 20 characters on one line"))
    }
}

/// Asks for a level-1 account in the app (Decree 69/2024 Art. 10.1, 11). With the app's bearer token its holder registers a
/// child or ward, with a phone of her own.
#[utoipa::path(post, path = "/app/v1/registrations", tag = "app",
    request_body = NewRegistration,
    responses((status = 201, body = RegistrationView)))]
pub(crate) async fn create(
    MaybeApp(realm, app): MaybeApp,
    Json(body): Json<NewRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let application = Application {
        representative: app.map(|held| held.account.number),
        ..body.application(RegistrationChannel::App)?
    };
    let registration = realm.register(&application, &[]).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Asks for a level-2 account at a police desk (Decree 69/2024 Art. 10.2).
#[utoipa::path(post, path = "/desk/v1/registrations", tag = "desk",
    request_body = DeskRegistration,
    responses((status = 201, body = RegistrationView)))]
pub(crate) async fn create_at_desk(
    realm: Realm,
    Json(body): Json<DeskRegistration>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let application = body.at_desk()?;
    let papers: Vec<_> =
        body.papers.into_iter().map(PaperBody::brought).collect::<Result<_, _>>()?;
    let registration = realm.register(&application, &papers).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Reads a registration.
#[utoipa::path(get, path = "/app/v1/registrations/{id}", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.registration(&path.id).await?;
    Ok(axum::Json((&registration).into()))
}

/// Withdraws a registration.
#[utoipa::path(post, path = "/app/v1/registrations/{id}/withdraw", tag = "app",
    params(("id" = String, Path, description = "the registration's id")),
    responses((status = 200, body = RegistrationView)))]
pub(crate) async fn withdraw(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let registration = realm.withdraw_registration(&path.id).await?;
    Ok(axum::Json((&registration).into()))
}
