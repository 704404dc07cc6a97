//! The authorization request: named checks in order, each with the clause it enforces.

use serde::{Deserialize, Serialize};

pub use super::untrusted::Untrusted;
use super::{
    acr::attainable,
    client::{CallbackEncoding, Client},
    dialect::seal::Sealed,
    error::{Code, Error},
    language::Language,
    params::Params,
    pkce,
    requested::Requested,
    response::{AuthorizationResponse, Mode, ResponsePair},
    scopes,
    target::{TARGETS, resource},
};

/// A redirect URI that is registered. Only [`trust`] makes one: "may I redirect?" is a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedRedirect {
    uri: String,
    state: Option<String>,
    mode: Mode,
}

impl TrustedRedirect {
    /// The registered URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// RFC 6749 §4.1.2 with `iss` (RFC 9207 §2).
    pub fn granted(&self, code: &str, issuer: &str) -> AuthorizationResponse {
        self.answer(vec![("code".into(), code.to_owned())], issuer)
    }

    /// The same for a partner (facts §4.3): the code is sealed, and the key goes beside it.
    pub fn sealed(
        &self,
        sealed: Sealed,
        encoding: CallbackEncoding,
        issuer: &str,
    ) -> AuthorizationResponse {
        let pairs = vec![("code".into(), sealed.data), ("encrypt_key".into(), sealed.key)];
        match (encoding, self.mode) {
            (CallbackEncoding::Raw, Mode::Query) => {
                AuthorizationResponse { raw: pairs, ..self.answer(Vec::new(), issuer) }
            }
            _ => self.answer(pairs, issuer),
        }
    }

    /// RFC 6749 §4.1.2.1 with `iss` (RFC 9207 §2); `error_uri` leads to an explanation.
    pub fn refused(
        &self,
        error: &Error,
        error_uri: Option<String>,
        issuer: &str,
    ) -> AuthorizationResponse {
        let mut pairs = vec![
            ("error".into(), error.code.as_str().to_owned()),
            ("error_description".into(), error.description.clone().into_owned()),
        ];
        pairs.extend(error_uri.map(|uri| ("error_uri".into(), uri)));
        self.answer(pairs, issuer)
    }

    fn answer(
        &self,
        mut pairs: Vec<ResponsePair>,
        issuer: &str,
    ) -> AuthorizationResponse {
        pairs.extend(self.state.clone().map(|state| ("state".into(), state)));
        pairs.push(("iss".into(), issuer.to_owned()));
        AuthorizationResponse { uri: self.uri.clone(), mode: self.mode, pairs, raw: Vec::new() }
    }
}

/// What `prompt` asks for (OIDC Core §3.1.2.1).
#[expect(clippy::struct_excessive_bools, reason = "a list of words, each there or not")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prompt {
    /// No page may be shown.
    pub none: bool,
    /// Sign in anew.
    pub login: bool,
    /// Ask which account it shall be.
    pub select_account: bool,
    /// Ask for consent.
    pub consent: bool,
}

/// A checked authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: String,
    /// Where the answer goes.
    pub redirect: TrustedRedirect,
    /// The scopes that will be granted.
    pub scope: String,
    /// Returned in the ID token as it came.
    pub nonce: Option<String>,
    /// S256 challenge.
    pub code_challenge: Option<String>,
    /// What pages may or must be shown.
    pub prompt: Prompt,
    /// Oldest acceptable sign-in, in seconds.
    pub max_age: Option<u32>,
    /// The authentication classes wanted, best first (OIDC Core §3.1.2.1).
    pub acr_values: Vec<String>,
    /// Single claims asked for (§5.5).
    pub claims: Requested,
    /// The ID number to put into the form.
    pub login_hint: Option<String>,
    /// The holder who must be signed in.
    pub id_token_hint: Option<String>,
    /// What access tokens shall be for (RFC 8707 §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
    /// The language of the pages.
    pub language: Language,
}

/// RFC 6749 §4.1.1: the client that asks.
pub fn client_id(params: &Params) -> Result<&str, Untrusted> {
    if params.repeats("client_id") {
        return Err(Untrusted::ClientMissing);
    }
    params.get("client_id").ok_or(Untrusted::ClientMissing)
}

