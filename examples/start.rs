//! From exec to the first 200 on discovery, and idle memory: 21 starts of the release binary.
//!
//! `cargo run --release --example start -- [BINARY]`

#[path = "../benches/common/mod.rs"]
mod common;

use common::{
    clock::{best_and_median, cpu, resident},
    say,
    server::Server,
};

const RUNS: usize = 21;

fn main() {
    let binary = std::env::args().nth(1);
    let binary = binary.as_deref().unwrap_or("target/release/mock-vneid");
    let (mut started, mut spent, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let server = Server::start(binary);
        started.push(server.started_in.as_secs_f64() * 1e3);
        spent.push(cpu(&server.process(), "").as_secs_f64() * 1e3);
        memory.push(resident(&server.process()));
    }
    let row = |what: &str, figures: Vec<f64>| {
        let (best, median) = best_and_median(figures);
        say(&format!("{what:<42} {median:>8.1} {best:>8.1}"));
    };
    say(&format!("{:<42} {:>8} {:>8}", format!("{RUNS} starts"), "median", "best"));
    row("exec to first 200 on discovery, ms", started);
    row("CPU time of the start, ms", spent);
    row("resident after the start, MB", memory);
}
