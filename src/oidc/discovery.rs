//! The metadata document (OIDC Discovery 1.0 §3, RFC 8414, RFC 9207).

use serde_json::{Value, json};

use super::{keys::Algorithm, scope};

/// The document of `issuer`; `back` is the base of the URLs that programs, not browsers, call.
pub fn document(issuer: &str, back: &str) -> Value {
    let algorithms: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{back}/oauth2/token"),
        "userinfo_endpoint": format!("{back}/oauth2/userinfo"),
        "jwks_uri": format!("{back}/oauth2/jwks"),
        "scopes_supported": scope::SUPPORTED,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "acr_values_supported": ["LoA2", "LoA3"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "ui_locales_supported": ["vi", "en"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash",
            "name", "family_name", "given_name", "middle_name", "birthdate", "gender", "locale",
            "zoneinfo", "phone_number", "phone_number_verified", "email", "email_verified",
            "address", "vneid_id_number", "vneid_account_level", "vneid_card", "vneid_residence",
            "vneid_mock",
        ],
        "mock": true,
    })
}
