//! The demo portal `/demo` and the simulated handset `/phone`.

use axum::Router;

use crate::{
    identity::Level,
    oidc::{
        client::{AuthMethod, Client, Consent, Dialect},
        digest::sha256_base64url,
        keys::Algorithm,
    },
};

/// The demo's own clients, with the secret of this process.
pub(crate) fn clients(issuer: &str, secret: &str) -> Vec<Client> {
    let client = |id: &str, name: &str, path: &str, minimum_level, scope: &str| Client {
        client_id: id.to_owned(),
        secret_hash: Some(sha256_base64url(secret)),
        client_name: name.to_owned(),
        redirect_uris: vec![format!("{issuer}{path}")],
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        scope: scope.to_owned(),
        id_token_signed_response_alg: Algorithm::Rs256,
        minimum_level,
        consent: Consent::Never,
        require_pkce: true,
        dialect: Dialect::Oidc,
    };
    let all = crate::oidc::scope::SUPPORTED.join(" ");
    vec![
        client("demo-portal", "Cổng dịch vụ công thử nghiệm", "/demo/callback", Level::One, &all),
        client("demo-bhxh", "Cổng BHXH thử nghiệm", "/demo/bhxh/callback", Level::Two, &all),
    ]
}

/// The portal over `provider`, which it reaches as any relying party would, without leaving the process.
pub(crate) fn router(_provider: Router, _issuer: &str, _secret: &str) -> Router {
    Router::new()
}
