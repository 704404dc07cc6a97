//! `serve` · `check` · `citizen` · `openapi` · `readyz` · `docs`.

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{
    app::{self, App},
    clock::{Clock as _, SystemClock},
    config::{Config, Given, IdNumbers},
    http,
    identity::{Citizen, IdNumber, lifecycle},
    population::{Country, Initial, Like},
    telemetry,
};

/// A simulator of VNeID, Viet Nam's national e-ID, for tests. It is not VNeID.
#[derive(Debug, Parser)]
#[command(name = "mock-vneid", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Given,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default command).
    Serve(Box<Given>),
    /// Check configuration and fixtures; says file, line and field of a mistake.
    Check(Box<Given>),
    /// Print a synthetic citizen: by number, or the next one like this.
    Citizen(Box<Wish>),
    /// Print the `OpenAPI` document.
    Openapi,
    /// Ask a running simulator whether it is ready; for health checks.
    Readyz {
        /// Its address.
        #[arg(long, env = "MOCK_VNEID_LISTEN", default_value = "127.0.0.1:8080")]
        listen: std::net::SocketAddr,
    },
    /// Print or write the generated documents.
    #[command(hide = true)]
    Docs {
        /// Write them beneath this folder.
        #[arg(long, num_args = 0..=1, default_missing_value = ".")]
        write: Option<PathBuf>,
    },
}

/// Which synthetic citizen.
#[derive(Debug, clap::Args)]
struct Wish {
    /// 12 digits.
    number: Option<String>,
    /// Account level: 1 or 2.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=2))]
    level: Option<u8>,
    /// Account state on the first day: active or `activation_overdue`.
    #[arg(long, value_parser = ["active", "activation_overdue"])]
    state: Option<String>,
    /// male or female.
    #[arg(long, value_parser = ["male", "female"])]
    gender: Option<String>,
    /// Year of birth.
    #[arg(long)]
    birth_year: Option<u16>,
    /// Current province of residence, a two-digit code.
    #[arg(long)]
    province: Option<u8>,
    /// How many to pass over.
    #[arg(long, default_value_t = 0)]
    skip: u64,
    #[command(flatten)]
    given: Given,
}

