//! Which metadata a client may have (RFC 7591 §2, OIDC Registration §2).

use url::{Host, Url};

use super::{AuthMethod, Client, Dialect, GrantType, SubjectType};
use crate::{
    identity::{Level, invalid::Invalid},
    oidc::{dialect::seal::SealingKey, jwks::ClientKeys, scopes},
};

/// The largest `default_max_age`: 366 days, in seconds.
const LONGEST_AGE: u32 = 366 * 24 * 3600;

type ClientCheck = fn(&Client) -> Result<(), Invalid>;

/// In this order; the first broken rule is the answer.
const CHECKS: [ClientCheck; 11] = [
    id_and_name,
    redirect_uris,
    scopes,
    level,
    age,
    authentication,
    logout,
    audience,
    subject,
    links,
    dialect,
];

impl Client {
    /// The first broken rule, if any.
    pub fn check(&self) -> Result<(), Invalid> {
        CHECKS.into_iter().try_for_each(|check| check(self))
    }
}

fn id_and_name(client: &Client) -> Result<(), Invalid> {
    let id = &client.client_id;
    if id.is_empty() || id.len() > 128 || !visible(id) {
        return Err(Invalid::new("client_id", "must be 1 to 128 visible ASCII characters"));
    }
    let name = client.client_name.chars();
    if client.client_name.is_empty()
        || name.clone().count() > 100
        || name.clone().any(char::is_control)
    {
        return Err(Invalid::new(
            "client_name",
            "must be 1 to 100 characters without control characters",
        ));
    }
    Ok(())
}

