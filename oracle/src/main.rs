//! The exact optimum of small arbitrations, by integer programming (HiGHS): what the manager's tests measure
//! its plans by.
//!
//! `cargo run --release --manifest-path oracle/Cargo.toml -- FILE` writes the instances with their optima;
//! with `--check` before the file it solves them anew and compares.

mod instance;
mod program;

use std::fs;
use std::process::ExitCode;

use instance::Instance;
use program::Optimum;
use serde_json::{Value, json};

/// By how much a load may differ that another version of the solver finds, in percent.
const DIFFERENCE_MAX: f64 = 1e-4;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--check", file] => check(file),
        [file] => solved().and_then(|solved| write(file, &solved)),
        _ => Err("usage: plasma-oracle [--check] FILE".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// All instances with their optima.
fn solved() -> Result<Vec<Value>, String> {
    let instances = instance::instances();
    let solved = instances.iter().map(|instance| {
        let optimum = program::optimum(instance)?;
        eprintln!("{}: {optimum:?}", instance.name);
        Ok(document(instance, &optimum))
    });
    solved.collect()
}

fn document(instance: &Instance, optimum: &Optimum) -> Value {
    json!({
        "name": instance.name,
        "cluster": instance.cluster(),
        "intents": instance.intents(),
        "moves_max": instance.moves_max,
        "upper": instance.upper,
        "met": optimum.met,
        "greatest_load": optimum.greatest_load,
        "moves": optimum.moves,
    })
}

/// One instance a line.
fn write(file: &str, solved: &[Value]) -> Result<(), String> {
    let lines: Vec<String> = solved.iter().map(Value::to_string).collect();
    let text = lines.join("\n") + "\n";
    fs::write(file, text).map_err(|error| format!("{file}: {error}"))
}

fn check(file: &str) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let known = text.lines().map(serde_json::from_str);
    let known: Result<Vec<Value>, _> = known.collect();
    let known = known.map_err(|error| format!("{file}: {error}"))?;
    let solved = solved()?;
    if known.len() != solved.len() {
        let (known, solved) = (known.len(), solved.len());
        return Err(format!("{file} has {known} instances, there are {solved}"));
    }
    for (known, solved) in known.iter().zip(&solved) {
        let load = |document: &Value| document["greatest_load"].as_f64().unwrap_or(f64::NAN);
        let others = |document: &Value| {
            let mut document = document.clone();
            document["greatest_load"] = Value::Null;
            document
        };
        let is_same =
            others(known) == others(solved) && (load(known) - load(solved)).abs() <= DIFFERENCE_MAX;
        if !is_same {
            return Err(format!("{file} differs:\n{known}\nis now\n{solved}"));
        }
    }
    Ok(())
}
