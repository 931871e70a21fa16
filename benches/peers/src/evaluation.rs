//! Three rules evaluated by every engine on the same clusters, side by side in one run.
//!
//! In every repetition the engines come in another order. What is printed are medians over the
//! repetitions, of ratios too, each to the figure of the same repetition.

mod bindings;
mod engine;
mod floors;
mod layout;
mod plasma;
mod python;
mod rego;
mod sqlite;
mod star;

use std::fs;
use std::path::{Path, PathBuf};

use plasma_benches::floor::{LaidOutFloor, RowFloor};
use plasma_benches::generated::{Generated, Random};
use plasma_benches::statistics::median;

use crate::table::{Table, figure};
use bindings::Bindings;
use engine::{Engine, InProcess, Run, Spent};
use python::Python;

/// What an engine's name is on the command line and in tables, in their order.
pub(crate) const ENGINES: [(&str, &str); 10] = [
    ("laid-out", FLOOR),
    ("row-loop", "by hand: loop over rows"),
    ("plasma", PLASMA),
    ("following", "Plasma, 1 % changed"),
    ("polars", "polars, 2 threads"),
    ("duckdb", "DuckDB, 2 threads"),
    ("sqlite", "SQLite, indexed"),
    ("starlark", "starlark"),
    ("python", "CPython"),
    ("regorus", "regorus"),
];

const FLOOR: &str = "by hand: laid out (the floor)";
const PLASMA: &str = "Plasma";

/// Snapshots are rotated until they have so many actors together, so that no engine learns one by heart.
const ACTORS_TOGETHER: usize = 100_000;
const SNAPSHOTS_MAX: usize = 32;

/// A measurement lasts so long at least, if an evaluation takes less.
const MEASUREMENT_SECONDS: f64 = 0.02;

/// An engine that takes longer for one evaluation, with what it loads before it, is measured in the first
/// repetitions only.
const SLOW_SECONDS: f64 = 1.0;
const SLOW_REPETITIONS: usize = 3;

/// What is measured.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Numbers of actors.
    pub(crate) sizes: Vec<usize>,
    pub(crate) repetitions: usize,
    /// Names of engines.
    pub(crate) engines: Vec<String>,
    /// The interpreter with the packages of `py/requirements.txt`, for the engines that need it.
    pub(crate) python: Option<PathBuf>,
}

/// An engine and what was measured of it, in seconds for one snapshot.
struct Measured<'c> {
    name: &'static str,
    engine: Box<dyn Engine + 'c>,
    load: Vec<Spent>,
    /// Times that all snapshots are evaluated in a measurement.
    times: usize,
    repetitions: usize,
    /// By line, by repetition.
    spent: Vec<Vec<Spent>>,
}

/// Measures, and prints a table a size and one of the growth.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let mut growth: Vec<(String, Vec<f64>)> = Vec::new();
    let mut versions = Vec::new();
    for (place, size) in options.sizes.iter().enumerate() {
        let snapshots = (ACTORS_TOGETHER / size).clamp(1, SNAPSHOTS_MAX);
        eprintln!("{size} actors, {snapshots} snapshots");
        let clusters: Vec<Generated> = (0..snapshots as u64)
            .map(|seed| Generated::new(*size, 1 + seed))
            .collect();
        let folder = std::env::temp_dir().join(format!("plasma-peers-{}", std::process::id()));
        let measured = measure(options, &clusters, &folder);
        let _ = fs::remove_dir_all(&folder);
        let (firings, measured) = measured?;
        println!("### {} actors\n", thousands(*size));
        let slow = measured
            .iter()
            .filter(|m| m.repetitions < options.repetitions);
        let slow: Vec<String> = slow
            .map(|m| format!("; {} of {}", m.repetitions, m.name))
            .collect();
        println!(
            "{snapshots} snapshots, {} firings each; {} repetitions{}.\n",
            firings / snapshots,
            options.repetitions,
            slow.concat(),
        );
        println!("{}", table(&measured).text());
        versions = measured.iter().filter_map(|m| m.engine.version()).collect();
        for (line, spent) in measured.iter().flat_map(lines) {
            let middle = 1e3 * middle(spent, |spent| spent.cpu);
            match growth.iter_mut().find(|(name, _)| *name == line) {
                Some((_, figures)) => figures.push(middle),
                None => growth.push((line, [vec![f64::NAN; place], vec![middle]].concat())),
            }
        }
    }
    println!("Versions: {}.\n", versions.join(", "));
    if options.sizes.len() > 1 {
        println!("### Growth\n\nMilliseconds of processor time for an evaluation.\n");
        println!("{}", growth_table(&options.sizes, &growth).text());
    }
    Ok(())
}

