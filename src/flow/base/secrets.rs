//! Argon2id hashes of passwords, passcodes and answers, at the cost the process was started with.

use std::sync::{LazyLock, atomic::Ordering};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::Salt,
};

use tokio::sync::Semaphore;

use crate::{
    dice::DrawPurpose,
    flow::{Error, Realm},
    identity::{Account, Citizen, Password},
    oidc::digest::constant_time_eq,
};

/// Cost of a password hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HashCost {
    /// The smallest legal argon2id: 8 KiB, one pass, about 15 µs. Protects nothing; made for tests.
    #[default]
    Test,
    /// OWASP's minimum: 19 MiB, two passes, about 17 ms; on a blocking thread.
    Owasp,
}

impl HashCost {
    fn argon2(self) -> Argon2<'static> {
        let params = match self {
            Self::Test => Params::new(8, 1, 1, Some(32)),
            Self::Owasp => Params::new(19 * 1024, 2, 1, Some(32)),
        };
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.unwrap_or_default())
    }

    fn hash(self, secret: &str, salt: &[u8; 16]) -> Result<String, Error> {
        let salt = Salt::new(salt).map_err(|error| Error::Hash(error.to_string()))?;
        let hash = self.argon2().hash_password_with_salt(secret.as_bytes(), salt.as_ref());
        hash.map(|hash| hash.to_string()).map_err(|error| Error::Hash(error.to_string()))
    }

    fn verify(self, secret: &str, hash: &str) -> bool {
        PasswordHash::new(hash)
            .is_ok_and(|hash| self.argon2().verify_password(secret.as_bytes(), &hash).is_ok())
    }
}

static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| {
    Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get))
});

/// What somebody without a stored hash is checked against, so that every check takes one hash's time.
const NOBODY: &[u8; 16] = b"nobody has this!";

impl Realm {
    /// Hashes a secret with a salt from the dice.
    pub(crate) async fn hash(&self, secret: &str) -> Result<String, Error> {
        let salt = self.dice().bytes::<16>(DrawPurpose::Salt);
        let secret = secret.to_owned();
        self.work(move |cost| cost.hash(&secret, &salt)).await?
    }

    /// Whether `typed` is the account's password; with nobody's account it takes as long and says no.
    pub(crate) async fn is_password(
        &self,
        typed: &str,
        whose: Option<(&Citizen, &Account)>,
    ) -> Result<bool, Error> {
        let typed = typed.to_owned();
        let known = whose.map(|(_, account)| account.password.clone());
        match (known, whose) {
            (Some(Password::Hash(hash)), _) => {
                self.work(move |cost| cost.verify(&typed, &hash)).await
            }
            (Some(Password::Initial), Some((citizen, _))) => {
                let initial = citizen.initial_password();
                let right = constant_time_eq(typed.as_bytes(), initial.as_bytes());
                self.work(move |cost| cost.hash(&typed, NOBODY)).await??;
                Ok(right)
            }
            _ => {
                self.work(move |cost| cost.hash(&typed, NOBODY)).await??;
                Ok(false)
            }
        }
    }

    /// Whether `typed` is what was hashed.
    pub(crate) async fn is_hash(&self, typed: &str, hash: &str) -> Result<bool, Error> {
        let (typed, hash) = (typed.to_owned(), hash.to_owned());
        self.work(move |cost| cost.verify(&typed, &hash)).await
    }

    /// Never on an async worker above 1 MiB.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(HashCost) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.flow.hashes.fetch_add(1, Ordering::Relaxed);
        match self.flow.settings.hash_cost {
            HashCost::Test => Ok(work(HashCost::Test)),
            HashCost::Owasp => {
                // Each takes 19 MiB: no more at once than there are cores to work on them.
                let _turn = AT_ONCE.acquire().await;
                tokio::task::spawn_blocking(move || work(HashCost::Owasp))
                    .await
                    .map_err(|error| Error::Hash(error.to_string()))
            }
        }
    }
}
