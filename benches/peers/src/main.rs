//! Plasma's evaluation and front end beside other engines, in one run; `cargo xtask bench` calls it.

mod evaluation;
mod front;
mod table;
mod versions;

use std::path::PathBuf;
use std::process::ExitCode;

use evaluation::ENGINES;

const USAGE: &str = "\
usage: plasma-peers evaluation [--sizes N,N..] [--repetitions N] [--engines NAME,NAME..] [--python PATH]
       plasma-peers front [--repetitions N]

Sizes are numbers of actors from 100, with `k` and `m` for thousands and millions. Engines:
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ran = match arguments.split_first() {
        Some((bench, rest)) if bench == "evaluation" => {
            options(rest).and_then(|options| evaluation::run(&options))
        }
        Some((bench, rest)) if bench == "front" => {
            options(rest).and_then(|options| front::run(options.repetitions))
        }
        _ => Err(usage()),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn usage() -> String {
    let engines = ENGINES.map(|(key, name)| format!("  {key:10} {name}\n"));
    format!("{USAGE}{}", engines.concat())
}

fn options(arguments: &[String]) -> Result<evaluation::Options, String> {
    let mut options = evaluation::Options {
        sizes: vec![1000, 10_000, 100_000, 1_000_000],
        repetitions: 5,
        engines: ENGINES.map(|(key, _)| key.to_owned()).to_vec(),
        python: None,
    };
    let mut arguments = arguments.iter();
    while let Some(option) = arguments.next() {
        let value = arguments.next();
        let value = value.ok_or_else(|| format!("`{option}` needs a value\n{}", usage()))?;
        match option.as_str() {
            "--sizes" => options.sizes = value.split(',').map(size).collect::<Result<_, _>>()?,
            "--repetitions" => {
                let repetitions = value
                    .parse()
                    .ok()
                    .filter(|number| (1..=1000).contains(number));
                let refused = || format!("`{value}` is not a number of repetitions from 1 to 1000");
                options.repetitions = repetitions.ok_or_else(refused)?;
            }
            "--engines" => {
                options.engines = value.split(',').map(engine).collect::<Result<_, _>>()?
            }
            "--python" => options.python = Some(PathBuf::from(value)),
            _ => return Err(format!("there is no option `{option}`\n{}", usage())),
        }
    }
    Ok(options)
}

fn size(text: &str) -> Result<usize, String> {
    let lower = text.to_lowercase();
    let (digits, factor) = match lower.strip_suffix('k') {
        Some(digits) => (digits, 1000),
        None => match lower.strip_suffix('m') {
            Some(digits) => (digits, 1_000_000),
            None => (lower.as_str(), 1),
        },
    };
    let number = digits.parse::<usize>().ok();
    let number = number.and_then(|number| number.checked_mul(factor));
    let size = number.filter(|number| (100..=10_000_000).contains(number));
    size.ok_or_else(|| format!("`{text}` is not a number of actors from 100 to 10m"))
}

fn engine(name: &str) -> Result<String, String> {
    match ENGINES.iter().any(|(key, _)| *key == name) {
        true => Ok(name.to_owned()),
        false => Err(format!("there is no engine `{name}`\n{}", usage())),
    }
}

#[cfg(test)]
mod tests {
    use super::{engine, size};

    #[test]
    fn sizes_have_suffixes_and_bounds() {
        assert_eq!(
            ["100", "1k", "10K", "1m"].map(size),
            [100, 1000, 10_000, 1_000_000].map(Ok)
        );
        for wrong in ["", "99", "1g", "11m", "-1", "18446744073709551615k"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert!(engine("duck").is_err_and(|error| error.contains("duckdb")));
    }
}
