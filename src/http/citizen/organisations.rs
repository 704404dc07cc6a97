//! `/app/v1/organisations`: “Định danh tổ chức”, by the legal representative's own level-2 account (Decree 69/2024 Art. 12).

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    app::{Passcode, SignedInApp},
};
use crate::{
    flow::{Realm, holder::organisations::OrganisationApplication},
    http::{
        admin::citizens::{AddressBody, address, date},
        error::Problem,
        extract::{Json, Path, number, object, ById, ByNumber},
        views::{OrganisationView, RegistrationView},
    },
    identity::{
        IdNumber, Organisation, organisation::Role, registration::RegistrationChannel,
        secret::Secret,
    },
};

/// What is declared of an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Hợp tác xã Ví Dụ", "founded": "2020-01-15", "head_office": {"detail": "1 phố Ví Dụ", "commune": "Phường Mẫu", "province": 1}}))]
pub struct OrganisationBody {
    /// Its number in the databases: 12 digits that begin with 8. Left out, it is in none, and is given one.
    pub number: Option<String>,
    /// Vietnamese name.
    pub name: String,
    /// Abbreviated name.
    pub short_name: Option<String>,
    /// Foreign name.
    pub foreign_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub founded: String,
    /// Head office.
    #[serde(deserialize_with = "object")]
    pub head_office: AddressBody,
    /// 10 digits.
    pub tax_code: Option<String>,
    /// 10 digits.
    pub enterprise_code: Option<String>,
    /// Other legal representatives, who must all consent: 12 digits each.
    #[serde(default)]
    pub co_representatives: Vec<String>,
    /// Where the result goes besides the app.
    pub email: Option<String>,
}

/// The same on paper, form TK02.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"representative": "097190000011", "organisation": {"name": "Hợp tác xã Ví Dụ", "founded": "2020-01-15", "head_office": {"detail": "1 phố Ví Dụ", "commune": "Phường Mẫu", "province": 1}}}))]
pub struct PaperOrganisationBody {
    /// The legal representative: 12 digits.
    pub representative: String,
    /// What is declared.
    #[serde(deserialize_with = "object")]
    pub organisation: OrganisationBody,
}

/// What somebody may do for an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "thanh_vien", "passcode": "000419"}))]
pub struct RoleBody {
    /// `quan_tri` or `thanh_vien`.
    pub role: Role,
    /// The manager's passcode.
    pub passcode: Secret,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByMember {
    number: String,
    member: String,
}

impl OrganisationBody {
    pub(crate) fn application(
        self,
        applicant: IdNumber,
        channel: RegistrationChannel,
    ) -> Result<OrganisationApplication, Problem> {
        let (is_known, email) = (self.number.is_some(), self.email.clone());
        let declared = self.organisation(applicant)?;
        Ok(OrganisationApplication { declared, is_known, channel, applicant, email })
    }

    fn organisation(self, representative: IdNumber) -> Result<Organisation, Problem> {
        let founded: Date = date("founded", &self.founded)?;
        let others = self.co_representatives.iter();
        Ok(Organisation {
            // Replaced by a drawn one where none is given.
            number: number("number", self.number.as_deref().unwrap_or("800000000000"))?,
            name: self.name.trim().to_owned(),
            short_name: self.short_name,
            foreign_name: self.foreign_name,
            founded,
            head_office: address(&self.head_office)?,
            tax_code: self.tax_code,
            enterprise_code: self.enterprise_code,
            representative,
            co_representatives: others
                .map(|it| number("co_representatives", it))
                .collect::<Result<_, _>>()?,
            members: Vec::new(),
            in_database: false,
            dissolved: None,
            staff: Vec::new(),
        })
    }
}

/// Registers an organisation in the representative's app; other legal representatives are asked to consent.
#[utoipa::path(post, path = "/app/v1/organisation-registrations", tag = "app", request_body = OrganisationBody,
    responses((status = 201, body = RegistrationView)))]
