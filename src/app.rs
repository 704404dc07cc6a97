//! Config → parts → router → serve: the only place that names a backend.

use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use tokio::net::TcpListener;

use crate::{
    clock::Clock,
    config::{
        Backchannel, Config, ConfigError, HashCostChoice, IdNumbers, StoreChoice, Timeouts,
        setting_error,
    },
    dice::{Dice, DrawPurpose},
    fetch::Network,
    flow::{self, Fixtures, Flow, Settings, fixtures::FixtureError},
    guests::Demo,
    home::Home,
    http::{self, HttpSettings},
    oidc::keys,
    population::Census,
    serve,
    store::{self, Backend, Store, injected::Injected, memory::Memory, sled::Sled},
};

/// The people and clients that come with the binary.
pub const DEMO: &str = include_str!("../fixtures/demo.toml");

/// How often what expired is removed.
const SWEEP: Duration = Duration::from_secs(30);

/// Why the simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The fixtures.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// The store.
    #[error("the store cannot be opened")]
    Store(#[from] store::Error),
    /// The first records.
    #[error("the simulator cannot start")]
    Flow(#[from] flow::Error),
}

/// A simulator, ready to serve.
pub struct App {
    flow: Arc<Flow>,
    router: Router,
    issuer: String,
    admin_token: Option<String>,
    timeouts: Timeouts,
}

impl App {
    /// Puts the parts together. `port` is the bound one, for the issuer that follows from it.
    pub async fn build(
        config: &Config,
        port: u16,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let backend = backend(&config.store)?(&config.store.place)?;
        Self::over(config, port, clock, backend).await
    }

    /// The same over a backend that is open already.
    pub async fn over(
        config: &Config,
        port: u16,
        clock: Arc<dyn Clock>,
        backend: Arc<dyn Backend>,
    ) -> Result<Self, StartError> {
        keys::install();
        let issuer = config.issuer.clone().unwrap_or_else(|| format!("http://localhost:{port}"));
        let chance = Dice::new(None, "", 0);
        let mut fixtures = fixtures(config)?;
        let demo = Demo::new(&issuer, &chance, &mut fixtures);
        // A simulator that others can reach, by itself or through a proxy, is never without a token.
        let alone = config.listen.ip().is_loopback() && is_loopback(&issuer);
        let settings = Settings {
            alone,
            issuer: issuer.clone(),
            seed: config.seed.clone(),
            census: census(config),
            hash_cost: match config.hash_cost {
                HashCostChoice::Test => flow::base::secrets::HashCost::Test,
                HashCostChoice::Owasp => flow::base::secrets::HashCost::Owasp,
            },
        };
        let network = Network::new(config.allow_private_fetch, config.timeouts.fetch);
        let home = Arc::new(Home::new(Arc::new(network)));
        let backend = Arc::new(Injected(backend));
        let flow =
            Flow::open(Store::new(backend), clock, fixtures, settings, Arc::clone(&home) as _)
                .await?;
        let admin_token = config
            .admin_token
            .clone()
            .or_else(|| (!alone).then(|| chance.token(DrawPurpose::Secret)));
        let doors = HttpSettings {
            admin_token: admin_token.clone(),
            dynamic_backchannel: config.backchannel == Backchannel::Dynamic,
        };
        let doors = http::router(Arc::clone(&flow), doors);
        let guests = demo.router(&doors, admin_token.as_deref(), &home);
        let router = http::finished(doors, guests);
        Ok(Self { flow, router, issuer, admin_token, timeouts: config.timeouts })
    }

    /// The issuer of the default realm.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The admin API's token in force.
    pub fn admin_token(&self) -> Option<&str> {
        self.admin_token.as_deref()
    }

    /// The use cases behind the doors.
    pub fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// Every door, for a test without a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Serves until `shutdown`, drains what is under way, and leaves everything on disk.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let janitor = tokio::spawn(sweep(Arc::clone(&self.flow)));
        let flow = Arc::clone(&self.flow);
        let shutdown = async move {
            shutdown.await;
            flow.end_waits();
        };
        serve::serve(listener, self.router, self.timeouts, shutdown).await;
        janitor.abort();
        if let Err(error) = self.flow.flush().await {
            tracing::error!(%error, "the store was not flushed");
        }
        Ok(())
    }
}

type Opener = fn(place: &str) -> Result<Arc<dyn Backend>, store::Error>;

/// How the chosen backend is opened.
pub(crate) fn backend(choice: &StoreChoice) -> Result<Opener, ConfigError> {
    match (&*choice.backend, choice.place.is_empty()) {
        ("memory", true) => Ok(|_| Ok(Arc::new(Memory::new()))),
        ("sled", false) => Ok(|directory| Ok(Arc::new(Sled::open(Path::new(directory))?))),
        _ => Err(setting_error("store", "must be memory or sled:DIR")),
    }
}

/// Whether an origin names this machine.
fn is_loopback(origin: &str) -> bool {
    let host = url::Url::parse(origin).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str()))
}

async fn sweep(flow: Arc<Flow>) {
    let mut beat = tokio::time::interval(SWEEP);
    loop {
        beat.tick().await;
        if let Err(error) = flow.sweep().await {
            tracing::warn!(%error, "sweeping failed");
        }
    }
}

/// The synthetic population of a configuration.
pub fn census(config: &Config) -> Census {
    Census {
        size: config.population,
        key: 0x6d6f_636b,
        realistic: config.id_numbers == IdNumbers::Realistic,
    }
}

/// The fixtures of a configuration, read and checked.
pub fn fixtures(config: &Config) -> Result<Fixtures, StartError> {
    let mut fixtures = Fixtures::built_in()?;
    if config.fixtures.is_empty() {
        fixtures.read(DEMO, "fixtures/demo.toml")?;
    }
    for path in &config.fixtures {
        read_path(&mut fixtures, path)?;
    }
    Ok(fixtures)
}

fn read_path(fixtures: &mut Fixtures, path: &Path) -> Result<(), StartError> {
    let unreadable = |error| ConfigError::Unreadable(path.to_owned(), error);
    if !path.is_dir() {
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        return Ok(fixtures.read(&text, &path.display().to_string())?);
    }
    for path in entries(path).map_err(unreadable)? {
        if path.extension().is_some_and(|extension| extension == "toml") {
            read_path(fixtures, &path)?;
        }
    }
    Ok(())
}

/// What a folder holds, by name.
pub(crate) fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let found = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = found.collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
