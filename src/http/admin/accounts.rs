//! `/admin/v1/accounts`: "give me one like this", every command, any state by force.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    faults::hint,
    flow::{
        Error, Realm,
        holder::accounts::AdminCommand,
        realm::make_account::{AccountLike, Like, OrganisationLike, SituationSubject},
    },
    http::{
        error::Problem,
        extract::{Json, Path, Query, limit, number, phone, ByNumber},
        views::{AccountView, List},
    },
    identity::{
        Gender, HolderKind, IdNumber, Level, PaperKind, Password,
        lock::{By, LockReason},
        wanted::{StateName, WantedCard, WantedState},
    },
};

/// The requested account; fields left out do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"level": 1, "state": "approved"}))]
pub struct AccountBody {
    /// One of `/admin/v1/situations`; then nothing else may be given.
    pub situation: Option<String>,
    /// 1 or 2; the highest that the kind of holder may have if left out.
    #[schema(minimum = 1, maximum = 2)]
    pub level: Option<u8>,
    /// `active` if left out.
    pub state: Option<StateName>,
    /// `citizen` (14 and over) if left out.
    pub kind: Option<HolderKind>,
    /// Age today.
    pub age: Option<u16>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// Gender.
    pub gender: Option<Gender>,
    /// A foreigner's nationality, ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// The chip card.
    pub card: Option<WantedCard>,
    /// Papers that the databases hold, all of them.
    pub papers: Vec<PaperKind>,
    /// Current province of residence, a two-digit code.
    pub province: Option<u8>,
    /// Province of birth, a code of the ID-number list.
    pub birth_province: Option<u16>,
    /// Whether there is a spouse.
    pub married: Option<bool>,
    /// Whether there are children under 14.
    pub has_children: Option<bool>,
    /// Whether the holder is the legal representative of an organisation.
    pub represents_organisation: Option<bool>,
    /// The ground, for `locked`.
    pub reason: Option<LockReason>,
    /// For level 1 and `active`: level 2 is approved and waits for activation.
    pub upgrade_approved: bool,
}

impl AccountBody {
    /// What is looked for in the derivation.
    pub(crate) fn wish(&self) -> Result<SituationSubject, Problem> {
        if self.kind == Some(HolderKind::Organisation) {
            let (kind, state, reason, province) =
                (self.kind, self.state, self.reason, self.province);
            if *self != (Self { state, kind, province, reason, ..Self::default() }) {
                let message = "organisation goes with state, reason and province alone";
                return Err(Problem::invalid("kind", message));
            }
            return Ok(SituationSubject::Organisation(OrganisationLike {
                state: self.state,
                reason: self.reason,
                province: self.province,
                ..OrganisationLike::default()
            }));
        }
        if self.nationality.as_ref().is_some_and(|code| code.len() != 2) {
            return Err(Problem::invalid("nationality", "must be two letters of ISO 3166-1"));
        }
        level(self.level)?;
        Ok(SituationSubject::Person(Box::new(Like {
            kind: self.kind,
            level: self.level,
            state: self.state,
            reason: self.reason,
            upgrade_approved: self.upgrade_approved.then_some(true),
            gender: self.gender,
            birth_years: self.birth_year.map(|year| year..=year),
            ages: self.age.map(|age| age..=age),
            province: self.province,
            birth_province: self.birth_province,
            card: self.card,
            papers: self.papers.clone(),
            married: self.married,
            has_children: self.has_children,
            represents_organisation: self.represents_organisation,
            nationality: self.nationality.clone(),
            ward: None,
        })))
    }

    /// One like this, or in a named situation.
    fn like(&self) -> Result<AccountLike, Problem> {
        if let Some(name) = &self.situation {
            if *self != (Self { situation: self.situation.clone(), ..Self::default() }) {
                return Err(Problem::invalid("situation", "must be given alone"));
            }
            return AccountLike::situation(name).ok_or_else(|| unknown_situation(name));
        }
        let wanted = WantedState {
            state: self.state.unwrap_or_default(),
            level: level(self.level)?,
            reason: self.reason,
            upgrade_approved: self.upgrade_approved,
        };
        Ok(match self.wish()? {
            SituationSubject::Person(like) => AccountLike::Person { like, wanted, card: self.card },
            SituationSubject::Organisation(like) => AccountLike::Organisation { like, wanted },
        })
    }
}

/// What is typed instead.
pub(super) fn unknown_situation(typed: &str) -> Problem {
    let hint = hint(typed, Realm::situations().map(|(name, _)| name));
    Problem::invalid("situation", format!("must be one of /admin/v1/situations{hint}"))
}

/// The state to force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"state": "locked", "reason": "holders_request"}))]
pub struct StateBody {
    /// The state.
    pub state: StateName,
    /// 1 or 2; the account's own if left out, the highest where it has none.
    #[schema(minimum = 1, maximum = 2)]
    pub level: Option<u8>,
    /// The ground, for `locked`.
    pub reason: Option<LockReason>,
    /// For level 1 and `active`: level 2 is approved and waits for activation.
    #[serde(default)]
    pub upgrade_approved: bool,
}