fn measure<'c>(
    options: &Options,
    clusters: &'c [Generated],
    folder: &Path,
) -> Result<(usize, Vec<Measured<'c>>), String> {
    let mut expected: Vec<Bindings> = Vec::new();
    for cluster in clusters {
        let mut bindings = Bindings::default();
        RowFloor::new(cluster).fire(&mut bindings);
        expected.push(bindings.sorted());
    }
    let mut all = Vec::new();
    for (key, name) in ENGINES {
        if options.engines.iter().any(|chosen| chosen == key) {
            eprintln!("  {name}: load and compare");
            let engine = start(key, clusters, options.python.as_deref(), folder);
            let prepared = engine.and_then(|engine| prepare(name, engine, &expected, options));
            all.push(prepared.map_err(|error| format!("{name}: {error}"))?);
        }
    }
    let mut random = Random::new(3);
    for repetition in 0..options.repetitions {
        eprintln!("  repetition {} of {}", repetition + 1, options.repetitions);
        let mut order: Vec<usize> = (0..all.len()).collect();
        for place in (1..order.len()).rev() {
            order.swap(place, random.below(place + 1));
        }
        for place in order {
            let measured: &mut Measured<'_> = &mut all[place];
            if repetition < measured.repetitions {
                let run = time(measured, clusters.len());
                run.map_err(|error| format!("{}: {error}", measured.name))?;
            }
        }
    }
    let firings = expected.iter().map(Bindings::count).sum();
    Ok((firings, all))
}

/// An engine by its name on the command line.
fn start<'c>(
    key: &str,
    clusters: &'c [Generated],
    python: Option<&Path>,
    folder: &Path,
) -> Result<Box<dyn Engine + 'c>, String> {
    let name = ENGINES.iter().find(|(known, _)| *known == key);
    let name = name.map_or(key, |(_, name)| name);
    Ok(match key {
        "laid-out" => Box::new(InProcess::<LaidOutFloor<'_>>::new(name, clusters)),
        "row-loop" => Box::new(InProcess::<RowFloor<'_>>::new(name, clusters)),
        "plasma" => Box::new(plasma::Plasma::new(clusters)?),
        "following" => Box::new(plasma::PlasmaFollowing::new(clusters)?),
        "sqlite" => Box::new(InProcess::<sqlite::Database>::new(name, clusters)),
        "starlark" => Box::new(InProcess::<star::Script>::new(name, clusters)),
        "regorus" => Box::new(InProcess::<rego::Machine>::new(name, clusters)),
        _ => {
            let python = python.ok_or("it needs `--python`; `cargo xtask bench` gives it")?;
            if !folder.exists() {
                python::write(clusters, folder)?;
            }
            let module = match key {
                "polars" => "with_polars",
                "duckdb" => "with_duckdb",
                _ => "plain",
            };
            Box::new(Python::start(name, python, module, folder)?)
        }
    })
}

/// Loads an engine, holds its answers against those expected, and finds out how often to evaluate.
fn prepare<'c>(
    name: &'static str,
    mut engine: Box<dyn Engine + 'c>,
    expected: &[Bindings],
    options: &Options,
) -> Result<Measured<'c>, String> {
    let load = engine.load()?.divided_by(expected.len());
    for (place, expected) in expected.iter().enumerate() {
        let found = engine.bindings(place)?.sorted();
        if let Some(difference) = found.difference(expected) {
            return Err(format!("on snapshot {place} {difference}"));
        }
    }
    let run = engine.run(1)?;
    let first = run.spent.first().copied().unwrap_or_default().cpu;
    let whole = first + run.load.unwrap_or_default().cpu;
    let is_slow = whole / expected.len() as f64 > SLOW_SECONDS;
    let mut measured = Measured {
        name,
        load: vec![load],
        times: (MEASUREMENT_SECONDS / first).clamp(1.0, 1e4) as usize,
        repetitions: match is_slow {
            true => options.repetitions.min(SLOW_REPETITIONS),
            false => options.repetitions,
        },
        spent: vec![Vec::new(); engine.lines().len()],
        engine,
    };
    // Who follows changes loads in each run; the first load is another thing.
    if run.load.is_some() {
        measured.load.clear();
    }
    Ok(measured)
}

/// One measurement. Who is quick warms up first, since all others ran meanwhile.
fn time(measured: &mut Measured<'_>, snapshots: usize) -> Result<(), String> {
    if measured.times > 1 {
        measured.engine.run(1)?;
    }
    let Run { spent, load } = measured.engine.run(measured.times)?;
    let parts = measured.times * snapshots;
    for (all, spent) in measured.spent.iter_mut().zip(spent) {
        all.push(spent.divided_by(parts));
    }
    measured
        .load
        .extend(load.map(|load| load.divided_by(parts)));
    Ok(())
}

