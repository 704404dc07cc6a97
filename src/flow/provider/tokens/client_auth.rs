//! A client proves itself by exactly its registered method, and only one (RFC 6749 §2.3, OIDC Core §9).

use std::{borrow::Cow, sync::Arc};

use super::{oauth_error, once};
use crate::{
    flow::{Error, Realm},
    oidc::{
        assertion::{self, Assertion, UsedAssertion},
        client::{AuthMethod, Client},
        digest::{constant_time_eq, sha256_base64url},
        error::{self, Code},
        jwks::ClientKeys,
        params::Params,
    },
};

/// `Authorization: Basic`: id and secret as RFC 6749 §2.3.1 decodes them, and the secret as it came.
#[derive(Debug, Clone)]
pub struct Basic {
    /// The client.
    pub id: String,
    /// Form-decoded.
    pub secret: String,
    /// As it came: old clients do not form-encode.
    pub raw: String,
}

/// How a client says who it is in the header.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// `Authorization: Basic`.
    pub basic: Option<Basic>,
    /// The address of the endpoint that is called: an assertion may be for it.
    pub endpoint: &'static str,
}

enum ShownCredentials<'a> {
    Secrets(Vec<&'a str>),
    Assertion(Box<Assertion<'a>>),
    Nothing,
}

/// One sentence for every failure; the explanation says what would have been right.
fn failed(expected: impl Into<Cow<'static, str>>) -> Error {
    let error = error::Error::new(Code::InvalidClient, "client authentication failed");
    error.by("RFC 6749 §2.3, OIDC Core §9").expecting(expected).into()
}

/// What stands behind a method, for people who look for the mistake.
fn other_method(registered: AuthMethod, came: AuthMethod) -> Error {
    let (registered, came) = (registered.as_str(), came.as_str());
    failed(format!("token_endpoint_auth_method {registered}, as it is registered; {came} came"))
}

const CLIENT: &str = "a registered client_id";
const SECRET: &str = "the client_secret of this client";
const ASSERTION: &str = "a JWT signed by the client: iss and sub the client_id, aud this issuer, exp within 3600 seconds, a jti not used before";

impl Realm {
    /// The client that proves itself.
    pub(crate) async fn authenticate(
        &self,
        credentials: &Credentials,
        params: &Params,
    ) -> Result<Arc<Client>, Error> {
        once(params, &["client_id", "client_secret", "client_assertion", "client_assertion_type"])?;
        let (id, shown, method) = presented(credentials, params)?;
        let client = self.client(&id).await?.ok_or_else(|| failed(CLIENT))?;
        let registered = client.token_endpoint_auth_method;
        let assertion =
            matches!(registered, AuthMethod::ClientSecretJwt | AuthMethod::PrivateKeyJwt);
        let fits = registered == method || (method == AuthMethod::PrivateKeyJwt && assertion);
        if !fits {
            return Err(other_method(registered, method));
        }
        match shown {
            ShownCredentials::Assertion(assertion) => {
                self.believe(&client, &assertion, credentials.endpoint).await?;
            }
            ShownCredentials::Secrets(secrets) => {
                let right = client.secret_hash.as_ref().is_some_and(|hash| {
                    let is_it = |secret: &&str| {
                        constant_time_eq(sha256_base64url(secret).as_bytes(), hash.as_bytes())
                    };
                    secrets.iter().any(is_it)
                });
                if !right {
                    return Err(failed(SECRET));
                }
            }
            ShownCredentials::Nothing if client.secret_hash.is_none() => {}
            ShownCredentials::Nothing => return Err(failed(SECRET)),
        }
        Ok(client)
    }

    /// RFC 7523 §3: signed by the client, for us, of now, and for the first time.
    async fn believe(
        &self,
        client: &Client,
        assertion: &Assertion<'_>,
        endpoint: &str,
    ) -> Result<(), Error> {
        let now = self.stamp().wire;
        let issuer = self.issuer();
        let audiences = [
            format!("{issuer}/oauth2/token"),
            format!("{issuer}{endpoint}"),
            format!("{issuer}/"),
            issuer,
        ];
        let refused = |sentence| oauth_error(Code::InvalidClient, sentence, "RFC 7523 §3", ASSERTION);
        let proof = if client.token_endpoint_auth_method == AuthMethod::ClientSecretJwt {
            let secret = client.secret.as_ref().ok_or_else(|| failed(SECRET))?;
            assertion.verify(assertion::AssertionKey::Shared(secret), &audiences, now)
        } else {
            let keys = self.keys_of(client, assertion.kid.as_deref()).await?;
            assertion.verify(assertion::AssertionKey::Public(&keys), &audiences, now)
        };
        let proof = proof.map_err(refused)?;
        let name = format!("{}\0{}", client.client_id, sha256_base64url(&proof.jti));
        // Its life is the client's own, so it is remembered by the clock that judged it.
        let mut change = self.at(now.moment()).change();
        change.insert(name, &UsedAssertion, Some(proof.until.moment()));
        match self.store().commit(change).await {
            Err(crate::store::Error::Conflict) => {
                Err(refused("the client assertion was used before"))
            }
            other => Ok(other?),
        }
    }

    /// A client's public keys, by value or by address.
    async fn keys_of(&self, client: &Client, kid: Option<&str>) -> Result<Arc<ClientKeys>, Error> {
        if let Some(jwks) = &client.jwks {
            return ClientKeys::parse(jwks).map(Arc::new).ok_or_else(|| failed(ASSERTION));
        }
        let uri = client.jwks_uri.as_deref().ok_or_else(|| failed(ASSERTION))?;
        self.flow.fetched_keys(uri, kid).await.ok_or_else(|| {
            oauth_error(
                Code::InvalidClient,
                "the client's jwks_uri gives no keys",
                "RFC 7591 §2: jwks_uri",
                "a JWK set with the client's public keys at its jwks_uri",
            )
        })
    }
}

/// What the request presents, if it is one method and whole.
fn presented<'a>(
    credentials: &'a Credentials,
    params: &'a Params,
) -> Result<(String, ShownCredentials<'a>, AuthMethod), Error> {
    const DIFFERS: &str = "client_id differs from the authenticated client";
    const ONE: &str = "RFC 6749 §2.3: one method in each request";
    let invalid = |sentence, expected| oauth_error(Code::InvalidRequest, sentence, ONE, expected);
    let secret = params.get("client_secret");
    let id = params.get("client_id");
    let assertion = params.get("client_assertion");
    let given = [credentials.basic.is_some(), secret.is_some(), assertion.is_some()];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(invalid(
            "two client authentication methods in one request",
            "one of Authorization, client_secret and client_assertion",
        ));
    }
    let same = |known: &str| id.is_none_or(|id| id == known);
    if let Some(basic) = &credentials.basic {
        if !same(&basic.id) {
            return Err(invalid(DIFFERS, "the same client_id in both places, or in one"));
        }
        let secrets = ShownCredentials::Secrets(vec![&basic.secret, &basic.raw]);
        return Ok((basic.id.clone(), secrets, AuthMethod::ClientSecretBasic));
    }
    if let Some(text) = assertion {
        if params.get("client_assertion_type") != Some(assertion::TYPE) {
            return Err(invalid("client_assertion_type is not jwt-bearer", assertion::TYPE));
        }
        let assertion = Assertion::parse(text).ok_or_else(|| failed(ASSERTION))?;
        let id = assertion.client_id().to_owned();
        if !same(&id) {
            return Err(invalid(DIFFERS, "the same client_id in both places, or in one"));
        }
        return Ok((
            id,
            ShownCredentials::Assertion(Box::new(assertion)),
            AuthMethod::PrivateKeyJwt,
        ));
    }
    match (id, secret) {
        (Some(id), Some(secret)) => Ok((
            id.to_owned(),
            ShownCredentials::Secrets(vec![secret]),
            AuthMethod::ClientSecretPost,
        )),
        (Some(id), None) => Ok((id.to_owned(), ShownCredentials::Nothing, AuthMethod::None)),
        (None, _) => {
            Err(oauth_error(
                Code::InvalidClient,
                "no client authentication",
                "RFC 6749 §2.3",
                "Authorization: Basic, or client_id with client_secret or client_assertion; a public client: client_id alone",
            ))
        }
    }
}
