//! One log line per request, to standard error, filtered as configured.

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging; a second start in one process changes nothing.
pub fn start(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log: {error}"))?;
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Colours are for people: a log that is kept or shipped has none.
    let lines = lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // Another part of the process, such as a test, may log already.
    drop(lines.try_init());
    Ok(())
}

/// An error and what caused it, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
