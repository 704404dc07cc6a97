//! Who it is: by the session, by a hint, by the realm's short cut; and who may sign in at all.

use super::Browser;
use crate::{
    clock::Stamp,
    flow::{
        Error, Realm,
        holder::may_enter::{card_allows, may_enter},
    },
    identity::{Account, IdNumber, Level},
    oidc::{
        authorize::AuthorizationRequest,
        digest::sha256_base64url,
        error::{self, Code},
        grant::{Authentication, Method},
        session::Session,
    },
};

/// What is read of an ID token that comes back.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct IdTokenHint {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) sid: Option<String>,
}

impl Realm {
    /// The `sub` that the request wants: of an `id_token_hint`, which is one of ours whatever its age, or of `claims`
    /// (OIDC Core §3.1.2.1, §5.5.1).
    pub(super) fn hinted(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Option<String>, error::Error> {
        let Some(hint) = &request.id_token_hint else { return Ok(request.claims.sub.clone()) };
        match self.hint(hint) {
            Some(hint) if hint.aud == request.client_id => Ok(Some(hint.sub)),
            _ => {
                let error = error::Error::new(Code::InvalidRequest, "id_token_hint is not valid");
                Err(error
                    .by("OIDC Core §3.1.2.1: id_token_hint is an ID token of ours for this client")
                    .expecting("an ID token that this provider gave this client, of any age"))
            }
        }
    }

    /// An ID token of this realm, of any age.
    pub(crate) fn hint(&self, token: &str) -> Option<IdTokenHint> {
        let hint = self.keys().verify_hint::<IdTokenHint>(token).ok()?;
        (hint.iss == self.issuer()).then_some(hint)
    }

    /// The session of this browser, if nothing ended it, and the name of its record.
    pub(crate) async fn session(
        &self,
        browser: &Browser,
    ) -> Result<Option<(String, Session)>, Error> {
        let now = self.now;
        let Some(cookie) = &browser.session else { return Ok(None) };
        let name = sha256_base64url(cookie);
        let Some(found) = self.get::<Session>(&name).await? else {
            return Ok(None);
        };
        let mut session = found.record;
        if self.has_ended(&session.sid).await? {
            return Ok(None);
        }
        let alive = self.token_holder(&session.authentication).await?;
        let today = now.day();
        let alive = alive.filter(|holding| {
            // Decree 69/2024 Art. 14.2: every use of a child's or ward's account is consented to, so a session of before
            // answers nothing.
            !holding.citizen.kind_on(today).is_represented()
                && card_allows(&holding.citizen, now).is_ok()
        });
        // The level may have risen since.
        Ok(alive.map(|holding| {
            session.authentication.level = holding.level;
            (name, session)
        }))
    }

    /// The realm's short cut: `login_hint` signs in, under the same rules.
    pub(super) async fn automatic(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Option<Authentication>, Error> {
        let hint = request.login_hint.as_deref().and_then(|hint| IdNumber::parse(hint).ok());
        let Some(number) = hint else { return Ok(None) };
        match self.authenticated(&number, None).await {
            Ok(who) => Ok(Some(who)),
            Err(Error::Refused(_) | Error::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The authentication of somebody who passed password and OTP, if the account may sign in at all.
    pub(crate) async fn authenticated(
        &self,
        number: &IdNumber,
        representative: Option<&IdNumber>,
    ) -> Result<Authentication, Error> {
        let now = self.now;
        let held = self.load_known_account(number).await?;
        let level = may_enter(&held, now)?;
        self.is_represented(&held, representative).await?;
        Ok(authentication(&held.account, level, self.stamp()))
    }
}

pub(super) fn authentication(account: &Account, level: Level, now: Stamp) -> Authentication {
    Authentication {
        number: account.number,
        subject: account.subject.clone(),
        level,
        at: now,
        methods: vec![Method::Pwd, Method::Otp, Method::Sms],
        epoch: account.epoch,
        acting: None,
    }
}
