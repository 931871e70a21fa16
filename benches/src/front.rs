//! How fast policies are read and checked: each step alone, all of them together, and the command.
//!
//! Every repetition runs all steps in another order, beside a floor of its own; what is printed is the
//! median over the repetitions, of processor time. A rate includes giving the memory back.

mod floor;
pub(crate) mod policy;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::slice;
use std::sync::Arc;
use std::time::Instant;

use oorandom::Rand32;
use plasma_check::{Environment, check, check_source};
use plasma_diagnostic::{Code, FileId, RenderOptions, SourceMap, render};
use plasma_syntax::{Parsed, format, lexemes, parse};

use crate::clock::timed;
use crate::plasma;
use crate::statistics::{greatest, least, median};
use policy::Kind;

/// Rules of each policy.
const RULES: usize = 10_000;

const SEED: u64 = 1;

/// How many runs of the command are timed for each repetition.
const STARTS: usize = 5;

/// The steps, in the order in which they are printed.
const STEPS: [&str; 6] = [
    "floor",
    "lex",
    "parse",
    "check",
    "format",
    "parse and check",
];

/// Measures all kinds of policies and the command, and says whether the targets are met.
pub(crate) fn run(repetitions: usize) -> Result<bool, String> {
    println!(
        "| {RULES} rules | bytes | step | ms | rules/s | MB/s | to the floor |\n|---|---|---|---|---|---|---|"
    );
    let mut met = true;
    for kind in Kind::ALL {
        met &= measure(kind, repetitions)?;
    }
    println!();
    warnings(repetitions);
    command(repetitions)?;
    Ok(met)
}

/// Runs one step on a policy of some kind so many times, without a clock: for profilers, and to count
/// instructions. `nothing` only prepares the policy.
pub(crate) fn step(kind: &str, step: &str, times: usize) -> Result<bool, String> {
    let mut kinds = Kind::ALL.into_iter();
    let kind = kinds.find(|known| known.name() == kind);
    let kind = kind.ok_or("the kinds are `short`, `medium`, `long` and `mixed`")?;
    let steps = STEPS.join("`, `");
    let known = STEPS.iter().position(|name| *name == step);
    if known.is_none() && step != "nothing" {
        return Err(format!("the steps are `{steps}` and `nothing`"));
    }
    let text: Arc<str> = policy::policy(kind, RULES, SEED).into();
    let parsed = parse(FileId(0), Arc::clone(&text));
    for _ in 0..times {
        if let Some(step) = known {
            take(step, &text, &parsed);
        }
    }
    Ok(true)
}

/// Times all steps on one policy, prints them, and says whether the last meets the target.
fn measure(kind: Kind, repetitions: usize) -> Result<bool, String> {
    let text: Arc<str> = policy::policy(kind, RULES, SEED).into();
    let parsed = expected(&text)?;
    let mut seconds: [Vec<f64>; STEPS.len()] = Default::default();
    let mut random = Rand32::new(SEED);
    for _ in 0..repetitions {
        let mut order: [usize; STEPS.len()] = std::array::from_fn(|step| step);
        for place in (1..order.len()).rev() {
            order.swap(place, random.rand_range(0..place as u32 + 1) as usize);
        }
        for step in order {
            seconds[step].push(time(step, &text, &parsed));
        }
    }
    let middles = seconds.each_ref().map(|all| median(all).unwrap_or(0.0));
    for (step, name) in STEPS.iter().enumerate() {
        let ratios = seconds[step].iter().zip(&seconds[0]).map(|(s, f)| s / f);
        let ratio = median(&ratios.collect::<Vec<_>>()).unwrap_or(0.0);
        let middle = middles[step];
        println!(
            "| {} | {} | {name} | {:.2} | {:.0} | {:.0} | {ratio:.1} |",
            kind.name(),
            text.len(),
            middle * 1e3,
            RULES as f64 / middle,
            text.len() as f64 / middle / 1e6
        );
    }
    Ok(middles[STEPS.len() - 1] <= 0.02 || kind == Kind::Long)
}

