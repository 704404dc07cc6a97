//! Every setting, its default and its meaning; the only reader of the environment.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, CommandFactory as _, ValueEnum};
use serde::Deserialize;

/// Where records are kept: a backend's name, and its place. Which backends there are, `app` knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreChoice {
    /// `memory`, `sled`.
    pub backend: String,
    /// A directory, say; empty where there is none.
    pub place: String,
}

impl StoreChoice {
    /// In memory: gone when the process ends.
    pub fn memory() -> Self {
        Self { backend: "memory".to_owned(), place: String::new() }
    }

    /// In a directory of sled.
    pub fn sled(directory: &Path) -> Self {
        Self { backend: "sled".to_owned(), place: directory.display().to_string() }
    }
}

impl From<&str> for StoreChoice {
    fn from(text: &str) -> Self {
        let (backend, place) = text.split_once(':').unwrap_or((text, ""));
        Self { backend: backend.to_owned(), place: place.to_owned() }
    }
}

/// Whether the URLs that programs call follow the request's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backchannel {
    /// They begin with the issuer.
    #[default]
    Fixed,
    /// They begin with the host of the discovery request.
    Dynamic,
}

/// Cost of a password hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashCostChoice {
    /// The smallest legal argon2id.
    #[default]
    Test,
    /// OWASP's minimum.
    Owasp,
}

/// Which province codes synthetic ID numbers carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdNumbers {
    /// Codes that no province has: no number can be a living person's.
    #[default]
    Safe,
    /// Real codes: a number may be a living person's. Prints a warning.
    Realistic,
}

/// The settings as they are given; what is left out comes from the environment, the file, or the default.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// TOML file with these settings (names with underscores).
    #[arg(long, env = "MOCK_VNEID_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address to listen on; port 0 takes a free one. [default: 127.0.0.1:8080]
    #[arg(long, env = "MOCK_VNEID_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Where records are kept: memory, or sled:DIR. [default: memory]
    #[arg(long, env = "MOCK_VNEID_STORE", value_name = "STORE")]
    pub store: Option<String>,
    /// The fixed issuer, `scheme://host[:port]`; never derived from a request. [default: `http://localhost:PORT`]
    #[arg(long, env = "MOCK_VNEID_ISSUER", value_name = "URL")]
    pub issuer: Option<String>,
    /// dynamic: token, userinfo and JWKS URLs in discovery follow the request's own host. [default: fixed]
    #[arg(long, env = "MOCK_VNEID_BACKCHANNEL", value_name = "MODE")]
    pub backchannel: Option<Backchannel>,
    /// TOML file, or folder of them, with people, clients and policy; repeatable. [default: the built-in demo]
    #[arg(long, env = "MOCK_VNEID_FIXTURES", value_name = "PATH", value_delimiter = ',')]
    pub fixtures: Vec<PathBuf>,
    /// Same seed, same requests, same virtual times: same ids, codes, tokens. [default: from the OS]
    #[arg(long, env = "MOCK_VNEID_SEED", value_name = "TEXT")]
    pub seed: Option<String>,
    /// How many synthetic citizens there are, 0 to 68400000. [default: 68400000]
    #[arg(long, env = "MOCK_VNEID_POPULATION", value_name = "COUNT")]
    pub population: Option<u64>,
    /// Which province codes synthetic ID numbers carry. [default: safe]
    #[arg(long, env = "MOCK_VNEID_ID_NUMBERS", value_name = "KIND")]
    pub id_numbers: Option<IdNumbers>,
    /// Bearer token of the admin API. [default: none on loopback, elsewhere a random one, printed once]
    #[arg(long, env = "MOCK_VNEID_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
    /// Let the provider fetch clients' documents from loopback and private addresses and over http: for tests. [default: false]
    #[arg(long, env = "MOCK_VNEID_ALLOW_PRIVATE_FETCH", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub allow_private_fetch: Option<bool>,
    /// Cost of password hashes. [default: test]
    #[arg(long, env = "MOCK_VNEID_HASH_COST", value_name = "COST")]
    pub hash_cost: Option<HashCostChoice>,
    /// File that receives the bound address once the simulator answers. [default: none]
    #[arg(long, env = "MOCK_VNEID_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// What is logged, in the syntax of tracing's `EnvFilter`. [default: `warn,mock_vneid=info`]
    #[arg(long, env = "MOCK_VNEID_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// How long a peer may take (CWE-400: slow requests hold sockets and memory). Invented, and no setting of an operator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the head of a request, from the connection or from the last answer on: an idle connection too.
    pub head: Duration,
    /// For a whole body.
    pub body: Duration,
    /// For requests under way once the server is told to stop.
    pub drain: Duration,
    /// For a client's document, or for its taking a logout token.
    pub fetch: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(20),
            body: Duration::from_secs(20),
            drain: Duration::from_secs(10),
            fetch: Duration::from_secs(5),
        }
    }
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where records are kept.
    pub store: StoreChoice,
    /// The issuer, if it does not follow from the port.
    pub issuer: Option<String>,
    /// Whether back-channel URLs follow the request.
    pub backchannel: Backchannel,
    /// Fixture files and folders; empty: the built-in demo.
    pub fixtures: Vec<PathBuf>,
    /// What chance starts from.
    pub seed: Option<String>,
    /// How many synthetic citizens there are.
    pub population: u64,
    /// Which province codes they carry.
    pub id_numbers: IdNumbers,
    /// Bearer token of the admin API.
    pub admin_token: Option<String>,
    /// Whether clients' documents may come from loopback and private addresses.
    pub allow_private_fetch: bool,
    /// Cost of password hashes.
    pub hash_cost: HashCostChoice,
    /// File that receives the bound address.
    pub ready_file: Option<PathBuf>,
    /// What is logged.
    pub log: String,
    /// How long peers may take.
    pub timeouts: Timeouts,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            store: StoreChoice::memory(),
            issuer: None,
            backchannel: Backchannel::Fixed,
            fixtures: Vec::new(),
            seed: None,
            population: 68_400_000,
            id_numbers: IdNumbers::Safe,
            admin_token: None,
            allow_private_fetch: false,
            hash_cost: HashCostChoice::Test,
            ready_file: None,
            log: "warn,mock_vneid=info".to_owned(),
            timeouts: Timeouts::default(),
        }
    }
}

