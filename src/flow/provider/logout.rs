//! Logout: by the portal (RP-Initiated Logout 1.0), told to the portals (Back-Channel Logout 1.0).

use std::sync::{Arc, atomic::Ordering};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    dice::DrawPurpose,
    flow::{
        Error, Realm,
        kinds::{SessionOf, Untold},
        outside::OutsideError,
        provider::{
            sign_in::{Browser, IdTokenHint},
            tokens::{oauth_error, once},
        },
        retry,
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
    store::Change,
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

/// Whether a request waits for another that is telling portals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A logout: its portals are told when it is answered.
    Waits,
    /// Any other.
    Passes,
}

/// A portal that was told, or not reached.
struct Told {
    place: usize,
    name: Box<[u8]>,
    client_id: String,
    posted: Result<(), OutsideError>,
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

/// What of a logout request's parameters may come once.
const ONCE: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
/// Longest `state`, in bytes.
const LONGEST_STATE: usize = 2048;

/// A logout request that was checked: who asks, whom it is about, and where the browser goes afterwards.
struct LogoutRequest {
    hint: Option<IdTokenHint>,
    client: Option<Arc<Client>>,
    back: Option<String>,
}

fn refused(sentence: &'static str, clause: &'static str, expected: &'static str) -> Error {
    oauth_error(Code::InvalidRequest, sentence, clause, expected)
}

impl Realm {
    /// RP-Initiated Logout §2.
    pub async fn leave(&self, params: &Params, browser: &Browser) -> Result<LogoutStep, Error> {
        let request = self.logout_request(params).await?;
        let session = self.session(browser).await?.map(|(_, session)| session);
        let own = match (&session, &request.hint, &request.client) {
            (Some(session), Some(hint), Some(client)) => {
                self.sub_for(client, &session.authentication.subject) == hint.sub
            }
            (None, ..) => true,
            _ => false,
        };
        if !own {
            return Ok(LogoutStep::Ask { form: form_of(browser) });
        }
        let mut sids: Vec<String> = request.hint.and_then(|hint| hint.sid).into_iter().collect();
        sids.extend(session.map(|session| session.sid));
        self.end_sessions(sids).await?;
        Ok(request.back.map_or(LogoutStep::Gone, LogoutStep::Portal))
    }

    /// The holder says yes, as often as the form is sent; the portal's parameters come with it.
    pub async fn leave_for_sure(
        &self,
        params: &Params,
        browser: &Browser,
    ) -> Result<LogoutStep, Error> {
        let (asked, proof) = params.text("form").split_once('.').ok_or(Error::StaleForm)?;
        if !constant_time_eq(proof.as_bytes(), proof_of(browser, asked).as_bytes()) {
            return Err(Error::StaleForm);
        }
        let request = self.logout_request(&params.without(&["form"])).await?;
        // A form of before ends the session that it was about, and no later one.
        if session_mark(browser) == asked
            && let Some((_, session)) = self.session(browser).await?
        {
            self.end_sessions(vec![session.sid]).await?;
        }
        Ok(request.back.map_or(LogoutStep::Gone, LogoutStep::Portal))
    }

    /// §2, §3: by whom the logout is asked for, as `id_token_hint` or `client_id` says, and the registered way back.
    async fn logout_request(&self, params: &Params) -> Result<LogoutRequest, Error> {
        once(params, &ONCE)?;
        if params.text("state").len() > LONGEST_STATE {
            let clause = "bounds: state of limited length";
            let expected = "state of at most 2048 bytes";
            return Err(refused("state is longer than 2048 bytes", clause, expected));
        }
        let hint = params.get("id_token_hint").and_then(|hint| self.hint(hint));
        let named = params.get("client_id");
        if let (Some(hint), Some(id)) = (&hint, named)
            && hint.aud != id
        {
            let sentence = "client_id is not the one of id_token_hint";
            let expected = "the client_id that the ID token is for";
            return Err(refused(sentence, "RP-Initiated Logout 1.0 §2", expected));
        }
        let client = match hint.as_ref().map(|hint| hint.aud.as_str()).or(named) {
            Some(id) => self.client(id).await?,
            None => None,
        };
        if client.is_none() && named.is_some() {
            let expected = "a registered client_id";
            return Err(refused("client_id is not known", "RP-Initiated Logout 1.0 §2", expected));
        }
        let back = match (params.get("post_logout_redirect_uri"), &client) {
            (Some(uri), Some(client)) => Some(way_back(params, uri, client)?),
            // §3: no redirection to where nobody says whose it is.
            _ => None,
        };
        Ok(LogoutRequest { hint, client, back })
    }

    /// Ends sessions, all in one batch: their tokens die in the same moment, and the portals that have a back channel are told.
    async fn end_sessions(&self, mut sids: Vec<String>) -> Result<(), Error> {
        sids.sort();
        sids.dedup();
        retry!(async {
            let mut change = self.change();
            for sid in &sids {
                // A session ends once, and its portals are told once.
                if !self.has_ended(sid).await? {
                    self.end_session(&mut change, sid);
                }
            }
            self.commit(change).await
        })?;
        self.tell_portals(Turn::Waits).await;
        Ok(())
    }

