//! Programs of others that a test wants, found as a shell would find them; and this process's own children.

use std::{
    env::{join_paths, split_paths},
    ffi::OsString,
    path::{Path, PathBuf},
    process::Child,
};

use rustix::process::{Pid, Signal, kill_process};

/// Chromium under the names that systems give it.
pub(crate) const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Where programs are looked for: what `scripts/tools` put aside, `PATH`, and where systems keep their servers.
#[expect(clippy::disallowed_methods, reason = "tests look for programs where a shell would")]
pub(crate) fn search_path() -> OsString {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/node/bin");
    let path = std::env::var("PATH").unwrap_or_default();
    let all = [own].into_iter().chain(split_paths(&path)).chain([PathBuf::from("/usr/sbin")]);
    join_paths(all).unwrap()
}

/// The first of these programs that is installed. A test that misses its tool fails.
pub(crate) fn tool(names: &[&str]) -> PathBuf {
    let path = search_path();
    let folders = || split_paths(&path);
    let found = names.iter().find_map(|name| {
        folders().map(|folder| folder.join(name)).find(|program| program.is_file())
    });
    found.unwrap_or_else(|| {
        panic!("{} is not installed: scripts/tools installs it", names.join(" or "))
    })
}

/// A child's id.
pub(crate) fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed()).unwrap()
}

/// Asks a child to end, as `kill` would.
pub(crate) fn signal(child: &Child, signal: Signal) {
    kill_process(pid(child), signal).unwrap();
}
