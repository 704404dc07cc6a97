//! `serve` · `run` · `gauntlet` · `exec` · `check` · `citizen` · `openapi` · `readyz` · `docs`.

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use jiff::civil::Date;

use crate::{
    app::{self, App},
    clock::{Clock as _, SystemClock},
    config::{Config, Given, IdNumbers},
    http,
    identity::{
        Gender, HolderKind, IdNumber, PaperKind, lifecycle,
        lock::LockReason,
        wanted::{StateName, WantedCard},
    },
    population::{Country, Found, InitialState, Like, OrganisationLike, Situation, situations},
    scenario, telemetry,
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
    /// Print a synthetic person or organisation: by number, in a situation, or the next one like this.
    Citizen(Box<Wanted>),
    /// Run a command with a fresh simulator in its environment (`MOCK_VNEID_URL`, `MOCK_VNEID_ISSUER`, and
    /// `MOCK_VNEID_ADMIN_TOKEN` where there is one), on a free port unless one is named; exits as the command does.
    Exec {
        #[command(flatten)]
        given: Box<Given>,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Play scenarios, each in a realm of its own; exits with 0 if everything came as expected.
    Run(Box<crate::play::Played>),
    /// Drive your own application through the menu of faults, over its real login, and grade what it does; exits with 0 if it
    /// comes through.
    Gauntlet(Box<crate::gauntlet::Plan>),
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

/// Which synthetic person or organisation.
#[derive(Debug, clap::Args)]
struct Wanted {
    /// 12 digits, of a person or an organisation.
    number: Option<String>,
    /// List the situations that `--situation` knows.
    #[arg(long)]
    situations: bool,
    /// Somebody in a named situation.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kind", "level", "state", "reason", "card", "papers"])]
    situation: Option<String>,
    /// Kind of holder, such as child, ward, foreigner, organisation. [default: citizen]
    #[arg(long, value_parser = word::<HolderKind>)]
    kind: Option<HolderKind>,
    /// Account level: 1 or 2.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=2))]
    level: Option<u8>,
    /// Account state on the first day, such as active or `activation_overdue`.
    #[arg(long, value_parser = word::<StateName>)]
    state: Option<StateName>,
    /// Why the account is locked, such as `card_revoked`.
    #[arg(long, value_parser = word::<LockReason>)]
    reason: Option<LockReason>,
    /// male or female.
    #[arg(long, value_parser = word::<Gender>)]
    gender: Option<Gender>,
    /// Year of birth.
    #[arg(long)]
    birth_year: Option<u16>,
    /// Current province of residence, a two-digit code.
    #[arg(long)]
    province: Option<u8>,
    /// The card today: valid, expiring, expired, lost or none.
    #[arg(long, value_parser = word::<WantedCard>)]
    card: Option<WantedCard>,
    /// Papers to hold, such as `driving,social_insurance`.
    #[arg(long, value_delimiter = ',', value_parser = word::<PaperKind>)]
    papers: Vec<PaperKind>,
    /// How many to pass over.
    #[arg(long, default_value_t = 0)]
    skip: u64,
    #[command(flatten)]
    given: Given,
}

/// A word as documents write it.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// Runs a command; 0 = done, 1 = failed.
pub fn run(arguments: Arguments) -> ExitCode {
    let done = |()| ExitCode::SUCCESS;
    let ended = match arguments.command {
        None => serve(arguments.serve).map(done),
        Some(Command::Serve(given)) => serve(*given).map(done),
        Some(Command::Check(given)) => check(*given).map(done),
        Some(Command::Citizen(wanted)) => citizen(&wanted).map(done),
        Some(Command::Exec { given, command }) => exec(*given, &command),
        Some(Command::Run(played)) => play(*played),
        Some(Command::Gauntlet(plan)) => gauntlet(&plan),
        Some(Command::Openapi) => openapi().and_then(|text| print(&text)).map(done),
        Some(Command::Readyz { listen }) => readyz(listen).map(done),
        Some(Command::Docs { write }) => docs(write.as_deref()).map(done),
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
async fn exec(given: Given, command: &[String]) -> anyhow::Result<ExitCode> {
    crate::exec::run(given, command).await
}

#[tokio::main]
async fn play(played: crate::play::Played) -> anyhow::Result<ExitCode> {
    crate::play::run(played).await
}

#[tokio::main]
async fn gauntlet(plan: &crate::gauntlet::Plan) -> anyhow::Result<ExitCode> {
    crate::play::gauntlet(plan).await
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
         console      {issuer}/console\n\
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

fn citizen(wanted: &Wanted) -> anyhow::Result<()> {
    if wanted.situations {
        let lines = situations().iter().map(|one| format!("{:42} {}", one.name, one.story));
        return print(&lines.collect::<Vec<_>>().join("\n"));
    }
    let config = wanted.given.clone().resolve()?;
    let country = Country::new(app::census(&config))?;
    let today = SystemClock.now().day();
    let described = match found(wanted, &country, today)? {
        Found::Person(index) => person(&country, index, today),
        Found::Organisation(index) => organisation(&country, index),
        Found::Nobody { looked_at, everyone: true } => {
            anyhow::bail!(
                "no synthetic citizen like this: everyone in question ({looked_at}) was looked at"
            )
        }
        Found::Nobody { looked_at, everyone: false } => anyhow::bail!(
            "no synthetic citizen like this among {looked_at} looked at, which is not everyone: try --skip or fewer wishes"
        ),
    };
    print(&serde_json::to_string_pretty(&described.context("no synthetic citizen like this")?)?)
}

/// By number, by situation, or by wishes.
fn found(wanted: &Wanted, country: &Country, today: Date) -> anyhow::Result<Found> {
    if let Some(number) = &wanted.number {
        let number = IdNumber::parse(number)?;
        let person = country.index_of(&number).map(Found::Person);
        let organisation = || country.organisation_index(&number).map(Found::Organisation);
        return person.or_else(organisation).context(
            "no synthetic citizen has this number; those of fixtures are at /admin/v1/accounts/NUMBER of a running simulator",
        );
    }
    if let Some(name) = &wanted.situation {
        let situation = Situation::by_name(name)
            .with_context(|| format!("no situation {name}: --situations lists them"))?;
        return Ok(country.find(situation, today, wanted.skip));
    }
    let Wanted { level, state, reason, gender, province, card, kind, .. } = *wanted;
    if kind == Some(HolderKind::Organisation) {
        let like = OrganisationLike { state, reason, province, ..OrganisationLike::default() };
        return Ok(country.search_organisations(&like, wanted.skip));
    }
    let birth_years = wanted.birth_year.map(|year| year..=year);
    let papers = wanted.papers.clone();
    let like = Like {
        kind,
        level,
        state,
        reason,
        gender,
        birth_years,
        province,
        card,
        papers,
        ..Like::default()
    };
    Ok(country.search(&like, today, wanted.skip))
}

fn person(country: &Country, index: u64, today: Date) -> Option<serde_json::Value> {
    let citizen = country.citizen(index)?;
    let initial = country.initial(index)?;
    let employer = country.employer_of(index).and_then(|employer| country.organisation(employer));
    let represents = country.represents(index).and_then(|at| country.organisation_number(at));
    Some(serde_json::json!({
        "number": citizen.number,
        "kind": citizen.kind_on(today),
        "password": citizen.initial_password(),
        "phone": citizen.phone,
        "email": citizen.email,
        "level": initial.level,
        "state": initial.state.name(),
        "reason": initial.state.reason(),
        "upgrade_approved": initial.state == InitialState::UpgradeApproved,
        "full_name": citizen.full_name,
        "birth_date": citizen.birth_date,
        "gender": citizen.gender,
        "residence": citizen.residence.to_string(),
        "card": citizen.card.as_ref().map(|card| serde_json::json!({
            "issued": card.issued, "expires": card.expires, "status": card.status(today),
        })),
        "died": citizen.died,
        "foreign": citizen.foreign,
        "spouse": citizen.spouse,
        "representative": citizen.representative,
        "dependants": country.dependants_of(index),
        "employer": employer.map(|one| serde_json::json!({ "number": one.number, "name": one.name })),
        "represents": represents,
        "papers": country.papers(&citizen, today),
        "synthetic": true,
    }))
}

fn organisation(country: &Country, index: u64) -> Option<serde_json::Value> {
    let mut described = serde_json::to_value(country.organisation(index)?).ok()?;
    let initial = country.organisation_initial(index)?;
    let fields = described.as_object_mut()?;
    fields.insert("kind".to_owned(), HolderKind::Organisation.name().into());
    fields.insert("state".to_owned(), serde_json::to_value(initial.state.name()).ok()?);
    fields.insert("reason".to_owned(), serde_json::to_value(initial.state.reason()).ok()?);
    fields.insert("staff_count".to_owned(), country.staff_count(index).into());
    fields.insert("synthetic".to_owned(), true.into());
    Some(described)
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
        ("docs/scenario-verbs.md", scenario::document()),
        (
            "fixtures/scenario.schema.json",
            serde_json::to_string_pretty(&scenario::schema())? + "\n",
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
