//! One whole sign-in: authorize, password, OTP, token, userinfo. Five requests, all of them counted.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::wire::Wire;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its S256 challenge (RFC 7636 Appendix B).
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://portal.example/callback";

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) number: String,
    pub(crate) phone: String,
    pub(crate) password: String,
}

/// A registered relying party.
#[derive(Debug, Clone)]
pub(crate) struct Portal {
    authorize: String,
    basic: String,
}

impl Portal {
    /// Registers one by the admin API; `algorithm` signs its ID tokens.
    pub(crate) fn registered(wire: &mut impl Wire, algorithm: &str) -> Self {
        let body = format!(
            r#"{{"client_name": "Bench", "redirect_uris": ["{CALLBACK}"],
                "id_token_signed_response_alg": "{algorithm}"}}"#
        );
        let reply = wire.json("/admin/v1/clients", &body).status(201);
        let client: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        let id = client["client_id"].as_str().unwrap();
        let secret = client["client_secret"].as_str().unwrap();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", id)
            .append_pair("redirect_uri", CALLBACK)
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile phone vneid.identity")
            .append_pair("state", "af0ifjsldkj")
            .append_pair("nonce", "n-0S6_WzA2Mj")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        Self {
            authorize: format!("/oauth2/authorize?{query}"),
            basic: format!("Authorization: Basic {}", STANDARD.encode(format!("{id}:{secret}"))),
        }
    }
}

/// A sign-in under way.
pub(crate) struct SignIn<'a> {
    portal: &'a Portal,
    person: &'a Person,
    cookie: String,
    pub(crate) interaction: String,
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl<'a> SignIn<'a> {
    /// Request 1: the portal sends the browser.
    pub(crate) fn authorize(wire: &mut impl Wire, portal: &'a Portal, person: &'a Person) -> Self {
        let reply = wire.get(&portal.authorize, &[]).status(303);
        let interaction = reply.location.split_once("interaction=").unwrap().1.to_owned();
        Self { portal, person, cookie: format!("Cookie: {}", reply.cookies[0]), interaction }
    }

    /// The browser's key, as the cookie holds it.
    pub(crate) fn browser(&self) -> &str {
        self.cookie.rsplit_once('=').unwrap().1
    }

    /// Not one of the five: the page with a form, as a browser loads it; its anti-forgery field.
    pub(crate) fn page(&self, wire: &mut impl Wire, path: &str) -> String {
        let path = format!("{path}?interaction={}", self.interaction);
        let page = wire.get(&path, std::slice::from_ref(&self.cookie)).status(200).body;
        let (_, rest) = page.split_once(r#"name="form" value=""#).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    fn submit(&self, wire: &mut impl Wire, path: &str, fields: &[(&str, &str)]) -> String {
        let path = format!("{path}?interaction={}", self.interaction);
        let headers = std::slice::from_ref(&self.cookie);
        wire.form(&path, headers, &form(fields)).status(303).location
    }

    /// Request 2: number and password.
    pub(crate) fn password(&self, wire: &mut impl Wire, token: &str) {
        let person = self.person;
        let fields =
            [("form", token), ("username", &person.number), ("password", &person.password)];
        self.submit(wire, "/login", &fields);
    }

    /// Requests 3 to 5: the OTP, the code for tokens, the claims. Answers the ID token.
    pub(crate) fn finish(&self, wire: &mut impl Wire, token: &str, otp: &str) -> String {
        let back = self.submit(wire, "/login/otp", &[("form", token), ("otp", otp)]);
        let code = back.split_once("code=").unwrap().1.split('&').next().unwrap();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let basic = std::slice::from_ref(&self.portal.basic);
        let reply = wire.form("/oauth2/token", basic, &form(&fields)).status(200);
        let tokens: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        let bearer = format!("Authorization: Bearer {}", tokens["access_token"].as_str().unwrap());
        let claims = wire.get("/oauth2/userinfo", &[bearer]).status(200).body;
        assert!(claims.contains(&self.person.number), "{claims}");
        tokens["id_token"].as_str().unwrap().to_owned()
    }
}
