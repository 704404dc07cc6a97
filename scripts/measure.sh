#!/usr/bin/env bash
# Builds the release binary and measures its start, its idle memory, and its memory after 1,000 sign-ins.
# Needs bash, coreutils and the Rust toolchain. The client is examples/start.rs: compiled, and nothing of it
# starts within the measured span.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet --bin mock-vneid --example start --example load
target=${CARGO_TARGET_DIR:-target}/release

"$target/examples/start" "$target/mock-vneid"
echo
"$target/examples/load" RS256 1 1000 "$target/mock-vneid"
