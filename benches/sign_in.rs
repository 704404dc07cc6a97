//! A whole sign-in by algorithm: through the router, and over loopback with the server's CPU time apart.

mod common;

use common::{
    clock::{best_and_median, cpu, micros, start},
    primitives, say,
    sign_in::{Person, Portal},
    stage::{SERVER, Stage, derived},
    wire::Socket,
};

const ROUNDS: usize = 7;
const SIGN_INS: u32 = 500;

/// Microseconds per sign-in of every round: through the router.
fn here(stage: &mut Stage, portal: &Portal, people: &[Person]) -> Vec<f64> {
    let round = |_| {
        let started = start();
        for person in people.iter().cycle().take(SIGN_INS as usize) {
            stage.sign_in_here(portal, person);
        }
        micros(started.elapsed(), SIGN_INS)
    };
    (0..ROUNDS).map(round).collect()
}

/// The same over a kept connection: real time, and the CPU time of the server's threads.
fn over_loopback(
    stage: &Stage,
    wire: &mut Socket,
    portal: &Portal,
    people: &[Person],
) -> (Vec<f64>, Vec<f64>) {
    let round = |_| {
        let (started, before) = (start(), cpu("self", SERVER));
        for person in people.iter().cycle().take(SIGN_INS as usize) {
            stage.sign_in(wire, portal, person);
        }
        let took = started.elapsed();
        (micros(took, SIGN_INS), micros(cpu("self", SERVER).saturating_sub(before), SIGN_INS))
    };
    (0..ROUNDS).map(round).unzip()
}

fn main() {
    let people = derived(1_000);
    let mut stage = Stage::new();
    let portals = ["RS256", "ES256", "EdDSA"].map(|name| (name, stage.portal(name)));
    let address = stage.serve();
    let mut wire = Socket::open(address).expect("a connection");
    primitives::table();
    say("\nµs per sign-in, best (median) of 7 rounds of 500");
    say("            through the router   over loopback, real   server CPU");
    for (name, portal) in &portals {
        stage.sign_in_here(portal, &people[0]);
        let (best, median) = best_and_median(here(&mut stage, portal, &people));
        let (real, cpu) = over_loopback(&stage, &mut wire, portal, &people);
        let ((real, real_median), (cpu, cpu_median)) =
            (best_and_median(real), best_and_median(cpu));
        say(&format!(
            "  {name:<8} {best:>9.1} ({median:>7.1}) {real:>11.1} ({real_median:>7.1}) {cpu:>9.1} ({cpu_median:>7.1})"
        ));
    }
}
