//! Dynamic registration: a client registers, reads, changes and removes itself (RFC 7591, RFC 7592), where a realm lets it.

use std::sync::Arc;

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm, provider::tokens::oauth_error},
    identity::{invalid::Invalid, secret::Secret},
    oidc::{
        client::{Client, Metadata},
        digest::{constant_time_eq, sha256_base64url},
        error::{self, Code},
    },
};

/// Most clients a realm lets register.
const MOST: usize = 1000;

/// A client that registered itself.
#[derive(Debug)]
pub struct Registered {
    /// The client.
    pub client: Arc<Client>,
    /// Its secret, shown this once.
    pub secret: Option<Secret>,
    /// Its registration access token, shown this once (RFC 7592 §3).
    pub token: Option<Secret>,
}

fn refused_metadata(invalid: &Invalid) -> Error {
    // RFC 7591 §3.2.2 has a code for the redirect URIs and one for the rest.
    let code = match invalid.field {
        "redirect_uris" => Code::InvalidRedirectUri,
        _ => Code::InvalidClientMetadata,
    };
    let sentence = format!("{} {}", invalid.field, invalid.message);
    // The message says what must be.
    let error = error::Error::said(code, &sentence).by("RFC 7591 §2, §3.2.2");
    error.expecting(sentence).into()
}

impl Realm {
    fn may_register(&self) -> Result<(), Error> {
        if self.record.policy.dynamic_registration {
            Ok(())
        } else {
            Err(Error::Missing(
                "registration endpoint: the realm's policy has no dynamic_registration",
            ))
        }
    }

    /// RFC 7591 §3.1.
    pub async fn register_client(&self, metadata: Metadata) -> Result<Registered, Error> {
        self.may_register()?;
        let mut client = metadata.into_client().map_err(|it| refused_metadata(&it))?;
        client.client_id = self.dice().token(DrawPurpose::Id).chars().take(28).collect();
        client.check().map_err(|it| refused_metadata(&it))?;
        self.check_sector(&client).await?;
        let all = self.clients(None, usize::MAX).await?;
        let own = all.iter().filter(|client| client.registration_token_hash.is_some());
        if own.count() >= MOST {
            return Err(Error::Limit("1000 clients that registered themselves"));
        }
        let token = self.dice().token(DrawPurpose::Secret);
        client.registration_token_hash = Some(sha256_base64url(&token));
        let (client, secret) = self.create_client(client, None).await?;
        Ok(Registered { client: Arc::new(client), secret, token: Some(token.into()) })
    }

    /// The client that holds this registration access token (RFC 7592 §2).
    pub async fn registered_client(&self, id: &str, token: &str) -> Result<Arc<Client>, Error> {
        self.may_register()?;
        let refused = || {
            let sentence = "the registration access token is not the client's";
            oauth_error(Code::InvalidToken, sentence, "RFC 7592 §2: registration access token",
                "the registration_access_token that this client was given",
            )
        };
        let client = self.client(id).await?.ok_or_else(refused)?;
        let hash = client.registration_token_hash.as_deref().ok_or_else(refused)?;
        let right = constant_time_eq(sha256_base64url(token).as_bytes(), hash.as_bytes());
        if right { Ok(client) } else { Err(refused()) }
    }

    /// RFC 7592 §2.2: the whole metadata again; its id, secret and token stay.
    pub async fn change_registration(
        &self,
        old: &Client,
        metadata: Metadata,
    ) -> Result<Registered, Error> {
        if metadata.client_id.as_ref().is_none_or(|id| *id != old.client_id) {
            let sentence = "client_id is not the registered one";
            return Err(oauth_error(
                Code::InvalidClientMetadata,
                sentence,
                "RFC 7592 §2.2",
                "the client_id of the path",
            ));
        }
        if let Some(secret) = &metadata.client_secret {
            let hash = sha256_base64url(secret.reveal());
            let same = old.secret_hash.as_ref().is_some_and(|old| *old == hash);
            if !same {
                let sentence = "client_secret is not chosen by the client";
                let expected = "the secret that it has, or none";
                return Err(oauth_error(
                    Code::InvalidClientMetadata,
                    sentence,
                    "RFC 7592 §2.2",
                    expected,
                ));
            }
        }
        let client = metadata.into_client().map_err(|it| refused_metadata(&it))?;
        client.check().map_err(|it| refused_metadata(&it))?;
        self.check_sector(&client).await?;
        let needs = client.token_endpoint_auth_method.has_secret();
        // Another method may need a secret that the client never had.
        let secret: Option<Secret> = (needs && old.secret_hash.is_none())
            .then(|| self.dice().token(DrawPurpose::Secret).into());
        let client = self.update_client(client, secret.clone()).await?;
        Ok(Registered { client: Arc::new(client), secret, token: None })
    }

    /// OIDC Core §8.1, Registration §5: the document names every redirect URI.
    async fn check_sector(&self, client: &Client) -> Result<(), Error> {
        let Some(uri) = &client.sector_identifier_uri else { return Ok(()) };
        let clause = "OIDC Registration 1.0 §5: sector_identifier_uri";
        let bad = |sentence| {
            let expected = "a JSON array with every redirect URI at this address";
            oauth_error(Code::InvalidClientMetadata, sentence, clause, expected)
        };
        let document = self.flow.outside.get(uri).await;
        let document = document.map_err(|_| bad("sector_identifier_uri cannot be fetched"))?;
        let listed: Vec<String> = serde_json::from_slice(&document)
            .map_err(|_| bad("sector_identifier_uri gives no JSON array of strings"))?;
        if client.redirect_uris.iter().all(|uri| listed.contains(uri)) {
            Ok(())
        } else {
            Err(bad("sector_identifier_uri does not list every redirect URI"))
        }
    }
}
