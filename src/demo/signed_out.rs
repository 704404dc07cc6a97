//! `POST …/backchannel-logout`: the provider says that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8).

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawForm, State, rejection::RawFormRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Site, party::RelyingParty, posted};
use crate::{clock::Timestamp, oidc::params::Params, telemetry::chain};

/// The member of `events` that makes a JWT a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Seconds a clock may differ.
const LEEWAY: i64 = 60;
const UNKNOWN_KEY: &str = "no key has this kid";

/// What a logout token says.
#[derive(Debug, Deserialize)]
struct LogoutClaims {
    sub: Option<String>,
    sid: Option<String>,
    iat: i64,
    exp: i64,
    events: serde_json::Map<String, Value>,
    nonce: Option<Value>,
}

impl LogoutClaims {
    /// §2.6, in its order: signature, `iss`, `aud`, times, whom it is about, what happened, no `nonce`.
    fn read(
        token: &str,
        keys: &JwkSet,
        party: &RelyingParty,
        now: Timestamp,
    ) -> Result<Self, String> {
        let header = decode_header(token).map_err(|error| chain(&error))?;
        let kid = header.kid.ok_or("the header has no kid")?;
        let key = keys.find(&kid).ok_or(UNKNOWN_KEY)?;
        let key = DecodingKey::from_jwk(key).map_err(|error| chain(&error))?;
        // What the client's ID tokens are signed with; never what the token itself says.
        let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
        validation.set_audience(&[party.client_id()]);
        validation.set_issuer(&[party.issuer()]);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        // The wire may show a realm's time that is of another year than the computer's.
        validation.validate_exp = false;
        let claims = decode::<Self>(token, &key, &validation).map_err(|error| chain(&error))?;
        let claims = claims.claims;
        let seconds = now.as_millis().div_euclid(1000);
        if claims.exp <= seconds - LEEWAY || claims.iat > seconds + LEEWAY {
            return Err("it is not valid now".to_owned());
        }
        if claims.sub.is_none() && claims.sid.is_none() {
            return Err("it is about nobody".to_owned());
        }
        if !claims.events.contains_key(EVENT) {
            return Err("it tells of no logout".to_owned());
        }
        if claims.nonce.is_some() {
            return Err("it has a nonce, as only ID tokens have".to_owned());
        }
        Ok(claims)
    }
}

impl Site {
    /// Ends the visits that a logout token names, if it may be believed; else why not.
    pub(super) async fn signed_out(&self, form: &Params) -> Result<(), String> {
        form.check_once(&["logout_token"]).map_err(|error| error.to_string())?;
        let token = form.get("logout_token").ok_or("no logout_token came")?;
        let now = self.provider.now().await.ok_or("the simulator does not tell its time")?;
        let mut read = Err(UNKNOWN_KEY.to_owned());
        // The provider may have new keys (OIDC Core §10.1.1).
        for anew in [false, true] {
            if read.as_ref().is_err_and(|why| why == UNKNOWN_KEY) {
                let keys = self.party.keys(anew).await.map_err(|why| why.code().to_owned())?;
                read = LogoutClaims::read(token, &keys, &self.party, now);
            }
        }
        let claims = read?;
        self.sessions.end(claims.sub.as_deref(), claims.sid.as_deref());
        Ok(())
    }
}

/// §2.8: 200, or 400 with why.
pub(super) async fn post(
    State(site): State<Arc<Site>>,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let ended = match posted(form) {
        Some(form) => site.signed_out(&form).await,
        None => Err("the form cannot be read".to_owned()),
    };
    let Err(why) = ended else { return StatusCode::OK.into_response() };
    let body = json!({"error": "invalid_request", "error_description": why});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
