//! `/admin/v1/organisations`: the business-registration and other databases.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    flow::Realm,
    http::{
        admin::citizens::{AddressBody, address, date},
        error::Problem,
        extract::{Json, Path, Query, limit, number, object, objects, ByNumber, PageQuery},
        views::{List, OrganisationView},
    },
    identity::{
        IdNumber, Organisation,
        organisation::{Member, Role},
    },
};

/// An organisation to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Công ty TNHH Thử Nghiệm", "founded": "2020-01-15", "head_office": {"detail": "1 phố Ví Dụ", "commune": "Phường Mẫu", "province": 1}, "tax_code": "0100000099", "representative": "097190000011"}))]
pub struct PutOrganisation {
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
    /// The legal representative: 12 digits.
    pub representative: String,
    /// Other legal representatives.
    #[serde(default)]
    pub co_representatives: Vec<String>,
    /// Who else may act for it.
    #[serde(default, deserialize_with = "objects")]
    pub members: Vec<MemberBody>,
    /// Named staff, for the report.
    #[serde(default)]
    pub staff: Vec<String>,
    /// Whether its data are in a database: 3 working days instead of 15 days.
    #[serde(default = "yes")]
    pub in_database: bool,
    /// The day it was dissolved or stopped; its account is locked.
    pub dissolved: Option<String>,
}

const fn yes() -> bool {
    true
}

/// A person who may act for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// 12 digits.
    pub number: String,
    /// `quan_tri` or `thanh_vien`.
    pub role: Role,
}

/// Named and changed organisations, by number.
#[utoipa::path(get, path = "/admin/v1/organisations", tag = "organisations", params(PageQuery),
    responses((status = 200, body = List<OrganisationView>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<List<OrganisationView>>, Problem> {
    let limit = limit(page.limit)?;
    let after = page.after.as_deref().map(|after| number("after", after)).transpose()?;
    let mut items = Vec::new();
    for unit in realm.units(after.as_ref(), limit).await? {
        items.push(OrganisationView::from(&realm.organisation(&unit).await?));
    }
    Ok(axum::Json(List::page(items, limit, |it| it.number.clone())))
}

/// One organisation, stored or derived.
#[utoipa::path(get, path = "/admin/v1/organisations/{number}", tag = "organisations",
    params(("number" = String, Path, description = "12 digits that begin with 8")),
    responses((status = 200, body = OrganisationView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ByNumber>,
) -> Result<axum::Json<OrganisationView>, Problem> {
    let number = number("number", &path.number)?;
    Ok(axum::Json((&realm.organisation(&number).await?).into()))
}

/// Creates an organisation, or changes one, even with an active account.
#[utoipa::path(put, path = "/admin/v1/organisations/{number}", tag = "organisations", request_body = PutOrganisation,
    params(("number" = String, Path, description = "12 digits that begin with 8")),
    responses((status = 200, body = OrganisationView)))]
pub(crate) async fn put(
    realm: Realm,
    Path(path): Path<ByNumber>,
    Json(body): Json<PutOrganisation>,
) -> Result<axum::Json<OrganisationView>, Problem> {
    let organisation = body.organisation(number("number", &path.number)?)?;
    let organisation = realm.put_organisation(&organisation).await?;
    Ok(axum::Json((&organisation).into()))
}

impl PutOrganisation {
    fn organisation(self, own: IdNumber) -> Result<Organisation, Problem> {
        let all = |field: &'static str, texts: &[String]| {
            texts.iter().map(|it| number(field, it)).collect::<Result<Vec<_>, _>>()
        };
        let member = |it: &MemberBody| {
            Ok(Member { number: number("members.number", &it.number)?, role: it.role })
        };
        Ok(Organisation {
            number: own,
            founded: date("founded", &self.founded)?,
            head_office: address(&self.head_office)?,
            representative: number("representative", &self.representative)?,
            co_representatives: all("co_representatives", &self.co_representatives)?,
            members: self.members.iter().map(member).collect::<Result<_, Problem>>()?,
            staff: all("staff", &self.staff)?,
            dissolved: self.dissolved.as_deref().map(|it| date("dissolved", it)).transpose()?,
            name: self.name.trim().to_owned(),
            short_name: self.short_name,
            foreign_name: self.foreign_name,
            tax_code: self.tax_code,
            enterprise_code: self.enterprise_code,
            in_database: self.in_database,
        })
    }
}
