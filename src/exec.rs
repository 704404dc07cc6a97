//! `exec -- COMMAND`: runs a command with a fresh simulator in its environment.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::{config::Given, testing::Builder};

/// Starts a simulator on a free port unless one is named, runs the command, passes its exit code on.
pub(crate) async fn run(mut given: Given, command: &[String]) -> anyhow::Result<ExitCode> {
    given.listen_if_unset(([127, 0, 0, 1], 0).into());
    let config = given.resolve()?;
    crate::telemetry::start(&config.log).map_err(anyhow::Error::msg)?;
    let vneid = Builder::exactly(config).start().await?;
    let (program, arguments) = command.split_first().context("a command is missing after --")?;
    let mut child = tokio::process::Command::new(program);
    child.args(arguments).kill_on_drop(true);
    child.env("MOCK_VNEID_ISSUER", vneid.issuer()).env("MOCK_VNEID_URL", vneid.url());
    if let Some(token) = vneid.admin_token() {
        child.env("MOCK_VNEID_ADMIN_TOKEN", token);
    }
    let status = child.status().await.with_context(|| format!("cannot run {program}"))?;
    vneid.stop().await?;
    // What a signal ended has no code of its own.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
