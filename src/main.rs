//! Arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    mock_vneid::cli::run(mock_vneid::cli::Arguments::parse())
}
