//! The verbs of a portal at the back channel.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    run_session::{Acted, ActionResult, HeldTokens, RunSession, VERIFIER},
    target::{Caller, RequestBody},
    verbs::Special,
};

impl RunSession {
    pub(crate) async fn as_portal(&mut self, special: Special, acted: &Acted) -> ActionResult {
        let held = self.held_by(acted);
        let fields = match special {
            Special::Userinfo => {
                let token = acted.or("access_token", &held.access_token);
                return self
                    .ask(Caller::Bearer(token), "GET", "/oauth2/userinfo", RequestBody::Nothing)
                    .await;
            }
            Special::Introspect | Special::Revoke => {
                let door = if special == Special::Revoke {
                    "/oauth2/revoke"
                } else {
                    "/oauth2/introspect"
                };
                let token = ("token", acted.or("token", &held.access_token));
                return self.as_client(&acted.client, door, vec![token]).await;
            }
            Special::Refresh => {
                let mut fields = vec![
                    ("grant_type", "refresh_token".to_owned()),
                    ("refresh_token", acted.or("refresh_token", &held.refresh_token)),
                ];
                fields.extend(acted.given("scope").map(|scope| ("scope", scope)));
                fields
            }
            _ => vec![
                ("grant_type", "authorization_code".to_owned()),
                ("code", acted.or("code", &held.code)),
                ("redirect_uri", acted.or("redirect_uri", &held.redirect_uri)),
                ("code_verifier", acted.or("code_verifier", VERIFIER)),
            ],
        };
        let mut answer = self.as_client(&acted.client, "/oauth2/token", fields).await?;
        if answer.refused().is_none() {
            let kept =
                |name: &str, before: &str| answer.get(name).as_str().unwrap_or(before).to_owned();
            let held = HeldTokens {
                access_token: kept("access_token", &held.access_token),
                refresh_token: kept("refresh_token", &held.refresh_token),
                id_token: kept("id_token", &held.id_token),
                ..held
            };
            let claims = payload(answer.text("id_token"));
            self.held.insert((acted.who.clone(), acted.client.clone()), held);
            answer.0.insert("claims".to_owned(), claims);
        }
        Ok(answer)
    }

    fn held_by(&self, acted: &Acted) -> HeldTokens {
        let key = (acted.who.clone(), acted.client.clone());
        self.held.get(&key).cloned().unwrap_or_default()
    }

    /// A form from a client, which proves itself as it is registered.
    async fn as_client(
        &self,
        client: &str,
        door: &str,
        fields: Vec<(&str, String)>,
    ) -> ActionResult {
        let of = |name: &str| self.vars.text(&format!("{client}.{name}"));
        let id = of("client_id")?;
        let secret = of("client_secret").unwrap_or_default();
        let method = of("token_endpoint_auth_method").unwrap_or_default();
        let mut fields: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let asker = match method.as_str() {
            "none" | "client_secret_post" => {
                fields.push(("client_id".to_owned(), id));
                if method != "none" {
                    fields.push(("client_secret".to_owned(), secret));
                }
                Caller::Anybody
            }
            _ => Caller::Client(id, secret),
        };
        self.ask(asker, "POST", door, RequestBody::Form(fields)).await
    }
}

/// The claims of a JWT, unverified: a script looks at them, and grades nobody by them.
fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
