//! Says, before the tests of `cargo test` begin, what they are and what they want.

use std::io::Write as _;

const ABOUT: &str = "
Every test follows, in one binary (tests/it), and then the examples of the documentation.
Those of outside:: want Chromium, Node.js, Python, a JDK and Apache: scripts/tools installs them, scripts/test does that and counts.
Without them: cargo test -- --skip outside::      One module: cargo test --test it story::      The quick ones: cargo nextest run --profile fast
";

fn main() {
    // Whoever lists tests finds none here.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    drop(writeln!(std::io::stdout(), "{ABOUT}"));
}