/// What a command needs; most need nothing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"reason": "breach_of_terms"}))]
pub struct CommandBody {
    /// For `approve`: 1 or 2.
    #[schema(minimum = 1, maximum = 2)]
    pub level: Option<u8>,
    /// For `lock`.
    pub reason: Option<LockReason>,
    /// For `lock` and `unlock`: who asks; the ground's usual party if left out.
    pub by: Option<By>,
    /// For `change_phone`: the new number.
    pub phone: Option<String>,
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountQuery {
    /// Only those in this state.
    pub state: Option<String>,
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

fn level(level: Option<u8>) -> Result<Option<Level>, Problem> {
    let level = level.map(Level::try_from).transpose();
    level.map_err(|_| Problem::invalid("level", "must be 1 or 2"))
}

pub(crate) async fn view(realm: &Realm, number: &IdNumber) -> Result<AccountView, Problem> {
    let (subject, account) = realm.account_of(number).await?;
    Ok(AccountView::at(&subject, &account, realm.now))
}

/// Creates an account of the requested kind: a person nobody has used yet, with the password to sign in.
#[utoipa::path(post, path = "/admin/v1/accounts", tag = "accounts", request_body = AccountBody,
    responses((status = 201, body = AccountView)))]
pub(crate) async fn create(
    realm: Realm,
    Json(body): Json<AccountBody>,
) -> Result<(StatusCode, axum::Json<AccountView>), Problem> {
    let (subject, account) = realm.make_account(&body.like()?).await?;
    let mut view = AccountView::at(&subject, &account, realm.now);
    if account.password != Password::None {
        view.password = subject.person().map(|it| it.initial_password().into());
    }
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Named and changed accounts, by number.
#[utoipa::path(get, path = "/admin/v1/accounts", tag = "accounts", params(AccountQuery),
    responses((status = 200, body = List<AccountView>)))]
pub(crate) async fn list(
    realm: Realm,
    Query(filter): Query<AccountQuery>,
) -> Result<axum::Json<List<AccountView>>, Problem> {
    let limit = limit(filter.limit)?;
    let after = filter.after.as_deref().map(|after| number("after", after)).transpose()?;
    let state = filter.state.as_deref();
    if state.is_some_and(|state| !StateName::ALL.contains(&state)) {
        return Err(Problem::invalid(
            "state",
            format!("must be one of {}", StateName::ALL.join(", ")),
        ));
    }
    let accounts = realm.list_accounts(state, after.as_ref(), limit).await?;
    let mut items = Vec::with_capacity(accounts.len());
    for account in &accounts {
        items.push(view(&realm, &account.number).await?);
    }
    Ok(axum::Json(List::page(items, limit, |account| account.number.clone())))
}

/// One account, stored or derived.
#[utoipa::path(get, path = "/admin/v1/accounts/{number}", tag = "accounts",
    params(("number" = String, Path, description = "12 digits")),
    responses((status = 200, body = AccountView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ByNumber>,
) -> Result<axum::Json<AccountView>, Problem> {
    Ok(axum::Json(view(&realm, &number("number", &path.number)?).await?))
}

#[derive(Debug, Deserialize)]
pub(crate) struct ByCommand {
    number: String,
    command: String,
}

/// A lifecycle command: `open_level0`, `approve`, `activate`, `extend_activation`, `change_phone`, `lock` or `unlock`.
///
/// A ground that a database gives (`card_revoked`, `card_expired`, `death`, `passport_expired`, `residence_expired`,
/// `dissolved`) is written there, and taken out there. An organisation is approved without a level.
#[utoipa::path(post, path = "/admin/v1/accounts/{number}/{command}", tag = "accounts", request_body = CommandBody,
    params(("number" = String, Path, description = "12 digits"), ("command" = String, Path, description = "the command")),
    responses((status = 200, body = AccountView)))]
pub(crate) async fn command(
    realm: Realm,
    Path(path): Path<ByCommand>,
    Json(body): Json<CommandBody>,
) -> Result<axum::Json<AccountView>, Problem> {
    let (number, level) = (number("number", &path.number)?, level(body.level)?);
    let command = match path.command.as_str() {
        "open_level0" => AdminCommand::OpenLevel0,
        "approve" => {
            if number.is_organisation() {
                AdminCommand::Approve(Level::Unlevelled)
            } else {
                AdminCommand::Approve(
                    level.ok_or_else(|| Problem::invalid("level", "is required"))?,
                )
            }
        }
        "activate" => AdminCommand::Activate,
        "extend_activation" => AdminCommand::ExtendActivation,
        "change_phone" => {
            let text =
                body.phone.as_deref().ok_or_else(|| Problem::invalid("phone", "is required"))?;
            AdminCommand::ChangePhone(phone("phone", text)?)
        }
        "lock" => AdminCommand::Lock(body.reason.unwrap_or(LockReason::HoldersRequest), body.by),
        "unlock" => AdminCommand::Unlock(body.by),
        _ => return Err(Error::Missing("command").into()),
    };
    realm.command_account(&number, command).await?;
    Ok(axum::Json(view(&realm, &number).await?))
}

/// Forces a state, whatever the rules say; earlier sessions and tokens become invalid.
#[utoipa::path(put, path = "/admin/v1/accounts/{number}/state", tag = "accounts", request_body = StateBody,
    params(("number" = String, Path, description = "12 digits")),
    responses((status = 200, body = AccountView)))]
pub(crate) async fn force(
    realm: Realm,
    Path(path): Path<ByNumber>,
    Json(body): Json<StateBody>,
) -> Result<axum::Json<AccountView>, Problem> {
    let number = number("number", &path.number)?;
    let wanted = WantedState {
        state: body.state,
        level: level(body.level)?,
        reason: body.reason,
        upgrade_approved: body.upgrade_approved,
    };
    realm.force_state(&number, wanted).await?;
    Ok(axum::Json(view(&realm, &number).await?))
}