/// A mistake in the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is not what it should be.
    #[error("{file}:{line}: {message}")]
    File {
        /// As it was named.
        file: String,
        /// From 1.
        line: usize,
        /// Field and sentence.
        message: String,
    },
    /// A setting is out of bounds.
    #[error("{setting}: {message}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it should be.
        message: String,
    },
}

pub(crate) fn setting_error(setting: &'static str, message: impl Into<String>) -> ConfigError {
    ConfigError::Setting { setting, message: message.into() }
}

impl Options {
    /// The address to listen on where neither flag nor environment names one.
    pub(crate) fn listen_if_unset(&mut self, address: SocketAddr) {
        self.listen.get_or_insert(address);
    }

    /// The settings in force: flags and environment over the file over the defaults.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None => Self::default(),
        };
        let standard = Config::default();
        let store = self.store.or(file.store).map(|text| StoreChoice::from(&*text));
        let issuer = self.issuer.or(file.issuer).map(|text| check_issuer(&text)).transpose()?;
        let population = self.population.or(file.population).unwrap_or(standard.population);
        if population > standard.population {
            return Err(setting_error("population", "must be 0 to 68400000"));
        }
        let admin_token = self.admin_token.or(file.admin_token);
        if admin_token.as_ref().is_some_and(|token| token.len() < 8) {
            return Err(setting_error("admin_token", "must have at least 8 characters"));
        }
        let fixtures = if self.fixtures.is_empty() { file.fixtures } else { self.fixtures };
        Ok(Config {
            listen: self.listen.or(file.listen).unwrap_or(standard.listen),
            store: store.unwrap_or(standard.store),
            issuer,
            backchannel: self.backchannel.or(file.backchannel).unwrap_or_default(),
            fixtures,
            seed: self.seed.or(file.seed),
            population,
            id_numbers: self.id_numbers.or(file.id_numbers).unwrap_or_default(),
            admin_token,
            allow_private_fetch: self
                .allow_private_fetch
                .or(file.allow_private_fetch)
                .unwrap_or_default(),
            hash_cost: self.hash_cost.or(file.hash_cost).unwrap_or_default(),
            ready_file: self.ready_file.or(file.ready_file),
            log: self.log.or(file.log).unwrap_or(standard.log),
            timeouts: standard.timeouts,
        })
    }
}

fn read(path: &PathBuf) -> Result<Options, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable(path.clone(), error))?;
    toml::from_str(&text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let before = text.bytes().take(offset);
        ConfigError::File {
            file: path.display().to_string(),
            line: before.filter(|byte| *byte == b'\n').count() + 1,
            message: error.message().replace('\n', " "),
        }
    })
}

/// An origin without path, query or fragment; never a host of the government (product §8).
fn check_issuer(text: &str) -> Result<String, ConfigError> {
    let trimmed = text.trim_end_matches('/');
    let wrong =
        || setting_error("issuer", "must be scheme://host[:port], such as https://vneid.test");
    let url = url::Url::parse(trimmed).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?.trim_end_matches('.').to_ascii_lowercase();
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if !plain || !anonymous || !["http", "https"].contains(&url.scheme()) {
        return Err(wrong());
    }
    if host == "gov.vn" || host.ends_with(".gov.vn") {
        return Err(setting_error("issuer", "must not be a gov.vn host: this is a simulation"));
    }
    Ok(url.origin().ascii_serialization())
}

/// `docs/configuration.md`, from the same definition that parses.
#[expect(clippy::format_push_string, reason = "a document is written once")]
pub fn document() -> String {
    let mut out = String::from(
        "<!-- Generated from src/config.rs by `cargo run -- docs --write`; compared by tests/it/docs.rs. -->\n\
         # Configuration\n\n\
         A flag wins over the environment, the environment over the file of `--config`, the file over the default. \
         In the file a setting has the flag's name with underscores, such as `hash_cost = \"owasp\"`.\n\n\
         | flag | environment | meaning |\n|---|---|---|\n",
    );
    for argument in Standalone::command().get_arguments() {
        let (Some(flag), Some(env)) = (argument.get_long(), argument.get_env()) else { continue };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = argument
            .get_possible_values()
            .iter()
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        let choice = if values.is_empty() || values.len() > 4 {
            String::new()
        } else {
            format!(" One of {}.", values.join(", "))
        };
        let env = env.display();
        out.push_str(&format!("| `--{flag}` | `{env}` | {help}{choice} |\n"));
    }
    out
}

#[derive(clap::Parser)]
struct Standalone {
    #[command(flatten)]
    given: Options,
}
