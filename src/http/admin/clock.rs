//! `/admin/v1/clock`: the realm's time.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    flow::Realm,
    http::{
        error::{Problem, ProblemBody},
        extract::Json,
        state::Ask,
        views::ClockView,
    },
};

/// A moment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// RFC 3339, 1970 to 2199.
    pub at: String,
}

/// A moment, or now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MaybeAt {
    /// RFC 3339; now if left out.
    pub at: Option<String>,
}

/// A stretch of time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// ISO 8601, such as `PT181S`, `P7D` or `-PT1H`.
    pub duration: String,
}

fn shown(realm: &Realm) -> axum::Json<ClockView> {
    axum::Json(ClockView::of(realm.clock_setting(), realm.now()))
}

/// The realm's time.
#[utoipa::path(get, path = "/admin/v1/clock", tag = "clock",
    responses((status = 200, body = ClockView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(ask: Ask) -> axum::Json<ClockView> {
    axum::Json(ClockView::of(ask.realm.clock_setting(), ask.now))
}

/// Goes to a moment.
#[utoipa::path(post, path = "/admin/v1/clock/set", tag = "clock", request_body = At,
    responses((status = 200, body = ClockView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn set(ask: Ask, Json(body): Json<At>) -> Result<axum::Json<ClockView>, Problem> {
    Ok(shown(&ask.realm.set_clock(&body.at).await?))
}

/// Goes on by a duration, at once.
#[utoipa::path(post, path = "/admin/v1/clock/advance", tag = "clock", request_body = Stretch,
    responses((status = 200, body = ClockView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn advance(
    ask: Ask,
    Json(body): Json<Stretch>,
) -> Result<axum::Json<ClockView>, Problem> {
    Ok(shown(&ask.realm.advance_clock(&body.duration).await?))
}

/// Stands still.
#[utoipa::path(post, path = "/admin/v1/clock/freeze", tag = "clock", request_body = MaybeAt,
    responses((status = 200, body = ClockView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn freeze(
    ask: Ask,
    Json(body): Json<MaybeAt>,
) -> Result<axum::Json<ClockView>, Problem> {
    Ok(shown(&ask.realm.freeze_clock(body.at.as_deref()).await?))
}

/// Runs on from where it stands.
#[utoipa::path(post, path = "/admin/v1/clock/resume", tag = "clock",
    responses((status = 200, body = ClockView), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn resume(ask: Ask) -> Result<axum::Json<ClockView>, Problem> {
    Ok(shown(&ask.realm.resume_clock().await?))
}
