//! `/admin/v1/clock`: the realm's time.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    flow::Realm,
    http::{
        error::Problem,
        extract::{Json, LONGEST_LIST, Query, limit},
        views::{ClockView, HappenedView, PendingView},
    },
};

/// A moment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at": "2027-01-01T00:00:00+07:00"}))]
pub struct At {
    /// RFC 3339, 1970 to 2199.
    pub at: String,
}

/// A moment, or now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"at": "2026-06-30T23:59:59+07:00"}))]
pub struct MaybeAt {
    /// RFC 3339; now if left out.
    pub at: Option<String>,
}

/// A duration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"duration": "P8D"}))]
pub struct Stretch {
    /// ISO 8601, such as `PT181S`, `P7D` or `-PT1H`.
    pub duration: String,
}

/// The clock after it was moved, and what became due on the way.
async fn shown(realm: &Realm) -> Result<axum::Json<ClockView>, Problem> {
    let happened = realm.run_due().await?;
    let mut view = ClockView::of(realm);
    view.happened = happened.into_iter().take(LONGEST_LIST).map(HappenedView::from).collect();
    Ok(axum::Json(view))
}

/// The realm's time.
#[utoipa::path(get, path = "/admin/v1/clock", tag = "clock",
    responses((status = 200, body = ClockView)))]
pub(crate) async fn get(realm: Realm) -> axum::Json<ClockView> {
    axum::Json(ClockView::of(&realm))
}

/// Sets the clock to a moment.
#[utoipa::path(post, path = "/admin/v1/clock/set", tag = "clock", request_body = At,
    responses((status = 200, body = ClockView)))]
pub(crate) async fn set(
    realm: Realm,
    Json(body): Json<At>,
) -> Result<axum::Json<ClockView>, Problem> {
    shown(&realm.set_clock(&body.at).await?).await
}

/// Advances the clock by a duration.
#[utoipa::path(post, path = "/admin/v1/clock/advance", tag = "clock", request_body = Stretch,
    responses((status = 200, body = ClockView)))]
pub(crate) async fn advance(
    realm: Realm,
    Json(body): Json<Stretch>,
) -> Result<axum::Json<ClockView>, Problem> {
    shown(&realm.advance_clock(&body.duration).await?).await
}

/// Freezes the clock.
#[utoipa::path(post, path = "/admin/v1/clock/freeze", tag = "clock", request_body = MaybeAt,
    responses((status = 200, body = ClockView)))]
pub(crate) async fn freeze(
    realm: Realm,
    Json(body): Json<MaybeAt>,
) -> Result<axum::Json<ClockView>, Problem> {
    shown(&realm.freeze_clock(body.at.as_deref()).await?).await
}

/// Resumes the clock from where it stands.
#[utoipa::path(post, path = "/admin/v1/clock/resume", tag = "clock",
    responses((status = 200, body = ClockView)))]
pub(crate) async fn resume(realm: Realm) -> Result<axum::Json<ClockView>, Problem> {
    shown(&realm.resume_clock().await?).await
}

/// How much of what is due.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// 1 to 1000, 100 if left out.
    pub limit: Option<usize>,
}

/// Lists what is scheduled next, in order: accounts that were used or changed, registrations, requests, late messages and keys.
#[utoipa::path(get, path = "/admin/v1/clock/due", tag = "clock", params(Amount),
    responses((status = 200, body = Vec<PendingView>)))]
pub(crate) async fn due(
    realm: Realm,
    Query(amount): Query<Amount>,
) -> Result<axum::Json<Vec<PendingView>>, Problem> {
    let pending = realm.upcoming(limit(amount.limit)?).await?;
    Ok(axum::Json(pending.into_iter().map(PendingView::from).collect()))
}

/// Advances the clock to the next moment at which something is due.
#[utoipa::path(post, path = "/admin/v1/clock/next", tag = "clock",
    responses((status = 200, body = ClockView)))]
pub(crate) async fn next(realm: Realm) -> Result<axum::Json<ClockView>, Problem> {
    let first = realm.upcoming(1).await?.pop();
    let first = first.ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "not_found", "nothing is scheduled")
    })?;
    shown(&realm.set_clock(&first.at.to_string()).await?).await
}
