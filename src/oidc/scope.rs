//! The scopes, in the order discovery lists them, and how a request's scope becomes a grant.

use super::client::Client;

/// Every scope.
pub const SUPPORTED: [&str; 16] = [
    "openid",
    "profile",
    "phone",
    "email",
    "address",
    "vneid.identity",
    "vneid.card",
    "vneid.residence",
    "vneid.dependants",
    "vneid.driving",
    "vneid.vehicle",
    "vneid.health_insurance",
    "vneid.social_insurance",
    "vneid.tax",
    "vneid.health",
    OFFLINE,
];

/// Asks for a refresh token that outlives the session (OIDC Core §11).
pub const OFFLINE: &str = "offline_access";

/// The tokens granted: asked for, supported, and allowed to the client; in the order of [`SUPPORTED`].
///
/// OIDC Core §3.1.2.1: unknown scope values are ignored.
pub fn granted(asked: &str, client: &Client) -> String {
    let mut granted = String::new();
    for token in SUPPORTED {
        if client.may_ask_for(token) && contains(asked, token) {
            if !granted.is_empty() {
                granted.push(' ');
            }
            granted.push_str(token);
        }
    }
    granted
}

/// Whether a space-separated list holds a token.
pub fn contains(scope: &str, token: &str) -> bool {
    scope.split(' ').any(|given| given == token)
}
