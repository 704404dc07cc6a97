//! `run FILE…` plays scenarios, on a simulator of its own or on one that runs; `gauntlet` plays its cases; both say what came of it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;

use crate::{
    app::{self, App},
    clock::SystemClock,
    config::Options,
    scenario::{self, LARGEST, PlayPlace, ScenarioReport, Script, Target},
    visitor::{Wire, web_address},
};

/// What is played where.
#[derive(Debug, clap::Args)]
pub(crate) struct PlayArguments {
    /// Scenarios, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Play on the simulator that runs here (its admin token by `--admin-token`), not on one of its own.
    #[arg(long, visible_alias = "against", value_parser = web_address)]
    url: Option<url::Url>,
    /// Play in this realm, which is there, and leave it as the scenario leaves it; `default` is the one at the root.
    #[arg(long)]
    realm: Option<String>,
    /// Write `JUnit` XML here.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print the transcripts of failed scenarios only.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    given: Options,
}

/// Plays every file; 0 where everything came as expected, 1 where not.
pub(crate) async fn run(played: PlayArguments) -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    for path in &played.files {
        collect(path, &mut files)?;
    }
    anyhow::ensure!(!files.is_empty(), "there is no .toml file here");
    let mut out = std::io::stdout();
    let scripts = files.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let ground = ground(&played).await?;
    let mut reports = Vec::new();
    for script in scripts {
        let place = match (&played.realm, &played.url) {
            (Some(name), _) => PlayPlace::Existing(name.clone()),
            (None, Some(_)) => PlayPlace::unique(),
            (None, None) => PlayPlace::alone(),
        };
        let report = match script {
            Ok(script) => scenario::run(&script, &ground, &place).await,
            Err(mistake) => ScenarioReport::unread(mistake),
        };
        if !played.quiet || !report.is_ok() {
            writeln!(out, "{}", report.transcript())?;
        }
        reports.push(report);
    }
    if let Some(path) = &played.junit {
        write(path, &scenario::junit(&reports).map_err(anyhow::Error::msg)?)?;
    }
    summary(&mut out, &reports)
}

/// Plays the cases and tells each line as it comes; 0 where the application comes through, 1 where not, or where it
/// was broken off by `stop`: what was found until then is written all the same.
#[cfg(feature = "gauntlet")]
pub(crate) async fn gauntlet(
    plan: &crate::gauntlet::GauntletPlan,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    // Who reads no further still gets the files and the exit code.
    let tell = |line: &str| drop(writeln!(std::io::stdout(), "{line}"));
    let report = crate::gauntlet::run_until(plan, tell, stop).await.map_err(anyhow::Error::msg)?;
    if let Some(path) = &plan.report {
        write(path, &report.markdown())?;
    }
    if let Some(path) = &plan.junit {
        write(path, &report.junit().map_err(anyhow::Error::msg)?)?;
    }
    writeln!(out, "{}", report.summary())?;
    out.flush()?;
    Ok(if report.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn summary(out: &mut impl std::io::Write, reports: &[ScenarioReport]) -> anyhow::Result<ExitCode> {
    let runs =
        || reports.iter().flat_map(|report| report.runs.iter().map(move |run| (report, run)));
    let failed: Vec<_> = runs().filter(|(_, run)| !run.ok).collect();
    for (report, run) in &failed {
        if let Some(failure) = &run.failure {
            writeln!(out, "{}", report.told(failure))?;
        }
    }
    writeln!(out, "{} of {} passed", runs().count() - failed.len(), runs().count())?;
    out.flush()?;
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let context = || format!("cannot read {}", path.display());
    for path in app::entries(path).with_context(context)? {
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "toml") {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Result<Script, scenario::Mistake>> {
    let context = || format!("cannot read {}", file.display());
    let size = std::fs::metadata(file).with_context(context)?.len();
    anyhow::ensure!(
        size <= u64::try_from(LARGEST)?,
        "{}: a script has at most {LARGEST} bytes",
        file.display()
    );
    let text = std::fs::read_to_string(file).with_context(context)?;
    Ok(Script::read(&text, &file.display().to_string()))
}

async fn ground(played: &PlayArguments) -> anyhow::Result<Target> {
    let config = played.given.clone().resolve()?;
    if let Some(url) = &played.url {
        let wire = Wire::network()?;
        let ground = Target { wire, url: url.clone(), admin_token: config.admin_token };
        ground.meet().await.map_err(anyhow::Error::msg)?;
        return Ok(ground);
    }
    let app = App::build(&config, config.listen.port(), Arc::new(SystemClock)).await?;
    let url = app.issuer().parse().context("the issuer is no address")?;
    let admin_token = app.admin_token().map(str::to_owned);
    Ok(Target { wire: Wire::InProcess(app.router()), url, admin_token })
}
