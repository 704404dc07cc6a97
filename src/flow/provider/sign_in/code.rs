//! The code that goes back to the portal, and what it stands for.

use crate::{
    flow::{Realm, provider::forged},
    identity::IdNumber,
    oidc::{
        authorize::AuthorizationRequest,
        client::Client,
        dialect::seal::seal_for,
        digest::sha256_base64url,
        grant::{Authentication, AuthorizationCode, Grant},
        response::AuthorizationResponse,
        session::{Lifetimes, Participant},
    },
    store::Change,
};

/// What a code is given for.
#[derive(Clone, Copy)]
pub(crate) struct Giving<'a> {
    /// What the portal asked.
    pub(crate) request: &'a AuthorizationRequest,
    /// The portal.
    pub(crate) client: &'a Client,
    /// Who signed in, and how.
    pub(crate) who: &'a Authentication,
    /// In which session.
    pub(crate) sid: Option<&'a str>,
    /// The drawn code.
    pub(crate) code: &'a str,
}

pub(super) fn consent_name(client_id: &str, number: &IdNumber) -> String {
    format!("{client_id}\0{number}")
}

impl Realm {
    /// How long sessions live.
    pub(crate) fn lifetimes(&self) -> Lifetimes {
        let policy = &self.record.policy;
        let idle = i64::from(policy.session_idle_seconds);
        Lifetimes { idle, absolute: i64::from(policy.session_seconds) }
    }

    /// What a sign-in gives a client.
    pub(crate) fn granted(&self, giving: Giving<'_>) -> Grant {
        let Giving { request, client, who, sid, .. } = giving;
        let reached = who.context_class();
        Grant {
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect.uri().to_owned(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            authentication: who.clone(),
            sub: self.sub_for(client, &who.subject),
            session: sid.map(str::to_owned),
            // A sign-in that falls short of an essential class was refused before.
            acr: request.asserted(reached).unwrap_or_else(|_| reached.as_str().to_owned()),
            claims: request.claims.clone(),
            resource: request.resource.clone(),
        }
    }

    /// Writes the code into the batch; what the portal hears.
    pub(crate) fn give_code(
        &self,
        change: &mut Change,
        giving: Giving<'_>,
    ) -> AuthorizationResponse {
        let now = self.now;
        let until = now.plus_seconds(i64::from(self.record.policy.code_seconds));
        let grant = self.granted(giving);
        if let (Some(sid), Some(_)) = (giving.sid, &giving.client.backchannel_logout_uri) {
            let participant = Participant {
                client_id: grant.client_id.clone(),
                sub: grant.sub.clone(),
                citizen: Some(giving.who.number),
            };
            let name = format!("{sid}\0{}", grant.client_id);
            // As long as the session's tokens may live.
            let until = now.plus_seconds(self.lifetimes().absolute);
            change.put(name, &participant, Some(until));
        }
        let record = AuthorizationCode::Issued { grant: Box::new(grant), until };
        let code = giving.client.dialect.code(giving.code);
        change.insert(sha256_base64url(&code), &record, Some(until));
        self.trace(&giving.request.client_id, "code given");
        let (redirect, issuer) = (&giving.request.redirect, self.issuer());
        // A key that is no good was refused at registration.
        let answer = match seal_for(giving.client, code.as_bytes(), giving.code) {
            Some(sealed) => redirect.sealed(sealed, giving.client.callback_encoding, &issuer),
            None => redirect.granted(&code, &issuer),
        };
        let number = giving.who.number;
        let call = forged::whose(&giving.request.client_id, Some(number.as_str()));
        self.perhaps_bent(change, answer, &call, &code)
    }
}
