//! What the metadata policy gains: throughput and p99 with the policy against the same run before it.
//!
//! For each seed three runs: random start, all actors on one server, and a control on the random
//! start that decides and never moves. A run's gain is the better of its two ratios; p99 counts only
//! where both values exceed 5 ms, since shorter ones are noise of sleeping threads.

use std::path::Path;

use serde_json::Value;

use crate::plasma;
use crate::statistics::{greatest, least, median};

/// Both p99 must exceed it to be compared, in seconds.
const P99_SECONDS_MIN: f64 = 0.005;

/// What a run must show: the median over the seeds and the least of them.
struct Claim {
    name: &'static str,
    flags: &'static [&'static str],
    median_min: f64,
    least_min: f64,
}

const CLAIMS: [Claim; 2] = [
    Claim {
        name: "random",
        flags: &[],
        median_min: 1.3,
        least_min: 1.0,
    },
    Claim {
        name: "one",
        flags: &["--start", "one"],
        median_min: 2.0,
        least_min: 1.0,
    },
];

/// How far the control may be from 1, either way.
const CONTROL_TOLERANCE: f64 = 0.05;

/// Measures seeds 1 to `seeds`, prints a table, and says whether every claim holds.
pub(crate) fn run(seeds: u64) -> Result<bool, String> {
    let binary = plasma::build()?;
    println!(
        "| start | seed | throughput before → after | ratio | p99 before → after | ratio | gain | moves |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut holds = true;
    let mut summary = Vec::new();
    for claim in &CLAIMS {
        let gains = gains(&binary, claim.name, claim.flags, seeds)?;
        let (middle, worst) = (median(&gains).unwrap_or(0.0), least(&gains).unwrap_or(0.0));
        let met = middle >= claim.median_min && worst >= claim.least_min;
        holds &= met;
        summary.push(format!(
            "{}: median ×{middle:.2} (claimed ≥ {}), least ×{worst:.2} (claimed ≥ {}): {}",
            claim.name,
            claim.median_min,
            claim.least_min,
            verdict(met)
        ));
    }
    let control = control(&binary, seeds)?;
    let middle = median(&control).unwrap_or(0.0);
    let met = (middle - 1.0).abs() <= CONTROL_TOLERANCE;
    holds &= met;
    summary.push(format!(
        "control: median throughput ×{middle:.3} (claimed within 5 %), from ×{:.3} to ×{:.3}: {}",
        least(&control).unwrap_or(0.0),
        greatest(&control).unwrap_or(0.0),
        verdict(met)
    ));
    println!("\n{}", summary.join("\n"));
    Ok(holds)
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

fn gains(binary: &Path, name: &str, flags: &[&str], seeds: u64) -> Result<Vec<f64>, String> {
    (1..=seeds)
        .map(|seed| measure(binary, name, flags, seed).map(|(_, gain)| gain))
        .collect()
}

fn control(binary: &Path, seeds: u64) -> Result<Vec<f64>, String> {
    (1..=seeds)
        .map(|seed| measure(binary, "control", &["--dry-run"], seed).map(|(ratio, _)| ratio))
        .collect()
}

/// Runs once, prints its row, and returns the ratio of throughput and the gain.
fn measure(binary: &Path, name: &str, flags: &[&str], seed: u64) -> Result<(f64, f64), String> {
    let seed_text = seed.to_string();
    let flags: Vec<&str> = flags
        .iter()
        .copied()
        .chain(["--seed", &seed_text])
        .collect();
    let report = plasma::report(binary, &flags)?;
    let figure = |phase: &str, name: &str| -> Result<f64, String> {
        report[phase][name]
            .as_f64()
            .ok_or_else(|| format!("no {phase}.{name} in {report}"))
    };
    let throughput = (
        figure("baseline", "throughput")?,
        figure("policy", "throughput")?,
    );
    let p99 = (figure("baseline", "p99")?, figure("policy", "p99")?);
    let faster = throughput.1 / throughput.0;
    let sooner = (p99.0 > P99_SECONDS_MIN && p99.1 > P99_SECONDS_MIN).then(|| p99.0 / p99.1);
    let gain = faster.max(sooner.unwrap_or(0.0));
    println!(
        "| {name} | {seed} | {:.0} → {:.0} /s | ×{faster:.2} | {:.1} → {:.1} ms | {} | ×{gain:.2} | {} |",
        throughput.0,
        throughput.1,
        p99.0 * 1e3,
        p99.1 * 1e3,
        sooner.map_or("–".into(), |ratio| format!("×{ratio:.2}")),
        report.get("moves").and_then(Value::as_u64).unwrap_or(0),
    );
    Ok((faster, gain))
}
