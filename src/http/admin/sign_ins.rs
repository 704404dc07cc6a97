//! `/admin/v1/sign-ins`: a code or tokens without pages, under the same rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    flow::{Realm, provider::sign_in_direct::DirectSignIn},
    http::{
        error::Problem,
        extract::{Json, number},
    },
    identity::secret::Secret,
    oidc::{params::Params, token::Tokens},
};

/// Who signs in to which client. Only the first two fields are required.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_id": "demo-client", "citizen": "097190000011", "scope": "openid profile", "exchange": true}))]
pub struct SignInBody {
    /// The client.
    pub client_id: String,
    /// The citizen's 12 digits.
    pub citizen: String,
    /// `openid profile` if left out.
    pub scope: Option<String>,
    /// The client's first one if left out.
    pub redirect_uri: Option<String>,
    /// Returned in the redirect.
    pub state: Option<String>,
    /// Returned in the ID token.
    pub nonce: Option<String>,
    /// The authentication classes wanted, best first: `LoA1` to `LoA3`, separated by spaces.
    pub acr_values: Option<String>,
    /// What the access token shall be for (RFC 8707).
    pub resource: Option<String>,
    /// S256 challenge, for a code that will be exchanged with PKCE.
    pub code_challenge: Option<String>,
    /// The parent or guardian who consents, for a child or ward: 12 digits.
    pub representative: Option<String>,
    /// The organisation the citizen acts for: 12 digits.
    pub organisation: Option<String>,
    /// Return tokens instead of a code.
    #[serde(default)]
    pub exchange: bool,
}

/// The result.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInView {
    /// The address the browser would have been sent to.
    pub redirect: String,
    /// The authorization code in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The tokens, with `exchange`.
    #[serde(flatten)]
    pub tokens: Option<Tokens>,
}

/// Signs a citizen in without pages.
#[utoipa::path(post, path = "/admin/v1/sign-ins", tag = "sign-ins", request_body = SignInBody,
    responses((status = 200, body = SignInView)))]
pub(crate) async fn create(
    realm: Realm,
    Json(body): Json<SignInBody>,
) -> Result<axum::Json<SignInView>, Problem> {
    let citizen = number("citizen", &body.citizen)?;
    let other = |field, text: Option<&str>| text.map(|text| number(field, text)).transpose();
    let representative = other("representative", body.representative.as_deref())?;
    let organisation = other("organisation", body.organisation.as_deref())?;
    let first = match body.redirect_uri {
        Some(uri) => Some(uri),
        None => realm
            .client(&body.client_id)
            .await?
            .and_then(|client| client.redirect_uris.first().cloned()),
    };
    let scope = body.scope.unwrap_or_else(|| "openid profile".to_owned());
    let method = body.code_challenge.is_some().then(|| "S256".to_owned());
    let fields = [
        ("client_id", Some(body.client_id)),
        ("redirect_uri", first),
        ("response_type", Some("code".to_owned())),
        ("scope", Some(scope)),
        ("state", body.state),
        ("nonce", body.nonce),
        ("acr_values", body.acr_values),
        ("resource", body.resource),
        ("code_challenge", body.code_challenge),
        ("code_challenge_method", method),
    ];
    let params = Params::of(fields.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let signing = DirectSignIn {
        citizen: &citizen,
        representative: representative.as_ref(),
        organisation: organisation.as_ref(),
    };
    let done = realm.sign_in_direct(&params, signing, body.exchange).await?;
    Ok(axum::Json(SignInView {
        redirect: done.redirect,
        code: done.code.map(Into::into),
        tokens: done.tokens,
    }))
}
