//! `/livez`, `/readyz`, `/metrics`: for whoever runs the process.

use std::sync::OnceLock;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{error::Problem, state};

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting; several simulators in one process share one count.
pub(crate) fn install_metrics() {
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().ok());
}

/// The process runs.
pub(crate) async fn livez() -> &'static str {
    "ok\n"
}

/// The store answers.
pub(crate) async fn readyz(State(state): State<state::HttpState>) -> Result<&'static str, Problem> {
    state.flow.ready().await?;
    Ok("ok\n")
}

/// Prometheus' text format.
pub(crate) async fn metrics() -> Response {
    match METRICS.get().and_then(Option::as_ref) {
        Some(handle) => {
            let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4");
            ([kind], handle.render()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
