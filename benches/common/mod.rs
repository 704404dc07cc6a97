//! What the benches share: a stage with people and portals, one whole sign-in, a bare client, CPU time.

#![expect(dead_code, reason = "every bench compiles its own copy and uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a bench that fails should stop")]

pub(crate) mod clock;
pub(crate) mod primitives;
pub(crate) mod server;
pub(crate) mod sign_in;
pub(crate) mod stage;
pub(crate) mod wire;

/// Writes a line of a table to standard output.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).unwrap();
}
