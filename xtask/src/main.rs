//! Tasks of this repository that need more than `cargo test`: `cargo xtask e2e [NAME...]`.

mod e2e;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

tasks:
  e2e [NAME...]   the end-to-end tests, or those named; `e2e --list` lists them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == "e2e" => e2e::run(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
