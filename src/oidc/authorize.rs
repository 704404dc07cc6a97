//! The authorization request: named checks in order, each with the clause it enforces.

use serde::{Deserialize, Serialize};

use super::{
    client::Client,
    error::{Code, Error},
    language::Language,
    params::{self, Params},
    pkce, scope,
};

/// Why nothing may be sent to the redirect URI (RFC 6749 §4.1.2.1): answered with a page, never a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// `client_id` is missing or given twice.
    ClientMissing,
    /// No such client.
    ClientUnknown,
    /// `redirect_uri` is missing or given twice.
    RedirectMissing,
    /// Not registered, character for character.
    RedirectMismatch,
    /// The query or body cannot be read.
    Malformed,
}

/// A redirect URI that is registered. Only [`trust`] makes one: "may I redirect?" is a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedRedirect {
    uri: String,
    state: Option<String>,
}

impl TrustedRedirect {
    /// The registered URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// RFC 6749 §4.1.2 with `iss` (RFC 9207 §2).
    pub fn granted(&self, code: &str, issuer: &str) -> String {
        let pairs = [("code", Some(code)), ("state", self.state.as_deref()), ("iss", Some(issuer))];
        params::append(&self.uri, &pairs)
    }

    /// RFC 6749 §4.1.2.1 with `iss` (RFC 9207 §2).
    pub fn refused(&self, error: &Error, issuer: &str) -> String {
        let pairs = [
            ("error", Some(error.code.as_str())),
            ("error_description", Some(&*error.description)),
            ("state", self.state.as_deref()),
            ("iss", Some(issuer)),
        ];
        params::append(&self.uri, &pairs)
    }
}

/// What `prompt` asks for (OIDC Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prompt {
    /// No page may be shown.
    pub none: bool,
    /// Sign in anew (`login`, and `select_account`, which the form does by its user name).
    pub login: bool,
    /// Ask for consent.
    pub consent: bool,
}

/// A checked authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
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
    /// The ID number to put into the form.
    pub login_hint: Option<String>,
    /// The holder who must be signed in.
    pub id_token_hint: Option<String>,
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
    if !client.redirect_uris.iter().any(|registered| registered == uri) {
        return Err(Untrusted::RedirectMismatch);
    }
    let state = if params.repeats("state") { None } else { params.get("state") };
    Ok(TrustedRedirect { uri: uri.to_owned(), state: state.map(str::to_owned) })
}

type Check = fn(&Params, &Client) -> Result<(), Error>;

/// The order is the document: lay the clauses beside it.
const CHECKS: [(&str, Check); 10] = [
    ("RFC 6749 §3.1: no parameter twice", once),
    ("OIDC Core §6: no request objects", request_object),
    ("RFC 6749 §4.1.1: response_type", response_type),
    ("OAuth 2.0 Multiple Response Types §2.1: response_mode", response_mode),
    ("OIDC Core §3.1.2.1: scope holds openid", openid),
    ("RFC 7636 §4.3: code_challenge_method S256", challenge_method),
    ("RFC 9700 §2.1.1: PKCE where it is required", challenge),
    ("OIDC Core §3.1.2.1: prompt", prompt_values),
    ("OIDC Core §3.1.2.1: max_age", max_age_number),
    ("bounds: state, nonce and hints of limited length", bounds),
];

/// Every check in order; the first that fails is the answer.
pub fn check(
    params: &Params,
    client: &Client,
    redirect: TrustedRedirect,
) -> Result<Request, Error> {
    for (_, check) in CHECKS {
        check(params, client)?;
    }
    let text = |name: &str| params.get(name).map(str::to_owned);
    Ok(Request {
        client_id: client.client_id.clone(),
        redirect,
        scope: scope::granted(params.text("scope"), client),
        nonce: text("nonce"),
        code_challenge: text("code_challenge"),
        prompt: prompt(params),
        max_age: params.get("max_age").and_then(|age| age.parse().ok()),
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        language: Language::of(params.text("ui_locales")),
    })
}

const KNOWN: [&str; 17] = [
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
    match params.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(Error::new(Code::InvalidRequest, "response_mode must be query")),
    }
}

fn openid(params: &Params, _: &Client) -> Result<(), Error> {
    if scope::contains(params.text("scope"), "openid") {
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
    let has = |value| scope::contains(params.text("prompt"), value);
    Prompt {
        none: has("none"),
        login: has("login") || has("select_account"),
        consent: has("consent"),
    }
}

fn max_age_number(params: &Params, _: &Client) -> Result<(), Error> {
    match params.get("max_age") {
        Some(age) if age.parse::<u32>().is_err() || !age.bytes().all(|b| b.is_ascii_digit()) => {
            Err(Error::new(Code::InvalidRequest, "max_age is a number of seconds"))
        }
        _ => Ok(()),
    }
}

/// What is kept until the sign-in ends must stay small, also when JSON writes a control character as six.
const BOUNDS: [(&str, usize); 4] =
    [("state", 2048), ("nonce", 2048), ("login_hint", 64), ("id_token_hint", 8192)];

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