    /// Writes the end of a session, and that its portals are to be told.
    fn end_session(&self, change: &mut Change, sid: &str) {
        let now = self.now;
        let policy = &self.record.policy;
        // Longer than anything that came of them may live.
        let kept = policy.session_seconds.max(policy.refresh_seconds).max(policy.token_seconds);
        let until = Some(now.plus_seconds(i64::from(kept)));
        change.insert(sid, &Ended { at: now }, until);
        self.tell_later(change, &Untold::Session(sid.to_owned()));
        self.note_with(change, Event::new("session", "session ended").with("sid", sid));
    }

    /// Tells the portals of every session that ended, whatever ended it: a logout, a lock, another phone or password. What cannot
    /// be told for the store's sake stays written, and is told with the next request.
    pub(crate) async fn tell_portals(&self, turn: Turn) {
        while self.has_untold() {
            let telling = match turn {
                Turn::Waits => self.live.telling.lock().await,
                // A portal that asks something while it is told does not wait for itself.
                Turn::Passes => match self.live.telling.try_lock() {
                    Ok(telling) => telling,
                    Err(_) => return,
                },
            };
            self.live.untold.store(false, Ordering::SeqCst);
            if let Err(error) = self.tell_all().await {
                self.live.untold.store(true, Ordering::SeqCst);
                tracing::warn!(%error, "portals were not told of an end; the next request tries again");
                return;
            }
            drop(telling);
        }
    }

    async fn tell_all(&self) -> Result<(), Error> {
        loop {
            let found = self.scan::<Untold>(b"", None, 64).await?;
            if found.is_empty() {
                return Ok(());
            }
            for (_, untold) in found {
                match &untold {
                    Untold::Account(number) => self.end_sessions_of(number).await?,
                    Untold::Session(sid) => self.tell_of_end(sid).await?,
                }
                let mut change = self.change();
                change.delete::<Untold>(untold.name());
                self.commit(change).await?;
            }
        }
    }

    /// Ends every session of a person whose account began another epoch. A sign-in of the new epoch is not ended.
    async fn end_sessions_of(&self, number: &IdNumber) -> Result<(), Error> {
        let prefix = format!("{number}\0");
        let sessions = self.scan::<SessionOf>(prefix.as_bytes(), None, usize::MAX).await?;
        let epoch = self.load_account(number).await?.map(|held| held.account.epoch);
        retry!(async {
            let mut change = self.change();
            for (name, SessionOf { sid, epoch: begun }) in &sessions {
                if Some(*begun) == epoch {
                    continue;
                }
                change.delete::<SessionOf>(name);
                if !self.has_ended(sid).await? {
                    self.end_session(&mut change, sid);
                }
            }
            self.commit(change).await
        })
    }

    /// Back-Channel Logout §2.5: all at once, each within the time bound of the network; who does not answer was told.
    async fn tell_of_end(&self, sid: &str) -> Result<(), Error> {
        let prefix = format!("{sid}\0");
        let found = self.scan::<Participant>(prefix.as_bytes(), None, usize::MAX);
        let mut posts = tokio::task::JoinSet::new();
        for (place, (name, participant)) in found.await?.into_iter().enumerate() {
            let Some(client) = self.client(&participant.client_id).await? else { continue };
            let Some(uri) = client.backchannel_logout_uri.clone() else { continue };
            let token = self.logout_token(&client, &participant, sid)?;
            let body = params::append("", &[("logout_token", Some(&token))]);
            let outside = Arc::clone(&self.flow.outside);
            posts.spawn(async move {
                let posted = outside.post_form(&uri, body.trim_start_matches('?').to_owned()).await;
                Told { place, name, client_id: client.client_id.clone(), posted }
            });
        }
        let mut told = posts.join_all().await;
        told.sort_by_key(|it| it.place);
        let mut change = self.change();
        for Told { name, client_id, posted, .. } in told {
            // Whoever was told is not told again, whatever becomes of the others.
            change.delete::<Participant>(name);
            let event = match posted {
                Ok(()) => Event::new("session", "logout token taken"),
                Err(error) => {
                    tracing::warn!(client_id, %error, "a logout token was not taken");
                    let text = format!("logout token not taken: {error}");
                    Event::new("session", text).with("error", error.code())
                }
            };
            self.note_with(&mut change, event.of_client(&client_id).with("sid", sid));
        }
        self.commit(change).await
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

/// RP-Initiated Logout §3: an address that the client registered, character for character, with the request's `state`.
fn way_back(params: &Params, uri: &str, client: &Client) -> Result<String, Error> {
    if !client.post_logout_redirect_uris.iter().any(|registered| registered == uri) {
        let sentence = "post_logout_redirect_uri is not, character for character, registered";
        let expected = "one of the client's post_logout_redirect_uris";
        return Err(refused(sentence, "RP-Initiated Logout 1.0 §3", expected));
    }
    let plain = client.dialect.has_plain_state();
    let state = if plain { params.plain_state() } else { params.get("state") };
    Ok(params::append(uri, &[("state", state)]))
}

/// Stands for the browser's session, if it has one.
fn session_mark(browser: &Browser) -> String {
    sha256_base64url(format!("session {}", browser.session.as_deref().unwrap_or_default()))
}

/// The anti-forgery field: which session was asked about, and what only this browser's page can know of it, since another site
/// cannot read the cookies.
fn form_of(browser: &Browser) -> String {
    let asked = session_mark(browser);
    format!("{asked}.{}", proof_of(browser, &asked))
}

fn proof_of(browser: &Browser, asked: &str) -> String {
    sha256_base64url(format!("logout {} {asked}", browser.key))
}
