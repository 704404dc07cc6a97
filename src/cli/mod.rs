//! `serve` · `run` · `gauntlet` · `exec` · `check` · `citizen` · `openapi` · `readyz` · `docs`.

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{
    app::{self, App},
    clock::SystemClock,
    config::{Config, IdNumbers, Options},
    http,
    identity::lifecycle,
    population::Country,
    telemetry,
};

mod citizen;

/// A simulator of VNeID, Viet Nam's national e-ID, for tests. It is not VNeID.
#[derive(Debug, Parser)]
#[command(name = "mock-vneid", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<CliCommand>,
    #[command(flatten)]
    serve: Options,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serve (the default command).
    Serve(Box<Options>),
    /// Check configuration and fixtures; says file, line and field of a mistake.
    Check(Box<Options>),
    /// Print a synthetic person or organisation: by number, in a situation, or the next one like this.
    Citizen(Box<citizen::CitizenArguments>),
    /// Run a command with a fresh simulator in its environment (`MOCK_VNEID_URL`, `MOCK_VNEID_ISSUER`, and
    /// `MOCK_VNEID_ADMIN_TOKEN` where there is one), on a free port unless one is named; exits as the command does.
    Exec {
        #[command(flatten)]
        given: Box<Options>,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Play scenarios, each in a realm of its own; exits with 0 if everything came as expected.
    #[cfg(feature = "scenarios")]
    Run(Box<crate::play::PlayArguments>),
    /// Drive your own application through the menu of faults, over its real login, and grade what it does; exits with 0 if it
    /// comes through.
    #[cfg(feature = "gauntlet")]
    Gauntlet(Box<crate::gauntlet::GauntletPlan>),
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

/// Runs a command; 0 = done, 1 = failed.
pub fn run(arguments: Arguments) -> ExitCode {
    let done = |()| ExitCode::SUCCESS;
    let ended = match arguments.command {
        None => serve(arguments.serve).map(done),
        Some(CliCommand::Serve(given)) => serve(*given).map(done),
        Some(CliCommand::Check(given)) => check(*given).map(done),
        Some(CliCommand::Citizen(wanted)) => citizen::print_one(&wanted).map(done),
        Some(CliCommand::Exec { given, command }) => exec(*given, &command),
        #[cfg(feature = "scenarios")]
        Some(CliCommand::Run(played)) => play(*played),
        #[cfg(feature = "gauntlet")]
        Some(CliCommand::Gauntlet(plan)) => gauntlet(&plan),
        Some(CliCommand::Openapi) => openapi().and_then(|text| print(&text)).map(done),
        Some(CliCommand::Readyz { listen }) => readyz(listen).map(done),
        Some(CliCommand::Docs { write }) => docs(write.as_deref()).map(done),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            // Nobody reads a closed standard error.
            drop(writeln!(std::io::stderr(), "mock-vneid: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        // Whoever reads no further has what was wanted.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

#[tokio::main]
async fn exec(given: Options, command: &[String]) -> anyhow::Result<ExitCode> {
    crate::exec::run(given, command).await
}

#[cfg(feature = "scenarios")]
#[tokio::main]
async fn play(played: crate::play::PlayArguments) -> anyhow::Result<ExitCode> {
    crate::play::run(played).await
}

#[cfg(feature = "gauntlet")]
#[tokio::main]
async fn gauntlet(plan: &crate::gauntlet::GauntletPlan) -> anyhow::Result<ExitCode> {
    // Before its first word: who reads it may stop it at once.
    let stop = told_to_stop()?;
    crate::play::gauntlet(plan, stop).await
}

#[tokio::main]
async fn serve(given: Options) -> anyhow::Result<()> {
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
         listening    {bound}\n",
        env!("CARGO_PKG_VERSION"),
    );
    if cfg!(feature = "demo") {
        writeln!(text, "demo portal  {issuer}/demo\nSMS inbox    {issuer}/phone")?;
    }
    let document = if cfg!(feature = "viewer") { "docs" } else { "openapi.json" };
    writeln!(text, "console      {issuer}/console\nadmin API    {issuer}/admin/{document}")?;
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

fn check(given: Options) -> anyhow::Result<()> {
    let config = given.resolve()?;
    app::backend(&config.store)?;
    let people = app::fixtures(&config)?.stories().count();
    Country::new(app::census(&config))?;
    print(&format!("ok: configuration, {people} named citizens"))
}

fn openapi() -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(http::api_document())?;
    Ok(text + "\n")
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
        ("docs/errors.md", crate::http::codes::document()),
        ("docs/claims.md", crate::oidc::scopes::document()),
        ("docs/configuration.md", crate::config::document()),
        ("docs/openapi.json", openapi()?),
        #[cfg(feature = "scenarios")]
        ("docs/scenario-verbs.md", crate::scenario::document()),
        #[cfg(feature = "scenarios")]
        (
            "fixtures/scenario.schema.json",
            serde_json::to_string_pretty(&crate::scenario::schema())? + "\n",
        ),
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