pub(crate) async fn register(
    SignedInApp(realm, held): SignedInApp,
    Json(body): Json<OrganisationBody>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let application =
        body.application(held.account.number, RegistrationChannel::OrganisationApp)?;
    let registration = realm.register_organisation(&application).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Registers an organisation on paper, form TK02.
#[utoipa::path(post, path = "/desk/v1/organisation-registrations", tag = "desk", request_body = PaperOrganisationBody,
    responses((status = 201, body = RegistrationView)))]
pub(crate) async fn register_on_paper(
    realm: Realm,
    Json(body): Json<PaperOrganisationBody>,
) -> Result<(StatusCode, axum::Json<RegistrationView>), Problem> {
    let applicant = number("representative", &body.representative)?;
    let application =
        body.organisation.application(applicant, RegistrationChannel::OrganisationPaper)?;
    let registration = realm.register_organisation(&application).await?;
    Ok((StatusCode::CREATED, axum::Json((&registration).into())))
}

/// Another legal representative consents; the last consent completes the dossier.
#[utoipa::path(post, path = "/app/v1/organisation-registrations/{id}/consent", tag = "app", request_body = Passcode,
    params(("id" = String, Path, description = "the registration")),
    responses((status = 200, body = RegistrationView)))]
pub(crate) async fn consent(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ById>,
    Json(body): Json<Passcode>,
) -> Result<axum::Json<RegistrationView>, Problem> {
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let who = held.account.number;
    let registration = realm.consent_to_registration(&path.id, &who).await?;
    Ok(axum::Json((&registration).into()))
}

/// Activates the organisation's account, by whoever manages it.
#[utoipa::path(post, path = "/app/v1/organisations/{number}/activate", tag = "app", request_body = Passcode,
    params(("number" = String, Path, description = "12 digits that begin with 8")),
    responses((status = 204)))]
pub(crate) async fn activate(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByNumber>,
    Json(body): Json<Passcode>,
) -> Result<StatusCode, Problem> {
    let organisation = number("number", &path.number)?;
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    let by = held.account.number;
    realm.activate_organisation(&organisation, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The organisations the holder may act for.
#[utoipa::path(get, path = "/app/v1/organisations", tag = "app",
    responses((status = 200, body = Vec<OrganisationView>)))]
pub(crate) async fn list(
    SignedInApp(realm, held): SignedInApp,
) -> Result<axum::Json<Vec<OrganisationView>>, Problem> {
    let found = realm.acts_for_organisations(&held.account.number).await?;
    Ok(axum::Json(found.iter().map(|(organisation, _)| organisation.into()).collect()))
}

/// Gives somebody a role in the organisation (“Quản trị”, “Thành viên”).
#[utoipa::path(put, path = "/app/v1/organisations/{number}/members/{member}", tag = "app", request_body = RoleBody,
    params(("number" = String, Path, description = "12 digits that begin with 8"), ("member" = String, Path, description = "12 digits")),
    responses((status = 200, body = OrganisationView)))]
pub(crate) async fn put_member(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByMember>,
    Json(body): Json<RoleBody>,
) -> Result<axum::Json<OrganisationView>, Problem> {
    let held = realm.confirm(&held, body.passcode.reveal()).await?;
    set_member(&realm, &held.account.number, &path, Some(body.role)).await
}

/// Removes somebody's role.
#[utoipa::path(delete, path = "/app/v1/organisations/{number}/members/{member}", tag = "app",
    params(("number" = String, Path, description = "12 digits that begin with 8"), ("member" = String, Path, description = "12 digits")),
    responses((status = 200, body = OrganisationView)))]
pub(crate) async fn delete_member(
    SignedInApp(realm, held): SignedInApp,
    Path(path): Path<ByMember>,
) -> Result<axum::Json<OrganisationView>, Problem> {
    set_member(&realm, &held.account.number, &path, None).await
}

async fn set_member(
    realm: &Realm,
    by: &IdNumber,
    path: &ByMember,
    role: Option<Role>,
) -> Result<axum::Json<OrganisationView>, Problem> {
    let organisation = number("number", &path.number)?;
    let member = number("member", &path.member)?;
    let organisation = realm.set_member(&organisation, by, &member, role).await?;
    Ok(axum::Json((&organisation).into()))
}
