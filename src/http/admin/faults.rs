//! `/admin/v1/faults`: what goes wrong in the realm, and the menu to choose from.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    faults::{self, Count, Rule, Verdict},
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, Path, ById},
    },
};

/// A rule, and how often it was met.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultView {
    #[serde(flatten)]
    rule: Rule,
    #[serde(flatten)]
    count: Count,
}

/// A fault of the menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct MenuView {
    /// For a rule's `effect`.
    pub effect: &'static str,
    /// What it falls on.
    pub group: &'static str,
    /// What it does.
    pub does: &'static str,
    /// What a good relying party does about it: `refuse`, `should`, `may`, `accept`; `survive` where no check is in question.
    pub relying_party: Verdict,
    /// Which clause says so.
    pub clause: &'static str,
    /// The fields of a rule that only some effects take: `status`, `milliseconds`, `seconds`, `bytes`, `error`, `value`, `operations`.
    pub takes: Vec<&'static str>,
}

/// Adds a rule.
#[utoipa::path(post, path = "/admin/v1/faults", tag = "faults", request_body = Rule,
    responses((status = 201, body = FaultView)))]
pub(crate) async fn create(
    realm: Realm,
    Json(rule): Json<Rule>,
) -> Result<(StatusCode, axum::Json<FaultView>), Problem> {
    let rule = realm.add_fault(rule).await?;
    Ok((StatusCode::CREATED, axum::Json(FaultView { rule, count: Count::default() })))
}

/// Lists the rules in force.
#[utoipa::path(get, path = "/admin/v1/faults", tag = "faults",
    responses((status = 200, body = Vec<FaultView>)))]
pub(crate) async fn list(realm: Realm) -> axum::Json<Vec<FaultView>> {
    let rules = realm.faults().into_iter();
    axum::Json(rules.map(|(rule, count)| FaultView { rule, count }).collect())
}

/// Deletes every rule.
#[utoipa::path(delete, path = "/admin/v1/faults", tag = "faults",
    responses((status = 204)))]
pub(crate) async fn clear(realm: Realm) -> Result<StatusCode, Problem> {
    realm.clear_faults().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists every fault there is.
#[utoipa::path(get, path = "/admin/v1/faults/menu", tag = "faults",
    responses((status = 200, body = Vec<MenuView>)))]
pub(crate) async fn menu(_: Realm) -> axum::Json<Vec<MenuView>> {
    let line = |entry: &crate::faults::MenuEntry| MenuView {
        effect: entry.name,
        group: entry.group(),
        does: entry.does,
        relying_party: entry.verdict,
        clause: entry.clause,
        takes: entry.takes.iter().map(|field| field.name()).collect(),
    };
    axum::Json(faults::menu().map(line).collect())
}

/// One rule.
#[utoipa::path(get, path = "/admin/v1/faults/{id}", tag = "faults",
    params(("id" = String, Path, description = "its id")),
    responses((status = 200, body = FaultView)))]
pub(crate) async fn get(
    realm: Realm,
    Path(path): Path<ById>,
) -> Result<axum::Json<FaultView>, Problem> {
    let found = realm.faults().into_iter().find(|(rule, _)| rule.id == path.id);
    let (rule, count) = found.ok_or(crate::flow::Error::Missing("fault"))?;
    Ok(axum::Json(FaultView { rule, count }))
}

/// Deletes a rule.
#[utoipa::path(delete, path = "/admin/v1/faults/{id}", tag = "faults",
    params(("id" = String, Path, description = "its id")),
    responses((status = 204)))]
pub(crate) async fn delete(realm: Realm, Path(path): Path<ById>) -> Result<StatusCode, Problem> {
    realm.delete_fault(&path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
