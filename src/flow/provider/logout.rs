//! Logout: by the portal (RP-Initiated Logout 1.0), told to the portals (Back-Channel Logout 1.0).

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    dice::DrawPurpose,
    flow::{
        Error, Realm,
        provider::{
            sign_in::{Browser, IdTokenHint},
            tokens::{oauth_error, once},
        },
    },
    identity::IdNumber,
    journal::Event,
    oidc::{
        client::Client,
        digest::{constant_time_eq, sha256_base64url},
        error::Code,
        params::{self, Params},
        session::{Ended, Participant},
    },
};

/// Seconds a logout token is good for (Back-Channel Logout §2.4 recommends two minutes at most).
const TOKEN_SECONDS: i64 = 120;
/// The event of a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Where a logout request leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutStep {
    /// Back to the portal, signed out.
    Portal(String),
    /// To the page that says so.
    Gone,
    /// To the page that asks first: nobody signs somebody else out by a link.
    Ask {
        /// What the form must carry.
        form: String,
    },
}

#[derive(Serialize)]
struct LogoutToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    sid: &'a str,
    events: Value,
    vneid_mock: bool,
}

impl Realm {
    /// RP-Initiated Logout §2.
    pub async fn leave(&self, params: &Params, browser: &Browser) -> Result<LogoutStep, Error> {
        const TWICE: [&str; 4] =
            ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
        once(params, &TWICE)?;
        if params.text("state").len() > 2048 {
            let clause = "bounds: state of limited length";
            return Err(oauth_error(
                Code::InvalidRequest,
                "state is longer than 2048 bytes",
                clause,
            ));
        }
        let hint = params.get("id_token_hint").and_then(|hint| self.hint(hint));
        let client = match &hint {
            Some(hint) => self.client(&hint.aud).await?,
            None => None,
        };
        if let (Some(hint), Some(id)) = (&hint, params.get("client_id"))
            && hint.aud != id
        {
            let sentence = "client_id is not the one of id_token_hint";
            return Err(oauth_error(Code::InvalidRequest, sentence, "RP-Initiated Logout 1.0 §2"));
        }
        let back = match (params.get("post_logout_redirect_uri"), &client) {
            (Some(uri), Some(client)) => {
                if !client.post_logout_redirect_uris.iter().any(|registered| registered == uri) {
                    let sentence =
                        "post_logout_redirect_uri is not, character for character, registered";
                    return Err(oauth_error(
                        Code::InvalidRequest,
                        sentence,
                        "RP-Initiated Logout 1.0 §3",
                    ));
                }
                let plain = client.dialect.has_plain_state();
                let state = if plain { params.plain_state() } else { params.get("state") };
                Some(params::append(uri, &[("state", state)]))
            }
            // §3: no redirection without a hint that says who asks.
            _ => None,
        };
        let session = self.session(browser).await?.map(|(_, session)| session);
        let own = match (&session, &hint, &client) {
            (Some(session), Some(hint), Some(client)) => {
                self.sub_for(client, &session.authentication.subject) == hint.sub
            }
            (None, ..) => true,
            _ => false,
        };
        if !own {
            return Ok(LogoutStep::Ask { form: form_of(browser) });
        }
        let mut sids: Vec<String> =
            hint.and_then(|hint: IdTokenHint| hint.sid).into_iter().collect();
        sids.extend(session.map(|session| session.sid));
        sids.sort();
        sids.dedup();
        self.end_sessions(&sids).await?;
        Ok(back.map_or(LogoutStep::Gone, LogoutStep::Portal))
    }

    /// The holder says yes.
    pub async fn leave_for_sure(&self, form: &str, browser: &Browser) -> Result<LogoutStep, Error> {
        if !constant_time_eq(form.as_bytes(), form_of(browser).as_bytes()) {
            return Err(Error::StaleForm);
        }
        if let Some((_, session)) = self.session(browser).await? {
            self.end_sessions(&[session.sid]).await?;
        }
        Ok(LogoutStep::Gone)
    }

    /// Ends sessions: their tokens die in the same moment, and the portals that have a back channel are told.
    async fn end_sessions(&self, sids: &[String]) -> Result<(), Error> {
        let now = self.now;
        let policy = &self.record.policy;
        // Longer than anything that came of them may live.
        let kept = policy.session_seconds.max(policy.refresh_seconds).max(policy.token_seconds);
        let until = Some(now.plus_seconds(i64::from(kept)));
        for sid in sids {
            let mut change = self.change();
            change.insert(sid, &Ended { at: now }, until);
            match self.store().commit(change).await {
                // A session ends once, and its portals are told once.
                Err(crate::store::Error::Conflict) => {}
                other => {
                    other?;
                    self.note(Event::new("session", "session ended").with("sid", sid.as_str()));
                    self.tell_portals(sid).await?;
                }
            }
        }
        Ok(())
    }

    /// Back-Channel Logout §2.5: all at once, each within the time bound of the network; who does not answer was told.
    async fn tell_portals(&self, sid: &str) -> Result<(), Error> {
        let prefix = format!("{sid}\0");
        let found = self.scan::<Participant>(prefix.as_bytes(), None, usize::MAX);
        let mut posts = tokio::task::JoinSet::new();
        for (place, (_, participant)) in found.await?.into_iter().enumerate() {
            let Some(client) = self.client(&participant.client_id).await? else { continue };
            let Some(uri) = client.backchannel_logout_uri.clone() else { continue };
            let token = self.logout_token(&client, &participant, sid)?;
            let body = params::append("", &[("logout_token", Some(&token))]);
            let outside = std::sync::Arc::clone(&self.flow.outside);
            posts.spawn(async move {
                let posted = outside.post_form(&uri, body.trim_start_matches('?').to_owned()).await;
                (place, client.client_id.clone(), posted)
            });
        }
        let mut posted = posts.join_all().await;
        posted.sort_by_key(|(place, ..)| *place);
        for (_, client_id, posted) in posted {
            let event = match posted {
                Ok(()) => Event::new("session", "logout token taken"),
                Err(error) => {
                    tracing::warn!(client_id, %error, "a logout token was not taken");
                    let text = format!("logout token not taken: {error}");
                    Event::new("session", text).with("error", error.code())
                }
            };
            self.note(event.of_client(&client_id).with("sid", sid));
        }
        Ok(())
    }

    /// Back-Channel Logout §2.4: never a `nonce`, and a `typ` that no ID token has.
    fn logout_token(
        &self,
        client: &Client,
        participant: &Participant,
        sid: &str,
    ) -> Result<String, Error> {
        let now = self.stamp();
        let issuer = self.issuer();
        let claims = LogoutToken {
            iss: &issuer,
            sub: &participant.sub,
            aud: &client.client_id,
            iat: now.wire.numeric_date(),
            exp: now.wire.plus_seconds(TOKEN_SECONDS).numeric_date(),
            jti: self.dice().token(DrawPurpose::Id),
            sid,
            events: json!({ EVENT: {} }),
            vneid_mock: true,
        };
        let citizen = participant.citizen.as_ref().map(IdNumber::as_str);
        let algorithm = client.id_token_signed_response_alg;
        let token = self.keys().at(now.at).sign(algorithm, Some("logout+jwt"), &claims)?;
        let (token, strikes) = self.perhaps_forged(
            token,
            crate::flow::provider::forged::logout_token,
            client,
            citizen,
        )?;
        strikes.keep();
        Ok(token)
    }
}

/// What only this browser's page can know: another site cannot read the cookie.
fn form_of(browser: &Browser) -> String {
    sha256_base64url(format!("logout {}", browser.session.as_deref().unwrap_or_default()))
}