/// RFC 9700 §2.1, RFC 6749 §3.1.2.3: exact string comparison, and exactly one.
pub fn trust(params: &Params, client: &Client) -> Result<TrustedRedirect, Untrusted> {
    if params.repeats("redirect_uri") {
        return Err(Untrusted::RedirectMissing);
    }
    let uri = params.get("redirect_uri").ok_or(Untrusted::RedirectMissing)?;
    if !client.accepts_redirect(uri) {
        return Err(Untrusted::RedirectMismatch);
    }
    let state = match client.dialect.has_plain_state() {
        _ if params.repeats("state") => None,
        true => params.plain_state(),
        false => params.get("state"),
    };
    let mode = if params.repeats("response_mode") { None } else { params.get("response_mode") };
    let mode = Mode::of(mode).unwrap_or_default();
    Ok(TrustedRedirect { uri: uri.to_owned(), state: state.map(str::to_owned), mode })
}

type RequestCheck = fn(&Params, &Client) -> Result<(), Error>;



/// The order is the document: lay the clauses beside it.
const CHECKS: [(&str, &str, RequestCheck); 13] = [
    ("RFC 6749 §3.1: no parameter twice", "each parameter once", once),
    (
        "OIDC Core §6: no request objects",
        "the parameters themselves, without request, registration or a request_uri that was not pushed",
        request_object,
    ),
    ("RFC 6749 §4.1.1: response_type", "response_type=code", response_type),
    (
        "OAuth 2.0 Multiple Response Types §2.1: response_mode",
        "response_mode query, fragment or form_post, or none",
        response_mode,
    ),
    ("OIDC Core §3.1.2.1: scope holds openid", "openid among the scopes", openid),
    (
        "RFC 7636 §4.3: code_challenge_method S256",
        "code_challenge with code_challenge_method=S256, or neither",
        challenge_method,
    ),
    (
        "RFC 9700 §2.1.1: PKCE where it is required",
        "a code_challenge of 43 to 128 characters of A-Z a-z 0-9 - . _ ~, the S256 of the code_verifier",
        challenge,
    ),
    (
        "OIDC Core §3.1.2.1: prompt",
        "prompt none alone, or any of login, consent, select_account",
        prompt_values,
    ),
    ("OIDC Core §3.1.2.1: max_age", "max_age of 0 to 4294967295 seconds, digits alone", max_age_number),
    ("OIDC Core §5.5: claims", "claims as a JSON object with id_token and userinfo", claims),
    (
        "OIDC Unmet Authentication Requirements 1.0: essential acr",
        "an essential acr that can be reached here: LoA1, LoA2 or LoA3",
        attainable,
    ),
    ("RFC 8707 §2: resource", TARGETS, resource),
    (
        "bounds: state, nonce and hints of limited length",
        "state and nonce of at most 2048 bytes, id_token_hint of 8192, acr_values of 512",
        bounds,
    ),
];

/// Every check in order; the first that fails is the answer.
pub fn check(
    params: &Params,
    client: &Client,
    redirect: TrustedRedirect,
) -> Result<AuthorizationRequest, Error> {
    for (clause, expected, check) in CHECKS {
        check(params, client).map_err(|error| error.by(clause).expecting(expected))?;
    }
    let text = |name: &str| params.get(name).map(str::to_owned);
    Ok(AuthorizationRequest {
        client_id: client.client_id.clone(),
        redirect,
        scope: client.granted(params.get("scope").unwrap_or("openid")),
        nonce: text("nonce"),
        code_challenge: text("code_challenge"),
        prompt: prompt(params),
        max_age: params.get("max_age").and_then(|age| age.parse().ok()).or(client.default_max_age),
        acr_values: acr_values(params, client),
        claims: params.get("claims").and_then(|it| Requested::parse(it).ok()).unwrap_or_default(),
        login_hint: text("login_hint").filter(|hint| is_taken(hint)),
        id_token_hint: text("id_token_hint"),
        resource: params.all("resource").map(str::to_owned).collect(),
        language: Language::of(params.text("ui_locales")),
    })
}

const KNOWN: [&str; 18] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "acr_values",
    "claims",
    "request",
    "request_uri",
];

fn once(params: &Params, _: &Client) -> Result<(), Error> {
    params
        .check_once(&KNOWN)
        .map_err(|repeated| Error::said(Code::InvalidRequest, &repeated.to_string()))
}

fn request_object(params: &Params, _: &Client) -> Result<(), Error> {
    if params.get("request").is_some() {
        return Err(Error::new(Code::RequestNotSupported, "request objects are not supported"));
    }
    if params.get("request_uri").is_some() {
        return Err(Error::new(Code::RequestUriNotSupported, "request_uri is not supported"));
    }
    if params.get("registration").is_some() {
        let sentence = "the registration parameter is not supported";
        return Err(Error::new(Code::RegistrationNotSupported, sentence));
    }
    Ok(())
}

