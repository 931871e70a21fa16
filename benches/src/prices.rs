//! What carrying a frame costs the embedded cluster: the price that the simulator's table gives it.
//!
//! Two runs of the metadata server that decide and never move. With all actors on one server an
//! opening costs that server two frames, the client's call and the reply; with actors placed at
//! random six of eight files are elsewhere, and each adds four: a call and a reply, each sent and
//! received. What the second opening costs more is 24 frames.

use std::path::Path;

use crate::plasma;

/// Frames by which an opening differs between the two starts: 8 files, three quarters of them on
/// another server, four frames each.
const FRAMES: f64 = 24.0;

/// Periods at the start that are not counted.
const WARM_UP_PERIODS: usize = 2;

/// Measures and prints the price of a frame.
pub(crate) fn run() -> Result<bool, String> {
    let binary = plasma::build()?;
    let one = cpu_seconds_per_call(&binary, "one")?;
    let random = cpu_seconds_per_call(&binary, "random")?;
    println!(
        "an opening costs {:.1} us of processor time on one server, {:.1} us on four: {:.1} us a frame",
        one * 1e6,
        random * 1e6,
        (random - one) * 1e6 / FRAMES
    );
    Ok(true)
}

/// Processor time of all servers for each opening.
fn cpu_seconds_per_call(binary: &Path, start: &str) -> Result<f64, String> {
    let flags = ["--start", start, "--dry-run", "--duration", "15s"];
    let lines = plasma::lines(binary, &flags)?;
    let mut periods = lines.iter().filter(|line| line["event"] == "period");
    let _ = periods.by_ref().take(WARM_UP_PERIODS).count();
    let (mut cores, mut throughput) = (0.0, 0.0);
    for period in periods {
        let servers = period["servers"].as_object();
        let loads = servers
            .into_iter()
            .flatten()
            .filter_map(|(_, s)| s["cpu"].as_f64());
        cores += loads.sum::<f64>() / 100.0 * plasma::QUOTA_CORES;
        throughput += period["throughput"].as_f64().unwrap_or(0.0);
    }
    match throughput > 0.0 {
        true => Ok(cores / throughput),
        false => Err(format!(
            "no calls were served with --start {start}: {:?}",
            lines.last()
        )),
    }
}
