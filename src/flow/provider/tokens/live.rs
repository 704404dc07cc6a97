//! Whether a token is alive: its record, its client, its family, its session, and the holder behind it.

use std::sync::Arc;

use crate::{
    clock::Timestamp,
    flow::{Error, Realm},
    identity::{
        Account, Citizen, IdNumber, Level, Organisation, Papers, Subject, life::Standing,
        organisation::Role,
    },
    oidc::{
        client::Client,
        digest::sha256_base64url,
        grant::{AccessToken, Acting, Authentication, Grant},
        refresh::RefreshFamily,
        scopes::{self, ClaimsHolder, Loads, Scope},
        session::Ended,
    },
};

/// The holder behind a token, if nothing has ended the sign-in since.
#[derive(Debug)]
pub struct TokenHolder {
    pub(crate) citizen: Citizen,
    pub(crate) account: Account,
    pub(crate) level: Level,
    pub(crate) organisation: Option<(Organisation, Role)>,
    pub(crate) papers: Papers,
    pub(crate) dependants: Vec<Citizen>,
}

impl TokenHolder {
    pub(crate) fn holder(&self, at: Timestamp) -> ClaimsHolder<'_> {
        ClaimsHolder {
            citizen: &self.citizen,
            account: &self.account,
            level: self.level,
            organisation: self.organisation.as_ref(),
            papers: &self.papers,
            dependants: &self.dependants,
            today: at.day(),
        }
    }
}

/// An access token in force, with what stands behind it.
pub(crate) struct LiveToken {
    pub(crate) token: AccessToken,
    pub(crate) client: Arc<Client>,
    /// The holder; none where a client calls for itself.
    pub(crate) holding: Option<TokenHolder>,
}

/// A token is stored under its hash: who reads the store holds no token.
pub(crate) fn name_of(token: &str) -> String {
    sha256_base64url(token)
}

impl Realm {
    /// In what role somebody may act for an organisation now.
    pub(crate) async fn acting(
        &self,
        person: &IdNumber,
        organisation: &IdNumber,
    ) -> Result<Option<Acting>, Error> {
        let choices = self.acts_for_organisations(person).await?;
        let Some((_, role)) = choices.into_iter().find(|(it, _)| it.number == *organisation) else {
            return Ok(None);
        };
        let epoch = self.load_known_account(organisation).await?.account.epoch;
        Ok(Some(Acting { organisation: *organisation, role, epoch }))
    }

    /// The access token behind this text, if nothing has ended it.
    pub(crate) async fn live_token(&self, text: &str) -> Result<Option<LiveToken>, Error> {
        let found = self.get::<AccessToken>(name_of(text)).await?;
        let Some(token) = found.map(|found| found.record) else { return Ok(None) };
        let Some(client) = self.client(&token.client_id).await? else { return Ok(None) };
        let Some(grant) = &token.grant else {
            return Ok(Some(LiveToken { token, client, holding: None }));
        };
        if let Some(family) = &token.family {
            let family = self.get::<RefreshFamily>(family).await?;
            if family.is_none_or(|family| family.record.revoked) {
                return Ok(None);
            }
        }
        if let Some(sid) = grant.bound_to()
            && self.has_ended(sid).await?
        {
            return Ok(None);
        }
        let Some(holding) = self.token_holder(&grant.authentication).await? else {
            return Ok(None);
        };
        Ok(Some(LiveToken { token, client, holding: Some(holding) }))
    }

    /// Whether somebody logged out of this session.
    pub(crate) async fn has_ended(&self, sid: &str) -> Result<bool, Error> {
        Ok(self.get::<Ended>(sid).await?.is_some())
    }

    /// Loads what the claims of these scopes are made of.
    pub(crate) async fn load_claims(
        &self,
        holding: &mut TokenHolder,
        scopes: impl Iterator<Item = &'static Scope>,
    ) -> Result<(), Error> {
        let (mut papers, mut dependants) = (false, false);
        for scope in scopes.filter(|scope| scope.level <= holding.level) {
            papers |= scope.loads == Loads::Papers;
            dependants |= scope.loads == Loads::Dependants;
        }
        if papers {
            holding.papers = self.papers(&holding.citizen);
        }
        if dependants {
            holding.dependants = self.dependants(&holding.citizen.number).await?;
        }
        Ok(())
    }

    /// The same for an ID token, where claims of these scopes are asked for by name.
    pub(crate) async fn load_for_id_token(
        &self,
        holding: &mut TokenHolder,
        grant: &Grant,
    ) -> Result<(), Error> {
        self.load_claims(holding, scopes::needed("", &grant.claims.id_token)).await
    }

    /// The holder, if nothing has ended the sign-in since: no lock, no new epoch.
    pub(crate) async fn token_holder(
        &self,
        authentication: &Authentication,
    ) -> Result<Option<TokenHolder>, Error> {
        let Some(held) = self.load_account(&authentication.number).await? else { return Ok(None) };
        let account = held.account;
        // A lawful lock begins a new epoch. A temporary one does not: it stops new sign-ins, and does not
        // end those that were right before it.
        if account.epoch != authentication.epoch {
            return Ok(None);
        }
        let Some(Standing::Active { level, .. }) = account.life.state.standing() else {
            return Ok(None);
        };
        let Subject::Person(citizen) = held.subject else { return Ok(None) };
        let organisation = match &authentication.acting {
            None => None,
            // Whoever no longer acts for the organisation, or whose organisation is locked, is signed out.
            Some(before) => {
                let now_acting = self.acting(&authentication.number, &before.organisation).await?;
                if now_acting.as_ref() != Some(before) {
                    return Ok(None);
                }
                Some((self.organisation(&before.organisation).await?, before.role))
            }
        };
        Ok(Some(TokenHolder {
            citizen: *citizen,
            account,
            level,
            organisation,
            papers: Papers::default(),
            dependants: Vec::new(),
        }))
    }
}