fn response_type(params: &Params, _: &Client) -> Result<(), Error> {
    match params.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(Error::new(Code::UnsupportedResponseType, "response_type must be code")),
        None => Err(Error::new(Code::InvalidRequest, "response_type is missing")),
    }
}

fn response_mode(params: &Params, _: &Client) -> Result<(), Error> {
    match Mode::of(params.get("response_mode")) {
        Some(_) => Ok(()),
        None => Err(Error::new(Code::InvalidRequest, "response_mode must be query, fragment or form_post")),
    }
}

fn openid(params: &Params, client: &Client) -> Result<(), Error> {
    let meant = client.dialect.is_lenient() && params.get("scope").is_none();
    if meant || scopes::contains(params.text("scope"), "openid") {
        Ok(())
    } else {
        Err(Error::new(Code::InvalidScope, "scope must contain openid"))
    }
}

fn challenge_method(params: &Params, _: &Client) -> Result<(), Error> {
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) | (Some(_), Some("S256")) => Ok(()),
        (Some(_), _) => Err(Error::new(Code::InvalidRequest, "code_challenge_method must be S256")),
        (None, Some(_)) => Err(Error::new(Code::InvalidRequest, "code_challenge is missing")),
    }
}

fn challenge(params: &Params, client: &Client) -> Result<(), Error> {
    match params.get("code_challenge") {
        Some(challenge) if pkce::well_formed(challenge) => Ok(()),
        Some(_) => Err(Error::new(Code::InvalidRequest, "code_challenge is malformed")),
        None if client.needs_pkce() => {
            Err(Error::new(Code::InvalidRequest, "this client must use PKCE"))
        }
        None => Ok(()),
    }
}

fn prompt_values(params: &Params, _: &Client) -> Result<(), Error> {
    let values: Vec<&str> = params.text("prompt").split(' ').filter(|v| !v.is_empty()).collect();
    let known = ["none", "login", "consent", "select_account"];
    if values.iter().any(|value| !known.contains(value)) {
        return Err(Error::new(Code::InvalidRequest, "prompt has an unknown value"));
    }
    if values.contains(&"none") && values.len() > 1 {
        return Err(Error::new(Code::InvalidRequest, "prompt none stands alone"));
    }
    Ok(())
}

fn prompt(params: &Params) -> Prompt {
    let has = |value| scopes::contains(params.text("prompt"), value);
    Prompt {
        none: has("none"),
        login: has("login"),
        select_account: has("select_account"),
        consent: has("consent"),
    }
}

fn max_age_number(params: &Params, _: &Client) -> Result<(), Error> {
    match params.get("max_age") {
        Some(age) if age.parse::<u32>().is_err() || !age.bytes().all(|b| b.is_ascii_digit()) => {
            let sentence = "max_age must be 0 to 4294967295 seconds";
            Err(Error::new(Code::InvalidRequest, sentence))
        }
        _ => Ok(()),
    }
}

fn acr_values(params: &Params, client: &Client) -> Vec<String> {
    match params.get("acr_values") {
        Some(values) => {
            values.split(' ').filter(|value| !value.is_empty()).map(str::to_owned).collect()
        }
        None => client.default_acr_values.clone(),
    }
}

fn claims(params: &Params, _: &Client) -> Result<(), Error> {
    match params.get("claims").map(Requested::parse) {
        Some(Err(sentence)) => Err(Error::new(Code::InvalidRequest, sentence)),
        _ => Ok(()),
    }
}

/// The longest `login_hint` that is looked at: an e-mail address (RFC 5321 §4.5.3.1.3).
const LONGEST_HINT: usize = 254;

/// OIDC Core §3.1.2.1: a hint about who might sign in. One that is of no use is ignored.
fn is_taken(hint: &str) -> bool {
    hint.len() <= LONGEST_HINT && !hint.chars().any(char::is_control)
}

/// What is kept until the sign-in ends must stay small, also when JSON writes a control character as six.
const BOUNDS: [(&str, usize); 4] = [
    ("state", 2048),
    ("nonce", 2048),
    ("id_token_hint", 8192),
    ("acr_values", 512),
];

fn bounds(params: &Params, _: &Client) -> Result<(), Error> {
    for (name, most) in BOUNDS {
        let value = params.text(name);
        if value.len() > most {
            let sentence = format!("{name} is longer than {most} bytes");
            return Err(Error::said(Code::InvalidRequest, &sentence));
        }
        let plain = name == "state" || name == "nonce";
        if !plain && value.chars().any(char::is_control) {
            let sentence = format!("{name} holds a control character");
            return Err(Error::said(Code::InvalidRequest, &sentence));
        }
    }
    Ok(())
}
