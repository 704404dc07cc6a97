//! `/livez`, `/readyz`, `/metrics`: for whoever runs the process.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{error::Problem, state};

/// The process runs.
pub(crate) async fn livez() -> &'static str {
    "ok\n"
}

/// The store answers.
pub(crate) async fn readyz(State(state): State<state::State>) -> Result<&'static str, Problem> {
    state.flow.ready().await?;
    Ok("ok\n")
}

/// Prometheus' text format.
pub(crate) async fn metrics(State(state): State<state::State>) -> Response {
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4");
    ([kind], state.counts.render()).into_response()
}
