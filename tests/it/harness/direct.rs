//! Short cuts for tests of what comes after the pages: a code or tokens by `/admin/v1/sign-ins`.

use serde_json::{Value, json};

use super::{
    Sim,
    actors::{ALL_SCOPES, Citizen, Portal},
};

/// RFC 7636 Appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its S256 challenge.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl Portal {
    fn wish(&self, citizen: Citizen, more: &Value) -> Value {
        let mut body = json!({
            "client_id": self.client_id, "citizen": citizen.number, "scope": ALL_SCOPES, "state": "s-1",
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    /// A fresh authorization code.
    pub(crate) async fn code_for(&self, sim: &Sim, citizen: Citizen, more: Value) -> String {
        let done = sim.post("/admin/v1/sign-ins", self.wish(citizen, &more)).await.status(200);
        done.json()["code"].as_str().unwrap().to_owned()
    }

    /// Fresh tokens.
    pub(crate) async fn tokens_for(&self, sim: &Sim, citizen: Citizen, more: Value) -> Value {
        let mut wish = self.wish(citizen, &more);
        wish["exchange"] = true.into();
        sim.post("/admin/v1/sign-ins", wish).await.status(200).json()
    }

    /// A fresh access token for every scope.
    pub(crate) async fn access_token_for(&self, sim: &Sim, citizen: Citizen) -> String {
        let tokens = self.tokens_for(sim, citizen, json!({})).await;
        tokens["access_token"].as_str().unwrap().to_owned()
    }
}
