//! Clients: built in by fixtures, or registered, changed and deleted by the admin API.

use std::sync::Arc;

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, invalid, kinds::StoredClient, retry},
    identity::secret::Secret,
    oidc::{
        client::{AuthMethod, Client},
        digest::sha256_base64url,
        grant::{AccessToken, AuthorizationCode, Consented},
        refresh::RefreshFamily,
    },
    store::records::Record,
};

impl Realm {
    /// The client of this id.
    pub async fn client(&self, id: &str) -> Result<Option<Arc<Client>>, Error> {
        if id.len() > 128 {
            return Ok(None);
        }
        let stored = self.shared::<StoredClient>(id).await?;
        Ok(match stored {
            Some(found) => found.0.clone(),
            None => self.flow.fixtures.clients.get(id).cloned(),
        })
    }

    /// Clients by id, after `after`, at most `limit`.
    pub async fn clients(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Arc<Client>>, Error> {
        let stored = self.scan::<StoredClient>(b"", None, usize::MAX).await?;
        let mut all = self.flow.fixtures.clients.clone();
        for (name, client) in stored {
            let name = String::from_utf8_lossy(&name).into_owned();
            match client.0 {
                Some(client) => all.insert(name, client),
                None => all.remove(&name),
            };
        }
        let wanted =
            |client: &Arc<Client>| after.is_none_or(|after| client.client_id.as_str() > after);
        Ok(all.into_values().filter(wanted).take(limit).collect())
    }

    /// Registers a client; answers its secret, which is never shown again.
    pub async fn create_client(
        &self,
        mut client: Client,
        secret: Option<Secret>,
    ) -> Result<(Client, Option<Secret>), Error> {
        if client.client_id.is_empty() {
            client.client_id = self.dice().token(DrawPurpose::Id).chars().take(28).collect();
        }
        let needs = client.token_endpoint_auth_method.has_secret();
        let secret = match (needs, secret) {
            (false, Some(_)) => {
                return Err(invalid("client_secret", "is not used by clients of this method"));
            }
            (false, None) => None,
            (true, Some(secret)) => Some(checked(secret)?),
            (true, None) => Some(self.dice().token(DrawPurpose::Secret).into()),
        };
        keep(&mut client, secret.as_ref());
        client.check()?;
        let id = &client.client_id;
        // A deletion may have been cut off before everything of the old client was gone.
        if self.was_deleted(id).await? {
            self.drop_all_of(id).await?;
        }
        self.write_client(id, Some(&client), Presence::Absent).await?;
        Ok((client, secret))
    }

    /// Creates a client under its id or changes the one that is there; whether it was created, and its secret if one was made.
    pub async fn put_client(
        &self,
        client: Client,
        secret: Option<Secret>,
    ) -> Result<(Client, Option<Secret>, bool), Error> {
        if self.client(&client.client_id).await?.is_none() {
            match self.create_client(client.clone(), secret.clone()).await {
                Ok((client, secret)) => return Ok((client, secret, true)),
                // Another request created it meanwhile.
                Err(Error::Exists(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((self.update_client(client, secret).await?, None, false))
    }

    /// Changes a client under its id; the secret stays unless a new one is given.
    pub async fn update_client(
        &self,
        mut client: Client,
        secret: Option<Secret>,
    ) -> Result<Client, Error> {
        let old = self.client(&client.client_id).await?.ok_or(Error::Missing("client"))?;
        let method = client.token_endpoint_auth_method;
        match (method.has_secret(), secret) {
            (false, Some(_)) => {
                return Err(invalid("client_secret", "is not used by clients of this method"));
            }
            (false, None) => {}
            (true, Some(secret)) => keep(&mut client, Some(&checked(secret)?)),
            // An HMAC needs the secret itself, which is kept for that method alone.
            (true, None)
                if old.secret_hash.is_none()
                    || (method == AuthMethod::ClientSecretJwt && old.secret.is_none()) =>
            {
                return Err(invalid(
                    "client_secret",
                    "is required: the client had none of this kind",
                ));
            }
            (true, None) => {
                client.secret_hash.clone_from(&old.secret_hash);
                if method == AuthMethod::ClientSecretJwt {
                    client.secret.clone_from(&old.secret);
                }
            }
        }
        client.registration_token_hash.clone_from(&old.registration_token_hash);
        client.check()?;
        self.write_client(&client.client_id, Some(&client), Presence::Present).await?;
        Ok(client)
    }

    /// Whether there was a client of this id.
    async fn was_deleted(&self, id: &str) -> Result<bool, Error> {
        let stored = self.get::<StoredClient>(id).await?;
        Ok(stored.is_some_and(|found| found.record.0.is_none()))
    }

    /// Deletes a client and invalidates its tokens.
    pub async fn delete_client(&self, id: &str) -> Result<(), Error> {
        self.write_client(id, None, Presence::Present).await?;
        self.drop_all_of(id).await
    }

    /// Another client may take the id one day: it inherits nothing.
    async fn drop_all_of(&self, id: &str) -> Result<(), Error> {
        self.drop_of::<AccessToken>(b"", |token| token.client_id == id).await?;
        self.drop_of::<AuthorizationCode>(b"", |code| match code {
            AuthorizationCode::Issued { grant, .. } => grant.client_id == id,
            AuthorizationCode::Redeemed { client_id, .. } => client_id == id,
            AuthorizationCode::Replayed => false,
        })
        .await?;
        self.drop_of::<RefreshFamily>(b"", |family| family.grant.client_id == id).await?;
        let consents = format!("{id}\0");
        self.drop_of::<Consented>(consents.as_bytes(), |_| true).await
    }

    /// Deletes the records beneath `prefix` that `mine` picks, page by page.
    async fn drop_of<R: Record + Send>(
        &self,
        prefix: &[u8],
        mine: impl Fn(&R) -> bool + Send + Sync,
    ) -> Result<(), Error> {
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.scan::<R>(prefix, after.as_deref(), 256).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.to_vec());
            let mut change = self.change();
            for (name, _) in page.iter().filter(|(_, record)| mine(record)) {
                change.delete::<R>(name);
            }
            self.store().commit(change).await?;
        }
    }

    /// Writes a client, or the mark that it was deleted, where there is none or one as wanted.
    async fn write_client(
        &self,
        id: &str,
        client: Option<&Client>,
        wanted: Presence,
    ) -> Result<(), Error> {
        retry!(async {
            let stored = self.get::<StoredClient>(id).await?;
            let there = match &stored {
                Some(found) => found.record.0.is_some(),
                None => self.flow.fixtures.clients.contains_key(id),
            };
            match (there, wanted) {
                (true, Presence::Absent) => return Err(Error::Exists("client")),
                (false, Presence::Present) => return Err(Error::Missing("client")),
                _ => {}
            }
            let mut change = self.change();
            let record = StoredClient(client.cloned().map(Arc::new));
            change.write_over(id, stored.map(|found| found.version), &record, None);
            self.commit(change).await
        })
    }
}

/// Keeps the hash of a secret, and the secret itself where an HMAC is made with it.
fn keep(client: &mut Client, secret: Option<&Secret>) {
    client.secret_hash = secret.map(|it| sha256_base64url(it.reveal()));
    let hmac = client.token_endpoint_auth_method == AuthMethod::ClientSecretJwt;
    client.secret = secret.filter(|_| hmac).cloned();
}

/// Whether a client must be there before it is written.
#[derive(Debug, Clone, Copy)]
enum Presence {
    Absent,
    Present,
}

fn checked(secret: Secret) -> Result<Secret, Error> {
    let text = secret.reveal();
    let visible = text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    if (16..=256).contains(&text.len()) && visible {
        Ok(secret)
    } else {
        Err(invalid("client_secret", "must be 16 to 256 visible ASCII characters"))
    }
}