/// The tree of a policy, after a look that all steps see the same: as many pieces as the lexer sees,
/// a rule for each that was written, and nothing said but by the lints that hold the first 256 rules
/// against each other.
fn expected(text: &Arc<str>) -> Result<Parsed, String> {
    let (pieces, lexemes) = (floor::pieces(text).len(), lexemes(text).len());
    if pieces != lexemes {
        return Err(format!("the floor sees {pieces} pieces, not {lexemes}"));
    }
    let checked = check_source(FileId(0), Arc::clone(text), &Environment::default());
    let mut said = checked.diagnostics.iter();
    let other = said.find(|d| !matches!(d.code, Code::ShadowedRule | Code::Conflict));
    if let Some(other) = other {
        let (sources, _) = SourceMap::single("bench.plasma", Arc::clone(text));
        return Err(render(
            &sources,
            slice::from_ref(other),
            RenderOptions::default(),
        ));
    }
    let rules = checked.program.rules.len();
    if rules != RULES {
        return Err(format!("{rules} rules instead of {RULES}"));
    }
    let parsed = parse(FileId(0), Arc::clone(text));
    match format(&parsed) {
        Some(_) => Ok(parsed),
        None => Err("a policy cannot be laid out".to_owned()),
    }
}

fn time(step: usize, text: &Arc<str>, parsed: &Parsed) -> f64 {
    timed(|| take(step, text, parsed)).0
}

fn take(step: usize, text: &Arc<str>, parsed: &Parsed) {
    let environment = Environment::default();
    match STEPS[step] {
        "floor" => drop(black_box(floor::pieces(text))),
        "lex" => drop(black_box(lexemes(text))),
        "parse" => drop(black_box(parse(FileId(0), Arc::clone(text)))),
        "check" => drop(black_box(check(&parsed.tree, &environment))),
        "format" => drop(black_box(format(parsed))),
        _ => {
            let checked = check_source(FileId(0), Arc::clone(text), &environment);
            drop(black_box(checked));
        }
    }
}

/// Times the check of policies with a warning for each rule, and the rendering of these.
fn warnings(repetitions: usize) {
    for rules in [RULES / 2, RULES] {
        let text: Arc<str> = policy::doubtful_policy(rules, SEED).into();
        let (sources, file) = SourceMap::single("bench.plasma", Arc::clone(&text));
        let mut seconds = [Vec::new(), Vec::new()];
        let mut found = 0;
        for _ in 0..repetitions {
            let environment = Environment::default();
            let (taken, checked) = timed(|| check_source(file, Arc::clone(&text), &environment));
            seconds[0].push(taken);
            found = checked.diagnostics.len();
            let options = RenderOptions::default();
            let (taken, _) = timed(|| black_box(render(&sources, &checked.diagnostics, options)));
            seconds[1].push(taken);
        }
        let [check, render] = seconds.each_ref().map(|all| median(all).unwrap_or(0.0));
        println!(
            "{rules} rules with {found} warnings: parse and check {:.1} ms, render {:.1} ms",
            check * 1e3,
            render * 1e3
        );
    }
}

/// Times `plasma check` of a small policy and of a large one, its start included.
fn command(repetitions: usize) -> Result<(), String> {
    let binary = plasma::build()?;
    let folder = std::env::temp_dir().join(format!("plasma-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let large = folder.join("large.plasma");
    let written = std::fs::write(&large, policy::policy(Kind::Mixed, RULES, SEED));
    let result = written
        .map_err(|error| format!("{}: {error}", large.display()))
        .and_then(|()| {
            let small = plasma::root().join("stdlib/metadata.plasma");
            start("a small file", &binary, &small, repetitions)?;
            start("a large file", &binary, &large, repetitions)
        });
    let _ = std::fs::remove_dir_all(&folder);
    result
}

fn start(name: &str, binary: &Path, path: &PathBuf, repetitions: usize) -> Result<(), String> {
    let mut seconds = Vec::new();
    for _ in 0..repetitions * STARTS {
        let mut command = Command::new(binary);
        command.arg("check").arg(path).stdout(Stdio::null());
        let begin = Instant::now();
        let status = command
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
        seconds.push(begin.elapsed().as_secs_f64());
        if !status.success() {
            return Err(format!("`plasma check {}` failed", path.display()));
        }
    }
    let figure = |value: Option<f64>| value.unwrap_or(0.0) * 1e3;
    println!(
        "`plasma check` of {name}, its start included: median {:.1} ms, {:.1} to {:.1} ms",
        figure(median(&seconds)),
        figure(least(&seconds)),
        figure(greatest(&seconds))
    );
    Ok(())
}
