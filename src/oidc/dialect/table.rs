//! A dialect's claims as a table: names on the left, sources on the right, values in the dialect's own words.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::oidc::{
    grant::Grant,
    scopes::{self, ClaimsHolder},
};

/// Where a claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// What the client knows the holder by.
    Subject,
    /// `individual`, or `organisation` when the holder acts for one.
    AccountType,
    /// The holder's name.
    FullName,
    /// The 12 digits.
    IdNumber,
    /// The nine digits of before, which nobody has here.
    OldIdNumber,
    /// A foreigner's passport.
    Passport,
    /// ISO 3166.
    Nationality,
    /// `male` or `female`.
    Gender,
    /// The day of birth.
    BirthDate,
    /// Level 2: the residence.
    Address,
    /// The account's phone, as dialled.
    Phone,
    /// The account's e-mail.
    Email,
    /// The account level: 1 or 2.
    Level,
    /// The class of the sign-in.
    Loa,
    /// The organisation's name.
    OrganisationName,
    /// The organisation's tax code.
    TaxCode,
    /// The organisation's enterprise code.
    EnterpriseCode,
    /// Nothing: the row is left out.
    None,
}

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum DateForm {
    /// 31/12/1990.
    #[default]
    #[serde(rename = "dd/MM/yyyy")]
    Slashes,
    /// 1990-12-31.
    #[serde(rename = "yyyy-MM-dd")]
    Iso,
    /// 19901231.
    #[serde(rename = "yyyyMMdd")]
    Compact,
}

/// The table of one dialect, or the changes to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DialectTable {
    /// Claim → source.
    #[serde(default)]
    pub claims: BTreeMap<String, Source>,
    /// Source → word → value.
    #[serde(default)]
    pub values: BTreeMap<Source, BTreeMap<String, Value>>,
    /// How dates are written.
    pub date: Option<DateForm>,
    /// Whether a claim without a value is left out, or empty.
    pub omit_empty: Option<bool>,
}

/// The tables of all dialects that have one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DialectTables {
    /// The national portal's integrators.
    #[serde(default)]
    pub dvcqg: DialectTable,
    /// Partners.
    #[serde(default)]
    pub partner: DialectTable,
}

impl DialectTables {
    /// Takes up the rows of another file: they replace those of the same name.
    pub fn change(&mut self, with: Self) {
        self.dvcqg.change(with.dvcqg);
        self.partner.change(with.partner);
    }
}

impl DialectTable {
    fn change(&mut self, with: Self) {
        self.claims.extend(with.claims);
        for (source, words) in with.values {
            self.values.entry(source).or_default().extend(words);
        }
        self.date = with.date.or(self.date);
        self.omit_empty = with.omit_empty.or(self.omit_empty);
    }

    /// Whether its rows can be used; the error names the row.
    pub fn validate(&self) -> Result<(), String> {
        let name = |name: &&String| {
            !(1..=64).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if self.claims.len() > 64 {
            return Err("claims: must have at most 64 rows".to_owned());
        }
        if let Some(odd) = self.claims.keys().find(name) {
            return Err(format!("{odd}: a claim must have 1 to 64 visible ASCII characters"));
        }
        let plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        match self.values.values().flatten().find(|(_, value)| !plain(value)) {
            Some((word, _)) => Err(format!("{word}: must be a text, a number, true or false")),
            None => Ok(()),
        }
    }

    /// The claims of a holder. A level-1 account yields no address.
    pub fn fill(&self, holder: &ClaimsHolder<'_>, grant: &Grant) -> Map<String, Value> {
        let mut claims = Map::new();
        for (name, source) in &self.claims {
            if *source == Source::None {
                continue;
            }
            let word = word(*source, holder, grant, self.date.unwrap_or_default());
            match word {
                None if self.omit_empty.unwrap_or_default() => {}
                None => drop(claims.insert(name.clone(), "".into())),
                Some(word) => {
                    let written = self.values.get(source).and_then(|words| words.get(&word));
                    claims.insert(name.clone(), written.cloned().unwrap_or_else(|| word.into()));
                }
            }
        }
        claims.insert("vneid_mock".to_owned(), true.into());
        claims
    }
}

/// A source's word: the text of the claim of the same meaning, so that a level-1 account yields no address here either.
fn word(
    source: Source,
    holder: &ClaimsHolder<'_>,
    grant: &Grant,
    form: DateForm,
) -> Option<String> {
    let claim = |name| scopes::value(holder, name);
    match source {
        Source::Subject => Some(grant.sub.clone()),
        Source::AccountType => {
            let acts = holder.organisation.is_some();
            Some(if acts { "organisation" } else { "individual" }.to_owned())
        }
        Source::FullName => text(&claim("name")?),
        Source::IdNumber => text(&claim("vneid_id_number")?),
        Source::OldIdNumber | Source::None => None,
        Source::Passport => text(&claim("vneid_passport_number")?),
        Source::Nationality => {
            let foreign = claim("vneid_nationality").as_ref().and_then(text);
            Some(foreign.unwrap_or_else(|| "VN".to_owned()))
        }
        Source::Gender => text(&claim("gender")?),
        Source::BirthDate => Some(date(holder.citizen.birth_date, form)),
        Source::Address => text(&claim("address")?["formatted"]),
        // As dialled, where the claim is E.164.
        Source::Phone => holder.account.phone.map(|phone| phone.to_string()),
        Source::Email => text(&claim("email")?),
        Source::Level => claim("vneid_account_level").map(|level| level.to_string()),
        Source::Loa => Some(grant.acr.clone()),
        Source::OrganisationName => text(&claim("vneid_organisation")?["name"]),
        Source::TaxCode => text(&claim("vneid_organisation")?["tax_code"]),
        Source::EnterpriseCode => text(&claim("vneid_organisation")?["enterprise_code"]),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn date(day: Date, form: DateForm) -> String {
    let (year, month, day) = (day.year(), day.month(), day.day());
    match form {
        DateForm::Slashes => format!("{day:02}/{month:02}/{year:04}"),
        DateForm::Iso => format!("{year:04}-{month:02}-{day:02}"),
        DateForm::Compact => format!("{year:04}{month:02}{day:02}"),
    }
}