/// Runs a command; 0 = done, 1 = failed.
pub fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        None => serve(arguments.serve),
        Some(Command::Serve(given)) => serve(*given),
        Some(Command::Check(given)) => check(*given),
        Some(Command::Citizen(wish)) => citizen(&wish),
        Some(Command::Openapi) => openapi().and_then(|text| print(&text)),
        Some(Command::Readyz { listen }) => readyz(listen),
        Some(Command::Docs { write }) => docs(write.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody reads a closed standard error.
            drop(writeln!(std::io::stderr(), "mock-vneid: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(out.flush()?)
}

#[tokio::main]
async fn serve(given: Given) -> anyhow::Result<()> {
    let config = given.resolve()?;
    telemetry::start(&config.log).map_err(anyhow::Error::msg)?;
    // Before anybody is told that it runs: who starts it may stop it at once.
    let stop = told_to_stop()?;
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let bound = listener.local_addr()?;
    let app = App::build(&config, bound.port(), Arc::new(SystemClock)).await?;
    print(&greeting(&config, &app, bound)?)?;
    if let Some(file) = &config.ready_file {
        std::fs::write(file, format!("{bound}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    app.serve(listener, stop).await.context("serving failed")
}

/// What a newcomer needs, on one screen.
fn greeting(config: &Config, app: &App, bound: std::net::SocketAddr) -> anyhow::Result<String> {
    use std::fmt::Write as _;
    let issuer = app.issuer();
    let mut text = format!(
        "mock-vneid {} · MÔ PHỎNG, không phải VNeID · a simulation, not VNeID\n\n\
         issuer       {issuer}\n\
         listening    {bound}\n\
         demo portal  {issuer}/demo\n\
         SMS inbox    {issuer}/phone\n\
         admin API    {issuer}/admin/docs\n",
        env!("CARGO_PKG_VERSION"),
    );
    if config.admin_token.is_none()
        && let Some(token) = app.admin_token()
    {
        writeln!(text, "admin token  {token}  (made for this run, not shown again)")?;
    }
    if config.id_numbers == IdNumbers::Realistic {
        text.push_str(
            "\nWARNING: --id-numbers realistic: ID numbers carry real province codes and may be living persons'.\n",
        );
    }
    text.push_str("\nsign in as\n");
    for (number, name, story) in app.flow().fixtures.active().take(3) {
        writeln!(text, "  {number}  {}  {name} — {story}", number.initial_password())?;
    }
    Ok(text)
}

/// Listens for the signals from now on; the future ends with the first.
#[cfg(unix)]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Listens for Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

fn check(given: Given) -> anyhow::Result<()> {
    let config = given.resolve()?;
    let people = app::fixtures(&config)?.stories().count();
    Country::new(app::census(&config))?;
    print(&format!("ok: configuration, {people} named citizens"))
}

fn openapi() -> anyhow::Result<String> {
    let text = http::api_document().to_pretty_json()?;
    Ok(text + "\n")
}

fn citizen(wish: &Wish) -> anyhow::Result<()> {
    let config = wish.given.clone().resolve()?;
    let country = Country::new(app::census(&config))?;
    let index = match &wish.number {
        Some(number) => country.index_of(&IdNumber::parse(number)?),
        None => like(wish, &country),
    };
    let index = index.context("no synthetic citizen like this")?;
    let citizen = country.citizen(index).context("no synthetic citizen like this")?;
    let initial = country.initial(index).context("no synthetic citizen like this")?;
    print(&serde_json::to_string_pretty(&described(&citizen, initial))?)
}

fn state_of(initial: Initial) -> &'static str {
    if initial.activated { "active" } else { "activation_overdue" }
}

/// The first after `skip` whose level and state fit; each try is an equal chance, so few are needed.
fn like(wish: &Wish, country: &Country) -> Option<u64> {
    use crate::identity::Gender;
    let search = Like {
        province: wish.province.map(u16::from),
        birth_years: wish.birth_year.map(|year| year..=year),
        gender: wish.gender.as_deref().map(|gender| match gender {
            "male" => Gender::Male,
            _ => Gender::Female,
        }),
    };
    let fits = |initial: Initial| {
        wish.level.is_none_or(|level| level == initial.level)
            && wish.state.as_deref().is_none_or(|state| state == state_of(initial))
    };
    (wish.skip..wish.skip.saturating_add(10_000))
        .filter_map(|pick| country.sample(&search, pick))
        .find(|index| country.initial(*index).is_some_and(fits))
}

fn described(citizen: &Citizen, initial: Initial) -> serde_json::Value {
    serde_json::json!({
        "number": citizen.number,
        "password": citizen.initial_password(),
        "phone": citizen.phone,
        "email": citizen.email,
        "level": initial.level,
        "state": state_of(initial),
        "full_name": citizen.full_name,
        "birth_date": citizen.birth_date,
        "gender": citizen.gender,
        "residence": citizen.residence.to_string(),
        "card": citizen.card.as_ref().map(|card| serde_json::json!({
            "issued": card.issued, "expires": card.expires,
            "status": card.status(SystemClock.now().day()),
        })),
        "synthetic": true,
    })
}

/// A plain HTTP/1.0 request: the image needs no curl.
fn readyz(address: std::net::SocketAddr) -> anyhow::Result<()> {
    use std::io::Read as _;
    let limit = std::time::Duration::from_secs(3);
    let mut stream = std::net::TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    anyhow::ensure!(answer.starts_with("HTTP/1.0 200"), "not ready");
    print("ready")
}

/// The generated documents: path, text.
pub fn documents() -> anyhow::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("docs/lifecycle.md", lifecycle::document()),
        ("docs/regimes.md", lifecycle::regimes_document()),
        ("docs/configuration.md", crate::config::document()),
        ("docs/openapi.json", openapi()?),
    ])
}

fn docs(write: Option<&std::path::Path>) -> anyhow::Result<()> {
    for (path, text) in documents()? {
        match write {
            Some(folder) => std::fs::write(folder.join(path), text)?,
            None => print(&text)?,
        }
    }
    Ok(())
}
