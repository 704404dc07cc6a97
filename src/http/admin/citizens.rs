//! `/admin/v1/citizens`: the population database, found by number or phone, changed under a live account.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::{Error, Realm, realm::put_citizen::CitizenEdit},
    http::{
        error::Problem,
        extract::{Json, Path, Query, maybe_object, number, phone, ByNumber},
        views::CitizenView,
    },
    identity::{
        Address, BirthProvince, Card, Foreign, FullName, Gender, IdNumber, Papers, Province,
    },
};

/// Whom to find.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CitizenQuery {
    /// The mobile number the citizen's account holds.
    pub phone: String,
}

/// A residence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    /// House and street; at most 200 characters.
    pub detail: String,
    /// Ward or commune; at most 100 characters.
    pub commune: String,
    /// Current two-digit code, 1 to 96.
    pub province: u8,
}

/// A chip card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardBody {
    /// `YYYY-MM-DD`.
    pub issued: String,
    /// `YYYY-MM-DD`; absent: no term.
    pub expires: Option<String>,
    /// Revoked or seized.
    #[serde(default)]
    pub revoked: bool,
}

/// A named citizen, or the changes to one. Fields left out stay as they are; a new citizen needs the first four.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "0987654390", "card": {"issued": "2025-01-02", "expires": "2030-03-08"}}))]
pub struct CitizenBody {
    /// Family, middle, given.
    pub full_name: Option<String>,
    /// `YYYY-MM-DD`; its year agrees with the number.
    pub birth_date: Option<String>,
    /// Must agree with the number.
    pub gender: Option<Gender>,
    /// Residence.
    #[serde(default, deserialize_with = "maybe_object")]
    pub residence: Option<AddressBody>,
    /// Code of the ID-number list where the birth was registered.
    pub birth_province: Option<u16>,
    /// Mobile number; the account's changes with it.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The chip card; `no_card` takes it away.
    #[serde(default, deserialize_with = "maybe_object")]
    pub card: Option<CardBody>,
    /// Remove the card.
    #[serde(default)]
    pub no_card: bool,
    /// The spouse: 12 digits.
    pub spouse: Option<String>,
    /// The parent or guardian of a child or ward: 12 digits.
    pub representative: Option<String>,
    /// Whether somebody of 14 and over is under guardianship.
    pub under_guardianship: Option<bool>,
    /// The day of death, `YYYY-MM-DD`; the account is locked for ever.
    pub died: Option<String>,
    /// What the immigration database has; only of numbers that begin with 9.
    #[serde(default, deserialize_with = "maybe_object")]
    #[schema(value_type = Option<Object>)]
    pub foreign: Option<Foreign>,
    /// What the other databases hold, in place of what is derived: `health_insurance`, `social_insurance`, `driving`,
    /// `vehicle`, `tax`, `health`, `old_number`.
    #[serde(default, deserialize_with = "maybe_object")]
    #[schema(value_type = Option<Object>)]
    pub papers: Option<Papers>,
}

/// The citizen who holds a phone number.
#[utoipa::path(get, path = "/admin/v1/citizens", tag = "citizens", params(CitizenQuery),
    responses((status = 200, body = CitizenView)))]
pub(crate) async fn find(
    realm: Realm,
    Query(search): Query<CitizenQuery>,
) -> Result<axum::Json<CitizenView>, Problem> {
    let phone = phone("phone", &search.phone)?;
    let citizen = realm.citizen_by_phone(&phone).await?;
    Ok(axum::Json(CitizenView::at(&citizen, realm.now)))
}

/// One citizen.
#[utoipa::path(get, path = "/admin/v1/citizens/{number}", tag = "citizens",
    params(("number" = String, Path, description = "12 digits")),
    responses((status = 200, body = CitizenView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ByNumber>,
) -> Result<axum::Json<CitizenView>, Problem> {
    let number = number("number", &path.number)?;
    realm.is_current(&number).await?;
    let citizen = realm.citizen(&number).await?.ok_or(Error::Missing("citizen"))?;
    Ok(axum::Json(CitizenView::at(&citizen, realm.now)))
}

/// Creates a named citizen, or changes attributes of one, even with an active account.
#[utoipa::path(put, path = "/admin/v1/citizens/{number}", tag = "citizens", request_body = CitizenBody,
    params(("number" = String, Path, description = "12 digits")),
    responses((status = 200, body = CitizenView)))]
pub(crate) async fn put(
    realm: Realm,
    Path(path): Path<ByNumber>,
    Json(body): Json<CitizenBody>,
) -> Result<axum::Json<CitizenView>, Problem> {
    let number = number("number", &path.number)?;
    let citizen = realm.put_citizen(&number, &body.edit()?).await?;
    Ok(axum::Json(CitizenView::at(&citizen, realm.now)))
}

impl CitizenBody {
    fn edit(self) -> Result<CitizenEdit, Problem> {
        if self.birth_province.is_some_and(|code| BirthProvince::by_code(code).is_none()) {
            let message = "must be one of the 63 codes of the ID-number list";
            return Err(Problem::invalid("birth_province", message));
        }
        let given = self.card.as_ref().map(card).transpose()?;
        Ok(CitizenEdit {
            full_name: self.full_name.as_deref().map(name).transpose()?,
            birth_date: self.birth_date.as_deref().map(|d| date("birth_date", d)).transpose()?,
            gender: self.gender,
            residence: self.residence.as_ref().map(address).transpose()?,
            birth_province: self.birth_province,
            phone: self.phone.as_deref().map(|text| phone("phone", text)).transpose()?,
            email: self.email,
            spouse: other("spouse", self.spouse.as_deref())?,
            representative: other("representative", self.representative.as_deref())?,
            under_guardianship: self.under_guardianship,
            died: self.died.as_deref().map(|d| date("died", d).map(Some)).transpose()?,
            foreign: self.foreign,
            papers: self.papers,
            card: if self.no_card { Some(None) } else { given.map(Some) },
        })
    }
}

fn other(field: &'static str, text: Option<&str>) -> Result<Option<IdNumber>, Problem> {
    text.map(|text| number(field, text)).transpose()
}

pub(crate) fn name(text: &str) -> Result<FullName, Problem> {
    FullName::parse(text)
        .map_err(|error| Problem::invalid("full_name", format!("is not a name: {error}")))
}

pub(crate) fn date(field: &'static str, text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| Problem::invalid(field, "must be a date such as 1990-01-31"))
}

pub(crate) fn address(body: &AddressBody) -> Result<Address, Problem> {
    let fits = |text: &str, most| {
        (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    if !fits(&body.detail, 200) || !fits(&body.commune, 100) {
        return Err(Problem::invalid(
            "residence",
            "must have a detail of 1 to 200 characters and a commune of 1 to 100",
        ));
    }
    if Province::by_code(body.province).is_none() {
        let message = "must be one of the 34 current two-digit codes";
        return Err(Problem::invalid("residence.province", message));
    }
    let (detail, commune) = (body.detail.clone(), body.commune.clone());
    Ok(Address { detail, commune, province: body.province })
}

fn card(body: &CardBody) -> Result<Card, Problem> {
    let issued = date("card.issued", &body.issued)?;
    let expires = body.expires.as_deref().map(|text| date("card.expires", text)).transpose()?;
    if expires.is_some_and(|expires| expires < issued) {
        return Err(Problem::invalid("card.expires", "must not be before card.issued"));
    }
    Ok(Card { issued, expires, revoked: body.revoked })
}
