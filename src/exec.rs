//! `exec -- COMMAND`: runs a command with a fresh simulator in its environment.

use std::{
    io::Write as _,
    process::{ExitCode, ExitStatus},
};

use anyhow::Context as _;
use tokio::process::Command;

use crate::{config::Options, testing::Builder};

/// As shells say it (POSIX, Shell Command Language §2.8.2): there is no such command, it cannot be run, a signal ended it.
const MISSING: u8 = 127;
const NOT_RUNNABLE: u8 = 126;
#[cfg(unix)]
const BY_SIGNAL: i32 = 128;

/// What a signal ended has no code of its own.
#[cfg(unix)]
fn by_signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| BY_SIGNAL + signal)
}

#[cfg(not(unix))]
const fn by_signal(_: ExitStatus) -> Option<i32> {
    None
}

/// Runs a command to its end. A terminal interrupts it by itself, and it decides when it ends; who asks this process alone to
/// terminate asks the command.
#[cfg(unix)]
async fn ended(command: &mut Command) -> std::io::Result<ExitStatus> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut child = command.spawn()?;
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {
                let id = child.id().and_then(|id| i32::try_from(id).ok());
                if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
                    rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
                }
            }
        }
    }
}

#[cfg(not(unix))]
async fn ended(command: &mut Command) -> std::io::Result<ExitStatus> {
    command.status().await
}

/// Starts a simulator on a free port unless one is named, runs the command, passes its exit code on.
pub(crate) async fn run(mut given: Options, command: &[String]) -> anyhow::Result<ExitCode> {
    given.listen_if_unset(([127, 0, 0, 1], 0).into());
    let config = given.resolve()?;
    crate::telemetry::start(&config.log).map_err(anyhow::Error::msg)?;
    let vneid = Builder::exactly(config).start().await?;
    let (program, arguments) = command.split_first().context("a command is missing after --")?;
    let mut child = Command::new(program);
    child.args(arguments).kill_on_drop(true);
    child.env("MOCK_VNEID_ISSUER", vneid.issuer()).env("MOCK_VNEID_URL", vneid.url());
    if let Some(token) = vneid.admin_token() {
        child.env("MOCK_VNEID_ADMIN_TOKEN", token);
    }
    let ended = ended(&mut child).await;
    vneid.stop().await?;
    let status = match ended {
        Ok(status) => status,
        Err(error) => {
            writeln!(std::io::stderr(), "Error: cannot run {program}: {error}")?;
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            return Ok(ExitCode::from(if missing { MISSING } else { NOT_RUNNABLE }));
        }
    };
    let code = status.code().or_else(|| by_signal(status));
    Ok(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
