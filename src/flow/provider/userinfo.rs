//! The claims behind an access token, as they are now.

use serde_json::{Map, Value};

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm},
    oidc::{
        dialect::{
            Dialect,
            seal::{Sealed, seal_for},
        },
        error::{self, Code},
        keys::Algorithm,
        scopes::{self, ClaimRequest, contains},
    },
};

/// The answer of userinfo.
#[derive(Debug)]
pub enum Userinfo {
    /// Plain claims.
    Json(Map<String, Value>),
    /// A signed JWT (OIDC Core §5.3.2).
    Jwt(String),
    /// Sealed for a partner (facts §4.3).
    Sealed(Sealed),
}

impl Realm {
    /// OIDC Core §5.3. The profile may have changed since the sign-in; `sub` has not.
    pub async fn userinfo(&self, bearer: &str) -> Result<Userinfo, Error> {
        let now = self.now;
        let live = self.live_token(bearer).await?.ok_or_else(|| {
            let sentence = "the access token is unknown, expired or revoked";
            let error = error::Error::new(Code::InvalidToken, sentence);
            error.by("RFC 6750 §3.1: invalid_token").expecting(
                "an access token that lives: not expired, not revoked, of a session and an account that live",
            )
        })?;
        let person = live.token.grant.as_ref().zip(live.holding);
        let Some((grant, mut holding)) =
            person.filter(|(grant, _)| contains(&grant.scope, "openid"))
        else {
            let sentence = "userinfo needs the scope openid";
            let error = error::Error::new(Code::InsufficientScope, sentence);
            let error = error.by("OIDC Core §5.3, RFC 6750 §3.1");
            return Err(error.expecting("a token of a person with the scope openid").into());
        };
        let (client, citizen) = (&grant.client_id, grant.authentication.number.as_str());
        let tables = &self.flow.fixtures.dialects;
        match live.client.dialect {
            Dialect::Oidc | Dialect::Bca => {}
            // Whatever the scope: integrators ask for `openid` alone (facts §4.1).
            Dialect::Dvcqg => {
                let mut claims = tables.dvcqg.fill(&holding.holder(now), grant);
                self.bend_claims(&mut claims, client, citizen);
                return Ok(Userinfo::Json(claims));
            }
            Dialect::Partner => {
                let mut claims = tables.partner.fill(&holding.holder(now), grant);
                self.bend_claims(&mut claims, client, citizen);
                let plain = serde_json::to_vec(&claims).unwrap_or_default();
                let sealed = seal_for(&live.client, &plain, &self.dice().token(DrawPurpose::Id));
                return Ok(sealed.map_or(Userinfo::Json(claims), Userinfo::Sealed));
            }
        }
        let needed = scopes::needed(&grant.scope, &grant.claims.userinfo);
        self.load_claims(&mut holding, needed).await?;
        let asked = ClaimRequest {
            scope: &grant.scope,
            by_name: &grant.claims.userinfo,
            allowed: &live.client.scope,
        };
        let mut claims = scopes::userinfo(&holding.holder(now), &grant.sub, asked);
        self.bend_claims(&mut claims, client, citizen);
        match live.client.userinfo_signed_response_alg {
            None => Ok(Userinfo::Json(claims)),
            Some(algorithm) => self.signed(claims, &grant.client_id, algorithm),
        }
    }

    /// OIDC Core §5.3.2: with `iss` and `aud`.
    fn signed(
        &self,
        mut claims: Map<String, Value>,
        client_id: &str,
        algorithm: Algorithm,
    ) -> Result<Userinfo, Error> {
        claims.insert("iss".to_owned(), self.issuer().into());
        claims.insert("aud".to_owned(), client_id.into());
        Ok(Userinfo::Jwt(self.keys().at(self.now).sign(algorithm, None, &claims)?))
    }
}
