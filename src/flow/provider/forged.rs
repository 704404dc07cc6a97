//! What the realm's faults make of tokens, claims, keys, metadata and answers.

use std::{borrow::Cow, sync::Arc};

use serde_json::{Map, Value, json};

use crate::{
    faults::{
        Call, FaultEffect,
        menu::{CallbackFault, KeysFault},
    },
    flow::{Error, Realm, base::faults::FaultHits},
    oidc::{
        client::Client,
        digest::base64url,
        forge::{self, Forge, Forgery, OTHER_ISSUER},
        keys::{Algorithm, KeyRing},
        response::AuthorizationResponse,
    },
    store::Change,
};

/// Most clients whose last code is remembered.
const REMEMBERED: usize = 256;

/// Which token is asked about.
pub(crate) fn id_token(effect: FaultEffect) -> Option<Forgery> {
    if let FaultEffect::IdToken(forgery) = effect { Some(forgery) } else { None }
}

/// Which token is asked about.
pub(crate) fn access_token(effect: FaultEffect) -> Option<Forgery> {
    if let FaultEffect::AccessToken(forgery) = effect { Some(forgery) } else { None }
}

/// Which token is asked about.
pub(crate) fn logout_token(effect: FaultEffect) -> Option<Forgery> {
    if let FaultEffect::LogoutToken(forgery) = effect { Some(forgery) } else { None }
}

/// Whose token or claims.
pub(crate) fn whose<'a>(client_id: &'a str, citizen: Option<&'a str>) -> Call<'a> {
    Call { client_id: Some(client_id), citizen, ..Call::default() }
}

impl Realm {
    /// The token, or what a fault makes of it.
    pub(crate) fn perhaps_forged(
        &self,
        token: String,
        which: fn(FaultEffect) -> Option<Forgery>,
        client: &Client,
        citizen: Option<&str>,
    ) -> Result<(String, FaultHits), Error> {
        let now = self.stamp();
        let call = whose(&client.client_id, citizen);
        let algorithm = client.id_token_signed_response_alg;
        let forge = Forge { keys: self.keys().at(now.at), algorithm, now: now.wire };
        let (struck, strikes) = self.matching_faults(&call, which, usize::MAX);
        let mut struck = struck.into_iter();
        let forged = struck.try_fold(token, |token, (how, _)| forge.forge(&token, how))?;
        Ok((forged, strikes))
    }

    /// Lets faults change the claims of userinfo.
    pub(crate) fn bend_claims(
        &self,
        claims: &mut Map<String, Value>,
        client_id: &str,
        citizen: &str,
    ) {
        let call = whose(client_id, Some(citizen));
        let wanted =
            |effect| if let FaultEffect::Userinfo(how) = effect { Some(how) } else { None };
        for (how, _) in self.matching_faults_now(&call, wanted, usize::MAX) {
            forge::change(claims, how, self.stamp().wire);
        }
    }

    /// The JWK set as it is published.
    pub fn published_keys(&self) -> Result<Cow<'static, str>, Error> {
        let keys = self.keys().at(self.now);
        let wanted = |effect| if let FaultEffect::Keys(how) = effect { Some(how) } else { None };
        let sound = keys.jwks()?;
        Ok(match self.matching_faults_now(&Call::default(), wanted, 1).pop() {
            None => sound,
            Some((KeysFault::Empty, _)) => Cow::Borrowed("{\"keys\":[]}"),
            Some((KeysFault::Others, _)) => keys.foreign_ring().jwks()?.into(),
            Some((KeysFault::Duplicate, _)) => doubled(keys.ring(), keys.foreign_ring())?.into(),
        })
    }

    /// The metadata as they are published.
    pub fn published_metadata(&self, mut metadata: Value) -> Value {
        let wanted = |effect| matches!(effect, FaultEffect::Discovery).then_some(());
        if !self.matching_faults_now(&Call::default(), wanted, 1).is_empty() {
            metadata["issuer"] = OTHER_ISSUER.into();
        }
        metadata
    }

    /// The answer to the portal, or what a fault makes of it.
    pub(crate) fn perhaps_bent(
        &self,
        change: &mut Change,
        mut answer: AuthorizationResponse,
        call: &Call<'_>,
        code: &str,
    ) -> AuthorizationResponse {
        let client_id = call.client_id.unwrap_or_default();
        let before = self.live.last_codes.lock().get(client_id).cloned();
        let (live, client, own) = (Arc::clone(&self.live), client_id.to_owned(), code.to_owned());
        change.afterwards(move || {
            let mut last = live.last_codes.lock();
            if last.len() >= REMEMBERED && !last.contains_key(&client) {
                last.clear();
            }
            last.insert(client, own);
        });
        // What is not in the answer cannot be bent: such a rule waits for one that has it.
        let names: Vec<Cow<'static, str>> =
            answer.pairs.iter().chain(&answer.raw).map(|(name, _)| name.clone()).collect();
        let wanted =
            |effect| match effect {
                FaultEffect::Callback(
                    CallbackFault::Without(name) | CallbackFault::Other(name),
                ) if names.iter().all(|it| it != name) => None,
                FaultEffect::Callback(how) => Some(how),
                _ => None,
            };
        let (struck, strikes) = self.matching_faults(call, wanted, usize::MAX);
        Self::keep_hits_with(change, strikes);
        for (how, rule) in struck {
            match how {
                CallbackFault::Without(name) => without(&mut answer, name),
                CallbackFault::Other(name) => set(&mut answer, name, &other(name)),
                CallbackFault::Replayed => {
                    set(&mut answer, "code", &before.clone().unwrap_or_else(|| other("code")));
                }
                CallbackFault::Twice => {
                    answer.pairs.extend(answer.pairs.clone());
                    answer.raw.extend(answer.raw.clone());
                }
                CallbackFault::Error => {
                    without(&mut answer, "code");
                    without(&mut answer, "encrypt_key");
                    let error = rule.error.clone().unwrap_or_else(|| "access_denied".to_owned());
                    answer.pairs.insert(0, ("error".into(), error));
                    let text = "a fault of the realm's rules".to_owned();
                    answer.pairs.insert(1, ("error_description".into(), text));
                }
            }
        }
        answer
    }
}

fn other(name: &str) -> String {
    if name == "iss" { OTHER_ISSUER.to_owned() } else { base64url([0x5a; 32]) }
}

fn without(answer: &mut AuthorizationResponse, name: &str) {
    answer.pairs.retain(|(given, _)| *given != name);
    answer.raw.retain(|(given, _)| *given != name);
}

fn set(answer: &mut AuthorizationResponse, name: &str, value: &str) {
    let all = answer.pairs.iter_mut().chain(answer.raw.iter_mut());
    for (given, old) in all {
        if given == name {
            value.clone_into(old);
        }
    }
}

/// Each key after another one of the same name and kind.
fn doubled(own: &KeyRing, foreign: &KeyRing) -> Result<String, Error> {
    let mut keys = Vec::new();
    for algorithm in Algorithm::ALL.iter().copied() {
        let mut wrong = json!(foreign.jwk(algorithm)?);
        wrong["kid"] = own.kid(algorithm)?.into();
        keys.push(wrong);
        keys.push(json!(own.jwk(algorithm)?));
    }
    Ok(json!({ "keys": keys }).to_string())
}
