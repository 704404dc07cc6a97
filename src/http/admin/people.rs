//! `/admin/v1/people`: somebody like this, found in the derivation without storing anything; `/admin/v1/situations`.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::accounts::{AccountBody, unknown_situation};
use crate::{
    flow::{
        Realm,
        realm::make_account::{AccountLike, SearchResult, SituationSubject},
    },
    http::{error::Problem, extract::Query, views::AccountView},
    identity::{
        Gender, HolderKind, PaperKind, Password,
        lock::LockReason,
        wanted::{StateName, WantedCard},
    },
};

/// Whom to look for; what is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PersonQuery {
    /// One of `/admin/v1/situations`; then only `skip` may be given besides.
    pub situation: Option<String>,
    /// What kind of holder; `citizen` if left out.
    pub kind: Option<HolderKind>,
    /// Account level: 0, 1 or 2.
    pub level: Option<u8>,
    /// The account's state.
    pub state: Option<StateName>,
    /// Why it is locked.
    pub reason: Option<LockReason>,
    /// Age today.
    pub age: Option<u16>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Current province of residence, a two-digit code.
    pub province: Option<u8>,
    /// Province of birth, a code of the ID-number list.
    pub birth_province: Option<u16>,
    /// The chip card.
    pub card: Option<WantedCard>,
    /// Papers that the databases hold, separated by commas.
    pub papers: Option<String>,
    /// Whether there is a spouse.
    pub married: Option<bool>,
    /// Whether there are children under 14.
    pub has_children: Option<bool>,
    /// Whether the person is the legal representative of an organisation.
    pub represents_organisation: Option<bool>,
    /// A foreigner's nationality, ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// How many matches to skip: another number gives another person.
    pub skip: Option<u64>,
}

/// A situation worth testing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SituationView {
    /// For `situation`.
    pub name: &'static str,
    /// A short description in Vietnamese.
    pub story: &'static str,
}

impl PersonQuery {
    fn wish(self) -> Result<SituationSubject, Problem> {
        if let Some(name) = &self.situation {
            let (situation, skip) = (self.situation.clone(), self.skip);
            if self != (Self { situation, skip, ..Self::default() }) {
                return Err(Problem::invalid("situation", "must be given alone"));
            }
            return AccountLike::wish_of(name).ok_or_else(|| unknown_situation(name));
        }
        if self.level.is_some_and(|level| level > 2) {
            return Err(Problem::invalid("level", "must be 0, 1 or 2"));
        }
        let papers = self.papers.as_deref().unwrap_or_default();
        let named = papers.split(',').map(str::trim).filter(|name| !name.is_empty());
        let papers = named
            .map(|name| {
                PaperKind::by_name(name)
                    .ok_or_else(|| Problem::invalid("papers", "must be names of papers"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let body = AccountBody {
            kind: self.kind,
            state: self.state,
            reason: self.reason,
            age: self.age,
            birth_year: self.birth_year,
            gender: self.gender,
            province: self.province,
            birth_province: self.birth_province,
            card: self.card,
            papers,
            married: self.married,
            has_children: self.has_children,
            represents_organisation: self.represents_organisation,
            nationality: self.nationality,
            ..AccountBody::default()
        };
        Ok(match body.wish()? {
            SituationSubject::Person(mut like) => {
                like.level = self.level;
                SituationSubject::Person(like)
            }
            organisation @ SituationSubject::Organisation(_) => organisation,
        })
    }
}

/// Finds a person of this kind in the derived population; nothing is stored, and changed people are skipped. The same `pick` always yields the same person.
#[utoipa::path(get, path = "/admin/v1/people", tag = "accounts", params(PersonQuery),
    responses((status = 200, body = AccountView)))]
pub(crate) async fn search(
    realm: Realm,
    Query(search): Query<PersonQuery>,
) -> Result<axum::Json<AccountView>, Problem> {
    let skip = search.skip.unwrap_or_default();
    match realm.seek(&search.wish()?, skip).await? {
        SearchResult::Number(number) => {
            let (subject, account) = realm.account_of(&number).await?;
            let mut view = AccountView::at(&subject, &account, realm.now);
            if account.password == Password::Initial {
                view.password = subject.person().map(|it| it.initial_password().into());
            }
            Ok(axum::Json(view))
        }
        SearchResult::Nobody { looked_at, everyone } => {
            let detail = if everyone {
                format!(
                    "there is nobody like this: all {looked_at} who come into question were looked at"
                )
            } else {
                format!(
                    "nobody like this among {looked_at} who were looked at; there may be others: ask for less"
                )
            };
            Err(Problem::new(StatusCode::NOT_FOUND, "nobody_like_this", detail))
        }
    }
}

/// The situations that can be asked for by name, here and at `POST /admin/v1/accounts`.
#[utoipa::path(get, path = "/admin/v1/situations", tag = "accounts",
    responses((status = 200, body = Vec<SituationView>)))]
pub(crate) async fn situations() -> axum::Json<Vec<SituationView>> {
    axum::Json(Realm::situations().map(|(name, story)| SituationView { name, story }).collect())
}