/// Lines of the table, each with its measurements.
fn lines<'m>(measured: &'m Measured<'_>) -> Vec<(String, &'m [Spent])> {
    let lines = measured.engine.lines().into_iter();
    lines
        .zip(measured.spent.iter().map(Vec::as_slice))
        .collect()
}

fn middle(spent: &[Spent], of: impl Fn(&Spent) -> f64) -> f64 {
    let values: Vec<f64> = spent.iter().map(of).collect();
    median(&values).unwrap_or(f64::NAN)
}

/// The median of the ratios of each repetition.
fn ratio(of: &[Spent], to: Option<&[Spent]>, seconds: impl Fn(&Spent) -> f64) -> f64 {
    let ratios = of.iter().zip(to.unwrap_or_default());
    let ratios: Vec<f64> = ratios.map(|(of, to)| seconds(of) / seconds(to)).collect();
    median(&ratios).unwrap_or(f64::NAN)
}

fn table(measured: &[Measured<'_>]) -> Table {
    let mut table = Table::new(&[
        "engine",
        "load ms",
        "CPU ms",
        "wall ms",
        "to the floor",
        "to Plasma",
        "by wall",
        "load + CPU ms",
    ]);
    let first_of = |name: &str| {
        let engine = measured.iter().find(|engine| engine.name == name)?;
        engine.spent.first().map(Vec::as_slice)
    };
    let (floor, plasma) = (first_of(FLOOR), first_of(PLASMA));
    for engine in measured {
        let load = 1e3 * middle(&engine.load, |spent| spent.cpu);
        for (line, spent) in lines(engine) {
            let cpu = 1e3 * middle(spent, |spent| spent.cpu);
            table.row([
                line,
                figure(load),
                figure(cpu),
                figure(1e3 * middle(spent, |spent| spent.wall)),
                figure(ratio(spent, floor, |spent| spent.cpu)),
                figure(ratio(spent, plasma, |spent| spent.cpu)),
                figure(ratio(spent, plasma, |spent| spent.wall)),
                figure(load + cpu),
            ]);
        }
    }
    table
}

fn growth_table(sizes: &[usize], growth: &[(String, Vec<f64>)]) -> Table {
    let heads: Vec<String> = sizes.iter().map(|size| thousands(*size)).collect();
    let (first, last) = (heads.first(), heads.last());
    let grown = format!(
        "{} to {}",
        first.map_or("", String::as_str),
        last.map_or("", String::as_str)
    );
    let mut head = vec!["engine"];
    head.extend(heads.iter().map(String::as_str));
    head.push(&grown);
    let mut table = Table::new(&head);
    for (line, figures) in growth {
        let grown = match (figures.first(), figures.last()) {
            (Some(first), Some(last)) => format!("× {}", figure(last / first)),
            _ => String::new(),
        };
        let figures = figures.iter().map(|ms| figure(*ms));
        table.row([line.clone()].into_iter().chain(figures).chain([grown]));
    }
    table
}

/// `10 k`, `1 M`; a number that is neither as it is.
fn thousands(number: usize) -> String {
    match number {
        number if number % 1_000_000 == 0 => format!("{} M", number / 1_000_000),
        number if number % 1000 == 0 => format!("{} k", number / 1000),
        number => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bindings, ENGINES, Generated, RowFloor, start};

    /// Those that need no Python.
    #[test]
    fn every_engine_in_this_process_finds_the_same_bindings() {
        let clusters = [1, 2].map(|seed| Generated::new(5000, seed));
        let in_process = [
            "laid-out",
            "plasma",
            "following",
            "sqlite",
            "starlark",
            "regorus",
        ];
        for key in in_process {
            assert!(ENGINES.iter().any(|(known, _)| *known == key));
            let mut engine = start(key, &clusters, None, "".as_ref()).expect("an engine");
            engine.load().expect("a load");
            for (place, cluster) in clusters.iter().enumerate() {
                let mut expected = Bindings::default();
                RowFloor::new(cluster).fire(&mut expected);
                assert!(expected.balance && !expected.folders.is_empty());
                assert!(!expected.sessions.is_empty());
                let found = engine.bindings(place).expect("an answer").sorted();
                assert_eq!(found.difference(&expected.sorted()), None, "{key}");
            }
            // Following compares what it finds after changes by itself.
            engine.run(2).expect("a run");
        }
    }
}