fn visible(text: &str) -> bool {
    text.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

fn redirect_uris(client: &Client) -> Result<(), Invalid> {
    // RFC 6749 §4.4 needs no browser.
    let browsers = client.may_present(GrantType::AuthorizationCode);
    if client.redirect_uris.len() > 20 || (browsers && client.redirect_uris.is_empty()) {
        return Err(Invalid::new("redirect_uris", "must have 1 to 20 entries"));
    }
    client.redirect_uris.iter().try_for_each(|uri| redirect("redirect_uris", uri))
}

fn scopes(client: &Client) -> Result<(), Invalid> {
    if !client.scope.split(' ').all(|token| scopes::named(token).is_some()) {
        return Err(Invalid::new(
            "scope",
            "must have only supported scopes, separated by single spaces",
        ));
    }
    if !scopes::contains(&client.scope, "openid") {
        return Err(Invalid::new("scope", "must contain openid"));
    }
    let mut own = client.service_scope.split(' ').filter(|token| !token.is_empty());
    // RFC 6749 §3.3: %x21 / %x23-5B / %x5D-7E.
    let token = |token: &str| {
        token.len() <= 100
            && visible(token)
            && !token.contains(['"', '\\'])
            && scopes::named(token).is_none()
    };
    if client.service_scope.len() > 1000 || !own.all(token) {
        return Err(Invalid::new(
            "service_scope",
            "must have scope tokens of its own, at most 1000 characters",
        ));
    }
    Ok(())
}

fn age(client: &Client) -> Result<(), Invalid> {
    if client.default_max_age.is_some_and(|age| age > LONGEST_AGE) {
        return Err(Invalid::new("default_max_age", "must be 0 to 31622400"));
    }
    Ok(())
}

fn level(client: &Client) -> Result<(), Invalid> {
    if client.minimum_level == Level::Unlevelled {
        return Err(Invalid::new("minimum_level", "must be 1 or 2"));
    }
    let acr = |value: &String| (1..=100).contains(&value.len()) && visible(value);
    if client.default_acr_values.len() > 8 || !client.default_acr_values.iter().all(acr) {
        return Err(Invalid::new(
            "default_acr_values",
            "must have at most 8 values of visible ASCII",
        ));
    }
    Ok(())
}

fn authentication(client: &Client) -> Result<(), Invalid> {
    if client.grant_types.len() > 3 {
        return Err(Invalid::new("grant_types", "must name each type once"));
    }
    if client.may_present(GrantType::ClientCredentials)
        && client.token_endpoint_auth_method == AuthMethod::None
    {
        // RFC 6749 §4.4: only confidential clients.
        return Err(Invalid::new(
            "grant_types",
            "must not have client_credentials in a public client",
        ));
    }
    if client.jwks.is_some() && client.jwks_uri.is_some() {
        return Err(Invalid::new("jwks", "and jwks_uri must not both be given (RFC 7591 §2)"));
    }
    if let Some(jwks) = &client.jwks
        && ClientKeys::parse(jwks).is_none()
    {
        return Err(Invalid::new(
            "jwks",
            "must be a JWK set of 1 to 20 public keys, at most 32768 bytes",
        ));
    }
    if client.token_endpoint_auth_method == AuthMethod::PrivateKeyJwt
        && client.jwks.is_none()
        && client.jwks_uri.is_none()
    {
        return Err(Invalid::new("jwks", "or jwks_uri is needed by private_key_jwt"));
    }
    client.jwks_uri.iter().try_for_each(|uri| web("jwks_uri", uri))
}

fn logout(client: &Client) -> Result<(), Invalid> {
    const AFTER: &str = "post_logout_redirect_uris";
    if client.post_logout_redirect_uris.len() > 20 {
        return Err(Invalid::new(AFTER, "must have at most 20 entries"));
    }
    client.post_logout_redirect_uris.iter().try_for_each(|uri| redirect(AFTER, uri))?;
    client.backchannel_logout_uri.iter().try_for_each(|uri| web("backchannel_logout_uri", uri))?;
    // OIDC Core §4: https. Loopback is a developer's own machine.
    let initiate = client.initiate_login_uri.as_deref();
    if let Some(uri) = initiate {
        web("initiate_login_uri", uri)?;
        if !is_secure(uri) {
            return Err(Invalid::new("initiate_login_uri", "must be https"));
        }
    }
    Ok(())
}

fn audience(client: &Client) -> Result<(), Invalid> {
    let fits = |text: &String| (1..=2000).contains(&text.len()) && visible(text);
    if client.audience.as_ref().is_none_or(fits) {
        Ok(())
    } else {
        Err(Invalid::new("audience", "must be 1 to 2000 visible ASCII characters"))
    }
}

fn subject(client: &Client) -> Result<(), Invalid> {
    client.sector_identifier_uri.iter().try_for_each(|uri| web("sector_identifier_uri", uri))?;
    if client.subject_type != SubjectType::Pairwise || client.sector_identifier_uri.is_some() {
        return Ok(());
    }
    let hosts =
        |uri: &String| Url::parse(uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    let first = client.redirect_uris.first().and_then(hosts);
    // OIDC Core §8.1: several hosts need a document that joins them.
    if first.is_none() || !client.redirect_uris.iter().all(|uri| hosts(uri) == first) {
        return Err(Invalid::new(
            "sector_identifier_uri",
            "is required: redirect_uris have several hosts",
        ));
    }
    Ok(())
}

fn links(client: &Client) -> Result<(), Invalid> {
    let each = [
        ("client_uri", &client.client_uri),
        ("logo_uri", &client.logo_uri),
        ("policy_uri", &client.policy_uri),
        ("tos_uri", &client.tos_uri),
    ];
    for (field, uri) in each {
        uri.iter().try_for_each(|uri| web(field, uri))?;
    }
    let contact =
        |text: &String| (1..=200).contains(&text.len()) && !text.contains(char::is_control);
    if client.contacts.len() > 10 || !client.contacts.iter().all(contact) {
        return Err(Invalid::new("contacts", "must have at most 10 entries of 1 to 200 bytes"));
    }
    Ok(())
}

fn dialect(client: &Client) -> Result<(), Invalid> {
    const KEY: &str = "encryption_public_key";
    // What a dialect cannot keep is not promised.
    if client.dialect == Dialect::Bca && client.require_pkce {
        return Err(Invalid::new("require_pkce", "must be false: the dialect bca has no PKCE"));
    }
    if client.dialect != Dialect::Oidc && client.userinfo_signed_response_alg.is_some() {
        return Err(Invalid::new(
            "userinfo_signed_response_alg",
            "must be left out: only the dialect oidc signs userinfo",
        ));
    }
    match &client.encryption_public_key {
        None if client.dialect == Dialect::Partner => {
            Err(Invalid::new(KEY, "is required for a partner"))
        }
        Some(pem) if pem.len() > 4096 || SealingKey::from_pem(pem).is_none() => {
            Err(Invalid::new(KEY, "must be an RSA public key in PEM, of 2048 to 8192 bits"))
        }
        _ => Ok(()),
    }
}

/// Whether what goes to this address is protected, or does not leave the machine.
fn is_secure(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| match url.host() {
        _ if url.scheme() == "https" => true,
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

/// An http or https address with a host and without a fragment.
fn web(field: &'static str, uri: &str) -> Result<(), Invalid> {
    redirect(field, uri)?;
    match Url::parse(uri) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        _ => Err(Invalid::new(field, "must be an http or https URI")),
    }
}

/// RFC 6749 §3.1.2: absolute, without a fragment. `javascript:` and `data:` would run in the provider's page.
fn redirect(field: &'static str, uri: &str) -> Result<(), Invalid> {
    if uri.len() > 2000 || !visible(uri) {
        return Err(Invalid::new(
            field,
            "must have at most 2000 visible ASCII characters an entry",
        ));
    }
    if uri.contains('*') {
        // RFC 9700 §2.1.
        return Err(Invalid::new(
            field,
            "must have no wildcard: matching is exact, character for character",
        ));
    }
    let url = Url::parse(uri).map_err(|_| Invalid::new(field, "must be absolute URIs"))?;
    if url.fragment().is_some() {
        return Err(Invalid::new(field, "must have no fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Invalid::new(field, "must have no user name or password"));
    }
    match url.scheme() {
        // The parser mends `https:/host` and `https:///host`; what is registered is compared as it stands.
        "http" | "https" if names_its_host(uri) => Ok(()),
        // RFC 8252 §7.1: an application's own scheme has a dot, which `javascript`, `data` and their like have not, such as vn.example.app:/callback.
        scheme if scheme.contains('.') => Ok(()),
        _ => Err(Invalid::new(field, "must use https, http or an application's own scheme")),
    }
}

/// `scheme://` and a host right behind it.
fn names_its_host(uri: &str) -> bool {
    uri.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) && !rest.starts_with(['/', '\\'])
    })
}
