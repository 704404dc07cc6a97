//! A relying party of the default realm, by the `openidconnect` crate: code flow, state, nonce, PKCE, every check of the ID token.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::jwk::JwkSet;
use openidconnect::{
    AccessTokenHash, AuthenticationContextClass, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    IssuerUrl, LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use parking_lot::Mutex;

use super::{
    SiteKind,
    claims::{SignedInVisitor, Vneid},
    provider::{CarryError, InProcessProvider},
    stopped::Stopped,
};
use crate::{
    clock::Timestamp,
    dice::{Dice, DrawPurpose},
    oidc::{digest::constant_time_eq, language::Language, params::Params, scopes},
    telemetry::chain,
};

type Fields = IdTokenFields<
    Vneid,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type ProviderTokens = StandardTokenResponse<Fields, CoreTokenType>;
type TokenError = StandardErrorResponse<CoreErrorResponseType>;
type Configured = Client<
    Vneid,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    ProviderTokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How long ago a holder may have signed in (`max_age`): a working day.
const MAX_AGE: Duration = Duration::from_hours(8);
/// The classes that are asked for (`acr_values`); how high an account must be the client's `minimum_level` says.
const CLASSES: [&str; 3] = ["LoA1", "LoA2", "LoA3"];
/// Seconds a clock may differ.
const LEEWAY: i64 = 60;

/// A sign-in under way: what the answer must match.
pub(crate) struct PendingSignIn {
    pub(crate) state: String,
    nonce: String,
    verifier: String,
    pub(crate) language: Language,
}

/// Who the site is at the provider.
pub(crate) struct RelyingParty {
    kind: SiteKind,
    secret: String,
    provider: InProcessProvider,
    dice: Arc<Dice>,
    /// Discovery and keys, fetched once, and again when a token names a key that is not among them.
    known: Mutex<Option<CoreProviderMetadata>>,
}

impl RelyingParty {
    pub(crate) fn new(
        kind: SiteKind,
        provider: InProcessProvider,
        secret: &str,
        dice: Arc<Dice>,
    ) -> Self {
        Self { kind, secret: secret.to_owned(), provider, dice, known: Mutex::default() }
    }

    async fn discovered(&self, anew: bool) -> Result<CoreProviderMetadata, Stopped> {
        if !anew && let Some(known) = self.known.lock().clone() {
            return Ok(known);
        }
        let issuer =
            IssuerUrl::new(self.provider.issuer.clone()).map_err(|error| unavailable(&error))?;
        let found = CoreProviderMetadata::discover_async(issuer, &self.provider).await;
        let found = found.map_err(|error| unavailable(&error))?;
        *self.known.lock() = Some(found.clone());
        Ok(found)
    }

    async fn configured(&self, anew: bool) -> Result<Configured, Stopped> {
        let metadata = self.discovered(anew).await?;
        let back = format!("{}{}/callback", self.provider.issuer, self.kind.path());
        let back = RedirectUrl::new(back).map_err(|error| unavailable(&error))?;
        let id = ClientId::new(self.kind.client_id().to_owned());
        let secret = ClientSecret::new(self.secret.clone());
        // `client_secret_basic` is the crate's own choice (RFC 6749 §2.3.1).
        Ok(Client::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(back))
    }

    pub(crate) const fn client_id(&self) -> &'static str {
        self.kind.client_id()
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.provider.issuer
    }

    /// The provider's keys.
    pub(crate) async fn keys(&self, anew: bool) -> Result<JwkSet, Stopped> {
        let metadata = self.discovered(anew).await?;
        let keys = serde_json::to_value(metadata.jwks()).and_then(serde_json::from_value);
        keys.map_err(|error| unavailable(&error))
    }

    /// Where the browser goes, and what its answer must match.
    pub(crate) async fn begin(
        &self,
        language: Language,
        prompt: Option<CoreAuthPrompt>,
    ) -> Result<(String, PendingSignIn), Stopped> {
        let client = self.configured(false).await?;
        let draw = || self.dice.token(DrawPurpose::Session);
        let pending = PendingSignIn { state: draw(), nonce: draw(), verifier: draw(), language };
        let state = CsrfToken::new(pending.state.clone());
        let nonce = Nonce::new(pending.nonce.clone());
        let verifier = PkceCodeVerifier::new(pending.verifier.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, move || state, move || nonce)
            .add_scopes(scopes::names().skip(1).map(|name| Scope::new(name.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .set_max_age(MAX_AGE)
            .add_ui_locale(LanguageTag::new(language.tag().to_owned()));
        for class in CLASSES {
            request =
                request.add_auth_context_value(AuthenticationContextClass::new(class.to_owned()));
        }
        if let Some(prompt) = prompt {
            request = request.add_prompt(prompt);
        }
        let (url, _, _) = request.url();
        Ok((url.into(), pending))
    }

    /// The answer's code, if it comes from the provider that was asked and is not a refusal.
    pub(crate) fn code_of(&self, answer: &Params) -> Result<String, Stopped> {
        // RFC 9207 §2.4: compared before anything else in the answer is believed.
        if !constant_time_eq(answer.text("iss").as_bytes(), self.provider.issuer.as_bytes()) {
            return Err(Stopped::WrongIssuer);
        }
        if let Some(code) = answer.get("error") {
            let short = |text: &str| text.chars().take(200).collect::<String>();
            let detail = answer.get("error_description").map(short);
            return Err(Stopped::Refused(short(code), detail));
        }
        answer.get("code").map(str::to_owned).ok_or(Stopped::NoCode)
    }

    /// Exchanges the code and verifies all that comes with it. `at` is the provider's own time, not the computer's.
    pub(crate) async fn finish(
        &self,
        pending: &PendingSignIn,
        code: String,
        at: Timestamp,
    ) -> Result<SignedInVisitor, Stopped> {
        let mut client = self.configured(false).await?;
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| unavailable(&error))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
        let tokens =
            request.request_async(&self.provider).await.map_err(|error| not_exchanged(&error))?;
        let kid =
            tokens.id_token().map(|token| token.signing_key(&client.id_token_verifier()).is_ok());
        if kid == Some(false) {
            // The provider may have new keys (OIDC Core §10.1.1).
            client = self.configured(true).await?;
        }
        let identity = verified(&client, &tokens, pending, at)?;
        let subject = Some(identity.subject().clone());
        let request = client.user_info(tokens.access_token().clone(), subject);
        let request = request.map_err(|error| unavailable(&error))?;
        let claims = request.request_async(&self.provider).await;
        let claims = claims.map_err(|error| Stopped::UserInfo(chain(&error)))?;
        let id_token = tokens.id_token().map(ToString::to_string).unwrap_or_default();
        Ok(SignedInVisitor::new(identity, claims, id_token))
    }
}

type Identity = openidconnect::IdTokenClaims<Vneid, CoreGenderClaim>;

/// OIDC Core §3.1.3.7 and §3.1.3.8: signature, `iss`, `aud`, `exp`, `nonce`, `iat`, `acr`, `auth_time`, `at_hash`.
fn verified(
    client: &Configured,
    tokens: &ProviderTokens,
    pending: &PendingSignIn,
    now: Timestamp,
) -> Result<Identity, Stopped> {
    let invalid = |error: &dyn std::error::Error| Stopped::IdToken(chain(error));
    let missing = |what: &str| Stopped::IdToken(format!("{what} is missing"));
    let now_seconds = now.as_millis().div_euclid(1000);
    // The moment that the provider's wire shows: of the computer, or of its realm where that is set.
    let now = Duration::from_millis(now.as_millis().unsigned_abs());
    let now = std::time::SystemTime::UNIX_EPOCH + now;
    let verifier = client.id_token_verifier().set_time_fn(move || now.into());
    let token = tokens.id_token().ok_or_else(|| missing("id_token"))?;
    let nonce = Nonce::new(pending.nonce.clone());
    let claims = token.claims(&verifier, &nonce).map_err(|error| invalid(&error))?;
    // RFC 7519 §4.1.5, OIDC Core §3.1.3.7 item 10: the crate leaves the beginning to its user.
    let begins =
        claims.additional_claims().not_before.unwrap_or(0).max(claims.issue_time().timestamp());
    if begins > now_seconds {
        return Err(Stopped::IdToken("it is not valid yet".to_owned()));
    }
    // Items 12 and 13: what was asked for is looked at.
    let class = claims.auth_context_ref().ok_or_else(|| missing("acr"))?;
    if !CLASSES.contains(&class.as_str()) {
        return Err(Stopped::IdToken("acr is none that was asked for".to_owned()));
    }
    let signed_in = claims.auth_time().ok_or_else(|| missing("auth_time"))?.timestamp();
    let oldest = now_seconds.saturating_sub_unsigned(MAX_AGE.as_secs()) - LEEWAY;
    if signed_in < oldest {
        return Err(Stopped::IdToken("the holder signed in too long ago".to_owned()));
    }
    let given = claims.access_token_hash().ok_or_else(|| missing("at_hash"))?;
    let algorithm = token.signing_alg().map_err(|error| invalid(&error))?;
    let key = token.signing_key(&verifier).map_err(|error| invalid(&error))?;
    let right = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
    if *given != right.map_err(|error| invalid(&error))? {
        return Err(Stopped::IdToken("at_hash does not match the access token".to_owned()));
    }
    Ok(claims.clone())
}

fn not_exchanged(error: &RequestTokenError<CarryError, TokenError>) -> Stopped {
    match error {
        RequestTokenError::ServerResponse(said) => {
            let code = said.error().as_ref().to_owned();
            Stopped::NotExchanged(code, said.error_description().cloned())
        }
        RequestTokenError::Parse(error, _) => {
            // The body may hold tokens: only what is wrong with it is told.
            Stopped::IdToken(format!("the token answer cannot be read: {error}"))
        }
        RequestTokenError::Request(_) | RequestTokenError::Other(_) => unavailable(error),
    }
}

fn unavailable(error: &dyn std::error::Error) -> Stopped {
    Stopped::Provider(chain(error))
}
