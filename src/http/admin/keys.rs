//! `/admin/v1/keys`: the provider's signing keys, and their rotation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    flow::{Error, Realm},
    http::{error::Problem, extract::Json},
    oidc::keys::{Algorithm, provider::kid, schedule::KeyStatus},
};

/// A signing key and its timetable.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// As in the JWK set: the RFC 7638 thumbprint.
    pub kid: &'static str,
    /// What it signs.
    #[schema(value_type = String)]
    pub alg: Algorithm,
    /// The development key set it belongs to, 0 to 7.
    pub set: u8,
    /// `published`: in the JWK set, not used yet; `used`: signs; `retiring`: signs no more, still in the JWK set;
    /// `retired`: no longer in it.
    pub status: KeyStatus,
    /// When it entered the JWK set (RFC 3339, virtual); absent: since the realm was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// When it starts to sign, until the next one does; absent: since the realm was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_from: Option<String>,
    /// When it leaves the JWK set; absent: not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<String>,
}

/// The timing of the rotation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"publish_seconds": 60, "overlap_seconds": 3600}))]
pub struct Rotation {
    /// Seconds until the new keys are used, 0 to 86,400; the policy's `key_publish_seconds` if left out.
    pub publish_seconds: Option<u32>,
    /// Seconds that the old keys stay published after that, 0 to 2,592,000; the policy's `key_overlap_seconds` if left out.
    pub overlap_seconds: Option<u32>,
}

fn shown(realm: &Realm, now: Timestamp) -> Result<axum::Json<Vec<KeyView>>, Problem> {
    let mut views = Vec::new();
    let began = |at: Timestamp| (at > Timestamp::MIN).then(|| at.to_string());
    for (phase, status) in realm.keys().at(now).states() {
        for alg in Algorithm::ALL.iter().copied() {
            views.push(KeyView {
                kid: kid(phase, alg).map_err(Error::from)?,
                alg,
                set: phase.set,
                status,
                published_at: began(phase.published_at),
                used_from: began(phase.used_from),
                retired_at: phase.retired_at.map(|at| at.to_string()),
            });
        }
    }
    Ok(axum::Json(views))
}

/// The signing keys, the oldest first.
#[utoipa::path(get, path = "/admin/v1/keys", tag = "keys",
    responses((status = 200, body = Vec<KeyView>)))]
pub(crate) async fn list(realm: Realm) -> Result<axum::Json<Vec<KeyView>>, Problem> {
    shown(&realm, realm.now)
}

/// Rotates the keys: the next ones are published at once and used later, then the previous ones are retired. Returns all of them.
#[utoipa::path(post, path = "/admin/v1/keys/rotate", tag = "keys", request_body = Option<Rotation>,
    responses((status = 200, body = Vec<KeyView>)))]
pub(crate) async fn rotate(
    realm: Realm,
    body: Option<Json<Rotation>>,
) -> Result<axum::Json<Vec<KeyView>>, Problem> {
    let pace = body.map(|Json(pace)| pace).unwrap_or_default();
    let (publish, overlap) = (pace.publish_seconds, pace.overlap_seconds);
    shown(&realm.rotate_keys(publish, overlap).await?, realm.now)
}
