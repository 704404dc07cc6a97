//! An organisation and the people who may act for it (Decree 69/2024 Art. 3.1, 6, 12).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{citizen::Address, invalid::Invalid, number::IdNumber};

/// An agency or organisation as the business-registration and other databases have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identification number: 12 digits that begin with 8. The structure is invented: no source gives one.
    pub number: IdNumber,
    /// Vietnamese name.
    pub name: String,
    /// Abbreviated name, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// Foreign name, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_name: Option<String>,
    /// Day of founding.
    pub founded: Date,
    /// Head office.
    pub head_office: Address,
    /// Tax code, 10 digits, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Enterprise code, 10 characters, if any; also the first part of a social-insurance unit's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise_code: Option<String>,
    /// The legal representative.
    pub representative: IdNumber,
    /// Other legal representatives: all must consent to the registration (Art. 12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_representatives: Vec<IdNumber>,
    /// Who else may act for it, and as what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Whether its data are in a database: 3 working days instead of 15 days (Art. 13).
    pub in_database: bool,
    /// The day it was dissolved or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<Date>,
    /// Its staff beyond the derived ones, for the report of a unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<IdNumber>,
}

/// A person who may act for an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person.
    pub number: IdNumber,
    /// As what.
    pub role: Role,
}

/// What a person may do for an organisation: the two permissions that the tax guide names.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Quản trị.
    QuanTri,
    /// Thành viên.
    ThanhVien,
}

impl Role {
    /// As the page shows it.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::QuanTri => "Quản trị",
            Self::ThanhVien => "Thành viên",
        }
    }
}

impl Organisation {
    /// In what role a person may act for it; the legal representatives manage it.
    pub fn role_of(&self, person: &IdNumber) -> Option<Role> {
        if self.representative == *person || self.co_representatives.contains(person) {
            return Some(Role::QuanTri);
        }
        self.members.iter().find(|member| member.number == *person).map(|member| member.role)
    }

    /// Everybody who may act for it.
    pub fn people(&self) -> impl Iterator<Item = IdNumber> {
        std::iter::once(self.representative)
            .chain(self.co_representatives.iter().copied())
            .chain(self.members.iter().map(|member| member.number))
    }

    /// Names a person by another number, wherever the old one stands.
    pub fn rename(&mut self, old: &IdNumber, new: IdNumber) {
        let people = std::iter::once(&mut self.representative)
            .chain(&mut self.co_representatives)
            .chain(self.members.iter_mut().map(|member| &mut member.number))
            .chain(&mut self.staff);
        for person in people.filter(|person| **person == *old) {
            *person = new;
        }
    }

    /// Whether every field keeps its rule of form.
    pub fn validate(&self) -> Result<(), Invalid> {
        let named = |text: &str| {
            (2..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        let all_named = |text: &Option<String>| text.as_deref().is_none_or(named);
        let ten = |text: &str| text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit());
        if !self.number.is_organisation() {
            Err(Invalid::new("number", "of an organisation must have 12 digits and begin with 8"))
        } else if !named(&self.name) {
            Err(Invalid::new("name", "must be 2 to 200 characters on one line"))
        } else if !all_named(&self.short_name) {
            Err(Invalid::new("short_name", "must be 2 to 200 characters on one line"))
        } else if !all_named(&self.foreign_name) {
            Err(Invalid::new("foreign_name", "must be 2 to 200 characters on one line"))
        } else if !self.tax_code.as_deref().is_none_or(ten) {
            Err(Invalid::new("tax_code", "must have 10 digits"))
        } else if !self.enterprise_code.as_deref().is_none_or(ten) {
            Err(Invalid::new("enterprise_code", "must have 10 digits"))
        } else if self.people().any(|person| person.is_organisation()) {
            Err(Invalid::new("representative", "and members must be people, not organisations"))
        } else if self.members.len() > 200 || self.co_representatives.len() > 20 {
            Err(Invalid::new("members", "must be at most 200, other representatives at most 20"))
        } else if self.staff.iter().any(IdNumber::is_organisation) {
            Err(Invalid::new("staff", "must be people, not organisations"))
        } else if self.staff.len() > 2_000 {
            Err(Invalid::new("staff", "must be at most 2000 named people"))
        } else {
            Ok(())
        }
    }
}
