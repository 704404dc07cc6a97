//! The metadata document (OIDC Discovery 1.0 §3, RFC 8414, RFC 9207, RFC 9126, the logout specifications).

use serde_json::{Value, json};

use super::{
    acr::ContextClass,
    assertion::{ASYMMETRIC, SYMMETRIC},
    client::{AuthMethod, GrantType},
    keys::Algorithm,
    scopes,
};

/// The document of `issuer`; `back` is the base of the URLs that programs, not browsers, call.
pub fn document(issuer: &str, back: &str, registers: bool) -> Value {
    let algorithms: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
    let assertions: Vec<_> = ASYMMETRIC.iter().chain(&SYMMETRIC).map(|(name, _)| *name).collect();
    let classes = [ContextClass::LoA1, ContextClass::LoA2, ContextClass::LoA3];
    let classes: Vec<_> = classes
        .into_iter()
        .filter(|class| *class <= ContextClass::BEST)
        .map(ContextClass::as_str)
        .collect();
    // RFC 7009 and RFC 7662 say the same of their endpoints as Discovery says of the token endpoint.
    let methods = AuthMethod::ALL;
    let confidential = &AuthMethod::ALL[..4];
    let endpoints = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{back}/oauth2/token"),
        "userinfo_endpoint": format!("{back}/oauth2/userinfo"),
        "jwks_uri": format!("{back}/oauth2/jwks"),
        "introspection_endpoint": format!("{back}/oauth2/introspect"),
        "revocation_endpoint": format!("{back}/oauth2/revoke"),
        "pushed_authorization_request_endpoint": format!("{back}/oauth2/par"),
        "require_pushed_authorization_requests": false,
        "end_session_endpoint": format!("{issuer}/oidc/logout"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    let features = json!({
        "scopes_supported": scopes::names().collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": GrantType::ALL,
        "acr_values_supported": classes,
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": assertions,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": assertions,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": assertions,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page"],
        "claim_types_supported": ["normal"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "ui_locales_supported": ["vi", "en"],
        "claims_supported": scopes::claim_names().collect::<Vec<_>>(),
        "mock": true,
    });
    let mut document = endpoints.as_object().cloned().unwrap_or_default();
    document.extend(features.as_object().cloned().unwrap_or_default());
    if registers {
        let door = format!("{back}/oauth2/register");
        document.insert("registration_endpoint".to_owned(), door.into());
    }
    Value::Object(document)
}
