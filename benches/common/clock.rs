//! Real time, and CPU time as the kernel counts it in `/proc/PID/task/TID/schedstat` (nanoseconds).

use std::{
    fs,
    time::{Duration, Instant},
};

/// A moment to measure from.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn start() -> Instant {
    Instant::now()
}

/// CPU time of a process (`self` or a number), of those threads whose name begins with `named`.
///
/// The kernel adds a running thread's slice at its next tick or switch, so ask when the threads are idle.
pub(crate) fn cpu(process: &str, named: &str) -> Duration {
    let mut nanoseconds = 0;
    for task in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let task = task.unwrap().path();
        // A thread may end between the listing and the reading.
        let Ok(name) = fs::read_to_string(task.join("comm")) else { continue };
        let Ok(counts) = fs::read_to_string(task.join("schedstat")) else { continue };
        if name.starts_with(named) {
            nanoseconds += counts.split(' ').next().unwrap().parse::<u64>().unwrap();
        }
    }
    Duration::from_nanos(nanoseconds)
}

/// Resident memory of a process in MB of 10^6 bytes.
pub(crate) fn resident(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
}

/// Microseconds per piece.
pub(crate) fn micros(whole: Duration, pieces: u32) -> f64 {
    whole.as_secs_f64() * 1e6 / f64::from(pieces)
}

/// The smallest and the middle of some figures.
pub(crate) fn best_and_median(mut figures: Vec<f64>) -> (f64, f64) {
    figures.sort_by(f64::total_cmp);
    (figures[0], figures[figures.len() / 2])
}
