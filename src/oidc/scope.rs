//! The scopes, in the order discovery lists them, and how a request's scope becomes a grant.

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

/// Whether a space-separated list holds a token.
pub fn contains(scope: &str, token: &str) -> bool {
    scope.split(' ').any(|given| given == token)
}
