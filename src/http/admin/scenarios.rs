//! `/admin/v1/scenarios`: plays a script, answers what came of it.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    http::{self, error::Problem, extract::Json, state},
    scenario::{self, PlayPlace, ScenarioReport, Script, Target},
    visitor::Wire,
};

/// Longest that a script may play, of real time.
const LONGEST: Duration = Duration::from_mins(1);
/// A scenario to run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "script": "name = \"Sang năm\"\n\n[[step]]\ndo = \"advance\"\nduration = \"P365D\"\n"
}))]
pub struct ScenarioBody {
    /// TOML, as docs/scenarios.md says.
    pub script: String,
    /// Names it in the report; `script.toml` if left out.
    pub file: Option<String>,
    /// Runs in this realm and leaves it as it ends; if left out, in a realm of its own that is deleted afterwards.
    pub realm: Option<String>,
}

/// Runs a scenario: its people, steps and expectations. It must end within 60 seconds.
#[utoipa::path(post, path = "/admin/v1/scenarios", tag = "scenarios", request_body = ScenarioBody,
    responses((status = 200, body = ScenarioReport, description = "played; `runs` say how it ended")))]
pub(crate) async fn play(
    State(state): State<state::HttpState>,
    Json(body): Json<ScenarioBody>,
) -> Result<axum::Json<ScenarioReport>, Problem> {
    let file = body.file.as_deref().unwrap_or("script.toml");
    let script = Script::read(&body.script, file).map_err(|mistake| {
        Problem::invalid("script", format!("line {}: {}", mistake.line, mistake.message))
    })?;
    let place = match body.realm {
        Some(name) => {
            // A realm that is not there is no step's failure.
            state.flow.realm(&name).await?;
            PlayPlace::Existing(name)
        }
        None => PlayPlace::unique(),
    };
    let url = state.flow.settings.issuer.parse();
    let url = url.map_err(|_| Problem::invalid("issuer", "of this simulator is not an address"))?;
    let admin_token = state.doors.admin_token.clone();
    let wire = Wire::InProcess(http::provider(&state));
    let ground = Target { wire, url, admin_token };
    let played = tokio::time::timeout(LONGEST, scenario::run(&script, &ground, &place)).await;
    let played = played.map_err(|_| {
        let detail = "the script plays longer than 60 seconds";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_long", detail)
    })?;
    Ok(axum::Json(played))
}
