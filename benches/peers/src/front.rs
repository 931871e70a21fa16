//! How fast the same 10 000 rules are read by the front ends of several languages, side by side in one run.

mod cedar;
mod cel;
mod language;
mod nickel;
mod rego;
mod starlark;

use std::hint::black_box;
use std::sync::Arc;

use plasma_benches::clock::timed;
use plasma_benches::generated::Random;
use plasma_benches::pieces::pieces;
use plasma_benches::policy::{Kind, Rule, policy, rules};
use plasma_benches::statistics::median;
use plasma_check::program::FileId;
use plasma_check::{Environment, check_source};

use crate::table::{Table, figure};
use crate::versions;
use language::{Language, Step};

/// Rules of each policy.
const RULES: usize = 10_000;

const SEED: u64 = 1;

/// Measures, and prints a table for rules of medium length and one for all lengths.
pub(crate) fn run(repetitions: usize) -> Result<(), String> {
    for kind in [Kind::Medium, Kind::Mixed] {
        eprintln!("{} rules", kind.name());
        println!("### 10 000 {} rules\n", kind.name());
        println!("{}", measure(kind, repetitions)?.text());
    }
    let crates = [
        "starlark",
        "nickel-lang-parser",
        "cel",
        "regorus",
        "cedar-policy",
    ];
    let versions = crates.map(|name| format!("{name} {}", versions::of(name)));
    println!("Versions: {}.", versions.join(", "));
    Ok(())
}

/// The languages, ours first.
fn languages(kind: Kind, count: usize) -> Vec<Language> {
    let rules: Vec<Rule> = rules(kind, count, SEED);
    vec![
        plasma(kind, count),
        starlark::language(&rules),
        nickel::language(&rules),
        cel::language(&rules),
        rego::language(&rules),
        cedar::language(&rules),
    ]
}

fn plasma(kind: Kind, count: usize) -> Language {
    Language {
        name: "Plasma",
        texts: vec![policy(kind, count, SEED)],
        steps: vec![
            Step::new("floor: tell pieces apart", |texts| {
                black_box(pieces(&texts[0]));
                Ok(())
            }),
            Step::new("parse", parse),
            Step::new("parse and check", check),
        ],
    }
}

fn parse(texts: &[String]) -> Result<(), String> {
    let parsed = plasma_syntax::parse(FileId(0), Arc::from(texts[0].as_str()));
    match parsed.diagnostics.first() {
        Some(error) => Err(format!("{error:?}")),
        None => Ok(()),
    }
}

fn check(texts: &[String]) -> Result<(), String> {
    let checked = check_source(
        FileId(0),
        Arc::from(texts[0].as_str()),
        &Environment::default(),
    );
    match black_box(&checked).has_errors() {
        true => Err(format!("{:?}", checked.diagnostics.first())),
        false => Ok(()),
    }
}

fn measure(kind: Kind, repetitions: usize) -> Result<Table, String> {
    let languages = languages(kind, RULES);
    let steps: Vec<(&Language, &Step)> = languages
        .iter()
        .flat_map(|language| language.steps.iter().map(move |step| (language, step)))
        .collect();
    // Nothing is timed that is refused.
    accept(&languages)?;
    let mut seconds = vec![Vec::new(); steps.len()];
    let mut random = Random::new(SEED);
    for _ in 0..repetitions {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        for place in (1..order.len()).rev() {
            order.swap(place, random.below(place + 1));
        }
        for place in order {
            let (language, step) = steps[place];
            let (taken, result) = timed(|| (step.take)(&language.texts));
            result?;
            seconds[place].push(taken);
        }
    }
    let mut table = Table::new(&[
        "language",
        "step",
        "bytes",
        "ms",
        "rules/s",
        "MB/s",
        "to parse and check",
    ]);
    let ours = steps
        .iter()
        .position(|(_, step)| step.name == "parse and check");
    for ((language, step), taken) in steps.iter().zip(&seconds) {
        let middle = median(taken).unwrap_or(f64::NAN);
        let to = ours
            .and_then(|ours| seconds.get(ours))
            .into_iter()
            .flatten();
        let ratios: Vec<f64> = taken.iter().zip(to).map(|(taken, to)| taken / to).collect();
        table.row([
            language.name.to_owned(),
            step.name.to_owned(),
            language.bytes().to_string(),
            figure(1e3 * middle),
            format!("{:.0}", RULES as f64 / middle),
            figure(language.bytes() as f64 / middle / 1e6),
            figure(median(&ratios).unwrap_or(f64::NAN)),
        ]);
    }
    Ok(table)
}

/// Every front end takes every rule.
fn accept(languages: &[Language]) -> Result<(), String> {
    for language in languages {
        for step in &language.steps {
            let taken = (step.take)(&language.texts);
            taken.map_err(|error| format!("{}, {}: {error}", language.name, step.name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Kind, accept, languages};

    #[test]
    fn every_front_end_takes_every_rule() {
        for kind in Kind::ALL {
            assert_eq!(accept(&languages(kind, 300)), Ok(()), "{}", kind.name());
        }
    }
}
