//! `refresh_token`: new tokens for an old one, which is used up by it (RFC 6749 §6, RFC 9700 §4.14).

use super::{Issuance, oauth_error, targets};
use crate::{
    flow::{Error, Realm, retry},
    oidc::{
        client::Client,
        digest::sha256_base64url,
        error::{self, Code},
        grant::Grant,
        params::Params,
        refresh::{RefreshFamily, RefreshOutcome},
        scopes::contains,
        token::Tokens,
    },
    store::records::Loaded,
};

/// Family and secret in one text.
pub(super) fn token(family: &str, secret: &str) -> String {
    format!("{family}.{secret}")
}

/// The family and the hash of the secret, if the text has the shape of a refresh token.
pub(super) fn parts(token: &str) -> Option<(&str, String)> {
    let (family, secret) = token.split_once('.')?;
    (family.len() == 22 && secret.len() == 43).then(|| (family, sha256_base64url(secret)))
}

fn unknown() -> Error {
    let clause = "RFC 6749 §6, RFC 9700 §4.14: a refresh token is used once, by its own client";
    oauth_error(
        Code::InvalidGrant,
        "the refresh token is unknown, expired, revoked or used",
        clause,
        "the refresh token that this client was given last, of a family that lives",
    )
}

impl Realm {
    pub(super) async fn exchange_refresh(
        &self,
        client: &Client,
        params: &Params,
    ) -> Result<Tokens, Error> {
        let Some(presented) = params.get("refresh_token") else {
            return Err(oauth_error(
                Code::InvalidRequest,
                "refresh_token is missing",
                "RFC 6749 §6",
                "the refresh_token that was given last",
            ));
        };
        let (family, hash) = parts(presented).ok_or_else(unknown)?;
        let drawn = self.generate();
        retry!(async {
            let name = family;
            let scope = params.get("scope");

            let found = self.get::<RefreshFamily>(name).await?;
            let Loaded { record, version } = found.ok_or_else(unknown)?;
            if record.grant.client_id != client.client_id {
                return Err(unknown());
            }
            let granted = narrowed(&record.grant, scope)?;
            let next = sha256_base64url(&drawn.refresh);
            let grace = i64::from(self.record.policy.refresh_grace_seconds);
            let (family, outcome) = record.rotate(&hash, &next, grace, self.now);
            let mut change = self.change();
            change.replace(name, version, &family, Some(family.until.at));
            match outcome {
                RefreshOutcome::Unknown => Err(unknown()),
                RefreshOutcome::Replayed => {
                    self.store().commit(change).await?;
                    Err(unknown())
                }
                RefreshOutcome::Rotated => {
                    let holding = self.token_holder(&granted.authentication).await?;
                    let mut holding = holding.ok_or_else(unknown)?;
                    self.load_for_id_token(&mut holding, &granted).await?;
                    let family = Some(name.to_owned());
                    let audience = targets(params, client, &granted.resource)?;
                    let (grant, holding, audience) = (&granted, &holding, &audience);
                    let issuance = Issuance { client, grant, holding, drawn: &drawn, audience };
                    let mut tokens = self.issue_access_token(&mut change, issuance, family)?;
                    tokens.refresh_token = Some(token(name, &drawn.refresh).into());
                    self.store().commit(change).await?;
                    Ok(tokens)
                }
            }
        })
    }
}

/// RFC 6749 §6: the same scope or less; what the family stands for does not change.
fn narrowed(grant: &Grant, scope: Option<&str>) -> Result<Grant, Error> {
    let Some(asked) = scope else { return Ok(grant.clone()) };
    let asked: Vec<&str> = asked.split(' ').filter(|token| !token.is_empty()).collect();
    if let Some(more) = asked.iter().find(|token| !contains(&grant.scope, token)) {
        let sentence = format!("the scope {more} was not granted");
        let error = error::Error::said(Code::InvalidScope, &sentence);
        let error = error.by("RFC 6749 §6: no scope beyond the grant");
        return Err(error.expecting(format!("scopes of the grant: {}", grant.scope)).into());
    }
    let kept = grant.scope.split(' ').filter(|token| asked.contains(token));
    Ok(Grant { scope: kept.collect::<Vec<_>>().join(" "), ..grant.clone() })
}
