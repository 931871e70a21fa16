//! Tasks of this repository that need more than `cargo test`: end-to-end tests and benchmarks.

mod bench;
mod e2e;
mod python;
mod session;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  e2e [NAME...]   the end-to-end tests, or those named; `e2e --list` lists them
  bench [--print] [SECTION...] [OPTION...]
                  measures, and writes the tables into docs/performance.md, or only prints them;
                  `bench --list` lists the sections. Options go to the program of the one section named, as in
                  `bench peers --sizes 1k,10k --repetitions 3 --engines plasma,polars`";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == "e2e" => e2e::run(rest),
        Some((task, rest)) if task == "bench" => bench::run(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
