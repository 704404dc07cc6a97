//! Organisations as the APIs show them.

use serde::Serialize;
use utoipa::ToSchema;

use super::AddressView;
use crate::identity::{Organisation, organisation::Role};

/// A person who may act for an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// 12 digits.
    pub number: String,
    /// `quan_tri` or `thanh_vien`.
    pub role: Role,
}

/// An agency or organisation as the databases have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    /// 12 digits that begin with 8.
    pub number: String,
    /// Vietnamese name.
    pub name: String,
    /// Abbreviated name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// Foreign name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub founded: String,
    /// Head office.
    pub head_office: AddressView,
    /// 10 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// 10 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise_code: Option<String>,
    /// The legal representative.
    pub representative: String,
    /// Other legal representatives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub co_representatives: Vec<String>,
    /// Who else may act for it.
    pub members: Vec<MemberView>,
    /// Whether its data are in a database.
    pub in_database: bool,
    /// `YYYY-MM-DD`, once it was dissolved or stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<String>,
}

impl From<&Organisation> for OrganisationView {
    fn from(it: &Organisation) -> Self {
        let member = |member: &crate::identity::organisation::Member| MemberView {
            number: member.number.to_string(),
            role: member.role,
        };
        Self {
            number: it.number.to_string(),
            name: it.name.clone(),
            short_name: it.short_name.clone(),
            foreign_name: it.foreign_name.clone(),
            founded: it.founded.to_string(),
            head_office: (&it.head_office).into(),
            tax_code: it.tax_code.clone(),
            enterprise_code: it.enterprise_code.clone(),
            representative: it.representative.to_string(),
            co_representatives: it.co_representatives.iter().map(ToString::to_string).collect(),
            members: it.members.iter().map(member).collect(),
            in_database: it.in_database,
            dissolved: it.dissolved.map(|day| day.to_string()),
        }
    }
}
